"""Inbreeding in a log-linear model: by hand where the model is saturated, by its score equations elsewhere."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError
from reseau_territorial.metrics._indices import Mixing
from reseau_territorial.metrics.loglinear import _cells, _fitted_frame, _poisson, inbreeding
from reseau_territorial.network import Network


def mixing(ties: list[list[float]], *, directed: bool) -> Mixing:
    table = np.array(ties, dtype=float)
    return Mixing(ties=table, sizes=np.full(len(table), 10.0), directed=directed)


def test_two_directed_groups_are_half_a_log_odds_ratio() -> None:
    """Classroom of 26 pupils: 40, 2, 5, 41 nominations; the model has as many unknowns as cells."""
    row = _fitted_frame(mixing([[40, 2], [5, 41]], directed=True), ["boys", "girls"], per_group=False).iloc[0]
    assert row["inbreeding"] == pytest.approx(np.log(40 * 41 / (2 * 5)) / 2)
    assert row["standard_error"] == pytest.approx(np.sqrt(1 / 40 + 1 / 41 + 1 / 2 + 1 / 5) / 2)
    assert row["deviance"] == pytest.approx(0, abs=1e-9)
    assert row["freedom"] == 0


def test_two_undirected_groups_by_hand() -> None:
    """Ties: 11 inside, 10 inside, 1 across. Inside pairs are half as many: delta = log(2 sqrt(11 * 10) / 1)."""
    row = _fitted_frame(mixing([[22, 1], [1, 20]], directed=False), ["x", "y"], per_group=False).iloc[0]
    assert row["inbreeding"] == pytest.approx(np.log(2 * np.sqrt(11 * 10) / 1))


@given(values=st.lists(st.integers(1, 30), min_size=16, max_size=16), directed=st.booleans(), per_group=st.booleans())
def test_fitted_margins_are_the_observed_ones(values: list[int], directed: bool, per_group: bool) -> None:
    table: NDArray[np.float64] = np.array(values, dtype=float).reshape(4, 4)
    if not directed:
        table = table + table.T
    counts, offset, design = _cells(mixing(table.tolist(), directed=directed), per_group=per_group)
    found = _poisson(counts, offset, design)
    assert found is not None
    coefficients, covariance, deviance = found
    mean = np.exp(design @ coefficients + offset)
    np.testing.assert_allclose(design.T @ mean, design.T @ counts, rtol=1e-7)
    assert deviance >= 0
    assert (np.diag(covariance) > 0).all()


def test_what_cannot_be_told_is_undefined() -> None:
    none_inside = _fitted_frame(mixing([[0, 4], [3, 0]], directed=True), ["x", "y"], per_group=False).iloc[0]
    assert none_inside["inbreeding"] == -np.inf
    assert none_inside["factor"] == 0.0
    idle = _fitted_frame(mixing([[3, 0], [0, 0]], directed=True), ["x", "y"], per_group=False)
    assert idle["inbreeding"].isna().all()
    closed = _fitted_frame(mixing([[3, 0], [0, 5]], directed=True), ["x", "y"], per_group=False)
    assert closed["inbreeding"].isna().all()
    two_groups = _fitted_frame(mixing([[3, 2], [4, 5]], directed=True), ["x", "y"], per_group=True)
    assert two_groups["inbreeding"].isna().all()


def test_on_a_network_and_per_layer() -> None:
    rng = np.random.default_rng(0)
    names = [f"a{k:02d}" for k in range(30)]
    sector = np.repeat(["x", "y", "z"], 10)
    rows = [
        (names[i], names[j], layer)
        for layer, excess in (("closed", 0.5), ("blind", 0.15))
        for i in range(30)
        for j in range(i + 1, 30)
        if rng.random() < (excess if sector[i] == sector[j] else 0.15)
    ]
    net = Network(
        pd.DataFrame(rows, columns=["source", "target", "layer"]),
        actors=pd.DataFrame({"actor": names, "sector": sector}),
    )
    table = inbreeding(net, by="sector", per="layer")
    assert table.loc[("(all)", "closed"), "zscore"] > 4
    assert abs(table.loc[("(all)", "blind"), "zscore"]) < 3
    assert inbreeding(net, by="sector", per_group=True).index.to_list() == ["x", "y", "z"]
    with pytest.raises(ReseauError, match="Leave it out"):
        inbreeding(net, by="sector", weight="weight")  # type: ignore[arg-type]
