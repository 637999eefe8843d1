"""Permutation tests: a statistic of the network against what its groups, or its degrees, give by chance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from reseau_territorial._arguments import check_count, check_network, make_generator
from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.inference._fast import Statistic, TableStatistic, table_statistic
from reseau_territorial.inference._values import check_options, number_of, values_of, with_every_group
from reseau_territorial.inference.results import ALTERNATIVES, Alternative, Lang, PermutationResult
from reseau_territorial.metrics._grouped import Grouped, grouping, make_symmetric
from reseau_territorial.metrics._indices import Mixing
from reseau_territorial.network import Choice, Missing, Network
from reseau_territorial.nulls._unchecked import in_order_of_names, with_ends, with_groups
from reseau_territorial.nulls.labels import CHUNK, LabelNull, tables_of
from reseau_territorial.nulls.rewiring import pairs_of, rewirings, strata_of
from reseau_territorial.vocabulary import SEED, check_lang

__all__ = ["permutation_test"]

Null = Literal["labels", "degree"]


def permutation_test(
    net: Network,
    statistic: Statistic,
    *,
    by: str,
    null: Null = "labels",
    within: str | None = None,
    alternative: Alternative = "two-sided",
    n_resamples: int = 9999,
    layer: Choice = None,
    period: Choice = None,
    missing: Missing = "error",
    seed: int = SEED,
    lang: Lang = "fr",
    **options: Any,
) -> PermutationResult:
    r"""Compare a statistic of the network with its values under a null model.

    Parameters
    ----------
    net : Network
        The network.
    statistic : callable
        Called as ``statistic(net, by=by, **options)``, returns a number: a function of the library, such as
        :func:`network_silo`, or your own. The silo indices that need only the mixing table (`network_silo`,
        `freeman`, `assortativity`, `gupta_anderson_may`, `modularity`, `odds_ratio_within`) are computed for all
        draws at once, without building a network; any other is called once per draw.
    by : str
        Actor column that gives the groups.
    null : {"labels", "degree"}
        ``"labels"``: the groups are permuted over all the actors, isolates included; ties stay. It asks whether
        groups matter, given who is tied to whom. ``"degree"``: ties are rewired, each actor keeps its number of ties
        in each layer and period, groups stay. It asks whether ties stay inside groups beyond how active each actor
        is. They can disagree; look at both.
    within : str, optional
        With ``null="labels"``, actor column of strata: groups are exchanged inside a stratum only, such as a
        territory.
    alternative : {"two-sided", "greater", "less"}
        What counts as extreme. Two-sided is twice the smaller of the two others, at most 1.
    n_resamples : int, default 9999
        Number of draws. With ``null="labels"``, if there are no more distinct arrangements than that, each is
        visited once and the p-value is exact.
    layer, period : str or list of str, optional
        Keep only these layers, these periods, and the actors present there.
    missing : {"error", "drop", "group"}
        What to do with actors without a group.
    seed : int
        Seed of the draws, kept in the result.
    lang : {"fr", "en"}
        Language of the sentence that the result prints.
    **options
        Passed to the statistic, such as ``weight=None``.

    Returns
    -------
    PermutationResult
        ``observed``, ``expected``, ``null``, ``zscore``, ``pvalue`` (never 0), ``mc_error``, ``interval``, ``seed``,
        ``to_frame()``.

    Raises
    ------
    UnknownNameError
        If a column, layer, period or choice is not there.
    ReseauError
        If the statistic does not return a number.

    Warns
    -----
    UserWarning
        With ``null="degree"``, if the degrees leave little to rewire.

    Notes
    -----
    With r of n draws at least as extreme as observed (ties within rounding count), the p-value is
    :math:`(r + 1)/(n + 1)`; when all arrangements are visited it is r/n, the observed one being among them. Draws
    where the statistic is undefined are left out of both. For the silo index itself :func:`silo_test` has the exact
    mean and variance.

    References
    ----------
    Krackhardt & Stern (1988). Informal networks and organizational crises. Social Psychology Quarterly 51(2);
    Phipson & Smyth (2010). Permutation p-values should never be zero. Statistical Applications in Genetics and
    Molecular Biology 9(1), 39.

    Examples
    --------
    >>> import pandas as pd
    >>> from reseau_territorial.metrics.silos import network_silo
    >>> ties = pd.DataFrame({"source": ["a", "c"], "target": ["b", "d"]})
    >>> actors = pd.DataFrame({"actor": list("abcd"), "sector": ["public", "public", "civil", "civil"]})
    >>> result = permutation_test(Network(ties, actors=actors), network_silo, by="sector", alternative="greater")
    >>> result.observed, result.exact, round(result.pvalue, 3)
    (1.0, True, 0.333)
    """
    check_network(net)
    check_lang(lang)
    _check(null=null, alternative=alternative, n_resamples=n_resamples, within=within)
    check_options(permutation_test, statistic, options)
    fast = table_statistic(statistic, options)
    net = in_order_of_names(net)
    if fast is not None and null == "labels":
        one = _grouped(net, fast, by=by, layer=layer, period=period, missing=missing)
        observed = float(fast.index(one.mixing))
        model = _label_null(net, one, within)
        values, exact = _label_values(model, one, fast, n_resamples=n_resamples, seed=seed)
    else:
        chosen = _ready(net, by=by, layer=layer, period=period, missing=missing)
        observed = number_of(statistic, chosen, {"by": by, **options})
        exact = False
        if null == "labels":
            values, exact = _generic_labels(
                chosen, statistic, by=by, within=within, n_resamples=n_resamples, seed=seed, options=options
            )
        elif fast is not None:
            values = _degree_values(chosen, fast, by=by, n_resamples=n_resamples, seed=seed)
        else:
            values = _generic_degree(chosen, statistic, by=by, n_resamples=n_resamples, seed=seed, options=options)
    return PermutationResult(
        statistic=getattr(statistic, "__name__", "statistic"),
        observed=observed,
        null=values,
        null_model=_model_name(null, by, within),
        alternative=alternative,
        exact=exact,
        seed=seed,
        lang=lang,
    )


def label_draws(
    model: LabelNull, *, n_resamples: int, seed: int, width: int
) -> tuple[Iterator[NDArray[np.int32]], bool]:
    """Return blocks of dealt-out groups, and whether they are every way there is, each once."""
    if model.arrangements <= n_resamples:
        return iter([model.every()]), True
    step = max(1, CHUNK // max(width, 1))
    rng = make_generator(seed)
    counts = [min(step, n_resamples - start) for start in range(0, n_resamples, step)]
    return (model.draw(rng, count) for count in counts), False


def distinct_pairs(one: Grouped) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return the ends and weight of each tied pair, once if ties have no direction."""
    ties = one.matrix.tocoo()
    row, column, weight = ties.row.astype(np.int64), ties.col.astype(np.int64), ties.data
    if not one.directed:
        once = row < column
        row, column, weight = row[once], column[once], weight[once]
    return row, column, np.asarray(weight, dtype=np.float64)


