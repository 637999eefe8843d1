"""Shortest paths through any layers: distances, counts of paths, betweenness, interdependence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reseau_territorial import _kernels
from reseau_territorial.metrics._path_loops import add_flows, count_paths
from reseau_territorial.metrics._slices import Matrix, Slices, sum_of

BATCH = 256
TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Roads:
    """Steps of a path: from stop to stop, each with a length and a number of parallel ways.

    A stop is an actor when changing layers is free, a replica when it costs; `owner` gives the actor of a
    stop and `change` marks the steps between two replicas of one actor.
    """

    lengths: Matrix
    ways: NDArray[np.float64]
    change: NDArray[np.bool_]
    owner: NDArray[np.int64]
    actors: int
    mutual: bool


def roads(slices: Slices, present: NDArray[np.bool_], *, coupling: float, ordered: bool, binary: bool) -> Roads:
    """Lay the steps of the shortest paths, with changes of layer that cost 1 / coupling."""
    from reseau_territorial.metrics.supra import couple

    mutual = not slices.directed.any()
    if np.isinf(coupling):
        lengths, ways = _free_changes(slices, binary=binary)
        change = np.zeros(lengths.nnz, dtype=bool)
        return Roads(lengths, ways, change, np.arange(slices.size), slices.size, mutual)
    everywhere = bool(present.all())
    supra = couple(slices, coupling=coupling, ordered=ordered, everywhere=everywhere, binary=binary)
    matrix = supra.matrix.tocsr()
    matrix.eliminate_zeros()
    owner = slices.actors.get_indexer(supra.replicas.get_level_values("actor")).astype(np.int64)
    start = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    change = owner[start] == owner[matrix.indices]
    matrix.data = 1.0 / matrix.data
    return Roads(matrix, np.ones(matrix.nnz), change, owner, slices.size, mutual)


def _free_changes(slices: Slices, *, binary: bool) -> tuple[Matrix, NDArray[np.float64]]:
    """Shortest tie of each pair over the layers, and in how many layers it is that short."""
    from scipy import sparse

    n = slices.size
    if binary:
        union = sum_of(slices.binary, n)
        ways = union.data.copy()
        union.data = np.ones(union.nnz)
        return union, ways
    stacked = slices.stacked
    row = np.repeat(np.arange(stacked.shape[0], dtype=np.int64) % max(n, 1), np.diff(stacked.indptr))
    leads = stacked.data > 0
    row, column, strength = row[leads], stacked.indices[leads], stacked.data[leads]
    order = np.lexsort((column, row))
    row, column, strength = row[order], column[order], strength[order]
    first = np.ones(len(row), dtype=bool)
    first[1:] = (row[1:] != row[:-1]) | (column[1:] != column[:-1])
    begin = np.flatnonzero(first)
    strongest = np.maximum.reduceat(strength, begin) if len(begin) else strength
    pair = np.cumsum(first) - 1
    as_short = strength >= strongest[pair] * (1.0 - TOLERANCE) if len(begin) else leads[:0]
    ways = np.bincount(pair[as_short], minlength=len(begin)).astype(np.float64)
    lengths = sparse.csr_array((1.0 / strongest, (row[first], column[first])), shape=(n, n))
    return lengths, ways


def centrality(roads: Roads, kind: str) -> NDArray[np.float64]:
    """Return closeness, harmonic or betweenness of each actor."""
    result = np.zeros(roads.actors)
    order = np.argsort(roads.owner, kind="stable")
    bounds = np.searchsorted(roads.owner[order], np.arange(roads.actors + 1))
    for actor in range(roads.actors):
        stops = order[bounds[actor] : bounds[actor + 1]]
        if not len(stops):
            continue
        distance = _distances(roads, stops)
        nearest = np.full(roads.actors, np.inf)
        np.minimum.at(nearest, roads.owner, distance)
        if kind == "betweenness":
            _add_betweenness(roads, actor, distance, nearest, result)
        else:
            nearest[actor] = np.inf
            result[actor] = _closeness(nearest[np.isfinite(nearest)], roads.actors, kind)
    return result / 2.0 if kind == "betweenness" and roads.mutual else result


def _add_betweenness(
    roads: Roads,
    actor: int,
    distance: NDArray[np.float64],
    nearest: NDArray[np.float64],
    result: NDArray[np.float64],
) -> None:
    """Add the shares of the shortest paths from one actor, compared with a relative tolerance."""
    steps = roads.lengths
    there = distance[steps.indices]
    arrival = np.repeat(distance, np.diff(steps.indptr)) + steps.data
    reached = np.isfinite(arrival)
    taken = np.zeros(steps.nnz, dtype=bool)
    taken[reached] = np.abs(arrival[reached] - there[reached]) <= TOLERANCE * there[reached]
    ways = np.where(taken, roads.ways, 0.0)
    order = np.argsort(distance, kind="stable")[: int(np.isfinite(distance).sum())]
    ends = (distance <= nearest[roads.owner] * (1.0 + TOLERANCE)) & np.isfinite(distance)
    paths = np.where((roads.owner == actor) & ends, 1.0, 0.0)
    work = 2.0 * roads.actors * steps.nnz
    _kernels.choose(count_paths, work)[0](order, paths, steps.indptr, steps.indices, ways)
    ending = np.bincount(roads.owner, weights=np.where(ends, paths, 0.0), minlength=roads.actors)
    flow = np.divide(paths, ending[roads.owner], out=np.zeros(len(paths)), where=ends)
    flow[roads.owner == actor] = 0.0
    itself = result[actor]
    _kernels.choose(add_flows, work)[0](
        order, paths, flow, steps.indptr, steps.indices, ways, ~roads.change, roads.owner, result
    )
    result[actor] = itself


def _distances(roads: Roads, stops: NDArray[np.int64]) -> NDArray[np.float64]:
    """Distance from the nearest of some stops."""
    from scipy.sparse import csgraph

    distance: NDArray[np.float64] = csgraph.dijkstra(roads.lengths, indices=stops, min_only=True)
    return distance


def _closeness(distance: NDArray[np.float64], actors: int, kind: str) -> float:
    if not len(distance):
        return 0.0
    if kind == "harmonic":
        return float((1.0 / distance).sum() / (actors - 1))
    return float(len(distance) / distance.sum() * len(distance) / (actors - 1))


def interdependence(matrices: tuple[Matrix, ...], n: int) -> NDArray[np.float64]:
    """Mean share, over the actors reached, of the shortest paths that use two matrices or more."""
    steps = sum_of(matrices, n).T.tocsr()
    inside = [matrix.T.tocsr() for matrix in matrices]
    result = np.full(n, np.nan)
    for start in range(0, n, BATCH):
        sources = np.arange(start, min(start + BATCH, n))
        result[sources] = _batch_interdependence(steps, inside, sources, n)
    return result


def _batch_interdependence(steps: Matrix, inside: list[Matrix], sources: NDArray[Any], n: int) -> NDArray[np.float64]:
    """Count paths level by level from several sources at once, in all layers and in each alone."""
    columns = np.arange(len(sources))
    reached = np.zeros((n, len(sources)), dtype=bool)
    reached[sources, columns] = True
    paths = np.zeros((n, len(sources)))
    paths[sources, columns] = 1.0
    alone = [paths.copy() for _ in inside]
    needing, number = np.zeros(len(sources)), np.zeros(len(sources))
    while True:
        paths = np.where(reached, 0.0, steps @ paths)
        found = paths > 0
        if not found.any():
            with np.errstate(invalid="ignore"):
                return np.asarray(needing / number)
        alone = [np.where(found, matrix @ counts, 0.0) for matrix, counts in zip(inside, alone, strict=True)]
        single = sum(alone, np.zeros_like(paths))
        share = np.divide(paths - single, paths, out=np.zeros_like(paths), where=found)
        needing += share.sum(axis=0)
        number += found.sum(axis=0)
        reached |= found
