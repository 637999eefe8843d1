"""Indices of segregation and homophily of each group, functions of the mixing table (`_indices`)."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from reseau_territorial._sparse import TieView
from reseau_territorial.metrics._frame import Per, per_frame
from reseau_territorial.metrics._grouped import DIRECTIONS, Direction, Grouped, Symmetrize, check_choice, grouping
from reseau_territorial.metrics._indices import Index, coleman_index, segregation_matrix
from reseau_territorial.network import Choice, Missing, Network

__all__ = ["coleman", "segregation_matrix_index"]


def coleman(
    net: Network,
    *,
    by: str,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    symmetrize: Symmetrize | None = None,
    per: Per = None,
    missing: Missing = "error",
) -> pd.Series:
    r"""Coleman's homophily of each group: its ties inside, beyond what its size would give.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength. None counts each tied pair as 1.
    symmetrize : {"weak", "strong", "sum", "max", "mean"}, optional
        Make directed ties undirected first (see :func:`silo`).
    per : {"layer", "period", "level"}, optional
        One value per group and layer, period or level.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.

    Returns
    -------
    pandas.Series
        Named ``"coleman"``, indexed by group: 1 if all the ties of its members stay inside, 0 if they do as much as
        by chance, -1 if none does. NaN for a group without outgoing ties; -1 for a group of one that has some.

    Raises
    ------
    UnknownNameError
        If a layer, a period or a column is not there, or `per` or `symmetrize` is none of its choices; the
        nearest name is offered.
    ReseauError
        If actors have no group and `missing` is ``"error"``: their names are given.

    Notes
    -----
    With :math:`d_g` the weight of the ties that leave members of g, :math:`w_g` the part that stays inside and
    :math:`w^*_g = d_g (n_g - 1)/(n - 1)`,

    .. math:: h_g = \frac{w_g - w^*_g}{d_g - w^*_g} \ \text{if } w_g > w^*_g, \qquad
              h_g = \frac{w_g - w^*_g}{w^*_g} \ \text{otherwise}

    Undirected ties are read as mutual ones. Coleman printed :math:`n_g/n` for the chance of an inside tie, which
    counts an actor as its own partner; the exact value is used here. Isolates count in n.

    References
    ----------
    Coleman (1958). Relational analysis: the study of social organizations with survey methods. Human Organization
    17, 28-36.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["a", "a", "c"], "target": ["b", "c", "d"]})
    >>> actors = pd.DataFrame({"actor": list("abcd"), "sector": ["public", "public", "civil", "civil"]})
    >>> coleman(Network(ties, actors=actors), by="sector").round(2).to_dict()
    {'civil': 0.5, 'public': 0.5}
    """
    group = grouping(net, by=by, weight=weight, symmetrize=symmetrize, missing=missing)
    return _of_groups(net, "coleman", group, coleman_index, layer=layer, period=period, weight=weight, per=per)


def segregation_matrix_index(
    net: Network,
    *,
    by: str,
    direction: Direction = "out",
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    symmetrize: Symmetrize | None = None,
    per: Per = None,
    missing: Missing = "error",
) -> pd.Series:
    r"""Freshtman's index of each group: density inside, against the density of its ties with the others.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    direction : {"out", "in", "all"}
        For directed ties: the ties of the group towards the others, from them, or the mean of the two.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength. None counts each tied pair as 1, as published.
    symmetrize : {"weak", "strong", "sum", "max", "mean"}, optional
        Make directed ties undirected first (see :func:`silo`).
    per : {"layer", "period", "level"}, optional
        One value per group and layer, period or level.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.

    Returns
    -------
    pandas.Series
        Named ``"segregation_matrix_index"``, indexed by group, from -1 (no tie inside) to 1 (none with others). NaN
        for a group of one, for a group that holds everyone, and without ties. Isolates count in the sizes.

    Raises
    ------
    UnknownNameError
        If a layer, a period or a column is not there, or `direction`, `per` or `symmetrize` is none of its
        choices; the nearest name is offered.
    ReseauError
        If actors have no group and `missing` is ``"error"``: their names are given.

    Notes
    -----
    .. math:: SMI_g = \frac{d_{in} - d_{out}}{d_{in} + d_{out}}, \qquad d_{in} = \frac{w_{gg}}{n_g (n_g - 1)}, \quad
              d_{out} = \frac{w_{g.} - w_{gg}}{n_g (n - n_g)}

    References
    ----------
    Freshtman (1997). Cohesive group segregation detection in a social network by the segregation matrix index. Social
    Networks 19, 193-207.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["a", "a"], "target": ["b", "c"]})
    >>> actors = pd.DataFrame({"actor": list("abcd"), "sector": ["public", "public", "civil", "civil"]})
    >>> segregation_matrix_index(Network(ties, actors=actors), by="sector").round(2).to_dict()
    {'civil': -1.0, 'public': 0.6}
    """
    check_choice("direction", direction, DIRECTIONS)
    group = grouping(net, by=by, weight=weight, symmetrize=symmetrize, missing=missing)
    return _of_groups(
        net,
        "segregation_matrix_index",
        group,
        lambda table: segregation_matrix(table, direction=direction),
        layer=layer,
        period=period,
        weight=weight,
        per=per,
    )


def _of_groups(
    net: Network,
    name: str,
    group: Callable[[TieView], Grouped],
    index: Index,
    *,
    layer: Choice,
    period: Choice,
    weight: str | None,
    per: Per,
) -> pd.Series:
    def measure(view: TieView) -> pd.DataFrame:
        one = group(view)
        return pd.DataFrame({name: index(one.mixing)}, index=one.labels)

    return per_frame(net, measure, layer=layer, period=period, weight=weight, per=per)[name]