def dealt_tables(one: Grouped, codes: NDArray[np.int32], *, draws: int) -> NDArray[np.float64]:
    """Return the mixing table of each row of dealt-out groups, a block of all the draws."""
    tables = tables_of(codes, *distinct_pairs(one), len(one.labels), draws=draws)
    return tables if one.directed else tables + np.swapaxes(tables, 1, 2)


def _check(*, null: str, alternative: str, n_resamples: int, within: str | None) -> None:
    if null not in ("labels", "degree"):
        raise unknown_name("null model", null, ["labels", "degree"])
    if alternative not in ALTERNATIVES:
        raise unknown_name("alternative", alternative, ALTERNATIVES)
    check_count("n_resamples", n_resamples, least=1, usual="9999 gives p-values down to 0.0001.")
    if within is not None and null != "labels":
        raise ReseauError(f'within={within!r} goes with null="labels": rewiring moves ties, not groups. Leave it out.')


def _model_name(null: Null, by: str, within: str | None) -> str:
    if null == "degree":
        return "rewire ties, degrees kept"
    return f"permute {by}" if within is None else f"permute {by} within {within}"


def _grouped(
    net: Network, fast: TableStatistic, *, by: str, layer: Choice, period: Choice, missing: Missing
) -> Grouped:
    view = net._view(layer=layer, period=period, weight=fast.weight)
    return grouping(net, by=by, weight=fast.weight, symmetrize=fast.symmetrize, missing=missing)(view)


def _label_null(net: Network, one: Grouped, within: str | None) -> LabelNull:
    strata = np.zeros(len(one.groups), dtype=np.int32)
    if within is not None:
        strata = net._groups(within, one.view.actors[one.kept])[0]
    return LabelNull(one.groups, strata)


