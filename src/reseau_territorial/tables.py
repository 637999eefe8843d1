"""The contract of each table: its columns, their types, and every problem reported at once.

A row is named by the label it has in the table given, so that a reader of files can label rows
with the line numbers that a spreadsheet shows.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.compute
from numpy.typing import NDArray

from reseau_territorial.errors import TableError, enumerate_rows, enumerate_values, nearest, rows_have
from reseau_territorial.vocabulary import PERIODS, STATUSES, key_of

__all__ = ["ACTORS", "LAYERS", "OBSERVATION", "PROVISION", "SOURCES", "TABLES", "TIES", "Column", "Table"]

ColumnType = Literal["text", "number", "strength", "level", "flag", "status", "longitude", "latitude"]

DEFAULT_LAYER: Final = "tie"
SHARED_ROWS: Final = 1 << 16


@dataclass(frozen=True)
class Column:
    """One column of a table: its name, its type, whether a value is required."""

    name: str
    type: ColumnType = "text"
    required: bool = False


@dataclass(frozen=True)
class Table:
    """The contract of one table: its name, its columns in order, and its key when it has one."""

    name: str
    columns: tuple[Column, ...]
    key: str | None = None
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(column.name for column in self.columns))


def _texts(names: str) -> tuple[Column, ...]:
    return tuple(Column(name) for name in names.split())


ACTORS: Final = Table(
    "actors",
    (
        Column("actor", required=True),
        *_texts("name kind sector tier territory parent"),
        Column("longitude", "longitude"),
        Column("latitude", "latitude"),
        *_texts("siren insee rna rule"),
    ),
    key="actor",
)
TIES: Final = Table(
    "ties",
    (
        Column("source", required=True),
        Column("target", required=True),
        *_texts("layer period"),
        Column("weight", "strength"),
        Column("level", "level"),
        Column("formal", "flag"),
        Column("status", "status"),
        *_texts("need date evidence"),
    ),
)
LAYERS: Final = Table(
    "layers",
    (Column("layer", required=True), Column("label"), Column("directed", "flag"), Column("unit")),
    key="layer",
)
PROVISION: Final = Table(
    "provision",
    (
        Column("actor", required=True),
        Column("need", required=True),
        *_texts("territory period role"),
        Column("status", "status"),
        Column("evidence"),
    ),
)
OBSERVATION: Final = Table(
    "observation",
    (Column("actor", required=True), *_texts("period layer"), Column("observed", "flag")),
)
SOURCES: Final = Table(
    "sources",
    (Column("evidence", required=True), *_texts("producer title date licence url")),
    key="evidence",
)
TABLES: Final[Mapping[str, Table]] = {
    table.name: table for table in (ACTORS, TIES, LAYERS, PROVISION, OBSERVATION, SOURCES)
}


def conform(frame: pd.DataFrame, table: Table, problems: list[str]) -> pd.DataFrame:
    """Give a table its columns and types; problems found are added to `problems`.

    Parameters
    ----------
    frame : DataFrame
        The table as given; columns beyond the contract are kept, after the others. Row labels are
        used to name rows in messages.
    table : Table
        The contract.
    problems : list of str
        Receives one sentence per problem.

    Returns
    -------
    DataFrame
        With all columns of the contract first, on the row labels of `frame`.
    """
    frame = _columns_named(frame, table, problems)
    out: dict[str, Any] = {}
    for column in table.columns:
        if column.name in frame.columns:
            out[column.name] = _typed(frame[column.name], column, table, problems)
        elif column.required:
            problems.append(_missing_column(column.name, table, frame))
            out[column.name] = pd.Series(pd.NA, index=frame.index, dtype="str")
        else:
            out[column.name] = _default(column, frame.index)
    for name in frame.columns:
        if name not in out:
            out[str(name)] = _extra(frame[name])
    result = pd.DataFrame(out, index=frame.index)
    if table is TIES:
        result = _finish_ties(result, level_given="level" in frame.columns)
    return result


def ordered_periods(values: pd.Series) -> pd.Series:
    """Return periods as an ordered categorical: own order, before/crisis/after, or natural order."""
    if isinstance(values.dtype, pd.CategoricalDtype) and values.dtype.ordered:
        names = [str(name) for name in values.dtype.categories]
        return values.cat.rename_categories(names)
    texts = as_text(values).astype("str")
    return texts.astype(pd.CategoricalDtype(order_of_periods(list(texts.dropna().unique())), ordered=True))


def order_of_periods(names: Sequence[str]) -> list[str]:
    """Put period names in order: before, crisis, after (or avant, pendant, après) first, then by natural order."""
    known = list(PERIODS)

    def place(name: str) -> tuple[float, ...] | tuple[float, float, str]:
        key = key_of("period", name)
        return (0, known.index(key), name) if key in known else (1, *_natural(name))

    return sorted({str(name) for name in names}, key=place)


def _natural(name: str) -> tuple[float, str]:
    digits = name.split("-")[0].strip()
    return (float(digits), name) if digits.isdigit() else (float("inf"), name)


def positions(values: pd.Series, index: pd.Index) -> NDArray[np.int32]:
    """Return the position of each value in an index of text, -1 where it is not there."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        places = positions(pd.Series(values.dtype.categories, dtype="str"), index)
        return np.where(values.cat.codes >= 0, places[values.cat.codes], -1).astype(np.int32)
    if not len(index):
        return np.full(len(values), -1, dtype=np.int32)
    places = pyarrow.compute.index_in(text_array(values), value_set=text_array(index))
    return np.asarray(places.fill_null(-1), dtype=np.int32)


