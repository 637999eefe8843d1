"""The rows of a sheet as a table of known fields: only the wanted cells are kept, piece by piece."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

import pandas as pd

from reseau_territorial._progress import progress
from reseau_territorial.opendata._columns import Cells, Column
from reseau_territorial.opendata._fitting import Fitter, Misfit
from reseau_territorial.opendata._headers import Header, Vocabulary, fold, header_at, suffices
from reseau_territorial.opendata._reading import ReadingLog
from reseau_territorial.opendata._sheets import Row, Sheet

__all__ = ["read_fields"]

_PIECE_ROWS: Final = 10_000


def read_fields(
    sheet: Sheet,
    header: Header,
    vocabulary: Vocabulary,
    log: ReadingLog,
    *,
    title: str = "",
    fields: Sequence[str] | None = None,
    places: Callable[[Header], Mapping[str, Sequence[int]]] | None = None,
    pick: Callable[[Sequence[Any], Sequence[int]], Any] | None = None,
    marks: Mapping[str, Callable[[Sequence[Any]], object]] | None = None,
    column: Callable[[str], Column] = lambda _: Cells(),
) -> pd.DataFrame:
    """Return the known fields of the rows below a header, and note the rows that do not fit.

    A header repeated inside the sheet starts a new block. A row with too many cells is cut again
    when one cut only satisfies every typed field, and is refused otherwise. A merged cell of a workbook
    holds for each of its rows, except an amount, which is one for all. Of columns of the same name the
    first filled one is read, and the rows where they differ are told. Only the fields are kept, packed
    piece by piece.

    Parameters
    ----------
    title : str
        What findings call the file; its name if omitted.
    fields : sequence of str, optional
        Fields that the table must have, missing when the file has them not; by default all of the vocabulary.
    places : callable, optional
        From a header to the columns of each field; by default those of the header.
    pick : callable, optional
        From the cells of a row and the columns of a field to its value; by default the first filled cell.
    marks : mapping of str to callable, optional
        More columns, computed from all cells of a row.
    column : callable
        From a field to the column that keeps it; by default its cells as they are.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``line``: one column per field and per key of `places`, cells as found, empty ones missing.
    """
    title = title or sheet.file
    collector = _Collector(places or (lambda under: under.columns), pick or _first_filled, marks or {}, column)
    fitter = Fitter(header, vocabulary, sheet.separator)
    current = header
    below = _with_progress(islice(sheet.rows(), header.position + 1, None), sheet.file)
    if merged := sheet.merged():
        shared = {name: places for name, places in header.columns.items() if name not in vocabulary.amounts}
        read = {place for places in shared.values() for place in places}
        spans = [span for span in merged if span[0] in read]
        below = _with_merged(below, spans, header, title, log)
    for row in _without_cut(below, fitter.misfits, header) if sheet.maybe_cut else below:
        again = _header_again(row, current, header, vocabulary)
        if again is not None:
            current, fitter = again, Fitter(again, vocabulary, sheet.separator, fitter)
            continue
        cells = fitter.fit(row)
        if cells is not None:
            collector.add(row.number, current, cells)
    table = collector.table([*vocabulary.aliases] if fields is None else fields)
    doubtful = {row.number: row for row, name in fitter.doubtful if name in fitter.habit}
    cut = next(iter(fitter.habit), "")
    misfits = fitter.misfits + [Misfit(row=row, reason="several_cuts", column=cut) for row in doubtful.values()]
    rows = len(table) + sum(not misfit.repaired for misfit in fitter.misfits)
    log.opened(title, form=f"{sheet.form}", rows=rows)
    if not rows:
        log.header_alone(title, sheet.top[header.position].number)
    _tell_misfits(misfits, sheet, title, log)
    for name, texts in collector.differing.items():
        log.add_rows("decided", "repeated_column", file=title, column=name, raw=pd.Series(texts, dtype="object"))
    return table[~table.index.isin(doubtful)] if doubtful else table


def _with_progress(rows: Iterator[Row], file: str) -> Iterator[Row]:
    """Show how many rows were read, when it takes more than two seconds."""
    return iter(progress(rows, desc=file, unit=" lignes", mininterval=0.5, miniters=5000))


def _with_merged(
    rows: Iterator[Row], spans: Collection[tuple[int, int, int]], header: Header, title: str, log: ReadingLog
) -> Iterator[Row]:
    """Give each row the merged cells that it stands under, and note them by column."""
    starts: dict[int, list[tuple[int, int]]] = {}
    for column, first, last in spans:
        starts.setdefault(first, []).append((column, last))
    held: dict[int, tuple[int, Any]] = {}
    given: dict[int, dict[int, Any]] = {}
    for row in rows:
        cells = [*row.cells]
        for column, (last, cell) in held.items():
            if row.number <= last:
                cells += [""] * (column + 1 - len(cells))
                cells[column] = given.setdefault(column, {})[row.number] = cell
        starting = starts.get(row.number, ())
        held |= {column: (last, cells[column]) for column, last in starting if column < len(cells)}
        yield Row(row.number, cells)
    for column, texts in given.items():
        name = header.names[column] if column < len(header.names) else ""
        log.add_rows("repaired", "merged_cell", file=title, column=name, raw=pd.Series(texts, dtype="object"))


def _without_cut(rows: Iterator[Row], misfits: list[Misfit], header: Header) -> Iterator[Row]:
    """Keep back a last row with fewer cells than the one above: its last cell may be half of an amount."""
    above: Row | None = None
    last: Row | None = None
    for row in rows:
        if last is not None:
            yield last
        above, last = last, row
    if last is None:
        return
    if above is not None and len(last.cells) < len(above.cells):
        misfits.append(Misfit(row=last, reason="cut_short", column=header.names[len(last.cells) - 1]))
    else:
        yield last


def _header_again(row: Row, current: Header, first: Header, vocabulary: Vocabulary) -> Header | None:
    """Return the header that a row inside the sheet is, if it is one."""
    if not _may_be_header(row.cells, current, vocabulary):
        return None
    again = header_at(row.number, row.cells, vocabulary)
    enough = len(again.columns) >= max(2, len(first.columns) // 2)
    return again if enough and suffices(again, vocabulary) else None


class _Collector:
    """Gathers the wanted cells of the rows, column by column, in pieces."""

    def __init__(
        self,
        places: Callable[[Header], Mapping[str, Sequence[int]]],
        pick: Callable[[Sequence[Any], Sequence[int]], Any],
        marks: Mapping[str, Callable[[Sequence[Any]], object]],
        column: Callable[[str], Column],
    ) -> None:
        self._places, self._pick, self._marks, self._column = places, pick, marks, column
        self._columns: dict[str, Column] = {}
        self._lines = array("q")
        self._packed = 0
        self._rows: list[Sequence[Any]] = []
        self._header: Header | None = None
        self.differing: dict[str, dict[int, str]] = {}
        """The cells of columns of the same name, by this name and by line, where they differ."""

    def add(self, line: int, header: Header, cells: Sequence[Any]) -> None:
        if self._header is not header or len(self._rows) >= _PIECE_ROWS:
            self._pack()
            self._header = header
        self._lines.append(line)
        self._rows.append(cells)

    def _pack(self) -> None:
        if self._header is not None and self._rows:
            for name, places in self._places(self._header).items():
                self._add(name, [self._pick(row, places) for row in self._rows])
            for name, mark in self._marks.items():
                self._add(name, [mark(row) for row in self._rows])
            for places in _same_names(self._header):
                self._compare(self._header.names[places[0]], places)
            self._packed += len(self._rows)
        self._rows = []

    def _compare(self, name: str, places: Sequence[int]) -> None:
        for line, row in zip(self._lines[self._packed :], self._rows, strict=True):
            texts = [str(row[place]) for place in places if row[place] not in (None, "")]
            if len(set(texts)) > 1:
                self.differing.setdefault(name, {})[line] = " | ".join(texts)

    def _add(self, name: str, cells: list[Any]) -> None:
        if name not in self._columns:
            self._columns[name] = self._column(name)
        column = self._columns[name]
        column.fill(self._packed)  # rows under a header that had not this field
        column.add(cells)

    def table(self, fields: Sequence[str]) -> pd.DataFrame:
        self._pack()
        index = pd.Index(self._lines, name="line", dtype="int64")
        columns: dict[str, pd.Series] = {}
        for name in list(self._columns):
            column = self._columns.pop(name)  # given away: two whole tables never stand side by side
            column.fill(self._packed)
            columns[name] = column.series().set_axis(index)
        missing = [name for name in (*fields, *self._marks) if name not in columns]
        nothing = pd.Series(index=index, dtype="object")  # one for all: copies are made when written to
        return pd.DataFrame(columns, index=index).assign(**dict.fromkeys(missing, nothing))


def _same_names(header: Header) -> list[list[int]]:
    """Return the columns of a field that have the same name."""
    groups: dict[str, list[int]] = {}
    for places in header.columns.values():
        for place in places:
            groups.setdefault(fold(header.names[place]), []).append(place)
    return [places for places in groups.values() if len(places) > 1]


def _first_filled(cells: Sequence[Any], places: Sequence[int]) -> Any:
    for place in places:
        cell = cells[place]
        if cell is not None and cell != "":
            return cell
    return None


def _may_be_header(cells: Sequence[Any], header: Header, vocabulary: Vocabulary) -> bool:
    """Say whether the cells of the amounts, or of all needed columns, are words: a number ends the question."""
    for place in header.needed_by(vocabulary):
        if place < len(cells) and not (isinstance(cells[place], str) and cells[place][:1].isalpha()):
            return False
    return True


def _tell_misfits(misfits: Sequence[Misfit], sheet: Sheet, file: str, log: ReadingLog) -> None:
    """Note the rows that were cut again, and those that were refused, with their place and their text."""
    groups: dict[tuple[str, str, bool], list[Row]] = {}
    for misfit in misfits:
        groups.setdefault((misfit.reason, misfit.column, misfit.repaired), []).append(misfit.row)
    for (reason, column, repaired), rows in groups.items():
        texts = [sheet.separator.join("" if cell is None else str(cell) for cell in row.cells) for row in rows]
        raw = pd.Series(texts, index=[row.number for row in rows], dtype="object")
        log.add_rows("repaired" if repaired else "refused", reason, file=file, column=column, raw=raw)
