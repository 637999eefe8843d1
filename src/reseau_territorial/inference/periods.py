"""Comparison of two periods: what changed because other actors came in, and what because actors chose otherwise."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._arguments import check_confidence, check_count, check_network, make_generator
from reseau_territorial._progress import progress
from reseau_territorial.inference._fast import Statistic
from reseau_territorial.inference._resamples import TableResampler, resampled_statistic
from reseau_territorial.inference._values import check_options, number_of, with_every_group
from reseau_territorial.inference.permutations import permutation_test
from reseau_territorial.inference.results import Lang, html_row, in_french
from reseau_territorial.metrics._grouped import grouping
from reseau_territorial.metrics._indices import silo_index
from reseau_territorial.metrics.expected import silo_test
from reseau_territorial.metrics.silos import network_silo
from reseau_territorial.network import Choice, Missing, Network
from reseau_territorial.nulls._unchecked import in_order_of_names
from reseau_territorial.vocabulary import SEED, check_lang, label

__all__ = ["ComparisonResult", "compare_periods"]

PARTS = ("difference", "composition", "preference")
EXPECTATION_DRAWS = 999


@dataclass(frozen=True, kw_only=True, eq=False)
class ComparisonResult:
    """A statistic in two periods, and what its change is made of.

    Attributes
    ----------
    statistic : str
        Name of the statistic.
    periods : tuple of str
        The two periods.
    before, after : float
        The statistic in each.
    expected_before, expected_after : float
        Its expectation in each if groups were permuted over the actors.
    replicates : DataFrame
        Resampled values of ``difference``, ``composition`` and ``preference``, one row per draw.
    confidence : float
        Level of the intervals.
    seed : int
        Seed of the draws.
    lang : {"fr", "en"}
        Language of the printed sentence.
    """

    statistic: str
    periods: tuple[str, str]
    before: float
    after: float
    expected_before: float
    expected_after: float
    replicates: pd.DataFrame = field(repr=False)
    confidence: float = 0.95
    seed: int
    lang: Lang = "fr"

    @property
    def difference(self) -> float:
        """Change of the statistic: after minus before."""
        return self.after - self.before

    @property
    def composition(self) -> float:
        """Part of the change due to who is there: the change of what chance alone would give."""
        return self.expected_after - self.expected_before

    @property
    def preference(self) -> float:
        """Part of the change due to who works with whom: the change of the distance from chance."""
        return self.difference - self.composition

    @property
    def interval(self) -> tuple[float, float]:
        """Interval of the difference."""
        return self._interval("difference")

    @property
    def pvalue(self) -> float:
        """Two-sided p-value of no change, from the normal law and the resampled standard error; never 0."""
        error = self._standard_error("difference")
        if not error > 0:
            return math.nan
        return max(math.erfc(abs(self.difference) / error / math.sqrt(2)), np.finfo(float).tiny)

    @property
    def n_resamples(self) -> int:
        """Number of draws."""
        return len(self.replicates)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per part: difference, composition, preference, each with its interval (NaN: not resampled)."""
        rows = {}
        for part in PARTS:
            low, high = self._interval(part)
            value = float(getattr(self, part))
            rows[part] = {"value": value, "standard_error": self._standard_error(part), "low": low, "high": high}
        table = pd.DataFrame.from_dict(rows, orient="index")
        return table.rename_axis("part")

    def __str__(self) -> str:
        one, two = (label("period", period, lang=self.lang) for period in self.periods)
        name = label("metric", self.statistic, lang=self.lang)
        low, high = self.interval
        if self.lang == "en":
            return (
                f"{name}: {self.before:.3f} ({one}) to {self.after:.3f} ({two}), a change of "
                f"{self.difference:+.3f} ({self.confidence:.0%} interval {low:+.3f} to {high:+.3f}): "
                f"{self.composition:+.3f} composition, {self.preference:+.3f} preference"
            )
        share = f"{self.confidence * 100:g}".replace(".", ",")
        return (
            f"{name}\u202f: {in_french(self.before)} ({one}) puis {in_french(self.after)} ({two}), soit "
            f"{in_french(self.difference, signed=True)} (intervalle à {share}\u00a0%\u202f: "
            f"{in_french(low, signed=True)} à {in_french(high, signed=True)})\u202f; dû à la composition\u202f: "
            f"{in_french(self.composition, signed=True)}, aux préférences\u202f: "
            f"{in_french(self.preference, signed=True)}"
        )

    def _repr_html_(self) -> str:
        low, high = self.interval
        numbers = {
            _both_languages(self.periods[0]): self.before,
            _both_languages(self.periods[1]): self.after,
            ("écart", "change"): self.difference,
            ("de", "low"): low,
            ("à", "high"): high,
            ("composition", "composition"): self.composition,
            ("préférences", "preference"): self.preference,
        }
        written = {names: in_french(value) if self.lang == "fr" else f"{value:.3f}" for names, value in numbers.items()}
        return html_row(label("metric", self.statistic, lang=self.lang), written, self.lang)

    def _standard_error(self, part: str) -> float:
        draws = self.replicates[part].to_numpy()
        draws = draws[np.isfinite(draws)]
        return float(draws.std(ddof=1)) if len(draws) > 1 else math.nan

    def _interval(self, part: str) -> tuple[float, float]:
        margin = NormalDist().inv_cdf(0.5 + self.confidence / 2) * self._standard_error(part)
        value = float(getattr(self, part))
        return value - margin, value + margin


