"""Bootstrap, comparison of layers and of periods."""

from __future__ import annotations

import os
from itertools import permutations
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from reseau_territorial.errors import ReseauError, UnknownNameError
from reseau_territorial.inference import bootstrap, compare_periods, mrqap, permutation_test, qap
from reseau_territorial.inference._resamples import Resampler
from reseau_territorial.metrics.change import turnover
from reseau_territorial.metrics.segregation import assortativity
from reseau_territorial.metrics.silos import network_silo
from reseau_territorial.network import Network

SHARED = Path(os.environ.get("RESEAU_SHARED", Path(__file__).parents[2] / "../shared/data")) / "study"


def density(net: Network) -> float:
    """Tied pairs over all pairs."""
    view = net._view(weight=None)
    return float(view.undirected_binary.nnz) / (view.n * (view.n - 1))


def from_pairs(pairs: np.ndarray, size: int, **columns: object) -> Network:
    names = np.array([f"a{k:03d}" for k in range(size)])
    ties = pd.DataFrame({"source": names[pairs[:, 0]], "target": names[pairs[:, 1]]})
    return Network(ties, actors=pd.DataFrame({"actor": names, **columns}))


def test_standard_error_of_the_density_of_the_karate_club() -> None:
    """Density .139 with a standard error of .041 (vertex bootstrap of Snijders & Borgatti)."""
    graph = nx.karate_club_graph()
    result = bootstrap(from_pairs(np.array(graph.edges()), 34), density, n_resamples=400)
    assert result.observed == pytest.approx(0.139, abs=5e-4)
    assert result.standard_error == pytest.approx(0.041, abs=0.004)
    low, high = result.interval
    assert (low + high) / 2 == pytest.approx(result.observed)
    assert high - low == pytest.approx(2 * 1.959964 * result.standard_error)


@pytest.mark.skipif(not SHARED.exists(), reason="study data under the GPL are read where they stand, not bundled")
def test_standard_error_of_the_density_of_texas() -> None:
    ties = pd.read_csv(SHARED / "drabek-emon/Texas-edges.csv")[["source", "target"]]
    result = bootstrap(Network(ties), density, n_resamples=400)
    assert result.observed == pytest.approx(0.43, abs=5e-3)
    assert result.standard_error == pytest.approx(0.070, abs=0.007)


def test_a_resampled_network_by_hand() -> None:
    """Actors b, b, c of a path a-b-c: each copy of b is tied to c, the two copies like a random pair."""
    net = Network(pd.DataFrame({"source": list("ab"), "target": list("bc"), "weight": [2.0, 5.0]}))
    make = Resampler(net)
    rng = np.random.default_rng(0)
    twins = []
    for _ in range(300):
        drawn = make.network(np.array([1, 1, 2]), rng)
        assert drawn.actors.index.to_list() == ["b", "b #2", "c"]
        ties = {frozenset(pair[:2]): pair[2] for pair in drawn.ties[["source", "target", "weight"]].to_numpy()}
        assert ties[frozenset(["b", "c"])] == ties[frozenset(["b #2", "c"])] == 5.0
        twins.append(ties.get(frozenset(["b", "b #2"]), 0.0))
    assert set(twins) == {0.0, 2.0, 5.0}
    assert np.mean(np.array(twins) > 0) == pytest.approx(2 / 3, abs=0.1)


def test_resampled_networks_pass_the_checks_of_a_network() -> None:
    rng = np.random.default_rng(3)
    pairs = rng.integers(0, 12, size=(40, 2))
    net = from_pairs(pairs[pairs[:, 0] != pairs[:, 1]], 12, sector=list("xyz") * 4)
    drawn = Resampler(net).network(rng.integers(0, 12, size=12), rng)
    rebuilt = Network(drawn.ties, actors=drawn.actors.reset_index(), layers=drawn.layers.reset_index())
    assert rebuilt.equals(drawn)
    assert len(drawn) == 12


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("options", [{}, {"weight": None}, {"symmetrize": "weak"}])
def test_resampled_tables_are_those_of_resampled_networks(directed: bool, options: dict[str, Any]) -> None:
    rng = np.random.default_rng(3)
    pairs = rng.integers(0, 12, size=(40, 2))
    drawn = from_pairs(pairs[pairs[:, 0] != pairs[:, 1]], 12, sector=list("xyz") * 4)
    weight = rng.integers(1, 4, size=len(drawn.ties)).astype(float)
    net = Network(drawn.ties.assign(weight=weight), actors=drawn.actors.reset_index(), directed=directed)
    for statistic in (network_silo, assortativity):
        fast = bootstrap(net, statistic, by="sector", n_resamples=15, **options)

        def slow(one: Network, statistic: Any = statistic) -> float:
            return float(statistic(one, by="sector", **options))

        np.testing.assert_allclose(fast.replicates, bootstrap(net, slow, n_resamples=15).replicates)


