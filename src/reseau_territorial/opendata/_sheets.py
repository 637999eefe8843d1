"""Cells of the files that producers publish, with the place of each row: CSV, workbooks, JSON, XML.

Nothing is interpreted here. A row keeps the number that a text editor (CSV) or a spreadsheet shows;
a record of a JSON or XML file keeps its rank.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from xml.etree import ElementTree

from reseau_territorial._dialect import decode, read_bytes
from reseau_territorial.errors import TableError

__all__ = ["Row", "Sheet", "parse_json", "parse_xml", "read_content", "read_sheets", "records_in"]

SEPARATORS: Final = (";", ",", "\t", "|")
_READABLE: Final = (".csv", ".tsv", ".txt", ".json", ".geojson", ".xml", ".xlsx", ".xlsm", ".ods")
_ODS_SPACES: Final = "urn:oasis:names:tc:opendocument:xmlns:"
_MOST_REPEATS: Final = 4096
_MANY_LINES: Final = 6


@dataclass(frozen=True, slots=True)
class Row:
    """One row of cells and its place in the file."""

    number: int
    cells: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A block of rows: a text file, one sheet of a workbook, or the records of a JSON or XML file.

    Attributes
    ----------
    file, name : str
        Name of the file, and of the sheet (``""`` when the file has only one).
    unit : str
        What the number of a row counts: ``"line"``, ``"row"`` or ``"record"``.
    rows : tuple of Row
        The first row of a JSON or XML sheet (number 0) holds the names of the fields.
    separator : str
        Character between cells of a text file, ``""`` otherwise.
    """

    file: str
    name: str
    unit: str
    rows: tuple[Row, ...]
    separator: str = ""

    @property
    def title(self) -> str:
        """The file, and the sheet when there are several."""
        return f"{self.file} [{self.name}]" if self.name else self.file

    def place(self, number: int, column: str | None = None) -> str:
        """Write a place for a message: the file, the line and the column."""
        column_text = f", column {column!r}" if column else ""
        return f"{self.title}, {self.unit} {number}{column_text}"


def read_content(path: str | Path) -> tuple[str, bytes]:
    """Return the name and the bytes of a file, unpacked when it is a ``.gz`` or a zip of one data file.

    Raises
    ------
    TableError
        The file is missing, empty, or a zip that holds no or several data files.
    """
    place = Path(path)
    content = read_bytes(place)
    name = place.name.removesuffix(".gz")
    if not content.startswith(b"PK\x03\x04"):
        return name, content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.namelist()
        if "[Content_Types].xml" in members or "mimetype" in members:
            return name, content
        inside = [member for member in members if Path(member).suffix.lower() in _READABLE]
        if len(inside) != 1:
            message = f"{place.name} is a zip archive with {len(inside)} data files; unpack it and give one of them"
            raise TableError([message])
        return Path(inside[0]).name, archive.read(inside[0])


def read_sheets(path: str | Path) -> list[Sheet]:
    """Read a file as blocks of cells, whatever its format.

    Parameters
    ----------
    path : str or Path
        CSV, TSV, xlsx, ods, Parquet, JSON, GeoJSON or XML, plain, ``.gz`` or alone in a zip.

    Returns
    -------
    list of Sheet
        One per sheet of a workbook that is not empty; one for any other file. A text file is cut by
        each separator that cuts it at all: the caller keeps the cut whose header it knows.

    Raises
    ------
    TableError
        The file is missing, empty, damaged or of another format.
    """
    name, content = read_content(path)
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if content.startswith(b"PAR1"):
        sheets = [_read_parquet(name, content)]
    elif content.startswith(b"PK\x03\x04"):
        sheets = _read_ods(name, content) if b"opendocument" in content[:200] else _read_xlsx(name, content)
    elif start in (b"{", b"["):
        sheets = [sheet_of_records(name, records_in(parse_json(name, content)))]
    elif start == b"<":
        sheets = [sheet_of_records(name, _xml_records(parse_xml(name, content)))]
    else:
        sheets = _read_text(name, content)
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        raise TableError([f"{name} holds no row"])
    return filled


def _read_text(name: str, content: bytes) -> list[Sheet]:
    text, _ = decode(content, file=name)
    cuts = [separator for separator in SEPARATORS if separator in text] or [","]
    return [
        Sheet(file=name, name="", unit="line", separator=separator, rows=tuple(_cut(text, separator, name)))
        for separator in cuts
    ]


def _cut(text: str, separator: str, name: str) -> list[Row]:
    """Cut a text into rows; quotation marks that swallow lines are read as letters if rows are then regular."""
    rows = list(_records(text, separator, name, csv.QUOTE_MINIMAL))
    swallowed = max((str(cell).count("\n") for row in rows for cell in row.cells), default=0)
    if swallowed < _MANY_LINES:
        return rows
    bare = list(_records(text, separator, name, csv.QUOTE_NONE))
    return max((rows, bare), key=_regular)


def _regular(rows: Sequence[Row]) -> int:
    """Return how many rows have the most usual width."""
    return max(Counter(len(row.cells) for row in rows).values(), default=0)


def _records(text: str, separator: str, name: str, quoting: Literal[0, 3]) -> Iterator[Row]:
    longest = csv.field_size_limit(len(text) + 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting)
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Row(start, tuple(cells))
            start = reader.line_num + 1
    except csv.Error as error:
        raise TableError([f"{name}, line {start}: {error}"]) from error
    finally:
        csv.field_size_limit(longest)


