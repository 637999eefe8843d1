"""The smallest circle around points."""

from __future__ import annotations

import math

from reseau_territorial.layouts._pairs import Floats

Point = tuple[float, float]
Circle = tuple[float, float, float]


def smallest_circle(points: Floats) -> Circle:
    """Return the smallest circle (x, y, radius) around points, by adding them one by one (Welzl 1991)."""
    corners = _hull(points)
    circle = (float(corners[0][0]), float(corners[0][1]), 0.0)
    for i, p in enumerate(corners):
        if _outside(p, circle):
            circle = (p[0], p[1], 0.0)
            for j, q in enumerate(corners[:i]):
                if _outside(q, circle):
                    circle = _circle_of_two(p, q)
                    for r in corners[:j]:
                        if _outside(r, circle):
                            circle = _circle_of_three(p, q, r)
    return circle


def _hull(points: Floats) -> list[Point]:
    """Corners of the convex hull, where only the extreme points can touch the circle."""
    ordered = sorted({(float(x), float(y)) for x, y in points})
    if len(ordered) < 4:
        return ordered
    sides: list[list[Point]] = []
    for run in (ordered, ordered[::-1]):
        side: list[Point] = []
        for x, y in run:
            while len(side) > 1 and _turns_right(side[-2], side[-1], (x, y)):
                side.pop()
            side.append((x, y))
        sides.append(side[:-1])
    return sides[0] + sides[1]


def _turns_right(a: Point, b: Point, c: Point) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) <= 0


def _outside(point: Point, circle: Circle) -> bool:
    return math.hypot(point[0] - circle[0], point[1] - circle[1]) > circle[2] * (1 + 1e-9) + 1e-9


def _circle_of_two(p: Point, q: Point) -> Circle:
    return (p[0] + q[0]) / 2, (p[1] + q[1]) / 2, float(math.hypot(p[0] - q[0], p[1] - q[1])) / 2


def _circle_of_three(p: Point, q: Point, r: Point) -> Circle:
    ax, ay, bx, by = q[0] - p[0], q[1] - p[1], r[0] - p[0], r[1] - p[1]
    twice = 2 * (ax * by - ay * bx)
    if twice == 0:
        return max((_circle_of_two(*pair) for pair in ((p, q), (p, r), (q, r))), key=lambda circle: circle[2])
    x = (by * (ax * ax + ay * ay) - ay * (bx * bx + by * by)) / twice
    y = (ax * (bx * bx + by * by) - bx * (ax * ax + ay * ay)) / twice
    return p[0] + x, p[1] + y, float(math.hypot(x, y))
