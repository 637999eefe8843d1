"""Silos against chance: what each index and each cell of the mixing table would be if groups were dealt at random.

Everything here is in closed form (`moments`): exact whatever the size, and no seed.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._sparse import TieView
from reseau_territorial.metrics._frame import Per, per_frame, views
from reseau_territorial.metrics._grouped import Grouped, Symmetrize, check_choice, counting_pairs, grouping
from reseau_territorial.metrics._indices import divide, silo_index
from reseau_territorial.metrics.moments import balance_moments, cell_moments, within_moments
from reseau_territorial.metrics.silos import network_silo
from reseau_territorial.network import Choice, Missing, Network

__all__ = ["group_mixing", "layer_silos", "silo_contributions", "silo_test"]


def group_mixing(
    net: Network,
    *,
    by: str,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    symmetrize: Symmetrize | None = None,
    per: Per = None,
    missing: Missing = "error",
) -> pd.DataFrame:
    r"""Who works with whom: the ties of each pair of groups, beside what to expect.

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
        One table per layer, period or level, stacked.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``source`` and ``target``, the two groups. Directed ties give a row for every ordered pair of
        groups; undirected ones a row for every unordered pair, so that a column adds up to the network. Columns:

        - ``ties``, tied pairs of actors; ``weight``, their weight; ``share`` of the total weight;
        - ``expected``, the weight if ties kept how active each group is but ignored who meets whom, and ``ratio``,
          weight over expected (NaN if nothing is expected);
        - ``expected_permuted``, ``sd_permuted`` and ``zscore``: exact mean and standard deviation if the groups
          were permuted over all actors, isolates included, and the distance of the weight from them (NaN if it
          cannot vary).

    Raises
    ------
    UnknownNameError
        If a layer, a period or a column is not there, or `per` or `symmetrize` is none of its choices; the
        nearest name is offered.
    ReseauError
        If actors have no group and `missing` is ``"error"``: their names are given.

    Notes
    -----
    .. math:: \text{expected}_{gh} = \frac{w_{g.} \, w_{.h}}{w_{..}}

    The two expectations answer two questions: is this pair of groups tied beyond the activity of each, and beyond
    their sizes?

    References
    ----------
    Newman (2003). Mixing patterns in networks. Physical Review E 67, 026126; Cliff & Ord (1981). Spatial processes:
    models and applications (join counts).

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["a", "a", "b"], "target": ["b", "c", "d"]})
    >>> actors = pd.DataFrame({"actor": list("abcd"), "sector": ["public", "public", "civil", "civil"]})
    >>> group_mixing(Network(ties, actors=actors), by="sector")["weight"].to_dict()
    {('civil', 'civil'): 0.0, ('civil', 'public'): 2.0, ('public', 'public'): 1.0}
    """
    group = grouping(net, by=by, weight=weight, symmetrize=symmetrize, missing=missing)
    # Two weights can be added up or averaged, but a pair is tied or not.
    count = grouping(net, by=by, weight=None, symmetrize=counting_pairs(symmetrize), missing=missing)

    def measure(view: TieView) -> pd.DataFrame:
        return _mixing_frame(group(view), count(view).mixing.ties)

    return per_frame(net, measure, layer=layer, period=period, weight=weight, per=per)


def silo_test(
    net: Network,
    *,
    by: str,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    symmetrize: Symmetrize | None = None,
    per: Per = None,
    missing: Missing = "error",
) -> pd.DataFrame:
    r"""Silo index of the network beside what chance would give, in closed form: no simulation, any size.

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
        One row per layer, period or level.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.

    Returns
    -------
    pandas.DataFrame
        One row per slice (or a single one, named ``"network_silo"``): ``observed``; ``expected`` and ``sd`` under
        permutation of the groups over all actors, isolates included; ``zscore`` (NaN if the index cannot vary);
        ``pvalue_normal``, two-sided, from the normal law: an approximation on small networks, where
        :func:`permutation_test` is better; ``actors`` and ``groups``, their numbers.

    Raises
    ------
    UnknownNameError
        If a layer, a period or a column is not there, or `per` or `symmetrize` is none of its choices; the
        nearest name is offered.
    ReseauError
        If actors have no group and `missing` is ``"error"``: their names are given.

    Notes
    -----
    The index is :math:`2W/S_0 - 1` with W the weight inside groups. Over all permutations of the labels,

    .. math:: E[W] = S_0 p_2, \qquad
              E[W^2] = S_1 p_2 + (S_2 - 2 S_1) p_3 + (S_0^2 - S_2 + S_1) p_4

    with :math:`p_k` the probabilities that two ties that have 2, 3 or 4 ends in all fall inside groups, and
    :math:`S_0 = \sum w_{ij}`, :math:`S_1 = \tfrac12 \sum (w_{ij} + w_{ji})^2`,
    :math:`S_2 = \sum_i (w_{i.} + w_{.i})^2`. Time and memory grow with ties plus actors plus groups.

    References
    ----------
    Cliff & Ord (1981). Spatial processes: models and applications (join counts); Krackhardt & Stern (1988).
    Informal networks and organizational crises. Social Psychology Quarterly 51(2), 123-140.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["a", "c"], "target": ["b", "d"]})
    >>> actors = pd.DataFrame({"actor": list("abcd"), "sector": ["public", "public", "civil", "civil"]})
    >>> row = silo_test(Network(ties, actors=actors), by="sector").loc["network_silo"]
    >>> row[["observed", "expected", "zscore"]].round(3).to_list()
    [1.0, -0.333, 1.414]
    """
    group = grouping(net, by=by, weight=weight, symmetrize=symmetrize, missing=missing)
    found = views(net, layer=layer, period=period, weight=weight, per=per)
    rows = {"network_silo" if name is None else name: _test_row(group(view)) for name, view in found}
    table = pd.DataFrame(list(rows.values()), columns=_TEST_COLUMNS)
    return table.set_axis(pd.Index(list(rows), name=per or "statistic"))


def silo_contributions(
    net: Network,
    *,
    by: str,
    across: Literal["layer", "period"] = "layer",
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    symmetrize: Symmetrize | None = None,
    missing: Missing = "error",
) -> pd.DataFrame:
    r"""Which group and which layer make the silo: parts that add up to the index of all layers together.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    across : {"layer", "period"}
        What is decomposed beside the groups.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength. None counts each tied pair as 1 in each layer.
    symmetrize : {"weak", "strong", "sum", "max", "mean"}, optional
        Make directed ties undirected first (see :func:`silo`).
    missing : {"error", "drop", "group"}
        What to do with actors without a group.

    Returns
    -------
    pandas.DataFrame
        Indexed by group and layer (or period): ``share``, the part of all tie ends that it holds (they sum to 1);
        ``silo``, its own index (members' convention; NaN without ties); ``contribution = share * silo``, which sum
        exactly to the silo index of the layers added up; ``expected``, the exact expectation of the contribution
        under permutation of the groups within each layer's actors; ``excess = contribution - expected``;
        ``zscore``, the excess over its exact standard deviation (NaN if it cannot vary). NaN without any tie.

    Raises
    ------
    UnknownNameError
        If a layer, a period or a column is not there, or `symmetrize` is none of its choices; the nearest name
        is offered.
    ReseauError
        If actors have no group and `missing` is ``"error"``: their names are given.

    Notes
    -----
    The weight of a tie is halved between its two ends, and each half goes to the group of its end and the layer of
    the tie: :math:`c_{gl} = (I_{gl} - \tfrac12 E_{gl}) / W`, so that :math:`\sum_{gl} c_{gl} = S`. Sums over groups
    give what each layer adds, sums over layers what each group adds. It decomposes the index of Krackhardt & Stern
    (1988); the decomposition itself is defined here.

    References
    ----------
    Krackhardt & Stern (1988). Informal networks and organizational crises. Social Psychology Quarterly 51(2), 123-140
    (the index that is divided; the division is ours).

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["a", "c", "a"], "target": ["b", "d", "c"],
    ...                      "layer": ["masks", "masks", "funding"]})
    >>> actors = pd.DataFrame({"actor": list("abcd"), "sector": ["public", "public", "civil", "civil"]})
    >>> parts = silo_contributions(Network(ties, actors=actors), by="sector")["contribution"]
    >>> parts.groupby("layer").sum().round(3).to_dict(), round(float(parts.sum()), 3)
    ({'funding': -0.333, 'masks': 0.667}, 0.333)
    """
    check_choice("aspect for across", across, ("layer", "period"))
    group = grouping(net, by=by, weight=weight, symmetrize=symmetrize, missing=missing)
    table = per_frame(
        net, lambda view: _ends_of_groups(group(view)), layer=layer, period=period, weight=weight, per=across
    )
    total = float(table["ends"].sum())
    result = pd.DataFrame(index=table.index)
    result["share"] = divide(table["ends"].to_numpy(), total)
    result["silo"] = divide(table["balance"].to_numpy(), table["ends"].to_numpy())
    result["contribution"] = divide(table["balance"].to_numpy(), total)
    result["expected"] = divide(table["expected"].to_numpy(), total)
    result["excess"] = result["contribution"] - result["expected"]
    result["zscore"] = divide((table["balance"] - table["expected"]).to_numpy(), table["sd"].to_numpy())
    return result


def layer_silos(
    net: Network,
    *,
    by: str,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    symmetrize: Symmetrize | None = None,
    missing: Missing = "error",
) -> pd.Series:
    r"""Silo index of each layer, of their union and of their sum: three readings that can disagree.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength, for the layers and the sum. None counts each tied pair as 1 in each layer.
    symmetrize : {"weak", "strong", "sum", "max", "mean"}, optional
        Make directed ties undirected first (see :func:`silo`).
    missing : {"error", "drop", "group"}
        What to do with actors without a group.

    Returns
    -------
    pandas.Series
        Named ``"layer_silos"``, indexed by layer, then ``"(union)"``: each tied pair counts once, whatever its layers
        and weights; and ``"(sum)"``: the layers added up. Between -1 and 1; NaN without ties. Isolates do not count.

    Raises
    ------
    UnknownNameError
        If a layer, a period or a column is not there, or `symmetrize` is none of its choices; the nearest name
        is offered.
    ReseauError
        If actors have no group and `missing` is ``"error"``: their names are given.

    Notes
    -----
    Each is the index of :func:`network_silo`. A closed layer can hide in an open sum, and a sum can look closed where
    every layer is open: publish all three.

    References
    ----------
    Krackhardt & Stern (1988). Informal networks and organizational crises. Social Psychology Quarterly 51(2),
    123-140; Bojanowski & Corten (2014). Measuring segregation in social networks. Social Networks 39, 14-32.

    Examples
    --------
    >>> from reseau_territorial import Network
    >>> ties = pd.DataFrame({"source": ["a", "a", "a"], "target": ["b", "b", "c"],
    ...                      "layer": ["masks", "funding", "funding"]})
    >>> actors = pd.DataFrame({"actor": list("abc"), "sector": ["public", "public", "civil"]})
    >>> layer_silos(Network(ties, actors=actors), by="sector").round(3).to_dict()
    {'funding': 0.0, 'masks': 1.0, '(union)': 0.0, '(sum)': 0.333}
    """
    options: dict[str, Any] = {"by": by, "layer": layer, "period": period, "symmetrize": symmetrize, "missing": missing}
    each = network_silo(net, weight=weight, per="layer", **options)
    parts = silo_contributions(net, weight=weight, **options)["contribution"]
    whole = {"(union)": network_silo(net, weight=None, **options), "(sum)": parts.sum(min_count=1)}
    result: pd.Series = pd.concat([pd.Series(each), pd.Series(whole, dtype=float)])
    return result.rename("layer_silos").rename_axis("layer")


_TEST_COLUMNS = ["observed", "expected", "sd", "zscore", "pvalue_normal", "actors", "groups"]


def _test_row(one: Grouped) -> dict[str, float]:
    mean, variance = within_moments(one.sums, one.sizes)
    total = float(one.mixing.total)
    observed = float(silo_index(one.mixing))
    expected = 2 * mean / total - 1 if total else math.nan
    sd = 2 * math.sqrt(variance) / total if total else math.nan
    zscore = (observed - expected) / sd if sd > 0 else math.nan
    return {
        "observed": observed,
        "expected": expected,
        "sd": sd,
        "zscore": zscore,
        "pvalue_normal": math.erfc(abs(zscore) / math.sqrt(2)),
        "actors": int(one.sizes.sum()),
        "groups": len(one.labels),
    }


def _ends_of_groups(one: Grouped) -> pd.DataFrame:
    """Return the tie ends of each group in one layer, their balance inside - outside, and what to expect of it."""

    def balance(ties: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        inside = np.diagonal(ties)
        outside = (ties.sum(axis=0) + ties.sum(axis=1)) / 2 - inside
        return inside - outside, inside + outside

    observed, ends = balance(one.mixing.ties)
    expected, variance = balance_moments(one.sums, one.sizes)
    columns = {"ends": ends, "balance": observed, "expected": expected, "sd": np.sqrt(variance)}
    return pd.DataFrame(columns, index=one.labels)


def _mixing_frame(one: Grouped, tied: NDArray[np.float64]) -> pd.DataFrame:
    """Return the mixing table in long form; the rows of an undirected one are its upper triangle."""
    table = one.mixing
    mean, variance = cell_moments(one.sums, one.sizes)
    sd = np.sqrt(variance)
    expected = divide(np.outer(table.leaving, table.entering), table.total)
    columns = {
        "ties": tied,
        "weight": table.ties,
        "share": table.shares,
        "expected": expected,
        "ratio": divide(table.ties, expected),
        "expected_permuted": mean,
        "sd_permuted": sd,
        "zscore": divide(table.ties - mean, sd),
    }
    size = len(one.labels)
    row, column = np.indices((size, size)) if one.directed else np.array(np.triu_indices(size))
    index = pd.MultiIndex.from_arrays(
        [one.labels.take(row.ravel()), one.labels.take(column.ravel())], names=["source", "target"]
    )
    frame = pd.DataFrame({name: values[row, column].ravel() for name, values in columns.items()}, index=index)
    if not one.directed:
        # An undirected table enters each tie both ways: once is enough inside a group, and twice its share outside.
        inside = (row == column).ravel()
        halved = ["ties", "weight", "expected", "expected_permuted", "sd_permuted"]
        frame.loc[inside, halved] /= 2
        frame.loc[~inside, "share"] *= 2
    return frame
