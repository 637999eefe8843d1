"""Where the contracts stand in a JSON file of the procurement format: by kind, in a list, or the bare list.

A first pass finds the lists of the file, whatever their names, so that no list of records is lost without a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, BinaryIO, Final

from reseau_territorial.opendata._decp import Contract, contracts_of, letters_of, names_concessions

__all__ = ["contracts_of_document", "contracts_of_json"]

Listed = tuple[Iterator[Contract], Mapping[str, int]]
"""The contracts of a file, and how many records its other lists have, by their path."""

_ITEM: Final = "item"
"""The step of a path into a list, as ijson writes it."""
_PARTIES: Final = {
    ("acheteur", "start_map"),
    ("autoriteConcedante", "start_map"),
    ("titulaires", "start_array"),
    ("concessionnaires", "start_array"),
}
_STARTS: Final = {"dict": "start_map", "list": "start_array"}
_STARTED: Final = frozenset(_STARTS.values())
_NO_RECORDS: Final = frozenset({"start_array", "string", "number", "boolean", "null", "value"})
"""What stands in a list and is no record."""
_KINDS: Final = ("marche", "contratconcession")
"""Names, letters only, under which records are contracts even when they name nobody."""


def contracts_of_json(opened: Callable[[], BinaryIO]) -> Listed | None:
    """Return the contracts of a JSON file one at a time, and its other lists; None when it has no contract.

    Raises
    ------
    ijson.JSONError
        The text is not JSON in UTF-8.
    """
    import ijson

    def records_at(path: str) -> Iterator[Any]:
        with opened() as stream:
            yield from ijson.items(stream, path, use_float=True)

    with opened() as stream:
        return _listed(ijson.parse(stream, use_float=True), records_at)


def contracts_of_document(document: object) -> Listed | None:
    """Return what :func:`contracts_of_json` does, of a document that stands in memory."""
    events = ((path, _STARTS.get(type(value).__name__, "value"), value) for path, value in _in(document))
    return _listed(events, lambda path: (value for place, value in _in(document) if place == path))


def _in(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Return all that a document holds, each value under its path."""
    yield path, value
    if isinstance(value, Mapping | list):
        inside = value.items() if isinstance(value, Mapping) else ((_ITEM, part) for part in value)
        for name, part in inside:
            yield from _in(part, f"{path}.{name}" if path else name)


def _listed(events: Iterable[tuple[str, str, Any]], records_at: Callable[[str], Iterable[Any]]) -> Listed | None:
    lists, strays = Counter[str](), Counter[str]()
    named: dict[str, None] = {}
    for path, event, _ in events:
        if event not in _STARTED and not path.endswith(_ITEM):
            continue  # most of a file
        parent, _, name = path.rpartition(".")
        if (name, event) in _PARTIES:
            if ".modification" not in f".{parent}":  # they may list holders too
                named[parent] = None
        elif event == "start_map" and (name == _ITEM or letters_of(name) in _KINDS or names_concessions(name)):
            lists[path] += 1  # a list of one may be written as its only record
        elif name == _ITEM and event in _NO_RECORDS:
            strays[path] += 1
    contracts = _outermost(path for path in lists if path in named or _is_kind(path))
    if not contracts:
        return None
    apart = (path for path in lists if not any(_holds(one, path) or _holds(path, one) for one in contracts))
    records = (
        (record, names_concessions(_name_of(path)))
        for path in contracts
        for record in records_at(path)
        if isinstance(record, Mapping)
    )
    others = {path.removesuffix(f".{_ITEM}"): lists[path] for path in _outermost(apart) if path.endswith(_ITEM)}
    others |= {path.removesuffix(f".{_ITEM}"): strays[path] for path in contracts if strays[path]}
    return contracts_of(records), others


def _is_kind(path: str) -> bool:
    return path.endswith(f".{_ITEM}") and letters_of(_name_of(path)) in _KINDS


def _name_of(path: str) -> str:
    """Return the name of the list that a path goes into, or of the only record that stands in its place."""
    return path.removesuffix(f".{_ITEM}").rpartition(".")[2]


def _outermost(paths: Iterable[str]) -> list[str]:
    found = list(paths)
    return [path for path in found if not any(_holds(other, path) for other in found if other != path)]


def _holds(outer: str, path: str) -> bool:
    return path == outer or path.startswith(f"{outer}.")
