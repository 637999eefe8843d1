"""The outline of each shape, and which kind of actor has it."""

from __future__ import annotations

import math
from collections.abc import Mapping
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

    @property
    def svg_path(self) -> str:
        """The outline as SVG path data, y downwards as on a screen."""
        if not self.points:
            r = f"{self.radius:g}"
            return f"M{r} 0A{r} {r} 0 1 1 -{r} 0A{r} {r} 0 1 1 {r} 0Z"
        corners = "L".join(f"{x:g} {-y:g}" for x, y in self.points)
        return f"M{corners}Z"


def _regular(corners: int, start: float, stretch: float = 1.0) -> tuple[tuple[float, float], ...]:
    """Corners of a regular polygon with the area of the unit circle."""
    radius = math.sqrt(2 * math.pi / (corners * math.sin(2 * math.pi / corners))) * stretch
    angles = (start + 2 * math.pi * corner / corners for corner in range(corners))
    return tuple((round(radius * math.cos(a), 4), round(radius * math.sin(a), 4)) for a in angles)


def _star(points: int, outer: float, inner: float) -> tuple[tuple[float, float], ...]:
    radii = (outer, inner) * points
    angles = (math.pi / 2 + math.pi * corner / points for corner in range(2 * points))
    return tuple((round(r * math.cos(a), 4), round(r * math.sin(a), 4)) for r, a in zip(radii, angles, strict=True))


_UP = math.pi / 2
_ARM = 0.44
SHAPES: Final[Mapping[str, Shape]] = {
    shape.name: shape
    for shape in (
        Shape("circle"),
        Shape("square", _regular(4, math.pi / 4)),
        Shape("pentagon", _regular(5, _UP)),
        Shape("hexagon", _regular(6, 0.0)),
        Shape("triangle", _regular(3, _UP, 0.94)),
        Shape("triangle_down", _regular(3, -_UP, 0.94)),
        Shape("diamond", _regular(4, _UP)),
        Shape("star", _star(5, 1.5, 0.68)),
        Shape("ring", radius=0.72, hollow=True),
        Shape("rectangle", ((1.25, 0.66), (-1.25, 0.66), (-1.25, -0.66), (1.25, -0.66))),
        Shape("trapezoid", ((0.62, 0.82), (-0.62, 0.82), (-1.3, -0.82), (1.3, -0.82))),
        Shape("house", ((0.9, -0.95), (0.9, 0.35), (0.0, 1.2), (-0.9, 0.35), (-0.9, -0.95))),
        Shape(
            "plus",
            (
                *((_ARM, 1.2), (-_ARM, 1.2), (-_ARM, _ARM), (-1.2, _ARM), (-1.2, -_ARM), (-_ARM, -_ARM)),
                *((-_ARM, -1.2), (_ARM, -1.2), (_ARM, -_ARM), (1.2, -_ARM), (1.2, _ARM), (_ARM, _ARM)),
            ),
        ),
        Shape("drop", ((0.0, 1.45), (0.85, 0.2), (0.6, -0.75), (0.0, -1.0), (-0.6, -0.75), (-0.85, 0.2))),
    )
}

_KIND_SHAPES: Final[Mapping[str, str]] = {
    "commune": "circle",
    "epci": "square",
    "grouping": "rectangle",
    "departement": "pentagon",
    "region": "hexagon",
    "local_authority": "house",
    "local_operator": "plus",
    "service": "drop",
    "prefecture": "triangle",
    "subprefecture": "trapezoid",
    "arrondissement": "hexagon",
    "state": "star",
    "state_service": "diamond",
    "operator": "triangle_down",
    "management_centre": "rectangle",
    "hospital": "plus",
    "school": "house",
    "france_services": "circle",
    "social_protection": "square",
    "association": "diamond",
    "foundation": "pentagon",
    "cooperative": "hexagon",
    "collective": "plus",
    "union": "trapezoid",
    "volunteers": "ring",
    "citizens": "drop",
    "company": "square",
    "company_network": "star",
    "sole_trader": "circle",
    "chamber": "house",
    "mixed_company": "rectangle",
    "media": "diamond",
    "person": "ring",
    "professionals": "drop",
    "project": "hexagon",
    "programme": "rectangle",
    "forum": "triangle",
    "other": "circle",
}


def shape_of(kind: object) -> str:
    """Return the name of the shape of a kind of actor, ``"circle"`` when the kind is not known."""
    return _KIND_SHAPES.get(str(kind), "circle")
