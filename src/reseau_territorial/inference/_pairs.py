"""Selections of ties as matrices between the same actors, and the pairs of actors to compare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._selection import as_list
from reseau_territorial.errors import ReseauError
from reseau_territorial.metrics._waves import known_between
from reseau_territorial.network import Choice, Network

Array = NDArray[np.float64]
Positions = NDArray[np.int64]
Pairs = tuple[Positions, ...]
Side = tuple[Choice, Choice]  # a layer and a period, or several


class Matrices(NamedTuple):
    """Selections over the same actors: the strength of each tie, whether each pair is known, the pairs to compare."""

    strength: list[Array]
    known: list[NDArray[np.bool_]]
    pairs: Pairs
    actors: pd.Index


def named(side: Side) -> str:
    """Name a selection by its layer and its period."""
    return " ".join(str(name) for choice in side for name in as_list(choice))


def matrices_of(net: Network, sides: Sequence[Side], *, weight: str | None, over: pd.Index | None = None) -> Matrices:
    """Return selections as matrices over the actors present in all of them (or `over`), and the pairs to compare."""
    views = [net._view(layer=layer, period=period, weight=weight) for layer, period in sides]
    common = views[0].actors if over is None else over
    for view in views[1:] if over is None else ():
        common = common[common.isin(view.actors)]
    if len(common) < 3:
        everywhere = " and ".join(repr(named(side)) for side in sides)
        raise ReseauError(
            f"{len(common)} actor{' is' if len(common) == 1 else 's are'} present in {everywhere}: comparing them "
            "needs 3 or more."
        )
    arrays = []
    for view in views:
        matrix = view.binary if weight is None else view.weighted
        place = view.actors.get_indexer(common)
        there = place >= 0
        array = np.zeros((len(common), len(common)))
        array[np.ix_(there, there)] = matrix[place[there]][:, place[there]].toarray()
        arrays.append(array)
    size = len(common)
    directed = any(view.directed for view in views)
    pairs = np.nonzero(~np.eye(size, dtype=bool)) if directed else np.triu_indices(size, k=1)
    place = net.actors.index.get_indexer(common)
    known = [known_between(net, *side)[np.ix_(place, place)] for side in sides]
    return Matrices(arrays, known, pairs, common)
