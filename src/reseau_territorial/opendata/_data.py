"""The small tables that come with the package (see data/SOURCE.md): read once, as text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

import pandas as pd


def renamed(values: pd.Series, mapping: Mapping[str, str] | pd.Series) -> pd.Series:
    """Return text values, those that the mapping knows replaced."""
    # Where the mapping knows none, map() gives floats: they are made text before being filled.
    return values.astype("str").map(mapping).astype("str").fillna(values.astype("str"))


@cache
def bundled(name: str) -> pd.DataFrame:
    """Return a table of the package, all text; callers must not change it."""
    source = resources.files("reseau_territorial.opendata") / "data" / name
    with resources.as_file(source) as path:
        return pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""])
