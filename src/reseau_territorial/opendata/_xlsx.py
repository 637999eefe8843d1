"""Sheets of a workbook as rows of cells, streamed: a million rows take the memory of one piece.

Written on expat because the workbooks of BANATIC (1.4 GB of XML) take a quarter of an hour elsewhere.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from xml.etree import ElementTree
from xml.parsers import expat
from zipfile import ZipFile

__all__ = ["Workbook"]

_READ_BYTES: Final = 1 << 20
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_COLUMN: Final = re.compile(r"[A-Z]+")
_MERGED: Final = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]+)(\d+):[A-Z]+(\d+)"')
_LONGEST_TAG: Final = 100
_ERROR: Final = "e"
_BOOLEAN: Final = {"1": "OUI", "0": "NON"}
_DATE_FORMATS: Final = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})
_NOT_LETTERS: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\\\.|_.')
_DAY_ZERO: Final = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}

Cell = str | int | float | dt.datetime


@dataclass(frozen=True)
class Workbook:
    """A workbook whose sheets can be read again and again.

    Attributes
    ----------
    sheets : mapping of str to str
        Sheets in their order: name -> file of the archive.
    hidden : frozenset of str
        The sheets that the spreadsheet does not show.
    """

    opened: Callable[[], AbstractContextManager[ZipFile]]
    sheets: Mapping[str, str]
    hidden: frozenset[str] = frozenset()

    @classmethod
    def of(cls, opened: Callable[[], AbstractContextManager[ZipFile]]) -> Workbook:
        """Read what a workbook says of its sheets; `opened` opens its archive, once per reading."""
        with opened() as archive:
            relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
            book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
        elements = {element.get("name", ""): element for element in book.iter() if element.tag.endswith("}sheet")}
        sheets = {name: _member_of(targets[element.get(_RELATION)]) for name, element in elements.items()}
        shown = {name for name, element in elements.items() if element.get("state", "visible") == "visible"}
        return cls(opened, sheets, frozenset(sheets.keys() - shown))

    @cached_property
    def _parts(self) -> tuple[list[str], list[str], dt.datetime]:
        """The texts of the cells, the formats of the numbers, and the first day of the calendar."""
        with self.opened() as archive:
            of_1904 = re.search(rb'date1904="(1|true)"', archive.read("xl/workbook.xml")) is not None
            return _shared_strings(archive), _number_formats(archive), _DAY_ZERO[of_1904]

    def rows(self, sheet: str) -> Iterator[tuple[int, list[Any]]]:
        """Return the rows of a sheet with their numbers, the empty end left out; an empty cell is ``""``.

        A date is a datetime, a number that its format shows with leading zeros is text.
        """
        reader = _SheetReader(*self._parts)
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = reader.start
        parser.EndElementHandler = reader.end
        parser.CharacterDataHandler = reader.text
        with self.opened() as archive, archive.open(self.sheets[sheet]) as stream:
            while content := stream.read(_READ_BYTES):
                parser.Parse(content, False)
                yield from reader.rows
                reader.rows.clear()

    def merged(self, sheet: str) -> set[tuple[int, int, int]]:
        """Return the cells that stand for several rows: their column, their first row and their last one."""
        found: set[tuple[int, int, int]] = set()
        before = b""
        with self.opened() as archive, archive.open(self.sheets[sheet]) as stream:
            while content := stream.read(_READ_BYTES):
                for column, first, last in _MERGED.findall(before + content):
                    if first != last:
                        found.add((_column(column.decode()), int(first), int(last)))
                before = content[-_LONGEST_TAG:]  # a tag may stand across two blocks
        return found


def _member_of(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _shared_strings(archive: ZipFile) -> list[str]:
    """Return the texts that the cells refer to by number; phonetic readings are left out."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    texts: list[str] = []
    parts: list[str] = []
    phonetic = False
    with archive.open("xl/sharedStrings.xml") as stream:
        for event, element in ElementTree.iterparse(stream, events=("start", "end")):
            name = element.tag.rpartition("}")[2]
            if name == "rPh":
                phonetic = event == "start"
            elif event == "end" and name == "t" and not phonetic:
                parts.append(element.text or "")
            elif event == "end" and name == "si":
                texts.append("".join(parts))
                parts.clear()
                element.clear()
    return texts


