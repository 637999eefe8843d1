"""Graphs of other tools come back as the network they were made from."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reseau_territorial import Network, ReseauError, TableError, samples
from reseau_territorial.converters import from_networkx, to_igraph, to_networkx, write_graph
from reseau_territorial.readers import read_graph

TABLES = ("actors", "ties", "layers", "provision", "observation", "sources")


def in_order(net: Network) -> Network:
    """Put the two ends of undirected ties in alphabetical order: a multigraph does not keep it."""
    ties = net.ties
    undirected = ~ties["layer"].map(net.layers["directed"]).astype(bool)
    swap = undirected & (ties["source"] > ties["target"])
    ends = ties[["source", "target"]]
    ties["source"] = ends["source"].where(~swap, ends["target"])
    ties["target"] = ends["target"].where(~swap, ends["source"])
    return net.replace(ties=ties)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    actors = [f"Acteur {letter}" for letter in "éABCD"[: draw(st.integers(2, 5))]]
    pair = st.tuples(st.sampled_from(actors), st.sampled_from(actors)).filter(lambda ends: ends[0] != ends[1])
    rows = draw(
        st.lists(
            st.tuples(
                pair,
                st.sampled_from(["x", "y"]),
                st.sampled_from(["before", "after", None]),
                st.floats(0, 9, allow_subnormal=False),
                st.sampled_from([None, 1, 4]),
                st.sampled_from([None, True, False]),
                st.sampled_from(["present", "unknown"]),
            ),
            min_size=1,
            max_size=8,
        )
    )
    columns = ["pair", "layer", "period", "weight", "level", "formal", "status"]
    ties = pd.DataFrame(rows, columns=columns)
    ties["source"], ties["target"] = zip(*ties.pop("pair"), strict=True)
    used = list(ties["layer"].unique())
    return Network(
        ties,
        actors=pd.DataFrame(
            {"actor": actors, "sector": (["public", None] * 3)[: len(actors)], "size": range(len(actors))}
        ),
        layers=pd.DataFrame(
            {"layer": used, "directed": draw(st.lists(st.booleans(), min_size=len(used), max_size=len(used)))}
        ),
    )


@given(net=networks())
def test_networkx_both_ways(net: Network) -> None:
    again, net = in_order(from_networkx(to_networkx(net))), in_order(net)
    for table in TABLES:
        pd.testing.assert_frame_equal(getattr(again, table), getattr(net, table), check_dtype=False)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(net=networks())
def test_graphml_and_gexf_both_ways(tmp_path: Path, net: Network) -> None:
    for suffix in ("graphml", "gexf"):
        again = read_graph(write_graph(net, tmp_path / f"net.{suffix}"))
        pd.testing.assert_series_equal(again.actors["sector"], net.actors["sector"])
        assert again.layers["directed"].to_dict() == net.layers["directed"].to_dict()
        columns = ["source", "target", "layer", "period", "weight", "level", "formal", "status"]
        pd.testing.assert_frame_equal(in_order(again).ties[columns], in_order(net).ties[columns], check_dtype=False)


@pytest.mark.parametrize("case", ["tours_masks", "article_2020"])
def test_a_bundled_case_survives_networkx_and_graphml(tmp_path: Path, case: str) -> None:
    net = in_order(getattr(samples, case)())
    for again in (from_networkx(to_networkx(net)), read_graph(write_graph(net, tmp_path / "case.graphml"))):
        ordered = in_order(again)
        for table in ("ties", "layers", "provision", "observation", "sources"):
            found, expected = getattr(ordered, table), getattr(net, table)
            pd.testing.assert_frame_equal(found[expected.columns], expected, check_dtype=False)
        assert list(again.actors.index) == list(net.actors.index)


def test_mixed_directions_are_entered_both_ways_once() -> None:
    ties = pd.DataFrame({"source": ["A", "B"], "target": ["B", "C"], "layer": ["d", "u"]})
    net = Network(ties, layers=pd.DataFrame({"layer": ["d", "u"], "directed": [True, False]}))
    graph = to_networkx(net)
    assert graph.is_directed()
    assert sorted((a, b) for a, b, _ in graph.edges) == [("A", "B"), ("B", "C"), ("C", "B")]
    assert nx.number_of_edges(to_networkx(net, layer="u")) == 1


def test_any_class_of_networkx_graph_is_read() -> None:
    assert len(from_networkx(nx.path_graph(4)).ties) == 3
    assert from_networkx(nx.DiGraph([(1, 2)])).directed
    assert len(from_networkx(nx.MultiGraph([(1, 2), (1, 2)])).ties) == 2
    assert len(from_networkx(nx.empty_graph(3))) == 3
    assert list(from_networkx(nx.DiGraph([("b", "a")]), layer="conseil").layers.index) == ["conseil"]


def test_weights_of_a_graph() -> None:
    graph = nx.Graph()
    graph.add_edge("a", "b", weight=2.5, cost=7)
    graph.add_edge("b", "c", cost=1)
    assert from_networkx(graph).ties["weight"].to_list() == [2.5, 1.0]
    assert from_networkx(graph, weight=None).ties["weight"].to_list() == [1.0, 1.0]
    assert from_networkx(graph, weight="cost").ties["weight"].to_list() == [7.0, 1.0]
    graph.add_edge("a", "c", weight=np.nan)
    with pytest.raises(TableError, match="weight is missing in row"):
        from_networkx(graph)


def test_graphs_that_break_the_contract() -> None:
    with pytest.raises(TableError, match="names that differ only by their type"):
        from_networkx(nx.Graph([(1, "1")]))
    with pytest.raises(TableError, match="joins an actor to itself"):
        from_networkx(nx.Graph([("a", "a")]))


def test_attributes_of_a_foreign_graph_become_columns() -> None:
    graph = nx.Graph()
    graph.add_node("T", sector="public", population=136_463)
    graph.add_node("A")
    graph.add_edge("T", "A", since=2019)
    net = from_networkx(graph)
    assert net.actors.loc["T", "sector"] == "public"
    assert net.actors.loc["T", "population"] == 136_463
    assert net.ties.loc[0, "since"] == 2019


def test_igraph_has_the_same_actors_and_ties() -> None:
    pytest.importorskip("igraph")
    net = samples.study("florentine")
    graph = to_igraph(net, layer="marriage")
    assert not graph.is_directed()
    assert graph.ecount() == 20
    ours = pd.Series(graph.degree(), index=graph.vs["name"])
    theirs = pd.Series(dict(to_networkx(net, layer="marriage").degree()))
    assert ours.to_dict() == theirs.to_dict()
    assert to_igraph(samples.tours_masks()).is_directed()


def test_a_graph_file_has_a_known_ending_or_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ReseauError, match=r"end its name with one of '\.graphml', '\.gexf'"):
        write_graph(samples.study("florentine"), tmp_path / "x.gml")
    assert list(tmp_path.iterdir()) == []


def test_gexf_shows_names_as_labels(tmp_path: Path) -> None:
    place = write_graph(samples.tours_masks(), tmp_path / "t.gexf")
    assert nx.read_gexf(place).nodes["ville_tours"]["label"] == "Ville de Tours"
