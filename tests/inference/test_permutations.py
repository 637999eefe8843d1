"""Permutation tests: against full enumeration, closed forms, and what a p-value must be."""

from __future__ import annotations

import math
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau_territorial.errors import ReseauError, UnknownNameError
from reseau_territorial.inference import permutation_test, silo_table
from reseau_territorial.inference.results import PermutationResult, pvalue_of
from reseau_territorial.metrics.cuts import modularity
from reseau_territorial.metrics.expected import silo_test
from reseau_territorial.metrics.segregation import assortativity, freeman, gupta_anderson_may, odds_ratio_within
from reseau_territorial.metrics.silos import network_silo
from reseau_territorial.network import Network
from reseau_territorial.nulls.labels import LabelNull, tables_of

FAST = [network_silo, freeman, assortativity, gupta_anderson_may, odds_ratio_within, modularity]


def random_net(seed: int, *, size: int = 12, directed: bool = False) -> Network:
    rng = np.random.default_rng(seed)
    pairs = rng.integers(0, size, size=(3 * size, 2))
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    names = [f"a{k:02d}" for k in range(size)]
    ties = pd.DataFrame({"source": [names[i] for i, _ in pairs], "target": [names[j] for _, j in pairs]})
    ties["weight"] = rng.integers(1, 4, size=len(ties)).astype(float)
    ties["layer"] = rng.choice(["masks", "funding"], size=len(ties))
    sector = rng.choice(["public", "civil", "private"], size=size)
    actors = pd.DataFrame({"actor": names, "sector": sector, "place": rng.choice(["north", "south"], size=size)})
    return Network(ties, actors=actors, directed=directed)


def test_few_arrangements_are_all_visited_once() -> None:
    ties = pd.DataFrame({"source": list("aab"), "target": list("bcd")})
    actors = pd.DataFrame({"actor": list("abcde"), "sector": list("xxyyy")})
    net = Network(ties, actors=actors)
    result = permutation_test(net, network_silo, by="sector", alternative="greater")
    assert result.exact
    assert result.n_resamples == 10
    values = []
    for order in set(permutations("xxyyy")):
        group = dict(zip("abcde", order, strict=True))
        values.append(sum(1 if group[i] == group[j] else -1 for i, j in ["ab", "ac", "bd"]) / 3)
    assert sorted(result.null) == pytest.approx(sorted(values))
    assert result.pvalue == pytest.approx(np.mean(np.array(values) >= result.observed - 1e-12))
    assert result.mc_error == 0


@pytest.mark.parametrize("directed", [False, True])
def test_random_draws_agree_with_the_closed_form(directed: bool) -> None:
    net = random_net(1, directed=directed)
    result = permutation_test(net, network_silo, by="sector")
    row = silo_test(net, by="sector").loc["network_silo"]
    assert not result.exact
    assert result.observed == pytest.approx(row["observed"])
    assert result.expected == pytest.approx(row["expected"], abs=4 * row["sd"] / 100)
    assert result.sd == pytest.approx(row["sd"], rel=0.05)
    assert result.zscore == pytest.approx(row["zscore"], abs=0.15)


@pytest.mark.parametrize("statistic", FAST)
@pytest.mark.parametrize("options", [{}, {"symmetrize": "max"}])
@pytest.mark.parametrize("null", ["labels", "degree"])
def test_the_fast_way_is_the_slow_way(statistic: Any, options: dict[str, Any], null: Any) -> None:
    """A statistic computed from mixing tables equals the same one called on a network for each draw."""

    def slow(net: Network, *, by: str, **rest: Any) -> float:
        return float(statistic(net, by=by, **rest))

    net = random_net(2, directed=True)
    fast = permutation_test(net, statistic, by="sector", n_resamples=12, null=null, **options)
    other = permutation_test(net, slow, by="sector", n_resamples=12, null=null, **options)
    assert fast.observed == pytest.approx(other.observed)
    np.testing.assert_allclose(fast.null, other.null)


@pytest.mark.parametrize("null", ["labels", "degree"])
def test_counted_ties_the_fast_way(null: Any) -> None:
    net = random_net(3)
    fast = permutation_test(net, network_silo, by="sector", n_resamples=12, null=null, weight=None)
    slow = permutation_test(
        net, lambda one, by: network_silo(one, by=by, weight=None), by="sector", n_resamples=12, null=null
    )
    np.testing.assert_allclose(fast.null, slow.null)


