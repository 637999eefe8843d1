"""From a network to a layout: groups, kept positions, new actors among the old ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.layouts import OUT_OF_REACH, Layout, _geographic, _groups, _rounds
from reseau_territorial.layouts._force import GOLDEN, sunflower
from reseau_territorial.layouts._pairs import Floats, Ints, Pairs, pairs_of
from reseau_territorial.layouts._partition import default_groups

if TYPE_CHECKING:
    from reseau_territorial.network import Network
    from reseau_territorial.outlines import Outline

Mask = NDArray[np.bool_]
SPACING = _groups.SPACING
MOST_GROUPS = 3000


def place(
    net: Network,
    actors: pd.DataFrame,
    layout: str,
    by: str | None,
    center: str | None,
    seed: int,
    places: Mapping[str, Outline] | None = None,
) -> Layout:
    """Place the actors of a table sorted by actor; see `place_actors`."""
    pairs = pairs_of(net, actors.index)
    by = by if by is not None else default_groups(actors, pairs)
    codes, groups = _codes(net, actors, by)
    if layout == "groups" and len(groups) > MOST_GROUPS:
        raise ReseauError(
            f"by={by!r} makes {len(groups):,} groups of {len(actors):,} actors, more than {MOST_GROUPS:,}: no "
            "sheet can show a disc for each. Choose a broader column, or another layout."
        )
    kept = _kept_positions(actors)
    fixed = np.isfinite(kept[:, 0])
    xy = kept
    if not fixed.all():
        xy = _new_places(
            actors, layout, pairs, codes, kept, middle=_middle(actors, pairs, center), seed=seed, places=places
        )
    whole = np.rint(xy).astype(np.int64)
    if layout == "groups":
        frames = _group_frames(whole, codes, groups)
    elif layout == "rings":
        frames = _ring_frames(whole, pairs, codes, _middle(actors, pairs, center))
    else:
        frames = _inset_frames(whole if layout == "geographic" else whole[:0])
    positions = pd.DataFrame(whole, index=actors.index, columns=["x", "y"]).reindex(net.actors.index)
    return Layout(positions, frames, layout, by, seed)


def _new_places(
    actors: pd.DataFrame,
    layout: str,
    pairs: Pairs,
    codes: Ints,
    kept: Floats,
    *,
    middle: int,
    seed: int,
    places: Mapping[str, Outline] | None,
) -> Floats:
    """Place every actor when none has a position, else the new ones among those that have."""
    fixed = np.isfinite(kept[:, 0])
    if layout == "geographic":
        return _among(_geographic.geographic_positions(actors, pairs, places)[0], kept, fixed)
    if fixed.any():
        return _join(kept, fixed, pairs, codes, framed=layout == "groups")
    if layout == "groups":
        return _groups.group_positions(pairs, codes, seed=seed)
    if layout == "force":
        return _rounds.force_positions(pairs, seed=seed)
    if layout == "circle":
        return _rounds.circle_positions(pairs, codes)
    return _rounds.ring_positions(pairs, codes, middle)[0]


def _codes(net: Network, actors: pd.DataFrame, by: str | None) -> tuple[Ints, pd.Index]:
    if by is None:
        return np.zeros(len(actors), dtype=np.int64), pd.Index([""], name="group")
    codes, groups = net._groups(by, actors.index, missing="group")
    return codes.astype(np.int64), groups


def _middle(actors: pd.DataFrame, pairs: Pairs, center: str | None) -> int:
    if center is None:
        return int(np.argmax(pairs.degree))
    if center not in actors.index:
        raise unknown_name("actor", center, actors.index)
    return int(actors.index.get_indexer(pd.Index([center]))[0])


def _kept_positions(actors: pd.DataFrame) -> Floats:
    if not {"x", "y"} <= set(actors.columns):
        return np.full((len(actors), 2), np.nan)
    columns = [pd.to_numeric(actors[axis]).to_numpy(dtype=float, na_value=np.nan) for axis in ("x", "y")]
    xy = np.column_stack(columns)
    xy[np.isnan(xy).any(axis=1)] = np.nan
    return xy


def _join(kept: Floats, fixed: Mask, pairs: Pairs, codes: Ints, *, framed: bool) -> Floats:
    """Find a free place for each new actor, near its ties, inside the frame of its group if there is one."""
    xy = kept.copy()
    order = np.argsort(~fixed, kind="stable")
    frames = {}
    if framed:
        for code in np.unique(codes[fixed]):
            part = codes == code
            frames[int(code)] = _groups.frames_of(kept[part & fixed], np.zeros(int((part & fixed).sum()), int), 1)[0]
        for code in np.setdiff1d(codes, codes[fixed]):
            members = np.flatnonzero(codes == code)
            radius = float(_groups.disc_radius(np.array([len(members)]))[0])
            centre = _free_disc(_wish(members, xy, pairs), radius + _groups.MARGIN, frames)
            frames[int(code)] = np.array([*centre, radius + _groups.MARGIN])
            xy[members] = centre + sunflower(len(members)) * radius
    for actor in order[int(fixed.sum()) :]:
        if np.isnan(xy[actor, 0]):
            wish = _wish(np.array([actor]), xy, pairs)
            xy[actor] = _free_place(wish, xy[np.isfinite(xy[:, 0])], frames.get(int(codes[actor])))
    return xy


def _wish(members: Ints, xy: Floats, pairs: Pairs) -> Floats:
    """Mean of the actors already placed that some actors have ties with, else the middle of all."""
    near = np.concatenate([pairs.target[np.isin(pairs.source, members)], pairs.source[np.isin(pairs.target, members)]])
    placed = xy[near][np.isfinite(xy[near, 0])]
    return np.asarray(placed.mean(axis=0) if len(placed) else np.nanmean(xy, axis=0))


def _spiral(step: float, count: int) -> Floats:
    rank = np.arange(count)
    radius = step * np.sqrt(rank)
    return np.column_stack([radius * np.cos(rank * GOLDEN), radius * np.sin(rank * GOLDEN)])


def _free_disc(wish: Floats, radius: float, frames: dict[int, Floats]) -> Floats:
    """Centre, the nearest to a wish, of a disc that touches no frame."""
    table = np.array(list(frames.values()))
    reach = float(np.hypot(np.ptp(table[:, 0]), np.ptp(table[:, 1])) + 4 * (table[:, 2].max() + radius))
    tries = wish + _spiral(reach / np.sqrt(6000), 6000)
    gaps = np.hypot(tries[:, 0, None] - table[:, 0], tries[:, 1, None] - table[:, 1]) - table[:, 2]
    free = gaps.min(axis=1) >= radius + _groups.GAP
    return np.asarray(tries[int(np.argmax(free))])


def _free_place(wish: Floats, taken: Floats, frame: Floats | None) -> Floats:
    """Place, the nearest to a wish, that is far enough from the actors already there."""
    if frame is None:
        tries = wish + _spiral(SPACING / 3, 9 * len(taken) + 60)
    else:
        room = frame[2] - _groups.MARGIN
        tries = frame[:2] + sunflower(max(int(12 * (room / SPACING) ** 2), 7)) * max(room, 1.0)
        tries = tries[np.argsort(np.hypot(*(tries - wish).T), kind="stable")]
    distance = np.asarray(cKDTree(taken).query(tries)[0])
    for gap in (0.85, 0.7, 0.55, 0.4):
        if (distance >= gap * SPACING).any():
            return np.asarray(tries[int(np.argmax(distance >= gap * SPACING))])
    return np.asarray(tries[int(np.argmax(distance))])


def _among(wished: Floats, kept: Floats, fixed: Mask) -> Floats:
    """On the ground: old actors stay, new ones stand at their own place or just beside it."""
    from reseau_territorial.layouts._force import separate

    if not fixed.any():
        return wished
    xy = np.where(fixed[:, None], kept, wished)
    extent = np.sqrt(np.prod(np.ptp(xy, axis=0) + 1_000.0))
    gap = 0.4 * extent / np.sqrt(max(len(xy), 40))
    moved = separate(xy, gap, iterations=40, movable=(~fixed).astype(float))
    return np.where(fixed[:, None], kept, moved)


def _group_frames(xy: Ints, codes: Ints, groups: pd.Index) -> pd.DataFrame:
    frames = _groups.frames_of(xy.astype(float), codes, len(groups))
    table = pd.DataFrame(np.rint(frames).astype(np.int64), index=groups, columns=["x", "y", "radius"])
    return table.assign(actors=np.bincount(codes, minlength=len(groups)))


def _ring_frames(xy: Ints, pairs: Pairs, codes: Ints, middle: int) -> pd.DataFrame:
    ring = _rounds.ring_positions(pairs, codes, middle)[1]
    away = np.hypot(*(xy - xy[middle]).T.astype(float))
    rings = np.unique(ring[ring > 0])
    radius = [_rim(away[ring == step]) for step in rings]
    reached = np.isfinite(pairs.path_lengths(middle))
    index = pd.Index([int(step) if reached[ring == step].all() else OUT_OF_REACH for step in rings], name="ring")
    table = pd.DataFrame({"x": xy[middle, 0], "y": xy[middle, 1], "radius": radius}, index=index)
    return table.assign(actors=[int((ring == step).sum()) for step in rings])


def _rim(away: Floats) -> int:
    """Return the radius of the circle through a ring of one row, or around one of several."""
    several = float(np.ptp(away)) > SPACING / 2
    return int(np.rint(away.max() + 0.6 * SPACING if several else np.median(away)))


def _inset_frames(xy: Ints) -> pd.DataFrame:
    """Return the frames of the insets where actors stand, by their coordinates or by their territory."""
    names = _geographic.inset_at(xy.astype(float))
    used = [inset for inset in _geographic.INSETS.values() if (names == inset.name).any()]
    rows = [(i.x, i.y, i.radius, int((names == i.name).sum())) for i in used]
    index = pd.Index([inset.name for inset in used], name="inset", dtype="str")
    return pd.DataFrame(rows, index=index, columns=["x", "y", "radius", "actors"]).astype("int64")
