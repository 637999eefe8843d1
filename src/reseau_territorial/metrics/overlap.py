"""Ties of one actor, or of one pair of actors, added up over several layers (or periods)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.metrics._frame import Per
from reseau_territorial.metrics._slices import (
    Aspect,
    Direction,
    Names,
    Slices,
    per_part,
    sum_of,
)

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["multiplex_participation", "overlapping_degree", "overlapping_strength", "tie_overlap"]


def overlapping_degree(
    net: Network,
    *,
    layer: Names = None,
    period: Names = None,
    aspect: Aspect = "layer",
    per: Per = None,
    direction: Direction = "all",
    zscore: bool = False,
) -> pd.Series:
    r"""Overlapping degree of each actor: its number of ties, summed over the layers.

    Parameters
    ----------
    net : Network
        A network with several layers (or periods).
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    aspect : {"layer", "period"}
        What is summed over. A pair tied several times in one layer counts once there.
    per : {"layer", "period", "level"}, optional
        Compute once for each period or level (with ``aspect="period"``, for each layer or level): the index
        then has it as its last level.
    direction : {"all", "out", "in"}
        For directed layers: ties of both directions (a mutual tie counts twice), outgoing, or incoming.
    zscore : bool, default False
        Return the z-score over all actors (population standard deviation) instead of the count.

    Returns
    -------
    pandas.Series
        Named ``"overlapping_degree"``, indexed by actor: 0 or more; 0 for an isolate. As a z-score it is NaN
        when all actors have the same number.

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `direction` or `per` is none of its choices; the nearest name is
        offered.

    Notes
    -----
    .. math:: o_i = \sum_\alpha k_i^{[\alpha]}

    The ties that couple the replicas of an actor in different layers are not counted.

    References
    ----------
    Battiston, Nicosia & Latora (2014). Structural measures for multiplex networks. Physical Review E 89,
    032804.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["A", "A", "B"], "target": ["B", "C", "A"],
    ...                      "layer": ["masks", "masks", "funding"]})
    >>> overlapping_degree(Network(ties)).to_dict()
    {'A': 3.0, 'B': 2.0, 'C': 1.0}
    """

    def compute(slices: Slices) -> pd.Series:
        total = slices.tally(weighted=False, direction=direction).sum(axis=1)
        return slices.per_actor(_zscore(total) if zscore else total, "overlapping_degree")

    return per_part(net, compute, per=per, layer=layer, period=period, aspect=aspect)


def overlapping_strength(
    net: Network,
    *,
    layer: Names = None,
    period: Names = None,
    weight: str | None = "weight",
    aspect: Aspect = "layer",
    per: Per = None,
    direction: Direction = "all",
    zscore: bool = False,
) -> pd.Series:
    r"""Overlapping strength of each actor: the weight of its ties, summed over the layers.

    Parameters
    ----------
    net : Network
        A network with several layers (or periods).
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength. None counts every tie, parallel ones too, as 1.
    aspect : {"layer", "period"}
        What is summed over.
    per : {"layer", "period", "level"}, optional
        Compute once for each period or level (with ``aspect="period"``, for each layer or level): the index
        then has it as its last level.
    direction : {"all", "out", "in"}
        For directed layers: both directions, outgoing, or incoming.
    zscore : bool, default False
        Return the z-score over all actors (population standard deviation) instead.

    Returns
    -------
    pandas.Series
        Named ``"overlapping_strength"``, indexed by actor, in the unit of the weights: 0 for an isolate.

    Raises
    ------
    UnknownNameError
        If a layer, a period or the column of weights is not there, or `direction` or `per` is none of its
        choices; the nearest name is offered.

    Notes
    -----
    .. math:: o_i^w = \sum_\alpha s_i^{[\alpha]}

    Layers of different units (euros, meetings) should be brought to one unit first.

    References
    ----------
    Battiston, Nicosia & Latora (2014). Structural measures for multiplex networks. Physical Review E 89,
    032804.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["A", "A"], "target": ["B", "B"], "layer": ["masks", "funding"],
    ...                      "weight": [2.0, 0.5]})
    >>> overlapping_strength(Network(ties)).to_dict()
    {'A': 2.5, 'B': 2.5}
    """

    def compute(slices: Slices) -> pd.Series:
        total = slices.tally(weighted=True, direction=direction).sum(axis=1)
        return slices.per_actor(_zscore(total) if zscore else total, "overlapping_strength")

    return per_part(net, compute, per=per, layer=layer, period=period, aspect=aspect, weight=weight)


def multiplex_participation(
    net: Network,
    *,
    layer: Names = None,
    period: Names = None,
    weight: str | None = None,
    aspect: Aspect = "layer",
    per: Per = None,
    direction: Direction = "all",
    undefined: float = 0.0,
) -> pd.Series:
    r"""Multiplex participation of each actor: how evenly its ties are spread over the layers.

    Parameters
    ----------
    net : Network
        A network with several layers (or periods).
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default None
        None spreads the number of ties, as published; a tie column spreads its strength.
    aspect : {"layer", "period"}
        What the ties are spread over.
    per : {"layer", "period", "level"}, optional
        Compute once for each period or level (with ``aspect="period"``, for each layer or level): the index
        then has it as its last level.
    direction : {"all", "out", "in"}
        For directed layers: both directions, outgoing, or incoming.
    undefined : float, default 0.0
        Value of an actor without any tie: 0 as published; ``float("nan")`` says that it is undefined.

    Returns
    -------
    pandas.Series
        Named ``"multiplex_participation"``, indexed by actor, between 0 (all ties in one layer) and 1 (the
        same number in each layer). NaN for everyone if there is a single layer, where spreading has no
        meaning. Every layer of the network counts in :math:`M`, an empty one too.

    Raises
    ------
    UnknownNameError
        If a layer, a period or the column of weights is not there, or `direction` or `per` is none of its
        choices; the nearest name is offered.

    Notes
    -----
    .. math:: P_i = \frac{M}{M - 1} \left[ 1 - \sum_\alpha \left(\frac{k_i^{[\alpha]}}{o_i}\right)^2 \right]

    It is not the participation of an actor in groups of actors: see :func:`participation`.

    References
    ----------
    Battiston, Nicosia & Latora (2014). Structural measures for multiplex networks. Physical Review E 89,
    032804.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["A", "A"], "target": ["B", "C"], "layer": ["masks", "funding"]})
    >>> multiplex_participation(Network(ties)).to_dict()
    {'A': 1.0, 'B': 0.0, 'C': 0.0}
    """

    def compute(slices: Slices) -> pd.Series:
        tally = slices.tally(weighted=weight is not None, direction=direction)
        return slices.per_actor(spread(tally, undefined=undefined), "multiplex_participation")

    return per_part(net, compute, per=per, layer=layer, period=period, aspect=aspect, weight=weight)


def spread(tally: NDArray[np.float64], *, undefined: float) -> NDArray[np.float64]:
    """Return the participation coefficient of each row of a table, with the factor M / (M - 1)."""
    m = tally.shape[1]
    if m < 2:
        return np.full(len(tally), np.nan)
    total = tally.sum(axis=1)
    share = tally / np.where(total > 0, total, 1.0)[:, None]
    value = m / (m - 1) * (1.0 - np.einsum("ij,ij->i", share, share))
    return np.where(total > 0, np.clip(value, 0.0, 1.0), undefined)


def tie_overlap(
    net: Network,
    *,
    layer: Names = None,
    period: Names = None,
    aspect: Aspect = "layer",
    per: Per = None,
    normalized: bool = False,
) -> pd.Series:
    r"""Overlap of each pair of tied actors: the number of layers in which they are tied.

    Parameters
    ----------
    net : Network
        A network with several layers (or periods).
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    aspect : {"layer", "period"}
        What is counted: layers, or the periods in which a tie is found.
    per : {"layer", "period", "level"}, optional
        Compute once for each period or level (with ``aspect="period"``, for each layer or level): the index
        then has it as its last level.
    normalized : bool, default False
        Divide by the number of layers.

    Returns
    -------
    pandas.Series
        Named ``"tie_overlap"``, indexed by (source, target), between 1 and the number of layers. One row per
        pair tied at least once: unordered (first of the two in the order of `net.actors` first) if no layer
        is directed; if one is, ordered, and a tie of an undirected layer stands for both directions. Its mean
        is the overlap of the network. Empty if there is no tie.

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `per` is none of its choices; the nearest name is offered.

    Notes
    -----
    .. math:: o_{ij} = \sum_\alpha a_{ij}^{[\alpha]}

    References
    ----------
    Battiston, Nicosia & Latora (2014). Structural measures for multiplex networks. Physical Review E 89,
    032804; Bianconi (2013). Statistical mechanics of multiplex networks: entropy and overlap. Physical Review
    E 87, 062806.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["A", "A", "B"], "target": ["B", "C", "A"],
    ...                      "layer": ["masks", "masks", "funding"]})
    >>> tie_overlap(Network(ties)).to_dict()
    {('A', 'B'): 2.0, ('A', 'C'): 1.0}
    """

    def compute(slices: Slices) -> pd.Series:
        row, column, counts = pair_counts(slices)
        if normalized:
            counts = counts / slices.count
        index = pd.MultiIndex(
            levels=[slices.actors, slices.actors],  # type: ignore[list-item]
            codes=[row, column],  # type: ignore[list-item]
            names=["source", "target"],
            verify_integrity=False,
        )
        return pd.Series(counts, index=index, name="tie_overlap")

    return per_part(net, compute, per=per, layer=layer, period=period, aspect=aspect)


def pair_counts(slices: Slices) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.float64]]:
    """Return the pairs tied at least once, and in how many slices each is."""
    union = sum_of(slices.binary, slices.size)
    row = np.repeat(np.arange(slices.size, dtype=union.indices.dtype), np.diff(union.indptr))
    column, counts = union.indices, union.data
    if not slices.directed.any():
        once = row < column
        row, column, counts = row[once], column[once], counts[once]
    return row, column, counts


def _zscore(values: NDArray[np.float64]) -> NDArray[np.float64]:
    if not len(values):
        return values
    spread_of_values = values.std()
    if spread_of_values <= 1e-12 * abs(values).max():
        return np.full(len(values), np.nan)
    return np.asarray((values - values.mean()) / spread_of_values)
