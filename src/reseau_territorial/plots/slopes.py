"""Which measures moved from period to period: a line per actor or group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.plots._axes import metric_word
from reseau_territorial.plots._labels import cut, ranked, spread_values, text_size
from reseau_territorial.plots._notes import sentence_case
from reseau_territorial.plots._sheet import PAGE, PlotResult, Sheet, Style, finish, nice_ceiling, say
from reseau_territorial.styles import FAMILIES, clean, color_at, contrast, format_number, period_word
from reseau_territorial.vocabulary import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
COLORS = tuple(FAMILIES.values())
DASHES: tuple[Any, ...] = ("-", (0, (7, 3)), (0, (1.2, 1.6)), (0, (7, 2, 1.2, 2)), (0, (3, 2)))
GREY = "#949499"
NAMED = 5
LONGEST = 38
TEXT, LINE = 8.0, 11.0
# In points: from a marker to what is written beside it, and the room under and over the lines.
ASIDE, BELOW, ABOVE = 9.0, 14.0, 36.0


def plot_slope(
    table: pd.DataFrame,
    *,
    highlight: list[str] | None = None,
    names: pd.Series | None = None,
    metric: str = "",
    digits: int | None = None,
    title: str | None = None,
    lang: Lang = "fr",
) -> PlotResult:
    """Draw how a measure changed from period to period, one line per actor or group.

    Parameters
    ----------
    table : DataFrame
        One row per actor or group, one column per period, in order; missing values break the line.
    highlight : list of str, optional
        Rows to draw in colour, the first in the title; by default the five that moved most between any two periods.
    names : Series, optional
        What to call the rows, by their index.
    metric : str
        Name of the measure, such as ``"betweenness"``.
    digits : int, optional
        Digits of the numbers written; by default two, none when all values are whole.
    title : str, optional
        Heading of the sheet.
    lang : {"fr", "en"}
        Language of the reader.

    Returns
    -------
    PlotResult
        The rows in colour are named where their line ends, each period with its value; the others stay grey behind.

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
    'Change of measure from before to after: Tours (0.20 → 0.60).'
    """
    if table.shape[1] < 2 or not np.isfinite(table.to_numpy(float)).any():
        raise ReseauError(
            "a slope needs values in two periods at least: a column per period, a row per actor or group; the table "
            f"has {table.shape[1]} columns."
        )
    table = table.astype(float)
    digits = digits if digits is not None else 2 * bool((table % 1 > 0).to_numpy().any())
    called = {row: clean(row if names is None else names.get(row, row)) for row in table.index}
    if highlight is None:
        moved = table.max(axis=1) - table.min(axis=1)
        highlight = [
            table.index[k]
            for k in ranked(moved, table.index, [called[row] for row in table.index])[:NAMED]
            if moved.iloc[k] > 0
        ]
    for row in highlight:
        if row not in table.index:
            raise unknown_name("row", row, table.index)
    word = metric_word(metric, lang) if metric else say(lang, "mesure", "measure")
    periods = [period_word(period, lang=lang) for period in table.columns]
    steps = {
        row: " → ".join(format_number(float(v), digits, lang) for v in table.loc[row].to_numpy()) for row in highlight
    }
    lines = [f"{called[row]} ({steps[row]})" for row in highlight]

    def draw(sheet: Sheet) -> None:
        sheet.head(title or _finding(word, lines, lang), _subtitle(len(highlight), len(table), lang))
        _draw_slopes(sheet, table, highlight, called, periods, digits, lang)

    return finish((8.0, 5.4), draw, _sentence(word, periods, lines, lang))


def _finding(word: str, lines: list[str], lang: Lang) -> str:
    named = sentence_case(word)
    if not lines:
        return say(lang, f"{named}\u202f: rien n’a bougé", f"{named}: nothing moved")
    return say(lang, f"{named}\u202f: {lines[0]}", f"{named}: {lines[0]}")


def _subtitle(colored: int, every: int, lang: Lang) -> str:
    rest = every - colored
    if not rest:
        return ""
    count = format_number(rest, lang=lang)
    if not colored:
        return say(lang, f"{count} lignes", f"{count} lines")
    return say(
        lang,
        f"En couleur, {format_number(colored, lang=lang)} sur {format_number(every, lang=lang)}\u202f; en gris, les "
        f"autres",
        f"In colour, {format_number(colored, lang=lang)} of {format_number(every, lang=lang)}; the others in grey",
    )


def _sentence(word: str, periods: list[str], lines: list[str], lang: Lang) -> str:
    first, last = periods[0].lower(), periods[-1].lower()
    told = ", ".join(lines) or say(lang, "rien n’a bougé", "nothing moved")
    return say(
        lang,
        f"Évolution de «\u202f{word}\u202f» de «\u202f{first}\u202f» à «\u202f{last}\u202f»\u202f: {told}.",
        f"Change of {word} from {first} to {last}: {told}.",
    )


def _draw_slopes(
    sheet: Sheet,
    table: pd.DataFrame,
    highlight: list[str],
    called: dict[str, str],
    periods: list[str],
    digits: int,
    lang: Lang,
) -> None:
    colored = table.loc[highlight]
    # A row is named where its line ends.
    ends = [int(np.flatnonzero(known)[-1]) if known.any() else -1 for known in colored.notna().to_numpy()]
    names = [cut(called[row], LONGEST) for row in highlight]
    values = table.to_numpy()
    known = values[np.isfinite(values)]
    number = max(text_size(sheet.canvas, format_number(value, digits, lang), TEXT)[0] for value in known)
    margins = [number + ASIDE, number + ASIDE]
    for name, end in zip(names, ends, strict=True):
        margins[end > 0] = max(margins[end > 0], text_size(sheet.canvas, name, TEXT)[0] + number + ASIDE + 12)
    ax = sheet.body(left=margins[0] / 72, right=margins[1] / 72, bottom=0.05, bare=True)
    low, high = float(known.min()), float(known.max())
    room = (high - low) or nice_ceiling(abs(high))
    per_point = room / (ax.get_position().height * sheet.height * 72 - BELOW - ABOVE)
    ax.set_ylim(low - BELOW * per_point, low + room + ABOVE * per_point)
    ax.set_xlim(0, len(periods) - 1)
    _draw_periods(sheet, ax, periods, (low, low + room, low + room + 0.75 * ABOVE * per_point))
    _draw_lines(sheet, ax, table.drop(index=highlight).to_numpy(), colored.to_numpy())
    for step in range(len(periods)):
        named = [name if end == step else "" for name, end in zip(names, ends, strict=True)]
        _write_values(sheet, ax, step, colored.iloc[:, step].to_numpy(), named, per_point, digits, lang)


def _draw_periods(sheet: Sheet, ax: Axes, periods: list[str], heights: tuple[float, float, float]) -> None:
    low, high, top = heights
    for step, period in enumerate(periods):
        ax.plot([step, step], [low, high], color="#D5D5DC", linewidth=1.0 * sheet.scale, zorder=0, clip_on=False)
        sheet.write(ax, step, top, period, size=10, ha="center", weight="bold", clip_on=False, halo=3)


def _draw_lines(sheet: Sheet, ax: Axes, others: Floats, colored: Floats) -> None:
    """Draw the other rows behind, the thinner the more there are, and the coloured ones over them."""
    steps = np.arange(others.shape[1])
    for row in others:
        ax.plot(steps, row, color=GREY, linewidth=(0.8 if len(others) <= 40 else 0.4) * sheet.scale, zorder=1)
    marks: Style = {"marker": "o", "markersize": 5 * sheet.scale, "markeredgecolor": PAGE.outline}
    for place, row in enumerate(colored):
        # No two of the first twenty-five are alike.
        pen: Style = {"color": COLORS[place % 5], "linestyle": DASHES[(place + place // 5) % 5]}
        ax.plot(steps, row, zorder=3, linewidth=2.0 * sheet.scale, clip_on=False, **pen, **marks)


def _write_values(
    sheet: Sheet, ax: Axes, step: int, values: Floats, names: list[str], per_point: float, digits: int, lang: Lang
) -> None:
    """Write what the coloured rows are worth at one step, apart from one another, with the names that end there."""
    known = np.flatnonzero(np.isfinite(values))
    side = -1 if step == 0 else 1
    x = step + side * ASIDE * float(np.ptp(ax.get_xlim())) / (ax.get_position().width * sheet.width * 72)
    for k, y in zip(known, spread_values(values[known], LINE * per_point), strict=True):
        color = _dark(COLORS[k % 5])
        if abs(y - values[k]) > LINE * per_point / 2:
            ends = [step, x], [values[k], y]
            ax.plot(*ends, color=color, linewidth=0.6 * sheet.scale, zorder=2, clip_on=False)
        parts = [format_number(float(values[k]), digits, lang), *([names[k]] if names[k] else [])]
        text = "  ".join(parts[::side])
        align = "right" if side < 0 else "left"
        sheet.write(ax, x, y, text, size=TEXT, ha=align, color=color, clip_on=False, halo=2.5, zorder=4)


def _dark(color: str) -> str:
    """Darken a family colour enough to be read as text."""
    share = 0.0
    while contrast(color_at((color, "#000000"), share), PAGE.background) < 4.5:
        share += 0.05
    return color_at((color, "#000000"), share)
