"""The cases of the benchmarks, by this library. A network is built anew for each measurement: nothing is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

import reseau_territorial as rt
from reseau_territorial.metrics import bridging, centrality

Arrays = dict[str, Any]


def tables(data: Arrays) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the tables of ties and actors, as an analyst has them."""
    names = pd.Index(np.char.add("a", np.arange(int(data["n"])).astype(str)).astype(object))
    ties = pd.DataFrame(
        {
            "source": pd.Categorical.from_codes(data["source"], names),
            "target": pd.Categorical.from_codes(data["target"], names),
        }
    )
    if "layer" in data:
        ties["layer"] = np.char.add("layer ", data["layer"].astype(str))
    if "weight" in data:
        ties["weight"] = data["weight"]
    actors = pd.DataFrame({"actor": names})
    if "group" in data:
        actors["group"] = np.char.add("group ", data["group"].astype(str))
    return ties, actors


def multilayer(net: rt.Network) -> None:
    rt.multiplex_participation(net)
    rt.tie_overlap(net)
    rt.layer_similarity(net)


CASES: dict[str, Callable[[rt.Network], object]] = {
    "betweenness": centrality.betweenness,
    "closeness": centrality.closeness,
    "constraint": bridging.constraint,
    "effective_size": bridging.effective_size,
    "brokerage": lambda net: bridging.brokerage(net, by="group"),
    "multilayer": multilayer,
    "silo": lambda net: rt.network_silo(net, by="group"),
    "mixing": lambda net: rt.group_mixing(net, by="group"),
    "participation": lambda net: rt.participation(net, by="group"),
}
DIRECTED = {"brokerage"}


def prepare(case: str, data: Arrays) -> Callable[[], object]:
    ties, actors = tables(data)
    if case == "effective_size_tables":
        plain = ties.astype("str")  # text, as read from a file
        return lambda: bridging.effective_size(rt.Network(plain, actors=actors))
    net = rt.Network(ties, actors=actors, directed=case in DIRECTED)
    if case == "silo":
        net._view()  # the arrays of the ties: what one pass of NumPy starts from
    return lambda: CASES[case](net)


def found(case: str, data: Arrays) -> object:
    """Return the values of a case, one per actor: of several layers, the participation."""
    ties, actors = tables(data)
    net = rt.Network(ties, actors=actors)
    values: Any = rt.multiplex_participation(net) if case == "multilayer" else CASES[case](net)
    return values.reindex(actors["actor"]).to_numpy()
