"""Cohesion and likeness: by hand, from the definitions, against networkx; what R's sna has wrong."""

from __future__ import annotations

import math
from itertools import permutations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from path_cases import Floats, matrices, network

import reseau_territorial as rt


def pairs(words: str, *, directed: bool = True, alone: str = "") -> rt.Network:
    names = sorted({letter for word in words.split() for letter in word} | set(alone))
    ties = pd.DataFrame([tuple(word) for word in words.split()], columns=["source", "target"])
    return rt.Network(ties, actors=pd.DataFrame({"actor": names}), directed=directed)


def test_density_counts_isolates_and_parallel_ties_once() -> None:
    assert rt.density(pairs("ab ab bc", directed=False, alone="d")) == pytest.approx(2 / 6)
    assert rt.density(pairs("ab ab bc", alone="d")) == pytest.approx(2 / 12)
    assert math.isnan(rt.density(pairs("", alone="a")))


def test_three_readings_of_reciprocity() -> None:
    net = pairs("ab ba ac", alone="d")  # six pairs: one mutual, one single, four empty
    found = [rt.reciprocity(net, kind=kind) for kind in ("edgewise", "dyadic", "dyadic_nonnull")]
    assert found == pytest.approx([2 / 3, 5 / 6, 1 / 2])
    assert rt.reciprocity(pairs("ab bc", directed=False)) == 1
    assert math.isnan(rt.reciprocity(pairs("", alone="ab")))
    with pytest.raises(rt.UnknownNameError, match="edgewise"):
        rt.reciprocity(net, kind="edge_wise")


@given(matrix=matrices(directed=False))
def test_clustering_and_transitivity_equal_networkx(matrix: Floats) -> None:
    net, graph = network(matrix, directed=False), nx.Graph(matrix)
    several = (matrix > 0).sum(axis=1) > 1
    found = rt.clustering(net).to_numpy()
    np.testing.assert_allclose(found[several], np.array(list(nx.clustering(graph).values()))[several], atol=1e-12)
    assert np.isnan(found[~several]).all()
    if several.any():
        assert rt.transitivity(net) == pytest.approx(nx.transitivity(graph))


@given(matrix=matrices(directed=True))
def test_directed_transitivity_and_triads_are_those_of_the_definition(matrix: Floats) -> None:
    net, tied = network(matrix, directed=True), matrix > 0
    steps = [(i, j, k) for i, j, k in permutations(range(len(matrix)), 3) if tied[i, j] and tied[j, k]]
    expected = np.mean([tied[i, k] for i, _, k in steps]) if steps else math.nan
    assert rt.transitivity(net) == pytest.approx(expected, nan_ok=True)
    census = rt.triad_census(net)["count"]
    assert census.sum() == math.comb(len(matrix), 3)
    # Each pair is in n - 2 triads; the digits of a triad tell its mutual and single pairs.
    single, mutual = int((tied & ~tied.T).sum()), int((tied & tied.T).sum()) // 2
    digits = np.array([[int(digit) for digit in name[:3]] for name in census.index])
    np.testing.assert_array_equal(census @ digits[:, :2], [(len(matrix) - 2) * mutual, (len(matrix) - 2) * single])


def test_krackhardt_of_a_tree_of_command_is_one_throughout() -> None:
    assert (rt.krackhardt(pairs("ab ac bd be cf"))["value"] == 1).all()


def test_krackhardt_by_hand() -> None:
    # a and b both lead to c, one way; d and e exchange; f is alone. Pieces of 3, 2 and 1 actors.
    found = rt.krackhardt(pairs("ac bc de ed", alone="f"))["value"]
    assert found["connectedness"] == pytest.approx((3 + 1) / 15)
    assert found["hierarchy"] == pytest.approx(2 / 3)
    # Excess ties: none of at most 4, and one of at most 1.
    assert found["efficiency"] == pytest.approx(1 - 1 / 5)
    # Nobody is above both a and b; there is one pair at most to be without a bound.
    assert found["lubness"] == 0


