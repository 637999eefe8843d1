"""Large registers: only the wanted rows and columns, bounded memory; small files take the same path."""

from __future__ import annotations

import subprocess
import sys
import zipfile

import pandas as pd
import pytest

from reseau_territorial import Network, TableError, UnknownNameError
from reseau_territorial.opendata import join_rna, join_sirene, lookup

ROWS = [
    ("213702616", "Commune de Tours", "7210"),
    ("243700754", "Tours Métropole", "7344"),
    ("552049447", "SNCF", "5510"),
]
COLUMNS = ["siren", "denominationUniteLegale", "categorieJuridiqueUniteLegale"]


@pytest.fixture(params=["parquet", "csv", "csv.gz", "latin-1", "semicolon"])
def register(request, tmp_path):
    table = pd.DataFrame(ROWS, columns=COLUMNS).assign(nomUniteLegale="Dupont")
    if request.param == "parquet":
        path = tmp_path / "stock.parquet"
        table.to_parquet(path)
    elif request.param == "csv.gz":
        path = tmp_path / "stock.csv.gz"
        table.to_csv(path, index=False)
    else:
        path = tmp_path / "stock.csv"
        separator = ";" if request.param == "semicolon" else ","
        table.to_csv(path, index=False, sep=separator, encoding="latin-1" if request.param == "latin-1" else "utf-8")
    return path


def test_wanted_rows_and_columns(register):
    found = lookup(register, key="siren", values=["243700754", "999999999"], columns=COLUMNS[1:], progress=False)
    assert found.to_numpy().tolist() == [["243700754", "Tours Métropole", "7344"]]
    assert list(found.columns) == COLUMNS


def test_a_condition_and_several_files(register):
    found = lookup(
        [register, register], key="siren", values=[row[0] for row in ROWS], columns=[],
        where="categorieJuridiqueUniteLegale LIKE '7%'", progress=False,
    )  # fmt: skip
    assert found["siren"].tolist() == ["213702616", "213702616", "243700754", "243700754"]


def test_no_key_gives_an_empty_table(register):
    assert lookup(register, key="siren", values=[], columns=COLUMNS[1:], progress=False).empty


def test_what_is_not_there_is_told(register, tmp_path):
    with pytest.raises(UnknownNameError, match="no column of stock.* named 'sirene'. Did you mean 'siren'"):
        lookup(register, key="sirene", values=["1"], columns=[])
    with pytest.raises(TableError, match="no file"):
        lookup(tmp_path / "absent.parquet", key="siren", values=["1"], columns=[])


def test_an_archive_or_a_workbook_is_refused_with_the_act(tmp_path):
    """The stock is published in a zip; its bytes are no header."""
    table = pd.DataFrame(ROWS, columns=COLUMNS)
    packed, book = tmp_path / "StockUniteLegale_utf8.zip", tmp_path / "extrait.xlsx"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("StockUniteLegale_utf8.csv", table.to_csv(index=False))
    table.to_excel(book, index=False)
    net = Network(actors=pd.DataFrame({"actor": ["t"], "siren": ["213702616"]}))
    with pytest.raises(TableError, match=r"StockUniteLegale_utf8\.zip is an archive: unzip it"):
        join_sirene(net, packed)
    with pytest.raises(TableError, match=r"extrait\.xlsx is a workbook: save it as CSV"):
        join_rna(net, book)
    with pytest.raises(TableError, match="is an archive"):
        lookup(packed, key="siren", values=["1"], columns=["denominationUniteLegale"])


def test_a_line_that_cannot_be_read_is_named(tmp_path):
    path = tmp_path / "stock.csv"
    lines = "".join(f"{number:09d},x\n" for number in range(3000))
    path.write_text("siren,name\n" + lines + "1,2,3,4\n" + lines)
    with pytest.raises(TableError, match=r"stock\.csv cannot be read.*Line: 3002"):
        lookup(path, key="siren", values=["000000001"], columns=["name"], progress=False)


SCRIPT = """
import pathlib, sys
from reseau_territorial.opendata import join_rna, join_sirene, lookup
values = [f"{number * 1999:09d}" for number in range(5000)]
found = lookup(sys.argv[1], key="siren", values=values, columns=["name", "category"])
# The system's own count: that of getrusage begins with the memory of the process that started this one.
status = dict(line.split(":", 1) for line in pathlib.Path("/proc/self/status").read_text().splitlines())
print(len(found), int(status["VmHWM"].split()[0]) * 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_ten_million_rows_in_less_than_two_gigabytes(tmp_path, form):
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / f"stock.{form}"
    padding = ", ".join(f"md5(i::VARCHAR || '{n}') AS filler{n}" for n in range(3))
    duckdb.sql(
        f"COPY (SELECT printf('%09d', i) AS siren, 'Organisation ' || i AS name, '7210' AS category, {padding} "
        f"FROM range(10000000) t(i)) TO '{path}' (FORMAT {form})"
    )
    result = subprocess.run([sys.executable, "-c", SCRIPT, str(path)], capture_output=True, text=True, check=True)
    rows, peak = result.stdout.split()
    assert int(rows) == 5000
    assert int(peak) < 2e9
