"""What flows between territories, or any groups: a chord circle for few, bands for many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.outlines.naming import group_labels
from reseau_territorial.plots._alluvial import band
from reseau_territorial.plots._labels import shorten, spread_values, text_size
from reseau_territorial.plots._notes import selection_words, source_note, withheld_note
from reseau_territorial.plots._sheet import PAGE, PlotResult, Sheet, Style, finish, say
from reseau_territorial.privacy import without_amounts
from reseau_territorial.styles import FAMILIES, color_at, format_number, format_percent
from reseau_territorial.vocabulary import Lang, check_lang, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reseau_territorial.network import Network

Floats = NDArray[np.float64]
CHORD_UP_TO = 12
SHOWN = 16
GAP = 0.035

# How far up names may stand, and how near the middle, in radii of the circle.
HIGHEST, NEAREST = 1.16, 0.2


def plot_flows(
    net: Network,
    *,
    by: str = "territory",
    kind: Literal["auto", "chord", "sankey"] = "auto",
    weight: str | None = None,
    title: str | None = None,
    lang: Lang = "fr",
) -> PlotResult:
    """Draw what goes from group to group: ties, or the sum of a tie column.

    Parameters
    ----------
    net : Network
        Ties whose status is present count.
    by : str, default "territory"
        Actor column of the groups; actors without a group are one.
    kind : {"auto", "chord", "sankey"}
        ``"chord"``: groups round a circle, ribbons between them, for twelve groups at most. ``"sankey"``:
        senders on the left, receivers on the right, which reads better beyond.
    weight : str or None
        Tie column to add up, such as an amount; by default ties are counted.
    title : str, optional
        Heading of the sheet.
    lang : {"fr", "en"}
        Language of the reader.

    Returns
    -------
    PlotResult
        Sixteen groups at most, the others gathered. Ties that stay inside a group are counted beside its name and,
        in the chord circle, not drawn.

    Raises
    ------
    ReseauError
        If no present tie leaves its group.
    UnknownNameError
        If a column or the kind is not there.

    Examples
    --------
    >>> from reseau_territorial import samples
    >>> plot_flows(samples.tours_masks(), by="sector", lang="en").alt.split(":")[0]
    'Ties between 4 groups by sector'
    """
    check_lang(lang)
    if kind not in ("auto", "chord", "sankey"):
        raise unknown_name("kind of flow plot", kind, ["auto", "chord", "sankey"])
    net = without_amounts(net)
    table = _flows(net, by, weight)
    inside = pd.Series(np.diag(table.to_numpy()), index=table.index)
    outside = table.to_numpy(float).copy()
    np.fill_diagonal(outside, 0)
    if not outside.sum():
        raise ReseauError(
            f"no present tie goes from one group of {by!r} to another, so there is no flow to draw; choose another "
            "column with by=."
        )
    words = group_labels(net, by, table.index, lang)
    words = [_others(lang) if group == _OTHERS else word for group, word in zip(table.index, words, strict=True)]
    chord = kind == "chord" or (kind == "auto" and len(table) <= CHORD_UP_TO)
    share = format_percent(float(outside.sum() / table.to_numpy().sum()), lang=lang)
    column = label("column", by, lang=lang)
    heading = title or _finding(share, weight, column, lang)
    natural = (9.6, 8.0) if chord else (9.6, 6.8)

    def draw(sheet: Sheet) -> None:
        sheet.head(heading, selection_words(net, lang))
        sheet.foot(
            [
                _reading(chord, net.directed, lang),
                _both_ways(net, lang),
                withheld_note(net, lang),
                source_note(net, lang),
            ]
        )
        if chord:
            _draw_chord(sheet, outside, np.asarray(inside, dtype=np.float64), words, lang)
        else:
            drawn = table.to_numpy(float)
            _draw_sankey(sheet, drawn if net.directed else drawn + outside.T, words, lang, directed=net.directed)

    i, j = np.unravel_index(int(np.argmax(outside)), outside.shape)
    largest = _amount(outside[i, j], lang)
    most = say(
        lang,
        f"le plus gros flux va de {words[i]} à {words[j]} ({largest})",
        f"the largest flow goes from {words[i]} to {words[j]} ({largest})",
    )
    if not net.directed:
        most = say(
            lang,
            f"les groupes les plus liés sont {words[i]} et {words[j]} ({largest})",
            f"the most tied groups are {words[i]} and {words[j]} ({largest})",
        )
    sentence = say(
        lang,
        f"Liens entre {len(table)} groupes selon «\u202f{column}\u202f»\u202f: {share} vont d’un groupe à "
        f"l’autre\u202f; {most}.",
        f"Ties between {len(table)} groups by {column}: {share} go from one group to another; {most}.",
    )
    return finish(natural, draw, sentence)


def _finding(share: str, weight: str | None, column: str, lang: Lang) -> str:
    if weight is None:
        return say(
            lang,
            f"{share} des liens vont d’un groupe à l’autre ({column})",
            f"{share} of the ties go from one group to another ({column})",
        )
    added = label("column", weight, lang=lang)
    return say(
        lang,
        f"{share} du total («\u202f{added}\u202f») va d’un groupe à l’autre ({column})",
        f"{share} of the total ({added}) goes from one group to another ({column})",
    )


_OTHERS = "\x00others"


def _others(lang: Lang) -> str:
    return say(lang, "Autres groupes", "Other groups")


def _flows(net: Network, by: str, weight: str | None) -> pd.DataFrame:
    """Ties from group (row) to group (column), the largest groups first, the small ones gathered."""
    view = net._view(weight=weight)
    codes, groups = net._groups(by, view.actors, missing="group")
    table = np.zeros((len(groups), len(groups)))
    np.add.at(table, (codes[view.source], codes[view.target]), view.weight)
    if view.directed and view.mutual.any():
        # Beside directed ties, one without direction is half a tie each way: which end a row names first says nothing.
        source, target = codes[view.source[view.mutual]], codes[view.target[view.mutual]]
        half = view.weight[view.mutual] / 2
        np.subtract.at(table, (source, target), half)
        np.add.at(table, (target, source), half)
    size = table.sum(axis=0) + table.sum(axis=1)
    order = np.lexsort((np.arange(len(size)), -size))
    order = order[size[order] > 0]
    kept = order if len(order) <= SHOWN else order[: SHOWN - 1]
    frame = pd.DataFrame(table, index=groups.astype(str), columns=groups.astype(str))
    if len(kept) == len(order):
        return _folded(pd.DataFrame(frame.iloc[kept, kept]), net.directed)
    gathered = {str(name): str(name) for name in groups[kept]}
    rows = frame.groupby(lambda name: gathered.get(str(name), _OTHERS)).sum()
    both = rows.T.groupby(lambda name: gathered.get(str(name), _OTHERS)).sum().T
    names = [*map(str, groups[kept]), _OTHERS]
    return _folded(pd.DataFrame(both.loc[names, names]), net.directed)


def _folded(table: pd.DataFrame, directed: bool) -> pd.DataFrame:
    """Put ties that have no direction in one half of the table: which end a row names first says nothing."""
    if directed:
        return table
    values = table.to_numpy(float)
    return pd.DataFrame(np.triu(values) + np.tril(values, -1).T, index=table.index, columns=table.columns)


def _reading(chord: bool, directed: bool, lang: Lang) -> str:
    if not chord and not directed:
        return say(
            lang,
            "Lecture\u202f: l’épaisseur est le nombre de liens, qui n’ont pas de sens\u202f: un lien d’un groupe à "
            "l’autre est dessiné deux fois.",
            "How to read: thickness is the number of ties, which have no direction: a tie from group to group is drawn "
            "twice.",
        )
    if not chord:
        return say(
            lang,
            "Lecture\u202f: à gauche le groupe d’origine, à droite le groupe de destination\u202f; "
            "l’épaisseur est le nombre de liens.",
            "How to read: origin on the left, destination on the right; thickness is the number of ties.",
        )
    text = say(
        lang,
        "Lecture\u202f: la largeur d’un ruban est le nombre de liens entre deux groupes",
        "How to read: the width of a ribbon is the number of ties between two groups",
    )
    if directed:
        text += say(
            lang, ", et sa couleur celle du groupe qui en émet le plus", ", its colour that of the larger sender"
        )
    return text + say(
        lang,
        ". Entre parenthèses, les liens qui restent dans le groupe, non dessinés.",
        ". In brackets, ties that stay inside the group, not drawn.",
    )


def _amount(value: float, lang: Lang) -> str:
    """Write an amount of ties: whole, but for the half of a tie that goes half each way."""
    return format_number(float(value), 1 if float(value) % 1 == 0.5 else 0, lang)


def _both_ways(net: Network, lang: Lang) -> str:
    """Say how ties without direction count beside directed ones."""
    if not net.directed or bool(net.layers["directed"].astype(bool).all()):
        return ""
    return say(
        lang,
        "Un lien d’une couche non orientée compte pour moitié dans chaque sens.",
        "A tie of an undirected layer counts for half each way.",
    )


def _colors(count: int) -> list[str]:
    """Return the family colours, then lighter ones: names and places tell groups apart, colours only help."""
    base = list(FAMILIES.values())
    return [color_at((base[k % 5], "#FFFFFF"), 0.28 * min(k // 5, 3)) for k in range(count)]


def _draw_chord(sheet: Sheet, outside: Floats, inside: Floats, words: list[str], lang: Lang) -> None:
    from matplotlib.patches import Wedge

    ax = sheet.body(bare=True)
    position = ax.get_position()
    ratio = position.width * sheet.width / (position.height * sheet.height)
    ax.set_xlim(-1.36 * max(ratio, 1), 1.32 * max(ratio, 1))
    ax.set_ylim(-1.32 * max(1 / ratio, 1), 1.32 * max(1 / ratio, 1))
    both = outside + outside.T
    totals = both.sum(axis=1)
    shown = totals > 0
    unit = (2 * np.pi - GAP * shown.sum()) / totals.sum()
    starts = np.concatenate([[0], np.cumsum(totals * unit + GAP * shown)])[:-1]
    colors = _colors(len(words))
    at = starts.copy()
    spans: dict[tuple[int, int], tuple[float, float]] = {}
    n = len(words)
    for i in range(n):
        for j in [(i - step) % n for step in range(1, n + 1)]:
            if both[i, j]:
                spans[i, j] = (at[i], at[i] + both[i, j] * unit)
                at[i] += both[i, j] * unit
    pairs = sorted(((i, j) for i, j in spans if i < j), key=lambda pair: -both[pair])
    for i, j in pairs:
        leader = i if outside[i, j] >= outside[j, i] else j
        _ribbon(sheet, ax, spans[i, j], spans[j, i], colors[leader])
    for k in np.flatnonzero(shown).tolist():
        first, last = np.degrees(np.pi / 2 - starts[k]), np.degrees(np.pi / 2 - starts[k] - totals[k] * unit)
        edge: Style = {"edgecolor": PAGE.outline, "linewidth": 0.7 * sheet.scale}
        ax.add_patch(Wedge((0, 0), 1.06, last, first, width=0.06, facecolor=colors[k], zorder=3, **edge))
    _chord_names(sheet, ax, starts + totals * unit / 2, words, totals, inside, lang)


def _ribbon(sheet: Sheet, ax: Axes, first: tuple[float, float], second: tuple[float, float], color: str) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    def arc(span: tuple[float, float]) -> Floats:
        angle = np.pi / 2 - np.linspace(*span, 16)
        return np.column_stack([np.cos(angle), np.sin(angle)]) * 0.985

    a, b = arc(first), arc(second)
    corners = [*a, (0.0, 0.0), *b, (0.0, 0.0), a[0]]
    codes = [Path.MOVETO, *[Path.LINETO] * 15, Path.CURVE3, Path.CURVE3, *[Path.LINETO] * 15, Path.CURVE3, Path.CURVE3]
    line: Style = {"edgecolor": PAGE.background, "linewidth": 0.6 * sheet.scale}
    ax.add_patch(PathPatch(Path(corners, codes), facecolor=color, alpha=0.62, zorder=2, **line))


def _chord_names(
    sheet: Sheet, ax: Axes, turns: Floats, words: list[str], totals: Floats, inside: Floats, lang: Lang
) -> None:
    """Write names round the circle, those of one side far enough apart to be read."""
    height = float(np.ptp(ax.get_ylim())) / (sheet.top - sheet.bottom) * 8.0 / 72
    for side in (1, -1):
        here = np.flatnonzero((totals > 0) & ((np.sin(turns) >= 0) == (side == 1)))
        texts = []
        for i in here:
            counts = _amount(totals[i], lang)
            counts += f" ({_amount(inside[i], lang)})" if inside[i] else ""
            texts.append(f"{shorten(words[i], 26)}\u2002{counts}")
        lines = max((text.count("\n") + 1 for text in texts), default=1)
        places = 1.12 * np.cos(turns[here])
        for _ in range(12):
            # Pushed apart, then back to the height of the circle, until both hold.
            places = spread_values(np.clip(places, -HIGHEST, HIGHEST), 1.2 * height * lines)
        for i, y, text in zip(here, places, texts, strict=True):
            x = side * np.sqrt(max(1.12**2 - y * y, NEAREST**2))
            edge = 1.065 * np.array([np.sin(turns[i]), np.cos(turns[i])])
            line: Style = {"color": PAGE.muted, "linewidth": 0.5 * sheet.scale, "clip_on": False}
            ax.plot([edge[0], x], [edge[1], y], zorder=1, **line)
            ha = "left" if side == 1 else "right"
            sheet.write(ax, x + 0.015 * side, y, text, size=8, ha=ha, linespacing=1.1, clip_on=False)


def _draw_sankey(sheet: Sheet, table: Floats, words: list[str], lang: Lang, *, directed: bool) -> None:
    from matplotlib.patches import Rectangle

    sums = (table.sum(axis=1), table.sum(axis=0))
    texts = [
        [
            "\n".join([*lines[:-1], f"{lines[-1]}\u2002{_amount(total, lang)}"])
            for lines, total in zip((shorten(word, 34).split("\n") for word in words), side, strict=True)
        ]
        for side in sums
    ]
    left, right = (max(text_size(sheet.canvas, text, 7.5)[0] for text in side) / 72 + 0.08 for side in texts)
    ax = sheet.body(left=left, right=right, bare=True)
    ax.set_xlim(0, 1)
    ax.set_ylim(1.03, -0.05)
    n, total = len(words), table.sum()
    space = 0.016
    unit = (1 - space * (n - 1)) / total
    colors = _colors(n)
    tops = []
    for side in sums:
        tops.append(np.concatenate([[0], np.cumsum(side * unit + space * (side > 0))])[:-1])
    begin, end = tops[0].copy(), tops[1].copy()
    for i in range(n):
        for j in range(n):
            if table[i, j]:
                height = table[i, j] * unit
                alpha = 0.25 if i == j else 0.6
                band(ax, (0.03, 0.97), (begin[i], end[j]), (height, height), colors[i], alpha=alpha)
                begin[i] += height
                end[j] += height
    height = 1.08 / (ax.get_position().height * sheet.height * 72)
    for end_of, x in ((0, 0.0), (1, 0.97)):
        shown = np.flatnonzero(sums[end_of])
        edge: Style = {"edgecolor": PAGE.outline, "linewidth": 0.7 * sheet.scale, "clip_on": False}
        for i in shown.tolist():
            box = (x, tops[end_of][i])
            ax.add_patch(Rectangle(box, 0.03, sums[end_of][i] * unit, facecolor=colors[i], zorder=3, **edge))
        lines = max(texts[end_of][i].count("\n") + 1 for i in shown)
        middles = tops[end_of][shown] + sums[end_of][shown] * unit / 2
        where = (-0.012, "right") if end_of == 0 else (1.012, "left")
        for i, y in zip(shown.tolist(), spread_values(middles, 9.0 * lines * height), strict=True):
            text = texts[end_of][i]
            sheet.write(ax, where[0], y, text, size=7.5, ha=where[1], linespacing=1.05, clip_on=False)
    if not directed:
        return
    for x, word, align in ((0.0, say(lang, "De", "From"), "left"), (1.0, say(lang, "Vers", "To"), "right")):
        sheet.write(ax, x, -0.03, word, size=10, ha=align, weight="bold")
