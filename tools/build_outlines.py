"""Make the bundled outlines from the open contours: `python tools/build_outlines.py FOLDER_OF_CONTOURS [ELSEWHERE]`.

Lambert-93, whole hundreds of metres, each ring as steps from its first corner, so that the files are small.
The same input gives the same text; its packing depends on Python.
"""

from __future__ import annotations

import gzip
import itertools
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from reseau_territorial.layouts import project
from reseau_territorial.outlines import UNIT

HERE = Path(__file__).parents[1] / "src" / "reseau_territorial" / "outlines"
SETS = {
    "departements": ("departements-version-simplifiee.geojson.gz", "code", "nom"),
    "epci": ("epci-france-style-anct.geojson.gz", "siren_epci", "lib_epci"),
}
# The contours of départements stop at the mainland; those overseas are made of their EPCI, which stand in insets.
OVERSEAS = {"971": "Guadeloupe", "972": "Martinique", "973": "Guyane", "974": "La Réunion", "976": "Mayotte"}


def rings_of(geometry: dict[str, Any]) -> list[list[int]]:
    """Return each ring as one list: first corner, then steps, in units of `UNIT` metres."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings = []
    for ring in (ring for polygon in polygons for ring in polygon):
        degrees = np.array(ring, dtype=float)
        corners = np.rint(project(degrees[:, 0], degrees[:, 1]) / UNIT).astype(int)
        moved = np.concatenate([[True], (np.diff(corners, axis=0) != 0).any(axis=1)])
        corners = corners[moved]
        if len(corners) > 3:
            steps = np.diff(corners, axis=0, prepend=np.zeros((1, 2), dtype=int))
            rings.append(steps.ravel().tolist())
    return rings


def features_of(path: Path) -> list[dict[str, Any]]:
    """Return the features of a compressed GeoJSON file."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return list(json.load(stream)["features"])


def dissolved(rings: Iterable[list[int]]) -> list[list[int]]:
    """Return the rings around neighbours: a border walked both ways is inside, and goes."""
    sides: Counter[tuple[tuple[int, int], tuple[int, int]]] = Counter()
    for ring in rings:
        corners = [(int(x), int(y)) for x, y in np.cumsum(np.array(ring).reshape(-1, 2), axis=0)]
        for side in itertools.pairwise(corners):
            if sides[side[::-1]]:
                sides[side[::-1]] -= 1
            else:
                sides[side] += 1
    following: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for start, end in sorted(sides.elements()):
        following.setdefault(start, []).append(end)
    found = []
    while following:
        walk = [next(iter(following))]
        while walk[-1] in following:
            ends = following[walk[-1]]
            end = ends.pop()
            if not ends:
                del following[walk[-1]]
            walk.append(end)
        if len(walk) > 3:
            found.append(np.diff(np.array(walk), axis=0, prepend=np.zeros((1, 2), dtype=int)).ravel().tolist())
    return found


def overseas(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the départements overseas, each made of its EPCI."""
    rings: dict[str, list[list[int]]] = {code: [] for code in OVERSEAS}
    for feature in features_of(folder / SETS["epci"][0]):
        rings.get(feature["properties"]["insee_dep"], []).extend(rings_of(feature["geometry"]))
    return {code: {"name": name, "rings": dissolved(rings[code])} for code, name in OVERSEAS.items()}


def main(folder: Path, written: Path = HERE) -> None:
    """Write one compressed file per set."""
    for name, (source, code, label) in SETS.items():
        places: dict[str, dict[str, Any]] = overseas(folder) if name == "departements" else {}
        for feature in features_of(folder / source):
            properties = feature["properties"]
            if properties[code] is None:  # islands that belong to no EPCI
                continue
            place = places.setdefault(properties[code], {"name": properties[label], "rings": []})
            place["rings"] += rings_of(feature["geometry"])
        text = json.dumps(dict(sorted(places.items())), ensure_ascii=False, separators=(",", ":"))
        (written / f"{name}.json.gz").write_bytes(gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
