"""The text format of the R package multinet (``.mpx``)."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from reseau_territorial._dialect import read_bytes
from reseau_territorial._encodings import decode
from reseau_territorial.errors import TableError, enumerate_rows
from reseau_territorial.network import Network
from reseau_territorial.readers._words import strength_of
from reseau_territorial.readers.tabular import network_of

__all__ = ["read_mpx"]

_SECTIONS: Final = (
    *("type", "version", "layers", "actors", "nodes", "edges"),
    *("actor attributes", "node attributes", "edge attributes"),
)


@dataclass(frozen=True)
class _Line:
    """A line of the file: its number and its cells."""

    number: int
    cells: list[str]


Sections = dict[str, list[_Line]]


def read_mpx(path: str | os.PathLike[str], *, weight: str | None = "weight") -> Network:
    r"""Read a multilayer network in the format of multinet.

    Parameters
    ----------
    path : path
        A file with the sections ``#LAYERS``, ``#ACTORS`` and ``#EDGES``, and optionally the attributes
        of actors and edges.
    weight : str or None, default "weight"
        The edge attribute that is the strength of a tie, when the file has it.

    Returns
    -------
    Network
        A layer per layer of the file, directed as it says (undirected when it says nothing). The pairs
        of an undirected layer that are listed both ways are kept once.

    Raises
    ------
    TableError
        A section is unknown, or a row is too short; all problems are listed with their lines.

    References
    ----------
    Magnani, M., Rossi, L., Vega, D. (2021). Analysis of Multiplex Social Networks with R. Journal of
    Statistical Software 98(8).

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "deux.mpx"
    >>> _ = place.write_text("#LAYERS\nconseil,DIRECTED\n#EDGES\nTours,Métropole,conseil\n", encoding="utf-8")
    >>> read_mpx(place)
    <Network: 2 actors, 1 tie; layer: conseil (directed)>
    """
    place = Path(path)
    text, _ = decode(read_bytes(place), file=place.name)
    problems: list[str] = []
    sections = _sections(text, place.name, problems)
    if not sections.get("edges"):
        problems.append(f"{place.name}: no section #EDGES with ties in it. Export the file from multinet.")
    if sections.get("type", [_Line(0, ["multiplex"])])[0].cells[0].lower() != "multiplex":
        problems.append(f"{place.name}: only #TYPE multiplex is read; ties between layers have no place in a Network.")
    ties = _ties(sections, place.name, problems)
    if problems:
        raise TableError(problems)
    ties = _with_strength(ties, weight)
    layers = _layers(sections, ties)
    ties = _once_per_pair(ties, set(layers.loc[~layers["directed"], "layer"]))
    return network_of({"ties": ties, "actors": _actors(sections, ties), "layers": layers}, {}, directed=False)


def _sections(text: str, file: str, problems: list[str]) -> Sections:
    sections: Sections = {}
    current = ""
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.rstrip("\r")
        if line.startswith("#"):
            current = line[1:].strip().lower()
            current = {"vertices": "nodes", "vertex attributes": "node attributes"}.get(current, current)
            if current not in _SECTIONS:
                problems.append(f"{file}, line {number}: no section {line.strip()!r} in the format of multinet.")
            sections.setdefault(current, [])
        elif line.strip():
            cells = [cell.strip() for cell in next(csv.reader([line]))]
            sections.setdefault(current, []).append(_Line(number, cells))
    return sections


def _ties(sections: Sections, file: str, problems: list[str]) -> pd.DataFrame:
    """Return the rows of #EDGES: two actors, a layer, then the attributes of that layer."""
    lines = sections.get("edges", [])
    short = [line.number for line in lines if len(line.cells) < 3]
    if short:
        problems.append(f"{file}: {enumerate_rows(short)} of the file have no actor, actor, layer. Complete them.")
    attributes = _edge_attributes(sections)
    rows = []
    for line in lines:
        if len(line.cells) >= 3:
            source, target, layer, *values = line.cells
            names = attributes.get(layer, attributes.get("", []))
            rows.append({"source": source, "target": target, "layer": layer, **_typed(names, values)})
    return pd.DataFrame(rows, columns=list(dict.fromkeys(key for row in rows for key in row)))


def _with_strength(ties: pd.DataFrame, weight: str | None) -> pd.DataFrame:
    """Give ties their strength: 1 in the layers that have no such attribute."""
    if weight is None or weight not in ties.columns:
        return ties.drop(columns="weight", errors="ignore")
    ties = ties.rename(columns={weight: "weight"})
    told = ties["weight"].notna().groupby(ties["layer"]).transform("any").astype(bool)
    return ties.assign(weight=ties["weight"].where(told, 1.0))


def _edge_attributes(sections: Sections) -> dict[str, list[tuple[str, str]]]:
    """Return the attributes (name, type) of the edges of each layer; ``""`` stands for all layers."""
    attributes: dict[str, list[tuple[str, str]]] = {}
    for line in sections.get("edge attributes", []):
        layer, name, kind = line.cells if len(line.cells) == 3 else ("", *line.cells[:2])
        attributes.setdefault(layer, []).append((name, kind))
    return attributes


def _typed(names: Sequence[tuple[str, str]], values: Sequence[str]) -> dict[str, object]:
    typed: dict[str, object] = {}
    for (name, kind), value in zip(names, values, strict=False):
        if value in ("", "NA"):
            typed[name] = None
        else:
            typed[name] = strength_of(value) if kind.lower() in ("numeric", "double", "integer") else value
    return typed


def _layers(sections: Sections, ties: pd.DataFrame) -> pd.DataFrame:
    told = {
        line.cells[0]: len(line.cells) > 1 and line.cells[1].upper() == "DIRECTED"
        for line in sections.get("layers", [])
    }
    names = list(dict.fromkeys([*told, *ties["layer"]]))
    return pd.DataFrame({"layer": names, "directed": [told.get(name, False) for name in names]})


def _actors(sections: Sections, ties: pd.DataFrame) -> pd.DataFrame:
    """Return the actors listed, then those that only edges name."""
    attributes = [(line.cells[0], line.cells[1]) for line in sections.get("actor attributes", [])]
    rows = [{"actor": line.cells[0], **_typed(attributes, line.cells[1:])} for line in sections.get("actors", [])]
    listed = {row["actor"] for row in rows}
    ends = pd.concat([ties["source"], ties["target"]]).drop_duplicates()
    return pd.DataFrame([*rows, *({"actor": end} for end in ends if end not in listed)])


def _once_per_pair(ties: pd.DataFrame, undirected: set[str]) -> pd.DataFrame:
    """Keep one row of an undirected pair that the file lists both ways."""
    both = ties["layer"].isin(undirected)
    ends = ties[["source", "target"]].astype("str")
    key = pd.DataFrame(
        {
            "one": ends["source"].where(~both, ends.min(axis=1)),
            "other": ends["target"].where(~both, ends.max(axis=1)),
            "layer": ties["layer"],
        }
    )
    return ties[~(key.duplicated() & both)]
