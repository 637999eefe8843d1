"""Structural holes and bridging: values worked by hand, published figures, definitions, traps."""

from __future__ import annotations

from itertools import permutations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from path_cases import Floats, distance_matrix, matrices, network, path_shares

import reseau_territorial as rt
from reseau_territorial.errors import ReseauError
from reseau_territorial.metrics.bridging import (
    articulation_actors,
    bridgeness,
    bridging_centrality,
    broker_profile,
    constraint,
    cross_betweenness,
    effective_size,
    efficiency,
    everett_valente,
    hierarchy,
    participation,
    tie_bridges,
    two_mode_constraint,
    valente_fujimoto,
    within_group_z,
)
from reseau_territorial.metrics.centrality import betweenness

KITE = "AB AC AD AF BD BE BG CD CF DE DF DG EG FG FH GH HI IJ"
BORGATTI = {"AB": 2, "AF": 3, "AG": 5, "AE": 2, "EG": 8, "FG": 3, "BG": 4, "BD": 1, "DG": 3, "GC": 10}
GRANOVETTER = (
    "1-2 1-3 1-24 2-3 2-4 3-4 3-5 4-5 4-6 5-6 6-7 7-8 8-9 8-10 8-11 8-14 9-10 10-11 11-12 11-13 11-14 12-13 12-14 "
    "13-14 13-15 15-16 15-17 16-17 17-18 18-19 18-20 18-21 19-20 20-21 20-22 20-25 22-23 22-25 23-24 23-25 24-25"
)


def pairs(text: str, *, directed: bool = False, groups: str = "", **columns: object) -> rt.Network:
    words = text.split()
    ties = pd.DataFrame({"source": [word[0] for word in words], "target": [word[1] for word in words], **columns})
    actors = pd.DataFrame({"actor": sorted(set("".join(words)))})
    if groups:
        actors["group"] = list(groups)
    return rt.Network(ties, actors=actors, directed=directed)


def burt(matrix: Floats) -> tuple[Floats, Floats, Floats]:
    """Constraint, effective size and hierarchy straight from Burt's formulas."""
    z = matrix + matrix.T
    n = len(z)
    with np.errstate(invalid="ignore", divide="ignore"):
        p, m = z / z.sum(axis=1, keepdims=True), z / z.max(axis=1, keepdims=True)
    values = np.full((3, n), np.nan)
    for i in range(n):
        partners = np.flatnonzero(z[i])
        if not len(partners):
            continue
        c = np.array([(p[i, j] + sum(p[i, q] * p[q, j] for q in partners if q != j)) ** 2 for j in partners])
        size = sum(1 - sum(p[i, q] * m[j, q] for q in partners if q != j) for j in partners)
        r = c / c.mean()
        disorder = (r * np.log(r)).sum() / (len(r) * np.log(len(r))) if len(r) > 1 else 1.0
        values[:, i] = c.sum(), size, disorder
    return values[0], values[1], values[2]


# Burt ------------------------------------------------------------------------------------------------------------


def test_the_example_of_borgatti_1997() -> None:
    plain, weighted = pairs(" ".join(BORGATTI)), pairs(" ".join(BORGATTI), weight=list(BORGATTI.values()))
    assert effective_size(plain)[["G", "A", "C"]].round(2).to_list() == [4.67, 2.50, 1.0]
    assert constraint(plain)[["G", "A", "C"]].round(3).to_list() == [0.400, 0.595, 1.0]
    assert effective_size(weighted)[["G", "A", "C"]].to_list() == pytest.approx([5.47, 2.47, 1.0], abs=0.006)
    assert constraint(weighted)[["G", "A", "C"]].round(3).to_list() == [0.299, 0.795, 1.0]


def test_partners_that_are_not_tied_all_count() -> None:
    found = effective_size(pairs(KITE))
    assert found["I"] == 2  # EasyGraph 1.6.3 has 1
    assert found["J"] == 1


