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
    if not len(view.source):
        return np.zeros((groups, groups))
    pair = codes[view.source].astype(np.int64) * groups + codes[view.target]
    outside = (codes[view.source] < 0) | (codes[view.target] < 0) if (codes < 0).any() else None
    one_way = _sums(pair, view.weight, groups, outside, None)
    if not view.mutual.any():
        return one_way
    if view.mutual.all():
        return one_way + one_way.T
    return one_way + _sums(pair, view.weight, groups, outside, view.mutual).T


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
    pair: NDArray[np.int64],
    weight: NDArray[np.float64],
    groups: int,
    outside: NDArray[np.bool_] | None,
    only: NDArray[np.bool_] | None,
) -> NDArray[np.float64]:
    keep = only if outside is None else ~outside if only is None else only & ~outside
    if keep is not None:
        pair, weight = pair[keep], weight[keep]
    sums: NDArray[np.float64] = np.bincount(pair, weights=weight, minlength=groups * groups).astype(np.float64)
    return sums.reshape(groups, groups)
