"""Bridging between parts of a network; bridging between groups, holes, roles and cut points are also found here."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.metrics._frame import Per, per_actor
from reseau_territorial.metrics._paths import dependencies
from reseau_territorial.metrics._selection import bare, lengths_of, shared_dependencies, shared_distances
from reseau_territorial.metrics._triangles import owners
from reseau_territorial.metrics.brokers import broker_profile, valente_fujimoto
from reseau_territorial.metrics.cartography import cartographic_roles, participation, within_group_z
from reseau_territorial.metrics.crossings import bridge_closeness, bridge_strength, cross_betweenness
from reseau_territorial.metrics.cut_points import articulation_actors, tie_bridges
from reseau_territorial.metrics.holes import constraint, effective_size, efficiency, hierarchy, two_mode_constraint
from reseau_territorial.metrics.layer_brokers import cross_layer_brokerage
from reseau_territorial.metrics.roles import brokerage, network_brokerage, two_mode_brokerage
from reseau_territorial.network import Choice, Network

__all__ = [
    "articulation_actors",
    "bridge_closeness",
    "bridge_strength",
    "bridgeness",
    "bridging_centrality",
    "broker_profile",
    "brokerage",
    "cartographic_roles",
    "constraint",
    "cross_betweenness",
    "cross_layer_brokerage",
    "effective_size",
    "efficiency",
    "everett_valente",
    "hierarchy",
    "network_brokerage",
    "participation",
    "tie_bridges",
    "two_mode_brokerage",
    "two_mode_constraint",
    "valente_fujimoto",
    "within_group_z",
]

Floats = NDArray[np.float64]


def bridging_centrality(
    net: Network, *, layer: Choice = None, period: Choice = None, weight: str | None = "weight", per: Per = None
) -> pd.Series:
    r"""Betweenness of actors whose partners have more partners than they have.

    Parameters
    ----------
    net : Network
        The network.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength, for betweenness; partners are counted without weights.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``bridging_centrality``, indexed by actor: 0 or more; NaN for an isolate. Partners are those tied in
        either direction; betweenness follows the direction of ties and is not normalised.

    Raises
    ------
    UnknownNameError
        If a layer, a period or the column of weights is not there, or `per` is none of its choices; the nearest
        name is offered.

    Notes
    -----
    :math:`B_v \cdot \frac{1 / k_v}{\sum_{u \in N(v)} 1 / k_u}`.

    References
    ----------
    Hwang, W., Cho, Y., Zhang, A. & Ramanathan, M. (2006). Bridging centrality: identifying bridging nodes in
    scale-free networks. KDD.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["a", "b", "c"], "target": ["b", "c", "d"]})
    >>> bridging_centrality(rt.Network(ties)).round(4).to_dict()
    {'a': 0.0, 'b': 0.6667, 'c': 0.6667, 'd': 0.0}
    """

    def compute(view: TieView) -> Floats:
        matrix = bare(view.undirected_binary)
        partners = np.diff(matrix.indptr).astype(np.float64)
        inverse: Floats = np.divide(1.0, partners, out=np.full(view.n, np.nan), where=partners > 0)
        around = np.bincount(owners(matrix), weights=inverse[matrix.indices], minlength=view.n)
        coefficient = np.divide(inverse, around, out=np.full(view.n, np.nan), where=partners > 0)
        bridging: Floats = shared_dependencies(view, weight) * coefficient
        return bridging

    return per_actor(net, "bridging_centrality", compute, layer=layer, period=period, weight=weight, per=per)


def bridgeness(net: Network, *, layer: Choice = None, period: Choice = None, per: Per = None) -> pd.Series:
    r"""Betweenness between distant actors: count only pairs neither of which is tied to the actor.

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
        Named ``bridgeness``, indexed by actor: at most the betweenness; 0 for an isolate. Every tie is 1 long.
        With directed ties, a pair (s, t) is left out when s is tied to the actor or the actor to t.

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `per` is none of its choices; the nearest name is offered.

    Notes
    -----
    :math:`\sum_{s \notin N[v],\ t \notin N[v]} \sigma_{st}(v) / \sigma_{st}`: hubs that only serve their own
    partners get 0.

    References
    ----------
    Jensen, P. et al. (2016). Detecting global bridges in networks. J. Complex Networks 4, 319-329.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["a", "b", "c", "d"], "target": ["b", "c", "d", "e"]})
    >>> bridgeness(rt.Network(ties)).to_dict()
    {'a': 0.0, 'b': 0.0, 'c': 1.0, 'd': 0.0, 'e': 0.0}
    """

    def compute(view: TieView) -> Floats:
        total = dependencies(lengths_of(view, None), far=True)
        return total if view.directed else total / 2

    return per_actor(net, "bridgeness", compute, layer=layer, period=period, per=per)


def everett_valente(
    net: Network, *, normalized: bool = False, layer: Choice = None, period: Choice = None, per: Per = None
) -> pd.Series:
    r"""Brokerage per tie: how many shortest paths each tie of an actor brings it, on average.

    Parameters
    ----------
    net : Network
        The network.
    normalized : bool, default False
        Divide by the largest value for n actors, undirected ties only: (n² - 1)/4, or (n² - 2)/4 when n is even.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``everett_valente``, indexed by actor; 0 for an actor that no shortest path passes (isolates among
        them). Every tie is 1 long. With directed ties, the mean of the incoming and outgoing values.

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `per` is none of its choices; the nearest name is offered.

    Notes
    -----
    Undirected: :math:`(2 B_v + n - 1) / k_v`, as published, whether or not v reaches all others.
    Directed: the mean of :math:`(B_v + a_v) / k^{in}_v` and :math:`(B_v + r_v) / k^{out}_v`, with a the actors that
    reach v and r those that it reaches. The published R code leaves (n - 1)/k where B is 0; the paper's table has 0
    there, as here.

    References
    ----------
    Everett, M. G. & Valente, T. W. (2016). Bridging, brokerage and betweenness. Social Networks 44, 202-208.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> everett_valente(rt.Network(ties)).to_dict()
    {'Artisaloire': 0.0, 'Métropole': 0.0, 'Tours': 2.0}
    """

    def compute(view: TieView) -> Floats:
        between = shared_dependencies(view, None)
        broker = between > 0
        sent = np.maximum(np.diff(view.binary.indptr), 1)
        if not view.directed:
            n = view.n
            largest = ((n**2 - 1) / 4 if n % 2 else (n**2 - 2) / 4) if normalized else 1.0
            return np.where(broker, (2 * between + n - 1) / sent / largest, 0.0)
        received = np.maximum(np.bincount(view.binary.indices, minlength=view.n), 1)
        reached, reaching = (shared_distances(view, None, way).reached for way in ("out", "in"))
        mean = ((between + reaching) / received + (between + reached) / sent) / 2
        return np.where(broker, mean, 0.0)

    return per_actor(net, "everett_valente", compute, layer=layer, period=period, per=per)
