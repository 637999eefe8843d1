"""Similarity of layers and reducibility: by hand, by plain loops, on published networks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from multilayer_cases import aucs, dense, florentine, network, networks, shuffled
from scipy import stats

from reseau_territorial import ReseauError, UnknownNameError
from reseau_territorial.metrics.similarity import layer_similarity, reducibility

KINDS = [
    "jaccard", "dice", "coverage", "hamming", "correlation", "pearson", "spearman", "kendall", "jensen_shannon",
]  # fmt: skip
# x: AB, AC, AD; y: AB (listed the other way round), BC. Present in x: ABCD, in y: ABC.
HAND = network([("A", "B", "x"), ("A", "C", "x"), ("A", "D", "x"), ("B", "A", "y"), ("C", "B", "y")])


def test_sets_of_ties_by_hand():
    assert layer_similarity(HAND).loc["x", "y"] == pytest.approx(1 / 4)
    assert layer_similarity(HAND, kind="dice").loc["x", "y"] == pytest.approx(2 / 5)
    coverage = layer_similarity(HAND, kind="coverage")
    # Share of the ties of y that are in x, and of the ties of x that are in y: the trap of a transposed table.
    assert coverage.loc["x", "y"] == pytest.approx(1 / 2)
    assert coverage.loc["y", "x"] == pytest.approx(1 / 3)
    # All six pairs: AC, AD, BC differ. Pairs of actors present in both (AB, AC, BC): AC and BC differ.
    assert layer_similarity(HAND, kind="hamming", actors="all").loc["x", "y"] == pytest.approx(3 / 6)
    assert layer_similarity(HAND, kind="hamming").loc["x", "y"] == pytest.approx(2 / 3)


def test_a_directed_layer_is_compared_in_both_directions():
    layers = pd.DataFrame({"layer": ["d", "u"], "directed": [True, False]})
    net = network([("A", "B", "d"), ("A", "B", "u")], layers=layers)
    assert layer_similarity(net, kind="coverage").loc["u", "d"] == 1.0
    assert layer_similarity(net, kind="coverage").loc["d", "u"] == 0.5


def test_an_empty_layer_is_undefined_or_zero():
    net = HAND.replace(layers=pd.DataFrame({"layer": ["x", "y", "z", "zz"]}))
    jaccard = layer_similarity(net)
    assert jaccard.loc["x", "z"] == 0
    assert np.isnan(jaccard.loc["z", "zz"])
    assert np.isnan(layer_similarity(net, kind="coverage").loc["x", "z"])
    assert layer_similarity(net, kind="coverage").loc["z", "x"] == 0
    assert np.isnan(layer_similarity(net, kind="jensen_shannon").loc["x", "z"])
    assert np.isnan(layer_similarity(net, kind="pearson", actors="all").loc["x", "z"])
    with pytest.raises(ReseauError, match="without ties has no spectrum: 'z', 'zz'"):
        reducibility(net)


def test_absent_is_not_isolated_in_degree_correlations():
    net = florentine(with_pucci=False)
    all_actors = layer_similarity(net, kind="pearson", actors="all").loc["business", "marriage"]
    common = layer_similarity(net, kind="pearson").loc["business", "marriage"]
    degrees = {layer: np.array([m.sum(axis=1) for m in [matrix]])[0] for layer, matrix in dense(net).items()}
    both = (degrees["business"] > 0) & (degrees["marriage"] > 0)
    assert all_actors == pytest.approx(0.236, abs=5e-4)
    assert common == pytest.approx(0.418, abs=5e-4)
    for kind, oracle in (("spearman", stats.spearmanr), ("kendall", stats.kendalltau)):
        expected = oracle(degrees["business"][both], degrees["marriage"][both]).statistic
        assert layer_similarity(net, kind=kind).loc["business", "marriage"] == pytest.approx(expected)


def test_florentine_correlation_is_that_of_the_qap_literature():
    # Marriage and business of the 16 families: r = 0.372 (Krackhardt's QAP on Padgett's data; sna::gcor).
    net = florentine()
    found = layer_similarity(net, kind="correlation", actors="all").loc["marriage", "business"]
    assert found == pytest.approx(0.3718679, abs=1e-6)


def vonneumann(matrix: np.ndarray) -> float:
    laplacian = np.diag(matrix.sum(axis=1)) - matrix
    values = np.linalg.eigvalsh(laplacian / np.trace(laplacian))
    values = values[values > 1e-12]
    return float(-(values * np.log2(values)).sum())


@given(net=networks(weighted=True))
def test_matrices_equal_plain_loops(net):
    matrices, weights = dense(net), dense(net, weighted=True)
    names = list(matrices)
    off = ~np.eye(len(net), dtype=bool)
    jaccard = layer_similarity(net)
    hamming = layer_similarity(net, kind="hamming", actors="all")
    correlation = layer_similarity(net, kind="correlation", actors="all", weight="weight")
    spectral = layer_similarity(net, kind="jensen_shannon", weight="weight")
    for a in names:
        for b in names:
            one, two = matrices[a][off] > 0, matrices[b][off] > 0
            shared, union = (one & two).sum(), (one | two).sum()
            assert jaccard.loc[a, b] == pytest.approx(shared / union if union else np.nan, nan_ok=True)
            assert hamming.loc[a, b] == pytest.approx((one != two).mean())
            x, y = weights[a][off], weights[b][off]
            expected = np.corrcoef(x, y)[0, 1] if np.ptp(x) and np.ptp(y) else np.nan
            assert correlation.loc[a, b] == pytest.approx(expected, nan_ok=True, abs=1e-9)
            js = spectral.loc[a, b]
            first, second = (weights[k] + (weights[k].T if net.layers.loc[k, "directed"] else 0) for k in (a, b))
            if first.any() and second.any():
                mixed = (first / first.sum() + second / second.sum()) / 2
                divergence = vonneumann(mixed) - (vonneumann(first) + vonneumann(second)) / 2
                assert js**2 == pytest.approx(max(divergence, 0.0), abs=1e-9)
            else:
                assert np.isnan(js)


@given(net=networks(weighted=True), seed=st.integers(0, 99), kind=st.sampled_from(KINDS))
def test_order_of_rows_ends_actors_and_layers_changes_nothing(net, seed, kind):
    one, two = layer_similarity(net, kind=kind), layer_similarity(shuffled(net, seed), kind=kind)
    pd.testing.assert_frame_equal(one, two.loc[one.index, one.columns])
    distance = kind in ("hamming", "jensen_shannon")
    defined = one.to_numpy()[np.isfinite(one.to_numpy())]
    assert (
        (defined >= (-1 if kind not in ("jaccard", "dice", "coverage") and not distance else 0)) & (defined <= 1)
    ).all()
    assert one.to_numpy().diagonal() == pytest.approx(
        np.where(np.isnan(one.to_numpy().diagonal()), np.nan, 0.0 if distance else 1.0), nan_ok=True
    )


def test_reducibility_merges_equal_layers_first():
    rows = [("A", "B", "x"), ("B", "C", "x"), ("A", "B", "y"), ("B", "C", "y"), ("C", "D", "z"), ("D", "A", "z")]
    frame = reducibility(network(rows))
    assert frame["merged"].to_list() == [(), ("x", "y"), ("z", "x", "y")]
    assert frame.loc[2, "distance"] == 0.0
    assert frame.loc[2, "partition"] == (("x", "y"), ("z",))
    assert frame.index.to_list() == [3, 2, 1]
    # q by the published formula, from dense spectra.
    matrices = dense(network(rows))
    whole = vonneumann(sum(matrices.values()))
    assert frame.loc[3, "quality"] == pytest.approx(1 - np.mean([vonneumann(m) for m in matrices.values()]) / whole)
    merged = [vonneumann(matrices["x"] + matrices["y"]), vonneumann(matrices["z"])]
    assert frame.loc[2, "quality"] == pytest.approx(1 - np.mean(merged) / whole)
    assert frame.loc[1, "quality"] == pytest.approx(0)


def test_reducibility_of_aucs_keeps_the_coauthors_apart():
    frame = reducibility(aucs(), weight=None)
    assert frame.loc[4, "merged"] == ("lunch", "work")
    assert frame["best"].sum() == 1
    assert frame.loc[frame["best"], "quality"].item() == frame["quality"].max()


def test_layers_that_are_one_tied_pair_have_no_quality():
    found = reducibility(network([("A", "B", "x"), ("B", "A", "y")]))
    assert found["quality"].isna().all()
    assert not found["best"].any()


def test_one_layer_and_unknown_kinds_are_refused():
    with pytest.raises(ReseauError, match="needs 2 of them"):
        layer_similarity(HAND, layer="x")
    with pytest.raises(ReseauError, match="needs 2 of them"):
        reducibility(HAND, layer=["x"])
    with pytest.raises(UnknownNameError, match="Did you mean 'jaccard'"):
        layer_similarity(HAND, kind="jacard")


def test_strengths_that_differ_by_rounding_share_a_rank():
    # a has 0.1 + 0.2 in one layer, b has 0.3: the same, though the sum is not 0.3 to the last bit.
    one = [("a", "c", "x", 0.1), ("a", "d", "x", 0.2), ("b", "e", "x", 0.3)]
    two = [("a", "b", "y", 1.0), ("c", "d", "y", 2.0), ("e", "c", "y", 1.0)]
    tied = [("a", "c", "x", 1.0), ("a", "d", "x", 2.0), ("b", "e", "x", 3.0)]
    for kind in ("spearman", "kendall"):
        rounded, exact = (
            layer_similarity(network(ties + two), kind=kind, weight="weight").loc["x", "y"] for ties in (one, tied)
        )
        assert rounded == pytest.approx(exact)
    flat = [
        ("a", "c", "x", 0.1),
        ("a", "c", "x", 0.2),
        ("b", "e", "x", 0.3),
        ("d", "f", "x", 0.3),
        ("f", "a", "y", 1.0),
    ]
    assert np.isnan(layer_similarity(network(flat), kind="pearson", actors="all", weight="weight").loc["x", "x"])
