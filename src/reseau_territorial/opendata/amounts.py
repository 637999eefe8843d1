"""Amounts of money as French files write them.

A cell is read only if it can mean one thing. What a spreadsheet destroyed, what has two readings and
what is no amount is refused with a reason; the caller adds the file, the line and the column.
Dates are in :mod:`reseau_territorial.opendata.dates`.
"""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["Amount", "decimal_mark", "distinct_amounts", "parse_amount", "parse_amounts"]

Mark = Literal[",", "."]

MISSING_WORDS: Final = frozenset(
    {"", "-", "--", "/", "na", "n/a", "nan", "nc", "nd", "nr", "none", "null", "néant", "neant", "sans objet"}
    | {"so", "s.o.", "non communiqué", "non renseigné", "inconnu", "<na>", "[nc]", "cdl"}
)
_FLAGS: Final = frozenset({"x", "oui"})
_SPACES = re.compile(r"[\s\u00a0\u202f\u2007\u2009]+")
CURRENCY: Final = r"(?:€|\beuros?\b|\beur\b)(?:\s*(?:ttc|ht|net)\b)?"
_CURRENCY = re.compile(CURRENCY, re.IGNORECASE)
_SCALE = re.compile(r"(?<=\d)\s*([km])\s*(?=€|eur)", re.IGNORECASE)
_PLAIN = re.compile(r"\d+")
_GROUPS_BY_SPACE = re.compile(r"(\d{1,3}(?:[ '’]\d{3})+)(?:([.,])(\d+))?")
_ONE_MARK = re.compile(r"(\d*)([.,])(\d+)")
_GROUPS_BY_MARK = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)([.,])(\d+))?")
_SCIENTIFIC = re.compile(r"(\d+)(?:[.,](\d+))?([eE])([+-]?\d{1,3})")
_RANGE = re.compile(
    r"(?:entre|de)?\s*(?P<low>[\d .,'’]+?)\s*(?:€|euros?)?\s*(?:-|–|à|et)"
    r"\s*(?P<high>\d[\d .,'’]*)\s*(?:€|euros?)?",
    re.IGNORECASE,
)
_SEVERAL_YEARS = re.compile(
    r"(?P<amount>[\d .,'’]+)(?:€|euros?)\s*\(?\s*(?:pour|sur)\s+(?:les\s+|la\s+)?(?P<years>\d{1,2})\s+"
    r"(?:\w+\s+)?(?:saisons?|années?|annees?|ans|exercices?)(?:\s+\w+)?\s*\)?",
    re.IGNORECASE,
)
_MINUS: Final = ("-", "\u2212", "\u2013")
_SCALES: Final = {"k": 1_000, "m": 1_000_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """What one cell says about money.

    Attributes
    ----------
    euros : float
        The amount, NaN when it is not known.
    low, high : float
        Bounds when the cell gives a range, else NaN.
    years : int
        Over how many years or seasons the cell spreads the amount (1 by default).
    issue : str
        Why the amount is not known: ``""``, ``"missing"``, ``"flag"``, ``"range"``, ``"ambiguous"``,
        ``"damaged"`` or ``"text"``.
    repair : str
        What had to be understood to read it: ``""`` for a plain number.
    """

    euros: float = math.nan
    low: float = math.nan
    high: float = math.nan
    years: int = 1
    issue: str = ""
    repair: str = ""


def parse_amount(value: object, *, mark: Mark | None = None) -> Amount:
    """Read one cell as an amount in euros, or say why it cannot be read.

    Parameters
    ----------
    value : object
        Text, a number of a workbook or of a JSON file, or a missing value.
    mark : {",", "."}, optional
        Decimal mark of the column, for texts such as ``"1.234"`` that have two readings
        (see :func:`decimal_mark`). Without it they are refused as ambiguous.

    Returns
    -------
    Amount
        In euros; ``issue`` says why when it is not known. Brackets and a trailing minus are negative.

    Examples
    --------
    >>> parse_amount("22 000,80").euros
    22000.8
    >>> parse_amount("(1 250,00) €").euros
    -1250.0
    >>> parse_amount("1.234").issue
    'ambiguous'
    >>> parse_amount("240 000 € (pour les 3 saisons sportives)").years
    3
    """
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        number = float(value)
        return Amount(euros=number) if math.isfinite(number) else Amount(issue="missing")
    if value is None or value is pd.NA or value is pd.NaT:
        return Amount(issue="missing")
    if not isinstance(value, str):
        return Amount(issue="text")
    text = _SPACES.sub(" ", value).strip()
    if text.casefold() in MISSING_WORDS:
        return Amount(issue="missing")
    if text.casefold() in _FLAGS:
        return Amount(issue="flag")
    return _parse_text(text, mark)


def _parse_text(text: str, mark: Mark | None) -> Amount:
    several = _SEVERAL_YEARS.fullmatch(text)
    if several is not None:
        read = _parse_number(several["amount"].strip(), mark)
        years = int(several["years"])
        return Amount(euros=read.euros, years=years, issue=read.issue, repair=f"amount for {years} years")
    bounds = _RANGE.fullmatch(text)
    if bounds is not None:
        low, high = _parse_number(bounds["low"].strip(), mark), _parse_number(bounds["high"].strip(), mark)
        if not low.issue and not high.issue and low.euros <= high.euros:
            return Amount(low=low.euros, high=high.euros, issue="range")
        return Amount(issue="text")
    scale = _SCALE.search(text)
    bare = _CURRENCY.sub("", _SCALE.sub("", text)).strip()
    if bare in MISSING_WORDS:  # "- €"
        return Amount(issue="missing")
    bare, negative = _without_sign(bare)
    read = _parse_number(bare, mark)
    if read.issue:
        return read
    factor = (_SCALES[scale[1].lower()] if scale else 1) * (-1 if negative else 1)
    repair = "" if bare == text and not read.repair else (read.repair or "currency or sign")
    return Amount(euros=float(Decimal(repr(read.euros)) * factor), repair=repair)


def _without_sign(text: str) -> tuple[str, bool]:
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), True
    if text.startswith(_MINUS):
        return text[1:].strip(), True
    if text.endswith(_MINUS):
        return text[:-1].strip(), True
    return text.removeprefix("+").strip(), False


