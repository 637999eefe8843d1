"""Comparison of layers as matrices: does one kind of tie go with another (QAP), and with several at once (MRQAP)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._arguments import check_count, check_network, make_generator
from reseau_territorial._selection import as_list
from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.inference._values import values_of
from reseau_territorial.inference.results import ALTERNATIVES, Alternative, Lang, PermutationResult, pvalue_of
from reseau_territorial.metrics._waves import known_between
from reseau_territorial.network import Choice, Network
from reseau_territorial.nulls._unchecked import in_order_of_names
from reseau_territorial.vocabulary import SEED, check_lang

__all__ = ["RegressionResult", "mrqap", "qap"]

Array = NDArray[np.float64]
Positions = NDArray[np.int64]
Pairs = tuple[Positions, ...]
Side = tuple[Choice, Choice]  # a layer and a period, or several


@dataclass(frozen=True, kw_only=True, eq=False)
class RegressionResult:
    """A regression between layers: one row per predictor.

    Attributes
    ----------
    table : DataFrame
        Indexed by ``predictor``: ``coefficient``, ``statistic`` (t), ``pvalue`` (two-sided, never 0).
    response : str
        Layer explained.
    r_squared : float
        Share of the variance between pairs that is explained.
    pairs : int
        Number of pairs of actors (ordered if any layer is directed).
    null : dict of ndarray
        Values of t under permutation, per predictor.
    n_resamples, seed : int
        Number and seed of the permutations.
    """

    table: pd.DataFrame
    response: str
    r_squared: float
    pairs: int
    null: Mapping[str, Array] = field(repr=False)
    n_resamples: int
    seed: int

    def to_frame(self) -> pd.DataFrame:
        """Return the table of coefficients."""
        return self.table.copy()

    def __str__(self) -> str:
        return (
            f"{self.response}: R² = {self.r_squared:.3f}, {self.pairs} pairs, {self.n_resamples} permutations, "
            f"seed {self.seed}\n{self.table.round(4).to_string()}"
        )


def qap(
    net: Network,
    *,
    layer: Choice = None,
    other: Choice = None,
    before: str | None = None,
    after: str | None = None,
    period: Choice = None,
    actors: Literal["common", "all"] = "common",
    weight: str | None = "weight",
    alternative: Alternative = "two-sided",
    n_resamples: int = 9999,
    seed: int = SEED,
    lang: Lang = "fr",
) -> PermutationResult:
    r"""Correlate two layers, or two periods, over all pairs of actors; test it by renaming the actors of one of them.

    Parameters
    ----------
    net : Network
        The network.
    layer, other : str or list of str, optional
        The two layers. To compare two periods: the layer in the first one, and in the second one (by default the
        same; all layers together when none is named).
    before, after : str, optional
        The two periods, when periods are compared.
    period : str or list of str, optional
        Keep only these periods of both layers.
    actors : {"common", "all"}
        Compare the actors present in both layers or periods, or all actors of the network, one absent from a layer
        counting as untied there (as sna and others, who know no absence).
    weight : str or None, default "weight"
        Tie column that holds the strength. None compares who is tied at all.
    alternative : {"two-sided", "greater", "less"}
        What counts as extreme.
    n_resamples : int, default 9999
        Number of permutations.
    seed : int
        Seed of the permutations, kept in the result.
    lang : {"fr", "en"}
        Language of the sentence that the result prints.

    Returns
    -------
    PermutationResult
        The Pearson correlation, between -1 and 1, over pairs of the actors compared (ordered pairs if a layer is
        directed); NaN if a layer has all pairs alike.

    Raises
    ------
    UnknownNameError
        If a layer or period is not there.
    ReseauError
        If neither two layers nor two periods are named, or there are fewer than three actors to compare.

    Notes
    -----
    Rows and columns of one matrix are permuted together, which keeps the dependence between the ties of an actor.
    By default actors present in one layer only are left out: absent is not untied. A pair of which it is not known
    whether it is tied, because a row says so or because nobody who could tell was asked, is left out too, and what is
    not known of an actor moves with it. Of two periods of one layer, with ``weight=None`` and ``actors="all"``, this
    is the p-value of the `correlation` of :func:`turnover`.

    References
    ----------
    Krackhardt (1988). Predicting with networks: nonparametric multiple regression analysis of dyadic data. Social
    Networks 10, 359-381.

    Examples
    --------
    >>> ties = pd.DataFrame({"source": list("abcabc"), "target": list("bcdbcd"), "layer": list("mmmfff")})
    >>> result = qap(Network(ties), layer="m", other="f", n_resamples=99)
    >>> round(result.observed, 3), result.n_resamples
    (1.0, 99)
    >>> waves = pd.DataFrame({"source": list("abca"), "target": list("bcdb"), "period": ["before"] * 3 + ["after"]})
    >>> print(round(qap(Network(waves), before="before", after="after", actors="all", n_resamples=99).observed, 3))
    0.447
    """
    check_network(net)
    check_lang(lang)
    check_count("n_resamples", n_resamples, least=1, usual="9999 is usual.")
    rng = make_generator(seed)
    if alternative not in ALTERNATIVES:
        raise unknown_name("alternative", alternative, ALTERNATIVES)
    if actors not in ("common", "all"):
        raise unknown_name("choice of actors", actors, ("common", "all"))
    net = in_order_of_names(net)
    sides = _sides(layer, other, before, after, period)
    everyone = net.actors.index if actors == "all" else None
    (one, two), pairs, compared = _matrices(net, sides, weight=weight, over=everyone)
    place = net.actors.index.get_indexer(compared)
    known = [known_between(net, *side)[np.ix_(place, place)] for side in sides]
    if all(told.all() for told in known):
        value = _over_all_pairs(one, two, pairs)
    else:
        value = _over_known_pairs(one, two, known, pairs)
    observed = value(np.arange(len(two)))
    draws = (value(rng.permutation(len(two))) for _ in range(n_resamples))
    return PermutationResult(
        statistic=f"qap({', '.join(map(_named, sides))})",
        observed=observed,
        null=np.full(n_resamples, np.nan) if math.isnan(observed) else values_of(draws, n_resamples),
        null_model="permute actors",
        alternative=alternative,
        seed=seed,
        lang=lang,
    )


def _sides(layer: Choice, other: Choice, before: str | None, after: str | None, period: Choice) -> list[Side]:
    """Return the layer and the period of the two matrices to compare."""
    if before is None and after is None:
        if layer is None or other is None:
            raise ReseauError("qap compares two layers or two periods: give layer= and other=, or before= and after=.")
        return [(layer, period), (other, period)]
    if before is None or after is None:
        raise ReseauError("give both before= and after=, or neither")
    if period is not None:
        raise ReseauError("period= keeps periods of both layers: leave it out to compare before= with after=.")
    return [(layer, before), (layer if other is None else other, after)]


def _named(side: Side) -> str:
    return " ".join(str(name) for choice in side for name in as_list(choice))


def _over_all_pairs(one: Array, two: Array, pairs: Pairs) -> Callable[[Positions], float]:
    """Return the correlation of one matrix with the other in another order: only the sum of products changes."""
    x, y = one[pairs], two[pairs]
    level = len(x) * x.mean() * y.mean()
    scale = _scale(x, y)
    tied = np.flatnonzero(x)
    x, first, second = x[tied], pairs[0][tied], pairs[1][tied]
    return lambda order: float(x @ two[order[first], order[second]] - level) / scale if scale > 0 else math.nan


def _scale(x: Array, y: Array) -> float:
    """Return what a sum of products is divided by; 0 if either has all values alike (their spread may be rounding)."""
    varied = len(x) > 0 and np.ptp(x) > 0 and np.ptp(y) > 0
    return len(x) * float(x.std() * y.std()) if varied else 0.0


def _over_known_pairs(
    one: Array, two: Array, known: Sequence[NDArray[np.bool_]], pairs: Pairs
) -> Callable[[Positions], float]:
    """Do the same over the pairs known in both matrices, which change with the order."""
    x, told_of_one = one[pairs], known[0][pairs]

    def value(order: Positions) -> float:
        ends = order[pairs[0]], order[pairs[1]]
        told = told_of_one & known[1][ends]
        first, second = x[told], two[ends][told]
        scale = _scale(first, second)
        return float((first - first.mean()) @ second) / scale if scale > 0 else math.nan

    return value


def mrqap(
    net: Network,
    *,
    response: str,
    predictors: Sequence[str],
    same: Sequence[str] = (),
    matrices: Mapping[str, pd.DataFrame] | None = None,
    period: Choice = None,
    weight: str | None = "weight",
    n_resamples: int = 1999,
    seed: int = SEED,
) -> RegressionResult:
    r"""Explain one layer by others, by shared groups and by any matrix between actors.

    Parameters
    ----------
    net : Network
        The network.
    response : str
        Layer explained.
    predictors : sequence of str
        Layers that explain it; may be empty if `same` or `matrices` is not.
    same : sequence of str, optional
        Actor columns: each adds a predictor, 1 for two actors of the same group, named ``"same sector"``.
    matrices : dict of DataFrame, optional
        Other predictors by name, such as a distance in kilometres: rows and columns are actors.
    period : str or list of str, optional
        Keep only these periods.
    weight : str or None, default "weight"
        Tie column that holds the strength. None explains who is tied at all (a linear probability model).
    n_resamples : int, default 1999
        Number of permutations.
    seed : int
        Seed of the permutations, kept in the result.

    Returns
    -------
    RegressionResult
        Coefficients by least squares with a constant, t, and two-sided p-values by permutation.

    Raises
    ------
    ReseauError
        If a predictor is constant, a combination of the others, or misses an actor.

    Notes
    -----
    Double semi-partialing: each predictor is replaced by its residual from the others, whose rows and columns are
    permuted together, and t is computed again. It stays right when predictors are correlated, where permuting the
    response does not. Actors present in all the layers named are compared.

    References
    ----------
    Dekker, Krackhardt & Snijders (2007). Sensitivity of MRQAP tests to collinearity and autocorrelation conditions.
    Psychometrika 72(4), 563-581.

    Examples
    --------
    >>> ties = pd.DataFrame({"source": list("abcae"), "target": list("bcdbc"), "layer": list("mmmff")})
    >>> actors = pd.DataFrame({"actor": list("abcde"), "sector": list("xxyyx")})
    >>> found = mrqap(Network(ties, actors=actors).select(actor=list("abc")), response="m", predictors=[],
    ...               same=["sector"], n_resamples=99)
    >>> found.table.index.to_list(), found.pairs
    (['same sector'], 3)
    """
    check_network(net)
    check_count("n_resamples", n_resamples, least=1, usual="1999 is usual.")
    rng = make_generator(seed)
    net = in_order_of_names(net)
    layers = list(dict.fromkeys([response, *predictors]))
    arrays, pairs, actors = _matrices(net, [(name, period) for name in layers], weight=weight)
    columns: dict[str, Array] = dict(zip(layers, arrays, strict=True))
    explained = columns.pop(response)
    for column in same:
        codes, _ = net._groups(column, actors)
        columns[f"same {column}"] = (codes[:, None] == codes[None, :]).astype(np.float64)
    for name, frame in (matrices or {}).items():
        columns[name] = _aligned(name, frame, actors)
    if not columns:
        raise ReseauError(f"nothing to explain {response!r} by. Name predictors=, same= or matrices=.")
    y = explained[pairs]
    design = np.stack([matrix[pairs] for matrix in columns.values()], axis=1)
    _check_rank(design, list(columns))
    coefficients, t, r_squared = _least_squares(design, y)
    null = {
        name: _null_of(place, design, y, explained.shape[0], pairs, rng, n_resamples)
        for place, name in enumerate(columns)
    }
    pvalues = [
        pvalue_of(np.abs(null[name]), abs(t[place]), "greater", exact=False)[0] for place, name in enumerate(columns)
    ]
    table = pd.DataFrame(
        {"coefficient": coefficients, "statistic": t, "pvalue": pvalues},
        index=pd.Index(list(columns), name="predictor"),
    )
    return RegressionResult(
        table=table,
        response=response,
        r_squared=r_squared,
        pairs=len(y),
        null=null,
        n_resamples=n_resamples,
        seed=seed,
    )


def _matrices(
    net: Network, sides: Sequence[Side], *, weight: str | None, over: pd.Index | None = None
) -> tuple[list[Array], Pairs, pd.Index]:
    """Return selections as matrices over the actors present in all of them (or `over`), and the pairs to compare."""
    views = [net._view(layer=layer, period=period, weight=weight) for layer, period in sides]
    common = views[0].actors if over is None else over
    for view in views[1:] if over is None else ():
        common = common[common.isin(view.actors)]
    if len(common) < 3:
        raise ReseauError(
            f"{len(common)} actors are present in {' and '.join(repr(_named(side)) for side in sides)}: comparing them "
            "needs 3 or more."
        )
    arrays = []
    for view in views:
        matrix = view.binary if weight is None else view.weighted
        place = view.actors.get_indexer(common)
        there = place >= 0
        array = np.zeros((len(common), len(common)))
        array[np.ix_(there, there)] = matrix[place[there]][:, place[there]].toarray()
        arrays.append(array)
    size = len(common)
    directed = any(view.directed for view in views)
    pairs = np.nonzero(~np.eye(size, dtype=bool)) if directed else np.triu_indices(size, k=1)
    return arrays, pairs, common


def _aligned(name: str, frame: pd.DataFrame, actors: pd.Index) -> Array:
    for axis in (frame.index, frame.columns):
        absent = actors[~actors.isin(axis)]
        if len(absent):
            raise ReseauError(
                f"matrix {name!r} has no row or column for {len(absent)} actors, such as {absent[0]!r}. Add them."
            )
    return frame.loc[actors, actors].to_numpy(dtype=np.float64)


def _check_rank(design: Array, names: list[str]) -> None:
    full = np.column_stack([np.ones(len(design)), design])
    for place, name in enumerate(names):
        rest = np.delete(full, place + 1, axis=1)
        residual = _residual(rest, design[:, place])
        if float(residual @ residual) <= 1e-12 * float(design[:, place] @ design[:, place]):
            raise ReseauError(f"predictor {name!r} is constant, or follows from the others. Leave it out.")


def _residual(design: Array, values: Array) -> Array:
    found = np.linalg.lstsq(design, values, rcond=None)[0]
    return np.asarray(values - design @ found, dtype=np.float64)


def _least_squares(design: Array, y: Array) -> tuple[Array, Array, float]:
    """Return the coefficients (constant left out), their t and the share of variance explained."""
    full = np.column_stack([np.ones(len(y)), design])
    found = np.asarray(np.linalg.lstsq(full, y, rcond=None)[0], dtype=np.float64)
    rest = y - full @ found
    freedom = len(y) - full.shape[1]
    variance = float(rest @ rest) / freedom if freedom > 0 else math.nan
    spread = np.sqrt(variance * np.diag(np.linalg.inv(full.T @ full)))
    around = y - y.mean()
    total = float(around @ around)
    t: Array = np.divide(found, spread, out=np.full(len(found), np.nan), where=spread > 0)
    return found[1:], t[1:], 1 - float(rest @ rest) / total if total > 0 else math.nan


def _null_of(
    place: int,
    design: Array,
    y: Array,
    size: int,
    pairs: Pairs,
    rng: np.random.Generator,
    n_resamples: int,
) -> Array:
    """Return t of one predictor when its residual from the others is permuted (double semi-partialing)."""
    others = np.column_stack([np.ones(len(y)), np.delete(design, place, axis=1)])
    basis = np.linalg.qr(others)[0]
    apart = np.zeros((size, size))
    apart[pairs] = _residual(others, design[:, place])
    if len(pairs[0]) == size * (size - 1) // 2:
        apart = apart + apart.T
    left = y - basis @ (basis.T @ y)
    freedom = len(y) - others.shape[1] - 1

    def value(_: int) -> float:
        order = rng.permutation(size)
        moved = apart[np.ix_(order, order)][pairs]
        moved = moved - basis @ (basis.T @ moved)
        square = float(moved @ moved)
        if square <= 0 or freedom <= 0:
            return math.nan
        slope = float(moved @ left) / square
        rest = float(left @ left) - slope**2 * square
        return slope / math.sqrt(rest / freedom / square) if rest > 0 else math.inf * slope

    return values_of(map(value, range(n_resamples)), n_resamples)
