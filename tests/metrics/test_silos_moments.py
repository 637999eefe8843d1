"""The closed-form moments are those of every arrangement of the groups, counted one by one."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array

from reseau_territorial.metrics.expected import group_mixing, silo_test
from reseau_territorial.metrics.moments import balance_moments, cell_moments, tie_sums, within_moments
from reseau_territorial.network import Network


def all_tables(weights: NDArray[np.float64], groups: list[int]) -> NDArray[np.float64]:
    count = max(groups) + 1
    tables = []
    for order in permutations(groups):
        member = np.eye(count)[list(order)]
        tables.append(member.T @ weights @ member)
    return np.array(tables)


@st.composite
def weighted_digraphs(draw: st.DrawFn) -> tuple[NDArray[np.float64], list[int]]:
    size = draw(st.integers(2, 5))
    values = draw(st.lists(st.integers(0, 4), min_size=size**2, max_size=size**2))
    weights = np.array(values, dtype=float).reshape(size, size) / 2
    np.fill_diagonal(weights, 0)
    if draw(st.booleans()):
        weights = weights + weights.T
    groups = sorted(draw(st.lists(st.integers(0, 2), min_size=size, max_size=size)))
    return weights, groups


@given(case=weighted_digraphs())
def test_moments_equal_full_enumeration(case: tuple[NDArray[np.float64], list[int]]) -> None:
    weights, groups = case
    tables = all_tables(weights, groups)
    sums = tie_sums(csr_array(weights))
    sizes = np.bincount(groups, minlength=max(groups) + 1).astype(float)
    mean, variance = cell_moments(sums, sizes)
    np.testing.assert_allclose(mean, tables.mean(axis=0), atol=1e-9)
    np.testing.assert_allclose(variance, tables.var(axis=0), atol=1e-9)
    inside = np.diagonal(tables, axis1=1, axis2=2)
    balance = inside - (tables.sum(axis=1) + tables.sum(axis=2) - 2 * inside) / 2
    mean, variance = balance_moments(sums, sizes)
    np.testing.assert_allclose(mean, balance.mean(axis=0), atol=1e-9)
    np.testing.assert_allclose(variance, balance.var(axis=0), atol=1e-9)
    within = np.trace(tables, axis1=1, axis2=2)
    assert within_moments(sums, sizes) == pytest.approx((within.mean(), within.var()), abs=1e-9)


def test_silo_test_and_mixing_equal_full_enumeration() -> None:
    ties = pd.DataFrame({"source": list("aabd"), "target": list("bccb"), "weight": [1.0, 2.0, 0.5, 3.0]})
    actors = pd.DataFrame({"actor": list("abcde"), "sector": ["x", "x", "y", "y", "x"]})
    net = Network(ties, actors=actors)
    weights = np.zeros((5, 5))
    for one, other, weight in [(0, 1, 1.0), (0, 2, 2.0), (1, 2, 0.5), (3, 1, 3.0)]:
        weights[one, other] = weights[other, one] = weight
    tables = all_tables(weights, [0, 0, 1, 1, 0])
    silos = 2 * np.trace(tables, axis1=1, axis2=2) / weights.sum() - 1
    row = silo_test(net, by="sector").loc["network_silo"]
    assert row["observed"] == pytest.approx(2 * 1 / 6.5 - 1)
    assert row["expected"] == pytest.approx(silos.mean())
    assert row["sd"] == pytest.approx(silos.std())
    assert row["zscore"] == pytest.approx((row["observed"] - silos.mean()) / silos.std())
    across = group_mixing(net, by="sector").loc[("x", "y")]
    assert across["expected_permuted"] == pytest.approx(tables[:, 0, 1].mean())
    assert across["sd_permuted"] == pytest.approx(tables[:, 0, 1].std())
    inside = group_mixing(net, by="sector").loc[("x", "x")]
    assert inside["sd_permuted"] == pytest.approx(tables[:, 0, 0].std() / 2)


def test_silo_test_per_layer_has_a_row_for_each() -> None:
    ties = pd.DataFrame({"source": list("ab"), "target": list("bc"), "layer": ["masks", "funding"]})
    actors = pd.DataFrame({"actor": list("abc"), "sector": ["x", "x", "y"]})
    table = silo_test(Network(ties, actors=actors), by="sector", per="layer")
    assert table["observed"].to_dict() == {"funding": -1.0, "masks": 1.0}
    assert table["actors"].to_list() == [2, 2]
