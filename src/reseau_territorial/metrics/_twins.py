"""Structural twins and pendant actors: what makes territorial networks small.

Twins have the same ties, of the same lengths, to the same actors (Lorrain & White 1971): *open* twins are not tied to
each other, such as the communes of one grouping; *closed* twins are, such as the members of one committee. No shortest
path passes from an actor through its twin, so whole classes can be walked at once, and the result is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Classes", "Folding", "collapse_twins", "fold_pendants"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Classes:
    """Classes of twins, the best connected first, and the arcs between them.

    A class of closed twins has an arc to itself. The last row, without arcs, is the stand-in that the kernels need.
    """

    label: Ints
    first: NDArray[np.int64]
    neighbour: NDArray[np.int32]
    length: Floats

    @property
    def count(self) -> int:
        """Number of classes."""
        return len(self.first) - 2

    def sums(self, values: Floats) -> Floats:
        """Sum the values of the actors of each class."""
        summed: Floats = np.bincount(self.label, weights=values, minlength=self.count).astype(np.float64)
        return summed


def collapse_twins(
    first: NDArray[np.integer], neighbour: NDArray[np.integer], length: Floats, *, group: Ints | None, directed: bool
) -> Classes:
    """Find the classes of twins of compressed rows; twins have the same group when groups are given."""
    n = len(first) - 1
    same = _twin_of(first, neighbour, length, group, directed)
    kept, label = np.unique(same, return_inverse=True)
    degree = np.diff(first)[kept]
    rank = np.empty(len(kept), dtype=np.int64)
    rank[np.argsort(-degree, kind="stable")] = np.arange(len(kept))
    label = rank[label]
    chosen = np.empty(len(kept), dtype=np.int64)
    chosen[rank] = kept
    place, owner = _rows(first, chosen)
    if len(kept) < n:  # an actor tied to several members of a class has one arc to the class
        _, once = np.unique(owner * np.int64(n) + label[neighbour[place]], return_index=True)
        place, owner = place[once], owner[once]
    begin = np.zeros(len(kept) + 2, dtype=np.int64)
    np.cumsum(np.bincount(owner, minlength=len(kept) + 1), out=begin[1:])
    return Classes(label, begin, label[neighbour[place]].astype(np.int32), length[place])


def _rows(first: NDArray[np.integer], rows: Ints) -> tuple[Ints, Ints]:
    """Return the places of the entries of some rows, in the order of the rows, and the row of each as a rank."""
    sizes = np.diff(first)[rows].astype(np.int64)
    owner = np.repeat(np.arange(len(rows), dtype=np.int64), sizes)
    offset = np.cumsum(sizes) - sizes
    return np.arange(len(owner), dtype=np.int64) - offset[owner] + first[rows].astype(np.int64)[owner], owner


def _twin_of(
    first: NDArray[np.integer], neighbour: NDArray[np.integer], length: Floats, group: Ints | None, directed: bool
) -> Ints:
    """Return for each actor the first of its twins.

    Rows are compared by 64-bit sums of pseudo-random numbers, one per (neighbour, length): two different rows among
    100,000 agree with a probability of 3e-10.
    """
    n = len(first) - 1
    owner = np.repeat(np.arange(n), np.diff(first))
    token = _scramble(length.view(np.uint64)) | np.uint64(1)
    mark = _scramble(np.arange(n, dtype=np.uint64))
    with np.errstate(over="ignore"):
        outward = _row_sums(mark[neighbour] * token, first)
        key = outward.copy() if group is None else outward + _scramble(~group.astype(np.uint64))
        closed = outward[owner] + mark[owner] * token == outward[neighbour] + mark[neighbour] * token
        if directed:
            other = _scramble(mark)
            order = np.argsort(neighbour, kind="stable")
            begin = np.zeros(n + 1, dtype=np.int64)
            np.cumsum(np.bincount(neighbour, minlength=n), out=begin[1:])
            inward = _row_sums((other[owner] * token)[order], begin)
            key += inward * np.uint64(0x9E3779B97F4A7C15)
            closed &= inward[owner] + other[owner] * token == inward[neighbour] + other[neighbour] * token
    if group is not None:
        closed &= group[owner] == group[neighbour]
    _, where, which = np.unique(key, return_index=True, return_inverse=True)
    same: Ints = where[which].astype(np.int64)
    if closed.any():
        nearest = np.arange(n)
        np.minimum.at(nearest, owner[closed], neighbour[closed].astype(np.int64))
        same = np.where(nearest < np.arange(n), nearest, same)
        has_closed = np.zeros(n, dtype=bool)
        has_closed[owner[closed]] = True
        same[has_closed] = nearest[has_closed]
    return same


def _row_sums(values: NDArray[np.uint64], first: NDArray[np.integer]) -> NDArray[np.uint64]:
    running = np.zeros(len(values) + 1, dtype=np.uint64)
    np.cumsum(values, out=running[1:])
    sums: NDArray[np.uint64] = running[first[1:]] - running[first[:-1]]
    return sums


def _scramble(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Turn integers into pseudo-random 64-bit integers (the finaliser of SplitMix64)."""
    with np.errstate(over="ignore"):
        mixed = values + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return mixed ^ (mixed >> np.uint64(31))


