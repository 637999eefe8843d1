"""Comparison of two layers, or periods, as matrices: does one kind of tie go with another (QAP)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reseau_territorial._arguments import check_count, check_network, make_generator
from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.inference._pairs import Array, Pairs, Positions, Side, matrices_of, named
from reseau_territorial.inference._values import values_of
from reseau_territorial.inference.results import ALTERNATIVES, Alternative, Lang, PermutationResult
from reseau_territorial.network import Choice, Network
from reseau_territorial.nulls._unchecked import in_order_of_names
from reseau_territorial.vocabulary import SEED, check_lang

__all__ = ["qap"]


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
    >>> import pandas as pd
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
    (one, two), known, pairs, _ = matrices_of(net, sides, weight=weight, over=everyone)
    if all(told.all() for told in known):
        value = _over_all_pairs(one, two, pairs)
    else:
        value = _over_known_pairs(one, two, known, pairs)
    observed = value(np.arange(len(two)))
    draws = (value(rng.permutation(len(two))) for _ in range(n_resamples))
    return PermutationResult(
        statistic=f"qap({', '.join(map(named, sides))})",
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
