"""Where things stand in the page: small whole numbers, y downwards; discs of groups; outlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.layouts import Layout
from reseau_territorial.layouts._discs import settle
from reseau_territorial.layouts._geographic import INSETS, inset_at
from reseau_territorial.outlines import Outline
from reseau_territorial.outlines.naming import OVERSEAS, distinctive
from reseau_territorial.styles import clean

__all__ = ["MapSpace"]

LARGEST_COORDINATE: Final = 30_000
# Outlines at most so many times larger than the actors are seen whole at first; else the view is on the actors.
OUTLINES_SEEN_WHOLE: Final = 2.5
# Least size of what is seen, in units of the layout: one actor alone does not fill the page.
LEAST_EXTENT: Final = 240.0
# Share of the ground that the discs of groups cover.
COVERED: Final = 0.115
# Least radius of a disc, as a share of the mean one: a code of three signs stands inside.
LEAST_DISC: Final = 0.65
# Discs grow in so many steps, each pushing its neighbours a little: they keep their sides of one another.
GROWTH: Final = 24

Codes = NDArray[np.int64]
Corner = NDArray[np.float64]
Rings = list[NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class MapSpace:
    """From the units of the layout (y upwards) to small whole numbers (y downwards)."""

    left: float
    top: float
    scale: float
    extent: list[int]
    rings: list[list[int]]
    fine: list[list[int]]

    @classmethod
    def around(cls, place: Layout, contours: Mapping[str, Outline], fine: Mapping[str, Outline]) -> MapSpace:
        """Return the space that holds the actors, their frames and the outlines near them."""
        low, high = _box(place)
        grounds = _grounds(place)
        rings = [*_near(contours, low, high, grounds), *_circles(place), *(_insets(grounds) if contours else [])]
        small = _near(fine, low, high, grounds)
        drawn_low = np.min([low, *(ring.min(axis=0) for ring in rings)], axis=0)
        drawn_high = np.max([high, *(ring.max(axis=0) for ring in rings)], axis=0)
        size = float((high - low).max())
        if float((drawn_high - drawn_low).max()) <= OUTLINES_SEEN_WHOLE * size:
            low, high = drawn_low, drawn_high
        scale = min(1.0, LARGEST_COORDINATE / max(float((drawn_high - drawn_low).max()), 1.0))
        bare = cls(float(drawn_low[0]), float(drawn_high[1]), scale, [], [], [])
        (x1, x2), (y2, y1) = bare.screen(np.array([low, high]))
        return cls(bare.left, bare.top, scale, [x1, y1, x2, y2], bare.draw(rings), bare.draw(small))

    def draw(self, rings: Rings) -> list[list[int]]:
        """Return each ring as x, y, x, y ..., without the corners that fall on the one before."""
        drawn = []
        for ring in rings:
            corners = np.column_stack(self.screen(np.asarray(ring, dtype=np.float64)))
            moved = np.concatenate([[True], (np.diff(corners, axis=0) != 0).any(axis=1)])
            if moved.sum() > 3:
                drawn.append([int(value) for value in corners[moved].ravel()])
        return drawn

    def screen(self, xy: NDArray[np.float64]) -> tuple[list[int], list[int]]:
        """Return whole x and y, y downwards."""
        x = np.rint((xy[:, 0] - self.left) * self.scale).astype(np.int64)
        y = np.rint((self.top - xy[:, 1]) * self.scale).astype(np.int64)
        return x.tolist(), y.tolist()

    def groups(
        self,
        place: Layout,
        found: Codes,
        names: Sequence[str],
        written: Sequence[tuple[str, str]],
        middles: Mapping[str, tuple[float, float]],
        *,
        large: bool,
    ) -> tuple[list[dict[str, Any]], bool]:
        """Return the groups with their discs, and whether the discs are to be drawn.

        `written` holds the label and the short code of each group; `middles`, where known, the middle of its territory.
        """
        counts = np.bincount(found[found >= 0], minlength=len(names))
        if place.kind == "groups" and names:
            frames = place.frames.reindex(pd.Index(names))
        else:
            frames = _gathered(place, found, names, middles)
        x, y = self.screen(frames[["x", "y"]].to_numpy(dtype=float)) if names else ([], [])
        radius: list[float] = (frames["radius"] * self.scale).astype(float).round(1).to_list() if names else []
        items = [
            {"label": clean(name), "n": int(n), "x": gx, "y": gy, "r": r} | ({"code": clean(code)} if code else {})
            for (name, code), n, gx, gy, r in zip(written, counts, x, y, radius, strict=True)
        ]
        for item, short in zip(items, distinctive([clean(name) for name, _ in written]), strict=True):
            if short != item["label"]:
                item["short"] = short
        return items, bool(names) and (place.kind == "groups" or large)


def _box(place: Layout) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the corners of what the actors and the frames of their groups cover."""
    xy = place.positions[["x", "y"]].to_numpy(dtype=float)
    low, high = xy.min(axis=0), xy.max(axis=0)
    if len(place.frames) and place.kind == "groups":
        radius = place.frames["radius"].to_numpy(dtype=float)[:, None]
        centre = place.frames[["x", "y"]].to_numpy(dtype=float)
        low = np.minimum(low, (centre - radius).min(axis=0))
        high = np.maximum(high, (centre + radius).max(axis=0))
    spare = max(0.0, LEAST_EXTENT - float((high - low).max())) / 2
    return low - spare, high + spare


