"""What is written around a plot: counts, selections, caveats, sources, names of groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from reseau_territorial.outlines.naming import group_labels
from reseau_territorial.plots._labels import ranked
from reseau_territorial.plots._sheet import say
from reseau_territorial.privacy import confidential_layers, name_scrubber, protect
from reseau_territorial.styles import format_number, in_a_sentence, period_word, source_line
from reseau_territorial.vocabulary import Lang, label

if TYPE_CHECKING:
    from reseau_territorial.network import Network


# Beyond so many periods, the first and the last are named.
PERIODS_NAMED = 4


def plural(count: int, one: str, many: str, lang: Lang) -> str:
    """Write a count and its noun: French keeps the singular for 0."""
    singular = count < 2 if lang == "fr" else count == 1
    return f"{format_number(count, lang=lang)} {one if singular else many}"


def tally(net: Network, lang: Lang) -> str:
    """Write the number of actors and of present ties."""
    ties = int((net.ties["status"] == "present").sum())
    actors = plural(len(net), say(lang, "acteur", "actor"), say(lang, "acteurs", "actors"), lang)
    joined = plural(ties, say(lang, "lien", "tie"), say(lang, "liens", "ties"), lang)
    return say(lang, f"{actors} et {joined}", f"{actors} and {joined}")


def selection_words(net: Network, lang: Lang) -> str:
    """Write what is shown: counts, layers, periods."""
    present = net.ties[net.ties["status"] == "present"]
    layers = [word for layer, word in layer_words(net, lang).items() if (present["layer"] == layer).any()]
    parts = [tally(net, lang)]
    if len(layers) > 1:
        parts.append(plural(len(layers), say(lang, "couche", "layer"), say(lang, "couches", "layers"), lang))
    elif layers and layers[0] != label("layer", "tie", lang=lang):
        parts.append(say(lang, f"couche\u202f: {layers[0]}", f"layer: {layers[0]}"))
    here = [period for period in net.periods if (net.ties["period"] == period).any()]
    words = [in_a_sentence(period_word(period, lang=lang)) for period in here]
    if len(words) > PERIODS_NAMED:
        many = plural(len(words), say(lang, "période", "period"), say(lang, "périodes", "periods"), lang)
        parts.append(say(lang, f"{many}, de {words[0]} à {words[-1]}", f"{many}, from {words[0]} to {words[-1]}"))
    elif words:
        parts.append(say(lang, f"période\u202f: {', '.join(words)}", f"period: {', '.join(words)}"))
    return " · ".join(parts)


def layer_words(net: Network, lang: Lang) -> dict[object, str]:
    """Return the label of each layer: the network's own in French, else the vocabulary's."""
    own = net.layers["label"].dropna().astype(str).to_dict() if lang == "fr" else {}
    without_names = name_scrubber(net, lang=lang)
    return {
        layer: without_names(own[layer] if own.get(layer, "").strip() else label("layer", layer, lang=lang))
        for layer in net.layers.index
    }


def sentence_case(text: str) -> str:
    """Give a capital to the first letter, and leave the others: an acronym stays one."""
    return text[:1].upper() + text[1:]


def notes(net: Network, lang: Lang, *, seed: int | None = None, drawn: pd.DataFrame | None = None) -> list[str]:
    """Write the foot of a sheet: what is unknown, where the data come from, how to draw it again.

    `drawn` are the ties of a map, one line each over all periods: dotted there when no period knows them.
    """
    ties = net.ties if drawn is None else drawn
    unknown, absent = int((ties["status"] == "unknown").sum()), int((net.ties["status"] == "absent").sum())
    stroke = "" if drawn is None else say(lang, " (pointillés gris)", " (grey dots)")
    lines = [] if drawn is None else [_known_elsewhere(net, drawn, lang)]
    if unknown:
        lines.append(
            say(
                lang,
                f"{plural(unknown, 'lien', 'liens', lang)} de statut inconnu{stroke}\u202f: "
                "ni présents, ni absents, non comptés.",
                f"{plural(unknown, 'tie', 'ties', lang)} of unknown status{stroke}: neither present nor "
                "absent, not counted.",
            )
        )
    if absent:
        lines.append(
            say(
                lang,
                plural(absent, "lien constaté absent, non dessiné.", "liens constatés absents, non dessinés.", lang),
                f"{plural(absent, 'tie', 'ties', lang)} found absent, not drawn.",
            )
        )
    lines += [withheld_note(net, lang), source_note(net, lang)]
    if seed is not None:
        lines.append(
            say(
                lang,
                f"Positions calculées (graine {seed})\u202f: la distance entre deux acteurs n’est pas une mesure.",
                f"Computed positions (seed {seed}): the distance between two actors is not a measure.",
            )
        )
    return lines


def _known_elsewhere(net: Network, drawn: pd.DataFrame, lang: Lang) -> str:
    """Count the ties drawn because one period knows them, of which another says nothing."""
    pair = ["source", "target", "layer"]
    doubtful = net.ties.loc[net.ties["status"] == "unknown", pair].drop_duplicates()
    count = len(drawn.loc[drawn["status"] == "present", pair].merge(doubtful, on=pair))
    if not count:
        return ""
    return say(
        lang,
        plural(
            count,
            "lien dessiné est de statut inconnu à une autre période.",
            "liens dessinés sont de statut inconnu à une autre période.",
            lang,
        ),
        f"{plural(count, 'tie', 'ties', lang)} drawn here {'is' if count == 1 else 'are'} of unknown status in another "
        "period.",
    )


def withheld_note(net: Network, lang: Lang) -> str:
    """Name the layers whose amounts a drawing does not show."""
    secret = confidential_layers(net)
    if not secret:
        return ""
    named = layer_words(net, lang)
    words = ", ".join(named[layer] for layer in secret)
    return say(
        lang,
        f"Montants confidentiels, non publiés (chaque lien y compte pour 1)\u202f: {words}.",
        f"Confidential amounts, not published (each tie counts for 1): {words}.",
    )


def source_note(net: Network, lang: Lang) -> str:
    """Write the sources of a network at the foot of a sheet, whose titles name no person."""
    # Of the ties only what they cite is read: to mask thousands of them would take seconds.
    cited = net.replace(
        ties=net.ties.drop_duplicates("evidence"), provision=net.provision[:0], observation=net.observation[:0]
    )
    line = source_line(protect(cited, cells="mask", lang=lang), lang).rstrip(".")
    return say(lang, f"Sources\u202f: {line}.", f"Sources: {line}.") if line else ""


def need_words(net: Network, lang: Lang) -> dict[object, str]:
    """Map the needs of a network to what readers call them; a code without a word says that it is one."""
    needs = net.provision.drop_duplicates("need")["need"].astype(object)
    words = {need: sentence_case(label("need", need, lang=lang).replace("_", " ")) for need in needs}
    for need in needs:
        version, colon, code = str(need).partition(":")
        if colon:
            words[need] = say(lang, f"Code {code} (nomenclature {version})", f"Code {code} ({version} nomenclature)")
    if "need_label" in net.provision:
        told = net.provision[["need", "need_label"]].dropna().drop_duplicates("need").astype(object)
        words |= {need: sentence_case(str(word)) for need, word in told.to_numpy()}
    without_names = name_scrubber(net, lang=lang)
    return {need: without_names(word) for need, word in words.items()}


def numbered_groups(net: Network, by: str, frames: pd.DataFrame, lang: Lang) -> tuple[list[str], str]:
    """Return a number for each group, in the order of their names, and the list of them for the foot of a sheet."""
    names = group_names(net, by, frames, lang)
    order = ranked([0] * len(names), frames.index, names)
    listed = " · ".join(f"{number}\u00a0{names[place]}" for number, place in enumerate(order, start=1))
    numbers = {place: str(number) for number, place in enumerate(order, start=1)}
    key = say(lang, f"Groupes\u202f: {listed}.", f"Groups: {listed}.")
    return [numbers[place] for place in range(len(names))], key


def group_names(net: Network, by: str, frames: pd.DataFrame, lang: Lang) -> list[str]:
    """Return what readers call the groups of a column, with their number of actors."""
    words = group_labels(net, by, frames.index, lang)
    counts = [format_number(int(count), lang=lang) for count in frames["actors"]]
    return [f"{word}\u00a0({count})" for word, count in zip(words, counts, strict=True)]
