"""Brokerage roles: by hand, by the definition, moments by enumeration of every small network."""

from __future__ import annotations

from itertools import combinations, permutations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from path_cases import Floats, matrices, network

import reseau_territorial as rt
from reseau_territorial.errors import ReseauError
from reseau_territorial.metrics import _triangles, roles
from reseau_territorial.metrics._brokerage_moments import ROLES, actor_moments, network_moments
from reseau_territorial.metrics.bridging import (
    brokerage,
    cross_layer_brokerage,
    network_brokerage,
    two_mode_brokerage,
)


def role(i: object, v: object, k: object) -> int:
    if i == v == k:
        return 0
    if i == k:
        return 1
    if i == v:
        return 2
    return 3 if v == k else 4


def counts(tied: Floats, groups: list[str], *, partial: bool = False) -> Floats:
    """Count roles (columns, then total) triple by triple."""
    n = len(tied)
    table = np.zeros((n, 6))
    for i, v, k in permutations(range(n), 3):
        if tied[i, v] and tied[v, k] and not tied[i, k]:
            ways = sum(1 for u in range(n) if tied[i, u] and tied[u, k]) if partial else 1
            table[v, role(groups[i], groups[v], groups[k])] += 1 / ways
            table[v, 5] += 1 / ways
    return table


def sector_network(text: str, groups: dict[str, str], *, directed: bool = True) -> rt.Network:
    ties = pd.DataFrame([tuple(word) for word in text.split()], columns=["source", "target"])
    return rt.Network(
        ties, actors=pd.DataFrame({"actor": list(groups), "group": list(groups.values())}), directed=directed
    )


def test_each_role_by_hand() -> None:
    groups = {"v": "A", "a": "A", "b": "A", "x": "B", "y": "B", "z": "C"}
    expected = {"av vb": "coordinator", "xv vy": "itinerant", "av vx": "representative", "xv va": "gatekeeper"}
    for text, name in (expected | {"xv vz": "liaison"}).items():
        found = brokerage(sector_network(text, groups), by="group").loc["v"]
        assert found[list(ROLES)].to_dict() == {other: float(other == name) for other in ROLES}
        assert found["total"] == 1


def test_a_direct_tie_leaves_nothing_to_broker() -> None:
    groups = {"v": "A", "a": "A", "b": "B"}
    assert brokerage(sector_network("av vb ab", groups), by="group")["total"].sum() == 0
    assert brokerage(sector_network("av vb ba", groups), by="group")["total"]["v"] == 1  # the other way is open


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("partial", [False, True])
@given(data=st.data())
def test_counts_are_those_of_the_definition(partial: bool, directed: bool, data: st.DataObject) -> None:
    matrix = data.draw(matrices(directed=directed))
    names = data.draw(st.lists(st.sampled_from("xyz"), min_size=len(matrix), max_size=len(matrix)))
    net = network(matrix, directed=directed, group=names)
    found = brokerage(net, by="group", partial=partial)[[*ROLES, "total"]]
    np.testing.assert_allclose(found, counts(matrix > 0, names, partial=partial), atol=1e-9)
    if not partial:
        np.testing.assert_allclose(found.sum(), network_brokerage(net, by="group")["observed"])


@pytest.mark.parametrize("directed", [False, True])
def test_counts_in_blocks_are_those_of_the_definition(directed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roles, "BLOCK", 4)
    monkeypatch.setattr(_triangles, "SEARCHED", 4)
    rng = np.random.default_rng(3)
    matrix = (rng.random((15, 15)) < 0.3) * ~np.eye(15, dtype=bool) * 1.0
    matrix = matrix if directed else np.maximum(matrix, matrix.T)
    matrix[4] = matrix[:, 4] = 0.0  # an isolate between two blocks
    names = list("xyzxxyyzzxyzzzy")
    found = brokerage(network(matrix, directed=directed, group=names), by="group")[[*ROLES, "total"]]
    np.testing.assert_array_equal(found, counts(matrix > 0, names))


def every_network(n: int, *, directed: bool) -> list[Floats]:
    places = list(permutations(range(n), 2)) if directed else list(combinations(range(n), 2))
    found = []
    for choice in product((0, 1), repeat=len(places)):
        matrix = np.zeros((n, n))
        for (i, j), tied in zip(places, choice, strict=True):
            matrix[i, j] = tied
            if not directed:
                matrix[j, i] = tied
        found.append(matrix)
    return found


@pytest.mark.parametrize(
    ("groups", "directed", "density"),
    [
        ("xxyz", True, 0.3),
        ("xxyy", True, 0.6),
        ("xxx", True, 0.4),
        ("xyz", True, 0.4),
        ("xxyyz", False, 0.3),
        ("xxxyy", False, 0.6),
        ("xxxyz", False, 0.45),
    ],
)
def test_moments_are_those_of_every_network_of_the_density(groups: str, directed: bool, density: float) -> None:
    n = len(groups)
    networks = every_network(n, directed=directed)
    places = n * (n - 1) / (1 if directed else 2)
    ties = np.array([matrix.sum() / (1 if directed else 2) for matrix in networks])
    chance = density**ties * (1 - density) ** (places - ties)
    tables = np.array([counts(matrix, list(groups)) for matrix in networks])
    labels = sorted(set(groups))
    sizes = np.array([groups.count(label) for label in labels], dtype=float)

    mean = np.einsum("m,mvr->vr", chance, tables)
    expected, variance = actor_moments(sizes, density, directed=directed)
    codes = [labels.index(label) for label in groups]
    np.testing.assert_allclose(expected[codes], mean, atol=1e-9)
    np.testing.assert_allclose(variance[codes], np.einsum("m,mvr->vr", chance, (tables - mean) ** 2), atol=1e-9)

    totals = tables.sum(axis=1)
    mean_total = chance @ totals
    expected, variance = network_moments(sizes, density, directed=directed)
    np.testing.assert_allclose(expected, mean_total, atol=1e-9)
    np.testing.assert_allclose(variance, chance @ (totals - mean_total) ** 2, atol=1e-9)


