"""Dates as French files write them: whole, cut to the month or the year, or spreadsheet serials.

A date keeps the precision of its cell: ``"2018-04"`` stays a month. What has two readings is refused.
"""

from __future__ import annotations

import datetime as dt
import math
import numbers
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.opendata.amounts import MISSING_WORDS

__all__ = ["FrenchDate", "date_order", "distinct_dates", "parse_date", "parse_dates"]

Order = Literal["day", "month"]

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100
_EXCEL_DAY_ZERO: Final = dt.date(1899, 12, 30)
_EXCEL_SERIALS: Final = range(32874, 54788)  # 1990 to 2049
_PIVOT: Final = 70  # two-digit years below are of the 2000s

_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?"
)
_THREE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?")
_YEAR_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_MONTH_SHORT_YEAR = re.compile(r"(\d{2})-(\d{2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR = re.compile(r"(\d{4})(?:\.0+)?")
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_WORDS = re.compile(r"(?:(\d{1,2})(?:er)?\s+)?([a-zéèûâ]+)\.?\s+(\d{4})", re.IGNORECASE)
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan",
            "février fevrier févr fevr fév fev",
            "mars mar",
            "avril avr",
            "mai",
            "juin",
            "juillet juil",
            "août aout",
            "septembre sept sep",
            "octobre oct",
            "novembre nov",
            "décembre decembre déc dec",
        ),
        start=1,
    )
    for name in names.split()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FrenchDate:
    """What one cell says about a date.

    Attributes
    ----------
    text : str
        ISO 8601, cut to what is known: ``"2018-04-12"``, ``"2018-04"``, ``"2018"`` or ``""``.
    issue : str
        Why it is not known: ``""``, ``"missing"``, ``"ambiguous"``, ``"impossible"`` or ``"text"``.
    repair : str
        What had to be understood to read it: ``""`` for an ISO date, a month or a year.
    """

    text: str = ""
    issue: str = ""
    repair: str = ""

    @property
    def year(self) -> int | None:
        """The year, None when the date is not known."""
        return int(self.text[:4]) if self.text else None


