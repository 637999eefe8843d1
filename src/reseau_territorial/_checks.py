"""The tables of a network checked together: each against its contract, and the links between them."""

from __future__ import annotations

import os
import re
from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd
import pyarrow.compute
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError, enumerate_rows, enumerate_values, nearest
from reseau_territorial.tables import (
    ACTORS,
    LAYERS,
    OBSERVATION,
    PROVISION,
    SOURCES,
    TIES,
    Table,
    conform,
    positions,
    raise_if,
    text_array,
    tie_ends,
)

__all__ = ["check_tables"]

SPACES = re.compile(r"\s+")  # compiled, it means the same with every pandas: before 3.1, text knows ASCII spaces only
# Space at an end, doubled or of another width, and combining accents: few names have any.
DOUBTFUL = r"^\s|\s$|\s\s|[\t\n\r\x{a0}\x{202f}]|\p{M}"


def check_tables(
    given: Mapping[str, pd.DataFrame | None], *, directed: bool
) -> tuple[dict[str, pd.DataFrame], dict[str, NDArray[np.int32]]]:
    """Check every table and the links between them, and report all problems at once.

    Returns
    -------
    tuple of dict of DataFrame and dict of ndarray
        The tables, and the position in the table of actors of each ``source`` and ``target`` of the ties.
    """
    problems: list[str] = []
    for name, frame in given.items():
        if frame is not None and not isinstance(frame, pd.DataFrame):
            raise ReseauError(f"{name} must be a pandas DataFrame, not {type(frame).__name__}. {_way_in(frame)}")
    ties = conform(_frame(given["ties"]), TIES, problems)
    actors = conform(_ends(ties) if given["actors"] is None else _frame(given["actors"]), ACTORS, problems)
    layers = _layer_table(given["layers"], ties, directed, problems)
    others = {}
    for table in (PROVISION, OBSERVATION, SOURCES):
        frame = given[table.name]
        others[table.name] = conform(
            pd.DataFrame({column: [] for column in table.names}, dtype="str") if frame is None else _frame(frame),
            table,
            problems,
        )
    check_keys(actors, ACTORS, problems)
    check_keys(others["sources"], SOURCES, problems)
    known = pd.Index(actors["actor"])
    check_names(known, problems)
    ends = tie_ends(ties, known)
    check_no_self_ties(ties, ends, problems)
    check_actors_known(ties, ends, TIES, known, problems)
    for table in (PROVISION, OBSERVATION):
        frame = others[table.name]
        check_actors_known(frame, {"actor": positions(frame["actor"], known)}, table, known, problems)
    if given["sources"] is not None and len(others["sources"]):
        evidence = pd.Index(others["sources"]["evidence"])
        check_evidence_known(ties, TIES, evidence, problems)
        check_evidence_known(others["provision"], PROVISION, evidence, problems)
    raise_if(problems)
    others["observation"]["observed"] = others["observation"]["observed"].fillna(True)
    tables = {
        "ties": ties.reset_index(drop=True),
        "actors": actors.set_index("actor"),
        "layers": layers,
        "provision": others["provision"].reset_index(drop=True),
        "observation": others["observation"].reset_index(drop=True),
        "sources": others["sources"].set_index("evidence"),
    }
    return tables, ends


def _way_in(thing: object) -> str:
    """Tell how to read what stands in the place of a table."""
    if isinstance(thing, str | os.PathLike):
        return "Files are read by rt.read_tables(path)."
    if type(thing).__module__.startswith("networkx"):
        return "A graph is read by rt.from_networkx(graph)."
    return "Make one of it: pandas.DataFrame(...), with a column per field."


def _frame(frame: pd.DataFrame | None) -> pd.DataFrame:
    return pd.DataFrame() if frame is None else frame


def _ends(ties: pd.DataFrame) -> pd.DataFrame:
    ends = set(ties["source"].dropna().unique()) | set(ties["target"].dropna().unique())
    return pd.DataFrame({"actor": pd.Series(sorted(str(end) for end in ends), dtype="str")})


def _layer_table(given: pd.DataFrame | None, ties: pd.DataFrame, directed: bool, problems: list[str]) -> pd.DataFrame:
    """Return the layers described, then those that only the ties name, in alphabetical order."""
    described = conform(
        pd.DataFrame({"layer": pd.Series([], dtype="str")}) if given is None else given, LAYERS, problems
    )
    check_keys(described, LAYERS, problems)
    named = sorted({str(name) for name in ties["layer"].dropna().unique()} - set(described["layer"].dropna()))
    rows = pd.DataFrame({"layer": pd.Series(named, dtype="str")})
    layers = pd.concat([described, conform(rows, LAYERS, problems)]) if len(named) else described
    layers["directed"] = layers["directed"].fillna(directed).astype(bool)
    return layers.drop_duplicates("layer").set_index("layer")


