"""What one layer (or period) brings to an actor that the others do not, and triangles across layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.metrics._frame import Per
from reseau_territorial.metrics._slices import (
    Aspect,
    Direction,
    Matrix,
    Names,
    Slices,
    choose,
    per_part,
    sum_of,
    two_at_least,
)

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["connective_redundancy", "exclusive_neighbours", "layer_relevance", "multilayer_clustering"]


def layer_relevance(
    net: Network,
    *,
    layer: Names = None,
    period: Names = None,
    aspect: Aspect = "layer",
    per: Per = None,
    direction: Direction = "all",
    exclusive: bool = False,
) -> pd.DataFrame:
    r"""Relevance of each layer for each actor: the share of its partners that it reaches there.

    Parameters
    ----------
    net : Network
        A network with several layers (or periods).
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    aspect : {"layer", "period"}
        What is compared.
    per : {"layer", "period", "level"}, optional
        Compute once for each period or level (with ``aspect="period"``, for each layer or level): the index
        then has it as its last level.
    direction : {"all", "out", "in"}
        For directed layers: partners in either direction, or only those that ties go to, or come from.
    exclusive : bool, default False
        Count only the partners that the actor meets in no other layer.

    Returns
    -------
    pandas.DataFrame
        A row per actor, a column per layer, between 0 and 1. NaN for an actor without partners anywhere.
        Without `exclusive`, a row may add up to more than 1, as a partner may be met in several layers.

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `direction` or `per` is none of its choices; the nearest name is
        offered.

    Notes
    -----
    .. math:: R_i^{[\alpha]} = \frac{|N_i^{[\alpha]}|}{|\bigcup_\beta N_i^{[\beta]}|}

    References
    ----------
    Berlingerio, Coscia, Giannotti, Monreale & Pedreschi (2013). Multidimensional networks: foundations of
    structural analysis. World Wide Web 16, 567-593.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["A", "A", "B"], "target": ["B", "C", "A"],
    ...                      "layer": ["masks", "masks", "funding"]})
    >>> layer_relevance(Network(ties)).loc["A"].to_dict()
    {'funding': 0.5, 'masks': 1.0}
    """

    def compute(slices: Slices) -> pd.DataFrame:
        matrices = slices.directional(direction)
        partners = _partner_count(matrices, slices.size)
        met = _exclusive(matrices, slices.size) if exclusive else _degrees(matrices, slices.size)
        with np.errstate(invalid="ignore"):
            return slices.per_actor_and_slice(met / np.where(partners > 0, partners, np.nan)[:, None])

    return per_part(net, compute, per=per, layer=layer, period=period, aspect=aspect)


def exclusive_neighbours(
    net: Network,
    *,
    layer: Names = None,
    period: Names = None,
    aspect: Aspect = "layer",
    per: Per = None,
    direction: Direction = "all",
) -> pd.DataFrame:
    r"""Exclusive neighbours of each actor: the partners met in one layer and in no other.

    Parameters
    ----------
    net : Network
        A network with several layers (or periods).
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    aspect : {"layer", "period"}
        What is compared.
    per : {"layer", "period", "level"}, optional
        Compute once for each period or level (with ``aspect="period"``, for each layer or level): the index
        then has it as its last level.
    direction : {"all", "out", "in"}
        For directed layers: partners in either direction, or only those that ties go to, or come from.

    Returns
    -------
    pandas.DataFrame
        A row per actor, a column per layer: 0 or more, 0 for an isolate. These partners would be lost with
        the layer.

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `direction` or `per` is none of its choices; the nearest name is
        offered.

    Notes
    -----
    .. math:: X_i^{[\alpha]} = |N_i^{[\alpha]} \setminus \bigcup_{\beta \neq \alpha} N_i^{[\beta]}|

    References
    ----------
    Berlingerio, Coscia, Giannotti, Monreale & Pedreschi (2013). Multidimensional networks: foundations of
    structural analysis. World Wide Web 16, 567-593.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["A", "A", "B"], "target": ["B", "C", "A"],
    ...                      "layer": ["masks", "masks", "funding"]})
    >>> exclusive_neighbours(Network(ties)).loc["A"].to_dict()
    {'funding': 0.0, 'masks': 1.0}
    """

    def compute(slices: Slices) -> pd.DataFrame:
        return slices.per_actor_and_slice(_exclusive(slices.directional(direction), slices.size))

    return per_part(net, compute, per=per, layer=layer, period=period, aspect=aspect)


def connective_redundancy(
    net: Network,
    *,
    layer: Names = None,
    period: Names = None,
    aspect: Aspect = "layer",
    per: Per = None,
    direction: Direction = "all",
) -> pd.Series:
    r"""Redundancy of each actor: the share of its ties that repeat a partner met in another layer.

    Parameters
    ----------
    net : Network
        A network with several layers (or periods).
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    aspect : {"layer", "period"}
        What is compared.
    per : {"layer", "period", "level"}, optional
        Compute once for each period or level (with ``aspect="period"``, for each layer or level): the index
        then has it as its last level.
    direction : {"all", "out", "in"}
        For directed layers: partners in either direction, or only those that ties go to, or come from.

    Returns
    -------
    pandas.Series
        Named ``"connective_redundancy"``, indexed by actor, between 0 (each partner is met in one layer) and
        :math:`1 - 1/M`. NaN for an actor without ties.

    Raises
    ------
    UnknownNameError
        If a layer or a period is not there, or `direction` or `per` is none of its choices; the nearest name is
        offered.

    Notes
    -----
    .. math:: 1 - \frac{|\bigcup_\alpha N_i^{[\alpha]}|}{\sum_\alpha |N_i^{[\alpha]}|}

    References
    ----------
    Berlingerio, Coscia, Giannotti, Monreale & Pedreschi (2013). Multidimensional networks: foundations of
    structural analysis. World Wide Web 16, 567-593.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["A", "A", "B"], "target": ["B", "C", "A"],
    ...                      "layer": ["masks", "masks", "funding"]})
    >>> connective_redundancy(Network(ties)).round(3).to_dict()
    {'A': 0.333, 'B': 0.5, 'C': 0.0}
    """

    def compute(slices: Slices) -> pd.Series:
        matrices = slices.directional(direction)
        ties = _degrees(matrices, slices.size).sum(axis=1)
        partners = _partner_count(matrices, slices.size)
        value = 1.0 - partners / np.where(ties > 0, ties, np.nan)
        return slices.per_actor(value, "connective_redundancy")

    return per_part(net, compute, per=per, layer=layer, period=period, aspect=aspect)


def multilayer_clustering(
    net: Network,
    *,
    kind: Literal["C1", "C2"] = "C1",
    denominator: Literal["published", "preprint"] = "published",
    layer: Names = None,
    period: Names = None,
    aspect: Aspect = "layer",
    per: Per = None,
) -> pd.Series:
    r"""Multilayer clustering of each actor: how often two partners are tied in another layer.

    Parameters
    ----------
    net : Network
        A network with several layers (or periods).
    kind : {"C1", "C2"}
        ``"C1"``: the actor meets both partners in one layer and they are tied in another. ``"C2"``: the three
        ties lie in three different layers.
    denominator : {"published", "preprint"}
        ``"published"`` counts pairs of two different partners, so that 1 can be reached; ``"preprint"`` also
        counts a partner with itself, as the first version of the article and pymnet do.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    aspect : {"layer", "period"}
        What the slices are.
    per : {"layer", "period", "level"}, optional
        Compute once for each period or level (with ``aspect="period"``, for each layer or level): the index
        then has it as its last level.

    Returns
    -------
    pandas.Series
        Named ``"multilayer_clustering"``, indexed by actor, between 0 and 1. NaN where no pair of partners
        exists to be closed. Ties count once, without weight and in either direction.

    Raises
    ------
    ReseauError
        If there are fewer than two layers (``"C1"``) or three (``"C2"``).

    Notes
    -----
    .. math::

        C_{i,1} = \frac{\sum_\alpha \sum_{\beta \neq \alpha} \sum_{j, m}
                        a_{ij}^\alpha a_{jm}^\beta a_{mi}^\alpha}
                       {(M - 1) \sum_\alpha k_i^\alpha (k_i^\alpha - 1)}

        C_{i,2} = \frac{\sum_\alpha \sum_{\beta \neq \alpha} \sum_{\gamma \neq \alpha, \beta} \sum_{j, m}
                        a_{ij}^\alpha a_{jm}^\gamma a_{mi}^\beta}
                       {(M - 2) \sum_\alpha \sum_{\beta \neq \alpha} \sum_{j \neq m}
                        a_{ij}^\alpha a_{mi}^\beta}

    Triangles inside a layer do not count: they are the clustering of that layer.

    References
    ----------
    Battiston, Nicosia & Latora (2014). Structural measures for multiplex networks. Physical Review E 89,
    032804.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["A", "A", "B"], "target": ["B", "C", "C"],
    ...                      "layer": ["masks", "masks", "funding"]})
    >>> multilayer_clustering(Network(ties)).to_dict()
    {'A': 1.0, 'B': nan, 'C': nan}
    """
    choose("kind of multilayer clustering", kind, ("C1", "C2"))
    choose("denominator", denominator, ("published", "preprint"))

    def compute(slices: Slices) -> pd.Series:
        two_at_least(slices, "multilayer_clustering()", least=2 if kind == "C1" else 3)
        closed, pairs = (_two_layer_triangles if kind == "C1" else _three_layer_triangles)(
            slices.either_way, slices.size, distinct=denominator == "published"
        )
        return slices.per_actor(closed / np.where(pairs > 0, pairs, np.nan), "multilayer_clustering")

    return per_part(net, compute, per=per, layer=layer, period=period, aspect=aspect)


def _two_layer_triangles(
    matrices: tuple[Matrix, ...], n: int, *, distinct: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Numerator and denominator of C1."""
    union = sum_of(matrices, n)
    closed = np.zeros(n)
    for matrix in matrices:
        closed += _corners(matrix, union, matrix) - _corners(matrix, matrix, matrix)
    degree = _degrees(matrices, n)
    pairs = (degree * (degree - 1.0 if distinct else degree)).sum(axis=1)
    return closed, (len(matrices) - 1) * pairs


