"""Communes, EPCI and the State's geography: the code officiel géographique and the lists of the DGCL.

The key of a commune is its code *and its type*: a commune nouvelle shares its code with one of its
communes déléguées. Communes déléguées, associées and municipal arrondissements are no actors:
`roll_up` brings their codes to the commune. Several vintages make one network with one period each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from reseau_territorial.errors import TableError
from reseau_territorial.opendata._content import tables_at, tables_of
from reseau_territorial.opendata._data import VINTAGES, bundled, communes_of, renamed
from reseau_territorial.opendata._reading import Reading, ReadingLog
from reseau_territorial.opendata._territory_files import TerritoryTables, read_territory, year_of
from reseau_territorial.opendata._verdicts import departement_of
from reseau_territorial.opendata.identifiers import clean_siren
from reseau_territorial.opendata.kinds import kind_of_nature

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["read_cog", "roll_up"]

Paths = str | Path | Sequence[str | Path]

_READABLE: Final = (".csv", ".json", ".gz", ".xlsx", ".txt", ".tsv", ".parquet", ".zip")
_UNITS: Final = {"arrondissement": "departemental", "departement": "departemental", "region": "regional"}
_PRESENT_REGIONS: Final = 2016
"""Since this year each département has been in the same région."""
_EVIDENCE: Final = {
    "producer": "INSEE, DGCL",
    "licence": "Licence Ouverte 2.0",
    "url": "https://www.data.gouv.fr",
}


def read_cog(
    paths: Paths | Mapping[int | str, Paths],
    *,
    vintage: int | str | None = None,
    administration: bool = False,
    sheet: str | None = None,
) -> Reading:
    r"""Read communes and their EPCI, one vintage or several, from the files as they were downloaded.

    Parameters
    ----------
    paths : path, sequence of paths, or mapping of vintage to paths
        Files or folders of INSEE (communes, arrondissements, départements, régions; EPCI of the
        communes), of the DGCL (composition of the EPCI, SIREN-INSEE), or made from them (JSON and CSV
        of `decoupage-administratif`). They are recognised by their content.
    vintage : int or str, optional
        Year of the files. By default the year in the name of each file, else of its folder.
    administration : bool
        Whether to add arrondissements, départements and régions as actors, and a layer
        ``administration`` (commune -> arrondissement -> département -> région).
    sheet : str, optional
        The sheet of a workbook to read, when several could be the one.

    Returns
    -------
    Reading
        The network: one actor per commune and EPCI, keyed by SIREN (by INSEE code where a commune has
        none), with columns ``insee``, ``departement``, ``region``, ``arrondissement``, ``epci``,
        ``population`` and ``nature``; a directed layer ``membership``, commune -> EPCI, one period per
        vintage, weight 1. Communes without an EPCI are isolates. Where no file tells the région of a
        commune, it is that of its département since 2016 (missing for older vintages and without one).
        And the report.

    Raises
    ------
    TableError
        A file has no layout that is known, or no commune could be read: file, line and column are named.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "perimetre-2025.csv"
    >>> _ = path.write_text("siren;raison_sociale;nature_juridique;insee;siren_membre;nom_membre\n"
    ...                     "243700754;Tours Métropole;METRO;37261;213702616;Tours\n")
    >>> network, report = read_cog(path)
    >>> network.ties[["source", "target", "period"]].to_numpy().tolist()
    [['213702616', '243700754', '2025']]
    """
    log = ReadingLog()
    parts = []
    for year, (files, folder) in _by_vintage(paths, vintage).items():
        tables = read_territory(files, log, whole_folder=folder, sheet=sheet)
        if not tables.communes["type"].fillna("COM").eq("COM").any():
            log.refuse_if_headers_alone()
            names = ", ".join(path.name for path in files)
            raise TableError(
                [f"{names}: no commune was found; give with it a file of communes, or of the members of the EPCI"]
            )
        parts.append(_one_vintage(year, tables, log, administration=administration))
    return Reading(_assemble(parts), log.report())


def roll_up(codes: pd.Series) -> pd.Series:
    """Bring codes of communes déléguées, communes associées and municipal arrondissements to the commune.

    Parameters
    ----------
    codes : pandas.Series
        INSEE codes, clean.

    Returns
    -------
    pandas.Series
        The code of the commune of the 2026 vintage, on the same index; a code that is a commune's own, or of
        no commune, stays as it is, and missing stays missing.

    Examples
    --------
    >>> roll_up(pd.Series(["13201", "75111", "37261"])).tolist()
    ['13055', '75056', '37261']
    """
    table = bundled("communes-attached.csv").drop_duplicates("code").set_index("code")["commune"]
    return renamed(codes, table)


def _by_vintage(
    paths: Paths | Mapping[int | str, Paths], vintage: int | str | None
) -> dict[str | None, tuple[list[Path], bool]]:
    """Return the files of each vintage, and whether they come from a folder read whole."""
    if isinstance(paths, Mapping):
        in_order = sorted(paths.items(), key=lambda item: str(item[0]))
        return {str(year): (files_of(held), _has_folder(held)) for year, held in in_order}
    found: dict[str | None, list[Path]] = {}
    for path in files_of(paths):
        year = str(vintage) if vintage is not None else year_of(path)
        found.setdefault(year, []).append(path)
    if None in found and len(found) > 1:
        names = ", ".join(path.name for path in found[None])
        raise TableError([f"no vintage in the name of {names}; pass a mapping of vintage to paths"])
    return {year: (found[year], _has_folder(paths)) for year in sorted(found, key=lambda year: year or "")}


def _has_folder(paths: Paths) -> bool:
    """Say whether a folder, or an archive of several files, is given whole: not all of its files need be known."""
    given = [paths] if isinstance(paths, str | Path) else paths
    return any(Path(path).is_dir() or len(tables_at(path)) > 1 for path in given)


def files_of(paths: Paths) -> list[Path]:
    """Return the files of a path, of several, of folders or of archives."""
    listed = [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    files: list[Path] = []
    for path in listed:
        inside = sorted(file for file in path.iterdir() if file.suffix in _READABLE) if path.is_dir() else [path]
        files += tables_of(inside)
    if not files:
        raise TableError([f"no file to read in {', '.join(map(str, listed)) or 'an empty list'}"])
    return files


def _one_vintage(
    year: str | None, tables: TerritoryTables, log: ReadingLog, *, administration: bool
) -> dict[str, pd.DataFrame]:
    name = f"vintage {year}" if year else "files"
    _roll_up_arrondissements(tables, name, log)
    if tables.communes.empty:
        raise TableError(
            [f"{name}: municipal arrondissements only, no commune; give with them the communes (sheet COM of INSEE)"]
        )
    communes = _communes(tables, year, name, log)
    groups = _groups(tables)
    members = _members(tables, communes)
    _check_declared(groups, members, name, log)
    ids = communes["actor"]
    ties = pd.DataFrame({"source": ids.reindex(members["insee"]).to_numpy(), "target": members["epci"].to_numpy()})
    ties["layer"] = "membership"
    own_tax = members["epci"].map(groups["kind"]).eq("epci")
    placed = members[own_tax.to_numpy()]
    twice = placed.loc[placed["insee"].duplicated(), "insee"]
    log.add_rows("noted", "several_epci", file=name, column="epci", raw=_unplaced(pd.Index(twice)))
    communes["epci"] = placed.drop_duplicates("insee").set_index("insee")["epci"]
    for column in ("departement", "region"):
        groups[column] = _most_frequent(placed["epci"], communes[column].reindex(placed["insee"]))
    if placed.empty:
        log.add("noted", "no_membership", file=name, column="epci")
    else:
        without = communes.index[communes["epci"].isna()]
        log.add_rows("noted", "no_epci", file=name, column="epci", raw=_unplaced(without))
    actors = [communes.reset_index().set_index("actor"), groups]
    if administration:
        units, upward = _administration(tables, communes)
        actors.append(units)
        ties = pd.concat([ties, upward], ignore_index=True)
    evidence = f"cog-{year}" if year else "cog"
    ties["period"], ties["evidence"] = year, evidence
    ties["level"], ties["formal"] = 3, True
    source = pd.DataFrame(
        {"title": "Communes et intercommunalités", "date": year, **_EVIDENCE},
        index=pd.Index([evidence], name="evidence"),
    )
    return {"actors": pd.concat(actors), "ties": ties, "sources": source}


def _most_frequent(keys: pd.Series, values: pd.Series) -> pd.Series:
    """Return, for each key, its most frequent value (the first of the equals)."""
    pairs = pd.DataFrame({"key": keys.to_numpy(), "value": values.to_numpy()}).value_counts(sort=False).reset_index()
    ordered = pairs.sort_values(["key", "count", "value"], ascending=[True, False, True])
    return ordered.drop_duplicates("key").set_index("key")["value"]


def _unplaced(values: pd.Index) -> pd.Series:
    """Return values as findings that stand on no line: they are missing from a whole file."""
    return pd.Series(values, index=pd.Index([None] * len(values), dtype="object"))


def _roll_up_arrondissements(tables: TerritoryTables, name: str, log: ReadingLog) -> None:
    """Bring the rows of the 45 municipal arrondissements to Paris, Lyon and Marseille."""
    table = bundled("communes-attached.csv")
    parent = table[table["type"].eq("ARM")].set_index("code")["commune"]
    inside = tables.communes["insee"].isin(parent.index) & ~tables.communes["type"].eq("ARM")
    if inside.any():
        codes = tables.communes.loc[inside, "insee"]
        log.add_rows("decided", "municipal_arrondissement", file=name, column="insee", raw=_unplaced(pd.Index(codes)))
        tables.communes = tables.communes[~inside]
        members = tables.members
        tables.members = members.assign(insee=renamed(members["insee"], parent)).drop_duplicates()


def _communes(tables: TerritoryTables, year: str | None, name: str, log: ReadingLog) -> pd.DataFrame:
    """Return the current communes, one row per INSEE code, with the columns of an actor."""
    table = tables.communes
    current = table[table["type"].isna() | table["type"].eq("COM")]
    # groupby.first takes, column by column, the first file that says something.
    merged = current.drop(columns=["type", "parent"]).groupby("insee", sort=True).first()
    listed = table.loc[table["type"].eq("COM"), "insee"].unique()
    if len(listed):
        unlisted = merged.index.difference(pd.Index(listed))
        log.add_rows("noted", "unknown_member", file=name, column="insee", raw=_unplaced(unlisted))
    known_then = communes_of(year)
    known = known_then["siren"]
    own = clean_siren(merged["commune_siren"])["siren"].set_axis(merged.index)
    shared = own.notna() & own.duplicated(keep=False)
    log.add_rows(
        "refused", "siren_of_several", file=name, column="siren", raw=own[shared].set_axis([None] * shared.sum())
    )
    own = own.mask(shared)
    siren = own.fillna(known.reindex(merged.index)).astype("str")
    if year in VINTAGES:
        in_force = known_then.index[known_then["first"].le(int(year)) & known_then["last"].ge(int(year))]
        others = merged.index.difference(in_force)
        log.add_rows("noted", "not_in_vintage", file=name, column="insee", raw=_unplaced(others))
    lacking = siren.index[siren.isna()]
    log.add_rows("noted", "no_siren", file=name, column="siren", raw=_unplaced(lacking))
    merged["actor"] = siren.fillna(merged.index.to_series()).astype("str")
    merged["siren"] = siren
    merged["name"] = merged.pop("commune").fillna(merged.index.to_series())
    merged["territory"] = merged.index
    merged["departement"] = merged.index.to_series().map(departement_of).astype("str")
    if year and year.isdecimal() and int(year) >= _PRESENT_REGIONS:
        merged["region"] = merged["region"].fillna(merged["departement"].map(_region_of_departement()))
    merged["population"] = _numbers(merged["population"])
    return merged.drop(columns="commune_siren").assign(kind="commune", sector="public", tier="communal", rule="COG")


def _region_of_departement() -> pd.Series:
    table = bundled("territories.csv")
    return table[table["unit"] == "departement"].set_index("code")["region"]


def _numbers(values: pd.Series) -> pd.Series:
    digits = values.astype("str").str.replace(re.compile(r"\s"), "", regex=True)
    return pd.to_numeric(digits, errors="coerce").astype("Int64")


def _groups(tables: TerritoryTables) -> pd.DataFrame:
    table = tables.groups.dropna(subset=["epci"])
    merged = table.groupby("epci", sort=True).first()
    merged.index.name = "actor"
    # Members of a file that does not say the nature are members of EPCI à fiscalité propre.
    kind = kind_of_nature(merged["nature"]).fillna("epci")
    return pd.DataFrame(
        {
            "name": merged["epci_name"].fillna(merged.index.to_series()),
            "kind": kind,
            "sector": "public",
            "tier": "intercommunal",
            "territory": merged.index,
            "siren": merged.index,
            "nature": merged["nature"],
            "epci": merged.index.to_series().where(kind.eq("epci")),
            "declared": pd.to_numeric(merged["declared"], errors="coerce"),
            "rule": "DGCL",
        },
        index=merged.index,
    )


def _members(tables: TerritoryTables, communes: pd.DataFrame) -> pd.DataFrame:
    """Return each membership once."""
    members = tables.members.drop_duplicates()
    return members[members["insee"].isin(communes.index)]


def _check_declared(groups: pd.DataFrame, members: pd.DataFrame, name: str, log: ReadingLog) -> None:
    """Note the groups whose declared number of members is not the number found."""
    found = members["epci"].value_counts().reindex(groups.index, fill_value=0)
    declared = groups.pop("declared")
    differs = declared.notna() & (declared != found)
    raw = declared[differs].astype("int64").astype("str") + " (" + groups.loc[differs, "name"] + ")"
    value = found[differs].astype("str")
    log.add_rows(
        "noted", "member_count", file=name, column="nb_membres", raw=raw.set_axis([None] * len(raw)), value=value
    )


def _administration(tables: TerritoryTables, communes: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return arrondissements, départements and régions as actors, and the ties that go up."""
    named = tables.units.drop_duplicates(["unit", "code"]).set_index(["unit", "code"])
    found = [(unit, tier, _units(unit, communes[unit], named)) for unit, tier in _UNITS.items()]
    actors = [table.assign(kind=unit, sector="public", tier=tier, rule="COG") for unit, tier, table in found]
    ids = {unit: communes[unit].map(table.set_index("territory")["actor"]).astype("str") for unit, _, table in found}
    # Overseas collectivities have no arrondissement: their communes are tied to the département.
    district = ids["arrondissement"].fillna(communes["actor"])
    steps = [
        (communes["actor"], ids["arrondissement"]),
        (district, ids["departement"]),
        (ids["departement"], ids["region"]),
    ]
    ties = pd.concat([pd.DataFrame({"source": lower, "target": upper}) for lower, upper in steps])
    ties = ties.dropna().drop_duplicates()
    # Paris, Martinique, Guyane and Mayotte are two levels in one organisation.
    ties = ties[ties["source"] != ties["target"]]
    return pd.concat(actors).set_index("actor"), ties.assign(layer="administration")


