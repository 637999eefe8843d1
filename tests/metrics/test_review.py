"""Cases found by reading the measures with fresh eyes."""

from __future__ import annotations

import pandas as pd
import pytest

import reseau_territorial as rt
from reseau_territorial import Network


def test_a_hub_that_ties_only_enter_is_still_needed() -> None:
    """No directed path passes the hub, but contacts are read both ways: without it nobody meets."""
    ties = pd.DataFrame({"source": list("abcd"), "target": ["hub"] * 4})
    actors = pd.DataFrame({"actor": ["hub", *"abcd"], "sector": ["public", "public", "public", "civil", "civil"]})
    directed = rt.facilitators(Network(ties, actors=actors, directed=True), by="sector", n_resamples=0)
    undirected = rt.facilitators(Network(ties, actors=actors), by="sector", n_resamples=0)
    assert directed.loc["hub", "loss"] == 1.0
    contacts = ["loss", "cross_betweenness", "group_pairs", "openness"]
    pd.testing.assert_frame_equal(directed.loc[undirected.index, contacts], undirected[contacts])


def test_measure_offers_only_what_is_indexed_by_actor() -> None:
    net = Network(pd.DataFrame({"source": ["a"], "target": ["b"]}))
    with pytest.raises(rt.UnknownNameError):
        rt.measure(net, ["degree", "communities"])


def mutual_and_one_way() -> Network:
    """One mutual pair inside x, one tie from x to y."""
    ties = pd.DataFrame({"source": ["a", "b", "a"], "target": ["b", "a", "c"], "weight": [3.0, 1.0, 2.0]})
    actors = pd.DataFrame({"actor": list("abc"), "sector": list("xxy")})
    return Network(ties, actors=actors, directed=True)


@pytest.mark.parametrize(
    ("how", "pairs", "weights"),
    [
        ("weak", (1, 1), (1, 1)),
        ("strong", (1, 0), (1, 0)),
        ("sum", (1, 1), (4, 2)),
        ("max", (1, 1), (3, 2)),
        ("mean", (1, 1), (2, 1)),
    ],
)
def test_tied_pairs_are_counted_whatever_becomes_of_their_weights(
    how: str, pairs: tuple[int, int], weights: tuple[float, float]
) -> None:
    table = rt.group_mixing(mutual_and_one_way(), by="sector", symmetrize=how)
    assert (table.loc[("x", "x"), "ties"], table.loc[("x", "y"), "ties"]) == pairs
    assert (table.loc[("x", "x"), "weight"], table.loc[("x", "y"), "weight"]) == weights


def test_two_directions_of_equal_weight_are_added_like_any_other() -> None:
    """Nothing changes when the last one-way tie goes: the sum of the other pairs stays the sum."""
    ties = pd.DataFrame({"source": ["a", "b"], "target": ["b", "a"], "weight": [3.0, 3.0]})
    actors = pd.DataFrame({"actor": list("ab"), "sector": list("xx")})
    mutual = Network(ties, actors=actors, directed=True)
    assert rt.group_mixing(mutual, by="sector", symmetrize="sum").loc[("x", "x"), "weight"] == 6.0
    assert rt.group_mixing(mutual, by="sector", symmetrize="mean").loc[("x", "x"), "weight"] == 3.0
    undirected = Network(ties.iloc[:1], actors=actors)
    assert rt.group_mixing(undirected, by="sector", symmetrize="sum").loc[("x", "x"), "weight"] == 3.0
