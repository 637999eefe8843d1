"""The directory of public administrations: who stands where, and the communes that each State service covers."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from reseau_territorial.opendata._advice import not_for_this_reader
from reseau_territorial.opendata._columns import texts_of
from reseau_territorial.opendata._content import tables_of
from reseau_territorial.opendata._fields import read_fields
from reseau_territorial.opendata._headers import Vocabulary, best_sheet
from reseau_territorial.opendata._places import ACTOR_COLUMNS, tell_arrondissements, territory_actors
from reseau_territorial.opendata._reading import Reading, ReadingLog
from reseau_territorial.opendata._sheets import open_sheets
from reseau_territorial.opendata.identifiers import clean_departement, clean_insee, clean_postcode, clean_siren

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["read_directory"]

_C1: Final = {code: bytes([code]).decode("cp1252", errors="ignore") or None for code in range(0x80, 0xA0)}
_POSTCODE: Final = re.compile(r"(?<!\d)(\d{4,5})(?!\d)\s*,\s*[^,]+$")

_CATEGORIES: Final = {
    "management_centre": "cdg",
    "prefecture": "prefecture",
    "subprefecture": "sous_pref",
    "region": "cr",
    "departement": "cg",
    "epci": "epci communaute_communes communaute_agglomerations communaute_urbaine",
    "france_services": "msap",
    "chamber": "cci chambre_metier chambre_agriculture",
    "local_operator": "mission_locale",
    "state_service": "ddt ddpp dreal direccte_ut ddcs gendarmerie commissariat_police tresorerie sip",
    "social_protection": "caf cpam msa",
    "commune": "mairie",
}
_KINDS: Final = {category: kind for kind, names in _CATEGORIES.items() for category in names.split()}
_STATE_KINDS: Final = {"PREF": "prefecture", "SPREF": "subprefecture"}

DIRECTORY: Final = Vocabulary(
    aliases={
        "id": ["id"],
        "name": ["nom", "Name-source", "Name"],
        "categories": ["categories", "pivotLocal", "Kind-admin", "pivot"],
        "commune": ["code_insee", "codeInsee", "code_insee_commune"],
        "address": ["adresse"],
        "siren": ["Siren"],
        "perimeter": ["Geo_Perimeter"],
        "departement": ["Dep_Code"],
    },
    needed=(("name",), ("categories",), ("commune", "siren", "id")),
)
"""Columns of the directory; e-mails, telephones and the names of persons are not read."""


def read_directory(
    paths: str | Path | Sequence[str | Path], *, categories: Sequence[str] | None = None, sheet: str | None = None
) -> Reading:
    r"""Read the directory of administrations as a network of services and territories.

    Parameters
    ----------
    paths : str, Path or sequence
        The annuaire (``id, code_insee, categories, nom, adresse``; since 2022 ``id, nom, pivot, code_insee_commune,
        adresse``) or the table of State services (``Siren``, ``Kind-admin``, ``Geo_Perimeter``): CSV, JSON or xlsx,
        plain, ``.gz`` or zip.
    categories : sequence of str, optional
        Categories to keep, such as ``("cdg", "prefecture", "msap")``. All if omitted.
    sheet : str, optional
        The sheet of a workbook to read, when several could be the one.

    Returns
    -------
    Reading
        Layer ``seat`` (a service -> the commune where it stands) and layer ``perimeter`` (a
        service -> each commune of its perimeter, when the file lists them). The report.

    Raises
    ------
    TableError
        A file has not the columns of the directory.

    Notes
    -----
    A service of several categories takes the kind of the first one that is known; all stay in the column
    ``categories``. Invisible C1 characters of names are read as the cp1252 punctuation they were. The
    category says what a service does, not who runs it: the sector follows the kind, else it is unknown.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "annuaire.csv"
    >>> _ = path.write_text('id,code_insee,categories,nom,site,adresse\n'
    ...     'cdg-37,37261,cdg,Centre de gestion 37,,"25 rue, 37000,Tours"\n', encoding="utf-8")
    >>> net, report = read_directory(path)
    >>> net.ties[["source", "target", "layer"]].values.tolist(), net.actors.loc["cdg-37", "kind"]
    ([['cdg-37', '213702616', 'seat']], 'management_centre')
    """
    files = tables_of(paths)
    log = ReadingLog()
    services = pd.concat([_services(file, sheet, log) for file in files], ignore_index=True)
    if categories is not None:
        wanted = {category.casefold() for category in categories}
        services = services[services["categories"].map(lambda text: bool(wanted & set(_split(text))))]
    return Reading(_network(services.reset_index(drop=True), log), log.report())


def _services(file: Path, name: str | None, log: ReadingLog) -> pd.DataFrame:
    sheets = open_sheets(file, name)
    found = best_sheet(sheets, DIRECTORY)
    if found is None:
        raise not_for_this_reader("not a directory", sheets)
    sheet, header = found
    cells = _without_pivots(read_fields(sheet, header, DIRECTORY, log)[[*DIRECTORY.aliases]].apply(texts_of))
    nameless = cells["name"].isna()
    log.add_rows("refused", "nameless", file=sheet.file, column=header.name_of("name"), raw=cells.loc[nameless, "id"])
    cells = cells[~nameless]
    cells["id"] = cells["id"].str.strip("\"' ")
    services = cells.reset_index()
    services["file"] = sheet.file
    services["name"] = _clean_names(cells, sheet.file, log).to_numpy()
    services["categories"] = (
        cells["categories"].map(lambda text: ", ".join(_split(text)), na_action="ignore").to_numpy()
    )
    several = cells["categories"].str.contains(",").fillna(False).astype(bool)
    log.add_rows(
        "noted", "several_categories", file=sheet.file, column="categories", raw=cells.loc[several, "categories"]
    )
    communes = clean_insee(cells["commune"])
    log.add_identifiers(communes, file=sheet.file, column=header.name_of("commune"))
    tell_arrondissements(communes["value"], file=sheet.file, column=header.name_of("commune"), log=log)
    services["commune"] = communes["value"].to_numpy()
    services["postcode"] = _postcodes(cells["address"], sheet.file, log).to_numpy()
    sirens = clean_siren(cells["siren"])
    log.add_identifiers(sirens[sirens["status"] != "missing"], file=sheet.file, column="Siren")
    services["siren"] = sirens["value"].where(sirens["status"].isin(("valid", "repaired"))).to_numpy()
    services["actor"] = _actors(services, log)
    return services


def _without_pivots(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells with the categories and communes of a list of pivots, as the directory writes since 2022."""
    pivots = cells["categories"].map(_pivots, na_action="ignore")
    if not pivots.notna().any():
        return cells
    told = pivots[pivots.notna()].astype("object")
    kinds = told.map(lambda found: ", ".join(dict.fromkeys(kind for kind, _ in found)) or None)
    codes = told.map(lambda found: list(dict.fromkeys(code for _, codes in found for code in codes)))
    cells = cells.astype("object")
    cells.loc[told.index, "categories"] = kinds
    cells.loc[told.index, "perimeter"] = codes.map(lambda found: str(found) if found else None)
    return cells.apply(texts_of)


