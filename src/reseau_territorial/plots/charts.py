"""Small charts of results: a statistic against chance, coverage of needs, degrees, change of a metric."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.plots._drawing import names_of
from reseau_territorial.plots._labels import shorten, spread_values
from reseau_territorial.plots._notes import plural, selection_words, source_line
from reseau_territorial.plots._scales import METRIC_WORDS
from reseau_territorial.plots._sheet import PAGE, PlotResult, Sheet, finish, nice_ceiling, say, wrap
from reseau_territorial.styles import FAMILIES, PERIOD_COLORS, format_number, format_percent, period_word
from reseau_territorial.vocabulary import Lang, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reseau_territorial.network import Network

Floats = NDArray[np.float64]
OBSERVED = PERIOD_COLORS[1]
PLAIN = FAMILIES["local"]
NEEDS = {"masks": "masques", "visors": "visières", "hand_gel": "gel hydroalcoolique", "schools": "écoles"}


class TestedStatistic(Protocol):
    """What `plot_null` reads of a result of inference."""

    @property
    def statistic(self) -> str: ...
    @property
    def observed(self) -> float: ...
    @property
    def null(self) -> Floats: ...
    @property
    def expected(self) -> float: ...
    @property
    def pvalue(self) -> float: ...


def metric_word(name: str, lang: Lang) -> str:
    """Return what a reader calls a metric."""
    extra = {"network_silo": "indice de silo", "modularity": "modularité", "assortativity": "assortativité"}
    if lang == "fr" and name in extra:
        return extra[name]
    return METRIC_WORDS[lang].get(name, label("column", name, lang=lang)).replace("_", " ")


def ticks(ax: Axes, axis: str, lang: Lang, *, digits: int | None = None, percent: bool = False) -> None:
    """Write the ticks of an axis in the language of the reader."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    one = ax.xaxis if axis == "x" else ax.yaxis
    if digits == 0 and not percent and one.get_scale() == "linear":
        one.set_major_locator(MaxNLocator(nbins=8, integer=True))

    def written(value: float, _: object) -> str:
        if percent:
            return format_percent(value, digits or 0, lang)
        step = float(np.ptp(one.get_view_interval()))
        auto = 0 if step >= 8 else 1 if step >= 0.8 else 2 if step >= 0.08 else 3
        return format_number(value, auto if digits is None else digits, lang)

    one.set_major_formatter(FuncFormatter(written))


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
        sheet.head(heading, _null_subtitle(result, values, lang))
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


def _null_subtitle(result: TestedStatistic, values: dict[str, str], lang: Lang) -> str:
    return say(
        lang,
        "Observé {observed}, attendu {expected} ({p}, {n} tirages)",
        "Observed {observed}, expected {expected} ({p}, {n} draws)",
    ).format(**values)


def _null_reading(lang: Lang) -> str:
    return say(
        lang,
        "Lecture\u202f: les barres montrent ce que le hasard donnerait\u202f; la bande grise contient 95\u00a0% des tirages. Une "
        "valeur hors de la bande demande une autre explication que le hasard, sans dire laquelle.",
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
        sheet.foot([source_line(net, lang)])
        _coverage_legend(sheet, lang)
        ax = sheet.body(left=1.75, right=1.15, bottom=0.3)
        _draw_coverage(sheet, ax, table, covered, sure, needs, lang)

    return finish(natural, draw, _coverage_sentence(needs, covered, sure, lang))


def _need_word(need: object, lang: Lang) -> str:
    word = NEEDS.get(str(need), str(need)) if lang == "fr" else str(need)
    word = word.replace("_", " ")
    return word[:1].upper() + word[1:]


def _draw_coverage(
    sheet: Sheet, ax: Axes, table: pd.DataFrame, covered: Floats, sure: Floats, needs: list[str], lang: Lang
) -> None:
    rows = np.arange(len(table))
    line = {"edgecolor": PAGE.outline, "linewidth": 0.8 * sheet.scale, "height": 0.62}
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
            f"{need}\u202f: {format_percent(c, lang=lang)}, dont {format_percent(s, lang=lang)} même si un acteur fait défaut",
            f"{need}: {format_percent(c, lang=lang)}, of which {format_percent(s, lang=lang)} even if one actor fails",
        )
        for need, c, s in list(zip(needs, covered, sure, strict=True))[:8]
    ]
    text = say(lang, "\u202f; ", "; ").join(listed)
    return say(lang, f"Part des acteurs dont le besoin est couvert\u202f: {text}.", f"Share of actors covered: {text}.")


