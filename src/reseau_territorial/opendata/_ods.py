"""Sheets of an OpenDocument workbook as rows of cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any, Final
from xml.etree import ElementTree

from reseau_territorial.opendata._records import parse_xml

__all__ = ["ods_sheets"]

_SPACES: Final = "urn:oasis:names:tc:opendocument:xmlns:"
_MOST_REPEATS: Final = 4096


def ods_sheets(name: str, content: bytes) -> dict[str, list[tuple[int, list[Any]]]]:
    """Return the rows of each sheet with their numbers; an empty cell is None."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        document = parse_xml(name, archive.read("content.xml"))
    tables = document.iter(f"{{{_SPACES}table:1.0}}table")
    key = f"{{{_SPACES}table:1.0}}name"
    return {table.get(key, ""): list(_rows(table)) for table in tables}


def _rows(table: ElementTree.Element) -> Iterator[tuple[int, list[Any]]]:
    space = f"{{{_SPACES}table:1.0}}"
    number = 1
    for row in table.iter(f"{space}table-row"):
        cells: list[Any] = []
        for cell in row:
            if cell.tag in (f"{space}table-cell", f"{space}covered-table-cell"):
                repeats = int(cell.get(f"{space}number-columns-repeated", "1"))
                cells += [_value(cell)] * min(repeats, _MOST_REPEATS)
        while cells and cells[-1] is None:
            cells.pop()
        repeated = int(row.get(f"{space}number-rows-repeated", "1"))
        if cells:
            yield from ((number + step, cells) for step in range(repeated))
        number += repeated


def _value(cell: ElementTree.Element) -> Any:
    space = f"{{{_SPACES}office:1.0}}"
    kind = cell.get(f"{space}value-type")
    if kind in ("float", "currency", "percentage"):
        return float(cell.get(f"{space}value", "nan"))
    if kind == "date":
        return cell.get(f"{space}date-value")
    paragraphs = cell.findall(f"{{{_SPACES}text:1.0}}p")
    text = "\n".join("".join(paragraph.itertext()) for paragraph in paragraphs)
    return text or None
