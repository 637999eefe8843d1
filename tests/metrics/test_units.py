"""The unit of the weights, euros or billions of euros: no index depends on it, what is in that unit follows it."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest

import reseau_territorial as rt

TIES = pd.DataFrame(
    [
        ("a", "b", "funding", 2.0), ("b", "c", "funding", 1.0), ("c", "a", "funding", 3.0), ("c", "d", "funding", 0.7),
        ("d", "e", "funding", 2.0), ("e", "c", "funding", 1.1), ("f", "a", "funding", 0.4), ("a", "d", "contract", 5.0),
        ("d", "b", "contract", 1.3), ("e", "f", "contract", 2.2), ("h", "i", "contract", 1.0),
    ],
    columns=["source", "target", "layer", "weight"],
)  # fmt: skip
ACTORS = pd.DataFrame({"actor": list("abcdefghi"), "sector": list("xxyyyxxxy"), "staff": range(9)})
BY = {"by": "sector"}
INDICES: dict[str, dict[str, Any]] = {
    "assortativity": BY, "autocorrelation": {"of": "staff"}, "betweenness": {}, "bridging_centrality": {},
    "coleman": BY, "conductance": BY, "constraint": {}, "cross_betweenness": BY, "current_flow_betweenness": {},
    "diversity": BY, "effective_size": {}, "efficiency": {}, "efficiency_vitality": {}, "eigenvector": {},
    "freeman": BY, "group_silo": BY, "gupta_anderson_may": BY, "hierarchy": {}, "hits": {},
    "katz": {"direction": "all"}, "layer_silos": BY, "load_betweenness": {}, "modularity": BY,
    "multiplex_participation": {"weight": "weight"},
    "network_silo": BY, "pagerank": {}, "participation": BY, "segregation_matrix_index": BY, "silo": BY,
    "silo_contributions": BY, "silo_test": BY, "spectral_segregation": BY | {"symmetrize": "sum"}, "stress": {},
    "within_group_z": BY,
}  # fmt: skip
OTHERS = {
    "overlapping_strength as z": partial(rt.overlapping_strength, zscore=True),
    "similar layers": partial(rt.layer_similarity, kind="correlation", weight="weight", actors="all"),
    "entropy of layers": partial(rt.layer_similarity, kind="jensen_shannon", weight="weight"),
    "reducibility": lambda net: rt.reducibility(net)["quality"],
    "flow_betweenness": partial(rt.flow_betweenness, normalized=True),
    "share of nearness": lambda net: rt.harmonic(net) / rt.global_efficiency(net),
    "closeness on average": lambda net: rt.closeness(net) / rt.closeness(net).mean(),
    "information on average": lambda net: rt.information(net) / rt.information(net).mean(),
    "paths through layers": partial(rt.versatility, kind="betweenness"),
}
MEASURES = {name: partial(getattr(rt, name), **options) for name, options in INDICES.items()} | OTHERS


def in_unit(factor: float, *, directed: bool) -> rt.Network:
    return rt.Network(TIES.assign(weight=TIES["weight"] * factor), actors=ACTORS, directed=directed)


def numbers(result: Any) -> Any:
    return np.asarray(pd.DataFrame(result).select_dtypes("number") if np.ndim(result) else result, dtype=float)


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("name", MEASURES)
def test_no_index_depends_on_the_unit_of_the_weights(name: str, directed: bool) -> None:
    plain, small, large = (numbers(MEASURES[name](in_unit(unit, directed=directed))) for unit in (1.0, 1e-13, 1e9))
    assert np.isfinite(plain).any()
    np.testing.assert_allclose(small, plain, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(large, plain, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("factor", [1e-9, 1e9])
@pytest.mark.parametrize(
    "name", ["strength", "harmonic", "closeness", "information", "global_efficiency", "flow_betweenness"]
)
def test_what_is_in_the_unit_of_the_weights_follows_it(name: str, factor: float) -> None:
    measure = getattr(rt, name)
    expected = measure(in_unit(1.0, directed=False))
    np.testing.assert_allclose(measure(in_unit(factor, directed=False)) / factor, expected, rtol=1e-9)


def test_flows_where_an_actor_holds_every_tie() -> None:
    # Without a, no tie is left; weights that are no multiples of a thousandth take the other way to the flow.
    net = rt.Network(pd.DataFrame({"source": ["b", "a"], "target": ["a", "c"], "weight": [2e-9, 1e-9]}), directed=True)
    assert rt.flow_betweenness(net).to_dict() == pytest.approx({"a": 1e-9, "b": 0.0, "c": 0.0})


def test_a_regression_on_a_small_unit_is_not_taken_for_a_constant() -> None:
    ties = TIES.assign(weight=TIES["weight"] * np.where(TIES["layer"] == "contract", 1e-9, 1.0))
    net, plain = rt.Network(ties, actors=ACTORS), in_unit(1.0, directed=False)
    small, usual = (
        rt.mrqap(each, response="funding", predictors=["contract"], n_resamples=49).to_frame().loc["contract"]
        for each in (net, plain)
    )
    assert small["coefficient"] * 1e-9 == pytest.approx(usual["coefficient"])
    assert small["pvalue"] == usual["pvalue"]
