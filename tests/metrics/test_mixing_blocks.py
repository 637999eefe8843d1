"""Ties read in blocks give what the matrices give, whatever the direction, the layers and the size of the blocks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import reseau_territorial as rt
from reseau_territorial.metrics import _mixing
from reseau_territorial.metrics._grouped import grouping
from reseau_territorial.metrics._mixing import arcs_in_blocks, matrix_in_blocks, profile_sums
from reseau_territorial.metrics._selection import make_matrix
from reseau_territorial.metrics.moments import tie_sums

ACTORS = 12
LAYERS = {"undirected": (False, False), "directed": (True, True), "mixed": (True, False)}


@pytest.fixture(params=LAYERS)
def net(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> rt.Network:
    """Parallel ties, both directions of a pair, an isolate, a missing group; blocks of five ties."""
    monkeypatch.setattr(_mixing, "BLOCK", 5)
    rng = np.random.default_rng(7)
    source = rng.integers(0, ACTORS - 1, 60)
    target = (source + rng.integers(1, ACTORS - 1, 60)) % (ACTORS - 1)
    names = np.array([f"a{place:02}" for place in range(ACTORS)])
    columns = {
        "source": names[source],
        "target": names[target],
        "layer": np.where(np.arange(60) % 2 == 0, "one", "two"),
        "weight": rng.integers(1, 5, 60).astype(float),
    }
    sector = ["x", "y", "z", None] * 3
    layers = pd.DataFrame({"layer": ["one", "two"], "directed": LAYERS[request.param]})
    return rt.Network(pd.DataFrame(columns), actors=pd.DataFrame({"actor": names, "sector": sector}), layers=layers)


@pytest.mark.parametrize("direction", ["all", "out", "in"])
@pytest.mark.parametrize("room", [0, 1000])
def test_arcs_in_blocks_are_the_entries_of_the_matrix(net: rt.Network, direction: str, room: int) -> None:
    view = net._view()
    matrix = make_matrix(view, direction, weighted=True)
    found = np.zeros((ACTORS, ACTORS))
    for actor, partner, weight in arcs_in_blocks(view, direction):
        np.add.at(found, (actor, partner), weight)
    np.testing.assert_array_equal(found, matrix.toarray())
    read_back = np.zeros((ACTORS, ACTORS))
    for row, column, value in matrix_in_blocks(matrix):
        read_back[row, column] = value
    np.testing.assert_array_equal(read_back, matrix.toarray())
    codes, labels = net._groups("sector", view.actors, missing="drop")
    inside = np.where(codes[:, None] >= 0, matrix.toarray(), 0.0)
    expected = np.stack([inside[:, codes == group].sum(axis=1) for group in range(len(labels))], axis=1)
    total, squares = profile_sums(arcs_in_blocks(view, direction), codes, len(labels), room)
    np.testing.assert_array_equal(total, expected.sum(axis=1))
    np.testing.assert_array_equal(squares, (expected**2).sum(axis=1))


@pytest.mark.parametrize("weight", ["weight", None])
def test_sums_over_pairs_are_those_of_the_matrix(net: rt.Network, weight: str | None) -> None:
    one = grouping(net, by="sector", weight=weight, missing="drop")(net._view(weight=weight))
    expected = tie_sums(one.matrix)
    for name in ("total", "same", "reverse", "fan_out", "fan_in", "chain"):
        assert getattr(one.sums, name) == pytest.approx(getattr(expected, name)), name
    table = np.zeros((len(one.labels), len(one.labels)))
    ties = one.matrix.tocoo()
    np.add.at(table, (one.groups[ties.row], one.groups[ties.col]), ties.data)
    np.testing.assert_allclose(one.mixing.ties, table)