def _pivots(text: str) -> list[tuple[str, list[str]]] | None:
    """Return the kind of service and the codes of its communes, for each pivot of a list written as JSON."""
    if not text.startswith("["):
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return None
    listed = [(pivot.get("type_service_local"), pivot.get("code_insee_commune")) for pivot in found if pivot]
    return [(str(kind), [codes] if isinstance(codes, str) else codes or []) for kind, codes in listed if kind]


def _split(text: object) -> list[str]:
    return [part for part in re.split(r"[,;\s]+", text.casefold()) if part] if isinstance(text, str) else []


def _clean_names(cells: pd.DataFrame, file: str, log: ReadingLog) -> pd.Series:
    names = cells["name"].map(lambda text: text.translate(_C1), na_action="ignore")
    changed = (names != cells["name"]) & names.notna()
    log.add_rows(
        "repaired", "control_characters", file=file, column="nom", raw=cells.loc[changed, "name"], value=names[changed]
    )
    return names


def _postcodes(addresses: pd.Series, file: str, log: ReadingLog) -> pd.Series:
    written = addresses.astype("object").map(
        lambda text: found[1] if isinstance(text, str) and (found := _POSTCODE.search(text)) else None
    )
    codes = clean_postcode(written)
    log.add_identifiers(codes[codes["status"] == "repaired"], file=file, column="adresse")
    return codes["value"]


