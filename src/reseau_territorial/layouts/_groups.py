"""The two-level layout: silos as discs, actors at rest inside their disc."""

from __future__ import annotations

import numpy as np

from reseau_territorial.layouts._circles import smallest_circle
from reseau_territorial.layouts._discs import pack_discs, press
from reseau_territorial.layouts._force import pivot_positions, relax, separate, sunflower
from reseau_territorial.layouts._pairs import Floats, Ints, Pairs

SPACING = 60.0
MARGIN = 52.0
GAP = 46.0
SHAPE = 1.4
BATCH_UP_TO = 200
STEPS = 120
CACHED_PAIRS = 40_000


def group_positions(pairs: Pairs, codes: Ints, *, seed: int) -> Floats:
    """Place actors in discs, one per group, that do not overlap.

    Parameters
    ----------
    pairs : Pairs
        Who is tied to whom.
    codes : ndarray of int
        Group of each actor, from 0.
    seed : int
        Breaks the symmetry of the first positions.

    Returns
    -------
    ndarray, shape (n, 2)
        Positions, `SPACING` apart inside a disc.
    """
    sizes = np.bincount(codes)
    rough = disc_radius(sizes) + MARGIN
    quotient = pairs.quotient(codes, len(sizes))
    centres = pack_discs(rough, quotient, gap=GAP, shape=SHAPE, seed=seed)
    inside = _inside(pairs, codes, sizes, _outward(pairs, codes, centres), seed=seed)
    inside = _fill(inside, codes, sizes)
    circles = frames_of(inside, codes, len(sizes))
    centres = press(centres, circles[:, 2], quotient, gap=GAP, shape=SHAPE)
    return inside + (centres - circles[:, :2])[codes]


def disc_radius(sizes: Ints) -> Floats:
    """Return the radius of the disc in which so many actors fit, `SPACING` apart."""
    return np.where(sizes > 1, SPACING * 0.66 * np.sqrt(sizes), 0.0)


def frames_of(xy: Floats, codes: Ints, groups: int) -> Floats:
    """Return centre and radius of the frame of each group: the smallest circle around it, and a margin.

    An actor added inside a frame leaves it as it is.
    """
    order = np.argsort(codes, kind="stable")
    parts = np.split(xy[order], np.cumsum(np.bincount(codes, minlength=groups))[:-1])
    frames = np.array([smallest_circle(part) for part in parts])
    frames[:, 2] += MARGIN
    return frames


def _outward(pairs: Pairs, codes: Ints, centres: Floats) -> Floats:
    """Pull of each actor towards the other silos that it has ties with, in [0, 1]."""
    crossing = codes[pairs.source] != codes[pairs.target]
    cut = Pairs(pairs.n, pairs.source[crossing], pairs.target[crossing], pairs.weight[crossing])
    gap = centres[codes[cut.target]] - centres[codes[cut.source]]
    length = np.maximum(np.sqrt((gap * gap).sum(axis=1)), 1e-9)
    pull = np.empty((pairs.n, 2))
    for axis in (0, 1):
        step = gap[:, axis] / length
        pull[:, axis] = np.bincount(cut.source, step, pairs.n) - np.bincount(cut.target, step, pairs.n)
    return pull / np.maximum(pairs.degree, 1)[:, None]


def _inside(pairs: Pairs, codes: Ints, sizes: Ints, outward: Floats, *, seed: int) -> Floats:
    """Positions of all actors around the centre of their own group."""
    same = codes[pairs.source] == codes[pairs.target]
    inner = Pairs(pairs.n, pairs.source[same], pairs.target[same], pairs.weight[same])
    order = np.argsort(codes, kind="stable")
    start = np.concatenate([[0], np.cumsum(sizes)])
    rank = np.empty(pairs.n, dtype=np.int64)
    rank[order] = np.arange(pairs.n) - start[codes[order]]
    result = np.zeros((pairs.n, 2))
    buckets = np.ceil(np.log2(np.maximum(sizes, 1)) * 2).astype(int)
    for bucket in np.unique(buckets[(sizes > 1) & (sizes <= BATCH_UP_TO)]):
        groups = np.flatnonzero(buckets == bucket)
        groups = groups[(sizes[groups] > 1) & (sizes[groups] <= BATCH_UP_TO)]
        result += _relax_batch(inner, codes, rank, sizes, groups, outward)
    for group in np.flatnonzero(sizes > BATCH_UP_TO):
        keep = codes == group
        part = inner.subset(keep)
        xy = relax(pivot_positions(part, seed=seed), part, iterations=STEPS, gravity=0.1)
        result[keep] = xy
    return result


