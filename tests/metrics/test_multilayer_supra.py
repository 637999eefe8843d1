"""Supra-adjacency, versatility and interdependence: by hand, by enumeration, against networkx."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from multilayer_cases import aucs, dense, network, networks, shuffled

from reseau_territorial import Network, ReseauError, UnknownNameError
from reseau_territorial.metrics.centrality import katz
from reseau_territorial.metrics.overlap import overlapping_degree
from reseau_territorial.metrics.supra import interdependence, supra_adjacency, versatility

CHAIN = network([("A", "B", "x"), ("B", "C", "y")])
KINDS = ["pagerank", "eigenvector", "katz", "hits", "hubs", "closeness", "harmonic", "betweenness"]


def as_graph(net: Network, *, coupling: float = 1.0, everywhere: bool = False) -> nx.Graph:
    """Supra-graph written with plain loops; weights of parallel ties are added."""
    graph = nx.DiGraph()
    present = {
        layer: set(net.actors.index) if everywhere else set(net.select(layer=layer).actors.index)
        for layer in net.ties["layer"].unique()
    }
    for layer, actors in present.items():
        graph.add_nodes_from((actor, layer) for actor in actors)
    for tie in net.ties.itertuples():
        ends = (tie.source, tie.layer), (tie.target, tie.layer)
        for a, b in [ends] if net.layers.loc[tie.layer, "directed"] else [ends, ends[::-1]]:
            weight = graph.get_edge_data(a, b, {"weight": 0.0})["weight"] + tie.weight
            graph.add_edge(a, b, weight=weight)
    for (actor, one), (other, two) in itertools.permutations(list(graph), 2):
        if actor == other and one != two and coupling > 0:
            graph.add_edge((actor, one), (other, two), weight=coupling)
    return graph


def summed(values: dict, net: Network) -> pd.Series:
    total = pd.Series(0.0, index=net.actors.index)
    for (actor, _), value in values.items():
        total[actor] += value
    return total


def test_supra_adjacency_by_hand():
    supra = supra_adjacency(CHAIN, coupling=0.5)
    assert supra.replicas.to_list() == [("A", "x"), ("B", "x"), ("B", "y"), ("C", "y")]
    assert supra.replicas.names == ["actor", "layer"]
    expected = [[0, 1, 0, 0], [1, 0, 0.5, 0], [0, 0.5, 0, 1], [0, 0, 1, 0]]
    assert supra.to_frame().to_numpy().tolist() == expected


def test_every_actor_can_be_given_a_replica_in_each_layer():
    supra = supra_adjacency(CHAIN, replicas="all")
    assert supra.matrix.shape == (6, 6)
    assert supra.matrix.sum() == 2 * 2 + 2 * 3


def test_isolates_are_present_everywhere_and_absent_actors_are_not():
    net = network([("A", "B", "x"), ("B", "C", "y")], actors="ABCD")
    replicas = supra_adjacency(net).replicas
    assert ("D", "x") in replicas
    assert ("D", "y") in replicas
    assert ("C", "x") not in replicas


def test_observed_actors_are_present_without_a_tie():
    observation = pd.DataFrame({"actor": ["A", "B", "C", "C"], "layer": ["x", None, "y", "x"]})
    net = network([("A", "B", "x"), ("B", "C", "y")], observation=observation)
    assert ("C", "x") in supra_adjacency(net).replicas


def test_periods_are_coupled_in_a_chain_and_layers_all_with_all():
    ties = pd.DataFrame({"source": "A", "target": "B", "period": ["2019", "2020", "2021"]})
    chained = supra_adjacency(Network(ties), aspect="period", coupling=2.0)
    assert chained.matrix.sum() == 3 * 2 + 2 * 2 * 2 * 2  # 2 actors x 2 couplings x both ways x 2
    assert supra_adjacency(Network(ties), aspect="period", ordered=False).matrix.sum() == 6 + 2 * 3 * 2


def test_bad_couplings_are_refused():
    for coupling in (-1.0, float("nan"), float("inf")):
        with pytest.raises(ReseauError, match="coupling must be a finite number"):
            supra_adjacency(CHAIN, coupling=coupling)
    with pytest.raises(UnknownNameError, match="Did you mean 'pagerank'"):
        versatility(CHAIN, kind="page_rank")


@given(net=networks(weighted=True), coupling=st.sampled_from([0.0, 0.5, 2.0]))
def test_matrix_kinds_equal_networkx_on_the_supra_graph(net, coupling):
    graph = as_graph(net, coupling=coupling)
    # An isolate has replicas in the empty layers too; networkx is asked about the same graph.
    layers = net.layers.index[net.layers.index.isin(net.ties["layer"])]
    net = net.select(layer=list(layers))
    pagerank = summed(nx.pagerank(graph, tol=1e-15, max_iter=10_000), net)
    found = versatility(net, coupling=coupling)
    assert found.to_numpy() == pytest.approx(pagerank.to_numpy(), abs=1e-9)
    assert found.sum() == pytest.approx(1.0)
    radius = max(abs(np.linalg.eigvals(nx.to_numpy_array(graph))))
    alpha = 0.5 / max(radius, 1.0)
    katz = summed(nx.katz_centrality_numpy(graph, alpha=alpha, normalized=False, weight="weight"), net)
    assert versatility(net, kind="katz", coupling=coupling, alpha=alpha).to_numpy() == pytest.approx(katz.to_numpy())


def test_eigenvector_and_hits_equal_networkx():
    net = aucs()
    graph = as_graph(net)
    eigenvector = summed(nx.eigenvector_centrality_numpy(graph, weight="weight"), net)
    assert versatility(net, kind="eigenvector").to_numpy() == pytest.approx(eigenvector / eigenvector.max(), abs=1e-9)
    hubs, authorities = (summed(values, net) for values in nx.hits(graph, tol=1e-13, max_iter=100_000))
    assert versatility(net, kind="hits").to_numpy() == pytest.approx(authorities / authorities.max(), abs=1e-6)
    assert versatility(net, kind="hubs").to_numpy() == pytest.approx(hubs / hubs.max(), abs=1e-6)


def test_large_matrices_agree_with_dense_ones(monkeypatch):
    from reseau_territorial.metrics import _spectral

    net = aucs()
    small = {kind: versatility(net, kind=kind, layer=["lunch", "work"]) for kind in ("eigenvector", "katz", "hits")}
    monkeypatch.setattr(_spectral, "DENSE", 10)
    for kind, expected in small.items():
        found = versatility(net, kind=kind, layer=["lunch", "work"])
        assert found.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-8)


def test_components_with_the_same_eigenvalue_share_the_eigenvector():
    net = network([("A", "B", "x"), ("C", "D", "x")])
    assert versatility(net, kind="eigenvector").to_list() == pytest.approx([1, 1, 1, 1])


def test_a_network_without_circulation_has_no_eigenvector():
    net = network([("A", "B", "x"), ("B", "C", "x")], directed=True)
    assert versatility(net, kind="eigenvector", coupling=0).isna().all()
    assert versatility(net, kind="katz", alpha=0.5).to_dict() == {"A": 1.0, "B": 1.5, "C": 1.75}


def test_cycles_in_a_row_with_one_eigenvalue_do_not_blur_katz():
    # Two cycles with the same eigenvalue, the first leading to the second: the matrix lacks an eigenvector, and its
    # eigenvalues taken whole are off by the root of the machine precision.
    ties = [("a", "b", "x"), ("b", "a", "x"), ("b", "c", "x"), ("c", "d", "x"), ("d", "c", "x")]
    net = network(ties, directed=True)
    found = katz(net)
    assert found.attrs["alpha"] == pytest.approx(0.5, abs=1e-15)
    assert found.to_dict() == pytest.approx({"a": 2.0, "b": 2.0, "c": 10 / 3, "d": 8 / 3}, abs=1e-12)
    assert versatility(net, kind="katz").to_dict() == pytest.approx(found.to_dict(), abs=1e-12)


def test_katz_refuses_to_diverge():
    with pytest.raises(ReseauError, match="katz diverges with alpha=2"):
        versatility(CHAIN, kind="katz", alpha=2.0)


def test_it_is_not_the_mean_of_layer_centralities():
    # A is the hub of one layer and D of the other; B, who is in both, is the most versatile.
    net = network([("A", "B", "x"), ("A", "C", "x"), ("D", "B", "y"), ("D", "E", "y")])
    mean = (
        pd.concat([versatility(net.select(layer=layer), kind="betweenness") for layer in "xy"]).groupby(level=0).sum()
    )
    assert mean["B"] == 0
    assert versatility(net, kind="betweenness").idxmax() == "B"


def multiplex_paths(net: Network, source: int, target: int) -> list[list[tuple[str, int]]]:
    """Every shortest path from source to target as (layer, actor) steps, by breadth-first enumeration."""
    matrices = dense(net)
    paths: list[list[tuple[str, int]]] = [[]]
    for _ in range(len(net)):
        longer = []
        for path in paths:
            here = path[-1][1] if path else source
            seen = {source, *(actor for _, actor in path)}
            for layer, matrix in matrices.items():
                longer += [[*path, (layer, int(j))] for j in np.flatnonzero(matrix[here]) if j not in seen]
        arrived = [path for path in longer if path[-1][1] == target]
        if arrived:
            return arrived
        paths = longer
    return []


@given(net=networks())
def test_paths_equal_enumeration(net):
    n = len(net)
    needing, betweenness = np.full(n, np.nan), np.zeros(n)
    lengths = np.full((n, n), np.inf)
    for i in range(n):
        shares = []
        for j in set(range(n)) - {i}:
            paths = multiplex_paths(net, i, j)
            if not paths:
                continue
            lengths[i, j] = len(paths[0])
            shares.append(np.mean([len({layer for layer, _ in path}) > 1 for path in paths]))
            for path in paths:
                for _, actor in path[:-1]:
                    betweenness[actor] += 1 / len(paths)
        if shares:
            needing[i] = np.mean(shares)
    assert interdependence(net).to_numpy() == pytest.approx(needing, nan_ok=True)
    pairs = 1 if net.directed else 2
    found = versatility(net, kind="betweenness", weight=None)
    assert found.to_numpy() == pytest.approx(betweenness / pairs)
    assert versatility(net, kind="harmonic", weight=None).to_numpy() == pytest.approx(
        (1 / lengths).sum(axis=1) / (n - 1)
    )


def test_interdependence_by_hand():
    # A-B in x and y, B-C in y only: two paths A-B-C, one of them inside y.
    net = network([("A", "B", "x"), ("A", "B", "y"), ("B", "C", "y")], actors="ABCD")
    assert interdependence(net).to_dict() == pytest.approx(
        {"A": 0.25, "B": 0.0, "C": 0.25, "D": float("nan")}, nan_ok=True
    )


def test_betweenness_pays_for_a_change_of_layer():
    # From A to C: through B with a change of layers, or round by D and E inside x.
    rows = [("A", "B", "x"), ("B", "C", "y"), ("A", "D", "x"), ("D", "E", "x"), ("E", "C", "x")]
    net = network(rows)
    free = versatility(net, kind="betweenness")
    costly = versatility(net, kind="betweenness", coupling=0.1)
    even = versatility(net, kind="betweenness", coupling=1.0)
    # Pentagon: with free changes each actor lies between one pair.
    assert free.to_dict() == dict.fromkeys("ABCDE", 1.0)
    # When a change costs 10, D lies on A-D-E-C, A-D-E and B-A-D-E; B is reached in one layer or the other.
    assert costly["B"] == 0
    assert costly["D"] == pytest.approx(3.0)
    # When it costs 1, A-B(x)-B(y)-C is as long as A-D-E-C: half of the paths of one pair.
    assert even["B"] == pytest.approx(0.5)


def test_coupling_does_not_matter_to_paths_inside_one_layer():
    net = aucs().select(layer="work")
    assert versatility(net, kind="betweenness", coupling=3.0).to_numpy() == pytest.approx(
        versatility(net, kind="betweenness").to_numpy()
    )


def test_compiled_paths_equal_plain_ones(monkeypatch):
    from reseau_territorial import _kernels

    net = aucs().select(layer=["leisure", "work"])
    plain = versatility(net, kind="betweenness", coupling=0.7)
    monkeypatch.setattr(_kernels, "WORTH_LOADING", 0)
    monkeypatch.setattr(_kernels, "WORTH_CALLING", 0)
    assert versatility(net, kind="betweenness", coupling=0.7).to_numpy() == pytest.approx(plain.to_numpy())


@pytest.mark.parametrize("directed", [False, True])
def test_one_layer_gives_the_usual_centralities(directed):
    rng = np.random.default_rng(5)
    pairs = {tuple(sorted(rng.choice(14, 2, replace=False))) for _ in range(26)}
    rows = [(f"a{i}", f"a{j}", "x", float(rng.integers(1, 4))) for i, j in pairs]
    net = network(rows, actors=[f"a{i}" for i in range(14)], directed=directed)
    graph = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from(net.actors.index)
    # Lengths in exact integers, 6 / weight, so that networkx compares paths rightly.
    graph.add_edges_from((a, b, {"length": 6 / w, "steps": round(6 / w)}) for a, b, _, w in rows)
    betweenness = pd.Series(nx.betweenness_centrality(graph, normalized=False, weight="steps"))
    assert versatility(net, kind="betweenness").to_numpy() == pytest.approx(betweenness.to_numpy())
    outgoing = graph.reverse() if directed else graph
    closeness = pd.Series(nx.closeness_centrality(outgoing, distance="length")) * 6
    assert versatility(net, kind="closeness").to_numpy() == pytest.approx(closeness.to_numpy())


def test_a_tie_of_weight_zero_leads_nowhere():
    net = network([("A", "B", "x", 0.0), ("B", "C", "x", 1.0)])
    assert versatility(net, kind="harmonic").to_dict() == {"A": 0.0, "B": 0.5, "C": 0.5}
    assert versatility(net, kind="harmonic", coupling=1.0).to_dict() == {"A": 0.0, "B": 0.5, "C": 0.5}


@given(net=networks(weighted=True), seed=st.integers(0, 99))
def test_order_of_rows_ends_actors_and_layers_changes_nothing(net, seed):
    other = shuffled(net, seed)
    for kind in KINDS:
        one, two = versatility(net, kind=kind), versatility(other, kind=kind)
        assert one.to_numpy() == pytest.approx(two[one.index].to_numpy(), nan_ok=True, abs=1e-6), kind
    supra, turned = supra_adjacency(net).to_frame(), supra_adjacency(other).to_frame()
    pd.testing.assert_frame_equal(supra, turned.loc[supra.index, supra.columns])


@given(net=networks(weighted=True))
def test_row_sums_of_the_supra_adjacency_are_strengths_and_couplings(net):
    supra = supra_adjacency(net, coupling=0.0)
    total = supra.per_actor(np.asarray(supra.matrix.sum(axis=1)).ravel(), net.actors.index)
    expected = sum(matrix.sum(axis=1) for matrix in dense(net, weighted=True).values())
    assert total == pytest.approx(expected)
    if not net.directed:
        counted = supra_adjacency(net, coupling=0.0, weight=None)
        degree = counted.per_actor(np.asarray(counted.matrix.sum(axis=1)).ravel(), net.actors.index)
        assert degree == pytest.approx(overlapping_degree(net).to_numpy())
