"""Spectral segregation: how far ties lead on inside a group, of each actor and of each group."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.errors import ReseauError
from reseau_territorial.metrics._frame import Per, per_actor, per_frame
from reseau_territorial.metrics._grouped import Grouped, Symmetrize, grouping
from reseau_territorial.network import Choice, Missing, Network

__all__ = ["group_spectral_segregation", "spectral_segregation"]

# Above this many actors in one piece, a few Lanczos steps beat a full decomposition.
DENSE = 200


def spectral_segregation(
    net: Network,
    *,
    by: str,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    symmetrize: Symmetrize | None = None,
    per: Per = None,
    missing: Missing = "error",
) -> pd.Series:
    r"""Spectral segregation of each actor: tied to its own group, whose members are tied to their own group, and so on.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength. None counts each tied pair as 1, as published.
    symmetrize : {"weak", "strong", "sum", "max", "mean"}, optional
        Make directed ties undirected first (see :func:`silo`); needed if they are directed.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.

    Returns
    -------
    pandas.Series
        Named ``"spectral_segregation"``, indexed by actor, 0 or more; 0 for an actor without a tie inside its group,
        isolates included. :func:`group_spectral_segregation` gives the index of each group and of the network.

    Raises
    ------
    ReseauError
        If ties are directed and `symmetrize` is not given.

    Notes
    -----
    R is the matrix of weights with rows scaled to sum to 1. In each connected piece C of actors of one group,
    :math:`\lambda` is the largest eigenvalue of :math:`R_{CC}` and x its right eigenvector:

    .. math:: s_i = \lambda \, x_i / \bar{x}, \qquad i \in C

    References
    ----------
    Echenique & Fryer (2007). A measure of segregation based on social interactions. Quarterly Journal of Economics
    122(2), 441-485.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["a", "a"], "target": ["b", "c"]})
    >>> actors = pd.DataFrame({"actor": list("abc"), "sector": ["public", "public", "civil"]})
    >>> spectral_segregation(Network(ties, actors=actors), by="sector").round(3).to_dict()
    {'a': 0.586, 'b': 0.828, 'c': 0.0}
    """
    group = grouping(net, by=by, weight=weight, symmetrize=symmetrize, missing=missing)

    def measure(view: TieView) -> NDArray[np.float64]:
        one = group(view)
        result = np.full(view.n, np.nan)
        result[one.kept] = _spectral_index(one)
        return result

    return per_actor(net, "spectral_segregation", measure, layer=layer, period=period, weight=weight, per=per)


def group_spectral_segregation(
    net: Network,
    *,
    by: str,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    symmetrize: Symmetrize | None = None,
    per: Per = None,
    missing: Missing = "error",
) -> pd.DataFrame:
    r"""Spectral segregation of each group: the mean of that of its members.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength. None counts each tied pair as 1, as published.
    symmetrize : {"weak", "strong", "sum", "max", "mean"}, optional
        Make directed ties undirected first (see :func:`silo`); needed if they are directed.
    per : {"layer", "period", "level"}, optional
        One row per group and layer, period or level.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.

    Returns
    -------
    pandas.DataFrame
        Indexed by group: ``actors`` (members, isolates included) and ``spectral_segregation``, 0 (no tie inside) to 1
        (no tie leaves it, no member is an isolate); NaN for a group without a member. The index of the network is the
        mean over all actors, in ``attrs["network"]`` without `per`.

    Raises
    ------
    ReseauError
        If ties are directed and `symmetrize` is not given.

    Notes
    -----
    .. math:: S_g = \frac{1}{n_g} \sum_{i \in g} s_i

    with :math:`s_i` as in :func:`spectral_segregation`. In a connected group it is the largest eigenvalue
    :math:`\lambda`.

    References
    ----------
    Echenique & Fryer (2007). A measure of segregation based on social interactions. Quarterly Journal of Economics
    122(2), 441-485.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["a", "a"], "target": ["b", "c"]})
    >>> actors = pd.DataFrame({"actor": list("abc"), "sector": ["public", "public", "civil"]})
    >>> group_spectral_segregation(Network(ties, actors=actors), by="sector")["spectral_segregation"].round(3).to_dict()
    {'civil': 0.0, 'public': 0.707}
    """
    group = grouping(net, by=by, weight=weight, symmetrize=symmetrize, missing=missing)

    def measure(view: TieView) -> pd.DataFrame:
        one = group(view)
        value = _spectral_index(one)
        sums = np.bincount(one.groups, weights=value, minlength=len(one.labels))
        mean = np.divide(sums, one.sizes, out=np.full(len(sums), np.nan), where=one.sizes > 0)
        frame = pd.DataFrame({"actors": one.sizes.astype(int), "spectral_segregation": mean}, index=one.labels)
        frame.attrs = {"network": float(value.mean()) if len(value) else np.nan}
        return frame

    return per_frame(net, measure, layer=layer, period=period, weight=weight, per=per)


def _spectral_index(one: Grouped) -> NDArray[np.float64]:
    """Return the index of each actor that has a group."""
    if one.directed:
        raise ReseauError('spectral segregation is of undirected ties. Pass symmetrize="weak" or another of its ways.')
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    strength = np.asarray(one.matrix.sum(axis=1), dtype=np.float64)
    ties = one.matrix.tocoo()
    own = one.groups[ties.row] == one.groups[ties.col]
    row, column = ties.row[own], ties.col[own]
    # D^-1 A has the eigenvalues of the symmetric D^-1/2 A D^-1/2, and its eigenvectors scaled by D^-1/2.
    scaled = ties.data[own] / np.sqrt(strength[row] * strength[column])
    inside = coo_array((scaled, (row, column)), shape=one.matrix.shape).tocsr()
    _, piece = connected_components(inside, directed=False)
    order = np.argsort(piece, kind="stable")
    starts = np.flatnonzero(np.diff(piece[order], prepend=-1))
    value = np.zeros(len(strength))
    for members in np.split(order, starts[1:]):
        if len(members) > 1:
            root, vector = _leading(inside[members][:, members])
            x = np.abs(vector) / np.sqrt(strength[members])
            value[members] = root * x / x.mean()
    return value


def _leading(matrix: Any) -> tuple[float, NDArray[np.float64]]:
    """Return the largest eigenvalue of a symmetric sparse matrix, and its eigenvector."""
    from scipy.sparse import csr_array
    from scipy.sparse.linalg import eigsh

    square = csr_array(matrix)
    size = square.shape[0]
    if size <= DENSE:
        values, vectors = np.linalg.eigh(square.toarray())
    else:
        values, vectors = eigsh(square, k=1, which="LA", v0=np.ones(size), tol=0)
    return float(values[-1]), np.asarray(vectors[:, -1], dtype=np.float64)
