"""Fewest sets that cover all elements: exact by reduction and integer programming, greedy beyond."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

MOST_SETS = 10_000


def fewest_sets(sets: Iterable[int]) -> int:
    """Return how many of some sets are needed to cover their union.

    A set is an integer whose bits are its elements. Exact up to `MOST_SETS` sets after reduction; beyond that
    the greedy answer, at most 1 + ln(elements) times the best.
    """
    left, taken = _maximal(sets), 0
    while left:
        sole = _needed(left)
        if not sole:
            break
        taken += len(sole)
        covered = 0
        for one in sole:
            covered |= one
        left = _maximal(one & ~covered for one in left)
    if not left:
        return taken
    return taken + (_by_programming(left) if len(left) <= MOST_SETS else _greedy(left))


def _maximal(sets: Iterable[int]) -> list[int]:
    """Drop empty sets and those inside another."""
    kept: list[int] = []
    for one in sorted(set(sets), key=lambda bits: (-bits.bit_count(), bits)):
        if one and not any(one & other == one for other in kept):
            kept.append(one)
    return kept


def _needed(sets: list[int]) -> list[int]:
    """Return the sets that alone hold some element."""
    once = twice = 0
    for one in sets:
        twice |= once & one
        once |= one
    return [one for one in sets if one & once & ~twice]


def _by_programming(sets: list[int]) -> int:
    from scipy.optimize import Bounds, LinearConstraint, milp

    union = 0
    for one in sets:
        union |= one
    elements = [bit for bit in range(union.bit_length()) if union >> bit & 1]
    holds = np.array([[one >> bit & 1 for one in sets] for bit in elements], dtype=np.float64)
    found = milp(
        np.ones(len(sets)),
        constraints=LinearConstraint(holds, lb=np.ones(len(elements))),
        integrality=np.ones(len(sets), dtype=np.int64),
        bounds=Bounds(0, 1),
    )
    return _greedy(sets) if found.x is None else int(np.rint(found.x).sum())


def _greedy(sets: list[int]) -> int:
    taken, left = 0, sets
    while left:
        best = left[0]
        left = _maximal(one & ~best for one in left)
        taken += 1
    return taken
