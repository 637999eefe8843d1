"""Names that never touch: the first free place around each marker, in order of importance."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from reseau_territorial.maps._pens import text_width

__all__ = ["Box", "Label", "Wish", "place_labels", "shorten", "wrap"]

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Wish:
    text: str
    x: float
    y: float
    r: float
    frame: bool
    # A hub is named in bold, over the markers of others when no other place is free.
    hub: bool = False


@dataclass(frozen=True)
class Label:
    """A name that found room: its lines, and the actor that a thin leader joins it to when it stands apart."""

    lines: tuple[str, ...]
    box: Box
    size: float
    bold: bool
    leader: tuple[float, float, float] | None = None


# Distances from the marker, in heights of a letter, where a name may stand at the end of a leader.
FAR = (1.6, 2.8, 4.2, 6.0)


def place_labels(
    wishes: list[Wish],
    obstacles: list[Box],
    area: Box,
    size: float,
    *,
    led: int = 0,
    around: tuple[float, float] | None = None,
) -> list[Label]:
    """Give each name, in order, the first free place around its marker; names without one are left out.

    The first `led` names of actors may also stand further, at the end of a leader; those of hubs and of frames may
    cover markers.
    With a point to stand `around`, a name is farther from it than its marker.
    """
    taken, markers_grid = _Grid(60.0), _Grid(40.0)
    for box in obstacles:
        markers_grid.add(box)
    placed = []
    for wish in wishes:
        tall, bold = size * (1.12 if wish.frame else 1.0), wish.frame or wish.hub
        lines = _lines(wish, tall, size, area)
        width = max(text_width(line, tall, bold=bold) for line in lines)
        height = tall * 1.25 * len(lines)
        steps = (0.0, *FAR) if led > 0 and not wish.frame else (0.0,)
        led -= not wish.frame
        spots = [(step, box) for step in steps for box in _places(wish, width, height, area, step * size)]
        beside = [spot for spot in spots if around is None or _outward(spot[1], wish, around)]
        free = [(step, box) for step, box in beside if _inside(box, area) and not taken.touches(box)]
        clear = [spot for spot in free if not markers_grid.touches(spot[1])]
        for step, box in (clear or (free if wish.hub or wish.frame else []))[:1]:
            taken.add(box)
            leader = (wish.x, wish.y, wish.r) if step else None
            placed.append(Label(lines, box, tall, bold, leader))
    return placed


def _outward(box: Box, wish: Wish, centre: tuple[float, float]) -> bool:
    """Tell whether the nearest corner of a box is about as far from a centre as its marker, or farther."""
    x, y = (min(max(centre[i], box[i]), box[i + 2]) - centre[i] for i in (0, 1))
    return math.hypot(x, y) > 0.98 * math.hypot(wish.x - centre[0], wish.y - centre[1])


def _inside(box: Box, area: Box) -> bool:
    return area[0] <= box[0] and area[1] - 20 <= box[1] and box[2] <= area[2] and box[3] <= area[3] + 10


def _lines(wish: Wish, tall: float, size: float, area: Box) -> tuple[str, ...]:
    """Break the name of an actor over three lines at most; that of a frame stays on one."""
    if wish.frame:
        # The count at the end stays whole.
        name, space, count = wish.text.rpartition(" (")
        room = _room(wish, size, area) - text_width(space + count, tall, bold=True)
        return (shorten(name, tall, room, bold=True) + space + count,)
    if text_width(wish.text, tall) <= 15 * size:
        return (wish.text,)
    lines = wrap(wish.text, tall, 13 * size)
    kept = [*lines[:2], " ".join(lines[2:])] if len(lines) > 2 else lines
    return tuple(shorten(line, tall, 17 * size) for line in kept)


def _room(wish: Wish, size: float, area: Box) -> float:
    """Return the width that the name of a frame may take inside the map, a little off its middle at the edge."""
    beside = 2 * min(wish.x - area[0], area[2] - wish.x) + 4 * size
    return max(2 * wish.r, 7 * size, min(24 * size, beside))


def _places(wish: Wish, width: float, height: float, area: Box, away: float) -> Iterator[Box]:
    x, y, r = wish.x, wish.y, wish.r + away
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


def shorten(text: str, size: float, width: float, *, bold: bool = False) -> str:
    if text_width(text, size, bold=bold) <= width:
        return text
    kept = text
    while len(kept) > 1 and text_width(kept + "…", size, bold=bold) > width:
        kept = kept[:-1]
    return kept.strip() + "…"


def wrap(text: str, size: float, width: float) -> list[str]:
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