def parse_date(value: object, *, order: Order | None = None) -> FrenchDate:
    """Read one cell as a date, or say why it cannot be read.

    Parameters
    ----------
    value : object
        Text, a date of a workbook, a spreadsheet serial or a missing value.
    order : {"day", "month"}, optional
        Which comes first in ``"05/06/2016"``. The day if omitted, as in every French file; a column
        whose cells prove the contrary is told by :func:`date_order`.

    Returns
    -------
    FrenchDate
        With the precision of the cell.

    Examples
    --------
    >>> parse_date("17/12/2018").text, parse_date("2018-12-17+01:00").text, parse_date("2018-04").text
    ('2018-12-17', '2018-12-17', '2018-04')
    >>> parse_date("43451").text
    '2018-12-17'
    >>> parse_date("0218-07-28").issue
    'impossible'
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return FrenchDate(issue="missing")
    if isinstance(value, dt.datetime | dt.date):
        return _dated(value.year, value.month, value.day)
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        number = float(value)
        if not math.isfinite(number):
            return FrenchDate(issue="missing")
        return _parse_text(f"{int(number)}", order)
    if not isinstance(value, str):
        return FrenchDate(issue="text")
    text = " ".join(value.split())
    if text.casefold() in MISSING_WORDS or text.startswith("0001-01-01"):
        return FrenchDate(issue="missing")
    return _parse_text(text, order)


def _parse_text(text: str, order: Order | None) -> FrenchDate:
    if found := (_ISO.fullmatch(text) or _COMPACT.fullmatch(text)):
        return _dated(int(found[1]), int(found[2]), int(found[3]))
    if found := _THREE.fullmatch(text):
        first, second = int(found[1]), int(found[2])
        day, month = (second, first) if order == "month" else (first, second)
        return _dated(_full_year(found[3]), month, day, repair=f"{order or 'day'} first")
    if found := (_YEAR.fullmatch(text) or _YEAR_MONTH.fullmatch(text)):
        return _dated(int(found[1]), int(found[2]) if found.lastindex == 2 else None)
    return _parse_rare(text, order)


def _parse_rare(text: str, order: Order | None) -> FrenchDate:
    if found := _MONTH_YEAR.fullmatch(text):
        return _dated(int(found[2]), int(found[1]), repair="month first")
    if found := _MONTH_SHORT_YEAR.fullmatch(text):
        if int(found[2]) <= 12 and order != "month":
            return FrenchDate(issue="ambiguous")
        return _dated(_full_year(found[2]), int(found[1]), repair="month and two-digit year")
    if (found := _SERIAL.fullmatch(text)) and int(found[1]) in _EXCEL_SERIALS:
        day_found = _EXCEL_DAY_ZERO + dt.timedelta(days=int(found[1]))
        return FrenchDate(text=day_found.isoformat(), repair="spreadsheet serial")
    if (found := _WORDS.fullmatch(text)) and found[2].casefold() in _MONTHS:
        day_word = int(found[1]) if found[1] else None
        return _dated(int(found[3]), _MONTHS[found[2].casefold()], day_word, repair="month in words")
    return FrenchDate(issue="text")


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year < _PIVOT else 1900)


def _dated(year: int, month: int | None = None, day: int | None = None, *, repair: str = "") -> FrenchDate:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return FrenchDate(issue="impossible")
    if month is None:
        return FrenchDate(text=f"{year:04d}", repair=repair)
    try:
        dt.date(year, month, day or 1)
    except ValueError:
        return FrenchDate(issue="impossible")
    text = f"{year:04d}-{month:02d}" if day is None else f"{year:04d}-{month:02d}-{day:02d}"
    return FrenchDate(text=text, repair=repair)


def date_order(values: Iterable[object]) -> Order | None:
    """Say whether a column writes the month first, when its own cells prove it.

    Parameters
    ----------
    values : iterable
        The cells of one column.

    Returns
    -------
    {"day", "month"} or None
        ``"month"`` when a second part is above 12 and no first part is (``"05/31/2016"``, or
        ``"05-16"`` for May 2016 beside ``"11-16"``); None when the cells contradict each other or
        say nothing.
    """
    firsts: set[int] = set()
    seconds: set[int] = set()
    for value in values:
        text = value.strip() if isinstance(value, str) else ""
        found = _THREE.fullmatch(text) or _MONTH_SHORT_YEAR.fullmatch(text)
        if found is not None:
            firsts.add(int(found[1]))
            seconds.add(int(found[2]))
    day_first, month_first = max(firsts, default=0) > 12, max(seconds, default=0) > 12
    if day_first == month_first:
        return None
    return "day" if day_first else "month"


def parse_dates(values: pd.Series) -> pd.DataFrame:
    """Read a column of dates, each distinct text once, in the order that the column proves.

    Parameters
    ----------
    values : pandas.Series
        The cells.

    Returns
    -------
    pandas.DataFrame
        On the index of `values`: ``date`` (ISO text, cut to what is known, ``""`` when it is not),
        ``year`` (Int64), ``issue`` and ``repair``, as in :class:`FrenchDate`.

    Examples
    --------
    >>> parse_dates(pd.Series(["2014", "26/07/2017", None]))["year"].tolist()
    [2014, 2017, <NA>]
    """
    codes, read = distinct_dates(values)
    return read.take(codes).set_axis(values.index)


def distinct_dates(values: pd.Series) -> tuple[NDArray[np.int32], pd.DataFrame]:
    """Read the distinct dates of a column, as :func:`parse_dates`; also which one each row holds."""
    codes, distinct = pd.factorize(values, use_na_sentinel=False)
    cells = list(distinct)
    order = date_order(cells)
    read = [parse_date(cell, order=order) for cell in cells]
    return codes.astype(np.int32), pd.DataFrame(
        {
            "date": pd.array([date.text for date in read], dtype="str"),
            "year": pd.array([date.year for date in read], dtype="Int64"),
            "issue": pd.array([date.issue for date in read], dtype="str"),
            "repair": pd.array([date.repair for date in read], dtype="str"),
        }
    )
