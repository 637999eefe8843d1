"""A network drawn in axes: frames, ties fanned by layer, actors, rings, labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._arguments import check_network
from reseau_territorial.errors import unknown_name
from reseau_territorial.plots._labels import WRAP_AT, Boxes, Placed, place_labels
from reseau_territorial.plots._scales import Look, marker
from reseau_territorial.plots._sheet import PAGE, Sheet
from reseau_territorial.privacy import Persons, protect
from reseau_territorial.styles import SHAPES, LineStyle, clean
from reseau_territorial.vocabulary import Lang

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reseau_territorial.network import Network

Floats = NDArray[np.float64]
CURVE = np.linspace(0, 1, 13)


@dataclass(frozen=True)
class View:
    """How data coordinates become points of the sheet, y upwards, from the corner of the axes."""

    low: Floats
    scale: float
    width: float
    height: float

    def points(self, xy: Floats) -> Floats:
        """Points from the lower left corner of the axes."""
        return np.asarray((xy - self.low) * self.scale)

    def data(self, xy: Floats) -> Floats:
        """Positions of points."""
        return np.asarray(xy / self.scale + self.low)


def fit(sheet: Sheet, ax: Axes, low: Floats, high: Floats, *, pad: float = 14.0) -> View:
    """Show a box of positions in axes, as large as it goes, with the same scale both ways."""
    position = ax.get_position()
    width = position.width * sheet.width * 72
    height = position.height * sheet.height * 72
    span = np.maximum(high - low, 1.0)
    scale = float(min((width - 2 * pad) / span[0], (height - 2 * pad) / span[1]))
    corner = (low + high) / 2 - np.array([width, height]) / (2 * scale)
    ax.set_xlim(corner[0], corner[0] + width / scale)
    ax.set_ylim(corner[1], corner[1] + height / scale)
    return View(corner, scale, width, height)


def bounds_of(positions: pd.DataFrame, frames: pd.DataFrame | None) -> tuple[Floats, Floats]:
    """Return the corners of the box around positions and frames."""
    xy = positions[["x", "y"]].to_numpy(float)
    low, high = xy.min(axis=0), xy.max(axis=0)
    if frames is not None and len(frames):
        centres, radius = frames[["x", "y"]].to_numpy(float), frames[["radius"]].to_numpy(float)
        low = np.minimum(low, (centres - radius).min(axis=0))
        high = np.maximum(high, (centres + radius).max(axis=0))
    return low, high


def marker_scale(view: View, positions: pd.DataFrame, look: Look) -> float:
    """Return how much to shrink the markers of a look so that neighbours hardly touch."""
    if len(positions) < 2:
        return 1.15
    from scipy.spatial import cKDTree

    xy = positions.to_numpy(float)
    near = float(np.quantile(np.asarray(cKDTree(xy).query(xy, k=2)[0])[:, 1], 0.2)) * view.scale
    share = 0.36 if look.sizes is None else 0.52
    return float(np.clip(share * near / max(float(look.radii.max()), 1e-9), 0.12, 1.15))


def discs(frames: pd.DataFrame) -> list[tuple[float, float, float]]:
    """Return centre and radius of each frame."""
    return [(float(x), float(y), float(r)) for x, y, r in frames[["x", "y", "radius"]].to_numpy(dtype=float)]


def draw_frames(sheet: Sheet, ax: Axes, frames: pd.DataFrame, *, filled: bool = True) -> None:
    """Draw the discs of groups, rings or insets."""
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Circle

    circles = [Circle((x, y), radius) for x, y, radius in discs(frames)]
    collection = PatchCollection(
        circles,
        facecolors=PAGE.frame if filled else "none",
        edgecolors=PAGE.frame_line,
        linewidths=0.8 * sheet.scale,
        zorder=0.5,
    )
    ax.add_collection(collection)


def draw_ties(
    sheet: Sheet,
    ax: Axes,
    view: View,
    ties: pd.DataFrame,
    positions: pd.DataFrame,
    styles: dict[str, LineStyle],
    *,
    crossing: NDArray[np.bool_],
    directed: pd.Series,
    radii: pd.Series,
    centre: Floats | None = None,
    besides: int = 0,
) -> None:
    """Draw ties, one collection per layer: ties that leave a group over the others, unknown ones dotted.

    `besides` other lines share the paper with them.
    """
    from matplotlib.collections import LineCollection

    if not len(ties):
        return
    # Thinner and paler where many ties share little paper: a sheet of A4 holds 150 at full strength.
    paper = view.width * view.height / (600 * 430)
    crowd = float(np.clip(np.sqrt(150 * min(paper, 1.0) / (len(ties) + besides)), 0.22, 1.0))
    start = view.points(positions.loc[ties["source"], ["x", "y"]].to_numpy(float))
    end = view.points(positions.loc[ties["target"], ["x", "y"]].to_numpy(float))
    curves = fan(start, end, _rank_in_pair(ties), gap=4.2 * max(crowd, 0.4))
    if centre is not None:
        curves = _through(curves, view.points(centre))
    # Ties that stay in a group are thinner, not paler: a pale line is lost on paper.
    width = _widths(ties["weight"].to_numpy(float)) * crowd * np.where(crossing, 1.0, 0.7)
    alpha_present = 0.12 + 0.88 * crowd
    unknown = (ties["status"] == "unknown").to_numpy()
    for layer, style in styles.items():
        here = (ties["layer"] == layer).to_numpy()
        for which, color, dash, alpha, order in (
            (here & ~unknown & ~crossing, style.color, style.dash, alpha_present, 1.0),
            (here & ~unknown & crossing, style.color, style.dash, alpha_present, 1.4),
            (here & unknown, PAGE.ghost, (1.0, 2.4), 0.9, 0.9),
        ):
            if not which.any():
                continue
            lines = [view.data(curve) for curve in curves[which]]
            collection = LineCollection(
                lines,
                colors=color,
                alpha=alpha,
                zorder=order,
                linewidths=(width[which] * sheet.scale).tolist(),
                linestyles=[(0, tuple(dash)) if dash else "solid"],
                capstyle="butt",
            )
            ax.add_collection(collection)
            if bool(directed.get(layer, False)) and len(ties) <= 400:
                ends = radii.loc[ties["target"][which]].to_numpy(float)
                # No head is much larger than the actor that it points to.
                size = min(6.0 * max(crowd, 0.6), 1.5 + 1.5 * float(radii.max()))
                _draw_heads(ax, view, curves[which], ends, color, alpha, order, size=size)


def _widths(weight: Floats) -> Floats:
    """Line width in points: all alike when the weights are, else by the root of the weight."""
    top = weight.max() if len(weight) else 1.0
    if top <= 0 or np.ptp(weight) == 0:
        return np.full(len(weight), 1.15)
    return np.asarray(0.7 + 1.9 * np.sqrt(np.maximum(weight, 0) / top))


def _rank_in_pair(ties: pd.DataFrame) -> tuple[Floats, NDArray[np.bool_]]:
    """Place of each tie among those of its pair (centred on 0), and whether it runs against the pair."""
    a, b = ties["source"].to_numpy(str), ties["target"].to_numpy(str)
    reverse = a > b
    keys = pd.MultiIndex.from_arrays([np.where(reverse, b, a), np.where(reverse, a, b)])
    pair = pd.Series(keys.factorize()[0])
    rank = pair.groupby(pair).cumcount()
    count = pair.map(pair.value_counts())
    return np.asarray(rank - (count - 1) / 2, dtype=np.float64), reverse


def fan(start: Floats, end: Floats, rank: tuple[Floats, NDArray[np.bool_]], *, gap: float) -> Floats:
    """Return curves from start to end that leave `gap` between parallel ties; lone ties are straight.

    Parameters
    ----------
    start, end : ndarray, shape (n, 2)
        Ends in points.
    rank : tuple
        Place of each tie in its pair, centred on 0, and whether it runs against the pair.
    gap : float
        Distance of neighbours at mid-length, in points.

    Returns
    -------
    ndarray, shape (n, 13, 2)
        Quadratic curves.
    """
    place, reverse = rank
    line = end - start
    length = np.maximum(np.sqrt((line * line).sum(axis=1)), 1e-9)
    normal = np.column_stack([-line[:, 1], line[:, 0]]) / length[:, None]
    bend = np.where(reverse, -1.0, 1.0) * place * np.minimum(gap, 0.12 * length)
    control = (start + end) / 2 + normal * (2 * bend)[:, None]
    t = CURVE[None, :, None]
    return np.asarray((1 - t) ** 2 * start[:, None] + 2 * t * (1 - t) * control[:, None] + t**2 * end[:, None])


def _through(curves: Floats, centre: Floats) -> Floats:
    """Bend curves towards a point, most in their middle: on a circle neighbours' ties become visible."""
    pull = (2 * CURVE * (1 - CURVE))[None, :, None] * 0.9
    return np.asarray(curves + pull * (centre - (curves[:, :1] + curves[:, -1:]) / 2))


