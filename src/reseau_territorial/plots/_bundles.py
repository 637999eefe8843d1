"""Ties gathered into fewer lines where there are too many to be told apart.

First the ties of one actor with several members of a group, into one line from this actor to the disc of the group;
then, where that is not enough, all ties between two groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.plots._sheet import PAGE, Sheet
from reseau_territorial.styles import LineStyle

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
PAIRS_PER_GROUP = 3
# An actor has so many ties with a group before they are gathered: two lines can be followed one by one.
LEAST_GATHERED = 3


def gather(ties: pd.DataFrame, groups: pd.Series, crossing: NDArray[np.bool_]) -> tuple[pd.DataFrame, pd.Series]:
    """Gather the ties of one actor with the members of another group, layer by layer.

    A tie could be counted on either of its ends: it goes where most ties are gathered.

    Parameters
    ----------
    ties : DataFrame
        Columns source, target, layer, status; unknown ties are left alone.
    groups : Series
        Group of each actor.
    crossing : ndarray of bool
        Ties that leave their group.

    Returns
    -------
    gathered : DataFrame
        Columns actor, group, layer, ties (how many).
    left : Series of bool
        The ties that stay lines of their own.
    """
    free = pd.Series(crossing & (ties["status"] == "present").to_numpy(), index=ties.index)
    stars = []
    for end, other in (("source", "target"), ("target", "source")):
        star = pd.DataFrame(
            {"actor": ties[end], "group": groups.loc[ties[other]].to_numpy(), "layer": ties["layer"]}, index=ties.index
        )[free]
        stars.append(star.assign(ties=star.groupby(["actor", "group", "layer"])["actor"].transform("size")))
    first, second = stars
    chosen = first.where(first["ties"] >= second["ties"], second)
    chosen["ties"] = chosen.groupby(["actor", "group", "layer"])["actor"].transform("size")
    chosen = chosen[chosen["ties"] >= LEAST_GATHERED]
    left = pd.Series(True, index=ties.index)
    left[chosen.index] = False
    gathered = chosen.drop_duplicates(["actor", "group", "layer"]).reset_index(drop=True)
    return gathered.astype({"ties": int}), left


def draw_gathered(
    sheet: Sheet,
    ax: Axes,
    gathered: pd.DataFrame,
    positions: pd.DataFrame,
    groups: pd.Series,
    frames: pd.DataFrame,
    styles: dict[str, LineStyle],
) -> None:
    """Draw each gathered line from its actor to the rim of the group, where a dot ends it.

    A line passes under the discs that it only crosses; inside the disc of its own actor it is seen.
    """
    from matplotlib.collections import LineCollection

    if not len(gathered):
        return
    own = frames.loc[groups.loc[gathered["actor"]], ["x", "y", "radius"]].to_numpy(float)
    far = frames.loc[gathered["group"], ["x", "y", "radius"]].to_numpy(float)
    start = positions.loc[gathered["actor"], ["x", "y"]].to_numpy(float)
    line = far[:, :2] - start
    length = np.maximum(np.hypot(line[:, 0], line[:, 1]), 1e-9)
    ahead = line / length[:, None]
    end = far[:, :2] - ahead * far[:, 2:]
    # Where the line leaves the disc of its own actor: the far root of |start + t ahead - centre| = radius.
    offset = start - own[:, :2]
    along = (offset * ahead).sum(axis=1)
    inside = np.maximum(along**2 - (offset**2).sum(axis=1) + own[:, 2] ** 2, 0.0)
    out = start + ahead * np.minimum(np.sqrt(inside) - along, length - far[:, 2])[:, None]
    width = 0.6 + 3.4 * gathered["ties"].to_numpy(float) / float(gathered["ties"].max())
    for layer, style in styles.items():
        here = (gathered["layer"] == layer).to_numpy()
        if not here.any():
            continue
        for first, last, order in ((start, out, 0.9), (out, end, 0.3)):
            ax.add_collection(
                LineCollection(
                    list(np.stack([first[here], last[here]], axis=1)),
                    colors=style.color,
                    linewidths=(width[here] * sheet.scale).tolist(),
                    linestyles=[(0, tuple(style.dash)) if style.dash else "solid"],
                    capstyle="butt",
                    alpha=0.8,
                    zorder=order,
                )
            )
        ax.scatter(
            end[here, 0],
            end[here, 1],
            s=((width[here] + 2.4) * sheet.scale) ** 2,
            c=style.color,
            edgecolors=PAGE.background,
            linewidths=0.5 * sheet.scale,
            zorder=0.7,
        )


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
    counts = counts.sort_index().sort_values(ascending=False, kind="stable").head(PAIRS_PER_GROUP * len(frames))
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
