"""The sentences of a map: its summary, its sources, what it leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from reseau_territorial.maps._words import words
from reseau_territorial.network import Network
from reseau_territorial.outlines.naming import MISSING, NO_EPCI
from reseau_territorial.styles import clean, format_number, format_percent, in_a_sentence, source_line
from reseau_territorial.vocabulary import Lang

if TYPE_CHECKING:
    from reseau_territorial.maps._build import Options
    from reseau_territorial.maps._classes import Bridges

__all__ = ["notes", "summary"]

# More layers than this are counted, and named in the legend.
MOST_NAMED: Final = 4


def summary(net: Network, content: Mapping[str, Any], bridges: Bridges, classes: str, lang: Lang) -> list[str]:
    """Return the paragraphs that say in words what the map shows."""
    say = _French() if lang == "fr" else _English()
    counts = content["counts"]
    ties = net.ties
    tied = net.layers.index.isin(ties.loc[ties["status"] == "present", "layer"])
    layers = [layer["label"] for layer, present in zip(content["layers"], tied, strict=True) if present]
    lead = [say.size(len(net), counts["present"], layers)]
    if content["periods"]:
        lead.append(say.periods(content["periods"]))
    sentences: list[str] = []
    groups = [
        group for group in content["groups"] if group["n"] and group["label"] not in (MISSING[lang], NO_EPCI[lang])
    ]
    if len(groups) > 1:
        largest = max(groups, key=lambda group: (group["n"], group["label"]))
        sentences.append(say.groups(len(groups), content["by_label"], largest["label"], largest["n"]))
        if bridges.counted:
            sentences.append(say.inside(1 - bridges.outside / bridges.counted))
    if bridges.ringed:
        sentences.append(say.bridges([content["actors"]["name"][actor] for actor in bridges.ringed[:3]]))
    colors = sorted(content["colors"], key=lambda item: -item["n"])
    if len(colors) > 1:
        sentences.append(say.classes(classes, [(item["label"], item["n"]) for item in colors]))
    return [text for text in (" ".join(lead), " ".join(sentences)) if text]


def tally(actors: int, present: int, lang: Lang) -> str:
    """Return how many actors and present ties there are."""
    say = _French() if lang == "fr" else _English()
    return ", ".join(say.sizes(actors, present))


class _French:
    """The sentences in French; a singular is a singular."""

    @staticmethod
    def _count(number: int, one: str, many: str) -> str:
        return f"{format_number(number)} {one if number < 2 else many}"

    def sizes(self, actors: int, ties: int) -> tuple[str, str]:
        return self._count(actors, "acteur", "acteurs"), self._count(ties, "lien présent", "liens présents")

    def size(self, actors: int, ties: int, layers: list[str]) -> str:
        who, what = self.sizes(actors, ties)
        text = f"Le réseau réunit {who} et {what}"
        if len(layers) > MOST_NAMED:
            return f"{text} dans {len(layers)} couches."
        if len(layers) > 1:
            return f"{text} dans {len(layers)} couches ({_joined(layers, 'et')})."
        return f"{text}."

    def periods(self, periods: list[str]) -> str:
        lowered = [in_a_sentence(name) for name in periods]
        if len(periods) == 1:
            return f"Période\u202f: {lowered[0]}."
        return f"Il est suivi sur {format_number(len(periods))} périodes ({_joined(lowered, 'et')})."

    def groups(self, groups: int, by: str, largest: str, count: int) -> str:
        return (
            f"Selon le critère «\u202f{by}\u202f», il forme {groups} groupes\u202f; "
            f"le plus grand, «\u202f{largest}\u202f», compte {self._count(count, 'acteur', 'acteurs')}."
        )

    def inside(self, share: float) -> str:
        return f"{format_percent(share)} des liens présents restent à l’intérieur d’un groupe."

    def bridges(self, names: list[str]) -> str:
        if len(names) == 1:
            return f"L’acteur qui relie le plus de groupes est {names[0]}."
        return f"Les acteurs qui relient le plus de groupes sont {_joined(names, 'et')}."

    def classes(self, title: str, items: list[tuple[str, int]]) -> str:
        listed = [f"{name} ({format_number(count)})" for name, count in items]
        return f"{title[:1].upper()}{title[1:]}\u202f: {', '.join(listed)}."


class _English:
    """The sentences in English."""

    @staticmethod
    def _count(number: int, one: str, many: str) -> str:
        return f"{format_number(number, lang='en')} {one if number == 1 else many}"

    def sizes(self, actors: int, ties: int) -> tuple[str, str]:
        return self._count(actors, "actor", "actors"), self._count(ties, "present tie", "present ties")

    def size(self, actors: int, ties: int, layers: list[str]) -> str:
        who, what = self.sizes(actors, ties)
        text = f"The network holds {who} and {what}"
        named = f" ({_joined(layers, 'and')})" if len(layers) <= MOST_NAMED else ""
        return f"{text} in {len(layers)} layers{named}." if len(layers) > 1 else f"{text}."

    def periods(self, periods: list[str]) -> str:
        if len(periods) == 1:
            return f"Period: {periods[0]}."
        return f"It covers {format_number(len(periods), lang='en')} periods ({_joined(periods, 'and')})."

    def groups(self, groups: int, by: str, largest: str, count: int) -> str:
        return (
            f"By {by}, it forms {groups} groups; the largest, “{largest}”, has {self._count(count, 'actor', 'actors')}."
        )

    def inside(self, share: float) -> str:
        return f"{format_percent(share, lang='en')} of present ties stay inside a group."

    def bridges(self, names: list[str]) -> str:
        verb = "actor that links most groups is" if len(names) == 1 else "actors that link most groups are"
        return f"The {verb} {_joined(names, 'and')}."

    def classes(self, title: str, items: list[tuple[str, int]]) -> str:
        listed = [f"{name} ({format_number(count, lang='en')})" for name, count in items]
        return f"{title[:1].upper()}{title[1:]}: {', '.join(listed)}."


def _joined(names: list[str], last: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def notes(net: Network, options: Options, *, undated: int, unknown: int, isolates: int, ungrouped: int) -> list[str]:
    """Return the lines printed under the map: sources first, then what a reader must know."""
    text, lang = words(options.lang), options.lang
    listed = source_line(net, lang)
    lines = [text["note_source"].format(text=f"{listed}.") if listed else text["note_no_source"]]
    facts = {
        "note_unknown": unknown,
        "note_undated": undated,
        "note_isolates": isolates,
        "note_ungrouped": ungrouped,
        "note_grouped" if options.persons == "group" else "note_masked": options.masked,
        "note_secret": options.secret,
    }
    told = [text[key].format(n=format_number(count, lang=lang)) for key, count in facts.items() if count]
    if options.withheld:
        secret = net.layers.loc[list(options.withheld), "label"].fillna(pd.Series(net.layers.index, net.layers.index))
        told.append(text["note_withheld"].format(layers=clean(", ".join(secret))))
    return [*lines, " ".join([*(clean(caveat, 600) for caveat in options.caveats), *told, text["note_read"]])]
