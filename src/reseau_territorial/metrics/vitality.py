"""Efficiency of a whole network: how near its actors are to one another, and what is lost with each of them."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.metrics._frame import Per, per_actor, per_network
from reseau_territorial.metrics._paths import Lengths
from reseau_territorial.metrics._selection import lengths_of, shared_distances
from reseau_territorial.network import Choice, Network

__all__ = ["efficiency_vitality", "global_efficiency"]

Floats = NDArray[np.float64]
Pairs = Literal["all", "others"]
PAIRS = ("all", "others")
MOST = 10_000  # actors: 0.8 GB of distances
ROUNDING = 1e-12  # of the whole: less is nothing
HELD = 4_000_000  # distances looked at together


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
    ReseauError
        If more than 10,000 actors are present.

    Notes
    -----
    :math:`(E(G) - E(G - v)) / E(G)`, E as in `global_efficiency`, v staying in the network without ties. Only the
    actors that have a shortest path through v are walked anew. The distances of all pairs are held: 8 n² bytes.

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
        near, own, lost = _losses(lengths_of(view, weight))
        whole = near - (own if pairs == "others" else np.zeros(view.n))
        total = lost + (own if pairs == "all" else 0.0)
        share: Floats = np.divide(total, whole, out=np.full(view.n, np.nan), where=whole > ROUNDING * near)
        return share

    return per_actor(net, "efficiency_vitality", compute, layer=layer, period=period, weight=weight, per=per)


def _losses(lengths: Lengths) -> tuple[float, Floats, Floats]:
    """Return the nearness of all ordered pairs, of those of each actor, and what the others lose when it goes."""
    from scipy.sparse.csgraph import shortest_path

    matrix = lengths.matrix.copy()
    if lengths.unit:
        matrix.data = np.ones(matrix.nnz)
    n = matrix.shape[0]
    if n > MOST:
        raise ReseauError(
            f"efficiency_vitality holds the distances of all pairs: {n} actors would take {8 * n**2 / 1e9:.1f} GB, and "
            f"it stops at {MOST}. Select a layer, a period or a territory."
        )
    own, lost = np.zeros(n), np.zeros(n)
    if not matrix.nnz:
        return 0.0, own, lost
    distance, slack = shortest_path(matrix, method="D"), 1.0 + max(lengths.tolerance, 1e-12)
    parts = _parts(np.arange(n), n)
    for some in parts:
        near = _nearness(distance[some], some)
        own += near.sum(axis=0)
        own[some] += near.sum(axis=1)
    row = np.repeat(np.arange(n), np.diff(matrix.indptr))
    kept = matrix.data.copy()
    for actor in range(n):
        sources = np.concatenate([some[_pass(distance, some, actor, slack)] for some in parts])
        if not len(sources):
            continue
        matrix.data[(row == actor) | (matrix.indices == actor)] = np.inf
        for some in _parts(sources, n):
            change = _nearness(distance[some], some)
            change -= _nearness(shortest_path(matrix, method="D", indices=some), some)
            change[:, actor] = 0.0
            lost[actor] += change.sum()
        matrix.data[:] = kept
    scale = lengths.unit or lengths.scale
    return float(own.sum()) / 2 / scale, own / scale, lost / scale


def _parts(sources: NDArray[np.int64], n: int) -> list[NDArray[np.int64]]:
    """Cut sources into parts whose distances to all actors can be looked at together."""
    step = max(1, HELD // n)
    return [sources[begin : begin + step] for begin in range(0, len(sources), step)]


def _pass(distance: Floats, sources: NDArray[np.int64], actor: int, slack: float) -> NDArray[np.bool_]:
    """Tell from which other actors a shortest path passes the actor: the way by it is then no longer."""
    held = distance[sources]
    through = held[:, [actor]] + distance[actor] <= held * slack
    through &= np.isfinite(held)
    through[:, actor] = False
    passed: NDArray[np.bool_] = through.any(axis=1) & (sources != actor)
    return passed


def _nearness(distance: Floats, sources: NDArray[np.int64] | None = None) -> Floats:
    """Return 1/d, 0 from an actor to itself and to those out of reach."""
    own = np.arange(len(distance)) if sources is None else sources
    result = distance.copy()
    result[np.arange(len(own)), own] = np.inf
    inverse: Floats = 1.0 / result
    return inverse
