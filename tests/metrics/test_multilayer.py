"""Overlap, participation, relevance and clustering across layers: by hand, by property, by plain loops."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from multilayer_cases import LAYERS, aucs, dense, network, networks, shuffled

from reseau_territorial import Network, ReseauError, TableError, UnknownNameError
from reseau_territorial.metrics.overlap import (
    multiplex_participation,
    overlapping_degree,
    overlapping_strength,
    tie_overlap,
)
from reseau_territorial.metrics.relevance import (
    connective_redundancy,
    exclusive_neighbours,
    layer_relevance,
    multilayer_clustering,
)

# A meets B in both layers, C by masks only, D by funding only; E is isolated.
HAND = network(
    [("A", "B", "masks", 2.0), ("B", "A", "funding", 5.0), ("A", "C", "masks", 1.0), ("D", "A", "funding", 1.0)],
    actors="ABCDE",
)
EACH_MEASURE = [
    overlapping_degree,
    overlapping_strength,
    multiplex_participation,
    layer_relevance,
    exclusive_neighbours,
    connective_redundancy,
    multilayer_clustering,
]


def test_overlapping_degree_and_strength_by_hand():
    assert overlapping_degree(HAND).to_dict() == {"A": 4, "B": 2, "C": 1, "D": 1, "E": 0}
    assert overlapping_strength(HAND).to_dict() == {"A": 9, "B": 7, "C": 1, "D": 1, "E": 0}
    assert overlapping_degree(HAND, layer="masks").to_dict() == {"A": 2, "B": 1, "C": 1, "E": 0}


def test_zscore_uses_the_population_deviation():
    degree = np.array([4.0, 2, 1, 1, 0])
    expected = (degree - degree.mean()) / degree.std()
    assert overlapping_degree(HAND, zscore=True).to_numpy() == pytest.approx(expected)
    ring = network([("A", "B", "x"), ("B", "C", "x"), ("C", "A", "y")])
    assert overlapping_degree(ring, zscore=True).isna().all()


def test_participation_by_hand():
    # A: 2 ties of 4 in each layer: 2 (1 - 1/4 - 1/4) = 1; B: 1 and 1; C, D: one layer.
    assert multiplex_participation(HAND).to_dict() == {"A": 1, "B": 1, "C": 0, "D": 0, "E": 0}
    weighted = multiplex_participation(HAND, weight="weight")
    assert weighted["A"] == pytest.approx(2 * (1 - (3 / 9) ** 2 - (6 / 9) ** 2))
    assert np.isnan(multiplex_participation(HAND, undefined=float("nan"))["E"])


def test_participation_counts_an_empty_layer_and_needs_two():
    layers = pd.DataFrame({"layer": ["masks", "funding", "programme"]})
    three = HAND.replace(layers=layers)
    assert multiplex_participation(three)["A"] == pytest.approx(3 / 2 * (1 - 1 / 4 - 1 / 4))
    assert multiplex_participation(HAND, layer="masks").isna().all()


def test_participation_is_even_over_three_layers_only():
    net = network([("A", "B", "x"), ("A", "B", "y"), ("A", "B", "z"), ("A", "C", "x")], actors="ABC")
    assert multiplex_participation(net).to_dict() == pytest.approx(
        {"A": 1.5 * (1 - (4 + 1 + 1) / 16), "B": 1.0, "C": 0.0}
    )


def test_direction_of_each_layer_is_its_own():
    layers = pd.DataFrame({"layer": ["grant", "masks"], "directed": [True, False]})
    net = network([("A", "B", "grant"), ("B", "A", "grant"), ("A", "C", "grant"), ("A", "B", "masks")], layers=layers)
    assert overlapping_degree(net, direction="out").to_dict() == {"A": 3, "B": 2, "C": 0}
    assert overlapping_degree(net, direction="in").to_dict() == {"A": 2, "B": 2, "C": 1}
    assert overlapping_degree(net).to_dict() == {"A": 4, "B": 3, "C": 1}
    assert tie_overlap(net).to_dict() == {("A", "B"): 2, ("A", "C"): 1, ("B", "A"): 2}
    # Partners, unlike ties, are counted once whatever the direction.
    assert layer_relevance(net).loc["A"].to_dict() == {"grant": 1.0, "masks": 0.5}
    assert exclusive_neighbours(net, direction="in").loc["C"].to_dict() == {"grant": 1, "masks": 0}


def test_tie_overlap_by_hand():
    assert tie_overlap(HAND).to_dict() == {("A", "B"): 2, ("A", "C"): 1, ("A", "D"): 1}
    assert tie_overlap(HAND, normalized=True).mean() == pytest.approx(2 / 3)


def test_berlingerio_measures_by_hand():
    assert layer_relevance(HAND).loc["A"].to_dict() == pytest.approx({"masks": 2 / 3, "funding": 2 / 3})
    assert exclusive_neighbours(HAND).loc["A"].to_dict() == {"masks": 1, "funding": 1}
    assert layer_relevance(HAND, exclusive=True).loc["A"].to_dict() == pytest.approx({"masks": 1 / 3, "funding": 1 / 3})
    assert connective_redundancy(HAND).to_dict() == pytest.approx(
        {"A": 1 - 3 / 4, "B": 0.5, "C": 0.0, "D": 0.0, "E": float("nan")}, nan_ok=True
    )
    assert layer_relevance(HAND).loc["E"].isna().all()
    assert exclusive_neighbours(HAND).loc["E"].sum() == 0


def test_clustering_by_hand():
    # A meets B and C by masks, B and C meet by funding: one open pair, closed in the other layer.
    net = network([("A", "B", "masks"), ("A", "C", "masks"), ("B", "C", "funding")])
    assert multilayer_clustering(net).to_dict() == pytest.approx(
        {"A": 1.0, "B": float("nan"), "C": float("nan")}, nan_ok=True
    )
    assert multilayer_clustering(net, denominator="preprint")["A"] == pytest.approx(2 / 4)
    three = network([("A", "B", "masks"), ("A", "C", "funding"), ("B", "C", "supply")])
    assert multilayer_clustering(three, kind="C2").to_dict() == {"A": 1.0, "B": 1.0, "C": 1.0}
    assert multilayer_clustering(three, kind="C2", layer=["masks", "funding", "supply"])["B"] == 1.0


def test_a_triangle_inside_one_layer_is_not_multilayer():
    net = network([("A", "B", "x"), ("B", "C", "x"), ("C", "A", "x"), ("A", "D", "y")], actors="ABCD")
    assert multilayer_clustering(net)[["A", "B", "C"]].eq(0).all()


def test_isolated_absent_and_parallel_ties():
    rows = [("A", "B", "x"), ("B", "A", "x"), ("A", "B", "x"), ("B", "C", "y")]
    net = network(rows, actors="ABCD")
    assert overlapping_degree(net).to_dict() == {"A": 1, "B": 2, "C": 1, "D": 0}
    assert overlapping_strength(net).to_dict() == {"A": 3, "B": 4, "C": 1, "D": 0}
    assert tie_overlap(net).to_dict() == {("A", "B"): 1, ("B", "C"): 1}


def test_a_tie_of_weight_zero_is_a_tie():
    net = network([("A", "B", "x", 0.0), ("A", "C", "y", 1.0)])
    assert overlapping_degree(net)["A"] == 2
    assert overlapping_strength(net)["A"] == 1
    assert multiplex_participation(net)["A"] == 1.0


def test_periods_are_an_aspect_too():
    ties = pd.DataFrame({"source": "A", "target": ["B", "B", "C"], "period": ["before", "after", "after"]})
    net = Network(ties)
    assert tie_overlap(net, aspect="period").to_dict() == {("A", "B"): 2, ("A", "C"): 1}
    assert layer_relevance(net, aspect="period").columns.to_list() == ["before", "after"]
    undated = Network(ties.assign(period=["before", None, "after"]))
    with pytest.raises(ReseauError, match="1 of 3 ties have no period"):
        tie_overlap(undated, aspect="period")


@pytest.mark.parametrize("measure", EACH_MEASURE)
def test_names_that_are_not_there_are_refused(measure):
    with pytest.raises(UnknownNameError, match="no layer named 'mask'. Did you mean 'masks'"):
        measure(HAND, layer="mask")
    with pytest.raises(UnknownNameError, match="aspect"):
        measure(HAND, aspect="layers")


def test_too_few_layers_and_self_ties_are_refused():
    with pytest.raises(ReseauError, match="needs 2 of them; the network has 1: 'masks'"):
        multilayer_clustering(HAND, layer="masks")
    with pytest.raises(ReseauError, match="needs 3"):
        multilayer_clustering(HAND, kind="C2")
    with pytest.raises(TableError, match="itself|self"):
        network([("A", "A", "x")])
    with pytest.raises(UnknownNameError, match="direction"):
        overlapping_degree(HAND, direction="both")


def clustering_by_loops(matrices: list[np.ndarray], i: int, kind: str) -> float:
    """C1 and C2 from the published sums, term by term."""
    n, m = len(matrices[0]), len(matrices)
    pairs = list(itertools.permutations([j for j in range(n) if j != i], 2))
    closed = open_pairs = 0.0
    for a, b in itertools.permutations(range(m), 2):
        for j, k in pairs:
            if kind == "C1":
                closed += matrices[a][i, j] * matrices[b][j, k] * matrices[a][k, i]
                open_pairs += matrices[a][i, j] * matrices[a][k, i]
            else:
                open_pairs += (m - 2) * matrices[a][i, j] * matrices[b][k, i]
                for c in set(range(m)) - {a, b}:
                    closed += matrices[a][i, j] * matrices[c][j, k] * matrices[b][k, i]
    return closed / open_pairs if open_pairs else np.nan


@given(net=networks())
def test_clustering_equals_the_published_sums(net):
    matrices = [np.maximum(matrix, matrix.T) for matrix in dense(net).values()]
    for kind in ("C1", "C2"):
        expected = [clustering_by_loops(matrices, i, kind) for i in range(len(net))]
        found = multilayer_clustering(net, kind=kind).to_numpy()
        assert found == pytest.approx(expected, nan_ok=True)
        assert np.nanmax(found, initial=0) <= 1 + 1e-12


@given(net=networks())
def test_degrees_participation_and_neighbours_equal_plain_loops(net):
    matrices = dense(net)
    directed = net.directed
    degrees = np.array([m.sum(axis=1) + (m.sum(axis=0) if directed else 0) for m in matrices.values()]).T
    overlap = degrees.sum(axis=1)
    assert overlapping_degree(net).to_numpy() == pytest.approx(overlap)
    with np.errstate(invalid="ignore"):
        spread = 1.5 * (1 - ((degrees / overlap[:, None]) ** 2).sum(axis=1))
    assert multiplex_participation(net).to_numpy() == pytest.approx(np.nan_to_num(spread))
    met = [{layer: set(np.flatnonzero(m[i] + m[:, i])) for layer, m in matrices.items()} for i in range(len(net))]
    for i, actor in enumerate(net.actors.index):
        everyone = set().union(*met[i].values())
        for layer in LAYERS:
            others = set().union(*(partners for name, partners in met[i].items() if name != layer))
            assert exclusive_neighbours(net).loc[actor, layer] == len(met[i][layer] - others)
            if everyone:
                share = len(met[i][layer]) / len(everyone)
                assert layer_relevance(net).loc[actor, layer] == pytest.approx(share)


@given(net=networks(weighted=True), seed=st.integers(0, 99))
def test_order_of_rows_ends_actors_and_layers_changes_nothing(net, seed):
    other = shuffled(net, seed)
    for measure in EACH_MEASURE:
        first, second = measure(net), measure(other)
        if isinstance(first, pd.DataFrame):
            second = second[first.columns]
            pd.testing.assert_frame_equal(first, second.loc[first.index])
        else:
            pd.testing.assert_series_equal(first, second.loc[first.index])


@given(net=networks(weighted=True), scale=st.floats(0.01, 100))
def test_the_unit_of_the_weights_does_not_matter_to_participation(net, scale):
    scaled = net.replace(ties=net.ties.assign(weight=net.ties["weight"] * scale))
    one, two = (multiplex_participation(each, weight="weight").to_numpy() for each in (net, scaled))
    assert one == pytest.approx(two)
    assert ((one >= 0) & (one <= 1)).all()


def test_aucs_has_the_size_that_its_authors_give():
    net = aucs()
    overlap = tie_overlap(net)
    assert (len(net), len(net.layers), overlap.sum()) == (61, 5, 620)
    assert overlapping_degree(net).sum() == 1240
    assert len(overlap) == 353


@pytest.mark.parametrize("measure", EACH_MEASURE)
def test_each_period_is_measured_in_one_call(measure):
    crisis = HAND.ties.assign(period="crisis")
    net = HAND.replace(ties=pd.concat([crisis, crisis.iloc[:2].assign(period="after")]))
    found = measure(net, per="period")
    assert found.index.names == ["actor", "period"]
    for period in ("crisis", "after"):
        one = measure(net, period=period)
        part = found.xs(period, level="period")
        assert part.loc[one.index].equals(one)
    with pytest.raises(ReseauError, match="per='layer' leaves one layer at a time"):
        measure(net, per="layer")
