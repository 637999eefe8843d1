"""Agreement with R sna and igraph on the seven emergency networks of Drabek et al. (1981)."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import reseau_territorial as rt
from reseau_territorial.metrics import bridging, centrality

SHARED = Path(os.environ.get("RESEAU_SHARED", Path(__file__).parents[2] / "../shared"))
FOLDER = SHARED / "data/study/drabek-emon"
NETWORKS = ("Cheyenne", "HurrFrederic", "LakePomona", "MtSi", "MtStHelens", "Texas", "Wichita")
ORACLES = pd.read_csv(
    Path(__file__).parents[1] / "reference/emon_oracles.csv", keep_default_na=False, na_values={"value": ["NaN", "NA"]}
)

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="the Drabek networks (GPL) are not shipped")


def emon(name: str, *, directed: bool = True) -> rt.Network:
    actors = pd.read_csv(FOLDER / f"{name}-nodes.csv", dtype={"id": str}).rename(columns={"id": "actor"})
    ties = pd.read_csv(FOLDER / f"{name}-edges.csv", dtype={"source": str, "target": str})
    return rt.Network(ties.rename(columns={"Frequency": "weight"}), actors=actors, directed=directed)


def oracle(name: str, metric: str) -> pd.Series:
    rows = ORACLES[(ORACLES["network"] == name) & (ORACLES["metric"] == metric)]
    return rows.set_index("actor")["value"]


DIRECTED: dict[str, Callable[[rt.Network], pd.Series]] = {
    "degree": centrality.degree,
    "in_degree": centrality.in_degree,
    "out_degree": centrality.out_degree,
    "strength": centrality.strength,
    "betweenness": lambda net: centrality.betweenness(net, weight=None),
    "betweenness_weighted": centrality.betweenness,
    "closeness_freeman": lambda net: centrality.closeness(net, weight=None, variant="freeman"),
    "closeness_reachable": lambda net: centrality.closeness(net, variant="reachable"),
    "closeness_reachable_in": lambda net: centrality.closeness(net, variant="reachable", direction="in", weight=None),
    "harmonic": centrality.harmonic,
    "pagerank": centrality.pagerank,
    "katz": lambda net: centrality.katz(net, alpha=0.04, weight=None),
    "coreness_all": centrality.coreness,
    "coreness_in": lambda net: centrality.coreness(net, direction="in"),
    "coreness_out": lambda net: centrality.coreness(net, direction="out"),
    "constraint": lambda net: bridging.constraint(net, weight=None),
    "constraint_weighted": bridging.constraint,
}
UNDIRECTED: dict[str, Callable[[rt.Network], pd.Series]] = {
    "betweenness_undirected": lambda net: centrality.betweenness(net, weight=None),
    "betweenness_weighted_undirected": centrality.betweenness,
    "evcent_undirected": lambda net: centrality.eigenvector(net, weight=None),
    "constraint_undirected": lambda net: bridging.constraint(net, weight=None),
    "articulation": lambda net: bridging.articulation_actors(net).astype(float),
}


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("metric", DIRECTED)
def test_directed_measures_equal_those_of_sna_and_igraph(name: str, metric: str) -> None:
    expected = oracle(name, metric)
    found = DIRECTED[metric](emon(name)).reindex(expected.index)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("metric", UNDIRECTED)
def test_undirected_measures_equal_those_of_sna_and_igraph(name: str, metric: str) -> None:
    expected = oracle(name, metric)
    found = UNDIRECTED[metric](emon(name, directed=False)).reindex(expected.index)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-6 if metric.startswith("evcent") else 1e-9)


@pytest.mark.parametrize("name", NETWORKS)
def test_brokerage_its_expectation_and_z_equal_those_of_sna(name: str) -> None:
    table = bridging.brokerage(emon(name), by="Sponsorship")
    for column in table.columns:
        expected = oracle(name, column)
        found = table[column].reindex(expected.index)
        usable = np.isfinite(expected) & np.isfinite(found)  # sna divides by 0 where a role is impossible
        assert usable.any()
        np.testing.assert_allclose(found[usable], expected[usable], rtol=1e-9, atol=1e-9, err_msg=column)


@pytest.mark.parametrize("name", NETWORKS)
def test_network_brokerage_has_the_counts_and_expectations_of_sna(name: str) -> None:
    table = bridging.network_brokerage(emon(name), by="Sponsorship")
    np.testing.assert_allclose(table["observed"], oracle(name, "network_raw").reindex(table.index), rtol=1e-12)
    np.testing.assert_allclose(table["expected"], oracle(name, "network_expected").reindex(table.index), rtol=1e-9)


def test_network_brokerage_does_not_copy_the_standard_deviation_of_sna() -> None:
    ours = bridging.network_brokerage(emon("Texas"), by="Sponsorship")["sd"]
    theirs = oracle("Texas", "network_sd_sna")
    # Exact values by enumeration of the pairs of triples; sna 2.7.1 has 27.8, 23.72 and 90.9.
    assert ours["gatekeeper"] == pytest.approx(23.6, abs=0.05)
    assert ours["coordinator"] == pytest.approx(23.37, abs=0.005)
    assert ours["total"] == pytest.approx(90.3, abs=0.05)
    assert theirs["gatekeeper"] == pytest.approx(27.8, abs=0.05)


@pytest.mark.parametrize("name", NETWORKS)
def test_centralization_equals_that_of_sna(name: str) -> None:
    directed, undirected = emon(name), emon(name, directed=False)
    found = {
        "centralization_degree": centrality.centralization(undirected),
        "centralization_degree_all": centrality.centralization(directed),
        "centralization_in": centrality.centralization(directed, direction="in"),
        "centralization_betweenness": centrality.centralization(directed, of="betweenness"),
        "centralization_betweenness_undirected": centrality.centralization(undirected, of="betweenness"),
        "centralization_closeness_undirected": centrality.centralization(undirected, of="closeness"),
    }
    for metric, value in found.items():
        assert value == pytest.approx(oracle(name, metric).iloc[0], rel=1e-9), metric
    assert bridging.tie_bridges(undirected)["bridge"].sum() == oracle(name, "bridges").iloc[0]
