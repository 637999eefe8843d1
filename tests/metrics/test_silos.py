"""Silo indices of actors, groups and networks: by hand, and properties that must hold on any network."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reseau_territorial as rt
from reseau_territorial.errors import ReseauError, UnknownNameError
from reseau_territorial.metrics.cuts import conductance, diversity, group_cuts, modularity
from reseau_territorial.metrics.expected import group_mixing, layer_silos, silo_contributions, silo_test
from reseau_territorial.metrics.group_segregation import coleman, segregation_matrix_index
from reseau_territorial.metrics.segregation import (
    assortativity,
    freeman,
    gupta_anderson_may,
    odds_ratio_within,
)
from reseau_territorial.metrics.silos import group_silo, network_silo, silo
from reseau_territorial.metrics.spectral_silos import spectral_segregation
from reseau_territorial.network import Network

NETWORK_INDICES = [network_silo, freeman, assortativity, gupta_anderson_may, odds_ratio_within, modularity]
GROUP_INDICES = [group_silo, coleman, segregation_matrix_index, conductance]


def make(ties: list[tuple[Any, ...]], groups: Mapping[str, str | None], **options: Any) -> Network:
    names = ["source", "target", "weight", "layer"][: len(ties[0])] if ties else ["source", "target"]
    actors = pd.DataFrame({"actor": list(groups), "sector": list(groups.values())})
    return Network(pd.DataFrame(ties, columns=names), actors=actors, **options)


def star(inside: int, outside: int, scale: float = 1.0) -> Network:
    groups = (
        {"hub": "public"} | {f"in{k}": "public" for k in range(inside)} | {f"out{k}": "civil" for k in range(outside)}
    )
    return make([("hub", name, scale) for name in groups if name != "hub"], groups)


@pytest.fixture
def square() -> Network:
    """a-b and c-d inside the groups (3 and 1), a-c across (2); e alone."""
    groups = {"a": "public", "b": "public", "c": "civil", "d": "civil", "e": "civil"}
    return make([("a", "b", 3.0), ("c", "d", 1.0), ("a", "c", 2.0)], groups)


@pytest.mark.parametrize(("inside", "outside", "expected"), [(3, 0, 1.0), (0, 3, -1.0), (2, 2, 0.0), (3, 1, 0.5)])
def test_silo_of_an_actor_by_hand(inside: int, outside: int, expected: float) -> None:
    assert silo(star(inside, outside), by="sector")["hub"] == pytest.approx(expected)


def test_silo_of_weighted_actors_by_hand(square: Network) -> None:
    found = silo(square, by="sector")
    assert found[["a", "b", "c", "d"]].to_list() == pytest.approx([1 / 5, 1, -1 / 3, 1])
    assert np.isnan(found["e"])
    assert silo(square, by="sector", weight=None)["a"] == 0.0


def test_silo_of_directed_actors_reads_the_direction_asked() -> None:
    groups = {"a": "public", "b": "public", "c": "civil"}
    net = make([("a", "b", 1.0), ("b", "a", 1.0), ("c", "a", 2.0)], groups, directed=True)
    assert silo(net, by="sector")["a"] == 0.0  # two ties inside, weight 2 from c
    assert silo(net, by="sector", direction="out")["a"] == 1.0
    assert silo(net, by="sector", direction="in")["a"] == pytest.approx(-1 / 3)
    assert silo(net, by="sector", weight=None)["a"] == pytest.approx(1 / 3)
    assert silo(net, by="sector", symmetrize="weak")["a"] == 0.0
    assert np.isnan(silo(net, by="sector", direction="in")["c"])


def test_group_silo_counts_inside_ties_once_or_per_member(square: Network) -> None:
    assert group_silo(square, by="sector").to_dict() == pytest.approx({"civil": -1 / 3, "public": 1 / 5})
    members = group_silo(square, by="sector", convention="members")
    assert members.to_dict() == pytest.approx({"civil": 0.0, "public": 1 / 2})
    for direction in ("out", "in"):  # undirected ties have none: nothing changes
        pd.testing.assert_series_equal(
            group_silo(square, by="sector", direction=direction), group_silo(square, by="sector")
        )


def test_group_silo_directed_by_hand() -> None:
    groups = {"a": "public", "b": "public", "c": "civil", "d": "civil"}
    net = make([("a", "b"), ("b", "a"), ("a", "c"), ("d", "b"), ("d", "a")], groups, directed=True)
    assert group_silo(net, by="sector")["public"] == pytest.approx((2 - 3) / 5)
    assert group_silo(net, by="sector", convention="members")["public"] == pytest.approx((4 - 3) / 7)
    for convention in ("ties", "members"):
        assert group_silo(net, by="sector", direction="out", convention=convention)["public"] == pytest.approx(1 / 3)
    assert group_silo(net, by="sector", direction="in")["public"] == pytest.approx(0.0)


def test_network_silo_by_hand(square: Network) -> None:
    assert network_silo(square, by="sector") == pytest.approx((4 - 2) / 6)
    assert network_silo(square, by="sector", weight=None) == pytest.approx(1 / 3)
    assert np.isnan(network_silo(make([], {"a": "x", "b": "y"}), by="sector"))


def test_rescaled_silo_stands_between_the_bounds_that_sizes_allow(square: Network) -> None:
    # 3 ties; 4 pairs inside, 6 across: the index can reach both -1 and 1, so it does not move.
    assert network_silo(square, by="sector", weight=None, rescaled=True) == pytest.approx(1 / 3)
    # 3 ties among 3 actors of 2 groups: 1 pair inside, 2 across, all tied; the index has one possible value.
    full = make([("a", "b"), ("a", "c"), ("b", "c")], {"a": "x", "b": "x", "c": "y"})
    assert np.isnan(network_silo(full, by="sector", weight=None, rescaled=True))
    # 2 of these ties: at most 1 inside (index 0), at least 0 (-1).
    most = make([("a", "b"), ("a", "c")], {"a": "x", "b": "x", "c": "y"})
    assert network_silo(most, by="sector", weight=None, rescaled=True) == pytest.approx(1.0)
    least = make([("a", "c"), ("b", "c")], {"a": "x", "b": "x", "c": "y"})
    assert network_silo(least, by="sector", weight=None, rescaled=True) == pytest.approx(-1.0)
    with pytest.raises(ReseauError, match=r"Pass weight=None"):
        network_silo(square, by="sector", rescaled=True)


def test_parallel_ties_add_up_when_weighted_and_count_once_when_not() -> None:
    groups = {"a": "x", "b": "x", "c": "y"}
    net = make([("a", "b", 1.0), ("b", "a", 1.0), ("a", "c", 1.0)], groups)
    assert network_silo(net, by="sector") == pytest.approx(1 / 3)
    assert network_silo(net, by="sector", weight=None) == 0.0


def test_layers_their_union_and_their_sum_are_three_numbers() -> None:
    groups = {"a": "x", "b": "x", "c": "y", "d": "y"}
    ties = [
        ("a", "b", 1.0, "masks"),
        ("b", "a", 1.0, "funding"),
        ("a", "c", 1.0, "funding"),
        ("b", "d", 1.0, "funding"),
    ]
    net = make(ties, groups)
    assert network_silo(net, by="sector") == 0.0
    assert network_silo(net, by="sector", weight=None) == pytest.approx(-1 / 3)
    per_layer = network_silo(net, by="sector", per="layer")
    assert isinstance(per_layer, pd.Series)
    assert per_layer.to_dict() == pytest.approx({"funding": -1 / 3, "masks": 1.0})
    three = layer_silos(net, by="sector").to_dict()
    assert three == pytest.approx({"funding": -1 / 3, "masks": 1.0, "(union)": -1 / 3, "(sum)": 0.0})
    assert group_silo(net, by="sector", per="layer").loc[("y", "funding")] == -1.0
    assert silo(net, by="sector", per="layer").loc[("a", "funding")] == 0.0


def test_an_actor_absent_from_a_layer_has_no_row_there() -> None:
    net = make([("a", "b", 1.0, "masks"), ("a", "c", 1.0, "funding")], {"a": "x", "b": "x", "c": "y"})
    assert set(silo(net, by="sector", per="layer").index) == {
        ("a", "masks"), ("b", "masks"), ("a", "funding"), ("c", "funding"),
    }  # fmt: skip


def test_an_empty_layer_is_undefined_not_unknown() -> None:
    layers = pd.DataFrame({"layer": ["masks", "empty"], "directed": [False, False]})
    net = make([("a", "b", 1.0, "masks")], {"a": "x", "b": "x"}, layers=layers)
    found = network_silo(net, by="sector", per="layer")
    assert isinstance(found, pd.Series)
    assert found["masks"] == 1.0
    assert np.isnan(found["empty"])
    assert silo_test(net, by="sector", per="layer").loc["empty", "actors"] == 0


def test_a_directed_layer_beside_an_undirected_one() -> None:
    layers = pd.DataFrame({"layer": ["funding"], "directed": [True]})
    ties = [("a", "b", 1.0, "masks"), ("c", "a", 1.0, "funding")]
    net = make(ties, {"a": "x", "b": "x", "c": "y"}, layers=layers)
    # The undirected tie reads both ways: 2 inside, 1 across.
    assert network_silo(net, by="sector") == pytest.approx(1 / 3)
    assert network_silo(net, by="sector", weight=None) == pytest.approx(1 / 3)
    assert silo(net, by="sector")["a"] == silo(net, by="sector", weight=None)["a"] == pytest.approx(1 / 3)


def test_missing_groups_are_an_error_until_told_what_to_do() -> None:
    net = make([("a", "b"), ("a", "c")], {"a": "x", "b": "x", "c": None})
    with pytest.raises(ReseauError, match=r"1 of 3 actors have no 'sector'"):
        network_silo(net, by="sector")
    assert network_silo(net, by="sector", missing="drop") == 1.0
    assert network_silo(net, by="sector", missing="group") == 0.0
    dropped = silo(net, by="sector", missing="drop")
    assert np.isnan(dropped["c"])
    assert dropped["a"] == 1.0
    assert silo_test(net, by="sector", missing="drop").loc["network_silo", "actors"] == 2


@pytest.mark.parametrize(
    "choice", [{"by": "secteur"}, {"by": "sector", "symmetrize": "week"}, {"by": "sector", "per": "layers"}]
)
def test_misspelt_choices_offer_the_nearest(square: Network, choice: dict[str, Any]) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean"):
        network_silo(square, **choice)


def test_misspelt_direction_and_convention(square: Network) -> None:
    with pytest.raises(UnknownNameError, match="direction"):
        silo(square, by="sector", direction="output")
    with pytest.raises(UnknownNameError, match="convention"):
        group_silo(square, by="sector", convention="tie")


def test_group_mixing_adds_up_to_the_network(square: Network) -> None:
    table = group_mixing(square, by="sector")
    assert table["weight"].to_dict() == {("civil", "civil"): 1.0, ("civil", "public"): 2.0, ("public", "public"): 3.0}
    assert table["ties"].sum() == 3
    assert table["share"].sum() == pytest.approx(1)
    assert table["expected"].sum() == pytest.approx(6)
    assert table["expected_permuted"].sum() == pytest.approx(6)
    # Strengths: public 8, civil 4, of 12: 8*4/12 expected across, half of 8*8/12 inside public.
    assert table.loc[("civil", "public"), "expected"] == pytest.approx(32 / 12)
    assert table.loc[("public", "public"), "expected"] == pytest.approx(64 / 24)
    assert table.loc[("public", "public"), "ratio"] == pytest.approx(3 / (64 / 24))
    # Sizes 2 and 3 of 5: 6 of the 10 pairs are across.
    assert table.loc[("civil", "public"), "expected_permuted"] == pytest.approx(6 * 0.6)


def test_group_mixing_of_directed_ties_lists_ordered_pairs() -> None:
    net = make([("a", "b"), ("a", "c"), ("c", "a")], {"a": "x", "b": "x", "c": "y"}, directed=True)
    table = group_mixing(net, by="sector")
    assert table["ties"].to_dict() == {("x", "x"): 1, ("x", "y"): 1, ("y", "x"): 1, ("y", "y"): 0}
    assert table.loc[("x", "y"), "expected"] == pytest.approx(2 * 1 / 3)
    assert np.isnan(table.loc[("y", "y"), "zscore"])  # a group of one has no pair inside: nothing can vary


def test_group_mixing_per_layer(square: Network) -> None:
    table = group_mixing(square, by="sector", per="layer")
    assert table.loc[("civil", "public", "tie"), "weight"] == 2.0


def test_contributions_add_up_and_say_who_makes_the_silo() -> None:
    groups = {"a": "x", "b": "x", "c": "y", "d": "y"}
    ties = [("a", "b", 2.0, "masks"), ("c", "d", 1.0, "masks"), ("a", "c", 3.0, "funding")]
    net = make(ties, groups)
    parts = silo_contributions(net, by="sector")
    assert parts["contribution"].sum() == pytest.approx(network_silo(net, by="sector"))
    assert parts["share"].sum() == pytest.approx(1)
    assert parts.loc[("x", "masks"), "contribution"] == pytest.approx(2 / 6)
    assert parts.loc[("x", "funding"), "contribution"] == pytest.approx(-1.5 / 6)
    assert parts.loc[("y", "masks"), "silo"] == 1.0
    # Both layers have 2 groups of equal size among 4, or 1 and 1 among 2 actors (a and c are alone in funding).
    assert parts.xs("funding", level="layer")["excess"].to_list() == pytest.approx([0, 0])
    assert parts.xs("masks", level="layer")["expected"].sum() == pytest.approx(3 / 6 * -1 / 3)


def test_an_isolate_counts_in_what_depends_on_sizes() -> None:
    ties = [("a", "b"), ("a", "c")]
    groups = {"a": "x", "b": "x", "c": "y", "d": "y"}
    assert freeman(make(ties, groups), by="sector") == pytest.approx(1 - 1 / (2 * 8 / 12))
    assert freeman(make(ties, groups | {"e": "x"}), by="sector") == pytest.approx(1 - 1 / (2 * 12 / 20))


def test_modularity_and_cuts_by_hand(square: Network) -> None:
    assert modularity(square, by="sector") == pytest.approx((6 + 2) / 12 - (8 / 12) ** 2 - (4 / 12) ** 2)
    cuts = group_cuts(square, by="sector")
    assert cuts.loc["public"].to_list() == pytest.approx([8, 2, 2 / 4, 2 / 8 + 2 / 4])
    alone = make([("a", "b")], {"a": "x", "b": "x", "c": "y"})
    assert conductance(alone, by="sector").isna().all()


def test_diversity_by_hand(square: Network) -> None:
    assert diversity(square, by="sector")["a"] == pytest.approx(1 - (3 / 5) ** 2 - (2 / 5) ** 2)
    assert diversity(square, by="sector", normalized=True)["a"] == pytest.approx(2 * 12 / 25)
    entropy = -(0.6 * np.log(0.6) + 0.4 * np.log(0.4))
    assert diversity(square, by="sector", index="shannon")["a"] == pytest.approx(entropy)
    assert diversity(square, by="sector", index="shannon", normalized=True)["a"] == pytest.approx(entropy / np.log(2))
    assert diversity(square, by="sector")["b"] == 0.0
    assert np.isnan(diversity(square, by="sector")["e"])
    with pytest.raises(UnknownNameError, match="Did you mean 'blau'"):
        diversity(square, by="sector", index="Blau")


def test_diversity_of_directed_ties() -> None:
    net = make([("a", "b", 1.0), ("c", "a", 3.0)], {"a": "x", "b": "x", "c": "y"}, directed=True)
    assert diversity(net, by="sector")["a"] == pytest.approx(1 - (1 / 4) ** 2 - (3 / 4) ** 2)
    assert diversity(net, by="sector", direction="out")["a"] == 0.0
    assert np.isnan(diversity(net, by="sector", direction="out")["b"])
    assert diversity(net, by="sector", direction="in")["b"] == 0.0


def test_coleman_limits() -> None:
    net = make([("a", "b"), ("c", "a")], {"a": "x", "b": "x", "c": "y", "d": "z"}, directed=True)
    found = coleman(net, by="sector")
    assert found["x"] == 1.0
    assert found["y"] == -1.0  # a group of one that has a tie
    assert np.isnan(found["z"])


def test_a_group_that_holds_everyone_is_as_expected_whatever_the_rounding() -> None:
    actors = dict.fromkeys("abcdefg", "all")
    for third in range(1, 30):
        net = make([("a", "b", third / 10, "l"), ("c", "d", third / 3, "l"), ("e", "f", 0.7, "l")], actors)
        assert coleman(net, by="sector")["all"] == 0


def test_odds_ratio_by_hand_and_its_correction() -> None:
    net = make([("a", "b"), ("a", "c")], {"a": "x", "b": "x", "c": "y", "d": "y"})
    # inside: 1 tied, 1 untied; across: 1 tied, 3 untied
    assert odds_ratio_within(net, by="sector") == pytest.approx(3.0)
    closed = make([("a", "b")], {"a": "x", "b": "x", "c": "y", "d": "y"})
    assert odds_ratio_within(closed, by="sector") == np.inf
    assert odds_ratio_within(closed, by="sector", correction=0.5) == pytest.approx((1.5 / 1.5) / (0.5 / 4.5))
    with pytest.raises(ReseauError, match="correction"):
        odds_ratio_within(closed, by="sector", correction=-1)
    # No tie, a single group, groups of one: a correction gives them no meaning.
    for groups in ({"a": "x", "b": "x", "c": "y"}, {"a": "x", "b": "x"}, {"a": "x", "b": "y"}):
        none = make([("a", "b")] if len(groups) == 2 else [], groups)
        assert np.isnan(odds_ratio_within(none, by="sector", correction=0.5))


@pytest.mark.parametrize("symmetrize", ["weak", "sum", "max", "mean"])
def test_odds_ratio_counts_a_pair_tied_both_ways_once(symmetrize: Any) -> None:
    groups = {"a": "x", "b": "x", "c": "y", "d": "y"}
    net = make([("a", "b"), ("b", "a"), ("a", "c")], groups, directed=True)
    assert odds_ratio_within(net, by="sector", symmetrize=symmetrize) == pytest.approx(3.0)
    assert np.isnan(odds_ratio_within(net.select(target="c"), by="sector", symmetrize="strong", correction=0.5))
    test = rt.permutation_test(net, odds_ratio_within, by="sector", symmetrize=symmetrize)
    table = rt.silo_table(net, by="sector", symmetrize=symmetrize, weight=None)
    assert test.observed == table.loc[("odds_ratio_within", "(network)"), "observed"] == pytest.approx(3.0)


@pytest.mark.parametrize("weight", ["weight", None])
def test_a_pair_tied_by_nought_is_a_pair_where_pairs_are_counted(weight: str | None) -> None:
    ties = [("a", "b", 0.0), ("b", "a", 0.0), ("a", "c", 1.0), ("c", "a", 2.0), ("c", "d", 1.0)]
    net = make(ties, {"a": "x", "b": "x", "c": "y", "d": "y"}, directed=True)
    options = {"by": "sector", "weight": weight}
    assert network_silo(net, symmetrize="strong", **options) == 0.0
    assert network_silo(net, symmetrize="weak", **options) == pytest.approx(1 / 3)
    assert silo(net, symmetrize="weak", **options)["b"] == 1.0


def test_undefined_says_so() -> None:
    single = make([("a", "b")], {"a": "x", "b": "x"})
    assert np.isnan(freeman(single, by="sector"))
    assert np.isnan(assortativity(single, by="sector"))
    assert np.isnan(gupta_anderson_may(single, by="sector"))
    assert np.isnan(odds_ratio_within(single, by="sector"))
    assert modularity(single, by="sector") == 0.0
    assert segregation_matrix_index(single, by="sector").isna().all()
    assert np.isnan(silo_test(single, by="sector").loc["network_silo", "zscore"])
    with_idle = make([("a", "b")], {"a": "x", "b": "y", "c": "z"})
    assert np.isnan(gupta_anderson_may(with_idle, by="sector"))


def test_spectral_segregation_of_closed_and_open_groups() -> None:
    closed = make(
        [("a", "b"), ("b", "c"), ("a", "c"), ("d", "e")], dict.fromkeys("abc", "x") | dict.fromkeys("de", "y")
    )
    assert spectral_segregation(closed, by="sector").to_list() == pytest.approx([1] * 5)
    directed = make([("a", "b")], {"a": "x", "b": "x"}, directed=True)
    with pytest.raises(ReseauError, match='symmetrize="weak"'):
        spectral_segregation(directed, by="sector")
    assert spectral_segregation(directed, by="sector", symmetrize="weak").to_list() == [1, 1]


def test_spectral_segregation_of_a_long_chain_matches_the_dense_answer() -> None:
    size = 260  # beyond the size where a sparse solver takes over
    names = [f"a{k:03d}" for k in range(size)]
    ties = [*pairwise(names), (names[0], "z")]
    net = make(ties, dict.fromkeys(names, "x") | {"z": "y"})
    matrix = np.zeros((size, size))
    for k in range(size - 1):
        matrix[k, k + 1] = matrix[k + 1, k] = 1.0
    strength = matrix.sum(axis=1)
    strength[0] += 1
    values, vectors = np.linalg.eig(matrix / strength[:, None])
    top = np.argmax(values.real)
    x = np.abs(vectors[:, top].real)
    expected = values[top].real * x / x.mean()
    assert spectral_segregation(net, by="sector")[names].to_numpy() == pytest.approx(expected, rel=1e-6)


# Properties ------------------------------------------------------------------------------------------


@st.composite
def networks(draw: st.DrawFn, *, directed: bool | None = None) -> Network:
    size = draw(st.integers(2, 8))
    names = [f"a{k}" for k in range(size)]
    pairs = [(one, other) for one in names for other in names if one != other]
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=1, max_size=14))
    ties = [(one, other, draw(st.integers(1, 5)) / 2) for one, other in chosen]
    groups = {name: draw(st.sampled_from(["x", "y", "z"])) for name in names}
    way = draw(st.booleans()) if directed is None else directed
    return make(ties, groups, directed=way)


def assert_same(one: Any, other: Any) -> None:
    if isinstance(one, pd.Series):
        pd.testing.assert_series_equal(one, other, check_exact=False, rtol=1e-9, atol=1e-12)
    else:
        assert one == pytest.approx(other, rel=1e-9, abs=1e-12, nan_ok=True)


@given(net=networks(), data=st.data())
def test_row_order_and_tie_ends_change_nothing(net: Network, data: st.DataObject) -> None:
    ties = net.ties.sample(frac=1, random_state=1)
    if not net.directed:
        turn = np.array([data.draw(st.booleans()) for _ in range(len(ties))])
        source = ties["source"].to_numpy(dtype=object)
        target = ties["target"].to_numpy(dtype=object)
        ties = ties.assign(source=np.where(turn, target, source), target=np.where(turn, source, target))
    other = net.replace(ties=ties)
    for index in [*NETWORK_INDICES, *GROUP_INDICES, silo, diversity]:
        assert_same(index(net, by="sector"), index(other, by="sector"))
    assert_same(silo_test(net, by="sector")["zscore"], silo_test(other, by="sector")["zscore"])


@given(net=networks())
def test_names_and_order_of_groups_change_nothing(net: Network) -> None:
    renamed = net.replace(actors=net.actors.assign(sector=net.actors["sector"].map({"x": "c", "y": "b", "z": "a"})))
    for index in NETWORK_INDICES:
        assert_same(index(net, by="sector"), index(renamed, by="sector"))
    for index in GROUP_INDICES:
        back = index(renamed, by="sector").rename(index={"c": "x", "b": "y", "a": "z"}).sort_index()
        assert_same(index(net, by="sector"), back)


@given(net=networks(), factor=st.floats(0.01, 100))
def test_the_unit_of_weights_changes_nothing(net: Network, factor: float) -> None:
    scaled = net.replace(ties=net.ties.assign(weight=net.ties["weight"] * factor))
    for index in [*NETWORK_INDICES, *GROUP_INDICES, silo, diversity]:
        assert_same(index(net, by="sector"), index(scaled, by="sector"))
    assert_same(silo_test(net, by="sector")["zscore"], silo_test(scaled, by="sector")["zscore"])


@given(net=networks())
def test_bounds(net: Network) -> None:
    for index in (network_silo, modularity):
        assert -1 <= index(net, by="sector") <= 1
    for index in (freeman, assortativity, gupta_anderson_may):
        value = index(net, by="sector")
        assert np.isnan(value) or value <= 1 + 1e-12
    for index in (silo, group_silo, segregation_matrix_index, coleman):
        values = index(net, by="sector").dropna()
        assert values.between(-1 - 1e-12, 1 + 1e-12).all()
    rescaled = network_silo(net, by="sector", weight=None, rescaled=True)
    assert np.isnan(rescaled) or -1 - 1e-12 <= rescaled <= 1 + 1e-12
    assert diversity(net, by="sector").dropna().between(0, 1).all()


@given(net=networks())
def test_the_network_index_is_the_weighted_mean_of_its_actors(net: Network) -> None:
    view = net._view()
    source, target, weight = view.arcs
    strength = np.bincount(source, weight, view.n) + np.bincount(target, weight, view.n)
    found = silo(net, by="sector").fillna(0).to_numpy()
    assert found @ strength / strength.sum() == pytest.approx(network_silo(net, by="sector"))


@given(net=networks())
def test_an_isolate_leaves_what_depends_on_ties_only(net: Network) -> None:
    more = pd.concat([net.actors, pd.DataFrame({"sector": ["x"]}, index=pd.Index(["isolate"], name="actor"))])
    other = net.replace(actors=more.reset_index())
    for index in (network_silo, assortativity, modularity):
        assert_same(index(net, by="sector"), index(other, by="sector"))


@given(net=networks())
def test_more_ties_inside_never_lower_the_silo_nor_more_across_raise_it(net: Network) -> None:
    groups = net.actors["sector"]
    pairs = [(a, b) for a in groups.index for b in groups.index if a < b][:4]
    before = network_silo(net, by="sector")
    for pair in pairs:
        row = pd.DataFrame({"source": [pair[0]], "target": [pair[1]], "weight": [1.0], "layer": ["tie"]})
        after = network_silo(net.replace(ties=pd.concat([net.ties, row])), by="sector")
        same = groups[pair[0]] == groups[pair[1]]
        assert after >= before - 1e-12 if same else after <= before + 1e-12


@given(net=networks(directed=False))
def test_duplicating_the_network_keeps_what_depends_on_shares(net: Network) -> None:
    twin = net.actors.rename(index=lambda name: f"{name}'")
    ties = net.ties.assign(source=net.ties["source"] + "'", target=net.ties["target"] + "'")
    double = net.replace(
        actors=pd.concat([net.actors, twin]).reset_index(), ties=pd.concat([net.ties, ties], ignore_index=True)
    )
    for index in (network_silo, assortativity, gupta_anderson_may, modularity):
        assert_same(index(net, by="sector"), index(double, by="sector"))


@given(net=networks(directed=False))
def test_undirected_ties_are_read_as_mutual_directed_ones(net: Network) -> None:
    back = net.ties.rename(columns={"source": "target", "target": "source"})
    ties = pd.concat([net.ties, back[net.ties.columns]], ignore_index=True)
    mutual = Network(ties, actors=net.actors.reset_index(), directed=True)
    for index in [*NETWORK_INDICES, coleman, segregation_matrix_index, conductance, silo]:
        assert_same(index(net, by="sector"), index(mutual, by="sector"))
    for how in ("weak", "max", "mean"):
        weight = None if how == "weak" else "weight"
        assert network_silo(mutual, by="sector", weight=weight, symmetrize=how) == pytest.approx(
            network_silo(net, by="sector", weight=weight)
        )


@given(net=networks())
def test_contributions_always_add_up(net: Network) -> None:
    layers = [f"layer{k % 3}" for k in range(len(net.ties))]
    split = Network(net.ties.assign(layer=layers), actors=net.actors.reset_index(), directed=net.directed)
    parts = silo_contributions(split, by="sector")
    assert parts["contribution"].sum() == pytest.approx(network_silo(net, by="sector"))
    assert parts["share"].sum() == pytest.approx(1)
