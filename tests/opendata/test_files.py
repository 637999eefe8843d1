"""Tables of text: what is found by itself, and what is refused with file, line and column."""

from __future__ import annotations

import csv
import gzip
import zipfile
from datetime import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reseau_territorial import TableError
from reseau_territorial.opendata import _xlsx
from reseau_territorial.opendata._files import Layout, read_chunks, read_table
from reseau_territorial.opendata._reading import ReadingLog

COLUMNS = {"code": ("Code INSEE", "codgeo"), "amount": ("Montant",), "town": ("Commune",)}
ROWS = [["01004", "1 150,00", "Ambérieu"], ["2A004", "12", "Ajaccio ; centre"]]


def text_of(separator: str, header: list[str] | None = None) -> str:
    def cell(text: str) -> str:
        return f'"{text}"' if separator in text else text

    rows = [header or ["Code INSEE", "Montant", "Commune"], *ROWS]
    return "\n".join(separator.join(cell(text) for text in row) for row in rows) + "\n"


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_separators_and_encodings(tmp_path, separator, encoding):
    path = write(tmp_path / "f.csv", text_of(separator).encode(encoding))
    table = read_table(path, columns=COLUMNS, required=["code"])
    assert table[["code", "amount", "town"]].to_numpy().tolist() == ROWS
    assert table.index.tolist() == [2, 3]


def test_gzip_and_zip(tmp_path):
    packed = write(tmp_path / "f.csv.gz", gzip.compress(text_of(";").encode()))
    assert len(read_table(packed, columns=COLUMNS)) == 2
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as archive:
        archive.writestr("f.csv", text_of(";"))
    assert len(read_table(tmp_path / "one.zip", columns=COLUMNS)) == 2
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", text_of(";"))
        archive.writestr("b.csv", text_of(";"))
    refusal = r"two\.zip is an archive of 2 files \('a\.csv', 'b\.csv'\); name the one to read: 'two\.zip/a\.csv'"
    with pytest.raises(TableError, match=refusal):
        read_table(tmp_path / "two.zip", columns=COLUMNS)


def test_parquet_and_xlsx_say_the_same_as_csv(tmp_path):
    table = pd.DataFrame({"Code INSEE": [1004, 37261], "Montant": [1150.5, 12.0], "Commune": ["Ambérieu", None]})
    table.to_parquet(tmp_path / "f.parquet")
    table.to_excel(tmp_path / "f.xlsx", index=False)
    for name in ("f.parquet", "f.xlsx"):
        found = read_table(tmp_path / name, columns=COLUMNS, required=["code"])
        assert found["code"].tolist() == ["1004", "37261"]
        assert found["amount"].tolist() == ["1150.5", "12"]
        assert found["town"].isna().tolist() == [False, True]


def test_titles_above_the_header_and_line_breaks_inside_cells(tmp_path):
    text = 'Liste des communes;;\n\n"Code\nINSEE";Montant;Commune\n01004;1;"Ambérieu\nen Bugey"\n37261;2;Tours\n'
    table = read_table(write(tmp_path / "f.csv", text), columns=COLUMNS, required=["code", "amount"])
    assert table["code"].tolist() == ["01004", "37261"]
    assert table.index.tolist() == [5, 7]  # the lines where the rows begin


def test_the_separator_is_the_one_that_shows_the_columns(tmp_path):
    text = "code,town,path\n01004,Ambérieu,a|b|c\n37261,Tours,d|e|f\n2A004,Ajaccio,g|h|i\n"
    table = read_table(write(tmp_path / "f.csv", text), columns=COLUMNS, required=["code", "town"])
    assert table["town"].tolist() == ["Ambérieu", "Tours", "Ajaccio"]


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        (["01004,22 000,80,Ambérieu"], "Montant"),
        (["01004,22000,00,Ambérieu", "37261,5,Tours"], "Montant"),
        (["01004,-12,5,Ambérieu"], "Montant"),
    ],
)
def test_a_decimal_comma_that_is_not_quoted_is_refused_with_its_column(tmp_path, rows, column):
    path = write(tmp_path / "subventions.csv", "\n".join(["Code INSEE,Montant,Commune", *rows]) + "\n")
    message = rf"subventions\.csv, line 2: 4 cells where the header has 3; column '{column}' of line 2"
    with pytest.raises(TableError, match=message):
        read_table(path, columns=COLUMNS, required=["code"])


def test_a_decimal_comma_hidden_by_an_empty_last_column_is_refused_too(tmp_path):
    text = "Code INSEE,Montant,Commune,Note\n01004,22 000,80,Ambérieu,\n37261,5 000,00,Tours,\n"
    with pytest.raises(TableError, match=r"column 'Montant' of line 2 reads '22 000,80'"):
        read_table(write(tmp_path / "f.csv", text), columns=COLUMNS, required=["code"])


def test_separators_at_the_end_of_every_row_are_a_habit(tmp_path):
    text = "Code INSEE;Montant;Commune\n01004;1;Ambérieu;;\n37261;2;Tours;;\n"
    assert len(read_table(write(tmp_path / "f.csv", text), columns=COLUMNS, required=["code"])) == 2


