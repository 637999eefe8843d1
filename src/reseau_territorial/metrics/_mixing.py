"""The two sufficient statistics of every partition-based measure.

The mixing table (group x group) carries the silo indices, the actor profile (actor x group of the
other end) carries participation and diversity: the indices are pure functions of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["actor_profile", "mixing_table"]

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


def actor_profile(view: TieView, codes: NDArray[np.int32], groups: int) -> csr_array:
    """Sum the weights from each actor to each group.

    Returns
    -------
    csr_array, shape (actors, groups)
        Weight of the out-going (and undirected) ties of each actor to the actors of each group.
    """
    from scipy.sparse import coo_array

    source, target, weight = view.arcs
    group = codes[target]
    known = group >= 0
    profile = coo_array((weight[known], (source[known], group[known])), shape=(view.n, groups)).tocsr()
    profile.sum_duplicates()
    return profile


def _sums(
    view: TieView,
    row: NDArray[np.unsignedinteger],
    column: NDArray[np.unsignedinteger],
    side: int,
    only: NDArray[np.bool_] | None,
) -> NDArray[np.float64]:
    """Add the weights up cell by cell, a block of ties at a time: what stands between stays in the cache."""
    total = np.zeros(side * side)
    block = max(BLOCK, side * side)
    for start in range(0, len(view.source), block):
        part = slice(start, start + block)
        cell = row.take(view.source[part])
        cell += column.take(view.target[part])
        weight = view.weight[part]
        if only is not None:
            cell, weight = cell[only[part]], weight[only[part]]
        total += np.bincount(cell, weights=weight, minlength=side * side)
    return np.ascontiguousarray(total.reshape(side, side)[:-1, :-1])
