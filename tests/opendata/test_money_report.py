"""The account of a reading of money: every row once, its euros, and files that an analyst can open."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest

from reseau_territorial import TableError
from reseau_territorial.opendata import read_contracts, read_grants, read_state_grants

GRANTS = """nomAttribuant,idAttribuant,nomBeneficiaire,montant,dateConvention,objet
Ville,21370261600011,MJC,1000,2019-01-01,fonctionnement
Ville,21370261600011,Judo,250,50,2019-01-01,tatamis
Ville,21370261600011,Danse,beaucoup,2019-01-01,gala
Ville,21370261600011,Chant,-40,2019-01-01,reprise
Ville,21370261600011,,75,2019-01-01,personne
,,Total,1285.50,,
"""


@pytest.fixture
def reading(tmp_path):
    path = tmp_path / "=subventions.csv"
    path.write_text(GRANTS, encoding="utf-8")
    return read_grants(path)


def test_every_row_of_the_file_has_one_fate(reading):
    rows = reading.report.rows(lang="en").set_index("line").sort_index()
    assert rows["fate"].to_dict() == {
        2: "kept as it is",
        3: "repaired and kept",
        4: "refused: unreadable or incomplete",
        5: "set aside: not a payment",
        6: "refused: unreadable or incomplete",
        7: "set aside: not a payment",
    }
    assert rows["reason"].dropna().to_dict() == {
        3: "separator not quoted in a cell, row cut again (one reading only)",
        4: "not an amount",
        5: "negative amount (taken back), no tie",
        6: "no payee named",
        7: "total line left out",
    }
    assert rows["euros"].dropna().to_dict() == {2: 1000.0, 3: 250.5, 5: -40.0, 6: 75.0}


def test_the_account_adds_up_to_the_file(reading):
    account = reading.report.account(lang="en")
    assert account["euros"].sum() == 1285.5
    assert account.loc[["kept as it is", "repaired and kept"], "euros"].sum() == reading.report.euros == 1250.5
    assert account["rows"].sum() == 6


def test_the_page_of_a_notebook_says_it_in_french(reading):
    page = reading.report._repr_html_()
    for text in (
        "1\u202f250,50\u00a0€ dans le réseau, sur 1\u202f285,50\u00a0€ lus",
        "réparée et gardée",
        "ligne\u00a04",
    ):
        assert text in page
    assert "beaucoup" in page


def test_the_account_is_saved_as_a_workbook_and_as_text(reading, tmp_path):
    book = openpyxl.load_workbook(reading.report.save(tmp_path / "compte.xlsx"))
    assert book.sheetnames == ["synthèse", "lignes", "constats"]
    sheet = book["lignes"]
    assert [cell.value for cell in sheet[1]] == ["fichier", "ligne", "sort", "motif", "euros"]
    assert sum(row[4].value or 0 for row in sheet.iter_rows(min_row=2)) == 1285.5
    assert {cell.data_type for cell in sheet["A"][1:]} == {"s"}  # a name that begins with = is no formula
    text = reading.report.save(tmp_path / "compte.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[1].startswith("'=subventions.csv;2;gardée telle quelle;;1000,0")
    with pytest.raises(TableError, match=r"written as \.xlsx or \.csv"):
        reading.report.save(tmp_path / "compte.pdf")


def test_an_amount_repeated_for_each_holder_is_counted_once(tmp_path):
    path = tmp_path / "decp.csv"
    rows = "".join(f"1,21370261600011,Ville,{holder},6000,2024-01-02,halle\n" for holder in ("A", "B", "C"))
    path.write_text(
        "id,acheteur_id,acheteur_nom,titulaire_nom,montant,dateNotification,objet\n" + rows, encoding="utf-8"
    )
    report = read_contracts(path).report
    assert report.account(lang="en")["euros"].to_dict() == {
        "kept as it is": 6000.0,
        "twice in the file, counted once": 12000.0,
    }
    assert report.rows()["euros"].tolist() == [2000.0] * 3


def test_a_contract_without_amount_is_kept_without_euros(tmp_path):
    path = tmp_path / "decp.csv"
    path.write_text(
        "id,acheteur_id,titulaire_nom,montant,dateNotification,objet\n1,21370261600011,A,,2024-01-02,halle\n",
        encoding="utf-8",
    )
    with pytest.warns(UserWarning, match=r"decp\.csv: no contract has an amount that can be read: 1 × no amount"):
        rows = read_contracts(path).report.rows(lang="en")
    assert rows.loc[0, ["fate", "reason"]].tolist() == ["kept without amount", "no amount"]
    assert pd.isna(rows.loc[0, "euros"])


FONJEP = "id_poste;code_tiers;raison_sociale;montant;annee\n"
NOTHING = {
    "grants": (read_grants, "s.csv", GRANTS.splitlines()[0] + "\nVille,21370261600011,MJC,beaucoup,2019-01-01,x\n"
               "Ville,21370261600011,Judo,,2019-01-01,x\nVille,21370261600011,Danse,,2019-01-01,x\n",
               r"s\.csv: none of its 3 rows is a grant: 2 × no amount \(line 3, column 'montant' first\); "
               r"1 × not an amount \(line 2, column 'montant'\)\. An amount is a number of euros"),
    "zeros": (read_grants, "s.csv", GRANTS.splitlines()[0] + "\nVille,21370261600011,MJC,0,2019-01-01,x\n",
              r"none of its 1 rows is a grant: 1 × zero amount, no tie \(line 2\)"),
    "contracts": (read_contracts, "c.csv", "id,acheteur_id,montant,objet,titulaire_nom\n1,21370261600011,5,Halle,\n",
                  r"c\.csv: none of its 1 rows is a contract: 1 × no payee named \(line 2\)"),
    "State": (read_state_grants, "postes-2021.csv", FONJEP + "F1;A;A;néant;2021\nF2;B;B;;2021\n",
              r"postes-2021\.csv: none of its 2 rows is a grant: .*line \d, column 'montant'"),
}  # fmt: skip


@pytest.mark.parametrize("case", NOTHING)
def test_files_without_any_amount_are_refused_with_the_place_of_the_first_ones(tmp_path, case):
    reader, name, text, message = NOTHING[case]
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(TableError, match=message):
        reader(tmp_path / name)


def test_a_file_without_any_amount_among_others_is_warned_of(tmp_path):
    for name, amount in (("a.csv", "10"), ("b.csv", "néant")):
        text = f"{GRANTS.splitlines()[0]}\nVille,21370261600011,MJC,{amount},2019-01-01,x\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.warns(UserWarning, match=r"^b\.csv: none of its 1 rows is a grant: .*leave it out$"):
        reading = read_grants([tmp_path / "a.csv", tmp_path / "b.csv"])
    assert reading.report.euros == 10


def test_a_file_given_twice_is_no_file_without_amounts(tmp_path):
    paths = [tmp_path / name for name in ("a.csv", "b.csv")]
    for path in paths:
        path.write_text(f"{GRANTS.splitlines()[0]}\nVille,21370261600011,MJC,10,2019-01-01,x\n", encoding="utf-8")
    assert read_grants(paths).report.euros == 10  # counted once, and no warning