def _draw_heads(
    ax: Axes, view: View, curves: Floats, radii: Floats, color: str, alpha: float, order: float, *, size: float
) -> None:
    """Draw an arrow head, so many points long, where each curve reaches its actor."""
    from matplotlib.collections import PolyCollection

    tip_direction = curves[:, -1] - curves[:, -3]
    length = np.maximum(np.sqrt((tip_direction**2).sum(axis=1)), 1e-9)
    ahead = tip_direction / length[:, None]
    side = np.column_stack([-ahead[:, 1], ahead[:, 0]])
    tip = curves[:, -1] - ahead * (radii + 1.6)[:, None]
    back, half = tip - size * ahead, 0.38 * size * side
    heads = np.stack([tip, back + half, back - half], axis=1)
    shapes = [view.data(head) for head in heads]
    ax.add_collection(PolyCollection(shapes, facecolors=color, edgecolors="none", alpha=alpha, zorder=order))


def draw_actors(sheet: Sheet, ax: Axes, xy: Floats, look: Look, *, faded: NDArray[np.bool_] | None = None) -> None:
    """Draw one marker per actor; faded ones hollow and dotted (absent, or wished for)."""
    shapes = np.array(look.shapes)
    ghost = np.zeros(len(xy), dtype=bool) if faded is None else faded
    thin = float(np.clip(look.radii.mean() / 5, 0.25, 1)) if len(xy) else 1.0
    for name, shape in SHAPES.items():
        path, reach = marker(name)
        for hollow in (False, True):
            here = np.flatnonzero((shapes == name) & (ghost == hollow))
            if not len(here):
                continue
            fill = ["#FFFFFF" if hollow or shape.hollow else look.colors[i] for i in here]
            edge = [look.colors[i] if shape.hollow and not hollow else PAGE.outline for i in here]
            ax.scatter(
                xy[here, 0],
                xy[here, 1],
                s=(2 * look.radii[here] * reach * sheet.scale) ** 2,
                marker=path,
                c=fill,
                edgecolors=edge,
                linewidths=(2.2 if shape.hollow else 0.8) * thin * sheet.scale,
                linestyles=":" if hollow else "-",
                zorder=3 + (0.1 if hollow else 0.0),
            )


