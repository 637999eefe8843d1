"""Who is tied to whom, as arrays in an order that does not depend on the order of the tables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from reseau_territorial.network import Network

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Pairs:
    """The pairs of actors with a tie: positions of both ends, and a strength that grows slowly."""

    n: int
    source: Ints
    target: Ints
    weight: Floats

    @cached_property
    def degree(self) -> Floats:
        """Number of other actors that each actor is tied to."""
        return self.total(np.ones(len(self.source)))

    @cached_property
    def matrix(self) -> csr_array:
        """1 for each pair, both ways."""
        from scipy.sparse import coo_array

        ends = (np.concatenate([self.source, self.target]), np.concatenate([self.target, self.source]))
        return coo_array((np.ones(len(ends[0])), ends), shape=(self.n, self.n)).tocsr()

    def total(self, values: Floats) -> Floats:
        """Add a value of each pair over the pairs of each actor."""
        sums = np.bincount(self.source, values, self.n) + np.bincount(self.target, values, self.n)
        return sums.astype(np.float64)

    def pull(self, xy: Floats, strength: Floats) -> Floats:
        """Move of each actor when every pair pulls its ends together, by `strength` times their gap."""
        step = (xy[self.target] - xy[self.source]) * strength[:, None]
        moves = np.empty((self.n, 2))
        for axis in (0, 1):
            moves[:, axis] = np.bincount(self.source, step[:, axis], self.n)
            moves[:, axis] -= np.bincount(self.target, step[:, axis], self.n)
        return moves

    def path_lengths(self, start: int) -> Floats:
        """Count the ties of the shortest path from one actor to each; infinite when there is none."""
        return np.asarray(dijkstra(self.matrix, indices=np.array([start]), unweighted=True)[0])

    def subset(self, keep: NDArray[np.bool_]) -> Pairs:
        """Pairs among the actors kept, which are numbered anew."""
        number = np.cumsum(keep) - 1
        inside = keep[self.source] & keep[self.target]
        return Pairs(int(keep.sum()), number[self.source[inside]], number[self.target[inside]], self.weight[inside])

    def quotient(self, codes: Ints, groups: int) -> Pairs:
        """Pairs of groups, with the root of the number of ties between them."""
        a, b = codes[self.source], codes[self.target]
        return count_pairs(np.minimum(a, b)[a != b], np.maximum(a, b)[a != b], groups)


def count_pairs(low: Ints, high: Ints, n: int) -> Pairs:
    """Gather ties into pairs, in order; the strength is the root of the number of ties."""
    keys, counts = np.unique(low.astype(np.int64) * n + high, return_counts=True)
    return Pairs(n, keys // n, keys % n, np.sqrt(counts.astype(np.float64)))


def pairs_of(net: Network, order: pd.Index) -> Pairs:
    """Pairs of a network over all its layers and periods, with the actors numbered as in `order`."""
    view = net._view(weight=None)
    places = order.get_indexer(view.actors)
    a, b = places[view.source], places[view.target]
    return count_pairs(np.minimum(a, b), np.maximum(a, b), len(order))
