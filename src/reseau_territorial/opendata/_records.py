"""Records of JSON and XML files: what is one record, whatever it is wrapped in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, BinaryIO, Final
from xml.etree import ElementTree

from reseau_territorial.errors import TableError

__all__ = ["json_lines", "parse_json", "parse_xml", "records_in", "shape_of", "xml_elements", "xml_records"]


_SHOWN_KEYS: Final = 8
_BLOCK_BYTES: Final = 1 << 20
_UNSAFE_XML: Final = "{name} declares XML entities; it is a web page or an unsafe file, not data"


def parse_json(name: str, content: bytes) -> Any:
    """Return the value of a JSON file.

    Raises
    ------
    TableError
        With the line and the column where the text stops being JSON.
    """
    return _parsed(name, content, line=1)


def _parsed(name: str, content: bytes, *, line: int) -> Any:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"{name}, line {line + error.lineno - 1}, column {error.colno}"
        raise TableError([f"{place}: this is not JSON ({error.msg}); was it cut short? Download it again"]) from error


def json_lines(name: str, blocks: Callable[[], Iterator[bytes]]) -> Iterator[Mapping[str, Any]] | None:
    """Return the records of a file that has one on each line; None for a file that is one document.

    Parameters
    ----------
    name : str
        Name of the file.
    blocks : callable
        Returns its bytes in blocks that end with a line.

    Raises
    ------
    TableError
        While the records are read: with the line and the column where one stops being a record.
    """
    top = [line for line in next(blocks(), b"").splitlines() if line.strip()][:2]
    if len(top) < 2 or not _is_object(top[0]) or not top[1].lstrip().startswith(b"{"):
        return None
    return _line_by_line(name, blocks())


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(_parsed("", line, line=1), Mapping)
    except TableError:
        return False


def _line_by_line(name: str, blocks: Iterator[bytes]) -> Iterator[Mapping[str, Any]]:
    number = 0
    for block in blocks:
        for number, line in enumerate(block.splitlines(), start=number + 1):  # noqa: B020
            if line.strip():
                record = _parsed(name, line, line=number)
                if not isinstance(record, Mapping):
                    raise TableError([f'{name}, line {number}: a record such as {{"montant": 100}} is expected here'])
                yield record


def parse_xml(name: str, content: bytes) -> ElementTree.Element:
    """Return the root of an XML file; one that declares entities is refused, for safety.

    Raises
    ------
    TableError
        With the line where the text stops being XML.
    """
    if b"<!ENTITY" in content or b"<!DOCTYPE" in content[:2000]:
        raise TableError([_UNSAFE_XML.format(name=name)])
    try:
        return ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        raise _not_xml(name, error) from error


def _not_xml(name: str, error: ElementTree.ParseError) -> TableError:
    line, column = error.position
    return TableError([f"{name}, line {line}, column {column}: this is not XML ({error})"])


def xml_elements(name: str, opened: Callable[[], BinaryIO]) -> Iterator[ElementTree.Element]:
    """Return the elements of an XML file as they end, refused as by :func:`parse_xml`."""
    parser: ElementTree.XMLPullParser[ElementTree.Element] = ElementTree.XMLPullParser(["end"])
    before = b""
    try:
        with opened() as stream:
            while block := stream.read(_BLOCK_BYTES):
                # A declaration may stand across two blocks.
                if b"<!ENTITY" in before + block or (not before and b"<!DOCTYPE" in block[:2000]):
                    raise TableError([_UNSAFE_XML.format(name=name)])
                before = block[-len(b"<!ENTITY") :]
                parser.feed(block)
                for _, element in parser.read_events():  # type: ignore[misc]
                    if isinstance(element, ElementTree.Element):
                        yield element
            parser.close()
    except ElementTree.ParseError as error:
        raise _not_xml(name, error) from error


def records_in(document: Any) -> list[Mapping[str, Any]]:
    """Return the records of a JSON document: a list of objects, GeoJSON features, or a list inside, one deeper too.

    A feature gives its properties, and ``geometry:longitude`` and ``geometry:latitude`` for a point.
    """
    if isinstance(document, Mapping):
        if isinstance(document.get("features"), list):
            return [_feature(feature) for feature in document["features"]]
        document = max(_lists_in(document), key=len, default=[])
    if not _is_records(document):
        return []
    return [record.get("fields", record) if "recordid" in record else record for record in document]


def shape_of(document: Any, *, depth: int = 2) -> str:
    """Say what a JSON document holds, for the refusal of one without records.

    Examples
    --------
    >>> shape_of({"marches": {"marche": []}})
    "an object whose keys are 'marches' (an object whose keys are 'marche' (a list of nothing))"
    """
    if isinstance(document, Mapping):
        if not document:
            return "an object without keys"
        if not depth:
            return f"an object of {len(document)} keys"
        keys = [f"{key!r} ({shape_of(value, depth=depth - 1)})" for key, value in islice(document.items(), _SHOWN_KEYS)]
        more = f" and {len(document) - _SHOWN_KEYS} more" if len(document) > _SHOWN_KEYS else ""
        return f"an object whose keys are {', '.join(keys)}{more}"
    if isinstance(document, list):
        others = [item for item in document if not isinstance(item, Mapping)]
        if not others:
            return f"a list of {len(document) or 'nothing'}"
        return f"a list of {len(document)}, {len(others)} of which are no objects: {json.dumps(others[0])[:40]}"
    return json.dumps(document, ensure_ascii=False)[:40]


def _lists_in(document: Mapping[str, Any]) -> Iterator[list[Mapping[str, Any]]]:
    """Return the lists of records of an object, and of the objects that it wraps: the answer of a catalogue."""
    for value in document.values():
        if _is_records(value):
            yield value
        elif isinstance(value, Mapping):
            yield from _lists_in(value)


def _is_records(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _feature(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    record = dict(feature.get("properties") or {})
    geometry = feature.get("geometry") or {}
    if geometry.get("type") == "Point":
        record["geometry:longitude"], record["geometry:latitude"] = geometry["coordinates"][:2]
    return record


def xml_records(root: ElementTree.Element) -> list[Mapping[str, Any]]:
    """Return the elements of the root when they are all of one name, else the most repeated one of plain values."""
    own = list(root)
    if len({element.tag for element in own}) == 1 and all(len(element) > 1 for element in own):
        return [_fields_of(element) for element in own]
    groups: dict[str, list[ElementTree.Element]] = {}
    for element in root.iter():
        if len(element) > 1 and not any(len(child) for child in element):
            groups.setdefault(element.tag, []).append(element)
    best = max(groups.values(), key=len, default=[])
    return [_fields_of(element) for element in best]


def _fields_of(element: ElementTree.Element) -> dict[str, Any]:
    def value(child: ElementTree.Element) -> Any:
        return {_name_of(part): part.text for part in child} if len(child) else child.text

    return {_name_of(child): value(child) for child in element}


def _name_of(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
