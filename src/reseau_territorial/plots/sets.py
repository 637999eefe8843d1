"""Which layers join the same pairs of actors: the overlaps counted, as bars over a table of dots."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reseau_territorial.errors import ReseauError
from reseau_territorial.plots._axes import ticks
from reseau_territorial.plots._drawing import tie_table
from reseau_territorial.plots._notes import layer_word, plural, selection_words, source_note
from reseau_territorial.plots._scales import line_styles
from reseau_territorial.plots._sheet import MARGIN, PAGE, PlotResult, Sheet, finish, say, wrap
from reseau_territorial.styles import format_number, format_percent
from reseau_territorial.vocabulary import Lang

if TYPE_CHECKING:
    from reseau_territorial.network import Network

SHOWN = 18


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
        A bar per combination of layers, the largest first (18 at most); a row of dots per layer, with
        its own number of pairs on the left. Combinations of several layers are dark.

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
    ties = tie_table(net)
    ties = ties[ties["status"] == "present"]
    if not len(ties):
        raise ReseauError("no layer has a present tie, so there is nothing to draw.")
    low = np.where(ties["source"] < ties["target"], ties["source"], ties["target"])
    high = np.where(ties["source"] < ties["target"], ties["target"], ties["source"])
    pairs = pd.crosstab([low, high], ties["layer"].astype(str)) > 0
    layers = pairs.sum().sort_values(ascending=False, kind="stable").index.tolist()
    pairs = pairs[layers]
    sets = pairs.value_counts()
    sets = sets.iloc[np.lexsort((np.arange(len(sets)), -sets.to_numpy()))]
    several = float((pairs.sum(axis=1) > 1).mean())
    heading = title or say(lang, "Les mêmes acteurs, plusieurs couches\u202f?", "Same actors, several layers?")
    natural = (max(7.4, 3.9 + 0.33 * min(len(sets), SHOWN)), 3.7 + 0.27 * len(layers))

    def draw(sheet: Sheet) -> None:
        share = format_percent(several, lang=lang)
        note = say(lang, f"{share} des paires ont plusieurs couches", f"{share} of the pairs have several layers")
        sheet.head(heading, f"{selection_words(net, lang)} · {note}")
        hidden = len(sets) - SHOWN
        more = say(lang, f"{hidden} combinaisons plus rares ne sont pas montrées.", f"{hidden} rarer ones not shown.")
        sheet.foot([more if hidden > 0 else "", source_note(net, lang)])
        _draw_sets(sheet, net, pairs, sets.head(SHOWN), layers, lang)

    return finish(natural, draw, _sentence(net, pairs, sets, layers, several, lang))


def _draw_sets(sheet: Sheet, net: Network, pairs: pd.DataFrame, sets: pd.Series, layers: list[str], lang: Lang) -> None:
    rows = 0.27 * len(layers)
    left, low = MARGIN + 2.5, sheet.bottom + 0.1
    width = sheet.width - left - MARGIN
    member = np.array([list(key) if isinstance(key, tuple) else [key] for key in sets.index], dtype=bool)
    columns = np.arange(len(sets))
    dark = [PAGE.outline if count > 1 else "#B9BCC4" for count in member.sum(axis=1)]
    bars = sheet.axes(left, low + rows + 0.12, width, sheet.top - low - rows - 0.25)
    bars.bar(columns, sets.to_numpy(), color=dark, edgecolor=PAGE.outline, linewidth=0.8 * sheet.scale, width=0.62)
    for column, count in zip(columns, sets, strict=True):
        text = format_number(int(count), lang=lang)
        sheet.write(bars, float(column), count + 0.03 * sets.max(), text, size=8, ha="center", va="bottom")
    bars.set_xlim(-0.6, len(sets) - 0.4)
    bars.set_ylim(0, 1.15 * float(sets.max()))
    bars.set_xticks([])
    ticks(bars, "y", lang, digits=0)
    sheet.label(bars, "", say(lang, "Paires d’acteurs", "Pairs of actors"))
    dots = sheet.axes(left, low, width, rows, bare=True)
    dots.set_xlim(-0.6, len(sets) - 0.4)
    dots.set_ylim(len(layers) - 0.5, -0.5)
    styles = line_styles(net, lang)
    for row, layer in enumerate(layers):
        if row % 2 == 0:
            dots.axhspan(row - 0.5, row + 0.5, color=PAGE.frame, zorder=0)
        inside = member[:, row]
        size = (7.0 * sheet.scale) ** 2
        dots.scatter(columns[~inside], np.full((~inside).sum(), row), s=size * 0.6, c="#DADAE0", linewidths=0)
        dots.scatter(columns[inside], np.full(inside.sum(), row), s=size, c=styles[layer].color, zorder=3, linewidths=0)
    for column in columns[member.sum(axis=1) > 1]:
        ends = np.flatnonzero(member[column])[[0, -1]]
        dots.plot([column, column], ends, color=PAGE.outline, linewidth=1.4 * sheet.scale, zorder=2)
    totals = sheet.axes(MARGIN + 1.75, low, 0.7, rows, bare=True)
    counts = pairs.sum()
    totals.set_xlim(float(counts.max()) * 1.6, 0)
    totals.set_ylim(len(layers) - 0.5, -0.5)
    for row, layer in enumerate(layers):
        totals.barh(row, counts[layer], height=0.55, color=styles[layer].color)
        sheet.write(totals, counts[layer] * 1.08, row, format_number(int(counts[layer]), lang=lang), size=7, ha="right")
        name = layer_word(net, layer, lang)
        text = wrap(name[:1].upper() + name[1:], 1.75, 8.0)[0]
        y = low + rows * (1 - (row + 0.5) / len(layers)) - 0.04
        sheet.text(MARGIN + 1.7, y, text, size=8, ha="right")


def _sentence(net: Network, pairs: pd.DataFrame, sets: pd.Series, layers: list[str], several: float, lang: Lang) -> str:
    key, count = sets.index[0], int(sets.iloc[0])
    members = key if isinstance(key, tuple) else (key,)
    named = " + ".join(layer_word(net, layer, lang) for layer, inside in zip(layers, members, strict=True) if inside)
    shown = format_percent(several, lang=lang)
    return say(
        lang,
        f"Recouvrement des couches\u202f: {plural(len(pairs), 'paire d’acteurs liés', 'paires d’acteurs liés', lang)}, "
        f"dont {shown} par plusieurs couches\u202f; la combinaison la plus fréquente est «\u202f{named}\u202f» "
        f"({format_number(count, lang=lang)} paires).",
        f"Overlap of layers: {plural(len(pairs), 'tied pair', 'tied pairs', lang)}, {shown} of them in several "
        f"layers; the most frequent combination is {named} ({format_number(count, lang=lang)} pairs).",
    )
