"""Cliques and their overlap, spectral segregation of groups, chance of a core: by hand and from the definitions."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from path_cases import Floats, matrices, network

import reseau_territorial as rt
from reseau_territorial.metrics import cliques


def tied(words: str, **columns: list[str]) -> rt.Network:
    names = sorted({letter for word in words.split() for letter in word})
    ties = pd.DataFrame([tuple(word) for word in words.split()], columns=["source", "target"])
    return rt.Network(ties, actors=pd.DataFrame({"actor": names, **columns}))


def test_clique_overlap_by_hand() -> None:
    """Two triangles with a common side, and a pendant: a and c meet in both."""
    found = rt.clique_overlap(tied("ab bc ca cd da de"))
    assert found["cliques"].to_dict() == {"a": 2, "b": 1, "c": 2, "d": 1, "e": 0}
    assert found["members"].to_dict() == {"a": 3, "b": 2, "c": 3, "d": 2, "e": 0}
    assert found["overlap"].to_dict() == pytest.approx(
        {"a": 4 / 3, "b": 1, "c": 4 / 3, "d": 1, "e": math.nan}, nan_ok=True
    )
    assert rt.clique_overlap(tied("ab bc ca cd da de"), smallest=2).loc["e", "cliques"] == 1


@given(matrix=matrices(directed=False, largest=4))
def test_cliques_are_those_of_the_definition(matrix: Floats) -> None:
    n, ties = len(matrix), matrix > 0
    full = [
        set(some)
        for size in range(1, n + 1)
        for some in itertools.combinations(range(n), size)
        if all(ties[i, j] for i, j in itertools.combinations(some, 2))
    ]
    maximal = [one for one in full if len(one) > 2 and not any(one < other for other in full)]
    expected = [sum(actor in one for one in maximal) for actor in range(n)]
    assert rt.clique_overlap(network(matrix, directed=False))["cliques"].to_list() == expected


def test_too_many_cliques_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cliques, "MOST", 1)
    net = tied("ab bc ca cd da")
    with pytest.raises(rt.ReseauError, match="more than 1 cliques"):
        rt.clique_overlap(net)
    assert rt.broker_profile(net)[["cliques", "clique_overlap"]].isna().all(axis=None)
    with pytest.raises(rt.ReseauError, match="size of a clique"):
        rt.clique_overlap(net, smallest=1)


def test_broker_profile_has_density_and_cliques() -> None:
    profile = rt.broker_profile(tied("xa xb xc ab"))
    assert profile.loc["x", ["density", "cliques", "clique_overlap"]].to_list() == pytest.approx([1 / 3, 1, 1])
    assert profile.loc["c", "cliques"] == 0
    assert math.isnan(profile.loc["c", "density"])


def test_spectral_segregation_of_groups_is_the_mean_of_their_members() -> None:
    """The closed pair has 1; of the path a - b - c, the pair a, b has the root of 1/2, by hand."""
    net = tied("ab bc de", sector=["x", "x", "y", "z", "z"])
    found = rt.group_spectral_segregation(net, by="sector")
    assert found["spectral_segregation"].to_dict() == pytest.approx({"x": math.sqrt(1 / 2), "y": 0, "z": 1})
    assert found["actors"].to_list() == [2, 1, 2]
    one = rt.spectral_segregation(net, by="sector")
    assert found.attrs["network"] == pytest.approx(one.mean())
    np.testing.assert_allclose(found["spectral_segregation"], one.groupby(net.actors["sector"]).mean())
    with pytest.raises(rt.ReseauError, match="undirected ties"):
        rt.group_spectral_segregation(rt.Network(net.ties, actors=net.actors.reset_index(), directed=True), by="sector")


def test_a_star_is_a_core_by_chance_as_often_as_a_star_is_drawn() -> None:
    """Of the 210 networks of five actors and four ties, five are stars, and only stars fit perfectly."""
    found = rt.core_periphery(tied("ab ac ad ae"), n_resamples=1999)
    assert found.attrs["correlation"] == pytest.approx(1)
    assert found.attrs["pvalue"] == pytest.approx(5 / 210, abs=0.012)
    again = rt.core_periphery(tied("ab ac ad ae"), n_resamples=1999)
    assert again.attrs == found.attrs
    assert "pvalue" not in rt.core_periphery(tied("ab ac ad ae")).attrs


def test_a_ring_is_no_core() -> None:
    net = tied("ab bc cd de ef fg gh ha")
    found = rt.core_periphery(net, n_resamples=99)
    assert found.attrs["pvalue"] > 0.5
    full = rt.core_periphery(tied("ab bc ca"), n_resamples=9)
    assert math.isnan(full.attrs["pvalue"])
