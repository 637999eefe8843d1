"""Exact expectation and variance of brokerage counts in a random network of given density, the groups being fixed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

__all__ = ["ROLES", "actor_moments", "network_moments"]

ROLES = ("coordinator", "itinerant", "representative", "gatekeeper", "liaison")

# When ties are undirected, both orders of a pair are one event; in these roles the two orders have the same role.
SAME_BACKWARDS = np.array([True, True, False, False, True, True])

Floats = NDArray[np.float64]


def actor_moments(sizes: Floats, density: float, *, directed: bool) -> tuple[Floats, Floats]:
    """Return the expectation and variance of each count of an actor, by its group (row) and role (column, then total).

    An actor v brokers between i and k with probability p = d²(1 - d); two pairs that share an end depend on each
    other by the tie of that end: covariance d³(1 - d)³.
    """
    n = sizes.sum()
    own, others = sizes - 1, n - sizes
    squares = (sizes * (sizes - 1)).sum() - sizes * (sizes - 1)
    cubes = (sizes * (sizes - 1) * (sizes - 2)).sum() - sizes * (sizes - 1) * (sizes - 2)
    # Liaison: ends in two different groups, neither that of v; `rest` choices of the other end for each first end.
    total_size, total_square, total_cube = sizes.sum(), (sizes**2).sum(), (sizes**3).sum()
    m1, m2, m3 = total_size - sizes, total_square - sizes**2, total_cube - sizes**3
    liaison_pairs = m1**2 - m2
    liaison_shared = (m1**2 * m1 - 2 * m1 * m2 + m3) - liaison_pairs
    everyone = np.full(len(sizes), (n - 1) * (n - 2))
    pairs = np.column_stack([own * (own - 1), squares, own * others, own * others, liaison_pairs, everyone])
    shared = np.column_stack(
        [
            2 * own * (own - 1) * (own - 2),
            2 * cubes,
            own * others * (others - 1) + others * own * (own - 1),
            own * others * (others - 1) + others * own * (own - 1),
            2 * liaison_shared,
            2 * everyone * (n - 3),
        ]
    )
    p = density**2 * (1 - density)
    variance = pairs * p * (1 - p) + shared * density**3 * (1 - density) ** 3
    if not directed:
        variance = variance * np.where(SAME_BACKWARDS, 2.0, 1.0)
    return pairs * p, variance


def network_moments(sizes: Floats, density: float, *, directed: bool) -> tuple[Floats, Floats]:
    """Return the expectation and variance of the sum over actors of each count (roles, then total).

    Triples (i, v, k) are dependent when they share a tie. For each tie, by the groups of its ends, count the triples
    in which it must be there (as i-v or v-k) and in which it must not (as i-k); two triples of the same three actors
    that share several ties are set right by hand.
    """
    d = density
    p = d**2 * (1 - d)
    both, neither = d**3 * (1 - d) ** 3, d**5 * (1 - d)
    expected, variance = [], []
    arcs = np.outer(sizes, sizes) - np.diag(sizes)
    for place, (present, absent) in enumerate(_triples_of_ties(sizes)):
        if directed:
            triples = (arcs * absent).sum()
            overlaps = (2.0, 0.0, 1.0, 1.0, 2.0, 2.0)[place] * triples
            factor = 1.0
        else:
            half = 0.5 if SAME_BACKWARDS[place] else 1.0
            present, absent = half * (present + present.T), half * (absent + absent.T)
            triples = (arcs * absent).sum() / 2
            overlaps = (2.0, 0.0, 1.0, 1.0, 2.0, 2.0)[place] * triples
            factor = 1.0 / half
        ties = arcs if directed else arcs / 2
        there = (ties * present * (present - 1)).sum() - (0.0 if directed else overlaps)
        not_there = (ties * absent * (absent - 1)).sum()
        opposed = (ties * 2 * present * absent).sum() - overlaps
        spread = triples * p * (1 - p) + both * there + neither * not_there - p**2 * opposed
        expected.append(factor * triples * p)
        variance.append(factor**2 * max(spread, 0.0))
    return np.array(expected), np.array(variance)


def _triples_of_ties(sizes: Floats) -> Iterator[tuple[Floats, Floats]]:
    """Yield for each role how many triples hold a tie from one group to another, as present and as absent."""
    n = sizes.sum()
    same = np.eye(len(sizes))
    apart = 1.0 - same
    first, second = np.broadcast_to(sizes[:, None], apart.shape), np.broadcast_to(sizes[None, :], apart.shape)
    third = apart * (n - first - second)
    coordinator = same * (first - 2)
    yield 2 * coordinator, coordinator
    yield apart * (first - 1) + apart * (second - 1), same * (n - first)
    yield same * (n - first) + apart * (first - 1), apart * (first - 1)
    yield apart * (second - 1) + same * (n - first), apart * (second - 1)
    yield 2 * third, third
    everyone = np.full_like(same, n - 2)
    yield 2 * everyone, everyone
