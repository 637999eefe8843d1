"""Bridging between groups and parts of a network; holes, roles and cut points are also found here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.metrics._frame import Per, per_actor
from reseau_territorial.metrics._paths import dependencies
from reseau_territorial.metrics._selection import (
    Direction,
    bare,
    check_direction,
    lengths_of,
    make_matrix,
    shared_dependencies,
    shared_distances,
    strengths_of_pairs,
)
from reseau_territorial.metrics._triangles import owners
from reseau_territorial.metrics.brokers import broker_profile, valente_fujimoto
from reseau_territorial.metrics.cut_points import articulation_actors, tie_bridges
from reseau_territorial.metrics.holes import constraint, effective_size, efficiency, hierarchy, two_mode_constraint
from reseau_territorial.metrics.roles import brokerage, cross_layer_brokerage, network_brokerage, two_mode_brokerage
from reseau_territorial.network import Choice, Missing, Network

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = [
    "articulation_actors",
    "bridgeness",
    "bridging_centrality",
    "broker_profile",
    "brokerage",
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


def participation(
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
    r"""How evenly the ties of an actor are spread over the groups: Blau's index of its partners.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    direction : {"all", "out", "in"}
        For directed ties: outgoing plus incoming (a mutual tie counts twice), outgoing, or incoming.
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
        Named ``participation``, indexed by actor: 0 when all ties go to one group, at most 1 - 1/G for G groups.
        NaN for an isolate.

    Notes
    -----
    :math:`P_i = 1 - \sum_g (w_{ig} / s_i)^2`, :math:`w_{ig}` being the weight between i and group g.
    Guimerà and Amaral's participation coefficient is the same formula with modules as groups.

    References
    ----------
    Blau, P. M. (1977). Inequality and Heterogeneity.
    Guimerà, R. & Amaral, L. A. N. (2005). Functional cartography of complex metabolic networks. Nature 433, 895-900.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> actors = pd.DataFrame({"actor": ["Tours", "Métropole", "Artisaloire"], "sector": ["public", "public", "civil"]})
    >>> participation(rt.Network(ties, actors=actors), by="sector").to_dict()
    {'Tours': 0.5, 'Métropole': 0.0, 'Artisaloire': 0.0}
    """
    check_direction(direction)

    def compute(view: TieView) -> Floats:
        codes, labels = net._groups(by, view.actors, missing=missing)
        matrix, row, known = _known_ties(view, weight, direction, codes)
        width = np.int64(max(len(labels), 1))
        keys, where = np.unique(row[known] * width + codes[matrix.indices[known]], return_inverse=True)
        to_group = np.bincount(where, weights=matrix.data[known], minlength=len(keys))
        total = np.bincount(keys // width, weights=to_group, minlength=view.n)
        squares = np.bincount(keys // width, weights=to_group**2, minlength=view.n)
        spread: Floats = 1.0 - np.divide(squares, total**2, out=np.full(view.n, np.nan), where=total > 0)
        return spread

    return per_actor(net, "participation", compute, layer=layer, period=period, weight=weight, per=per)


def within_group_z(
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
    r"""How much more an actor is tied inside its group than the other members, in standard deviations.

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
        What to do with actors without a group.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``within_group_z``, indexed by actor. NaN when all members of the group have the same strength inside
        it (bctpy gives 0 there), a group of one included. An isolate counts, with a strength of 0.

    Notes
    -----
    :math:`z_i = (k_i - \bar k_g) / \sigma_g`, k being the strength inside group g and sigma the standard deviation
    over all its members (not the sample estimate).

    References
    ----------
    Guimerà, R. & Amaral, L. A. N. (2005). Functional cartography of complex metabolic networks. Nature 433, 895-900.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["a", "a"], "target": ["b", "c"]})
    >>> actors = pd.DataFrame({"actor": ["a", "b", "c"], "sector": ["public"] * 3})
    >>> within_group_z(rt.Network(ties, actors=actors), by="sector").round(3).to_dict()
    {'a': 1.414, 'b': -0.707, 'c': -0.707}
    """
    check_direction(direction)

    def compute(view: TieView) -> Floats:
        codes, labels = net._groups(by, view.actors, missing=missing)
        matrix, row, known = _known_ties(view, weight, direction, codes)
        inside = known & (codes[row] == codes[matrix.indices])
        tied = np.bincount(row[inside], weights=matrix.data[inside], minlength=view.n)
        member = codes >= 0
        size = np.maximum(np.bincount(codes[member], minlength=len(labels)), 1)
        mean = np.bincount(codes[member], weights=tied[member], minlength=len(labels)) / size
        apart = tied - mean[codes]
        spread = np.sqrt(np.bincount(codes[member], weights=apart[member] ** 2, minlength=len(labels)) / size)[codes]
        usable = member & (spread > 1e-12 * np.maximum(np.abs(tied), 1.0))
        z: Floats = np.divide(apart, spread, out=np.full(view.n, np.nan), where=usable)
        return z

    return per_actor(net, "within_group_z", compute, layer=layer, period=period, weight=weight, per=per)


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


def cross_betweenness(
    net: Network,
    *,
    by: str,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
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
    normalized : bool, default False
        Divide by the number of pairs of other actors of different groups.
    missing : {"error", "drop", "group"}
        What to do with actors without a group: stop, let paths pass them without starting or ending there, or make
        them one group.
    per : {"layer", "period", "level"}, optional
        One value per actor and layer, period or level.

    Returns
    -------
    Series
        Named ``cross_betweenness``, indexed by actor: 0 or more, 0 for an isolate. Pairs are ordered when any layer
        is directed. NaN when normalised and there is no such pair.

    Notes
    -----
    :math:`\sum_{s \neq v \neq t,\ g_s \neq g_t} \sigma_{st}(v) / \sigma_{st}`, in one pass over the sources: the
    global Q-measure without its weights, and with one group per actor the betweenness.

    References
    ----------
    Flom, P. L., Friedman, S. R., Strauss, S. & Neaigus, A. (2004). A new measure of linkage between two
    sub-networks. Connections 26, 62-70.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours"] * 3, "target": ["Métropole", "Artisaloire", "CHU"]})
    >>> sectors = {"Tours": "public", "Métropole": "public", "Artisaloire": "civil", "CHU": "public"}
    >>> actors = pd.DataFrame({"actor": list(sectors), "sector": list(sectors.values())})
    >>> cross_betweenness(rt.Network(ties, actors=actors), by="sector")["Tours"]
    np.float64(2.0)
    """

    def compute(view: TieView) -> Floats:
        codes, labels = net._groups(by, view.actors, missing=missing)
        total = dependencies(lengths_of(view, weight), group=codes.astype(np.int64))
        total = total if view.directed else total / 2
        if not normalized:
            return total
        size = np.bincount(codes[codes >= 0], minlength=len(labels)).astype(float)
        ends = size.sum() - (codes >= 0)
        squares = (size**2).sum() - np.where(codes >= 0, 2 * size[codes] - 1, 0)
        pairs = (ends**2 - squares) / (1 if view.directed else 2)
        share: Floats = np.divide(total, pairs, out=np.full(view.n, np.nan), where=pairs > 0)
        return share

    return per_actor(net, "cross_betweenness", compute, layer=layer, period=period, weight=weight, per=per)


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


def _known_ties(
    view: TieView, weight: str | None, direction: Direction, codes: NDArray[np.int32]
) -> tuple[csr_array, NDArray[np.int64], NDArray[np.bool_]]:
    """Return the ties of each actor read in a direction, and which join two actors that have a group."""
    if direction == "all":
        matrix = strengths_of_pairs(view, weight)
    else:
        matrix = make_matrix(view, direction, weighted=weight is not None)
    row = owners(matrix)
    return matrix, row, (codes[row] >= 0) & (codes[matrix.indices] >= 0)
