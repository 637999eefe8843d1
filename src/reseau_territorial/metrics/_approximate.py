"""Shortest-path measures from a seeded sample of actors, with the error that they may have."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reseau_territorial._arguments import make_generator
from reseau_territorial.errors import ReseauError
from reseau_territorial.metrics._paths import Distances, Lengths, dependencies, distances

__all__ = ["sampled_betweenness", "sampled_distances"]

RISK = 0.1
TOGETHER = 64

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


def sampled_betweenness(
    lengths: Lengths, order: Places, approximate: float, seed: int
) -> tuple[Floats, dict[str, Any]]:
    """Estimate the sums of dependencies; the error bound is on the share of pairs.

    The dependency of one source on an actor lies between 0 and n - 2: Hoeffding's inequality bounds the mean over
    `k` of them, for all actors at once by the union bound.
    """
    n = lengths.matrix.shape[0]
    sample = _sample(order, approximate, seed)
    if len(sample) >= n:
        return dependencies(lengths), _facts(n, n, seed, 0.0)
    total = dependencies(lengths, sources=sample) * (n / len(sample))
    return total, _facts(n, len(sample), seed, _hoeffding(n, len(sample)) * n / (n - 1))


def sampled_distances(
    lengths: Lengths, order: Places, approximate: float, seed: int
) -> tuple[Distances, dict[str, Any]]:
    """Estimate sums of distances to all others from those to a sample; the bound is in units of length."""
    from scipy.sparse.csgraph import shortest_path

    n = lengths.matrix.shape[0]
    sample = _sample(order, approximate, seed)
    if len(sample) >= n:
        return distances(lengths), _facts(n, n, seed, 0.0)
    farness, reached, nearness = np.zeros(n), np.zeros(n), np.zeros(n)
    longest = 0.0
    scale = lengths.unit or lengths.scale
    back = lengths.reversed().matrix
    for begin in range(0, len(sample), TOGETHER):
        some = sample[begin : begin + TOGETHER]
        rows = shortest_path(back, method="D", indices=some, unweighted=bool(lengths.unit)) * scale
        rows[np.arange(len(some)), some] = np.inf
        found = np.isfinite(rows)
        farness += np.where(found, rows, 0.0).sum(axis=0)
        reached += found.sum(axis=0)
        nearness += (1.0 / rows).sum(axis=0)
        longest = max(longest, float(rows[found].max(initial=0.0)))
    others = len(sample) - np.isin(np.arange(n), sample)  # an actor of the sample saw one other fewer
    stretch = np.where(others > 0, (n - 1) / np.maximum(others, 1), 0.0)
    bound = _hoeffding(n, len(sample)) * longest
    sums = Distances(farness * stretch, reached * stretch, nearness * stretch)
    return sums, _facts(n, len(sample), seed, bound)


def _sample(order: Places, approximate: float, seed: int) -> Places:
    """Return the places drawn; `order` lists all of them by name, so that who is drawn does not hang on rows."""
    n = len(order)
    if isinstance(approximate, bool) or approximate <= 0 or (approximate > 1 and approximate != int(approximate)):
        raise ReseauError(
            f"approximate={approximate!r} is neither a number of actors nor an error between 0 and 1. "
            "Pass approximate=1000, or approximate=0.02."
        )
    if approximate < 1:
        approximate = math.ceil(math.log(2 * max(n, 1) / RISK) / (2 * approximate**2))
    if approximate >= n:
        return np.arange(n)
    return order[make_generator(seed).choice(n, size=int(approximate), replace=False)]


def _hoeffding(n: int, size: int) -> float:
    return math.sqrt(math.log(2 * n / RISK) / (2 * size))


def _facts(n: int, size: int, seed: int, bound: float) -> dict[str, Any]:
    return {"error_bound": bound, "confidence": 1 - RISK, "sampled_actors": size, "actors": n, "seed": seed}
