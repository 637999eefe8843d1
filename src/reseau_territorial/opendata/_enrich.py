"""What a register adds to the actors of a network: shared by SIRENE and the register of associations."""

from __future__ import annotations

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from reseau_territorial._dialect import find_separator, read_bytes
from reseau_territorial.errors import unknown_name
from reseau_territorial.opendata._engine import refuse_packed
from reseau_territorial.opendata._parties import MASKED_NAME

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["columns_of", "complete", "mask_actors", "present_columns"]


def columns_of(path: str | Path) -> list[str]:
    """Return the columns of a Parquet or delimited file, without reading its rows."""
    file = Path(path)
    if not file.exists():
        read_bytes(file)  # says what is missing, and what is there
    refuse_packed(file)
    with file.open("rb") as stream:
        head = stream.read(4)
    if head == b"PAR1":
        import pyarrow.parquet

        return list(pyarrow.parquet.read_schema(file).names)
    opener: Any = gzip.open if head.startswith(b"\x1f\x8b") else open
    with opener(file, "rb") as stream:
        start = stream.read(65_536).decode("latin-1")
    header = start.splitlines()[0].removeprefix("ï»¿")
    return [name.strip().strip('"') for name in header.split(find_separator(start))]


def present_columns(path: str | Path, *, needed: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Return the needed columns and those of the wanted ones that the file has.

    Raises
    ------
    UnknownNameError
        A needed column is not there.
    """
    there = columns_of(path)
    for column in needed:
        if column not in there:
            raise unknown_name(f"column of {Path(path).name}", column, there)
    return [*needed, *(column for column in wanted if column in there)]


def complete(actors: pd.DataFrame, found: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Fill columns of actors from a register; what an actor already has is kept.

    Parameters
    ----------
    actors : pandas.DataFrame
        The actors of a network.
    found : pandas.DataFrame
        What the register says, on the index of `actors`.
    columns : mapping of str to str
        Column of `actors` -> column of `found`.

    Returns
    -------
    pandas.DataFrame
        A new table.
    """
    filled = actors.copy()
    for name, column in columns.items():
        if column in found:
            own = filled[name].astype("str") if name in filled else pd.Series(pd.NA, index=filled.index, dtype="str")
            filled[name] = own.fillna(found[column].reindex(filled.index))
    return filled


def mask_actors(net: Network, actors: Sequence[str]) -> Network:
    """Hide natural persons: their name, id and identifiers are replaced by a number everywhere.

    Parameters
    ----------
    net : Network
        The network.
    actors : sequence of str
        The actors to hide.

    Returns
    -------
    Network
        The same ties between numbered actors; the numbers follow the order of the hidden ids.
    """
    hidden = sorted(set(actors))
    if not hidden:
        return net
    taken = set(net.actors.index)
    free = (f"personne:{rank}" for rank in range(1, len(taken) + len(hidden) + 1) if f"personne:{rank}" not in taken)
    names = {actor: next(free) for actor in hidden}
    table = net.actors
    table.loc[hidden, "name"] = [f"{MASKED_NAME} {names[actor].partition(':')[2]}" for actor in hidden]
    private = [column for column in ("siren", "siret", "rna", "aliases", "longitude", "latitude") if column in table]
    table.loc[hidden, private] = None
    table.loc[hidden, ["kind", "sector", "rule"]] = ["sole_trader", "private", "natural person"]
    table = table.rename(index=names)
    ties, provision, observation = net.ties, net.provision, net.observation
    ties["source"], ties["target"] = ties["source"].replace(names), ties["target"].replace(names)
    provision["actor"] = provision["actor"].replace(names)
    observation["actor"] = observation["actor"].replace(names)
    return net.replace(actors=table, ties=ties, provision=provision, observation=observation)
