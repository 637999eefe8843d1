"""Silo and segregation indices against published figures and other libraries."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from reseau_territorial.inference import compare_nulls
from reseau_territorial.metrics._indices import (
    Mixing,
    assortativity_index,
    coleman_index,
    gupta_anderson_may_index,
    odds_ratio_index,
    segregation_matrix,
    silo_index,
)
from reseau_territorial.metrics.cuts import conductance, modularity
from reseau_territorial.metrics.expected import silo_test
from reseau_territorial.metrics.segregation import assortativity, freeman, gupta_anderson_may
from reseau_territorial.metrics.silos import network_silo
from reseau_territorial.metrics.spectral_silos import spectral_segregation
from reseau_territorial.network import Network

SHARED = Path(os.environ.get("RESEAU_SHARED", Path(__file__).parents[2] / "../shared/data")) / "study"
needs_shared = pytest.mark.skipif(
    not SHARED.exists(), reason="study data under the GPL are read where they stand, not bundled"
)


def drabek(name: str) -> Network:
    folder = SHARED / "drabek-emon"
    ties = pd.read_csv(folder / f"{name}-edges.csv")[["source", "target"]]
    actors = pd.read_csv(folder / f"{name}-nodes.csv").rename(columns={"id": "actor"})
    return Network(ties, actors=actors[["actor", "Sponsorship"]])


@needs_shared
@pytest.mark.parametrize(
    ("name", "index", "expected", "zscore"),
    [
        ("Cheyenne", 0.729, 0.714, 0.28),
        ("HurrFrederic", 0.400, 0.533, -1.65),
        ("LakePomona", 0.679, 0.653, 0.64),
        ("MtSi", 0.100, 0.359, -1.07),
        ("MtStHelens", 0.537, 0.533, 0.05),
        ("Texas", 0.318, 0.353, -0.45),
        ("Wichita", 0.514, 0.653, -3.46),
    ],
)
def test_emergency_networks_of_drabek(name: str, index: float, expected: float, zscore: float) -> None:
    """E-I index (minus ours) by sponsorship, and its exact z: only Wichita differs from chance."""
    row = silo_test(drabek(name), by="Sponsorship", weight=None).loc["network_silo"]
    assert -row["observed"] == pytest.approx(index, abs=5e-4)
    assert -row["expected"] == pytest.approx(expected, abs=5e-4)
    assert -row["zscore"] == pytest.approx(zscore, abs=5e-3)


@needs_shared
def test_directed_and_undirected_readings_of_texas_differ() -> None:
    net = drabek("Texas")
    directed = Network(net.ties, actors=net.actors.reset_index(), directed=True)
    assert -network_silo(directed, by="Sponsorship", weight=None) == pytest.approx(0.269, abs=5e-4)
    assert network_silo(directed, by="Sponsorship", symmetrize="weak") == network_silo(
        net, by="Sponsorship", weight=None
    )


@needs_shared
def test_texas_is_judged_differently_by_the_two_nulls() -> None:
    """E-I .318: expected .353 (p .36) when groups are dealt out, .397 (p .059) when ties are rewired."""
    found = compare_nulls(drabek("Texas"), network_silo, by="Sponsorship", weight=None, alternative="greater")
    assert -found["expected"].to_numpy() == pytest.approx([0.353, 0.397], abs=0.01)
    assert found["pvalue"].to_list() == pytest.approx([0.36, 0.059], abs=0.04)


@needs_shared
def test_health_agencies_open_out_at_low_levels_and_close_at_high_ones() -> None:
    """E-I index by level of collaboration among 54 leaders of 11 agencies (Luke 2015)."""
    folder = SHARED / "dhhs-interagency"
    ties = pd.read_csv(folder / "edges.csv").rename(columns={"collab": "level"})
    actors = pd.read_csv(folder / "nodes.csv").rename(columns={"id": "actor"})
    found = network_silo(Network(ties, actors=actors), by="agency", per="level")
    assert isinstance(found, pd.Series)
    assert (-found).round(3).to_dict() == {1: 0.485, 2: 0.423, 3: 0.128, 4: -0.443}


def test_newman_2003_couples_of_catania() -> None:
    """Table I of Newman (2003): couples by ethnicity, men in rows; r = 0.621."""
    couples = np.array([[506, 32, 69, 26], [23, 308, 114, 38], [26, 46, 599, 68], [10, 14, 47, 32]], dtype=float)
    table = Mixing(ties=couples, sizes=couples.sum(axis=1), directed=True)
    assert assortativity_index(table) == pytest.approx(0.621, abs=5e-4)


def test_coleman_1958_exact_where_he_printed_an_approximation() -> None:
    """60 boys and 40 girls; he printed .375 and .167 with n_g/n where the exact chance is (n_g - 1)/(n - 1)."""
    table = Mixing(ties=np.array([[45.0, 15.0], [20.0, 20.0]]), sizes=np.array([60.0, 40.0]), directed=True)
    assert coleman_index(table) == pytest.approx([0.38125, 0.175])
    share = np.array([0.6, 0.4])
    printed = (np.array([45, 20]) - share * [60, 40]) / (np.array([60, 40]) * (1 - share))
    assert printed.round(3).tolist() == [0.375, 0.167]


def test_classroom_of_26_pupils() -> None:
    """Figures printed by netseg for a directed classroom network of 13 boys and 13 girls (Dolata)."""
    table = Mixing(ties=np.array([[40.0, 2.0], [5.0, 41.0]]), sizes=np.array([13.0, 13.0]), directed=True)
    assert silo_index(table) == pytest.approx(0.8409091, abs=5e-8)
    # netseg makes the table symmetric first, which is not Newman's coefficient.
    symmetric = Mixing(ties=table.ties + table.ties.T, sizes=table.sizes, directed=False)
    assert assortativity_index(symmetric) == pytest.approx(0.8408885, abs=5e-8)
    assert assortativity_index(table) == pytest.approx(
        (81 / 88 - (42 * 45 + 46 * 43) / 88**2) / (1 - (42 * 45 + 46 * 43) / 88**2)
    )
    assert coleman_index(table) == pytest.approx([0.9084249, 0.7909699], abs=5e-8)
    assert odds_ratio_index(table) == pytest.approx(16.58071, abs=5e-6)
    # netseg compares both groups with the ties from boys to girls: right for the boys' outgoing ties, and for the
    # girls' incoming ones.
    assert segregation_matrix(table, direction="out")[0] == pytest.approx(0.9117647, abs=5e-8)
    assert segregation_matrix(table, direction="in")[1] == pytest.approx(0.9138241, abs=5e-8)
    assert segregation_matrix(table, direction="out")[1] != pytest.approx(0.9138241, abs=1e-3)
    # netseg reads only the upper triangle of a directed table, and prints .9518.
    assert gupta_anderson_may_index(table) == pytest.approx(40 / 42 + 41 / 46 - 1)


def test_reciprocated_classroom_ties() -> None:
    """The same pupils, mutual nominations only: 11 boy-boy, 10 girl-girl, 1 mixed."""
    table = Mixing(ties=np.array([[22.0, 1.0], [1.0, 20.0]]), sizes=np.array([13.0, 13.0]), directed=False)
    assert silo_index(table) == pytest.approx(0.9090909, abs=5e-8)
    assert assortativity_index(table) == pytest.approx(0.9089027, abs=5e-8)
    assert gupta_anderson_may_index(table) == pytest.approx(0.9089027, abs=5e-8)
    assert odds_ratio_index(table) == pytest.approx(26.13333, abs=5e-6)


KIN = {
    "mother": "sister niece_s niece_b father brother nephew_b nephew_s",
    "sister": "niece_s niece_b father nephew_s",
    "wife_b": "niece_b",
    "niece_s": "father",
    "niece_b": "father brother",
    "father": "brother nephew_b nephew_s",
    "brother": "nephew_b nephew_s",
    "husband_s": "nephew_b nephew_s",
}
WOMEN = ("mother", "sister", "wife_b", "niece_s", "niece_b")


def test_kinship_of_white_in_freeman_1978() -> None:
    """Freeman's example, relations among ten kin by sex: segregation .26; Gupta-Anderson-May .1801242 (netseg)."""
    ties = [(one, other) for one, others in KIN.items() for other in others.split()]
    names = sorted({name for pair in ties for name in pair})
    sex = ["female" if name in WOMEN else "male" for name in names]
    net = Network(pd.DataFrame(ties, columns=["source", "target"]), actors=pd.DataFrame({"actor": names, "sex": sex}))
    assert len(ties) == 22
    assert freeman(net, by="sex") == pytest.approx(0.26, abs=5e-3)
    assert gupta_anderson_may(net, by="sex") == pytest.approx(0.1801242, abs=5e-8)


