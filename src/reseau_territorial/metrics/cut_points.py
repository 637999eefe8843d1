"""Actors and ties that hold the network together: articulation actors, bridges and local bridges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial import _kernels
from reseau_territorial._sparse import TieView
from reseau_territorial.metrics._frame import Per, per_actor, per_frame
from reseau_territorial.metrics._selection import keep
from reseau_territorial.metrics._triangles import owners, reverse_arcs, triangles
from reseau_territorial.network import Choice, Network

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["articulation_actors", "tie_bridges"]

Flags = NDArray[np.bool_]


def articulation_actors(net: Network, *, layer: Choice = None, period: Choice = None, per: Per = None) -> pd.Series:
    r"""Tell which actors disconnect others when they leave.

    Parameters
    ----------
    net : Network
        The network.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series of bool
        Named ``articulation_actors``, indexed by actor. Ties are read in both directions, without weights; an
        isolate is not one.

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `per` is none of its choices; the nearest name is offered.

    Notes
    -----
    An actor disconnects others when, in a walk of the network, what hangs below it has no tie back above it.

    References
    ----------
    Tarjan, R. (1972). Depth-first search and linear graph algorithms. SIAM J. Computing 1, 146-160.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> articulation_actors(rt.Network(ties)).to_dict()
    {'Artisaloire': False, 'Métropole': False, 'Tours': True}
    """
    found = per_actor(net, "articulation_actors", lambda view: _cuts(view)[0], layer=layer, period=period, per=per)
    return found.astype(bool)


def tie_bridges(net: Network, *, layer: Choice = None, period: Choice = None, per: Per = None) -> pd.DataFrame:
    r"""Tell for each tied pair what happens when its tie is cut.

    Parameters
    ----------
    net : Network
        The network.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    per : {"layer", "period", "level"}, optional
        One table per layer, period or level, stacked.

    Returns
    -------
    DataFrame
        One row per tied pair, indexed by ``(source, target)`` in the order of the actors, ties being read in both
        directions, without weights: ``bridge`` (cutting it disconnects the network), ``local_bridge`` (its ends have
        no common partner), ``span`` (distance between its ends once it is cut: 2 when they have a common partner,
        infinite for a bridge), ``shared`` (number of common partners: embeddedness).

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `per` is none of its choices; the nearest name is offered.

    Notes
    -----
    Bridges are found in one walk (Tarjan 1972); the span of the others by a search from one end without the tie.

    References
    ----------
    Granovetter, M. S. (1973). The strength of weak ties. American J. of Sociology 78, 1360-1380.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["a", "b", "c", "c"], "target": ["b", "c", "a", "d"]})
    >>> tie_bridges(rt.Network(ties))["bridge"].to_list()
    [False, False, False, True]
    """
    return per_frame(net, _bridge_table, layer=layer, period=period, per=per)


def _cuts(view: TieView) -> tuple[Flags, Flags]:
    """Return whether each actor, and each stored pair (at its smaller place), disconnects the network."""

    def compute() -> tuple[Flags, Flags]:
        matrix = view.undirected_binary
        n, arcs = view.n, matrix.nnz
        pair = np.minimum(np.arange(arcs), reverse_arcs(matrix))
        run, compiled = _kernels.choose(_kernels.low_links, 4.0 * (arcs + n))
        first = matrix.indptr.astype(np.int64)
        unseen = np.full(n, _kernels.UNSEEN, dtype=np.int64)
        arrays: list[Any] = [first, matrix.indices.astype(np.int64), pair, unseen]
        arrays += [unseen.copy(), unseen.copy(), unseen.copy(), first[:-1].copy(), unseen.copy()]
        arrays += [np.zeros(n, dtype=bool), np.zeros(arcs, dtype=bool)]
        if not compiled:
            arrays = [array.tolist() for array in arrays]
        run(*arrays)
        return np.asarray(arrays[-2], dtype=bool), np.asarray(arrays[-1], dtype=bool)

    return keep(view, "cuts", compute)


def _bridge_table(view: TieView) -> pd.DataFrame:
    matrix = view.undirected_binary
    row, reverse = owners(matrix), reverse_arcs(matrix)
    shared = np.zeros(matrix.nnz)
    for arcs in triangles(matrix):
        for arc in arcs:
            np.add.at(shared, np.minimum(arc, reverse[arc]), 1.0)
    pairs = np.flatnonzero(row < matrix.indices)
    bridge = _cuts(view)[1][pairs]
    span = np.where(shared[pairs] > 0, 2.0, np.inf)
    searched = np.flatnonzero(~bridge & (shared[pairs] == 0))
    span[searched] = _detours(matrix, row[pairs[searched]], matrix.indices[pairs[searched]].astype(np.int64))
    index = pd.MultiIndex.from_arrays(
        [view.actors[row[pairs]], view.actors[matrix.indices[pairs]]], names=["source", "target"]
    )
    columns = {"bridge": bridge, "local_bridge": shared[pairs] == 0, "span": span, "shared": shared[pairs]}
    return pd.DataFrame(columns, index=index)


def _detours(matrix: csr_array, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the distance between the ends of each tie once it is cut."""
    n = matrix.shape[0]
    run, compiled = _kernels.choose(_kernels.detours, 0.1 * matrix.nnz * len(starts))
    arrays: list[Any] = [matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), starts, ends]
    arrays += [np.zeros(len(starts)), np.full(n, _kernels.UNSEEN, dtype=np.int64), np.zeros(n, dtype=np.int64)]
    if not compiled:
        arrays = [array.tolist() for array in arrays]
    run(*arrays)
    return np.asarray(arrays[4], dtype=np.float64)
