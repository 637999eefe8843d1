"""Make the bundled outlines from the open contours: `python tools/build_outlines.py FOLDER_OF_CONTOURS`.

Lambert-93, whole hundreds of metres, each ring as steps from its first corner, so that the files are small.
The same input gives the same bytes.
"""

from __future__ import annotations

import gzip
import json
import sys
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


def main(folder: Path) -> None:
    """Write one compressed file per set."""
    for name, (source, code, label) in SETS.items():
        with gzip.open(folder / source, "rt", encoding="utf-8") as stream:
            features = json.load(stream)["features"]
        places: dict[str, dict[str, Any]] = {}
        for feature in features:
            properties = feature["properties"]
            if properties[code] is None:  # islands that belong to no EPCI
                continue
            place = places.setdefault(properties[code], {"name": properties[label], "rings": []})
            place["rings"] += rings_of(feature["geometry"])
        text = json.dumps(dict(sorted(places.items())), ensure_ascii=False, separators=(",", ":"))
        (HERE / f"{name}.json.gz").write_bytes(gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