def plot_degrees(net: Network, *, title: str | None = None, lang: Lang = "fr") -> PlotResult:
    """Draw how many partners actors have: how many actors have at least so many.

    Parameters
    ----------
    net : Network
        Ties whose status is present count, in either direction, a pair once.
    title : str, optional
        Heading of the sheet.
    lang : {"fr", "en"}
        Language of the reader.

    Returns
    -------
    PlotResult
        A bar per number of partners up to 30 partners, else the share of actors with at least so many on
        logarithmic axes; the best tied actors are named.

    Raises
    ------
    ReseauError
        If the network has no actor.
    """
    if not len(net):
        raise ReseauError("the network has no actor, so there is nothing to draw.")
    matrix = net._view(weight=None).undirected_binary
    degree = pd.Series(np.diff(matrix.indptr), index=net._view(weight=None).actors).reindex(
        net.actors.index, fill_value=0
    )
    names = dict(zip(net.actors.index, names_of(net.actors), strict=True))
    median, top = float(degree.median()), degree.sort_values(ascending=False, kind="stable")
    heading = title or say(lang, "Combien de partenaires ont les acteurs", "How many partners actors have")
    isolated = int((degree == 0).sum())
    words = [names[str(actor)] for actor in top.index[:3]]

    def draw(sheet: Sheet) -> None:
        middle = format_number(median, 0 if median.is_integer() else 1, lang)
        subtitle = say(
            lang,
            f"{selection_words(net, lang)} · médiane {middle} · {isolated} sans partenaire",
            f"{selection_words(net, lang)} · median {middle} · {isolated} without partner",
        )
        sheet.head(heading, subtitle)
        sheet.foot([source_line(net, lang)])
        ax = sheet.body(left=0.5, bottom=0.42)
        (_degree_bars if top.iloc[0] <= 30 else _degree_tail)(sheet, ax, degree, lang)
        x = say(lang, "Nombre de partenaires", "Number of partners")
        few = top.iloc[0] <= 30
        share = say(lang, "Part des acteurs qui en ont au moins autant", "Share of actors with at least as many")
        sheet.label(ax, x, say(lang, "Nombre d’acteurs", "Number of actors") if few else share)
        _name_top(sheet, ax, top.head(3), words, degree, few=few)

    sentence = say(
        lang,
        f"Nombre de partenaires de {plural(len(net), 'acteur', 'acteurs', lang)}\u202f: médiane "
        f"{format_number(median, 1, lang)}, {isolated} sans partenaire, au plus {format_number(int(top.iloc[0]), lang=lang)} "
        f"({words[0]}).",
        f"Number of partners of {plural(len(net), 'actor', 'actors', lang)}: median {format_number(median, 1, lang)}, "
        f"{isolated} without partner, at most {format_number(int(top.iloc[0]), lang=lang)} ({words[0]}).",
    )
    return finish((7.6, 4.6), draw, sentence)


