"""The columns of competences of the wide files of BANATIC: C1004 (0/1), or a label (OUI/NON)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, Literal

import pandas as pd

from reseau_territorial._dialect import plain_key
from reseau_territorial.errors import TableError
from reseau_territorial.opendata._data import bundled
from reseau_territorial.opendata._reading import ReadingLog

__all__ = ["Nomenclature", "wide_competences"]

Nomenclature = Literal["2021", "2025"]
Column = tuple[Nomenclature, str]

_OLD_CODE: Final = re.compile(r"^[Cc](\d{4})(?:\s*[-–].*)?$")
_NEW_CODE: Final = re.compile(r"^(\d{4})\s*[-–]\s*\S")
_BARE_CODE: Final = re.compile(r"^(\d{4})$")
_YES: Final = frozenset({"1", "OUI", "O", "X", "VRAI", "TRUE"})
_NO: Final = frozenset({"0", "NON", "N", "FAUX", "FALSE"})
_ABOUT_PERSONS: Final = ("president", "telephone", "fax", "courriel")
_FIRST_LINES: Final = 30
_ALIKE: Final = 92.0


def wide_competences(
    rows: pd.DataFrame, path: Path, log: ReadingLog, nomenclature: Nomenclature | Callable[[Path], Nomenclature]
) -> pd.DataFrame:
    """Return (siren, version, code) from the columns of competences, one row per competence held.

    `nomenclature` is the version that the user gave, or a way to know it where the columns do not say it.
    """
    known = _columns(rows, path, log, nomenclature)
    if not known:
        _refuse_if_declared(rows, path.name)
        return pd.DataFrame(columns=["siren", "version", "code"], dtype="str")
    flags = rows[["siren", *known]].drop_duplicates()
    upper = flags[list(known)].apply(lambda column: column.str.upper().str.replace(r"\.0$", "", regex=True))
    odd = upper.notna() & ~upper.isin(_YES | _NO)
    for column in odd.columns[odd.any()]:
        bad = rows.loc[flags.index[odd[column]], column]
        line, value = bad.index[0], bad.iloc[0]
        raise TableError([f"{path.name}, line {line}, column {column!r}: {value!r} is neither OUI/NON nor 1/0"])
    held = upper.isin(_YES)
    _note_counts(rows, flags["siren"], held, path.name, log)
    pairs = held.stack()
    pairs = pairs[pairs].index
    lines, names = pairs.get_level_values(0), pairs.get_level_values(1)
    competences = pd.DataFrame(
        {
            "siren": flags["siren"].reindex(lines).to_numpy(),
            "version": [known[str(name)][0] for name in names],
            "code": [known[str(name)][1] for name in names],
        }
    )
    personal = [str(name) for name in rows.columns if any(word in plain_key(str(name)) for word in _ABOUT_PERSONS)]
    if personal and rows.index.min() <= _FIRST_LINES:
        log.add("noted", "person_column", file=path.name, column=", ".join(personal))
    return competences.drop_duplicates()


def _columns(
    rows: pd.DataFrame, path: Path, log: ReadingLog, nomenclature: Nomenclature | Callable[[Path], Nomenclature]
) -> Mapping[str, Column]:
    """Return the columns that are competences: C1004, "5510 - label", the label, or 1004 alone."""
    given = None if callable(nomenclature) else nomenclature
    labels = bundled("competences.csv")
    new = labels[labels["version"].eq("2025")]
    by_label = dict(zip(new["label"].map(plain_key), new["code"], strict=True))
    found: dict[str, Column] = {}
    unread: list[str] = []
    for column in map(str, rows.columns):
        if old := _OLD_CODE.match(column):
            found[column] = (given or "2021", old[1])
        elif prefixed := _NEW_CODE.match(column):
            found[column] = (given or "2025", prefixed[1])
        elif bare := _BARE_CODE.match(column):
            found[column] = (nomenclature(path) if callable(nomenclature) else nomenclature, bare[1])
        elif (key := plain_key(column)) in by_label:
            found[column] = ("2025", by_label[key])
        else:
            unread.append(column)
    if by_words := {code for _, code in found.values()}:
        left = {key: code for key, code in by_label.items() if code not in by_words}
        found |= _alike(rows, unread, left, path.name, log)
    return found


def _alike(
    rows: pd.DataFrame, columns: Iterable[str], labels: Mapping[str, str], file: str, log: ReadingLog
) -> dict[str, Column]:
    """Return the columns of OUI/NON whose header is nearly a label that no other column has."""
    from rapidfuzz import fuzz, process

    found: dict[str, Column] = {}
    for column in columns:
        words = rows[column].dropna().str.upper()
        if not labels or words.empty or not words.isin({"OUI", "NON"}).all():
            continue
        label, score, _ = process.extractOne(plain_key(column), list(labels), scorer=fuzz.ratio)
        if score >= _ALIKE:
            found[column] = ("2025", labels[label])
            if rows.index.min() <= _FIRST_LINES:
                log.add("decided", "label_alike", file=file, column=column, raw=column, value=f"2025:{labels[label]}")
    return found


def _declared(rows: pd.DataFrame) -> pd.Series:
    """Return the number of competences that each grouping is said to have."""
    if "competences" not in rows:
        return pd.Series(dtype="float64")
    count = pd.to_numeric(rows["competences"], errors="coerce")
    return count.groupby(rows["siren"]).first().dropna()


def _refuse_if_declared(rows: pd.DataFrame, file: str) -> None:
    """Refuse a file that says that its groupings have competences, and none of whose columns is one."""
    declared = _declared(rows)
    if declared.gt(0).any():
        line = rows.index[rows["siren"].eq(declared.index[declared.gt(0)][0])][0]
        raise TableError(
            [
                f"{file}, line {line}, column {rows.attrs['headers']['competences']!r}: "
                f"{declared[declared.gt(0)].iloc[0]:.0f} competences, and no column of the file is one that is known "
                "(C1004 ..., or the labels of 2025); take the export with its columns of competences"
            ]
        )


def _note_counts(rows: pd.DataFrame, siren: pd.Series, held: pd.DataFrame, file: str, log: ReadingLog) -> None:
    """Note the groupings whose rows differ, or whose number of competences is not the one that is said."""
    count = held.sum(axis="columns")
    differs = siren.duplicated()
    log.add_rows("noted", "competences_differ", file=file, column="competences", raw=siren[differs])
    declared = siren.map(_declared(rows))
    wrong = declared.notna() & declared.ne(count) & ~differs
    raw = declared[wrong].astype("int64").astype("str") + " (" + siren[wrong] + ")"
    column = str(rows.attrs["headers"].get("competences", "competences"))
    log.add_rows("noted", "competence_count", file=file, column=column, raw=raw, value=count[wrong].astype("str"))