def draw_rings(sheet: Sheet, ax: Axes, xy: Floats, radii: Floats) -> None:
    """Ring the actors that join groups: a white band, then a black one."""
    room = np.clip(0.75 * radii, 1.6, 3.6)
    for share, color, width in ((0.6, PAGE.background, 2.0), (1.0, "#000000", 1.3)):
        ax.scatter(
            xy[:, 0],
            xy[:, 1],
            s=(2 * (radii * 1.25 + share * room) * sheet.scale) ** 2,
            facecolors="none",
            edgecolors=color,
            linewidths=width * sheet.scale,
            zorder=2.9,
        )


def draw_labels(
    sheet: Sheet,
    ax: Axes,
    view: View,
    names: Sequence[str],
    xy: Floats,
    radii: Floats,
    order: Sequence[int],
    boxes: Boxes,
    *,
    size: float,
    strong: frozenset[int] = frozenset(),
    reach: float = 3.0,
    firm: int = 0,
    outward: Floats | None = None,
    lines: Floats | None = None,
    wrap_at: int = WRAP_AT,
) -> list[Placed]:
    """Write names beside their actors where there is room, with thin leaders when they stand apart."""
    points = view.points(xy)
    placed = place_labels(
        sheet.canvas,
        names,
        points,
        radii,
        order,
        boxes,
        size=size,
        reach=reach,
        strong=strong,
        firm=firm,
        outward=outward,
        lines=lines,
        wrap_at=wrap_at,
    )
    for one in placed:
        x, y = view.data(np.array([one.x, one.y]))
        if one.leader:
            _leader(sheet, ax, view, points[one.index], one, float(radii[one.index]))
        weight = "bold" if one.index in strong else "normal"
        sheet.write(ax, x, y, one.text, size=size, ha="center", weight=weight, halo=2.2, zorder=5, linespacing=1.05)
    return placed


