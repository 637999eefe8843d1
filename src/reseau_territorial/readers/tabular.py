"""Tables in files, one each or as sheets of one workbook."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from reseau_territorial.errors import TableError, enumerate_rows, enumerate_values, nearest, rows_have
from reseau_territorial.network import Network
from reseau_territorial.readers._headers import SHEETS, looks_like, name_columns, table_of_sheet
from reseau_territorial.readers._sheets import TableSource, open_sheets, open_table
from reseau_territorial.readers._words import read_words
from reseau_territorial.tables import TABLES

__all__ = ["network_of", "read_tables", "read_workbook"]

# A word of another table may stand in a message ("ties that name actors"): the first one is its own.
_TABLE_NAMED: Final = re.compile(rf"\b({'|'.join(TABLES)})\b")


def read_tables(
    ties: TableSource | None = None,
    *,
    actors: TableSource | None = None,
    layers: TableSource | None = None,
    provision: TableSource | None = None,
    observation: TableSource | None = None,
    sources: TableSource | None = None,
    directed: bool = False,
    encoding: str | None = None,
    separator: str | None = None,
) -> Network:
    r"""Read a network from tables in files: CSV, xlsx or Parquet, with French or English headers.

    Parameters
    ----------
    ties, actors, layers, provision, observation, sources : path or DataFrame, optional
        The tables of a :class:`Network`. Text files may be UTF-8 (with or without BOM), UTF-16 or
        cp1252, with ``;``, ``,``, tab or ``|`` between cells. French headers are understood, without
        case nor accents (``acteur``, ``source``/``origine``, ``cible``, ``couche``, ``poids``,
        ``période``, ``secteur``, ``niveau``, ``statut``, ``besoin``...); other columns are kept.
    directed : bool, default False
        Direction of the layers that no table describes. A column ``directed`` (``orienté``) of ties
        gives it per layer.
    encoding, separator : str, optional
        Of the text files, when what is found is not what you know.

    Returns
    -------
    Network
        French values are read as those of the contract: public, privé, civil; avant, pendant, après;
        oui, non; decimal commas. Codes stay text. Other columns become numbers when all their cells
        are numbers and none looks like a code.

    Raises
    ------
    TableError
        A file cannot be read, two headers mean the same column, or a table breaks its contract; all
        problems are listed, with the file and the rows as a spreadsheet numbers them.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> path = Path(tempfile.mkdtemp()) / "liens.csv"
    >>> _ = path.write_bytes("Acteur 1;Acteur 2;Période;Poids\nTours;Métropole;Après;1,5\n".encode("cp1252"))
    >>> net = read_tables(path)
    >>> net.ties[["source", "target", "period", "weight"]].values.tolist()
    [['Tours', 'Métropole', 'after', 1.5]]
    """
    given = {
        "ties": ties,
        "actors": actors,
        "layers": layers,
        "provision": provision,
        "observation": observation,
        "sources": sources,
    }
    problems: list[str] = []
    found: dict[str, tuple[pd.DataFrame, str | None]] = {}
    for name, source in given.items():
        if source is not None:
            try:
                found[name] = open_table(source, encoding=encoding, separator=separator)
            except TableError as error:
                problems.extend(error.problems)
    return _network(found, problems, directed=directed)


def read_workbook(path: str | os.PathLike[str], *, directed: bool = False) -> Network:
    """Read a network from the sheets of one xlsx workbook.

    Parameters
    ----------
    path : path
        A workbook whose sheets are named after what they hold, in French or English: ``liens`` (ties),
        ``acteurs`` (actors), ``couches`` (layers), ``réponses`` (provision), ``observation``,
        ``sources``. Without a sheet so named, the only sheet whose headers name both ends of a tie is read
        as ties. Other sheets, such as a legend, are passed over.
    directed : bool, default False
        Direction of the layers that no sheet describes.

    Returns
    -------
    Network
        As :func:`read_tables` would read the same sheets.

    Raises
    ------
    TableError
        No sheet holds ties, two sheets hold the same table, or a table breaks its contract.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with pd.ExcelWriter(f"{folder}/reseau.xlsx") as book:
    ...         pd.DataFrame({"origine": ["Tours"], "cible": ["Vichy"]}).to_excel(book, sheet_name="Liens", index=False)
    ...     read_workbook(f"{folder}/reseau.xlsx")
    <Network: 2 actors, 1 tie; layer: tie (undirected)>
    """
    place = Path(path)
    found: dict[str, tuple[Any, str | None]] = {}
    problems: list[str] = []
    sheets = open_sheets(place)
    for title, sheet in sheets.items():
        table = table_of_sheet(title)
        if table is None:
            near = nearest(title, [word for words in SHEETS.values() for word in words.split()])
            if near and sheet is not None:
                message = f"{place.name}: sheet {title!r} is not read; if it is {near!r}, rename it."
                warnings.warn(message, stacklevel=2)
        elif sheet is not None:
            if table in found:
                problems.append(f"{place.name}: two sheets hold {table} ({title!r} is the second). Keep one.")
            found[table] = (sheet, f"{place.name}, sheet {title!r}")
    if "ties" not in found:
        alike = [title for title, sheet in sheets.items() if sheet is not None and looks_like(sheet.columns, "ties")]
        if len(alike) == 1:
            found["ties"] = (sheets[alike[0]], f"{place.name}, sheet {alike[0]!r}")
        else:
            message = f"{place.name}: no sheet named 'liens' or 'ties' with content; it has {enumerate_values(sheets)}."
            problems.append(f"{message} Rename the sheet of ties.")
    return _network(found, problems, directed=directed)


def network_of(tables: Mapping[str, pd.DataFrame | None], files: Mapping[str, str], *, directed: bool) -> Network:
    """Build a network; the problems of a table begin with the name of its file."""
    try:
        return Network(**{name: frame for name, frame in tables.items() if frame is not None}, directed=directed)
    except TableError as error:
        raise TableError([_located(problem, files) for problem in error.problems]) from None


def _network(found: Mapping[str, tuple[pd.DataFrame, str | None]], problems: list[str], *, directed: bool) -> Network:
    tables: dict[str, pd.DataFrame | None] = {}
    files = {name: file for name, (_, file) in found.items() if file}
    for name, (frame, file) in found.items():
        table = TABLES[name]
        if table.key and frame.index.name == table.key:
            frame = frame.reset_index()
        named = name_columns(frame, name, problems, where=file or name)
        tables[name] = read_words(named, {*table.names, "directed"})
    ties = tables.get("ties")
    if not problems and ties is not None:
        tables["ties"], tables["layers"] = _direction_of_layers(ties, tables.get("layers"), problems)
    if ties is not None and ties.empty and "actors" not in tables:
        problems.append("ties: the table has a header but no row; there is no actor to see. Add ties, or actors.")
    if problems:
        raise TableError([_located(problem, files) for problem in problems])
    return network_of(tables, files, directed=directed)


def _direction_of_layers(
    ties: pd.DataFrame, layers: pd.DataFrame | None, problems: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame | None]:
    """Move a direction told per tie to the layers, where it belongs."""
    if "directed" not in ties.columns:
        return ties, layers
    if layers is not None and "directed" in layers.columns:
        return ties.drop(columns="directed"), layers
    told = ties["directed"]
    wrong = told.notna() & ~told.isin([True, False])
    if wrong.any():
        problems.append(f"ties: directed must be yes or no; {rows_have(ties.index[wrong], told[wrong].unique())}.")
        return ties, layers
    names = ties["layer"].fillna("tie") if "layer" in ties.columns else pd.Series("tie", index=ties.index)
    directions = told.dropna().astype(bool).groupby(names.astype("str"), sort=False).agg(["any", "all"])
    for layer, row in directions.iterrows():
        if row["any"] != row["all"]:
            rows = ties.index[(names == layer) & ~told.fillna(True).astype(bool)]
            problems.append(
                f"ties: layer {str(layer)!r} holds directed ties and others that are not ({enumerate_rows(rows)}). "
                "Direction belongs to the layer: give them two layer names."
            )
    told_layers = directions["any"].rename("directed").rename_axis("layer").reset_index()
    if layers is not None:
        told_layers = layers.merge(told_layers, on="layer", how="outer")
    return ties.drop(columns="directed"), told_layers


def _located(problem: str, files: Mapping[str, str]) -> str:
    named = _TABLE_NAMED.search(problem)
    file = files.get(named[1]) if named else None
    return f"{file}: {problem}" if file and not problem.startswith(file) else problem
