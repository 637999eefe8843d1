"""Columns of text as they are kept: each distinct text once, as it is, or as its fingerprint."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import union_categoricals

__all__ = [
    "Cells",
    "Codes",
    "Column",
    "Fingerprints",
    "bare_text",
    "each_once",
    "filled",
    "marked",
    "narrowest",
    "numbered",
    "of_codes",
    "packed",
    "recurring",
    "stacked",
    "taken",
    "text_of",
    "texts_of",
]

_NOTHING: Final = frozenset({"", "na", "nan", "null", "none", "<na>", "-", "--", "/", "n/a"})
# The spaces themselves, since Arrow and Python, which both read the pattern, write codes of letters in two ways.
_SPACES: Final = "\t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_WIDTHS: Final = {"b": 126, "h": 32_766, "i": 2_147_483_646}
"""The type of the codes of a column, and the most distinct cells that pandas numbers with it."""
_BLOCK_ROWS: Final = 1 << 16
_ODD: Final = np.uint64(0x9E3779B97F4A7C15)
_LARGEST: Final = 2**63 - 1
_UNCLEAN: Final = rf"^ | $|  |[{_SPACES}]|^(?i:{'|'.join(map(re.escape, sorted(_NOTHING)))})$"
"""What :func:`text_of` changes: spaces that are not single blanks between words, and words that say nothing."""


class Column(Protocol):
    """A column that is read piece by piece."""

    def add(self, cells: list[Any]) -> None:
        """Keep the next cells; an empty one is None."""

    def fill(self, length: int) -> None:
        """Add empty cells up to a length."""

    def series(self) -> pd.Series:
        """Return the whole column."""


class Cells:
    """Cells as they are; as text when all of a piece are, which takes a fifth of the memory."""

    def __init__(self) -> None:
        self._pieces: list[pd.Series] = []
        self._length = 0

    def add(self, cells: list[Any]) -> None:
        texts = all(cell is None or type(cell) is str for cell in cells)
        self._keep(pd.Series(cells, dtype="str" if texts else "object"))

    def fill(self, length: int) -> None:
        if length > self._length:
            self._keep(pd.Series(index=range(length - self._length), dtype="object"))

    def _keep(self, piece: pd.Series) -> None:
        self._pieces.append(piece)
        self._length += len(piece)

    def series(self) -> pd.Series:
        return pd.concat(self._pieces, ignore_index=True)


class Codes:
    """Cells of which each distinct one is read and kept once: a row takes one byte, two or four, as they are many.

    Parameters
    ----------
    read : callable
        From a cell to what is kept of it, None for a missing value; by default :func:`text_of`.
    """

    def __init__(self, read: Callable[[Any], Any] | None = None) -> None:
        self._codes = array("b")
        self._of_cell = _CodeOfCell(read or text_of)

    def add(self, cells: list[Any]) -> None:
        codes = array("i", map(self._of_cell.__getitem__, cells))
        wanted = next(code for code, most in _WIDTHS.items() if len(self._of_cell.values_read) <= most)
        if wanted != self._codes.typecode:
            self._codes = array(wanted, self._codes)
        self._codes.extend(codes if wanted == "i" else array(wanted, codes))

    def fill(self, length: int) -> None:
        self._codes.extend([-1] * (length - len(self._codes)))

    def series(self) -> pd.Series:
        values = list(self._of_cell.values_read)
        texts = all(type(value) is str for value in values)
        kept = pd.Index(values, dtype="str" if texts else "object")
        return of_codes(np.frombuffer(self._codes, dtype=self._codes.typecode), kept)


class _CodeOfCell(dict[Any, int]):
    """The code of each cell met, and what was read of the cells in the order of their codes."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__({None: -1})
        self.values_read: dict[Any, int] = {}
        self._read = read

    def __missing__(self, cell: Any) -> int:
        value = self._read(cell)
        if value != value:  # NaN is missing, and no key: each one is another
            return -1
        code = -1 if value is None else self.values_read.setdefault(value, len(self.values_read))
        self[cell] = code
        return code


