"""What is right in a network by its contract, and yet deserves a look before it is measured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from reseau_territorial.errors import SHOWN, nearest, plain_text
from reseau_territorial.network import Network
from reseau_territorial.vocabulary import KINDS, SECTORS, Lang, label

__all__ = ["described", "doubts"]

_TEXTS: Final = {
    "fr": {
        "actor": "acteur",
        "tie": "lien",
        "layers": "couches\u202f: {}",
        "periods": "périodes\u202f: {}",
        "ungrouped": "acteurs sans secteur\u202f: {} sur {}\u202f; les mesures par secteur les mettront à part",
        "unknown": "{} «\u00a0{}\u00a0» n’est pas un mot connu{}\u202f: "
        "il sera montré tel quel, sans couleur ni forme propres",
        "near": " («\u00a0{}\u00a0»\u202f?)",
        "alike": "ces noms désignent-ils un seul acteur\u202f: {}\u202f?",
        "isolates": "acteurs sans aucun lien\u202f: {}",
        "more": "et {} autres",
    },
    "en": {
        "actor": "actor",
        "tie": "tie",
        "layers": "layers: {}",
        "periods": "periods: {}",
        "ungrouped": "actors without a sector: {} of {}; metrics by sector will set them apart",
        "unknown": "{} '{}' is not a known word{}: it will be shown as it is, without colour or shape of its own",
        "near": " ('{}'?)",
        "alike": "do these names mean one actor: {}?",
        "isolates": "actors without any tie: {}",
        "more": "and {} more",
    },
}


def described(net: Network, *, lang: Lang) -> str:
    """Return one line that says what a network holds."""
    text = _TEXTS[lang]
    ties = int((net.ties["status"] == "present").sum())
    one = (0, 1) if lang == "fr" else (1,)  # zero is singular in French
    counts = ((len(net), text["actor"]), (ties, text["tie"]))
    parts = [", ".join(f"{count} {noun}{'' if count in one else 's'}" for count, noun in counts)]
    parts.append(text["layers"].format(", ".join(label("layer", name, lang=lang) for name in net.layers.index)))
    if net.periods:
        parts.append(text["periods"].format(", ".join(label("period", name, lang=lang) for name in net.periods)))
    return ("\u202f; " if lang == "fr" else "; ").join(parts)


def doubts(net: Network, *, lang: Lang) -> list[str]:
    """Return what to look at, one sentence each: missing sectors, unknown words, names alike, isolates."""
    text, actors = _TEXTS[lang], net.actors
    found: list[str] = []
    ungrouped = int(actors["sector"].isna().sum())
    if ungrouped:
        found.append(text["ungrouped"].format(ungrouped, len(actors)))
    found.extend(_unknown_words(net, lang))
    found.extend(text["alike"].format(", ".join(same)) for same in _names_alike(net))
    tied = set(net.ties["source"]) | set(net.ties["target"])
    isolates = int((~actors.index.isin(tied)).sum())
    if isolates:
        found.append(text["isolates"].format(isolates))
    return found


def _unknown_words(net: Network, lang: Lang) -> Iterator[str]:
    text = _TEXTS[lang]
    for column, known in (("kind", KINDS), ("sector", SECTORS)):
        words = [word for word in net.actors[column].dropna().unique() if word not in known]
        labels = [label(column, key, lang=lang) for key in known]
        for word in words[:SHOWN]:
            near = nearest(word, labels)
            hint = text["near"].format(near) if near else ""
            yield text["unknown"].format(label("column", column, lang=lang), word, hint)
        if len(words) > SHOWN:
            yield text["more"].format(len(words) - SHOWN)


def _names_alike(net: Network) -> Iterator[list[str]]:
    """Give the actors whose names differ by case, accents or blanks only."""
    names = net.actors.index.to_series()
    plain = names.map(lambda name: " ".join(plain_text(name).replace("-", " ").split()))
    for _, same in names.groupby(plain.to_numpy()):
        if len(same) > 1:
            yield list(same)