def test_bootstrap_replays_and_prints() -> None:
    net = from_pairs(np.array(nx.karate_club_graph().edges()), 34)
    one = bootstrap(net, density, n_resamples=20, seed=2)
    np.testing.assert_array_equal(one.replicates, bootstrap(net, density, n_resamples=20, seed=2).replicates)
    assert "intervalle à 95\u00a0%" in str(one)
    assert "95% interval" in str(bootstrap(net, density, n_resamples=20, lang="en"))
    assert one.to_frame().loc["density", "observed"] == one.observed
    with pytest.raises(ReseauError, match="n_resamples"):
        bootstrap(net, density, n_resamples=1)


def layered(seed: int = 0) -> Network:
    """Crisis ties follow agreements (mostly) and the sector (a little), not competence."""
    rng = np.random.default_rng(seed)
    size = 24
    sector = np.repeat([0, 1], 12)
    rows = []
    for i in range(size):
        for j in range(i + 1, size):
            agreement, competence = rng.random() < 0.25, rng.random() < 0.25
            crisis = rng.random() < 0.1 + 0.5 * agreement + 0.1 * (sector[i] == sector[j])
            for layer, tied in (("agreement", agreement), ("competence", competence), ("crisis", crisis)):
                if tied:
                    rows.append((f"a{i:02d}", f"a{j:02d}", layer))
    actors = pd.DataFrame({"actor": [f"a{i:02d}" for i in range(size)], "sector": sector.astype(str)})
    return Network(pd.DataFrame(rows, columns=["source", "target", "layer"]), actors=actors)


def test_qap_is_a_correlation_over_pairs() -> None:
    net = layered()
    upper = np.triu_indices(24, k=1)
    one, two = (net._view(layer=name).binary.toarray()[upper] for name in ("crisis", "agreement"))
    result = qap(net, layer="crisis", other="agreement", n_resamples=499)
    assert result.observed == pytest.approx(np.corrcoef(one, two)[0, 1])
    assert result.pvalue == pytest.approx(2 / 500)
    assert result.expected == pytest.approx(0, abs=0.02)
    assert qap(net, layer="crisis", other="competence", n_resamples=499).pvalue > 0.05
    assert qap(net, layer="crisis", other="crisis", n_resamples=9).observed == pytest.approx(1)
    with pytest.raises(UnknownNameError, match="Did you mean 'crisis'"):
        qap(net, layer="crises", other="competence")


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("unknown", [False, True])
def test_qap_draws_from_every_order_of_the_actors(directed: bool, unknown: bool) -> None:
    """Five actors have 120 orders: the draws are the correlations of these, and no others."""
    rng = np.random.default_rng(4)
    names = list("abcde")
    rows = [(a, b, layer) for layer in "mf" for a in names for b in names if a < b and rng.random() < 0.6]
    ties = pd.DataFrame(rows, columns=["source", "target", "layer"]).assign(status="present")
    ties["weight"] = rng.integers(1, 4, len(ties)).astype(float)
    ties.loc[[0, len(ties) - 2], "status"] = "unknown" if unknown else "present"
    net = Network(ties, directed=directed)
    matrices = []
    for layer in "mf":
        matrix = np.zeros((5, 5))
        for a, b, status, weight in ties.loc[ties["layer"] == layer, ["source", "target", "status", "weight"]].values:
            ends = [(names.index(a), names.index(b)), (names.index(b), names.index(a))]
            for i, j in ends[: 1 if directed else 2]:
                matrix[i, j] = weight if status == "present" else np.nan
        matrices.append(matrix)
    pairs = np.nonzero(~np.eye(5, dtype=bool)) if directed else np.triu_indices(5, k=1)

    def correlation(order: tuple[int, ...]) -> float:
        both = np.stack([matrices[0][pairs], matrices[1][np.ix_(order, order)][pairs]])
        return float(np.corrcoef(both[:, ~np.isnan(both).any(axis=0)])[0, 1])

    possible = np.array([correlation(order) for order in permutations(range(5))])
    found = qap(net, layer="m", other="f", n_resamples=4000)
    assert found.observed == pytest.approx(possible[0])
    assert np.abs(found.null[:, None] - possible).min(axis=1).max() < 1e-9
    assert found.expected == pytest.approx(possible.mean(), abs=0.03)
    assert found.sd == pytest.approx(possible.std(), abs=0.03)


