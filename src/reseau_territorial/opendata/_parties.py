"""Who pays and who receives: one actor per organisation of a file, natural persons masked."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial._dialect import plain_key
from reseau_territorial.opendata._columns import each_once, numbered, of_codes
from reseau_territorial.opendata._reading import ReadingLog
from reseau_territorial.opendata.identifiers import clean_identifier, clean_rna

__all__ = [
    "PARTY_COLUMNS",
    "Parties",
    "Persons",
    "actor_table",
    "check_persons",
    "distinct_parties",
    "identify",
    "looks_like_a_person",
    "mask",
]

Persons = Literal["mask", "keep"]

_TITLE: Final = re.compile(r"^(?:m\.?|mr\.?|mme\.?|mlle\.?|monsieur|madame|mademoiselle)\s+[^\W\d_]{2,}", re.I)
_SOLE_TRADER: Final = re.compile(
    r"(?<![\w.])e\.?i\.?(?![\w.])|\b(?:entreprise individuelle|entrepreneur individuel|auto[- ]?entrepreneur(?:e|se)?|"
    r"micro[- ]?entreprise|micro[- ]?entrepreneur(?:e|se)?|profession(?:nel)? libérale?)\b|\[ND\]",
    re.IGNORECASE,
)
_NOT_A_PERSON: Final = re.compile(r"\b(?:sarl|sas|sasu|eurl|sa|sci|scp|selarl|scop|scic|association)\b", re.IGNORECASE)

PARTY_COLUMNS: Final = ("siren", "siret", "rna", "key", "scheme", "name")
MASKED_NAME: Final = "Entrepreneur individuel"


@dataclass(frozen=True)
class Parties:
    """The payers or the payees of rows of money: each distinct one once, and which row names which.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per distinct party of a file, in order of appearance: `PARTY_COLUMNS`, ``file`` and ``line`` where it is
        first named.
    of_row : numpy.ndarray
        Position in `table` of the party of each row.
    """

    table: pd.DataFrame
    of_row: NDArray[np.integer[Any]]

    @property
    def keys(self) -> pd.Series:
        """The key of each row, as packed text."""
        codes, keys = pd.factorize(self.table["key"])
        return of_codes(codes.astype(np.int32)[self.of_row], pd.Index(keys, dtype="str"))

    def named_by(self, rows: NDArray[np.bool_]) -> pd.DataFrame:
        """Return the parties that these rows name, and how many ``rows`` name each."""
        counts = np.bincount(self.of_row[rows], minlength=len(self.table))
        return self.table.assign(rows=counts)[counts > 0]

    def masked(self, log: ReadingLog) -> Parties:
        """Return the parties with natural persons masked."""
        return replace(self, table=mask(self.table, log=log))


def distinct_parties(asked: pd.DataFrame, read: Callable[[pd.DataFrame, str], pd.DataFrame]) -> Parties:
    """Read each distinct party of each file once.

    Parameters
    ----------
    asked : pandas.DataFrame
        One row per row of money: ``file``, ``line``, then what it says of the party.
    read : callable
        From the distinct parties of a file, indexed by line, and its name, to `PARTY_COLUMNS`.

    Returns
    -------
    Parties
        The parties of all files.
    """
    said = [name for name in asked if name != "line"]
    place = numbered([asked[name] for name in said]).astype(np.int32)
    first = asked[~pd.Series(place).duplicated().to_numpy()]
    parts = [
        read(rows.set_index("line"), str(file)).assign(file=str(file)).reset_index(names="line")
        for file, rows in first.groupby("file", sort=False, observed=True)
    ]
    nobody = pd.DataFrame(columns=[*PARTY_COLUMNS, "file", "line"], dtype="str")
    return Parties(pd.concat(parts, ignore_index=True) if parts else nobody, place)


def looks_like_a_person(name: object) -> bool:
    """Say whether a name is that of a natural person or of a sole trader, by its own words.

    Only certain words count: a title (M., Mme), "entreprise individuelle", "EI", or
    ``[ND]``, which SIRENE writes for a unit whose diffusion is partial.

    Examples
    --------
    >>> looks_like_a_person("Mme Martin"), looks_like_a_person("MJC de Joué"), looks_like_a_person("M J C LOCHES")
    (True, False, False)
    """
    if not isinstance(name, str):
        return False
    text = name.strip()
    if _NOT_A_PERSON.search(text):
        return False
    return bool(_TITLE.match(text) or _SOLE_TRADER.search(text))


def identify(parties: pd.DataFrame, file: str, *, log: ReadingLog, columns: tuple[str, str]) -> pd.DataFrame:
    """Give each party of a file its key: SIREN, else RNA, else foreign identifier, else name and place.

    Parameters
    ----------
    parties : pandas.DataFrame
        Text columns ``id``, ``scheme``, ``rna``, ``name`` and ``place``, as many as are told; the index is the line.
    file : str
        Name of the file, for the findings.
    log : ReadingLog
        Where repaired and refused identifiers are noted.
    columns : tuple of str
        Names of the identifier column and of the RNA column in the file.

    Returns
    -------
    pandas.DataFrame
        On the same index: ``key`` (missing when the row names nobody), ``siren``, ``siret``, ``rna``,
        ``scheme`` and ``name``.
    """
    parties = parties.reindex(columns=["id", "scheme", "rna", "name", "place"]).astype("str")
    verdicts = _identifiers(parties)
    log.add_identifiers(_once(verdicts), file=file, column=columns[0])
    rna = clean_rna(parties["rna"])
    log.add_identifiers(_once(rna[rna["status"] != "missing"]), file=file, column=columns[1])
    usable = verdicts["status"].isin(("valid", "repaired"))
    is_rna = usable & (verdicts["scheme"] == "rna")
    found = pd.DataFrame(index=parties.index)
    # A wrong check digit matches no other organisation: nine such digits still tell the payees of a file
    # apart, unless they end with the zeros of a rounded number.
    mistyped = (verdicts["note"] == "checksum") & verdicts["value"].str.fullmatch(r"\d{7}(?!00)\d{2}").fillna(False)
    found["siren"] = verdicts["siren"].where(usable & ~is_rna).fillna(verdicts["value"].where(mistyped))
    found["siret"] = verdicts["value"].where(usable & (verdicts["scheme"] == "siret"))
    found["rna"] = rna["value"].where(rna["status"].isin(("valid", "repaired"))).fillna(verdicts["value"].where(is_rna))
    found["key"] = _keys(found, verdicts, parties)
    found["scheme"] = verdicts["scheme"].where(verdicts["status"] == "foreign")
    found["name"] = parties["name"]
    return found


def _keys(found: pd.DataFrame, verdicts: pd.DataFrame, parties: pd.DataFrame) -> pd.Series:
    """Return the key of each party: see `identify`; without name, an unreadable identifier still tells apart."""
    key = found["siren"].fillna(found["rna"]).astype("str")
    foreign = verdicts["scheme"].str.cat(verdicts["value"], sep=":").where(verdicts["status"] == "foreign")
    key = key.fillna(foreign)
    if key.notna().all():
        return key
    names, places = (each_once(parties[side], plain_key).astype("str").replace("", None) for side in ("name", "place"))
    by_name = ("nom:" + names).str.cat(("@" + places).fillna(""))
    raw = ("id:" + verdicts["raw"]).where(verdicts["status"] == "invalid")
    return key.fillna(by_name).fillna(raw)


def _identifiers(parties: pd.DataFrame) -> pd.DataFrame:
    pairs = parties[["id", "scheme"]]
    codes = pairs.groupby(["id", "scheme"], sort=False, dropna=False).ngroup()
    distinct = pairs[~codes.duplicated()].astype("object")
    read = [
        clean_rna(value) if _is_rna_like(value) else clean_identifier(value, scheme=scheme or "SIRET")
        for value, scheme in distinct.where(distinct.notna(), None).itertuples(index=False, name=None)
    ]
    fields = ("value", "raw", "status", "note", "scheme", "siren")
    table = pd.DataFrame({field: [getattr(row, field) for row in read] for field in fields}, dtype="str")
    return table.take(codes.to_numpy()).set_axis(parties.index)


def _is_rna_like(value: object) -> bool:
    return isinstance(value, str) and re.match(r"\s*[Ww]\d", value) is not None


def _once(verdicts: pd.DataFrame) -> pd.DataFrame:
    """Tell each raw identifier once: a payer with a space in its SIRET is one finding, not thousands."""
    return verdicts[~verdicts["raw"].duplicated()]


def check_persons(persons: str) -> None:
    """Raise when the treatment of natural persons is misspelt."""
    from reseau_territorial.errors import unknown_name

    if persons not in ("mask", "keep"):
        raise unknown_name("treatment of persons", persons, ("mask", "keep"))


def mask(parties: pd.DataFrame, *, log: ReadingLog) -> pd.DataFrame:
    """Replace natural persons and sole traders by numbered actors without name and identifier.

    Parameters
    ----------
    parties : pandas.DataFrame
        What `identify` returned, with ``file`` and ``line``, for the findings.
    log : ReadingLog
        Where each masked actor is noted once per file.

    Returns
    -------
    pandas.DataFrame
        The same rows; the numbers follow the order of the hidden keys, not that of the rows.
    """
    names = parties["name"].dropna()
    person = parties["name"].isin({name for name in names.unique() if looks_like_a_person(name)})
    person &= parties["key"].notna()
    if not person.any():
        return parties
    keys = sorted(set(parties.loc[person, "key"]))
    numbers = {key: str(rank) for rank, key in enumerate(keys, start=1)}
    rank = parties["key"].map(numbers)
    hidden = rank.notna()
    masked = parties.copy()
    masked["name"] = masked["name"].where(~hidden, MASKED_NAME + " " + rank)
    masked["key"] = masked["key"].where(~hidden, "personne:" + rank)
    for column in ("siren", "siret", "rna"):
        masked[column] = masked[column].where(~hidden)
    masked["masked"] = hidden
    first = masked[hidden].drop_duplicates(["key", "file"])
    for file, rows in first.groupby("file", sort=False):
        log.add_rows("masked", "natural_person", file=str(file), raw=rows["name"].set_axis(rows["line"]))
    return masked


def actor_table(parties: pd.DataFrame) -> pd.DataFrame:
    """Make one row per actor from the parties that it is: its most frequent name, its other names.

    Parameters
    ----------
    parties : pandas.DataFrame
        `PARTY_COLUMNS`, and how many ``rows`` name each.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``actor``, sorted: ``name``, ``siren``, ``siret``, ``rna``, ``scheme``, ``aliases``
        (names joined by `` | ``), ``kind``, ``sector``, ``rule``.
    """
    known = parties[parties["key"].notna()]
    counts = known.groupby(["key", "name"])["rows"].sum().reset_index()
    counts = counts.sort_values(["key", "rows", "name"], ascending=[True, False, True])
    best = counts.drop_duplicates("key").set_index("key")["name"]
    others = counts[counts["key"].duplicated()].groupby("key")["name"].agg(" | ".join)
    first = known.groupby("key")[["siren", "rna", "scheme"]].first()
    establishments = known.dropna(subset=["siret"]).groupby("key")["siret"].nunique()
    table = first.sort_index()
    table["name"] = best.reindex(table.index)
    table["aliases"] = others.reindex(table.index)
    siret = known.groupby("key")["siret"].first()
    table["siret"] = siret.where(establishments.reindex(siret.index) == 1).reindex(table.index)
    hidden = known["masked"].fillna(False).astype(bool) if "masked" in known else pd.Series(False, index=known.index)
    persons = set(known.loc[hidden, "key"])
    masked = table.index.isin(persons)
    table["kind"] = pd.Series(pd.NA, index=table.index, dtype="str").where(~masked, "sole_trader")
    table["sector"] = pd.Series(pd.NA, index=table.index, dtype="str").where(~masked, "private")
    table["rule"] = pd.Series(pd.NA, index=table.index, dtype="str").where(~masked, "its own name")
    table.index.name = "actor"
    return table
