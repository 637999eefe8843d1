"""How closely a network holds together: density, reciprocity, triangles, triads, Krackhardt's four dimensions."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.errors import unknown_name
from reseau_territorial.metrics._frame import Per, per_actor, per_frame, per_network
from reseau_territorial.metrics._selection import Definition, check_definition
from reseau_territorial.metrics._triangles import arcs_once, ties_among_partners
from reseau_territorial.network import Choice, Network

__all__ = ["clustering", "density", "krackhardt", "reciprocity", "transitivity", "triad_census"]

Floats = NDArray[np.float64]
Reciprocity = Literal["edgewise", "dyadic", "dyadic_nonnull"]
RECIPROCITIES = ("edgewise", "dyadic", "dyadic_nonnull")
TRIADS = (
    "003", "012", "102", "021D", "021U", "021C", "111D", "111U", "030T", "030C", "201", "120D", "120U", "120C", "210",
    "300",
)  # fmt: skip
TOGETHER = 512  # actors whose descendants are held together


def density(net: Network, *, layer: Choice = None, period: Choice = None, per: Per = None) -> float | pd.Series:
    r"""Share of the pairs of actors that are tied.

    Parameters
    ----------
    net : Network
        The network.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    per : {"layer", "period", "level"}, optional
        One value per network and layer, period or level.

    Returns
    -------
    float or Series
        0 to 1, over ordered pairs when any layer is directed; isolates count, parallel ties count once. NaN for fewer
        than two actors.

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `per` is none of its choices; the nearest name is offered.

    Notes
    -----
    :math:`m / (n (n - 1) / 2)`, with m tied pairs, or :math:`m / (n (n - 1))` for directed ties.

    References
    ----------
    Wasserman, S. & Faust, K. (1994). Social Network Analysis, p. 101.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["Tours", "Tours"], "target": ["Métropole", "Artisaloire"]})
    >>> round(density(rt.Network(ties)), 3)
    0.667
    """

    def compute(view: TieView) -> float:
        pairs = view.n * (view.n - 1)
        return view.binary.nnz / pairs if pairs else float("nan")

    return per_network(net, "density", compute, layer=layer, period=period, per=per)


def reciprocity(
    net: Network, *, kind: Reciprocity = "edgewise", layer: Choice = None, period: Choice = None, per: Per = None
) -> float | pd.Series:
    r"""Share of directed ties that are returned.

    Parameters
    ----------
    net : Network
        The network.
    kind : {"edgewise", "dyadic", "dyadic_nonnull"}
        Share of ties that are returned (as igraph); of all pairs of actors, those tied both ways or not at all (the
        default of sna); of tied pairs, those tied both ways.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    per : {"layer", "period", "level"}, optional
        One value per network and layer, period or level.

    Returns
    -------
    float or Series
        0 to 1; 1 when ties are undirected. NaN without ties (``"dyadic"``: for fewer than two actors).

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `kind` or `per` is none of its choices; the nearest name is
        offered.

    Notes
    -----
    With M pairs tied both ways, A one way and N not at all: :math:`2M/(2M + A)`, :math:`(M + N)/(M + A + N)` and
    :math:`M/(M + A)`.

    References
    ----------
    Wasserman, S. & Faust, K. (1994). Social Network Analysis, p. 515.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["a", "b", "a"], "target": ["b", "a", "c"]})
    >>> round(reciprocity(rt.Network(ties, directed=True)), 3)
    0.667
    """
    if kind not in RECIPROCITIES:
        raise unknown_name("kind of reciprocity", kind, RECIPROCITIES)

    def compute(view: TieView) -> float:
        arcs = view.binary.nnz
        mutual = int(view.binary.multiply(view.binary.T).nnz) / 2
        tied, pairs = arcs - mutual, view.n * (view.n - 1) / 2
        top, bottom = {
            "edgewise": (2 * mutual, arcs),
            "dyadic": (pairs - tied + mutual, pairs),
            "dyadic_nonnull": (mutual, tied),
        }[kind]
        return top / bottom if bottom else float("nan")

    return per_network(net, "reciprocity", compute, layer=layer, period=period, per=per)


def clustering(net: Network, *, layer: Choice = None, period: Choice = None, per: Per = None) -> pd.Series:
    r"""Share of the pairs of partners of each actor that are tied to each other.

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
        Named ``clustering``, indexed by actor, 0 to 1. Ties are read in both directions, without weights. NaN for an
        actor of fewer than two partners (networkx: 0).

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `per` is none of its choices; the nearest name is offered.

    Notes
    -----
    :math:`2 t_v / (k_v (k_v - 1))`, t the ties among the k partners: 1 less `broker_profile`'s honest brokerage.

    References
    ----------
    Watts, D. J. & Strogatz, S. H. (1998). Collective dynamics of 'small-world' networks. Nature 393, 440-442.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["a", "b", "c", "c"], "target": ["b", "c", "a", "d"]})
    >>> clustering(rt.Network(ties)).round(3).to_dict()
    {'a': 1.0, 'b': 1.0, 'c': 0.333, 'd': nan}
    """

    def compute(view: TieView) -> Floats:
        partners, tied = _partners_and_ties(view)
        pairs = partners * (partners - 1) / 2
        share: Floats = np.divide(tied, pairs, out=np.full(view.n, np.nan), where=pairs > 0)
        return share

    return per_actor(net, "clustering", compute, layer=layer, period=period, per=per)


def transitivity(net: Network, *, layer: Choice = None, period: Choice = None, per: Per = None) -> float | pd.Series:
    r"""Share of the paths of two ties whose ends are tied.

    Parameters
    ----------
    net : Network
        The network.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    per : {"layer", "period", "level"}, optional
        One value per network and layer, period or level.

    Returns
    -------
    float or Series
        0 to 1, without weights. Directed: of the pairs of ties i to j and j to k (i, k different), those with a tie
        from i to k (sna's weak transitivity; igraph reads ties both ways). NaN without such a path.

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `per` is none of its choices; the nearest name is offered.

    Notes
    -----
    Undirected: three times the triangles over the paths of two ties.

    References
    ----------
    Wasserman, S. & Faust, K. (1994). Social Network Analysis, p. 243.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["a", "b", "c", "c"], "target": ["b", "c", "a", "d"]})
    >>> transitivity(rt.Network(ties))
    0.6
    """

    def compute(view: TieView) -> float:
        if not view.directed:
            partners, tied = _partners_and_ties(view)
            paths, closed = float((partners * (partners - 1)).sum()), float(2 * tied.sum())
        else:
            matrix = view.binary
            into, out = np.bincount(matrix.indices, minlength=view.n), np.diff(matrix.indptr)
            paths = float((into * out).sum() - matrix.multiply(matrix.T).nnz)
            closed = float((matrix @ matrix).multiply(matrix).sum())
        return closed / paths if paths else float("nan")

    return per_network(net, "transitivity", compute, layer=layer, period=period, per=per)


def krackhardt(
    net: Network,
    *,
    definition: Definition = "published",
    layer: Choice = None,
    period: Choice = None,
    per: Per = None,
) -> pd.DataFrame:
    r"""Krackhardt's four dimensions of hierarchy: how far a directed network is from a tree of command.

    Parameters
    ----------
    net : Network
        The network.
    definition : {"published", "sna"}
        What ``lubness`` looks for: the *least* upper bound of two actors, below all others who reach both, as
        published, or the *greatest*, above all others, as sna 2.7.1. The other dimensions are the same.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    per : {"layer", "period", "level"}, optional
        One table per layer, period or level, stacked.

    Returns
    -------
    DataFrame
        Indexed by ``dimension``, one column ``value``, 0 to 1, all 1 in an out-tree. ``connectedness``: share of the
        pairs of actors joined by a chain of ties, read both ways. ``hierarchy``: share of the pairs of which one
        reaches the other that do so one way only. ``efficiency``: 1 less the share of ties in excess of a tree.
        ``lubness``: share of the pairs of a component that have an actor who reaches both, and is reached by any other
        who does. Undirected ties are read as ties both ways, since the definition is of directed ones. NaN where there
        is no pair to look at; without ties, ``connectedness`` is 0.

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `definition` or `per` is none of its choices; the nearest name
        is offered.

    Notes
    -----
    Efficiency and lubness add up, over components of n actors: excess :math:`m - (n - 1)` of at most
    :math:`n (n - 1) - (n - 1)`; pairs without a least upper bound of at most :math:`(n - 1)(n - 2)/2`.
    sna's bound is not there where two chiefs share a deputy: a → c, b → c, c → d, c → e has 5/6 as published, 1/3
    with ``"sna"``. Memory grows with n².

    References
    ----------
    Krackhardt, D. (1994). Graph theoretical dimensions of informal organizations. In Carley & Prietula (eds),
    Computational Organizational Theory, 89-111.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["État", "État"], "target": ["Région", "Département"]})
    >>> krackhardt(rt.Network(ties, directed=True))["value"].to_dict()
    {'connectedness': 1.0, 'hierarchy': 1.0, 'efficiency': 1.0, 'lubness': 1.0}
    """
    check_definition(definition)

    def compute(view: TieView) -> pd.DataFrame:
        from scipy.sparse.csgraph import connected_components, shortest_path

        matrix, n = view.binary, view.n
        _, piece = connected_components(matrix, directed=True, connection="weak")
        size = np.bincount(piece).astype(np.float64)
        joined = (size * (size - 1)).sum()
        reaches = np.isfinite(shortest_path(matrix, method="D", unweighted=True)) if n else np.zeros((0, 0), dtype=bool)
        both, either = np.triu(reaches & reaches.T, 1).sum(), np.triu(reaches | reaches.T, 1).sum()
        most = (size * (size - 1) - (size - 1)).sum()
        bounded = ((size - 1) * (size - 2) / 2).sum()
        values = {
            "connectedness": _share(joined, n * (n - 1)),
            "hierarchy": 1 - _share(both, either),
            "efficiency": 1 - _share(matrix.nnz - (size - 1).sum(), most),
            "lubness": 1 - _share(_unbounded(reaches, piece, least=definition == "published"), bounded),
        }
        return pd.DataFrame({"value": values.values()}, index=pd.Index(list(values), name="dimension"))

    return per_frame(net, compute, layer=layer, period=period, per=per)


def triad_census(net: Network, *, layer: Choice = None, period: Choice = None, per: Per = None) -> pd.DataFrame:
    r"""Count the sets of three actors by the ties among them.

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
        Indexed by ``triad``, the 16 types in the order of sna and igraph, one column ``count``; it adds up to
        n(n-1)(n-2)/6. The digits are the numbers of mutual, one-way and missing ties. Undirected ties are mutual, so
        that only ``003``, ``102``, ``201`` and ``300`` occur. Isolates count, weights do not.

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `per` is none of its choices; the nearest name is offered.

    Notes
    -----
    Of all :math:`\binom{n}{3}` sets, those with a tie are listed from the ties (Batagelj & Mrvar 2001).

    References
    ----------
    Davis, J. A. & Leinhardt, S. (1972). The structure of positive interpersonal relations in small groups. In Berger
    (ed.), Sociological Theories in Progress 2, 218-251.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> ties = pd.DataFrame({"source": ["a", "b", "c"], "target": ["b", "c", "a"]})
    >>> counts = triad_census(rt.Network(ties, directed=True))["count"]
    >>> counts[counts > 0].to_dict()
    {'030C': 1}
    """

    def compute(view: TieView) -> pd.DataFrame:
        import networkx as nx

        graph = nx.DiGraph()
        graph.add_nodes_from(range(view.n))
        rows, columns = view.binary.nonzero()
        graph.add_edges_from(zip(rows.tolist(), columns.tolist(), strict=True))
        counts = nx.triadic_census(graph)
        return pd.DataFrame({"count": [counts[name] for name in TRIADS]}, index=pd.Index(TRIADS, name="triad"))

    return per_frame(net, compute, layer=layer, period=period, per=per)


def _partners_and_ties(view: TieView) -> tuple[Floats, Floats]:
    """Return the number of partners of each actor, and of ties among them."""
    matrix = view.undirected_binary
    return np.diff(matrix.indptr).astype(np.float64), ties_among_partners(arcs_once(matrix))


def _share(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else float("nan")


def _unbounded(reaches: NDArray[np.bool_], piece: NDArray[np.int32], *, least: bool) -> int:
    """Count the pairs of a component that no actor, the least (or greatest) of those above both, stands above."""
    found = 0
    for which in np.flatnonzero(np.bincount(piece) > 2):
        members = np.flatnonzero(piece == which)
        above = reaches[np.ix_(members, members)]
        order = (above.T if least else above).astype(np.int32)
        for place in range(len(members) - 1):
            both = above[:, [place]] & above[:, place + 1 :]
            # The bound is above both, and every other actor above both is above it (below it, for the greatest).
            number = both.sum(axis=0)
            found += int((~(both & (order @ both == number)).any(axis=0)).sum())
    return found
