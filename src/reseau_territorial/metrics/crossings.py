"""Bridging between groups: paths, weight and nearness across their borders."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.errors import unknown_name
from reseau_territorial.metrics._frame import Per, per_actor
from reseau_territorial.metrics._paths import dependencies
from reseau_territorial.metrics._selection import Direction, check_direction, lengths_of
from reseau_territorial.metrics.cartography import known_ties
from reseau_territorial.network import Choice, Missing, Network

__all__ = ["bridge_closeness", "bridge_strength", "cross_betweenness"]

Floats = NDArray[np.float64]

REACHES = ("global", "local")
TOGETHER = 256  # sources whose distances are held together


def cross_betweenness(
    net: Network,
    *,
    by: str,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    reach: Literal["global", "local"] = "global",
    normalized: bool = False,
    missing: Missing = "error",
    per: Per = None,
) -> pd.Series:
    r"""Betweenness between groups: count only pairs of actors of different groups.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; a tie is 1/weight long. None: every tie is 1 long.
    reach : {"global", "local"}
        Pairs of any two groups, or only pairs of which one end is in the group of the actor that is passed.
    normalized : bool, default False
        Divide by the number of such pairs of other actors.
    missing : {"error", "drop", "group"}
        What to do with actors without a group: stop, let paths pass them without starting or ending there, or make
        them one group.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``cross_betweenness``, indexed by actor: 0 or more, 0 for an isolate. Pairs are ordered when any layer
        is directed. NaN when normalised and there is no such pair, and locally for an actor without a group.

    Raises
    ------
    UnknownNameError
        If a layer, a period or a column is not there, or `per` or `reach` is none of its choices; the nearest
        name is offered.
    ReseauError
        If actors have no group and `missing` is ``"error"``: their names are given.

    Notes
    -----
    :math:`\sum_{s \neq v \neq t,\ g_s \neq g_t} \sigma_{st}(v) / \sigma_{st}`, in one pass over the sources
    (locally, one per group): the Q-measure without its weights, and with one group per actor the betweenness.

    References
    ----------
    Flom, P. L., Friedman, S. R., Strauss, S. & Neaigus, A. (2004). A new measure of linkage between two
    sub-networks. Connections 26, 62-70.
    Guns, R. & Rousseau, R. (2009). Gauging the bridging function of nodes in a network: Q-measures for networks with
    a finite number of subgroups. ISSI 2009, 131-142.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours"] * 3, "target": ["Métropole", "Artisaloire", "CHU"]})
    >>> sectors = {"Tours": "public", "Métropole": "public", "Artisaloire": "civil", "CHU": "public"}
    >>> actors = pd.DataFrame({"actor": list(sectors), "sector": list(sectors.values())})
    >>> cross_betweenness(rt.Network(ties, actors=actors), by="sector")["Tours"]
    np.float64(2.0)
    """
    if reach not in REACHES:
        raise unknown_name("reach", reach, REACHES)

    def compute(view: TieView) -> Floats:
        codes, labels = net._groups(by, view.actors, missing=missing)
        lengths = lengths_of(view, weight)
        if reach == "global":
            total, pairs = dependencies(lengths, group=codes.astype(np.int64)), pairs_across(codes, len(labels))
        else:
            total, pairs = np.full(view.n, np.nan), np.full(view.n, np.nan)
            for place in range(len(labels)):
                own = np.where(codes < 0, -1, codes != place)
                here = codes == place
                total[here] = dependencies(lengths, group=own.astype(np.int64))[here]
                pairs[here] = pairs_across(own, 2)[here]
        once = 1 if view.directed else 2
        if not normalized:
            return total / once
        share: Floats = np.divide(total, pairs, out=np.full(view.n, np.nan), where=pairs > 0)
        return share

    return per_actor(net, "cross_betweenness", compute, layer=layer, period=period, weight=weight, per=per)


def bridge_strength(
    net: Network,
    *,
    by: str,
    direction: Direction = "all",
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    missing: Missing = "error",
    per: Per = None,
) -> pd.Series:
    r"""Sum the weights of the ties of each actor to other groups than its own.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    direction : {"all", "out", "in"}
        For directed ties: outgoing plus incoming, outgoing, or incoming.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; None counts each tied pair as 1.
    missing : {"error", "drop", "group"}
        What to do with actors without a group: stop, leave them and their ties out (they get NaN), or make them one
        group.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``bridge_strength``, indexed by actor, in the unit of the weights; 0 for an isolate.

    Raises
    ------
    UnknownNameError
        If a layer, a period or a column is not there, or `direction` or `per` is none of its choices; the
        nearest name is offered.
    ReseauError
        If actors have no group and `missing` is ``"error"``: their names are given.

    Notes
    -----
    :math:`\sum_{u: g_u \neq g_v} w_{vu}`.

    References
    ----------
    Jones, P. J., Ma, R. & McNally, R. J. (2021). Bridge centrality: a network approach to understanding comorbidity.
    Multivariate Behavioral Research 56, 353-367.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"], "weight": [1, 3]})
    >>> actors = pd.DataFrame({"actor": ["Tours", "Métropole", "Artisaloire"], "sector": ["public", "public", "civil"]})
    >>> bridge_strength(rt.Network(ties, actors=actors), by="sector").to_dict()
    {'Tours': 3.0, 'Métropole': 0.0, 'Artisaloire': 3.0}
    """
    check_direction(direction)

    def compute(view: TieView) -> Floats:
        codes, _ = net._groups(by, view.actors, missing=missing)
        matrix, row, known = known_ties(view, weight, direction, codes)
        across = known & (codes[row] != codes[matrix.indices])
        total = np.bincount(row[across], weights=matrix.data[across], minlength=view.n)
        return np.where(codes >= 0, total, np.nan)

    return per_actor(net, "bridge_strength", compute, layer=layer, period=period, weight=weight, per=per)


def bridge_closeness(
    net: Network,
    *,
    by: str,
    direction: Direction = "out",
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    missing: Missing = "error",
    per: Per = None,
) -> pd.Series:
    r"""Inverse mean distance from each actor to those of other groups that it reaches.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    direction : {"out", "in", "all"}, default "out"
        Distances along directed ties from the actor, towards it, or along ties read both ways.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; a tie is 1/weight long. None: every tie is 1 long.
    missing : {"error", "drop", "group"}
        What to do with actors without a group: stop, let paths pass them without starting or ending there, or make
        them one group.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``bridge_closeness``, indexed by actor: above 0, at most 1 when ties are 1 long. NaN for an actor that
        reaches no other group, isolates among them.

    Raises
    ------
    UnknownNameError
        If a layer, a period or a column is not there, or `direction` or `per` is none of its choices; the
        nearest name is offered.
    ReseauError
        If actors have no group and `missing` is ``"error"``: their names are given.

    Notes
    -----
    :math:`r_v / \sum_u d(v, u)`, over the r_v actors u of other groups that v reaches. networktools 1.6.0 ignores
    direction.

    References
    ----------
    Jones, P. J., Ma, R. & McNally, R. J. (2021). Bridge centrality: a network approach to understanding comorbidity.
    Multivariate Behavioral Research 56, 353-367.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> actors = pd.DataFrame({"actor": ["Tours", "Métropole", "Artisaloire"], "sector": ["public", "public", "civil"]})
    >>> bridge_closeness(rt.Network(ties, actors=actors), by="sector").round(3).to_dict()
    {'Tours': 1.0, 'Métropole': 0.5, 'Artisaloire': 0.667}
    """
    check_direction(direction)

    def compute(view: TieView) -> Floats:
        from scipy.sparse.csgraph import shortest_path

        codes, _ = net._groups(by, view.actors, missing=missing)
        lengths = lengths_of(view, weight, direction)
        scale = lengths.unit or lengths.scale
        result = np.full(view.n, np.nan)
        for begin in range(0, view.n, TOGETHER):
            some = np.arange(begin, min(begin + TOGETHER, view.n))
            away = shortest_path(lengths.matrix, method="D", indices=some, unweighted=bool(lengths.unit)) * scale
            counted = np.isfinite(away) & (codes[some, None] != codes) & (codes[some, None] >= 0) & (codes >= 0)
            reached, total = counted.sum(axis=1), np.where(counted, away, 0.0).sum(axis=1)
            result[some] = np.divide(reached, total, out=np.full(len(some), np.nan), where=reached > 0)
        return result

    return per_actor(net, "bridge_closeness", compute, layer=layer, period=period, weight=weight, per=per)


def pairs_across(codes: NDArray[np.signedinteger], groups: int) -> Floats:
    """Count for each actor the ordered pairs of others of different groups."""
    known = codes >= 0
    size = np.bincount(codes[known], minlength=groups).astype(np.float64)
    ends = size.sum() - known
    squares = (size**2).sum() - np.where(known, 2 * size[codes] - 1, 0)
    pairs: Floats = ends**2 - squares
    return pairs
