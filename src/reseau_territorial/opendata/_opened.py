"""Opening tables: text, workbooks and Parquet, plain, gzip or zip, as rows of text cells with their lines."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final, Literal

from reseau_territorial import _dialect
from reseau_territorial.errors import TableError, enumerate_values
from reseau_territorial.opendata import _xlsx
from reseau_territorial.opendata._layouts import Layout

__all__ = ["HEADER_SEARCH", "Cells", "Source", "open_table"]

Cells = list[str]

HEADER_SEARCH: Final = 25
_FEW_COLUMNS: Final = 3
_TOP_CHARACTERS: Final = 100_000
_ZIP: Final = b"PK\x03\x04"
_PARQUET: Final = b"PAR1"
_SPREADSHEET_ERRORS: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUL!", "#NULL!"})


@dataclass(frozen=True)
class Source:
    """One opened table: its rows with their lines, and how it is written."""

    file: str
    form: str
    rows: Iterator[tuple[int, Cells]]


def open_table(path: Path, layouts: Sequence[Layout], sheet: str | None) -> Source:
    """Open a table; the layouts looked for help to find its separator and its sheet."""
    content = _dialect.read_bytes(path)
    if content.startswith(_ZIP):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [name for name in archive.namelist() if not name.endswith("/")]
            if "xl/workbook.xml" in members:
                return _workbook(content, path.name, layouts, sheet)
            if "mimetype" in members and archive.read("mimetype").startswith(b"application/vnd.oasis"):
                raise TableError([f"{path.name} is an OpenDocument file; save it as .xlsx or CSV"])
            if len(members) != 1:
                held = enumerate_values(members)
                raise TableError([f"{path.name} is an archive of {len(members)} files ({held}); unzip it"])
            content = archive.read(members[0])
    if content.startswith(_PARQUET):
        return _parquet(content, path.name)
    text, encoding = _dialect.decode(content, file=path.name)
    separator = _separator(text, layouts)
    rows = _text_rows(text, separator, file=path.name)
    shown = "tab" if separator == "\t" else separator
    return Source(path.name, f"{encoding} {shown}", iter(rows))


def _separator(text: str, layouts: Sequence[Layout]) -> str:
    """Return the separator that shows the required columns, else the most regular one."""
    likely = _dialect.find_separator(text)
    if not any(layout.required for layout in layouts):
        return likely
    top = "\n".join(text[:_TOP_CHARACTERS].splitlines()[:HEADER_SEARCH])
    for separator in (likely, *_dialect.SEPARATORS):
        rows = _cut(top, separator)
        if any(layout.fits(cells) for _, cells in rows for layout in layouts):
            return separator
    return likely


def _text_rows(text: str, separator: str, *, file: str) -> list[tuple[int, Cells]]:
    """Cut a text into rows, strictly first; a stray quotation mark is accepted if all rows stay regular."""
    problem, line = "", 0
    try:
        rows = _cut(text, separator, strict=True)
        line = _swallowing_line(rows, separator)
        if not line:
            return rows
        problem = "a quotation mark opens a cell that holds whole lines"
    except csv.Error as error:
        problem, line = str(error), _line_of_error(text, separator)
    for options in ({"strict": False}, {"quoting": csv.QUOTE_NONE}):
        rows = _cut(text, separator, **options)
        if len({len(cells) for _, cells in rows if any(cells)}) == 1 and not _swallowing_line(rows, separator):
            return rows
    raise TableError(
        [f"{file}, line {line}: {problem}; double the quotation marks inside a cell, or close the open one"]
    )


def _swallowing_line(rows: list[tuple[int, Cells]], separator: str) -> int:
    """Return the line of the first cell that holds line breaks and as many separators as a row, 0 without one."""
    for line, cells in rows:
        for cell in cells:
            if "\n" in cell and cell.count(separator) >= len(cells) - 1 >= _FEW_COLUMNS:
                return line
    return 0


def _cut(
    text: str, separator: str, *, strict: bool = False, quoting: Literal[0, 3] = csv.QUOTE_MINIMAL
) -> list[tuple[int, Cells]]:
    limit = csv.field_size_limit(max(len(text) + 1, 131_072))
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict, quoting=quoting)
        rows, line = [], 1
        for cells in reader:
            rows.append((line, cells))
            line = reader.line_num + 1
    finally:
        csv.field_size_limit(limit)
    return rows


def _line_of_error(text: str, separator: str) -> int:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    start = 1
    try:
        for _ in reader:
            start = reader.line_num + 1
    except csv.Error:
        return start
    return start


def _parquet(content: bytes, file: str) -> Source:
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(content)).to_pandas()
    values = [[_cell_text(value) for value in row] for row in table.itertuples(index=False, name=None)]
    rows = enumerate([[str(name) for name in table.columns], *values])
    return Source(file, "parquet", iter(list(rows)))


def _workbook(content: bytes, file: str, layouts: Sequence[Layout], sheet: str | None) -> Source:
    archive = zipfile.ZipFile(io.BytesIO(content))
    sheets = _xlsx.sheet_names(archive)
    if sheet is not None and sheet not in sheets:
        known = enumerate_values(sheets, shown=12)
        raise TableError([f"{file} has no sheet named {sheet!r}; its sheets are {known}"])
    names = [sheet] if sheet is not None else list(sheets)
    shared = _xlsx.shared_strings(archive)
    tops = {name: list(_xlsx.sheet_rows(archive, sheets[name], shared, stop=HEADER_SEARCH)) for name in names}
    found: list[str] = []
    for layout in (layout for layout in layouts if layout.required):
        # The layouts are in order of preference: INSEE puts communes and EPCI in two sheets of one book.
        found = found or [name for name in names if any(layout.fits(cells) for _, cells in tops[name])]
    if len(found) > 1:
        held = enumerate_values(found)
        raise TableError([f"{file}: several sheets have the columns looked for ({held}); pass sheet="])
    chosen = found[0] if found else names[0]
    return Source(file, f"xlsx, {chosen}", _xlsx.sheet_rows(archive, sheets[chosen], shared))


def _cell_text(value: object) -> str:
    """Return a typed cell as the text that a CSV file would hold."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, str):
        return "" if value in _SPREADSHEET_ERRORS else value
    if isinstance(value, bool):
        return "OUI" if value else "NON"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        whole_day = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if whole_day else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)
