"""Discs packed without overlap, near the discs that they have ties with."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from reseau_territorial.layouts._force import pivot_positions, relax
from reseau_territorial.layouts._pairs import Floats, Ints, Pairs

# The box of the discs shrinks from loose to fuller than discs of several sizes can be.
ROUNDS = 240
LOOSE, FULL = 0.4, 0.86
TRIALS = 12


def pack_discs(radii: Floats, pairs: Pairs, *, gap: float, shape: float, seed: int) -> Floats:
    """Return centres of discs that leave `gap` between any two and fill a sheet.

    Parameters
    ----------
    radii : ndarray
        Radius of each disc.
    pairs : Pairs
        Pairs of discs that should be near each other.
    gap : float
        Smallest distance between two rims.
    shape : float
        Width over height of the sheet.
    seed : int
        Breaks the symmetry of the first positions.

    Returns
    -------
    ndarray, shape (n, 2)
        Centres; the widest direction of the whole lies along x.
    """
    if len(radii) == 1:
        return np.zeros((1, 2))
    free = relax(pivot_positions(pairs, seed=seed), pairs, iterations=150, gravity=0.15, shape=shape)
    return press(_lie_down(free), radii, pairs, gap=gap, shape=shape)


def press(centres: Floats, radii: Floats, pairs: Pairs, *, gap: float, shape: float) -> Floats:
    """Press discs into a sheet that shrinks, tied ones towards each other; of several trials, keep the fullest."""
    if len(radii) == 1:
        return centres
    sides = np.sqrt([shape, 1 / shape])
    area = np.pi * float(((radii + gap / 2) ** 2).sum())
    strength = np.maximum(pairs.total(pairs.weight), 1e-9)[:, None]
    centres = centres - (centres.min(axis=0) + centres.max(axis=0)) / 2
    centres = centres * (np.sqrt(area / LOOSE) * sides / np.maximum(np.ptp(centres, axis=0), 1e-9)).min()
    best, least = centres, np.inf
    for step in range(ROUNDS):
        share = (step + 1) / ROUNDS
        box = np.sqrt(area / (LOOSE + (FULL - LOOSE) * share)) * sides
        pulled = centres + 0.08 * (1 - share) * pairs.pull(centres, pairs.weight) / strength
        if step % 5 == 0:
            close = _neighbours(pulled, radii, gap + 1.5 * float(np.median(radii)))
        centres = _within_box(pulled, radii, box)
        for _ in range(3):
            centres = _within_box(_push_apart(centres, radii, close, gap, rounds=2), radii, box)
        if (step + 1) % (ROUNDS // TRIALS) == 0:
            trial = settle(centres, radii, gap)
            size = float((_extent(trial, radii) / sides).max())
            if size < least:
                best, least = trial, size
    return best


def _extent(centres: Floats, radii: Floats) -> Floats:
    """Return the width and the height of discs."""
    edge = radii[:, None]
    return np.asarray((centres + edge).max(axis=0) - (centres - edge).min(axis=0))


def _within_box(centres: Floats, radii: Floats, box: Floats) -> Floats:
    room = np.maximum(box / 2 - radii[:, None], 0.0)
    return np.asarray(np.clip(centres, -room, room))


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
    middle = centres.mean(axis=0)
    return np.asarray(middle + (centres - middle) * float((needed / length).max()) * 1.0001)