def check_keys(frame: pd.DataFrame, table: Table, problems: list[str]) -> None:
    """Report the keys that stand twice, such as an actor with two rows."""
    keys = frame[table.key]
    twice = keys[keys.duplicated(keep=False) & keys.notna()]
    for value, rows in list(twice.groupby(twice, sort=False).groups.items())[:5]:
        problems.append(
            f"{table.name}: {table.key} {str(value)!r} stands more than once ({enumerate_rows(rows)}). "
            f"Keep one row per {table.key}."
        )
    if twice.nunique() > 5:
        problems.append(f"{table.name}: {twice.nunique() - 5} more {table.key} keys stand more than once.")


def check_names(actors: pd.Index, problems: list[str]) -> None:
    """Report the actors without a name, and those whose names differ by their spaces or their Unicode form alone."""
    if not pyarrow.compute.any(pyarrow.compute.match_substring_regex(text_array(actors), DOUBTFUL)).as_py():
        return
    names = pd.Series(actors).dropna().astype("str")
    plain = _plain(names)
    if (plain == "").any():
        problems.append("an actor has a blank name. Fill it in, or drop its rows.")
    alike = plain.duplicated(keep=False) & ~names.duplicated(keep=False) & (plain != "")
    for name, same in list(names[alike].groupby(plain[alike], sort=False))[:5]:
        written = " and ".join(ascii(one) for one in same)
        problems.append(
            f"the actor {name!r} is written in {len(same)} ways, which differ by spaces or by the form of accents: "
            f"{written}. Write it in one way; .str.strip() takes spaces off, .str.normalize('NFC') joins accents."
        )


def _plain(names: pd.Series) -> pd.Series:
    """Return names with single spaces and composed accents."""
    return names.str.normalize("NFC").str.replace(SPACES, " ", regex=True).str.strip()


def check_actors_known(
    frame: pd.DataFrame,
    places: Mapping[str, NDArray[np.int32]],
    table: Table,
    known: pd.Index,
    problems: list[str],
) -> None:
    """Report the rows that name an actor which the actor table lacks; `places`: positions of the actors of a column."""
    unknown: dict[str, list[Hashable]] = {}
    for column, place in places.items():
        values = frame[column]
        away = values[(place < 0) & values.notna()]
        for row, value in away.items():
            unknown.setdefault(str(value), []).append(row)
    if not unknown:
        return
    rows = sum(len(where) for where in unknown.values())
    named = "; ".join(f"{name!r} ({enumerate_rows(where)})" for name, where in list(unknown.items())[:5])
    more = f"; and {len(unknown) - 5} more actors" if len(unknown) > 5 else ""
    first = next(iter(unknown))
    near = nearest(first, [str(actor) for actor in known[:20000]])
    hint = f" Did you mean {near!r}?" if near else ""
    if near and _plain(pd.Series([first, near])).nunique() == 1:
        hint += " The two differ by spaces or by the form of accents."
    problems.append(
        f"{rows} {table.name} {'row names' if rows == 1 else 'rows name'} actors that are not in the actor table: "
        f"{named}{more}.{hint} "
        f"Add them to actors, or correct the names."
    )


def check_no_self_ties(ties: pd.DataFrame, places: Mapping[str, NDArray[np.int32]], problems: list[str]) -> None:
    """Report the ties that join an actor to itself; `places`: positions of their ends, -1 for an unknown actor."""
    source, target = places["source"], places["target"]
    loops = source == target
    unknown = np.flatnonzero(loops & (source < 0))
    if len(unknown):
        rows = ties.iloc[unknown]
        loops[unknown] = (rows["source"].astype("str") == rows["target"].astype("str")).to_numpy(dtype=bool)
    if loops.any():
        problems.append(
            f"ties: {enumerate_rows(ties.index[loops])} {'join' if loops.sum() > 1 else 'joins'} an actor to itself "
            f"({enumerate_values(ties.loc[loops, 'source'].unique())}). Remove these self-ties, "
            "or name the departments with the parent column."
        )


def check_evidence_known(frame: pd.DataFrame, table: Table, known: pd.Index, problems: list[str]) -> None:
    """Report the rows whose evidence is not in the table of sources."""
    given = frame["evidence"].dropna()
    if given.empty:
        return
    cells = pd.Series(given.unique()).astype("str")  # a million ties may name one source
    tokens = cells.set_axis(cells).str.split(";").explode().str.strip(" ")
    away = tokens[(tokens != "") & ~tokens.isin(known)]
    if len(away):
        rows = given.index[given.isin(away.index)]
        problems.append(
            f"{table.name}: {enumerate_rows(rows)} give evidence that is not in sources: "
            f"{enumerate_values(away.unique())}. Add it to sources, or correct it."
        )