def test_directed_and_weighted_effective_sizes_that_networkx_has_wrong() -> None:
    directed = pairs("ab ba ac bc", directed=True)
    assert effective_size(directed).to_list() == pytest.approx([7 / 6, 7 / 6, 1])
    triangle = pairs("ab ac bc", weight=[1.0, 2.0, 1.0])
    assert effective_size(triangle)["a"] == pytest.approx(7 / 6)


@pytest.mark.parametrize("directed", [False, True])
@given(data=st.data())
def test_burt_measures_are_those_of_the_definition(directed: bool, data: st.DataObject) -> None:
    matrix = data.draw(matrices(directed=directed, weights=(1.0, 2.0, 0.5)))
    net = network(matrix, directed=directed)
    for options, values in (({}, matrix), ({"weight": None}, (matrix > 0).astype(float))):
        for metric, expected in zip((constraint, effective_size, hierarchy), burt(values), strict=True):
            np.testing.assert_allclose(metric(net, **options), expected, rtol=1e-9, atol=1e-9)


@given(matrix=matrices(directed=True, weights=(1.0, 2.0)), factor=st.floats(0.01, 100))
def test_burt_measures_do_not_depend_on_the_unit(matrix: Floats, factor: float) -> None:
    for metric in (constraint, effective_size, efficiency, hierarchy):
        one, other = metric(network(matrix, directed=True)), metric(network(matrix * factor, directed=True))
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)


def test_an_actor_with_incoming_ties_only_has_holes_too() -> None:
    assert constraint(pairs("ab cb", directed=True))["b"] == 0.5


def test_an_isolate_has_no_holes_to_measure() -> None:
    net = rt.Network(pd.DataFrame({"source": ["a"], "target": ["b"]}), actors=pd.DataFrame({"actor": [*"abc"]}))
    for metric in (constraint, effective_size, efficiency, hierarchy, two_mode_constraint):
        assert np.isnan(metric(net)["c"]), metric.__name__
    assert np.isnan(valente_fujimoto(net)["c"])


def test_two_mode_constraint_is_that_of_the_definition() -> None:
    incidence = np.array([[1, 1, 0], [1, 0, 1], [0, 1, 1], [1, 1, 1]], dtype=float)
    n = incidence.shape[0]
    matrix = np.block([[np.zeros((4, 4)), incidence], [incidence.T, np.zeros((3, 3))]])
    p = matrix / matrix.sum(axis=1, keepdims=True)
    expected = np.zeros(len(matrix))
    for i in range(len(matrix)):
        for a in np.flatnonzero(matrix[i]):
            far = sum(
                p[i, b] * p[b, j] * p[j, a]
                for b in np.flatnonzero(matrix[i])
                if b != a
                for j in np.flatnonzero(matrix[b])
                if j != i
            )
            expected[i] += (p[i, a] + far) ** 2
    assert n == 4
    np.testing.assert_allclose(two_mode_constraint(network(matrix, directed=False)), expected)


def test_two_mode_constraint_refuses_one_mode() -> None:
    with pytest.raises(ReseauError, match="odd cycle"):
        two_mode_constraint(pairs("ab bc ca"))


# Groups ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("directed", [False, True])
@given(data=st.data())
def test_participation_and_z_are_those_of_the_definition(directed: bool, data: st.DataObject) -> None:
    matrix = data.draw(matrices(directed=directed, weights=(1.0, 2.0)))
    n = len(matrix)
    names = data.draw(st.lists(st.sampled_from("xyz"), min_size=n, max_size=n))
    net = network(matrix, directed=directed, group=names)
    ties = matrix + matrix.T if directed else matrix
    groups = np.array(names)
    blau, z = np.full(n, np.nan), np.full(n, np.nan)
    inside = np.array([ties[i, groups == groups[i]].sum() for i in range(n)])
    for i in range(n):
        if ties[i].any():
            blau[i] = 1 - sum((ties[i, groups == g].sum() / ties[i].sum()) ** 2 for g in "xyz")
        members = inside[groups == groups[i]]
        if np.ptp(members) > 0:
            z[i] = (inside[i] - members.mean()) / members.std()
    np.testing.assert_allclose(participation(net, by="group"), blau, atol=1e-12)
    np.testing.assert_allclose(within_group_z(net, by="group"), z, atol=1e-9)


