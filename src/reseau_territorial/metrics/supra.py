"""The network of replicas, one per actor and layer where it is present, and centralities on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError
from reseau_territorial.metrics import _spectral, _supra_paths
from reseau_territorial.metrics._frame import Per
from reseau_territorial.metrics._slices import (
    Aspect,
    Matrix,
    Names,
    Slices,
    choose,
    per_part,
    slices_of,
)

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["SupraAdjacency", "interdependence", "supra_adjacency", "versatility"]

Kind = Literal["pagerank", "eigenvector", "katz", "hits", "hubs", "closeness", "harmonic", "betweenness"]
PATH_KINDS = ("closeness", "harmonic", "betweenness")


@dataclass(frozen=True, eq=False)
class SupraAdjacency:
    """The supra-adjacency matrix of a network, and what its rows are.

    Attributes
    ----------
    matrix : scipy.sparse.csr_array
        Ties inside the layers and couplings between the replicas of an actor; row = source.
    replicas : pandas.MultiIndex
        (actor, layer) of each row, layer by layer.
    coupling : float
        Weight of a coupling.
    """

    matrix: Matrix
    replicas: pd.MultiIndex
    coupling: float

    def to_frame(self) -> pd.DataFrame:
        """Return the matrix in full, as a table (for small networks)."""
        return pd.DataFrame(self.matrix.toarray(), index=self.replicas, columns=self.replicas)

    def per_actor(self, values: NDArray[np.float64], actors: pd.Index[Any]) -> NDArray[np.float64]:
        """Add up the values of the replicas of each actor; 0 for an actor without any."""
        owner = actors.get_indexer(self.replicas.get_level_values("actor"))
        total = np.bincount(owner, weights=values, minlength=len(actors))
        return np.asarray(total, dtype=np.float64)


def supra_adjacency(
    net: Network,
    *,
    coupling: float = 1.0,
    ordered: bool | None = None,
    replicas: Literal["present", "all"] = "present",
    layer: Names = None,
    period: Names = None,
    weight: str | None = "weight",
    aspect: Aspect = "layer",
) -> SupraAdjacency:
    r"""Supra-adjacency matrix: the layers on the diagonal, the coupling of each actor with itself off it.

    Parameters
    ----------
    net : Network
        A network with several layers (or periods).
    coupling : float, default 1.0
        Weight :math:`\omega \ge 0` between two replicas of an actor; 0 leaves the layers apart.
    ordered : bool, optional
        True couples a replica with those of the slice before and the slice after; False couples all pairs of
        replicas of an actor. By default True for periods and False for layers.
    replicas : {"present", "all"}
        An actor has a replica where it is present (absent is not isolated), or one in every layer.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; parallel ties are added. None enters 1 for a tied pair.
    aspect : {"layer", "period"}
        What the blocks are.

    Returns
    -------
    SupraAdjacency
        The sparse matrix and its (actor, layer) index. Undirected ties are entered both ways.

    Raises
    ------
    ReseauError
        If `coupling` is negative or not a number.

    Notes
    -----
    .. math:: \mathcal{A} = \bigoplus_\alpha W^{[\alpha]} + \omega \, \mathcal{C}

    References
    ----------
    Kivelä, Arenas, Barthelemy, Gleeson, Moreno & Porter (2014). Multilayer networks. Journal of Complex
    Networks 2(3), 203-271.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["A", "A"], "target": ["B", "C"], "layer": ["funding", "masks"]})
    >>> supra = supra_adjacency(Network(ties), coupling=0.5)
    >>> supra.replicas.to_list()
    [('A', 'funding'), ('B', 'funding'), ('A', 'masks'), ('C', 'masks')]
    >>> supra.to_frame().loc[("A", "funding")].to_list()
    [0.0, 1.0, 0.5, 0.0]
    """
    choose("choice of replicas", replicas, ("present", "all"))
    check_coupling(coupling)
    slices = slices_of(net, layer=layer, period=period, aspect=aspect, weight=weight)
    chain = aspect == "period" if ordered is None else ordered
    return couple(slices, coupling=coupling, ordered=chain, everywhere=replicas == "all", binary=weight is None)


def couple(
    slices: Slices, *, coupling: float, ordered: bool, everywhere: bool = False, binary: bool = False
) -> SupraAdjacency:
    """Join the slices by the couplings of the replicas that exist."""
    from scipy import sparse

    n, m = slices.size, slices.count
    present = np.ones((n, m), dtype=bool) if everywhere else slices.presence
    place = np.full(m * n, -1, dtype=np.int64)
    rows = np.flatnonzero(present.T)
    place[rows] = np.arange(len(rows))
    start = np.repeat(np.arange(m * n, dtype=np.int64), np.diff(slices.stacked.indptr))
    end = start // max(n, 1) * n + slices.stacked.indices
    data = np.ones(len(start)) if binary else slices.stacked.data
    first, second = coupled_pairs(present, ordered=ordered) if coupling > 0 else (rows[:0], rows[:0])
    source = np.concatenate([place[start], place[first], place[second]])
    target = np.concatenate([place[end], place[second], place[first]])
    values = np.concatenate([data, np.full(2 * len(first), coupling)])
    matrix = sparse.csr_array((values, (source, target)), shape=(len(rows), len(rows)))
    index = pd.MultiIndex.from_arrays(
        [slices.actors.take(rows % max(n, 1)), slices.labels.take(rows // max(n, 1))],
        names=["actor", slices.aspect],
    )
    return SupraAdjacency(matrix=matrix, replicas=index, coupling=coupling)


def coupled_pairs(present: NDArray[np.bool_], *, ordered: bool) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each pair of replicas of one actor that are coupled, as rows of the stack, once."""
    n, m = present.shape
    pairs = [(a, a + 1) for a in range(m - 1)] if ordered else [(a, b) for b in range(m) for a in range(b)]
    both = [(a, b, np.flatnonzero(present[:, a] & present[:, b])) for a, b in pairs]
    none = [np.zeros(0, dtype=np.int64)]
    first = np.concatenate(none + [a * n + actors for a, _, actors in both])
    second = np.concatenate(none + [b * n + actors for _, b, actors in both])
    return first, second


