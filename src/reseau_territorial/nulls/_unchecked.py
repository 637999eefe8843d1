"""New networks from the values of a checked one: nothing to check again, thousands of times over."""

from __future__ import annotations

from copy import copy

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._arguments import check_network
from reseau_territorial._selection import codes_of
from reseau_territorial.network import Network
from reseau_territorial.tables import tie_ends


def in_order_of_names(net: Network) -> Network:
    """Return the network with its actors sorted by name, so that a draw of actors hangs on names, not on rows."""
    check_network(net)
    actors = net._tables["actors"]
    if actors.index.is_monotonic_increasing:
        return net
    result = copy(net)
    changed = {**net._tables, "actors": actors.sort_index()}
    place = changed["actors"].index.get_indexer(actors.index).astype(np.int32)
    ends = {"source": place[net._codes.source], "target": place[net._codes.target]}
    result.__dict__.update(_tables=changed, _codes=codes_of(changed, ends), _views={})
    return result


def with_groups(net: Network, by: str, values: NDArray[np.object_]) -> Network:
    """Return the network with other values in one actor column; ties, and the views of them, are shared."""
    result = copy(net)
    actors = net.actors.assign(**{by: values})
    result.__dict__["_tables"] = {**net._tables, "actors": actors}
    return result


def with_ends(net: Network, rows: NDArray[np.int64], source: NDArray[np.int64], target: NDArray[np.int64]) -> Network:
    """Return the network with other ends for some rows of its ties, given as positions of its actors."""
    ties = net.ties
    names = net.actors.index
    for column, ends in (("source", source), ("target", target)):
        values = ties[column].astype("object").to_numpy(copy=True)
        values[rows] = names.take(ends).to_numpy()
        ties[column] = pd.Series(values, index=ties.index, dtype=net.ties[column].dtype)
    return with_tables(net, ties=ties)


def with_tables(net: Network, **tables: pd.DataFrame) -> Network:
    """Return the network with other ties or actors; new actors come without provision and observation."""
    result = copy(net)
    emptied = {name: net._tables[name].head(0) for name in ("provision", "observation")} if "actors" in tables else {}
    changed = {**net._tables, **emptied, **tables}
    ends = tie_ends(changed["ties"], changed["actors"].index)
    result.__dict__.update(_tables=changed, _codes=codes_of(changed, ends), _views={})
    return result
