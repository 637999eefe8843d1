"""Centrality of actors by shortest paths; those of `partners`, `prestige` and `cores` are also found here.

Weights are strengths: the length of a path is the sum of 1/weight (Newman 2001).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.errors import unknown_name
from reseau_territorial.metrics._approximate import sampled_betweenness, sampled_distances
from reseau_territorial.metrics._frame import Per, per_actor
from reseau_territorial.metrics._selection import (
    Direction,
    Variant,
    check_direction,
    closeness_of,
    lengths_of,
    shared_dependencies,
    shared_distances,
)
from reseau_territorial.metrics.cores import centralization, core_periphery, coreness
from reseau_territorial.metrics.partners import degree, in_degree, out_degree, strength
from reseau_territorial.metrics.prestige import eigenvector, hits, katz, pagerank
from reseau_territorial.network import Choice, Network
from reseau_territorial.vocabulary import SEED

__all__ = [
    "betweenness",
    "centralization",
    "closeness",
    "core_periphery",
    "coreness",
    "degree",
    "eigenvector",
    "harmonic",
    "hits",
    "in_degree",
    "katz",
    "out_degree",
    "pagerank",
    "strength",
]

Floats = NDArray[np.float64]
VARIANTS = ("wasserman_faust", "reachable", "freeman")


def betweenness(
    net: Network,
    *,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    normalized: bool = False,
    approximate: float | None = None,
    seed: int = SEED,
    per: Per = None,
) -> pd.Series:
    r"""Count the pairs of other actors whose shortest paths pass each actor.

    Parameters
    ----------
    net : Network
        The network.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; a tie is 1/weight long, and one of strength 0 joins nobody. None: every
        tie is 1 long.
    normalized : bool, default False
        Divide by the number of pairs of other actors, (n-1)(n-2)/2, or (n-1)(n-2) when ties are directed.
    approximate : int or float, optional
        Walk from a sample of actors only: their number, or (below 1) the largest error to accept on the normalised
        value with a probability of 90 %. The bound reached is in ``result.attrs["error_bound"]``.
    seed : int
        Seed of that sample.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``betweenness``, indexed by actor. Each pair counts once when ties are undirected, and each ordered
        pair once, along the direction of ties, when any layer is directed. 0 for an isolate; NaN when normalised
        over fewer than three actors.

    Raises
    ------
    UnknownNameError
        If a layer, a period or the column of weights is not there, or `per` is none of its choices; the nearest
        name is offered.

    Notes
    -----
    :math:`B_v = \sum_{s \neq v \neq t} \sigma_{st}(v) / \sigma_{st}`. Lengths are compared as exact integers
    when weights are integers, else with a relative tolerance of 1e-10. Structural twins are walked once for all and
    tree-like fringes are folded: the result is exact.

    With `k` sampled actors the error of every normalised value is below :math:`\sqrt{\ln(2n/0.1) / 2k} \cdot n/(n-1)`
    with a probability of 90 % (Hoeffding 1963).

    References
    ----------
    Freeman, L. C. (1977). A set of measures of centrality based on betweenness. Sociometry 40, 35-41.
    Brandes, U. (2001). A faster algorithm for betweenness centrality. J. Mathematical Sociology 25, 163-177.
    Newman, M. E. J. (2001). Scientific collaboration networks. II. Physical Review E 64, 016132.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> betweenness(rt.Network(ties))["Tours"]
    np.float64(1.0)
    """
    bounds: list[dict[str, Any]] = []

    def compute(view: TieView) -> Floats:
        n = view.n
        if approximate is None:
            total = shared_dependencies(view, weight)
        else:
            total, bound = sampled_betweenness(lengths_of(view, weight), view.actors.argsort(), approximate, seed)
            total = total if view.directed else total / 2
            bounds.append(bound if normalized else {**bound, "error_bound": bound["error_bound"] * _pairs(view)})
        if not normalized:
            return total
        return total / _pairs(view) if n > 2 else np.full(n, np.nan)

    result = per_actor(net, "betweenness", compute, layer=layer, period=period, weight=weight, per=per)
    return _with_bounds(result, bounds)


def closeness(
    net: Network,
    *,
    direction: Direction = "out",
    variant: Variant = "wasserman_faust",
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    approximate: float | None = None,
    seed: int = SEED,
    per: Per = None,
) -> pd.Series:
    r"""Inverse mean distance from each actor to the others, lowered when it does not reach all of them.

    Parameters
    ----------
    net : Network
        The network.
    direction : {"out", "in", "all"}, default "out"
        Distances along directed ties from the actor, towards it, or along ties read both ways.
    variant : {"wasserman_faust", "reachable", "freeman"}
        With r other actors reached, at a total distance F: r/F times r/(n-1); r/F alone, which crowns detached
        fragments (igraph); (n-1)/F, and 0 when an actor is out of reach (sna).
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; a tie is 1/weight long. None: every tie is 1 long.
    approximate : int or float, optional
        Measure distances to a sample of actors only: their number, or (below 1) the error to accept on the mean
        distance, as a share of the largest distance, with a probability of 90 %.
        The bound reached is in ``result.attrs["error_bound"]``.
    seed : int
        Seed of that sample.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``closeness``, indexed by actor: 0 to 1 when ties are 1 long. An isolate has 0 (NaN with
        ``variant="reachable"``, where it is undefined; NaN for a lone actor).

    Raises
    ------
    UnknownNameError
        If a layer, a period or the column of weights is not there, or `direction`, `variant` or `per` is none
        of its choices; the nearest name is offered.

    Notes
    -----
    :math:`C_v = \frac{r_v}{n - 1} \cdot \frac{r_v}{\sum_u d(v, u)}`, u over the r_v actors reached.

    References
    ----------
    Wasserman, S. & Faust, K. (1994). Social Network Analysis, p. 201.
    Freeman, L. C. (1978). Centrality in social networks. Social Networks 1, 215-239.
    Eppstein, D. & Wang, J. (2004). Fast approximation of centrality. JGAA 8, 39-45.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> closeness(rt.Network(ties)).round(3).to_dict()
    {'Artisaloire': 0.667, 'Métropole': 0.667, 'Tours': 1.0}
    """
    if variant not in VARIANTS:
        raise unknown_name("variant of closeness", variant, VARIANTS)
    bounds: list[dict[str, Any]] = []

    def compute(view: TieView) -> Floats:
        if approximate is None:
            return closeness_of(shared_distances(view, weight, direction), view.n, variant)
        sums, bound = sampled_distances(lengths_of(view, weight, direction), view.actors.argsort(), approximate, seed)
        bounds.append(bound)
        return closeness_of(sums, view.n, variant)

    check_direction(direction)
    result = per_actor(net, "closeness", compute, layer=layer, period=period, weight=weight, per=per)
    return _with_bounds(result, bounds)


def harmonic(
    net: Network,
    *,
    direction: Direction = "out",
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    normalized: bool = False,
    per: Per = None,
) -> pd.Series:
    r"""Sum the inverse distances from each actor to the others.

    Parameters
    ----------
    net : Network
        The network.
    direction : {"out", "in", "all"}, default "out"
        Distances along directed ties from the actor, towards it, or along ties read both ways.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; a tie is 1/weight long. None: every tie is 1 long.
    normalized : bool, default False
        Divide by n - 1.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``harmonic``, indexed by actor: an actor out of reach adds 0, so an isolate has 0. NaN when normalised
        for a lone actor.

    Raises
    ------
    UnknownNameError
        If a layer, a period or the column of weights is not there, or `direction` or `per` is none of its
        choices; the nearest name is offered.

    Notes
    -----
    :math:`H_v = \sum_{u \neq v} 1 / d(v, u)`.

    References
    ----------
    Rochat, Y. (2009). Closeness centrality extended to unconnected graphs: the harmonic centrality index. ASNA.
    Boldi, P. & Vigna, S. (2014). Axioms for centrality. Internet Mathematics 10, 222-262.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> harmonic(rt.Network(ties)).to_dict()
    {'Artisaloire': 1.5, 'Métropole': 1.5, 'Tours': 2.0}
    """
    check_direction(direction)

    def compute(view: TieView) -> Floats:
        nearness = shared_distances(view, weight, direction).nearness
        if not normalized:
            return nearness
        return nearness / (view.n - 1) if view.n > 1 else np.full(view.n, np.nan)

    return per_actor(net, "harmonic", compute, layer=layer, period=period, weight=weight, per=per)


def _pairs(view: TieView) -> float:
    return (view.n - 1) * (view.n - 2) / (1 if view.directed else 2)


def _with_bounds(result: pd.Series, bounds: list[dict[str, Any]]) -> pd.Series:
    if bounds:
        result.attrs.update(max(bounds, key=lambda bound: bound["error_bound"]))
    return result
