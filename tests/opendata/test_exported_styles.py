"""Styles of real exports: the network of the clean file to the cent, or rows told by file, line and column."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from reseau_territorial.opendata import read_contracts, read_grants

MERGED = Path(__file__).parent / "merged"
Lines = list[list[str]]
Style = Callable[["Clean"], bytes]


@dataclass(frozen=True)
class Clean:
    """A clean table, its reader, and its columns of one kind."""

    read: Callable
    lines: Lines
    amount: str
    payee: str
    payer: str
    payer_name: str
    date: str

    def place(self, name: str) -> int:
        return self.lines[0].index(name)

    def euros(self, *, without: int | None = None) -> Decimal:
        place = self.place(self.amount)
        return sum((Decimal(row[place]) for n, row in enumerate(self.lines[1:], 2) if n != without), Decimal())

    def changed(self, name: str, change: Callable[[str], str]) -> Lines:
        place = self.place(name)
        head, *rows = self.lines
        return [head, *([change(cell) if n == place and cell else cell for n, cell in enumerate(row)] for row in rows)]

    def foot(self, label: str, euros: Decimal) -> list[str]:
        cells = [""] * len(self.lines[0])
        cells[0], cells[self.place(self.amount)] = label, str(euros)
        return cells


def table(text: str) -> Lines:
    return [line.split("|") for line in text.strip().splitlines()]


CLEAN = {
    "grants": Clean(
        read_grants,
        table("""
nomAttribuant|idAttribuant|dateConvention|nomBeneficiaire|idBeneficiaire|rnaBeneficiaire|objet|montant|nature
Ville de Tours|21370261600011|2019-02-03|Association d’été|62722004900654|W751000001|Fête|1234.5|aide en numéraire
Ville de Tours|21370261600011|2019-03-04|Œuvre|35600000000048|W751000002|École|2000|aide en numéraire
Ville de Tours|21370261600011|2019-05-06|Judo||W751000003|Sport|1500.25|aide en numéraire
"""),
        "montant", "idBeneficiaire", "idAttribuant", "nomAttribuant", "dateConvention",
    ),
    "contracts": Clean(
        read_contracts,
        table("""
