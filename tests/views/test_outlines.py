"""The bundled outlines: complete, in place, small, and made again with the same bytes."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from matplotlib.path import Path as Border

from reseau_territorial.errors import UnknownNameError
from reseau_territorial.layouts import project
from reseau_territorial.outlines import outlines

ROOT = Path(__file__).parents[2]
CONTOURS = Path(os.environ.get("RESEAU_SHARED", ROOT.parent / "shared")) / "data" / "contours"


def holds(outline, longitude, latitude) -> bool:
    point = project(longitude, latitude)[0]
    return sum(Border(ring).contains_point(point) for ring in outline.rings) % 2 == 1


def test_every_departement_is_there():
    known = outlines("departements")
    assert len(known) == 101
    assert {"2A", "2B", "75", "01", "95", "971", "976"} <= set(known)
    assert all(len(ring) > 3 and (ring[0] == ring[-1]).all() for one in known.values() for ring in one.rings)


@pytest.mark.parametrize(
    ("code", "longitude", "latitude"),
    [
        ("37", 0.69, 47.39),
        ("75", 2.35, 48.86),
        ("59", 3.06, 50.63),
        ("2A", 8.9, 41.9),
        ("29", -4.1, 48.3),
        ("974", 55.45, -20.93),
    ],
)
def test_towns_lie_in_their_departement_and_in_no_other(code, longitude, latitude):
    assert [key for key, one in outlines("departements").items() if holds(one, longitude, latitude)] == [code]


def test_towns_lie_in_their_epci_overseas_too():
    epci = outlines("epci")
    assert len(epci) == 1255
    assert holds(epci["243700754"], 0.69, 47.39)  # Tours Métropole Val de Loire
    reunion = [one for one in epci.values() if "CINOR" in one.name]
    assert holds(reunion[0], 55.45, -20.93)  # Saint-Denis, in its inset


def test_only_the_codes_asked_for():
    assert list(outlines("departements", codes=["75", "99", "37"])) == ["75", "37"]
    with pytest.raises(UnknownNameError, match="Did you mean 'departements'"):
        outlines("departement")


def test_they_are_small_and_their_source_is_told():
    folder = resources.files("reseau_territorial.outlines")
    files = [entry for entry in folder.iterdir() if entry.name.endswith(".gz")]
    assert sum(len(entry.read_bytes()) for entry in files) < 500_000
    assert "Licence Ouverte" in folder.joinpath("SOURCE.md").read_text(encoding="utf-8")


@pytest.mark.skipif(not CONTOURS.exists(), reason="the open contours are not beside the project")
def test_made_again_the_outlines_are_the_same(tmp_path):
    def unpacked(folder):
        return {path.name: gzip.decompress(path.read_bytes()) for path in folder.glob("*.gz")}

    tool = ROOT / "tools" / "build_outlines.py"
    subprocess.run([sys.executable, str(tool), str(CONTOURS), str(tmp_path)], check=True)
    assert unpacked(tmp_path) == unpacked(ROOT / "src" / "reseau_territorial" / "outlines")


def test_corners_are_whole_hundreds_of_metres():
    corners = np.concatenate([ring for one in outlines("epci").values() for ring in one.rings])
    assert (corners % 100 == 0).all()
