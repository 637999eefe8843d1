"""The measures written in a card and offered for the size of markers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pandas as pd

from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.maps._data import significant
from reseau_territorial.metrics.table import ACTOR_METRICS, measure
from reseau_territorial.network import Network
from reseau_territorial.styles import clean
from reseau_territorial.vocabulary import Lang, label

__all__ = ["metrics_of"]

# Paths through a large network take minutes: they are computed when asked for by name.
LARGEST_FOR_PATHS: Final = 3_000
LARGEST_FOR_TRIADS: Final = 10_000


def metrics_of(
    net: Network, size: str | pd.Series | None, by: str | None, lang: Lang
) -> tuple[list[dict[str, Any]], int]:
    """Return the measures of a map as columns, and the position of the one that gives the size.

    Parameters
    ----------
    net : Network
        The network, as it will be published.
    size : str, Series or None
        A metric, a numeric actor column, or values in the order of the actors.
    by : str or None
        Actor column of the groups.
    lang : {"fr", "en"}
        Language of the labels.
    """
    names = ["degree"]
    if net.ties["weight"].nunique() > 1:
        names.append("strength")
    if len(net) <= LARGEST_FOR_PATHS:
        names.append("betweenness")
    if len(net) <= LARGEST_FOR_TRIADS:
        names.append("constraint")
    if by is not None:
        names += ["participation", "silo"]
    columns: dict[str, Callable[[], pd.Series]] = {name: _of(net, name, by) for name in names}
    if isinstance(size, pd.Series):
        key = str(size.name or "size")
        columns[key] = lambda: size
    elif size is not None and size not in columns:
        if size in ACTOR_METRICS:
            columns[size] = _of(net, size, by)
        elif size in net.actors.columns and pd.api.types.is_numeric_dtype(net.actors[size].dtype):
            columns[size] = lambda: net.actors[size]
        else:
            numeric = [name for name in net.actors.columns if pd.api.types.is_numeric_dtype(net.actors[name].dtype)]
            raise unknown_name("metric or numeric actor column", size, [*ACTOR_METRICS, *numeric])
    chosen = str(size.name or "size") if isinstance(size, pd.Series) else size or "degree"
    items = [
        _column(name, label("metric", name, lang=lang), _numbers(net, values())) for name, values in columns.items()
    ]
    return items, list(columns).index(chosen)


def _column(key: str, title: str, numbers: np.ndarray[Any, Any]) -> dict[str, Any]:
    """Return a measure with the two ends of its scale, which holds 0."""
    values = significant(numbers)
    known = [value for value in values if value is not None]
    low, high = min([0, *known]), max([0, *known])
    return {"key": clean(key), "label": clean(title), "low": low, "high": high, "values": values}


def _of(net: Network, name: str, by: str | None) -> Callable[[], pd.Series]:
    def values() -> pd.Series:
        grouped = by is not None and name in ("participation", "silo")
        table = measure(net, [name], by=by, missing="drop") if grouped else measure(net, [name])
        return table[table.columns[0]]

    return values


def _numbers(net: Network, values: pd.Series) -> np.ndarray[Any, Any]:
    aligned = values.reindex(net.actors.index) if not values.index.equals(net.actors.index) else values
    if len(values) and aligned.isna().all() and not values.isna().all():
        raise ReseauError("size has no value for any actor of the network. Index it by actor, as the metrics do.")
    return aligned.to_numpy(dtype=np.float64, na_value=np.nan)