class Fingerprints:
    """Free texts of which only a number of 64 bits is kept: enough to tell whether two are equal."""

    def __init__(self, read: Callable[[Any], str | None] | None = None) -> None:
        self._read = read or text_of
        self._prints = array("Q")
        self._missing = bytearray()

    def add(self, cells: list[Any]) -> None:
        texts = [self._read(cell) for cell in cells]
        values = np.array([text or "" for text in texts], dtype=object)
        self._prints.frombytes(pd.util.hash_array(values, categorize=False).tobytes())
        self._missing.extend(text is None for text in texts)

    def fill(self, length: int) -> None:
        rows = length - len(self._prints)
        self._prints.extend([0] * rows)
        self._missing.extend([True] * rows)

    def series(self) -> pd.Series:
        prints, missing = np.frombuffer(self._prints, dtype=np.uint64), np.frombuffer(self._missing, dtype=bool)
        return pd.Series(pd.arrays.IntegerArray(prints.copy(), missing.copy()))


def texts_of(cells: pd.Series) -> pd.Series:
    """Return a column as text, as :func:`text_of` reads each cell."""
    if not isinstance(cells.dtype, pd.StringDtype):
        return each_once(cells, text_of).astype("str")
    unclean = cells.str.contains(_UNCLEAN, regex=True, na=False)
    return cells.mask(unclean, cells[unclean].map(text_of)) if unclean.any() else cells


def each_once(values: pd.Series, function: Callable[[Any], str | None]) -> pd.Series:
    """Apply a function to each distinct value, to get packed text; missing stays missing."""
    codes, distinct = pd.factorize(values)
    places, texts = pd.factorize(pd.Series([function(value) for value in distinct], dtype="str"))
    places = np.append(places, -1)[codes]  # code -1, a missing value, takes the last place
    return pd.Series(pd.Categorical.from_codes(places, pd.Index(texts, dtype="str")), index=values.index)


def packed(texts: pd.Series) -> pd.Series:
    """Return text as a category, which keeps each distinct value once."""
    if isinstance(texts.dtype, pd.CategoricalDtype):
        return texts
    if texts.isna().all():
        return of_codes(np.full(len(texts), -1, dtype=np.int8), pd.Index([], dtype="str")).set_axis(texts.index)
    codes, distinct = pd.factorize(texts.astype("str"))
    return pd.Series(pd.Categorical.from_codes(codes, pd.Index(distinct, dtype="str")), index=texts.index)


def marked(texts: pd.Series, rows: pd.Series | NDArray[np.bool_], text: str) -> pd.Series:
    """Return packed texts, some of them replaced by another one."""
    texts = packed(texts)
    if text not in texts.cat.categories:
        texts = texts.cat.add_categories([text])
    codes = texts.cat.codes.to_numpy().copy()
    codes[np.asarray(rows, dtype=bool)] = int(texts.cat.categories.get_indexer(pd.Index([text]))[0])
    return of_codes(codes, texts.cat.categories).set_axis(texts.index)


def taken(texts: pd.Series, places: NDArray[np.integer[Any]]) -> pd.Series:
    """Return packed texts by their places; -1 gives a missing one."""
    texts = packed(texts)
    codes = texts.cat.codes.to_numpy()
    return of_codes(np.take(np.append(codes, codes.dtype.type(-1)), places), texts.cat.categories)


def of_codes(codes: NDArray[np.integer[Any]], texts: pd.Index) -> pd.Series:
    """Return packed texts from their codes, -1 for a missing one."""
    return pd.Series(pd.Categorical.from_codes(codes, texts))


def numbered(columns: Sequence[pd.Series]) -> NDArray[np.int64]:
    """Return the same number for rows that are equal in all columns, in order of appearance; missing is a value."""
    numbers, most = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        if isinstance(column.dtype, pd.CategoricalDtype):
            codes, size = column.cat.codes.to_numpy(), len(column.cat.categories)
        else:
            codes, distinct = pd.factorize(column)
            size = len(distinct)
        if most > _LARGEST // (size + 1):
            numbers = pd.factorize(numbers)[0].astype(np.int64, copy=False)
            most = len(numbers)
        numbers *= size + 1
        numbers += codes
        numbers += 1
        most *= size + 1
    return pd.factorize(numbers)[0].astype(np.int64, copy=False)