def _relax_batch(inner: Pairs, codes: Ints, rank: Ints, sizes: Ints, groups: Ints, outward: Floats) -> Floats:
    """Relax many small groups at once: one table of pairs per group, padded to the largest."""
    width, count = int(sizes[groups].max()), len(groups)
    row = np.full(len(sizes), -1)
    row[groups] = np.arange(count)
    member = np.flatnonzero(row[codes] >= 0)
    slot = row[codes[member]] * width + rank[member]
    place = np.full(inner.n, -1)
    place[member] = slot
    tie = place[inner.source] >= 0
    local = Pairs(count * width, place[inner.source[tie]], place[inner.target[tie]], inner.weight[tie])
    real = np.zeros(count * width)
    real[slot] = 1.0
    mass = (1 + local.degree) * real
    pull_out = np.zeros((count * width, 2))
    pull_out[slot] = outward[member]
    first = np.tile(sunflower(width), (count, 1)) * np.sqrt(width)
    xy = first * real[:, None]
    heavy = np.maximum(mass, 1)[:, None]
    for step in range(STEPS):
        longest = 0.15 * np.sqrt(width) * (1 - step / STEPS) ** 1.5 + 0.01
        push = _batch_push(xy.reshape(count, width, 2), mass.reshape(count, width)).reshape(-1, 2)
        move = local.pull(xy, local.weight) / heavy + push + 1.5 * np.sqrt(width) * pull_out - 0.25 * xy
        length = np.sqrt((move * move).sum(axis=1))
        xy = (xy + move * np.minimum(1, longest / np.maximum(length, 1e-12))[:, None]) * real[:, None]
    result = np.zeros((inner.n, 2))
    result[member] = xy[slot]
    return result


def _batch_push(xy: Floats, mass: Floats) -> Floats:
    """Repulsion inside each group, a few groups at a time so that the table of pairs stays in the cache."""
    count, width = mass.shape
    step = max(1, CACHED_PAIRS // width**2)
    pushes = np.empty_like(xy)
    for first in range(0, count, step):
        part = slice(first, first + step)
        x, y = xy[part, :, 0], xy[part, :, 1]
        dx, dy = x[:, :, None] - x[:, None, :], y[:, :, None] - y[:, None, :]
        pressure = mass[part, None, :] / (dx * dx + dy * dy + 1e-2)
        pushes[part, :, 0] = (dx * pressure).sum(axis=2)
        pushes[part, :, 1] = (dy * pressure).sum(axis=2)
    return pushes


def _fill(xy: Floats, codes: Ints, sizes: Ints) -> Floats:
    """Spread each group evenly over its disc, keeping directions and the order from the centre."""
    sums = [np.bincount(codes, xy[:, axis]) / np.maximum(sizes, 1) for axis in (0, 1)]
    xy = xy - np.column_stack(sums)[codes]
    away = np.sqrt((xy * xy).sum(axis=1))
    order = np.lexsort((away, codes))
    start = np.concatenate([[0], np.cumsum(sizes)])
    rank = np.empty(len(xy))
    rank[order] = np.arange(len(xy)) - start[codes[order]]
    even = np.sqrt((rank + 0.5) / sizes[codes])
    own = away / np.maximum(np.array([away[order[start[g + 1] - 1]] for g in range(len(sizes))])[codes], 1e-12)
    radius = disc_radius(sizes)[codes]
    xy = xy / np.maximum(away, 1e-12)[:, None] * (radius * (0.7 * even + 0.3 * own))[:, None]
    spread = codes[:, None] * np.array([[4 * float(radius.max()) + 4 * SPACING, 0.0]])
    for _ in range(12):
        xy = separate(xy + spread, 0.86 * SPACING, iterations=4) - spread
        away = np.sqrt((xy * xy).sum(axis=1))
        xy = xy * np.minimum(1, radius / np.maximum(away, 1e-12))[:, None]
    return np.asarray(separate(xy + spread, 0.7 * SPACING, iterations=20) - spread)
