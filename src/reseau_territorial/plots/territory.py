"""The network on the ground: outlines, ties between places, a measure per territory."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError
from reseau_territorial.layouts import Layout, place_actors
from reseau_territorial.layouts._geographic import INSETS, inset_at, projection_words
from reseau_territorial.outlines import CREDIT, Outline, outlines
from reseau_territorial.outlines.reading import CODES, bundled_for, read_contours, usual_set
from reseau_territorial.plots import _drawing as drawing
from reseau_territorial.plots import _ground as ground
from reseau_territorial.plots._labels import ranked
from reseau_territorial.plots._legend import draw_legend
from reseau_territorial.plots._notes import notes, plural, selection_words
from reseau_territorial.plots._scales import Look, line_styles, looks
from reseau_territorial.plots._sheet import PlotResult, Sheet, finish, say
from reseau_territorial.privacy import Persons, protect, without_amounts
from reseau_territorial.styles import format_number
from reseau_territorial.vocabulary import SEED, Lang

if TYPE_CHECKING:
    from reseau_territorial.network import Network

Floats = NDArray[np.float64]
A4 = (11.69, 8.27)
LEGEND = 2.35
# A share of the actors so small may stay outside the frame when they stand so many times farther than all others.
FEW, FAR_TIMES = 0.02, 2.0


def plot_territory(
    net: Network,
    *,
    contours: str | os.PathLike[str] | None = None,
    values: pd.Series | None = None,
    color: str | pd.Series | None = None,
    size: str | pd.Series | None = None,
    labels: bool = True,
    title: str | None = None,
    seed: int = SEED,
    persons: Persons = "mask",
    lang: Lang = "fr",
) -> PlotResult:
    """Draw the network on a map: actors where they are, ties over the outlines of territories.

    Parameters
    ----------
    net : Network
        Actors need ``longitude`` and ``latitude``, or a territory, INSEE code or SIREN that the
        contours hold; the others stand with their territory, parent or partners.
    contours : str or path, optional
        ``"departements"`` or ``"epci"`` (bundled); or a file: GeoJSON in degrees or Lambert-93; GPKG,
        shapefile or GeoJSON in any projection that it names (with the ``geo`` extra). Codes are read in a column
        ``code``, ``insee_com``, ``siren_epci``, ``insee_dep`` or of a like name. By default the bundled
        EPCI below the size of a région, else the départements.
    values : Series, optional
        A number per code of territory, to shade the outlines.
    color, size : str or Series, optional
        As in :func:`plot`.
    labels : bool, default True
        Whether to write the names of actors, where there is room.
    title : str, optional
        Heading of the sheet.
    seed : int
        Starting point of the layout.
    persons : {"mask", "keep"}
        Whether natural persons and sole traders keep their names (see :func:`protect`).
    lang : {"fr", "en"}
        Language of the reader.

    Returns
    -------
    PlotResult
        A4 landscape, Lambert-93, with a scale bar. Actors of one place are fanned out around it.

    Raises
    ------
    ReseauError
        If no actor can be placed, the file holds no outline of France, or no value has the code of an outline.
    MissingDependencyError
        If a GPKG or shapefile is given without the ``geo`` extra.

    Examples
    --------
    >>> import pandas as pd
    >>> from reseau_territorial.network import Network
    >>> ties = pd.DataFrame({"source": ["243700754"], "target": ["200043081"]})
    >>> actors = pd.DataFrame({"actor": ["243700754", "200043081"], "siren": ["243700754", "200043081"]})
    >>> plot_territory(Network(ties, actors=actors), lang="en").alt.split(";")[0]
    'Map of the territory: 2 actors and 1 tie'
    """
    shapes = read_contours(contours) if contours is not None else None
    known = {**bundled_for(net), **(shapes or {})}
    placed = _placed(net, known, persons, seed)
    xy = placed.positions.to_numpy(float)
    low, high = _window(xy)
    if shapes is None:
        contours = _best_set(values, float((high - low).max()))
        shapes = read_contours(contours)
    _check_values(values, shapes, contours)
    whole = _spread_over(net, shapes, low, high) if values is None else values.index.astype(str).tolist()
    low, high = _with_contours(low, high, shapes, whole)
    beyond = int(((xy < low) | (xy > high)).any(axis=1).sum())
    net = without_amounts(net)
    look = looks(net, color=color, size=size, lang=lang)
    lengths = _lengths(net, placed)
    own_file = os.path.basename(os.fspath(contours or ""))
    credit = CREDIT.get(str(contours), say(lang, f"Contours\u202f: {own_file}", f"Outlines: {own_file}"))
    adrift, overseas = _adrift(net, known, lang), _overseas(placed, lang)

    def draw(sheet: Sheet) -> None:
        sheet.head(title or _finding(lengths, lang), selection_words(net, lang))
        moved = say(
            lang,
            f"{credit}. {projection_words(xy, lang)} Les acteurs d’un même lieu sont écartés pour être lisibles.",
            f"{credit}. {projection_words(xy, lang)} Actors of one place are fanned out to be readable.",
        )
        sheet.foot([*notes(net, lang, drawn=drawing.tie_table(net)), adrift, _outside(beyond, lang), moved, overseas])
        _draw_map(sheet, net, placed, shapes, values, look, (low, high), labels=labels, persons=persons, lang=lang)

    return finish(A4, draw, _sentence(net, lengths, shapes, values, lang))


def _placed(net: Network, places: Mapping[str, Outline], persons: Persons, seed: int) -> Layout:
    """Place the actors; persons without the coordinates that would show where they live."""
    placed = place_actors(protect(net, persons=persons, cells="mask"), layout="geographic", places=places, seed=seed)
    return replace(placed, positions=placed.positions.set_axis(net.actors.index))


def _adrift(net: Network, places: Mapping[str, Outline], lang: Lang) -> str:
    """Say how many actors stand where they do for want of a place of their own."""
    actors = net.actors
    own = actors["longitude"].notna() & actors["latitude"].notna()
    for column in ("insee", "siren", "territory"):
        own |= actors[column].astype(object).isin(list(places))
    spread = pd.Series(False, index=actors.index)
    if "epci" in actors.columns:
        spread = ~own & actors["epci"].astype(object).isin(list(places))
    within, lost = int(spread.sum()), int((~own & ~spread).sum())
    told = []
    if within:
        told.append(
            say(
                lang,
                f"{plural(within, 'acteur sans coordonnées, placé', 'acteurs sans coordonnées, répartis', lang)} "
                "dans le contour de l’intercommunalité.",
                f"{plural(within, 'actor', 'actors', lang)} without coordinates, spread over the outline of the "
                "intermunicipal body.",
            )
        )
    if lost:
        told.append(
            say(
                lang,
                f"{plural(lost, 'acteur sans lieu connu, placé', 'acteurs sans lieu connu, placés', lang)} près de "
                "l’organisation mère ou des partenaires, sinon sous la carte.",
                f"{plural(lost, 'actor', 'actors', lang)} without a known place, drawn near parent or partners, else "
                "under the map.",
            )
        )
    return " ".join(told)


def _outside(beyond: int, lang: Lang) -> str:
    """Say how many actors are too far for the frame."""
    if not beyond:
        return ""
    return say(
        lang,
        f"{plural(beyond, 'acteur éloigné est', 'acteurs éloignés sont', lang)} hors du cadre.",
        f"{plural(beyond, 'distant actor is', 'distant actors are', lang)} outside the frame.",
    )


def _has_insets(placed: Layout) -> bool:
    """Tell whether insets stand beside something else: one département overseas alone is a map like another."""
    return len(placed.frames) > 1 or 0 < placed.frames["actors"].sum() < len(placed.positions)


def _overseas(placed: Layout, lang: Lang) -> str:
    """Say that insets have a scale of their own, and that a tie from one to elsewhere has no length here."""
    if not _has_insets(placed):
        return ""
    scales = ", ".join(f"{name} × {format_number(INSETS[name].scale, 1, lang)}" for name in placed.frames.index)
    return say(
        lang,
        f"Outre-mer en encarts, à leur propre échelle ({scales}) ; les liens entre un encart et le reste "
        "n’entrent pas dans les longueurs.",
        f"Overseas in insets, at their own scale ({scales}); ties between an inset and the rest have no length here.",
    )


def _window(xy: Floats) -> tuple[Floats, Floats]:
    """Corners of the part of the ground to show, a tenth wider than the actors.

    A few that stand far from all others would make all others a dot: they stay outside.
    """
    middle = np.median(xy, axis=0)
    away = np.abs(xy - middle).max(axis=1)
    # Those of an inset are told by it: it is never left out.
    near = (away <= FAR_TIMES * np.quantile(away, 1 - FEW)) | (inset_at(xy) != "")
    low, high = xy[near].min(axis=0), xy[near].max(axis=0)
    pad = np.maximum(0.08 * (high - low).max(), 4_000.0)
    return low - pad, high + pad


def _best_set(values: pd.Series | None, extent: float) -> str:
    """Choose the bundled outlines: those of the values, else EPCI below the size of a région."""
    if values is not None:
        codes = values.index.astype(str)
        held = {kind: int(codes.isin(list(outlines(kind))).sum()) for kind in ("departements", "epci")}
        return max(held, key=lambda kind: held[kind])
    return usual_set(extent)


def _check_values(
    values: pd.Series | None, shapes: Mapping[str, Outline], contours: str | os.PathLike[str] | None
) -> None:
    """Refuse values of which none belongs to an outline: the map would be blank without a word."""
    if values is None or not len(values) or values.index.astype(str).isin(list(shapes)).any():
        return
    asked, known = (", ".join(map(repr, list(codes)[:3])) for codes in (values.index.astype(str), shapes))
    raise ReseauError(
        f"no value has the code of an outline of {os.path.basename(os.fspath(contours or ''))!r}: the index of values "
        f"holds {asked}, the outlines {known}. Give values by the codes of the outlines, which are read in a column "
        f"named {', '.join(CODES)} (capitals or not)."
    )


def _spread_over(net: Network, shapes: Mapping[str, Outline], low: Floats, high: Floats) -> list[str]:
    """Codes of the EPCI over whose outlines, in the window at least in part, actors without coordinates are spread."""
    if "epci" not in net.actors.columns:
        return []
    codes = net.actors.loc[net.actors["longitude"].isna(), "epci"].dropna().unique()
    corners = {code: np.concatenate(shapes[code].rings) for code in codes if code in shapes}
    return [code for code, at in corners.items() if (at.max(axis=0) > low).all() and (at.min(axis=0) < high).all()]


def _with_contours(low: Floats, high: Floats, shapes: dict[str, Outline], codes: list[str]) -> tuple[Floats, Floats]:
    """Widen the window to the outlines of these codes, so that none is cut."""
    corners = [ring for code in codes if code in shapes for ring in shapes[code].rings]
    if not corners:
        return low, high
    every = np.concatenate(corners).astype(float)
    return np.minimum(low, every.min(axis=0) - 3_000), np.maximum(high, every.max(axis=0) + 3_000)


def _draw_map(
    sheet: Sheet,
    net: Network,
    placed: Layout,
    shapes: dict[str, Outline],
    values: pd.Series | None,
    look: Look,
    window: tuple[Floats, Floats],
    *,
    labels: bool,
    persons: Persons,
    lang: Lang,
) -> None:
    ties = drawing.tie_table(net)
    styles = line_styles(net, lang)
    used = {layer: style for layer, style in styles.items() if (ties["layer"] == layer).any()}
    unknown = bool((ties["status"] == "unknown").any())
    draw_legend(sheet, look, used, net, width=LEGEND, rings=False, unknown=unknown, lang=lang)
    ax = sheet.body(right=LEGEND + 0.2, bare=True)
    view = drawing.fit(sheet, ax, *window, pad=2)
    ground.draw_outlines(sheet, ax, shapes, values)
    positions = placed.positions.loc[net.actors.index]
    scale = min(drawing.marker_scale(view, positions, look) * 1.1, 0.85)
    radii = look.radii * max(scale, 0.12)
    drawn = Look(look.colors, look.shapes, radii, [], None, None)
    by_actor = pd.Series(radii, index=net.actors.index)
    drawing.draw_ties(
        sheet,
        ax,
        view,
        ties,
        positions,
        styles,
        crossing=np.ones(len(ties), dtype=bool),
        directed=net.layers["directed"],
        radii=by_actor,
    )
    xy = positions.to_numpy(float)
    drawing.draw_actors(sheet, ax, xy, drawn)
    if _has_insets(placed):
        ground.draw_insets(sheet, ax, placed.frames)
    boxes = drawing.obstacles(view, xy, radii)
    if _has_insets(placed):
        ground.keep_clear(view, placed.frames, boxes)
    ground.draw_scale_bar(sheet, ax, view, xy, boxes, lang)
    if labels:
        degree = pd.concat([ties["source"], ties["target"]]).value_counts().reindex(net.actors.index).fillna(0)
        names = drawing.names_of(net, persons, lang)
        corner = view.data(np.array([view.width, view.height]))
        inside = np.all((xy > view.low) & (xy < corner), axis=1).tolist()
        order = [i for i in ranked(degree, net.actors.index, names).tolist() if inside[i]][:200]
        size, reach = (7.2, 3.0) if len(xy) <= 80 else (6.2, 0.0)
        drawing.draw_labels(sheet, ax, view, names, xy, radii * 1.1, order, boxes, size=size, reach=reach, firm=6)
    if values is not None:
        ground.draw_shades(sheet, ax, values, lang)


def _lengths(net: Network, placed: Layout) -> Floats:
    """Return the length on the ground of each present tie, in kilometres, but of those that leave an inset."""
    ties = drawing.tie_table(net)
    ties = ties[ties["status"] == "present"]
    ends = [placed.positions.loc[ties[end]].to_numpy(float) for end in ("source", "target")]
    insets = [inset_at(xy) for xy in ends]
    scale = np.array([INSETS[name].scale if name else 1.0 for name in insets[0]])
    kept = np.asarray(insets[0] == insets[1], dtype=bool)
    return np.asarray((np.hypot(*(ends[0] - ends[1]).T) / 1000 / scale)[kept], dtype=float)


def _finding(lengths: Floats, lang: Lang) -> str:
    if not len(lengths):
        return say(lang, "Aucun lien sur ce territoire", "No tie on this territory")
    median = _kilometres(float(np.median(lengths)), lang)
    return say(lang, f"La moitié des liens font {median} au plus", f"Half of the ties are {median} long at most")


def _kilometres(length: float, lang: Lang) -> str:
    return f"{format_number(length, 0 if length >= 9.5 else 1, lang)}\u00a0km"


def _sentence(net: Network, lengths: Floats, shapes: dict[str, Outline], values: pd.Series | None, lang: Lang) -> str:
    from reseau_territorial.plots._notes import tally

    text = say(lang, f"Carte du territoire\u202f: {tally(net, lang)}", f"Map of the territory: {tally(net, lang)}")
    if len(lengths):
        median, far = (_kilometres(float(value), lang) for value in (np.median(lengths), lengths.max()))
        text += say(
            lang,
            f"\u202f; la moitié des liens font {median} au plus, le plus long {far}",
            f"; half of the ties are {median} long at most, the longest {far}",
        )
    if values is not None and values.notna().any():
        numbers = values.astype(float)
        top = str(numbers.idxmax())
        name = shapes[top].name if top in shapes else top
        count = plural(
            int(numbers.notna().sum()),
            say(lang, "territoire", "territory"),
            say(lang, "territoires", "territories"),
            lang,
        )
        text += say(
            lang,
            f"\u202f; {count} selon «\u202f{values.name}\u202f», la plus forte valeur étant {name} "
            f"({format_number(float(numbers.max()), 2, lang)})",
            f"; {count} by {values.name}, the highest being {name} ({format_number(float(numbers.max()), 2, lang)})",
        )
    return text + "."
