"""What inference returns: an observed number beside what to compare it with."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.vocabulary import label

Alternative = Literal["two-sided", "greater", "less"]
Lang = Literal["fr", "en"]

ALTERNATIVES = ("two-sided", "greater", "less")

# As in SciPy: values of the null this close to the observed one are ties, not rounding.
TOLERANCE = 1e-12


def pvalue_of(
    null: NDArray[np.float64], observed: float, alternative: Alternative, *, exact: bool
) -> tuple[float, float]:
    """Return a p-value and its Monte Carlo standard error.

    Draws where the statistic is undefined are left out. A draw as extreme as the observed value, but for rounding,
    counts. Random draws give (r + 1)/(n + 1), never 0; a full enumeration, which holds the observed arrangement,
    gives r/n, without error.
    """
    draws = null[~np.isnan(null)]
    if math.isnan(observed) or not len(draws):
        return math.nan, math.nan
    # Infinite values (an odds ratio without ties across) are compared as they are.
    margin = TOLERANCE * max(1.0, abs(observed)) if math.isfinite(observed) else 0.0
    more, fewer = int((draws >= observed - margin).sum()), int((draws <= observed + margin).sum())
    if exact:
        high, low = more / len(draws), fewer / len(draws)
    else:
        high, low = (more + 1) / (len(draws) + 1), (fewer + 1) / (len(draws) + 1)
    pvalue = {"greater": high, "less": low, "two-sided": min(1.0, 2 * min(high, low))}[alternative]
    error = 0.0 if exact else math.sqrt(pvalue * (1 - pvalue) / len(draws))
    return pvalue, error


@dataclass(frozen=True, kw_only=True, eq=False)
class PermutationResult:
    """One observed statistic against its null distribution.

    Attributes
    ----------
    statistic : str
        Name of the statistic.
    observed : float
        Its value in the network.
    null : ndarray of float
        Its values under the null model, one per draw (NaN where it is undefined).
    null_model : str
        What the null model does, such as ``"permute sector"``.
    alternative : {"two-sided", "greater", "less"}
        What counts as extreme.
    exact : bool
        Whether `null` holds every possible arrangement instead of random draws.
    seed : int
        Seed of the draws: the same call gives the same result.
    lang : {"fr", "en"}
        Language of the printed sentence.
    """

    statistic: str
    observed: float
    null: NDArray[np.float64] = field(repr=False)
    null_model: str
    alternative: Alternative = "two-sided"
    exact: bool = False
    seed: int
    lang: Lang = "fr"

    @property
    def expected(self) -> float:
        """Mean of the null distribution."""
        return _mean(self.null)

    @property
    def sd(self) -> float:
        """Standard deviation of the null distribution."""
        draws = self.null[np.isfinite(self.null)]
        return float(draws.std(ddof=0 if self.exact else 1)) if len(draws) > 1 else math.nan

    @property
    def zscore(self) -> float:
        """Distance of the observed value from the expected one, in standard deviations; NaN if nothing varies."""
        return (self.observed - self.expected) / self.sd if self.sd > TOLERANCE else math.nan

    @property
    def pvalue(self) -> float:
        """Probability of a value as extreme as the observed one under the null model; never 0."""
        return pvalue_of(self.null, self.observed, self.alternative, exact=self.exact)[0]

    @property
    def mc_error(self) -> float:
        """Standard error of the p-value due to the number of draws; 0 if exact."""
        return pvalue_of(self.null, self.observed, self.alternative, exact=self.exact)[1]

    @property
    def interval(self) -> tuple[float, float]:
        """The range that holds 95 % of the values under the null model."""
        return _central(self.null)

    @property
    def n_resamples(self) -> int:
        """Number of draws, or of arrangements."""
        return len(self.null)

    def to_frame(self) -> pd.DataFrame:
        """Return the result as one row, ready to be stacked with others by `pandas.concat`."""
        low, high = self.interval
        row = {
            "observed": self.observed,
            "expected": self.expected,
            "sd": self.sd,
            "zscore": self.zscore,
            "pvalue": self.pvalue,
            "mc_error": self.mc_error,
            "low": low,
            "high": high,
            "alternative": self.alternative,
            "null_model": self.null_model,
            "exact": self.exact,
            "n_resamples": self.n_resamples,
            "seed": self.seed,
        }
        return pd.DataFrame([row], index=pd.Index([self.statistic], name="statistic"))

    def __str__(self) -> str:
        name = label("metric", self.statistic, lang=self.lang)
        if self.lang == "en":
            kind = "all arrangements" if self.exact else "draws"
            return (
                f"{name}: {self.observed:.3f} (expected {self.expected:.3f}; z = {self.zscore:.2f}; "
                f"p {pvalue_in(self.pvalue, 'en')}; {self.null_model}, {self.n_resamples:,} {kind}, seed {self.seed})"
            )
        kind = "arrangements, tous" if self.exact else "tirages"
        return (
            f"{name}\u202f: {in_french(self.observed)} (attendu {in_french(self.expected)}\u202f; "
            f"z = {in_french(self.zscore, 2)}\u202f; p {pvalue_in(self.pvalue, 'fr')}\u202f; "
            f"{_null_fr(self.null_model)}, {count_in(self.n_resamples, 'fr')} {kind}, graine {self.seed})"
        )

    def _repr_html_(self) -> str:
        return html_row(
            label("metric", self.statistic, lang=self.lang),
            {
                ("observé", "observed"): number_in(self.observed, self.lang),
                ("attendu", "expected"): number_in(self.expected, self.lang),
                ("z", "z"): number_in(self.zscore, self.lang, 2),
                ("p", "p"): pvalue_in(self.pvalue, self.lang).removeprefix("= "),
                ("modèle nul", "null model"): self.null_model if self.lang == "en" else _null_fr(self.null_model),
                ("tirages", "draws"): count_in(self.n_resamples, self.lang),
            },
            self.lang,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class BootstrapResult:
    """One observed statistic and how much it would vary with other actors drawn from the same population.

    Attributes
    ----------
    statistic : str
        Name of the statistic.
    observed : float
        Its value in the network.
    replicates : ndarray of float
        Its values in the resampled networks (NaN where it is undefined).
    method : str
        How actors were resampled.
    confidence : float
        Level of the interval.
    seed : int
        Seed of the draws.
    lang : {"fr", "en"}
        Language of the printed sentence.
    """

    statistic: str
    observed: float
    replicates: NDArray[np.float64] = field(repr=False)
    method: str = "resample actors"
    confidence: float = 0.95
    seed: int
    lang: Lang = "fr"

    @property
    def standard_error(self) -> float:
        """Standard deviation of the replicates."""
        draws = self.replicates[np.isfinite(self.replicates)]
        return float(draws.std(ddof=1)) if len(draws) > 1 else math.nan

    @property
    def bias(self) -> float:
        """Mean of the replicates minus the observed value."""
        return _mean(self.replicates) - self.observed

    @property
    def interval(self) -> tuple[float, float]:
        """Observed value plus or minus the normal multiple of the standard error.

        The replicates are more variable in level than the observed network, so their own percentiles are not used.
        """
        from statistics import NormalDist

        margin = NormalDist().inv_cdf(0.5 + self.confidence / 2) * self.standard_error
        return self.observed - margin, self.observed + margin

    @property
    def n_resamples(self) -> int:
        """Number of replicates."""
        return len(self.replicates)

    def to_frame(self) -> pd.DataFrame:
        """Return the result as one row."""
        low, high = self.interval
        row = {
            "observed": self.observed,
            "standard_error": self.standard_error,
            "bias": self.bias,
            "low": low,
            "high": high,
            "confidence": self.confidence,
            "method": self.method,
            "n_resamples": self.n_resamples,
            "seed": self.seed,
        }
        return pd.DataFrame([row], index=pd.Index([self.statistic], name="statistic"))

    def __str__(self) -> str:
        low, high = self.interval
        name = label("metric", self.statistic, lang=self.lang)
        if self.lang == "en":
            return (
                f"{name}: {self.observed:.3f} ({self.confidence:.0%} interval {low:.3f} to {high:.3f}; "
                f"{self.method}, {self.n_resamples:,} draws, seed {self.seed})"
            )
        share = f"{self.confidence * 100:g}".replace(".", ",")
        return (
            f"{name}\u202f: {in_french(self.observed)} (intervalle à {share}\u00a0%\u202f: "
            f"{in_french(low)} à {in_french(high)}\u202f; "
            f"acteurs rééchantillonnés, {count_in(self.n_resamples, 'fr')} tirages, graine {self.seed})"
        )

    def _repr_html_(self) -> str:
        low, high = self.interval
        return html_row(
            label("metric", self.statistic, lang=self.lang),
            {
                ("observé", "observed"): number_in(self.observed, self.lang),
                ("de", "low"): number_in(low, self.lang),
                ("à", "high"): number_in(high, self.lang),
                ("tirages", "draws"): count_in(self.n_resamples, self.lang),
            },
            self.lang,
        )


def html_row(title: str, cells: dict[tuple[str, str], str], lang: Lang) -> str:
    """Return one result as a small HTML table, headings in the language asked."""
    from html import escape

    place = 0 if lang == "fr" else 1
    heads = "".join(f'<th scope="col">{escape(names[place])}</th>' for names in cells)
    body = "".join(f"<td>{escape(value)}</td>" for value in cells.values())
    return (
        f'<table lang="{lang}"><thead><tr><th></th>{heads}</tr></thead>'
        f'<tbody><tr><th scope="row">{escape(title)}</th>{body}</tr></tbody></table>'
    )


def _mean(draws: NDArray[np.float64]) -> float:
    kept = draws[np.isfinite(draws)]
    return float(kept.mean()) if len(kept) else math.nan


def _central(draws: NDArray[np.float64]) -> tuple[float, float]:
    kept = draws[~np.isnan(draws)]
    if not len(kept):
        return math.nan, math.nan
    low, high = np.quantile(kept, [0.025, 0.975], method="inverted_cdf")
    return float(low), float(high)


def number_in(value: float, lang: Lang, digits: int = 3) -> str:
    """Write a number as readers of a language do."""
    return in_french(value, digits) if lang == "fr" else f"{value:z.{digits}f}"


def in_french(value: float, digits: int = 3, *, signed: bool = False) -> str:
    """Write a number with a decimal comma and a true minus sign; what rounds to zero has none."""
    if math.isnan(value):
        return "non défini"
    text = f"{value:+z.{digits}f}" if signed else f"{value:z.{digits}f}"
    return text.replace(".", ",").replace("-", "\u2212")


def count_in(count: int, lang: Lang) -> str:
    """Write a count with its thousands apart."""
    return f"{count:,}".replace(",", "\u202f") if lang == "fr" else f"{count:,}"


def pvalue_in(pvalue: float, lang: Lang) -> str:
    """Write what follows the p of a p-value."""
    if math.isnan(pvalue):
        return "non défini" if lang == "fr" else "undefined"
    text = "< 0.001" if pvalue < 0.001 else f"= {pvalue:.3f}"
    return text.replace(".", ",") if lang == "fr" else text


def _null_fr(model: str) -> str:
    if model == "permute actors":
        return "acteurs permutés"
    if model.startswith("permute "):
        words = [label("column", word) for word in model.removeprefix("permute ").split(" within ")]
        inside = f" à l’intérieur de «\u202f{words[1]}\u202f»" if len(words) > 1 else ""
        return f"«\u202f{words[0]}\u202f» permuté entre acteurs{inside}"
    if model == "rewire ties, degrees kept":
        return "liens recâblés à degrés constants"
    return model