def _label_values(
    model: LabelNull, one: Grouped, fast: TableStatistic, *, n_resamples: int, seed: int
) -> tuple[NDArray[np.float64], bool]:
    width = len(one.groups) + len(one.labels) ** 2
    blocks, exact = label_draws(model, n_resamples=n_resamples, seed=seed, width=width)
    found = [
        fast.index(Mixing(dealt_tables(one, codes, draws=n_resamples), one.sizes, one.directed)) for codes in blocks
    ]
    return np.concatenate(found), exact


def _ready(net: Network, *, by: str, layer: Choice, period: Choice, missing: Missing) -> Network:
    """Return the selection, with a group for every actor."""
    chosen = net.select(layer=layer, period=period)
    return with_every_group(chosen, by, missing)


def _generic_labels(
    net: Network,
    statistic: Statistic,
    *,
    by: str,
    within: str | None,
    n_resamples: int,
    seed: int,
    options: dict[str, Any],
) -> tuple[NDArray[np.float64], bool]:
    codes, labels = net._groups(by)
    strata = np.zeros_like(codes) if within is None else net._groups(within)[0]
    model = LabelNull(codes, strata)
    blocks, exact = label_draws(model, n_resamples=n_resamples, seed=seed, width=len(codes))

    def value(row: NDArray[np.int32]) -> float:
        dealt = with_groups(net, by, labels.take(row).to_numpy())
        return number_of(statistic, dealt, {"by": by, **options})

    rows = (row for block in blocks for row in block)
    count = model.arrangements if exact else n_resamples
    return values_of(map(value, rows), count), exact


def _generic_degree(
    net: Network, statistic: Statistic, *, by: str, n_resamples: int, seed: int, options: dict[str, Any]
) -> NDArray[np.float64]:
    view = net._view()
    present = np.flatnonzero((net.ties["status"] == "present").to_numpy(dtype=bool))
    pairs = pairs_of(view.source, view.target, view.mutual, strata_of(view, net.layers.index))
    chain = rewirings(pairs, len(present), view.n, make_generator(seed), draws=n_resamples)

    def value(ends: tuple[NDArray[np.int64], NDArray[np.int64]]) -> float:
        return number_of(statistic, with_ends(net, present, *ends), {"by": by, **options})

    return values_of(map(value, chain), n_resamples)


def _degree_values(net: Network, fast: TableStatistic, *, by: str, n_resamples: int, seed: int) -> NDArray[np.float64]:
    """Return the statistic of rewired ties: only their mixing tables are built."""
    view = net._view(weight=fast.weight)
    codes, labels = net._groups(by)
    sizes = np.bincount(codes, minlength=len(labels)).astype(np.float64)
    pairs = pairs_of(view.source, view.target, view.mutual, strata_of(view, net.layers.index))
    chain = rewirings(pairs, len(view.source), view.n, make_generator(seed), draws=n_resamples)
    directed = view.directed and fast.symmetrize is None

    def value(ends: tuple[NDArray[np.int64], NDArray[np.int64]]) -> float:
        table = _rewired_table(*ends, view.weight, view.mutual, codes, len(labels), fast)
        return float(fast.index(Mixing(ties=table, sizes=sizes, directed=directed)))

    return values_of(map(value, chain), n_resamples)


def _rewired_table(
    source: NDArray[np.int64],
    target: NDArray[np.int64],
    weight: NDArray[np.float64],
    mutual: NDArray[np.bool_],
    codes: NDArray[np.int32],
    groups: int,
    fast: TableStatistic,
) -> NDArray[np.float64]:
    """Return the mixing table of rewired ties; a pair counts once where ties are not weighted."""
    source, target = np.concatenate([source, target[mutual]]), np.concatenate([target, source[mutual]])
    weight = np.concatenate([weight, weight[mutual]])
    size = len(codes)
    if fast.symmetrize is not None:
        from scipy.sparse import csr_array

        matrix = csr_array((weight, (source, target)), shape=(size, size))
        if fast.weight is None:
            matrix.data[:] = 1.0
        ties = make_symmetric(matrix, fast.symmetrize, directed=not mutual.all()).tocoo()
        source, target, weight = ties.row.astype(np.int64), ties.col.astype(np.int64), ties.data
    elif fast.weight is None:
        pair = np.unique(source * size + target)
        source, target, weight = pair // size, pair % size, np.ones(len(pair))
    cell = codes[source].astype(np.int64) * groups + codes[target]
    return np.bincount(cell, weights=weight, minlength=groups**2).astype(np.float64).reshape(groups, groups)
