"""The 44 real dirty values of dirty-rows/quirks.csv, row by row: each is read as its ``lecture_attendue`` says.

Every row of the list has one reading below, which opens the file that the row names with the public reader of that
file. A row without a reading, or a reading without a row, fails.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reseau_territorial.opendata import (
    clean_departement,
    clean_identifier,
    clean_insee,
    clean_postcode,
    clean_siret,
    kind_of_words,
    read_cog,
    read_contracts,
    read_directory,
    read_france_services,
    read_grants,
    read_programmes,
    read_state_grants,
    read_transfers,
    repair_text,
    roll_up,
    split_cell,
)
from reseau_territorial.opendata._files import read_table
from reseau_territorial.opendata.amounts import parse_amount
from reseau_territorial.opendata.dates import parse_date
from reseau_territorial.opendata.programmes import _same_ids

DATA = Path(os.environ.get("RESEAU_SHARED", Path(__file__).parents[3] / "shared")) / "data"
LIST = DATA / "dirty-rows/quirks.csv"
Row = tuple[str, str, str]
READINGS: dict[Row, Callable[[Path, str], None]] = {}


def quirks() -> list[dict[str, str]]:
    if not LIST.exists():
        return []
    with LIST.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def key(row: dict[str, str]) -> Row:
    return row["fichier"], row["champ"], row["valeur_brute"]


def reads(file: str, field: str, raw: str) -> Callable[[Any], Any]:
    """Register the reading of one row: it gets the path of the file and the raw value."""

    def register(function: Callable[[Path, str], None]) -> Callable[[Path, str], None]:
        READINGS[file, field, raw] = function
        return function

    return register


@pytest.mark.skipif(not LIST.exists(), reason="the list of quirks is not beside the repository")
def test_the_list_has_44_rows_and_each_has_its_reading():
    rows = [key(row) for row in quirks()]
    assert len(rows) == len(set(rows)) == 44
    assert set(rows) == set(READINGS)


@pytest.mark.skipif(not LIST.exists(), reason="the list of quirks is not beside the repository")
@pytest.mark.parametrize("row", quirks(), ids=lambda row: f"{Path(row['fichier']).name}-{row['champ']}")
def test_the_row_is_read_as_expected(row):
    READINGS[key(row)](DATA / row["fichier"], row["valeur_brute"])


# What readers return, once per file -------------------------------------------------------------------


@cache
def grants(path: Path, payer: str | None = None) -> Any:
    return read_grants(path, payer=payer)


@cache
def contracts(path: Path, buyer: str | None = None) -> Any:
    if buyer is None:
        return read_contracts(path)
    with pytest.warns(UserWarning, match="no contract has an amount that can be read: 49 × range of amounts"):
        return read_contracts(path, buyer=buyer)


@cache
def cog(path: Path) -> pd.DataFrame:
    return read_cog(path).network.actors


@cache
def programmes(path: Path, scheme: str | None = None) -> Any:
    return read_programmes(path, schemes=None if scheme is None else [scheme])


@cache
def records(path: Path) -> pd.DataFrame:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return pd.DataFrame(json.load(stream))


def tie_at(network: Any, line: int) -> pd.Series:
    return network.ties[network.ties["line"] == line].iloc[0]


def repaired(report: Any) -> pd.Series:
    found = report.findings[report.findings["action"] == "repaired"]
    return found.drop_duplicates("raw").set_index("raw")["value"]


# Grants -------------------------------------------------------------------------------------------------

MAINE = "subventions/49-maine-et-loire/conventions-de-subventions.csv"
MAINE_OLD = "subventions/49-maine-et-loire/subventions-aux-associations-2004-2016.csv.gz"
LOIRE = "subventions/44-loire-atlantique/subventions-aux-associations-2008-2018.csv.gz"
SARTHE = "subventions/72-sarthe/sub_asso_2018_Sarthe.csv"
HAVRE = "subventions/codah-le-havre/OD.SUBVENTION_CONVENTION_CODAH.json"
PAYS = "subventions/pays-de-la-loire-agrege/donnees_subventions_agregees_PDL_44_49_72"
JAUNE = "subventions/etat-jaune-associations-2010/plf-2012-jaune-associations-subventionne-es-en-2010.csv.gz"
FONJEP = "subventions/etat-postes-fonjep/postes-fonjep-2020.json.gz"


@reads(MAINE, "idAttribuant", "224 900 019 000 15'")
def _(path, raw):
    network, report = grants(path)
    assert repaired(report)[raw] == "22490001900015"
    assert set(network.ties["source"]) == {"224900019"}


@reads(MAINE, "idBeneficiaire", "82 212 742 900 014")
def _(path, raw):
    network, report = grants(path)
    assert repaired(report)[raw] == "82212742900014"
    assert network.actors.loc["822127429", "siret"] == "82212742900014"


@reads(MAINE, "(header)", "natureDecision")
def _(path, raw):
    assert raw in path.read_text(encoding="utf-8").splitlines()[0]
    tie = tie_at(grants(path).network, 2)
    assert tie["weight"] == 24000.0  # by place, it would be the object of the grant
    assert tie["date"][:4].isdecimal()


@reads(MAINE_OLD, "SIRET ou NIR", "35181600000000")
def _(path, raw):
    network, report = grants(path, "Département de Maine-et-Loire")
    damaged = report.findings[report.findings["reason"] == "rounded"]
    assert raw in set(damaged["raw"])
    assert not network.actors["siren"].fillna("").str.startswith("351816").any()
    verdicts = clean_siret(read_table(path)["SIRET ou NIR"])
    assert verdicts["status"].value_counts()[["damaged", "missing"]].tolist() == [11495, 336]


@reads(MAINE_OLD, "SIRET ou NIR", "786137271")
def _(path, raw):
    assert raw in set(grants(path, "Département de Maine-et-Loire").network.actors["siren"])
    # its check digit is wrong: the payees of the file are told apart by it, no register is joined on it
    assert (clean_siret(raw).value, clean_siret(raw).scheme, clean_siret(raw).siren) == (raw, "siren", None)


@reads(LOIRE, "Identification du bénéficiaire", "452474562")
def _(path, raw):
    network, _ = grants(path)
    assert tie_at(network, 2)["target"] == raw
    assert network.actors.loc[raw, "siren"] == raw
    assert pd.isna(network.actors.loc[raw, "siret"])


@reads(LOIRE, "Date de la convention de subvention", "2014")
def _(path, raw):
    tie = tie_at(grants(path).network, 2)
    assert (tie["date"], tie["period"]) == (raw, raw)


@reads(SARTHE, "Montant de la subvention de fonctionnement (1)", "1 150,00")
def _(path, raw):
    network, _ = grants(path, "Département de la Sarthe")
    assert parse_amount(raw).euros == 1150.0
    assert 1150.0 in set(network.ties["weight"])
    assert network.actors["siren"].isna().all()  # no identifier at all in the file


@reads(SARTHE, "Avantages en nature (4)", ";X")
def _(path, raw):
    assert parse_amount(raw.strip(";")).issue == "flag"
    ties = grants(path, "Département de la Sarthe").network.ties
    flagged = ties[ties["nature"] == "in_kind"]
    assert len(flagged) == 11  # of 18 flags: the other associations also have money
    assert (flagged["weight"] == 0).all()


@reads(HAVRE, "IDATTRIBUANT", "247 600 596 00107")
def _(path, raw):
    network, report = grants(path)
    assert repaired(report)[raw] == "24760059600107"
    assert set(network.ties["source"]) == {"247600596"}


@reads(HAVRE, "DATECONVENTION", "2018-04")
def _(path, raw):
    assert tie_at(grants(path).network, 1)["date"] == raw


@reads(HAVRE, "MONTANT", "240 000 € (pour les 3 saisons sportives)")
def _(path, raw):
    tie = tie_at(grants(path).network, 1)
    assert (tie["weight"], tie["years"]) == (240000.0, 3)
    assert parse_amount(raw).euros == 240000.0


@reads(HAVRE, "SIRET", "353867203")
def _(path, raw):
    assert raw in set(grants(path).network.actors["siren"])


@reads(f"{PAYS}_utf8.csv.gz", "(file)", "Département")
def _(path, raw):
    network, report = grants(path)
    assert report.files["format"].tolist() == ["cp1252 ;"]
    assert network.actors["name"].str.startswith(raw).any()
    assert grants(DATA / f"{PAYS}.csv.gz").report.files["format"].tolist() == ["utf-8 ;"]


@reads(f"{PAYS}.csv.gz", "objet", ";NA;")
def _(path, raw):
    objects = grants(path).network.ties["object"]
    assert objects.isna().any()
    assert not objects.eq(raw.strip(";")).fillna(False).any()


@reads("subventions/montpellier/VilleMTP_MTP_AttribSub_2012.csv", "Montant", "5\u00a0000 €")
def _(path, raw):
    assert parse_amount(raw).euros == 5000.0
    network, _ = grants(path, "Ville de Montpellier")
    assert tie_at(network, 2)["weight"] == 5000.0
    assert network.ties["date"].isna().all()


@reads(JAUNE, "Total des subventions", "3 000")
def _(path, raw):
    network, report = grants(path)
    assert tie_at(network, 3)["weight"] == parse_amount(raw).euros == 3000.0
    assert 2 not in set(network.ties["line"])  # the total above it
    assert (report.checks["difference"].abs() < 0.5).all()


@reads(FONJEP, "code_cv", "CV380CV384")
def _(path, raw):
    network, report = read_state_grants(path)
    assert repaired(report)[raw] == "CV380;CV384"
    assert "CV380;CV384" in set(network.ties["city_contract"])


@reads(FONJEP, "code_tiers", "ASSOCIATION DEUXIEME CHANCE")
def _(path, raw):
    actors = read_state_grants(path).network.actors
    payee = actors[actors["name"] == raw].iloc[0]
    assert payee[["siren", "siret", "rna"]].isna().all()


# Contracts ----------------------------------------------------------------------------------------------

PES = "decp/2019-format-json/data.gouv.fr-pes-2019-04-05.json.gz"
MORMAL = "decp/pays-de-mormal-2015-2017/Marches_publics_2016 - Ajout_SIRET_geoloc.csv"


@reads(PES, "dateNotification", "2018-12-17+01:00")
def _(path, raw):
    assert parse_date(raw).text == "2018-12-17"
    assert tie_at(contracts(path).network, 1)["date"] == "2018-12-17"


@reads(PES, "lieuExecution.code", '"INO"')
def _(path, raw):
    assert clean_insee(raw).value is None
    assert not contracts(path).network.actors.map(lambda cell: cell == raw.strip('"')).any(axis=None)


@reads(PES, "acheteur.nom", "MAIRIE ANNECY BUDGET PRINCIPAL")
def _(path, raw):
    actors = contracts(path).network.actors
    holds = actors["name"].eq(raw) | actors["aliases"].fillna("").str.split(" | ", regex=False).map(lambda x: raw in x)
    buyer = actors[holds]
    assert buyer.index.tolist() == ["200063402"]
    # the SIREN is the key, and the table of communes knows its name
    assert not actors["siren"].dropna().duplicated().any()
    assert buyer["kind"].tolist() == ["commune"]


@reads("decp/2019-format-json/marches-publics.info-2019-03-07.json.gz", "titulaires.typeIdentifiant", "HORS-UE")
def _(path, raw):
    found = clean_identifier("CHCIESTT", scheme=raw)
    assert (found.value, found.scheme, found.siren) == ("CHCIESTT", "HORS-UE", None)
    schemes = contracts(path).network.actors["scheme"].value_counts()
    assert schemes["HORS-UE"] == 2
    assert schemes["TVA"] >= 3


@reads("decp/2024-format-tabulaire/decp-2024H2-travaux-cpv4521.csv.gz", "dateNotification", "2025-01-01")
def _(path, raw):
    assert tie_at(contracts(path).network, 2)["date"] == raw


@reads(MORMAL, "ACHETEURS_ID", "446 720 633 00010")
def _(path, raw):
    network, report = contracts(path, "CC du Pays de Mormal")
    assert repaired(report)[raw] == network.actors.loc["446720633", "siret"] == "44672063300010"
    assert tie_at(network, 4)["target"] == "446720633"
    assert report.count("decided", "buyers_are_holders") == 1


@reads(MORMAL, "MONTANT", "15 000- 89 999,99")
def _(path, raw):
    tie = tie_at(contracts(path, "CC du Pays de Mormal").network, 2)
    assert (tie["low"], tie["high"]) == (parse_amount(raw).low, parse_amount(raw).high) == (15000.0, 89999.99)


@reads(MORMAL, "PUBLICATION_DATE", "05-16")
def _(path, raw):
    assert tie_at(contracts(path, "CC du Pays de Mormal").network, 2)["date"] == "2016-05"


# Territories and groupings ----------------------------------------------------------------------------------


@reads("banatic/perimetre-epci-a-fp-2025.csv.gz", "total_pop_tot", "15 156")
def _(path, raw):
    table = read_table(path)
    assert len(table) == 34871  # 34,872 rows, the last one made of separators
    assert table["total_pop_tot"].iloc[0] == raw
    assert cog(path)["population"]["210103040"] == 2862


@reads(
    "banatic/transferts-extrait-mixed.tsv",
    "(row)",
    "63002\tAix-la-Fayette\t63\t200070761\tCC Ambert Livradois Forez\tCC",
)
def _(path, raw):
    network = read_transfers(path).network
    commune, holder = raw.split("\t")[0], raw.split("\t")[3]
    source = network.actors.index[network.actors["insee"].eq(commune)][0]
    targets = network.ties.set_index("source")["target"]
    assert targets[source] == holder
    assert targets["200070407"] == "254300049"  # nine fields: 63005 goes through its EPCI, and the EPCI to a syndicat


COMMUNES = "cog-epci/2026/communes.json.gz"


@reads(COMMUNES, "code", '"code":"01015"')
def _(path, raw):
    assert records(path)["code"].duplicated().sum() == 584
    names = cog(path).set_index("insee")["name"]
    assert names.index.is_unique
    assert names[raw[8:13]] == "Arboys en Bugey"  # and not Arbignieu, its commune déléguée


@reads(COMMUNES, "code", '"code":"13201"')
def _(path, raw):
    assert raw[8:13] not in set(cog(path)["insee"])
    assert roll_up(pd.Series([raw[8:13]])).tolist() == ["13055"]


@reads(COMMUNES, "code", '"code":"2A004"')
def _(path, raw):
    assert cog(path).set_index("insee")["name"][raw[8:13]] == "Ajaccio"


# Directories, advisers, desks, programmes, masks --------------------------------------------------------------

DIRECTORY = "annuaire-administration/annuaire-2019.csv.gz"
ADVISERS = "conseillers-numeriques/cnfs-2022.json.gz"


@reads(DIRECTORY, "adresse", "2140, Vervins")
def _(path, raw):
    assert clean_postcode(raw.split(",")[0]).value == "02140"
    assert "02140" in set(read_directory(path).network.actors["postcode"])


@reads(DIRECTORY, "nom", "\\x92")
def _(path, raw):
    assert repair_text(raw.encode().decode("unicode_escape")) == "’"
    names = read_directory(path).network.actors["name"]
    assert "Centre d’information et d’orientation (CIO) - Montreuil 93048-01" in set(names)
    assert not names.str.contains("[\x80-\x9f]").any()


@reads(ADVISERS, "code_postal", '"code_postal":1100')
def _(path, raw):
    assert clean_postcode(raw.partition(":")[2]).value == "01100"
    table = records(path)
    codes = table["code_postal"].dropna().astype("int64").astype("str")
    short = codes.index[codes.str.len() == 4]
    assert len(short) == 112
    found = clean_postcode(codes[short])["value"]
    assert found.eq("0" + codes[short]).all()
    same_place = table.loc[short, "cp_differents"].eq("non")
    assert same_place.sum() > 100
    assert found[same_place].eq(table.loc[short, "code_postal_bis"][same_place]).all()


@reads(ADVISERS, "result_label", "Ren<e9>")
def _(path, raw):
    assert repair_text(raw) == "René"
    labels = records(path)["result_label"]
    assert labels.str.contains("<", regex=False).fillna(False).sum() == 499
    assert not repair_text(labels).str.contains("[<>]").fillna(False).any()


@reads(ADVISERS, "code_département", '"code_département":"1"')
def _(path, raw):
    assert clean_departement(raw.split('"')[3]).value == "01"
    table = records(path).dropna(subset=["code_département", "insee_dep"])
    found = clean_departement(table["code_département"].astype("str"))["value"]
    assert found.eq(table["insee_dep"]).mean() > 0.98  # the two columns differ for 15 of 1,443 employers
    assert read_state_grants(path).network.ties["departement"].dropna().str.len().min() == 2


@reads("france-services/liste-fs-2024-08-01.csv.gz", "groupe_fs", "PI14")
def _(path, raw):
    ties = read_france_services(path).network.ties
    places = ties[(ties["source"] == f"fs:{raw.lower()}") & (ties["layer"] == "desk")]
    assert places["weight"].sum() > 1


@reads("programmes-anct/ngeo-anct-cog2023.csv.gz", "id_crte", " ; ")
def _(path, raw):
    findings = programmes(path).report.findings
    several = findings[findings["reason"] == "several_codes"].groupby("column").size()
    assert (several["id_crte"], several["id_fs"]) == (76, 141)
    assert not programmes(path).network.ties["target"].str.contains(raw, regex=False).any()


ZONES = "programmes-anct/zonages-contrats-2020.csv.gz"


@reads(ZONES, "id", "acv001")
def _(path, raw):
    # A name is no territory, so the programme has no tie in this file; its number is that of the files of 2023.
    assert _same_ids(pd.Series([raw]), "acv").tolist() == ["acv-001"]
    assert "acv-001" in set(programmes(path.with_name("ngeo-anct-cog2023.csv.gz")).network.ties["target"])
    refused = programmes(path).report.findings.set_index("line").loc[2]
    assert refused[["action", "reason", "raw"]].tolist() == ["refused", "no_code", "Abbeville"]
    assert "cv-001" in set(programmes(path).network.ties["target"])  # written cv001


@reads(ZONES, "info1", "Siren EPCI 2015 : 240100883")
def _(path, raw):
    ties = programmes(path, "cv").network.ties
    tie = ties[ties["source"] == raw[-9:]].iloc[0]
    assert (tie["target"], tie["vintage"]) == ("cv-001", "2015")


@reads("programmes-anct/ti-attributs.csv", "liste_geo", "CA du Nord Basse-Terre (249710062)")
def _(path, raw):
    ties = programmes(path).network.ties
    assert {raw[-10:-1], "249710070"} <= set(ties.loc[ties["target"] == "ti-0101", "source"])


MASKS = "masques-2020/producteurs-equipements-2020-04-30.csv"


@reads(MASKS, "type_structure", "Publique")
def _(path, raw):
    words = read_table(path)["type_structure"]
    assert words.nunique() == 18
    kinds = kind_of_words(words)
    assert kinds[words.notna()].notna().all()
    assert kinds[words.isin(["ASSO", "Asso", "ASSOCIATION LOI 1901"])].unique().tolist() == ["association"]
    assert kinds[words.isin(["FABLAB", "Fablab"])].nunique() == 1
    assert kinds[words.eq(raw)].tolist() == ["operator"]


@reads(MASKS, "structure_utilisant_projet", "CHU Montpellier  APF France Handicap")
def _(path, raw):
    assert raw in set(read_table(path)["structure_utilisant_projet"])
    assert split_cell(raw) == ["CHU Montpellier", "APF France Handicap"]
