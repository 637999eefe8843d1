"""Actors on two axes, in four named quarters: silo and bridge, influence and dependence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._arguments import check_network
from reseau_territorial.errors import ReseauError
from reseau_territorial.plots import _drawing as drawing
from reseau_territorial.plots._axes import ticks
from reseau_territorial.plots._labels import Boxes, cut, ranked, text_size
from reseau_territorial.plots._notes import plural, selection_words, source_note
from reseau_territorial.plots._scales import Look, looks
from reseau_territorial.plots._sheet import PAGE, SMALLEST, PlotResult, Sheet, Style, finish, say
from reseau_territorial.privacy import Persons
from reseau_territorial.styles import format_number, format_percent
from reseau_territorial.vocabulary import Lang, label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from reseau_territorial.network import Network

Floats = NDArray[np.float64]
# How far, in points, an actor may be drawn from its values so as not to hide another.
FAN = 14.0
# So many actors on one point are counted in words.
CROWD = 30


@dataclass(frozen=True)
class Quarters:
    """Names of the quarters, from the upper left, row by row, and of the axes."""

    names: Sequence[str]
    x: str
    y: str


def plot_silo_bridge(
    net: Network,
    *,
    by: str,
    bridging: pd.Series | None = None,
    title: str | None = None,
    persons: Persons = "mask",
    lang: Lang = "fr",
) -> PlotResult:
    """Draw each actor by how much of its work leaves its group, and how much it joins others.

    Parameters
    ----------
    net : Network
        Ties whose status is present count; actors without ties are left out.
    by : str
        Actor column of the groups; actors without a group are one.
    bridging : Series, optional
        Bridging of each actor, upwards; by default its betweenness, as a share of the pairs
        of other actors, ties read both ways.
    title : str, optional
        Heading of the sheet.
    persons : {"mask", "keep"}
        Whether natural persons and sole traders keep their names (see :func:`protect`).
    lang : {"fr", "en"}
        Language of the reader.

    Returns
    -------
    PlotResult
        On x, the share of the partners that are outside the group; on y, `bridging`. The lines between quarters
        are one half, and the mean of the network.

    Raises
    ------
    ReseauError
        If no actor has a tie.

    Examples
    --------
    >>> from reseau_territorial import samples
    >>> plot_silo_bridge(samples.tours_masks(), by="sector", lang="en").alt.split(" on ")[0]
    'Silos and bridges: 33 actors'
    """
    check_network(net)
    view = net._view(weight=None)
    matrix = view.undirected_binary
    degree = np.diff(matrix.indptr)
    if not degree.any():
        raise ReseauError("no actor has a present tie, so there is neither silo nor bridge to draw.")
    codes, _ = net._groups(by, view.actors, missing="group")
    rows = np.repeat(np.arange(view.n), degree)
    outside = np.bincount(rows, codes[rows] != codes[matrix.indices], view.n)
    share = pd.Series(outside / np.maximum(degree, 1), index=view.actors)[degree > 0]
    word, root = say(lang, "Pont", "Bridge"), False
    if bridging is None:
        from reseau_territorial.metrics.centrality import betweenness

        both_ways = net.replace(layers=net.layers.assign(directed=False))
        bridging = betweenness(both_ways, weight=None, normalized=True).fillna(0.0)
        root = True
        word = say(
            lang,
            "Part des plus courts chemins qui passent par l’acteur",
            "Share of the shortest paths through the actor",
        )
    y = bridging.reindex(share.index).astype(float)
    column = label("column", by, lang=lang)
    quarters = Quarters(
        (
            say(lang, "Pivots de leur groupe", "Hubs of their group"),
            say(lang, "Ponts entre groupes", "Bridges between groups"),
            say(lang, "Dans leur silo", "In their silo"),
            say(lang, "Tournés vers l’extérieur", "Turned outwards"),
        ),
        say(
            lang,
            f"Part des partenaires hors de son groupe ({column})",
            f"Share of partners outside its group ({column})",
        ),
        word,
    )
    split = (0.5, float(y.mean()))
    _, bridges, inside, _ = _quarter_counts(share, y, split)
    found = say(
        lang,
        f"{plural(inside, 'acteur', 'acteurs', lang)} dans leur silo, {plural(bridges, 'pont', 'ponts', lang)} entre "
        "groupes",
        f"{plural(inside, 'actor', 'actors', lang)} in their silo, {plural(bridges, 'bridge', 'bridges', lang)} "
        "between groups",
    )
    heading = (say(lang, "Silos et ponts", "Silos and bridges"), title or found)
    return _plane(net, share, y, quarters, heading, persons, lang, split=split, x_share=True, root=root)


def plot_influence(
    net: Network,
    *,
    influence: pd.Series | None = None,
    dependence: pd.Series | None = None,
    title: str | None = None,
    persons: Persons = "mask",
    lang: Lang = "fr",
) -> PlotResult:
    """Draw actors on the plane of influence and dependence.

    Parameters
    ----------
    net : Network
        With directed ties, unless both series are given.
    influence, dependence : Series, optional
        One value per actor. By default the actors that it reaches, and that reach it, in at most two steps:
        a direct tie counts 1, a tie of a tie counts one half.
    title : str, optional
        Heading of the sheet.
    persons : {"mask", "keep"}
        Whether natural persons and sole traders keep their names (see :func:`protect`).
    lang : {"fr", "en"}
        Language of the reader.

    Returns
    -------
    PlotResult
        On x dependence, on y influence; the lines between quarters are the means.

    Raises
    ------
    ReseauError
        If the network has no directed layer and a series is missing.

    References
    ----------
    .. [1] Godet (1991). Actors' moves and strategies: the MACTOR method. Futures 23(6).

    Examples
    --------
    >>> from reseau_territorial import samples
    >>> plot_influence(samples.tours_masks(), lang="en").alt.split(" on ")[0]
    'Who influences, who depends: 33 actors'
    """
    check_network(net)
    given = pd.DataFrame({"influence": influence, "dependence": dependence}, index=net.actors.index, dtype=float)
    if influence is None or dependence is None:
        if not net.directed:
            raise ReseauError("influence needs directed ties; pass influence= and dependence=, or direct a layer.")
        reach = _reach(net)
        given = given.fillna(reach[(reach > 0).any(axis=1)])
    x, y = given["dependence"], given["influence"]
    known = x.notna() & y.notna()
    if not known.any():
        raise ReseauError("no actor has any influence or dependence, so there is nothing to draw.")
    quarters = Quarters(
        (
            say(lang, "Dominants", "Dominant"),
            say(lang, "Relais", "Relays"),
            say(lang, "Autonomes", "Autonomous"),
            say(lang, "Dominés", "Dominated"),
        ),
        say(lang, "Dépendance", "Dependence"),
        say(lang, "Influence", "Influence"),
    )
    names = dict(zip(net.actors.index, drawing.names_of(net, persons, lang), strict=True))
    called = [names[actor] for actor in x.index[known]]
    best = (called[ranked(values[known], x.index[known], called)[0]] for values in (y, x))
    first, last = (cut(" ".join(name.split()), 32) for name in best)
    found = say(
        lang,
        f"Le plus d’influence\u202f: {first}\u202f; le plus de dépendance\u202f: {last}",
        f"Most influence: {first}; most dependence: {last}",
    )
    heading = (say(lang, "Qui influence, qui dépend", "Who influences, who depends"), title or found)
    split = (float(x[known].mean()), float(y[known].mean()))
    return _plane(net, x[known], y[known], quarters, heading, persons, lang, split=split, x_share=False, root=False)


def _reach(net: Network) -> pd.DataFrame:
    """Actors reached in one step (1 each) or exactly two (one half each), outwards and inwards."""
    view = net._view(weight=None)
    direct = view.binary
    two = (direct @ direct).tolil()
    two.setdiag(0)
    second = two.tocsr()
    second.data[:] = 1.0
    only_two = second - second.multiply(direct)
    values = [
        np.asarray(direct.sum(axis=axis)).ravel() + np.asarray(only_two.sum(axis=axis)).ravel() / 2 for axis in (1, 0)
    ]
    return pd.DataFrame({"influence": values[0], "dependence": values[1]}, index=view.actors)


def _plane(
    net: Network,
    x: pd.Series,
    y: pd.Series,
    quarters: Quarters,
    heading: tuple[str, str],
    persons: Persons,
    lang: Lang,
    *,
    split: tuple[float, float],
    x_share: bool,
    root: bool,
) -> PlotResult:
    look = looks(net, color=None, size=None, lang=lang)
    # Actors of one point are fanned out in the order of their names, whatever that of the rows.
    x, y = x.sort_index(), y.sort_index()
    places = net.actors.index.get_indexer(x.index)
    every = drawing.names_of(net, persons, lang)
    names = [every[i] for i in places]
    chosen = Look(
        [look.colors[i] for i in places], [look.shapes[i] for i in places], look.radii[places], look.entries, None, None
    )
    counts = _quarter_counts(x, y, split)

    def draw(sheet: Sheet) -> None:
        sheet.head(heading[1], selection_words(net, lang))
        sheet.foot([source_note(net, lang)])
        from reseau_territorial.plots._legend import draw_legend

        draw_legend(sheet, look, {}, net, width=2.25, rings=False, unknown=False, lang=lang)
        ax = sheet.body(left=0.6, right=2.45, bottom=0.45)
        _draw_plane(
            sheet,
            ax,
            x.to_numpy(float),
            y.to_numpy(float),
            chosen,
            names,
            quarters,
            split,
            lang,
            x_share=x_share,
            root=root,
        )

    named = ", ".join(
        f"«\u202f{name}\u202f» {format_number(n, lang=lang)}"
        if lang == "fr"
        else f"“{name}” {format_number(n, lang=lang)}"
        for name, n in zip(quarters.names, counts, strict=True)
    )
    best = [names[i] for i in ranked(y, x.index, names)[:3]]
    sentence = say(
        lang,
        f"{heading[0]}\u202f: {plural(len(x), 'acteur', 'acteurs', lang)} placés selon deux axes, "
        f"«\u202f{quarters.x}\u202f» et «\u202f{quarters.y}\u202f»\u202f; par quart du plan\u202f: {named}\u202f; "
        f"en haut\u202f: {', '.join(best)}.",
        f"{heading[0]}: {plural(len(x), 'actor', 'actors', lang)} on two axes, “{quarters.x}” and "
        f"“{quarters.y}”; by quarter: {named}; at the top: {', '.join(best)}.",
    )
    return finish((10.2, 6.8), draw, sentence)


def _quarter_counts(x: pd.Series, y: pd.Series, split: tuple[float, float]) -> list[int]:
    right, above = x > split[0], y > split[1]
    return [int(mask.sum()) for mask in (above & ~right, above & right, ~above & ~right, ~above & right)]


def _draw_plane(
    sheet: Sheet,
    ax: Axes,
    x: Floats,
    y: Floats,
    look: Look,
    names: list[str],
    quarters: Quarters,
    split: tuple[float, float],
    lang: Lang,
    *,
    x_share: bool,
    root: bool,
) -> None:
    width = 1.0 if x_share else (float(x.max()) * 1.05 or 1.0)
    bent = _root if root else _straight
    height, y, cut = float(bent(float(y.max()) * 1.05)) or 1.0, bent(y), float(bent(split[1]))
    ax.set_xlim(-0.09 * width, 1.09 * width)
    ax.set_ylim(-0.2 * height, 1.17 * height)
    ax.axvline(split[0], color=PAGE.frame_line, linewidth=0.9 * sheet.scale, linestyle=(0, (4, 3)), zorder=0.5)
    ax.axhline(cut, color=PAGE.frame_line, linewidth=0.9 * sheet.scale, linestyle=(0, (4, 3)), zorder=0.5)
    low, high = ax.get_xlim(), ax.get_ylim()
    position = ax.get_position()
    points_wide = position.width * sheet.width * 72
    points_high = position.height * sheet.height * 72
    scale = np.array([points_wide / (low[1] - low[0]), points_high / (high[1] - high[0])])
    points = (np.column_stack([x, y]) - [low[0], high[0]]) * scale
    look = replace(look, radii=look.radii * float(np.clip(np.sqrt(60 / len(points)), 0.3, 1)))
    spread = _scatter_ties(points, look.radii)
    spread = np.clip(spread, 6.0, np.array([points_wide, points_high]) - 6.0)
    shown = spread / scale + [low[0], high[0]]
    drawing.draw_actors(sheet, ax, shown, look)
    boxes = Boxes((1.0, 1.0, points_wide - 1, points_high - 1))
    side = look.radii[:, None] + 0.5
    boxes.taken = np.hstack([spread - side, spread + side])
    corners = (
        (0.0, 1.0, "left", "top"),
        (1.0, 1.0, "right", "top"),
        (0.0, 0.0, "left", "bottom"),
        (1.0, 0.0, "right", "bottom"),
    )
    for name, (h, v, ha, va) in zip(quarters.names, corners, strict=True):
        where: Style = {
            "transform": ax.transAxes,
            "ha": ha,
            "va": va,
            "weight": "bold",
            "color": "#5F6470",
            "zorder": 0.6,
        }
        sheet.write(ax, 0.012 + 0.976 * h, 0.012 + 0.976 * v, name, size=10, **where)
        wide = 6.6 * len(name)
        boxes.add(wide / 2 + h * (points_wide - wide), 9 + v * (points_high - 18), wide, 14)
    # Who stands high is named first, then who stands apart.
    order = ranked(y / height + 0.25 * np.abs(x - x.mean()) / width, names).tolist()
    _count_crowds(
        sheet,
        ax,
        points,
        scale,
        np.array([low[0], high[0]]),
        boxes,
        _fan(look.radii) + float(look.radii.mean()) + 2,
        lang,
    )
    view = _StretchedView(np.zeros(2), 1.0, points_wide, points_high, scale, np.array([low[0], high[0]]))
    drawing.draw_labels(sheet, ax, view, names, shown, look.radii, order[:60], boxes, size=7.0, reach=2.5)
    ticks(ax, "x", lang, percent=x_share)
    if root:
        _root_ticks(ax, float(height) ** 2, lang)
    else:
        ticks(ax, "y", lang)
        ax.set_yticks([tick for tick in ax.get_yticks() if 0 <= tick <= high[1]])
    ax.set_xticks([tick for tick in ax.get_xticks() if 0 <= tick <= 1.0001 * width])
    sheet.label(ax, quarters.x, quarters.y)


def _count_crowds(
    sheet: Sheet, ax: Axes, points: Floats, scale: Floats, corner: Floats, boxes: Boxes, away: float, lang: Lang
) -> None:
    """Write how many actors stand on one point, where they are too many to be counted by eye."""
    place = _places(points)
    for number in np.flatnonzero(np.bincount(place) >= CROWD).tolist():
        here = place == number
        text = plural(int(here.sum()), say(lang, "acteur", "actor"), say(lang, "acteurs", "actors"), lang)
        width, height = text_size(sheet.canvas, text, SMALLEST)
        x, middle = points[here][0]
        for y in (middle - away - 0.5 * height, middle + away + 0.5 * height):
            if boxes.free(x, y, width, height):
                boxes.add(x, y, width, height)
                at = np.array([x, y]) / scale + corner
                where: Style = {"ha": "center", "color": PAGE.muted, "halo": 2.0, "zorder": 4}
                sheet.write(ax, float(at[0]), float(at[1]), text, size=SMALLEST, **where)
                break


def _root(value: Floats | float) -> Floats:
    """Stretch small values: most actors lie on few shortest paths, a handful on many."""
    return np.asarray(np.sqrt(np.maximum(value, 0.0)))


def _straight(value: Floats | float) -> Floats:
    return np.asarray(value, dtype=float)


def _root_ticks(ax: Axes, top: float, lang: Lang) -> None:
    """Write round shares on an axis that shows their roots."""
    steps = [0.0, 0.001, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0]
    shown = [step for step in steps if step <= top] if top > 0.003 else [0.0, top]
    words = [format_percent(step, 1 if 0 < step < 0.01 else 0, lang) for step in shown]
    ax.set_yticks([float(_root(step)) for step in shown], words)


def _scatter_ties(points: Floats, radii: Floats) -> Floats:
    """Fan out actors that stand on the very same point, so that many are seen; nobody goes far from its values."""
    from reseau_territorial.layouts._force import separate

    moved = separate(points, float(radii.mean()) * 1.7, iterations=30) - points
    length, reach = np.hypot(moved[:, 0], moved[:, 1]), _fan(radii)
    place = _places(points)
    # Those of one point are pressed together: cut one by one, they would all stand on a circle around it.
    longest = np.zeros(place.max() + 1)
    np.maximum.at(longest, place, length)
    return np.asarray(points + moved * np.minimum(1, reach / np.maximum(longest, 1e-9))[place, None])


def _fan(radii: Floats) -> float:
    """Return how far from its values an actor may stand, in points."""
    return max(FAN, 4.5 * float(radii.mean()))


def _places(points: Floats) -> NDArray[np.int64]:
    """Return a number for each point, the same for equal ones."""
    return np.unique(np.round(points, 1), axis=0, return_inverse=True)[1].ravel()


@dataclass(frozen=True)
class _StretchedView(drawing.View):
    """Axes whose two scales differ, seen as points so that labels can be placed."""

    stretch: Floats
    corner: Floats

    def points(self, xy: Floats) -> Floats:
        """Points from the lower left corner of the axes."""
        return np.asarray((xy - self.corner) * self.stretch)

    def data(self, xy: Floats) -> Floats:
        """Positions of points."""
        return np.asarray(xy / self.stretch + self.corner)
