"""Cases found by reading the measures with fresh eyes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

import reseau_territorial as rt
from reseau_territorial import Network


def test_a_hub_that_ties_only_enter_is_still_needed() -> None:
    """No directed path passes the hub, but contacts are read both ways: without it nobody meets."""
    ties = pd.DataFrame({"source": list("abcd"), "target": ["hub"] * 4})
    actors = pd.DataFrame({"actor": ["hub", *"abcd"], "sector": ["public", "public", "public", "civil", "civil"]})
    directed = rt.facilitators(Network(ties, actors=actors, directed=True), by="sector", n_resamples=0)
    undirected = rt.facilitators(Network(ties, actors=actors), by="sector", n_resamples=0)
    assert directed.loc["hub", "loss"] == 1.0
    contacts = ["loss", "cross_betweenness", "group_pairs", "openness"]
    pd.testing.assert_frame_equal(directed.loc[undirected.index, contacts], undirected[contacts])


def test_measure_offers_only_what_is_indexed_by_actor() -> None:
    net = Network(pd.DataFrame({"source": ["a"], "target": ["b"]}))
    with pytest.raises(rt.UnknownNameError):
        rt.measure(net, ["degree", "communities"])


def mutual_and_one_way() -> Network:
    """One mutual pair inside x, one tie from x to y."""
    ties = pd.DataFrame({"source": ["a", "b", "a"], "target": ["b", "a", "c"], "weight": [3.0, 1.0, 2.0]})
    actors = pd.DataFrame({"actor": list("abc"), "sector": list("xxy")})
    return Network(ties, actors=actors, directed=True)


@pytest.mark.parametrize(
    ("how", "pairs", "weights"),
    [
        ("weak", (1, 1), (1, 1)),
        ("strong", (1, 0), (1, 0)),
        ("sum", (1, 1), (4, 2)),
        ("max", (1, 1), (3, 2)),
        ("mean", (1, 1), (2, 1)),
    ],
)
def test_tied_pairs_are_counted_whatever_becomes_of_their_weights(
    how: Literal["weak", "strong", "sum", "max", "mean"], pairs: tuple[int, int], weights: tuple[float, float]
) -> None:
    table = rt.group_mixing(mutual_and_one_way(), by="sector", symmetrize=how)
    assert (table.loc[("x", "x"), "ties"], table.loc[("x", "y"), "ties"]) == pairs
    assert (table.loc[("x", "x"), "weight"], table.loc[("x", "y"), "weight"]) == weights


def test_two_directions_of_equal_weight_are_added_like_any_other() -> None:
    """Nothing changes when the last one-way tie goes: the sum of the other pairs stays the sum."""
    ties = pd.DataFrame({"source": ["a", "b"], "target": ["b", "a"], "weight": [3.0, 3.0]})
    actors = pd.DataFrame({"actor": list("ab"), "sector": list("xx")})
    mutual = Network(ties, actors=actors, directed=True)
    assert rt.group_mixing(mutual, by="sector", symmetrize="sum").loc[("x", "x"), "weight"] == 6.0
    assert rt.group_mixing(mutual, by="sector", symmetrize="mean").loc[("x", "x"), "weight"] == 3.0
    undirected = Network(ties.iloc[:1], actors=actors)
    assert rt.group_mixing(undirected, by="sector", symmetrize="sum").loc[("x", "x"), "weight"] == 3.0


@pytest.mark.parametrize("measure", [rt.silo, rt.network_silo, rt.coleman, rt.participation, rt.brokerage])
def test_a_misspelt_policy_is_refused_even_when_no_group_is_missing(measure: Callable[..., object]) -> None:
    with pytest.raises(rt.UnknownNameError, match="Did you mean 'drop'"):
        measure(mutual_and_one_way(), by="sector", missing="dropp")


@pytest.mark.parametrize(
    "ask",
    [
        lambda net: rt.retention(net, before="before", after="crisis", missing="dropp"),
        lambda net: rt.survival(net, missing="dropp"),
        lambda net: rt.suggest_ties(net, missing="dropp"),
        lambda net: rt.report(net, missing="groupp"),
    ],
)
def test_a_misspelt_policy_is_refused_even_where_no_group_is_asked_for(ask: Callable[[Network], object]) -> None:
    with pytest.raises(rt.UnknownNameError, match="choice for missing"):
        ask(rt.samples.tours_masks())


@pytest.mark.parametrize("damping", [2.0, 1.0, -0.1, float("nan")])
def test_versatility_refuses_what_is_not_a_probability(damping: float) -> None:
    with pytest.raises(rt.ReseauError, match="probability below 1"):
        rt.versatility(mutual_and_one_way(), damping=damping)


def test_correlation_of_layers_with_and_without_absent_actors() -> None:
    """As R sna's gcor when all actors are compared: there a zero may stand for an absence."""
    ties = pd.DataFrame({"source": list("abacad"), "target": list("bcbdde"), "layer": list("mmfffm"), "weight": 1.0})
    net = Network(ties)
    matrices = []
    for layer in "mf":
        matrix = np.zeros((5, 5))
        chosen_ties = ties[ties["layer"] == layer]
        for one, other in zip(chosen_ties["source"], chosen_ties["target"], strict=True):
            i, j = "abcde".index(one), "abcde".index(other)
            matrix[i, j] = matrix[j, i] = 1.0
        matrices.append(matrix)
    choices: list[tuple[Literal["all", "common"], range]] = [("all", range(5)), ("common", range(4))]
    for chosen, actors in choices:  # "e" is absent from f
        pairs = [(i, j) for i in actors for j in actors if i < j]
        first, second = ([matrix[pair] for pair in pairs] for matrix in matrices)
        expected = np.corrcoef(first, second)[0, 1]
        found = rt.qap(net, layer="m", other="f", actors=chosen, n_resamples=9)
        assert found.observed == pytest.approx(expected, abs=1e-12)
        assert rt.layer_similarity(net, kind="correlation", actors=chosen).loc["m", "f"] == pytest.approx(expected)
    assert "acteurs permutés" in str(found)
    with pytest.raises(rt.UnknownNameError, match="Did you mean 'all'"):
        rt.qap(net, layer="m", other="f", actors="al")  # type: ignore[arg-type]


