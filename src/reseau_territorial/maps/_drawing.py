"""The map of a sheet: outlines, frames, ties, markers and names, in an area of the page."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from reseau_territorial.maps._data import decoded, tie_ends
from reseau_territorial.maps._labels import Box, Label, Wish, place_labels
from reseau_territorial.maps._overview import Overview, is_overview
from reseau_territorial.maps._pens import Ink, Pen, markers, text_width
from reseau_territorial.styles import format_number

__all__ = ["MapDrawing"]

# Above so many ties, lines are plain and without arrows.
MANY: Final = 3000
# Up to so many actors, every name is written, at the end of a leader if it must.
NAMED_ALL: Final = 80
# On a crowded sheet, the ties of an actor with more than this are lighter, without arrows, and do not make a mass.
HUB: Final = 24
# So many hubs are named first, in bold, over the markers of others if they must.
HUBS_NAMED: Final = 40
TIE_WIDTHS: Final = (1.1, 1.7, 2.5, 3.6)
Codes = NDArray[np.int64]


class MapDrawing:
    """The map in its area: outlines, frames, ties, markers, names."""

    def __init__(self, pen: Pen, content: Any, palette: Any, area: Box, text: float, largest: float) -> None:
        self.pen, self.content, self.palette, self.area, self.text = pen, content, palette, area, text
        actors, n = content["actors"], content["counts"]["actors"]
        self.xy = np.column_stack([actors["x"], actors["y"]]).astype(float).reshape(-1, 2)
        self.discs = np.array([[group["x"], group["y"], group["r"]] for group in content["groups"]]).reshape(-1, 3)
        if not content["framed"]:
            self.discs = self.discs[:0]
        self._fit()
        self.overview = Overview(pen, content, palette, self.discs, text, self.scale) if is_overview(content) else None
        self.group, self.kind, self.color, self.ghost = (
            decoded(actors[name], n) for name in ("group", "kind", "color", "ghost")
        )
        self.ends = tie_ends(content)
        self.degree = np.bincount(np.concatenate(self.ends), minlength=n)
        self.rank, self.bridge = decoded(actors["rank"], n), decoded(actors["bridge"], n)
        self.base = float(np.clip(0.21 * content["spacing"] * self.scale, 1.2, largest))
        self.radius = self.base * np.sqrt(0.45 + 2 * _shares(content, n))

    def _fit(self) -> None:
        corners = np.array(self.content["extent"], dtype=float)
        low, high = corners[:2], corners[2:]
        left, top, right, bottom = self.area
        room = np.array([right - left, bottom - top]) - 2 * 24.0
        self.scale = float((room / np.maximum(high - low, 1.0)).min())
        self.shift = np.array([(left + right) / 2, (top + bottom) / 2]) - self.scale * (low + high) / 2
        self.xy = self.xy * self.scale + self.shift
        self.discs = np.column_stack([self.discs[:, :2] * self.scale + self.shift, self.discs[:, 2] * self.scale])

    def draw(self) -> list[Box]:
        palette, pen = self.palette, self.pen
        rings = [
            np.array(ring, dtype=float).reshape(-1, 2) * self.scale + self.shift for ring in self.content["outlines"]
        ]
        ground = Ink(fill=palette["frame"], stroke=palette["frame_line"])
        pen.polygons(rings, ground)
        if self.overview is not None:
            self.overview.draw()
            return self._names(actors=False)
        pen.polygons(markers("circle", self.discs), ground)
        self._ties()
        self._actors()
        return self._names(actors=True)

    def _ties(self) -> None:
        """Draw ties by layer, status and strength; those inside a group first, those between groups over them."""
        content, ties, m = self.content, self.content["ties"], self.content["counts"]["ties"]
        source, target = self.ends
        layer, status, strength = (decoded(ties[name], m) for name in ("layer", "status", "strength"))
        inter = self.group[source] != self.group[target]
        curves = self._curves(source, target, inter)
        shown = np.array(content["start"]["status"])[status]
        directed = np.array([item["directed"] for item in content["layers"]], dtype=bool)
        calm = float(np.clip(np.sqrt(200 / (m + 1)), 0.12, 1.0))
        hub = (np.maximum(self.degree[source], self.degree[target]) > HUB) & (calm < 1)
        heads = directed[layer] & (m <= MANY) & ~hub
        looks = np.column_stack([inter, ~hub, layer, status, strength]).astype(np.int64)
        for look in np.unique(looks[shown], axis=0):
            outside, light, number, code, strong = (int(value) for value in look)
            part = shown & (looks == look).all(axis=1)
            color = self.palette["layers"][number]
            # On paper nobody can filter: ties between the groups of a crowd fade, so that the groups stay readable.
            alpha = 0.92 * calm**1.25 if outside else 0.15 + 0.4 * calm
            alpha = round(alpha * (1.0 if light else 0.6), 3)
            width = TIE_WIDTHS[strong] * (0.3 + 0.7 * calm) * (1.4 if outside and light else 1.0)
            dash = (1.2, 2.6) if code else () if m > MANY else tuple(content["layers"][number]["dash"])
            arrows = _arrows(curves[part & heads], self.radius[target[part & heads]])
            self.pen.polygons(arrows, Ink(fill=color, alpha=alpha))
            self.pen.lines(curves[part], Ink(stroke=color, width=width, dash=dash, alpha=alpha))

    def _curves(self, source: Codes, target: Codes, inter: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return x1, y1, cx, cy, x2, y2 of each tie: parallel ties apart, ties between groups bent."""
        slot = _slots(decoded(self.content["ties"]["lane"], len(source)), source < target)
        start, end = self.xy[source], self.xy[target]
        across = np.column_stack([start[:, 1] - end[:, 1], end[:, 0] - start[:, 0]])
        length = np.maximum(np.hypot(across[:, 0], across[:, 1]), 1e-9)
        bend = np.where(inter, 0.07 * length, 0.0) * np.where(source < target, 1, -1)
        push = 2 * slot * min(max(self.base * 0.9, 1.0), 5.0) + bend
        return np.column_stack([start, (start + end) / 2 + across / length[:, None] * push[:, None], end])

    def _actors(self) -> None:
        content, palette = self.content, self.palette
        places = np.column_stack([self.xy, self.radius])
        edge = 0.8 if self.base > 3 else 0.3
        for kind, item in enumerate(content["kinds"]):
            for color, fill in enumerate(palette["colors"]):
                here = (self.kind == kind) & (self.color == color)
                hollow = bool(content["shapes"][item["shape"]]["hollow"])
                ink = (
                    Ink(fill=palette["background"], stroke=fill, width=self.base * 0.4)
                    if hollow
                    else Ink(fill=fill, stroke=palette["outline"], width=edge)
                )
                self.pen.polygons(markers(item["shape"], places[here & (self.ghost == 0)]), ink)
                dotted = Ink(fill=palette["background"], stroke=fill, width=1.6, dash=(1.2, 1.6))
                self.pen.polygons(markers(item["shape"], places[here & (self.ghost == 1)]), dotted)
        ringed = places[self.bridge == 1] * (1, 1, 1.3) + (0, 0, 3)
        self.pen.polygons(markers("circle", ringed), Ink(stroke=palette["background"], width=4))
        self.pen.polygons(markers("circle", ringed), Ink(stroke=palette["ink"], width=1.6))

    def _names(self, *, actors: bool) -> list[Box]:
        content, text = self.content, self.text
        tight = self.overview is not None and self.overview.tight
        wishes = [
            Wish(
                f"{group['label']} ({format_number(group['n'], lang=content['lang'])})",
                float(disc[0]),
                float(disc[1]),
                float(disc[2]),
                True,
            )
            for group, disc in zip(content["groups"], self.discs, strict=False)
            if (disc[2] > 1.4 * text if actors else not (tight and group.get("code")))
        ]
        wishes.sort(key=lambda wish: -wish.r)
        order = np.argsort(self.rank, kind="stable")
        if actors:
            room = (self.area[2] - self.area[0]) * (self.area[3] - self.area[1]) / 3000
            hubs = self._hubs()
            wishes += [self._wish(actor, hub=True) for actor in hubs]
            wishes += [self._wish(actor, hub=False) for actor in order[: int(3 * room)] if actor not in hubs]
        wishes = wishes if actors else wishes[:60]
        # Where names would cover discs, as little as can be of them.
        covered = (
            zip(self.xy, self.radius, strict=True)
            if actors
            else zip(self.discs[:, :2], self.discs[:, 2] * 0.7, strict=True)
        )
        obstacles = [(x - r, y - r, x + r, y + r) for (x, y), r in covered] if actors or tight else []
        led = NAMED_ALL if len(self.xy) <= NAMED_ALL else 0
        # Inside a circle are only ties: names stand around it.
        centre = tuple((self.xy.min(axis=0) + self.xy.max(axis=0)) / 2) if content["layout"] == "circle" else None
        placed = place_labels(wishes, obstacles, self.area, text, led=led, around=centre)
        for label in placed:
            self._write(label)
        return [label.box for label in placed]

    def _hubs(self) -> list[int]:
        """Return the actors with most ties, those that a reader looks for first."""
        most = np.argsort(-self.degree, kind="stable")[:HUBS_NAMED]
        return [int(actor) for actor in most if self.degree[actor] > self.content["hub"]]

    def _wish(self, actor: int, *, hub: bool) -> Wish:
        reach = self.radius[actor] + self.bridge[actor] * (0.3 * self.radius[actor] + 3)
        x, y = self.xy[actor]
        return Wish(self.content["actors"]["name"][actor], float(x), float(y), float(reach), frame=False, hub=hub)

    def _write(self, label: Label) -> None:
        """Write the lines of a name, centred on one another, and its leader."""
        left, top, right, bottom = label.box
        if label.leader is not None:
            x, y, r = label.leader
            end = np.array([min(max(x, left), right), min(max(y, top), bottom)])
            start = np.array([x, y]) + (end - (x, y)) / max(float(np.hypot(*(end - (x, y)))), 1e-9) * r
            self.pen.lines(np.array([[*start, *(start + end) / 2, *end]]), Ink(stroke=self.palette["ink"], width=0.6))
        widths = [text_width(line, label.size, bold=label.bold) for line in label.lines]
        for number, (line, width) in enumerate(zip(label.lines, widths, strict=True)):
            self.pen.text(
                line,
                left + 1 + (max(widths) - width) / 2,
                top + label.size * (0.98 + 1.25 * number),
                label.size,
                self.palette["ink"],
                bold=label.bold,
                halo=self.palette["background"],
            )