def test_qap_of_two_periods_is_the_correlation_of_turnover() -> None:
    rng = np.random.default_rng(5)
    rows = [
        (*rng.choice(list("abcdefgh"), 2, replace=False), period, rng.choice(["present", "absent", "unknown"]))
        for period in ("before", "crisis", "after")
        for _ in range(25)
    ]
    ties = pd.DataFrame(rows, columns=["source", "target", "period", "status"])
    seen = pd.DataFrame({"actor": list("abcdef"), "period": "crisis", "observed": True})
    for directed in (False, True):
        net = Network(ties, observation=seen, directed=directed)
        for before, after in (("before", "crisis"), ("crisis", "after"), ("before", "after")):
            found = qap(net, before=before, after=after, actors="all", weight=None, n_resamples=9)
            assert found.observed == pytest.approx(turnover(net, before=before, after=after)["correlation"].iloc[0])
            assert found.statistic == f"qap({before}, {after})"


def test_qap_compares_a_layer_with_another_later() -> None:
    ties = pd.DataFrame({"source": list("abcabc"), "target": list("bcdbcd"), "layer": list("mmmfff")})
    net = Network(ties.assign(period=["before"] * 3 + ["crisis"] * 3))
    found = qap(net, layer="m", other="f", before="before", after="crisis", n_resamples=99)
    assert (found.statistic, found.observed) == ("qap(m before, f crisis)", pytest.approx(1.0))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"layer": "m"}, "two layers or two periods"),
        ({"before": "before"}, "both before= and after="),
        ({"before": "before", "after": "crisis", "period": "crisis"}, "leave it out"),
        ({"before": "befor", "after": "crisis"}, "Did you mean 'before'"),
    ],
)
def test_qap_says_what_it_lacks(asked: dict[str, Any], told: str) -> None:
    ties = pd.DataFrame(
        {"source": list("abc"), "target": list("bcd"), "layer": "m", "period": ["before", "crisis", "crisis"]}
    )
    with pytest.raises(ReseauError, match=told):
        qap(Network(ties), **asked)


def test_mrqap_finds_what_was_planted() -> None:
    net = layered()
    found = mrqap(net, response="crisis", predictors=["agreement", "competence"], same=["sector"], n_resamples=499)
    upper = np.triu_indices(24, k=1)
    layers = {name: net._view(layer=name).binary.toarray()[upper] for name in ("crisis", "agreement", "competence")}
    codes, _ = net._groups("sector")
    design = np.column_stack(
        [np.ones(len(upper[0])), layers["agreement"], layers["competence"], (codes[:, None] == codes)[upper]]
    )
    expected, *_ = np.linalg.lstsq(design.astype(float), layers["crisis"], rcond=None)
    assert found.table["coefficient"].to_list() == pytest.approx(expected[1:].tolist())
    assert found.table.loc["agreement", "pvalue"] < 0.01
    assert found.table.loc["competence", "pvalue"] > 0.05
    assert found.pairs == 276
    assert 0 < found.r_squared < 1


def with_unknown_pairs(*, directed: bool, seed: int = 3) -> tuple[Network, dict[str, np.ndarray]]:
    """Three layers between six actors, and their matrices by hand, NaN where a row says unknown."""
    rng, names = np.random.default_rng(seed), list("abcdef")
    rows, matrices = [], {}
    for layer in "mfg":
        matrix = np.zeros((6, 6))
        for i in range(6):
            for j in range(6) if directed else range(i + 1, 6):
                if i != j and rng.random() < 0.7:
                    weight = float(rng.integers(1, 5))
                    status = "unknown" if rng.random() < 0.1 else "present"
                    rows.append((names[i], names[j], layer, weight, status))
                    matrix[i, j] = weight if status == "present" else np.nan
                    if not directed:
                        matrix[j, i] = matrix[i, j]
        matrices[layer] = matrix
    net = Network(pd.DataFrame(rows, columns=["source", "target", "layer", "weight", "status"]), directed=directed)
    return net, matrices


