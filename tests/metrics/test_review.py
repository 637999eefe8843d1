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
