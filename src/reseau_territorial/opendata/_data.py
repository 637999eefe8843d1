"""The small tables that come with the package (see data/SOURCE.md): read once, as text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

import pandas as pd


def renamed(values: pd.Series, mapping: Mapping[str, str] | pd.Series) -> pd.Series:
    """Return text values, those that the mapping knows replaced."""
    # Where the mapping knows none, map() gives floats: they are made text before being filled.
    return values.astype("str").map(mapping).astype("str").fillna(values.astype("str"))


VINTAGES: Final = tuple(str(year) for year in range(2019, 2027))
"""The vintages of the code officiel géographique that the tables of the package were made from."""
CURRENT: Final = VINTAGES[-1]


@cache
def communes_of(vintage: str | None = None) -> pd.DataFrame:
    """Return the communes with their SIREN and the SIREN of their EPCI, as they were in a vintage.

    Parameters
    ----------
    vintage : str, optional
        A year; the last one by default, and for a period that is no year. Of a commune that did not exist
        that year, or for a year that the package does not cover, what is known at the nearest date is given.

    Returns
    -------
    pandas.DataFrame
        Index ``insee``; columns ``siren``, ``epci``, ``first`` and ``last`` (years); callers must not change it.
    """
    spans = bundled("communes.csv.gz").astype({"first": "int64", "last": "int64"})
    asked = int(vintage if vintage and vintage.isdecimal() else CURRENT)
    distance = (spans["first"] - asked).clip(lower=0) + (asked - spans["last"]).clip(lower=0)
    nearest = spans.assign(distance=distance).sort_values(["insee", "distance"], kind="stable")
    return nearest.drop_duplicates("insee").set_index("insee").drop(columns="distance")


@cache
def insee_of_siren() -> pd.Series:
    """Return the INSEE code of every SIREN that a commune had in one of the vintages: the latest one."""
    spans = bundled("communes.csv.gz").dropna(subset=["siren"]).sort_values("last", kind="stable")
    return spans.drop_duplicates("siren", keep="last").set_index("siren")["insee"]


@cache
def bundled(name: str) -> pd.DataFrame:
    """Return a table of the package, all text; callers must not change it."""
    source = resources.files("reseau_territorial.opendata") / "data" / name
    with resources.as_file(source) as path:
        return pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""])