def _read_parquet(name: str, content: bytes) -> Sheet:
    import pyarrow.parquet

    return sheet_of_records(name, pyarrow.parquet.read_table(io.BytesIO(content)).to_pylist())


def _read_xlsx(name: str, content: bytes) -> list[Sheet]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise TableError([f"{name} cannot be read as a workbook: {error}"]) from error
    try:
        return [
            Sheet(file=name, name=page.title, unit="row", rows=tuple(_filled(page.iter_rows(values_only=True))))
            for page in book.worksheets
        ]
    finally:
        book.close()


def _filled(rows: Iterable[Sequence[Any]]) -> Iterator[Row]:
    for number, cells in enumerate(rows, start=1):
        if any(cell is not None and cell != "" for cell in cells):
            yield Row(number, tuple(cells))


def _read_ods(name: str, content: bytes) -> list[Sheet]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        document = parse_xml(name, archive.read("content.xml"))
    tables = document.iter(f"{{{_ODS_SPACES}table:1.0}}table")
    key = f"{{{_ODS_SPACES}table:1.0}}name"
    return [Sheet(file=name, name=table.get(key, ""), unit="row", rows=tuple(_ods_rows(table))) for table in tables]


def _ods_rows(table: ElementTree.Element) -> Iterator[Row]:
    space = f"{{{_ODS_SPACES}table:1.0}}"
    number = 1
    for row in table.iter(f"{space}table-row"):
        cells: list[Any] = []
        for cell in row:
            if cell.tag in (f"{space}table-cell", f"{space}covered-table-cell"):
                repeats = int(cell.get(f"{space}number-columns-repeated", "1"))
                cells += [_ods_value(cell)] * min(repeats, _MOST_REPEATS)
        while cells and cells[-1] is None:
            cells.pop()
        repeated = int(row.get(f"{space}number-rows-repeated", "1"))
        if cells:
            yield from (Row(number + step, tuple(cells)) for step in range(repeated))
        number += repeated


def _ods_value(cell: ElementTree.Element) -> Any:
    space = f"{{{_ODS_SPACES}office:1.0}}"
    kind = cell.get(f"{space}value-type")
    if kind in ("float", "currency", "percentage"):
        return float(cell.get(f"{space}value", "nan"))
    if kind == "date":
        return cell.get(f"{space}date-value")
    paragraphs = cell.findall(f"{{{_ODS_SPACES}text:1.0}}p")
    text = "\n".join("".join(paragraph.itertext()) for paragraph in paragraphs)
    return text or None


def parse_json(name: str, content: bytes) -> Any:
    """Return the value of a JSON file.

    Raises
    ------
    TableError
        With the line and the column where the text stops being JSON.
    """
    text, _ = (content.decode("utf-8-sig"), "") if _is_utf8(content) else (content.decode("cp1252"), "")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        message = f"{name}, line {error.lineno}, column {error.colno}: this is not JSON ({error.msg})"
        raise TableError([message]) from error


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def parse_xml(name: str, content: bytes) -> ElementTree.Element:
    """Return the root of an XML file; one that declares entities is refused, for safety.

    Raises
    ------
    TableError
        With the line where the text stops being XML.
    """
    if b"<!ENTITY" in content or b"<!DOCTYPE" in content[:2000]:
        raise TableError([f"{name} declares XML entities; it is a web page or an unsafe file, not data"])
    try:
        return ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        line, column = error.position
        raise TableError([f"{name}, line {line}, column {column}: this is not XML ({error})"]) from error


def records_in(document: Any) -> list[Mapping[str, Any]]:
    """Return the records of a JSON document: a list of objects, GeoJSON features, or a list inside.

    A feature gives its properties, and ``geometry:longitude`` and ``geometry:latitude`` for a point.
    """
    if isinstance(document, Mapping):
        if isinstance(document.get("features"), list):
            return [_feature(feature) for feature in document["features"]]
        lists = [value for value in document.values() if _is_records(value)]
        document = max(lists, key=len, default=[])
    if not _is_records(document):
        return []
    return [record.get("fields", record) if "recordid" in record else record for record in document]


def _is_records(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _feature(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    record = dict(feature.get("properties") or {})
    geometry = feature.get("geometry") or {}
    if geometry.get("type") == "Point":
        record["geometry:longitude"], record["geometry:latitude"] = geometry["coordinates"][:2]
    return record


def _xml_records(root: ElementTree.Element) -> list[Mapping[str, Any]]:
    """Return the most repeated element whose children are plain values."""
    groups: dict[str, list[ElementTree.Element]] = {}
    for element in root.iter():
        if len(element) > 1 and not any(len(child) for child in element):
            groups.setdefault(element.tag, []).append(element)
    best = max(groups.values(), key=len, default=[])
    return [{child.tag.rpartition("}")[2]: child.text for child in element} for element in best]


def sheet_of_records(name: str, records: Sequence[Mapping[str, Any]]) -> Sheet:
    """Make a sheet of records; the first row holds the names of all fields, in order of appearance."""
    fields = list(dict.fromkeys(field for record in records for field in record))
    rows = [Row(0, tuple(fields))] if records else []
    rows += [Row(rank, tuple(record.get(field) for field in fields)) for rank, record in enumerate(records, start=1)]
    return Sheet(file=name, name="", unit="record", rows=tuple(rows))