def test_echenique_and_fryer_2007_neighbourhood() -> None:
    """Figure III: 30 houses on a grid of 5 rows, ten families of one group; indices printed in hundredths."""
    rows, columns = "ABCDE", range(1, 7)
    ties = [(f"{row}{k}", f"{row}{k + 1}") for row in rows for k in range(1, 6)]
    ties += [(f"{up}{k}", f"{down}{k}") for up, down in pairwise(rows) for k in columns]
    family = {"B1", "B2", "B5", "C1", "C2", "C5", "D1", "D2", "D3", "D4"}
    names = [f"{row}{k}" for row in rows for k in columns]
    actors = pd.DataFrame({"actor": names, "group": ["one" if name in family else "two" for name in names]})
    net = Network(pd.DataFrame(ties, columns=["source", "target"]), actors=actors)
    printed = {"B1": 87, "B2": 62, "C1": 126, "C2": 92, "D1": 93, "D3": 29, "D4": 10, "C5": 25, "B5": 25}
    found = spectral_segregation(net, by="group")
    assert {name: round(found[name] * 100) for name in printed} == printed


def random_networks() -> Iterator[Network]:
    for seed, directed in enumerate([False, True, False, True]):
        rng = np.random.default_rng(seed)
        pairs = np.unique(rng.integers(0, 30, size=(90, 2)), axis=0)
        pairs = pairs[pairs[:, 0] < pairs[:, 1]] if not directed else pairs[pairs[:, 0] != pairs[:, 1]]
        ties = pd.DataFrame(pairs.astype(str), columns=["source", "target"])
        names = sorted(set(ties.to_numpy().ravel()))
        sector = rng.choice(list("xyz"), size=len(names))
        weight = rng.integers(1, 5, size=len(ties)).astype(float)
        actors = pd.DataFrame({"actor": names, "sector": sector})
        yield Network(ties.assign(weight=weight), actors=actors, directed=directed)


