"""The two sufficient statistics of every partition-based measure.

The mixing table (group x group) carries the silo indices, the actor profile (actor x group of the
other end) carries participation and diversity: the indices are pure functions of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.metrics._threads import side_by_side

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["PairSums", "arcs_in_blocks", "matrix_in_blocks", "mixing_table", "pair_sums", "profile_sums"]

Direction = Literal["all", "out", "in"]
Arcs = tuple[NDArray[Any], NDArray[Any], NDArray[np.float64]]

BLOCK = 1 << 18
"""Ties that are added up at once, or as many as there are cells."""


def mixing_table(view: TieView, codes: NDArray[np.int32], groups: int) -> NDArray[np.float64]:
    """Sum the weights from group to group.

    Parameters
    ----------
    view : TieView
        The ties.
    codes : ndarray of int32, shape (actors,)
        Group of each actor; the ties of an actor with -1 are left out.
    groups : int
        Number of groups.

    Returns
    -------
    ndarray of float64, shape (groups, groups)
        Weight from the group of the source (row) to that of the target (column). An undirected tie is
        counted in both directions, so a tie inside a group counts twice on the diagonal.
    """
    # One more group, cut off at the end, takes the ties of the actors left out.
    side = groups + 1
    small = np.min_scalar_type(side * side)
    column = np.where(codes < 0, groups, codes)
    row, column = (column * side).astype(small), column.astype(small)
    once = _sums(view, row, column, side, None)
    if not view.mutual.any():
        return once
    back = once if view.mutual.all() else _sums(view, row, column, side, view.mutual)
    return once + back.T


@dataclass(frozen=True, eq=False)
class PairSums:
    """Sums over the tied pairs of an undirected selection.

    Attributes
    ----------
    table : ndarray of float64, shape (groups, groups)
        Weight between groups, each pair in both orders.
    strength : ndarray of float64, shape (actors,)
        Weight of the pairs of each actor.
    squares : float
        Sum of the squared weights, each pair once.
    """

    table: NDArray[np.float64]
    strength: NDArray[np.float64]
    squares: float


def pair_sums(view: TieView, codes: NDArray[np.int32], groups: int, *, binary: bool) -> PairSums:
    """Add up the pairs of actors that have a group, some at a time; `binary` counts each pair as 1."""
    table, strength, squares = np.zeros(groups**2), np.zeros(view.n), 0.0
    for low, high, weight in matrix_in_blocks(view.pairs):
        first, second = codes[low], codes[high]
        known = (first >= 0) & (second >= 0)
        counted = known.astype(np.float64) if binary else np.where(known, weight, 0.0)
        table += np.bincount((first * np.int64(groups) + second)[known], weights=counted[known], minlength=groups**2)
        for end in (low, high):
            np.add.at(strength, end, counted)
        squares += float(np.square(counted).sum())
    square = table.reshape(groups, groups)
    return PairSums(square + square.T, strength, squares)


def arcs_in_blocks(view: TieView, direction: Direction) -> Iterator[Arcs]:
    """Yield the actor, its partner and the weight of the ties of each actor read in a direction, some at a time.

    Read in all directions, an undirected tie beside directed ones is a tie both ways: it counts twice for each end.
    """
    for start in range(0, len(view.source), BLOCK):
        part = slice(start, start + BLOCK)
        source, target, weight, mutual = view.source[part], view.target[part], view.weight[part], view.mutual[part]
        if direction == "all" and view.directed:
            weight = np.where(mutual, 2 * weight, weight)
        ways = ((source, target, direction == "in"), (target, source, direction == "out"))
        for actor, partner, against in ways:
            some = mutual if against else slice(None)
            yield actor[some], partner[some], weight[some]


def profile_sums(
    arcs: Iterable[Arcs], codes: NDArray[np.int32], groups: int, room: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum the weights from each actor to each group, then over the groups: as they are, and squared.

    Parameters
    ----------
    arcs : iterable of tuple
        Actors, partners and weights.
    codes : ndarray of int32, shape (actors,)
        Group of each actor; arcs from or to an actor with -1 are left out.
    groups : int
        Number of groups.
    room : int
        Number of values under which a table of all actors and groups is kept.

    Returns
    -------
    tuple of ndarray
        The sum and the sum of squares of each actor.
    """
    n, width = len(codes), np.int64(max(groups, 1))
    dense = n * width <= room
    table = np.zeros(n * width if dense else 0)
    keys: list[NDArray[np.int64]] = []
    values: list[NDArray[np.float64]] = []
    for actor, partner, weight in arcs:
        group = codes[partner]
        known = (codes[actor] >= 0) & (group >= 0)
        key = actor[known] * width + group[known]
        if dense:
            np.add.at(table, key, weight[known])
        else:
            keys.append(key)
            values.append(weight[known])
    if dense:
        rows = table.reshape(n, width)
        return rows.sum(axis=1), np.einsum("ij,ij->i", rows, rows)
    found, where = np.unique(np.concatenate([*keys, np.empty(0, np.int64)]), return_inverse=True)
    summed = np.bincount(where, weights=np.concatenate([*values, np.empty(0)]), minlength=len(found))
    total, squares = (np.bincount(found // width, weights=each, minlength=n) for each in (summed, summed**2))
    return total.astype(np.float64), squares.astype(np.float64)


def matrix_in_blocks(matrix: csr_array) -> Iterator[Arcs]:
    """Yield the row, the column and the value of the entries of a matrix, some at a time."""
    first = matrix.indptr
    for start in range(0, matrix.nnz, BLOCK):
        stop = min(start + BLOCK, matrix.nnz)
        low = int(np.searchsorted(first, start, side="right")) - 1
        high = int(np.searchsorted(first, stop, side="left"))
        bounds: NDArray[np.int64] = np.clip(first[low : high + 1], start, stop).astype(np.int64)
        many = bounds[1:] - bounds[:-1]
        yield np.repeat(np.arange(low, high), many), matrix.indices[start:stop], matrix.data[start:stop]


def _sums(
    view: TieView,
    row: NDArray[np.unsignedinteger],
    column: NDArray[np.unsignedinteger],
    side: int,
    only: NDArray[np.bool_] | None,
) -> NDArray[np.float64]:
    """Add the weights up cell by cell, a block of ties at a time: what stands between stays in the cache.

    NumPy holds no lock of Python while it does so. A large table is added up by one thread: each needs its own.
    """
    cells = side * side
    block = max(BLOCK, cells)

    def add(start: int) -> NDArray[np.float64]:
        part = slice(start, start + block)
        cell = row.take(view.source[part])
        cell += column.take(view.target[part])
        weight = view.weight[part]
        if only is not None:
            cell, weight = cell[only[part]], weight[only[part]]
        return np.bincount(cell, weights=weight, minlength=cells).astype(np.float64, copy=False)

    tasks = (partial(add, start) for start in range(0, len(view.source), block))
    total = np.zeros(cells)
    for part in side_by_side(tasks) if cells <= BLOCK else (task() for task in tasks):
        total += part
    return np.ascontiguousarray(total.reshape(side, side)[:-1, :-1])