@dataclass(frozen=True, eq=False)
class Folding:
    """What is left of an undirected network when its tree-like fringe is folded into the rest.

    Attributes
    ----------
    kept : ndarray of bool
        Actors that stay.
    mass : ndarray of float
        Actors folded into each one, itself included.
    within : ndarray of float
        Pairs of actors whose every path passes the actor because a folded branch hangs there.
    """

    kept: NDArray[np.bool_]
    mass: Floats
    within: Floats


def fold_pendants(matrix: csr_array) -> Folding:
    """Fold actors with one tie into the other end, again and again (Sariyüce et al. 2013)."""
    n = matrix.shape[0]
    first, neighbour = matrix.indptr, matrix.indices.astype(np.int64)
    degree = np.diff(first).astype(np.int64)
    # The last tied actor left is the sum of those left: no list has to be searched.
    left = np.bincount(np.repeat(np.arange(n), degree), weights=neighbour, minlength=n).astype(np.int64)
    kept = np.ones(n, dtype=bool)
    mass, squares = np.ones(n), np.zeros(n)
    leaves = np.flatnonzero(degree == 1)
    while len(leaves):
        anchor = left[leaves]
        stays = (degree[anchor] == 1) & (leaves < anchor)  # two actors tied to each other only: the first stays
        leaves, anchor = leaves[~stays], anchor[~stays]
        kept[leaves] = False
        degree[leaves] = 0
        np.add.at(mass, anchor, mass[leaves])
        np.add.at(squares, anchor, mass[leaves] ** 2)
        np.subtract.at(left, anchor, leaves)
        np.subtract.at(degree, anchor, 1)
        anchor = np.unique(anchor)
        leaves = anchor[degree[anchor] == 1]
    return Folding(kept, mass, _pairs_joined(matrix, kept, mass, squares))


def _pairs_joined(matrix: csr_array, kept: NDArray[np.bool_], mass: Floats, squares: Floats) -> Floats:
    """Count the pairs that a folded branch makes pass each actor; `squares`: sum of the squared sizes of branches."""
    if kept.all():
        return np.zeros(len(mass))
    component = _components(matrix)
    size = np.bincount(component).astype(np.float64)[component]
    between_branches = ((mass - 1) ** 2 - squares) / 2
    # A folded actor sees the rest of the network as one more branch; one that stays is passed to reach its branches.
    return between_branches + (mass - 1) * (size - mass)


def _components(matrix: csr_array) -> Ints:
    """Name each actor after the first actor that it is connected to (FastSV: Zhang, Azad & Hu 2020).

    To import scipy.sparse.csgraph would take longer than a small network takes in all.
    """
    n = matrix.shape[0]
    row, column = np.repeat(np.arange(n), np.diff(matrix.indptr)), matrix.indices
    leader = np.arange(n)
    while True:
        above = leader[leader]
        lowest = above.copy()
        np.minimum.at(lowest, leader[row], above[column])
        np.minimum.at(lowest, row, above[column])
        if np.array_equal(lowest, leader):
            return leader
        leader = lowest
