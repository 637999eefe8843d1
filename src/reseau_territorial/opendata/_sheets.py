"""Opening the files that producers publish: every format comes out as sheets of rows, read as often as needed.

Nothing is interpreted here. A row keeps the number that a text editor (CSV) or a spreadsheet shows;
a record of a JSON or XML file keeps its rank. Rows are read anew at each pass: a file of a million
rows takes the memory of the rows that its reader keeps.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from reseau_territorial import _dialect, _encodings
from reseau_territorial.errors import TableError, enumerate_values, nearest
from reseau_territorial.opendata import _xlsx
from reseau_territorial.opendata._content import Content, open_content
from reseau_territorial.opendata._records import json_lines, parse_json, parse_xml, records_in, shape_of, xml_records
from reseau_territorial.opendata._workbooks import open_workbook

__all__ = ["Row", "Sheet", "open_sheets", "several_sheets"]

_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_TOP_ROWS: Final = 60
_PARQUET_ROWS: Final = 20_000
_MANY_LINES: Final = 6
_FEW_COLUMNS: Final = 3
_REGULAR: Final = 0.9
_END: Final = "\ue000end\ue000"
_EXPECTED_JSON: Final = (
    "A list of objects is expected, at the top or under a key such as 'marches', 'features', 'results' or 'data'"
)
_LONGEST_CELL: Final = 1 << 28


class Row(NamedTuple):
    """One row of cells and its place in the file."""

    number: int
    cells: Sequence[Any]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A block of rows: a text file, one sheet of a workbook, or the records of a JSON or XML file.

    Attributes
    ----------
    file, name : str
        Name of the file, and of the sheet (``""`` when the file has only one).
    unit : str
        What the number of a row counts: ``"line"``, ``"row"`` or ``"record"``.
    form : str
        How the file is written, for the report: encoding and separator, or format.
    hidden : bool
        Whether the spreadsheet hides the sheet: it is read when no other one is known.
    separator : str
        Character between cells of a text file, ``""`` otherwise.
    maybe_cut : bool
        Whether the last line has no end: the file may have been cut there.
    merged : callable
        Returns the cells of a workbook that stand for several rows: their column, first row and last row.
    rows : callable
        Returns the rows that are not empty, from the first one. The first row of records (number 0) holds
        the names of the fields.
    """

    file: str
    name: str = ""
    unit: str = "row"
    form: str = ""
    separator: str = ""
    hidden: bool = False
    maybe_cut: bool = False
    merged: Callable[[], Collection[tuple[int, int, int]]] = tuple
    rows: Callable[[], Iterator[Row]]

    @cached_property
    def top(self) -> tuple[Row, ...]:
        """The first rows, among which the header is."""
        return tuple(islice(self.rows(), _TOP_ROWS))

    @property
    def title(self) -> str:
        """The file, and the sheet when there are several."""
        return f"{self.file} [{self.name}]" if self.name else self.file

    def place(self, number: int, column: str | None = None) -> str:
        """Write a place for a message: the file, the line and the column."""
        column_text = f", column {column!r}" if column else ""
        return f"{self.title}, {self.unit} {number}{column_text}"


def open_sheets(path: str | Path, sheet: str | None = None) -> list[Sheet]:
    """Open a file as sheets of rows, whatever its format.

    Parameters
    ----------
    path : str or Path
        CSV, TSV, xlsx, xls, xlsb, ods, Parquet, JSON, JSON lines, GeoJSON or XML, plain, ``.gz`` or alone in a zip.
    sheet : str, optional
        The only sheet to open, when the file is a workbook.

    Returns
    -------
    list of Sheet
        One per sheet of a workbook that is not empty; one for any other file. A text file is cut by
        each separator that cuts it at all, the likeliest first: the caller keeps the cut whose header it knows.

    Raises
    ------
    TableError
        The file is missing, empty, damaged or of another format, or the workbook has no such sheet.
    """
    content = open_content(path)
    match content.kind:
        case "parquet":
            sheets = [_parquet(content)]
        case "workbook":
            sheets = _chosen(_workbook(content), sheet)
        case "json":
            sheets = [_sheet_of_records(content.name, "json", _json_records(content))]
        case "xml":
            sheets = [_sheet_of_records(content.name, "xml", xml_records(parse_xml(content.name, content.read())))]
        case "text":
            sheets = _text_sheets(content)
    filled = [sheet for sheet in sheets if sheet.top]
    if not filled:
        from reseau_territorial.opendata._advice import advice  # knows the readers, which open their files here

        raise TableError([f"{content.name} has no rows. {advice([])}"])
    return filled


def several_sheets(found: Sequence[Sheet]) -> TableError:
    """Return the refusal of a workbook several sheets of which could be what is read: each is a part, or a copy."""
    held = enumerate_values([sheet.name for sheet in found], shown=12)
    act = f"choose one, sheet={found[-1].name!r}, or save it as a workbook of its own"
    return TableError([f"{found[0].file}: several sheets have the columns looked for ({held}); {act}"])


# Text ---------------------------------------------------------------------------------------------------


