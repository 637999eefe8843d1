"""Names of groups on their discs, where they cover neither actors nor another group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reseau_territorial.plots._drawing import View, discs
from reseau_territorial.plots._labels import Boxes, cut, shorten, text_size
from reseau_territorial.plots._sheet import PAGE, Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Where the name of a group may stand beside its disc, in degrees.
BESIDE = (60, 120, 40, 140, 20, 160, -20, 200, -40, 220, -60, 240)


def label_frames(
    sheet: Sheet, ax: Axes, view: View, frames: pd.DataFrame, names: Sequence[str], boxes: Boxes, *, size: float
) -> None:
    """Write the name of each group on the top of its frame, inside the drawing."""
    named = Boxes(boxes.room)
    for place in _with_names(frames):
        found = _spot_of_name(sheet, view, frames, place, names[place], boxes, size)
        found = found or _spot_over(sheet, view, frames, place, names[place], named, size)
        if found is None:
            continue
        name, x, y = found
        width, height = text_size(sheet.canvas, name, size, bold=True)
        boxes.add(x, y, width, height)
        named.add(x, y, width, height)
        at = view.data(np.array([x, y]))
        style = {"ha": "center", "weight": "bold", "color": PAGE.muted, "halo": 2.5, "zorder": 4.5}
        sheet.write(ax, at[0], at[1], name, size=size, **style)


def crowded_names(
    sheet: Sheet, view: View, frames: pd.DataFrame, names: Sequence[str], boxes: Boxes, *, size: float
) -> list[int]:
    """Return the places of the groups whose name would cover actors, another group or another name."""
    crowded = []
    for place in _with_names(frames):
        found = _spot_of_name(sheet, view, frames, place, names[place], boxes, size)
        if found is None:
            crowded.append(place)
        else:
            name, x, y = found
            boxes.add(x, y, *text_size(sheet.canvas, name, size, bold=True))
    return crowded


def _with_names(frames: pd.DataFrame) -> list[int]:
    """Return the places of the groups that need a name; the only actor of a group is named inside."""
    return [place for place, actors in enumerate(frames["actors"]) if actors > 1 or len(frames) == 1]


def _spot_of_name(
    sheet: Sheet, view: View, frames: pd.DataFrame, place: int, full: str, boxes: Boxes, size: float
) -> tuple[str, float, float] | None:
    """Return the name of a disc and where it covers nothing: about its top or its foot, else beside it."""
    disc = discs(frames)[place]
    for name in (shorten(full, 28), shorten(full, 18)):
        width, height = text_size(sheet.canvas, name, size, bold=True)
        # A number between two discs could be of either.
        beside = [] if full.isdigit() else _spots_beside(view, disc, width, height)
        for x, y in [*_name_spots(view, disc, height), *beside]:
            if boxes.free(x, y, width, height) and not _over_another(view, frames, place, x, y, width, height):
                return name, x, y
    return None


def _spot_over(
    sheet: Sheet, view: View, frames: pd.DataFrame, place: int, full: str, named: Boxes, size: float
) -> tuple[str, float, float] | None:
    """Return the name of a disc and where it covers no other name: over its own actors, else over another disc."""
    disc = discs(frames)[place]
    for name in (shorten(full, 28), cut(full, 20)):
        width, height = text_size(sheet.canvas, name, size, bold=True)
        inside = [named.clamp(*spot, width, height) for spot in _name_spots(view, disc, height)]
        free = [spot for spot in inside if named.free(*spot, width, height)]
        if free:
            own = [spot for spot in free if not _over_another(view, frames, place, *spot, width, height)]
            return name, *(own or free)[0]
    return None


def _over_another(
    view: View, frames: pd.DataFrame, place: int, x: float, y: float, width: float, height: float
) -> bool:
    """Tell whether a box of points lies over the disc of another group."""
    others = np.delete(frames[["x", "y", "radius"]].to_numpy(dtype=float), place, axis=0)
    middles, half = view.points(others[:, :2]), np.array([width, height]) / 2
    gaps = np.maximum(np.abs(middles - (x, y)) - half, 0.0)
    return bool((np.hypot(*gaps.T) < others[:, 2] * view.scale).any())


def _name_spots(view: View, disc: tuple[float, float, float], height: float) -> list[tuple[float, float]]:
    """Places for the name of a disc, the best first: about its top, under it, inside it."""
    x_mid, y_mid, radius = disc
    x, top = (float(value) for value in view.points(np.array([x_mid, y_mid + radius])))
    bottom = top - 2 * radius * view.scale
    heights = [top + 0.62 * height, top, top - 0.7 * height, top - 1.6 * height]
    return [(x, y) for y in (*heights, bottom - 0.62 * height, bottom, top - 2.6 * height)]


def _spots_beside(
    view: View, disc: tuple[float, float, float], width: float, height: float
) -> list[tuple[float, float]]:
    """Places for the name of a disc beside it, touching its rim."""
    x_mid, y_mid = view.points(np.array(disc[:2]))
    reach = disc[2] * view.scale + 2.0
    turns = [(float(np.cos(turn)), float(np.sin(turn))) for turn in np.radians(BESIDE)]
    return [
        (x_mid + cos * reach + np.sign(cos) * width / 2, y_mid + sin * reach + np.sign(sin) * height / 2)
        for cos, sin in turns
    ]
