"""The legend of a network: families and kinds, layers, sizes, rings, unknown ties."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from reseau_territorial.plots._labels import text_size
from reseau_territorial.plots._notes import layer_words, sentence_case
from reseau_territorial.plots._scales import LARGE, SMALL, Entry, Look, marker
from reseau_territorial.plots._sheet import PAGE, SMALLEST, Sheet, say, wrap
from reseau_territorial.styles import SEQUENTIAL, SHAPES, LineStyle, format_number
from reseau_territorial.vocabulary import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reseau_territorial.network import Network

LINE, LINE_INSET = 13.0, 9.6
TEXT = 8.0
INDENT, INDENT_INSET = 30.0, 27.0
RADIUS, RADIUS_INSET = 4.6, 3.1


class Legend:
    """A column of lines, written from the top down, in points."""

    def __init__(self, sheet: Sheet, *, width: float, entries: int) -> None:
        self.sheet = sheet
        height = sheet.top - sheet.bottom
        left = sheet.width - sheet.margin - width
        self.ax: Axes = sheet.axes(left, sheet.bottom, width, height, bare=True)
        self.width, self.y = width * 72, height * 72
        self.ax.set_xlim(0, self.width)
        self.ax.set_ylim(0, self.y)
        line, text = (LINE_INSET, SMALLEST) if sheet.inset else (LINE, TEXT)
        self.line = min(line, height * 72 / max(entries, 1))
        self.indent, self.radius = (INDENT_INSET, RADIUS_INSET) if sheet.inset else (INDENT, RADIUS)
        self.text_size = max(SMALLEST, text * min(1.0, self.line / line * 1.05))

    def heading(self, text: str) -> None:
        """Write a heading, with room above it."""
        self.y -= 0.5 * self.line
        for part in wrap(text, (self.width) / 72, self.text_size):
            self.y -= 0.5 * self.line
            self.sheet.write(self.ax, 0, self.y, part, size=self.text_size, weight="bold")
            self.y -= 0.5 * self.line

    def word(self, text: str) -> None:
        """Write the text of an entry, to the right of its sign, over as many lines as it takes."""
        parts = wrap(text, (self.width - self.indent) / 72, self.text_size)
        for number, part in enumerate(parts):
            self.sheet.write(self.ax, self.indent, self.y - number * 0.8 * self.line, part, size=self.text_size)
        self.y -= 0.5 * self.line + (len(parts) - 1) * 0.8 * self.line

    def mark(self, color: str, shape: str, radius: float | None = None) -> None:
        """Draw the marker of the next entry."""
        self.y -= 0.5 * self.line
        at = (0.4 * self.indent, self.y)
        draw_mark(self.sheet, self.ax, at, color, shape, self.radius if radius is None else radius)

    def stroke(self, style: LineStyle, *, width: float = 1.4) -> None:
        """Draw the line of the next entry."""
        self.y -= 0.5 * self.line
        dash = (0, style.dash) if style.dash else "solid"
        self.ax.plot(
            [0, 0.88 * self.indent],
            [self.y, self.y],
            color=style.color,
            linewidth=width * self.sheet.scale,
            linestyle=dash,
            dash_capstyle="butt",
        )


def draw_legend(
    sheet: Sheet,
    look: Look,
    styles: dict[str, LineStyle],
    net: Network,
    *,
    width: float,
    rings: bool,
    unknown: bool,
    lang: Lang,
) -> None:
    """Draw the legend of a network in a column on the right of the sheet."""
    headings = len({entry.heading for entry in look.entries})
    sizes = look.sizes is not None and not sheet.inset
    shown = len([style for style in styles.values() if not style.muted]) + 2
    folds = sum(len(wrap(entry.text, width - INDENT / 72, TEXT)) - 1 for entry in look.entries)
    lines = int(len(look.entries) + 0.8 * folds + 1.5 * headings + shown + 5 * sizes + 2.5 * rings + unknown)
    lines += 4 * (look.ramp is not None) + (1 if sheet.inset else 2)
    legend = Legend(sheet, width=width, entries=lines)
    _actors(legend, folded(look.entries, int((sheet.top - sheet.bottom) * 72 / (SMALLEST * 1.3)) - lines, lang))
    if look.ramp is not None:
        _ramp(legend, look.ramp, lang)
    if styles:
        legend.heading(say(lang, "Liens", "Ties") if len(styles) == 1 else say(lang, "Couches de liens", "Layers"))
        words = layer_words(net, lang)
        for layer, style in styles.items():
            if not style.muted:
                legend.stroke(style)
                arrow = "\u00a0→" if bool(net.layers["directed"].get(layer, False)) else ""
                legend.word(sentence_case(words[layer]) + arrow)
        muted = [style for style in styles.values() if style.muted]
        if muted:
            legend.stroke(muted[0])
            legend.word(say(lang, f"Autres couches ({len(muted)})", f"Other layers ({len(muted)})"))
        if unknown:
            legend.stroke(LineStyle(PAGE.ghost, (1.0, 2.4), ""), width=1.1)
            legend.word(say(lang, "Statut inconnu", "Unknown status"))
    if sizes and look.sizes is not None:
        _sizes(legend, look.sizes, lang)
    if rings:
        legend.y -= 0.5 * legend.line
        legend.mark("#FFFFFF", "circle", 0.87 * legend.radius)
        for radius, edge in ((1.5 * legend.radius, "#000000"),):
            legend.ax.scatter(
                [0.4 * legend.indent],
                [legend.y],
                s=(2 * radius * sheet.scale) ** 2,
                facecolors="none",
                edgecolors=edge,
                linewidths=1.3 * sheet.scale,
            )
        legend.word(say(lang, "Le plus de partenaires hors de son groupe", "Most partners outside its group"))


def kinds_at_foot(sheet: Sheet, look: Look, *, least: int = 2) -> None:
    """Write the kinds of actors on lines above the notes: small multiples leave no column for a legend."""
    if sheet.inset or len(look.entries) < least:
        return
    room, step = (sheet.width - 2 * sheet.margin) * 72, 13.0
    widths = [text_size(sheet.canvas, entry.text, TEXT)[0] + 24 for entry in look.entries]
    places, x, line = [], 0.0, 0
    for width in widths:
        if x and x + width > room:
            x, line = 0.0, line + 1
        places.append((x, line))
        x += width
    height = step * (line + 1)
    ax = sheet.axes(sheet.margin, sheet.bottom, room / 72, height / 72, bare=True)
    ax.set_xlim(0, room)
    ax.set_ylim(0, height)
    for entry, (x, line) in zip(look.entries, places, strict=True):
        y = height - (line + 0.5) * step
        draw_mark(sheet, ax, (x + 5, y), entry.color, entry.shape, 3.9)
        sheet.write(ax, x + 14, y, entry.text, size=TEXT)
    sheet.bottom += height / 72 + 0.1


def draw_mark(sheet: Sheet, ax: Axes, at: tuple[float, float], color: str, shape: str, radius: float) -> None:
    """Draw the marker of an entry of a legend."""
    path, reach = marker(shape)
    hollow = SHAPES[shape].hollow
    ax.scatter(
        [at[0]],
        [at[1]],
        s=(2 * radius * reach * sheet.scale) ** 2,
        marker=path,
        c="#FFFFFF" if hollow else color,
        edgecolors=color if hollow and color != "#FFFFFF" else PAGE.outline,
        linewidths=(2.0 if hollow else 0.8) * sheet.scale,
        clip_on=False,
    )


def folded(entries: Sequence[Entry], spare: int, lang: Lang) -> Sequence[Entry]:
    """Fold the rarest kinds, which come last, into one line when there are more entries than room."""
    if spare >= 0:
        return entries
    kept = max(len(entries) + spare - 1, 6)
    rest = len(entries) - kept
    if rest < 2:
        return entries
    word = say(lang, f"et {rest} autres types", f"and {rest} more kinds")
    return [*entries[:kept], Entry(word, "", "", entries[kept - 1].heading)]


def _actors(legend: Legend, entries: Sequence[Entry]) -> None:
    heading = ""
    for entry in entries:
        if entry.heading != heading:
            heading = entry.heading
            legend.heading(heading)
        if entry.shape:
            legend.mark(entry.color, entry.shape)
        else:
            legend.y -= 0.5 * legend.line
        legend.word(entry.text)


def _ramp(legend: Legend, ramp: tuple[float, float, str], lang: Lang) -> None:
    low, high, title = ramp
    legend.heading(title.capitalize())
    stops = np.linspace(1, 0, 60)
    from reseau_territorial.styles import color_at

    legend.y -= 0.6 * legend.line
    for number, stop in enumerate(stops):
        left = number * 100 / len(stops)
        legend.ax.plot(
            [left, left + 100 / len(stops)],
            [legend.y, legend.y],
            color=color_at(SEQUENTIAL, float(stop)),
            linewidth=8 * legend.sheet.scale,
            solid_capstyle="butt",
        )
    legend.y -= legend.line
    digits = 0 if high - low >= 10 else 2
    for x, value, side in ((0, low, "left"), (100, high, "right")):
        legend.sheet.write(legend.ax, x, legend.y, format_number(value, digits, lang), size=legend.text_size, ha=side)
    legend.y -= 0.5 * legend.line


def _sizes(legend: Legend, sizes: tuple[float, float, str], lang: Lang) -> None:
    low, high, title = sizes
    legend.heading(title.capitalize())
    digits = 0 if high - low >= 10 or (float(low).is_integer() and float(high).is_integer()) else 2
    written: list[str] = []
    for value, radius in ((low, SMALL), ((low + high) / 2, np.sqrt((SMALL**2 + LARGE**2) / 2)), (high, LARGE)):
        text = format_number(value, digits, lang)
        if text in written or (value not in (low, high) and text == format_number(high, digits, lang)):
            continue
        written.append(text)
        legend.y -= max(0.0, float(radius) - 0.5 * legend.line)
        legend.mark("#FFFFFF", "circle", float(radius) * 0.8)
        legend.word(text)
