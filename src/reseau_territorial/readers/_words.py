"""French words and numbers in cells, read as the values of the contract.

A word that is not known stays as it is: the contract of the table then names its rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from reseau_territorial._dialect import parse_number, plain_key
from reseau_territorial.vocabulary import KINDS, LEVELS, PERIODS, SECTORS, STATUSES, TIERS, Term

__all__ = ["level_of", "read_flag", "read_period", "read_words", "strength_of"]

# What a spreadsheet or R writes for a missing value (a name may be "NA": these columns are left alone).
_MISSING: Final = {"NA", "N/A", "#N/A", "#N/D", "NaN", "nan", "NULL", "null"}
_NAMES: Final = {"actor", "source", "target", "name", "parent"}
_SPACES: Final = re.compile(r"\s+")
# Marks that spreadsheets and web pages leave in names: zero-width spaces and signs of direction.
_INVISIBLE: Final = re.compile("[\u200b\u200e\u200f\u2060\ufeff]")
_FRENCH_DATE: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_CODE_WORDS: Final = {
    *("code", "id", "identifiant", "numero", "n", "cp", "postal", "tel"),
    *("insee", "siren", "siret", "rna", "cog", "cpv", "naf"),
}
_MOST_DIGITS: Final = 9

_YES: Final = "oui true vrai yes o y x 1 formel formelle"
_NO: Final = "non false faux no n 0 informel informelle"


def _keys(terms: Mapping[Any, Term], more: Mapping[Any, str]) -> dict[str, Any]:
    words: dict[str, Any] = {}
    for key, term in terms.items():
        words |= dict.fromkeys((plain_key(str(key)), plain_key(term.fr), plain_key(term.en)), key)
    for key, aliases in more.items():
        words |= dict.fromkeys(aliases.split(), key)
    return words


_WORDS: Final[Mapping[str, Mapping[str, Any]]] = {
    "sector": _keys(
        SECTORS,
        {
            "public": "publique publics secteur_public",
            "private": "privee prives privees prive_lucratif secteur_prive",
            "civil": "civile societe_civile associatif ess",
            "mixed": "mixtes parapublic",
            "unknown": "inconnue non_renseigne nr",
        },
    ),
    "tier": _keys(
        TIERS,
        {
            "communal": "commune communale municipal local",
            "intercommunal": "intercommunale intercommunalite epci",
            "departemental": "departement departementale",
            "regional": "region regionale",
            "national": "nationale etat",
        },
    ),
    "kind": _keys(
        KINDS,
        {
            "commune": "communes ville mairie municipalite",
            "epci": "intercommunalites communaute_de_communes communaute_d_agglomeration communaute_urbaine metropole",
            "departement": "conseil_departemental",
            "region": "conseil_regional",
            "company": "entreprises societe",
            "association": "associations asso",
            "collective": "collectifs groupe",
            "volunteers": "benevole",
            "citizens": "citoyen habitants",
            "hospital": "hopital chu chru centre_hospitalier",
            "school": "ecole ecoles college lycee universite",
            "grouping": "syndicat syndicat_mixte",
        },
    ),
    "status": _keys(
        STATUSES,
        {
            "present": "presente existe oui 1",
            "absent": "absente n_existe_pas non aucun 0",
            "unknown": "inconnue nsp ne_sait_pas ne_sait_plus non_repondu nr",
        },
    ),
    "period": _keys(
        PERIODS,
        {
            "before": "avant_crise avant_la_crise avant_le_confinement",
            "crisis": "crise pendant_crise pendant_la_crise confinement pendant_le_confinement during",
            "after": "apres_crise apres_la_crise apres_le_confinement",
        },
    ),
    "level": _keys(
        LEVELS,
        {
            0: "aucun aucune aucun_lien aucune_relation",
            1: "echange_d_information echanges_d_information",
            2: "informelle informel cooperation_informel",
            3: "formelle formel formalisee formalise convention",
            4: "plusieurs_projets formelle_sur_plusieurs_projets",
        },
    ),
    "flag": dict.fromkeys(_YES.split(), True) | dict.fromkeys(_NO.split(), False),
}
_FLAGS: Final = {"formal", "directed", "observed"}
_NUMBERS: Final = {"weight", "longitude", "latitude"}


def read_words(frame: pd.DataFrame, known: set[str]) -> pd.DataFrame:
    """Read the text cells of a table whose columns are named.

    Parameters
    ----------
    frame : DataFrame
        With the column names of the contract. Only text columns are read; typed ones are kept.
    known : set of str
        The columns of the contract; the others become numbers when all their cells are numbers and
        none looks like a code.

    Returns
    -------
    DataFrame
        Same rows and columns.
    """
    read = {str(name): _read_column(frame[name], str(name), extra=name not in known) for name in frame.columns}
    result = pd.DataFrame(read, index=frame.index)
    result.attrs = frame.attrs
    return result


def read_flag(value: object) -> object:
    """Return True or False for a French or English yes or no, else the value."""
    return _WORDS["flag"].get(plain_key(str(value)), value)


def read_period(value: object) -> str:
    """Return before, crisis or after for the French words; another period stays."""
    text = str(value).strip()
    return str(_WORDS["period"].get(plain_key(text), text))


def level_of(value: object) -> object:
    """Return the level of cooperation that a word or a number means, else the cell as it is."""
    word = _WORDS["level"].get(plain_key(str(value)))
    return float(word) if word is not None else strength_of(value)


def strength_of(value: object) -> object:
    """Return the number written in a cell, else the cell as it is."""
    if not isinstance(value, str):
        return value
    try:
        return parse_number(value)
    except ValueError:
        return value


def _read_column(values: pd.Series, name: str, *, extra: bool) -> pd.Series:
    if not (pd.api.types.is_object_dtype(values.dtype) or pd.api.types.is_string_dtype(values.dtype)):
        return values
    values = _each(values, _tidy_name if name in _NAMES else _tidy)
    if extra:
        return _numbers_unless_codes(values, name)
    if name in _FLAGS:
        return _each(values, read_flag)
    if name in _NUMBERS:
        return _as_numbers(_each(values, strength_of))
    if name == "level":
        return _as_numbers(_each(values, level_of))
    if name in ("siren", "rna"):
        return _each(values, lambda text: _SPACES.sub("", str(text))).astype("str")
    if name == "date":
        return _each(values, _date).astype("str")
    if name in _WORDS:
        words = _WORDS[name]
        return _each(values, lambda text: words.get(plain_key(str(text)), text)).astype("str")
    return values.astype("str")


def _each(values: pd.Series, read: Callable[[Any], object]) -> pd.Series:
    """Read each cell that is not missing; a text that stands in many rows is read once."""
    if not pd.api.types.is_string_dtype(values.dtype):
        return values.map(read, na_action="ignore")
    codes, words = pd.factorize(values)
    read_once = np.empty(len(words) + 1, dtype=object)
    read_once[:-1] = [read(word) for word in words]
    found = read_once[codes]
    texts = all(isinstance(value, str | None) for value in read_once)
    return pd.Series(found, index=values.index, dtype="str" if texts else "object")


def _tidy(value: object) -> object:
    """Return a text without what surrounds it, None for what a spreadsheet or R writes for missing."""
    if not isinstance(value, str):
        return value
    text = _INVISIBLE.sub("", value).strip()
    return None if not text or text in _MISSING else text


def _tidy_name(value: object) -> object:
    """Return a name with single plain spaces, so that the same name is the same text."""
    if not isinstance(value, str):
        return value
    return _SPACES.sub(" ", _INVISIBLE.sub("", value)).strip() or None


def _as_numbers(values: pd.Series) -> pd.Series:
    """Return a float column when every cell is a number; otherwise the contract will name the others."""
    if pd.api.types.is_string_dtype(values.dtype) and values.notna().any():
        return values.astype("object")
    if any(isinstance(value, str) for value in values):
        return values
    return pd.to_numeric(values, errors="coerce").astype("float64")


def _date(value: object) -> str:
    """Return a French date as year-month-day, so that dates sort; other texts stay."""
    found = _FRENCH_DATE.fullmatch(str(value).strip())
    return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}" if found else str(value)


def _numbers_unless_codes(values: pd.Series, name: str) -> pd.Series:
    if not pd.api.types.is_string_dtype(values.dtype):
        return values
    words = values.dropna().unique()
    if not len(words) or _CODE_WORDS & set(plain_key(name).split("_")) or any(map(_looks_like_a_code, words)):
        return values
    try:
        return _each(values, parse_number).astype("float64")
    except ValueError:
        return values


def _looks_like_a_code(text: str) -> bool:
    digits = text.lstrip("+-")
    return digits.isdigit() and ((len(digits) > 1 and digits[0] == "0") or len(digits) >= _MOST_DIGITS)