def _text_sheets(content: Content) -> list[Sheet]:
    if content.name.casefold().endswith(".md"):
        raise TableError([f"{content.name} is a text in Markdown, not a table"])
    _encodings.refuse_other_files(content.start, file=content.name)
    encoding = _encodings.find_encoding(content.blocks, file=content.name)

    def as_written() -> Iterator[str]:
        for text in _encodings.decode_blocks(content.blocks(), encoding, file=content.name):
            yield from io.StringIO(text, newline="")

    folded_at = _folded_at(as_written())
    lines = partial(_unfolded, as_written, folded_at) if folded_at else as_written
    text = "".join(islice(lines(), 400))
    likely = _dialect.find_separator(text)
    others = [separator for separator in _dialect.SEPARATORS if separator in text and separator != likely]
    calm, last = True, ""
    for last in lines():
        # Quotation marks in pairs on each line can hide no line break.
        calm = calm and not last.count('"') % 2
    sheets, problems = [], []
    for separator in (likely, *others):
        sheet = _text_sheet(content.name, encoding, separator, lines, calm=calm, cut=not last.endswith(("\n", "\r")))
        try:
            sheets += [sheet] if sheet.top else []
        except TableError as error:
            problems.append(error)
    if problems and not sheets:
        raise problems[0]
    return sheets


def _folded_at(lines: Iterable[str]) -> str:
    """Return the separator of a spreadsheet that kept each row of another one whole in its first column, or ``""``.

    A comma-separated file that a French spreadsheet opens and saves again: the header ends with ``;;``,
    and a row is cut where a semicolon stood in a text.
    """
    top = [line.rstrip() for line in islice(lines, _TOP_ROWS) if line.strip()]
    for separator, other in ((";", ","), (",", ";")):
        held = [line.partition(separator)[0].count(other) >= _FEW_COLUMNS for line in top]
        alone = bool(top) and separator not in top[0].rstrip(separator)
        if alone and top[0].endswith(separator) and held[0] and sum(held) > _REGULAR * len(held):
            return separator
    return ""


def _unfolded(lines: Callable[[], Iterator[str]], separator: str) -> Iterator[str]:
    """Return the lines that a spreadsheet kept in its first column, and cut at its own separator."""
    for line in lines():
        cells = next(csv.reader([line], delimiter=separator), [])
        yield separator.join(cells).rstrip(separator) + line[len(line.rstrip("\r\n")) :]


def _text_sheet(
    file: str, encoding: str, separator: str, lines: Callable[[], Iterator[str]], *, calm: bool, cut: bool
) -> Sheet:
    quoting: list[bool] = [True] if calm else []

    def rows() -> Iterator[Row]:
        if not quoting:
            quoting.append(_are_quoted(lines, separator, file))
        return _cut(lines(), separator, quoted=quoting[0], file=file)

    shown = "tab" if separator == "\t" else separator
    form = f"{encoding} {shown}"
    return Sheet(file=file, unit="line", form=form, separator=separator, maybe_cut=cut, rows=rows)


def _are_quoted(lines: Callable[[], Iterator[str]], separator: str, file: str) -> bool:
    """Say whether quotation marks hold cells, or are letters: the reading whose rows are the more regular."""
    quoted = _Shape.of(lines, separator, quoted=True)
    if quoted.swallowed < _MANY_LINES and not quoted.doubt:
        return True
    bare = _Shape.of(lines, separator, quoted=False)
    if quoted.doubt and bare.regular < _REGULAR * bare.rows:
        problem = f"{quoted.doubt}; double the quotation marks inside a cell, or close the open one"
        raise TableError([f"{file}, line {quoted.line}: {problem}"])
    return not quoted.doubt and quoted.regular >= bare.regular


@dataclass(frozen=True, kw_only=True)
class _Shape:
    """How a reading of a text looks: its rows, those of the usual width, the most line breaks in one cell.

    ``doubt`` says why quotation marks cannot be trusted, from the row of line ``line``: they hold whole rows, or
    the last one is never closed.
    """

    rows: int
    regular: int
    swallowed: int
    doubt: str
    line: int

    @classmethod
    def of(cls, lines: Callable[[], Iterator[str]], separator: str, *, quoted: bool) -> _Shape:
        widths: Counter[int] = Counter()
        swallowed, doubt, line = 0, "", 0
        last = Row(0, [])
        for row in _cut(chain(lines(), ["\n", _END]), separator, quoted=quoted, file=""):
            if last.cells:
                widths[len(last.cells)] += 1
                broken = [cell for cell in last.cells if "\n" in cell]
                swallowed = max([swallowed, *(cell.count("\n") for cell in broken)])
                if not doubt and any(cell.count(separator) >= len(last.cells) - 1 >= _FEW_COLUMNS for cell in broken):
                    doubt, line = "a quotation mark opens a cell that holds whole lines", last.number
            last = row
        if last.cells != [_END]:
            doubt, line = doubt or "a quotation mark is never closed", line or last.number
        return cls(
            rows=widths.total(), regular=max(widths.values(), default=0), swallowed=swallowed, doubt=doubt, line=line
        )


