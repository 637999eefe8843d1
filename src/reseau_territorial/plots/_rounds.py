"""What circles and rings need besides: groups named along the circle, rings named, ways to the middle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.layouts import OUT_OF_REACH
from reseau_territorial.layouts._circles import smallest_circle
from reseau_territorial.outlines.naming import group_labels
from reseau_territorial.plots._drawing import View
from reseau_territorial.plots._labels import Boxes, shorten, text_size
from reseau_territorial.plots._notes import plural
from reseau_territorial.plots._sheet import PAGE, SMALLEST, Sheet, say
from reseau_territorial.styles import format_number
from reseau_territorial.vocabulary import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reseau_territorial.network import Network

Floats = NDArray[np.float64]
# Degrees of the circle under which a group has no name: its arc is shorter than a letter.
LEAST_ARC = 3.0
# Points between the circle and its arcs: room for the markers.
INSIDE = 9.0
# Where the name of a ring is tried, in degrees: at the top, then away from it.
TURNS = (90, 78, 102, 66, 114, 54, 126, 42, 138, 270, 258, 282, 246, 294, 0, 180)


def inward(ties: pd.DataFrame, positions: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which ties to draw so that each actor keeps one way to the middle: to its partner nearest to it."""
    away = pd.Series(np.hypot(*(positions - positions.mean()).to_numpy(float).T), index=positions.index).round(6)
    ends = [ties[["source", "target"]], ties[["target", "source"]].set_axis(["source", "target"], axis=1)]
    both = pd.concat(ends).rename_axis("tie").reset_index()
    both["own"], both["other"] = (both[end].map(away) for end in ("source", "target"))
    both = both[both["other"] < both["own"]].sort_values(["other", "tie"], kind="stable")
    return np.isin(np.arange(len(ties)), both.drop_duplicates("source")["tie"])


def draw_arcs(
    sheet: Sheet,
    ax: Axes,
    view: View,
    net: Network,
    by: str,
    groups: pd.Series,
    xy: Floats,
    boxes: Boxes,
    lang: Lang,
) -> None:
    """Draw an arc inside the circle along each group; outside, the name of the group and its number of actors."""
    *centre, radius = smallest_circle(xy)
    middle = np.array(centre)
    angle = np.degrees(np.arctan2(*(xy - middle).T[::-1]))
    sizes = groups.value_counts()
    order = sorted(sizes.index, key=lambda group: (-sizes[group], str(group)))
    words = dict(zip(order, group_labels(net, by, order, lang), strict=True))
    inner, outer = radius - INSIDE / view.scale, radius + INSIDE / view.scale
    step = 360 / (len(xy) + len(sizes))
    for group in order:
        first, last = _span(angle[(groups == group).to_numpy()])
        turn = np.radians(np.linspace(first - step / 3, last + step / 3, 60))
        ends = middle + inner * np.column_stack([np.cos(turn), np.sin(turn)])
        ax.plot(*ends.T, color=PAGE.frame_line, linewidth=2.2 * sheet.scale, solid_capstyle="butt", zorder=0.6)
        if last - first < LEAST_ARC and len(sizes) > 24:
            continue
        text = f"{shorten(words[group], 22)}\u00a0({format_number(int(sizes[group]), lang=lang)})"
        width, height = text_size(sheet.canvas, text, 8.0, bold=True)
        way = np.radians((first + last) / 2)
        cos, sin = float(np.cos(way)), float(np.sin(way))
        for gap in (12.0, 26.0, 40.0, 54.0):
            at = view.points(middle + (outer + gap / view.scale) * np.array([cos, sin]))
            x, y = boxes.clamp(at[0] + cos * width / 2, at[1] + sin * height / 2, width, height)
            if boxes.free(x, y, width, height):
                boxes.add(x, y, width, height)
                place = view.data(np.array([x, y]))
                style = {"ha": "center", "weight": "bold", "color": PAGE.muted, "halo": 2.5, "zorder": 4.5}
                sheet.write(ax, place[0], place[1], text, size=8.0, linespacing=1.05, **style)
                break


def _span(angles: Floats) -> tuple[float, float]:
    """First and last angle of a group that stands together on a circle, in degrees, whatever the cut at 180."""
    sorted_ = np.sort(angles)
    gaps = np.diff(np.append(sorted_, sorted_[0] + 360))
    start = (int(np.argmax(gaps)) + 1) % len(sorted_)
    first = float(sorted_[start])
    return first, first + float(360 - gaps.max())


def draw_ring_names(sheet: Sheet, ax: Axes, view: View, frames: pd.DataFrame, boxes: Boxes, lang: Lang) -> None:
    """Write on each ring, where no actor and no other name stands, how far it is and how many actors it has."""
    named = Boxes(boxes.room)
    for ring, row in frames.iterrows():
        steps = plural(int(str(ring)), say(lang, "lien", "tie"), say(lang, "liens", "ties"), lang)
        count = format_number(int(row["actors"]), lang=lang)
        text = say(lang, f"à {steps} ({count})", f"{steps} away ({count})")
        if ring == OUT_OF_REACH:
            text = say(lang, f"aucun chemin ({count})", f"no path ({count})")
        width, height = text_size(sheet.canvas, text, SMALLEST, bold=True)
        turns = np.radians(TURNS)
        middle, radius = row[["x", "y"]].to_numpy(float), float(row["radius"])
        spots = view.points(middle + radius * np.column_stack([np.cos(turns), np.sin(turns)]))
        free = [spot for taken in (boxes, named) for spot in spots if taken.free(spot[0], spot[1], width, height)]
        x, y = free[0] if free else spots[0]
        boxes.add(x, y, width, height)
        named.add(x, y, width, height)
        place = view.data(np.array([x, y]))
        style = {"ha": "center", "weight": "bold", "color": PAGE.muted, "halo": 2.5, "zorder": 4.5}
        sheet.write(ax, place[0], place[1], text, size=SMALLEST, **style)