def tie_ends(ties: pd.DataFrame, actors: pd.Index) -> dict[str, NDArray[np.int32]]:
    """Return the position among the actors of each ``source`` and ``target``, -1 for an unknown one."""
    return {end: positions(ties[end], actors) for end in ("source", "target")}


def text_array(values: pd.Series | pd.Index) -> pyarrow.LargeStringArray:
    """Return values as one Arrow array of texts."""
    texts = pyarrow.array(values.astype("str"), type=pyarrow.large_string(), from_pandas=True)
    return texts.combine_chunks() if isinstance(texts, pyarrow.ChunkedArray) else texts


def _columns_named(frame: pd.DataFrame, table: Table, problems: list[str]) -> pd.DataFrame:
    """Bring the key out of the index, and warn of a column that looks misspelt."""
    if table.key and frame.index.name == table.key and table.key not in frame.columns:
        frame = frame.reset_index()
    twice = frame.columns[frame.columns.duplicated()]
    if len(twice):
        problems.append(f"{table.name}: column names stand twice: {enumerate_values(twice.unique())}.")
        frame = frame.loc[:, ~frame.columns.duplicated()]
    absent = [column.name for column in table.columns if column.name not in frame.columns and not column.required]
    for name in frame.columns:
        near = nearest(str(name), absent) if name not in table.names else None
        if near and _differs_little(str(name), near):
            warnings.warn(
                f"{table.name}: column {str(name)!r} is kept as it is; if it is {near!r}, rename it.",
                stacklevel=4,
            )
    return frame


def _differs_little(one: str, other: str) -> bool:
    """Tell a slip of the keyboard (same letters, or one letter too few or too many) from another word."""
    one, other = one.casefold(), other.casefold()
    if sorted(one) == sorted(other):
        return True
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return len(longer) == len(shorter) + 1 and any(
        longer[:cut] + longer[cut + 1 :] == shorter for cut in range(len(longer))
    )


def _missing_column(name: str, table: Table, frame: pd.DataFrame) -> str:
    """Say which column a table lacks, and what is likely to hold it."""
    near = nearest(name, [str(column) for column in frame.columns], cutoff=0.8)
    hint = f" Did you mean {near!r}?" if near else ""
    message = f"no {table.name} column named {name!r}.{hint} Known: {enumerate_values(frame.columns, shown=12)}."
    if name == table.key and not isinstance(frame.index, pd.RangeIndex):
        return f"{message} If the index holds it, name the index: .rename_axis({name!r})."
    return f"{message} A table of {table.name} needs it; rt.read_tables reads French headers too."


def _default(column: Column, index: pd.Index) -> pd.Series:
    match column.type:
        case "strength":
            return pd.Series(1.0, index=index)
        case "number" | "longitude" | "latitude":
            return pd.Series(np.nan, index=index, dtype="float64")
        case "level":
            return pd.Series(pd.NA, index=index, dtype="Int8")
        case "flag":
            return pd.Series(pd.NA, index=index, dtype="boolean")
        case "status":
            return _same_text("present", index)
        case _:
            return _same_text(None, index)


def _same_text(text: str | None, index: pd.Index) -> pd.Series:
    """Return a column of one text, or without any: its rows share the memory of `SHARED_ROWS` of them."""
    rows = pyarrow.repeat(pyarrow.scalar(text, pyarrow.large_string()), min(len(index), SHARED_ROWS))
    whole, rest = divmod(len(index), SHARED_ROWS)
    column = pyarrow.chunked_array([*[rows] * whole, rows[:rest]], type=pyarrow.large_string())
    return pd.Series(pd.arrays.ArrowExtensionArray(column), index=index).astype("str")


def _typed(values: pd.Series, column: Column, table: Table, problems: list[str]) -> pd.Series:
    where = f"{table.name}: {column.name}"
    match column.type:
        case "strength":
            return _strengths(values, where, problems)
        case "number":
            return _numbers(values, where, problems)
        case "longitude":
            return _within(_numbers(values, where, problems), -180, 180, where, problems)
        case "latitude":
            return _within(_numbers(values, where, problems), -90, 90, where, problems)
        case "level":
            return _levels(values, where, problems)
        case "flag":
            return _flags(values, where, problems)
        case "status":
            return _statuses(values, where, problems)
        case _:
            if column.name == "period" and table is TIES:
                return ordered_periods(values)
            return _words(values, column, where, problems)


