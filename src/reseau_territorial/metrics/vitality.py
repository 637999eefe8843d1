"""Efficiency of a whole network: how near its actors are to one another, and what is lost with each of them."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.errors import unknown_name
from reseau_territorial.metrics._frame import Per, per_actor, per_network
from reseau_territorial.metrics._paths import Lengths
from reseau_territorial.metrics._selection import lengths_of, shared_distances
from reseau_territorial.network import Choice, Network

__all__ = ["efficiency_vitality", "global_efficiency"]

Floats = NDArray[np.float64]
Pairs = Literal["all", "others"]
PAIRS = ("all", "others")


def global_efficiency(
    net: Network, *, layer: Choice = None, period: Choice = None, weight: str | None = "weight", per: Per = None
) -> float | pd.Series:
    r"""Mean nearness of the pairs of actors: 1 when all are tied to all, 0 without ties.

    Parameters
    ----------
    net : Network
        The network.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; a tie is 1/weight long. None: every tie is 1 long.
    per : {"layer", "period", "level"}, optional
        One value per layer, period or level.

    Returns
    -------
    float or Series
        0 to 1 when ties are 1 long, in units of strength otherwise. Isolates count, a pair out of reach adds 0;
        directed ties are followed. NaN for fewer than two actors.

    Raises
    ------
    UnknownNameError
        If a layer, a period or the column of weights is not there, or `per` is none of its choices; the nearest
        name is offered.

    Notes
    -----
    :math:`E = \frac{1}{n(n-1)} \sum_{u \neq v} 1 / d(u, v)`, the mean of `harmonic` over n - 1. Latora & Marchiori
    also divide the weighted one by that of an ideal network, which is not done here.

    References
    ----------
    Latora, V. & Marchiori, M. (2001). Efficient behavior of small-world networks. Physical Review Letters 87, 198701.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> round(global_efficiency(rt.Network(ties)), 3)
    0.833
    """

    def compute(view: TieView) -> float:
        pairs = view.n * (view.n - 1)
        return float(shared_distances(view, weight, "out").nearness.sum() / pairs) if pairs else float("nan")

    return per_network(net, "global_efficiency", compute, layer=layer, period=period, weight=weight, per=per)


def efficiency_vitality(
    net: Network,
    *,
    pairs: Pairs = "all",
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    per: Per = None,
) -> pd.Series:
    r"""Share of the efficiency of the network that is lost when the actor loses its ties.

    Parameters
    ----------
    net : Network
        The network.
    pairs : {"all", "others"}
        All pairs of actors, as published: what the actor reached itself is lost with it. Or only the pairs of other
        actors, so that nothing but what passed *through* it counts.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; a tie is 1/weight long. None: every tie is 1 long.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``efficiency_vitality``, indexed by actor, 0 to 1; 0 for an isolate. Directed ties are followed. NaN when
        the pairs looked at have no path at all.

    Raises
    ------
    UnknownNameError
        If a layer, a period or the column of weights is not there, or `pairs` or `per` is none of its choices;
        the nearest name is offered.

    Notes
    -----
    :math:`(E(G) - E(G - v)) / E(G)`, E as in `global_efficiency`, v staying in the network without ties. Only the
    actors that have a shortest path through v are walked anew. Memory grows with n².

    References
    ----------
    Latora, V. & Marchiori, M. (2007). A measure of centrality based on network efficiency. New Journal of Physics 9,
    188. Koschützki, D. et al. (2005). Centrality indices. In Network Analysis, LNCS 3418 (vitality).

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> efficiency_vitality(rt.Network(ties)).round(3).to_dict()
    {'Artisaloire': 0.6, 'Métropole': 0.6, 'Tours': 1.0}
    """
    if pairs not in PAIRS:
        raise unknown_name("choice of pairs", pairs, PAIRS)

    def compute(view: TieView) -> Floats:
        near, lost = _losses(lengths_of(view, weight))
        own = near.sum(axis=0) + near.sum(axis=1)
        whole = near.sum() - (own if pairs == "others" else 0.0)
        total = lost + (own if pairs == "all" else 0.0)
        share: Floats = np.divide(total, whole, out=np.full(view.n, np.nan), where=whole > 0)
        return share

    return per_actor(net, "efficiency_vitality", compute, layer=layer, period=period, weight=weight, per=per)


def _losses(lengths: Lengths) -> tuple[Floats, Floats]:
    """Return the nearness of each ordered pair, and what the pairs of others lose when each actor goes."""
    from scipy.sparse.csgraph import shortest_path

    matrix = lengths.matrix.copy()
    if lengths.unit:
        matrix.data = np.ones(matrix.nnz)
    n = matrix.shape[0]
    if not matrix.nnz:
        return np.zeros((n, n)), np.zeros(n)
    distance, slack = shortest_path(matrix, method="D"), 1.0 + max(lengths.tolerance, 1e-12)
    near = _nearness(distance)
    row = np.repeat(np.arange(n), np.diff(matrix.indptr))
    kept, lost = matrix.data.copy(), np.zeros(n)
    for actor in range(n):
        # The actor lies on a shortest path of the pairs for which the way by it is no longer.
        through = distance[:, [actor]] + distance[actor] <= distance * slack
        through &= np.isfinite(distance)
        through[actor] = through[:, actor] = False
        np.fill_diagonal(through, val=False)
        sources = np.flatnonzero(through.any(axis=1))
        if not len(sources):
            continue
        matrix.data[(row == actor) | (matrix.indices == actor)] = np.inf
        after = _nearness(shortest_path(matrix, method="D", indices=sources), sources)
        matrix.data[:] = kept
        change = near[sources] - after
        change[:, actor] = 0.0
        lost[actor] = change.sum()
    scale = lengths.unit or lengths.scale
    return near / scale, lost / scale


def _nearness(distance: Floats, sources: NDArray[np.int64] | None = None) -> Floats:
    """Return 1/d, 0 from an actor to itself and to those out of reach."""
    own = np.arange(len(distance)) if sources is None else sources
    result = distance.copy()
    result[np.arange(len(own)), own] = np.inf
    inverse: Floats = 1.0 / result
    return inverse