def _number_formats(archive: ZipFile) -> list[str]:
    """Return what each style makes of a number: ``"date"``, the zeros that it shows (``"00000"``), or nothing."""
    if "xl/styles.xml" not in archive.namelist():
        return []
    root = ElementTree.fromstring(archive.read("xl/styles.xml"))
    codes = {
        int(element.get("numFmtId", "0")): element.get("formatCode", "")
        for element in root.iter()
        if element.tag.endswith("}numFmt")
    }
    styles: Iterable[ElementTree.Element] = next((element for element in root if element.tag.endswith("}cellXfs")), [])
    return [_kind_of_format(int(style.get("numFmtId", "0")), codes) for style in styles]


def _kind_of_format(number: int, codes: Mapping[int, str]) -> str:
    code = codes.get(number, "")
    if number in _DATE_FORMATS or re.search("[dy]", _NOT_LETTERS.sub("", code).split(";")[0], re.IGNORECASE):
        return "date"
    return code if len(code) > 1 and set(code) == {"0"} else ""


@dataclass
class _SheetReader:
    """The state of the reading of a sheet: the row and the cell that are open, the rows that are complete."""

    shared: list[str]
    formats: list[str]
    day_zero: dt.datetime
    rows: list[tuple[int, list[Any]]] = field(default_factory=list)
    _line: int = 0
    _cells: list[Any] = field(default_factory=list)
    _format: str = ""
    _place: int = -1
    _type: str = ""
    _parts: list[str] = field(default_factory=list)
    _inside: bool = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag if ":" not in tag else tag.rpartition(":")[2]
        if name == "c":
            reference = attributes.get("r", "")
            found = _COLUMN.match(reference)
            self._place = _column(found[0]) if found else self._place + 1
            self._type = attributes.get("t", "n")
            style = int(attributes.get("s", "0"))
            self._format = self.formats[style] if style < len(self.formats) else ""
            self._parts.clear()
        elif name in ("v", "t"):
            self._inside = True
        elif name == "row":
            self._line = int(attributes.get("r", self._line + 1))
            self._cells = []
            self._place = -1

    def text(self, content: str) -> None:
        if self._inside:
            self._parts.append(content)

    def end(self, tag: str) -> None:
        name = tag if ":" not in tag else tag.rpartition(":")[2]
        if name in ("v", "t"):
            self._inside = False
        elif name == "c":
            value = self._value("".join(self._parts))
            if value != "":
                self._cells += [""] * (self._place - len(self._cells))
                self._cells.append(value)
        elif name == "row":
            self.rows.append((self._line, self._cells))

    def _value(self, raw: str) -> Cell:
        if self._type == "s":
            return self.shared[int(raw)] if raw else ""
        if self._type == "n":
            return self._number(raw) if raw else ""
        if self._type == "b":
            return _BOOLEAN.get(raw, raw)
        return "" if self._type == _ERROR else raw

    def _number(self, raw: str) -> Cell:
        """Return a number, a date, or a code with its leading zeros; 15 digits at the most are sure in a workbook."""
        value: int | float = int(raw) if raw.isdecimal() else float(f"{float(raw):.15g}")
        if not self._format:
            return value
        if self._format != "date":
            return f"{int(value):0{len(self._format)}d}" if value == int(value) else value
        try:
            return self.day_zero + dt.timedelta(days=value)
        except OverflowError:
            return value


def _column(letters: str) -> int:
    """Return the place of a column from its letters: A is 0, AA is 26."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
