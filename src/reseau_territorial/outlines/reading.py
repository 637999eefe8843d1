"""Outlines to draw: bundled ones, or a user's own, in the metres of the map."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from reseau_territorial._arguments import check_network
from reseau_territorial.errors import ReseauError, import_optional
from reseau_territorial.layouts import project
from reseau_territorial.outlines import SETS, Outline, outlines

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["Contours", "bundled_for", "read_contours", "usual_set"]

# The name of a bundled set, a file, outlines by code or a GeoJSON object, or a table of geopandas.
Contours: TypeAlias = Any
WIDE: Final = 330_000.0
# No degree is above; no metre of Lambert-93 below.
DEGREES: Final = 360.0
# Projections of GeoJSON that are read without a library: degrees, and Lambert-93.
PLAIN: Final = ("CRS84", "4326", "4171", "2154")
# Lambert-93 metres of the mainland, Corsica and the neighbours, that other projections of France hardly meet.
FRAME: Final = ((0.0, 6_030_000.0), (1_400_000.0, 7_300_000.0))
CODES: Final = (
    "code",
    "insee_com",
    "codgeo",
    "code_insee",
    "siren_epci",
    "code_siren",
    "siren",
    "insee_dep",
    "insee_reg",
    "id",
)
# Actor columns that may hold the code of a bundled outline.
CODE_COLUMNS: Final = ("territory", "siren", "epci", "departement")
NAMES: Final = ("nom", "name", "libgeo", "nom_com", "lib_epci", "nom_officiel", "libelle")


def read_contours(source: Contours) -> dict[str, Outline]:
    """Return outlines in Lambert-93 metres, by code.

    Parameters
    ----------
    source : str, path, mapping or GeoDataFrame
        The name of a bundled set; a GeoJSON, GPKG or shapefile, in any projection that it names; a GeoJSON object;
        what :func:`outlines` returned; or a table of geopandas.

    Returns
    -------
    dict
        Code to outline. Coordinates without a projection are degrees when none exceeds 360, else metres.

    Raises
    ------
    ReseauError
        If the file is not there, holds no polygon, or holds polygons that are not in France.
    MissingDependencyError
        If the file needs the ``geo`` extra: GPKG, shapefile, GeoJSON that names another projection than
        degrees and Lambert-93.
    """
    if isinstance(source, Mapping):
        if "type" not in source:
            return dict(source)
        return _gathered(_features(source, "the object"), "the object")
    if hasattr(source, "to_crs"):
        return _gathered(_of_table(source), "the table")
    if str(source) in SETS:
        return outlines(str(source))
    path = Path(source)
    if not path.exists():
        raise ReseauError(f"no contours at {str(path)!r}. Give a file, or one of the bundled sets: {', '.join(SETS)}.")
    if path.suffix.lower() in (".geojson", ".json"):
        return _gathered(_geojson(path), repr(path.name))
    geopandas = import_optional("geopandas", extra="geo", needed_by=f"reading {path.name!r}")
    return _gathered(_of_table(geopandas.read_file(path)), repr(path.name))


def _of_table(frame: Any) -> list[dict[str, Any]]:
    """Return the features of a table of geopandas, in degrees when it says its projection."""
    known = frame if frame.crs is None else frame.to_crs(4326)
    return list(known.__geo_interface__["features"])


def _gathered(features: Iterable[Mapping[str, Any]], origin: str) -> dict[str, Outline]:
    """Return one outline per code: its parts may stand on several rows."""
    found: dict[str, Outline] = {}
    features = list(features)
    _check_place(features, origin)
    for number, feature in enumerate(features):
        one = _outline(feature, str(number))
        if one is not None:
            earlier = found.get(one.code)
            found[one.code] = one if earlier is None else Outline(one.code, one.name, earlier.rings + one.rings)
    return found


def _check_place(features: Iterable[Mapping[str, Any]], origin: str) -> None:
    """Refuse a file of which most outlines would stand at a wrong place, or nowhere."""
    starts = [ring[0][:2] for feature in features for ring in _rings(feature.get("geometry") or {})]
    if not starts:
        raise ReseauError(f"{origin} holds no polygon, so there is no outline to draw.")
    corners = np.array(starts, dtype=float)
    degrees = np.abs(corners).max(axis=1) <= DEGREES
    here = np.all((corners >= FRAME[0]) & (corners <= FRAME[1]), axis=1, keepdims=True)[:, 0]
    here[degrees] = np.isfinite(project(*corners[degrees].T)[:, 0])
    if 2 * here.sum() < len(here):
        low, high = (f"({x:.7g}, {y:.7g})" for x, y in (corners.min(axis=0), corners.max(axis=0)))
        raise ReseauError(
            f"the outlines of {origin} are not in France: their coordinates run from {low} to {high}. Degrees "
            "(EPSG:4326, longitude first) or metres of Lambert-93 (EPSG:2154) are read as they are, other projections "
            "when the file names them rightly; export it again in one of the two."
        )


def _geojson(path: Path) -> list[Mapping[str, Any]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ReseauError(f"{path.name!r} is not GeoJSON: {error}.") from error
    return _features(content, repr(path.name))


def _features(content: object, origin: str) -> list[Mapping[str, Any]]:
    """Return the features of a GeoJSON object: a collection, one feature, or a bare geometry."""
    if isinstance(content, Mapping):
        if isinstance(content.get("features"), list):
            return _in_degrees(content["features"], content.get("crs"), origin)
        if content.get("type") == "Feature":
            return [content]
        if content.get("type") in ("Polygon", "MultiPolygon", "GeometryCollection"):
            return [{"geometry": content}]
    raise ReseauError(f"{origin} is not GeoJSON: it has no list of 'features'.")


def _in_degrees(features: list[Mapping[str, Any]], crs: Any, origin: str) -> list[Mapping[str, Any]]:
    """Return features in degrees or Lambert-93, whatever projection the file names (as GeoJSON could before 2016)."""
    name = str(((crs or {}).get("properties") or {}).get("name") or PLAIN[0])
    if name.endswith(PLAIN):
        return features
    geopandas = import_optional("geopandas", extra="geo", needed_by=f"reading {origin}, in the projection {name},")
    return list(_of_table(geopandas.GeoDataFrame.from_features(features, crs=name)))


def _outline(feature: Mapping[str, Any], number: str) -> Outline | None:
    drawn = (_metres(ring) for ring in _rings(feature.get("geometry") or {}))
    rings = tuple(ring for ring in drawn if len(ring) > 3)
    properties = {str(key).lower(): value for key, value in (feature.get("properties") or {}).items()}
    code = next((str(properties[key]) for key in CODES if properties.get(key) is not None), number)
    name = next((str(properties[key]) for key in NAMES if properties.get(key) is not None), code)
    return Outline(code, name, rings) if rings else None


def _rings(geometry: Mapping[str, Any]) -> list[Sequence[Sequence[float]]]:
    """Return the rings of the polygons of a geometry, borders and holes alike."""
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        return [ring for part in geometry["geometries"] for ring in _rings(part)]
    if kind not in ("Polygon", "MultiPolygon") or not geometry.get("coordinates"):
        return []
    polygons = geometry["coordinates"] if kind == "MultiPolygon" else [geometry["coordinates"]]
    return [ring for polygon in polygons for ring in polygon if len(ring) > 3]


def _metres(ring: Sequence[Sequence[float]]) -> NDArray[np.int64]:
    """Corners in Lambert-93 metres: degrees are projected, larger numbers are metres already."""
    corners = np.array([corner[:2] for corner in ring], dtype=float)
    if np.abs(corners).max() <= DEGREES:
        corners = project(corners[:, 0], corners[:, 1])
        corners = corners[np.isfinite(corners[:, 0])]
    return np.asarray(np.rint(corners), dtype=np.int64)


def usual_set(extent: float) -> str:
    """Return the bundled set that suits a map so many metres wide: EPCI below the size of a région."""
    return "epci" if extent < WIDE else "departements"


def bundled_for(net: Network) -> dict[str, Outline]:
    """Return the bundled outlines of the codes that a network names."""
    check_network(net)
    actors = net.actors
    named = [column for column in CODE_COLUMNS if column in actors.columns]
    codes = sorted({str(code) for column in named for code in actors[column].dropna().unique()})
    departements = outlines("departements")
    short = {code: code.removeprefix("DEP").removeprefix("-") for code in codes}
    return outlines("epci", codes=codes) | {
        code: departements[short[code]] for code in codes if short[code] in departements
    }
