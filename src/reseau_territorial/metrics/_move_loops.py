"""Loops of the search for communities, in the part of Python that numba compiles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LEAST_GAIN = 1e-10


def move_units(  # noqa: C901, PLR0915  (one loop, so that it compiles as it stands)
    queue: NDArray[np.int64],
    indptr: NDArray[np.int64],
    indices: NDArray[np.int64],
    weight: NDArray[np.float64],
    leaving: NDArray[np.float64],
    entering: NDArray[np.float64],
    scale: NDArray[np.float64],
    within: NDArray[np.int64],
    member: NDArray[np.int64],
    size: NDArray[np.int64],
    out_of: NDArray[np.float64],
    into: NDArray[np.float64],
    once: bool,
) -> int:
    """Move units to the neighbouring community of largest gain until none gains; return the number of moves.

    A unit is a replica, or several merged. `weight` joins two units both ways added; `leaving` and `entering`
    are their strengths in each slice, `out_of` and `into` those of the communities, `size` their number of
    units, `scale` the resolution over the total of the slice. `queue` holds every unit once. A unit only
    joins units of the same `within`. With `once`, each unit is visited once and moves only if it is still
    alone (refinement).
    """
    units, slices = leaving.shape
    joined = np.zeros(units)
    touched = np.zeros(units, dtype=np.int64)
    waiting = np.ones(units, dtype=np.bool_)
    spare = np.flatnonzero(size == 0)
    spares = len(spare)
    free = np.zeros(units, dtype=np.int64)
    free[:spares] = spare
    head, pending, moves = 0, units, 0
    while pending > 0:
        unit = queue[head]
        head = (head + 1) % units
        pending -= 1
        waiting[unit] = False
        old = member[unit]
        if once and size[old] > 1:
            continue
        size[old] -= 1
        for s in range(slices):
            out_of[old, s] -= leaving[unit, s]
            into[old, s] -= entering[unit, s]
        count = 0
        for k in range(indptr[unit], indptr[unit + 1]):
            if within[indices[k]] == within[unit]:
                there = member[indices[k]]
                if joined[there] == 0.0:
                    touched[count] = there
                    count += 1
                joined[there] += weight[k]
        best, best_gain = old, joined[old]
        for s in range(slices):
            best_gain -= scale[s] * (leaving[unit, s] * into[old, s] + entering[unit, s] * out_of[old, s])
        if best_gain < -LEAST_GAIN and spares > 0:
            best, best_gain = free[spares - 1], 0.0
        for position in range(count):
            there = touched[position]
            gain = joined[there]
            for s in range(slices):
                gain -= scale[s] * (leaving[unit, s] * into[there, s] + entering[unit, s] * out_of[there, s])
            if gain > best_gain + LEAST_GAIN:
                best, best_gain = there, gain
        for position in range(count):
            joined[touched[position]] = 0.0
        if best != old:
            moves += 1
            if size[best] == 0:
                spares -= 1
            if size[old] == 0:
                free[spares] = old
                spares += 1
            if not once:
                for k in range(indptr[unit], indptr[unit + 1]):
                    other = indices[k]
                    if not waiting[other] and member[other] != best:
                        waiting[other] = True
                        queue[(head + pending) % units] = other
                        pending += 1
        member[unit] = best
        size[best] += 1
        for s in range(slices):
            out_of[best, s] += leaving[unit, s]
            into[best, s] += entering[unit, s]
    return moves
