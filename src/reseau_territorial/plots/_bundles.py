"""Ties between groups gathered into one line per pair of groups, for networks too large to draw tie by tie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reseau_territorial.plots._sheet import PAGE, Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PAIRS_PER_GROUP = 3


def draw_bundles(sheet: Sheet, ax: Axes, ties: pd.DataFrame, groups: pd.Series, frames: pd.DataFrame) -> None:
    """Draw the strongest pairs of groups, from rim to rim, as wide as the root of their number of ties.

    Parameters
    ----------
    sheet : Sheet
        Scale of the lines.
    ax : Axes
        Where to draw.
    ties : DataFrame
        Ties that leave their group.
    groups : Series
        Group of each actor.
    frames : DataFrame
        Index group: x, y, radius.
    """
    from matplotlib.collections import LineCollection

    ends = np.sort(np.column_stack([groups.loc[ties[end]].to_numpy(str) for end in ("source", "target")]), axis=1)
    counts = pd.Series(1, index=pd.MultiIndex.from_arrays([ends[:, 0], ends[:, 1]])).groupby(level=[0, 1]).sum()
    counts = counts.sort_values(ascending=False, kind="stable").head(PAIRS_PER_GROUP * len(frames))
    places = frames.set_axis(frames.index.astype(str))[["x", "y", "radius"]]
    first, last = (places.loc[counts.index.get_level_values(level)].to_numpy(float) for level in (0, 1))
    line = last[:, :2] - first[:, :2]
    ahead = line / np.maximum(np.hypot(line[:, 0], line[:, 1]), 1e-9)[:, None]
    start = first[:, :2] + ahead * first[:, 2:]
    end = last[:, :2] - ahead * last[:, 2:]
    strength = np.sqrt(counts.to_numpy(float) / float(counts.iloc[0]))
    ax.add_collection(
        LineCollection(
            list(np.stack([start, end], axis=1)),
            colors=PAGE.ink,
            alpha=0.55,
            linewidths=(0.4 + 3.6 * strength**2) * sheet.scale,
            zorder=0.3,
        )
    )
