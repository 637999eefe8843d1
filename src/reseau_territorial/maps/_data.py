"""`MapData`: everything a page shows, as plain columns; and its text, safe inside a page."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["MapData", "codes", "decoded", "significant", "tie_ends"]

CODES: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ESCAPES: Final = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


@dataclass(frozen=True, eq=False)
class MapData:
    """The content of one map, ready to be written.

    Attributes
    ----------
    content : mapping
        Columns and labels as `json` writes them; the engine in ``page/`` reads the same keys.
    sources : sequence of str
        The sources in full, for the foot of the page.
    """

    content: Mapping[str, Any]
    sources: Sequence[str] = ()

    def to_json(self) -> str:
        """Return the content as JSON that no page can mistake for markup or script."""
        text = json.dumps(self.content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.translate(_ESCAPES)


def codes(values: ArrayLike) -> int | str | list[int]:
    """Write a column of integers shortly: one number for all, one character for each, or a list.

    Examples
    --------
    >>> codes([2, 2]), codes([0, 11, -1]), codes([0, 100])
    (2, '0B-', [0, 100])
    """
    column = np.asarray(values, dtype=np.int64)
    if len(column) and (column == column[0]).all():
        return int(column[0])
    if len(column) and column.min() >= -1 and column.max() < len(CODES):
        return "".join((CODES + "-")[value] for value in column)
    return [int(value) for value in column]


def significant(values: Sequence[float] | np.ndarray[Any, Any], digits: int = 4) -> list[float | int | None]:
    """Round to significant digits; missing and infinite values become None."""
    return [_significant(float(value), digits) for value in values]


def _significant(value: float, digits: int) -> float | int | None:
    if not math.isfinite(value):
        return None
    rounded = float(f"{value:.{digits - 1}e}") if abs(value) < 10**digits else round(value)
    return int(rounded) if rounded == int(rounded) else rounded


def decoded(column: float | str | Sequence[int], length: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Read back what `codes` wrote.

    Examples
    --------
    >>> decoded("0B-", 3).tolist(), decoded(2, 2).tolist()
    ([0, 11, -1], [2, 2])
    """
    if isinstance(column, str):
        return np.array([(CODES + "-").index(letter) if letter != "-" else -1 for letter in column], dtype=np.int64)
    if isinstance(column, int | float):
        return np.full(length, column, dtype=np.int64)
    return np.asarray(column, dtype=np.int64)


def tie_ends(content: Any) -> tuple[np.ndarray[Any, np.dtype[np.int64]], np.ndarray[Any, np.dtype[np.int64]]]:
    """Return the source and the target of each tie, as places in the list of actors."""
    target = np.asarray(content["ties"]["target"], dtype=np.int64)
    return np.cumsum(decoded(content["ties"]["source"], len(target))), target