def t_by_hand(columns: list[np.ndarray], y: np.ndarray) -> tuple[float, int]:
    """t of the first column, from the textbook formula over the rows where all is known, and how many these are."""
    told = ~np.isnan(np.column_stack([*columns, y])).any(axis=1)
    design = np.column_stack([*columns, np.ones(len(y))])[told]
    inverse = np.linalg.inv(design.T @ design)
    slope = inverse @ design.T @ y[told]
    rest = y[told] - design @ slope
    return float(slope[0] / np.sqrt(rest @ rest / (len(rest) - design.shape[1]) * inverse[0, 0])), len(rest)


@pytest.mark.parametrize("directed", [False, True])
def test_mrqap_leaves_unknown_pairs_out_of_every_regression(directed: bool) -> None:
    """Over all orders of six actors: the residual moves with its unknown pairs, and each draw is one of them."""
    net, matrices = with_unknown_pairs(directed=directed)
    pairs = np.nonzero(~np.eye(6, dtype=bool)) if directed else np.triu_indices(6, k=1)
    y, f, g = (matrices[layer][pairs] for layer in "mfg")
    found = mrqap(net, response="m", predictors=["f", "g"], n_resamples=4000)
    for name, one, other in (("f", f, g), ("g", g, f)):
        observed, known = t_by_hand([one, other], y)
        assert found.table.loc[name, "statistic"] == pytest.approx(observed)
        assert found.pairs == known < len(y)
        told = ~np.isnan(y + one + other)
        base = np.column_stack([np.ones(known), other[told]])
        apart = np.full((6, 6), np.nan)
        ends = pairs[0][told], pairs[1][told]
        apart[ends] = one[told] - base @ np.linalg.lstsq(base, one[told], rcond=None)[0]
        if not directed:
            apart = np.fmax(apart, apart.T)  # NaN on one side only
        hidden = np.where(told, other, np.nan)
        possible = np.array(
            [t_by_hand([apart[np.ix_(order, order)][pairs], hidden], y)[0] for order in permutations(range(6))]
        )
        assert possible[0] == pytest.approx(observed)
        assert np.abs(found.null[name][:, None] - possible).min(axis=1).max() < 1e-8
        share = float((np.abs(possible) >= abs(observed) - 1e-9).mean())
        assert found.table.loc[name, "pvalue"] == pytest.approx(share, abs=0.04)


def test_mrqap_reads_nan_of_a_matrix_as_unknown() -> None:
    net = layered()
    names, there = net.actors.index, np.arange(24)
    distance = pd.DataFrame(np.abs(np.subtract.outer(there, there)).astype(float), index=names, columns=names)
    distance.iloc[3, 7] = distance.iloc[7, 3] = np.nan
    found = mrqap(net, response="crisis", predictors=["agreement"], matrices={"distance": distance}, n_resamples=9)
    assert found.pairs == 275
    assert np.isfinite(found.table.to_numpy()).all()


def test_mrqap_says_that_too_few_pairs_are_known() -> None:
    ties = pd.DataFrame({"source": list("aabaab"), "target": list("bccbcc"), "layer": list("mmmfff")})
    ties["status"] = ["present", "unknown", "present", "unknown", "present", "present"]
    with pytest.raises(ReseauError, match="of 3 pairs of actors, 1 are known"):
        mrqap(Network(ties), response="m", predictors=["f"])


def test_mrqap_prints_in_french_unless_asked() -> None:
    net = layered()
    found = mrqap(net, response="crisis", predictors=["agreement"], same=["sector"], n_resamples=1999)
    first, *rows = str(found).split("\n")
    assert " R² = 0," in first
    assert first.endswith("\u202f; 276 paires d’acteurs, 1\u202f999 permutations, graine 20200619")
    assert rows[-1].startswith("même secteur")
    assert "." not in "".join(rows)
    assert "même secteur" in found._repr_html_()
    english = str(mrqap(net, response="crisis", predictors=[], same=["sector"], n_resamples=99, lang="en"))
    assert "276 pairs, 99 permutations, seed 20200619" in english
    assert "same sector" in english


def test_mrqap_takes_a_matrix_and_refuses_a_useless_predictor() -> None:
    net = layered()
    distance = pd.DataFrame(
        np.abs(np.subtract.outer(np.arange(24), np.arange(24))), index=net.actors.index, columns=net.actors.index
    )
    found = mrqap(net, response="crisis", predictors=[], matrices={"distance": distance}, n_resamples=49)
    assert found.table.index.to_list() == ["distance"]
    with pytest.raises(ReseauError, match="follows from the others"):
        mrqap(net, response="crisis", predictors=["agreement"], matrices={"far": distance, "farther": 2 * distance})
    with pytest.raises(ReseauError, match="has no row or column"):
        mrqap(net, response="crisis", predictors=[], matrices={"distance": distance.iloc[1:]})
    with pytest.raises(ReseauError, match="nothing to explain"):
        mrqap(net, response="crisis", predictors=[])


