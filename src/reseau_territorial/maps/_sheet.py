"""The picture of a map without a page: title, map, legend and sources on one sheet, in points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from reseau_territorial.maps._data import MapData, decoded
from reseau_territorial.maps._pens import Ink, Pen, markers, text_width
from reseau_territorial.styles import format_number

__all__ = ["PAPER", "draw_sheet", "place_labels"]

# Above so many ties, lines are plain and without arrows.
MANY: Final = 3000
TIE_WIDTHS: Final = (1.1, 1.7, 2.5, 3.6)
PAPER: Final = {"A3": (1190.55, 841.89), "A4": (841.89, 595.28)}
Box = tuple[float, float, float, float]
Codes = NDArray[np.int64]
LegendPart = tuple[str, list[tuple[str, dict[str, Any]]]]


def draw_sheet(pen: Pen, data: MapData, width: float, height: float) -> list[Box]:
    """Draw the whole sheet; return the boxes of the names on the map, none of which touch."""
    return _Sheet(pen, data, width, height).draw()


class _Sheet:
    def __init__(self, pen: Pen, data: MapData, width: float, height: float) -> None:
        self.pen, self.width, self.height = pen, width, height
        self.content: Any = data.content
        self.palette = self.content["themes"]["light"]
        self.unit = 1.0 if height > 700 else 0.82

    def draw(self) -> list[Box]:
        content, pen, unit, palette = self.content, self.pen, self.unit, self.palette
        margin, column = 30 * unit, 236 * unit
        corners = np.array([[0, 0], [self.width, 0], [self.width, self.height], [0, self.height]], dtype=float)
        pen.polygons([corners], Ink(fill=palette["background"]))
        title = _shorten(content["title"], 25 * unit, self.width - 2 * margin, bold=True)
        pen.text(title, margin, margin + 18 * unit, 25 * unit, palette["ink"], bold=True)
        pen.text(self._subtitle(), margin, margin + 38 * unit, 11.5 * unit, palette["muted"])
        rule = np.array([[margin, 48], [self.width - margin, 48], [self.width - margin, 49.5], [margin, 49.5]])
        rule[:, 1] = margin + rule[:, 1] * unit
        pen.polygons([rule], Ink(fill=palette["accent"]))
        foot, top = self._footer(margin), margin + 60 * unit
        area = (margin, top, self.width - margin - column - 14 * unit, foot - 10 * unit)
        boxes = _Map(pen, content, palette, area, 9.2 * unit, 9.5 * unit).draw()
        self._legend(self.width - margin - column, top, column, foot - 8 * unit)
        return boxes

    def _subtitle(self) -> str:
        counts, lang = self.content["counts"], self.content["lang"]
        n, m = (format_number(counts[name], lang=lang) for name in ("actors", "ties"))
        text = self.content["words"]["shown_counts"].format(actors=n, n=n, ties=m, m=m)
        return " · ".join(part for part in (text, self.content["date"], self.content["author"]) if part)

    def _footer(self, margin: float) -> float:
        size, step = 7.6 * self.unit, 9.6 * self.unit
        lines = [line for note in self.content["notes"] for line in _wrap(note, size, self.width - 2 * margin)][:9]
        bottom = self.height - margin
        for number, line in enumerate(lines):
            self.pen.text(line, margin, bottom - (len(lines) - 1 - number) * step, size, self.palette["muted"])
        return bottom - len(lines) * step

    def _legend(self, x: float, y: float, width: float, bottom: float) -> None:
        parts = list(self._legend_parts())
        unit = self.unit
        for _ in range(4):
            # A long legend is written smaller, so that nothing is left out.
            unit *= min(1.0, (bottom - y) / self._legend_height(parts, width, unit))
        y -= 6 * unit
        for title, entries in parts:
            y += 6 * unit
            self.pen.text(title, x, y + 8 * unit, 10 * unit, self.palette["ink"], bold=True)
            y += 14 * unit
            for text, mark in entries:
                self._mark(mark, x + 9 * unit, y + 7.25 * unit, unit)
                line = _shorten(text, 9.2 * unit, width - 26 * unit)
                self.pen.text(line, x + 24 * unit, y + 10.5 * unit, 9.2 * unit, self.palette["ink"])
                y += 14.5 * unit
        y += 8 * unit
        for paragraph in self.content["summary"]:
            for line in _wrap(paragraph, 9 * unit, width):
                y += 11.6 * unit
                self.pen.text(line, x, y, 9 * unit, self.palette["ink"])

    def _legend_height(self, parts: list[LegendPart], width: float, unit: float) -> float:
        rows = sum(len(entries) for _, entries in parts)
        lines = sum(len(_wrap(paragraph, 9 * unit, width)) for paragraph in self.content["summary"])
        return unit * (20 * len(parts) + 14.5 * rows + 11.6 * lines + 10)

    def _legend_parts(self) -> Iterator[LegendPart]:
        content, palette, words = self.content, self.palette, self.content["words"]
        colors = palette["colors"]
        yield (
            content["color_label"],
            [
                (item["label"], {"shape": "square", "fill": colors[number]})
                for number, item in enumerate(content["colors"])
            ],
        )
        yield (
            words["kinds"],
            [
                (
                    f"{kind['label']} ({format_number(kind['n'], lang=content['lang'])})",
                    {"shape": kind["shape"], "fill": colors[kind["color"]]},
                )
                for kind in content["kinds"]
            ],
        )
        yield (
            words["layers"],
            [
                (layer["label"], {"line": palette["layers"][number], "dash": tuple(layer["dash"])})
                for number, layer in enumerate(content["layers"])
            ],
        )
        signs: list[tuple[str, dict[str, Any]]] = []
        if content["framed"]:
            signs.append(
                (words["sign_frame"].format(by=content["by_label"]), {"shape": "circle", "fill": palette["frame"]})
            )
        if content["bridges"]:
            signs.append((words["sign_bridge"], {"shape": "circle", "ring": True}))
        if content["counts"]["absent"] + content["counts"]["unknown"] + content["counts"]["ghosts"]:
            signs.append((words["sign_ghost"], {"shape": "circle", "ghost": True}))
        if content["metrics"]:
            signs.append(
                (words["sign_size"].format(metric=content["metrics"][content["size"]]["label"]), {"sizes": True})
            )
        yield words["signs"], signs

    def _mark(self, mark: dict[str, Any], x: float, y: float, unit: float) -> None:
        pen, palette = self.pen, self.palette
        if "line" in mark:
            curve = np.array([[x - 9 * unit, y, x, y, x + 11 * unit, y]])
            pen.lines(curve, Ink(stroke=mark["line"], width=1.8, dash=mark["dash"]))
        elif "sizes" in mark:
            places = np.array([[x - 4 * unit, y, 2.5 * unit], [x + 4.5 * unit, y, 5 * unit]])
            pen.polygons(markers("circle", places), Ink(stroke=palette["ink"]))
        elif "ring" in mark:
            places = np.array([[x, y, 3 * unit], [x, y, 6 * unit]])
            pen.polygons(
                markers("circle", places[:1]), Ink(fill=palette["colors"][0], stroke=palette["outline"], width=0.8)
            )
            pen.polygons(markers("circle", places[1:]), Ink(stroke=palette["ink"], width=1.6))
        else:
            place = np.array([[x, y, 5 * unit]])
            hollow = mark["shape"] in self.content["shapes"] and self.content["shapes"][mark["shape"]]["hollow"]
            if "ghost" in mark:
                ink = Ink(stroke=palette["outline"], width=1.4, dash=(1.2, 1.6))
            elif hollow:
                ink = Ink(fill=palette["background"], stroke=mark["fill"], width=2.2 * unit)
            else:
                ink = Ink(fill=mark["fill"], stroke=palette["outline"], width=0.8)
            pen.polygons(markers(mark["shape"], place), ink)


class _Map:
    """The map in its area: outlines, frames, ties, markers, names."""

    def __init__(self, pen: Pen, content: Any, palette: Any, area: Box, text: float, largest: float) -> None:
        self.pen, self.content, self.palette, self.area, self.text = pen, content, palette, area, text
        actors, n = content["actors"], content["counts"]["actors"]
        self.xy = np.column_stack([actors["x"], actors["y"]]).astype(float).reshape(-1, 2)
        self.discs = np.array([[group["x"], group["y"], group["r"]] for group in content["groups"]]).reshape(-1, 3)
        if not content["framed"]:
            self.discs = self.discs[:0]
        self._fit()
        self.group, self.kind, self.color, self.ghost = (
            decoded(actors[name], n) for name in ("group", "kind", "color", "ghost")
        )
        self.rank, self.bridge = decoded(actors["rank"], n), decoded(actors["bridge"], n)
        extent = 3 * (self.discs[:, 2] ** 2).sum() if len(self.discs) else 0.7 * np.prod(np.ptp(self.xy, axis=0) + 1)
        self.base = float(np.clip(0.21 * np.sqrt(extent / max(n, 1)), 1.2, largest))
        self.radius = self.base * np.sqrt(0.45 + 2 * _shares(content, n))

    def _fit(self) -> None:
        low, high = self.xy.min(axis=0), self.xy.max(axis=0)
        if len(self.discs):
            low = np.minimum(low, (self.discs[:, :2] - self.discs[:, 2:]).min(axis=0))
            high = np.maximum(high, (self.discs[:, :2] + self.discs[:, 2:]).max(axis=0))
        left, top, right, bottom = self.area
        room = np.array([right - left, bottom - top]) - 2 * 24.0
        self.scale = float((room / np.maximum(high - low, 60.0)).min())
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
        pen.polygons(markers("circle", self.discs), ground)
        if self.content["framed"] and len(self.xy) > self.content["aggregate_above"]:
            self._bands()
            self._cells()
            return self._names(actors=False)
        self._ties()
        self._actors()
        return self._names(actors=True)

    def _bands(self) -> None:
        """Draw the strongest ties between groups, as many as there are groups."""
        ties = self.content["ties"]
        source, target = np.cumsum(ties["source"], dtype=np.int64), np.asarray(ties["target"], dtype=np.int64)
        ends = np.sort(np.column_stack([self.group[source], self.group[target]]), axis=1)
        ends = ends[(ends[:, 0] >= 0) & (ends[:, 0] != ends[:, 1])]
        pairs, counts = np.unique(ends, axis=0, return_counts=True)
        kept = np.argsort(counts, kind="stable")[-max(60, len(self.discs)) :]
        share = np.sqrt(counts[kept] / max(20, counts.max(initial=1)))
        start, end = self.discs[pairs[kept, 0], :2], self.discs[pairs[kept, 1], :2]
        curves = np.column_stack([start, (start + end) / 2, end])
        for step, width in enumerate((0.7, 1.5, 3.0, 5.5)):
            part = np.minimum(3, (4 * share).astype(int)) == step
            ink = Ink(stroke=self.palette["muted"], width=width, alpha=round(0.3 + step / 10, 1))
            self.pen.lines(curves[part], ink)

    def _cells(self) -> None:
        """Draw a marker per kind in each group, its surface following the count."""
        known = self.group >= 0
        cells, counts = np.unique(
            np.column_stack([self.group, self.kind, self.color])[known], axis=0, return_counts=True
        )
        for group, (x, y, r) in enumerate(self.discs):
            here = np.flatnonzero(cells[:, 0] == group)
            here = here[np.argsort(-counts[here], kind="stable")][: None if r >= 15 else 1]
            total = counts[cells[:, 0] == group].sum()
            for rank, cell in enumerate(here):
                turn = 2 * np.pi * rank / len(here) - np.pi / 2
                ring = 0.55 * r if len(here) > 1 else 0.0
                size = max(1.5, 0.42 * r * np.sqrt(counts[cell] / total))
                place = np.array([[x + ring * np.cos(turn), y + ring * np.sin(turn), size]])
                ink = Ink(fill=self.palette["colors"][cells[cell, 2]], stroke=self.palette["outline"], width=0.6)
                self.pen.polygons(markers(self.content["kinds"][cells[cell, 1]]["shape"], place), ink)

    def _ties(self) -> None:
        """Draw ties by layer, status and strength; those inside a group first, those between groups over them."""
        content, ties, m = self.content, self.content["ties"], self.content["counts"]["ties"]
        source, target = np.cumsum(ties["source"], dtype=np.int64), np.asarray(ties["target"], dtype=np.int64)
        layer, status, strength = (decoded(ties[name], m) for name in ("layer", "status", "strength"))
        inter = self.group[source] != self.group[target]
        curves = self._curves(source, target, inter)
        counts = content["counts"]
        shown = (status != 1) | (counts["absent"] <= 0.25 * counts["present"])
        directed = np.array([item["directed"] for item in content["layers"]], dtype=bool)
        heads = directed[layer] & (m <= MANY)
        calm = float(np.clip(np.sqrt(200 / (m + 1)), 0.2, 1.0))
        looks = np.column_stack([inter, layer, status, strength]).astype(np.int64)
        for look in np.unique(looks[shown], axis=0):
            outside, number, code, strong = (int(value) for value in look)
            part = shown & (looks == look).all(axis=1)
            color = self.palette["layers"][number]
            alpha = round((0.95 if outside else 0.6) * (0.25 + 0.75 * calm), 3)
            width = TIE_WIDTHS[strong] * (0.3 + 0.7 * calm) * (1.4 if outside else 1.0)
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
        wishes = [
            _Wish(
                f"{group['label']} ({format_number(group['n'], lang=content['lang'])})",
                float(disc[0]),
                float(disc[1]),
                float(disc[2]),
                True,
            )
            for group, disc in zip(content["groups"], self.discs, strict=False)
            if disc[2] > 1.4 * text or not actors
        ]
        wishes.sort(key=lambda wish: -wish.r)
        order = np.argsort(self.rank, kind="stable")
        if actors:
            reach = self.radius + self.bridge * (0.3 * self.radius + 3)
            names = content["actors"]["name"]
            room = (self.area[2] - self.area[0]) * (self.area[3] - self.area[1]) / 3000
            wishes += [
                _Wish(names[a], float(self.xy[a, 0]), float(self.xy[a, 1]), float(reach[a]), False)
                for a in order[: int(3 * room)]
            ]
        wishes = wishes if actors else wishes[:60]
        obstacles = (
            [(x - r, y - r, x + r, y + r) for (x, y), r in zip(self.xy, self.radius, strict=True)] if actors else []
        )
        placed = place_labels(wishes, obstacles, self.area, text)
        for label in placed:
            self.pen.text(
                label.text,
                label.box[0] + 1,
                label.box[1] + label.size * 0.98,
                label.size,
                self.palette["ink"],
                bold=label.bold,
                halo=self.palette["background"],
            )
        return [label.box for label in placed]


@dataclass(frozen=True)
class _Wish:
    text: str
    x: float
    y: float
    r: float
    frame: bool


@dataclass(frozen=True)
class _Label:
    text: str
    box: Box
    size: float
    bold: bool


def place_labels(wishes: list[_Wish], obstacles: list[Box], area: Box, size: float) -> list[_Label]:
    """Give each name, in order, the first free place around its marker; names without one are left out."""
    taken, markers_grid = _Grid(60.0), _Grid(40.0)
    for box in obstacles:
        markers_grid.add(box)
    placed = []
    for wish in wishes:
        tall = size * (1.12 if wish.frame else 1.0)
        width = _room(wish, size, area) if wish.frame else 17 * size
        text = _shorten(wish.text, tall, width, bold=wish.frame)
        for box in _places(wish, text_width(text, tall, bold=wish.frame), tall, area):
            inside = area[0] <= box[0] and area[1] - 20 <= box[1] and box[2] <= area[2] and box[3] <= area[3] + 10
            if inside and not taken.touches(box) and (wish.frame or not markers_grid.touches(box)):
                taken.add(box)
                placed.append(_Label(text, box, tall, wish.frame))
                break
    return placed


def _room(wish: _Wish, size: float, area: Box) -> float:
    """Return the width that the name of a frame may take, centred on it and inside the map."""
    beside = 2 * min(wish.x - area[0], area[2] - wish.x)
    return max(2 * wish.r, 7 * size, min(24 * size, beside))


def _places(wish: _Wish, width: float, size: float, area: Box) -> Iterator[Box]:
    height, x, y, r = size * 1.25, wish.x, wish.y, wish.r
    if wish.frame:
        left = min(max(x - width / 2, area[0]), max(area[0], area[2] - width - 2))
        corners = [(left, y - r - height - 1), (left, y + r + 1), (left, y - r + 3), (left, y + r - height - 3)]
    else:
        d, e = r + 3, 0.7 * (r + 3)
        corners = [
            *((x + d, y - height / 2), (x - d - width, y - height / 2), (x - width / 2, y - d - height)),
            *((x - width / 2, y + d), (x + e, y - e - 0.8 * height), (x + e, y + e - 0.2 * height)),
            *((x - e - width, y - e - 0.8 * height), (x - e - width, y + e - 0.2 * height)),
        ]
    for left, top in corners:
        yield (left - 1, top, left + width + 1, top + height)


class _Grid:
    """Boxes by cell, to know fast whether a new one touches an old one."""

    def __init__(self, cell: float) -> None:
        self.cell = cell
        self.cells: dict[tuple[int, int], list[Box]] = {}

    def _keys(self, box: Box) -> Iterator[tuple[int, int]]:
        low_x, low_y, high_x, high_y = (int(value // self.cell) for value in box)
        for column in range(low_x, high_x + 1):
            for row in range(low_y, high_y + 1):
                yield column, row

    def add(self, box: Box) -> None:
        for key in self._keys(box):
            self.cells.setdefault(key, []).append(box)

    def touches(self, box: Box) -> bool:
        return any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]
            for key in self._keys(box)
            for other in self.cells.get(key, ())
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


def _shorten(text: str, size: float, width: float, *, bold: bool = False) -> str:
    if text_width(text, size, bold=bold) <= width:
        return text
    kept = text
    while len(kept) > 1 and text_width(kept + "…", size, bold=bold) > width:
        kept = kept[:-1]
    return kept.strip() + "…"


def _wrap(text: str, size: float, width: float) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and text_width(longer, size) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines
