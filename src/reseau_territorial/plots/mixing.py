"""Who works with whom, group by group: observed ties beside expected ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError
from reseau_territorial.outlines.naming import group_labels
from reseau_territorial.plots._labels import cut, text_size
from reseau_territorial.plots._notes import plural, selection_words, source_note
from reseau_territorial.plots._sheet import PAGE, SMALLEST, PlotResult, Sheet, Style, finish, say, wrap
from reseau_territorial.privacy import without_small_flows
from reseau_territorial.styles import DIVERGING, color_at, format_number, format_percent, text_on
from reseau_territorial.vocabulary import Lang, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reseau_territorial.network import Network

Floats = NDArray[np.float64]
SHOWN = 14
TIGHT = 30.0
# Under this number of ties, observed or expected, chance alone explains any ratio: no colour, no sign.
FEW = 1.5


def plot_mixing(
    net: Network,
    *,
    by: str,
    table: pd.DataFrame | None = None,
    weight: str | None = None,
    title: str | None = None,
    lang: Lang = "fr",
) -> PlotResult:
    """Draw who works with whom: ties of each pair of groups, against what chance would give.

    Each square holds the number observed and, under it, the number expected if actors kept how active
    they are but ignored groups. Red squares have more ties than expected, blue ones fewer, and a sign
    says it too.

    Parameters
    ----------
    net : Network
        Ties whose status is present count.
    by : str
        Actor column of the groups; actors without a group are one.
    table : DataFrame, optional
        What ``group_mixing(net, by=by)`` returned, if made already: index source and target, columns
        ``weight`` and ``expected``.
    weight : str or None
        Tie column to add up; by default tied pairs are counted. Sums from which one amount of a confidential layer
        could be read are left blank (see :func:`suppress_small_cells`).
    title : str, optional
        Heading of the sheet.
    lang : {"fr", "en"}
        Language of the reader.

    Returns
    -------
    PlotResult
        At most 14 groups, the largest.

    Raises
    ------
    ReseauError
        If there is no tie between groups to show.
    UnknownNameError
        If the column is not there.

    Examples
    --------
    >>> from reseau_territorial import samples
    >>> plot_mixing(samples.tours_masks(), by="sector", lang="en").alt.split(":")[0]
    'Matrix of ties between groups by sector'
    """
    if table is None:
        from reseau_territorial.metrics.expected import group_mixing

        table = group_mixing(net, by=by, weight=weight, missing="group")
    if weight is not None:
        table = without_small_flows(net, table, by=by)
    if not len(table) or not float(table["weight"].sum()):
        raise ReseauError(f"no present tie joins groups of {by!r}, so there is no mixing to draw.")
    groups, observed, expected, directed = _square(table)
    words = group_labels(net, by, groups, lang)
    column = label("column", by, lang=lang)
    inside = _inside(table)
    heading = title or _finding(inside, weight, column, lang)
    every = table.index.get_level_values("source").union(table.index.get_level_values("target")).nunique()
    side = max(4.4, min(0.62 * len(groups) + 1.2, 7.6))
    natural = (side + 4.4, side + 2.6)

    def draw(sheet: Sheet) -> None:
        sheet.head(heading, selection_words(net, lang))
        sheet.foot(
            [
                _how_to_read(directed, bool((~net.layers["directed"].astype(bool)).any()), lang),
                _not_shown(every - len(groups), lang),
                source_note(net, lang),
            ]
        )
        _draw_squares(sheet, words, observed, expected, lang)

    return finish(natural, draw, _sentence(words, observed, expected, inside, column, lang))


def _inside(table: pd.DataFrame) -> tuple[float, float, float]:
    """Return what stays inside a group, observed and expected, and the total: over all groups, drawn or not."""
    same = table.index.get_level_values("source") == table.index.get_level_values("target")
    return float(table["weight"][same].sum()), float(table["expected"][same].sum()), float(table["weight"].sum())


def _not_shown(count: int, lang: Lang) -> str:
    """Say how many groups have no square."""
    if not count:
        return ""
    return say(
        lang,
        f"{plural(count, 'groupe moins lié n’est pas dessiné', 'groupes moins liés ne sont pas dessinés', lang)}, mais "
        f"{'compte' if count < 2 else 'comptent'} dans le total.",
        f"{plural(count, 'less tied group is', 'less tied groups are', lang)} not drawn, but counted in the total.",
    )


def _finding(inside_of: tuple[float, float, float], weight: str | None, column: str, lang: Lang) -> str:
    observed, expected, every = inside_of
    inside, chance = (format_percent(part / every, lang=lang) for part in (observed, expected))
    if weight is None:
        return say(
            lang,
            f"{inside} des liens restent dans leur groupe ({column}), contre {chance} au hasard",
            f"{inside} of the ties stay in their group ({column}), against {chance} by chance",
        )
    added = label("column", weight, lang=lang)
    return say(
        lang,
        f"{inside} du total («\u202f{added}\u202f») reste dans son groupe ({column}), contre {chance} au hasard",
        f"{inside} of the total ({added}) stays in its group ({column}), against {chance} by chance",
    )


def _square(table: pd.DataFrame) -> tuple[list[str], Floats, Floats, bool]:
    """Observed and expected ties as squares, the largest groups first; NaN where an undirected pair repeats."""
    flat = table.reset_index()
    flat = flat[flat.columns.intersection(["source", "target", "weight", "expected"])]
    flat[["source", "target"]] = flat[["source", "target"]].astype(str)
    pairs = set(zip(flat["source"], flat["target"], strict=True))
    directed = any((b, a) in pairs for a, b in pairs if a != b)
    ends = pd.concat([flat.groupby("source")["weight"].sum(), flat.groupby("target")["weight"].sum()])
    totals = ends.groupby(level=0).sum()
    groups = sorted(totals.index, key=lambda group: (-totals[group], group))[:SHOWN]
    squares = []
    for column in ("weight", "expected"):
        frame = flat.pivot(index="source", columns="target", values=column)
        square = frame.reindex(index=groups, columns=groups).to_numpy(dtype=float)
        if not directed:
            lower = np.where(np.isnan(square), square.T, square)
            square = np.where(np.tri(len(groups), dtype=bool), lower, np.nan)
        squares.append(square)
    return groups, squares[0], squares[1], directed


def _how_to_read(directed: bool, both_ways: bool, lang: Lang) -> str:
    reading = say(
        lang,
        "Lecture\u202f: en gras, les liens observés\u202f; dessous, les liens attendus si chacun gardait son nombre de "
        "liens sans regarder les groupes. ▲ plus qu’attendu, ▼ moins qu’attendu, d’un quart au moins\u202f; en blanc, "
        "trop peu de liens pour conclure.",
        "How to read: in bold, ties observed; under them, ties expected if all kept their number of ties whatever "
        "the groups. ▲ more than expected, ▼ fewer than expected, by a quarter at least; white: too few to tell.",
    )
    if directed:
        reading += say(lang, " De la ligne vers la colonne.", " From row to column.")
    if directed and both_ways:
        reading += say(
            lang,
            " Un lien d’une couche non orientée compte dans les deux sens.",
            " A tie of an undirected layer counts both ways.",
        )
    return reading


def _share(observed: float, expected: float) -> float:
    """Place of a ratio on the diverging scale: 0 for a quarter or less, 0.5 for 1, 1 for four times or more."""
    if not expected > 0 or max(observed, expected) < FEW:
        return 0.5
    ratio = max(observed / expected, 1e-9)
    return float(np.clip(0.5 + np.log2(ratio) / 4, 0, 1))


def _draw_squares(sheet: Sheet, words: list[str], observed: Floats, expected: Floats, lang: Lang) -> None:
    from matplotlib.patches import Rectangle

    n = len(words)
    left, top = (1.28 if sheet.inset else 2.2), 0.45
    aside = 0.0 if sheet.inset else 1.5
    room = min(sheet.width - 2 * sheet.margin - left - aside, sheet.top - sheet.bottom - top)
    ax = sheet.axes(sheet.margin + left, sheet.top - top - room, room, room, bare=True)
    ax.set_xlim(0, n)
    ax.set_ylim(n, 0)
    size = float(np.clip(room / n * 72 * 0.22, SMALLEST, 12.0))
    # In small squares the number expected loses its decimal, then the sign stands over the number observed.
    tight = room / n * 72 < TIGHT
    for i in range(n):
        for j in range(n):
            if np.isnan(observed[i, j]):
                continue
            fill = color_at(DIVERGING, _share(observed[i, j], expected[i, j]))
            edge: Style = {"edgecolor": PAGE.background, "linewidth": 1.6 * sheet.scale}
            ax.add_patch(Rectangle((j, i), 1, 1, facecolor=fill, **edge))
            ink = text_on(fill)
            sign = _sign(observed[i, j], expected[i, j])
            count = format_number(observed[i, j], lang=lang)
            wide = sign and text_size(sheet.canvas, f"{count}{sign}", size, bold=True)[0] > room / n * 72
            if wide:
                sheet.write(ax, j + 0.5, i + 0.14, sign.strip(), size=SMALLEST, ha="center", color=ink)
            count = count if wide else f"{count}{sign}"
            sheet.write(ax, j + 0.5, i + 0.4, count, size=size, ha="center", weight="bold", color=ink)
            below = format_number(expected[i, j], 0 if tight else 1, lang)
            sheet.write(ax, j + 0.5, i + 0.74, below, size=max(SMALLEST, size * 0.72), ha="center", color=ink)
    _draw_names(sheet, ax, words, left, room / n)
    if not sheet.inset:
        _draw_scale(sheet, sheet.margin + left + room + 0.45, sheet.top - top - min(room, 2.6), min(room, 2.6), lang)


def _draw_names(sheet: Sheet, ax: Axes, words: list[str], left: float, square: float) -> None:
    """Name the rows, and the columns too where the names fit over them; else number both."""
    size = float(np.clip(square * 72 * 0.16, SMALLEST, 8.5))
    heads = [wrap(word, square, size) for word in words]
    widest = max(text_size(sheet.canvas, line, size)[0] for lines in heads for line in lines)
    numbered = widest > square * 72 or max(map(len, heads)) > 2
    aside = 0.08 + (20 / 72 / square if numbered else 0.0)
    for i, word in enumerate(words):
        lines = wrap(word, left - aside * square - 0.05, size)
        room = (left - aside * square) * 72 - 3
        lines = [cut(line, int(room / text_size(sheet.canvas, line, size)[0] * len(line))) for line in lines]
        text = "\n".join(lines if len(lines) <= 2 else [lines[0], cut(" ".join(lines[1:]), len(lines[0]))])
        sheet.write(ax, -aside, i + 0.5, text, size=size, ha="right", linespacing=1.05)
        if numbered:
            sheet.write(ax, -0.08, i + 0.5, str(i + 1), size=size, ha="right", weight="bold")
        head = str(i + 1) if numbered else "\n".join(heads[i])
        bold = "bold" if numbered else "normal"
        sheet.write(ax, i + 0.5, -0.08, head, size=size, ha="center", va="bottom", weight=bold, linespacing=1.05)


def _sign(observed: float, expected: float) -> str:
    if not expected > 0 or max(observed, expected) < FEW or 0.8 < observed / expected < 1.25:
        return ""
    return "\u2009▲" if observed > expected else "\u2009▼"


def _draw_scale(sheet: Sheet, left: float, bottom: float, height: float, lang: Lang) -> None:
    from matplotlib.patches import Rectangle

    ax = sheet.axes(left, bottom, 0.18, height, bare=True)
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1)
    steps = 64
    for step in range(steps):
        color = color_at(DIVERGING, step / (steps - 1))
        ax.add_patch(Rectangle((0, step / steps), 1, 1.5 / steps, facecolor=color, edgecolor="none"))
    for place, text in zip((0, 0.25, 0.5, 0.75, 1), ("÷ 4", "÷ 2", "=", "× 2", "× 4"), strict=True):
        sheet.write(ax, 1.4, place, text, size=8, clip_on=False)
    words = say(lang, "Observé\nsur attendu", "Observed\nover expected")
    sheet.write(ax, 0, 1.06, words, size=8, va="bottom", weight="bold")


def _sentence(
    words: list[str],
    observed: Floats,
    expected: Floats,
    inside_of: tuple[float, float, float],
    column: str,
    lang: Lang,
) -> str:
    inside, chance, total = inside_of
    stay = plural(round(inside), "lien", "liens", lang)
    every_tie = f"{stay} sur {format_number(total, lang=lang)} {'reste' if round(inside) < 2 else 'restent'}"
    if not round(inside):
        every_tie = f"aucun lien sur {format_number(total, lang=lang)} ne reste"
    ties = plural(round(inside), "tie", "ties", lang)
    every, by_chance = format_number(total, lang=lang), format_number(chance, 1, lang)
    ratio = np.where(expected > 0, observed / np.where(expected > 0, expected, 1), np.nan)
    ratio = np.where(np.isnan(observed) | (np.maximum(observed, expected) < FEW), np.nan, ratio)
    text = say(
        lang,
        f"Matrice des liens entre groupes selon «\u202f{column}\u202f»\u202f: {every_tie} dans un même groupe, contre "
        f"{by_chance} au hasard",
        f"Matrix of ties between groups by {column}: {ties} of {every} stay inside a group, "
        f"against {by_chance} by chance",
    )
    if np.isfinite(ratio).any():
        i, j = np.unravel_index(int(np.nanargmax(ratio)), ratio.shape)
        times = format_number(float(ratio[i, j]), 1, lang)
        pair = say(lang, f"entre {words[i]} et {words[j]}", f"between {words[i]} and {words[j]}")
        if i == j:
            pair = say(lang, f"à l’intérieur de {words[i]}", f"inside {words[i]}")
        text += say(
            lang,
            f"\u202f; l’écart le plus fort vers le haut est {pair} ({times} fois l’attendu)",
            f"; the largest excess is {pair} ({times} times the expected)",
        )
    return text + "."
