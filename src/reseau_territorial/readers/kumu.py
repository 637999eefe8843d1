"""Sheets of Kumu, the mapping service: elements and connections."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from reseau_territorial._dialect import plain_key
from reseau_territorial.errors import TableError, enumerate_rows, enumerate_values, nearest
from reseau_territorial.network import Network
from reseau_territorial.readers._headers import with_text_headers
from reseau_territorial.readers._sheets import TableSource, open_sheets, open_table
from reseau_territorial.readers._words import read_words
from reseau_territorial.readers.tabular import network_of
from reseau_territorial.tables import ACTORS, TIES

__all__ = ["read_kumu"]

_CONNECTIONS: Final = {"from": "source", "to": "target", "type": "layer", "strength": "weight"}
_ELEMENTS: Final = {"label": "actor", "type": "kind"}
_NEEDED: Final = frozenset({"from", "to", "label"})
_DIRECTIONS: Final = ("directed", "undirected", "mutual")


def read_kumu(connections: TableSource, *, elements: TableSource | None = None) -> Network:
    """Read a network from the sheets that Kumu imports and exports.

    Parameters
    ----------
    connections : path or DataFrame
        Columns ``From``, ``To`` and optionally ``Type`` (the layer), ``Direction`` (directed, the
        default of Kumu, undirected or mutual), ``Strength`` (the weight); or a workbook with the sheets
        ``Connections`` and ``Elements``.
    elements : path or DataFrame, optional
        Columns ``Label`` (the actor) and optionally ``Type`` (the kind) and any more.

    Returns
    -------
    Network
        A layer is undirected when none of its connections is directed; otherwise its undirected and
        mutual connections become two directed ties. An actor that only connections name is added, as
        Kumu does.

    Raises
    ------
    TableError
        A column is missing or a table breaks its contract; all problems are listed with their rows.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"From": ["Tours"], "To": ["CHRU"], "Type": ["masques"], "Direction": ["undirected"]})
    >>> read_kumu(table)
    <Network: 2 actors, 1 tie; layer: masques (undirected)>
    """
    found: dict[str, tuple[pd.DataFrame, str | None]] = {}
    if elements is None and not isinstance(connections, pd.DataFrame):
        found = _sheets_of_workbook(Path(connections))
    if not found:
        found["ties"] = open_table(connections)
        if elements is not None:
            found["actors"] = open_table(elements)
    files = {name: file for name, (_, file) in found.items() if file}
    ties = read_words(_renamed(found["ties"][0], _CONNECTIONS, where=files.get("ties", "connections")), {*TIES.names})
    ties, layers = _one_direction_per_layer(ties, files.get("ties", "connections"))
    actors = None
    if "actors" in found:
        actors = read_words(
            _renamed(found["actors"][0], _ELEMENTS, where=files.get("actors", "elements")), {*ACTORS.names}
        )
        actors = _with_ends(actors, ties)
    return network_of({"ties": ties, "actors": actors, "layers": layers}, files, directed=False)


def _sheets_of_workbook(path: Path) -> dict[str, tuple[pd.DataFrame, str | None]]:
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return {}
    sheets = {plain_key(title): (title, sheet) for title, sheet in open_sheets(path).items() if sheet is not None}
    named = {"connections": "ties", "elements": "actors"}
    found: dict[str, tuple[pd.DataFrame, str | None]] = {}
    for word, table in named.items():
        if word in sheets:
            title, sheet = sheets[word]
            found[table] = (sheet, f"{path.name}, sheet {title!r}")
    return found if "ties" in found else {}


def _renamed(frame: pd.DataFrame, names: dict[str, str], *, where: str) -> pd.DataFrame:
    renamed = frame.rename(columns=lambda header: names.get(plain_key(str(header)), plain_key(str(header))))
    problems: list[str] = []
    renamed = with_text_headers(renamed, problems, where=where)
    headers = [str(header) for header in frame.columns]
    for word in _NEEDED & names.keys():
        if names[word] not in renamed.columns:
            near = nearest(word, headers)
            hint = f" Did you mean {near!r}?" if near else ""
            problems.append(
                f"{where}: no column {word.title()!r}.{hint} The headers are {enumerate_values(headers, shown=12)}."
            )
    if problems:
        raise TableError(problems)
    return renamed


def _one_direction_per_layer(ties: pd.DataFrame, file: str) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    if not {"source", "target"} <= set(ties.columns):
        return ties, None
    if "direction" in ties.columns:
        told = ties["direction"].fillna("directed").map(lambda word: plain_key(str(word)))
    else:
        told = pd.Series("directed", index=ties.index)
    wrong = ~told.isin(_DIRECTIONS)
    if wrong.any():
        raise TableError(
            [
                f"{file}: Direction is one of {enumerate_values(_DIRECTIONS)}; "
                f"{enumerate_rows(ties.index[wrong])} have {enumerate_values(told[wrong].unique())}."
            ]
        )
    names = ties["layer"].fillna("tie") if "layer" in ties.columns else pd.Series("tie", index=ties.index)
    ties = ties.drop(columns="direction", errors="ignore").assign(layer=names.astype("str"))
    directed = told.eq("directed").groupby(ties["layer"]).transform("any").astype(bool)
    both_ways = ties[directed & told.ne("directed")]
    reverse = both_ways.assign(source=both_ways["target"], target=both_ways["source"])
    layers = pd.DataFrame({"layer": ties["layer"], "directed": directed}).drop_duplicates("layer")
    return pd.concat([ties, reverse]), layers


def _with_ends(actors: pd.DataFrame, ties: pd.DataFrame) -> pd.DataFrame:
    if "actor" not in actors.columns:
        return actors
    ends = pd.concat([ties["source"], ties["target"]]).dropna().drop_duplicates()
    new = ends[~ends.isin(actors["actor"])]
    return pd.concat([actors, pd.DataFrame({"actor": new}, index=new.index)])