@pytest.mark.parametrize(
    "net", list(random_networks()), ids=["undirected 1", "directed 1", "undirected 2", "directed 2"]
)
def test_against_igraph_and_networkx(net: Network) -> None:
    igraph = pytest.importorskip("igraph")
    nx = pytest.importorskip("networkx")
    view = net._view()
    codes, labels = net._groups("sector")
    graph = igraph.Graph(
        n=view.n, edges=list(zip(view.source.tolist(), view.target.tolist(), strict=True)), directed=view.directed
    )
    weight = view.weight.tolist()
    assert modularity(net, by="sector") == pytest.approx(graph.modularity(codes.tolist(), weights=weight))
    assert modularity(net, by="sector", weight=None, resolution=0.7) == pytest.approx(
        graph.modularity(codes.tolist(), resolution=0.7)
    )
    assert assortativity(net, by="sector", weight=None) == pytest.approx(
        graph.assortativity_nominal(codes.tolist(), directed=view.directed)
    )
    if view.directed:
        return  # networkx counts the ties of both directions as cut, and one direction as volume: it can exceed 1
    other = nx.Graph()
    other.add_weighted_edges_from(zip(view.source.tolist(), view.target.tolist(), weight, strict=True))
    for code, label in enumerate(labels):
        members = set(np.flatnonzero(codes == code).tolist())
        assert conductance(net, by="sector")[label] == pytest.approx(nx.conductance(other, members, weight="weight"))
