"""Facilitators, mode of governance, missing actors."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from reseau_territorial.errors import ReseauError, UnknownNameError
from reseau_territorial.governance import facilitators, governance_mode, missing_actors
from reseau_territorial.network import Network


def from_graph(graph: nx.Graph, sector: list[str] | None = None, **tables: pd.DataFrame) -> Network:
    names = [f"a{node:02d}" for node in graph]
    ties = pd.DataFrame([(f"a{i:02d}", f"a{j:02d}") for i, j in graph.edges()], columns=["source", "target"])
    actors = pd.DataFrame({"actor": names, "sector": sector or ["x"] * len(names)})
    return Network(ties, actors=actors, **tables)


def two_circles() -> Network:
    """Two groups of five, each all tied to all; a04 alone is tied to the other group."""
    graph = nx.disjoint_union(nx.complete_graph(5), nx.complete_graph(5))
    graph.add_edges_from([(4, 5), (4, 6)])
    return from_graph(graph, ["x"] * 5 + ["y"] * 5)


def test_the_planted_broker_comes_first() -> None:
    table = facilitators(two_circles(), by="sector", n_resamples=0)
    assert table.index[0] == "a04"
    assert table.loc["a04", "loss"] == pytest.approx(1.0)
    assert table.loc["a04", "group_pairs"] == 1.0
    assert table.loc["a00", ["loss", "cross_betweenness", "group_pairs"]].to_list() == [0.0, 0.0, 0.0]
    assert table["composite"].between(0, 1).all()
    assert (table["lowest"] <= table["composite"] + 1e-12).all()
    assert (table["highest"] >= table["composite"] - 1e-12).all()


def test_loss_is_that_of_removing_the_actor_by_brute_force() -> None:
    graph = nx.gnp_random_graph(12, 0.25, seed=3)
    sector = ["x", "y", "z"] * 4
    table = facilitators(from_graph(graph, sector), by="sector", n_resamples=0)

    def efficiency(one: nx.Graph, without: int) -> float:
        total = 0.0
        for source, lengths in nx.all_pairs_shortest_path_length(one):
            for target, length in lengths.items():
                if length and without not in (source, target) and sector[source] != sector[target]:
                    total += 1 / length
        return total

    for node in graph:
        rest = graph.copy()
        rest.remove_node(node)
        whole = efficiency(graph, node)
        assert table.loc[f"a{node:02d}", "loss"] == pytest.approx((whole - efficiency(rest, node)) / whole)


def test_interval_of_the_composite_holds_it_and_replays() -> None:
    one = facilitators(two_circles(), by="sector", n_resamples=12)
    assert (one["low"] <= one["high"]).all()
    assert one.loc["a04", "low"] > one.loc["a00", "low"]
    pd.testing.assert_frame_equal(one, facilitators(two_circles(), by="sector", n_resamples=12))


def test_closure_tells_an_animator_from_a_gatekeeper() -> None:
    """Before: a and b each tied to two actors not tied together. After: the partners of a are, those of b are not."""
    hubs = [("a", "c"), ("a", "d"), ("b", "e"), ("b", "f")]
    ties = pd.DataFrame(
        [(*pair, "before") for pair in hubs] + [(*pair, "after") for pair in [*hubs, ("c", "d")]],
        columns=["source", "target", "period"],
    )
    actors = pd.DataFrame({"actor": list("abcdef"), "sector": list("xxxyxy")})
    table = facilitators(Network(ties, actors=actors), by="sector", period="after", before="before", n_resamples=0)
    assert table.loc["a", "closure"] == 1.0
    assert table.loc["b", "closure"] == 0.0
    assert np.isnan(table.loc["e", "closure"])  # one partner only: nothing to close


def test_facilitators_need_two_groups() -> None:
    with pytest.raises(ReseauError, match="only one here"):
        facilitators(from_graph(nx.path_graph(4)), by="sector")
    with pytest.raises(UnknownNameError, match="Did you mean 'sector'"):
        facilitators(two_circles(), by="secteur")


@pytest.mark.parametrize(
    ("graph", "mode", "centralization"),
    [
        (nx.star_graph(6), "lead", 1.0),
        (nx.cycle_graph(7), "shared", 0.0),
        (nx.complete_graph(7), "shared", 0.0),
        (nx.empty_graph(6), "fragmented", 0.0),
    ],
    ids=["star", "ring", "all tied", "no tie"],
)
def test_known_forms(graph: nx.Graph, mode: str, centralization: float) -> None:
    reading = governance_mode(from_graph(graph), n_resamples=0)
    assert reading.mode == mode
    assert reading.measures["centralization"] == pytest.approx(centralization)


def test_direction_does_not_change_the_reading() -> None:
    star = from_graph(nx.star_graph(5))
    directed = Network(star.ties, actors=star.actors.reset_index(), directed=True)
    assert governance_mode(directed, n_resamples=0).measures == governance_mode(star, n_resamples=0).measures


def test_an_administrator_answers_nothing_itself() -> None:
    provision = pd.DataFrame({"actor": ["a01", "a02"], "need": ["masks", "masks"]})
    star = from_graph(nx.star_graph(6), provision=provision)
    assert governance_mode(star, n_resamples=0).mode == "administrative"
    assert governance_mode(star, administrator="a05", n_resamples=0).mode == "lead"
    assert governance_mode(from_graph(nx.star_graph(6)), administrator="a00", n_resamples=0).mode == "administrative"


def test_the_reading_gives_its_reasons_in_both_languages() -> None:
    reading = governance_mode(from_graph(nx.star_graph(6)), n_resamples=20)
    assert sum(reading.stability.values()) == pytest.approx(1)
    assert str(reading).startswith("Organisation chef de file\u202f: La centralisation est de 1,00")
    assert len(reading.reasons) == 4
    assert reading.to_frame().loc[0, "mode"] == "lead"
    english = governance_mode(from_graph(nx.star_graph(6)), n_resamples=0, lang="en")
    assert english.label == "lead organisation"
    assert "Centralisation is 1.00" in english.reasons[0]
    relaxed = governance_mode(from_graph(nx.star_graph(6)), thresholds={"central": 1.1, "even": 1.0}, n_resamples=0)
    assert relaxed.mode == "shared"
    with pytest.raises(ReseauError, match="three actors"):
        governance_mode(from_graph(nx.path_graph(2)))


@pytest.fixture
def incomplete() -> Network:
    ties = pd.DataFrame(
        {
            "source": ["a", "a", "c", "f"],
            "target": ["b", "d", "a", "a"],
            "period": ["crisis", "before", "crisis", "crisis"],
            "status": ["present", "present", "unknown", "present"],
        }
    )
    actors = pd.DataFrame(
        {"actor": list("abcdef"), "kind": ["commune", "epci", "association", "region", "company", "commune"]}
    )
    provision = pd.DataFrame({"actor": ["a", "b", "e", "f"], "need": ["masks", "masks", "masks", "schools"]})
    return Network(ties, actors=actors, provision=provision)


def test_each_absence_has_its_reason(incomplete: Network) -> None:
    table = missing_actors(incomplete, period="crisis")
    found = set(zip(table["subject"], table["reason"], strict=True))
    assert found == {
        ("c", "unknown"),
        ("d", "absent"),
        ("e", "untied"),
        ("e", "alone"),
        ("association", "no actor"),
        ("region", "no actor"),
        ("company", "no actor"),
    }
    assert table.loc[table["reason"] == "alone", "need"].to_list() == ["masks"]
    assert table.loc[table["reason"] == "unknown", "reading"].iloc[0].endswith("à demander")


def test_expected_groups_can_be_named(incomplete: Network) -> None:
    table = missing_actors(incomplete, expected=["departement", "commune"], lang="en")
    assert table.loc[table["reason"] == "no actor", "subject"].to_list() == ["departement"]
    with pytest.raises(UnknownNameError, match="Did you mean 'kind'"):
        missing_actors(incomplete, by="kinds")
