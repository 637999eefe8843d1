"""Positions on the ground: Lambert-93 metres, actors of one place fanned out, overseas in insets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError
from reseau_territorial.layouts._areas import spread_inside
from reseau_territorial.layouts._force import separate
from reseau_territorial.layouts._pairs import Floats, Pairs
from reseau_territorial.vocabulary import Lang

if TYPE_CHECKING:
    from reseau_territorial.outlines import Outline

# RGF93 / Lambert-93 (EPSG:2154): GRS80 ellipsoid, two standard parallels, in degrees and metres.
_FLATTENING: Final = 1 / 298.257222101
_ECCENTRICITY: Final = float(np.sqrt(2 * _FLATTENING - _FLATTENING**2))
_AXIS: Final = 6_378_137.0
_LONGITUDE, _LATITUDE, _SOUTH, _NORTH = 3.0, 46.5, 44.0, 49.0
_FALSE_X, _FALSE_Y = 700_000.0, 6_600_000.0
METRES_PER_DEGREE: Final = 111_000.0


@dataclass(frozen=True)
class Inset:
    """A part of France drawn beside the mainland: its middle, where that stands, and how enlarged."""

    name: str
    longitude: float
    latitude: float
    x: float
    y: float
    radius: float
    scale: float
    # Half of the width that is overseas ground, where the square of the inset holds a piece of the mainland too.
    half_width: float = np.inf


# The insets of the bundled EPCI outlines, measured on them: bounds there against bounds on the ground.
INSETS: Final[Mapping[str, Inset]] = {
    inset.name: inset
    for inset in (
        Inset("Guadeloupe", -61.405, 16.17, 150_100, 6_495_700, 50_000, 1.158),
        Inset("Martinique", -61.02, 14.635, 168_300, 6_350_900, 40_000, 1.376),
        Inset("Guyane", -53.115, 3.93, 219_100, 6_165_300, 110_000, 0.526, half_width=89_000),
        Inset("La Réunion", 55.53, -21.13, 278_600, 6_398_600, 46_000, 1.362),
        Inset("Mayotte", 45.155, -12.82, 302_400, 6_504_200, 34_000, 1.522),
    )
}


def lambert93(longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> Floats:
    """Project degrees (RGF93, or WGS84 to within a metre) to Lambert-93 metres.

    Parameters
    ----------
    longitude, latitude : ndarray
        Degrees.

    Returns
    -------
    ndarray, shape (n, 2)
        Easting and northing in metres.

    References
    ----------
    .. [1] IGN (1995). Notes techniques NT/G 71, Projection cartographique conique conforme de Lambert.
    """
    phi_1, phi_2 = np.radians(_SOUTH), np.radians(_NORTH)
    normal_1, normal_2 = _normal(phi_1), _normal(phi_2)
    iso_1, iso_2 = _isometric(phi_1), _isometric(phi_2)
    n = np.log(normal_2 * np.cos(phi_2) / (normal_1 * np.cos(phi_1))) / (iso_1 - iso_2)
    scale = normal_1 * np.cos(phi_1) / n * np.exp(n * iso_1)
    pole = _FALSE_Y + scale * np.exp(-n * _isometric(np.radians(_LATITUDE)))
    radius = scale * np.exp(-n * _isometric(np.radians(latitude)))
    turn = n * np.radians(np.asarray(longitude) - _LONGITUDE)
    return np.column_stack([_FALSE_X + radius * np.sin(turn), pole - radius * np.cos(turn)])


def _normal(phi: float) -> float:
    return float(_AXIS / np.sqrt(1 - (_ECCENTRICITY * np.sin(phi)) ** 2))


def _isometric(phi: Floats | float) -> Floats:
    """Isometric latitude on the ellipsoid."""
    sine = _ECCENTRICITY * np.sin(phi)
    turned = np.log(np.tan(np.pi / 4 + np.asarray(phi) / 2))
    return np.asarray(turned - _ECCENTRICITY / 2 * np.log((1 + sine) / (1 - sine)))


def to_map(longitude: Floats, latitude: Floats) -> tuple[Floats, NDArray[np.object_]]:
    """Project degrees to the map: Lambert-93 in Europe, the box of its inset overseas.

    Returns
    -------
    ndarray, shape (n, 2)
        Metres; NaN where a degree is missing.
    ndarray of object, shape (n,)
        Name of the inset, ``""`` on the mainland.
    """
    xy = np.full((len(longitude), 2), np.nan)
    inset_of = np.full(len(longitude), "", dtype=object)
    known = np.isfinite(longitude) & np.isfinite(latitude)
    europe = known & (latitude > 30) & (latitude < 65) & (np.abs(longitude) < 30)
    xy[europe] = lambert93(longitude[europe], latitude[europe])
    away = [np.hypot(longitude - i.longitude, latitude - i.latitude) for i in INSETS.values()]
    nearest = np.argmin(np.where(known, away, 0.0), axis=0)
    for number, inset in enumerate(INSETS.values()):
        near = known & ~europe & (nearest == number) & (away[number] < 5)
        metres = METRES_PER_DEGREE * inset.scale
        xy[near, 0] = inset.x + (longitude[near] - inset.longitude) * metres * np.cos(np.radians(inset.latitude))
        xy[near, 1] = inset.y + (latitude[near] - inset.latitude) * metres
        inset_of[near] = inset.name
    return xy, inset_of


def projection_words(xy: Floats, lang: Lang) -> str:
    """Say how the ground was flattened: Lambert-93 in Europe, overseas the degrees of each inset."""
    names = sorted(set(inset_at(xy)))
    if names == [""]:
        return "Projection Lambert-93." if lang == "fr" else "Lambert-93 projection."
    if "" not in names:
        word = "Projection équirectangulaire" if lang == "fr" else "Equirectangular projection"
        return f"{word} ({', '.join(names)})."
    if lang == "fr":
        return "Projection Lambert-93\u202f; outre-mer en encarts, chacun à son échelle (projection équirectangulaire)."
    return "Lambert-93 projection; overseas in insets, each on its own scale (equirectangular projection)."


def inset_at(xy: Floats) -> NDArray[np.object_]:
    """Return the name of the inset that each position of the map stands in, ``""`` on the mainland."""
    names = np.full(len(xy), "", dtype=object)
    for inset in INSETS.values():
        away = np.abs(xy - (inset.x, inset.y))
        names[(away[:, 0] < min(inset.radius, inset.half_width)) & (away[:, 1] < inset.radius)] = inset.name
    return names


def _told(places: Mapping[str, Outline] | None) -> str:
    """Show some codes of outlines: what is not a code there (a row number, a number without its zero) is seen."""
    if not places:
        return ""
    return f" (such as {', '.join(map(repr, list(places)[:3]))})"


def geographic_positions(
    actors: pd.DataFrame, pairs: Pairs, places: Mapping[str, Outline] | None = None
) -> tuple[Floats, NDArray[np.object_], NDArray[np.bool_]]:
    """Place actors at their coordinates, those of one place fanned out around it.

    An actor without coordinates stands in its territory (an outline of `places`, else the mean of the other actors of
    the territory), else by its parent, else among the actors it has ties with; when none is known, in a row under the
    map.

    Returns
    -------
    ndarray, shape (n, 2)
        Positions in metres.
    ndarray of object
        Name of the inset of each actor, ``""`` on the mainland.
    ndarray of bool
        Whether the place of the actor is its own, from its coordinates.
    """
    longitude = pd.to_numeric(actors["longitude"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    latitude = pd.to_numeric(actors["latitude"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    xy, inset = to_map(longitude, latitude)
    if places is not None:
        for column in ("insee", "siren", "territory", "epci"):
            _stand_inside(xy, actors, column, places)
    own = np.isfinite(xy[:, 0])
    if places is not None and not own.any():
        _stand_inside(xy, actors, "departement", places)
        own = np.isfinite(xy[:, 0])
    if not own.any():
        raise ReseauError(
            "no actor has a longitude and a latitude that lie in France, nor the code of an outline"
            f"{_told(places)}; fill these two columns of the actor table (degrees), or insee, siren or territory with "
            'such codes, or draw it off the ground with plot(net, layout="groups").'
        )
    _borrow_places(xy, actors, pairs)
    if places is not None:
        _stand_inside(xy, actors, "departement", places)
    # A few actors far from all others do not make these stand wider apart.
    span = np.minimum(np.ptp(xy[own], axis=0), 2 * np.ptp(np.quantile(xy[own], (0.02, 0.98), axis=0), axis=0))
    gap = 0.4 * np.sqrt(np.prod(span + 1_000.0)) / np.sqrt(max(len(xy), 40))
    _park(xy, gap)
    anchors = xy.copy()
    for _ in range(6):
        xy = separate(xy + 0.15 * (anchors - xy), gap, iterations=3)
    return separate(xy, 0.8 * gap, iterations=12), inset, own


def _stand_inside(xy: Floats, actors: pd.DataFrame, column: str, places: Mapping[str, Outline]) -> None:
    """Spread, in place, the actors without a position over the outline of the code in a column."""
    if column not in actors.columns:
        return
    keys = actors[column].astype(object).where(actors[column].notna(), "").astype(str).to_numpy()
    lost = np.flatnonzero(np.isnan(xy[:, 0]) & pd.Index(keys).isin(list(places)))
    if not len(lost):
        return
    lost = lost[np.argsort(keys[lost], kind="stable")]
    cuts = np.flatnonzero(keys[lost][1:] != keys[lost][:-1]) + 1
    sirens = actors["siren"].astype(object).to_numpy()
    for members in np.split(lost, cuts):
        points = spread_inside(places[keys[members[0]]].rings, len(members))
        # The body of the territory stands in its middle, which is the first point.
        xy[members[np.argsort(sirens[members] != keys[members[0]], kind="stable")]] = points


def _borrow_places(xy: Floats, actors: pd.DataFrame, pairs: Pairs) -> None:
    """Fill missing positions, in place, from the territory, the parent, then the other ends of ties."""
    for column in ("territory", "parent"):
        lost = np.isnan(xy[:, 0])
        if not lost.any():
            return
        keys = actors[column].astype(object).to_numpy()
        if column == "territory":
            known = pd.DataFrame(xy[~lost], index=pd.Index(keys[~lost], dtype=object))
            known = known[known.index.notna()].groupby(level=0).mean()
        else:
            known = pd.DataFrame(xy[~lost], index=actors.index[~lost].astype(object))
        xy[lost] = known.reindex(pd.Index(keys[lost], dtype=object)).to_numpy()
    for _ in range(3):
        lost = np.isnan(xy[:, 0])
        if not lost.any():
            return
        there = (~lost).astype(float)
        ends = [pairs.matrix @ np.where(lost, 0.0, xy[:, axis]) for axis in (0, 1)]
        count = pairs.matrix @ there
        fill = lost & (count > 0)
        xy[fill] = np.column_stack(ends)[fill] / count[fill, None]


def _park(xy: Floats, gap: float) -> None:
    """Put, in place, the actors without any known place in rows under the map."""
    lost = np.flatnonzero(np.isnan(xy[:, 0]))
    if not len(lost):
        return
    placed = xy[np.isfinite(xy[:, 0])]
    low, high = placed.min(axis=0), placed.max(axis=0)
    per_row = max(int((high[0] - low[0]) / (1.5 * gap)), 10)
    rank = np.arange(len(lost))
    xy[lost, 0] = low[0] + 1.5 * gap * (rank % per_row)
    xy[lost, 1] = low[1] - 2 * gap - 1.5 * gap * (rank // per_row)