def _units(unit: str, codes: pd.Series, named: pd.DataFrame) -> pd.DataFrame:
    """Return one row per unit: its actor id (SIREN if it has one), code and name."""
    listed = pd.Index(sorted(codes.dropna().unique()))
    bundle = bundled("territories.csv")
    own = bundle[bundle["unit"].eq(unit)].set_index("code")
    names = named.loc[unit]["name"] if unit in named.index.get_level_values(0) else own["name"]
    siren = own["siren"].reindex(listed)
    labels = pd.Series([f"{unit}:{code}" for code in listed], index=listed, dtype="str")
    return pd.DataFrame(
        {
            "actor": siren.fillna(labels).to_numpy(),
            "name": names.reindex(listed).fillna(labels).to_numpy(),
            "territory": listed.to_numpy(),
            "siren": siren.to_numpy(),
        }
    )


def _assemble(parts: Sequence[Mapping[str, pd.DataFrame]]) -> Network:
    """Stack the vintages: an actor is described by the latest one that has it."""
    from reseau_territorial.network import Network

    latest_first = pd.concat([part["actors"] for part in reversed(parts)])
    actors = latest_first[~latest_first.index.duplicated()]
    actors.index.name = "actor"
    ties = pd.concat([part["ties"] for part in parts], ignore_index=True)
    layers = pd.DataFrame(
        {
            "label": ["adhésion", "rattachement administratif"],
            "directed": True,
            "unit": ["adhésion", "rattachement"],
        },
        index=pd.Index(["membership", "administration"], name="layer"),
    )
    return Network(
        ties,
        actors=actors,
        layers=layers[layers.index.isin(ties["layer"].unique())],
        sources=pd.concat([part["sources"] for part in parts]),
    )
