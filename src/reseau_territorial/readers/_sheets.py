"""Opening a table wherever it is: a DataFrame, a text file, a sheet of a workbook, a Parquet file."""

from __future__ import annotations

import datetime as dt
import io
import os
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd

from reseau_territorial._dialect import read_bytes, read_text_table, table_of_rows
from reseau_territorial._encodings import has_password
from reseau_territorial.errors import ReseauError, TableError, enumerate_values

__all__ = ["TableSource", "open_sheets", "open_table"]

TableSource = str | os.PathLike[str] | pd.DataFrame

_WORKBOOK: Final = b"PK\x03\x04"
_PARQUET: Final = b"PAR1"


def open_table(
    source: TableSource, *, encoding: str | None = None, separator: str | None = None
) -> tuple[pd.DataFrame, str | None]:
    """Return a table as it is found, its rows labelled as a spreadsheet shows them, and its file's name.

    The content tells what a file is, not its name: a workbook saved as ``.csv`` is read as a workbook.
    """
    if isinstance(source, pd.DataFrame):
        return source, None
    if not isinstance(source, str | os.PathLike):
        raise ReseauError(
            f"a table is the path of a file or a DataFrame, not a {type(source).__name__}. Give one of them."
        )
    path = Path(source)
    head = read_bytes(path)[:4] if path.is_dir() or not path.exists() else _first_bytes(path)
    if head == _WORKBOOK:
        sheets = {name: sheet for name, sheet in open_sheets(path).items() if sheet is not None}
        if len(sheets) != 1:
            listed = f"has {len(sheets)} sheets with content ({enumerate_values(sheets)})" if sheets else "is empty"
            raise TableError([f"{path.name} {listed}. Keep one, or use read_workbook() for several."])
        return next(iter(sheets.values())), path.name
    if head == _PARQUET:
        return _parquet(path), path.name
    return read_text_table(path, encoding=encoding, separator=separator), path.name


def open_sheets(path: Path) -> dict[str, pd.DataFrame | None]:
    """Return the sheets of a workbook as text; a sheet without any cell is None.

    A formula gives the value that the spreadsheet last showed.
    """
    content = read_bytes(path)
    if has_password(content):
        raise TableError([f"{path.name} has a password: open it and save it without one"])
    if content[:4] != _WORKBOOK:
        raise TableError([f"{path.name} is not an xlsx workbook. Save it as .xlsx, or use read_tables() for CSV."])
    _refuse_other_archives(content, path.name)
    import openpyxl

    sheets: dict[str, pd.DataFrame | None] = {}
    problems: list[str] = []
    with warnings.catch_warnings():
        # openpyxl warns of styles and validations that it drops: nothing that a table holds.
        warnings.simplefilter("ignore", UserWarning)
        try:
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        except Exception as error:
            raise TableError([f"{path.name} is not a readable xlsx workbook: {error}. Save it again."]) from error
        try:
            for sheet in book.worksheets:
                rows = list(_text_rows(sheet))
                try:
                    file = f"{path.name}, sheet {sheet.title!r}"
                    sheets[sheet.title] = table_of_rows(rows, file=file) if any(map(any, rows)) else None
                except TableError as error:
                    problems.extend(error.problems)
        finally:
            book.close()
    if problems:
        raise TableError(problems)
    return sheets


def _refuse_other_archives(content: bytes, file: str) -> None:
    try:
        members = set(zipfile.ZipFile(io.BytesIO(content)).namelist())
    except zipfile.BadZipFile as error:
        raise TableError([f"{file} is not a readable xlsx workbook: {error}. Save it again."]) from error
    if "datapackage.json" in members:
        raise TableError([f"{file} is a data package: read it with load()."])
    if "[Content_Types].xml" not in members:
        what = (
            "an OpenDocument sheet: save it as .xlsx"
            if "mimetype" in members
            else "an archive: extract its tables, as .xlsx"
        )
        raise TableError([f"{file} is {what}, or as CSV."])


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


def _parquet(path: Path) -> pd.DataFrame:
    try:
        table = pd.read_parquet(path)
    except Exception as error:
        raise TableError([f"{path.name} is not a readable Parquet file: {error}. Write it again."]) from error
    if table.index.name is not None:
        return table.reset_index()
    return table.set_axis(pd.RangeIndex(1, len(table) + 1, name="row"), axis=0)


def _text_rows(sheet: Any) -> Iterator[list[str]]:
    sheet.reset_dimensions()
    for row in sheet.iter_rows(min_row=1):
        yield [_text_of(cell) for cell in row]


def _text_of(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds").removesuffix("T00:00:00")
    if isinstance(value, int | float):
        whole = float(value).is_integer() and abs(value) < 1e16
        text = str(int(value)) if whole else repr(value)
        return text.zfill(len(shape)) if whole and (shape := _zeros(cell)) else text
    return unicodedata.normalize("NFC", str(value))


def _zeros(cell: Any) -> str:
    """Return the format of a cell that shows leading zeros, such as ``00000`` for a postal code."""
    shape = str(cell.number_format or "")
    return shape if set(shape) == {"0"} else ""
