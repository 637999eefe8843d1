"""Outlines to draw: bundled ones, or a user's own file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError, import_optional
from reseau_territorial.layouts import project
from reseau_territorial.outlines import SETS, Outline, outlines

if TYPE_CHECKING:
    from reseau_territorial.network import Network

CODES: Final = ("code", "insee_com", "codgeo", "code_insee", "siren_epci", "code_siren", "siren", "insee_dep", "id")
NAMES: Final = ("nom", "name", "libgeo", "nom_com", "lib_epci", "nom_officiel", "libelle")


def read_contours(source: str | os.PathLike[str]) -> dict[str, Outline]:
    """Return the outlines of a bundled set, or of a file.

    Raises
    ------
    ReseauError
        If the file is not there or holds no polygon.
    MissingDependencyError
        If the file needs the ``geo`` extra.
    """
    if str(source) in SETS:
        return outlines(str(source))
    path = Path(source)
    if not path.exists():
        raise ReseauError(f"no contours at {str(path)!r}. Give a file, or one of the bundled sets: {', '.join(SETS)}.")
    if path.suffix.lower() in (".geojson", ".json"):
        features = _geojson(path)
    else:
        geopandas = import_optional("geopandas", extra="geo", needed_by=f"reading {path.name!r}")
        frame = geopandas.read_file(path).to_crs(4326)
        features = json.loads(frame.to_json())["features"]
    found: dict[str, Outline] = {}
    for number, feature in enumerate(features):
        one = _outline(feature, str(number))
        if one is not None:
            earlier = found.get(one.code)
            found[one.code] = one if earlier is None else Outline(one.code, one.name, earlier.rings + one.rings)
    if not found:
        raise ReseauError(f"{path.name!r} holds no polygon, so there is no outline to draw.")
    return found


def _geojson(path: Path) -> list[dict[str, Any]]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ReseauError(f"{path.name!r} is not GeoJSON: {error}.") from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise ReseauError(f"{path.name!r} is not a GeoJSON collection: it has no list of 'features'.")
    return features


def _outline(feature: dict[str, Any], number: str) -> Outline | None:
    geometry = feature.get("geometry") or {}
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon") or not coordinates:
        return None
    polygons = coordinates if kind == "MultiPolygon" else [coordinates]
    rings = tuple(_metres(ring) for polygon in polygons for ring in polygon if len(ring) > 3)
    properties = {str(key).lower(): value for key, value in (feature.get("properties") or {}).items()}
    code = next((str(properties[key]) for key in CODES if properties.get(key) is not None), number)
    name = next((str(properties[key]) for key in NAMES if properties.get(key) is not None), code)
    return Outline(code, name, rings) if rings else None


def _metres(ring: list[list[float]]) -> NDArray[np.int64]:
    """Corners in Lambert-93 metres: degrees are projected, larger numbers are metres already."""
    corners = np.array([corner[:2] for corner in ring], dtype=float)
    if np.abs(corners).max() <= 360:
        corners = project(corners[:, 0], corners[:, 1])
        corners = corners[np.isfinite(corners[:, 0])]
    return np.asarray(np.rint(corners), dtype=np.int64)


def middle_of(one: Outline) -> tuple[float, float]:
    """Return the centre of gravity of the largest ring of an outline."""
    areas = [abs(_area(ring)) for ring in one.rings]
    ring = one.rings[int(np.argmax(areas))].astype(float)
    x, y = (ring - ring[0]).T
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    if cross.sum() == 0:
        return float(ring[:, 0].mean()), float(ring[:, 1].mean())
    centre = [float(((v[:-1] + v[1:]) * cross).sum() / (3 * cross.sum())) for v in (x, y)]
    return centre[0] + float(ring[0, 0]), centre[1] + float(ring[0, 1])


def _area(ring: NDArray[np.int64]) -> float:
    x, y = (ring - ring[0]).astype(float).T
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)


def bundled_for(net: Network) -> dict[str, Outline]:
    """Return the bundled outlines of the codes that a network names."""
    actors = net.actors
    codes = {str(code) for column in ("territory", "siren", "insee") for code in actors[column].dropna()}
    departements = outlines("departements")
    known = dict(outlines("epci", codes=sorted(codes)))
    for code in codes:
        short = code.removeprefix("DEP-")
        if short in departements:
            known[code] = departements[short]
    return known
