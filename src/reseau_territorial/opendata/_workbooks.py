"""Sheets of the workbooks that are not xlsx: old Excel (.xls), OpenDocument (.ods), binary Excel (.xlsb)."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reseau_territorial._encodings import has_password
from reseau_territorial.errors import TableError

__all__ = ["BookSheet", "open_workbook"]


@dataclass(frozen=True)
class BookSheet:
    """One sheet of a workbook: its name, whether it is hidden, its rows with their numbers."""

    name: str
    hidden: bool
    rows: list[tuple[int, list[Any]]]


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
        return [
            BookSheet(
                sheet.name,
                sheet.visible is not SheetVisibleEnum.Visible,
                list(_filled(book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False))),
            )
            for sheet in book.sheets_metadata
        ]
    except (CalamineError, OSError) as error:
        if isinstance(error, PasswordError) or has_password(content):
            raise TableError([f"{file} has a password: open it and save it without one"]) from error
        raise TableError([f"{file} cannot be read as a workbook: {error}. Save it as .xlsx"]) from error


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