def test_a_selection_is_the_test_of_the_selected_network() -> None:
    net = random_net(4)
    for statistic in (network_silo, lambda one, by: network_silo(one, by=by)):
        one = permutation_test(net, statistic, by="sector", layer="masks", n_resamples=50)
        other = permutation_test(net.select(layer="masks"), statistic, by="sector", n_resamples=50)
        np.testing.assert_allclose(one.null, other.null)


def test_groups_move_inside_strata_only() -> None:
    net = random_net(5)
    rng = np.random.default_rng(0)
    codes, _ = net._groups("sector")
    strata, _ = net._groups("place")
    model = LabelNull(codes, strata)
    for row in model.draw(rng, 20):
        for stratum in (0, 1):
            assert sorted(row[strata == stratum]) == sorted(codes[strata == stratum])
    result = permutation_test(net, network_silo, by="sector", within="place", n_resamples=99)
    assert result.null_model == "permute sector within place"
    with pytest.raises(ReseauError, match="within='place'"):
        permutation_test(net, network_silo, by="sector", within="place", null="degree")


def test_every_arrangement_within_strata() -> None:
    model = LabelNull(np.array([0, 1, 1, 0, 2], dtype=np.int32), np.array([0, 0, 1, 1, 1], dtype=np.int32))
    rows = model.every()
    assert model.arrangements == len(rows) == 12
    assert len({tuple(row) for row in rows}) == 12


def test_the_compiled_loop_adds_up_the_same_tables() -> None:
    from reseau_territorial.nulls._loops import add_up_tables

    rng = np.random.default_rng(0)
    codes = rng.integers(0, 3, size=(20, 10)).astype(np.int32)
    source, target = rng.integers(0, 10, size=(2, 30))
    weight = rng.random(30)
    tables = np.zeros((20, 3, 3))
    add_up_tables(codes, source, target, weight, tables)
    np.testing.assert_allclose(tables_of(codes, source, target, weight, 3, draws=20), tables)


def test_draws_do_not_depend_on_the_size_of_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    net = random_net(6)
    whole = permutation_test(net, network_silo, by="sector", n_resamples=100)
    monkeypatch.setattr("reseau_territorial.inference.permutations.CHUNK", 70)
    np.testing.assert_array_equal(permutation_test(net, network_silo, by="sector", n_resamples=100).null, whole.null)


def test_the_seed_replays_and_the_global_generator_is_left_alone() -> None:
    net = random_net(7)
    state = np.random.get_state()[1].copy()  # noqa: NPY002
    one = permutation_test(net, network_silo, by="sector", n_resamples=50, seed=3)
    np.testing.assert_array_equal(
        one.null, permutation_test(net, network_silo, by="sector", n_resamples=50, seed=3).null
    )
    assert (one.null != permutation_test(net, network_silo, by="sector", n_resamples=50, seed=4).null).any()
    assert (np.random.get_state()[1] == state).all()  # noqa: NPY002
    assert one.seed == 3


def result_of(observed: float, null: list[float], **options: Any) -> PermutationResult:
    return PermutationResult(
        statistic="s", observed=observed, null=np.array(null), null_model="permute sector", seed=1, **options
    )


def test_pvalue_by_hand() -> None:
    null = [0.1, 0.2, 0.3, 0.4]
    assert result_of(0.3, null, alternative="greater").pvalue == 3 / 5
    assert result_of(0.3, null, alternative="less").pvalue == 4 / 5
    assert result_of(0.5, null, alternative="greater").pvalue == 1 / 5  # never 0
    assert result_of(0.5, null).pvalue == 2 / 5
    assert result_of(0.3, null, exact=True, alternative="greater").pvalue == 2 / 4
    assert result_of(0.1 + 0.2, null, alternative="greater").pvalue == 3 / 5  # 0.30000000000000004 is a tie with 0.3
    assert result_of(0.4, [*null, math.nan], alternative="greater").pvalue == 2 / 5
    assert math.isnan(result_of(math.nan, null).pvalue)
    assert math.isnan(result_of(1.0, [1.0, 1.0]).zscore)