def versatility(
    net: Network,
    *,
    kind: Kind = "pagerank",
    coupling: float | None = None,
    ordered: bool | None = None,
    replicas: Literal["present", "all"] = "present",
    damping: float = 0.85,
    alpha: float | None = None,
    layer: Names = None,
    period: Names = None,
    weight: str | None = "weight",
    aspect: Aspect = "layer",
    per: Per = None,
) -> pd.Series:
    r"""Versatility of each actor: its centrality in the whole multilayer network.

    Parameters
    ----------
    net : Network
        A network with several layers (or periods).
    kind : str
        ``"pagerank"``, ``"eigenvector"``, ``"katz"``, ``"hits"`` (authorities) and ``"hubs"`` are computed on
        the supra-adjacency matrix and added over the replicas of an actor. ``"closeness"`` (Wasserman-Faust),
        ``"harmonic"`` and ``"betweenness"`` follow the shortest paths from actor to actor through any layers.
    coupling : float, optional
        Weight :math:`\omega` between two replicas of an actor; a path that changes layers is longer by
        :math:`1/\omega`. By default 1 for the matrix kinds and infinite (changing layers is free) for paths.
    ordered : bool, optional
        Couple neighbouring slices only; by default True for periods and False for layers.
    replicas : {"present", "all"}
        An actor has a replica where it is present, or one in every layer.
    damping : float, default 0.85
        Of PageRank. A replica that no tie leaves sends its share to all replicas.
    alpha : float, optional
        Attenuation of Katz; by default half of its limit, 1 over the largest eigenvalue of the matrix.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength; the length of a tie is 1/strength, a tie of strength 0 leads
        nowhere. None counts tied pairs.
    aspect : {"layer", "period"}
        What is coupled.
    per : {"layer", "period", "level"}, optional
        Compute once for each period or level (with ``aspect="period"``, for each layer or level): the index
        then has it as its last level.

    Returns
    -------
    pandas.Series
        Named ``"versatility"``, indexed by actor. PageRank adds up to 1 over all actors; eigenvector, hits
        and hubs have a largest value of 1 (NaN for everyone if the network has no cycle to circulate in);
        Katz is at least the number of replicas of the actor; closeness and harmonic lie between 0 and 1 when
        every tie has strength 1; betweenness counts pairs of other actors (unordered if no layer is
        directed). An isolate has 0 (PageRank and Katz: what its replicas receive from nowhere).

    Raises
    ------
    ReseauError
        If `coupling` is negative, `damping` is not a probability below 1, or `alpha` is too large for the Katz series
        to converge.

    Notes
    -----
    In directed layers eigenvector, Katz, PageRank and hits flow along ties, from source to target; closeness
    and harmonic use the distances from the actor to the others. On paths, a pair tied in two layers by ties
    of equal length is joined by two paths, and an actor that is passed in several layers is passed once. It
    is not the mean of the centralities of the layers, which some tools give under this name.

    References
    ----------
    De Domenico, Solé-Ribalta, Omodei, Gómez & Arenas (2015). Ranking in interconnected multilayer networks
    reveals versatile nodes. Nature Communications 6, 6868; Solé-Ribalta, De Domenico, Gómez & Arenas (2014).
    Centrality rankings in multiplex networks. Proceedings of ACM Web Science, 149-155.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["A", "B"], "target": ["B", "C"], "layer": ["funding", "masks"]})
    >>> versatility(Network(ties), kind="betweenness").to_dict()
    {'A': 0.0, 'B': 1.0, 'C': 0.0}
    >>> versatility(Network(ties)).round(3).to_dict()
    {'A': 0.175, 'B': 0.649, 'C': 0.175}
    """
    choose("kind of versatility", kind, get_args(Kind))
    choose("choice of replicas", replicas, ("present", "all"))
    omega = (np.inf if kind in PATH_KINDS else 1.0) if coupling is None else coupling
    check_coupling(omega, infinite=kind in PATH_KINDS)
    if not 0 <= damping < 1:
        raise ReseauError(f"damping={damping!r} is not a probability below 1. The usual value is 0.85.")

    def compute(slices: Slices) -> pd.Series:
        chain = aspect == "period" if ordered is None else ordered
        everywhere = replicas == "all"
        if kind in PATH_KINDS:
            present = np.ones_like(slices.presence) if everywhere else slices.presence
            roads = _supra_paths.roads(slices, present, coupling=omega, ordered=chain, binary=weight is None)
            return slices.per_actor(_supra_paths.centrality(roads, kind), "versatility")
        supra = couple(slices, coupling=omega, ordered=chain, everywhere=everywhere, binary=weight is None)
        values = _spectral.centrality(supra.matrix, kind, damping=damping, alpha=alpha)
        total = supra.per_actor(values, slices.actors)
        if kind in ("eigenvector", "hits", "hubs") and len(total):
            total = total / total.max() if total.max() > 0 else np.full(len(total), np.nan)
        return slices.per_actor(total, "versatility")

    return per_part(net, compute, per=per, layer=layer, period=period, aspect=aspect, weight=weight)


