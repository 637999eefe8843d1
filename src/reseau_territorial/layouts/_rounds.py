"""Layouts by rule: a circle, rings around one actor, and the free force layout with its loose actors."""

from __future__ import annotations

import numpy as np

from reseau_territorial.layouts._force import pivot_positions, relax, separate
from reseau_territorial.layouts._pairs import Floats, Ints, Pairs

SPACING = 60.0
# A ring so many times wider than the one inside it would leave an empty middle: it takes several rows instead.
WIDEST_RING = 2.5


def circle_positions(pairs: Pairs, codes: Ints) -> Floats:
    """Place actors on one circle: groups side by side, tied actors close within a group."""
    order = np.lexsort((_order_by_neighbours(pairs, codes), codes))
    gaps = np.ones(pairs.n)
    gaps[np.flatnonzero(np.diff(codes[order], append=codes[order[:1]]))] = 2.0
    angle = np.pi / 2 - 2 * np.pi * np.concatenate([[0], np.cumsum(gaps)[:-1]]) / gaps.sum()
    radius = max(SPACING * gaps.sum() / (2 * np.pi), SPACING)
    xy = np.empty((pairs.n, 2))
    xy[order] = radius * np.column_stack([np.cos(angle), np.sin(angle)])
    return xy


def _order_by_neighbours(pairs: Pairs, codes: Ints) -> Floats:
    """Rank of actors that draws tied actors together: a few sweeps of mean directions."""
    rank = np.argsort(np.lexsort((np.arange(pairs.n), codes))).astype(np.float64)
    for _ in range(12):
        angle = 2 * np.pi * rank / pairs.n
        x = pairs.matrix @ np.cos(angle) + 0.5 * np.cos(angle)
        y = pairs.matrix @ np.sin(angle) + 0.5 * np.sin(angle)
        # Rounded so that a last bit cannot swap two actors whose directions are equal.
        turn = np.round(np.mod(np.arctan2(y, x), 2 * np.pi), 9)
        rank = np.argsort(np.lexsort((np.arange(pairs.n), turn, codes))).astype(np.float64)
    return rank


def ring_positions(pairs: Pairs, codes: Ints, centre: int) -> tuple[Floats, Ints]:
    """Place actors on rings by their path length to one actor, close to those that lead to them.

    Returns
    -------
    ndarray, shape (n, 2)
        Positions.
    ndarray of int
        Ring of each actor: 0 for the centre; actors that cannot be reached stand on the last ring.
    """
    steps = pairs.path_lengths(centre)
    far = steps[np.isfinite(steps)].max()
    ring = np.where(np.isfinite(steps), steps, far + 1).astype(np.int64)
    xy = np.zeros((pairs.n, 2))
    angle = np.zeros(pairs.n)
    radius = 0.0
    for step in range(1, int(ring.max()) + 1):
        here = np.flatnonzero(ring == step)
        if not len(here):
            continue
        wish = codes[here] / max(int(codes.max()) + 1, 1) * 2 * np.pi
        if step > 1:
            wish = _mean_direction(pairs, angle, ring, here, step, wish)
        order = np.lexsort((here, np.round(wish, 9)))
        inner = radius + 2.6 * SPACING
        radius = 1.15 * SPACING * len(here) / (2 * np.pi)
        if radius <= WIDEST_RING * inner:
            radius = max(radius, inner)
            place, away = _spread_angles(wish[order]), np.full(len(here), radius)
        else:
            place, away = _rows(wish[order], inner)
            radius = float(away.max())
        angle[here[order]] = place
        xy[here[order]] = away[:, None] * np.column_stack([np.sin(place), np.cos(place)])
    return xy, ring


def _rows(wish: Floats, inner: float) -> tuple[Floats, Floats]:
    """Angles and radii of a ring of several rows, for more actors than one row holds."""
    radii, room = [inner], [int(2 * np.pi * inner / SPACING)]
    while sum(room) < len(wish):
        radii.append(radii[-1] + 0.9 * SPACING)
        room.append(int(2 * np.pi * radii[-1] / SPACING))
    share = np.array(room) * len(wish) / sum(room)
    counts = np.diff(np.rint(np.concatenate([[0], np.cumsum(share)])).astype(int))
    away = np.repeat(radii, counts)
    turn = np.concatenate([(np.arange(n) + 0.5 * (row % 2)) / max(n, 1) for row, n in enumerate(counts)]) * 2 * np.pi
    order = np.lexsort((away, np.round(turn, 9)))
    shift = np.arctan2(np.sin(wish - turn[order]).sum(), np.cos(wish - turn[order]).sum())
    return np.asarray(turn[order] + shift), away[order]


def _mean_direction(pairs: Pairs, angle: Floats, ring: Ints, here: Ints, step: int, wish: Floats) -> Floats:
    inner = (ring == step - 1).astype(float)
    x, y = (pairs.matrix @ (inner * turn(angle)) for turn in (np.cos, np.sin))
    known = (np.abs(x[here]) + np.abs(y[here])) > 1e-9
    return np.where(known, np.mod(np.arctan2(y[here], x[here]), 2 * np.pi), wish)


def _spread_angles(wish: Floats) -> Floats:
    """Even steps round the circle, turned to lie as near as can be to the angles wished for."""
    even = 2 * np.pi * np.arange(len(wish)) / len(wish)
    shift = np.arctan2(np.sin(wish - even).sum(), np.cos(wish - even).sum())
    return np.asarray(even + shift)


def force_positions(pairs: Pairs, *, seed: int) -> Floats:
    """Place actors by their ties alone; actors without ties stand in rows underneath."""
    tied = pairs.degree > 0
    xy = np.zeros((pairs.n, 2))
    if tied.any():
        part = pairs.subset(tied)
        free = relax(pivot_positions(part, seed=seed), part, iterations=300, start=0.3, gravity=0.06, shape=1.3)
        area = np.sqrt(np.prod(np.ptp(free, axis=0) + 1e-9))
        free = free * (1.7 * SPACING * np.sqrt(part.n) / area)
        xy[tied] = separate(free, 0.8 * SPACING, iterations=60)
    loose = np.flatnonzero(~tied)
    if len(loose):
        width = max(float(np.ptp(xy[tied, 0])) if tied.any() else 0.0, SPACING * np.sqrt(2 * len(loose)))
        left = float(xy[tied, 0].min()) if tied.any() else 0.0
        floor = float(xy[tied, 1].min()) - 2 * SPACING if tied.any() else 0.0
        per_row = max(int(width / SPACING), 1)
        rank = np.arange(len(loose))
        xy[loose, 0] = left + SPACING * (rank % per_row)
        xy[loose, 1] = floor - SPACING * (rank // per_row)
    return xy