def test_names_and_order_of_groups_change_nothing() -> None:
    one, other = pairs("ab bc cd da ac", groups="xxyz"), pairs("ab bc cd da ac", groups="zzax")
    for metric in (participation, within_group_z, cross_betweenness):
        np.testing.assert_allclose(metric(one, by="group"), metric(other, by="group"))


def test_actors_without_a_group() -> None:
    actors = pd.DataFrame({"actor": [*"abc"], "group": ["x", None, "y"]})
    net = rt.Network(pd.DataFrame({"source": [*"ab"], "target": [*"bc"]}), actors=actors)
    with pytest.raises(ReseauError, match="1 of 3 actors"):
        participation(net, by="group")
    assert participation(net, by="group", missing="drop").isna().all()
    assert participation(net, by="group", missing="group")["b"] == 0.5
    assert cross_betweenness(net, by="group", missing="drop")["b"] == 1  # paths still pass b


def test_one_group_per_actor_makes_cross_betweenness_betweenness() -> None:
    net = pairs(KITE, groups="ABCDEFGHIJ")
    pd.testing.assert_series_equal(cross_betweenness(net, by="group"), betweenness(net), check_names=False)
    alone = pairs(KITE, groups="x" * 10)
    assert (cross_betweenness(alone, by="group") == 0).all()
    assert cross_betweenness(alone, by="group", normalized=True).isna().all()


@pytest.mark.parametrize("directed", [False, True])
@given(data=st.data())
def test_cross_betweenness_is_that_of_the_definition(directed: bool, data: st.DataObject) -> None:
    matrix = data.draw(matrices(directed=directed, weights=(1.0, 2.0), largest=5))
    n = len(matrix)
    names = data.draw(st.lists(st.sampled_from("xyz"), min_size=n, max_size=n))
    groups = np.array(names)
    apart = groups[:, None] != groups[None, :]
    expected = np.einsum("svt,st->v", path_shares(matrix), apart) / (1 if directed else 2)
    pair_count = np.array([np.delete(np.delete(apart, v, 0), v, 1).sum() for v in range(n)]) / (1 if directed else 2)
    net = network(matrix, directed=directed, group=names)
    np.testing.assert_allclose(cross_betweenness(net, by="group"), expected, atol=1e-9)
    share = np.divide(expected, pair_count, out=np.full(n, np.nan), where=pair_count > 0)
    np.testing.assert_allclose(cross_betweenness(net, by="group", normalized=True), share, atol=1e-9)


# Paths -------------------------------------------------------------------------------------------------------------


def test_hwang_bridging_by_hand() -> None:
    # Two triangles joined by c-d-e: d has betweenness 9, two partners of three ties each.
    net = pairs("ab bc ca cd de ef fg ge")
    assert betweenness(net)["d"] == 9
    assert bridging_centrality(net)["d"] == pytest.approx(9 * (1 / 2) / (2 / 3))


def test_bridgeness_leaves_out_the_actor_who_only_serves_its_partners() -> None:
    star = pairs("xa xb xc xd")
    assert betweenness(star)["x"] == 6
    assert bridgeness(star)["x"] == 0


def test_everett_valente_on_granovetters_network() -> None:
    words = [word.split("-") for word in GRANOVETTER.split()]
    net = rt.Network(pd.DataFrame(words, columns=["source", "target"]))
    between, found = betweenness(net), everett_valente(net)
    degree = pd.Series(dict(nx.Graph(words).degree))
    expected = ((2 * between + 24) / degree).where(between > 0, 0.0)
    np.testing.assert_allclose(found, expected.reindex(found.index), rtol=1e-12)
    assert (found[["9", "16", "19", "21"]] == 0).all()  # printed as 0 in the paper, where the R port has 24 / k
    np.testing.assert_allclose(everett_valente(net, normalized=True), found / 156)