def interdependence(
    net: Network,
    *,
    layer: Names = None,
    period: Names = None,
    aspect: Aspect = "layer",
    per: Per = None,
) -> pd.Series:
    r"""Interdependence of each actor: the share of its shortest paths that need two layers or more.

    Parameters
    ----------
    net : Network
        A network with several layers (or periods).
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    aspect : {"layer", "period"}
        What the paths go through.
    per : {"layer", "period", "level"}, optional
        Compute once for each period or level (with ``aspect="period"``, for each layer or level): the index
        then has it as its last level.

    Returns
    -------
    pandas.Series
        Named ``"interdependence"``, indexed by actor, between 0 (any other actor is reached as fast inside
        one layer) and 1. The mean is taken over the actors that it reaches, along the direction of ties; NaN
        if it reaches nobody.

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `per` is none of its choices; the nearest name is offered.

    Notes
    -----
    .. math:: \lambda_i = \frac{1}{|R_i|} \sum_{j \in R_i} \frac{\psi_{ij}}{\sigma_{ij}}

    with :math:`\sigma_{ij}` the shortest paths from i to j in the union of the layers, where each step may
    take any layer that holds the tie (a pair tied in two layers is joined by two paths), :math:`\psi_{ij}`
    those that use two layers or more, and :math:`R_i` the actors that i reaches. Steps count 1: weights play
    no part. All paths are counted, none is sampled.

    References
    ----------
    Morris & Barthelemy (2012). Transport on coupled spatial networks. Physical Review Letters 109, 128703;
    Nicosia, Bianconi, Latora & Barthelemy (2013). Growing multiplex networks. Physical Review Letters 111,
    058701.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["A", "B"], "target": ["B", "C"], "layer": ["funding", "masks"]})
    >>> interdependence(Network(ties)).to_dict()
    {'A': 0.5, 'B': 0.0, 'C': 0.5}
    """

    def compute(slices: Slices) -> pd.Series:
        return slices.per_actor(_supra_paths.interdependence(slices.binary, slices.size), "interdependence")

    return per_part(net, compute, per=per, layer=layer, period=period, aspect=aspect)


def check_coupling(coupling: float, *, infinite: bool = False) -> None:
    """Raise if a coupling is no weight."""
    if not coupling >= 0 or (np.isinf(coupling) and not infinite):
        raise ReseauError(
            f"coupling must be a finite number, 0 or more; got {coupling!r}. It is the weight between two "
            "replicas of an actor: larger means closer"
        )
