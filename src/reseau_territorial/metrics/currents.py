"""Ties as conductors: what an electrical current between actors passes by, and how near it brings them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.metrics._frame import Per, per_actor
from reseau_territorial.metrics._selection import Definition, check_definition
from reseau_territorial.network import Choice, Network

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["current_flow_betweenness", "information"]

Floats = NDArray[np.float64]


def current_flow_betweenness(
    net: Network,
    *,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    normalized: bool = False,
    per: Per = None,
) -> pd.Series:
    r"""Sum the currents that pass each actor when a unit flows between each two others (random walks).

    Parameters
    ----------
    net : Network
        The network.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the conductance; None: every tied pair has 1.
    normalized : bool, default False
        Divide by the number of pairs of other actors.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``current_flow_betweenness``, indexed by actor; 0 for an isolate. Each pair of others counts once, those
        that no chain of ties joins not at all; ties are read in both directions. NaN when normalised over fewer than
        three actors.

    Raises
    ------
    UnknownNameError
        If a layer, a period or the column of weights is not there, or `per` is none of its choices; the nearest
        name is offered.

    Notes
    -----
    :math:`\sum_{s < t} \frac12 \sum_u w_{vu} |V_v^{st} - V_u^{st}|` for v other than s and t, V the potentials of a
    unit current from s to t. Newman also counts the ends; without them, as here, it is networkx's. In each piece, time
    grows with the ties times n log n, memory with n².

    References
    ----------
    Newman, M. E. J. (2005). A measure of betweenness centrality based on random walks. Social Networks 27, 39-54.
    Brandes, U. & Fleischer, D. (2005). Centrality measures based on current flow. STACS, 533-544.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["a", "b", "a", "c"], "target": ["b", "c", "c", "d"]})
    >>> current_flow_betweenness(rt.Network(ties)).round(3).to_dict()
    {'a': 0.667, 'b': 0.667, 'c': 2.333, 'd': 0.0}
    """

    def compute(view: TieView) -> Floats:
        result = _by_piece(view, weight, _currents, alone=0.0)
        if not normalized:
            return result
        pairs = (view.n - 1) * (view.n - 2) / 2
        return result / pairs if pairs else np.full(view.n, np.nan)

    return per_actor(net, "current_flow_betweenness", compute, layer=layer, period=period, weight=weight, per=per)


def information(
    net: Network,
    *,
    definition: Definition = "published",
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    per: Per = None,
) -> pd.Series:
    r"""Information centrality: harmonic mean of what all paths carry from each actor to the others.

    Parameters
    ----------
    net : Network
        The network.
    definition : {"published", "sna"}
        Within the piece of each actor, as published, or as sna 2.7.1 computes it: isolates count in n though they
        have no place in the matrix, and are given 0; undefined when two pieces or more have ties.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength (conductance); None: every tied pair has 1.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``information``, indexed by actor: above 0, within the piece of the actor, n being its size. NaN for an
        isolate (0 with ``"sna"``, and NaN for everybody when it is undefined). Ties are read in both directions, and
        the weights of a pair tied both ways are added.

    Raises
    ------
    UnknownNameError
        If a layer, a period or the column of weights is not there, or `definition` or `per` is none of its
        choices; the nearest name is offered.

    Notes
    -----
    :math:`I_v = n / \sum_u R_{vu}`, with :math:`R_{vu}` the effective resistance. The two definitions agree on a
    connected network; networkx gives I/n there (current-flow closeness).

    With m actors tied among n and :math:`L^+` the pseudo-inverse of their Laplacian, sna's is
    :math:`1 / (L^+_{vv} + 1/m^2 + (\mathrm{tr} L^+ - 1/m) / n)`.

    References
    ----------
    Stephenson, K. & Zelen, M. (1989). Rethinking centrality: methods and examples. Social Networks 11, 1-37.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> information(rt.Network(ties)).to_dict()
    {'Artisaloire': 1.0, 'Métropole': 1.0, 'Tours': 1.5}
    """
    check_definition(definition)

    def compute(view: TieView) -> Floats:
        def resistances(potential: Floats, _: csr_array) -> Floats:
            m = len(potential)
            own, trace = np.diagonal(potential), np.trace(potential)
            if definition == "sna":
                return np.asarray(1 / (own + 1 / m**2 + (trace - 1 / m) / view.n), dtype=np.float64)
            return np.asarray(m / (m * own + trace), dtype=np.float64)

        if definition == "published":
            return _by_piece(view, weight, resistances, alone=np.nan)
        result = _by_piece(view, weight, resistances, alone=0.0)
        return result if _pieces_with_ties(_matrix(view, weight)) < 2 else np.full(view.n, np.nan)

    return per_actor(net, "information", compute, layer=layer, period=period, weight=weight, per=per)


def _matrix(view: TieView, weight: str | None) -> csr_array:
    return view.undirected_binary if weight is None else view.undirected


def _pieces_with_ties(matrix: csr_array) -> int:
    from scipy.sparse.csgraph import connected_components

    _, piece = connected_components(matrix, directed=False)
    return int((np.bincount(piece) > 1).sum())


def _by_piece(
    view: TieView, weight: str | None, measure: Callable[[Floats, csr_array], Floats], alone: float
) -> Floats:
    """Measure each connected piece from the inverse of its Laplacian."""
    from scipy.sparse.csgraph import connected_components

    matrix = _matrix(view, weight)
    result = np.full(view.n, alone)
    _, piece = connected_components(matrix, directed=False)
    for which in np.flatnonzero(np.bincount(piece) > 1):
        members = np.flatnonzero(piece == which)
        inside = matrix[members][:, members].tocsr()
        laplacian = np.diag(np.asarray(inside.sum(axis=1), dtype=np.float64)) - inside.toarray()
        # In the unit of the weights: beside millions of euros, or millionths, 1/n would be lost, or lose them.
        unit, even = float(inside.data.mean()), 1.0 / len(members)
        result[members] = measure((np.linalg.inv(laplacian / unit + even) - even) / unit, inside)
    return result


def _currents(potential: Floats, matrix: csr_array) -> Floats:
    """Sum over pairs the current that passes each actor, tie by tie; sorting replaces the pairs."""
    size = len(potential)
    rank = 2.0 * np.arange(size) - (size - 1)
    result = np.zeros(size)
    for actor in range(size):
        for k in range(matrix.indptr[actor], matrix.indptr[actor + 1]):
            current = matrix.data[k] * (potential[actor] - potential[matrix.indices[k]])
            # Over all pairs, less those of which the actor is an end.
            all_pairs = (np.sort(current) * rank).sum()
            result[actor] += (all_pairs - np.abs(current - current[actor]).sum()) / 2
    result[result < 1e-12 * size] = 0.0  # nothing passes a dead end: what is left there is rounding
    return result
