"""The files of BANATIC brought to three tables: groupings, members, competences.

The columns about presidents, telephones and e-mails are not read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pandas as pd

from reseau_territorial.errors import TableError, enumerate_values
from reseau_territorial.opendata._competences import Nomenclature, wide_competences
from reseau_territorial.opendata._files import Layout, read_chunks
from reseau_territorial.opendata._plausible import refuse_exchanged_columns, refuse_exchanged_groupings
from reseau_territorial.opendata._reading import ReadingLog, refuse_if_mostly_unread
from reseau_territorial.opendata._territory_files import API, year_of
from reseau_territorial.opendata.identifiers import clean_siren

_MEMBER: Final = ("siren_membre", "siren du membre", "n siren membre", "n siren du membre", "siren adherent")
_SIREN: Final = ("n_siren", "siren_groupement", "siren groupement")
_NAME: Final = ("nom_du_groupement", "libelle", "raison_sociale", "nom groupement")
_NATURE: Final = ("nature_juridique", "nature juridique groupement")
_POPULATION: Final = ("population", "population_totale", "population du groupement")
LAYOUTS: Final = (
    Layout(
        "transfers",
        {
            "insee": ("code_insee_commune",),
            "commune": ("nom_commune",),
            "siren": ("siren_groupement",),
            "name": ("nom_groupement",),
            "nature": ("nature_juridique_groupement",),
            "through": ("siren_groupement_intermediaire",),
            "through_name": ("nom_groupement_intermediaire",),
            "through_nature": ("nature_juridique_groupement_intermediaire",),
        },
        required=("insee", "siren", "name", "nature"),
    ),
    # One row per grouping and member, one column per competence: C1004 (0/1) in the old text files
    # called .xls, a label (OUI/NON) in the workbooks of 2025.
    Layout(
        "wide",
        {
            "siren": _SIREN,
            "name": _NAME,
            "nature": _NATURE,
            "departement": ("departement", "departement_siege"),
            "population": _POPULATION,
            "declared": ("nombre_de_membres", "nombre_total_de_membres"),
            "competences": ("nombre_de_competences_exercees",),
            "member": _MEMBER,
            "member_name": ("nom_membre", "nom du membre"),
            "member_type": ("type", "categorie_des_membres_du_groupement"),
        },
        required=("siren", "name", "nature", "member"),
        others=True,
    ),
    Layout(
        "groupings",
        {
            "siren": _SIREN,
            "name": _NAME,
            "nature": _NATURE,
            "departement": ("code_departement", "departement", "departement_siege"),
            "region": ("code_region",),
            "population": _POPULATION,
            "declared": ("nombre_de_membres", "nombre_total_de_membres"),
        },
        required=("siren", "name", "nature"),
        others=True,
    ),
    Layout("competences", {"siren": _SIREN, "code": ("code_competence",)}, required=("siren", "code")),
    Layout(
        "members",
        {"siren": _SIREN, "member": _MEMBER, "direct": ("ind_adhesion_directe",)},
        required=("siren", "member"),
    ),
)
_FIRST_YEAR_OF_2025: Final = 2025
_TOLERATED: Final = 0.01
_KEPT: Final = frozenset(
    ["siren", "name", "nature", "departement", "region", "population", "declared", "member", "member_name"]
) | {"member_type", "direct"}


@dataclass
class BanaticTables:
    """What the files say: lists of pieces, put together by `table`."""

    groupings: list[pd.DataFrame] = field(default_factory=list)
    members: list[pd.DataFrame] = field(default_factory=list)
    competences: list[pd.DataFrame] = field(default_factory=list)
    transfers: list[pd.DataFrame] = field(default_factory=list)

    def table(self, name: str, columns: Iterable[str]) -> pd.DataFrame:
        """Return the rows of one table, each once, with these columns."""
        pieces: list[pd.DataFrame] = [piece.reindex(columns=list(columns)) for piece in getattr(self, name)]
        if not pieces:
            return pd.DataFrame(columns=list(columns), dtype="str")
        return pd.concat(pieces, ignore_index=True).astype("str").drop_duplicates(ignore_index=True)


def read_banatic_files(
    paths: Iterable[Path], log: ReadingLog, *, nomenclature: Nomenclature | None, sheet: str | None = None
) -> BanaticTables:
    """Read the files, whatever their layouts, piece by piece."""
    tables = BanaticTables()
    for path in paths:
        for piece in read_chunks(path, layouts=(API, *LAYOUTS), sheet=sheet, log=log):
            _add_piece(piece, path, tables, log, nomenclature)
    return tables


def _add_piece(
    piece: pd.DataFrame, path: Path, tables: BanaticTables, log: ReadingLog, nomenclature: Nomenclature | None
) -> None:
    layout = str(piece.attrs["layout"])
    rows = _checked(piece, path.name, log)
    if layout != "competences":
        refuse_exchanged_columns(rows, "siren", path.name)
    if layout == "transfers":
        refuse_exchanged_groupings(rows, "siren", "nature", path.name)
        refuse_exchanged_groupings(rows, "through", "through_nature", path.name)
        tables.transfers.append(rows.assign(file=path.name))
        return
    if layout == "competences":
        version = nomenclature or _version_of_year(path)
        tables.competences.append(_coded(rows, path.name, log).assign(version=version))
    if layout == "groupings":
        _refuse_unnamed_members(rows, path.name)
    if layout in ("groupings", "wide"):
        held = wide_competences(rows, path, log, nomenclature or _version_of_year)
        tables.competences.append(held)
        rows = rows.drop(columns=[name for name in rows if name not in _KEPT])
        tables.groupings.append(rows.drop_duplicates("siren"))
    if layout in ("members", "wide"):
        repeated = rows["member"].notna() & rows.duplicated(["siren", "member"])
        raw = rows.loc[repeated, "siren"] + " | " + rows.loc[repeated, "member"]
        log.add_rows("counted_twice", "repeated_row", file=path.name, column=_header(rows, "member"), raw=raw)
        tables.members.append(rows[~repeated].dropna(subset=["member"]))


def _refuse_unnamed_members(rows: pd.DataFrame, file: str) -> None:
    """Refuse a list of groupings that has several different rows of one: its members stand in a column unknown."""
    again = rows[rows["siren"].duplicated() & ~rows.duplicated()]
    if len(again) > len(rows) * _TOLERATED:
        others = [name for name in rows if name not in _KEPT]
        raise TableError(
            [
                f"{file}, line {again.index[0]}, column {_header(rows, 'siren')!r}: grouping {again['siren'].iloc[0]} "
                f"is there again, and so for {len(again)} rows: one row per member, and no column 'Siren membre' that "
                f"is known. Columns there: {enumerate_values(others, shown=20)}"
            ]
        )


def _coded(rows: pd.DataFrame, file: str, log: ReadingLog) -> pd.DataFrame:
    """Return the competences whose code is four digits; the others are refused, with their lines."""
    code = rows["code"].str.strip().str.removeprefix("C").str.replace(r"\.0+$", "", regex=True)
    good = code.str.fullmatch(r"\d{4}").fillna(False).astype("bool")
    header = _header(rows, "code")
    if (~good).sum() > len(rows) / 2:
        line = good.index[~good][0]
        raise TableError(
            [f"{file}, line {line}, column {header!r}: {rows['code'][line]!r} is no code of competence (four digits)"]
        )
    log.add_rows("refused", "not_a_code", file=file, column=header, raw=rows.loc[~good, "code"])
    log.dropped(file, int((~good).sum()))
    return rows.assign(code=code)[good]


def _header(rows: pd.DataFrame, column: str) -> str:
    return str(rows.attrs["headers"].get(column, column))


def _checked(piece: pd.DataFrame, file: str, log: ReadingLog) -> pd.DataFrame:
    """Clean the SIREN of groupings and members; a row without a grouping is refused.

    New groupings wait for their SIREN under a temporary number: it is kept, as it identifies them.
    """
    for column in ("siren", "member", "through"):
        if column not in piece:
            continue
        verdicts = clean_siren(piece[column])
        temporary = verdicts["note"].eq("temporary")
        header = str(piece.attrs["headers"][column])
        refuse_if_mostly_unread(verdicts[~temporary], file=file, column=header)
        log.add_identifiers(verdicts[~temporary], file=file, column=header)
        log.add_rows("noted", "temporary", file=file, column=header, raw=verdicts.loc[temporary, "raw"])
        usable = verdicts["status"].isin(["valid", "repaired"])
        piece = piece.assign(**{column: verdicts["value"].where(usable, verdicts["raw"].where(temporary))})
        if column == "siren":
            missing = verdicts["status"].eq("missing")
            log.add_rows("refused", "empty", file=file, column=header, raw=verdicts.loc[missing, "raw"])
            log.dropped(file, int(piece["siren"].isna().sum()))
            piece = piece[piece["siren"].notna()]
    return piece


def _version_of_year(path: Path) -> Nomenclature:
    year = year_of(path)
    if year is None:
        raise TableError(
            [
                f"{path.name}: the year of the competences is not in the name of the file, and 29 codes mean "
                "different things in 2021 and 2025; pass nomenclature='2021' or nomenclature='2025'"
            ]
        )
    return "2025" if int(year) >= _FIRST_YEAR_OF_2025 else "2021"
