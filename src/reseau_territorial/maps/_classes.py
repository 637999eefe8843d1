"""What gives actors their colour, shape, group and rank in a map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import unknown_name
from reseau_territorial.network import Network
from reseau_territorial.styles import FAMILIES, FAMILIES_DARK, clean, family_of, shape_of
from reseau_territorial.vocabulary import SECTORS, Family, Lang, label

__all__ = ["Bridges", "Classes", "classes_of", "external_ties", "groups_of", "kinds_of", "labelled_first"]

Codes = NDArray[np.int64]
ORDER: Final[tuple[Family, ...]] = ("local", "state", "civil", "business", "other")
FACILITATORS: Final = frozenset({"epci", "departement", "region", "prefecture", "subprefecture", "management_centre"})
MOST_RINGED: Final = 12


@dataclass(frozen=True, eq=False)
class Classes:
    """The colour class of each actor (`codes`) and the classes as the page reads them."""

    key: str
    label: str
    codes: Codes
    items: list[dict[str, Any]]
    families: list[Family]

    def palette(self, theme: str) -> list[str]:
        """Return the colour of each class."""
        colors = FAMILIES if theme == "light" else FAMILIES_DARK
        return [colors[family] for family in self.families]


def classes_of(net: Network, color: str, lang: Lang) -> Classes:
    """Return the colour classes of an actor column; five at most, the rarest values together."""
    actors = net.actors
    if color not in (*actors.columns, "family"):
        raise unknown_name("actor column", color, ["family", *actors.columns])
    if color in ("family", "kind") or actors[color].isna().all():
        families = [family_of(kind, sector) for kind, sector in zip(*_columns(actors, "kind", "sector"), strict=True)]
        return _families(families, lang)
    values = actors[color].astype(object).where(actors[color].notna(), None)
    title = clean(_capital(label("column", color, lang=lang)))
    if color == "sector":
        keys = ["unknown" if value is None else str(value) for value in values]
        names: dict[str, Family] = {
            key: SECTORS[key].family if key in SECTORS else "other" for key in [*SECTORS, *sorted(set(keys))]
        }
        used = [key for key in names if key in set(keys)]
        items = [{"key": clean(key), "label": clean(label("sector", key, lang=lang))} for key in used]
        place = {key: number for number, key in enumerate(used)}
        found = np.array([place[key] for key in keys], dtype=np.int64)
        return _counted(Classes(color, title, found, items, [names[key] for key in used]))
    return _frequent(values, color, title, lang)


def _columns(actors: pd.DataFrame, *names: str) -> tuple[list[object], ...]:
    return tuple(actors[name].astype(object).where(actors[name].notna(), None).to_list() for name in names)


def _families(families: list[Family], lang: Lang) -> Classes:
    used = [family for family in ORDER if family in set(families)]
    items = [{"key": family, "label": label("family", family, lang=lang)} for family in used]
    found = np.array([used.index(family) for family in families], dtype=np.int64)
    title = "Famille" if lang == "fr" else "Family"
    return _counted(Classes("family", title, found, items, used))


def _frequent(values: pd.Series, color: str, title: str, lang: Lang) -> Classes:
    counts = values.dropna().astype(str).value_counts()
    ordered = sorted(counts.index, key=lambda value: (-counts[value], value))
    named = ordered if len(ordered) <= 4 else ordered[:4]
    place = {value: number for number, value in enumerate(named)}
    found = np.array(
        [place.get(str(value), len(named)) if value is not None else len(named) for value in values], np.int64
    )
    items = [{"key": clean(value), "label": clean(label(color, value, lang=lang))} for value in named]
    families = list(ORDER[: len(named)])
    if (found == len(named)).any():
        items.append({"key": "", "label": "Autres ou non renseigné" if lang == "fr" else "Others or missing"})
        families.append("other")
    return _counted(Classes(color, title, found, items, families))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _counted(classes: Classes) -> Classes:
    counts = np.bincount(classes.codes, minlength=len(classes.items))
    for item, count in zip(classes.items, counts, strict=True):
        item["n"] = int(count)
    return classes


def kinds_of(net: Network, classes: Classes, lang: Lang) -> tuple[Codes, list[dict[str, Any]]]:
    """Return the kind of each actor and the kinds, largest first, with their shape and usual colour."""
    kinds = net.actors["kind"].astype(object).where(net.actors["kind"].notna(), "other").astype(str).to_numpy()
    counts = pd.Series(kinds).value_counts()
    ordered = sorted(counts.index, key=lambda kind: (-counts[kind], kind))
    place = {kind: number for number, kind in enumerate(ordered)}
    found = np.array([place[kind] for kind in kinds], dtype=np.int64)
    items = [
        {
            "key": clean(kind),
            "label": clean(label("kind", kind, lang=lang)),
            "shape": shape_of(kind),
            "color": int(np.bincount(classes.codes[found == number]).argmax()),
            "n": int(counts[kind]),
        }
        for number, kind in enumerate(ordered)
    ]
    return found, items


def groups_of(net: Network, by: str | None) -> tuple[Codes, list[str]]:
    """Return the group of each actor and the names of the groups; actors without one share one, in every layout.

    -1 for all when there are no groups.
    """
    if by is None:
        return np.full(len(net), -1, dtype=np.int64), []
    found, names = net._groups(by, missing="group")
    return found.astype(np.int64), [str(name) for name in names]


@dataclass(frozen=True, eq=False)
class Bridges:
    """For each actor: other groups reached, ties that leave its group; and the actors ringed, in order."""

    groups: Codes
    ties: Codes
    ringed: list[int]
    outside: int
    counted: int


def external_ties(source: Codes, target: Codes, groups: Codes, names: list[str]) -> Bridges:
    """Count, from present ties, how far each actor reaches beyond its group."""
    known = (groups[source] >= 0) & (groups[target] >= 0)
    leaving = known & (groups[source] != groups[target])
    ends = np.concatenate([source[leaving], target[leaving]])
    others = np.concatenate([groups[target[leaving]], groups[source[leaving]]])
    ties = np.bincount(ends, minlength=len(groups))
    pairs = np.unique(ends * (len(names) + 1) + others)
    reached = np.bincount(pairs // (len(names) + 1), minlength=len(groups))
    most = min(MOST_RINGED, max(3, len(groups) // 20))
    order = sorted(np.flatnonzero(reached >= 1), key=lambda actor: (-reached[actor], -ties[actor], actor))
    return Bridges(reached, ties, [int(actor) for actor in order[:most]], int(leaving.sum()), int(known.sum()))


def labelled_first(net: Network, degree: NDArray[np.float64], ringed: list[int]) -> Codes:
    """Return the rank of each actor's name: bridges, then facilitators, those with most ties, with most inhabitants."""
    facilitator = net.actors["kind"].isin(list(FACILITATORS)).to_numpy(dtype=bool)
    bridge = np.zeros(len(net), dtype=bool)
    bridge[ringed] = True
    told = net.actors["population"] if "population" in net.actors.columns else pd.Series(0, index=net.actors.index)
    inhabitants = pd.to_numeric(told, errors="coerce").fillna(0).to_numpy(dtype=np.float64)
    order = np.lexsort((np.arange(len(net)), -inhabitants, -degree, ~facilitator, ~bridge))
    rank = np.empty(len(net), dtype=np.int64)
    rank[order] = np.arange(len(net))
    return rank
