"""Communities and multislice modularity: by hand, by brute force, against igraph."""

from __future__ import annotations

import itertools

import igraph
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from multilayer_cases import aucs, dense, network, networks, shuffled

from reseau_territorial import SEED, Network, ReseauError, UnknownNameError
from reseau_territorial.metrics.communities import communities, multislice_modularity
from reseau_territorial.metrics.supra import supra_adjacency

TRIANGLES = [("A", "B"), ("B", "C"), ("A", "C"), ("C", "D"), ("D", "E"), ("E", "F"), ("D", "F")]
BOTH = network([(*pair, layer) for layer in "xy" for pair in TRIANGLES])


def modularity_by_loops(
    net: Network, group: dict[tuple[str, str], int], *, resolution: float, coupling: float
) -> float:
    """Mucha's sum, term by term, the terms of an actor with itself included."""
    matrices = dense(net, weighted=True)
    actors = list(net.actors.index)
    value = total = 0.0
    for layer, matrix in matrices.items():
        mass = matrix.sum()
        total += mass
        for (i, one), (j, two) in itertools.product(enumerate(actors), repeat=2):
            if (one, layer) in group and (two, layer) in group and group[one, layer] == group[two, layer]:
                chance = matrix[i].sum() * matrix[:, j].sum() / mass if mass else 0.0
                value += matrix[i, j] - resolution * chance
    for (actor, layer), (other, another) in itertools.permutations(group, 2):
        if actor == other:
            total += coupling
            value += coupling * (group[actor, layer] == group[other, another])
    return value / total


def test_modularity_by_hand():
    # Two triangles joined by a tie: 2 x (3/7 - (7/14)^2) = 0.357; both layers alike, uncoupled: the same.
    halves = pd.Series({actor: actor < "D" for actor in "ABCDEF"})
    assert multislice_modularity(BOTH, by=halves, coupling=0) == pytest.approx(6 / 7 - 1 / 2)
    # Coupled by 1: 12 couplings all inside, 28 tie ends: (28 x 0.357 + 12) / 40.
    assert multislice_modularity(BOTH, by=halves) == pytest.approx((28 * (6 / 7 - 1 / 2) + 12) / 40)
    everyone = pd.Series(1, index=list("ABCDEF"))
    assert multislice_modularity(BOTH, by=everyone, coupling=0) == pytest.approx(0)
    assert multislice_modularity(BOTH, by=everyone) == pytest.approx(12 / 40)


@given(
    net=networks(weighted=True),
    coupling=st.sampled_from([0.0, 0.1, 1.0]),
    resolution=st.sampled_from([0.5, 1.0, 2.0]),
    data=st.data(),
)
def test_modularity_equals_the_published_sum(net, coupling, resolution, data):
    replicas = supra_adjacency(net).replicas
    numbers = data.draw(st.lists(st.integers(0, 2), min_size=len(replicas), max_size=len(replicas)))
    group = pd.Series(numbers, index=replicas)
    found = multislice_modularity(net, by=group, coupling=coupling, resolution=resolution)
    expected = modularity_by_loops(net, group.to_dict(), resolution=resolution, coupling=coupling)
    assert found == pytest.approx(expected)
    assert found <= 1 + 1e-12


def test_one_layer_gives_the_modularity_of_networkx():
    for directed in (False, True):
        rng = np.random.default_rng(3)
        rows = [(f"a{i}", f"a{j}", "x", float(rng.integers(1, 5))) for i, j in rng.integers(0, 12, (40, 2)) if i < j]
        rows = list({row[:2]: row for row in rows}.values())
        net = network(rows, directed=directed)
        graph = nx.DiGraph() if directed else nx.Graph()
        graph.add_weighted_edges_from((a, b, w) for a, b, _, w in rows)
        group = pd.Series({actor: int(actor[1:]) % 3 for actor in net.actors.index})
        sets = [set(members) for _, members in group.groupby(group).groups.items()]
        assert multislice_modularity(net, by=group) == pytest.approx(nx.community.modularity(graph, sets))


def test_a_column_gives_the_groups():
    actors = pd.DataFrame({"actor": list("ABCDEF"), "sector": ["public"] * 3 + ["civil"] * 2 + [None]})
    net = BOTH.replace(actors=actors)
    with pytest.raises(ReseauError, match="1 of 6 actors have no 'sector': 'F'"):
        multislice_modularity(net, by="sector")
    with pytest.raises(UnknownNameError, match="Did you mean 'sector'"):
        multislice_modularity(net, by="secteur")
    grouped = multislice_modularity(net, by="sector", missing="group")
    assert grouped == multislice_modularity(net, by=pd.Series(dict(zip("ABCDEF", "aaabbc", strict=True))))


def test_a_partition_must_name_every_actor():
    with pytest.raises(ReseauError, match="gives no group to 'F'"):
        multislice_modularity(BOTH, by=pd.Series(1, index=list("ABCDE")))


def test_two_triangles_are_two_communities_in_both_layers():
    found = communities(BOTH)
    assert found.name == "community"
    assert found.index.names == ["actor", "layer"]
    assert found.groupby("actor").nunique().eq(1).all()
    assert found.groupby("actor").first().to_dict() == {"A": 1, "B": 1, "C": 1, "D": 2, "E": 2, "F": 2}
    assert found.attrs["seed"] == SEED
    assert found.attrs["modularity"] == pytest.approx(multislice_modularity(BOTH, by=found))


