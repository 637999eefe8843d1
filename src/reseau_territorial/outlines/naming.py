"""Names for the codes of territories, from the actors themselves and from the bundled outlines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise, takewhile
from typing import Final

from reseau_territorial.network import MISSING_GROUP, Network
from reseau_territorial.vocabulary import Lang, label

__all__ = ["MISSING", "NO_EPCI", "OVERSEAS", "distinctive", "group_labels", "short_codes", "territory_names"]

# Code officiel géographique, 1 January 2016 onwards.
REGIONS: Final = {
    "01": "Guadeloupe",
    "02": "Martinique",
    "03": "Guyane",
    "04": "La Réunion",
    "06": "Mayotte",
    "11": "Île-de-France",
    "24": "Centre-Val de Loire",
    "27": "Bourgogne-Franche-Comté",
    "28": "Normandie",
    "32": "Hauts-de-France",
    "44": "Grand Est",
    "52": "Pays de la Loire",
    "53": "Bretagne",
    "75": "Nouvelle-Aquitaine",
    "76": "Occitanie",
    "84": "Auvergne-Rhône-Alpes",
    "93": "Provence-Alpes-Côte d’Azur",
    "94": "Corse",
}
# Collectivities overseas, of which no outline is bundled.
OVERSEAS: Final = {
    "975": "Saint-Pierre-et-Miquelon",
    "977": "Saint-Barthélemy",
    "978": "Saint-Martin",
    "984": "Terres australes françaises",
    "986": "Wallis-et-Futuna",
    "987": "Polynésie française",
    "988": "Nouvelle-Calédonie",
    "989": "Clipperton",
}
WHOLE: Final = {"fr": "France entière", "en": "All of France"}
NO_EPCI: Final = {"fr": "Sans EPCI de rattachement", "en": "Without an EPCI"}
# Columns of codes of territories, and what to write before a code to know of what it is.
PREFIXES: Final = {"territory": "", "epci": "", "departement": "DEP-", "region": "REG-", "arrondissement": ""}
MISSING: Final = {"fr": "Non renseigné", "en": "Not given"}


def territory_names(net: Network, codes: Iterable[str], lang: Lang) -> dict[str, str]:
    """Return the name of each code of territory; a code without a known name stays as it is."""
    wanted = list(codes)
    known = _names_of_actors(net)
    unnamed = [code for code in wanted if code not in known]
    known |= _bundled_names(unnamed)
    known |= {"FR": WHOLE[lang], MISSING_GROUP: MISSING[lang]}
    return {code: known.get(code, code) for code in wanted}


def group_labels(net: Network, by: str | None, names: Iterable[object], lang: Lang) -> list[str]:
    """Return what a reader sees for the groups of an actor column."""
    listed = [MISSING_GROUP if name == "" else str(name) for name in names]
    if by not in PREFIXES:
        return [MISSING[lang] if name == MISSING_GROUP else label(str(by), name, lang=lang) for name in listed]
    found = territory_names(net, [f"{PREFIXES[by]}{name}" for name in listed if name != MISSING_GROUP], lang)
    missing = NO_EPCI if by == "epci" else MISSING
    return [
        missing[lang] if name == MISSING_GROUP else found[f"{PREFIXES[by]}{name}"].removeprefix(PREFIXES[by])
        for name in listed
    ]


def short_codes(by: str | None, names: Iterable[str]) -> list[str]:
    """Return the code that readers know a département by, to be written in its disc; empty for other groups.

    Among régions, collectivities overseas have one too: they have no outline, and stand side by side.
    """
    if by == "region":
        return [name if name in OVERSEAS else "" for name in names]
    if by != "departement":
        return [""] * len(list(names))
    return ["?" if name == MISSING_GROUP else name for name in names]


def distinctive(names: Sequence[str]) -> list[str]:
    """Return names for little room: without the first words that a name shares with another one.

    Examples
    --------
    >>> distinctive(["CC du Val de Loire", "CC du Val d'Amboise", "Tours"])
    ['…de Loire', "…d'Amboise", 'Tours']
    """
    # In alphabetical order, the name that shares most words stands beside.
    order = sorted(range(len(names)), key=lambda place: names[place])
    words, result = [name.split(" ") for name in names], list(names)
    for before, after in pairwise(order):
        shared = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(words[before], words[after], strict=False))))
        for place in (before, after):
            if 0 < shared < len(words[place]):
                result[place] = min(result[place], f"…{' '.join(words[place][shared:])}", key=len)
    return result


def _names_of_actors(net: Network) -> dict[str, str]:
    """Communes and EPCI of the network, by their own code."""
    actors = net.actors
    names: dict[str, str] = {}
    for column, kinds in (("insee", ("commune",)), ("siren", ("epci",))):
        rows = actors[actors[column].notna() & actors["name"].notna() & actors["kind"].isin(kinds)]
        names |= dict(zip(rows[column].astype(str), rows["name"].astype(str), strict=True))
    return names


def _bundled_names(codes: Iterable[str]) -> dict[str, str]:
    from reseau_territorial.outlines import outlines

    names: dict[str, str] = {}
    listed, known = list(codes), {**REGIONS, **OVERSEAS}
    sirens = [code for code in listed if re.fullmatch(r"\d{9}", code)]
    if sirens:
        names |= {code: outline.name for code, outline in outlines("epci", codes=sirens).items()}
    for code in listed:
        region = re.fullmatch(r"REG-?(\d{2,3})", code)
        if region and region[1] in known:
            names[code] = known[region[1]]
    departements = {code: code.removeprefix("DEP-").removeprefix("DEP") for code in listed}
    found = outlines("departements")
    names |= {code: OVERSEAS[short] for code, short in departements.items() if short in OVERSEAS and short != code}
    names |= {code: found[short].name for code, short in departements.items() if short in found and short != code}
    for code in listed:
        arrondissement = re.fullmatch(r"ARR-(\d[\dAB])(\d)", code)
        if arrondissement and arrondissement[1] in found:
            names[code] = f"{found[arrondissement[1]].name}, arrondissement {arrondissement[2]}"
    return names
