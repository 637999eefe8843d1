"""Sheets of the workbooks that are not xlsx: old Excel (.xls), OpenDocument (.ods), binary Excel (.xlsb)."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree import ElementTree

from reseau_territorial._encodings import has_password
from reseau_territorial.errors import TableError

__all__ = ["BookSheet", "open_workbook"]

_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
Merged = set[tuple[int, int, int]]


@dataclass(frozen=True)
class BookSheet:
    """One sheet of a workbook: its name, whether it is hidden, its rows with their numbers.

    ``merged`` holds the cells that stand for several rows: their column, their first row and their last one.
    """

    name: str
    hidden: bool
    rows: list[tuple[int, list[Any]]]
    merged: Merged = field(default_factory=set)


def open_workbook(file: str, content: bytes) -> list[BookSheet]:
    """Return the sheets of a workbook in their order, an empty cell and an error being ``""``.

    Raises
    ------
    TableError
        The workbook has a password, or is no workbook that can be read.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        of_ods = _merged_in_ods(content) if content.startswith(b"PK") else {}
        sheets = []
        for known in book.sheets_metadata:
            sheet = book.get_sheet_by_name(known.name)
            rows = list(_filled(sheet.to_python(skip_empty_area=False)))
            ranges = sheet.merged_cell_ranges or []
            merged = {(column, first + 1, last + 1) for (first, column), (last, _) in ranges if last > first}
            hidden = known.visible is not SheetVisibleEnum.Visible
            sheets.append(BookSheet(known.name, hidden, rows, merged | of_ods.get(known.name, set())))
        return sheets
    except (CalamineError, OSError) as error:
        if isinstance(error, PasswordError) or has_password(content):
            raise TableError([f"{file} has a password: open it and save it without one"]) from error
        raise TableError([f"{file} cannot be read as a workbook: {error}. Save it as .xlsx"]) from error


def _merged_in_ods(content: bytes) -> dict[str, Merged]:
    """Return the merged cells of each sheet of an OpenDocument workbook, which calamine does not tell."""
    found: dict[str, Merged] = {}
    merged: Merged = set()
    row, column = 1, 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if "content.xml" not in archive.namelist():
            return {}
        with archive.open("content.xml") as stream:
            for event, element in ElementTree.iterparse(stream, events=("start", "end")):
                name = element.tag.removeprefix(_TABLE)
                if event == "start" and name == "table":
                    merged, row = found.setdefault(element.get(f"{_TABLE}name", ""), set()), 1
                elif event == "start" and name == "table-row":
                    column = 0
                elif event == "start" and name in ("table-cell", "covered-table-cell"):
                    height = int(element.get(f"{_TABLE}number-rows-spanned", "1"))
                    if height > 1:
                        merged.add((column, row, row + height - 1))
                    column += int(element.get(f"{_TABLE}number-columns-repeated", "1"))
                elif event == "end" and name == "table-row":
                    row += int(element.get(f"{_TABLE}number-rows-repeated", "1"))
                    element.clear()
    return found


def _filled(rows: list[list[Any]]) -> Iterator[tuple[int, list[Any]]]:
    """Return the rows that hold something, without their empty end, numbered as a spreadsheet shows them."""
    for number, cells in enumerate(rows, start=1):
        while cells and cells[-1] == "":
            cells.pop()
        if cells:
            yield number, [_as_xlsx(cell) for cell in cells]


def _as_xlsx(cell: Any) -> Any:
    """Return a cell as a sheet of an xlsx workbook gives it: dates with an hour, whole numbers, OUI and NON."""
    if isinstance(cell, bool):
        return "OUI" if cell else "NON"
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() else cell
    if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
        return dt.datetime(cell.year, cell.month, cell.day)
    return cell