def test_coupling_holds_the_replicas_of_an_actor_together():
    rows = [(*pair, "x") for pair in TRIANGLES] + [("A", "D", "y"), ("B", "E", "y"), ("C", "F", "y")]
    apart = communities(network(rows), coupling=0.0)
    together = communities(network(rows), coupling=10.0)
    assert apart.groupby("actor").nunique().eq(2).all()
    assert together.groupby("actor").nunique().eq(1).all()


def partitions(count: int):
    """Every partition of `count` things, as group numbers."""

    def grow(done: list[int]):
        if len(done) == count:
            yield done
            return
        for group in range(max(done, default=-1) + 2):
            yield from grow([*done, group])

    return grow([])


@given(net=networks(weighted=True, layers=2), coupling=st.sampled_from([0.0, 0.2, 1.0]))
def test_no_partition_of_a_small_network_is_better(net, coupling):
    replicas = supra_adjacency(net).replicas
    assume(len(replicas) <= 6)
    best = max(
        modularity_by_loops(net, dict(zip(replicas, groups, strict=True)), resolution=1.0, coupling=coupling)
        for groups in partitions(len(replicas))
    )
    assert communities(net, coupling=coupling).attrs["modularity"] == pytest.approx(best)


def test_as_good_as_igraph_on_each_layer_of_aucs():
    net = aucs()
    for layer in net.layers.index:
        one = net.select(layer=layer)
        graph = igraph.Graph.TupleList(one.ties[["source", "target"]].itertuples(index=False))
        peer = max(
            graph.community_leiden(objective_function="modularity", n_iterations=-1).modularity for _ in range(5)
        )
        assert communities(one).attrs["modularity"] > peer - 0.005


def test_communities_of_aucs_beat_the_research_groups_and_repeat():
    net = aucs()
    found = communities(net)
    again = communities(net)
    pd.testing.assert_series_equal(found, again)
    named = multislice_modularity(net, by="group", missing="group")
    assert found.attrs["modularity"] > named > 0.3
    assert found.value_counts().is_monotonic_decreasing


def test_the_compiled_search_gives_the_same_communities(monkeypatch):
    from reseau_territorial import _kernels

    net = aucs().select(layer=["lunch", "work"])
    plain = communities(net, runs=2)
    monkeypatch.setattr(_kernels, "WORTH_LOADING", 0)
    monkeypatch.setattr(_kernels, "WORTH_CALLING", 0)
    pd.testing.assert_series_equal(plain, communities(net, runs=2))


@given(net=networks(weighted=True))
def test_communities_are_connected(net):
    found = communities(net)
    supra = supra_adjacency(net)
    graph = nx.from_scipy_sparse_array(supra.matrix)
    for _, members in found.groupby(found.to_numpy()):
        assert nx.is_connected(graph.subgraph(supra.replicas.get_indexer(members.index)))


@given(net=networks(weighted=True), seed=st.integers(0, 99), coupling=st.sampled_from([0.0, 0.2, 1.0]))
def test_the_order_of_rows_and_ends_changes_no_community(net, seed, coupling):
    found = communities(net, coupling=coupling)
    other = communities(shuffled(net, seed), coupling=coupling)
    assert other.reindex(found.index).to_list() == found.to_list()
    assert str(other.attrs) == str(found.attrs)  # NaN where there is neither tie nor coupling


@pytest.mark.parametrize("unit", [2.0**-40, 2.0**40])
def test_the_unit_of_weights_changes_no_community(unit):
    net = aucs().select(layer=["lunch", "work"])
    other = net.replace(ties=net.ties.assign(weight=net.ties["weight"] * unit))
    found = communities(net, coupling=0.5, runs=3)
    pd.testing.assert_series_equal(communities(other, coupling=0.5 * unit, runs=3), found)


def test_periods_are_slices_coupled_in_a_chain():
    ties = pd.DataFrame([(a, b, period) for period in ("before", "after") for a, b in TRIANGLES])
    ties.columns = ["source", "target", "period"]
    found = communities(Network(ties), aspect="period")
    assert found.index.names == ["actor", "period"]
    assert found.max() == 2


def test_networks_without_ties_and_bad_numbers():
    empty = Network(actors=pd.DataFrame({"actor": ["A", "B"]}), layers=pd.DataFrame({"layer": ["x", "y"]}))
    found = communities(empty)
    assert found.to_dict() == {("A", "x"): 1, ("B", "x"): 2, ("A", "y"): 1, ("B", "y"): 2}
    assert np.isnan(communities(empty, coupling=0).attrs["modularity"])
    with pytest.raises(ReseauError, match="resolution must be above 0; got -1"):
        communities(BOTH, resolution=-1)
    with pytest.raises(ReseauError, match="runs must be 1 or more"):
        communities(BOTH, runs=0)
    with pytest.raises(ReseauError, match="coupling"):
        communities(BOTH, coupling=-1)


def test_the_global_generator_is_left_alone():
    np.random.seed(1)  # noqa: NPY002
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    communities(BOTH)
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002