def _gathered(
    place: Layout, found: Codes, names: Sequence[str], middles: Mapping[str, tuple[float, float]]
) -> pd.DataFrame:
    """Discs about the middle of each group, their surface following the count, for layouts without frames."""
    if not names:
        return pd.DataFrame({"x": [], "y": [], "radius": []})
    known = found >= 0
    medians = place.positions[known].groupby(found[known]).median().reindex(range(len(names))).fillna(0.0)
    centres = np.array([middles.get(name, xy) for name, xy in zip(names, medians[["x", "y"]].to_numpy(), strict=True)])
    counts = np.bincount(found[known], minlength=len(names))
    extent = float(np.prod(np.ptp(place.positions[["x", "y"]].to_numpy(dtype=float), axis=0) + 1.0))
    radius = np.sqrt(COVERED * extent / np.pi * counts / max(int(counts.sum()), 1))
    radius = np.maximum(radius, LEAST_DISC * float(radius.mean()))
    _line_up(centres, radius, np.array([name in OVERSEAS for name in names]))
    for share in np.arange(1, GROWTH + 1) / GROWTH:
        centres = settle(centres, share * radius, 0.06 * float(radius.mean()))
    return pd.DataFrame({"x": centres[:, 0], "y": centres[:, 1], "radius": radius}, index=list(names))


def _line_up(centres: NDArray[np.float64], radius: NDArray[np.float64], adrift: NDArray[np.bool_]) -> None:
    """Put side by side, in place, the groups without outline that stand under all the others."""
    row = adrift & (centres[:, 1] < centres[~adrift, 1].min(initial=np.inf))
    if row.any():
        wide = 2.3 * radius[row]
        centres[row, 0] = centres[row, 0].min() + np.cumsum(wide) - wide / 2
        centres[row, 1] = centres[row, 1].max() - radius[row].max()


def _grounds(place: Layout) -> set[str]:
    """Names of the insets where actors stand, with an empty one for the mainland."""
    return set(inset_at(place.positions[["x", "y"]].to_numpy(dtype=float))) if place.kind == "geographic" else set()


def _near(contours: Mapping[str, Outline], low: Corner, high: Corner, grounds: set[str]) -> Rings:
    """Rings of the outlines that reach into the view, or just beside it; not what insets are drawn beside."""
    room = float((high - low).max())
    rings = [np.asarray(ring, dtype=np.float64) for one in contours.values() for ring in one.rings]
    homes = inset_at(np.array([ring.mean(axis=0) for ring in rings]).reshape(-1, 2))
    return [
        ring
        for ring, home in zip(rings, homes, strict=True)
        if home in grounds and (ring.max(axis=0) > low - room).all() and (ring.min(axis=0) < high + room).all()
    ]


def _circles(place: Layout) -> Rings:
    """Circles of the layout of rings."""
    if place.kind != "rings":
        return []
    turn = np.linspace(0, 2 * np.pi, 73)
    return [
        np.column_stack([x + radius * np.cos(turn), y + radius * np.sin(turn)])
        for x, y, radius in place.frames[["x", "y", "radius"]].to_numpy(dtype=float)
    ]


def _insets(grounds: set[str]) -> Rings:
    """Frames of the insets overseas, unless there is but one: drawn there and back, so that they hold no surface."""
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1), (-1, 1), (1, 1), (1, -1), (-1, -1)])
    used = [inset for inset in INSETS.values() if inset.name in grounds and len(grounds) > 1]
    return [(i.x, i.y) + corners * (min(i.radius, i.half_width), i.radius) for i in used]
