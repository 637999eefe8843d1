"""Centrality of actors by their own ties: how many partners, how much with them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.metrics._frame import Per, per_actor
from reseau_territorial.metrics._selection import Direction, check_direction, degrees
from reseau_territorial.network import Choice, Network

__all__ = ["degree", "in_degree", "out_degree", "strength"]

Floats = NDArray[np.float64]


def degree(
    net: Network, *, direction: Direction = "all", layer: Choice = None, period: Choice = None, per: Per = None
) -> pd.Series:
    r"""Count the partners of each actor.

    Parameters
    ----------
    net : Network
        The network.
    direction : {"all", "out", "in"}, default "all"
        For directed ties: partners by outgoing plus partners by incoming ties (a partner tied both ways
        counts twice, as in Freeman's degree), outgoing only, or incoming only. Without effect when all ties are
        undirected; beside directed ties, an undirected one is a tie both ways.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``degree``, indexed by actor: 0 to n - 1 (2n - 2 for directed ties and "all"). Parallel ties count
        once; an isolate has 0. Weights play no part.

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `direction` or `per` is none of its choices; the nearest name is
        offered.

    Notes
    -----
    :math:`k_v = \sum_u a_{vu}`, with :math:`a_{vu} = 1` when v and u are tied (and :math:`\sum_u a_{vu} + a_{uv}` for
    directed ties and "all").

    References
    ----------
    Freeman, L. C. (1978). Centrality in social networks: conceptual clarification. Social Networks 1, 215-239.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> degree(rt.Network(ties))["Tours"]
    np.float64(2.0)
    """
    check_direction(direction)
    return per_actor(net, "degree", lambda view: degrees(view, direction), layer=layer, period=period, per=per)


def in_degree(net: Network, *, layer: Choice = None, period: Choice = None, per: Per = None) -> pd.Series:
    """Count the actors that have a tie to each actor: `degree` with ``direction="in"``.

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
    Series
        Named ``in_degree``, indexed by actor. Equal to `degree` for undirected ties; 0 for an isolate.

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `per` is none of its choices; the nearest name is offered.

    References
    ----------
    Freeman, L. C. (1978). Centrality in social networks: conceptual clarification. Social Networks 1, 215-239.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> grants = pd.DataFrame({"source": ["Région", "État"], "target": ["Tours", "Tours"]})
    >>> in_degree(rt.Network(grants, directed=True)).to_dict()
    {'Région': 0.0, 'Tours': 2.0, 'État': 0.0}
    """
    return degree(net, direction="in", layer=layer, period=period, per=per).rename("in_degree")


def out_degree(net: Network, *, layer: Choice = None, period: Choice = None, per: Per = None) -> pd.Series:
    """Count the actors that each actor has a tie to: `degree` with ``direction="out"``.

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
    Series
        Named ``out_degree``, indexed by actor. Equal to `degree` for undirected ties; 0 for an isolate.

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `per` is none of its choices; the nearest name is offered.

    References
    ----------
    Freeman, L. C. (1978). Centrality in social networks: conceptual clarification. Social Networks 1, 215-239.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> grants = pd.DataFrame({"source": ["Région", "Région"], "target": ["Tours", "Vichy"]})
    >>> out_degree(rt.Network(grants, directed=True)).to_dict()
    {'Région': 2.0, 'Tours': 0.0, 'Vichy': 0.0}
    """
    return degree(net, direction="out", layer=layer, period=period, per=per).rename("out_degree")


def strength(
    net: Network,
    *,
    direction: Direction = "all",
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    per: Per = None,
) -> pd.Series:
    r"""Sum the weights of the ties of each actor.

    Parameters
    ----------
    net : Network
        The network.
    direction : {"all", "out", "in"}, default "all"
        For directed ties: outgoing plus incoming, outgoing, or incoming. Beside directed ties, an undirected one is
        a tie both ways.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column to sum, in its own unit (euros, meetings); None counts ties, parallel ties included.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``strength``, indexed by actor; 0 for an isolate.

    Raises
    ------
    UnknownNameError
        If a layer, a period or the column of weights is not there, or `direction` or `per` is none of its
        choices; the nearest name is offered.

    Notes
    -----
    :math:`s_v = \sum_u w_{vu}` (and :math:`\sum_u w_{vu} + w_{uv}` for directed ties and "all").

    References
    ----------
    Barrat, A. et al. (2004). The architecture of complex weighted networks. PNAS 101, 3747-3752.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> grants = pd.DataFrame({"source": ["Région", "État"], "target": ["Tours", "Tours"], "weight": [300, 200]})
    >>> strength(rt.Network(grants, directed=True), direction="in")["Tours"]
    np.float64(500.0)
    """
    check_direction(direction)

    def compute(view: TieView) -> Floats:
        source, target, weights = view.arcs
        if not view.directed or direction == "out":
            return _sums(source, weights, view.n)
        received = _sums(target, weights, view.n)
        return received if direction == "in" else received + _sums(source, weights, view.n)

    return per_actor(net, "strength", compute, layer=layer, period=period, weight=weight, per=per)


def _sums(places: NDArray[np.int32], weights: Floats, size: int) -> Floats:
    return np.bincount(places, weights=weights, minlength=size).astype(np.float64)