def two_waves(*, inside: tuple[float, float], civil: tuple[int, int], seed: int = 0) -> Network:
    """Two periods: chance of a tie inside a sector and across it, number of civil actors present."""
    rng = np.random.default_rng(seed)
    rows = []
    for period, share, newcomers in (("before", inside[0], civil[0]), ("crisis", inside[1], civil[1])):
        present = [f"p{k:02d}" for k in range(15)] + [f"c{k:02d}" for k in range(newcomers)]
        for i, one in enumerate(present):
            for other in present[i + 1 :]:
                chance = share if one[0] == other[0] else 0.2
                if rng.random() < chance:
                    rows.append((one, other, period))
    ties = pd.DataFrame(rows, columns=["source", "target", "period"])
    names = sorted(set(ties["source"]) | set(ties["target"]))
    return Network(ties, actors=pd.DataFrame({"actor": names, "sector": [name[0] for name in names]}))


def test_newcomers_alone_change_composition_not_preference() -> None:
    net = two_waves(inside=(0.2, 0.2), civil=(2, 15))
    found = compare_periods(net, network_silo, by="sector", before="before", after="crisis", n_resamples=60)
    assert found.composition < -0.4
    assert abs(found.preference) < 0.2
    table = found.to_frame()
    assert table.loc["preference", "low"] < 0 < table.loc["preference", "high"]
    assert found.difference == pytest.approx(found.composition + found.preference)
    assert found.replicates["composition"].mean() < -0.2
    assert abs(found.replicates["preference"].mean()) < 0.2


def test_opening_alone_changes_preference_not_composition() -> None:
    net = two_waves(inside=(0.6, 0.1), civil=(15, 15))
    found = compare_periods(net, network_silo, by="sector", before="before", after="crisis", n_resamples=60)
    assert abs(found.composition) < 0.02
    assert found.preference < -0.5
    assert found.pvalue < 0.01
    assert found.interval[1] < 0


def test_no_change_raises_no_alarm() -> None:
    found = [
        compare_periods(
            two_waves(inside=(0.3, 0.3), civil=(12, 12), seed=seed),
            network_silo,
            by="sector",
            before="before",
            after="crisis",
            n_resamples=30,
        ).pvalue
        for seed in range(6)
    ]
    assert sum(pvalue < 0.05 for pvalue in found) <= 1


def test_other_statistics_are_split_by_permutation() -> None:
    net = two_waves(inside=(0.5, 0.2), civil=(12, 12))
    found = compare_periods(net, assortativity, by="sector", before="before", after="crisis", n_resamples=10)
    expected = permutation_test(net.select(period="before"), assortativity, by="sector", n_resamples=999).expected
    assert found.expected_before == pytest.approx(expected)
    assert np.isnan(found.to_frame().loc["preference", "low"])
    assert "assortativité\u202f: " in str(found)
    assert "(avant) puis" in str(found)
    assert "(pendant), soit" in str(found)
    assert "composition" in found._repr_html_()
    english = compare_periods(
        net, network_silo, by="sector", before="before", after="crisis", n_resamples=10, lang="en", layer="tie"
    )
    assert "preference" in str(english)
    with pytest.raises(UnknownNameError, match="Did you mean 'before'"):
        compare_periods(net, network_silo, by="sector", before="befor", after="crisis")


def test_a_misspelt_option_is_refused_by_name_wherever_it_would_be_passed_on() -> None:
    net = from_pairs(np.array([[0, 1], [1, 2], [2, 3]]), 4, sector=list("xxyy"))
    with pytest.raises(UnknownNameError, match=r"no option of permutation_test named 'n'. Known: .*'n_resamples'"):
        permutation_test(net, network_silo, by="sector", n=99)
    with pytest.raises(UnknownNameError, match=r"no option of bootstrap named 'wieght'. Did you mean 'weight'"):
        bootstrap(net, network_silo, by="sector", wieght=None)
    with pytest.raises(UnknownNameError, match=r"no option of permutation_test named 'weight'"):
        permutation_test(net, lambda net, by: float(len(net)), by="sector", weight=None)
