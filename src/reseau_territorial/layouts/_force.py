"""Attraction along ties, repulsion between all: in pairs when few, on a mesh when many.

The mesh (particle-mesh method: spread the charges on a grid, convolve with the force of a unit charge,
read the force back at each actor) costs n + m log m, where trees or pairs cost far more in NumPy. Sums
are made by ``bincount`` and a single-threaded FFT, so that the bytes do not depend on threads.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import fft
from scipy.spatial import cKDTree

from reseau_territorial._arguments import make_generator
from reseau_territorial.layouts._pairs import Floats, Ints, Pairs

GOLDEN = np.pi * (3 - np.sqrt(5))
EXACT_UP_TO = 250


def sunflower(n: int) -> Floats:
    """Return n points spread evenly in the unit disc."""
    rank = np.arange(n)
    radius = np.sqrt((rank + 0.5) / max(n, 1))
    return np.column_stack([radius * np.cos(rank * GOLDEN), radius * np.sin(rank * GOLDEN)])


def relax(
    xy: Floats, pairs: Pairs, *, iterations: int, start: float = 0.1, gravity: float = 0.02, shape: float = 1.0
) -> Floats:
    """Let ties pull and actors push until they rest; the natural gap is 1.

    Parameters
    ----------
    xy : ndarray, shape (n, 2)
        First positions.
    pairs : Pairs
        Who pulls whom.
    iterations : int
        Number of steps; the longest step shrinks from `start` times the spread to almost nothing.
    start : float
        First longest step.
    gravity : float
        Pull towards the centre, which keeps parts without ties from drifting away.
    shape : float
        Width over height of the drawing aimed at.

    Returns
    -------
    ndarray
        New positions, centred on 0.
    """
    push = exact_push if pairs.n <= EXACT_UP_TO else _mesh_push(pairs.n)
    mass = 1 + pairs.degree
    xy = xy - xy.mean(axis=0)
    pull_to_centre = gravity * np.array([1 / np.sqrt(shape), np.sqrt(shape)])
    for step in range(iterations):
        longest = start * np.sqrt(pairs.n) * (1 - step / iterations) ** 1.5 + 0.01
        force = pairs.pull(xy, pairs.weight) + push(xy, mass) * mass[:, None]
        force -= xy * pull_to_centre * mass[:, None]
        move = force / mass[:, None]
        length = np.sqrt((move * move).sum(axis=1))
        xy = xy + move * np.minimum(1, longest / np.maximum(length, 1e-12))[:, None]
    return np.asarray(xy - xy.mean(axis=0))


def exact_push(xy: Floats, mass: Floats) -> Floats:
    """Repulsion 1/distance of every actor from every other, by pairs."""
    dx = xy[:, 0, None] - xy[None, :, 0]
    dy = xy[:, 1, None] - xy[None, :, 1]
    pressure = mass[None, :] / (dx * dx + dy * dy + 1e-3)
    return np.column_stack([(dx * pressure).sum(axis=1), (dy * pressure).sum(axis=1)])


def _mesh_push(n: int) -> Callable[[Floats, Floats], Floats]:
    cells = 64 if n <= 1200 else 128 if n <= 6000 else 256
    size = 2 * cells
    offset = np.concatenate([np.arange(cells), np.arange(-cells, 0)]).astype(np.float64)
    gx, gy = np.meshgrid(offset, offset, indexing="ij")
    square = gx * gx + gy * gy + 0.5
    kernel_x, kernel_y = fft.rfft2(gx / square), fft.rfft2(gy / square)

    def push(xy: Floats, mass: Floats) -> Floats:
        low = xy.min(axis=0)
        width = float((xy.max(axis=0) - low).max()) / (cells - 2) + 1e-9
        place = (xy - low) / width
        cell = place.astype(np.int64)
        share = place - cell
        corners = []
        charge = np.zeros(size * size)
        for i in (0, 1):
            for j in (0, 1):
                part = np.abs(1 - i - share[:, 0]) * np.abs(1 - j - share[:, 1])
                index = (cell[:, 0] + i) * size + cell[:, 1] + j
                charge += np.bincount(index, part * mass, size * size)
                corners.append((index, part))
        spectrum = fft.rfft2(charge.reshape(size, size))
        pushes = []
        for kernel in (kernel_x, kernel_y):
            field = fft.irfft2(spectrum * kernel, s=(size, size)).ravel()
            pushes.append(sum(field[index] * part for index, part in corners))
        return np.column_stack(pushes) / width

    return push


def pivot_positions(pairs: Pairs, *, seed: int, pivots: int = 40) -> Floats:
    """Place actors by their path lengths to a few far-apart actors (Brandes & Pich 2006, pivot MDS).

    Unreachable actors count as a little farther than the longest path.
    """
    rng = make_generator(seed)
    jitter = rng.uniform(-0.05, 0.05, size=(pairs.n, 2))
    if pairs.n < 3 or not len(pairs.source):
        return np.asarray(sunflower(pairs.n) * np.sqrt(pairs.n) + jitter)
    columns = _path_lengths(pairs, min(pivots, pairs.n))
    square = columns**2
    centred = square - square.mean(axis=0) - square.mean(axis=1)[:, None] + square.mean()
    product = np.einsum("ik,il->kl", centred, centred)
    first = _top_vector(product, None)
    second = _top_vector(product, first)
    xy = np.column_stack([np.einsum("ik,k->i", centred, vector) for vector in (first, second)])
    spread = np.sqrt((xy * xy).sum() / pairs.n)
    return np.asarray(xy / max(spread, 1e-12) * np.sqrt(pairs.n) / 2 + jitter)


def _path_lengths(pairs: Pairs, pivots: int) -> Floats:
    nearest = np.full(pairs.n, np.inf)
    pivot = int(np.argmax(pairs.degree))
    columns = []
    for _ in range(pivots):
        lengths = pairs.path_lengths(pivot)
        columns.append(lengths)
        nearest = np.minimum(nearest, lengths)
        reachable = np.where(np.isfinite(nearest), nearest, -1)
        pivot = int(np.argmax(reachable))
    table = np.column_stack(columns)
    finite = np.isfinite(table)
    return np.asarray(np.where(finite, table, 1.2 * table[finite].max() + 1))


def _top_vector(product: Floats, other: Floats | None) -> Floats:
    """First direction of a small symmetric table by power iteration, away from another direction."""
    vector = np.cos(np.arange(1, len(product) + 1, dtype=np.float64))
    for _ in range(200):
        if other is not None:
            vector = vector - other * (vector * other).sum()
        vector = np.einsum("kl,l->k", product, vector)
        vector = vector / max(float(np.sqrt((vector * vector).sum())), 1e-300)
    return vector


def separate(
    xy: Floats, gap: float, *, iterations: int, codes: Ints | None = None, movable: Floats | None = None
) -> Floats:
    """Push apart the actors closer than `gap`, a few rounds; actors with movable 0 stay.

    Parameters
    ----------
    xy : ndarray, shape (n, 2)
        Positions.
    gap : float
        Smallest distance wanted.
    iterations : int
        Rounds at most; stops when nobody is too close.
    codes : ndarray of int, optional
        When given, only actors of the same group push one another.
    movable : ndarray, optional
        1 for an actor that may move, 0 for one that stays.

    Returns
    -------
    ndarray
        New positions.
    """
    n, xy = len(xy), xy.copy()
    free = np.ones(n) if movable is None else movable
    tilt = np.arange(n) * GOLDEN
    for _ in range(iterations):
        close = cKDTree(xy).query_pairs(gap, output_type="ndarray")
        if codes is not None:
            close = close[codes[close[:, 0]] == codes[close[:, 1]]]
        close = close[free[close[:, 0]] + free[close[:, 1]] > 0]
        if not len(close):
            break
        a, b = close[:, 0], close[:, 1]
        line = xy[b] - xy[a]
        length = np.sqrt((line * line).sum(axis=1))
        same = length < 1e-6 * gap
        line[same] = np.column_stack([np.cos(tilt[b[same]]), np.sin(tilt[b[same]])])
        direction = line / np.where(same, 1, length)[:, None]
        shift = direction * ((gap * 1.001 - length) / (free[a] + free[b]))[:, None] * 0.7
        for axis in (0, 1):
            xy[:, axis] -= np.bincount(a, shift[:, axis], n) * free
            xy[:, axis] += np.bincount(b, shift[:, axis], n) * free
    return xy