def _actors(services: pd.DataFrame, log: ReadingLog) -> pd.Series:
    """Return the id of each service: its SIREN, else that of the directory; a repeated one is told."""
    actor = services["siren"].fillna(services["id"])
    actor = actor.fillna("service:" + services["file"] + ":" + services["line"].astype("str"))
    again = actor.duplicated()
    for file, rows in services[again].groupby("file", sort=False):
        log.add_rows(
            "counted_twice", "repeated_key", file=str(file), column="id", raw=actor[rows.index].set_axis(rows["line"])
        )
    return actor


def _network(services: pd.DataFrame, log: ReadingLog) -> Network:
    from reseau_territorial.network import Network
    from reseau_territorial.vocabulary import KINDS

    once = services[~services["actor"].duplicated()].reset_index(drop=True)
    kinds = once["categories"].map(_kind)
    own = pd.DataFrame(
        {
            "name": once["name"],
            "kind": kinds,
            "sector": kinds.map(lambda kind: KINDS[kind].sector if isinstance(kind, str) else None),
            "tier": kinds.map(lambda kind: KINDS[kind].tier if isinstance(kind, str) else None),
            "territory": territory_actors(once["commune"], once["name"])["territory"],
            "siren": once["siren"],
            "rule": kinds.map(lambda kind: "category of the directory" if isinstance(kind, str) else None),
            "categories": once["categories"],
            "postcode": once["postcode"],
        }
    ).set_axis(once["actor"])
    seats = pd.DataFrame({"code": once["commune"], "source": once["actor"], "file": once["file"], "layer": "seat"})
    covered = once[["actor", "file", "line"]].assign(code=_perimeters(once, log), layer="perimeter").explode("code")
    for file, rows in covered.groupby("file", sort=False):
        inside = rows.set_index("line")["code"].astype("str")
        tell_arrondissements(inside, file=str(file), column="Geo_Perimeter", log=log)
    covered = covered.rename(columns={"actor": "source"}).drop(columns="line")
    links = pd.concat([seats, covered], ignore_index=True).dropna(subset=["code"])
    places = territory_actors(links["code"], pd.Series(None, index=links.index, dtype="str"))
    known = places["actor"].notna() & (places["actor"] != links["source"])
    ties = links[known].assign(target=places["actor"], level=3, formal=True).rename(columns={"file": "evidence"})
    # A perimeter may list every arrondissement of one commune.
    ties = ties.drop_duplicates(["source", "target", "layer"])
    towns = places[known].drop_duplicates("actor").set_index("actor")[list(ACTOR_COLUMNS)]
    actors = pd.concat([own, towns[~towns.index.isin(own.index)]]).rename_axis("actor")
    layers = pd.DataFrame(
        {"label": ["Implantations", "Périmètres"], "directed": True, "unit": ["service", "commune"]},
        index=pd.Index(["seat", "perimeter"], name="layer"),
    )
    files = pd.Index(services["file"].unique(), name="evidence")
    sources = pd.DataFrame(
        {"producer": "DILA, annuaire de l’administration", "title": files, "licence": "Licence Ouverte 2.0"},
        index=files,
    )
    log.kept_only(once.groupby("file").size())
    ties = ties.drop(columns="code")
    return Network(ties, actors=actors, layers=layers[layers.index.isin(ties["layer"])], sources=sources)


def _kind(categories: object) -> str | None:
    parts = _split(categories)
    known = (_KINDS.get(part) or _STATE_KINDS.get(part.upper()) for part in parts)
    return next((kind for kind in known if kind), None)


def _perimeters(services: pd.DataFrame, log: ReadingLog) -> pd.Series:
    """Return the codes of each perimeter; a list that a spreadsheet cut would be a part of it: none of it is read."""
    texts = services["perimeter"].astype("object")
    codes = texts.map(_codes)
    for file, rows in services[texts.notna() & codes.isna()].groupby("file"):
        raw = rows["perimeter"].str.slice(0, 60).set_axis(rows["line"])
        log.add_rows("refused", "list_cut", file=str(file), column="Geo_Perimeter", raw=raw)
    return codes


def _codes(perimeter: object) -> list[str] | None:
    """Return the codes of a list written as text, such as ``['76', '27']``: communes, else départements."""
    if not isinstance(perimeter, str):
        return None
    try:
        values: object = ast.literal_eval(perimeter)
    except (SyntaxError, ValueError):
        return None
    if not isinstance(values, list):
        return None
    texts = map(str, values)
    cleaned = [clean_insee(text) if len(text) == 5 else clean_departement(text) for text in texts]
    return [one.value for one in cleaned if one.usable and one.value]