def test_short_rows(tmp_path):
    path = write(tmp_path / "f.csv", "Commune;Code INSEE;Montant\nTours;37261;5\nAmbérieu;01004\nAjaccio\n")
    log = ReadingLog()
    with pytest.raises(TableError, match=r"f\.csv, line 4: 1 cells, so that column 'Code INSEE' is missing"):
        read_table(path, columns=COLUMNS, required=["code"], log=log)
    table = read_table(path, columns=COLUMNS, required=["code"], ragged="skip", log=log)
    assert table["amount"].isna().tolist() == [False, True]
    report = log.report()
    assert report.count("refused", "too_few_cells") == 1
    assert report.count("noted", "cells_not_written") == 1
    assert report.files["kept"].tolist() == [2]


def test_quotation_marks(tmp_path):
    lenient = 'code\ttown\n01004\tSI "Les Chênes"\n37261\t"Tours" nord\n'
    table = read_table(write(tmp_path / "a.csv", lenient), columns=COLUMNS, required=["code"])
    assert table["town"].iloc[0] == 'SI "Les Chênes"'
    broken = 'code;town;amount\n01004;"Ambérieu;1\n37261;Tours;2;3\n'
    with pytest.raises(TableError, match=r"b\.csv, line 2: .*close the open one"):
        read_table(write(tmp_path / "b.csv", broken), columns=COLUMNS, required=["code"])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("f.xls", b"\xd0\xcf\x11\xe0" + b"0" * 20, "cannot be read as a workbook"),
        ("f.pdf", b"%PDF-1.4", "PDF"),
        ("f.csv", b"", "empty"),
        ("f.html", b"<!DOCTYPE html><html></html>", "web page"),
    ],
)
def test_what_is_no_table_is_named(tmp_path, name, content, message):
    with pytest.raises(TableError, match=message):
        read_table(write(tmp_path / name, content), columns=COLUMNS, required=["code"])


def test_the_nearest_column_is_offered(tmp_path):
    path = write(tmp_path / "f.csv", "Code INSE;Commune\n01004;Ambérieu\n")
    with pytest.raises(TableError, match=r"f\.csv, line 1: no column 'insee_code' in the header"):
        read_table(path, columns={"insee_code": ()}, required=["insee_code"])


def test_chunks_keep_every_row_and_its_line(tmp_path):
    rows = [f"{code:05d};{code}" for code in range(1001, 2001)]
    path = write(tmp_path / "f.csv", "\n".join(["code;amount", *rows]))
    log = ReadingLog()
    chunks = list(read_chunks(path, layouts=[Layout("one", COLUMNS, ("code",))], size=300, log=log))
    assert [len(chunk) for chunk in chunks] == [300, 300, 300, 100]
    whole = pd.concat(chunks)
    assert whole.index.tolist() == list(range(2, 1002))
    assert log.report().files["rows"].tolist() == [1000]


cells = st.text(st.characters(codec="cp1252", exclude_categories=["Cc"]), max_size=8)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=8))
def test_what_a_spreadsheet_writes_comes_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "f.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerow(["code", "amount", "town"])
        writer.writerows([["x", *row[1:]] for row in rows])
    table = read_table(path, columns=COLUMNS, required=["code", "amount", "town"])
    expected = [["x", *(text.strip() or None for text in row[1:])] for row in rows]
    found = table.astype("object").where(table.notna(), None)[["code", "amount", "town"]].to_numpy().tolist()
    assert found == expected


@pytest.mark.parametrize(
    "name",
    [
        "annuaire-administration/services-etat-2025.xlsx",
        "subventions/72-sarthe/subventions_associations_2017-converti.xlsx",
        "decp/pays-de-mormal-2015-2017/Marches_publics_2016.xlsx",
    ],
)
def test_a_workbook_is_read_as_openpyxl_reads_it(shared, name):
    openpyxl = pytest.importorskip("openpyxl")
    sheet = openpyxl.load_workbook(shared / name, data_only=True).worksheets[0]
    book = _xlsx.Workbook.of(lambda: zipfile.ZipFile(shared / name))
    rows = dict(book.rows(next(iter(book.sheets))))
    compared = 0
    for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        cells = rows.get(line, [])
        for place, value in enumerate(values):
            found = cells[place] if place < len(cells) else ""
            if isinstance(value, str):
                assert found == value.replace("_x000D_", "\r")
                compared += 1
            elif isinstance(value, int | float | datetime) and not isinstance(value, bool):
                assert (float(found) if isinstance(found, str) else found) == value  # "00000" is the format of codes
                compared += 1
            elif value is None:
                assert found == ""
    assert compared > 100


def test_cells_of_every_type(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["code", "amount", "town", None, "AA"])
    book.active.append([1004, 0.1 + 0.2, True, None, "#N/A"])
    book.active.append([])
    book.active.append(["2A004", 1e14, "a & <b> é", None, None])
    book.save(tmp_path / "f.xlsx")
    table = read_table(tmp_path / "f.xlsx", columns=COLUMNS, required=["code"])
    found = table.astype("object").where(table.notna(), None)[["code", "amount", "town"]].to_numpy().tolist()
    assert found == [["1004", "0.3", "OUI"], ["2A004", "100000000000000", "a & <b> é"]]
    assert table.index.tolist() == [2, 4]
