"""A statistic against chance, and needs against answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError
from reseau_territorial.plots._axes import metric_word, ticks
from reseau_territorial.plots._notes import plural, source_note
from reseau_territorial.plots._sheet import PAGE, PlotResult, Sheet, Style, finish, say, wrap
from reseau_territorial.styles import FAMILIES, PERIOD_COLORS, format_number, format_percent
from reseau_territorial.vocabulary import Lang, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reseau_territorial.network import Network

Floats = NDArray[np.float64]
OBSERVED = PERIOD_COLORS[1]
PLAIN = FAMILIES["local"]


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


def plot_null(result: TestedStatistic, *, title: str | None = None, lang: Lang = "fr") -> PlotResult:
    """Draw an observed statistic against its values under the null model.

    Parameters
    ----------
    result : PermutationResult or alike
        With attributes ``statistic``, ``observed``, ``null``, ``expected`` and ``pvalue``.
    title : str, optional
        Heading of the sheet.
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
    word = metric_word(result.statistic, lang)
    low, high = np.quantile(null, [0.025, 0.975])
    outside = bool(result.observed < low or result.observed > high)
    verdict = say(
        lang,
        "hors de ce que donne le hasard" if outside else "dans ce que donne le hasard",
        "outside what chance gives" if outside else "within what chance gives",
    )
    heading = title or say(lang, f"{word.capitalize()}\u202f: {verdict}", f"{word.capitalize()}: {verdict}")
    values = {
        "observed": format_number(result.observed, 3, lang),
        "expected": format_number(result.expected, 3, lang),
        "low": format_number(float(low), 3, lang),
        "high": format_number(float(high), 3, lang),
        "p": _p_words(result.pvalue, lang),
        "n": format_number(len(null), lang=lang),
    }

    def draw(sheet: Sheet) -> None:
        sheet.head(heading, _null_subtitle(values, lang))
        sheet.foot([_null_reading(lang)])
        ax = sheet.body(left=0.45, bottom=0.42)
        _draw_null(sheet, ax, null, result, (float(low), float(high)), values, lang)
        sheet.label(ax, word[:1].upper() + word[1:], say(lang, "Nombre de tirages", "Number of draws"))

    sentence = say(
        lang,
        "{w}\u202f: valeur observée {observed}, contre {expected} en moyenne sur {n} tirages au hasard, dont 95\u00a0% "
        "sont entre {low} et {high}\u202f; la valeur observée est {v} ({p}).",
        "{w}: observed value {observed}, against {expected} on average over {n} random draws, 95% of which lie "
        "between {low} and {high}; the observed value is {v} ({p}).",
    )
    return finish((7.6, 4.9), draw, sentence.format(w=word.capitalize(), v=verdict, **values))


def _p_words(pvalue: float, lang: Lang) -> str:
    if pvalue < 0.001:
        return say(lang, "p\u00a0<\u00a00,001", "p < 0.001")
    return f"p\u00a0=\u00a0{format_number(pvalue, 3, lang)}"


def _null_subtitle(values: dict[str, str], lang: Lang) -> str:
    return say(
        lang,
        "Observé {observed}, attendu {expected} ({p}, {n} tirages)",
        "Observed {observed}, expected {expected} ({p}, {n} draws)",
    ).format(**values)


def _null_reading(lang: Lang) -> str:
    return say(
        lang,
        "Lecture\u202f: les barres montrent ce que le hasard donnerait\u202f; la bande grise contient 95\u00a0% des "
        "tirages. Une valeur hors de la bande demande une autre explication que le hasard, sans dire laquelle.",
        "How to read: bars show what chance would give; the grey band holds 95% of the draws. A value outside the "
        "band asks for another explanation than chance, without saying which.",
    )


