"""Job 4, end to end, on the bundled extract: totals to the euro, one register, nobody's name."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import reseau_territorial as rt
from reseau_territorial import opendata as od

FOLDER = Path(__file__).parents[2] / "data/samples/argent_public"


@pytest.fixture(scope="module")
def readings():
    posts = [
        FOLDER / f"{scheme}-{year}-49.json"
        for scheme in ("adulte-relais", "postes-fonjep")
        for year in (2020, 2021, 2022)
    ]
    return {
        "grants": od.read_grants(FOLDER / "conventions-de-subventions-49.csv"),
        "contracts": od.read_contracts(FOLDER / "decp-2024H2-travaux-49.csv"),
        "state": od.read_state_grants([*posts, FOLDER / "projets-dotations-investissement-2019-49.csv"]),
    }


def test_totals_to_the_euro(readings):
    totals = {name: round(reading.report.euros, 2) for name, reading in readings.items()}
    assert totals == {"grants": 8327364.88, "contracts": 39913753.22, "state": 19473706.90}
    for reading in readings.values():
        assert reading.network.ties["weight"].sum() == pytest.approx(reading.report.euros, abs=0.005)


def test_the_column_of_contracts_is_explained_to_the_cent(readings):
    column = pd.read_csv(FOLDER / "decp-2024H2-travaux-49.csv")["montant"].sum()
    assert readings["contracts"].report.totals["euros"].sum() == pytest.approx(column, abs=0.005)


def test_one_register_for_all_files(readings):
    register, _ = od.read_cog(FOLDER / "perimetre-epci-a-fp-2025-49.csv")
    net = register
    for reading in readings.values():
        net = od.join(net, reading.network).network
    assert not net.actors["siren"].dropna().duplicated().any()
    money = net.select(layer=["grant", "contract"])
    paid = sum(reading.report.euros for reading in readings.values())
    assert money.ties["weight"].sum() == pytest.approx(paid, abs=0.01)
    communes = money.actors[money.actors["kind"] == "commune"]
    assert communes["name"].isin(register.actors["name"]).mean() > 0.95  # the official name, not that of the file


def test_the_silo_of_grants_is_a_number(readings):
    net = readings["state"].network
    assert -1 <= rt.network_silo(net, by="sector", layer="grant") <= 1


def test_the_extract_holds_no_person_and_no_contact():
    for path in FOLDER.iterdir():
        text = path.read_bytes().decode("cp1252" if "perimetre" in path.name else "utf-8")
        assert not re.search(r"[\w.]+@[\w.]+\.\w{2,}", text), path.name
        assert not re.search(r"(?<!\d)0[1-9](?:[ .]\d\d){4}(?!\d)", text), path.name
        assert not re.search(r"\b(?:Monsieur|Madame|MME)\b", text), path.name


def test_every_file_of_the_extract_is_in_its_source_note():
    note = (FOLDER / "SOURCE.md").read_text(encoding="utf-8")
    for path in FOLDER.glob("*-49.*"):
        stem = re.sub(r"-20(?:20|21|22)-49\.json$", "-2020..2022-49.json", path.name)
        assert stem in note


def test_the_account_shown_in_the_documentation_is_the_one_of_the_extract(readings):
    page = (Path(__file__).parents[2] / "docs/open-data-money.md").read_text(encoding="utf-8")
    sample = page.partition("```text\n")[2].partition("```")[0].splitlines()
    account = str(readings["contracts"].report).splitlines()
    shown = [" ".join(line.split()) for line in sample]  # the page writes ordinary spaces
    assert len(shown) == 4
    assert [line for line in shown if line not in {" ".join(one.split()) for one in account}] == []
