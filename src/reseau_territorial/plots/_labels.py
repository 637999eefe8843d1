"""Labels that do not overlap: the most important first, near their actor, else by a thin leader."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# Words that no cut name ends with.
_LINKS = re.compile(r"(?:[\s,–-]+(?:à|aux?|d[eu]|des|en|et|l[ae]|les|ou|par|pour|sur))+$|[\s,–-]+$", re.IGNORECASE)
WRAP_AT = 24
LINES = 3
FAR = (2.0, 3.0, 4.5, 6.0, 8.0, 10.0, 13.0)
# Directions tried in turn: right, left, above, below, then the corners, as on a printed map.
DIRECTIONS = np.radians([0, 180, 90, 270, 30, 150, 330, 210, 60, 120, 240, 300])


@dataclass(frozen=True)
class Placed:
    """A label that found room: which one, its box (centre, in points) and whether it needs a leader."""

    index: int
    text: str
    x: float
    y: float
    width: float
    height: float
    leader: bool


class Boxes:
    """Boxes already taken; tells whether another one would touch them."""

    def __init__(self, room: tuple[float, float, float, float]) -> None:
        self.room = room
        self.taken = self.words = np.empty((0, 4))

    def add(self, x: float, y: float, width: float, height: float) -> None:
        """Take the box around a centre."""
        box = [x - width / 2, y - height / 2, x + width / 2, y + height / 2]
        self.taken, self.words = np.vstack([self.taken, box]), np.vstack([self.words, box])

    def clamp(self, x: float, y: float, width: float, height: float) -> tuple[float, float]:
        """Move a centre as little as needed for its box to lie in the room."""
        low_x, low_y, high_x, high_y = self.room
        x = min(max(x, low_x + width / 2), max(high_x - width / 2, low_x + width / 2))
        return x, min(max(y, low_y + height / 2), max(high_y - height / 2, low_y + height / 2))

    def free(self, x: float, y: float, width: float, height: float, *, over: bool = False) -> bool:
        """Tell whether the box around a centre is inside the room and touches no other (`over` actors: no word)."""
        low_x, low_y, high_x, high_y = x - width / 2, y - height / 2, x + width / 2, y + height / 2
        if low_x < self.room[0] or low_y < self.room[1] or high_x > self.room[2] or high_y > self.room[3]:
            return False
        t = self.words if over else self.taken
        hits = (t[:, 0] < high_x) & (t[:, 2] > low_x) & (t[:, 1] < high_y) & (t[:, 3] > low_y)
        return not hits.any()


def shorten(text: str, width: int = WRAP_AT) -> str:
    """Break a long name over a few lines; of one longer still, what it begins and ends with.

    Names of organisations begin alike ("Syndicat intercommunal d’alimentation en eau potable de…"): what tells them
    apart comes last.
    """
    lines = textwrap.wrap(text, width, break_long_words=True)
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], f"… {_end(text, width - 2)}"]
    return "\n".join(lines)


def cut(text: str, longest: int = 44) -> str:
    """Keep a name on one line: of one longer than so many letters, what it begins and ends with."""
    if len(text) <= longest:
        return text
    end = _end(text, longest // 2 - 1)
    start = text[: longest - len(end) - 2]
    return f"{_LINKS.sub('', start.rpartition(' ')[0] or start)}… {end}"


def _end(text: str, longest: int) -> str:
    """Return the last words of a text, so many letters at most."""
    end = text[-longest:]
    return end if text[-longest - 1 : -longest].isspace() else end.partition(" ")[2] or end


def ranked(values: ArrayLike, actors: Iterable[object], names: Sequence[str] = ()) -> Ints:
    """Return the places of values from the greatest down; equals by their name, then identifier, never by row."""
    keys = [str(actor) for actor in actors]
    words = [unicodedata.normalize("NFKD", name).casefold() for name in (names or keys)]
    return np.lexsort((np.asarray(keys, dtype=str), np.asarray(words, dtype=str), -np.asarray(values, dtype=float)))


def text_size(canvas: FigureCanvasAgg, text: str, size: float, *, bold: bool = False) -> tuple[float, float]:
    """Return width and height of a text in points."""
    from matplotlib.font_manager import FontProperties

    from reseau_territorial.plots._letters import families, written

    text = written(text)
    font = FontProperties(family=families(text), size=size, weight="bold" if bold else "normal")
    renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]
    dots = renderer.points_to_pixels(1.0)
    lines = text.split("\n")
    width = max(renderer.get_text_width_height_descent(line or " ", font, False)[0] for line in lines)
    return width / dots + 2.0, 1.2 * size * len(lines) + 1.0


def place_labels(
    canvas: FigureCanvasAgg,
    names: Sequence[str],
    xy: Floats,
    radii: Floats,
    order: Sequence[int],
    boxes: Boxes,
    *,
    size: float,
    reach: float = 3.0,
    strong: frozenset[int] = frozenset(),
    firm: int = 0,
    outward: Floats | None = None,
    lines: Floats | None = None,
    wrap_at: int = WRAP_AT,
) -> list[Placed]:
    """Find room for labels, in order; those that find none are left out.

    Parameters
    ----------
    canvas : FigureCanvasAgg
        Measures text.
    names : sequence of str
        Text of each label.
    xy : ndarray, shape (n, 2)
        Points to label, in points.
    radii : ndarray
        Radius of each marker, in points.
    order : sequence of int
        Which labels to try, most important first.
    boxes : Boxes
        What is taken already; labels placed are added.
    size : float
        Size of the text in points.
    strong : frozenset of int
        Labels written in bold, over the markers of others where there is no room.
    firm : int
        How many of the first labels may go as far as it takes.
    outward : ndarray, optional
        Angle that each label would best have from its point; by default the right, then the left.
    lines : ndarray, shape (m, 2), optional
        Points of lines that a label beside its marker covers only where no other place is free.
    wrap_at : int
        Letters of a line; a shorter line finds room more easily on a small map.
    reach : float
        How far a leader may go, in heights of the text.

    Returns
    -------
    list of Placed
        In the order placed.
    """
    placed: list[Placed] = []
    for number, index in enumerate(order):
        text = shorten(names[index], wrap_at)
        if not text.strip():
            continue
        width, height = text_size(canvas, text, size, bold=index in strong)
        steps = (0.0, 0.5, 1.2, 2.0, reach) if reach > 0 else (0.0, 0.4)
        tries: list[tuple[float, bool, Floats | None]]
        tries = [(step, False, None) for step in ((*steps, *FAR) if number < firm else steps)]
        if lines is not None:
            tries = [(0.0, False, lines), (0.5, False, lines), *tries]
        if index in strong:
            tries += [(step, True, None) for step in (0.0, 0.5, 1.2, 2.0)]  # rather over its neighbours than not at all
        for step, over, clear in tries:
            gap = radii[index] + 2.0 + step * size * 1.2
            found = _try_round(boxes, _turns(index, outward), xy[index], gap, width, height, over=over, clear=clear)
            if found is not None:
                boxes.add(*found, width, height)
                placed.append(Placed(index, text, *found, width, height, step > 0.6))
                break
    return placed


def _try_round(
    boxes: Boxes,
    turns: Floats,
    point: Floats,
    gap: float,
    width: float,
    height: float,
    *,
    over: bool,
    clear: Floats | None = None,
) -> tuple[float, float] | None:
    for angle in turns:
        cos, sin = float(np.cos(angle)), float(np.sin(angle))
        x = float(point[0]) + cos * gap + _side(cos) * width / 2
        y = float(point[1]) + sin * gap + _side(sin) * height / 2
        if boxes.free(x, y, width, height, over=over) and (clear is None or not _on(clear, x, y, width, height)):
            return x, y
    return None


def _on(points: Floats, x: float, y: float, width: float, height: float) -> bool:
    """Tell whether a point lies in the box around a centre."""
    return bool((np.abs(points - (x, y)) < (width / 2, height / 2)).all(axis=1).any())


def _turns(index: int, outward: Floats | None) -> Floats:
    """Directions to try, in order: about the best angle when there is one, never back into the drawing."""
    if outward is None:
        return DIRECTIONS
    return np.asarray(outward[index] + np.radians([0, 20, -20, 45, -45, 70, -70]))


def _side(share: float) -> float:
    """How far a box moves for a direction: not at all when the direction is nearly straight."""
    return 0.0 if abs(share) < 0.2 else float(np.sign(share)) * min(1.0, abs(share) * 1.3)


def spread_values(values: Floats, gap: float) -> Floats:
    """Move values as little as needed to stand `gap` apart."""
    order = np.argsort(values, kind="stable")
    places = values[order].copy()
    for _ in range(200):
        close = np.diff(places) < gap * 0.999
        if not close.any():
            break
        for index in np.flatnonzero(close):
            middle = (places[index] + places[index + 1]) / 2
            places[index], places[index + 1] = middle - gap / 2, middle + gap / 2
    result = np.empty(len(values))
    result[order] = places
    return result
