"""How many partners actors have, and which measures moved from period to period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.plots._axes import metric_word, ticks
from reseau_territorial.plots._drawing import names_of
from reseau_territorial.plots._labels import shorten, spread_values
from reseau_territorial.plots._notes import plural, selection_words, source_note
from reseau_territorial.plots._sheet import PAGE, PlotResult, Sheet, Style, finish, nice_ceiling, say
from reseau_territorial.privacy import Persons
from reseau_territorial.styles import FAMILIES, color_at, contrast, format_number, format_percent, period_word
from reseau_territorial.vocabulary import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reseau_territorial.network import Network

Floats = NDArray[np.float64]
PLAIN = FAMILIES["local"]


def plot_degrees(net: Network, *, title: str | None = None, persons: Persons = "mask", lang: Lang = "fr") -> PlotResult:
    """Draw how many partners actors have: how many actors have at least so many.

    Parameters
    ----------
    net : Network
        Ties whose status is present count, in either direction, a pair once.
    title : str, optional
        Heading of the sheet.
    persons : {"mask", "keep"}
        Whether natural persons and sole traders keep their names (see :func:`protect`).
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

    Examples
    --------
    >>> from reseau_territorial import samples
    >>> plot_degrees(samples.tours_masks(), lang="en").alt.split(",")[-1]
    ' at most 10 (Ville de Tours).'
    """
    if not len(net):
        raise ReseauError("the network has no actor, so there is nothing to draw.")
    matrix = net._view(weight=None).undirected_binary
    degree = pd.Series(np.diff(matrix.indptr), index=net._view(weight=None).actors).reindex(
        net.actors.index, fill_value=0
    )
    names = dict(zip(net.actors.index, names_of(net, persons, lang), strict=True))
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
        sheet.foot([source_note(net, lang)])
        ax = sheet.body(left=0.5, bottom=0.42)
        (_degree_bars if top.iloc[0] <= 30 else _degree_tail)(sheet, ax, degree, lang)
        x = say(lang, "Nombre de partenaires", "Number of partners")
        few = top.iloc[0] <= 30
        share = say(lang, "Part des acteurs (au moins autant)", "Share of actors (at least as many)")
        sheet.label(ax, x, say(lang, "Nombre d’acteurs", "Number of actors") if few else share)
        _name_top(sheet, ax, top.head(3), words, degree, few=few)

    sentence = say(
        lang,
        f"Nombre de partenaires de {plural(len(net), 'acteur', 'acteurs', lang)}\u202f: médiane "
        f"{format_number(median, 1, lang)}, {isolated} sans partenaire, au plus "
        f"{format_number(int(top.iloc[0]), lang=lang)} ({words[0]}).",
        f"Number of partners of {plural(len(net), 'actor', 'actors', lang)}: median {format_number(median, 1, lang)}, "
        f"{isolated} without partner, at most {format_number(int(top.iloc[0]), lang=lang)} ({words[0]}).",
    )
    return finish((7.6, 4.6), draw, sentence)


def _degree_bars(sheet: Sheet, ax: Axes, degree: pd.Series, lang: Lang) -> None:
    counts = degree.value_counts().sort_index()
    edge: Style = {"edgecolor": PAGE.outline, "linewidth": 0.8 * sheet.scale}
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
    shares = [share for share in (1.0, 0.1, 0.01, 0.001, 0.0001) if share >= 0.5 / len(degree)]
    ax.set_yticks(shares, [format_percent(share, 0 if share >= 0.01 else 2, lang) for share in shares])


def _name_top(sheet: Sheet, ax: Axes, top: pd.Series, words: list[str], degree: pd.Series, *, few: bool) -> None:
    used: dict[int, list[str]] = {}
    for value, word in zip(top, words, strict=True):
        if value > 0:
            used.setdefault(int(value), []).append(word)
    heights = [float((degree == value).sum()) if few else float((degree >= value).mean()) for value in used]
    if few:
        places = [height + 0.11 * ax.get_ylim()[1] for height in heights]
    else:
        room = float(np.ptp(np.log10(ax.get_ylim())))
        places = list(10 ** spread_values(np.log10(heights) + 0.05 * room, 0.075 * room))
    for (value, named), y in zip(used.items(), places, strict=True):
        same = int((degree == value).sum())
        lines = [*map(shorten, named), *(["…"] if same > len(named) else [])]
        text = "\n".join(lines) if few else ", ".join(line.replace("\n", " ") for line in lines)
        align = "right" if value > 0.8 * top.iloc[0] else "center" if few else "left"
        sheet.write(ax, value, y, text, size=7, ha=align, va="bottom", clip_on=False, halo=2.0)


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

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"before": [0.2, 0.1], "after": [0.6, 0.1]}, index=["Tours", "Chinon"])
    >>> plot_slope(table, highlight=["Tours"], lang="en").alt
    'Change of measure between before and after: Tours (0.20 → 0.60).'
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
        f"{called[row]} ({format_number(first, digits, lang)} → {format_number(last, digits, lang)})"
        for row, first, last in zip(
            highlight, *(table.loc[highlight].iloc[:, k].astype(float) for k in (0, -1)), strict=True
        )
    ]
    sentence = say(
        lang,
        f"Évolution de «\u202f{word}\u202f» entre {titles[0].lower()} et {titles[-1].lower()}\u202f: "
        f"{', '.join(moved)}.",
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
    for spine in ax.spines.values():
        spine.set_visible(False)
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
        ax.axvline(float(step), color="#D5D5DC", linewidth=1.0 * sheet.scale, zorder=0)
        sheet.write(
            ax, float(step), high + 0.1 * room, title, size=10, ha="center", weight="bold", clip_on=False, halo=3
        )
    for row in table.index.difference(highlight):
        ax.plot(steps, table.loc[row].to_numpy(float), color="#C4C4CC", linewidth=0.9 * sheet.scale, zorder=1)
    colors = list(FAMILIES.values())
    dashes: list[Any] = ["-", (0, (7, 3)), (0, (1.2, 1.6)), (0, (7, 2, 1.2, 2)), (0, (3, 2))]
    for number, row in enumerate(highlight):
        style: Style = {"color": colors[number % 5], "linestyle": dashes[number % 5], "linewidth": 2.0 * sheet.scale}
        marks: Style = {"marker": "o", "markersize": 5 * sheet.scale, "markeredgecolor": PAGE.outline, "clip_on": False}
        ax.plot(steps, table.loc[row].to_numpy(float), zorder=3, **style, **marks)
    for column, x, side in ((0, -0.025, "right"), (-1, len(steps) - 0.975, "left")):
        ends = table.iloc[:, column].astype(float).loc[highlight].to_numpy(dtype=np.float64)
        known_rows = np.flatnonzero(np.isfinite(ends))
        places = spread_values(np.asarray(ends[known_rows]), 0.062 * room * 5.0 / (sheet.top - sheet.bottom))
        for k, y in zip(known_rows, places, strict=True):
            text = shorten(called[highlight[k]], 26).replace("\n", " ")
            end = format_number(float(ends[k]), digits, lang)
            words = f"{text}  {end}" if side == "right" else f"{end}  {text}"
            color = colors[k % 5]
            sheet.write(ax, x, y, words, size=7.5, ha=side, color=_dark(color), clip_on=False)


def _dark(color: str) -> str:
    """Darken a family colour enough to be read as text."""
    share = 0.0
    while contrast(color_at((color, "#000000"), share), PAGE.background) < 4.5:
        share += 0.05
    return color_at((color, "#000000"), share)
