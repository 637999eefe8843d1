"""The files of BANATIC brought to three tables: groupings, members, competences.

The columns about presidents, telephones and e-mails are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import pandas as pd

from reseau_territorial._dialect import plain_key
from reseau_territorial.errors import TableError
from reseau_territorial.opendata._data import bundled
from reseau_territorial.opendata._files import Layout, read_chunks
from reseau_territorial.opendata._reading import ReadingLog, refuse_if_mostly_unread
from reseau_territorial.opendata._territory_files import year_of
from reseau_territorial.opendata.identifiers import clean_siren

Nomenclature = Literal["2021", "2025"]

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
            "member": ("siren_membre",),
            "member_name": ("nom_membre",),
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
        {"siren": _SIREN, "member": ("siren_membre",), "direct": ("ind_adhesion_directe",)},
        required=("siren", "member"),
    ),
)
_OLD_CODE: Final = re.compile(r"^C(\d{4})$")
_NEW_CODE: Final = re.compile(r"^(\d{4})\s*[-–]\s*\S")
_YES: Final = frozenset({"1", "OUI", "O", "X", "VRAI", "TRUE"})
_NO: Final = frozenset({"0", "NON", "N", "FAUX", "FALSE"})
_FIRST_YEAR_OF_2025: Final = 2025
_ABOUT_PERSONS: Final = ("president", "telephone", "fax", "courriel")


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


def read_banatic_files(paths: Iterable[Path], log: ReadingLog, *, nomenclature: Nomenclature | None) -> BanaticTables:
    """Read the files, whatever their layouts, piece by piece."""
    tables = BanaticTables()
    for path in paths:
        for piece in read_chunks(path, layouts=LAYOUTS, log=log):
            _add_piece(piece, path, tables, log, nomenclature)
    return tables


def _add_piece(
    piece: pd.DataFrame, path: Path, tables: BanaticTables, log: ReadingLog, nomenclature: Nomenclature | None
) -> None:
    layout = str(piece.attrs["layout"])
    rows = _checked(piece, path.name, log)
    if layout == "transfers":
        tables.transfers.append(rows.assign(file=path.name))
        return
    if layout == "competences":
        version = nomenclature or _version_of_year(path)
        tables.competences.append(rows.assign(version=version))
    if layout in ("groupings", "wide"):
        tables.groupings.append(rows.drop_duplicates("siren"))
        tables.competences.append(_wide_competences(rows, path, log, nomenclature))
    if layout in ("members", "wide"):
        tables.members.append(rows.dropna(subset=["member"]))


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


def _wide_competences(
    rows: pd.DataFrame, path: Path, log: ReadingLog, nomenclature: Nomenclature | None
) -> pd.DataFrame:
    """Return (siren, version, code) from the columns of competences, one row per competence held."""
    known = _competence_columns(rows.columns, nomenclature)
    if not known:
        return pd.DataFrame(columns=["siren", "version", "code"], dtype="str")
    flags = rows[["siren", *known]].drop_duplicates()
    upper = flags[list(known)].apply(lambda column: column.str.upper())
    odd = upper.notna() & ~upper.isin(_YES | _NO)
    for column in odd.columns[odd.any()]:
        bad = rows.loc[flags.index[odd[column]], column]
        line, value = bad.index[0], bad.iloc[0]
        raise TableError([f"{path.name}, line {line}, column {column!r}: {value!r} is neither OUI/NON nor 1/0"])
    held = upper.isin(_YES).stack()
    pairs = held[held].index
    lines, names = pairs.get_level_values(0), pairs.get_level_values(1)
    competences = pd.DataFrame(
        {
            "siren": flags["siren"].reindex(lines).to_numpy(),
            "version": [known[str(name)][0] for name in names],
            "code": [known[str(name)][1] for name in names],
        }
    )
    personal = [str(name) for name in rows.columns if any(word in plain_key(str(name)) for word in _ABOUT_PERSONS)]
    if personal and rows.index.min() <= _FIRST_LINES:
        log.add("noted", "person_column", file=path.name, column=", ".join(personal))
    return competences.drop_duplicates()


_FIRST_LINES: Final = 30


def _competence_columns(
    columns: Iterable[object], nomenclature: Nomenclature | None
) -> Mapping[str, tuple[Nomenclature, str]]:
    """Return the columns that are competences: C1004, "5510 - label", or the label alone."""
    labels = bundled("competences.csv")
    new = labels[labels["version"].eq("2025")]
    by_label = dict(zip(new["label"].map(plain_key), new["code"], strict=True))
    found: dict[str, tuple[Nomenclature, str]] = {}
    for column in map(str, columns):
        old = _OLD_CODE.match(column)
        if old:
            found[column] = (nomenclature or "2021", old[1])
        elif prefixed := _NEW_CODE.match(column):
            found[column] = (nomenclature or "2025", prefixed[1])
        elif (key := plain_key(column)) in by_label:
            found[column] = ("2025", by_label[key])
    return found
