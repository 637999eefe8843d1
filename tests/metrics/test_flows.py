"""Stress, load, flows and currents: from the definitions and against networkx."""

from __future__ import annotations

from itertools import permutations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from path_cases import Floats, distance_matrix, matrices, network, path_shares

import reseau_territorial as rt

WEIGHTS = (1.0, 2.0, 1 / 3, 0.1)


def path_numbers(matrix: Floats) -> Floats:
    """Return the number of shortest paths from s to t that pass v, for each (s, v, t)."""
    n, distance = len(matrix), distance_matrix(matrix)
    with np.errstate(divide="ignore"):
        length = 1.0 / matrix
    count = np.eye(n)
    for s in range(n):
        for v in np.argsort(distance[s], kind="stable"):
            if v != s and np.isfinite(distance[s, v]):
                before = np.isclose(distance[s] + length[:, v], distance[s, v], rtol=1e-9)
                count[s, v] = count[s, before].sum()
    shares = path_shares(matrix)
    return shares * count[:, None, :]


@pytest.mark.parametrize("directed", [False, True])
@given(data=st.data())
def test_stress_is_that_of_the_definition(directed: bool, data: st.DataObject) -> None:
    matrix = data.draw(matrices(directed=directed, weights=WEIGHTS, largest=4))
    expected = path_numbers(matrix).sum(axis=(0, 2)) / (1 if directed else 2)
    np.testing.assert_allclose(rt.stress(network(matrix, directed=directed)), expected, atol=1e-9)


@given(matrix=matrices(directed=False))
def test_load_equals_networkx(matrix: Floats) -> None:
    expected = nx.load_centrality(nx.Graph(matrix), normalized=False)
    np.testing.assert_allclose(rt.load_betweenness(network(matrix, directed=False)), list(expected.values()), atol=1e-9)


def test_load_and_betweenness_differ_where_paths_fork_again() -> None:
    # From s to t: by a, then one of two; or by b. Three paths; half of the load passes each of a and b.
    words = "sa sb ac ad ce de be et".split()
    words[-2] = "bf"
    words += ["fe"]
    net = rt.Network(pd.DataFrame([tuple(word) for word in words], columns=["source", "target"]), directed=True)
    only = {"s", "t"}
    load, between = rt.load_betweenness(net), rt.betweenness(net)
    assert between["a"] != load["a"]
    graph = nx.DiGraph([tuple(word) for word in words])
    expected = nx.load_centrality(graph.reverse(), normalized=False)
    assert load.to_dict() == pytest.approx(expected)
    assert only <= set(load.index)


def flow_losses(matrix: Floats, *, directed: bool) -> Floats:
    def flow(capacity: Floats, s: int, t: int) -> float:
        return float(nx.maximum_flow_value(nx.DiGraph(capacity), s, t, capacity="weight"))

    n = len(matrix)
    lost = np.zeros(n)
    for s, v, t in permutations(range(n), 3):
        without = matrix.copy()
        without[v] = without[:, v] = 0
        lost[v] += flow(matrix, s, t) - flow(without, s, t)
    return lost / (1 if directed else 2)


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("weights", [(1.0,), (1.0, 2.0, 0.5), (0.123456789, np.pi)])
def test_flow_betweenness_is_that_of_the_definition(directed: bool, weights: tuple[float, ...]) -> None:
    rng = np.random.default_rng(5)
    matrix = rng.choice([0.0, *weights], size=(6, 6), p=[0.4] + [0.6 / len(weights)] * len(weights))
    np.fill_diagonal(matrix, 0)
    if not directed:
        matrix = np.triu(matrix) + np.triu(matrix).T
    found = rt.flow_betweenness(network(matrix, directed=directed))
    np.testing.assert_allclose(found, flow_losses(matrix, directed=directed), atol=1e-9)


def test_flow_betweenness_between_pieces_and_normalised() -> None:
    matrix = np.zeros((6, 6))
    for i, j in [(0, 1), (1, 2), (3, 4)]:
        matrix[i, j] = matrix[j, i] = 1
    net = network(matrix, directed=False)
    assert rt.flow_betweenness(net).to_list() == [0, 1, 0, 0, 0, 0]
    assert rt.flow_betweenness(net, normalized=True)["a001"] == pytest.approx(1 / 2)


@given(matrix=matrices(directed=False, weights=WEIGHTS))
def test_currents_and_information_equal_networkx_in_each_piece(matrix: Floats) -> None:
    net, graph = network(matrix, directed=False), nx.Graph(matrix)
    current, carried = rt.current_flow_betweenness(net), rt.information(net)
    for piece in nx.connected_components(graph):
        inside, names = graph.subgraph(piece), [f"a{place:03d}" for place in sorted(piece)]
        if len(piece) == 1:
            assert np.isnan(carried[names[0]])
            assert current[names[0]] == 0
            continue
        expected = nx.information_centrality(inside, weight="weight")
        np.testing.assert_allclose(carried[names], [len(piece) * expected[k] for k in sorted(piece)], rtol=1e-9)
        if len(piece) > 2:
            expected = nx.current_flow_betweenness_centrality(inside, weight="weight", normalized=False)
            np.testing.assert_allclose(current[names], [expected[k] for k in sorted(piece)], atol=1e-8)
