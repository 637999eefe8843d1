"""Loops of the null models, in the part of Python that numba compiles; they run as they stand on lists."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def add_up_tables(
    codes: NDArray[np.int32],
    source: NDArray[np.int64],
    target: NDArray[np.int64],
    weight: NDArray[np.float64],
    tables: NDArray[np.float64],
) -> None:
    """Add each tie to the cell of its two groups, in the mixing table of each row of `codes`."""
    for row in range(len(codes)):
        for tie in range(len(source)):
            tables[row, codes[row, source[tie]], codes[row, target[tie]]] += weight[tie]


def swap_ends(  # noqa: C901, PLR0915  (one loop, so that it compiles as it stands)
    source: Any,
    target: Any,
    size: int,
    directed: bool,
    first: Any,
    second: Any,
    third: Any,
    kinds: Any,
    seen: Any,
) -> int:
    """Propose to swap the ends of ties, in place, and return how many proposals were accepted.

    Each proposal names three ties. Kind 0 exchanges the targets of the first two,
    kind 1 turns the second round first if ties have no direction, and kind 2 reverses a directed cycle of the three.
    A swap that would make a self-tie or a pair tied twice is refused, and leaves the ties as they are. `seen`, a
    power of 2 of places filled with -1, is room for a table of the tied pairs.
    """
    last = len(seen) - 1

    def key_of(one: int, other: int) -> int:
        if not directed and one > other:
            return other * size + one
        return one * size + other

    def home_of(key: int) -> int:
        # Knuth's multiplicative hash: neighbouring keys go to distant places.
        return ((key * 2654435761) >> 16) & last

    def find(key: int) -> int:
        place = home_of(key)
        while seen[place] != -1 and seen[place] != key:
            place = (place + 1) & last
        return place

    def forget(key: int) -> None:
        hole = find(key)
        seen[hole] = -1
        place = (hole + 1) & last
        while seen[place] != -1:
            if (place - home_of(seen[place])) & last >= (place - hole) & last:
                seen[hole] = seen[place]
                seen[place] = -1
                hole = place
            place = (place + 1) & last

    for tie in range(len(source)):
        key = key_of(source[tie], target[tie])
        seen[find(key)] = key
    done = 0
    for turn in range(len(first)):
        i, j = first[turn], second[turn]
        a, b, c, d = source[i], target[i], source[j], target[j]
        if kinds[turn] == 2:
            k = third[turn]
            # Swaps alone cannot turn a directed cycle of three round: without this move some networks are never seen.
            if b != c or d != source[k] or target[k] != a:
                continue
            ways = (key_of(b, a), key_of(d, c), key_of(a, d))
            if seen[find(ways[0])] != -1 or seen[find(ways[1])] != -1 or seen[find(ways[2])] != -1:
                continue
            forget(key_of(a, b))
            forget(key_of(c, d))
            forget(key_of(d, a))
            for way in ways:
                seen[find(way)] = way
            source[i], target[i] = b, a
            source[j], target[j] = d, c
            source[k], target[k] = a, d
            done += 1
            continue
        if kinds[turn] == 1 and not directed:
            c, d = d, c
        if a in (c, d) or b in (c, d):
            continue
        one, other = key_of(a, d), key_of(c, b)
        if seen[find(one)] != -1 or seen[find(other)] != -1:
            continue
        forget(key_of(a, b))
        forget(key_of(c, d))
        seen[find(one)] = one
        seen[find(other)] = other
        target[i] = d
        source[j], target[j] = c, b
        done += 1
    return done