def test_everett_valente_counts_all_others_even_out_of_reach() -> None:
    # A chain of three and an actor alone: (2 * 1 + 4 - 1) / 2, as published.
    net = rt.Network(
        pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"]}), actors=pd.DataFrame({"actor": [*"abcd"]})
    )
    assert everett_valente(net).to_list() == [0, 2.5, 0, 0]


def test_everett_valente_with_direction() -> None:
    # a -> b -> c: one pair passes b; one actor reaches b, b reaches one, one tie in and one out.
    assert everett_valente(pairs("ab bc", directed=True)).to_list() == [0, 2, 0]


@pytest.mark.parametrize("directed", [False, True])
@given(data=st.data())
def test_valente_fujimoto_is_that_of_the_definition(directed: bool, data: st.DataObject) -> None:
    matrix = data.draw(matrices(directed=directed, weights=(1.0, 2.0), largest=4))
    n = len(matrix)

    def efficient(values: Floats) -> float:
        distance = distance_matrix(values)
        np.fill_diagonal(distance, np.inf)
        return float((1 / distance).sum() / (n * (n - 1)))

    drops: list[list[float]] = [[] for _ in range(n)]
    for i, j in zip(*np.nonzero(matrix if directed else np.triu(matrix)), strict=True):
        cut = matrix.copy()
        cut[i, j] = 0
        if not directed:
            cut[j, i] = 0
        for end in (i, j):
            drops[end].append(efficient(matrix) - efficient(cut))
    expected = [np.mean(values) if values else np.nan for values in drops]
    np.testing.assert_allclose(valente_fujimoto(network(matrix, directed=directed)), expected, atol=1e-9)


# Cut points ----------------------------------------------------------------------------------------------------------


@given(matrix=matrices(directed=False))
def test_cut_points_are_those_of_networkx(matrix: Floats) -> None:
    net = network(matrix, directed=False)
    graph = nx.relabel_nodes(nx.from_numpy_array(matrix), dict(enumerate(net.actors.index)))
    found = articulation_actors(net)
    assert set(found.index[found]) == set(nx.articulation_points(graph))
    table = tie_bridges(net)
    assert {frozenset(pair) for pair in table.index[table["bridge"]]} == {frozenset(p) for p in nx.bridges(graph)}
    spans = {frozenset((a, b)): span for a, b, span in nx.local_bridges(graph)}
    assert {frozenset(pair): span for pair, span in table.loc[table["local_bridge"], "span"].items()} == spans
    assert (table.loc[~table["local_bridge"], "span"] == 2).all()
    for (a, b), shared in table["shared"].items():
        assert shared == len(list(nx.common_neighbors(graph, a, b)))


def test_cut_points_read_ties_both_ways_and_parallel_ties_once() -> None:
    net = pairs("ab ba cb", directed=True)
    assert articulation_actors(net)["b"]
    assert tie_bridges(net)["bridge"].to_list() == [True, True]


# Brokers -------------------------------------------------------------------------------------------------------------


def test_the_profile_of_a_broker_by_hand() -> None:
    profile = broker_profile(pairs("xa xb xc ab"))
    assert profile.loc["x", "open_pairs"] == 2
    assert profile.loc["x", "honest_brokerage"] == pytest.approx(2 / 3)
    assert np.isnan(profile.loc["c", "honest_brokerage"])
    assert (profile["power_positive"] ** 2).sum() == pytest.approx(4)


