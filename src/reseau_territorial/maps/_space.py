"""Where things stand in the page: small whole numbers, y downwards; discs of groups; outlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.layouts import Layout, project
from reseau_territorial.maps._data import clean

__all__ = ["MapSpace"]

LARGEST_COORDINATE: Final = 30_000
# Outlines at most so many times larger than the actors are seen whole at first; else the view is on the actors.
OUTLINES_SEEN_WHOLE: Final = 2.5
# Least size of what is seen, in units of the layout: one actor alone does not fill the page.
LEAST_EXTENT: Final = 240.0

Codes = NDArray[np.int64]
Rings = list[NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class MapSpace:
    """From the units of the layout (y upwards) to small whole numbers (y downwards)."""

    left: float
    top: float
    scale: float
    extent: list[int]
    rings: list[list[int]]

    @classmethod
    def around(cls, place: Layout, outlines: Any) -> MapSpace:
        """Return the space that holds the actors, their frames and the outlines."""
        rings = _rings(place, outlines)
        low, high = _box(place)
        drawn_low = np.min([low, *(ring.min(axis=0) for ring in rings)], axis=0)
        drawn_high = np.max([high, *(ring.max(axis=0) for ring in rings)], axis=0)
        size = float((high - low).max())
        if float((drawn_high - drawn_low).max()) <= OUTLINES_SEEN_WHOLE * size:
            low, high = drawn_low, drawn_high
        scale = min(1.0, LARGEST_COORDINATE / max(float((drawn_high - drawn_low).max()), 1.0))
        bare = cls(float(drawn_low[0]), float(drawn_high[1]), scale, [], [])
        (x1, x2), (y2, y1) = bare.screen(np.array([low, high]))
        drawn = [[value for point in zip(*bare.screen(ring), strict=True) for value in point] for ring in rings]
        return cls(bare.left, bare.top, scale, [x1, y1, x2, y2], drawn)

    def screen(self, xy: NDArray[np.float64]) -> tuple[list[int], list[int]]:
        """Return whole x and y, y downwards."""
        x = np.rint((xy[:, 0] - self.left) * self.scale).astype(np.int64)
        y = np.rint((self.top - xy[:, 1]) * self.scale).astype(np.int64)
        return x.tolist(), y.tolist()

    def groups(
        self, place: Layout, found: Codes, names: Sequence[str], labels: Sequence[str], *, large: bool
    ) -> tuple[list[dict[str, Any]], bool]:
        """Return the groups with their discs, and whether the discs are to be drawn."""
        counts = np.bincount(found[found >= 0], minlength=len(names))
        if place.kind == "groups" and names:
            frames = place.frames.reindex(pd.Index(names))
        else:
            frames = _gathered(place, found, names)
        x, y = self.screen(frames[["x", "y"]].to_numpy(dtype=float)) if names else ([], [])
        radius: list[float] = (frames["radius"] * self.scale).astype(float).round(1).to_list() if names else []
        items = [
            {"label": clean(name), "n": int(n), "x": gx, "y": gy, "r": r}
            for name, n, gx, gy, r in zip(labels, counts, x, y, radius, strict=True)
        ]
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


def _gathered(place: Layout, found: Codes, names: Sequence[str]) -> pd.DataFrame:
    """Discs around the middle of each group that do not overlap, for layouts without frames."""
    table = place.positions[found >= 0].groupby(found[found >= 0]).median().reindex(range(len(names))).fillna(0.0)
    centre = table[["x", "y"]].to_numpy(dtype=float)
    radius = np.ones(len(names))
    if len(names) > 1:
        from scipy.spatial import cKDTree

        gap = np.asarray(cKDTree(centre).query(centre, k=2)[0])
        radius = 0.48 * gap[:, 1]
    return pd.DataFrame({"x": centre[:, 0], "y": centre[:, 1], "radius": radius}, index=list(names))


def _rings(place: Layout, outlines: Any) -> Rings:
    """Outlines under the map: those given, and the circles of layouts whose frames are not groups."""
    rings: Rings = []
    if place.kind == "geographic" and outlines is not None:
        rings = _outline_rings(outlines)
    if place.kind in ("rings", "geographic"):
        turn = np.linspace(0, 2 * np.pi, 73)
        for x, y, radius in place.frames[["x", "y", "radius"]].to_numpy(dtype=float):
            rings.append(np.column_stack([x + radius * np.cos(turn), y + radius * np.sin(turn)]))
    return rings


def _outline_rings(outlines: Any) -> Rings:
    """Read bundled outlines (a mapping, or the name of a set) or a GeoJSON-like object in degrees."""
    if isinstance(outlines, str):
        from reseau_territorial.outlines import outlines as bundled

        outlines = bundled(outlines)
    if isinstance(outlines, Mapping) and "type" in outlines:
        return [project(ring[:, 0], ring[:, 1]) for ring in _geojson_rings(outlines)]
    return [np.asarray(ring, dtype=np.float64) for outline in outlines.values() for ring in outline.rings]


def _geojson_rings(shape: Mapping[str, Any]) -> Rings:
    kind = shape.get("type")
    if kind == "FeatureCollection":
        return [ring for feature in shape["features"] for ring in _geojson_rings(feature)]
    if kind == "Feature":
        return _geojson_rings(shape["geometry"]) if shape.get("geometry") else []
    if kind == "GeometryCollection":
        return [ring for geometry in shape["geometries"] for ring in _geojson_rings(geometry)]
    polygons = {"Polygon": [shape.get("coordinates", [])], "MultiPolygon": shape.get("coordinates", [])}.get(
        str(kind), []
    )
    return [np.asarray(ring, dtype=np.float64)[:, :2] for polygon in polygons for ring in polygon if len(ring) > 2]
