"""The tables of a network checked together: each against its contract, and the links between them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import ReseauError
from reseau_territorial.tables import (
    ACTORS,
    LAYERS,
    OBSERVATION,
    PROVISION,
    SOURCES,
    TIES,
    check_actors_known,
    check_evidence_known,
    check_keys,
    check_no_self_ties,
    conform,
    positions,
    raise_if,
    tie_ends,
)

__all__ = ["check_tables"]


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
            raise ReseauError(
                f"{name} must be a pandas DataFrame, not {type(frame).__name__}. Use rt.read_tables for files."
            )
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