def recurring(columns: Sequence[pd.Series], among: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Return the places of the rows, among some, that equal another of these in all columns; missing is a value.

    Rows are told apart by 64 bits mixed from their values, sorted in one array; only those that look alike are
    compared. A table of all distinct rows would take ten times the memory.
    """
    prints = _mixed(columns)
    ordered = np.sort(prints[among])
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    del ordered
    likely = np.flatnonzero(pd.Series(prints, copy=False).isin(twice).to_numpy() & among)
    del prints
    same = numbered([column.iloc[likely] for column in columns])
    return likely[pd.Series(same).duplicated(keep=False).to_numpy()]


def _mixed(columns: Sequence[pd.Series]) -> NDArray[np.uint64]:
    """Return 64 bits per row, the same for rows that are equal in all columns."""
    prints = np.zeros(len(columns[0]), dtype=np.uint64)
    for column in columns:
        for start in range(0, len(prints), _BLOCK_ROWS):
            block = prints[start : start + _BLOCK_ROWS]
            block ^= _bits(column.iloc[start : start + _BLOCK_ROWS])
            block *= _ODD
            block ^= block >> np.uint64(29)
    return prints


def _bits(values: pd.Series) -> NDArray[np.uint64]:
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy().astype(np.uint64)
    if values.dtype == "float64":
        values = (values + 0.0).fillna(np.nan)  # -0.0 is 0.0
    return np.asarray(pd.util.hash_pandas_object(values, index=False), dtype=np.uint64)


def narrowest(numbers: pd.Index) -> type[np.integer[Any]]:
    """Return the type that whole numbers of this size fit in: four bytes, or eight."""
    return np.int32 if len(numbers) == 0 or numbers.max() <= np.iinfo(np.int32).max else np.int64


def filled(texts: pd.Series, others: pd.Series | str) -> pd.Series:
    """Return packed texts, those that are missing taken from others."""
    if texts.notna().all() or (isinstance(others, pd.Series) and others.isna().all()):
        return packed(texts)
    if isinstance(others, str):
        return packed(texts.astype("str").fillna(others))
    texts, others = packed(texts), packed(others)
    known = texts.cat.categories.union(others.cat.categories, sort=False)
    places = np.append(known.get_indexer(others.cat.categories), -1).astype(np.int32)
    codes = np.where(texts.isna(), places[others.cat.codes], texts.cat.codes)
    numbers, used = pd.factorize(pd.Categorical.from_codes(codes, known))  # in order of appearance
    return of_codes(numbers, pd.Index(used, dtype="str")).set_axis(texts.index)


def stacked(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Put tables of the same columns one below the other; packed texts stay packed.

    The columns are taken out of the tables, so that the parts and the whole never stand side by side.
    """
    if len(tables) == 1:
        return tables[0].reset_index(drop=True)
    return pd.DataFrame({name: _joined([table.pop(name) for table in tables]) for name in list(tables[0].columns)})


def _joined(parts: Sequence[pd.Series]) -> pd.Series:
    if any(isinstance(part.dtype, pd.CategoricalDtype) for part in parts):
        texts = [packed(part) for part in parts]
        if len({part.cat.categories.dtype for part in texts}) > 1:  # numbers of a workbook beside the texts of a CSV
            objects = [part.cat.categories.astype("object") for part in texts]
            codes = [part.cat.codes.to_numpy() for part in texts]
            texts = [pd.Series(pd.Categorical.from_codes(*pair)) for pair in zip(codes, objects, strict=True)]
        return pd.Series(union_categoricals(texts))
    return pd.concat(parts, ignore_index=True)


def text_of(cell: object) -> str | None:
    """Return a cell as text: whole numbers of a workbook without ``.0``, None when it says nothing."""
    if cell is None or cell is pd.NA or (isinstance(cell, float) and pd.isna(cell)):
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = " ".join(str(cell).split())
    return None if text.casefold() in _NOTHING else text


def bare_text(cell: object) -> str | None:
    """Return a cell as text without blanks and capitals."""
    return (text_of(cell) or "").replace(" ", "").casefold() or None
