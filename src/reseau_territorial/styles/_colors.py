"""Colours measured: contrast, distance as each kind of eye sees it, and scales of stops."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final

from reseau_territorial.errors import unknown_name

# Cividis (Nuñez, Anderton & Renslow 2018) and the blue-white-red of Tol, as evenly spaced stops.
SEQUENTIAL: Final = (
    *("#00224E", "#083370", "#35456C", "#4F576C", "#666970", "#7D7C78"),
    *("#948E77", "#AEA371", "#C8B866", "#E5CF52", "#FEE838"),
)
DIVERGING: Final = (
    *("#2166AC", "#4393C3", "#92C5DE", "#D1E5F0", "#F7F7F7", "#FDDBC7", "#F4A582", "#D6604D", "#B2182B"),
)


def color_at(stops: Sequence[str], share: float) -> str:
    """Return the colour at a share (0 to 1) of a scale of evenly spaced stops."""
    place = min(max(share, 0.0), 1.0) * (len(stops) - 1)
    low = min(int(place), len(stops) - 2)
    mixed = (
        round((1 - place + low) * a + (place - low) * b)
        for a, b in zip(_bytes(stops[low]), _bytes(stops[low + 1]), strict=True)
    )
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


def text_on(color: str) -> str:
    """Return black or white, whichever reads better on a fill."""
    return max(("#000000", "#FFFFFF"), key=lambda ink: contrast(ink, color))


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance).

    Parameters
    ----------
    first, second : str
        Colours as ``#RRGGBB``; the order does not matter.

    Returns
    -------
    float
        4.5 or more is asked for text, 3 or more for graphics.

    Examples
    --------
    >>> round(contrast("#000000", "#FFFFFF"), 1)
    21.0
    """
    lights = [_dot((0.2126, 0.7152, 0.0722), _linear(color)) for color in (first, second)]
    return (max(lights) + 0.05) / (min(lights) + 0.05)


# Full dichromacy, Machado, Oliveira & Fernandes (2009), applied to linear RGB.
_VISION: Final[Mapping[str, tuple[tuple[float, float, float], ...]]] = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
_TO_XYZ: Final = (
    (0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339 / 1.08883, 0.1191920 / 1.08883, 0.9503041 / 1.08883),
)


def color_distance(first: str, second: str, *, vision: str = "normal") -> float:
    """Distance of two colours as an eye sees them (CIE 1976 delta E in Lab).

    Parameters
    ----------
    first, second : str
        Colours as ``#RRGGBB``.
    vision : {"normal", "protan", "deutan", "tritan"}
        The eye: with all cones, or without those for long, middle or short waves.

    Returns
    -------
    float
        0 for the same colour; under about 10 two fills are easily mistaken.

    References
    ----------
    .. [1] Machado, Oliveira & Fernandes (2009). A physiologically-based model for simulation of color
       vision deficiency. IEEE Trans. Vis. Comput. Graph. 15(6).

    Examples
    --------
    >>> color_distance("#0072B2", "#0072B2", vision="deutan")
    0.0
    """
    if vision not in _VISION:
        raise unknown_name("vision", vision, _VISION)
    return math.dist(_lab(first, vision), _lab(second, vision))


def smallest_distance(colors: Sequence[str], *, vision: str = "normal") -> float:
    """Return the distance of the two colours that are hardest to tell apart."""
    return min(color_distance(a, b, vision=vision) for a, b in combinations(colors, 2))


def _bytes(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _linear(color: str) -> tuple[float, ...]:
    shares = (channel / 255 for channel in _bytes(color))
    return tuple(s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)


def _dot(row: Sequence[float], values: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(row, values, strict=True))


def _lab(color: str, vision: str) -> tuple[float, float, float]:
    seen = [min(max(_dot(row, _linear(color)), 0.0), 1.0) for row in _VISION[vision]]
    x, y, z = (_dot(row, seen) for row in _TO_XYZ)
    fx, fy, fz = (t ** (1 / 3) if t > (6 / 29) ** 3 else t * (29 / 6) ** 2 / 3 + 4 / 29 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)
