"""Null models: what they keep, what they move, and that every network is equally likely."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from reseau_territorial.network import Network
from reseau_territorial.nulls import rewire, shuffle_groups
from reseau_territorial.nulls.rewiring import pairs_of, rewirings


def degrees(net: Network) -> pd.Series:
    """Number of partners of each actor in each layer, parallel ties counted once."""
    ties = net.ties[net.ties["status"] == "present"]
    low, high = ties[["source", "target"]].min(axis=1), ties[["source", "target"]].max(axis=1)
    directed = ties["layer"].map(net.layers["directed"])
    one, other = low.where(~directed, ties["source"]), high.where(~directed, ties["target"])
    pairs = pd.DataFrame({"one": one, "other": other, "layer": ties["layer"]}).drop_duplicates()
    ends = pd.concat([pairs[[end, "layer"]].set_axis(["actor", "layer"], axis=1) for end in ("one", "other")])
    return ends.value_counts().sort_index()


@pytest.fixture
def net() -> Network:
    rng = np.random.default_rng(0)
    pairs = np.unique(rng.integers(0, 15, size=(60, 2)), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    names = np.array([f"a{k:02d}" for k in range(16)])
    ties = pd.DataFrame({"source": names[pairs[:, 0]], "target": names[pairs[:, 1]]})
    ties["layer"] = np.where(np.arange(len(ties)) % 2, "masks", "funding")
    ties["weight"] = np.arange(1.0, len(ties) + 1)
    layers = pd.DataFrame({"layer": ["funding"], "directed": [True]})
    actors = pd.DataFrame({"actor": names, "sector": ["x", "y"] * 8})
    return Network(ties, actors=actors, layers=layers)


def test_rewiring_keeps_degrees_layers_and_weights(net: Network) -> None:
    other = rewire(net)
    pd.testing.assert_series_equal(degrees(net), degrees(other))
    pd.testing.assert_frame_equal(net.ties[["layer", "weight"]], other.ties[["layer", "weight"]])
    ties = other.ties
    assert (ties["source"] != ties["target"]).all()
    directed = ties[ties["layer"] == "funding"]
    before = net.ties[net.ties["layer"] == "funding"]
    assert directed["source"].value_counts().to_dict() == before["source"].value_counts().to_dict()
    assert not directed.duplicated(["source", "target"]).any()
    masks = ties.loc[ties["layer"] == "masks", ["source", "target"]].to_numpy()
    found = Counter(tuple(sorted(pair)) for pair in masks)
    known = Counter(
        tuple(sorted(pair)) for pair in net.ties.loc[net.ties["layer"] == "masks", ["source", "target"]].to_numpy()
    )
    assert sorted(found.values()) == sorted(known.values())  # parallel ties move together, no pair is tied twice anew
    assert not net.ties[["source", "target"]].equals(ties[["source", "target"]])


def test_rewiring_leaves_absent_ties_and_replays(net: Network) -> None:
    ties = net.ties.assign(status=["absent"] + ["present"] * (len(net.ties) - 1))
    holed = net.replace(ties=ties)
    other = rewire(holed)
    assert other.ties.loc[0, ["source", "target"]].to_list() == ties.loc[0, ["source", "target"]].to_list()
    assert other.equals(rewire(holed))
    assert not other.equals(rewire(holed, seed=5))


@pytest.mark.parametrize("directed", [True, False])
def test_every_network_of_the_same_degrees_is_equally_likely(directed: bool) -> None:
    """Four directed networks have the degrees of this one, a cycle of three among them; three undirected ones."""
    source = np.array([0, 1, 2, 0], dtype=np.int32)
    target = np.array([1, 2, 0, 3] if directed else [1, 2, 3, 3], dtype=np.int32)
    pairs = pairs_of(source, target, np.full(4, not directed), np.zeros(4, dtype=np.int64))
    draws = 3000
    found: Counter[frozenset[tuple[int, int]]] = Counter()
    for one, other in rewirings(pairs, 4, 4, np.random.default_rng(1), draws=draws, swaps=5):
        ends = zip(one.tolist(), other.tolist(), strict=True)
        found[frozenset(pair if directed else (min(pair), max(pair)) for pair in ends)] += 1
    expected = 4 if directed else 3
    assert len(found) == expected
    share = 1 / expected
    margin = 4.5 * np.sqrt(share * (1 - share) / draws)
    assert all(abs(count / draws - share) < margin for count in found.values())


def test_a_star_cannot_be_rewired_and_says_so() -> None:
    net = Network(pd.DataFrame({"source": ["hub"] * 4, "target": list("abcd")}))
    with pytest.warns(UserWarning, match="only 0 of 80 swaps"):
        other = rewire(net)
    assert degrees(other).equals(degrees(net))


def test_shuffled_groups_keep_their_sizes(net: Network) -> None:
    other = shuffle_groups(net, by="sector")
    assert sorted(other.actors["sector"]) == sorted(net.actors["sector"])
    assert (other.actors["sector"] != net.actors["sector"]).any()
    assert other.ties.equals(net.ties)
    half = net.replace(actors=net.actors.assign(half=[k // 8 for k in range(16)]))
    inside = shuffle_groups(half, by="sector", within="half").actors
    assert (inside["sector"] == "x").groupby(inside["half"]).sum().to_list() == [4, 4]
