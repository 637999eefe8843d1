"""The outline of each shape, and which kind of actor has it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Shape:
    """The outline of one marker, in a box from -1 to 1 with y upwards.

    An empty `points` is a circle of radius `radius`. Areas are close to that of the unit circle, so
    that no shape looks bigger than another at the same size.
    """

    name: str
    points: tuple[tuple[float, float], ...] = ()
    radius: float = 1.0
    hollow: bool = False


Corners = tuple[tuple[float, float], ...]


def _fitted(corners: Sequence[tuple[float, float]], share: float = 1.0) -> Corners:
    """Centre an outline on its box and give it a share of the area of the unit circle."""
    pairs = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    area = abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)) / 2
    scale = math.sqrt(math.pi * share / area)
    middle = [(min(values) + max(values)) / 2 for values in zip(*corners, strict=True)]
    return tuple((round(scale * (x - middle[0]), 3), round(scale * (y - middle[1]), 3)) for x, y in corners)


def _regular(corners: int, start: float, share: float = 1.0) -> Corners:
    """Corners of a regular polygon around the origin, with a share of the area of the unit circle."""
    radius = math.sqrt(2 * math.pi * share / (corners * math.sin(2 * math.pi / corners)))
    return _arc(0.0, 0.0, radius, start, start + 2 * math.pi * (corners - 1) / corners, corners)


def _arc(x: float, y: float, radius: float, start: float, stop: float, steps: int = 7) -> Corners:
    angles = (start + (stop - start) * step / (steps - 1) for step in range(steps))
    return tuple((round(x + radius * math.cos(a), 4), round(y + radius * math.sin(a), 4)) for a in angles)


def _star(points: int, outer: float, inner: float) -> Corners:
    radii = (outer, inner) * points
    angles = (math.pi / 2 + math.pi * corner / points for corner in range(2 * points))
    return tuple((round(r * math.cos(a), 4), round(r * math.sin(a), 4)) for r, a in zip(radii, angles, strict=True))


def _lobes(count: int, start: float) -> Corners:
    """Return discs that meet in a clover."""
    reach, half = 0.62, math.radians(105 if count == 3 else 95)
    turns = (start + 2 * math.pi * lobe / count for lobe in range(count))
    return tuple(
        corner
        for turn in turns
        for corner in _arc(reach * math.cos(turn), reach * math.sin(turn), 0.56, turn - half, turn + half, 9)
    )


def _heart() -> Corners:
    turns = (2 * math.pi * step / 28 for step in range(28))
    return tuple(
        (
            math.sin(t) ** 3,
            (13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)) / 16,
        )
        for t in turns
    )


_UP = math.pi / 2
_ARM = 0.44
_PLUS: Final = (
    *((_ARM, 1.2), (-_ARM, 1.2), (-_ARM, _ARM), (-1.2, _ARM), (-1.2, -_ARM), (-_ARM, -_ARM)),
    *((-_ARM, -1.2), (_ARM, -1.2), (_ARM, -_ARM), (1.2, -_ARM), (1.2, _ARM), (_ARM, _ARM)),
)
_TURN = math.sqrt(0.5)
SHAPES: Final[Mapping[str, Shape]] = {
    shape.name: shape
    for shape in (
        Shape("circle"),
        Shape("square", _regular(4, math.pi / 4)),
        Shape("pentagon", _regular(5, _UP)),
        Shape("hexagon", _regular(6, 0.0)),
        Shape("triangle", _regular(3, _UP, 0.88)),
        Shape("triangle_down", _regular(3, -_UP, 0.88)),
        Shape("diamond", _regular(4, _UP)),
        Shape("star", _star(5, 1.5, 0.68)),
        Shape("burst", _star(8, 1.32, 0.86)),
        Shape("ring", radius=0.72, hollow=True),
        Shape("rectangle", ((1.25, 0.66), (-1.25, 0.66), (-1.25, -0.66), (1.25, -0.66))),
        Shape("trapezoid", ((0.62, 0.82), (-0.62, 0.82), (-1.3, -0.82), (1.3, -0.82))),
        Shape("trapezoid_down", ((1.3, 0.82), (-1.3, 0.82), (-0.62, -0.82), (0.62, -0.82))),
        Shape("parallelogram", _fitted(((1.5, 0.7), (-0.7, 0.7), (-1.5, -0.7), (0.7, -0.7)))),
        Shape("house", ((0.9, -0.95), (0.9, 0.35), (0.0, 1.2), (-0.9, 0.35), (-0.9, -0.95))),
        Shape("arch", _fitted(((0.8, -1), *_arc(0, 0.3, 0.8, 0, math.pi, 11), (-0.8, -1)))),
        Shape("dome", _fitted((*_arc(0, 0, 1, 0, math.pi, 15), (-1.0, -0.25), (1.0, -0.25)))),
        Shape("plus", _PLUS),
        Shape("cross", tuple((round(_TURN * (x - y), 4), round(_TURN * (x + y), 4)) for x, y in _PLUS)),
        Shape("drop", ((0.0, 1.45), (0.85, 0.2), (0.6, -0.75), (0.0, -1.0), (-0.6, -0.75), (-0.85, 0.2))),
        Shape("pin", _fitted((*_arc(0, 0.3, 0.85, -0.3, math.pi + 0.3, 13), (0.0, -1.3)))),
        Shape("shield", _fitted(((-1, 1), (-1, -0.1), (-0.6, -0.75), (0, -1.15), (0.6, -0.75), (1, -0.1), (1, 1)))),
        Shape("folder", _fitted(((-1.1, 0.9), (-0.25, 0.9), (0, 0.5), (1.1, 0.5), (1.1, -0.8), (-1.1, -0.8)))),
        Shape("capsule", _fitted((*_arc(0.7, 0, 0.7, -_UP, _UP, 9), *_arc(-0.7, 0, 0.7, _UP, 3 * _UP, 9)))),
        Shape("trefoil", _fitted(_lobes(3, _UP), 0.95)),
        Shape("clover", _fitted(_lobes(4, math.pi / 4), 0.95)),
        Shape("heart", _fitted(_heart(), 0.95)),
        Shape(
            "bust",
            _fitted(
                (
                    *((-1.0, -1.2), (1.0, -1.2), (0.9, -0.4), (0.35, -0.05)),
                    *_arc(0, 0.55, 0.6, -0.95, math.pi + 0.95, 13),
                    *((-0.35, -0.05), (-0.9, -0.4)),
                ),
                0.92,
            ),
        ),
        Shape(
            "factory",
            _fitted(
                (
                    *((-1.1, -1.0), (1.1, -1.0), (1.1, 0.35), (0.35, -0.1), (0.35, 0.35), (-0.4, -0.1)),
                    *((-0.4, 1.1), (-1.1, 1.1)),
                ),
                0.92,
            ),
        ),
        Shape("flag", _fitted(((-1, -1), (-1, 0.9), (1.2, 0.9), (0.6, 0.15), (1.2, -0.6), (-0.55, -0.6), (-0.55, -1)))),
        Shape(
            "bubble",
            _fitted(((-1.1, 0.9), (1.1, 0.9), (1.1, -0.5), (0.1, -0.5), (-0.6, -1.1), (-0.5, -0.5), (-1.1, -0.5))),
        ),
        Shape(
            "column",
            _fitted(
                (
                    *((-1, 1), (1, 1), (1, 0.5), (0.55, 0.5), (0.55, -0.5), (1, -0.5)),
                    *((1, -1), (-1, -1), (-1, -0.5), (-0.55, -0.5), (-0.55, 0.5), (-1, 0.5)),
                ),
                0.95,
            ),
        ),
        Shape("hourglass", _fitted(((-0.9, 1.1), (0.9, 1.1), (0.3, 0), (0.9, -1.1), (-0.9, -1.1), (-0.3, 0)), 0.85)),
        Shape("arrow", _fitted(((-1.1, 0.75), (0.3, 0.75), (1.2, 0), (0.3, -0.75), (-1.1, -0.75)))),
        Shape("chevron", _fitted(((-1.2, 0.9), (0.4, 0.9), (1.2, 0), (0.4, -0.9), (-1.2, -0.9), (-0.45, 0)), 0.95)),
        Shape("bowl", _fitted(((1.0, 0.25), (-1.0, 0.25), *_arc(0, 0, 1, math.pi, 2 * math.pi, 15)))),
        Shape("pentagon_down", _regular(5, -_UP)),
    )
}

# One shape per kind: the shape alone says the kind, whatever the colour says.
_KIND_SHAPES: Final[Mapping[str, str]] = {
    "commune": "circle",
    "epci": "square",
    "grouping": "rectangle",
    "departement": "pentagon",
    "region": "hexagon",
    "local_authority": "house",
    "local_operator": "shield",
    "service": "folder",
    "prefecture": "triangle",
    "subprefecture": "trapezoid",
    "arrondissement": "trapezoid_down",
    "state": "burst",
    "state_service": "drop",
    "operator": "triangle_down",
    "management_centre": "capsule",
    "hospital": "plus",
    "school": "arch",
    "france_services": "pin",
    "social_protection": "dome",
    "association": "diamond",
    "foundation": "pentagon_down",
    "cooperative": "clover",
    "collective": "trefoil",
    "union": "flag",
    "volunteers": "heart",
    "citizens": "bust",
    "company": "factory",
    "company_network": "star",
    "sole_trader": "hourglass",
    "chamber": "column",
    "mixed_company": "parallelogram",
    "media": "bubble",
    "person": "ring",
    "professionals": "cross",
    "project": "arrow",
    "programme": "chevron",
    "forum": "bowl",
    "other": "circle",
}


def shape_of(kind: object) -> str:
    """Return the name of the shape of a kind of actor, ``"circle"`` when the kind is not known."""
    return _KIND_SHAPES.get(str(kind), "circle")