def _three_layer_triangles(
    matrices: tuple[Matrix, ...], n: int, *, distinct: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Numerator and denominator of C2, by inclusion and exclusion on the sum of the layers."""
    union = sum_of(matrices, n)
    closed = _corners(union, union, union)
    for matrix in matrices:
        closed += 2.0 * _corners(matrix, matrix, matrix) - _corners(matrix, union, matrix)
        closed -= 2.0 * _corners(matrix, matrix, union)
    degree = _degrees(matrices, n)
    pairs = degree.sum(axis=1) ** 2 - (degree**2).sum(axis=1)
    if distinct:
        squared = union.multiply(union)
        pairs -= np.asarray((squared - union).sum(axis=1)).ravel()
    return closed, (len(matrices) - 2) * pairs


def _corners(first: Matrix, across: Matrix, back: Matrix) -> NDArray[np.float64]:
    """Triangles at each actor, as the diagonal of the product of three symmetric matrices."""
    return np.asarray((first @ across).multiply(back).sum(axis=1), dtype=np.float64).ravel()


def _degrees(matrices: tuple[Matrix, ...], n: int) -> NDArray[np.float64]:
    columns = [np.diff(matrix.indptr) for matrix in matrices]
    return np.array(columns, dtype=np.float64).reshape(len(columns), n).T


def _partner_count(matrices: tuple[Matrix, ...], n: int) -> NDArray[np.float64]:
    return np.asarray(np.diff(sum_of(matrices, n).indptr), dtype=np.float64)


def _exclusive(matrices: tuple[Matrix, ...], n: int) -> NDArray[np.float64]:
    """Count the partners met in one layer only: the stored sum of all layers is 1 for those."""
    union = sum_of(matrices, n)
    columns = [np.asarray((matrix.multiply(union) == 1.0).sum(axis=1)).ravel() for matrix in matrices]
    return np.array(columns, dtype=np.float64).reshape(len(columns), n).T
