"""The files that describe the communes, the EPCI and the State's geography, brought to three tables.

INSEE (code officiel géographique), the DGCL (composition of the EPCI) and the packages made from them
name the same things in a dozen ways: each way is a `Layout`, recognised by its header.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from reseau_territorial.errors import TableError, enumerate_rows, enumerate_values
from reseau_territorial.opendata._advice import advice
from reseau_territorial.opendata._content import open_content
from reseau_territorial.opendata._files import Layout, NoLayoutError, read_table
from reseau_territorial.opendata._plausible import (
    own_sirens,
    refuse_exchanged_columns,
    refuse_several_vintages,
    refuse_stacked_vintages,
)
from reseau_territorial.opendata._reading import ReadingLog, refuse_if_mostly_unread
from reseau_territorial.opendata._records import parse_json
from reseau_territorial.opendata._sheets import open_sheets
from reseau_territorial.opendata.identifiers import clean_insee, clean_siren

_PARTS: Final = ("ARM",)
"""INSEE lists the municipal arrondissements in a sheet beside that of the communes, Paris among them."""
YEARS: Final = range(2010, 2040)
COMMUNE_TYPES: Final[Mapping[str, str]] = {
    "commune-actuelle": "COM",
    "commune-deleguee": "COMD",
    "commune-associee": "COMA",
    "arrondissement-municipal": "ARM",
}

_STATES: Final[Mapping[str, str]] = {"1": "COM", "2": "COMA", "5": "ARM", "6": "COMD"}
"""What the list of all communes since 1943 calls those that still are something; the other states are gone."""


def _dated(*stems: str) -> tuple[str, ...]:
    """Return the names of a population column: its stem, alone and with each year."""
    return tuple(stem for stem in stems) + tuple(f"{stem}_{year}" for stem in stems for year in YEARS)


_POPULATION: Final = (*_dated("pmun"), "population_municipale", "total_pop_mun")
_COMMUNE: Final = {
    "insee": ("code_insee", "codgeo", "com_code", "depcom", "code_commune", "insee_com", "code insee commune"),
    "commune": ("nom_commune", "nom_membre", "libgeo", "com_name", "libelle", "nom_com", "nom commune"),
    "commune_siren": ("siren_commune", "siren_membre", "com_siren", "siren_com"),
    "departement": ("dep", "dep_com", "dept", "code_departement"),
    "region": ("reg", "reg_com", "code_region"),
    "population": _POPULATION,
}
_NATURE: Final = ("nature_juridique", "nature_epci", "type_epci", *(f"nj_epci{year}" for year in YEARS))
_VINTAGE: Final = ("annee", "millesime", "annee_cog", "vintage", "year")
_LABEL: Final = ("libelle", "nccenr")
_SEAT: Final = ("cheflieu",)
_MEMBERSHIP: Final = Layout(
    "membership",
    {
        **_COMMUNE,
        "epci": ("siren_epci", "epci_siren", "siren", "code_epci", "n_siren", "siren_groupement"),
        "epci_name": ("raison_sociale", "libepci", "epci_name", "nom_epci", "nom_complet", "nom_groupement"),
        "nature": _NATURE,
        "declared": ("nb_membres",),
        "ept": ("ept_siren",),
        "ept_name": (),
        "vintage": _VINTAGE,
    },
    required=("insee", "epci"),
)
LAYOUTS: Final = (
    # siren is the commune's here, and the EPCI's in the composition file: told apart by what goes with it
    Layout(
        "siren_insee",
        {**_COMMUNE, "commune_siren": ("siren",)},
        required=("region", "insee", "commune_siren", "commune"),
    ),
    _MEMBERSHIP,
    Layout(
        "groups",
        {
            "epci": ("siren_epci", "siren", "code_epci"),
            "epci_name": ("nom", "libepci", "raison_sociale", "nom_epci", "nom_complet"),
            "nature": ("type", *_NATURE),
            "declared": ("nb_membres", *_dated("nb_com")),
        },
        required=("epci", "epci_name", "nature"),
    ),
    Layout(
        "communes",
        {
            "type": ("typecom",),
            "insee": ("com",),
            "commune": ("libelle", "nccenr"),
            "departement": ("dep",),
            "region": ("reg",),
            "arrondissement": ("arr",),
            "parent": ("comparent",),
            "vintage": _VINTAGE,
        },
        required=("type", "insee", "commune"),
    ),
    Layout(
        "communes_1999",
        {
            "departement": ("dep",),
            "number": ("com",),
            "commune": ("nccenr",),
            "region": ("reg",),
            "number_arr": ("ar",),
            "state": ("actual",),
            "parent": ("pole",),
        },
        required=("departement", "number", "commune"),
    ),
    Layout(
        "arrondissements",
        {
            "code": ("arr",),
            "name": ("libelle", "nccenr"),
            "departement": ("dep",),
            "region": ("reg",),
            "seat": ("cheflieu",),
        },
        required=("code", "departement", "name", "seat"),
    ),
    Layout(
        "departements",
        {"code": ("dep",), "name": _LABEL, "region": ("reg",), "seat": _SEAT},
        required=("code", "region", "name", "seat"),
    ),
    Layout(
        "regions",
        {"code": ("reg",), "name": ("libelle", "nccenr"), "seat": ("cheflieu",)},
        required=("code", "name", "seat"),
    ),
)
MOVEMENTS: Final = Layout(
    "movements",
    {
        "kind": ("mod",),
        "date": ("date_eff",),
        "type_before": ("typecom_av",),
        "before": ("com_av",),
        "name_before": ("libelle_av", "nccenr_av"),
        "type_after": ("typecom_ap",),
        "after": ("com_ap",),
        "name_after": ("libelle_ap", "nccenr_ap"),
    },
    required=("kind", "date", "type_before", "before", "type_after", "after", "name_after"),
)
_TRANSFERS: Final = Layout(
    "transfers",
    {"insee": ("code_insee_commune",), "epci": ("siren_groupement",), "through": ("siren_groupement_intermediaire",)},
    required=("insee", "epci", "through"),
    elsewhere=True,
)
_CONVENTIONS: Final = Layout(
    "conventions by commune",
    {"insee": ("code_commune",), "signed": ("signee",), "epci": ()},
    required=("insee", "signed", "epci"),
    elsewhere=True,
)
API: Final = Layout(
    "communes, EPCI or territories by code",
    {"code": (), "known": ("membres", "codeDepartement", "chefLieu")},
    required=("code", "known"),
    elsewhere=True,
)
"""The JSON of `decoupage-administratif`, which is no table of members."""
TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "communes": (
        "insee", "commune", "commune_siren", "departement", "region", "arrondissement", "population", "type", "parent",
    ),
    "members": ("insee", "epci"),
    "groups": ("epci", "epci_name", "nature", "declared"),
    "units": ("unit", "code", "name", "departement", "region", "seat"),
}  # fmt: skip


@dataclass
class TerritoryTables:
    """What the files of one vintage say, each value once."""

    communes: pd.DataFrame = field(default_factory=lambda: _empty("communes"))
    members: pd.DataFrame = field(default_factory=lambda: _empty("members"))
    groups: pd.DataFrame = field(default_factory=lambda: _empty("groups"))
    units: pd.DataFrame = field(default_factory=lambda: _empty("units"))

    def add(self, name: str, table: pd.DataFrame) -> None:
        """Add the rows of one file to a table."""
        wanted = table.reindex(columns=list(TABLES[name])).astype("str")
        held = getattr(self, name)
        setattr(self, name, pd.concat([held, wanted], ignore_index=True) if len(held) else wanted)


def _empty(name: str) -> pd.DataFrame:
    return pd.DataFrame(columns=list(TABLES[name]), dtype="str")


def read_territory(
    paths: Iterable[Path], log: ReadingLog, *, whole_folder: bool = False, sheet: str | None = None
) -> TerritoryTables:
    """Read the files of one vintage, whatever their layouts.

    In a folder, a table of another kind (cantons, movements) is left out, and told.
    """
    tables = TerritoryTables()
    for path in paths:
        content = open_content(path)
        if content.kind == "json":
            _read_json(content.read(), path, tables, log)
            continue
        try:
            _read_rows(path, sheet, tables, log)
        except NoLayoutError as error:
            if not whole_folder:
                raise
            log.add("refused", "unknown_layout", file=path.name, raw=str(error))
    return tables


def year_of(path: Path) -> str | None:
    """Return the vintage that a file name says, else the name of its folder.

    Examples
    --------
    >>> year_of(Path("2020/epci_membres.csv")), year_of(Path("communes-01012019.csv"))
    ('2020', '2019')
    """
    for name in (path.name, path.parent.name):
        years: set[str] = set(re.findall(r"(?<!\d)(?:[0-3]\d[01]\d)?(20[0-4]\d)(?!\d)", name))
        if len(years) == 1:
            return years.pop()
    return None


def _read_rows(path: Path, sheet: str | None, tables: TerritoryTables, log: ReadingLog) -> None:
    looked_for = (replace(MOVEMENTS, elsewhere=True), _TRANSFERS, _CONVENTIONS, *LAYOUTS)
    table = read_table(path, layouts=looked_for, sheet=sheet, parts=_PARTS, log=log)
    layout = str(table.attrs["layout"])
    _restore_zeros(table, layout)
    if layout in ("arrondissements", "departements", "regions"):
        tables.add("units", table.assign(unit=layout.removesuffix("s")))
        return
    refuse_several_vintages(table, path.name)
    if layout == "communes_1999":
        table["insee"] = _joined_codes(table)
        if "number_arr" in table:
            table["arrondissement"] = table["departement"] + table["number_arr"]
        if "state" in table:
            table["type"] = table["state"].map(_STATES)
            gone = table["type"].isna()
            log.add_rows("noted", "former_commune", file=path.name, column="ACTUAL", raw=table.loc[gone, "insee"])
            log.dropped(path.name, int(gone.sum()))
            table = table[~gone]
    if layout in ("membership", "groups"):
        table = _checked(table, "epci", path.name, log)
        table["declared"] = table["declared"].str.replace(r"\D", "", regex=True) if "declared" in table else None
    if layout != "groups":
        table = _checked(table, "insee", path.name, log)
    if layout == "membership":
        refuse_exchanged_columns(table, "epci", path.name)
    if "commune_siren" in table and layout != "groups":
        table["commune_siren"] = own_sirens(table, path.name, log)
    _add_rows(table, layout, path.name, tables, log)


def _add_rows(table: pd.DataFrame, layout: str, file: str, tables: TerritoryTables, log: ReadingLog) -> None:
    """Add the rows of a file to the tables, those that say the same once."""
    if layout in ("membership", "groups"):
        tables.add("groups", table.drop_duplicates("epci"))
    if layout == "groups":
        return
    key = ["insee", "epci"] if layout == "membership" else ["insee", "type"] if "type" in table else ["insee"]
    repeated = table.duplicated(key)
    code = str(table.attrs["headers"].get("insee", "insee"))
    refuse_stacked_vintages(table, repeated, file, code)
    log.add_rows("counted_twice", "repeated_row", file=file, column=code, raw=table.loc[repeated, "insee"])
    log.dropped(file, int(repeated.sum()))
    tables.add("communes", table[~repeated])
    if layout == "membership":
        tables.add("members", table[~repeated].dropna(subset=["epci"]))
        if "ept" in table:
            _add_ept(table, tables)


def _restore_zeros(table: pd.DataFrame, layout: str) -> None:
    """Give codes of régions, départements and arrondissements the leading zeros that a spreadsheet lost."""
    own = {"arrondissements": "arrondissement", "departements": "departement", "regions": "region"}.get(layout)
    widths = {"region": 2, "departement": 2, "arrondissement": 3}
    for column, width in (*widths.items(), ("code", widths.get(own or "", 0))):
        if column in table:
            table[column] = table[column].str.replace(r"\.0+$", "", regex=True).str.zfill(width)


def _joined_codes(table: pd.DataFrame) -> pd.Series:
    """Return commune codes of the layouts that write département and commune number apart."""
    codes = table["departement"].str.zfill(2)
    return codes + table["number"].str.zfill(3).where(codes.str.len() == 2, table["number"].str.zfill(2).str[-2:])


def _add_ept(table: pd.DataFrame, tables: TerritoryTables) -> None:
    """Add the territories of the Métropole du Grand Paris, which share its communes."""
    inside = table.dropna(subset=["ept"])
    renamed = inside[["insee"]].assign(epci=inside["ept"], epci_name=inside["ept_name"], nature="EPT")
    tables.add("members", renamed)
    tables.add("groups", renamed.drop_duplicates("epci"))


def _checked(table: pd.DataFrame, column: str, file: str, log: ReadingLog) -> pd.DataFrame:
    """Clean the key column; rows whose key cannot be read are refused, with their lines."""
    siren = column == "epci"
    verdicts = clean_siren(table[column]) if siren else clean_insee(table[column])
    # INSEE writes ZZZZZZZZZ where a commune has no EPCI.
    outside = table[column].str.fullmatch("Z+").fillna(False) if siren else pd.Series(False, index=table.index)
    header = str(table.attrs["headers"].get(column, column))
    refuse_if_mostly_unread(verdicts[~outside], file=file, column=header)
    log.add_identifiers(verdicts[~outside], file=file, column=header)
    usable = verdicts["status"].isin(["valid", "repaired"])
    missing = (verdicts["status"] == "missing") | outside
    table = table.assign(**{column: verdicts["value"].where(usable)})
    if not siren:
        log.add_rows("refused", "empty", file=file, column=header, raw=verdicts.loc[missing, "raw"])
        missing = missing & False
    log.dropped(file, int((~usable & ~missing).sum()))
    return table[usable | missing]


def _read_json(content: bytes, path: Path, tables: TerritoryTables, log: ReadingLog) -> None:
    file = path.name
    records = parse_json(file, content)
    if not isinstance(records, list) or not records or not all(isinstance(r, dict) for r in records):
        problem = f"{file}: expected a JSON list of objects, one per commune, EPCI or territory"
        raise TableError([f"{problem}. {advice(open_sheets(path))}"])
    without = [number for number, record in enumerate(records, start=1) if "code" not in record]
    if without:
        where = enumerate_rows(without).replace("row", "record", 1)
        held = enumerate_values(records[without[0] - 1])
        raise TableError([f"{file}, {where}: no field 'code'; fields: {held}. {advice(open_sheets(path))}"])
    log.opened(file, form="json", rows=len(records))
    fields = set(records[0])
    if "membres" in fields:
        _add_groups(records, tables)
    elif records[0].get("type") in COMMUNE_TYPES or "codeDepartement" in fields:
        communes = _commune_records(records)
        tables.add("communes", communes)
        if "codeEpci" in fields:
            members = communes.assign(epci=[record.get("codeEpci") for record in records]).dropna(subset=["epci"])
            tables.add("members", members)
            tables.add("groups", members[["epci"]].drop_duplicates())
    elif {"nom", "chefLieu"} <= fields:
        unit = "arrondissement" if "departement" in fields else "departement" if "region" in fields else "region"
        renamed = pd.DataFrame(records).rename(columns={"nom": "name", "chefLieu": "seat"})
        tables.add("units", renamed.assign(unit=unit))
    else:
        there = enumerate_values(sorted(fields), shown=20)
        raise TableError(
            [f"{file}, record 1: neither communes, EPCI with their members, nor territories; fields: {there}"]
        )


def _add_groups(records: Sequence[Mapping[str, Any]], tables: TerritoryTables) -> None:
    groups = pd.DataFrame(
        {
            "epci": [record["code"] for record in records],
            "epci_name": [record.get("nom") for record in records],
            "nature": [record.get("type") for record in records],
        }
    )
    tables.add("groups", groups)
    rows = [
        (member["code"], record["code"], member.get("nom"), member.get("siren"), member.get("populationMunicipale"))
        for record in records
        for member in record["membres"]
    ]
    members = pd.DataFrame(rows, columns=["insee", "epci", "commune", "commune_siren", "population"])
    tables.add("members", members)
    tables.add("communes", members)


def _commune_records(records: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "insee": [record["code"] for record in records],
            "commune": [record.get("nom") for record in records],
            "commune_siren": [record.get("siren") for record in records],
            "departement": [record.get("departement", record.get("codeDepartement")) for record in records],
            "region": [record.get("region", record.get("codeRegion")) for record in records],
            "arrondissement": [record.get("arrondissement") for record in records],
            "population": [record.get("population") for record in records],
            "type": [COMMUNE_TYPES.get(str(record.get("type")), "COM") for record in records],
            "parent": [record.get("commune", record.get("chefLieu")) for record in records],
        },
        dtype="object",
    )
    table["population"] = pd.to_numeric(table["population"]).astype("Int64").astype("str")
    return table
