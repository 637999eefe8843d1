"""Files that are well-formed and cannot be true: columns exchanged or sorted apart, vintages put together.

Each would give a network without a word, and a wrong one.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import pandas as pd

from reseau_territorial.errors import TableError, enumerate_values
from reseau_territorial.opendata._data import bundled, insee_of_siren
from reseau_territorial.opendata._reading import ReadingLog
from reseau_territorial.opendata.identifiers import clean_siren, clean_siret
from reseau_territorial.opendata.kinds import OWN_TAX

__all__ = [
    "commune_codes",
    "own_sirens",
    "refuse_exchanged_columns",
    "refuse_exchanged_groupings",
    "refuse_identifiers_as_amounts",
    "refuse_several_vintages",
    "refuse_stacked_vintages",
    "tell_unknown_communes",
]

_TOLERATED: Final = 0.01
_FEW: Final = 10


def refuse_several_vintages(table: pd.DataFrame, file: str) -> None:
    """Refuse a file whose column of years holds several."""
    years = table["vintage"].dropna() if "vintage" in table else pd.Series(dtype="str")
    if years.nunique() > 1:
        other = years[years.ne(years.iloc[0])]
        raise TableError(
            [
                f"{file}, line {other.index[0]}, column {_header(table, 'vintage')!r}: rows of several vintages "
                f"({enumerate_values(sorted(years.unique()))}); make one file of each and give "
                "{vintage: path}"
            ]
        )


def refuse_exchanged_columns(table: pd.DataFrame, column: str, file: str) -> None:
    """Refuse a file whose groups are communes, for most or one of them the commune itself: their SIREN are known."""
    communes = table[column].map(insee_of_siren()).dropna()
    itself = communes[communes.eq(table["insee"].reindex(communes.index))] if "insee" in table else communes[:0]
    if len(communes) > len(table) / 2 or len(itself):
        communes = itself if len(itself) else communes
        line, insee = communes.index[0], communes.iloc[0]
        raise TableError(
            [
                f"{file}, line {line}, column {_header(table, column)!r}: {table.at[line, column]!r} is the SIREN of a "
                f"commune ({insee}), not of a grouping, and so for {len(communes)} of {len(table)} rows; the columns "
                "of the groupings and of their members are exchanged: rename them"
            ]
        )


def refuse_exchanged_groupings(table: pd.DataFrame, column: str, nature: str, file: str) -> None:
    """Refuse a column of groupings that are not, for most, of the nature written beside: EPCI or syndicats."""
    if column not in table or nature not in table:
        return
    natures = bundled("groupings.csv.gz").drop_duplicates("siren").set_index("siren")["nature"]
    own, written = table[column].map(natures).dropna().isin(OWN_TAX), table[nature].dropna().str.strip()
    compared = own.index.intersection(written[written.ne("")].index)
    other = own[compared] != written[compared].str.upper().isin(OWN_TAX)
    if other.sum() > len(compared) / 2:
        line = other.index[other][0]
        siren = str(table.at[line, column])
        raise TableError(
            [
                f"{file}, line {line}, column {_header(table, column)!r}: {siren!r} is a {natures[siren]}, where "
                f"column {_header(table, nature)!r} says {table.at[line, nature]!r}, and so for "
                f"{int(other.sum())} of {len(compared)} rows; columns of groupings are exchanged: rename them"
            ]
        )


def refuse_identifiers_as_amounts(euros: pd.Series, *, file: str, column: str) -> None:
    """Refuse a column of amounts, indexed by line, most of which are SIREN or SIRET (one in ten is by chance)."""
    whole = euros[euros.ge(1e8) & euros.lt(1e14) & euros.mod(1).eq(0)].astype("int64").astype("str")
    found = whole[[clean_siren(text).usable if len(text) == 9 else clean_siret(text).usable for text in whole]]
    sure = found.nunique() > 1 or found.str.len().eq(14).any()
    if len(found) > euros.notna().sum() / 2 and sure:
        raise TableError(
            [
                f"{file}, line {found.index[0]}, column {column!r}: {found.iloc[0]!r} is a SIREN or a SIRET, and so "
                f"for {len(found)} of {len(euros)} rows; the columns of amounts and of identifiers are exchanged: "
                "rename them"
            ]
        )


def tell_unknown_communes(codes: pd.Series, *, file: str, column: str, log: ReadingLog) -> None:
    """Tell the codes, indexed by line, of no commune since 2019; refuse a column where most are: postal codes.

    Raises
    ------
    TableError
        Most codes are unknown.
    """
    unknown = codes[codes.str.len().eq(5) & ~codes.isin(commune_codes())].dropna()
    if len(unknown) > max(1, codes.notna().sum() / 2):
        raise TableError(
            [
                f"{file}, line {unknown.index[0]}, column {column!r}: {unknown.iloc[0]!r} was the INSEE code of no "
                f"commune since 2019, and so for {len(unknown)} of {len(codes)} rows; these look like postal codes"
            ]
        )
    log.add_rows("noted", "not_in_vintage", file=file, column=column, raw=unknown)


@cache
def commune_codes() -> frozenset[str]:
    """Return the INSEE codes of all communes, déléguées and associées included, since 2019."""
    return frozenset(bundled("communes.csv.gz")["insee"]) | frozenset(bundled("communes-attached.csv")["code"])


def refuse_stacked_vintages(table: pd.DataFrame, repeated: pd.Series, file: str, code: str) -> None:
    """Refuse a file that lists most communes again, or places many in two EPCI: vintages put together."""
    again = repeated
    if "epci" in table:
        placed = table[~repeated & _own_tax(table)]
        again = placed["insee"].duplicated().reindex(table.index, fill_value=False)
    limit = table["insee"].nunique() * (_TOLERATED if "epci" in table else 0.5)
    if again.sum() > max(_FEW, limit):
        line = again.index[again][0]
        insee = str(table["insee"][line])
        what = "in another EPCI" if "epci" in table else "again"
        raise TableError(
            [
                f"{file}, line {line}, column {code!r}: commune {insee} is there {what}, and so for "
                f"{int(again.sum())} rows: vintages were put together; make one file of each and give {{vintage: path}}"
            ]
        )


def own_sirens(table: pd.DataFrame, file: str, log: ReadingLog) -> pd.Series:
    """Return the SIREN of the communes, those of another commune left out; refused when they are many."""
    siren = table["commune_siren"].str.replace(r"\.0+$", "", regex=True).str.zfill(9)
    attached = bundled("communes-attached.csv").drop_duplicates("code").set_index("code")["commune"]
    parent = table["insee"].map(attached).fillna("")
    pairs, known = _pairs(), siren.map(insee_of_siren()).astype("str")
    other = known.notna() & ~(siren + table["insee"]).isin(pairs) & ~(siren + parent).isin(pairs)
    header = _header(table, "commune_siren")
    if other.sum() > max(_FEW, len(table) * _TOLERATED):
        line = other.index[other][0]
        insee = str(table["insee"][line])
        raise TableError(
            [
                f"{file}, line {line}, columns {_header(table, 'insee')!r} and {header!r}: "
                f"{insee} is one commune and {siren[line]} another ({known[line]}), and so for "
                f"{int(other.sum())} rows: the columns were sorted apart; take the file as it was published"
            ]
        )
    log.add_rows("refused", "siren_of_another", file=file, column=header, raw=siren[other], value=known[other])
    return table["commune_siren"].mask(other)


@cache
def _pairs() -> frozenset[str]:
    """Return every SIREN and INSEE code that were one commune, joined."""
    spans = bundled("communes.csv.gz").dropna(subset=["siren"])
    return frozenset(spans["siren"] + spans["insee"])


def _own_tax(table: pd.DataFrame) -> pd.Series:
    """Whether each row is a membership of an EPCI à fiscalité propre (a commune has one), as far as is known."""
    groups = bundled("groupings.csv.gz")
    others = set(groups.loc[~groups["nature"].isin(OWN_TAX), "siren"])
    nature = table["nature"].str.strip().str.upper() if "nature" in table else pd.Series(index=table.index, dtype="str")
    return table["epci"].notna() & ~table["epci"].isin(others) & (nature.isna() | nature.isin(OWN_TAX))


def _header(table: pd.DataFrame, column: str) -> str:
    return str(table.attrs["headers"].get(column, column))
