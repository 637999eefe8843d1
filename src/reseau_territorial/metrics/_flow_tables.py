"""Largest flows between all pairs of actors, and what each actor's leaving takes from them."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["losses"]

Floats = NDArray[np.float64]

LARGEST = 2**31 - 1  # what scipy's capacities hold
FINEST = 1000


def losses(matrix: csr_array, *, directed: bool) -> tuple[Floats, Floats]:
    """Return the flow lost between all others when each actor leaves, and what flows between them at first."""
    n = matrix.shape[0]
    capacity, unit = _whole(matrix)
    before = _flows(capacity, directed=directed)
    lost, carried = np.zeros(n), np.zeros(n)
    for actor in range(n):
        others = np.delete(np.arange(n), actor)
        between = before[np.ix_(others, others)]
        carried[actor] = between.sum()
        lost[actor] = (between - _flows(capacity[others][:, others], directed=directed)).sum()
    once = unit * (1.0 if directed else 0.5)
    return np.maximum(lost * once, 0.0), carried * once


def _whole(matrix: csr_array) -> tuple[csr_array, float]:
    """Return capacities as whole numbers of a unit if they are, else as they stand."""
    values = np.unique(matrix.data)
    near = [Fraction(float(value)).limit_denominator(FINEST) for value in values]
    if all(abs(float(part) - value) <= 1e-15 * value for part, value in zip(near, values, strict=True)):
        multiple = lcm(*[part.denominator for part in near]) if near else 1
        if matrix.sum() * multiple < LARGEST:
            whole = matrix.copy()
            whole.data = np.rint(matrix.data * multiple).astype(np.int32)
            return whole, 1.0 / multiple
    return matrix, 1.0


def _flows(capacity: csr_array, *, directed: bool) -> Floats:
    """Return the largest flow from each actor (row) to each other."""
    n = capacity.shape[0]
    table = np.zeros((n, n))
    if directed:
        for source in range(n):
            for target in range(n):
                if source != target:
                    table[source, target] = _flow(capacity, source, target)[0]
        return table
    # Gusfield (1990): n - 1 flows; each cut tells which actors to compare with which.
    parent = np.zeros(n, dtype=np.int64)
    for actor in range(1, n):
        other = int(parent[actor])
        flow, side = _flow(capacity, actor, other)
        later = np.arange(n) > actor
        parent[later & side & (parent == other)] = actor
        table[actor, :actor] = np.minimum(flow, table[other, :actor])
        table[actor, other] = flow
        table[:actor, actor] = table[actor, :actor]
    return table


def _flow(capacity: csr_array, source: int, target: int) -> tuple[float, NDArray[np.bool_]]:
    """Return the largest flow, and the side of the source in the smallest cut."""
    n = capacity.shape[0]
    side = np.zeros(n, dtype=bool)
    if capacity.data.dtype == np.int32:
        from scipy.sparse.csgraph import breadth_first_order, maximum_flow

        found = maximum_flow(capacity, source, target)
        left: Any = (capacity - found.flow).tocsr()
        left.data = np.maximum(left.data, 0)
        left.eliminate_zeros()
        side[breadth_first_order(left, source, return_predecessors=False)] = True
        return float(found.flow_value), side
    import networkx as nx

    graph = nx.DiGraph()
    graph.add_nodes_from(range(n))
    ties = capacity.tocoo()
    graph.add_weighted_edges_from(
        zip(ties.row.tolist(), ties.col.tolist(), ties.data.tolist(), strict=True), weight="capacity"
    )
    value, (near, _) = nx.minimum_cut(graph, source, target)
    side[list(near)] = True
    return float(value), side
