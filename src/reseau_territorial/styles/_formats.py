"""Numbers, shares, amounts and dates as a French (or English) reader writes them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

import pandas as pd

from reseau_territorial.vocabulary import Lang

NARROW: Final = "\u202f"
NO_BREAK: Final = "\u00a0"
MINUS: Final = "\u2212"
MISSING: Final[Mapping[str, str]] = {"fr": "n.\u00a0d.", "en": "n/a"}
MONTHS: Final[Mapping[str, tuple[str, ...]]] = {
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}

# Wide enough to round any float without losing a digit.
_WIDE: Final = Context(prec=400)


def _is_missing(value: object) -> bool:
    return value is None or bool(pd.isna(value))  # type: ignore[call-overload]


def format_number(value: float | None, digits: int = 0, lang: Lang = "fr") -> str:
    """Write a number as a reader of the language expects it.

    Parameters
    ----------
    value : float or None
        None and NaN are written ``n. d.`` (not available).
    digits : int
        Digits after the decimal mark; halves go away from zero, as in a web page.
    lang : {"fr", "en"}
        French separates thousands by a narrow no-break space. The minus is a true one, in both.

    Returns
    -------
    str
        The number.

    Examples
    --------
    >>> format_number(12345.67, 1).replace(chr(0x202F), "_")
    '12_345,7'
    >>> format_number(12345.67, 1, lang="en")
    '12,345.7'
    """
    if _is_missing(value):
        return MISSING[lang]
    number = float(value)  # type: ignore[arg-type]
    if number in (math.inf, -math.inf):
        return "∞" if number > 0 else f"{MINUS}∞"
    exact = Decimal(int(number)) if number.is_integer() else Decimal(number)
    rounded = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP, context=_WIDE)
    text = f"{abs(rounded):,.{max(digits, 0)}f}"
    if lang == "fr":
        text = text.replace(",", NARROW).replace(".", ",")
    return f"{MINUS}{text}" if rounded < 0 else text


def format_percent(share: float | None, digits: int = 0, lang: Lang = "fr") -> str:
    """Write a share (1 is the whole) in percent.

    Examples
    --------
    >>> format_percent(0.142, 1).replace(chr(0xA0), "_")
    '14,2_%'
    """
    number = format_number(None if share is None else 100 * share, digits, lang)
    if number == MISSING[lang]:
        return number
    return f"{number}{NO_BREAK}%" if lang == "fr" else f"{number}%"


def format_euros(value: float | None, digits: int = 0, lang: Lang = "fr") -> str:
    """Write an amount in euros.

    Examples
    --------
    >>> format_euros(1500, lang="en")
    '€1,500'
    """
    number = format_number(value, digits, lang)
    if number == MISSING[lang]:
        return number
    return f"{number}{NO_BREAK}€" if lang == "fr" else f"€{number}".replace(f"€{MINUS}", f"{MINUS}€")


def format_date(value: object, lang: Lang = "fr") -> str:
    """Write a day in words: an ISO text, a date or a timestamp; a year or a month stays one.

    Examples
    --------
    >>> format_date("2020-06-19")
    '19 juin 2020'
    >>> format_date("2020-05")
    'mai 2020'
    """
    if _is_missing(value):
        return MISSING[lang]
    if isinstance(value, str):
        return _format_iso(value, lang)
    if isinstance(value, date):
        return _day(value.year, value.month, value.day, lang)
    return str(value)


def _format_iso(text: str, lang: Lang) -> str:
    parts = text.strip()[:10].split("-")
    if not all(part.isdigit() for part in parts):
        return text
    numbers = [int(part) for part in parts]
    if len(numbers) not in (2, 3) or not 1 <= numbers[1] <= 12:
        return text
    if len(numbers) == 2:
        return f"{MONTHS[lang][numbers[1] - 1]} {numbers[0]}"
    return _day(numbers[0], numbers[1], numbers[2], lang)


def _day(year: int, month: int, day: int, lang: Lang) -> str:
    first = "1er" if day == 1 and lang == "fr" else str(day)
    return f"{first} {MONTHS[lang][month - 1]} {year}"
