"""Layers side by side on shared positions, or as planes one above the other."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.layouts import Layout, place_actors
from reseau_territorial.plots import _drawing as drawing
from reseau_territorial.plots._frames import label_frames
from reseau_territorial.plots._labels import cut, ranked
from reseau_territorial.plots._legend import kinds_at_foot
from reseau_territorial.plots._notes import (
    group_names,
    layer_words,
    notes,
    numbered_groups,
    plural,
    sentence_case,
    tally,
)
from reseau_territorial.plots._scales import fade, line_styles, looks
from reseau_territorial.plots._sheet import MARGIN, PAGE, PAPER, SMALLEST, PlotResult, Sheet, Style, finish, say, taken
from reseau_territorial.privacy import Persons, without_amounts
from reseau_territorial.styles import LineStyle, format_number, in_a_sentence
from reseau_territorial.vocabulary import SEED, Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reseau_territorial.network import Network

Floats = NDArray[np.float64]
# Lets the verticals behind a plane show through.
PLANE = (*(247 / 255, 247 / 255, 250 / 255), 0.82)
PLANES = 6
SWATCH = 0.42
# Inches: the words over a map, the room beside it, and the names that stand out of it.
HEAD, ASIDE, NAMES = 0.45, 0.12, 0.25
# Beyond so many groups, and on planes, they have numbers, and their names stand once at the foot of the sheet.
NAMED_GROUPS = 6
# So many of the best tied actors of a layer are named even where it takes a leader.
FIRM = 8
SQUASH, SHEAR = 0.42, 0.38


def plot_layers(
    net: Network,
    *,
    kind: Literal["panels", "planes"] = "panels",
    by: str | None = None,
    layout: str | Layout = "groups",
    title: str | None = None,
    seed: int = SEED,
    persons: Persons = "mask",
    lang: Lang = "fr",
) -> PlotResult:
    """Draw each layer by itself, with every actor at the same place in all of them.

    Parameters
    ----------
    net : Network
        With at least one tie.
    kind : {"panels", "planes"}
        ``"panels"``: a small map per layer. ``"planes"``: layers as tilted planes one above the other (six
        at most, those with most ties), thin verticals joining the actors that several layers share.
    by : str, optional
        Actor column of the silos (see :func:`place_actors`).
    layout : str or Layout
        Name of a layout, or one already made.
    title : str, optional
        Heading of the sheet.
    seed : int
        Starting point of the layout.
    persons : {"mask", "keep"}
        Whether natural persons and sole traders keep their names (see :func:`protect`).
    lang : {"fr", "en"}
        Language of the reader.

    Returns
    -------
    PlotResult
        As wide as an A4 lying down, and as high as it takes. Actors without ties in a layer are small and pale there.

    Raises
    ------
    ReseauError
        If no layer has a tie.
    UnknownNameError
        If the kind is not there.

    Examples
    --------
    >>> from reseau_territorial import samples
    >>> plot_layers(samples.tours_masks(), lang="en").alt.split(",")[0]
    'The network in 10 layers'
    """
    if kind not in ("panels", "planes"):
        raise unknown_name("kind of layer plot", kind, ["panels", "planes"])
    ties = drawing.tie_table(net)
    counts = ties.loc[ties["status"] == "present", "layer"].astype(str).value_counts()
    layers = [layer for layer in net.layers.index if counts.get(layer, 0)]
    if not layers:
        raise ReseauError("no layer has a present tie, so there is nothing to draw.")
    net = without_amounts(net)
    placed = layout if isinstance(layout, Layout) else place_actors(net, layout=layout, by=by, seed=seed)
    styles = line_styles(net, lang)
    if kind == "planes":
        layers = sorted(layers, key=lambda layer: (-counts[layer], layer))[:PLANES]
    one = _Layers(
        net, ties, placed, layers, styles, drawing.names_of(net, persons, lang), title, lang, tilted=kind == "planes"
    )
    draw, natural = (one.panels, one.panel_sheet()) if kind == "panels" else (one.planes, one.plane_sheet())
    return finish(natural, draw, one.sentence(counts))


class _Layers:
    """The parts that both kinds of plot share."""

    def __init__(
        self,
        net: Network,
        ties: pd.DataFrame,
        placed: Layout,
        layers: list[str],
        styles: dict[str, LineStyle],
        names: list[str],
        title: str | None,
        lang: Lang,
        *,
        tilted: bool,
    ) -> None:
        self.title, self.tilted = title, tilted
        self.net, self.ties, self.placed, self.layers, self.styles, self.lang = net, ties, placed, layers, styles, lang
        self.actors, self.names, self.words = net.actors, names, layer_words(net, lang)
        self.positions = placed.positions.loc[self.actors.index]
        self.groups, self.key = self._named_groups()

    def _named_groups(self) -> tuple[list[str], str]:
        """Return what is written on the discs of groups: names, or numbers when many, explained at the foot."""
        by, frames = self.placed.by, self._frames()
        if by is None or len(frames) < 2:
            return [], ""
        if len(frames) > NAMED_GROUPS or self.tilted:
            return numbered_groups(self.net, by, frames, self.lang)
        return group_names(self.net, by, frames, self.lang), ""

    def _dress(self, sheet: Sheet) -> None:
        """Write what stands above and under the layers."""
        lang, counted = self.lang, tally(self.net, self.lang)
        same = say(lang, "mêmes positions partout", "same positions")
        sheet.head(self.title or self.finding(), counted if len(self.layers) == 1 else f"{counted}, {same}")
        sheet.foot([self.key, *notes(self.net, lang, seed=self.placed.seed, drawn=self.ties)])
        kinds_at_foot(sheet, looks(self.net, color=None, size=None, lang=lang))

    def of(self, layer: str) -> tuple[pd.DataFrame, NDArray[np.bool_], pd.Series]:
        """Ties of a layer, whether each actor has one, and how many."""
        ties = self.ties[self.ties["layer"] == layer].reset_index(drop=True)
        degree = pd.concat([ties["source"], ties["target"]]).value_counts().reindex(self.actors.index).fillna(0)
        return ties, (degree > 0).to_numpy(), degree

    def heading(self, layer: str) -> tuple[str, str]:
        """Name of a layer, and what it holds."""
        ties, active, _ = self.of(layer)
        lang = self.lang
        present = int((ties["status"] == "present").sum())
        words = [
            plural(present, say(lang, "lien", "tie"), say(lang, "liens", "ties"), lang),
            plural(int(active.sum()), say(lang, "acteur", "actor"), say(lang, "acteurs", "actors"), lang),
        ]
        arrow = " →" if bool(self.net.layers["directed"].get(layer, False)) else ""
        name = self.words[layer]
        return name[:1].upper() + name[1:] + arrow, ", ".join(words)

    def panel_sheet(self) -> tuple[float, float]:
        """Return the size of a sheet that the maps fill: as wide as an A4 lying down, and no higher."""
        width, height = PAPER["A4"]
        around = taken(width, self._dress)
        columns, across = self._columns(width - 2 * MARGIN, height - around)
        rows = math.ceil(len(self.layers) / columns)
        high = ((width - 2 * MARGIN) / columns - ASIDE) / across + HEAD + NAMES
        return width, min(height, around + rows * high)

    def _columns(self, width: float, height: float) -> tuple[int, float]:
        """Return the number of columns that makes the maps largest in a room, and their width over their height."""
        low, high = drawing.bounds_of(self.positions, self._frames())
        across = float(np.clip((high - low)[0] / max((high - low)[1], 1.0), 0.4, 3.0))
        return _columns(len(self.layers), across, width, height), across

    def panels(self, sheet: Sheet) -> None:
        """Draw one small map per layer."""
        self._dress(sheet)
        room_width, room_height = sheet.width - 2 * sheet.margin, sheet.top - sheet.bottom
        low, high = drawing.bounds_of(self.positions, self._frames())
        columns, _ = self._columns(room_width, room_height)
        rows = math.ceil(len(self.layers) / columns)
        width, height = room_width / columns, room_height / rows
        for number, layer in enumerate(self.layers):
            left = sheet.margin + (number % columns) * width
            top = sheet.top - (number // columns) * height
            name, count = self.heading(layer)
            size = min(10.0, max((width - SWATCH - 0.15) * 72 / (0.66 * len(name)), SMALLEST))
            written = cut(name, int((width - SWATCH - 0.15) * 72 / (0.66 * size)) + 1)
            sheet.text(left + SWATCH, top - 0.16, written, size=size, weight="bold")
            self._swatch(sheet, left, top - 0.12, layer)
            sheet.text(left + SWATCH, top - 0.32, count, size=7.5, color=PAGE.muted)
            ax = sheet.axes(left, top - height + 0.05, width - ASIDE, height - HEAD, bare=True)
            view = drawing.fit(sheet, ax, low, high, pad=6)
            self._panel(sheet, ax, view, layer)

    def _swatch(self, sheet: Sheet, left: float, middle: float, layer: str) -> None:
        """Draw the line of a layer before its name, which stays in ink: a light line is no colour for words."""
        from matplotlib.lines import Line2D

        style = self.styles[layer]
        place = [left / sheet.width, (left + SWATCH - 0.08) / sheet.width], [middle / sheet.height] * 2
        line = Line2D(*place, color=style.color, linewidth=1.8 * sheet.scale, dash_capstyle="butt")
        line.set_linestyle((0, style.dash) if style.dash else "solid")
        sheet.figure.add_artist(line)

    def _frames(self) -> pd.DataFrame:
        return self.placed.frames if self.placed.kind == "groups" else self.placed.frames.iloc[:0]

    def _panel(self, sheet: Sheet, ax: Axes, view: drawing.View, layer: str) -> None:
        ties, active, degree = self.of(layer)
        if len(self._frames()):
            drawing.draw_frames(sheet, ax, self._frames())
        look = looks(self.net, color=None, size=None, lang=self.lang)
        look.radii[:] *= min(drawing.marker_scale(view, self.positions, look), 0.9)
        fade(look, active)
        xy = self.positions.to_numpy(float)
        drawing.draw_ties(
            sheet,
            ax,
            view,
            ties,
            self.positions,
            {layer: self.styles[layer]},
            crossing=np.ones(len(ties), dtype=bool),
            directed=self.net.layers["directed"],
            radii=pd.Series(look.radii, index=self.actors.index),
        )
        drawing.draw_actors(sheet, ax, xy, look)
        boxes = drawing.obstacles(view, xy, look.radii)
        if self.groups:
            label_frames(sheet, ax, view, self._frames(), self.groups, boxes, size=SMALLEST)
        order = [i for i in ranked(degree, self.actors.index, self.names).tolist() if active[i]][:60]
        firm = FIRM if len(self.layers) <= 4 else FIRM // 2
        reached = look.radii * 1.1
        drawing.draw_labels(sheet, ax, view, self.names, xy, reached, order, boxes, size=SMALLEST, firm=firm, reach=0.0)

    def planes(self, sheet: Sheet) -> None:
        """Draw the layers as tilted planes, the first on top."""
        self._dress(sheet)
        ax = sheet.body(bare=True)
        low, base, lift, bottom, top = self._stack()
        name_room = float(base[:, 0].min() - bottom[0])
        count = len(self.layers)
        view = drawing.fit(sheet, ax, bottom, top, pad=6)
        frames = self._frames()
        active = np.column_stack([self.of(layer)[1] for layer in self.layers])
        flat = self._tilt(self.positions.to_numpy(float), low)
        self._verticals(sheet, ax, flat, active, lift)
        for number, layer in enumerate(self.layers):
            shift = np.array([0.0, lift * (count - 1 - number)])
            self._plane(sheet, ax, view, layer, base + shift, flat + shift, frames, low, shift, name_room)

    def _stack(self) -> tuple[Floats, Floats, float, Floats, Floats]:
        """Corner of a plane laid flat, its tilted corners, the lift between planes, the corners of all."""
        low, high = drawing.bounds_of(self.positions, self._frames())
        pad = 0.04 * (high - low).max()
        low, high = low - pad, high + pad
        lift = float(SQUASH * (high - low)[1]) * 1.16
        base = self._tilt(np.array([[low[0], low[1]], [high[0], low[1]], [high[0], high[1]], [low[0], high[1]]]), low)
        bottom = base.min(axis=0) - np.array([0.36 * np.ptp(base[:, 0]), 0.0])
        top = base.max(axis=0) + np.array([0.0, lift * (len(self.layers) - 1)])
        return low, base, lift, bottom, top

    def plane_sheet(self) -> tuple[float, float]:
        """Return the size of a sheet that the planes fill, as wide as an A4 upright."""
        _, _, _, bottom, top = self._stack()
        width, height = top - bottom
        across = PAPER["A4"][1]
        return across, min((across - 2 * MARGIN) * height / width + taken(across, self._dress) + NAMES, 13.0)

    def _tilt(self, xy: Floats, low: Floats) -> Floats:
        """Lay a plane down: squash its height, lean it to the right."""
        y = xy[:, 1] - low[1]
        return np.column_stack([xy[:, 0] + SHEAR * y, SQUASH * y])

    def _verticals(self, sheet: Sheet, ax: Axes, flat: Floats, active: NDArray[np.bool_], lift: float) -> None:
        """Join the places of an actor in the layers where it has ties."""
        from matplotlib.collections import LineCollection

        count = active.shape[1]
        lines = []
        for actor in np.flatnonzero(active.sum(axis=1) > 1):
            here = np.flatnonzero(active[actor])
            heights = lift * (count - 1 - here)
            lines += [
                [(flat[actor, 0], flat[actor, 1] + a), (flat[actor, 0], flat[actor, 1] + b)]
                for a, b in pairwise(heights)
            ]
        alpha = float(np.clip(40 / max(len(lines), 1), 0.15, 0.6))
        widths = 0.7 * sheet.scale
        ax.add_collection(
            LineCollection(
                lines, colors=PAGE.muted, linewidths=widths, linestyles=[(0, (1.5, 2))], alpha=alpha, zorder=0.2
            )
        )

    def _plane(
        self,
        sheet: Sheet,
        ax: Axes,
        view: drawing.View,
        layer: str,
        corners: Floats,
        places: Floats,
        frames: pd.DataFrame,
        low: Floats,
        shift: Floats,
        name_room: float,
    ) -> None:
        from matplotlib.patches import Polygon

        style = self.styles[layer]
        fill: Style = {"facecolor": PLANE, "edgecolor": style.color, "linewidth": 1.0 * sheet.scale}
        ax.add_patch(Polygon(corners, closed=True, zorder=0.4, **fill))
        self._tilted_frames(sheet, ax, frames, low, shift)
        ties, active, degree = self.of(layer)
        look = looks(self.net, color=None, size=None, lang=self.lang)
        positions = pd.DataFrame(places, index=self.actors.index, columns=["x", "y"])
        look.radii[:] *= min(drawing.marker_scale(view, positions, look) * 1.2, 0.8)
        fade(look, active)
        drawing.draw_ties(
            sheet,
            ax,
            view,
            ties,
            positions,
            {layer: style},
            crossing=np.ones(len(ties), dtype=bool),
            directed=self.net.layers["directed"],
            radii=pd.Series(look.radii, index=self.actors.index),
        )
        drawing.draw_actors(sheet, ax, places, look)
        boxes = drawing.obstacles(view, places, look.radii)
        plane = view.points(corners)
        boxes.room = (1.0, float(plane[:, 1].min()) + 1, view.width - 1.0, float(plane[:, 1].max()) - 1)
        for number, (x, y, radius) in zip(self.groups, drawing.discs(frames), strict=False):
            # At the left tip of its disc, where it can belong to no other.
            tip = self._tilt(np.array([[x - 0.88 * radius, y]]), low)[0] + shift
            look_of: Style = {"size": SMALLEST, "ha": "center", "weight": "bold", "color": PAGE.muted, "halo": 2.0}
            sheet.write(ax, float(tip[0]), float(tip[1]), number, **look_of, zorder=4)
            at = view.points(tip)
            boxes.add(float(at[0]), float(at[1]), 1.4 * SMALLEST, 1.2 * SMALLEST)
        order = [i for i in ranked(degree, self.actors.index, self.names).tolist() if active[i]][:24]
        drawing.draw_labels(
            sheet, ax, view, self.names, places, look.radii * 1.1, order, boxes, size=SMALLEST, firm=FIRM, reach=0.0
        )
        name, count = self.heading(layer)
        left, middle = corners[0, 0] - name_room, corners[:, 1].mean()
        step = 8.0 / view.scale
        sheet.write(ax, left, middle + 0.6 * step, name, size=10, weight="bold")
        sheet.write(ax, left, middle - 0.9 * step, count, size=7.5, color=PAGE.muted)

    def _tilted_frames(self, sheet: Sheet, ax: Axes, frames: pd.DataFrame, low: Floats, shift: Floats) -> None:
        from matplotlib.collections import PolyCollection

        turn = np.linspace(0, 2 * np.pi, 49)
        rings = []
        for x, y, radius in drawing.discs(frames):
            ring = np.column_stack([x + radius * np.cos(turn), y + radius * np.sin(turn)])
            rings.append(self._tilt(ring, low) + shift)
        width = 0.6 * sheet.scale
        ax.add_collection(
            PolyCollection(rings, facecolors=PAGE.background, edgecolors=PAGE.frame_line, linewidths=width, zorder=0.5)
        )

    def finding(self) -> str:
        """Write how many actors have ties in several of the layers drawn."""
        lang, several, every = self.lang, self._in_several(), format_number(len(self.actors), lang=self.lang)
        if len(self.layers) == 1:
            name = sentence_case(self.words[self.layers[0]])
            return say(lang, f"Une seule couche\u202f: {name}", f"One layer only: {name}")
        if not several:
            return say(lang, "Aucun acteur n’a de liens dans deux couches", "No actor has ties in two layers")
        has = say(lang, "a" if several < 2 else "ont", "has" if several == 1 else "have")
        count = plural(several, say(lang, "acteur", "actor"), say(lang, "acteurs", "actors"), lang)
        return say(
            lang,
            f"{count} sur {every} {has} des liens dans plusieurs couches",
            f"{count} of {every} {has} ties in several layers",
        )

    def _in_several(self) -> int:
        active = np.column_stack([self.of(layer)[1] for layer in self.layers])
        return int((active.sum(axis=1) > 1).sum())

    def sentence(self, counts: pd.Series) -> str:
        """Write the layers as a sentence."""
        lang = self.lang
        listed = ", ".join(
            f"{in_a_sentence(self.words[layer])} ({format_number(int(counts[layer]), lang=lang)})"
            for layer in sorted(self.layers, key=lambda layer: (-counts[layer], layer))
        )
        if len(self.layers) == 1:
            counted = tally(self.net, lang)
            return say(lang, f"Une couche, {listed}\u202f: {counted}.", f"One layer, {listed}: {counted}.")
        several = self._in_several()
        many = plural(several, say(lang, "acteur a", "actor has"), say(lang, "acteurs ont", "actors have"), lang)
        many = many if several else say(lang, "aucun acteur n’a", "no actor has")
        head = plural(len(self.layers), say(lang, "couche", "layer"), say(lang, "couches", "layers"), lang)
        last = say(lang, "de liens" if not several else "des liens", "ties")
        return say(
            lang,
            f"Le réseau en {head}, sur les mêmes positions, avec leur nombre de liens\u202f: {listed}\u202f; {many} "
            f"{last} dans plusieurs couches.",
            f"The network in {head}, on the same positions, with their number of ties: {listed}; {many} "
            f"{last} in several layers.",
        )


def _columns(count: int, across: float, width: float, height: float) -> int:
    """Return the number of columns that gives the largest maps of a shape."""
    return max(
        range(1, count + 1),
        key=lambda columns: min(width / columns / across, height / math.ceil(count / columns) - HEAD),
    )
