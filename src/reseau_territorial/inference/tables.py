"""Indices beside what chance would give: every silo index from one set of permutations, one index under each null."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._arguments import check_count
from reseau_territorial._sparse import TieView
from reseau_territorial.inference._fast import Statistic
from reseau_territorial.inference.permutations import Null, dealt_tables, label_draws, permutation_test
from reseau_territorial.inference.results import Alternative, pvalue_of
from reseau_territorial.metrics._frame import Per, per_frame
from reseau_territorial.metrics._grouped import Grouped, Symmetrize, counting_pairs, grouping
from reseau_territorial.metrics._indices import (
    Index,
    Mixing,
    assortativity_index,
    coleman_index,
    conductance_index,
    freeman_index,
    group_silo_index,
    gupta_anderson_may_index,
    modularity_index,
    odds_ratio_index,
    segregation_matrix,
    silo_index,
)
from reseau_territorial.metrics.moments import within_moments
from reseau_territorial.network import Choice, Missing, Network
from reseau_territorial.nulls._unchecked import in_order_of_names
from reseau_territorial.nulls.labels import LabelNull
from reseau_territorial.vocabulary import SEED

__all__ = ["compare_nulls", "silo_table"]

NETWORK: dict[str, Index] = {
    "network_silo": silo_index,
    "freeman": freeman_index,
    "assortativity": assortativity_index,
    "gupta_anderson_may": gupta_anderson_may_index,
    "modularity": modularity_index,
}
GROUPS: dict[str, Index] = {
    "group_silo": lambda table: group_silo_index(table, inside_counts=1),
    "coleman": coleman_index,
    "segregation_matrix_index": lambda table: segregation_matrix(table, direction="out"),
    "conductance": conductance_index,
}
# Linear in the weight inside groups, so that their mean and variance are known exactly.
CLOSED_FORM = ("network_silo", "freeman")
WHOLE = "(network)"
NULLS: tuple[Null, ...] = ("labels", "degree")


def silo_table(
    net: Network,
    *,
    by: str,
    n_resamples: int = 9999,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = "weight",
    symmetrize: Symmetrize | None = None,
    per: Per = None,
    missing: Missing = "error",
    seed: int = SEED,
) -> pd.DataFrame:
    """Every silo index of the network and of its groups, beside its expectation and z-score.

    Parameters
    ----------
    net : Network
        The network.
    by : str
        Actor column that gives the groups.
    n_resamples : int, default 9999
        Number of permutations of the groups over all actors; if there are no more distinct arrangements than that,
        each is visited once.
    layer, period : str or list of str, optional
        Keep only these layers, these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength. None counts each tied pair as 1. The odds ratio never reads weights.
    symmetrize : {"weak", "strong", "sum", "max", "mean"}, optional
        Make directed ties undirected first (see :func:`silo`).
    per : {"layer", "period", "level"}, optional
        One table per layer, period or level, stacked.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.
    seed : int
        Seed of the permutations.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``statistic`` and ``group`` (``"(network)"`` for the network as a whole). ``observed``,
        ``expected``, ``sd``, ``zscore`` (NaN if the index cannot vary), ``pvalue`` (two-sided, never 0), and
        ``method``: ``"closed form"`` when mean and variance are exact whatever the size, ``"enumeration"`` when every
        arrangement was visited, else ``"permutation"``. Draws where an index is undefined or infinite are left out of
        its mean and variance.

    Notes
    -----
    All indices are read from the same permuted mixing tables, so the cost is that of one test.

    References
    ----------
    Bojanowski & Corten (2014). Measuring segregation in social networks. Social Networks 39, 14-32.

    Examples
    --------
    >>> ties = pd.DataFrame({"source": ["a", "c"], "target": ["b", "d"]})
    >>> actors = pd.DataFrame({"actor": list("abcd"), "sector": ["public", "public", "civil", "civil"]})
    >>> table = silo_table(Network(ties, actors=actors), by="sector")
    >>> table.loc[("network_silo", "(network)"), ["observed", "expected", "pvalue"]].astype(float).round(3).to_list()
    [1.0, -0.333, 0.667]
    """
    net = in_order_of_names(net)
    group = grouping(net, by=by, weight=weight, symmetrize=symmetrize, missing=missing)
    count = grouping(net, by=by, weight=None, symmetrize=counting_pairs(symmetrize), missing=missing)

    def measure(view: TieView) -> pd.DataFrame:
        return _rows(group(view), count(view), n_resamples=n_resamples, seed=seed)

    return per_frame(net, measure, layer=layer, period=period, weight=weight, per=per)


def compare_nulls(
    net: Network,
    statistic: Statistic,
    *,
    by: str,
    alternative: Alternative = "two-sided",
    n_resamples: int = 999,
    layer: Choice = None,
    period: Choice = None,
    missing: Missing = "error",
    seed: int = SEED,
    **options: Any,
) -> pd.DataFrame:
    """One statistic against both null models: groups dealt out at random, and ties rewired at random.

    Parameters
    ----------
    net : Network
        The network.
    statistic : callable
        Called as ``statistic(net, by=by, **options)``, returns a number, such as :func:`network_silo`.
    by : str
        Actor column that gives the groups.
    alternative : {"two-sided", "greater", "less"}
        What counts as extreme.
    n_resamples : int, default 999
        Number of draws of each model.
    layer, period : str or list of str, optional
        Keep only these layers, these periods, and the actors present there.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.
    seed : int
        Seed of the draws.
    **options
        Passed to the statistic, such as ``weight=None``.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``null``, ``"labels"`` and ``"degree"`` (see :func:`permutation_test`), the columns of its
        ``to_frame()``: observed, expected, sd, zscore, pvalue (never 0) and how they were had. NaN where the
        statistic is undefined or cannot vary.

    Raises
    ------
    UnknownNameError
        If a column, layer, period or choice is not there.
    ReseauError
        If the statistic does not return a number.

    Notes
    -----
    The first asks whether groups matter, the second whether ties stay inside groups beyond how active each actor is.
    Drabek's Texas network is as open as chance by the first (p .36) and nearly too open by the second (p .06).

    References
    ----------
    Krackhardt & Stern (1988). Informal networks and organizational crises. Social Psychology Quarterly 51(2),
    123-140; Fosdick, Larremore, Nishimura & Ugander (2018). Configuring random graph models with fixed degree
    sequences. SIAM Review 60(2), 315-355.

    Examples
    --------
    >>> from reseau_territorial.metrics.silos import network_silo
    >>> ties = pd.DataFrame({"source": list("abcdef"), "target": list("bcaefa")})
    >>> actors = pd.DataFrame({"actor": list("abcdef"), "sector": ["public"] * 3 + ["civil"] * 3})
    >>> found = compare_nulls(Network(ties, actors=actors), network_silo, by="sector", n_resamples=99)
    >>> found.index.to_list(), found["observed"].round(3).to_list()
    (['labels', 'degree'], [0.667, 0.667])
    """
    results = {
        null: permutation_test(
            net, statistic, by=by, null=null, alternative=alternative, n_resamples=n_resamples,
            layer=layer, period=period, missing=missing, seed=seed, **options,
        ).to_frame()
        for null in NULLS
    }  # fmt: skip
    return pd.concat(results, names=["null"]).droplevel("statistic")


def _rows(one: Grouped, counted: Grouped, *, n_resamples: int, seed: int) -> pd.DataFrame:
    check_count("n_resamples", n_resamples, least=1, usual="9999 is usual.")
    model = LabelNull(one.groups, np.zeros(len(one.groups), dtype=np.int32))
    width = len(one.groups) + 2 * len(one.labels) ** 2
    blocks, exact = label_draws(model, n_resamples=n_resamples, seed=seed, width=width)
    names: list[tuple[str, str]] = [(name, WHOLE) for name in (*NETWORK, "odds_ratio_within")]
    names += [(name, str(label)) for name in GROUPS for label in one.labels]
    nulls = np.concatenate([_all_indices(one, counted, codes, draws=n_resamples) for codes in blocks])
    observed = _all_indices(one, counted, one.groups[None, :], draws=1)[0]
    closed = _closed_form(one)
    method = "enumeration" if exact else "permutation"
    rows = []
    for place, (name, group) in enumerate(names):
        null, value = nulls[:, place], float(observed[place])
        finite = null[np.isfinite(null)]
        expected = float(finite.mean()) if len(finite) else math.nan
        sd = float(finite.std(ddof=0 if exact else 1)) if len(finite) > 1 else math.nan
        if group == WHOLE and name in CLOSED_FORM:
            expected, sd = closed[name]
        alternative: Alternative = "two-sided"
        pvalue, _ = pvalue_of(null, value, alternative, exact=exact)
        rows.append(
            {
                "observed": value,
                "expected": expected,
                "sd": sd,
                "zscore": (value - expected) / sd if sd > 1e-12 else math.nan,
                "pvalue": pvalue,
                "method": "closed form" if group == WHOLE and name in CLOSED_FORM else method,
            }
        )
    return pd.DataFrame(rows, index=pd.MultiIndex.from_tuples(names, names=["statistic", "group"]))


def _all_indices(one: Grouped, counted: Grouped, codes: NDArray[np.int32], *, draws: int) -> NDArray[np.float64]:
    """Return every index for each row of dealt-out groups: network indices, odds ratio, then groups in order."""
    table = Mixing(dealt_tables(one, codes, draws=draws), one.sizes, one.directed)
    same = one.binary and one.symmetrize == counted.symmetrize
    pairs = table if same else Mixing(dealt_tables(counted, codes, draws=draws), one.sizes, counted.directed)
    whole = [index(table) for index in NETWORK.values()]
    whole.append(odds_ratio_index(pairs))
    grouped = [index(table) for index in GROUPS.values()]
    return np.concatenate([np.stack(whole, axis=1), *grouped], axis=1)


def _closed_form(one: Grouped) -> dict[str, tuple[float, float]]:
    """Return the exact mean and standard deviation of the silo index and of Freeman's, which is linear in it."""
    mean, variance = within_moments(one.sums, one.sizes)
    total, n = float(one.mixing.total), float(one.sizes.sum())
    if total == 0:
        return dict.fromkeys(CLOSED_FORM, (math.nan, math.nan))
    sd = math.sqrt(variance)
    across = total * (n**2 - float((one.sizes**2).sum())) / (n * (n - 1)) if n > 1 else 0.0
    freeman = (0.0, sd / across) if across > 0 else (math.nan, math.nan)
    return {"network_silo": (2 * mean / total - 1, 2 * sd / total), "freeman": freeman}