def test_a_deputy_of_two_chiefs_is_the_least_bound_where_sna_finds_none() -> None:
    # a and b command c, who commands d and e: c is above d and e, and both chiefs are above c. Only the pair of chiefs
    # has nobody above it: 1 - 1/6. sna 2.7.1 looks for a bound above all bounds, misses it for every pair below two
    # chiefs and gives 1/3.
    found = rt.krackhardt(pairs("ac bc cd ce"))["value"]["lubness"]
    assert found == pytest.approx(1 - 1 / 6)
    assert found != pytest.approx(1 / 3)


@pytest.mark.parametrize("kind", ["moran", "geary"])
@pytest.mark.parametrize("directed", [False, True])
def test_autocorrelation_and_its_moments_equal_full_enumeration(kind: str, directed: bool) -> None:
    matrix = np.array(
        [[0, 2, 0, 0, 1], [2, 0, 1, 0, 0], [0, 1, 0, 3, 0], [0, 0, 3, 0, 0], [1, 0, 0, 0, 0]], dtype=float
    )
    if directed:
        matrix[0, 1] = matrix[3, 2] = 0
    values = np.array([1.0, 2.0, 4.0, 8.0, 9.5])

    def index(x: Floats) -> float:
        apart = x - x.mean()
        if kind == "moran":
            return float(len(x) / matrix.sum() * (apart @ matrix @ apart) / (apart @ apart))
        gaps = (x[:, None] - x[None, :]) ** 2
        return float((len(x) - 1) / (2 * matrix.sum()) * (matrix * gaps).sum() / (apart @ apart))

    null = np.array([index(np.array(order)) for order in permutations(values)])
    net = network(matrix, directed=directed)
    net = net.replace(actors=net.actors.assign(staff=values))
    row = rt.autocorrelation(net, of="staff", kind=kind).loc[kind]
    assert row["observed"] == pytest.approx(index(values))
    assert row["expected"] == pytest.approx(null.mean())
    assert row["sd"] == pytest.approx(null.std())
    assert row["zscore"] == pytest.approx((index(values) - null.mean()) / null.std())


@pytest.mark.parametrize("kind", ["moran", "geary"])
@pytest.mark.parametrize("n", [4, 5, 7, 12])
def test_where_all_are_tied_to_all_autocorrelation_cannot_vary(kind: str, n: int) -> None:
    net = network(np.ones((n, n)) - np.eye(n), directed=False)
    staff = np.sqrt(np.arange(n) + 0.3)
    row = rt.autocorrelation(net.replace(actors=net.actors.assign(staff=staff)), of="staff", kind=kind).loc[kind]
    assert row["observed"] == pytest.approx(row["expected"])
    assert row["sd"] == 0.0
    assert np.isnan(row["zscore"])


def test_autocorrelation_refuses_text_and_missing_numbers() -> None:
    net = pairs("ab bc", directed=False, alone="d")
    net = net.replace(actors=net.actors.assign(staff=[1.0, 2.0, 3.0, np.nan], town=[*"xyzw"]))
    with pytest.raises(rt.ReseauError, match=r"1 of 4 actors have no 'staff': 'd'"):
        rt.autocorrelation(net, of="staff")
    with pytest.raises(rt.ReseauError, match="is no number"):
        rt.autocorrelation(net, of="town")
    kept = net.select(actor=[*"abc"])
    dropped = rt.autocorrelation(net, of="staff", missing="drop")
    pd.testing.assert_frame_equal(dropped, rt.autocorrelation(kept, of="staff"))
    assert (
        rt.autocorrelation(pairs("", alone="ab").replace(actors=net.actors), of="staff", missing="drop")
        .isna()
        .all(axis=None)
    )


@given(value=st.floats(0.1, 1e6))
def test_equal_numbers_have_no_autocorrelation(value: float) -> None:
    net = pairs("ab bc", directed=False)
    net = net.replace(actors=net.actors.assign(staff=value))
    assert rt.autocorrelation(net, of="staff").isna().all(axis=None)
