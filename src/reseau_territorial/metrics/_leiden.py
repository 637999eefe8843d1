"""Search for the partition of largest multislice modularity: local moves, refinement, merging, again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reseau_territorial import _kernels
from reseau_territorial.metrics._move_loops import move_units
from reseau_territorial.metrics._slices import Matrix

Move = Callable[..., int]
ROUNDS = 100
VISITS = 30  # of each unit in one search, roughly


@dataclass(frozen=True, eq=False)
class Units:
    """What is being grouped: replicas, or replicas already merged.

    Attributes
    ----------
    joins : csr matrix
        Weight between two units, both directions added, couplings included; the diagonal holds what is
        inside.
    leaving, entering : ndarray, shape (units, slices)
        Strength of the unit in each slice, outwards and inwards.
    scale : ndarray, shape (slices,)
        Resolution divided by the total weight of the slice.
    """

    joins: Matrix
    leaving: NDArray[np.float64]
    entering: NDArray[np.float64]
    scale: NDArray[np.float64]

    @property
    def count(self) -> int:
        """Number of units."""
        return int(self.joins.shape[0])

    def quality(self, member: NDArray[np.int64]) -> float:
        """Modularity of a partition, times the total weight of ties and couplings."""
        groups = int(member.max()) + 1 if len(member) else 0
        start = np.repeat(np.arange(self.count), np.diff(self.joins.indptr))
        inside = self.joins.data[member[start] == member[self.joins.indices]].sum() / 2.0
        out_of, into = (_add_up(values, member, groups) for values in (self.leaving, self.entering))
        return float(inside - ((out_of * into).sum(axis=0) * self.scale).sum())

    def merged(self, member: NDArray[np.int64]) -> Units:
        """Make one unit of each group, numbered from 0 without gaps."""
        from scipy import sparse

        groups = int(member.max()) + 1
        belongs = sparse.csr_array((np.ones(self.count), (np.arange(self.count), member)), (self.count, groups))
        joins = sparse.csr_array(belongs.T @ self.joins @ belongs)
        leaving, entering = (_add_up(values, member, groups) for values in (self.leaving, self.entering))
        return Units(joins, leaving, entering, self.scale)


def search(units: Units, *, rng: np.random.Generator, runs: int) -> NDArray[np.int64]:
    """Return the partition found from one random order of visits: group numbers without gaps.

    `runs` is the number of searches to come in all, which tells whether compiling is worth it.
    """
    move, _ = _kernels.choose(move_units, float(VISITS * runs * units.joins.nnz))
    best = np.arange(units.count)
    for _ in range(ROUNDS):
        following = _connected(units, _improved(units, best, rng, move))
        if units.quality(following) <= units.quality(best) + 1e-9:
            return best
        best = following
    return best


def _improved(units: Units, start: NDArray[np.int64], rng: np.random.Generator, move: Move) -> NDArray[np.int64]:
    """Move, refine and merge until every group is one unit, from a given partition."""
    level, member = units, start
    origin = np.arange(units.count)
    while True:
        member = _move(level, member, np.zeros(level.count, dtype=np.int64), rng, move, once=False)
        if int(member.max()) + 1 == level.count:
            return _compact(member[origin])
        refined = _move(level, np.arange(level.count), member, rng, move, once=True)
        if int(refined.max()) + 1 == level.count:
            refined = member
        parent = np.zeros(int(refined.max()) + 1, dtype=np.int64)
        parent[refined] = member
        origin = refined[origin]
        level, member = level.merged(refined), _compact(parent)


def _connected(units: Units, member: NDArray[np.int64]) -> NDArray[np.int64]:
    """Split the groups that are in several pieces, which never lowers the modularity."""
    from scipy import sparse
    from scipy.sparse import csgraph

    start = np.repeat(np.arange(units.count), np.diff(units.joins.indptr))
    inside = (member[start] == member[units.joins.indices]) & (units.joins.data > 0)
    ends = (start[inside], units.joins.indices[inside])
    pieces = sparse.csr_array((units.joins.data[inside], ends), shape=units.joins.shape)
    return csgraph.connected_components(pieces, directed=False)[1].astype(np.int64)


def _move(
    units: Units,
    member: NDArray[np.int64],
    within: NDArray[np.int64],
    rng: np.random.Generator,
    move: Move,
    *,
    once: bool,
) -> NDArray[np.int64]:
    """Move units one by one, from a partition, without leaving the groups of `within`."""
    joins = _without_diagonal(units.joins)
    moved = member.astype(np.int64).copy()
    move(
        rng.permutation(units.count),
        joins.indptr.astype(np.int64),
        joins.indices.astype(np.int64),
        joins.data,
        units.leaving,
        units.entering,
        units.scale,
        within.astype(np.int64),
        moved,
        np.bincount(moved, minlength=units.count).astype(np.int64),
        _add_up(units.leaving, moved, units.count),
        _add_up(units.entering, moved, units.count),
        once,
    )
    return _compact(moved)


def _without_diagonal(matrix: Matrix) -> Matrix:
    from scipy import sparse

    entries = sparse.coo_array(matrix)
    apart = (entries.row != entries.col) & (entries.data > 0)
    ends = (entries.row[apart], entries.col[apart])
    return sparse.csr_array((entries.data[apart], ends), shape=entries.shape)


def _add_up(values: NDArray[np.float64], member: NDArray[np.int64], groups: int) -> NDArray[np.float64]:
    columns = [np.bincount(member, weights=column, minlength=groups) for column in values.T]
    return np.array(columns, dtype=np.float64).reshape(values.shape[1], groups).T.copy()


def _compact(member: NDArray[Any]) -> NDArray[np.int64]:
    return np.unique(member, return_inverse=True)[1].reshape(-1).astype(np.int64)