def _degree_bars(sheet: Sheet, ax: Axes, degree: pd.Series, lang: Lang) -> None:
    counts = degree.value_counts().sort_index()
    edge = {"edgecolor": PAGE.outline, "linewidth": 0.8 * sheet.scale}
    bars = ax.bar(counts.index, counts.to_numpy(), width=0.8, color=PLAIN, **edge)
    if counts.index[0] == 0:
        bars[0].set_facecolor(PAGE.background)
    ax.set_xlim(-0.6, float(counts.index[-1]) + 0.6)
    ax.set_ylim(0, float(counts.max()) * 1.18)
    for value, count in counts.items():
        text = format_number(int(count), lang=lang)
        sheet.write(ax, float(value), float(count) + 0.03 * float(counts.max()), text, size=8, ha="center")  # type: ignore[arg-type]
    ticks(ax, "x", lang, digits=0)
    ticks(ax, "y", lang, digits=0)


def _degree_tail(sheet: Sheet, ax: Axes, degree: pd.Series, lang: Lang) -> None:
    values = np.unique(degree[degree > 0])
    share = np.array([(degree >= value).mean() for value in values])
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.plot(values, share, color=PLAIN, linewidth=1.6 * sheet.scale, drawstyle="steps-pre")
    ax.plot(values, share, "o", color=PLAIN, markersize=4 * sheet.scale, markeredgecolor=PAGE.outline)
    ax.grid(which="major", color="#E3E3E8", linewidth=0.7 * sheet.scale)
    ax.minorticks_off()
    ticks(ax, "x", lang, digits=0)
    ticks(ax, "y", lang, percent=True, digits=1)


def _name_top(sheet: Sheet, ax: Axes, top: pd.Series, words: list[str], degree: pd.Series, *, few: bool) -> None:
    used: dict[int, list[str]] = {}
    for value, word in zip(top, words, strict=True):
        if value > 0:
            used.setdefault(int(value), []).append(word)
    for value, named in used.items():
        same = int((degree == value).sum())
        text = "\n".join([*map(shorten, named), *(["…"] if same > len(named) else [])])
        height = same if few else float((degree >= value).mean())
        y = height + 0.11 * ax.get_ylim()[1] if few else height * 1.15
        sheet.write(
            ax,
            value,
            y,
            text,
            size=7,
            ha="right" if value > 0.8 * top.iloc[0] else "center",
            va="bottom",
            clip_on=False,
        )


def plot_slope(
    table: pd.DataFrame,
    *,
    highlight: list[str] | None = None,
    names: pd.Series | None = None,
    metric: str = "",
    digits: int = 2,
    title: str | None = None,
    lang: Lang = "fr",
) -> PlotResult:
    """Draw how a measure changed from period to period, one line per actor or group.

    Parameters
    ----------
    table : DataFrame
        One row per actor or group, one column per period, in order; missing values break the line.
    highlight : list of str, optional
        Rows to draw in colour; by default the five that moved most between the first and last period.
    names : Series, optional
        What to call the rows, by their index.
    metric : str
        Name of the measure, such as ``"betweenness"``.
    digits : int, default 2
        Digits of the numbers written.
    title : str, optional
        Heading of the sheet.
    lang : {"fr", "en"}
        Language of the reader.

    Returns
    -------
    PlotResult
        The others stay grey behind.

    Raises
    ------
    ReseauError
        If there are fewer than two periods or no values.
    UnknownNameError
        If a row to highlight is not there.
    """
    if table.shape[1] < 2 or not np.isfinite(table.to_numpy(float)).any():
        raise ReseauError(f"a slope needs values in two periods at least; the table has {table.shape[1]} columns.")
    change = (table.iloc[:, -1] - table.iloc[:, 0]).astype(float)
    if highlight is None:
        highlight = list(change.abs().sort_values(ascending=False, kind="stable").dropna().head(5).index)
    for row in highlight:
        if row not in table.index:
            raise unknown_name("row", row, table.index)
    word = metric_word(metric, lang) if metric else say(lang, "mesure", "measure")
    heading = title or say(lang, f"Ce qui a bougé\u202f: {word}", f"What moved: {word}")
    titles = [period_word(period, lang=lang) for period in table.columns]
    called = {row: str(names.get(row, row)) if names is not None else str(row) for row in table.index}

    def draw(sheet: Sheet) -> None:
        rows = plural(len(table), say(lang, "ligne", "line"), say(lang, "lignes", "lines"), lang)
        note = say(
            lang,
            f"{rows}\u202f; en couleur, celles qui ont le plus changé",
            f"{rows}; in colour, those that changed most",
        )
        sheet.head(heading, note)
        _draw_slopes(sheet, table, highlight, called, titles, digits, lang)

    moved = [
        f"{called[row]} ({format_number(float(table.loc[row].iloc[0]), digits, lang)} → "
        f"{format_number(float(table.loc[row].iloc[-1]), digits, lang)})"
        for row in highlight
    ]
    sentence = say(
        lang,
        f"Évolution de «\u202f{word}\u202f» entre {titles[0].lower()} et {titles[-1].lower()}\u202f: {', '.join(moved)}.",
        f"Change of {word} between {titles[0].lower()} and {titles[-1].lower()}: {', '.join(moved)}.",
    )
    return finish((8.0, 5.8), draw, sentence)


