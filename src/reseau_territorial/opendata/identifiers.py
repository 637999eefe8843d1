"""SIREN, SIRET, RNA and INSEE codes as they are found in files, and what can be made of them.

A value is repaired only when the repair is certain (spaces, a ``.0`` suffix, leading zeros that the
check digit confirms); the repair is told. A number that a spreadsheet rounded is *damaged*: it is
kept as it was found, and is never a key. Identifiers of other countries and of the Pacific
territories are kept with their scheme.

Every ``clean_*`` function takes one value and returns an `Identifier`, or takes a Series and
returns a DataFrame with one column per field of `Identifier`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, overload

import pandas as pd

from reseau_territorial.opendata._verdicts import (
    FOREIGN_SCHEMES,
    LEGACY_RNA,
    PUNCTUATION,
    Cleaner,
    Identifier,
    apply,
    read_departement,
    read_insee,
    read_postcode,
    read_rna,
    read_siren,
    read_siret,
    text_of,
    unusable_value,
)

__all__ = [
    "Identifier",
    "clean_departement",
    "clean_identifier",
    "clean_insee",
    "clean_postcode",
    "clean_rna",
    "clean_siren",
    "clean_siret",
]

Scalar = str | float | None


@overload
def clean_siren(value: pd.Series) -> pd.DataFrame: ...
@overload
def clean_siren(value: Scalar) -> Identifier: ...
def clean_siren(value: Scalar | pd.Series) -> Identifier | pd.DataFrame:
    """Read a SIREN: nine digits, the last one a Luhn check digit.

    Parameters
    ----------
    value : str, number or pandas.Series
        The SIREN as found. A valid SIRET gives its SIREN. At most three lost leading zeros are
        restored, when the check digit confirms them.

    Returns
    -------
    Identifier or pandas.DataFrame
        One verdict, or a table of verdicts on the index of the Series. What cannot be read raises nothing: its
        ``value`` is missing, ``note`` says why.

    Examples
    --------
    >>> clean_siren(" 213 702 616 ").value
    '213702616'
    >>> clean_siren("213702617").note
    'checksum'
    """
    return apply(value, read_siren) if isinstance(value, pd.Series) else read_siren(value)


@overload
def clean_siret(value: pd.Series) -> pd.DataFrame: ...
@overload
def clean_siret(value: Scalar) -> Identifier: ...
def clean_siret(value: Scalar | pd.Series) -> Identifier | pd.DataFrame:
    """Read a SIRET: a SIREN and five digits of establishment, with a Luhn check digit.

    The establishments of La Poste (356000000) have a digit sum that is a multiple of five instead.
    Nine valid digits are a SIREN: the scheme says so, and the establishment is unknown. Fourteen
    digits that end with 00000 were rounded by a spreadsheet: no establishment has that number.

    Parameters
    ----------
    value : str, number or pandas.Series
        The SIRET as found.

    Returns
    -------
    Identifier or pandas.DataFrame
        One verdict, or a table of verdicts on the index of the Series. What cannot be read raises nothing: its
        ``value`` is missing, ``note`` says why.

    Examples
    --------
    >>> clean_siret("35181600000000")
    Identifier(value=None, raw='35181600000000', status='damaged', note='rounded', scheme='siret')
    >>> clean_siret("452474562").siren
    '452474562'
    >>> clean_siret("35600000049837").status  # La Poste
    'valid'
    """
    return apply(value, read_siret) if isinstance(value, pd.Series) else read_siret(value)


@overload
def clean_rna(value: pd.Series) -> pd.DataFrame: ...
@overload
def clean_rna(value: Scalar) -> Identifier: ...
def clean_rna(value: Scalar | pd.Series) -> Identifier | pd.DataFrame:
    """Read a number of the national register of associations, Corsican and overseas letters included.

    Parameters
    ----------
    value : str or pandas.Series
        The number as found: W, a digit, a digit or a letter, seven digits; or a number older than
        the register (at most 14 characters), which is noted as such.

    Returns
    -------
    Identifier or pandas.DataFrame
        One verdict, or a table of verdicts on the index of the Series. What cannot be read raises nothing: its
        ``value`` is missing, ``note`` says why.

    Examples
    --------
    >>> clean_rna("w2a1000123").value
    'W2A1000123'
    >>> clean_rna("751P00085568").note
    'rna_legacy'
    """
    return apply(value, read_rna) if isinstance(value, pd.Series) else read_rna(value)


@overload
def clean_insee(value: pd.Series) -> pd.DataFrame: ...
@overload
def clean_insee(value: Scalar) -> Identifier: ...
def clean_insee(value: Scalar | pd.Series) -> Identifier | pd.DataFrame:
    """Read an INSEE commune code: five characters, with 2A and 2B for Corsica, 97x and 98x overseas.

    Parameters
    ----------
    value : str, number or pandas.Series
        The code as found; one lost leading zero is restored.

    Returns
    -------
    Identifier or pandas.DataFrame
        One verdict, or a table of verdicts on the index of the Series. What cannot be read raises nothing: its
        ``value`` is missing, ``note`` says why. Whether the commune still exists is a matter of vintage, not of form.

    Examples
    --------
    >>> clean_insee(1015).value, clean_insee("2a004").value, clean_insee('"INO"').status
    ('01015', '2A004', 'invalid')
    """
    return apply(value, read_insee) if isinstance(value, pd.Series) else read_insee(value)


@overload
def clean_departement(value: pd.Series) -> pd.DataFrame: ...
@overload
def clean_departement(value: Scalar) -> Identifier: ...
def clean_departement(value: Scalar | pd.Series) -> Identifier | pd.DataFrame:
    """Read a département code: two characters, three overseas.

    Parameters
    ----------
    value : str, int or Series
        What the cell holds; a whole column at once as a Series.

    Returns
    -------
    Identifier or pandas.DataFrame
        The code, or none with the reason in ``note``; for a Series, a row per cell, on its index. What cannot be read
        raises nothing: its ``value`` is missing.

    Examples
    --------
    >>> clean_departement("1").value, clean_departement("2a").value, clean_departement(974).value
    ('01', '2A', '974')
    """
    return apply(value, read_departement) if isinstance(value, pd.Series) else read_departement(value)


@overload
def clean_postcode(value: pd.Series) -> pd.DataFrame: ...
@overload
def clean_postcode(value: Scalar) -> Identifier: ...
def clean_postcode(value: Scalar | pd.Series) -> Identifier | pd.DataFrame:
    """Read a postal code: five digits, one lost leading zero restored.

    Parameters
    ----------
    value : str, int or Series
        What the cell holds; a whole column at once as a Series.

    Returns
    -------
    Identifier or pandas.DataFrame
        The code, or none with the reason in ``note``; for a Series, a row per cell, on its index. What cannot be read
        raises nothing: its ``value`` is missing.

    Examples
    --------
    >>> clean_postcode(1100).value, clean_postcode("2140").note
    ('01100', 'leading_zeros')
    """
    return apply(value, read_postcode) if isinstance(value, pd.Series) else read_postcode(value)


_CLEANERS: Final[Mapping[str, Cleaner]] = {
    "SIREN": read_siren,
    "SIRET": read_siret,
    "RNA": read_rna,
    "INSEE": read_insee,
}


def clean_identifier(value: object, *, scheme: object = None) -> Identifier:
    """Read an identifier of an organisation, whatever its scheme.

    Parameters
    ----------
    value : str or number
        The identifier as found.
    scheme : str, optional
        The scheme that the file declares (``SIRET``, ``TVA``, ``RIDET``, ``HORS-UE`` ...). A foreign
        scheme keeps the value as it is. If omitted, a SIREN, SIRET or RNA number is recognised by
        its form.

    Returns
    -------
    Identifier
        The verdict.

    Examples
    --------
    >>> clean_identifier("FR12345", scheme="HORS-UE").status
    'foreign'
    >>> clean_identifier("W371000123").scheme
    'rna'
    """
    declared = text_of(scheme).upper().replace("_", "-")
    if declared in FOREIGN_SCHEMES:
        text = text_of(value)
        missing = unusable_value(text, PUNCTUATION.sub("", text), declared)
        return missing or Identifier(text, text, "foreign", "foreign_scheme", declared)
    if declared in _CLEANERS:
        return _CLEANERS[declared](value)
    compact = PUNCTUATION.sub("", text_of(value))
    if re.match(r"^[Ww]\d", compact) or LEGACY_RNA.match(compact.upper()):
        return read_rna(value)
    return read_siret(value) if len(compact) > 9 else read_siren(value)
