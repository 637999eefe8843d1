"""Simplified outlines of French territories, bundled so that a map needs no network.

Lambert-93 metres, corners rounded to 100 m: for drawing, never for measuring. Origin and licence are in
``SOURCE.md`` beside the files.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reseau_territorial.errors import unknown_name

__all__ = ["Outline", "outlines"]

UNIT: Final = 100
SETS: Final = ("departements", "epci")
CREDIT: Final = {
    "departements": "Contours : IGN Admin Express 2018 simplifiés par france-geojson, ANCT outre-mer (Licence Ouverte)",
    "epci": "Contours : ANCT, EPCI généralisés (Licence Ouverte 2.0)",
}


@dataclass(frozen=True, eq=False)
class Outline:
    """One territory: its rings in Lambert-93 metres (x to the east, y to the north).

    Attributes
    ----------
    code : str
        INSEE code of a département, or SIREN of an EPCI.
    name : str
        Official name.
    rings : tuple of ndarray, each of shape (corners, 2)
        Outer borders and holes; the last corner is the first again.
    """

    code: str
    name: str
    rings: tuple[NDArray[np.int64], ...]


def outlines(kind: str, *, codes: Iterable[str] | None = None) -> dict[str, Outline]:
    """Return the bundled outlines of one kind of territory.

    Parameters
    ----------
    kind : {"departements", "epci"}
        Départements (2018), or EPCI with fiscal powers; those overseas stand to the south-west, in the
        same insets as in the geographic layout.
    codes : iterable of str, optional
        Only these; codes without an outline are left out.

    Returns
    -------
    dict
        Code to outline, in the order of the codes.

    Raises
    ------
    UnknownNameError
        If the kind is not bundled.

    Examples
    --------
    >>> outlines("departements", codes=["37"])["37"].name
    'Indre-et-Loire'
    """
    if kind not in SETS:
        raise unknown_name("set of outlines", kind, SETS)
    known = _read(kind)
    return dict(known) if codes is None else {code: known[code] for code in codes if code in known}


@cache
def _read(kind: str) -> dict[str, Outline]:
    data = resources.files("reseau_territorial.outlines").joinpath(f"{kind}.json.gz").read_bytes()
    places = json.loads(gzip.decompress(data))
    return {
        code: Outline(code, place["name"], tuple(_corners(ring) for ring in place["rings"]))
        for code, place in places.items()
    }


def _corners(steps: list[int]) -> NDArray[np.int64]:
    return np.cumsum(np.array(steps, dtype=np.int64).reshape(-1, 2), axis=0) * UNIT