def _draw_slopes(
    sheet: Sheet,
    table: pd.DataFrame,
    highlight: list[str],
    called: dict[str, str],
    titles: list[str],
    digits: int,
    lang: Lang,
) -> None:
    ax = sheet.body(left=1.75, right=1.75, bottom=0.1)
    for side in ax.spines.values():
        side.set_visible(False)
    steps = np.arange(table.shape[1])
    values = table.to_numpy(float)
    known = values[np.isfinite(values)]
    low, high = float(known.min()), float(known.max())
    room = (high - low) or nice_ceiling(abs(high))
    ax.set_ylim(low - 0.06 * room, high + 0.12 * room)
    ax.set_xlim(0, len(steps) - 1)
    ax.set_yticks([])
    ax.set_xticks([])
    for step, title in zip(steps, titles, strict=True):
        ax.axvline(step, color="#D5D5DC", linewidth=1.0 * sheet.scale, zorder=0)
        sheet.write(ax, step, high + 0.1 * room, title, size=10, ha="center", weight="bold", clip_on=False, halo=3)
    for row in table.index.difference(highlight):
        ax.plot(steps, table.loc[row].to_numpy(float), color="#C4C4CC", linewidth=0.9 * sheet.scale, zorder=1)
    colors = list(FAMILIES.values())
    dashes: list[Any] = ["-", (0, (7, 3)), (0, (1.2, 1.6)), (0, (7, 2, 1.2, 2)), (0, (3, 2))]
    for number, row in enumerate(highlight):
        style = {"color": colors[number % 5], "linestyle": dashes[number % 5], "linewidth": 2.0 * sheet.scale}
        marks = {"marker": "o", "markersize": 5 * sheet.scale, "markeredgecolor": PAGE.outline, "clip_on": False}
        ax.plot(steps, table.loc[row].to_numpy(float), zorder=3, **style, **marks)
    for column, x, side in ((0, -0.025, "right"), (-1, len(steps) - 0.975, "left")):
        ends = {row: float(table.loc[row].iloc[column]) for row in highlight}
        ends = {row: value for row, value in ends.items() if np.isfinite(value)}
        places = spread_values(np.array(list(ends.values())), 0.062 * room * 5.0 / (sheet.top - sheet.bottom))
        for (row, value), y in zip(ends.items(), places, strict=True):
            text = shorten(called[row], 26).replace("\n", " ")
            number = format_number(value, digits, lang)
            words = f"{text}  {number}" if side == "right" else f"{number}  {text}"
            color = colors[highlight.index(row) % 5]
            sheet.write(ax, x * 1.0, y, words, size=7.5, ha=side, color=_dark(color), clip_on=False)


def _dark(color: str) -> str:
    """Darken a family colour enough to be read as text."""
    from reseau_territorial.styles import color_at, contrast

    share = 0.0
    while contrast(color_at((color, "#000000"), share), PAGE.background) < 4.5:
        share += 0.05
    return color_at((color, "#000000"), share)