def _cut(lines: Iterable[str], separator: str, *, quoted: bool, file: str) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE)
    start = 1
    try:
        for cells in reader:
            if len(cells) == 1 and quoted and cells[0].count(separator) >= _FEW_COLUMNS:
                # A spreadsheet that kept each row in one cell quotes those that hold quotation marks, or all.
                whole = [*csv.reader(io.StringIO(cells[0], newline=""), delimiter=separator)]
                cells = whole[0] if len(whole) == 1 else cells
            if any(cells) and any(map(str.strip, cells)):
                yield Row(start, cells)
            start = reader.line_num + 1
    except csv.Error as error:
        raise TableError([f"{file}, line {start}: {error}"]) from error


# Workbooks, Parquet, records --------------------------------------------------------------------------------


def _workbook(content: Content) -> list[Sheet]:
    file = content.name
    try:
        if not content.start.startswith(_OLD_EXCEL) and _is_xlsx(content):
            book = _xlsx.Workbook.of(content.archive)
            return [
                replace(
                    _sheet_of_rows(file, name, "xlsx", partial(book.rows, name), name in book.hidden),
                    merged=partial(book.merged, name),
                )
                for name in book.sheets
            ]
    except (zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise TableError(
            [f"{file} cannot be read as a workbook: {error}. It was cut short or damaged: download it again"]
        ) from error
    sheets = open_workbook(file, content.read())
    form = "xls" if content.start.startswith(_OLD_EXCEL) else "ods"
    return [
        replace(
            _sheet_of_rows(file, sheet.name, form, partial(iter, sheet.rows), sheet.hidden),
            merged=partial(frozenset, sheet.merged),
        )
        for sheet in sheets
    ]


def _chosen(sheets: list[Sheet], name: str | None) -> list[Sheet]:
    """Return the sheet of a workbook that is asked for, or all of them."""
    chosen = sheets if name is None else [sheet for sheet in sheets if sheet.name == name]
    if not chosen:
        names = [sheet.name for sheet in sheets]
        near = nearest(str(name), names)
        hint = f" Did you mean {near!r}?" if near else ""
        problem = f"{sheets[0].file} has no sheet named {name!r}.{hint}"
        raise TableError([f"{problem} Its sheets: {enumerate_values(names, shown=12)}"])
    return chosen


def _is_xlsx(content: Content) -> bool:
    with content.archive() as archive:
        return "xl/workbook.xml" in archive.namelist()


def _sheet_of_rows(
    file: str, name: str, form: str, read: Callable[[], Iterator[tuple[int, list[Any]]]], hidden: bool
) -> Sheet:
    def rows() -> Iterator[Row]:
        return (Row(line, cells) for line, cells in read() if cells)

    return Sheet(file=file, name=name, form=form, hidden=hidden, rows=rows)


def _json_records(content: Content) -> Sequence[Mapping[str, Any]]:
    lines = json_lines(content.name, content.blocks)
    if lines is not None:
        return list(lines)
    document = parse_json(content.name, content.read())
    records = records_in(document)
    if not records:
        raise TableError([f"{content.name} has no records: it is {shape_of(document)}. {_EXPECTED_JSON}"])
    return records


def _parquet(content: Content) -> Sheet:
    import pyarrow.parquet

    def rows() -> Iterator[Row]:
        with content.open() as stream:
            file = pyarrow.parquet.ParquetFile(stream)
            yield Row(0, file.schema_arrow.names)
            number = 0
            for batch in file.iter_batches(_PARQUET_ROWS):
                columns = [_cells_of(column) for column in batch.columns]
                for number, cells in enumerate(zip(*columns, strict=True), start=number + 1):  # noqa: B020
                    yield Row(number, cells)

    return Sheet(file=content.name, unit="record", form="parquet", rows=rows)


def _cells_of(column: Any) -> list[Any]:
    """Return the cells of a column of a Parquet file, a list or an object as its JSON."""
    cells: list[Any] = column.to_pylist()
    if column.type.num_fields == 0:
        return cells
    return [None if cell is None else json.dumps(cell, ensure_ascii=False, default=str) for cell in cells]


def _flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record whose fields cells can hold: those of an object as ``acheteur.id``, a list as its JSON."""
    flat: dict[str, Any] = {}
    for name, value in record.items():
        inside = value.items() if isinstance(value, Mapping) else ()
        parts = {f"{name}.{part}": held for part, held in inside} if inside else {name: value}
        flat |= {
            part: json.dumps(held, ensure_ascii=False) if isinstance(held, dict | list) else held
            for part, held in parts.items()
        }
    return flat


def _sheet_of_records(file: str, form: str, records: Sequence[Mapping[str, Any]]) -> Sheet:
    """Make a sheet of records; the first row holds the names of all fields, in order of appearance."""
    records = [_flat(record) for record in records]
    fields = list(dict.fromkeys(field for record in records for field in record))

    def rows() -> Iterator[Row]:
        if records:
            yield Row(0, fields)
        for rank, record in enumerate(records, start=1):
            yield Row(rank, [record.get(field) for field in fields])

    return Sheet(file=file, unit="record", form=form, rows=rows)