def _leader(sheet: Sheet, ax: Axes, view: View, point: Floats, one: Placed, radius: float) -> None:
    edge = np.array(
        [
            np.clip(point[0], one.x - one.width / 2, one.x + one.width / 2),
            np.clip(point[1], one.y - one.height / 2, one.y + one.height / 2),
        ]
    )
    line = edge - point
    start = point + line / max(float(np.hypot(*line)), 1e-9) * radius
    ends = view.data(np.array([start, edge]))
    ax.plot(ends[:, 0], ends[:, 1], color=PAGE.ink, linewidth=0.6 * sheet.scale, zorder=2.5)


def obstacles(view: View, xy: Floats, radii: Floats) -> Boxes:
    """Return boxes taken by the actors themselves, in the room of the axes."""
    boxes = Boxes((1.0, 1.0, view.width - 1.0, view.height - 1.0))
    points = view.points(xy)
    side = (2 * radii + 0.5)[:, None] / 2
    boxes.taken = np.hstack([points - side, points + side])
    return boxes


def tie_table(net: Network) -> pd.DataFrame:
    """Return the ties to draw: present and unknown ones, in an order that the rows do not change."""
    check_network(net)
    ties = net.ties
    ties = ties[(ties["status"] != "absent") & (ties["source"] != ties["target"])]
    # The two ends of an undirected tie stand in one order, whatever that of the table.
    turned = ~ties["layer"].map(net.layers["directed"]).astype(bool) & (ties["source"] > ties["target"])
    source, target = ties["source"], ties["target"]
    ties = ties.assign(source=source.mask(turned, target), target=target.mask(turned, source))
    if ties["period"].nunique() > 1:
        # A tie kept over several periods is one line of the drawing, present if it ever was, as wide as it ever was.
        ties = ties.sort_values(["status", "weight"], ascending=[True, False], kind="stable")
        ties = ties.drop_duplicates(["source", "target", "layer"])
    return ties.sort_values(["layer", "source", "target"], kind="stable").reset_index(drop=True)


def names_of(net: Network, persons: Persons, lang: Lang) -> list[str]:
    """Return what to call each actor: its name, else its identifier; persons by their kind and a number."""
    if persons == "group":
        raise unknown_name("choice for persons of a plot", persons, ["mask", "keep"])
    alone = net.replace(ties=net.ties[:0], provision=net.provision[:0], observation=net.observation[:0])
    actors = protect(alone, persons=persons, cells="mask", lang=lang).actors
    return [
        clean(name) if pd.notna(name) and str(name).strip() else clean(actor)
        for actor, name in zip(actors.index, actors["name"].astype(object), strict=True)
    ]