def _draw_null(
    sheet: Sheet,
    ax: Axes,
    null: Floats,
    result: TestedStatistic,
    band: tuple[float, float],
    values: dict[str, str],
    lang: Lang,
) -> None:
    distinct = np.unique(np.round(null, 9))
    bins: Any = 32
    if len(distinct) <= 32:
        step = float(np.diff(distinct).min()) if len(distinct) > 1 else 1.0
        bins = np.append(distinct - step / 2, distinct[-1] + step / 2)
    counts, _, _ = ax.hist(null, bins=bins, color="#9DB4C8", edgecolor=PAGE.background, linewidth=0.6 * sheet.scale)
    top = float(np.max(counts)) * 1.28
    ax.set_ylim(0, top)
    span = max(float(null.max()), result.observed) - min(float(null.min()), result.observed)
    pad = 0.08 * span if span > 0 else 0.5
    ax.set_xlim(min(float(null.min()), result.observed) - pad, max(float(null.max()), result.observed) + pad)
    ax.axvspan(*band, color="#E9E9EE", zorder=0)
    ax.axvline(result.expected, color=PAGE.ink, linewidth=1.1 * sheet.scale, linestyle=(0, (4, 3)), ymax=0.86)
    ax.axvline(result.observed, color=OBSERVED, linewidth=2.4 * sheet.scale, ymax=0.86)
    middle = sum(ax.get_xlim()) / 2
    near = abs(result.observed - result.expected) < 0.22 * float(np.ptp(ax.get_xlim()))
    right = result.observed >= result.expected
    for value, key, color, weight, ahead in (
        (result.observed, "observed", OBSERVED, "bold", right),
        (result.expected, "expected", PAGE.ink, "normal", not right),
    ):
        words = {"observed": say(lang, "Observé", "Observed"), "expected": say(lang, "Attendu", "Expected")}
        align = ("left" if ahead else "right") if near else ("right" if value > middle else "left")
        shift = 0.01 * float(np.ptp(ax.get_xlim())) * (1 if align == "left" else -1)
        text = f"{words[key]} {values[key]}"
        sheet.write(ax, value + shift, 0.93 * top, text, size=9, ha=align, color=color, weight=weight)
    ticks(ax, "x", lang)
    ticks(ax, "y", lang, digits=0)


def plot_coverage(
    net: Network, *, table: pd.DataFrame | None = None, title: str | None = None, lang: Lang = "fr", **options: Any
) -> PlotResult:
    """Draw the share of actors whose needs are covered, and how surely.

    Parameters
    ----------
    net : Network
        With `provision`.
    table : DataFrame, optional
        What ``coverage(net)`` returned, if made already: index need, columns ``covered``, ``secured``,
        ``users`` and ``providers``.
    title : str, optional
        Heading of the sheet.
    lang : {"fr", "en"}
        Language of the reader.
    **options
        Passed to ``coverage``: ``within``, ``users``, ``period``, ``roles``.

    Returns
    -------
    PlotResult
        A bar per need: dark where it stays covered if any one actor fails, hatched where it hangs on one
        actor, empty where it is not covered.

    Raises
    ------
    ReseauError
        If the network has no provision.

    Examples
    --------
    >>> from reseau_territorial import samples
    >>> plot_coverage(samples.tours_masks(), lang="en").alt.split(":")[0]
    'Share of actors covered'
    """
    if table is None:
        from reseau_territorial.metrics.needs import coverage

        table = coverage(net, **options)
    if not len(table):
        raise ReseauError("no need is described: fill in the provision table (actor, need).")
    table = table.sort_values(["covered", "secured"], ascending=[True, True], kind="stable").tail(24)
    covered = table["covered"].to_numpy(float)
    sure = covered * np.nan_to_num(table["secured"].to_numpy(float))
    needs = [_need_word(need, lang) for need in table.index]
    heading = title or say(lang, "Qui peut compter sur une réponse", "Who can count on an answer")
    natural = (8.4, 2.7 + 0.36 * len(table))

    def draw(sheet: Sheet) -> None:
        users = plural(int(table["users"].max()), say(lang, "acteur", "actor"), say(lang, "acteurs", "actors"), lang)
        within = options.get("within", 1)
        steps = plural(within, say(lang, "pas", "step"), say(lang, "pas", "steps"), lang)
        subtitle = say(
            lang, f"Part des {users} qui ont une réponse à {steps} au plus", f"Share of {users} within {steps}"
        )
        sheet.head(heading, subtitle)
        sheet.foot([source_note(net, lang)])
        _coverage_legend(sheet, lang)
        ax = sheet.body(left=1.75, right=1.15, bottom=0.3)
        _draw_coverage(sheet, ax, table, covered, sure, needs, lang)

    return finish(natural, draw, _coverage_sentence(needs, covered, sure, lang))