def _words(values: pd.Series, column: Column, where: str, problems: list[str]) -> pd.Series:
    texts = as_text(values)
    if column.required:
        empty = texts.isna()
        if empty.any():
            problems.append(
                f"{where} is missing in {enumerate_rows(values.index[empty])}. Fill it in, or drop the rows."
            )
    return texts


def as_text(values: pd.Series) -> pd.Series:
    """Return values as text: whole floats lose their ``.0``, empty text is missing, categories stay."""
    dtype = values.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        categories = as_text(pd.Series(dtype.categories))
        if "" not in set(dtype.categories) and categories.is_unique:
            return values.cat.rename_categories(list(categories))
        return as_text(values.astype("object"))
    if pd.api.types.is_float_dtype(dtype):
        whole = values.dropna()
        if (whole == whole.round()).all():
            return values.astype("Int64").astype("str")
    texts = values.astype("str")
    empty = texts == ""
    return texts.mask(empty) if empty.any() else texts


def _numbers(values: pd.Series, where: str, problems: list[str]) -> pd.Series:
    numbers = pd.to_numeric(values, errors="coerce").astype("float64")
    bad = numbers.isna() & values.notna()
    if pd.api.types.is_object_dtype(values.dtype) or pd.api.types.is_string_dtype(values.dtype):
        bad |= values.map(lambda value: isinstance(value, str)).astype(bool)
    if bad.any():
        problems.append(f"{where} must be a number; {rows_have(values.index[bad], values[bad].unique())}.")
    return numbers.mask(bad)


def _strengths(values: pd.Series, where: str, problems: list[str]) -> pd.Series:
    numbers = _numbers(values, where, problems)
    missing = values.isna()
    if missing.any():
        problems.append(
            f"{where} is missing in {enumerate_rows(values.index[missing])}. Fill it in, or drop the column to "
            "count every tie as 1."
        )
    bad = (numbers < 0) | np.isinf(numbers)
    if bad.any():
        problems.append(
            f"{where} must be 0 or more, and finite; {rows_have(values.index[bad], numbers[bad].unique())}. "
            "A weight is a strength: larger means closer."
        )
    return numbers


def _within(numbers: pd.Series, low: float, high: float, where: str, problems: list[str]) -> pd.Series:
    bad = (numbers < low) | (numbers > high)
    if bad.any():
        problems.append(
            f"{where} must lie between {low} and {high} degrees; "
            f"{rows_have(numbers.index[bad], numbers[bad].unique())}."
        )
    return numbers


def _levels(values: pd.Series, where: str, problems: list[str]) -> pd.Series:
    numbers = _numbers(values, where, problems)
    bad = numbers.notna() & ~numbers.isin(range(5))
    if bad.any():
        problems.append(
            f"{where} goes from 0 (none) to 4 (formal on several projects); "
            f"{rows_have(values.index[bad], values[bad].unique())}."
        )
    return numbers.mask(bad).astype("Int8")


def _flags(values: pd.Series, where: str, problems: list[str]) -> pd.Series:
    if isinstance(values.dtype, pd.BooleanDtype):
        return values
    known = values.map(lambda value: value in (True, False), na_action="ignore")
    bad = values.notna() & ~known.eq(True)
    if bad.any():
        problems.append(f"{where} must be true or false; {rows_have(values.index[bad], values[bad].unique())}.")
    return values.mask(bad).astype("boolean")


def _statuses(values: pd.Series, where: str, problems: list[str]) -> pd.Series:
    texts = as_text(values)
    if isinstance(texts.dtype, pd.CategoricalDtype):
        texts = texts.astype("str")
    bad = texts.notna() & ~texts.isin(list(STATUSES))
    if bad.any():
        problems.append(
            f"{where} is one of {enumerate_values(STATUSES)}; {rows_have(values.index[bad], texts[bad].unique())}. "
            "Missing is not absent: write 'unknown'."
        )
    return texts


def _extra(values: pd.Series) -> pd.Series:
    """Keep a column beyond the contract; only text is made uniform."""
    if pd.api.types.is_object_dtype(values.dtype) or pd.api.types.is_string_dtype(values.dtype):
        return as_text(values)
    return values


def _finish_ties(ties: pd.DataFrame, *, level_given: bool) -> pd.DataFrame:
    if ties["layer"].isna().all():
        ties["layer"] = _same_text(DEFAULT_LAYER, ties.index)
    elif ties["layer"].isna().any():
        ties["layer"] = ties["layer"].fillna(DEFAULT_LAYER)
    if not isinstance(ties["period"].dtype, pd.CategoricalDtype):
        ties["period"] = ordered_periods(ties["period"])
    if level_given:
        none = ties["level"].eq(0).fillna(False).astype(bool) & ties["status"].ne("unknown").fillna(True)
        ties["status"] = ties["status"].mask(none, "absent")
    if ties["status"].isna().any():
        ties["status"] = ties["status"].fillna("present")
    return ties


def raise_if(problems: Sequence[str]) -> None:
    """Raise a `TableError` with all problems, if there are any."""
    if problems:
        raise TableError(list(problems))
