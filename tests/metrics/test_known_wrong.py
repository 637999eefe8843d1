"""Every trap of docs/metrics/disagreements.md, on the smallest network that shows it: the right value, and a peer's.

NetworkX and igraph are run; what other packages give was noted from the version named, or is computed in their way.
"""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import reseau_territorial as rt
from reseau_territorial.metrics._indices import Mixing, gupta_anderson_may_index, segregation_matrix


def tied(words: str, *, directed: bool = False, weights: list[float] | None = None, alone: str = "") -> rt.Network:
    names = sorted({letter for word in words.split() for letter in word} | set(alone))
    ties = pd.DataFrame([tuple(word) for word in words.split()], columns=["source", "target"])
    ties = ties.assign(weight=[1.0] * len(ties) if weights is None else weights)
    return rt.Network(ties, actors=pd.DataFrame({"actor": names}), directed=directed)


def graph(words: str, *, directed: bool = False, weights: list[float] | None = None) -> nx.Graph:
    made = nx.DiGraph() if directed else nx.Graph()
    weights = [1.0] * len(words.split()) if weights is None else weights
    for (one, other), weight in zip(words.split(), weights, strict=True):
        made.add_edge(one, other, weight=weight, length=1 / weight)
    return made


def test_betweenness_when_two_ways_are_equal_but_for_rounding() -> None:
    """From c to d: 1/2, or 1/3 + 1/6. Half of the pairs c-d and a-d go by b: 1. NetworkX sees one of the two ties."""
    words, weights = "bc ad cd bd ac", [3.0, 1.0, 2.0, 6.0, 4.0]
    assert rt.betweenness(tied(words, weights=weights)).to_dict() == pytest.approx({"a": 0, "b": 1, "c": 2, "d": 0})
    peer = nx.betweenness_centrality(graph(words, weights=weights), weight="length", normalized=False)
    assert float(peer["b"]) in (1.25, 1.0)  # 1 when it is mended


def test_strengths_taken_as_lengths() -> None:
    """A strong chain beside a weak tie: read as lengths, the weak tie is the short way."""
    words, weights = "ab bc ac", [5.0, 5.0, 1.0]
    assert rt.betweenness(tied(words, weights=weights))["b"] == 1
    assert nx.betweenness_centrality(graph(words, weights=weights), weight="weight", normalized=False)["b"] == 0


def test_effective_size_of_three_actors() -> None:
    """Burt's formula by hand: 7/6, 7/6, 1 for a <-> b, a -> c, b -> c; NetworkX has NaN for c, who only receives."""
    words = "ab ba ac bc"
    found = rt.effective_size(tied(words, directed=True))
    assert found.to_dict() == pytest.approx({"a": 7 / 6, "b": 7 / 6, "c": 1})
    assert rt.effective_size(tied("ab ac bc", weights=[1, 2, 1]))["a"] == pytest.approx(7 / 6)
    one_by_one = nx.effective_size(graph(words, directed=True), nodes=["a", "b", "c"])
    assert [one_by_one["a"], one_by_one["b"]] == pytest.approx([7 / 6, 7 / 6])
    assert math.isnan(one_by_one["c"])
    peer = nx.effective_size(graph("ab ac bc", weights=[1, 2, 1]), weight="weight")["a"]
    assert round(peer, 9) in (round(4 / 3, 9), round(7 / 6, 9))  # 7/6 when it is mended (pull request 8906)


def test_partners_who_are_not_tied_are_all_effective() -> None:
    """Ike of Krackhardt's kite, h - i - j: 2 (EasyGraph 1.6.3: 1); one partner is a hierarchy of 1 (EasyGraph: 0)."""
    path = tied("hi ij")
    assert rt.effective_size(path)["i"] == 2
    assert rt.hierarchy(path)["h"] == 1


def test_an_actor_that_only_receives_has_a_constraint() -> None:
    """NetworkX with `nodes=`, and EasyGraph, give NaN to who has no outgoing tie."""
    assert rt.constraint(tied("as bs", directed=True))["s"] == pytest.approx(1 / 2)
    assert math.isnan(nx.constraint(graph("as bs", directed=True), nodes=["s"])["s"])


def test_a_detached_pair_is_not_the_centre() -> None:
    """igraph divides by the actors reached: the pair e-f scores 1, and h, who reaches four others, less."""
    igraph = pytest.importorskip("igraph")
    words = "ha hb hc cd ef"
    net = tied(words)
    names = net.actors.index.to_list()
    made = igraph.Graph(n=len(names), edges=[tuple(map(names.index, word)) for word in words.split()])
    peer = dict(zip(names, made.closeness(), strict=True))
    assert peer["e"] == 1 > peer["h"]
    # By the formula: e reaches one of 6 others; h reaches a, b, c at 1 and d at 2.
    assert rt.closeness(net)[["e", "h"]].to_list() == pytest.approx([1 / 6, 4 / 5 * 4 / 6])
    assert rt.closeness(net, variant="reachable").to_dict() == pytest.approx(peer)


def test_closeness_says_which_way_it_looks() -> None:
    """a -> b -> c: outgoing from a; NetworkX measures incoming distances without saying so."""
    net, peer = tied("ab bc", directed=True), nx.closeness_centrality(graph("ab bc", directed=True))
    assert rt.closeness(net)["a"] == pytest.approx(2 / 3)
    assert rt.closeness(net, direction="in").to_dict() == pytest.approx(peer)
    assert peer["a"] == 0


def test_valente_and_fujimoto_count_a_tie_once() -> None:
    """A path a - b - c: without a-b, 5/6 of efficiency falls to 1/3: 1/2 (influenceR 0.1.5: 1/4)."""
    assert rt.valente_fujimoto(tied("ab bc"))["b"] == pytest.approx(5 / 6 - 1 / 3)


