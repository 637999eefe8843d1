"""Variants that other software computes under the same name, so that its figures can be found again (values of R)."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import reseau_territorial as rt


def tied(words: str, *, directed: bool, alone: str = "") -> rt.Network:
    names = sorted({letter for word in words.split() for letter in word} | set(alone))
    ties = pd.DataFrame([tuple(word) for word in words.split()], columns=["source", "target"])
    return rt.Network(ties, actors=pd.DataFrame({"actor": names}), directed=directed)


TRIANGLE_AND_TAIL = "ab bc ac cd"


def test_information_of_sna_counts_the_isolate_and_gives_it_nought() -> None:
    net = tied(TRIANGLE_AND_TAIL, directed=False, alone="e")
    found = rt.information(net, definition="sna").to_list()
    assert found == pytest.approx([1.4634146341463417, 1.4634146341463417, 1.9354838709677422, 0.9836065573770493, 0])
    published = rt.information(net)
    # By hand: resistances a-b 2/3, a-c 2/3, a-d 5/3; four actors in the piece.
    assert published["a"] == pytest.approx(4 / (2 / 3 + 2 / 3 + 5 / 3))
    assert math.isnan(published["e"])


def test_information_of_sna_is_the_published_one_when_connected_and_undefined_in_two_pieces() -> None:
    whole, apart = tied(TRIANGLE_AND_TAIL, directed=False), tied("ab cd", directed=False)
    np.testing.assert_allclose(rt.information(whole, definition="sna"), rt.information(whole), rtol=1e-12)
    assert rt.information(apart, definition="sna").isna().all()
    assert rt.information(apart).to_list() == [2, 2, 2, 2]


def test_load_of_sna_counts_the_ends_and_one_packet_to_oneself() -> None:
    net = tied(TRIANGLE_AND_TAIL, directed=False, alone="e")
    assert rt.load_betweenness(net, definition="sna").to_list() == pytest.approx([7, 7, 11, 7, 1])
    assert rt.load_betweenness(net).to_list() == pytest.approx([0, 0, 4, 0, 0])
    directed = tied(TRIANGLE_AND_TAIL, directed=True, alone="e")
    assert rt.load_betweenness(directed, definition="sna").to_list() == pytest.approx([4, 4, 6, 4, 1])


def test_lubness_of_sna_wants_the_greatest_bound() -> None:
    net = tied("ac bc cd ce", directed=True)
    assert rt.krackhardt(net, definition="sna").loc["lubness", "value"] == pytest.approx(1 / 3)
    assert rt.krackhardt(net).loc["lubness", "value"] == pytest.approx(5 / 6)
    others = ["connectedness", "hierarchy", "efficiency"]
    assert rt.krackhardt(net, definition="sna").loc[others].equals(rt.krackhardt(net).loc[others])


@pytest.mark.parametrize("name", ["information", "load_betweenness", "krackhardt"])
def test_an_unknown_definition_offers_the_nearest(name: str) -> None:
    with pytest.raises(rt.UnknownNameError, match="published"):
        getattr(rt, name)(tied("ab", directed=True), definition="publishd")


def layers(first: str, second: str) -> rt.Network:
    rows = [(*word, name) for name, words in (("x", first), ("y", second)) for word in words.split()]
    return rt.Network(pd.DataFrame(rows, columns=["source", "target", "layer"]))


def test_jensen_shannon_in_bits_as_published_or_in_nats_as_muxviz() -> None:
    """One tie against a path of two: by hand, the spectra are (1), (3/4, 1/4) and, of their mean, (x, 1 - x)."""
    net = layers("ab", "ab bc")
    mean = (np.array([[1, -1, 0], [-1, 1, 0], [0, 0, 0]]) / 2 + np.array([[1, -1, 0], [-1, 2, -1], [0, -1, 1]]) / 4) / 2
    share = np.linalg.eigvalsh(mean)[1:]

    def entropy(shares: list[float]) -> float:
        return -sum(p * math.log(p) for p in shares if p > 0)

    nats = math.sqrt(entropy(share.tolist()) - (entropy([1.0]) + entropy([0.75, 0.25])) / 2)
    found = rt.layer_similarity(net, kind="jensen_shannon", base=math.e).loc["x", "y"]
    assert found == pytest.approx(nats, abs=1e-12)
    bits = rt.layer_similarity(net, kind="jensen_shannon").loc["x", "y"]
    assert bits == pytest.approx(nats / math.sqrt(math.log(2)))
    apart = layers("ab", "cd")
    assert rt.layer_similarity(apart, kind="jensen_shannon").loc["x", "y"] == pytest.approx(1)


def test_reducibility_in_another_base_changes_heights_only() -> None:
    net = layers("ab cd", "ab bc")
    bits, nats = rt.reducibility(net), rt.reducibility(net, base=math.e)
    assert nats["quality"].to_numpy() == pytest.approx(bits["quality"].to_numpy())
    assert nats["distance"].to_numpy() == pytest.approx(
        bits["distance"].to_numpy() * math.sqrt(math.log(2)), nan_ok=True
    )
    with pytest.raises(rt.ReseauError, match=r"math\.e"):
        rt.reducibility(net, base=1)
