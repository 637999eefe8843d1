"""A statistic of the network against the values that chance would give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError
from reseau_territorial.plots._axes import metric_word, ticks
from reseau_territorial.plots._labels import text_size
from reseau_territorial.plots._notes import sentence_case
from reseau_territorial.plots._sheet import PAGE, PlotResult, Sheet, Style, finish, say
from reseau_territorial.styles import PERIOD_COLORS, format_number
from reseau_territorial.vocabulary import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
OBSERVED = PERIOD_COLORS[1]
BARS = "#5E84A3"
BAND = "#E9E9EE"
MOST_BARS = 32
# Heights of the drawing, as shares of the axes: bars, the gap between expected and observed, words.
BARS_TOP, GAP_AT, WORDS_AT = 0.72, 0.80, 0.93


class TestedStatistic(Protocol):
    """What `plot_null` reads of a result of inference."""

    @property
    def statistic(self) -> str:
        """Name of the statistic."""

    @property
    def observed(self) -> float:
        """Its value in the network."""

    @property
    def null(self) -> Floats:
        """Its values under the null model."""

    @property
    def expected(self) -> float:
        """Their mean."""

    @property
    def pvalue(self) -> float:
        """Probability of a value as extreme."""


class _Numbers(NamedTuple):
    """What is drawn: the observed value, the expected one, and the ends of the range of chance."""

    observed: float
    expected: float
    low: float
    high: float

    def written(self, lang: Lang) -> dict[str, str]:
        return {name: format_number(value, 3, lang) for name, value in self._asdict().items()}

    def verdict(self, lang: Lang) -> str:
        if self.observed > self.high:
            return say(lang, "plus haut que ce que donne le hasard", "higher than chance gives")
        if self.observed < self.low:
            return say(lang, "plus bas que ce que donne le hasard", "lower than chance gives")
        return say(lang, "dans ce que donne le hasard", "within what chance gives")


def plot_null(result: TestedStatistic, *, title: str | None = None, lang: Lang = "fr") -> PlotResult:
    """Draw an observed statistic against its values under the null model.

    Parameters
    ----------
    result : PermutationResult or alike
        With attributes ``statistic``, ``observed``, ``null``, ``expected`` and ``pvalue``.
    title : str, optional
        Heading of the sheet; by default on which side of chance the observed value lies.
    lang : {"fr", "en"}
        Language of the reader.

    Returns
    -------
    PlotResult
        A histogram of the null values, the range that holds 95 % of them, and the observed value.

    Raises
    ------
    ReseauError
        If the observed value or all null values are undefined.

    Examples
    --------
    >>> import numpy as np
    >>> from types import SimpleNamespace
    >>> null = np.array([-0.1, 0.0, 0.1])
    >>> result = SimpleNamespace(statistic="silo", observed=0.4, null=null, expected=0.0, pvalue=0.25)
    >>> plot_null(result, lang="en").alt.split(",")[0]
    'Silo index: observed value 0.400'
    """
    null = np.asarray(result.null, dtype=float)
    null = null[np.isfinite(null)]
    if not len(null) or not np.isfinite(result.observed):
        raise ReseauError(f"{result.statistic!r} is undefined here: there is no value to compare with chance.")
    word = sentence_case(metric_word(result.statistic, lang))
    low, high = np.quantile(null, [0.025, 0.975])
    numbers = _Numbers(float(result.observed), float(result.expected), float(low), float(high))
    verdict = numbers.verdict(lang)
    words = {
        **numbers.written(lang),
        "w": word,
        "v": verdict,
        "p": _p_words(result.pvalue, lang),
        "n": format_number(len(null), lang=lang),
    }
    subtitle = say(
        lang,
        "Le trait épais est le réseau observé\u202f; les barres sont {n} réseaux tirés au hasard ({p})",
        "The thick line is the observed network; the bars are {n} random networks ({p})",
    ).format(**words)

    def draw(sheet: Sheet) -> None:
        sheet.head(title or say(lang, f"{word}\u202f: {verdict}", f"{word}: {verdict}"), subtitle)
        sheet.foot([_reading(words, lang)])
        _draw(sheet, null, numbers, word, lang)

    sentence = say(
        lang,
        "{w}\u202f: valeur observée {observed}, contre {expected} en moyenne sur {n} tirages au hasard, dont 95\u00a0% "
        "sont entre {low} et {high}\u202f; la valeur observée est {v} ({p}).",
        "{w}: observed value {observed}, against {expected} on average over {n} random draws, 95% of which lie "
        "between {low} and {high}; the observed value is {v} ({p}).",
    )
    return finish((7.6, 4.4), draw, sentence.format(**words))


def _p_words(pvalue: float, lang: Lang) -> str:
    if pvalue < 0.001:
        return say(lang, "p\u00a0<\u00a00,001", "p < 0.001")
    return f"p\u00a0=\u00a0{format_number(pvalue, 3, lang)}"


def _reading(words: dict[str, str], lang: Lang) -> str:
    return say(
        lang,
        "Lecture\u202f: plus une barre est haute, plus le hasard donne souvent cette valeur\u202f; la bande grise "
        "contient 95\u00a0% des tirages, de {low} à {high}. Une valeur hors de la bande demande une autre explication "
        "que le hasard, sans dire laquelle.",
        "How to read: the higher a bar, the more often chance gives this value; the grey band holds 95% of the draws, "
        "from {low} to {high}. A value outside the band asks for another explanation than chance, without saying "
        "which.",
    ).format(**words)


def _draw(sheet: Sheet, null: Floats, numbers: _Numbers, word: str, lang: Lang) -> None:
    ax = sheet.body(bottom=0.42)
    ax.spines["left"].set_visible(False)
    ax.set_yticks([])
    ends = (float(null.min()), float(null.max()), numbers.observed)
    span = max(ends) - min(ends)
    pad = 0.06 * span if span > 0 else 0.5
    ax.set_xlim(min(ends) - pad, max(ends) + pad)
    ax.set_ylim(0, 1)
    _bars(sheet, ax, null)
    ax.axvspan(numbers.low, numbers.high, color=BAND, zorder=0, linewidth=0)
    line: Style = {"color": PAGE.ink, "linewidth": 1.1 * sheet.scale, "linestyle": (0, (4, 3))}
    ax.axvline(numbers.expected, ymax=GAP_AT + 0.04, **line)
    ax.axvline(numbers.observed, ymax=GAP_AT + 0.04, color=OBSERVED, linewidth=2.6 * sheet.scale)
    _gap(sheet, ax, numbers, lang)
    _names(sheet, ax, numbers, lang)
    sheet.label(ax, word)
    ticks(ax, "x", lang)


def _bars(sheet: Sheet, ax: Axes, null: Floats) -> None:
    distinct = np.unique(np.round(null, 9))
    bins: Any = MOST_BARS
    if len(distinct) <= MOST_BARS:
        step = float(np.diff(distinct).min()) if len(distinct) > 1 else 0.06 * float(np.ptp(ax.get_xlim()))
        bins = np.append(distinct - step / 2, distinct[-1] + step / 2)
    counts, edges = np.histogram(null, bins)
    # Bars too thin for a gap between them make one shape.
    points = float(np.diff(edges).min()) / float(np.ptp(ax.get_xlim())) * ax.get_position().width * sheet.width * 72
    gap = 0.6 * sheet.scale if points > 3 else 0.0
    heights = BARS_TOP * counts / counts.max()
    ax.bar(edges[:-1], heights, np.diff(edges), align="edge", color=BARS, edgecolor=PAGE.background, linewidth=gap)


def _gap(sheet: Sheet, ax: Axes, numbers: _Numbers, lang: Lang) -> None:
    """Draw the way from the expected value to the observed one, if there is room for its words."""
    text = say(lang, "écart ", "gap ") + format_number(abs(numbers.observed - numbers.expected), 3, lang)
    per_point = float(np.ptp(ax.get_xlim())) / (ax.get_position().width * sheet.width * 72)
    width, _ = text_size(sheet.canvas, text, 8.0)
    if abs(numbers.observed - numbers.expected) < (width + 24) * per_point:
        return
    arrow: Style = {"arrowstyle": "->", "color": PAGE.muted, "linewidth": 0.9 * sheet.scale, "shrinkA": 3, "shrinkB": 4}
    arrow["mutation_scale"] = 9 * sheet.scale
    ax.annotate("", (numbers.observed, GAP_AT), (numbers.expected, GAP_AT), arrowprops=arrow)
    middle = (numbers.observed + numbers.expected) / 2
    sheet.write(ax, middle, GAP_AT + 0.035, text, ha="center", va="bottom", color=PAGE.muted, halo=2.5)


def _names(sheet: Sheet, ax: Axes, numbers: _Numbers, lang: Lang) -> None:
    """Name the two lines, away from one another."""
    words = numbers.written(lang)
    low, high = ax.get_xlim()
    per_point = (high - low) / (ax.get_position().width * sheet.width * 72)
    observed = say(lang, "Observé ", "Observed ") + words["observed"]
    expected = say(lang, "Attendu ", "Expected ") + words["expected"]
    names = ((observed, True), (expected, False))
    half = [text_size(sheet.canvas, text, 9.0, bold=bold)[0] / 2 for text, bold in names]
    places = [numbers.observed, numbers.expected]
    apart = (half[0] + half[1] + 10) * per_point
    sign = 1 if numbers.observed >= numbers.expected else -1
    short = apart - sign * (places[0] - places[1])
    if short > 0:
        places = [places[0] + sign * short / 2, places[1] - sign * short / 2]
    styles: tuple[Style, Style] = ({"color": OBSERVED, "weight": "bold"}, {"color": PAGE.ink})
    for text, place, side, style in zip((observed, expected), places, half, styles, strict=True):
        inside = min(max(place, low + side * per_point), high - side * per_point)
        sheet.write(ax, inside, WORDS_AT, text, size=9, ha="center", **style)