id|acheteur_id|acheteur_nom|titulaire_id|titulaire_typeIdentifiant|titulaire_nom|objet|montant|dateNotification|nature
2024-1|21370261600011|Tours|62722004900654|SIRET|Hervé|Toits d’école|1234567.5|2024-02-01|Marché
2024-2|21370261600011|Tours|35600000000048|SIRET|La Poste|Plis|20000|2024-03-01|Marché
2024-3|21370261600011|Tours|22180001400013|SIRET|Œuvre|Cœur de ville|1500.25|2024-05-01|Marché
"""),
        "montant", "titulaire_id", "acheteur_id", "acheteur_nom", "dateNotification",
    ),
}  # fmt: skip


def as_csv(lines: Lines, *, encoding: str = "utf-8") -> bytes:
    return "".join(";".join(line) + "\n" for line in lines).encode(encoding)


def as_merged(one: Clean, *columns: str) -> bytes:
    """Return a workbook whose first two rows share a cell in some columns."""
    book = openpyxl.Workbook()
    for line in one.lines:
        book.active.append(line)
    for column in columns:
        place = one.place(column) + 1
        book.active.merge_cells(start_row=2, end_row=3, start_column=place, end_column=place)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def grouped(space: str) -> Callable[[str], str]:
    def write(text: str) -> str:
        whole, _, cents = text.partition(".")
        return f"{int(whole):,}".replace(",", space) + f",{cents.ljust(2, '0')}"

    return write


def spaced_in_turn(one: Clean) -> bytes:
    """Return a file whose rows separate thousands each in its own way."""
    spaces = iter(" \u00a0\u202f")
    return as_csv(one.changed(one.amount, lambda text: grouped(next(spaces))(text)))


def with_column(one: Clean, name: str, cells: Callable[[str], str], *, first: bool = False) -> bytes:
    """Return a file that has a column twice."""
    place = one.place(name)
    again = [name, *(cells(row[place]) for row in one.lines[1:])]
    return as_csv([[cell, *row] if first else [*row, cell] for row, cell in zip(one.lines, again, strict=True)])


def in_two_encodings(one: Clean) -> bytes:
    return b"".join(as_csv([line], encoding=("utf-8", "cp1252")[n % 2]) for n, line in enumerate(one.lines))


def glued(one: Clean, *, order: int = 1, header: bool = True) -> bytes:
    below = [line[::order] for line in [*one.lines[:1] * header, *one.lines[3:]]]
    return as_csv(one.lines[:3], encoding="utf-8-sig") + as_csv(below, encoding="utf-8-sig")


def with_subtotals(one: Clean) -> bytes:
    total = one.euros()
    last = Decimal(one.lines[3][one.place(one.amount)])
    foot = [one.foot("Sous-total", last), one.foot("Total général", total), [], ["Source : direction des finances"]]
    return as_csv([*one.lines[:3], one.foot("Sous-total", total - last), one.lines[3], *foot])


SAME: dict[str, Style] = {
    "a separator at each end": lambda one: as_csv([[*line, ""] for line in one.lines]),
    "a separator at the end of rows": lambda one: as_csv([one.lines[0], *([*row, ""] for row in one.lines[1:])]),
    "a separator at the end of the header": lambda one: as_csv([[*one.lines[0], ""], *one.lines[1:]]),
    "an amount twice": lambda one: with_column(one, one.amount, str),
    "an amount twice, first empty": lambda one: with_column(one, one.amount, lambda _: "", first=True),
    "an identifier twice, first empty": lambda one: with_column(one, one.payee, lambda _: "", first=True),
    "a title": lambda one: "Données de l’année\n".encode() + as_csv(one.lines),
    "names of groups": lambda one: as_csv([["Qui", "", "Quand"] + [""] * (len(one.lines[0]) - 3), *one.lines]),
    "no-break thousands": lambda one: as_csv(one.changed(one.amount, grouped("\u00a0"))),
    "narrow thousands": lambda one: as_csv(one.changed(one.amount, grouped("\u202f"))),
    "thin thousands": lambda one: as_csv(one.changed(one.amount, grouped("\u2009"))),
    "thousands of three kinds": spaced_in_turn,
    "RNA in lower case": lambda one: as_csv([[cell.replace("W751", "w751") for cell in line] for line in one.lines]),
    "two encodings": in_two_encodings,
    "totals": with_subtotals,
    "files glued": glued,
    "files glued without the second header": lambda one: glued(one, header=False),
    "files glued in another order": lambda one: glued(one, order=-1),
    "payer merged": lambda one: as_merged(one, one.payer, one.payer_name),
    "identifier merged": lambda one: as_merged(one, one.payer),
}


NO_RNA = ("RNA in lower case", "contracts")


def told(report, action: str) -> list[tuple[str, int, str]]:
    rows = report.findings[report.findings["action"] == action]
    return list(rows[["reason", "line", "column"]].itertuples(index=False, name=None))


def read(one: Clean, folder, content: bytes):
    path = folder / ("export.xlsx" if content.startswith(b"PK") else "export.csv")
    path.write_bytes(content)
    return one.read(path)


@pytest.mark.parametrize(
    ("style", "family"), [(style, family) for family in CLEAN for style in SAME if (style, family) != NO_RNA]
)
def test_a_style_changes_nothing(tmp_path, style, family):
    one = CLEAN[family]
    clean, found = read(one, tmp_path, as_csv(one.lines)), read(one, tmp_path, SAME[style](one))
    assert Decimal(str(found.report.euros)) == one.euros()
    kept = ["source", "target", "weight", "period"]
    assert found.network.ties[kept].to_numpy().tolist() == clean.network.ties[kept].to_numpy().tolist()
    names = ["name", "siren", "rna"] if "rna" in clean.network.actors else ["name", "siren"]
    assert found.network.actors[names].fillna("").equals(clean.network.actors[names].fillna(""))


@pytest.mark.parametrize("family", CLEAN)
def test_an_identifier_in_scientific_notation_is_told_and_joins_nothing(tmp_path, family):
    one = CLEAN[family]
    rounded = one.changed(one.payee, lambda siret: f"{siret[0]},{siret[1:6]}E+13")
    net, report = read(one, tmp_path, as_csv(rounded))
    assert Decimal(str(report.euros)) == one.euros()
    assert net.actors.loc[net.ties["target"], "siren"].isna().all()
    assert net.ties["target"].is_unique
    lines = [line for line, row in enumerate(one.lines[1:], 2) if row[one.place(one.payee)]]
    refused = told(report, "refused")
    assert [(reason, line) for reason, line, _ in refused] == [("rounded", line) for line in lines]
    assert all(column for *_, column in refused)


@pytest.mark.parametrize("family", CLEAN)
def test_columns_of_one_name_that_differ_are_told_by_row(tmp_path, family):
    one = CLEAN[family]
    _, report = read(one, tmp_path, with_column(one, one.amount, lambda _: "7"))
    assert Decimal(str(report.euros)) == one.euros()
    assert told(report, "decided") == [("repeated_column", line, one.amount) for line in (2, 3, 4)]
    assert report.findings["raw"].tolist()[:1] == [f"{one.lines[1][one.place(one.amount)]} | 7"]


@pytest.mark.parametrize("family", CLEAN)
def test_a_merged_date_holds_for_each_row_and_is_told(tmp_path, family):
    one = CLEAN[family]
    net, report = read(one, tmp_path, as_merged(one, one.date))
    assert told(report, "repaired") == [("merged_cell", 3, one.date)]
    assert net.ties["period"].nunique() == 1
    assert Decimal(str(report.euros)) == one.euros()


@pytest.mark.parametrize("family", CLEAN)
def test_a_merged_amount_is_counted_once(tmp_path, family):
    one = CLEAN[family]
    _, report = read(one, tmp_path, as_merged(one, one.amount))
    assert Decimal(str(report.euros)) == one.euros(without=3)
    assert [line for _, line, _ in told(report, "refused")] == [3]


@pytest.mark.parametrize("file", sorted(path.name for path in MERGED.iterdir()))
def test_merged_cells_of_other_workbooks_hold_for_each_row_too(file):
    """LibreOffice wrote these: the first two rows share their date and their amount."""
    family = file.partition(".")[0]
    one, first = CLEAN[family], {"grants": 5, "contracts": 2}[family]  # rows of the table of grants begin lower
    net, report = one.read(MERGED / file)
    assert told(report, "repaired") == [("merged_cell", first + 1, one.date)]
    assert Decimal(str(report.euros)) == one.euros(without=3)
    assert [line for _, line, _ in told(report, "refused")] == [first + 1]
    assert net.ties["period"].notna().all()


@pytest.mark.parametrize("family", CLEAN)
def test_files_glued_without_an_end_of_line_lose_the_two_rows_that_are_one(tmp_path, family):
    one = CLEAN[family]
    content = as_csv(one.lines[:3], encoding="utf-8-sig").rstrip(b"\n")
    content += as_csv([one.lines[0], *one.lines[3:]], encoding="utf-8-sig")
    _, report = read(one, tmp_path, content)
    assert Decimal(str(report.euros)) == one.euros(without=3)
    assert told(report, "refused") == [("too_many_cells", 3, one.amount)]