def _shares(content: Any, n: int) -> NDArray[np.float64]:
    """Return the size metric between 0 and 1."""
    if not content["metrics"]:
        return np.zeros(n)
    metric = content["metrics"][content["size"]]
    values = np.array(metric["values"], dtype=np.float64)
    return np.asarray(
        np.nan_to_num((values - metric["low"]) / ((metric["high"] - metric["low"]) or 1)), dtype=np.float64
    )


def _slots(lane: Codes, forward: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the place of each tie among the parallel ones of its pair, around 0; see `_build._lanes`."""
    count = np.floor((1 + np.sqrt(1 + 8 * lane)) / 2)
    rank = lane - count * (count - 1) / 2
    return np.asarray((rank - (count - 1) / 2) * np.where(forward, 1.0, -1.0), dtype=np.float64)


def _arrows(curves: NDArray[np.float64], reach: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Return the head of each directed tie, just before the marker of its target."""
    along = curves[:, 4:6] - curves[:, 2:4]
    along = along / np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    across = along[:, ::-1] * (-1, 1)
    tip = curves[:, 4:6] - along * (reach * 1.15 + 1)[:, None]
    size = np.clip(reach * 0.8, 3, 6)[:, None]
    back = tip - along * size
    wings = 0.42 * across * size
    return list(np.stack([tip, back + wings, back - wings], axis=1))
