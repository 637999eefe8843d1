"""Real dirty values (dirty-rows/quirks.csv): each is found in its file and read as expected.

Grants, contracts, programmes and directories have theirs in the tests of their readers.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

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
    read_transfers,
    repair_text,
    roll_up,
    split_cell,
)
from reseau_territorial.opendata._files import read_table


@pytest.fixture(scope="module")
def quirks(shared: Path) -> pd.DataFrame:
    return pd.read_csv(shared / "dirty-rows/quirks.csv", dtype="str", keep_default_na=False)


def raw_of(quirks: pd.DataFrame, file: str, field: str) -> list[str]:
    """Return the raw values that the list has for a file and a field."""
    rows = quirks[quirks["fichier"].str.contains(file, regex=False) & quirks["champ"].eq(field)]
    assert len(rows), (file, field)
    return rows["valeur_brute"].tolist()


def records(path: Path) -> list[dict[str, object]]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return list(json.load(stream))


def advisers(shared: Path) -> pd.DataFrame:
    return pd.DataFrame(records(shared / "conseillers-numeriques/cnfs-2022.json.gz"))


@pytest.mark.parametrize(
    ("file", "field", "raw", "siren", "siret"),
    [
        ("49-maine-et-loire/conventions-de", "idAttribuant", "224 900 019 000 15'", "224900019", "22490001900015"),
        ("49-maine-et-loire/conventions-de", "idBeneficiaire", "82 212 742 900 014", "822127429", "82212742900014"),
        ("44-loire-atlantique/", "Identification du bénéficiaire", "452474562", "452474562", None),
        ("codah-le-havre/", "IDATTRIBUANT", "247 600 596 00107", "247600596", "24760059600107"),
        ("codah-le-havre/", "SIRET", "353867203", "353867203", None),
        ("pays-de-mormal-2015-2017/", "ACHETEURS_ID", "446 720 633 00010", "446720633", "44672063300010"),
    ],
)
def test_identifiers_written_by_hand(quirks, file, field, raw, siren, siret):
    assert raw in raw_of(quirks, file, field)
    found = clean_siret(raw)
    assert found.siren == siren
    assert (found.value if found.scheme == "siret" else None) == siret


def test_the_siret_column_of_maine_et_loire(quirks, shared):
    rounded, siren = raw_of(quirks, "49-maine-et-loire/subventions-aux", "SIRET ou NIR")
    assert clean_siret(rounded).status == "damaged"
    # nine digits whose check digit is wrong: shown as a SIREN, not joined
    assert (clean_siret(siren).value, clean_siret(siren).scheme, clean_siret(siren).siren) == (siren, "siren", None)
    table = read_table(shared / "subventions/49-maine-et-loire/subventions-aux-associations-2004-2016.csv.gz")
    verdicts = clean_siret(table["SIRET ou NIR"])
    assert verdicts["status"].value_counts()["damaged"] == 11495
    assert verdicts["status"].value_counts()["missing"] == 336
    assert verdicts["siren"].notna().sum() == 0


def test_identifiers_that_are_no_siret_keep_their_type(quirks):
    assert raw_of(quirks, "marches-publics.info", "titulaires.typeIdentifiant") == ["HORS-UE"]
    found = clean_identifier("CHCIESTT", scheme="HORS-UE")
    assert (found.value, found.scheme, found.siren) == ("CHCIESTT", "HORS-UE", None)


def test_a_place_that_is_no_code_is_unknown(quirks):
    (raw,) = raw_of(quirks, "data.gouv.fr-pes-2019", "lieuExecution.code")
    assert clean_insee(raw).value is None


def test_the_list_of_epci_with_spaces_in_numbers_and_an_empty_last_row(quirks, shared):
    assert raw_of(quirks, "perimetre-epci-a-fp-2025", "total_pop_tot") == ["15 156"]
    path = shared / "banatic/perimetre-epci-a-fp-2025.csv.gz"
    table = read_table(path)
    assert table.attrs["file"] == "perimetre-epci-a-fp-2025.csv"
    assert len(table) == 34871  # 34,872 rows, the last one made of separators
    assert table["total_pop_tot"].iloc[0] == "15 156"
    totals = read_cog(path).network.actors["population"]
    assert totals["210103040"] == 2862


def test_transfers_with_six_or_nine_cells(quirks, shared):
    (raw,) = raw_of(quirks, "transferts-extrait-mixed", "(row)")
    net = read_transfers(shared / "banatic/transferts-extrait-mixed.tsv").network
    commune, holder = raw.split("\t")[0], raw.split("\t")[3]
    source = net.actors.index[net.actors["insee"].eq(commune)][0]
    assert net.ties.set_index("source").loc[source, "target"] == holder
    # 63005 goes through its EPCI, and the EPCI to the syndicat
    assert net.ties.set_index("source")["target"].to_dict()["200070407"] == "254300049"


def test_codes_of_communes(quirks, shared):
    assert raw_of(quirks, "communes.json", "code") == ['"code":"01015"', '"code":"13201"', '"code":"2A004"']
    communes = records(shared / "cog-epci/2026/communes.json.gz")
    codes = pd.Series([commune["code"] for commune in communes])
    assert codes.duplicated().sum() == 584
    net = read_cog(shared / "cog-epci/2026/communes.json.gz").network
    by_code = net.actors.set_index("insee")["name"]
    assert by_code.index.is_unique
    assert by_code["01015"] == "Arboys en Bugey"  # and not Arbignieu, its commune déléguée
    assert "13201" not in by_code.index
    assert roll_up(pd.Series(["13201"])).tolist() == ["13055"]
    assert by_code["2A004"] == "Ajaccio"
    assert clean_insee("2A004").value == "2A004"


def test_postal_codes_without_their_zero(quirks, shared):
    (raw,) = raw_of(quirks, "annuaire-2019", "adresse")
    assert clean_postcode(raw.split(",")[0]).value == "02140"
    table = advisers(shared)
    raw = table["code_postal"].dropna().astype("int64").astype("str")
    short = raw.index[raw.str.len() == 4]
    assert len(short) == 112
    found = clean_postcode(raw[short])["value"]
    assert found.eq("0" + raw[short]).all()
    same_place = table.loc[short, "cp_differents"].eq("non")
    assert same_place.sum() > 100
    assert found[same_place].eq(table.loc[short, "code_postal_bis"][same_place]).all()


def test_bytes_escaped_by_r(quirks, shared):
    assert raw_of(quirks, "cnfs-2022", "result_label") == ["Ren<e9>"]
    assert repair_text("Ren<e9>") == "René"
    labels = advisers(shared)["result_label"]
    damaged = labels.str.contains("<", regex=False).fillna(False)
    assert damaged.sum() == 499
    assert not repair_text(labels).str.contains("[<>]").fillna(False).any()


def test_c1_control_characters(quirks, shared):
    assert raw_of(quirks, "annuaire-2019", "nom") == ["\\x92"]
    assert repair_text("l\x92Aisne") == "l’Aisne"
    names = read_table(shared / "annuaire-administration/annuaire-2019.csv.gz")["nom"]
    assert names.str.contains("’").sum() == 466
    assert not names.str.contains("[\x80-\x9f]", regex=True).any()


def test_departements_without_their_zero(quirks, shared):
    assert raw_of(quirks, "cnfs-2022", "code_département") == ['"code_département":"1"']
    table = advisers(shared).dropna(subset=["code_département", "insee_dep"])
    raw = table["code_département"].astype("str")
    found = clean_departement(raw)["value"]
    assert found[raw.eq("1")].eq("01").all()
    assert found.eq(table["insee_dep"]).mean() > 0.98  # the two columns differ for 15 of 1,443 employers


def test_free_words_for_the_type_of_structure(quirks, shared):
    assert raw_of(quirks, "producteurs-equipements", "type_structure") == ["Publique"]
    words = read_table(shared / "masques-2020/producteurs-equipements-2020-04-30.csv")["type_structure"]
    assert words.nunique() == 18
    kinds = kind_of_words(words)
    assert kinds[words.notna()].notna().all()
    assert kinds[words.isin(["ASSO", "Asso", "ASSOCIATION LOI 1901"])].unique().tolist() == ["association"]
    assert kinds[words.isin(["FABLAB", "Fablab"])].nunique() == 1
    assert kinds[words.eq("Publique")].tolist() == ["operator"]


def test_users_in_one_cell(quirks):
    (raw,) = raw_of(quirks, "producteurs-equipements", "structure_utilisant_projet")
    assert split_cell(raw) == ["CHU Montpellier", "APF France Handicap"]
