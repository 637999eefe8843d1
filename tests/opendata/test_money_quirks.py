"""Each real dirty value of the money and programme files, read as it is expected, through the readers themselves."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from reseau_territorial.opendata.amounts import parse_amount
from reseau_territorial.opendata.contracts import read_contracts
from reseau_territorial.opendata.dates import parse_date
from reseau_territorial.opendata.directory import read_directory
from reseau_territorial.opendata.france_services import read_france_services
from reseau_territorial.opendata.grants import read_grants
from reseau_territorial.opendata.programmes import read_programmes
from reseau_territorial.opendata.state_grants import read_state_grants


@cache
def grants(path: Path, payer: str | None = None):
    return read_grants(path, payer=payer)


@cache
def contracts(path: Path, buyer: str | None = None):
    return read_contracts(path, buyer=buyer)


def row_of(net, line):
    ties = net.ties
    return ties[ties["line"] == line].iloc[0]


def test_siret_with_spaces_and_an_apostrophe(shared):
    net, report = grants(shared / "subventions/49-maine-et-loire/conventions-de-subventions.csv")
    repaired = report.findings[report.findings["action"] == "repaired"]
    assert repaired.set_index("raw").loc["224 900 019 000 15'", "value"] == "22490001900015"
    assert repaired.set_index("raw").loc["82 212 742 900 014", "value"] == "82212742900014"
    assert set(net.ties["source"]) == {"224900019"}
    assert row_of(net, 2)["weight"] == 24000.0  # natureDecision inserted: read by name, not by place


def test_rounded_siret_and_bare_siren(shared):
    path = shared / "subventions/49-maine-et-loire/subventions-aux-associations-2004-2016.csv.gz"
    net, report = grants(path, "Département de Maine-et-Loire")
    damaged = report.findings[report.findings["reason"] == "rounded"]
    assert "35181600000000" in set(damaged["raw"])
    assert "786137271" in set(net.actors["siren"])
    assert not net.actors["siren"].fillna("").str.startswith("351816").any()


def test_siren_where_a_siret_is_asked_and_year_where_a_date_is(shared):
    path = shared / "subventions/44-loire-atlantique/subventions-aux-associations-2008-2018.csv.gz"
    net, _ = grants(path)
    tie = row_of(net, 2)
    assert (tie["target"], tie["date"], tie["period"]) == ("452474562", "2014", "2014")
    assert pd.isna(net.actors.loc["452474562", "siret"])


def test_cp1252_thousands_and_flags(shared):
    net, _ = grants(shared / "subventions/72-sarthe/sub_asso_2018_Sarthe.csv", "Département de la Sarthe")
    names = net.actors["name"].reindex(net.ties["target"])
    assert 1150.0 in set(net.ties["weight"])
    flagged = net.ties[net.ties["nature"] == "in_kind"]
    assert len(flagged) == 11  # of 18 flags: the other associations also have money
    assert (flagged["weight"] == 0).all()
    assert names.str.contains("LAVARE|14 JUILLET").any()


def test_amount_over_seasons_month_only_and_spaces(shared):
    net, _ = grants(shared / "subventions/codah-le-havre/OD.SUBVENTION_CONVENTION_CODAH.json")
    tie = row_of(net, 1)
    assert (tie["weight"], tie["years"], tie["date"], tie["source"]) == (240000.0, 3, "2018-04", "247600596")
    assert "353867203" in set(net.actors["siren"])


def test_na_written_by_r_is_missing(shared):
    path = shared / "subventions/pays-de-la-loire-agrege/donnees_subventions_agregees_PDL_44_49_72.csv.gz"
    assert grants(path).network.ties["object"].iloc[0] is pd.NA or pd.isna(grants(path).network.ties["object"].iloc[0])


def test_a_file_named_utf8_that_is_cp1252(shared):
    path = shared / "subventions/pays-de-la-loire-agrege/donnees_subventions_agregees_PDL_44_49_72_utf8.csv.gz"
    assert "Département de Loire-Atlantique" in set(grants(path).network.actors["name"])


def test_no_break_space_and_euro_sign(shared):
    net, _ = grants(shared / "subventions/montpellier/VilleMTP_MTP_AttribSub_2012.csv", "Ville de Montpellier")
    assert row_of(net, 2)["weight"] == 5000.0


def test_totals_are_dropped_and_details_kept(shared):
    path = (
        shared / "subventions/etat-jaune-associations-2010/plf-2012-jaune-associations-subventionne-es-en-2010.csv.gz"
    )
    net, _ = grants(path)
    assert row_of(net, 3)["weight"] == 3000.0
    assert 2 not in set(net.ties["line"])


def test_state_posts(shared):
    net, _ = read_state_grants(shared / "subventions/etat-postes-fonjep/postes-fonjep-2020.json.gz")
    assert "CV380;CV384" in set(net.ties["city_contract"])
    payee = net.actors[net.actors["name"] == "ASSOCIATION DEUXIEME CHANCE"].iloc[0]
    assert pd.isna(payee["siren"])


def test_dates_places_and_labels_of_the_2019_contracts(shared):
    net, _ = contracts(shared / "decp/2019-format-json/data.gouv.fr-pes-2019-04-05.json.gz")
    assert row_of(net, 1)["date"] == "2018-12-17"
    buyers = net.actors[net.actors["aliases"].fillna("").str.contains(r"\|") | net.actors["aliases"].notna()]
    assert len(buyers) > 0  # one SIREN under several accounting labels is one actor, with aliases
    assert not net.actors["siren"].dropna().duplicated().any()


def test_identifiers_that_are_no_siret(shared):
    net, _ = contracts(shared / "decp/2019-format-json/marches-publics.info-2019-03-07.json.gz")
    foreign = net.actors["scheme"].value_counts()
    assert foreign["TVA"] >= 3
    assert foreign["HORS-UE"] == 2


def test_dates_on_the_bound_of_the_period(shared):
    net, _ = contracts(shared / "decp/2024-format-tabulaire/decp-2024H2-travaux-cpv4521.csv.gz")
    assert row_of(net, 2)["date"] == "2025-01-01"


def test_suppliers_under_the_name_of_buyers_ranges_and_months(shared):
    path = shared / "decp/pays-de-mormal-2015-2017/Marches_publics_2016 - Ajout_SIRET_geoloc.csv"
    net, report = contracts(path, "CC du Pays de Mormal")
    tie = row_of(net, 4)
    assert (tie["target"], tie["date"]) == ("446720633", "2016-03")
    assert net.actors.loc["446720633", "siret"] == "44672063300010"
    first = row_of(net, 2)
    assert (first["low"], first["high"], first["date"]) == (15000.0, 89999.99, "2016-05")
    assert report.count("decided", "buyers_are_holders") == 1


def test_directory_postcodes_and_apostrophes(shared):
    actors = read_directory(shared / "annuaire-administration/annuaire-2019.csv.gz").network.actors
    assert "02140" in set(actors["postcode"])
    assert "Centre d’information et d’orientation (CIO) - Montreuil 93048-01" in set(actors["name"])
    assert not actors["name"].str.contains("[\x80-\x9f]").any()


def test_digital_advisers_codes(shared):
    net, _ = read_state_grants(shared / "conseillers-numeriques/cnfs-2022.json.gz")
    assert net.ties["departement"].dropna().str.len().min() == 2  # "01", beside code_département "1"
    assert not any(isinstance(siren, str) and len(siren) != 9 for siren in net.actors["siren"])


def test_branches_of_france_services(shared):
    net, _ = read_france_services(shared / "france-services/liste-fs-2024-08-01.csv.gz")
    places = net.ties[(net.ties["source"] == "fs:pi14") & (net.ties["layer"] == "desk")]
    assert places["weight"].sum() > 1


def test_programmes(shared):
    folder = shared / "programmes-anct"
    wide = read_programmes(folder / "ngeo-anct-cog2023.csv.gz").report
    several = wide.findings[wide.findings["reason"] == "several_codes"].groupby("column").size()
    assert (several["id_crte"], several["id_fs"]) == (76, 141)
    zones = read_programmes(folder / "zonages-contrats-2020.csv.gz", schemes=["cv"]).network
    tie = zones.ties[zones.ties["source"] == "240100883"].iloc[0]
    assert (tie["target"], tie["vintage"]) == ("cv-001", "2015")
    members = read_programmes(folder / "ti-attributs.csv").network.ties
    assert {"249710062", "249710070"} <= set(members.loc[members["target"] == "ti-0101", "source"])


@pytest.mark.parametrize(
    ("cell", "text"), [("2018-12-17+01:00", "2018-12-17"), ("05-16", "2016-05"), ("2018-04", "2018-04")]
)
def test_dates_of_the_list(cell, text):
    assert parse_date(cell).text == text


@pytest.mark.parametrize(("cell", "euros"), [("1 150,00", 1150.0), ("5\u00a0000 €", 5000.0), ("3 000", 3000.0)])
def test_amounts_of_the_list(cell, euros):
    assert parse_amount(cell).euros == euros
