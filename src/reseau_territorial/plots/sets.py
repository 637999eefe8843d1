"""Which layers join the same pairs of actors: the overlaps counted, as bars over a table of dots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError
from reseau_territorial.plots._drawing import tie_table
from reseau_territorial.plots._labels import ranked, text_size
from reseau_territorial.plots._notes import (
    layer_words,
    plural,
    selection_words,
    sentence_case,
    source_note,
)
from reseau_territorial.plots._scales import line_styles
from reseau_territorial.plots._sheet import MARGIN, PAGE, SMALLEST, PlotResult, Sheet, finish, say, wrap
from reseau_territorial.styles import format_number, format_percent, in_a_sentence
from reseau_territorial.vocabulary import Lang, check_lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reseau_territorial.network import Network

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
SHOWN = 18
PALE = "#B9BCC4"
# Inches: a row of the table, the widest name of a layer, the bars of the totals, the widest column.
ROW, NAME_WIDTH, TOTALS, WIDEST = 0.27, 2.4, 0.9, 1.0
# Between the layers by themselves and the combinations, in columns.
GAP = 0.8


def plot_layer_sets(net: Network, *, title: str | None = None, lang: Lang = "fr") -> PlotResult:
    """Draw how many pairs of actors are joined by exactly these layers.

    Parameters
    ----------
    net : Network
        Ties whose status is present count, in either direction.
    title : str, optional
        Heading of the sheet.
    lang : {"fr", "en"}
        Language of the reader.

    Returns
    -------
    PlotResult
        A bar per combination of layers, 18 at most: layers by themselves, then, dark, those of several; a
        row of dots per layer, with its own number of pairs on the left.

    Raises
    ------
    ReseauError
        If no layer has a present tie.

    References
    ----------
    .. [1] Lex, Gehlenborg, Strobelt, Vuillemot & Pfister (2014). UpSet: visualization of intersecting
       sets. IEEE Trans. Vis. Comput. Graph. 20(12).

    Examples
    --------
    >>> from reseau_territorial import samples
    >>> plot_layer_sets(samples.tours_masks(), lang="en").alt.split(",")[0]
    'Overlap of layers: 36 tied pairs'
    """
    check_lang(lang)
    ties = tie_table(net)
    ties = ties[ties["status"] == "present"]
    if not len(ties):
        raise ReseauError("no layer has a present tie, so there is nothing to draw.")
    low = np.where(ties["source"] < ties["target"], ties["source"], ties["target"])
    high = np.where(ties["source"] < ties["target"], ties["target"], ties["source"])
    pairs = pd.crosstab([low, high], ties["layer"].astype(str)) > 0
    layers = pairs.columns[ranked(pairs.sum(), pairs.columns)].tolist()
    pairs = pairs[layers]
    sets = pairs.value_counts(sort=False)
    sets.index = pd.Index([key if isinstance(key, tuple) else (key,) for key in sets.index], tupleize_cols=False)
    sets = sets.iloc[np.lexsort((-np.arange(len(sets)), -sets.to_numpy()))]
    several = float((pairs.sum(axis=1) > 1).mean())
    share = format_percent(several, 1 if 0 < several < 0.01 else 0, lang)
    heading = title or _finding(share if several else "", lang)
    shown = _shown(sets)
    natural = (max(7.6, 4.2 + 0.34 * len(shown)), 3.9 + ROW * len(layers))

    def draw(sheet: Sheet) -> None:
        sheet.head(heading, selection_words(net, lang))
        rest = sets.drop(shown.index)
        sheet.foot([_hidden(len(rest), int(rest.sum()), lang), source_note(net, lang)])
        _draw_sets(sheet, net, pairs, shown, layers, lang)

    return finish(natural, draw, _sentence(net, pairs, sets, layers, share, lang))


def _finding(share: str, lang: Lang) -> str:
    if not share:
        return say(
            lang,
            "Aucune paire d’acteurs n’est liée par plusieurs couches",
            "No pair of actors is tied in several layers",
        )
    return say(
        lang,
        f"{share} des paires d’acteurs liés le sont par plusieurs couches",
        f"{share} of the tied pairs of actors are tied in several layers",
    )


def _shown(sets: pd.Series) -> pd.Series:
    """Keep the largest combinations: layers by themselves first, then those of several layers."""
    many = np.array([sum(key) > 1 for key in sets.index])
    single = sets[~many].head(max(SHOWN - int(many.sum()), SHOWN // 2))
    combined = sets[many].head(SHOWN - len(single))
    shown: pd.Series = pd.concat([single, combined])
    return shown


def _hidden(count: int, pairs: int, lang: Lang) -> str:
    if not count:
        return ""
    one, many = "combinaison plus rare n’est pas montrée", "combinaisons plus rares ne sont pas montrées"
    left_out = say(
        lang,
        plural(count, one, many, lang),
        plural(count, "rarer combination is not shown", "rarer combinations are not shown", lang),
    )
    return f"{left_out} ({plural(pairs, say(lang, 'paire', 'pair'), say(lang, 'paires', 'pairs'), lang)})."


def _draw_sets(sheet: Sheet, net: Network, pairs: pd.DataFrame, sets: pd.Series, layers: list[str], lang: Lang) -> None:
    named = layer_words(net, lang)
    words = [sentence_case(named[layer]) for layer in layers]
    names = [wrap(word, NAME_WIDTH, 8.0)[0] + ("…" if len(wrap(word, NAME_WIDTH, 8.0)) > 1 else "") for word in words]
    name_width = max(text_size(sheet.canvas, name, 8)[0] for name in names) / 72
    left = MARGIN + name_width + 0.12 + TOTALS + 0.15
    table = ROW * len(layers)
    member = np.array([list(key) for key in sets.index], dtype=bool)
    width = min(sheet.width - left - MARGIN, WIDEST * len(sets) + 0.6)
    dots = sheet.axes(left, sheet.bottom, width, table, bare=True)
    bars = sheet.axes(left, sheet.bottom + table + 0.06, width, sheet.top - sheet.bottom - table - 0.06, bare=True)
    totals = sheet.axes(left - TOTALS - 0.15, sheet.bottom, TOTALS, table, bare=True)
    places = _places(member)
    for ax in (dots, bars):
        ax.set_xlim(-0.6, places[-1] + 0.6)
    _draw_bars(sheet, bars, places, sets, member.sum(axis=1) > 1, lang)
    styles = line_styles(net, lang)
    _draw_dots(sheet, dots, places, member, [styles[layer].color for layer in layers])
    _draw_totals(sheet, totals, pairs.sum(), [styles[layer].color for layer in layers], lang)
    for row, name in enumerate(names):
        y = sheet.bottom + table * (1 - (row + 0.5) / len(layers)) - 0.04
        sheet.text(MARGIN + name_width, y, name, size=8, ha="right")
    y = sheet.bottom + table + 0.16
    sheet.text(left - 0.15, y, say(lang, "paires liées", "tied pairs"), size=SMALLEST, color=PAGE.muted, ha="right")


def _places(member: Bools) -> Floats:
    """Return where the combinations stand: one step apart, and a gap before those of several layers."""
    many = member.sum(axis=1) > 1
    return np.asarray(np.arange(len(member)) + GAP * many * (~many).any())


def _draw_bars(sheet: Sheet, ax: Axes, places: Floats, sets: pd.Series, many: Bools, lang: Lang) -> None:
    top = float(sets.max())
    ax.set_ylim(0, 1.42 * top)
    fills = [PAGE.outline if several else PALE for several in many]
    ax.bar(places, sets.to_numpy(), color=fills, edgecolor=PAGE.outline, linewidth=0.8 * sheet.scale, width=0.62)
    ax.plot(ax.get_xlim(), [0, 0], color=PAGE.outline, linewidth=0.8 * sheet.scale)
    for place, count in zip(places, sets, strict=True):
        text = format_number(int(count), lang=lang)
        sheet.write(ax, float(place), count + 0.02 * top, text, size=8, ha="center", va="bottom")
    one = say(lang, "Une seule couche", "One layer only")
    more = say(lang, "Plusieurs couches", "Several layers")
    column = ax.get_position().width * sheet.width * 72 / float(np.ptp(ax.get_xlim()))
    for text, block in ((one, places[~many]), (more, places[many])):
        if len(block):
            ends = [float(block[0]) - 0.31, float(block[-1]) + 0.31]
            # A heading wider than its block ends with it: at the edge of the sheet there is no more room.
            align = "right" if text_size(sheet.canvas, text, 9, bold=True)[0] > np.ptp(ends) * column else "left"
            sheet.write(ax, ends[align == "right"], 1.36 * top, text, size=9, ha=align, weight="bold")
            ax.plot(ends, [1.27 * top] * 2, color=PAGE.frame_line, linewidth=0.8 * sheet.scale)


def _draw_dots(sheet: Sheet, ax: Axes, places: Floats, member: Bools, colors: list[str]) -> None:
    ax.set_ylim(len(colors) - 0.5, -0.5)
    size = (7.0 * sheet.scale) ** 2
    for row, color in enumerate(colors):
        if row % 2 == 0:
            ax.axhspan(row - 0.5, row + 0.5, color=PAGE.frame, zorder=0, linewidth=0)
        inside = member[:, row]
        ax.scatter(places[~inside], np.full((~inside).sum(), row), s=size * 0.5, c="#DADAE0", linewidths=0)
        ax.scatter(places[inside], np.full(inside.sum(), row), s=size, c=color, zorder=3, linewidths=0)
    for place, inside in zip(places, member, strict=True):
        ends = np.flatnonzero(inside)[[0, -1]]
        ax.plot([place, place], ends, color=PAGE.outline, linewidth=1.4 * sheet.scale, zorder=2)


def _draw_totals(sheet: Sheet, ax: Axes, counts: pd.Series, colors: list[str], lang: Lang) -> None:
    """Draw the pairs of each layer, growing to the left, with their number beyond the bar."""
    words = [format_number(int(count), lang=lang) for count in counts]
    room = max(text_size(sheet.canvas, word, SMALLEST)[0] for word in words) + 4
    scale = (TOTALS * 72 - room) / float(counts.max())
    ax.set_xlim(TOTALS * 72, 0)
    ax.set_ylim(len(colors) - 0.5, -0.5)
    for row, (count, word, color) in enumerate(zip(counts, words, colors, strict=True)):
        ax.barh(row, scale * count, height=0.55, color=color)
        sheet.write(ax, scale * count + 3, row, word, size=SMALLEST, ha="right")


def _sentence(net: Network, pairs: pd.DataFrame, sets: pd.Series, layers: list[str], share: str, lang: Lang) -> str:
    members, count = sets.index[0], int(sets.iloc[0])
    words = layer_words(net, lang)
    named = " + ".join(in_a_sentence(words[layer]) for layer, inside in zip(layers, members, strict=True) if inside)
    part = share if (pairs.sum(axis=1) > 1).any() else "aucune"
    return say(
        lang,
        f"Recouvrement des couches\u202f: {plural(len(pairs), 'paire d’acteurs liés', 'paires d’acteurs liés', lang)}, "
        f"dont {part} par plusieurs couches\u202f; la combinaison la plus fréquente est «\u202f{named}\u202f» "
        f"({plural(count, 'paire', 'paires', lang)}).",
        f"Overlap of layers: {plural(len(pairs), 'tied pair', 'tied pairs', lang)}, {share} of them in several "
        f"layers; the most frequent combination is {named} ({plural(count, 'pair', 'pairs', lang)}).",
    )