def _parse_number(text: str, mark: Mark | None) -> Amount:
    if _PLAIN.fullmatch(text):
        return Amount(euros=float(text))
    spaced = _GROUPS_BY_SPACE.fullmatch(text)
    if spaced is not None:
        whole = re.sub(r"[ '’]", "", spaced[1])
        return Amount(euros=float(f"{whole}.{spaced[3] or 0}"), repair="thousands")
    single = _ONE_MARK.fullmatch(text)
    if single is not None:
        return _parse_one_mark(single[1], single[2], single[3], mark)
    grouped = _GROUPS_BY_MARK.fullmatch(text)
    if grouped is not None:
        whole, _, decimals = text.partition(grouped[2]) if grouped[2] else (text, "", "")
        return Amount(euros=float(f"{re.sub('[.,]', '', whole)}.{decimals or 0}"), repair="thousands")
    scientific = _SCIENTIFIC.fullmatch(text)
    if scientific is not None:
        return _parse_scientific(scientific)
    return Amount(issue="text")


def _parse_one_mark(whole: str, sign: str, decimals: str, mark: Mark | None) -> Amount:
    could_be_thousands = len(decimals) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    if could_be_thousands and mark is None:
        return Amount(issue="ambiguous")
    if could_be_thousands and mark != sign:
        return Amount(euros=float(whole + decimals), repair="thousands")
    return Amount(euros=float(f"{whole or 0}.{decimals}"), repair="decimal comma" if sign == "," else "")


def _parse_scientific(found: re.Match[str]) -> Amount:
    """Programs write ``1e+05`` and mean it; a spreadsheet writes ``1,23E+05`` and rounds."""
    whole, decimals, letter, power = found[1], found[2] or "", found[3], int(found[4])
    if letter == "E" and len(decimals) < power:
        return Amount(issue="damaged")
    return Amount(euros=float(f"{whole}.{decimals or 0}e{power}"), repair="scientific notation")


def decimal_mark(values: Iterable[object]) -> Mark | None:
    """Say which decimal mark a column of amounts uses, when its own cells prove it.

    Parameters
    ----------
    values : iterable
        The cells of one column.

    Returns
    -------
    {",", "."} or None
        None when no cell proves anything, or when cells prove both.

    Examples
    --------
    >>> decimal_mark(["1.234", "12,50"])
    ','
    >>> decimal_mark(["1.234", "12"]) is None
    True
    """
    proved: set[Mark] = set()
    for value in values:
        if isinstance(value, str) and ("," in value or "." in value):
            found = _proof(_CURRENCY.sub("", _SPACES.sub(" ", value)).strip())
            if found is not None:
                proved.add(found)
    return proved.pop() if len(proved) == 1 else None


def _proof(text: str) -> Mark | None:
    spaced, single, grouped = (pattern.fullmatch(text) for pattern in (_GROUPS_BY_SPACE, _ONE_MARK, _GROUPS_BY_MARK))
    sign = ""
    if spaced is not None:
        sign = spaced[2] or ""
    elif single is not None:
        certain = len(single[3]) != 3 or len(single[1]) > 3 or single[1] in {"", "0"}
        sign = single[2] if certain else ""
    elif grouped is not None:
        sign = grouped[2] or ("." if grouped[1] == "," else ",")
    return "," if sign == "," else "." if sign == "." else None


def parse_amounts(values: pd.Series, *, mark: Mark | None = None) -> pd.DataFrame:
    """Read a column of amounts, each distinct text once.

    Parameters
    ----------
    values : pandas.Series
        The cells.
    mark : {",", "."}, optional
        Decimal mark; found from the column itself if omitted.

    Returns
    -------
    pandas.DataFrame
        On the index of `values`: ``euros``, ``low``, ``high`` (float64), ``years`` (int64), ``issue``
        and ``repair`` (text), as in :class:`Amount`.

    Examples
    --------
    >>> parse_amounts(pd.Series(["1 150,00", "X", "2.500"]))["euros"].tolist()
    [1150.0, nan, 2500.0]
    """
    codes, read = distinct_amounts(values, mark=mark)
    return read.take(codes).set_axis(values.index)


def distinct_amounts(values: pd.Series, *, mark: Mark | None = None) -> tuple[NDArray[np.int32], pd.DataFrame]:
    """Read the distinct amounts of a column, as :func:`parse_amounts`; also which one each row holds."""
    codes, distinct = pd.factorize(values, use_na_sentinel=False)
    cells = list(distinct)
    mark = mark or decimal_mark(cells)
    read = [parse_amount(cell, mark=mark) for cell in cells]
    types: dict[str, Any] = {
        "euros": float,
        "low": float,
        "high": float,
        "years": "int64",
        "issue": "str",
        "repair": "str",
    }
    frame = pd.DataFrame({column: [getattr(amount, column) for amount in read] for column in types}).astype(types)
    return codes.astype(np.int32), frame
