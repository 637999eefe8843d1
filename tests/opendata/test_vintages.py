"""Vintages: what looks lost from 2020 to 2026, and what a network becomes."""

from __future__ import annotations

import pandas as pd
import pytest

from reseau_territorial import Network, UnknownNameError
from reseau_territorial.opendata.cog import read_cog
from reseau_territorial.opendata.vintages import commune_succession, epci_succession, lost_memberships, to_vintage


@pytest.fixture(scope="module")
def vintages(shared):
    def members(year: int) -> Network:
        return read_cog([shared / f"cog-epci/{year}/{name}" for name in ("epci_membres.csv.gz", "epci.csv")]).network

    return members(2020), members(2026)


def test_312_memberships_look_lost_and_29_are_real_moves(vintages):
    lost = lost_memberships(vintages[0], after=vintages[1])
    causes = lost["cause"].value_counts()
    assert len(lost) == 312
    assert causes["commune_merged"] == 104
    assert causes["epci_replaced"] + causes["epci_split"] == 179
    assert causes["moved"] == 29


def test_once_brought_to_2026_only_real_changes_remain(vintages):
    net, report = to_vintage(vintages[0], 2026)
    assert report.count("noted", "commune_merged") == 104
    assert report.count("noted", "moved") == 29
    mapped = set(map(tuple, net.ties[["source", "target"]].to_numpy()))
    now = set(map(tuple, vintages[1].ties[["source", "target"]].to_numpy()))
    told = report.findings["reason"].isin(["moved", "merged_elsewhere"]).sum()
    assert 0 < len(mapped - now) <= told
    # what 2026 has more: the other end of those moves, and communes that were made again
    assert len(now - mapped) < 40


def test_population_is_kept_when_communes_merge():
    actors = pd.DataFrame(
        {
            "actor": ["a", "b", "c"],
            "insee": ["02077", "02564", "37261"],
            "kind": "commune",
            "population": [100, 50, 7],
        }
    )
    ties = pd.DataFrame(
        {
            "source": ["a", "b", "c", "a", "c", "a"],
            "target": ["c", "c", "a", "b", "b", "c"],
            "layer": ["grant", "grant", "grant", "grant", "membership", "membership"],
            "weight": [10.0, 5.0, 2.0, 1.0, 1.0, 1.0],
        }
    )
    net, report = to_vintage(Network(ties, actors=actors))
    assert net.actors["population"].to_dict() == {"b": 150, "c": 7}
    grants = net.ties[net.ties["layer"] == "grant"]
    assert grants["weight"].sum() == 17.0  # the tie inside the new commune is gone, and told
    assert report.count("decided", "inner_tie") == 1


def test_an_epci_that_was_replaced_takes_its_ties_and_name():
    actors = pd.DataFrame(
        {
            "actor": ["245900410", "245901061", "x"],
            "siren": ["245900410", "245901061", None],
            "kind": ["epci", "epci", "company"],
        }
    )
    ties = pd.DataFrame(
        {"source": ["x", "x"], "target": ["245900410", "245901061"], "layer": "contract", "weight": [3.0, 4.0]}
    )
    net, report = to_vintage(Network(ties, actors=actors, directed=True), 2026)
    assert net.ties["target"].tolist() == ["200093201", "200093201"]
    assert net.ties["weight"].sum() == 7.0
    assert net.actors.loc["200093201", ["name", "siren"]].tolist() == ["Métropole Européenne de Lille", "200093201"]
    assert report.count("noted", "epci_replaced") == 2
    # by 2020 Lille had not changed yet
    same, _ = to_vintage(Network(ties, actors=actors, directed=True), 2020)
    assert same.ties["target"].tolist() == ["245900410", "245901061"]


def test_provision_and_territories_follow():
    actors = pd.DataFrame(
        {
            "actor": ["a", "asso"],
            "insee": ["02077", None],
            "territory": ["02077", "02077"],
            "kind": ["commune", "association"],
        }
    )
    provision = pd.DataFrame({"actor": ["a"], "need": ["masks"], "territory": ["02077"]})
    net, _ = to_vintage(Network(actors=actors, provision=provision))
    assert net.provision["territory"].tolist() == ["02564"]
    assert net.actors.loc["asso", "territory"] == "02564"
    assert net.provision["actor"].tolist() == [net.actors.index[net.actors["kind"] == "commune"][0]]


def test_what_has_no_succession_table_is_refused():
    with pytest.raises(UnknownNameError, match="vintage with a succession table named '2024'"):
        to_vintage(Network(actors=pd.DataFrame({"actor": ["a"]})), 2024)


def test_succession_tables_are_functions_of_the_code():
    communes = commune_succession()
    assert communes.index.is_unique
    assert not communes["successor"].isin(communes.index).any()
    groups = epci_succession()
    assert (
        groups.groupby("siren")["successor"]
        .nunique()
        .gt(1)
        .eq(groups.groupby("siren")["relation"].first().eq("split"))
        .all()
    )
