"""Discs packed without overlap, near the discs that they have ties with."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from reseau_territorial.layouts._force import pivot_positions, relax
from reseau_territorial.layouts._pairs import Floats, Ints, Pairs

ROUNDS = 260


def pack_discs(radii: Floats, pairs: Pairs, *, gap: float, shape: float, seed: int) -> Floats:
    """Return centres of discs that leave `gap` between any two.

    Parameters
    ----------
    radii : ndarray
        Radius of each disc.
    pairs : Pairs
        Pairs of discs that should be near each other.
    gap : float
        Smallest distance between two rims.
    shape : float
        Width over height of the whole aimed at.
    seed : int
        Breaks the symmetry of the first positions.

    Returns
    -------
    ndarray, shape (n, 2)
        Centres; the widest direction of the whole lies along x.
    """
    n = len(radii)
    if n == 1:
        return np.zeros((1, 2))
    centres = relax(pivot_positions(pairs, seed=seed), pairs, iterations=150, gravity=0.15, shape=shape)
    room = np.sqrt(((radii + gap) ** 2).sum() / n)
    centres = _lie_down(centres) * (2.0 * room / np.sqrt((centres**2).sum() / n) * np.sqrt(n) / 1.6)
    heavy = (radii + gap) ** 2
    for step in range(ROUNDS):
        cool = 1 - step / ROUNDS
        pulled = centres * (1 - 0.03 * cool * np.array([1 / shape, shape]))
        tied = pairs.pull(centres, pairs.weight) / np.maximum(pairs.total(pairs.weight), 1e-9)[:, None]
        pulled += 0.04 * cool * tied
        pulled -= (pulled * heavy[:, None]).sum(axis=0) / heavy.sum()
        if step % 10 == 0:
            close = _neighbours(pulled, radii, gap + 1.5 * float(np.median(radii)))
        centres = _push_apart(pulled, radii, close, gap, rounds=3)
    return settle(centres, radii, gap)


def settle(centres: Floats, radii: Floats, gap: float) -> Floats:
    """Push apart the discs until any two leave `gap` between their rims."""
    for _ in range(40):
        close = _neighbours(centres, radii, gap)
        if not len(close):
            return centres
        centres = _push_apart(centres, radii, close, gap, rounds=6)
    return _blow_up(centres, radii, gap)


def _lie_down(xy: Floats) -> Floats:
    """Turn the longest direction of a drawing along x."""
    x, y = xy[:, 0], xy[:, 1]
    angle = 0.5 * np.arctan2(2 * (x * y).sum(), (x * x).sum() - (y * y).sum())
    cos, sin = np.cos(angle), np.sin(angle)
    return np.column_stack([x * cos + y * sin, y * cos - x * sin])


def _neighbours(centres: Floats, radii: Floats, slack: float) -> Ints:
    """Pairs of discs whose rims are closer than `slack`, in order."""
    reach = radii + float(radii.max()) + slack
    order = np.argsort(radii, kind="stable")
    half = order[: len(order) // 2]
    found = [_within(centres, radii, reach, part, slack) for part in (half, order[len(order) // 2 :])]
    close = np.concatenate(found)
    return close[np.lexsort((close[:, 1], close[:, 0]))]


def _within(centres: Floats, radii: Floats, reach: Floats, part: Ints, slack: float) -> Ints:
    """Pairs of a disc of `part` and a disc at least as large (so that no pair is found twice)."""
    if not len(part):
        return np.empty((0, 2), dtype=np.int64)
    lists = cKDTree(centres).query_ball_point(centres[part], reach[part], return_sorted=True)
    counts = np.array([len(one) for one in lists])
    a = np.repeat(part, counts)
    b = np.concatenate([np.asarray(one, dtype=np.int64) for one in lists])
    larger = (radii[b] > radii[a]) | ((radii[b] == radii[a]) & (b > a))
    a, b = a[larger], b[larger]
    line = centres[b] - centres[a]
    touching = np.sqrt((line * line).sum(axis=1)) < radii[a] + radii[b] + slack
    return np.column_stack([a[touching], b[touching]])


def _push_apart(centres: Floats, radii: Floats, close: Ints, gap: float, *, rounds: int) -> Floats:
    a, b = close[:, 0], close[:, 1]
    needed = radii[a] + radii[b] + gap
    weight_a = radii[b] ** 2 / (radii[a] ** 2 + radii[b] ** 2)
    n = len(centres)
    for _ in range(rounds):
        line = centres[b] - centres[a]
        length = np.maximum(np.sqrt((line * line).sum(axis=1)), 1e-9)
        push = np.maximum(needed * 1.0005 - length, 0) / length * 0.8
        if not push.any():
            break
        step = line * push[:, None]
        moves = np.empty((n, 2))
        for axis in (0, 1):
            moves[:, axis] = np.bincount(b, step[:, axis] * (1 - weight_a), n)
            moves[:, axis] -= np.bincount(a, step[:, axis] * weight_a, n)
        centres = centres + moves
    return centres


def _blow_up(centres: Floats, radii: Floats, gap: float) -> Floats:
    """Spread the centres just enough for the last overlaps to go."""
    close = _neighbours(centres, radii, gap)
    if not len(close):
        return centres
    line = centres[close[:, 1]] - centres[close[:, 0]]
    length = np.maximum(np.sqrt((line * line).sum(axis=1)), 1e-9)
    needed = radii[close[:, 0]] + radii[close[:, 1]] + gap
    return centres * float((needed / length).max()) * 1.0001
