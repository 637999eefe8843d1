"""Indices of segregation and homophily of the network: one number (one per group: see `group_segregation`).

All are functions of the mixing table (`_indices`); none is comparable between networks
without its expectation, which :func:`silo_table` gives.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from reseau_territorial._sparse import TieView
from reseau_territorial.errors import ReseauError
from reseau_territorial.metrics._frame import Per, per_network
from reseau_territorial.metrics._grouped import Grouped, Symmetrize, counting_pairs, grouping
from reseau_territorial.metrics._indices import (
    Index,
    assortativity_index,
    freeman_index,
    gupta_anderson_may_index,
    odds_ratio_index,
)
from reseau_territorial.network import Choice, Missing, Network

__all__ = [
    "assortativity",
    "freeman",
    "gupta_anderson_may",
    "odds_ratio_within",
]


def freeman(
    net: Network,
    *,
    by: str,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    symmetrize: Symmetrize | None = None,
    per: Per = None,
    missing: Missing = "error",
) -> float | pd.Series:
    r"""Freeman's segregation: how many ties between groups are missing, against a network blind to them.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups, two or more.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength. None counts each tied pair as 1.
    symmetrize : {"weak", "strong", "sum", "max", "mean"}, optional
        Make directed ties undirected first (see :func:`silo`).
    per : {"layer", "period", "level"}, optional
        One value per layer, period or level.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.

    Returns
    -------
    float or pandas.Series
        1 without ties between groups, 0 when there are as many as by chance, negative when there are more. NaN with
        a single group or no tie. Isolates count in the group sizes.

    Raises
    ------
    UnknownNameError
        If a layer, a period or a column is not there, or `per` or `symmetrize` is none of its choices; the
        nearest name is offered.
    ReseauError
        If actors have no group and `missing` is ``"error"``: their names are given.

    Notes
    -----
    .. math:: F = 1 - \frac{W_{out}}{E[W_{out}]}, \qquad
              E[W_{out}] = W \, \frac{n^2 - \sum_g n_g^2}{n (n - 1)}

    Freeman cut negative values to 0 and had two groups; neither limit is kept here. Its z-score is that of
    :func:`silo_test`, of which it is a linear function.

    References
    ----------
    Freeman (1978). Segregation in social networks. Sociological Methods & Research 6(4), 411-429; Bojanowski &
    Corten (2014). Measuring segregation in social networks. Social Networks 39, 14-32.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["a", "a", "c"], "target": ["b", "c", "d"]})
    >>> actors = pd.DataFrame({"actor": list("abcd"), "sector": ["public", "public", "civil", "civil"]})
    >>> freeman(Network(ties, actors=actors), by="sector")
    0.5
    """
    group = grouping(net, by=by, weight=weight, symmetrize=symmetrize, missing=missing)
    return _of_network(net, "freeman", group, freeman_index, layer=layer, period=period, weight=weight, per=per)


def assortativity(
    net: Network,
    *,
    by: str,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    symmetrize: Symmetrize | None = None,
    per: Per = None,
    missing: Missing = "error",
) -> float | pd.Series:
    r"""Newman's assortativity: ties inside groups beyond what the activity of each group would give.

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
        One value per layer, period or level.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.

    Returns
    -------
    float or pandas.Series
        At most 1 (all ties inside groups); 0 by chance; negative when ties avoid the own group. NaN without ties or
        when all are inside one group. Isolates do not count.

    Raises
    ------
    UnknownNameError
        If a layer, a period or a column is not there, or `per` or `symmetrize` is none of its choices; the
        nearest name is offered.
    ReseauError
        If actors have no group and `missing` is ``"error"``: their names are given.

    Notes
    -----
    .. math:: r = \frac{\sum_g e_{gg} - \sum_g a_g b_g}{1 - \sum_g a_g b_g}

    with :math:`e_{gh}` the share of the weight that goes from g to h, :math:`a_g` and :math:`b_g` its row and column
    sums: directed ties keep their direction.

    References
    ----------
    Newman (2003). Mixing patterns in networks. Physical Review E 67, 026126.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["a", "a", "c"], "target": ["b", "c", "d"]})
    >>> actors = pd.DataFrame({"actor": list("abcd"), "sector": ["public", "public", "civil", "civil"]})
    >>> round(assortativity(Network(ties, actors=actors), by="sector"), 3)
    0.333
    """
    group = grouping(net, by=by, weight=weight, symmetrize=symmetrize, missing=missing)
    return _of_network(
        net, "assortativity", group, assortativity_index, layer=layer, period=period, weight=weight, per=per
    )


def gupta_anderson_may(
    net: Network,
    *,
    by: str,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    symmetrize: Symmetrize | None = None,
    per: Per = None,
    missing: Missing = "error",
) -> float | pd.Series:
    r"""Gupta, Anderson and May's Q: the mean share of ties inside, each group counting as much as the others.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups, two or more.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength. None counts each tied pair as 1.
    symmetrize : {"weak", "strong", "sum", "max", "mean"}, optional
        Make directed ties undirected first (see :func:`silo`).
    per : {"layer", "period", "level"}, optional
        One value per layer, period or level.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.

    Returns
    -------
    float or pandas.Series
        From :math:`-1/(G-1)` (no tie inside) to 1 (all inside), 0 by chance in groups of one size. NaN with a
        single group, or if a group has no outgoing tie.

    Raises
    ------
    UnknownNameError
        If a layer, a period or a column is not there, or `per` or `symmetrize` is none of its choices; the
        nearest name is offered.
    ReseauError
        If actors have no group and `missing` is ``"error"``: their names are given.

    Notes
    -----
    .. math:: Q = \frac{\sum_g e_{gg}/a_g - 1}{G - 1}

    which is the sum of the eigenvalues of the row-normalised table, less one. The order of groups does not matter,
    and directed ties keep their direction.

    References
    ----------
    Gupta, Anderson & May (1989). Networks of sexual contacts: implications for the pattern of spread of HIV. AIDS 3,
    807-817.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["a", "a", "c"], "target": ["b", "c", "d"]})
    >>> actors = pd.DataFrame({"actor": list("abcd"), "sector": ["public", "public", "civil", "civil"]})
    >>> round(gupta_anderson_may(Network(ties, actors=actors), by="sector"), 3)
    0.333
    """
    group = grouping(net, by=by, weight=weight, symmetrize=symmetrize, missing=missing)
    return _of_network(
        net, "gupta_anderson_may", group, gupta_anderson_may_index, layer=layer, period=period, weight=weight, per=per
    )


def odds_ratio_within(
    net: Network,
    *,
    by: str,
    correction: float = 0.0,
    layer: Choice = None,
    period: Choice = None,
    weight: None = None,
    symmetrize: Symmetrize | None = None,
    per: Per = None,
    missing: Missing = "error",
) -> float | pd.Series:
    r"""Odds of a tie inside a group, over the odds of a tie between groups (Moody's gross segregation).

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    correction : float, default 0.0
        Added to the four counts of pairs; 0.5 (Haldane) keeps the ratio finite when one of them is 0.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : None
        Always None: the index counts tied and untied pairs, and a weight has no odds.
    symmetrize : {"weak", "strong", "sum", "max", "mean"}, optional
        Make directed ties undirected first (see :func:`silo`): tied both ways for "strong", in either direction for
        the others, since a pair is tied or not.
    per : {"layer", "period", "level"}, optional
        One value per layer, period or level.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.

    Returns
    -------
    float or pandas.Series
        0 or more; 1 when the groups make no difference. Infinite if no pair of different groups is tied, or all pairs
        of the same are; NaN if it has no meaning (a single group, no tie). Weights do not count. Isolates count.

    Raises
    ------
    UnknownNameError
        If a layer, a period or a column is not there, or `per` or `symmetrize` is none of its choices; the
        nearest name is offered.
    ReseauError
        If actors have no group and `missing` is ``"error"``: their names are given.

    Notes
    -----
    Over all pairs of actors (ordered if ties are directed), with a tied and b untied inside, c tied and d untied
    between groups,

    .. math:: OR = \frac{a / b}{c / d}

    References
    ----------
    Moody (2001). Race, school integration, and friendship segregation in America. American Journal of Sociology
    107(3), 679-716.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["a", "a"], "target": ["b", "c"]})
    >>> actors = pd.DataFrame({"actor": list("abcd"), "sector": ["public", "public", "civil", "civil"]})
    >>> odds_ratio_within(Network(ties, actors=actors), by="sector")
    3.0
    """
    if weight is not None:
        raise ReseauError(f"odds_ratio_within counts tied pairs, and weight={weight!r} is not a count. Leave it out.")
    group = grouping(net, by=by, weight=None, symmetrize=counting_pairs(symmetrize), missing=missing)
    if correction < 0:
        raise ReseauError(f"correction must be 0 or more, not {correction}. Pass 0.5 for Haldane's.")
    return _of_network(
        net,
        "odds_ratio_within",
        group,
        lambda table: odds_ratio_index(table, correction=correction),
        layer=layer,
        period=period,
        weight=None,
        per=per,
    )


def _of_network(
    net: Network,
    name: str,
    group: Callable[[TieView], Grouped],
    index: Index,
    *,
    layer: Choice,
    period: Choice,
    weight: str | None,
    per: Per,
) -> float | pd.Series:
    def measure(view: TieView) -> float:
        return float(index(group(view).mixing))

    return per_network(net, name, measure, layer=layer, period=period, weight=weight, per=per)