def _both_languages(period: str) -> tuple[str, str]:
    """Return a period as French and English readers see it."""
    return label("period", period), label("period", period, lang="en")


def compare_periods(
    net: Network,
    statistic: Statistic,
    *,
    by: str,
    before: str,
    after: str,
    layer: Choice = None,
    n_resamples: int = 999,
    confidence: float = 0.95,
    missing: Missing = "error",
    seed: int = SEED,
    lang: Lang = "fr",
    **options: Any,
) -> ComparisonResult:
    r"""Compare a statistic of groups between two periods, and split its change in two.

    Parameters
    ----------
    net : Network
        The network.
    statistic : callable
        Called as ``statistic(net, by=by, **options)``, returns a number, such as :func:`network_silo`.
    by : str
        Actor column that gives the groups.
    before, after : str
        The two periods.
    layer : str or list of str, optional
        Keep only these layers.
    n_resamples : int, default 999
        Number of resampled pairs of networks.
    confidence : float, default 0.95
        Level of the intervals.
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
    ComparisonResult
        ``before``, ``after``, ``difference``, ``composition``, ``preference``, ``interval``, ``pvalue``,
        ``to_frame()`` with an interval for each part. The intervals of the parts are given for `network_silo`, whose
        expectation is known in closed form; for another statistic they are NaN.

    Raises
    ------
    UnknownNameError
        If a period is not there.

    Notes
    -----
    A crisis brings other actors in, and an index moves even if nobody changes partners. With :math:`E_t` the
    expectation of the statistic under permutation of the groups over the actors present in period t,

    .. math:: S_2 - S_1 = \underbrace{(E_2 - E_1)}_{composition} + \underbrace{(S_2 - E_2) - (S_1 - E_1)}_{preference}

    Actors are resampled, the same ones in both periods (Snijders & Borgatti 1999), so that what an actor keeps from
    one period to the next does not count as noise. The split itself is defined here. Where ties do not depend on their
    actors, the test is conservative: of 60 pairs of random networks, none had a p-value below .05.

    References
    ----------
    Snijders & Borgatti (1999). Non-parametric standard errors and tests for network statistics. Connections 22(2),
    161-170.

    Examples
    --------
    >>> ties = pd.DataFrame({"source": list("aaba"), "target": list("bcdb"), "period": ["before"] + ["crisis"] * 3})
    >>> actors = pd.DataFrame({"actor": list("abcd"), "sector": list("xxyy")})
    >>> found = compare_periods(Network(ties, actors=actors), network_silo, by="sector", before="before",
    ...                         after="crisis", n_resamples=50)
    >>> round(found.difference, 3), round(found.composition, 3), round(found.preference, 3)
    (-1.333, -1.333, 0.0)
    """
    check_network(net)
    check_lang(lang)
    check_confidence(confidence)
    check_count("n_resamples", n_resamples, least=2, usual="999 is usual.")
    check_options(compare_periods, statistic, options)
    settings = {"by": by, **options}
    net = in_order_of_names(net)
    parts = [with_every_group(net.select(layer=layer, period=period), by, missing) for period in (before, after)]
    observed = [number_of(statistic, part, settings) for part in parts]
    expected = [_expected(part, statistic, settings, seed=seed) for part in parts]
    return ComparisonResult(
        statistic=getattr(statistic, "__name__", "statistic"),
        periods=(before, after),
        before=observed[0],
        after=observed[1],
        expected_before=expected[0],
        expected_after=expected[1],
        replicates=_replicates(parts, statistic, settings, n_resamples=n_resamples, seed=seed),
        confidence=confidence,
        seed=seed,
        lang=lang,
    )


