"""Sheets of a workbook as rows of text, streamed: a million rows take the memory of one piece.

Written on expat because the workbooks of BANATIC (1.4 GB of XML) take a quarter of an hour elsewhere.
Dates come as the serial numbers that the file holds: no column that the readers want is a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree
from xml.parsers import expat
from zipfile import ZipFile

__all__ = ["sheet_names", "sheet_rows"]

_READ_BYTES: Final = 1 << 20
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_COLUMN: Final = re.compile(r"[A-Z]+")
_ERROR: Final = "e"
_BOOLEAN: Final = {"1": "OUI", "0": "NON"}


def sheet_names(archive: ZipFile) -> dict[str, str]:
    """Return the sheets of a workbook in their order: name -> file of the archive."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    sheets = {}
    for element in book.iter():
        if element.tag.endswith("}sheet"):
            target = targets[element.get(_RELATION)]
            sheets[element.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return sheets


def shared_strings(archive: ZipFile) -> list[str]:
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


def sheet_rows(
    archive: ZipFile, file: str, shared: list[str], *, stop: int | None = None
) -> Iterator[tuple[int, list[str]]]:
    """Return the rows of a sheet with their numbers, cells as text, the empty end left out."""
    reader = _SheetReader(shared)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    with archive.open(file) as stream:
        while content := stream.read(_READ_BYTES):
            parser.Parse(content, False)
            for line, cells in reader.rows:
                if stop is not None and line > stop:
                    return
                yield line, cells
            reader.rows.clear()


@dataclass
class _SheetReader:
    """The state of the reading of a sheet: the row and the cell that are open, the rows that are complete."""

    shared: list[str]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    _line: int = 0
    _cells: list[str] = field(default_factory=list)
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
            if value:
                self._cells += [""] * (self._place - len(self._cells))
                self._cells.append(value)
        elif name == "row":
            self.rows.append((self._line, self._cells))

    def _value(self, raw: str) -> str:
        if self._type == "s":
            return self.shared[int(raw)] if raw else ""
        if self._type == "n":
            return _number(raw)
        if self._type == "b":
            return _BOOLEAN.get(raw, raw)
        return "" if self._type == _ERROR else raw


def _column(letters: str) -> int:
    """Return the place of a column from its letters: A is 0, AA is 26."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _number(raw: str) -> str:
    """Return a number as a CSV file would write it: 15 digits at the most are sure in a workbook."""
    if not raw or raw.isdecimal():
        return raw
    value = float(raw)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
