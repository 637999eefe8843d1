"""What lies under a map on the ground: outlines and their shades, frames of insets, the bar of kilometres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.layouts._geographic import INSETS, inset_at
from reseau_territorial.outlines import Outline
from reseau_territorial.plots import _drawing as drawing
from reseau_territorial.plots._labels import Boxes
from reseau_territorial.plots._sheet import PAGE, Sheet, Style
from reseau_territorial.styles import SEQUENTIAL, color_at, format_number
from reseau_territorial.vocabulary import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_insets", "draw_outlines", "draw_scale_bar", "draw_shades", "keep_clear"]

Floats = NDArray[np.float64]


def draw_outlines(sheet: Sheet, ax: Axes, shapes: dict[str, Outline], values: pd.Series | None) -> None:
    """Draw the outlines that meet the window, each shaded by its value."""
    from matplotlib.collections import PathCollection
    from matplotlib.path import Path

    paths, fills = [], []
    low, high = (np.array(limits, dtype=float) for limits in zip(ax.get_xlim(), ax.get_ylim(), strict=True))
    shades = _shades(values)
    for code, one in shapes.items():
        corners = np.concatenate(one.rings).astype(float)
        if (corners.max(axis=0) < low).any() or (corners.min(axis=0) > high).any():
            continue
        codes = [c for ring in one.rings for c in (Path.MOVETO, *[Path.LINETO] * (len(ring) - 2), Path.CLOSEPOLY)]
        paths.append(Path(corners, codes))
        fills.append(shades.get(code, PAGE.frame))
    ax.add_collection(
        PathCollection(
            paths,
            facecolors=fills,
            edgecolors="#8D8D9C" if values is None else PAGE.background,
            linewidths=0.7 * sheet.scale,
            zorder=0.2,
        )
    )


def _shades(values: pd.Series | None) -> dict[str, str]:
    if values is None:
        return {}
    numbers = values.astype(float).dropna()
    low, high = float(numbers.min()), float(numbers.max())
    span = (high - low) or 1.0
    return {str(code): _shade((value - low) / span) for code, value in numbers.items()}


def _shade(share: float) -> str:
    """Return a pale shade, from light to dark: ties and names must stay readable over it."""
    return color_at((color_at(SEQUENTIAL, 1 - 0.75 * share), "#FFFFFF"), 0.45)


def draw_shades(sheet: Sheet, ax: Axes, values: pd.Series, lang: Lang) -> None:
    """Write the scale of the shading in the lower right corner of the map."""
    from matplotlib.patches import Rectangle

    numbers = values.astype(float).dropna()
    low, high = float(numbers.min()), float(numbers.max())
    digits = 0 if high - low >= 10 or (numbers % 1 == 0).all() else 2
    for step in range(40):
        color = _shade(step / 39)
        box = (0.76 + 0.2 * step / 40, 0.035)
        ax.add_patch(Rectangle(box, 0.0052, 0.022, facecolor=color, edgecolor="none", transform=ax.transAxes, zorder=6))
    for x, value, ha in ((0.76, low, "left"), (0.9602, high, "right")):
        where: Style = {"transform": ax.transAxes, "ha": ha, "halo": 2.5, "zorder": 6}
        sheet.write(ax, x, 0.018, format_number(value, digits, lang), size=7.5, **where)
    name = str(values.name or "")
    sheet.write(ax, 0.76, 0.075, name, size=8, weight="bold", transform=ax.transAxes, halo=2.5, zorder=6)


def draw_insets(sheet: Sheet, ax: Axes, frames: pd.DataFrame) -> None:
    """Draw the frame of each inset, and its name over it."""
    from matplotlib.patches import Rectangle

    for name, (x, y, radius) in zip(frames.index, drawing.discs(frames), strict=True):
        half = min(radius, INSETS[str(name)].half_width)
        edge: Style = {"facecolor": "none", "edgecolor": PAGE.frame_line, "linewidth": 0.7 * sheet.scale}
        ax.add_patch(Rectangle((x - half, y - radius), 2 * half, 2 * radius, zorder=0.6, **edge))
        sheet.write(ax, x - half, y + 1.12 * radius, str(name), size=7, color=PAGE.muted, halo=2)


def keep_clear(view: drawing.View, frames: pd.DataFrame, boxes: Boxes) -> None:
    """Keep the names of actors off the insets and the names of these."""
    for x, y, radius in drawing.discs(frames):
        side = 2 * radius * view.scale
        middle = view.points(np.array([x, y + 0.12 * radius]))
        boxes.add(float(middle[0]), float(middle[1]), side, 1.16 * side)


def draw_scale_bar(sheet: Sheet, ax: Axes, view: drawing.View, positions: Floats, boxes: Boxes, lang: Lang) -> None:
    """Draw a bar of a round number of kilometres in the lower left corner."""
    insets = set(inset_at(positions))
    # The bar holds for the mainland, or for the one inset that is shown.
    scale = view.scale * (INSETS[insets.pop()].scale if len(insets) == 1 and "" not in insets else 1.0)
    room = 0.16 * view.width / scale / 1000
    steps = [n * 10**k for k in range(-1, 4) for n in (1, 2, 5)]
    length = max((step for step in steps if step <= room), default=1)
    low = np.array([ax.get_xlim()[0], ax.get_ylim()[0]])
    start = low + np.array([10.0, 12.0]) / view.scale
    end = start[0] + length * 1000 * scale / view.scale
    ax.plot(
        [start[0], end], [start[1]] * 2, color=PAGE.ink, linewidth=1.6 * sheet.scale, zorder=6, solid_capstyle="butt"
    )
    text = f"{format_number(length, 0 if length >= 1 else 1, lang)}\u00a0km"
    middle = (start[0] + end) / 2
    sheet.write(ax, middle, start[1] + 7 / view.scale, text, size=7.5, ha="center", halo=2.5, zorder=6)
    wide = length * 1000 * scale
    boxes.add(10 + wide / 2, 16, wide + 6, 20)
