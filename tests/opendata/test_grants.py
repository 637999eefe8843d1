"""Grants: the national schema, real layouts, and every euro accounted for."""

from __future__ import annotations

import csv
import gzip
import math
import os
import zipfile
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from reseau_territorial.errors import TableError, UnknownNameError
from reseau_territorial.opendata.grants import read_grants
from reseau_territorial.opendata.state_grants import read_state_grants

SHARED = Path(os.environ.get("RESEAU_SHARED", Path(__file__).parents[3] / "shared")) / "data/subventions"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared real files are not here")


@cache
def real(file: str, payer: str | None = None):
    return read_grants(SHARED / file, payer=payer)


SCDL = (
    "nomAttribuant,idAttribuant,dateConvention,referenceDecision,nomBeneficiaire,idBeneficiaire,objet,montant,"
    "nature,conditionsVersement,datesPeriodeVersement,idRAE,notificationUE,pourcentageSubvention"
)
PAYER = "Département de Test,22440002800011,2018-03-05"


def write(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def scdl_row(number: int, amount: str, *, payee: str = "MJC", share: str = "1") -> str:
    return (
        f"{PAYER},D{number},{payee} {number},,Fonctionnement,{amount},aide en numéraire,unique,2018-04-01,,non,{share}"
    )


def balanced(report) -> bool:
    kept = report.totals[report.totals["fate"] == "kept"]
    return math.isclose(math.fsum(kept["euros"]), report.euros, abs_tol=0.005)


# The money of rows that a comma cut -------------------------------------------------------------------


def test_an_unquoted_decimal_comma_is_repaired_when_one_reading_is_possible(tmp_path):
    path = write(tmp_path / "d.csv", SCDL, scdl_row(1, "22000,80"), scdl_row(2, "500"))
    net, report = read_grants(path)
    assert net.ties["weight"].tolist() == [22000.80, 500.0]
    repaired = report.findings[report.findings["reason"] == "unquoted_separator"]
    assert repaired[["action", "file", "line", "column"]].values.tolist() == [["repaired", "d.csv", 2, "montant"]]


def test_two_unquoted_decimal_commas_in_one_row_are_both_repaired(tmp_path):
    path = write(tmp_path / "d.csv", SCDL, scdl_row(1, "1 300,80", share="0,5"))
    assert read_grants(path).network.ties["weight"].tolist() == [1300.80]


def test_a_row_with_two_readings_is_refused_with_its_place(tmp_path):
    row = f"{PAYER},D1,MJC,,Fête 2016, 2017,50,aide en numéraire,unique,2018-04-01,,non,1"
    path = write(tmp_path / "d.csv", SCDL, row, scdl_row(2, "500"))
    net, report = read_grants(path)
    assert net.ties["weight"].tolist() == [500.0]
    refused = report.findings[report.findings["reason"] == "several_cuts"]
    assert refused[["action", "file", "line", "column"]].values.tolist() == [["refused", "d.csv", 2, "montant"]]


# The order of the columns of a département whose payees stand left of the objects: nothing typed is between them.
VENDEAN = (
    "nomAttribuant,idAttribuant,dateConvention,referenceDecision,idBeneficiaire,nomBeneficiaire,objet,montant,"
    "nature,conditionsVersement,datesPeriodeVersement,IdRAE,notificationUE,pourcentageSubvention"
)
START = "Département de Test,22440002800011,2018-03-05,I-A 4,35281380200027"
PROSE = (
    ("MJC", "Fonctionnement", "28 279,23", "unique", 28279.23),
    ("MJC", "Fonctionnement", "1 500 000,00", "50% à la signature ; solde de 1 200 000 € ensuite", 1500000.0),
    ("Foire, la vraie...", "Quatre jeudis", "72 000,00", "Un acompte. Le solde, soit 50 %, est versé.", 72000.0),
    ("MJC", "Cadres, varroase, promotion, information et frelons", "51 000,00", "Bilan, puis solde", 51000.0),
    ("MJC", 'Festival "Nuits, jours" de Test', "39 000,50", "Avance de 20,00% , puis solde", 39000.5),
    ("MJC", "Aide", "60 000,00", "30 000 € en 2017, 24 000 € en 2018 et le solde, soit 6 000 €", 60000.0),
    ("MJC", "Aide", "28 000", "Le solde, soit 50 %", 28000.0),
    ("MJC", "Aide", "700", "unique", 700.0),
)


def vendean_rows():
    return [
        f"{START},{payee},{what},{amount},aide en numéraire,{when},2018-04-01_2018-12-31,,non,1"
        for payee, what, amount, when, _ in PROSE
    ]


def assert_prose_is_read(path: Path):
    net, report = read_grants(path)
    assert net.ties["weight"].tolist() == [euros for *_, euros in PROSE]
    assert net.ties["object"].tolist() == [what for _, what, *_ in PROSE]
    assert set(net.actors.index) == {"224400028", "352813802"}
    assert not report.count("refused")


def test_commas_of_amounts_and_of_sentences_in_one_row_are_told_apart(tmp_path):
    assert_prose_is_read(write(tmp_path / "d.csv", VENDEAN, *vendean_rows()))


def test_a_comma_file_that_a_french_spreadsheet_saved_again_is_unfolded(tmp_path):
    """It opened as one column, cut where a text had a semicolon, and each piece with a quotation mark is quoted."""

    def saved(row: str) -> str:
        cells = [f'"{cell.replace(chr(34), 2 * chr(34))}"' if '"' in cell else cell for cell in row.split(";")]
        return ";".join([*cells, "", ""][:3])

    assert_prose_is_read(write(tmp_path / "d.csv", *map(saved, [VENDEAN, *vendean_rows()])))


def test_a_title_with_commas_above_a_table_of_semicolons_unfolds_nothing(tmp_path):
    rows = ['Club 1;"a; b, c, d, e";5', "Club 2;x;7,50"]
    path = write(tmp_path / "d.csv", "Ville, budget, vote, 2019;;", "Bénéficiaire;Objet;Montant", *rows)
    ties = read_grants(path, payer="Ville").network.ties
    assert ties[["object", "weight"]].values.tolist() == [["a; b, c, d, e", 5.0], ["x", 7.5]]


def test_a_name_with_a_bare_comma_beside_a_year_and_a_number_is_refused(tmp_path):
    """The object may be 2018 and the amount 50, or the amount 2018,50."""
    row = f"{START},Club A,B,2018,50,aide en numéraire,unique,2018-04-01,,non,1"
    path = write(tmp_path / "d.csv", VENDEAN, row, vendean_rows()[0])
    net, report = read_grants(path)
    assert net.ties["weight"].tolist() == [28279.23]
    assert report.findings.query("reason == 'several_cuts'")["line"].tolist() == [2]


@pytest.mark.parametrize(
    ("header", "row", "read"),
    [
        ("Bénéficiaire,Montant demandé,Montant voté,Année", "A,4000,00,20,2023", [20.0]),
        ("Bénéficiaire,Montant demandé,Montant voté,Année", "A,4000,1500,50,2023", [1500.5]),
        ("Bénéficiaire,Montant demandé,Montant voté,Année", "A,4000,00,1500,50,2023", [1500.5]),
        ("Bénéficiaire,Montant demandé,Montant voté,Année", "A,40,15,50,2023", []),  # 40,15 and 50, or 40 and 15,50
        ("Bénéficiaire,Budget du projet,Montant voté,Année", "A,4000,00,20,2023", [20.0]),
        ("Bénéficiaire,Montant voté,Part du budget,Année", "A,1500,50,3,2023", []),  # 1500,50 and 3, or 1500 and 50,3
    ],
)
def test_columns_that_are_not_read_may_be_cut_too(tmp_path, header, row, read):
    """A euro of another column must not move into the amount: 4000,00 and 20 are not 4000 and 00,20."""
    path = write(tmp_path / "d.csv", header, row, row.split(",")[0] + ",1,7,2023")
    net, report = read_grants(path, payer="Ville")
    column = header.split(",").index("Montant voté")
    assert sorted(net.ties["weight"]) == sorted([*read, float(["", "1", "7"][column])])
    assert report.count("refused") == 1 - len(read)


def test_rows_that_a_spreadsheet_kept_in_one_quoted_cell_are_cut(tmp_path):
    rows = [f'"{row.replace(chr(34), 2 * chr(34))}"' for row in vendean_rows()]
    assert_prose_is_read(write(tmp_path / "rows.csv", VENDEAN, *rows))
    assert_prose_is_read(write(tmp_path / "all.csv", f'"{VENDEAN}"', *rows))


DETR = "Exercice,Département,Code INSEE,Bénéficiaire,SIREN,Intitulé du projet,Coût total HT,Subvention DETR"
PROJECTS = ("2021,37,37261,TOURS,213702616,École,100 000,00,30 000,50", "2021,37,37003,AMBOISE,213700032,Toit,5000,700")


def test_grants_of_the_state_to_communes_are_grants_whatever_else_their_columns_look_like(tmp_path):
    """A code of a commune beside a SIREN looks like members of EPCI; an unquoted row is wider than the header."""
    path = write(tmp_path / "detr.csv", DETR, *PROJECTS)
    ties = read_grants(path, payer="État").network.ties
    assert ties[["target", "weight"]].values.tolist() == [["213702616", 30000.5], ["213700032", 700.0]]
    with pytest.raises(TableError, match=r"detr\.csv, line 1: .*Columns there: 'Exercice'.*read_grants\(\)"):
        read_state_grants(path)


def test_two_rows_glued_into_one_are_no_row(tmp_path):
    first, *_, last = vendean_rows()
    net, report = read_grants(write(tmp_path / "d.csv", VENDEAN, first, first + last, last))
    assert net.ties["weight"].tolist() == [28279.23, 700.0]
    assert report.findings.query("action == 'refused'")["line"].tolist() == [3]


def test_a_shifted_row_whose_last_cells_were_dropped_is_never_read_as_it_stands(tmp_path):
    row = f"{PAYER},D1,MJC,,Fonctionnement,300,80,aide en numéraire,unique,2018-04-01,,non"
    path = write(tmp_path / "d.csv", SCDL, row)
    assert read_grants(path).network.ties["weight"].tolist() == [300.80]


def test_a_row_that_fits_with_and_without_cents_is_refused_where_commas_are_not_quoted(tmp_path):
    path = write(tmp_path / "d.csv", "Bénéficiaire,Montant,Thème", "A,22000,80,Sport", "B,300,50", "C,700,Sport")
    net, report = read_grants(path, payer="Ville", year=2019)
    assert net.ties["weight"].tolist() == [22000.80, 700.0]
    assert report.findings.query("reason == 'several_cuts'")["line"].tolist() == [3]


def test_half_a_row_cut_by_a_line_break_is_never_read_as_a_row(tmp_path):
    first, rest = scdl_row(1, "1500").split("Fonctionnement")
    path = write(tmp_path / "d.csv", SCDL, first + "Fonction", "nement" + rest, scdl_row(2, "500"))
    net, report = read_grants(path)
    assert net.ties["weight"].tolist() == [500.0]
    assert set(report.findings.query("action == 'refused'")["line"]) == {2, 3}


@pytest.mark.parametrize("separator", [",", ";"])
def test_unusual_words_in_regular_rows_are_no_shift(tmp_path, separator):
    cells = [
        "Ville",
        "",
        "2019",
        "D1",
        "MJC",
        "",
        "Aide",
        "500",
        "Numéraire",
        "2 versements",
        "fin 2019",
        "",
        "sans objet",
        "100 %",
    ]
    path = write(tmp_path / "d.csv", SCDL.replace(",", separator), separator.join(cells))
    assert read_grants(path).report.euros == 500.0


def test_a_quotation_mark_that_swallows_lines_is_a_letter(tmp_path):
    rows = [f"2019;Club {number};5" for number in range(8)]
    path = write(tmp_path / "d.csv", "Année;Bénéficiaire;Montant", '2019;"Les Amis;100', *rows)
    assert read_grants(path, payer="Ville").report.euros == 140.0


def test_several_columns_of_amounts_are_never_mixed(tmp_path):
    path = write(tmp_path / "d.csv", "Année;Bénéficiaire;Montant voté;Montant versé", "2019;A;100;90", "2019;B;;50")
    net, report = read_grants(path, payer="Ville")
    assert net.ties["weight"].tolist() == [100.0]
    assert report.findings.query("reason == 'other_amounts'")["raw"].tolist() == ["Montant versé"]
    assert report.findings.query("reason == 'no_amount'")["line"].tolist() == [3]


def test_one_column_per_year_is_one_period_per_column(tmp_path):
    path = write(tmp_path / "d.csv", "Bénéficiaire;Subvention 2017;Subvention 2018", "A;100;200", "B;;50")
    ties = read_grants(path, payer="Ville").network.ties
    assert sorted(zip(ties["period"], ties["weight"], strict=True)) == [
        ("2017", 100.0),
        ("2018", 50.0),
        ("2018", 200.0),
    ]


def test_sheets_named_by_year_are_years_and_no_repeats(tmp_path):
    path = tmp_path / "d.xlsx"
    table = pd.DataFrame({"Bénéficiaire": ["A", "B"], "Montant": [10, 20]})
    with pd.ExcelWriter(path) as book:
        table.to_excel(book, sheet_name="2017", index=False)
        table.to_excel(book, sheet_name="2018", index=False)
    net, report = read_grants(path, payer="Ville")
    assert report.euros == 60.0
    assert net.periods == ("2017", "2018")


@pytest.mark.parametrize("name", ["Montant (k€)", "Montant (milliers d'euros)", "Montant (F)", "Montant en K€"])
def test_an_amount_in_another_unit_is_refused(tmp_path, name):
    path = write(tmp_path / "d.csv", f"Année;Bénéficiaire;{name}", "2019;A;12")
    with pytest.raises(TableError, match="no known column of amounts"):
        read_grants(path, payer="Ville")


def test_parts_of_an_amount_are_not_counted_beside_it(tmp_path):
    header = "Année;Bénéficiaire;Fonctionnement;Investissement;Montant"
    path = write(tmp_path / "d.csv", header, "2019;A;100;50;150")
    assert read_grants(path, payer="Ville").report.euros == 150.0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_found(tmp_path, encoding):
    path = write(tmp_path / "d.csv", "Année;Bénéficiaire;Montant", "2019;Élan;1 000,50", encoding=encoding)
    net = read_grants(path, payer="Ville").network
    assert "Élan" in set(net.actors["name"])


def test_a_text_that_holds_the_separator_is_glued(tmp_path):
    row = f"{PAYER},D1,MJC,,Aide, projet du printemps,500,aide en numéraire,unique,2018-04-01,,non,1"
    path = write(tmp_path / "d.csv", SCDL, row)
    ties = read_grants(path).network.ties
    assert ties[["object", "weight"]].values.tolist() == [["Aide, projet du printemps", 500.0]]


def test_a_workbook_column_more_is_not_a_shift(tmp_path):
    path = tmp_path / "d.xlsx"
    table = pd.DataFrame({"Bénéficiaire": ["A", "B"], "Montant": [10.5, 20], "Année": [2019, 2019], "Note": ["", "x"]})
    table.to_excel(path, index=False)
    net, report = read_grants(path, payer="Ville")
    assert report.euros == 30.5
    assert net.periods == ("2019",)


# Totals, repeats, signs -------------------------------------------------------------------------------


def test_total_lines_are_checked_against_their_rows_and_never_ties(tmp_path):
    path = write(
        tmp_path / "d.csv",
        "Année;Bénéficiaire;Montant",
        "2019;MJC;1 500,50",
        "2019;Judo;300",
        ";Sous-total;1 800,50",
        "2019;Chorale;200",
        ";Total général;2 000,50",
    )
    net, report = read_grants(path, payer="Ville")
    assert net.ties["weight"].sum() == 2000.50
    assert report.checks["difference"].tolist() == [0.0, 0.0]


def test_a_stated_total_that_differs_is_told(tmp_path):
    path = write(tmp_path / "d.csv", "Année;Bénéficiaire;Montant", "2019;MJC;100", ";Total;110")
    report = read_grants(path, payer="Ville").report
    assert report.checks["difference"].tolist() == [10.0]
    assert report.count("noted", "total_differs") == 1


def test_an_association_named_total_something_is_a_payee(tmp_path):
    path = write(tmp_path / "d.csv", "Année;Bénéficiaire;Montant", "2019;TOTAL FESTUM;100")
    assert read_grants(path, payer="Ville").network.ties["weight"].tolist() == [100.0]


def test_a_negative_amount_is_no_tie_and_its_euros_are_told(tmp_path):
    path = write(tmp_path / "d.csv", "Année;Bénéficiaire;Montant", "2019;MJC;(100,00)", "2019;Judo;50")
    net, report = read_grants(path, payer="Ville")
    assert net.ties["weight"].tolist() == [50.0]
    assert report.totals.set_index("fate")["euros"].to_dict() == {"kept": 50.0, "negative_amount": -100.0}


def test_a_file_given_twice_is_counted_once(tmp_path):
    lines = ("Année;Bénéficiaire;Montant", "2019;MJC;100", "2019;Judo;50")
    one, two = write(tmp_path / "a.csv", *lines), write(tmp_path / "b.csv", *lines, encoding="cp1252")
    net, report = read_grants([one, two], payer="Ville")
    assert net.ties["weight"].sum() == 150.0
    assert report.count("counted_twice", "repeated_file") == 2


def test_an_amount_repeated_for_each_payee_of_a_decision_is_shared(tmp_path):
    rows = [scdl_row(7, "1000", payee=name, share=share) for name, share in (("A", "0.8"), ("B", "0.2"))]
    path = write(tmp_path / "d.csv", SCDL, *rows)
    assert sorted(read_grants(path).network.ties["weight"]) == [200.0, 800.0]


# Who pays, who receives --------------------------------------------------------------------------------


def test_a_file_without_payer_is_refused_with_the_act_that_repairs(tmp_path):
    path = write(tmp_path / "d.csv", "Année;Bénéficiaire;Montant", "2019;MJC;100")
    with pytest.raises(TableError, match=r"no column names who pays. Pass payer="):
        read_grants(path)


def test_a_file_of_another_kind_is_refused_with_its_columns(tmp_path):
    path = write(tmp_path / "d.csv", "Nom du parc;Surface", "A;12")
    with pytest.raises(TableError, match=r"d.csv, line 1: no known column of amounts and of payees.*'Surface'"):
        read_grants(path)


def test_natural_persons_are_masked_unless_kept(tmp_path):
    path = write(tmp_path / "d.csv", "Année;Bénéficiaire;SIRET;Montant", "2019;Mme Martin;80848681500011;100")
    masked = read_grants(path, payer="Ville").network
    assert masked.actors.loc["personne:1", "name"] == "Entrepreneur individuel 1"
    assert masked.actors["siren"].dropna().empty
    kept = read_grants(path, payer="Ville", persons="keep").network
    assert "Mme Martin" in set(kept.actors["name"])
    with pytest.raises(UnknownNameError, match="treatment of persons"):
        read_grants(path, payer="Ville", persons="hide")  # type: ignore[arg-type]


def test_a_rounded_siret_is_never_a_key(tmp_path):
    rows = ["2019;MJC;35181600000000;100", "2019;Judo;35181600000000;50"]
    path = write(tmp_path / "d.csv", "Année;Bénéficiaire;SIRET;Montant", *rows)
    net = read_grants(path, payer="Ville").network
    assert net.ties["target"].nunique() == 2
    assert net.actors["siren"].dropna().empty


def test_headers_without_their_accented_letters_are_known(tmp_path):
    path = write(tmp_path / "d.csv", "Ann?e;Nom du b?n?ficiaire;Montant vot?", "2019;MJC;100")
    assert read_grants(path, payer="Ville").report.euros == 100.0


def test_the_order_of_rows_changes_nothing(tmp_path):
    rows = [
        scdl_row(number, f"{number}00,50", payee=payee) for number, payee in enumerate(["Mme Martin", "B", "Mme Roy"])
    ]
    one = read_grants(write(tmp_path / "a.csv", SCDL, *rows)).network
    two = read_grants(write(tmp_path / "b.csv", SCDL, *rows[::-1])).network
    columns = ["source", "target", "weight"]
    assert sorted(map(tuple, one.ties[columns].values)) == sorted(map(tuple, two.ties[columns].values))


def test_sources_are_filled_in(tmp_path):
    path = write(tmp_path / "d.csv", SCDL, scdl_row(1, "500"))
    sources = read_grants(path, source={"licence": "Licence Ouverte 2.0"}).network.sources
    assert sources.loc["d.csv", ["producer", "date", "licence"]].tolist() == [
        "Département de Test", "2018-03-05", "Licence Ouverte 2.0",
    ]  # fmt: skip


# Real files --------------------------------------------------------------------------------------------

JAUNE = "etat-jaune-associations-2010/plf-2012-jaune-associations-subventionne-es-en-2010.csv.gz"
REAL = [
    ("44-loire-atlantique/subventions-aux-associations-2008-2018.csv.gz", {}, 472221540.88, 18113),
    ("49-maine-et-loire/conventions-de-subventions.csv", {}, 8327364.88, 75),
    (
        "49-maine-et-loire/subventions-aux-associations-2004-2016.csv.gz",
        {"payer": "Maine-et-Loire"},
        120502177.96,
        11600,
    ),
    ("72-sarthe/sub_asso_2018_Sarthe.csv", {"payer": "Sarthe"}, 7616647.12, 1620),
    ("72-sarthe/subventions_versees_aux_associations_en_2018-converti.xlsx", {"payer": "Sarthe"}, 7616647.12, 1620),
    ("codah-le-havre/OD.SUBVENTION_CONVENTION_CODAH.json", {}, 3562560.0, 29),
    ("montpellier/VilleMTP_MTP_AttribSub_2012.csv", {"payer": "Montpellier"}, 3797121.0, 616),
    (
        "etat-jaune-associations-2010/plf-2012-jaune-associations-subventionne-es-en-2010.csv.gz",
        {},
        1483995024.0,
        20173,
    ),
    ("scdl-schema/exemple_valide.csv", {}, 2821393.50, 29),
]


@needs_shared
@pytest.mark.parametrize(("file", "options", "euros", "ties"), REAL, ids=[row[0].split("/")[1][:30] for row in REAL])
def test_real_files_to_the_euro(file, options, euros, ties):
    net, report = real(file, **options)
    assert report.euros == pytest.approx(euros, abs=0.005)
    assert net.ties["weight"].sum() == pytest.approx(euros, abs=0.005)
    assert len(net.ties) == ties
    assert balanced(report)


@pytest.mark.slow
@needs_shared
def test_every_readable_euro_of_the_loire_atlantique_file_has_a_fate():
    file = "44-loire-atlantique/subventions-aux-associations-2008-2018.csv.gz"
    with gzip.open(SHARED / file, "rt", encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream, delimiter=";")
        whole = math.fsum(float(row["Montant total de la subvention"] or 0) for row in rows)
    report = real(file).report
    assert report.totals["euros"].sum() == pytest.approx(whole, abs=0.005)


@pytest.mark.slow
@needs_shared
@pytest.mark.parametrize(
    ("file", "options", "checks"),
    [
        ("montpellier/VilleMTP_MTP_AttribSub_2012.csv", {"payer": "Montpellier"}, 22),
        ("montpellier/VilleMTP_MTP_AttribSub_2014.ods", {"payer": "Montpellier"}, 24),
        (JAUNE, {}, 17485),
    ],
)
def test_every_total_that_real_files_state_is_the_sum_of_its_rows(file, options, checks):
    report = real(file, **options).report
    assert len(report.checks) == checks
    assert report.checks["difference"].abs().max() < 0.5


@needs_shared
def test_a_name_merged_over_the_rows_of_an_association_names_each_of_them():
    net, report = read_grants(SHARED / "montpellier/VilleMTP_MTP_AttribSub_2014.ods", payer="Montpellier", year=2014)
    told = report.findings.query("reason == 'merged_cell'")
    names = told.loc[told["column"] == "Structure", "line"]
    assert names.tolist() == [621, 622]  # below "Adages", in row 620
    rows = report.fates.query("line in [620, 621, 622] and file.str.contains('Subventions')")
    assert len(rows) == 3
    assert not rows["fate"].eq("no_payee").any()
    adages = net.ties[net.ties["target"].map(net.actors["name"]) == "Adages"]
    assert adages["weight"].sum() == rows.loc[rows["tie"], "euros"].sum() > 0


@pytest.mark.slow
@needs_shared
def test_two_encodings_of_one_file_are_one_file():
    folder = SHARED / "pays-de-la-loire-agrege"
    names = [f"donnees_subventions_agregees_PDL_44_49_72{end}.csv.gz" for end in ("", "_utf8")]
    net, report = read_grants([folder / name for name in names])
    assert report.euros == pytest.approx(482327030.76, abs=0.005)
    assert "Département de Loire-Atlantique" in set(net.actors["name"])


@needs_shared
def test_a_metadata_record_is_refused():
    with pytest.raises(TableError, match="no known column of amounts"):
        read_grants(SHARED / "codah-le-havre/OD.SUBVENTION_CONVENTION_CODAH.xml")


@needs_shared
def test_an_old_excel_workbook_is_read_to_the_euro():
    net, report = read_grants(SHARED / "72-sarthe/subvention_progos_2018.xls", payer="Sarthe")
    assert report.euros == 1_778_125  # the sum of its column, 24 rows
    assert len(net.ties) == 24
    assert net.ties["date"].iloc[0] == "2018-03-15"


@needs_shared
@pytest.mark.parametrize("name", ["exemple_invalide_erreurs_cellules", "exemple_invalide_erreurs_colonnes"])
def test_the_invalid_examples_of_the_schema_are_read_with_their_findings(name):
    net, report = read_grants(SHARED / f"scdl-schema/{name}.csv")
    assert report.count("refused", "no_amount") == 1
    assert report.count("refused", "rounded") >= 1
    assert 100000.10 in set(net.ties["weight"].round(2))


@needs_shared
@pytest.mark.slow
def test_the_whole_aggregate_with_unquoted_decimal_commas_keeps_every_readable_row(tmp_path):
    """Another département's file, as it is feared: commas everywhere, amounts with cents, no quotes."""
    path = SHARED / "pays-de-la-loire-agrege/donnees_subventions_agregees_PDL_44_49_72.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream, delimiter=";"))
    place = rows[0].index("montant")
    lines, expected = [",".join(rows[0])], 0.0
    for row in rows[1:]:
        cells = ["" if cell == "NA" else " ".join(cell.replace(",", " ").replace('"', "").split()) for cell in row]
        # Two SIRET in scientific notation have a comma of their own: they are refused, which is not the matter here.
        if cells[place] and cells[rows[0].index("nomBeneficiaire")] and "E+" not in ",".join(cells):
            euros = float(row[place])
            expected += euros
            cells[place] = f"{euros:.2f}".replace(".", ",")
            lines.append(",".join(cells))
    report = read_grants(write(tmp_path / "d.csv", *lines)).report
    assert report.euros == pytest.approx(expected, abs=0.005)
    assert report.count("repaired", "unquoted_separator") > 18000


def test_every_table_of_an_archive_is_read_or_the_one_named(tmp_path):
    archive = tmp_path / "subventions.zip"
    header = "nomAttribuant;idAttribuant;nomBeneficiaire;montant;dateConvention\n"
    with zipfile.ZipFile(archive, "w") as members:
        for year in (2018, 2019):
            members.writestr(f"{year}/dons.csv", f"{header}Ville;21370261600011;MJC;{year},50;{year}-01-02\n")
    net, report = read_grants(archive)
    assert report.euros == 2018.5 + 2019.5
    assert sorted(net.ties["evidence"]) == ["2018/dons.csv", "2019/dons.csv"]
    assert read_grants(archive / "2019/dons.csv").report.euros == 2019.5
    with pytest.raises(TableError, match=r"subventions\.zip has no file '2020/dons\.csv'; its files are '2018/dons"):
        read_grants(archive / "2020/dons.csv")


def test_an_archive_with_a_table_of_another_kind_is_refused_by_the_name_of_that_table(tmp_path):
    archive = tmp_path / "subventions.zip"
    with zipfile.ZipFile(archive, "w") as members:
        members.writestr("dons.csv", "nomAttribuant;nomBeneficiaire;montant\nVille;MJC;10\n")
        members.writestr("ecoles.csv", "école;rue\nJules Ferry;rue Haute\n")
    with pytest.raises(TableError, match=r"ecoles\.csv, .*no known column of amounts"):
        read_grants(archive)


def test_one_tie_per_year_is_the_sum_of_its_rows(tmp_path):
    header = (
        "Attribuant;SIRET attribuant;Date de vote;Référence décision;Bénéficiaire;Objet;Montant;Avantages en nature\n"
    )
    lines = [
        "Loches;21370132900011;2019-02-01;D1;MJC;Été;1 500,50;",
        "Loches;21370132900011;2019-03-01;D2;MJC;Hiver;300;",
        "Loches;21370132900011;2019-03-01;D2;MJC;Hiver;300;",
        "Loches;21370132900011;2020-03-01;D3;MJC;Été;700;",
        "Loches;21370132900011;2020-03-01;D4;MJC;;;Prêt de salle",
        "Loches;21370132900011;2020-04-01;D5;Judo;Été;-20;",
        "Loches;21370132900011;2020-04-01;D6;Mme Martin;Été;50;",
        "Loches;21370132900011;;D7;Judo;Été;60;",
        "Loches;21370132900011;2020-04-01;D8;Judo;Été;trente;",
    ]
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(header + "\n".join(lines) + "\n", encoding="utf-8")
    second.write_text(header + "Loches;21370132900011;2020-05-01;D9;MJC;Salle;11;\n", encoding="utf-8")
    net, report = read_grants([first, second])
    sums, other = read_grants([first, second], per="year")
    pairs = ["source", "target", "period"]
    expected = net.ties.astype("object").groupby(pairs, dropna=False)["weight"].agg(["sum", "size"]).reset_index()
    found = sums.ties.astype("object")[[*pairs, "weight", "rows"]].sort_values(pairs)
    assert found.values.tolist() == expected.sort_values(pairs).values.tolist()
    mjc = sums.ties[(sums.ties["weight"] == 711) & (sums.ties["period"] == "2020")]
    assert mjc[["rows", "evidence"]].values.tolist() == [[3, "a.csv;b.csv"]]
    assert net.actors.equals(sums.actors)
    assert net.sources.equals(sums.sources)
    for table in ("files", "findings", "totals", "checks", "fates"):
        pd.testing.assert_frame_equal(getattr(report, table), getattr(other, table))


def test_what_a_tie_stands_for_is_row_or_year(tmp_path):
    with pytest.raises(UnknownNameError, match=r"no value of per named 'month'.*row.*year"):
        read_grants(tmp_path / "absent.csv", per="month")


@pytest.mark.parametrize("unit", ["(k€)", "(en centimes)", "en centimes", "(milliers d'euros)", "(M€)", "(francs)"])
def test_amounts_in_another_unit_than_the_euro_are_refused(tmp_path, unit):
    path = write(tmp_path / "d.csv", f"Année;Bénéficiaire;Montant {unit}", "2019;MJC;1200")
    with pytest.raises(TableError, match=r"d\.csv, line 1: no known column of amounts"):
        read_grants(path, payer="Ville")


def test_yearly_columns_without_a_row_are_refused_as_any_header(tmp_path):
    path = tmp_path / "subventions.csv"
    path.write_text("Bénéficiaire;Subvention 2018;Subvention 2019\n", encoding="utf-8")
    with pytest.raises(TableError, match="no row"):
        read_grants(path, payer="217200019")


def test_a_rounded_identifier_after_a_number_of_one_digit_stays_in_its_cell(tmp_path):
    """``1`` and ``2E+13`` of a row that has all its cells are two cells, and not ``1,2E+13`` cut in two."""
    path = tmp_path / "subventions.csv"
    path.write_text(
        "rang,idBeneficiaire,nomAttribuant,nomBeneficiaire,montant,note\n1,2E+13,Tours,MJC,1500,\n", encoding="utf-8"
    )
    net, report = read_grants(path)
    assert (report.euros, len(net.ties)) == (1500.0, 1)
    assert report.count("repaired", "unquoted_separator") == 0