def random_net(size: int, density: float, seed: int) -> tuple[Network, NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    one, other = np.nonzero(np.triu(rng.random((size, size)) < density, 1))
    names = np.array([f"a{place:03d}" for place in range(size)])
    matrix = np.zeros((size, size))
    matrix[one, other] = matrix[other, one] = 1.0
    ties = pd.DataFrame({"source": names[one], "target": names[other]})
    return Network(ties, actors=pd.DataFrame({"actor": names})), matrix


@pytest.mark.parametrize("density", [0.15, 0.3, 0.6])
def test_no_division_of_a_small_network_fits_better(density: float) -> None:
    for seed in range(4):
        net, matrix = random_net(9, density, seed)
        upper = np.triu_indices(9, 1)
        best = -1.0
        for number in range(1, 2**9 - 1):
            core = (number >> np.arange(9) & 1).astype(bool)
            pattern = (core[:, None] | core[None, :])[upper]
            if 0 < pattern.sum() < len(pattern):
                best = max(best, float(np.corrcoef(matrix[upper], pattern)[0, 1]))
        assert rt.core_periphery(net).attrs["correlation"] == pytest.approx(best, abs=1e-12)


@pytest.mark.parametrize("size", [16, 17, 40, 160])
def test_a_planted_core_is_found_at_any_size(size: int) -> None:
    rng = np.random.default_rng(size)
    order = rng.permutation(size)
    core = set(order[: size // 4].tolist())
    names = [f"a{place:03d}" for place in range(size)]
    pairs = [(names[i], names[j]) for i in range(size) for j in range(i) if i in core or j in core]
    division = rt.core_periphery(Network(pd.DataFrame(pairs, columns=["source", "target"])))
    assert set(division.index[division == 1]) == {names[place] for place in core}
    assert division.attrs["correlation"] == pytest.approx(1)


def test_the_fit_reached_by_climbing_is_that_of_the_division() -> None:
    net, matrix = random_net(30, 0.15, 0)
    division = rt.core_periphery(net)
    core = division.to_numpy() == 1
    upper = np.triu_indices(30, 1)
    pattern = (core[:, None] | core[None, :])[upper]
    assert division.attrs["correlation"] == pytest.approx(np.corrcoef(matrix[upper], pattern)[0, 1])


@pytest.mark.parametrize(
    "measure",
    [
        *(rt.degree, rt.betweenness, rt.pagerank, rt.eigenvector, rt.constraint),
        *(rt.tie_overlap, rt.layer_relevance, rt.interdependence, rt.versatility, rt.overlapping_degree),
    ],
)
def test_a_network_without_actors_has_empty_results(measure: Callable[..., pd.Series | pd.DataFrame]) -> None:
    assert len(measure(Network(pd.DataFrame({"source": [], "target": []})))) == 0


def test_rounding_does_not_rank_actors_whom_nobody_needs() -> None:
    """In each of these networks some actors are on shortest paths and can all the same be replaced at no loss."""
    for seed in range(4):
        net, _ = random_net(14, 0.4, seed)
        net = net.replace(actors=net.actors.assign(sector=[*"xyz" * 4, "x", "y"]).reset_index())
        table = rt.facilitators(net, by="sector", n_resamples=0)
        near = table.loc[table["loss"].abs() < 1e-9]
        assert (near["cross_betweenness"] > 0).any()
        assert (near["loss"] == 0).all()
