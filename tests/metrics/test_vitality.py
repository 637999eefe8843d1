"""Efficiency of a network and what each actor's leaving takes of it: by hand, from the definition, against networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from path_cases import Floats, distance_matrix, matrices, network

import reseau_territorial as rt
from reseau_territorial.metrics import vitality

WEIGHTS = (1.0, 2.0, 1 / 3, 0.1)


def nearness(matrix: Floats) -> Floats:
    distance = distance_matrix(matrix)
    np.fill_diagonal(distance, np.inf)
    return 1.0 / distance


@given(matrix=matrices(directed=False))
def test_global_efficiency_equals_networkx(matrix: Floats) -> None:
    assert rt.global_efficiency(network(matrix, directed=False)) == pytest.approx(
        nx.global_efficiency(nx.Graph(matrix))
    )


@pytest.mark.parametrize("directed", [False, True])
@given(data=st.data())
def test_vitality_is_that_of_the_definition(directed: bool, data: st.DataObject) -> None:
    matrix = data.draw(matrices(directed=directed, weights=WEIGHTS, largest=5))
    net, near = network(matrix, directed=directed), nearness(matrix)
    everything, others = [], []
    for actor in range(len(matrix)):
        cut = matrix.copy()
        cut[actor] = cut[:, actor] = 0.0
        after, own = nearness(cut).sum(), near[actor].sum() + near[:, actor].sum()
        with np.errstate(invalid="ignore"):
            everything.append((near.sum() - after) / near.sum())
            others.append((near.sum() - own - after) / (near.sum() - own) if near.sum() > own + 1e-12 else np.nan)
    np.testing.assert_allclose(rt.efficiency_vitality(net), everything, atol=1e-9)
    np.testing.assert_allclose(rt.efficiency_vitality(net, pairs="others"), others, atol=1e-9)


@pytest.mark.parametrize("pairs", ["all", "others"])
def test_distances_looked_at_in_parts_give_the_same(pairs: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(8)
    matrix = (rng.random((20, 20)) < 0.12) * rng.random((20, 20)) * ~np.eye(20, dtype=bool)
    net = network(matrix, directed=True)
    whole = rt.efficiency_vitality(net, pairs=pairs)
    monkeypatch.setattr(vitality, "HELD", 50)
    np.testing.assert_allclose(rt.efficiency_vitality(net, pairs=pairs), whole, rtol=1e-12)


def test_more_actors_than_memory_holds_are_refused_before_anything_is_computed() -> None:
    names = pd.Series(range(10_001)).astype(str)
    net = rt.Network(pd.DataFrame({"source": names[:-1], "target": names[1:].to_numpy()}))
    with pytest.raises(rt.ReseauError, match=r"10001 actors would take 0\.8 GB"):
        rt.efficiency_vitality(net)


def test_only_what_passed_through_the_actor_is_lost_to_the_others() -> None:
    """A path a - b - c: by hand, 5 of 5 with b gone for all pairs; of the pair a, c alone, everything."""
    net = rt.Network(pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"]}))
    assert rt.efficiency_vitality(net).to_dict() == pytest.approx({"a": 3 / 5, "b": 1, "c": 3 / 5})
    assert rt.efficiency_vitality(net, pairs="others").to_dict() == {"a": 0, "b": 1, "c": 0}
    with pytest.raises(rt.UnknownNameError, match="others"):
        rt.efficiency_vitality(net, pairs="other")