@given(null=st.lists(st.floats(-1, 1), min_size=1, max_size=30), observed=st.floats(-1, 1))
def test_pvalues_stay_in_bounds_and_mirror(null: list[float], observed: float) -> None:
    draws = np.array(null)
    high, _ = pvalue_of(draws, observed, "greater", exact=False)
    low, _ = pvalue_of(-draws, -observed, "less", exact=False)
    both, error = pvalue_of(draws, observed, "two-sided", exact=False)
    assert high == low
    assert 0 < high <= 1
    assert 0 < both <= 1
    assert error >= 0


@pytest.mark.slow
def test_pvalues_are_uniform_when_nothing_is_there() -> None:
    """Groups drawn at random: p below .05 in about 5 % of networks, never far from it."""
    found = []
    for seed in range(120):
        net = random_net(100 + seed, size=14)
        found.append(permutation_test(net, network_silo, by="sector", n_resamples=199).pvalue)
    assert np.mean(np.array(found) <= 0.05) < 0.12
    assert 0.35 < np.mean(found) < 0.75


def test_what_a_reader_sees() -> None:
    result = permutation_test(random_net(8), network_silo, by="sector", n_resamples=1999, lang="fr")
    text = str(result)
    assert text.startswith("indice de silo du réseau\u202f: ")
    assert "1\u202f999 tirages" in text
    assert "«\u202fsecteur\u202f» permuté" in text
    english = str(permutation_test(random_net(8), network_silo, by="sector", n_resamples=1999, lang="en"))
    assert "expected" in english
    assert "1,999 draws" in english
    assert '<table lang="fr">' in result._repr_html_()
    frame = result.to_frame()
    assert frame.index.to_list() == ["network_silo"]
    assert frame.loc["network_silo", "pvalue"] == result.pvalue
    assert result.interval[0] <= result.expected <= result.interval[1]


@pytest.mark.parametrize("wrong", [{"null": "label"}, {"alternative": "lesser"}, {"by": "secteur"}, {"layer": "mask"}])
def test_misspelt_choices(wrong: dict[str, Any]) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean"):
        permutation_test(random_net(9), network_silo, **({"by": "sector"} | wrong))


def test_a_statistic_must_be_a_number() -> None:
    with pytest.raises(ReseauError, match="must return a number"):
        permutation_test(random_net(9), lambda net, by: net.actors[by], by="sector")
    with pytest.raises(ReseauError, match="n_resamples"):
        permutation_test(random_net(9), network_silo, by="sector", n_resamples=0)


def test_missing_groups() -> None:
    net = random_net(10)
    sector = net.actors["sector"].astype(object)
    sector.iloc[0] = None
    holed = net.replace(actors=net.actors.assign(sector=sector))
    with pytest.raises(ReseauError, match="have no 'sector'"):
        permutation_test(holed, network_silo, by="sector")
    for statistic in (network_silo, lambda one, by: network_silo(one, by=by)):
        dropped = permutation_test(holed, statistic, by="sector", missing="drop", n_resamples=20)
        assert dropped.observed == pytest.approx(network_silo(holed, by="sector", missing="drop"))


def test_silo_table_agrees_with_each_test() -> None:
    net = random_net(11, directed=True)
    table = silo_table(net, by="sector", n_resamples=500)
    for statistic in FAST:
        row = table.loc[(statistic.__name__, "(network)")]
        one = permutation_test(net, statistic, by="sector", n_resamples=500)
        assert row["observed"] == pytest.approx(one.observed)
        assert row["pvalue"] == pytest.approx(one.pvalue)
    closed = silo_test(net, by="sector").loc["network_silo"]
    for name in ("network_silo", "freeman"):
        assert table.loc[(name, "(network)"), "zscore"] == pytest.approx(closed["zscore"])
        assert table.loc[(name, "(network)"), "method"] == "closed form"
    assert table.loc["coleman"].index.to_list() == ["civil", "private", "public"]
    per_layer = silo_table(net, by="sector", n_resamples=50, per="layer")
    assert per_layer.loc[("network_silo", "(network)", "masks"), "observed"] == pytest.approx(
        network_silo(net, by="sector", layer="masks")
    )
