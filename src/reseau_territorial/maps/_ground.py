"""What lies under a geographic map: outlines, their credit, and the places that they lend to actors."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from reseau_territorial.layouts import Layout, LayoutName, usual_groups
from reseau_territorial.layouts._areas import middle
from reseau_territorial.layouts._geographic import projection_words, to_map
from reseau_territorial.layouts._partition import TERRITORIES
from reseau_territorial.maps._words import words
from reseau_territorial.network import Network
from reseau_territorial.outlines import CREDIT, Outline, outlines
from reseau_territorial.outlines.reading import CODE_COLUMNS, bundled_for, read_contours, usual_set
from reseau_territorial.styles import clean, format_number
from reseau_territorial.vocabulary import Lang

__all__ = ["Ground", "usual_layout"]

# Columns of territories that stand on the ground; a parent may be anything.
LANDS: Final = frozenset(TERRITORIES) - {"parent"}


def usual_layout(net: Network, by: str | None, *, large: bool) -> LayoutName:
    """Return the layout of a map of which nobody says it: on the ground where it opens on territories of known outline.

    Packed discs of départements stand in no order that a reader knows. Most actors must have coordinates, or the code
    of a bundled outline; actors that have a position already keep it, so nothing is known of the ground then.
    """
    if not large or {"x", "y"} <= set(net.actors.columns) or (by or usual_groups(net)) not in LANDS:
        return "groups"
    # Coordinates turned round, or abroad, are no place on the map.
    metres, _ = to_map(*(net.actors[name].to_numpy(float, na_value=np.nan) for name in ("longitude", "latitude")))
    placed = pd.Series(~np.isnan(metres).any(axis=1), index=net.actors.index)
    known = bundled_for(net)
    for column in CODE_COLUMNS:
        if column in net.actors.columns:
            placed |= net.actors[column].isin(known)
    return "geographic" if 2 * placed.sum() >= len(net) else "groups"


@dataclass(frozen=True, eq=False)
class Ground:
    """The outlines of a geographic map; nothing under the other layouts."""

    geographic: bool = False
    asked: Any = None
    own: Mapping[str, Outline] = field(default_factory=dict)
    known: Mapping[str, Outline] | None = None

    @classmethod
    def under(cls, net: Network, layout: str, asked: Any) -> Ground:
        """Read the outlines asked for, and those of the codes that the network names."""
        if layout != "geographic":
            return cls()
        own = {} if asked is None or asked is False else read_contours(asked)
        return cls(True, asked, own, {**bundled_for(net), **own})

    def drawn(self, place: Layout, *, large: bool) -> tuple[Mapping[str, Outline], Mapping[str, Outline]]:
        """Return the outlines to draw, and finer ones for when the reader comes near."""
        if not self.geographic or self.asked is False:
            return {}, {}
        kind = self._usual(place)
        fine = large and not self.own and kind == "departements"
        return self.own or outlines(kind), outlines("epci") if fine else {}

    def middles(self, by: str | None, names: Iterable[str]) -> dict[str, tuple[float, float]]:
        """Return the middle of the territories that groups are named after."""
        # A région has the code of a département too: 76 is Occitanie, and Seine-Maritime.
        known = (self.known or {}) if by in ("territory", "epci", "departement") else {}
        return {name: middle(known[name].rings) for name in names if name in known}

    def notes(self, net: Network, place: Layout, lang: Lang) -> list[str]:
        """Say where the outlines come from, and how many actors are spread for want of coordinates."""
        if not self.geographic:
            return []
        text = words(lang)
        flattened = projection_words(place.positions[["x", "y"]].to_numpy(dtype=float), lang)
        told = [] if self.asked is False else [f"{self._credit(place, lang)}. {flattened}"]
        spread = int((net.actors["longitude"].isna() | net.actors["latitude"].isna()).sum())
        if spread:
            told.append(text["note_spread"].format(n=format_number(spread, lang=lang)))
        return [" ".join(told)] if told else []

    def _usual(self, place: Layout) -> str:
        return usual_set(float(np.ptp(place.positions[["x", "y"]].to_numpy(dtype=float), axis=0).max()))

    def _credit(self, place: Layout, lang: Lang) -> str:
        origin = self._usual(place) if self.asked is None else self.asked
        if not isinstance(origin, str | os.PathLike):
            return words(lang)["note_own_outlines"]
        file = clean(os.path.basename(os.fspath(origin)))
        return CREDIT.get(str(origin), words(lang)["note_outlines"].format(file=file))