def _need_word(need: object, lang: Lang) -> str:
    word = label("need", need, lang=lang).replace("_", " ")
    return word[:1].upper() + word[1:]


def _draw_coverage(
    sheet: Sheet, ax: Axes, table: pd.DataFrame, covered: Floats, sure: Floats, needs: list[str], lang: Lang
) -> None:
    rows = np.arange(len(table))
    line: Style = {"edgecolor": PAGE.outline, "linewidth": 0.8 * sheet.scale, "height": 0.62}
    ax.barh(rows, np.ones(len(rows)), color=PAGE.background, **{**line, "edgecolor": PAGE.frame_line})
    bars = ax.barh(rows, covered, color="#A9CBE4", **line)
    for bar in bars:
        bar.set_hatch("////")
        bar.set_edgecolor(PLAIN)
    ax.barh(rows, sure, color=PLAIN, **line)
    ax.set_xlim(0, 1)
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_yticks(rows, ["\n".join(wrap(need, 1.7, 8)[:2]) for need in needs])
    for tick in ax.get_yticklabels():
        tick.set_color(PAGE.ink)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    ticks(ax, "x", lang, percent=True)
    for row, (share, count) in enumerate(zip(covered, table["providers"], strict=True)):
        answers = plural(int(count), say(lang, "réponse", "answer"), say(lang, "réponses", "answers"), lang)
        text = f"{format_percent(share, lang=lang)} · {answers}"
        sheet.write(ax, 1.02, row, text, size=8, clip_on=False)


def _coverage_legend(sheet: Sheet, lang: Lang) -> None:
    from matplotlib.patches import Rectangle

    width = sheet.width - 0.7
    ax = sheet.axes(0.35, sheet.bottom, width, 0.22, bare=True)
    ax.set_xlim(0, width * 72)
    ax.set_ylim(0, 16)
    x = 0.0
    for text, fill, hatch, edge in (
        (
            say(lang, "couvert, même si un acteur fait défaut", "covered even if one actor fails"),
            PLAIN,
            "",
            PAGE.outline,
        ),
        (
            say(lang, "couvert, mais tient à un seul acteur", "covered, but hangs on one actor"),
            "#A9CBE4",
            "////",
            PLAIN,
        ),
        (say(lang, "non couvert", "not covered"), PAGE.background, "", PAGE.frame_line),
    ):
        ax.add_patch(
            Rectangle((x, 3), 18, 10, facecolor=fill, hatch=hatch, edgecolor=edge, linewidth=0.8 * sheet.scale)
        )
        sheet.write(ax, x + 24, 8, text, size=8)
        x += 36 + 4.6 * len(text)
    sheet.bottom += 0.34


def _coverage_sentence(needs: list[str], covered: Floats, sure: Floats, lang: Lang) -> str:
    listed = [
        say(
            lang,
            f"{need}\u202f: {format_percent(c, lang=lang)}, dont {format_percent(s, lang=lang)} même si un acteur "
            "fait défaut",
            f"{need}: {format_percent(c, lang=lang)}, of which {format_percent(s, lang=lang)} even if one actor fails",
        )
        for need, c, s in list(zip(needs, covered, sure, strict=True))[:8]
    ]
    text = say(lang, "\u202f; ", "; ").join(listed)
    return say(lang, f"Part des acteurs dont le besoin est couvert\u202f: {text}.", f"Share of actors covered: {text}.")
