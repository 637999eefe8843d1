"""From arrays back to tables: one value per actor, per group or for the network; once, or per aspect."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from reseau_territorial._arguments import check_network
from reseau_territorial._selection import check_choice, names_of
from reseau_territorial._sparse import TieView
from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.network import Choice, Network

__all__ = ["Per", "per_actor", "per_frame", "per_network"]

Per = Literal["layer", "period", "level"] | None

PERS = ("layer", "period", "level")


def per_actor(
    net: Network,
    name: str,
    compute: Callable[[TieView], ArrayLike],
    *,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = None,
    per: Per = None,
) -> pd.Series:
    """Compute one value per actor present, or per actor in each layer, period or level.

    Parameters
    ----------
    net : Network
        The network.
    name : str
        Name of the resulting Series.
    compute : callable
        From a view to an array with a value for each of its actors.
    layer, period, weight
        The selection, and the column of strengths.
    per : {"layer", "period", "level"}, optional
        Compute once for each value of this aspect.

    Returns
    -------
    Series
        Indexed by ``actor``, or by ``(actor, per)``: an actor absent from a layer has no row there.
    """
    parts: list[tuple[Any, Any]] = [
        (value, pd.Series(np.asarray(compute(view), dtype=float), index=view.actors, name=name))
        for value, view in views(net, layer=layer, period=period, weight=weight, per=per)
    ]
    result: pd.Series = stacked(parts, per)
    return result


def per_frame(
    net: Network,
    compute: Callable[[TieView], pd.DataFrame],
    *,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = None,
    per: Per = None,
) -> pd.DataFrame:
    """Compute a table (per actor, per group ...), or one for each layer, period or level, stacked."""
    parts = [(value, compute(view)) for value, view in views(net, layer=layer, period=period, weight=weight, per=per)]
    result: pd.DataFrame = stacked(parts, per)
    return result


def per_network(
    net: Network,
    name: str,
    compute: Callable[[TieView], float],
    *,
    layer: Choice = None,
    period: Choice = None,
    weight: str | None = None,
    per: Per = None,
) -> float | pd.Series:
    """Compute one number, or a Series of one number for each layer, period or level."""
    found = {
        value: float(compute(view)) for value, view in views(net, layer=layer, period=period, weight=weight, per=per)
    }
    if per is None:
        return found[None]
    return pd.Series(found, name=name, dtype=float).rename_axis(per)


def views(
    net: Network, *, layer: Choice, period: Choice, weight: str | None, per: Per
) -> Iterator[tuple[Any, TieView]]:
    """Yield the value of the aspect (None without one) and the view of each part."""
    check_network(net)
    if per is None:
        yield None, net._view(layer=layer, period=period, weight=weight)
    elif per == "layer":
        for value in _chosen("layer", net.layers.index, layer):
            yield value, net._view(layer=value, period=period, weight=weight)
    elif per == "period":
        for value in _chosen("period", net.periods, period):
            yield value, net._view(layer=layer, period=value, weight=weight)
    elif per == "level":
        for level in sorted(net.ties["level"].dropna().unique()):
            if level > 0:
                yield int(level), net._view(layer=layer, period=period, level=int(level), weight=weight)
    else:
        raise unknown_name("aspect for per", per, PERS)


def _chosen(what: str, known: Iterable[str], choice: Choice) -> list[str]:
    names = list(known)
    if choice is None:
        return names
    wanted = names_of(choice, what) or ()
    check_choice(names, wanted, what)
    return [value for value in names if value in wanted]


def stacked(parts: list[tuple[Any, Any]], per: Per) -> Any:
    if per is None:
        return parts[0][1]
    if not parts:
        raise ReseauError(f"nothing to compute per {per}: no tie has a {per}. Give the ties a {per!r} column.")
    keys, tables = zip(*parts, strict=True)
    names = list(tables[0].index.names)
    stacked = pd.concat(tables, keys=keys, names=[per, *names])
    return stacked.reorder_levels([*names, per])
