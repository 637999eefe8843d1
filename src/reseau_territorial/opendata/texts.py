"""Texts that were damaged on their way, and cells that hold several things: repaired when it is certain."""

from __future__ import annotations

import re
from typing import Final, overload

import pandas as pd

from reseau_territorial._dialect import plain_key

__all__ = ["kind_of_words", "repair_text", "split_cell"]

_C1: Final = {code: bytes([code]).decode("cp1252", errors="ignore") or None for code in range(0x80, 0xA0)}
# R writes a byte that it cannot show as <e9>; only those that are letters in latin-1 are certain.
_ESCAPED: Final = re.compile(r"<([c-f][0-9a-f])>")
_NOT_LETTERS: Final = frozenset({"d7", "f7"})
_BETWEEN: Final = re.compile(r"\s*(?:;|\n|\r|\s{2,})\s*")

# What people write in a column "type of structure" -> kind.
_WORDS: Final = {
    "association": ("asso", "association", "association_loi_1901", "associatif", "loi_1901"),
    "collective": ("groupe", "collectif"),
    # Their legal form is not said: an association, a company or a department of a university.
    "other": ("makerspace", "fablab", "fab_lab", "hackerspace", "tiers_lieu", "institution"),
    "person": ("individu", "particulier", "individuel"),
    "company": ("entreprise", "prive", "privee", "societe", "sarl", "sas", "sa", "eurl", "pme", "tpe"),
    "local_authority": ("collectivite", "collectivite_territoriale"),
    "commune": ("commune", "mairie", "ville"),
    "epci": ("epci", "intercommunalite", "communaute_de_communes", "communaute_d_agglomeration", "metropole"),
    "school": ("ecole", "college", "lycee", "universite", "etablissement_scolaire"),
    "operator": ("public", "publique", "etablissement_public", "gip", "epic", "epa"),
    "cooperative": ("cooperative", "scop", "scic", "mutuelle"),
    "foundation": ("fondation",),
}
_KIND_OF: Final = {word: kind for kind, words in _WORDS.items() for word in words}


@overload
def repair_text(value: pd.Series) -> pd.Series: ...
@overload
def repair_text(value: str) -> str: ...
def repair_text(value: str | pd.Series) -> str | pd.Series:
    r"""Restore characters lost on the way: C1 controls (a cp1252 text read as latin-1), bytes escaped by R.

    Parameters
    ----------
    value : str or pandas.Series
        The text as found.

    Returns
    -------
    str or pandas.Series
        The text, other characters untouched; missing stays missing.

    Examples
    --------
    >>> repair_text("Ren<e9>"), repair_text("l\x92eau"), repair_text("a <b> c")
    ('René', 'l’eau', 'a <b> c')
    """
    if isinstance(value, pd.Series):
        return value.astype("str").map(_repaired, na_action="ignore").astype("str")
    return _repaired(value)


def _repaired(text: str) -> str:
    def letter(found: re.Match[str]) -> str:
        return found[0] if found[1] in _NOT_LETTERS else bytes.fromhex(found[1]).decode("latin-1")

    return _ESCAPED.sub(letter, text.translate(_C1))


def split_cell(text: str) -> list[str]:
    r"""Return the several things that one cell holds: between semicolons, line breaks or double spaces.

    Parameters
    ----------
    text : str
        The cell.

    Returns
    -------
    list of str
        The parts, without the blanks around them; empty when the cell is.

    Examples
    --------
    >>> split_cell("crte-1 ; crte-2"), split_cell("CHU Montpellier  APF France Handicap")
    (['crte-1', 'crte-2'], ['CHU Montpellier', 'APF France Handicap'])
    """
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def kind_of_words(values: pd.Series) -> pd.Series:
    """Return the kind of organisation that free words say; missing when no word is known.

    Parameters
    ----------
    values : pandas.Series
        Words such as ``ASSO``, ``Asso``, ``ASSOCIATION LOI 1901``, ``Fablab``: case, accents and
        punctuation do not matter.

    Returns
    -------
    pandas.Series
        Keys of the vocabulary of kinds, on the same index; missing where the words name none.

    Examples
    --------
    >>> kind_of_words(pd.Series(["ASSO", "Association loi 1901", "Publique", "?"])).tolist()
    ['association', 'association', 'operator', nan]
    """
    keys = values.astype("str").map(plain_key, na_action="ignore").astype("str")
    return keys.map(_KIND_OF).astype("str")