def test_who_lies_on_no_shortest_path_has_no_brokerage() -> None:
    """Everett and Valente's Table 1 has 0 where betweenness is 0; the published R code leaves (n - 1)/k."""
    assert rt.everett_valente(tied("ab bc"))["a"] == 0
    assert rt.everett_valente(tied("ab bc"))["b"] == pytest.approx((2 * 1 + 2) / 2)


def test_paths_are_shared_not_counted() -> None:
    """A square: from a to d by b or c, 1/2 each (networktools 1.6.0 counts 1 path for each)."""
    net = tied("ab ac bd cd")
    net = net.replace(actors=net.actors.assign(group=list("xyyz")).reset_index())
    assert rt.cross_betweenness(net, by="group")["b"] == pytest.approx(1 / 2)


def test_directed_indices_read_the_whole_table() -> None:
    """netseg 1.0-4 reads the upper triangle of a directed table, so that the order of the groups matters."""
    table = np.array([[40.0, 2.0], [5.0, 41.0]])
    sizes = np.array([13.0, 13.0])
    whole = gupta_anderson_may_index(Mixing(ties=table, sizes=sizes, directed=True))
    turned = gupta_anderson_may_index(Mixing(ties=table[::-1, ::-1], sizes=sizes, directed=True))
    assert whole == pytest.approx(40 / 42 + 41 / 46 - 1)
    assert turned == pytest.approx(whole)
    upper = np.triu(table)
    assert np.trace(upper / upper.sum(axis=1, keepdims=True)) - 1 == pytest.approx(0.952, abs=5e-4)  # as netseg prints
    # The second group is compared with its own outgoing ties, not with those of the first.
    inside, across = 41 / (13 * 12), 5 / (13 * 13)
    found = segregation_matrix(Mixing(ties=table, sizes=sizes, directed=True), direction="out")
    assert found[1] == pytest.approx((inside - across) / (inside + across))


def test_a_pvalue_is_never_nought() -> None:
    """Two closed groups: sna gives r / R, which is 0; of nine random deals and ours, the least is 1/10."""
    rows = [(f"a{i}", f"a{j}") for i in range(6) for j in range(i)] + [
        (f"b{i}", f"b{j}") for i in range(6) for j in range(i)
    ]
    actors = pd.DataFrame({"actor": [f"{g}{i}" for g in "ab" for i in range(6)], "group": ["a"] * 6 + ["b"] * 6})
    net = rt.Network(pd.DataFrame(rows, columns=["source", "target"]), actors=actors)
    found = rt.permutation_test(net, rt.network_silo, by="group", alternative="greater", n_resamples=9)
    assert found.pvalue == pytest.approx(1 / 10)


def layers(first: str, second: str) -> rt.Network:
    rows = [(*word, name) for name, words in (("x", first), ("y", second)) for word in words.split()]
    return rt.Network(pd.DataFrame(rows, columns=["source", "target", "layer"]))


def test_coverage_divides_by_the_layer_of_the_column() -> None:
    """x holds half of y's ties, y all of x's; uunet 2.2.1 returns the table the other way round."""
    found = rt.layer_similarity(layers("ab", "ab bc"), kind="coverage")
    assert found.loc["x", "y"] == pytest.approx(1 / 2)
    assert found.loc["y", "x"] == 1


def test_overlap_of_two_layers_counts_both() -> None:
    """Of the pairs ab, bc and cd, one is tied twice: 4/3 layers a pair (muxViz 3.1 divides by the first layer)."""
    found = rt.tie_overlap(layers("ab bc", "ab cd"))
    assert found.mean() == pytest.approx(4 / 3)
    assert rt.tie_overlap(layers("ab cd", "ab bc")).mean() == pytest.approx(4 / 3)


def test_a_triangle_within_one_layer_is_not_a_multilayer_one() -> None:
    """py3plex counts it; closed by the other layer it is one."""
    assert rt.multilayer_clustering(layers("ab bc ca", "de")).fillna(0).sum() == 0
    assert rt.multilayer_clustering(layers("ab bc", "ca")).loc["b"] == 1


def test_versatility_is_not_the_mean_of_layers() -> None:
    """a is the hub of x, and joins x and y; the mean of PageRanks (py3plex) puts the hub of y at the same height."""
    net = layers("ab ac ad ae", "ef eg eh")
    found = rt.versatility(net)
    mean = rt.pagerank(net, per="layer").groupby("actor").mean()
    assert found.idxmax() == "e"
    assert mean["e"] < mean["a"]


def test_modularity_counts_a_replica_with_itself() -> None:
    """One tie a-b in each of two layers, everybody in one group, coupling 1: by hand Q = (4 - 4 + 4)/8 = 1/2.

    Without the terms of a replica with itself (uunet 2.2.1) it would be higher by (4 x 1/2)/8.
    """
    net = layers("ab", "ab")
    net = net.replace(actors=net.actors.assign(group="g").reset_index())
    assert rt.multislice_modularity(net, by="group") == pytest.approx(1 / 2)
    own = 4 * (1 * 1 / 2) / 8
    assert rt.multislice_modularity(net, by="group") + own == pytest.approx(3 / 4)


def test_absent_from_a_layer_is_not_isolated_there() -> None:
    """c is not in x: degrees are compared over a and b; read as isolated, it would make a correlation of 1/2."""
    net = layers("ab", "ab ac")
    assert math.isnan(rt.layer_similarity(net, kind="pearson").loc["x", "y"])
    assert rt.layer_similarity(net, kind="pearson", actors="all").loc["x", "y"] == pytest.approx(
        np.corrcoef([1, 1, 0], [2, 1, 1])[0, 1]
    )