def test_an_impossible_role_has_no_z() -> None:
    table = brokerage(sector_network("ab bc cd", dict.fromkeys("abcd", "same")), by="group")
    assert table["z_liaison"].isna().all()
    assert table["z_coordinator"].notna().all()


def test_actors_without_a_group_are_left_out_with_their_ties() -> None:
    actors = pd.DataFrame({"actor": [*"avbw"], "group": ["x", "x", "x", None]})
    ties = pd.DataFrame({"source": [*"avaw"], "target": [*"vbwb"]})
    net = rt.Network(ties, actors=actors, directed=True)
    with pytest.raises(ReseauError, match="1 of 4 actors"):
        brokerage(net, by="group")
    table = brokerage(net, by="group", missing="drop")
    assert table.loc["v", "coordinator"] == 1
    assert np.isnan(table.loc["w", "total"])


def test_names_of_groups_change_nothing() -> None:
    text = "ab bc cd da ac"
    one = brokerage(sector_network(text, dict(zip("abcd", "xxyz", strict=True))), by="group")
    other = brokerage(sector_network(text, dict(zip("abcd", "zzax", strict=True))), by="group")
    pd.testing.assert_frame_equal(one, other)


def test_brokerage_per_layer_is_that_of_each_layer() -> None:
    ties = pd.DataFrame({"source": [*"avav"], "target": [*"vbvc"], "layer": ["one", "one", "two", "two"]})
    net = rt.Network(ties, actors=pd.DataFrame({"actor": [*"avbc"], "group": [*"xxyz"]}), directed=True)
    table = brokerage(net, by="group", per="layer")
    assert table.loc[("v", "one"), "representative"] == table.loc[("v", "two"), "representative"] == 1
    assert network_brokerage(net, by="group", per="layer").loc[("total", "one"), "observed"] == 1


def test_two_mode_brokerage_through_forums() -> None:
    ties = pd.DataFrame({"source": [*"avvbac"], "target": [*"ffgghh"]})
    actors = pd.DataFrame({"actor": [*"avbcfgh"], "group": [*"xxyyzzz"]})
    table = two_mode_brokerage(rt.Network(ties, actors=actors), by="group", layer="tie")
    assert table.loc["v", ["representative", "gatekeeper", "total"]].to_list() == [1, 1, 2]
    assert table.loc["a", "total"] == 2  # v and c
    assert table.loc["c", "total"] == 0


# Across layers ---------------------------------------------------------------------------------------------------


def test_pairs_joined_by_different_layers_are_told_from_those_of_one_layer() -> None:
    ties = pd.DataFrame(
        {
            "source": [*"vvvv", "i"],
            "target": ["i", "k", "m", "n", "n"],
            "layer": ["masks", "funding", "masks", "funding", "funding"],
        }
    )
    groups = {"v": "A", "i": "B", "k": "C", "m": "D", "n": "E"}
    net = rt.Network(ties, actors=pd.DataFrame({"actor": list(groups), "group": list(groups.values())}))
    found = cross_layer_brokerage(net, by="group").loc["v"]
    # Pairs of v's partners: i-k, i-n (tied: closed), k-m, m-n by two layers; i-m by masks, k-n by funding.
    assert found[["cross_layer", "same_layer"]].to_list() == [3, 2]
    assert found["share"] == pytest.approx(0.6)


@given(data=st.data())
def test_cross_layer_pairs_are_those_of_the_definition(data: st.DataObject) -> None:
    n = 6
    layers = [data.draw(matrices(directed=False, largest=n)) for _ in range(3)]
    size = min(len(layer) for layer in layers)
    layers = [layer[:size, :size] > 0 for layer in layers]
    groups = data.draw(st.lists(st.sampled_from("xyz"), min_size=size, max_size=size))
    rows = [
        (f"a{i}", f"a{j}", str(a)) for a, m in enumerate(layers) for i, j in zip(*np.nonzero(np.triu(m)), strict=True)
    ]
    ties = pd.DataFrame(rows, columns=["source", "target", "layer"], dtype="str")
    net = rt.Network(ties, actors=pd.DataFrame({"actor": [f"a{i}" for i in range(size)], "group": groups}))
    tied = np.logical_or.reduce(layers)
    expected = np.zeros((size, 2))
    for v, i, k in permutations(range(size), 3):
        if i < k and groups[i] != groups[k] and tied[v, i] and tied[v, k] and not tied[i, k]:
            expected[v, int(any(layer[v, i] and layer[v, k] for layer in layers))] += 1
    found = cross_layer_brokerage(net, by="group")[["cross_layer", "same_layer"]]
    np.testing.assert_array_equal(found, expected)
