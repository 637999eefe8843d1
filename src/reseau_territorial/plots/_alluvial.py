"""Bands between stacked blocks: what flows from one state, or place, to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reseau_territorial.plots._labels import text_size
from reseau_territorial.plots._sheet import PAGE, Sheet, Style
from reseau_territorial.styles import format_number, text_on
from reseau_territorial.vocabulary import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLOCK = 0.25
SPACE = 0.03


def draw_alluvial(
    sheet: Sheet,
    table: pd.DataFrame,
    states: Sequence[str],
    words: Mapping[str, str],
    colors: Mapping[str, str],
    titles: Sequence[str],
    lang: Lang,
) -> None:
    """Draw one stack of blocks per column of a table, and the bands between neighbours.

    Parameters
    ----------
    sheet : Sheet
        Where to draw: the room between head and foot.
    table : DataFrame
        One row per thing that flows, one column per step, holding its state there.
    states : sequence of str
        Order of the blocks, from the top.
    words, colors : mapping
        Word and fill of each state.
    titles : sequence of str
        What stands over each stack.
    lang : {"fr", "en"}
        Language of the numbers.
    """
    ax = sheet.body(bare=True)
    steps = table.shape[1]
    ax.set_xlim(-0.35, steps - 1 + 0.35)
    ax.set_ylim(1.12, -0.02)
    total = max(len(table), 1)
    usable = 1 - SPACE * (len(states) - 1)
    tops: list[dict[str, float]] = []
    for step, column in enumerate(table.columns):
        counts = table[column].value_counts()
        top, places = 0.09, {}
        for state in states:
            height = usable * int(counts.get(state, 0)) / total
            places[state] = top
            _block(sheet, ax, step, top, height, int(counts.get(state, 0)), words[state], colors[state], lang)
            top += height + (SPACE if height else 0)
        tops.append(places)
        sheet.write(ax, step, 0.04, titles[step], size=12, ha="center", weight="bold")
    for step, (left, right) in enumerate(zip(table.columns[:-1], table.columns[1:], strict=True)):
        flows = table.groupby([left, right]).size()
        begin, end = dict(tops[step]), dict(tops[step + 1])
        for source in states:
            for target in states:
                height = usable * int(flows.get((source, target), 0)) / total
                if height:
                    x = (step + BLOCK / 2, step + 1 - BLOCK / 2)
                    band(ax, x, (begin[source], end[target]), (height, height), colors[source])
                    count = format_number(int(flows[source, target]), lang=lang)
                    if height > 0.03:
                        y = begin[source] + height / 2
                        sheet.write(ax, x[0] + 0.03, y, count, size=7.5, color=PAGE.ink, halo=1.5)
                    begin[source] += height
                    end[target] += height


def _block(
    sheet: Sheet, ax: Axes, step: int, top: float, height: float, count: int, word: str, color: str, lang: Lang
) -> None:
    from matplotlib.patches import Rectangle

    if not count:
        return
    outline: Style = {"edgecolor": PAGE.outline, "linewidth": 0.8 * sheet.scale}
    ax.add_patch(Rectangle((step - BLOCK / 2, top), BLOCK, height, facecolor=color, zorder=3, **outline))
    number = format_number(count, lang=lang)
    if height > 0.075:
        middle = top + height / 2
        sheet.write(ax, step, middle - 0.018, word, size=8, ha="center", color=text_on(color), zorder=4)
        options: Style = {"ha": "center", "weight": "bold", "color": text_on(color), "zorder": 4}
        sheet.write(ax, step, middle + 0.022, number, size=9, **options)
        return
    text, y = f"{word}\u2002{number}", top + height / 2
    room = BLOCK / float(np.ptp(ax.get_xlim())) * ax.get_position().width * sheet.width * 72
    if height > 0.03 and text_size(sheet.canvas, text, 7)[0] < room:
        sheet.write(ax, step, y, text, size=7, ha="center", color=text_on(color), zorder=4)
    else:
        # Too thin a block to write in: beside it, towards the outside for the first.
        x, align = (step - BLOCK / 2 - 0.015, "right") if step == 0 else (step + BLOCK / 2 + 0.015, "left")
        sheet.write(ax, x, y, text, size=7, ha=align, zorder=4, halo=2.0)


def band(
    ax: Axes,
    x: tuple[float, float],
    tops: tuple[float, float],
    heights: tuple[float, float],
    color: str,
    *,
    alpha: float = 0.45,
) -> None:
    """Fill a smooth band from one block to another."""
    t = np.linspace(0, 1, 30)
    smooth = t * t * (3 - 2 * t)
    upper = tops[0] + (tops[1] - tops[0]) * smooth
    lower = tops[0] + heights[0] + (tops[1] + heights[1] - tops[0] - heights[0]) * smooth
    ax.fill_between(x[0] + (x[1] - x[0]) * t, upper, lower, color=color, alpha=alpha, linewidth=0, zorder=2)