def test_power_solves_its_equation() -> None:
    net = pairs(KITE)
    matrix = nx.to_numpy_array(nx.Graph(KITE.split()), nodelist=[*"ABCDEFGHIJ"])
    largest = np.linalg.eigvalsh(matrix)[-1]
    for name, sign in (("power_positive", 1), ("power_negative", -1)):
        power = np.linalg.solve(np.eye(10) - sign * 0.75 / largest * matrix, matrix.sum(axis=1))
        expected = power * np.sqrt(10 / (power**2).sum())
        np.testing.assert_allclose(broker_profile(net)[name], expected, rtol=1e-9)


def test_each_measure_per_layer_is_that_of_the_layer() -> None:
    net = pairs("ab bc cd ab bd", groups="xxyy", layer=["one"] * 3 + ["two"] * 2)
    for metric in (participation, cross_betweenness, within_group_z):
        found = metric(net, by="group", per="layer")
        for layer in ("one", "two"):
            alone = metric(net, by="group", layer=layer)
            np.testing.assert_allclose(found.xs(layer, level="layer"), alone)
    assert constraint(net, per="layer").index.names == ["actor", "layer"]
    assert tie_bridges(net, per="layer").index.names == ["source", "target", "layer"]


@pytest.mark.parametrize("directed", [False, True])
@given(data=st.data())
def test_bridges_between_groups_are_those_of_the_definition(directed: bool, data: st.DataObject) -> None:
    matrix = data.draw(matrices(directed=directed, weights=(1.0, 2.0, 0.1), largest=5))
    n = len(matrix)
    groups = np.array(data.draw(st.lists(st.sampled_from([*"xyz"]), min_size=n, max_size=n)))
    net = network(matrix, directed=directed, sector=groups.tolist())
    apart = groups[:, None] != groups[None, :]
    both = matrix + matrix.T if directed else matrix
    np.testing.assert_allclose(rt.bridge_strength(net, by="sector"), (both * apart).sum(axis=1), atol=1e-12)
    distance = np.where(apart, distance_matrix(matrix), np.inf)
    reached = np.isfinite(distance)
    with np.errstate(invalid="ignore"):
        expected = reached.sum(axis=1) / np.where(reached, distance, 0).sum(axis=1)
    np.testing.assert_allclose(rt.bridge_closeness(net, by="sector"), expected, rtol=1e-9)
    shares, once = path_shares(matrix), 1 if directed else 2
    local, possible = np.zeros(n), np.zeros(n)
    for s, v, t in permutations(range(n), 3):
        if apart[s, t] and groups[v] in (groups[s], groups[t]):
            local[v] += shares[s, v, t] / once
            possible[v] += 1 / once
    found = cross_betweenness(net, by="sector", reach="local")
    np.testing.assert_allclose(found, local, atol=1e-9)
    with np.errstate(invalid="ignore"):
        share = local / possible
    np.testing.assert_allclose(cross_betweenness(net, by="sector", reach="local", normalized=True), share, atol=1e-9)


def test_cartographic_roles_at_the_published_limits() -> None:
    # The hub has 9 partners in its group, who have no other there (z = 3), and one outside.
    ties = [("hub", f"m{k}") for k in range(9)] + [("hub", "p"), ("m0", "p"), ("p", "q"), ("p", "r")]
    sectors = {"hub": "x", **{f"m{k}": "x" for k in range(9)}, "p": "y", "q": "z", "r": "w"}
    actors = pd.DataFrame({"actor": [*sectors, "alone"], "sector": [*sectors.values(), "x"]})
    net = rt.Network(pd.DataFrame(ties, columns=["source", "target"]), actors=actors)
    found = rt.cartographic_roles(net, by="sector")
    assert found["hub"] == "provincial_hub"
    assert found["m1"] == "ultra_peripheral"
    assert found["m0"] == "peripheral"  # P = 1/2
    assert found["p"] == "connector"  # P = 1 - (4 + 1 + 1) / 16 = .625, just above .62
    assert pd.isna(found["alone"])
    with pytest.raises(rt.UnknownNameError, match="global"):
        cross_betweenness(net, by="sector", reach="globl")
