"""What can be made of one identifier: the rules behind the ``clean_*`` functions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import pandas as pd

__all__ = [
    "Identifier",
    "apply",
    "departement_of",
    "read_departement",
    "read_insee",
    "read_postcode",
    "read_rna",
    "read_siren",
    "read_siret",
    "text_of",
    "unusable_value",
]

Status = Literal["valid", "repaired", "damaged", "foreign", "missing", "invalid"]
FIELDS: Final = ("value", "raw", "status", "note", "scheme")

FOREIGN_SCHEMES: Final = frozenset({"TVA", "TAHITI", "RIDET", "RID", "FRWF", "FRW", "IREP", "UE", "HORS-UE", "HORSUE"})
"""Schemes of the public-contract format that are no SIRET: kept, never made into a SIREN."""

_MISSING: Final = frozenset(
    {
        "", "NA", "N/A", "NC", "ND", "NR", "NAN", "NULL", "NONE", "NEANT", "NÉANT", "SANS", "AUCUN",
        "INCONNU", "NON RENSEIGNÉ", "NON RENSEIGNE", "-", "--", "_", "?", ".", "/", "X", "XX", "XXX",
    }
)  # fmt: skip
PUNCTUATION: Final = re.compile(r"[\s.\-_'’\"`=   ﻿]+")
_DECIMAL_SUFFIX: Final = re.compile(r"^(\d{4,})[.,]0+$")
_SCIENTIFIC: Final = re.compile(r"^(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})$")
_RNA: Final = re.compile(r"^W\d[A-Z\d]\d{7}$")
_RNA_SCDL: Final = re.compile(r"^W\d{9}$")
LEGACY_RNA: Final = re.compile(r"^\d[A-Z\d]\d[A-Z]\d{4,10}$")
_INSEE: Final = re.compile(r"^(\d{2}|2[AB])\d{3}$")
_TEMPORARY: Final = re.compile(r"^TEMP\d+$")
_DEPARTEMENT: Final = re.compile(r"^(0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5]|97[1-8]|98[4-9])$")
_LOST_ZEROS: Final = 3
# The same organisations come back from file to file.
_REMEMBERED: Final = 1 << 17


@dataclass(frozen=True, slots=True)
class Identifier:
    """What was made of one value.

    Parameters
    ----------
    value : str or None
        The clean identifier; None when the value cannot be read as one. A number of the right length
        with a wrong check digit is given here, with status ``invalid``: it can be shown, not joined.
    raw : str
        The value as it was found.
    status : {"valid", "repaired", "damaged", "foreign", "missing", "invalid"}
        ``damaged`` had digits lost by a spreadsheet; ``foreign`` belongs to another country or to a
        Pacific territory; ``missing`` is empty or a placeholder; ``invalid`` cannot be read.
    note : str
        Key of the reason (see the reading report), empty when there is nothing to say.
    scheme : str
        What the value is: ``siren``, ``siret``, ``rna``, ``insee``, ``departement``, ``postcode``,
        or the foreign scheme.

    Examples
    --------
    >>> read_siret("224 900 019 000 15'").value
    '22490001900015'
    """

    value: str | None
    raw: str
    status: Status
    note: str = ""
    scheme: str = ""

    @property
    def usable(self) -> bool:
        """Whether the value may be a key: valid or repaired."""
        return self.status in ("valid", "repaired")

    @property
    def siren(self) -> str | None:
        """The SIREN of the organisation, when the value is a usable SIREN or SIRET."""
        return self.value[:9] if self.value and self.usable and self.scheme in ("siren", "siret") else None


Cleaner = Callable[[object], Identifier]


def apply(values: pd.Series, cleaner: Cleaner) -> pd.DataFrame:
    """Clean each distinct value once, and give the rows of the Series back."""
    codes, distinct = pd.factorize(values, use_na_sentinel=False)
    cleaned = [cleaner(value) for value in distinct]
    columns = {name: [getattr(found, name) for found in cleaned] for name in (*FIELDS, "siren")}
    table = pd.DataFrame(columns, dtype="str")
    return table.take(codes).set_axis(values.index)


def text_of(value: object) -> str:
    """Return a cell as stripped text; a float that is a whole number loses its decimal suffix later."""
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e16:
        return f"{value:.1f}"
    return str(value).strip()


def _compact(text: str) -> tuple[str, str]:
    """Return the text without spacing, suffix or exponent, and the key of the repair made."""
    suffixed = _DECIMAL_SUFFIX.match(text)
    if suffixed:
        return suffixed.group(1), "decimal_suffix"
    power = _SCIENTIFIC.match(text)
    if power:
        whole, fraction, exponent = power.group(1), power.group(2) or "", int(power.group(3))
        exact = len(fraction) == exponent
        return (whole + fraction if exact else text), ("exact_power" if exact else "rounded")
    compact = PUNCTUATION.sub("", text)
    return compact, ("spacing" if compact != text else "")


def _digits(text: str) -> bool:
    """Whether a text is made of the digits 0 to 9 only (other scripts have digits too)."""
    return text.isascii() and text.isdecimal()


def unusable_value(text: str, compact: str, scheme: str) -> Identifier | None:
    """Return the verdict on a value that is empty, a placeholder or a foreign-looking one."""
    if not text:
        return Identifier(None, text, "missing", "empty", scheme)
    if text.upper() in _MISSING or (len(set(compact)) == 1 and len(compact) >= 5) or not compact:
        return Identifier(None, text, "missing", "placeholder", scheme)
    return None


@lru_cache(maxsize=_REMEMBERED)
def _is_siren(digits: str) -> bool:
    from stdnum import luhn

    return len(digits) == 9 and bool(luhn.is_valid(digits))


@lru_cache(maxsize=_REMEMBERED)
def _is_siret(digits: str) -> bool:
    from stdnum.fr import siret

    return bool(siret.is_valid(digits))


def read_siren(value: object) -> Identifier:
    """Read a SIREN."""
    text = text_of(value)
    compact, note = _compact(text)
    verdict = unusable_value(text, compact, "siren")
    if verdict:
        return verdict
    if note == "rounded":
        return Identifier(None, text, "damaged", note, "siren")
    if _TEMPORARY.match(compact):
        return Identifier(None, text, "invalid", "temporary", "siren")
    if not _digits(compact):
        return Identifier(None, text, "invalid", "not_a_code", "siren")
    if len(compact) == 14 and _is_siret(compact) and not compact.endswith("00000"):
        return Identifier(compact[:9], text, "repaired", "siret_given", "siren")
    padded = compact.zfill(9)
    if not 9 - _LOST_ZEROS <= len(compact) <= 9:
        return Identifier(None, text, "invalid", "length", "siren")
    if not _is_siren(padded):
        return Identifier(padded, text, "invalid", "checksum", "siren")
    note = "leading_zeros" if padded != compact else note
    return Identifier(padded, text, "repaired" if note else "valid", note, "siren")


def read_siret(value: object) -> Identifier:
    """Read a SIRET, or the SIREN that stands in its place."""
    text = text_of(value)
    compact, note = _compact(text)
    verdict = unusable_value(text, compact, "siret")
    if verdict:
        return verdict
    # No establishment is numbered 00000: zeros there are the digits that a spreadsheet lost.
    shortened = _digits(compact) and compact.endswith("00000") and 14 - _LOST_ZEROS <= len(compact) <= 14
    if note == "rounded" or shortened:
        return Identifier(None, text, "damaged", "rounded", "siret")
    if not _digits(compact):
        return Identifier(None, text, "invalid", "not_a_code", "siret")
    if len(compact) == 9:
        if not _is_siren(compact):
            return Identifier(compact, text, "invalid", "checksum", "siren")
        return Identifier(compact, text, "repaired" if note else "valid", "siren_only", "siren")
    padded = compact.zfill(14)
    if not 14 - _LOST_ZEROS <= len(compact) <= 14:
        return Identifier(None, text, "invalid", "length", "siret")
    if not _is_siret(padded):
        return Identifier(padded, text, "invalid", "checksum", "siret")
    note = "leading_zeros" if padded != compact else note
    return Identifier(padded, text, "repaired" if note else "valid", note, "siret")


def read_rna(value: object) -> Identifier:
    """Read a number of the register of associations."""
    text = text_of(value)
    compact, note = _compact(text)
    verdict = unusable_value(text, compact, "rna")
    if verdict:
        return verdict
    if note == "rounded":
        return Identifier(None, text, "damaged", note, "rna")
    upper = compact.upper()
    note = "letter_case" if upper != compact and not note else note
    status: Status = "repaired" if note else "valid"
    if _RNA.match(upper):
        note = note if _RNA_SCDL.match(upper) else (note or "rna_letter")
        return Identifier(upper, text, status, note, "rna")
    if LEGACY_RNA.match(upper) and len(upper) <= 14:
        return Identifier(upper, text, status, note or "rna_legacy", "rna")
    return Identifier(None, text, "invalid", "not_a_code", "rna")


def read_insee(value: object) -> Identifier:
    """Read the code of a commune."""
    text = text_of(value)
    compact, note = _compact(text)
    verdict = unusable_value(text, compact, "insee")
    if verdict and not (verdict.note == "placeholder" and _digits(compact) and compact != "00000"):
        return verdict
    upper = compact.upper()
    if upper != compact:
        note = note or "letter_case"
    if len(upper) == 4 and (_digits(upper)):
        upper, note = "0" + upper, "leading_zeros"
    if not _INSEE.match(upper):
        return Identifier(None, text, "invalid", "not_a_code", "insee")
    if departement_of(upper) is None:
        return Identifier(None, text, "invalid", "no_such_departement", "insee")
    return Identifier(upper, text, "repaired" if note else "valid", note, "insee")


def read_departement(value: object) -> Identifier:
    """Read the code of a département."""
    text = text_of(value)
    upper = _DECIMAL_SUFFIX.sub(r"\1", re.sub(r"[.,]0+$", "", text)).upper().strip("='’\" ")
    if not text or upper in _MISSING:
        return Identifier(None, text, "missing", "placeholder" if text else "empty", "departement")
    code = upper.zfill(2)
    # Three-character forms such as 049 are used by the COG of the 1990s and by the RNA.
    if re.fullmatch(r"0\d[\dAB]", code):
        code = code[1:]
    if not _DEPARTEMENT.match(code):
        return Identifier(None, text, "invalid", "no_such_departement", "departement")
    repaired = code != text
    note = ("leading_zeros" if len(code) > len(upper) else "spacing") if repaired else ""
    return Identifier(code, text, "repaired" if repaired else "valid", note, "departement")


def read_postcode(value: object) -> Identifier:
    """Read a postal code."""
    text = text_of(value)
    compact, note = _compact(text)
    verdict = unusable_value(text, compact, "postcode")
    if verdict and not _digits(compact):
        return verdict
    if len(compact) == 4 and _digits(compact):
        compact, note = "0" + compact, "leading_zeros"
    if not re.fullmatch(r"(0[1-9]|[1-8]\d|9[0-8])\d{3}", compact):
        return Identifier(None, text, "invalid", "not_a_code", "postcode")
    return Identifier(compact, text, "repaired" if note else "valid", note, "postcode")


def departement_of(insee: str) -> str | None:
    """Return the département (or overseas collectivity) code that an INSEE commune code begins with.

    Examples
    --------
    >>> departement_of("2A004"), departement_of("97411"), departement_of("20004")
    ('2A', '974', None)
    """
    code = insee[:3] if insee.startswith(("97", "98")) else insee[:2]
    return code if _DEPARTEMENT.match(code) else None
