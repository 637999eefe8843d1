"""Tables of text cells out of the files that people download: CSV, TSV, xlsx, Parquet, gz and zip.

Columns are found by their names (accents, case and punctuation do not matter), never by position.
Everything stays text. The index of a table is the line of the file, so that a finding can name it.
A row with another number of cells than the header is refused, unless what it lacks is only the
end: a shifted row would give a wrong number without a word.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final, Literal

import pandas as pd

from reseau_territorial import _dialect
from reseau_territorial._progress import progress
from reseau_territorial.errors import TableError, enumerate_rows, enumerate_values, nearest
from reseau_territorial.opendata._advice import advice
from reseau_territorial.opendata._layouts import Columns, Layout, NoLayoutError, places_of
from reseau_territorial.opendata._reading import ReadingLog
from reseau_territorial.opendata._sheets import Row, Sheet, open_sheets, several_sheets

__all__ = ["Layout", "NoLayoutError", "read_chunks", "read_table"]

Ragged = Literal["error", "skip"]
Cells = list[str]

_HEADER_WITHIN: Final = 25
_SPREADSHEET_ERRORS: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUL!", "#NULL!"})
_FEW_COLUMNS: Final = 2
_CHUNK_ROWS: Final = 50_000
_SHOW_AFTER: Final = 2.0
_WHOLE_PART: Final = re.compile(r"^-?\d[\d\s\u00a0\u202f]*$")
_CENTS: Final = re.compile(r"^\d{1,2}\s?€?$")


def read_table(
    path: str | Path,
    *,
    columns: Columns | None = None,
    required: Sequence[str] = (),
    others: bool = False,
    layouts: Sequence[Layout] = (),
    sheet: str | None = None,
    parts: Sequence[str] = (),
    ragged: Ragged = "error",
    log: ReadingLog | None = None,
) -> pd.DataFrame:
    """Read a table of text cells, its columns found by name.

    Parameters
    ----------
    path : str or Path
        A CSV, TSV, xlsx, xls, ods or Parquet file, plain, gzip or in a zip of one file. Encoding and
        separator are detected; the suffix is not trusted (BANATIC calls its text files .xls).
    columns, required, others
        The only layout looked for, as in `Layout`.
    layouts : sequence of Layout
        The layouts looked for, instead of `columns`; the first that fits is taken.
    sheet : str, optional
        Name of the sheet of a workbook; by default the one that has the required columns.
    parts : sequence of str
        Names of sheets that only give in detail what another one holds: left out beside it, and told.
    ragged : {"error", "skip"}
        Whether a row with more cells than the header, or without a required cell, is an error or is
        left out and logged.
    log : ReadingLog, optional
        Where to note what happened.

    Returns
    -------
    pandas.DataFrame
        Text cells; empty is missing; the index ``line`` is the line of the file (1 is the first).
        ``.attrs`` has ``file``, ``layout`` and ``headers`` (wanted name -> name in the file).

    Raises
    ------
    TableError
        No such file, not a table, required columns missing, or ragged rows: file, line and column
        are named.
    """
    looked_for = tuple(layouts) or (Layout("table", columns, tuple(required), others),)
    tables = list(read_chunks(path, layouts=looked_for, sheet=sheet, parts=parts, ragged=ragged, log=log))
    filled = [table for table in tables if len(table)] or tables[:1]
    table = pd.concat(filled) if len(filled) > 1 else filled[0]
    table.attrs.update(tables[0].attrs)
    return table


def read_chunks(
    path: str | Path,
    *,
    layouts: Sequence[Layout],
    sheet: str | None = None,
    parts: Sequence[str] = (),
    ragged: Ragged = "error",
    log: ReadingLog | None = None,
    size: int = _CHUNK_ROWS,
) -> Iterator[pd.DataFrame]:
    """Read a table as `read_table` does, in pieces of `size` rows: for workbooks of a million rows."""
    log = ReadingLog() if log is None else log
    sheets = open_sheets(path, sheet)
    source = _choose(sheets, layouts, parts, log)
    header = _Header.find(source, layouts, sheets)
    total = 0
    below = itertools.dropwhile(lambda row: row.number <= header.line, source.rows())
    for piece in _with_progress(_pieces(below, size), source.file):
        body = header.regular_rows(piece, ragged=ragged, log=log)
        total += len(piece)
        yield header.table(body)
    if not total:
        log.header_alone(source.file, header.line)
        yield header.table([])
    log.opened(source.file, form=source.form, rows=total)


def _choose(sheets: Sequence[Sheet], layouts: Sequence[Layout], parts: Sequence[str], log: ReadingLog) -> Sheet:
    """Return the sheet, or the cut of a text file, that has the columns looked for; else the likeliest one."""
    found: list[Sheet] = []
    for layout in (layout for layout in layouts if layout.required):
        # The layouts are in order of preference: INSEE puts communes and EPCI in two sheets of one book.
        found = found or [sheet for sheet in sheets if any(layout.fits(names) for _, names in _first_names(sheet))]
    found = [sheet for sheet in found if not sheet.hidden] or found
    if len(found) > 1 and not sheets[0].separator:
        whole = [sheet for sheet in found if sheet.name.strip().upper() not in parts]
        if len(whole) != 1:
            raise several_sheets(found)
        for sheet in found:
            if sheet is not whole[0]:
                log.add("noted", "sheet_not_read", file=sheet.title)
        return whole[0]
    return found[0] if found else sheets[0]


def _first_names(sheet: Sheet) -> list[tuple[int, list[str]]]:
    rows = itertools.takewhile(lambda row: row.number <= _HEADER_WITHIN, sheet.top)
    return [(row.number, [" ".join(_cell_text(cell).split()) for cell in row.cells]) for row in rows]


def _with_progress(pieces: Iterator[list[tuple[int, Cells]]], file: str) -> Iterator[list[tuple[int, Cells]]]:
    """Show how many rows were read, once there is more than one piece."""
    first = next(pieces, None)
    if first is None:
        return
    yield first
    second = next(pieces, None)
    if second is None:
        return
    with progress(desc=file, initial=len(first), unit=" lignes", delay=_SHOW_AFTER) as bar:
        for piece in itertools.chain([second], pieces):
            yield piece
            bar.update(len(piece))


def _pieces(rows: Iterator[Row], size: int) -> Iterator[list[tuple[int, Cells]]]:
    piece: list[tuple[int, Cells]] = []
    for line, cells in rows:
        piece.append((line, [cell if type(cell) is str else _cell_text(cell) for cell in cells]))
        if len(piece) == size:
            yield piece
            piece = []
    if piece:
        yield piece


@dataclass(frozen=True)
class _Header:
    """The header row of a table and the places of the wanted columns."""

    file: str
    layout: str
    names: tuple[str, ...]
    places: Mapping[str, int]
    needed: int
    comma: bool
    line: int

    @classmethod
    def find(cls, source: Sheet, layouts: Sequence[Layout], sheets: Sequence[Sheet]) -> _Header:
        """Find the header among the first rows: the first one that has all that a layout requires."""
        first = _first_names(source)
        for line, names in first:
            for layout in layouts:
                wide_enough = layout.required or sum(bool(name) for name in names) > 1
                if wide_enough and layout.fits(names):
                    if layout.elsewhere:
                        raise NoLayoutError([f"{source.file}, line {line}: {layout.name}. {advice([source])}"])
                    return cls._checked(source, names, layout, line)
        problem = _missing_columns(source.file, first, layouts)
        raise NoLayoutError([problem if len(layouts) == 1 else f"{problem}. {advice(sheets)}"])

    @classmethod
    def _checked(cls, source: Sheet, names: Sequence[str], layout: Layout, line: int) -> _Header:
        places = places_of(names, layout.columns)
        keys = [_dialect.plain_key(name) for name in names]
        doubled = [place for place in places.values() if keys.count(keys[place]) > 1]
        if doubled:
            raise TableError([f"{source.file}: the header has column {names[doubled[0]]!r} twice; rename one"])
        if layout.columns is not None and layout.others:
            taken = set(places.values())
            places |= {name: i for i, name in enumerate(names) if name and i not in taken}
        needed = 1 + max((places[name] for name in layout.required), default=-1)
        return cls(source.file, layout.name, tuple(names), places, needed, source.separator == ",", line)

    def regular_rows(
        self, rows: list[tuple[int, Cells]], *, ragged: Ragged, log: ReadingLog
    ) -> list[tuple[int, Cells]]:
        """Return the rows that fit the header; the others are refused, with their lines."""
        width = len(self.names)
        rows = self._without_notes(rows, log)
        longer = [(line, cells) for line, cells in rows if len(cells) > width]
        # A separator at the end of every row is a habit of exporters; a cell too many is a shift.
        harmless = all(not any(cells[width:]) for _, cells in longer) and (
            len({len(cells) for _, cells in rows}) == 1 or not self.comma
        )
        if harmless and not any(self.comma and _decimal_comma(cells) is not None for _, cells in longer):
            longer = []
        shorter = [(line, cells) for line, cells in rows if len(cells) < self.needed]
        if (longer or shorter) and ragged == "error":
            raise TableError(self._problems(longer, shorter))
        for why, bad in (("too_many_cells", longer), ("too_few_cells", shorter)):
            raw = pd.Series([" | ".join(cells) for _, cells in bad], index=[line for line, _ in bad], dtype="str")
            log.add_rows("refused", why, file=self.file, raw=raw)
        refused = {line for line, _ in longer} | {line for line, _ in shorter}
        log.dropped(self.file, len(refused))
        kept = [(line, cells) for line, cells in rows if line not in refused] if refused else rows
        partial = [line for line, cells in kept if len(cells) < width]
        if partial and len(partial) < len(kept) and not self.file.endswith((".xlsx", ".xlsm")):
            raw = pd.Series("", index=partial, dtype="str")
            log.add_rows("noted", "cells_not_written", file=self.file, raw=raw)
        return kept

    def _without_notes(self, rows: list[tuple[int, Cells]], log: ReadingLog) -> list[tuple[int, Cells]]:
        """Leave out the last rows when they have one cell, such as the source that is written under a table."""
        end = len(rows)
        while end and self._is_note(rows[end - 1][1]):
            end -= 1
        notes = pd.Series({line: " ".join(cells).strip() for line, cells in rows[end:]}, dtype="str")
        log.add_rows("refused", "note", file=self.file, raw=notes)
        log.dropped(self.file, len(notes))
        return rows[:end]

    def _is_note(self, cells: Cells) -> bool:
        return _FEW_COLUMNS < self.needed > len(cells) and sum(bool(cell.strip()) for cell in cells) == 1

    def _problems(self, longer: Sequence[tuple[int, Cells]], shorter: Sequence[tuple[int, Cells]]) -> list[str]:
        problems = []
        width = len(self.names)
        if longer:
            line, cells = longer[0]
            place = _decimal_comma(cells) if self.comma else None
            hint = "quote the cells that hold the separator"
            if place is not None and place < width:
                shown = f"{cells[place]},{cells[place + 1]}"
                hint = (
                    f"column {self.names[place]!r} of line {line} reads {shown!r}: a decimal comma that is "
                    "not quoted, in a comma-separated file. Export the file with ';' or quote its amounts"
                )
            lines = enumerate_rows([number for number, _ in longer]).replace("row", "line", 1)
            problems.append(f"{self.file}, {lines}: {len(cells)} cells where the header has {width}; {hint}")
        if shorter:
            line, cells = shorter[0]
            lines = enumerate_rows([number for number, _ in shorter]).replace("row", "line", 1)
            problems.append(
                f"{self.file}, {lines}: {len(cells)} cells, so that column {self.names[self.needed - 1]!r} "
                "is missing; a line break inside a cell that is not quoted does this"
            )
        return problems

    def table(self, rows: Sequence[tuple[int, Cells]]) -> pd.DataFrame:
        """Return the wanted columns of regular rows."""
        columns = {
            name: [cells[place].strip() or None if place < len(cells) else None for _, cells in rows]
            for name, place in self.places.items()
        }
        index = pd.Index([line for line, _ in rows], name="line", dtype="int64")
        table = pd.DataFrame(columns, index=index, dtype="str")
        headers = {name: self.names[place] for name, place in self.places.items()}
        table.attrs.update(file=self.file, layout=self.layout, headers=headers)
        return table


def _decimal_comma(cells: Sequence[str]) -> int | None:
    """Return the place of a number whose cents stand in the next cell, if there is one."""
    for place, (whole, cents) in enumerate(itertools.pairwise(cells)):
        if _WHOLE_PART.match(whole.strip()) and _CENTS.match(cents.strip()):
            return place
    return None


def _missing_columns(file: str, first: Sequence[tuple[int, Cells]], layouts: Sequence[Layout]) -> str:
    """Say which columns are missing for the layout that comes nearest, and which are there."""
    if not first:
        return f"{file} has no rows"

    def score(row: tuple[int, Cells], layout: Layout) -> tuple[int, int]:
        places = places_of(row[1], layout.columns)
        return (sum(name in places for name in layout.required), sum(bool(cell) for cell in row[1]))

    (line, names), layout = max(((row, layout) for row in first for layout in layouts), key=lambda pair: score(*pair))
    there = [name for name in names if name]
    shown = f"Columns there: {enumerate_values(there, shown=20)}"
    missing = [name for name in layout.required if name not in places_of(names, layout.columns)]
    if not missing:
        return f"{file}, line {line}: a table needs a header of two columns or more. {shown}"
    near = nearest(missing[0], there)
    hint = f" Did you mean {near!r}?" if near else ""
    known = "" if len(layouts) == 1 else f" (nearest known layout: {layout.name})"
    if len(missing) == len(layout.required) > 1:
        return f"{file}, line {line}: no known column in the header. {shown}"
    return f"{file}, line {line}: no column {enumerate_values(missing)} in the header{known}.{hint} {shown}"


def _cell_text(value: object) -> str:
    """Return a typed cell as the text that a CSV file would hold."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, str):
        return "" if value in _SPREADSHEET_ERRORS else value
    if isinstance(value, bool):
        return "OUI" if value else "NON"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime):
        whole_day = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if whole_day else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)
