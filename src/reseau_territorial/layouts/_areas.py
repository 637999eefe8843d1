"""Points spread evenly inside a territory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from reseau_territorial.layouts._pairs import Floats

Rings = Sequence[NDArray[np.int64]]


def spread_inside(rings: Rings, count: int) -> Floats:
    """Return so many points of a regular lattice inside some rings, away from their borders.

    Parameters
    ----------
    rings : sequence of ndarray, each of shape (corners, 2)
        Borders and holes; a point is inside when a line from it crosses them an odd number of times.
    count : int
        Number of points.

    Returns
    -------
    ndarray, shape (count, 2)
        The point nearest to the middle first, then from south to north; alone, it is the middle itself.
    """
    if count == 1:
        return np.array([middle(rings)])
    corners = np.concatenate(rings).astype(float)
    low, high = corners.min(axis=0), corners.max(axis=0)
    step = float(np.sqrt(max(np.prod(high - low), 1.0) / count))
    points = np.empty((0, 2))
    while len(points) < count:
        step *= 0.93
        points = _lattice(low, high, step)
        points = points[inside(points, rings)]
    border = np.concatenate([_along(np.asarray(ring, dtype=float), step / 2) for ring in rings])
    depth = np.round(np.asarray(cKDTree(border).query(points)[0]), 3)
    points = points[np.argsort(-depth, kind="stable")[:count]]
    centre = int(np.argmin(np.round(((points - points.mean(axis=0)) ** 2).sum(axis=1), 3)))
    order = np.lexsort((points[:, 0], points[:, 1], np.arange(count) != centre))
    return np.asarray(points[order])


def middle(rings: Rings) -> tuple[float, float]:
    """Return the centre of gravity of the largest ring."""
    ring = np.asarray(max(rings, key=_area), dtype=float)
    x, y = (ring - ring[0]).T
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    if cross.sum() == 0:
        return float(ring[:, 0].mean()), float(ring[:, 1].mean())
    centre = [float(((v[:-1] + v[1:]) * cross).sum() / (3 * cross.sum())) for v in (x, y)]
    return centre[0] + float(ring[0, 0]), centre[1] + float(ring[0, 1])


def _area(ring: NDArray[np.int64]) -> float:
    x, y = (ring - ring[0]).astype(float).T
    return abs(float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2))


def inside(points: Floats, rings: Rings) -> NDArray[np.bool_]:
    """Tell which points lie inside, borders and holes taken together."""
    within = np.zeros(len(points), dtype=bool)
    x, y = points[:, 0, None], points[:, 1, None]
    for ring in rings:
        start, end = np.asarray(ring[:-1], dtype=float), np.asarray(ring[1:], dtype=float)
        across = (start[:, 1] > y) != (end[:, 1] > y)
        rise = np.where(end[:, 1] == start[:, 1], 1.0, end[:, 1] - start[:, 1])
        meets = start[:, 0] + (y - start[:, 1]) * (end[:, 0] - start[:, 0]) / rise
        within ^= (across & (x < meets)).sum(axis=1) % 2 == 1
    return within


def _lattice(low: Floats, high: Floats, step: float) -> Floats:
    """Return the points of a lattice of triangles over a box."""
    rows = np.arange(low[1] + step / 2, high[1], step * 0.866)
    columns = np.arange(low[0] + step / 4, high[0], step)
    x, y = np.meshgrid(columns, rows)
    x = x + np.where(np.arange(len(rows)) % 2, step / 2, 0.0)[:, None]
    return np.column_stack([x.ravel(), y.ravel()])


def _along(ring: Floats, step: float) -> Floats:
    """Return the corners of a ring and points between them, at most `step` apart."""
    length = np.hypot(*(ring[1:] - ring[:-1]).T)
    pieces = np.maximum(np.ceil(length / step).astype(int), 1)
    side = np.repeat(np.arange(len(pieces)), pieces)
    share = (np.arange(len(side)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) / pieces[side]
    return np.asarray(ring[side] + (ring[side + 1] - ring[side]) * share[:, None])
