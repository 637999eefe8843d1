"""Communities of a multilayer network, and the modularity of any partition of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._arguments import make_generator
from reseau_territorial.errors import ReseauError, enumerate_values
from reseau_territorial.metrics._leiden import Units, search
from reseau_territorial.metrics._slices import Aspect, Names, Slices, slices_of
from reseau_territorial.metrics.supra import SupraAdjacency, check_coupling, couple
from reseau_territorial.vocabulary import SEED

if TYPE_CHECKING:
    from reseau_territorial.network import Missing, Network

__all__ = ["communities", "multislice_modularity"]


def communities(
    net: Network,
    *,
    resolution: float = 1.0,
    coupling: float = 1.0,
    ordered: bool | None = None,
    runs: int = 10,
    layer: Names = None,
    period: Names = None,
    weight: str | None = "weight",
    aspect: Aspect = "layer",
    seed: int = SEED,
) -> pd.Series:
    r"""Communities of a multilayer network: groups of replicas with more ties inside than chance would give.

    Parameters
    ----------
    net : Network
        A network with several layers (or periods).
    resolution : float, default 1.0
        :math:`\gamma > 0`: larger gives more, smaller communities.
    coupling : float, default 1.0
        :math:`\omega \ge 0`: larger keeps the replicas of an actor together; 0 treats the layers apart.
    ordered : bool, optional
        Couple neighbouring slices only; by default True for periods and False for layers.
    runs : int, default 10
        Searches, each from another random order; the best partition is kept.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength. None counts tied pairs.
    aspect : {"layer", "period"}
        What the slices are.
    seed : int
        Of the random orders; kept with the result.

    Returns
    -------
    pandas.Series
        Named ``"community"``, indexed by (actor, layer) for the layers where the actor is present: integers
        from 1, the largest community first, of two as large that of the first name. Every community is
        connected. ``attrs`` holds ``modularity`` (that of :func:`multislice_modularity`), ``resolution``,
        ``coupling``, ``runs`` and ``seed``. An isolate that is present in several layers is a community of
        its replicas.

    Raises
    ------
    ReseauError
        If `resolution` is not positive, `coupling` is negative or `runs` is below 1.

    Notes
    -----
    The largest modularity cannot be found with certainty in reasonable time: the search (local moves,
    refinement, merging) finds a good partition, and `runs` of them show how good. The same seed gives the
    same partition: replicas are visited in random orders of their names, and the order of the tables plays
    no part.

    References
    ----------
    Mucha, Richardson, Macon, Porter & Onnela (2010). Community structure in time-dependent, multiscale, and
    multiplex networks. Science 328, 876-878; Traag, Waltman & van Eck (2019). From Louvain to Leiden:
    guaranteeing well-connected communities. Scientific Reports 9, 5233.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["A", "A", "B", "C", "D", "D", "E"],
    ...                      "target": ["B", "C", "C", "D", "E", "F", "F"]})
    >>> communities(Network(ties)).droplevel("layer").to_dict()
    {'A': 1, 'B': 1, 'C': 1, 'D': 2, 'E': 2, 'F': 2}
    """
    _check_resolution(resolution)
    check_coupling(coupling)
    if runs < 1:
        raise ReseauError(f"runs must be 1 or more; got {runs!r}")
    slices = slices_of(net, layer=layer, period=period, aspect=aspect, weight=weight)
    chain = aspect == "period" if ordered is None else ordered
    supra = couple(slices, coupling=coupling, ordered=chain, binary=weight is None)
    order, units, total = _units(slices, supra, resolution)
    member = _best(units, runs, seed)
    number = np.empty(units.count, dtype=np.int64)
    number[order] = _largest_first(member)
    result = pd.Series(number, index=supra.replicas, name="community")
    result.attrs = {
        "modularity": units.quality(member) / total if total > 0 else float("nan"),
        "resolution": resolution,
        "coupling": coupling,
        "runs": runs,
        "seed": seed,
    }
    return result


def multislice_modularity(
    net: Network,
    *,
    by: str | pd.Series,
    resolution: float = 1.0,
    coupling: float = 1.0,
    ordered: bool | None = None,
    missing: Missing = "error",
    layer: Names = None,
    period: Names = None,
    weight: str | None = "weight",
    aspect: Aspect = "layer",
) -> float:
    r"""Multislice modularity of a given partition.

    Parameters
    ----------
    net : Network
        A network with several layers (or periods).
    by : str or pandas.Series
        Actor column that gives the groups, the same in every layer; or a Series indexed by actor, or by
        (actor, layer), such as the result of :func:`communities`.
    resolution : float, default 1.0
        :math:`\gamma > 0`.
    coupling : float, default 1.0
        :math:`\omega \ge 0`.
    ordered : bool, optional
        Couple neighbouring slices only; by default True for periods and False for layers.
    missing : {"error", "drop", "group"}
        For a column: what to do with actors without a group. Dropped actors form groups of their own
        replicas.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength. None counts tied pairs.
    aspect : {"layer", "period"}
        What the slices are.

    Returns
    -------
    float
        At most 1; 0 or less for groups no better than chance. NaN if there is neither tie nor coupling.

    Raises
    ------
    UnknownNameError
        If there is no such actor column.
    ReseauError
        If an actor has no group.

    Notes
    -----
    .. math::

        Q = \frac{1}{2\mu} \sum_{ij\alpha\beta} \left[ \left( w_{ij}^\alpha - \gamma
            \frac{k_i^\alpha k_j^\alpha}{2 m^\alpha} \right) \delta_{\alpha\beta} + \delta_{ij} C_{j}^{\alpha\beta}
            \right] \delta(g_i^\alpha, g_j^\beta)

    :math:`2\mu` adds up all ties and couplings, each counted from both ends. The terms :math:`i = j` belong
    to the sum, and only replicas that exist are coupled. In a directed layer the expectation is that of
    Leicht & Newman: :math:`k_i^{out} k_j^{in} / m`. With one layer it is the modularity of Newman & Girvan.

    References
    ----------
    Mucha, Richardson, Macon, Porter & Onnela (2010). Community structure in time-dependent, multiscale, and
    multiplex networks. Science 328, 876-878.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["A", "C"], "target": ["B", "D"]})
    >>> groups = pd.Series({"A": 1, "B": 1, "C": 2, "D": 2})
    >>> multislice_modularity(Network(ties), by=groups)
    0.5
    """
    _check_resolution(resolution)
    check_coupling(coupling)
    slices = slices_of(net, layer=layer, period=period, aspect=aspect, weight=weight)
    chain = aspect == "period" if ordered is None else ordered
    supra = couple(slices, coupling=coupling, ordered=chain, binary=weight is None)
    order, units, total = _units(slices, supra, resolution)
    member = _given(by, supra) if isinstance(by, pd.Series) else _column(net, by, supra, missing)
    return units.quality(member[order]) / total if total > 0 else float("nan")


def _units(slices: Slices, supra: SupraAdjacency, resolution: float) -> tuple[NDArray[np.intp], Units, float]:
    """Return the replicas as units to group, sorted by name, their order, and the weight of ties and couplings.

    Random orders are drawn, and sums added up, over the names: where a replica stands in the tables plays no part.
    The mean weight becomes 1, so that what the search takes for equal does not depend on the unit.
    """
    order = supra.replicas.argsort()
    matrix = supra.matrix[order][:, order]
    matrix.sort_indices()
    mean = matrix.data.mean() if matrix.data.any() else 1.0
    matrix.data /= mean
    of_slice = slices.labels.sort_values().get_indexer(supra.replicas.get_level_values(slices.aspect))[order]
    start = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    inside = of_slice[start] == of_slice[matrix.indices]
    totals = np.bincount(of_slice[start[inside]], weights=matrix.data[inside], minlength=slices.count)
    leaving = np.zeros((matrix.shape[0], slices.count))
    entering = np.zeros_like(leaving)
    np.add.at(leaving, (start[inside], of_slice[start[inside]]), matrix.data[inside])
    np.add.at(entering, (matrix.indices[inside], of_slice[start[inside]]), matrix.data[inside])
    scale = np.divide(resolution, totals, out=np.zeros(slices.count), where=totals > 0)
    joins = (matrix + matrix.T).tocsr()
    return order, Units(joins, leaving, entering, scale), float(matrix.sum())


def _best(units: Units, runs: int, seed: int) -> NDArray[np.int64]:
    """Return the best partition of several searches; with equal quality, the first."""
    best, best_quality = np.arange(units.count), -np.inf
    if not units.count:
        return best
    for child in make_generator(seed).spawn(runs):
        member = search(units, rng=child, runs=runs)
        quality = units.quality(member)
        if quality > best_quality + 1e-9:
            best, best_quality = member, quality
    return best


def _largest_first(member: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the groups numbered from 1 by size, then by the name of their first replica."""
    groups, first, size = np.unique(member, return_index=True, return_counts=True)
    rank = np.empty(len(groups), dtype=np.int64)
    rank[np.lexsort((first, -size))] = np.arange(1, len(groups) + 1)
    return rank[member]


