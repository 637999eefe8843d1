"""What if: changes, robustness and new ties."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau_territorial.errors import ReseauError, TableError, UnknownNameError
from reseau_territorial.metrics.silos import network_silo
from reseau_territorial.network import Network
from reseau_territorial.scenarios import robustness, scenario, suggest_ties


@pytest.fixture
def net() -> Network:
    ties = pd.DataFrame(
        {
            "source": list("aabcd"),
            "target": list("bccde"),
            "period": ["before", "before", "crisis", "crisis", "crisis"],
            "weight": [1.0, 2.0, 3.0, 4.0, 5.0],
        }
    )
    actors = pd.DataFrame({"actor": list("abcde"), "sector": list("xxyyy"), "name": list("ABCDE")})
    provision = pd.DataFrame({"actor": ["a", "b"], "need": ["masks", "masks"]})
    return Network(ties, actors=actors, provision=provision)


def from_graph(graph: nx.Graph) -> Network:
    names = [f"a{node:03d}" for node in graph]
    ties = pd.DataFrame([(f"a{i:03d}", f"a{j:03d}") for i, j in graph.edges()], columns=["source", "target"])
    return Network(ties, actors=pd.DataFrame({"actor": names}))


def test_removing_an_actor_removes_its_ties_and_what_it_provides(net: Network) -> None:
    after = scenario(net).remove("a")
    assert after.net.actors.index.to_list() == list("bcde")
    assert len(after.net.ties) == 3
    assert after.net.provision["actor"].to_list() == ["b"]
    assert after.steps == ("remove a",)
    assert len(net) == 5  # the base does not change
    with pytest.raises(UnknownNameError, match="no actor named 'z'"):
        scenario(net).remove("z")
    with pytest.raises(ReseauError, match="every actor"):
        scenario(net).remove(*"abcde")
    with pytest.raises(ReseauError, match="Name one"):
        scenario(net).remove()


def test_adding_actors_and_ties(net: Network) -> None:
    new = pd.DataFrame({"source": ["f"], "target": ["a"], "period": ["crisis"]})
    after = scenario(net).add(new, actors=pd.DataFrame({"actor": ["f"], "sector": ["z"]})).net
    assert after.actors.loc["f", "sector"] == "z"
    assert after.ties.iloc[-1]["weight"] == 1.0
    assert after.periods == net.periods
    assert len(after.ties) == 6
    with pytest.raises(TableError, match="'f'"):
        scenario(net).add(new)
    with pytest.raises(TableError):
        scenario(net).add(actors=pd.DataFrame({"actor": ["a"]}))
    with pytest.raises(ReseauError, match="nothing to add"):
        scenario(net).add()


def test_merging_keeps_outer_ties_and_drops_inner_ones(net: Network) -> None:
    after = scenario(net).merge(["a", "b"], into="a").net
    assert after.actors.index.to_list() == list("acde")
    assert after.ties[["source", "target", "weight"]].values.tolist() == [
        ["a", "c", 2.0], ["a", "c", 3.0], ["c", "d", 4.0], ["d", "e", 5.0],
    ]  # fmt: skip
    assert after.provision["actor"].to_list() == ["a"]
    renamed = scenario(net).merge(["d", "c"], into="cd").net
    assert renamed.actors.loc["cd", "name"] == "D"
    assert renamed.actors.index.to_list() == ["a", "b", "cd", "e"]
    with pytest.raises(ReseauError, match="'e' is another actor"):
        scenario(net).merge(["a", "b"], into="e")


def test_comparing_metrics_of_the_network_of_groups_and_of_actors(net: Network) -> None:
    changed = scenario(net).remove("b")
    table = changed.compare(["network_silo", "group_silo", "degree"], by="sector")
    assert table.loc[("network_silo", "(network)"), "base"] == pytest.approx(network_silo(net, by="sector"))
    assert table.loc[("network_silo", "(network)"), "scenario"] == pytest.approx((9 - 2) / 11)
    assert table.loc[("degree", "a"), "difference"] == -1
    assert table.loc[("degree", "a"), "relative"] == -0.5
    assert np.isnan(table.loc[("degree", "b"), "scenario"])
    assert table.loc[("group_silo", "x"), "scenario"] == -1.0
    own = changed.compare([lambda one: len(one)])
    assert own["difference"].to_list() == [-1.0]
    with pytest.raises(UnknownNameError, match="Did you mean 'network_silo'"):
        changed.compare(["network_silos"], by="sector")
    with pytest.raises(ReseauError, match="needs groups"):
        changed.compare(["network_silo"])
    with pytest.raises(ReseauError, match="no metric"):
        changed.compare([])


def brute_force(net: Network, order: list[str]) -> float:
    graph = nx.Graph(list(zip(net.ties["source"], net.ties["target"], strict=True)))
    graph.add_nodes_from(net.actors.index)
    size, total = len(graph), 0.0
    for actor in order:
        graph.remove_node(actor)
        total += max((len(piece) for piece in nx.connected_components(graph)), default=0) / size
    return total / size


@given(seed=st.integers(0, 10_000))
def test_reverse_union_find_equals_brute_force(seed: int) -> None:
    net = from_graph(nx.gnp_random_graph(14, 0.2, seed=seed))
    for attack in ("degree", "recomputed", "betweenness"):
        found = robustness(net, attack=attack)  # type: ignore[arg-type]
        assert found.index == pytest.approx(brute_force(net, found.curve["actor"].to_list()))
    order = list(reversed(net.actors.index))
    assert robustness(net, attack=order).index == pytest.approx(brute_force(net, order))


def test_degree_is_counted_again_after_each_removal() -> None:
    net = from_graph(nx.karate_club_graph())
    graph = nx.karate_club_graph()
    order = []
    while len(graph):
        first = max(graph, key=lambda node: (graph.degree(node), -node))
        order.append(f"a{first:03d}")
        graph.remove_node(first)
    assert robustness(net).curve["actor"].to_list() == order


def test_robustness_by_hand() -> None:
    complete = robustness(from_graph(nx.complete_graph(6)))
    assert complete.curve["largest"].to_list() == pytest.approx([5 / 6, 4 / 6, 3 / 6, 2 / 6, 1 / 6, 0])
    assert complete.index == pytest.approx(5 / 12)
    star = robustness(from_graph(nx.star_graph(4)))
    assert star.index == pytest.approx(4 * 0.2 / 5)
    random = robustness(from_graph(nx.star_graph(4)), attack="random", n_resamples=50)
    assert random.index > star.index
    assert random.index == robustness(from_graph(nx.star_graph(4)), attack="random", n_resamples=50).index
    assert repr(star) == "<Robustness: 0.160 under removal by recomputed>"
    with pytest.raises(UnknownNameError, match="Did you mean 'degree'"):
        robustness(from_graph(nx.star_graph(4)), attack="degrees")  # type: ignore[arg-type]
    with pytest.raises(ReseauError, match="names 1 of 5 actors"):
        robustness(from_graph(nx.star_graph(4)), attack=["a000"])


def efficiency(graph: nx.Graph) -> float:
    return nx.global_efficiency(graph)


@given(seed=st.integers(0, 10_000))
def test_gains_are_those_of_the_network_with_the_tie(seed: int) -> None:
    graph = nx.gnp_random_graph(9, 0.25, seed=seed)
    net = from_graph(graph)
    found = suggest_ties(net, n=100)
    assert len(found) == 36 - graph.number_of_edges()
    for row in found.itertuples():
        more = graph.copy()
        more.add_edge(int(row.source[1:]), int(row.target[1:]))
        assert row.gain == pytest.approx(efficiency(more) - efficiency(graph))
    assert found["gain"].is_monotonic_decreasing


def test_suggestions_between_groups_only(net: Network) -> None:
    found = suggest_ties(net, by="sector")
    sector = net.actors["sector"]
    assert (found["source"].map(sector) != found["target"].map(sector)).all()
    assert set(map(frozenset, found[["source", "target"]].to_numpy())) == {
        frozenset(pair) for pair in ("ad", "ae", "bd", "be")
    }