def _expected(net: Network, statistic: Statistic, settings: Mapping[str, Any], *, seed: int) -> float:
    """Return the expectation of a statistic under permutation of the groups, exactly where that is known."""
    closed = _closed_form(net, statistic, settings)
    if closed is not None:
        return closed
    options = dict(settings)
    by = str(options.pop("by"))
    return permutation_test(net, statistic, by=by, n_resamples=EXPECTATION_DRAWS, seed=seed, **options).expected


def _closed_form(net: Network, statistic: Statistic, settings: Mapping[str, Any]) -> float | None:
    if statistic is not network_silo or settings.get("rescaled"):
        return None
    options = {name: value for name, value in settings.items() if name != "rescaled"}
    return float(silo_test(net, **options)["expected"].iloc[0])


def _replicates(
    parts: list[Network], statistic: Statistic, settings: Mapping[str, Any], *, n_resamples: int, seed: int
) -> pd.DataFrame:
    """Resample the actors of both periods together, and measure the change each time."""
    rng = make_generator(seed)
    everyone = parts[0].actors.index.union(parts[1].actors.index, sort=True)
    measures = [_resampled_pair(part, statistic, settings) for part in parts]
    places = [part.actors.index.get_indexer(everyone) for part in parts]
    rows: NDArray[np.float64] = np.full((n_resamples, 3), np.nan)
    for number in progress(range(n_resamples), unit="draw"):
        drawn = rng.integers(0, len(everyone), size=len(everyone))
        found = []
        for measure, place in zip(measures, places, strict=True):
            present = place[drawn]
            present = present[present >= 0]
            if len(present) > 1:
                found.append(measure(present, rng))
        if len(found) == 2:
            (before, expected_before), (after, expected_after) = found
            difference, composition = after - before, expected_after - expected_before
            rows[number] = difference, composition, difference - composition
    return pd.DataFrame(rows, columns=list(PARTS))


def _resampled_pair(
    net: Network, statistic: Statistic, settings: Mapping[str, Any]
) -> Callable[[NDArray[np.int64], np.random.Generator], tuple[float, float]]:
    """Return the function from drawn actors to the statistic and its expectation (NaN if not in closed form)."""
    if _closed_form(net, statistic, settings) is None:
        measure = resampled_statistic(net, statistic, settings)
        return lambda drawn, rng: (measure(drawn, rng), math.nan)
    weight, symmetrize = settings.get("weight", "weight"), settings.get("symmetrize")
    one = grouping(net, by=settings["by"], weight=weight, symmetrize=symmetrize)(net._view(weight=weight))
    tables = TableResampler(one)

    def both(drawn: NDArray[np.int64], rng: np.random.Generator) -> tuple[float, float]:
        table = tables.mixing(drawn, rng)
        n = float(table.actors)
        return float(silo_index(table)), 2 * float(table.pairs_inside.sum()) / (n * (n - 1)) - 1

    return both