def _column(net: Network, by: str, supra: SupraAdjacency, missing: Missing) -> NDArray[np.int64]:
    actors = pd.Index(supra.replicas.get_level_values("actor"))
    known = actors.unique()
    codes, labels = net._groups(by, known, missing=missing)
    alone = np.where(codes < 0, len(labels) + np.arange(len(codes)), codes)
    return _numbered(alone[known.get_indexer(actors)])


def _given(by: pd.Series, supra: SupraAdjacency) -> NDArray[np.int64]:
    per_replica = isinstance(by.index, pd.MultiIndex)
    index: Any = supra.replicas if per_replica else supra.replicas.get_level_values("actor")
    place = by.index.get_indexer(index)
    lacking = index[(place < 0) | by.isna().to_numpy()[place]]
    if len(lacking):
        raise ReseauError(
            f"the partition gives no group to {enumerate_values(lacking.unique())}; "
            f"index it by {'(actor, layer)' if per_replica else 'actor'} and give one to every actor present"
        )
    return _numbered(by.to_numpy()[place])


def _numbered(values: NDArray[Any]) -> NDArray[np.int64]:
    return pd.factorize(values)[0].astype(np.int64)


def _check_resolution(resolution: float) -> None:
    if not resolution > 0:
        raise ReseauError(f"resolution must be above 0; got {resolution!r}. Larger gives smaller communities")
