"""Money of the State to local bodies: DETR, DSIL and DSID, adulte-relais, FONJEP, conseillers numériques."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from reseau_territorial.errors import TableError, enumerate_values
from reseau_territorial.opendata._advice import not_for_this_reader
from reseau_territorial.opendata._columns import text_of
from reseau_territorial.opendata._content import tables_of
from reseau_territorial.opendata._data import bundled, communes_of
from reseau_territorial.opendata._fields import read_fields
from reseau_territorial.opendata._headers import Header, Vocabulary, best_sheet
from reseau_territorial.opendata._money import (
    Source,
    empty_flows,
    money_network,
    set_aside,
    settle,
    source_table,
    spot_repeated_files,
)
from reseau_territorial.opendata._parties import Persons, check_persons
from reseau_territorial.opendata._plausible import refuse_identifiers_as_amounts
from reseau_territorial.opendata._reading import Reading, ReadingLog
from reseau_territorial.opendata._sheets import Sheet, open_sheets
from reseau_territorial.opendata.amounts import parse_amount, parse_amounts
from reseau_territorial.opendata.dates import parse_date, parse_dates
from reseau_territorial.opendata.identifiers import clean_departement, clean_insee, clean_siren

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["read_state_grants"]

STATE: Final = "État"
_LICENCE: Final = "Licence Ouverte 2.0"
_PRODUCERS: Final = {"project": "DGCL, ANCT", "post": "ANCT", "advisers": "ANCT"}
_EXTRAS: Final = ("scheme_name", "object", "reference", "cost", "city_contract", "departement", "echelon", "type")
_ECHELONS: Final = {
    "commune": ("commune", "public", "communal"),
    "epci": ("epci", "public", "intercommunal"),
    "conseil_departemental": ("departement", "public", "departemental"),
}
_YEAR: Final = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


def _is_amount(text: str) -> bool:
    return parse_amount(text, mark=",").issue in {"", "missing"}


def _is_date(text: str) -> bool:
    return parse_date(text).issue in {"", "missing", "ambiguous"}


def _is_departement(text: str) -> bool:
    return clean_departement(text).usable


def _is_territory(text: str) -> bool:
    return clean_insee(text).usable or clean_departement(text).usable or clean_siren(text).usable


PROGRAMMES: Final = Vocabulary(
    aliases={
        "reference": ["id"],
        "project": ["id_projet"],
        "post": ["id_poste"],
        "advisers": ["nb_cnfs"],
        "payee_id": ["code_tiers", "siret"],
        "territory": ["id_terr"],
        "payee_name": ["nom_terr", "raison_sociale"],
        "echelon": ["echelon"],
        "departement": ["insee_dep", "id_dep"],
        "amount": ["montant_sub", "montant", "investissement_financier_estimatif_total_de_l.etat"],
        "cost": ["cout_total"],
        "year": ["annee"],
        "date": ["date_de_validation_en_comité_de_sélection"],
        "scheme_name": ["dotation"],
        "object": ["description"],
        "city_contract": ["code_cv"],
        "type": ["type"],
    },
    needed=(("amount",), ("payee_name",), ("project", "post", "advisers")),
    checks={
        "territory": _is_territory,
        "departement": _is_departement,
        "amount": _is_amount,
        "cost": _is_amount,
        "year": _is_date,
        "date": _is_date,
    },
    amounts=frozenset({"amount", "cost"}),
)


def read_state_grants(
    paths: str | Path | Sequence[str | Path],
    *,
    year: int | None = None,
    scheme: str | None = None,
    sheet: str | None = None,
    persons: Persons = "mask",
    source: Source | None = None,
) -> Reading:
    """Read files of State money to local bodies as a network, with an account to the euro.

    Parameters
    ----------
    paths : str, Path or sequence
        Projects of investment grants (``id_projet``, ``id_terr``, ``montant_sub``), posts of
        adulte-relais or FONJEP (``id_poste``, ``code_tiers``, ``montant``, ``annee``), hosts of conseillers
        numériques (``siret``, ``nb_cnfs``): xlsx, CSV or JSON, plain, ``.gz`` or zip.
    year : int, optional
        Year, for files that do not tell it; by default that in the name of the file.
    scheme : str, optional
        Name of the scheme (``"adulte-relais"``); by default that of the row, else the name of the file.
    sheet : str, optional
        The sheet of a workbook to read, when several could be the one.
    persons : {"mask", "keep"}
        Whether natural persons, known by their own names, are masked.
    source : mapping, optional
        ``producer``, ``title``, ``date``, ``licence`` and ``url`` of the files, for the sources table.

    Returns
    -------
    Reading
        The network (layer ``grant``, from the State to each payee, in euros, by year) and its report.
        The ties keep ``scheme_name``, ``reference`` (project or post), ``cost``, ``city_contract``
        (several are separated by ``;``) and ``departement``.

    Raises
    ------
    TableError
        A file has not the columns of these schemes, or no row of the files is a grant.

    Notes
    -----
    Communes and départements are given by code: they take the SIREN of the bundled table of communes
    (2026) and of départements; a commune that is not in it is known by its name and code. FONJEP files write the
    name in the place of the SIRET: the payee is known by its name and département.

    Examples
    --------
    >>> import json, tempfile
    >>> post = {"id_poste": "D1", "code_tiers": "ASSO", "raison_sociale": "ASSO", "montant": 7164, "annee": 2020,
    ...         "code_cv": "CV380CV384", "insee_dep": "973"}
    >>> path = Path(tempfile.mkdtemp()) / "postes-fonjep-2020.json"
    >>> _ = path.write_text(json.dumps([post]), encoding="utf-8")
    >>> net, report = read_state_grants(path)
    >>> net.ties[["source", "period", "weight", "city_contract"]].values.tolist()
    [['nom:etat', '2020', 7164.0, 'CV380;CV384']]
    """
    check_persons(persons)
    files = tables_of(paths)
    log = ReadingLog()
    read = [_read_file(file, year=year, scheme=scheme, name=sheet, log=log) for file in files]
    flows = pd.concat([part for part, _ in read], ignore_index=True)
    spot_repeated_files(flows)
    producers = {name: producer for _, (name, producer) in read}
    sources = source_table(flows, source, licence=_LICENCE)
    if source is None or "producer" not in source:
        sources["producer"] = sources.index.map(producers)
    settled = settle(flows, log=log, persons=persons, extras=_EXTRAS)
    network, report = money_network(settled, layer="grant", label="Subventions", log=log, sources=sources)
    return Reading(network.replace(actors=_described(network)), report)


def _described(network: Network) -> pd.DataFrame:
    """Return the actors with what the files say of them: the State, the echelon, the public flag."""
    actors = network.actors
    actors.loc[actors.index == "nom:etat", ["kind", "sector", "tier", "rule"]] = [
        "state",
        "public",
        "national",
        "payer",
    ]
    first = network.ties.groupby("target")[["echelon", "type"]].first()
    unknown = actors["kind"].isna()
    for echelon, words in _ECHELONS.items():
        those = unknown & actors.index.isin(first.index[first["echelon"] == echelon])
        actors.loc[those, ["kind", "sector", "tier"]] = list(words)
        actors.loc[those, "rule"] = "echelon of the file"
    public = unknown & actors.index.isin(first.index[first["type"] == "publique"])
    actors.loc[public, "sector"], actors.loc[public, "rule"] = "public", "type of the file"
    return actors


def _read_file(
    file: Path, *, year: int | None, scheme: str | None, name: str | None, log: ReadingLog
) -> tuple[pd.DataFrame, tuple[str, str]]:
    sheets = open_sheets(file, name)
    found = best_sheet(sheets, PROGRAMMES)
    if found is None:
        problem = "not a file of projects (id_projet), posts (id_poste) or advisers (nb_cnfs)"
        raise not_for_this_reader(problem, sheets)
    sheet, header = found
    cells = read_fields(sheet, header, PROGRAMMES, log)
    title = sheet.file
    departements = clean_departement(cells["departement"].map(text_of))
    cells["departement"] = departements["value"]
    log.add_identifiers(departements, file=title, column=header.name_of("departement"))
    flows = empty_flows(len(cells))
    flows["file"], flows["line"], flows["payer_name"] = title, cells.index, STATE
    flows["reference"] = cells["project"].fillna(cells["post"]).fillna(cells["reference"]).map(text_of).to_numpy()
    for name in ("payee_name", "object", "scheme_name", "departement", "echelon", "type"):
        flows[name] = cells[name].map(text_of).to_numpy()
    flows["scheme_name"] = flows["scheme_name"].fillna(scheme or re.sub(r"[-_]?(?:19|20)\d{2}.*$", "", title))
    flows["payee_id"], flows["payee_place"] = _payees(cells, header, title, log)
    _read_euros(flows, cells, header, title, log)
    flows["city_contract"] = _city_contracts(cells, title, log)
    flows["cost"] = parse_amounts(cells["cost"])["euros"].to_numpy()
    _read_years(flows, cells, sheet, year, log)
    placeless = cells["departement"].isna() & ("departement" in header.columns)
    log.add_rows(
        "noted", "no_place", file=title, column=header.name_of("departement"), raw=cells.loc[placeless, "payee_name"]
    )
    kind = next(name for name in _PRODUCERS if name in header.columns)
    return flows, (title, _PRODUCERS[kind])


def _payees(
    cells: pd.DataFrame, header: Header, title: str, log: ReadingLog
) -> tuple[list[str | None], list[str | None]]:
    """Return the identifier of each payee, and the place that tells homonyms apart."""
    if "territory" not in header.columns:
        names = cells["payee_name"].map(text_of)
        ids = cells["payee_id"].map(text_of)
        ids = ids.where(ids != names)  # FONJEP writes the name in both columns
        return list(ids.astype("object").where(ids.notna(), None)), list(cells["departement"].map(text_of))
    communes = communes_of()["siren"]
    territories = bundled("territories.csv")
    departements = territories[territories["unit"] == "departement"].set_index("code")["siren"]
    codes = _territories(cells, header.name_of("territory"), title, log)
    known = codes.map(communes).fillna(codes.map(departements)).fillna(codes.where(codes.str.len() == 9))
    return list(known.astype("object").where(known.notna(), None)), list(codes)


def _territories(cells: pd.DataFrame, column: str, title: str, log: ReadingLog) -> pd.Series:
    """Return the codes of the payees as they must be: of communes, of départements by the echelon, SIREN."""
    texts = cells["territory"].map(text_of)
    departemental = cells["echelon"].map(text_of).eq("conseil_departemental") | texts.str.len().lt(4)
    siren = ~departemental & texts.str.replace(r"\D", "", regex=True).str.len().ge(8)
    parts = [
        clean(texts[rows])
        for clean, rows in (
            (clean_departement, departemental),
            (clean_siren, siren),
            (clean_insee, ~departemental & ~siren),
        )
    ]
    verdicts = pd.concat([part for part in parts if len(part)] or parts[:1]).reindex(texts.index)
    log.add_identifiers(verdicts, file=title, column=column)
    return verdicts["value"].where(verdicts["status"].isin(["valid", "repaired"]), texts)


def _read_euros(flows: pd.DataFrame, cells: pd.DataFrame, header: Header, title: str, log: ReadingLog) -> None:
    read = parse_amounts(cells["amount"])
    refuse_identifiers_as_amounts(read["euros"], file=title, column=header.name_of("amount"))
    flows["euros"] = read["euros"].to_numpy()
    issues = read["issue"]
    for issue in sorted(set(issues) - {""}):
        why = f"amount_{issue}"
        log.add_rows(
            "refused", why, file=title, column=header.name_of("amount"), raw=cells.loc[issues == issue, "amount"]
        )
    set_aside(flows, pd.Series((issues != "").to_numpy(), index=flows.index), "no_amount")
    set_aside(flows, flows["euros"] == 0, "zero_amount")


def _city_contracts(cells: pd.DataFrame, title: str, log: ReadingLog) -> list[str | None]:
    texts = cells["city_contract"].map(text_of)
    split = [None if not isinstance(text, str) else ";".join(re.findall(r"[A-Z]+\d+", text)) or text for text in texts]
    several = pd.Series([bool(text) and ";" in str(text) for text in split], index=cells.index)
    column = pd.Series(split, index=cells.index, dtype="object")
    log.add_rows("repaired", "several_codes", file=title, column="code_cv", raw=texts[several], value=column[several])
    return split


def _read_years(flows: pd.DataFrame, cells: pd.DataFrame, sheet: Sheet, year: int | None, log: ReadingLog) -> None:
    dates = parse_dates(cells["date"])
    stated = parse_dates(cells["year"])["year"].fillna(dates["year"])
    if len(stated) and stated.isna().all():
        told = {int(found) for text in (sheet.name, sheet.file) for found in _YEAR.findall(text)}
        if year is None and len(told) != 1:
            held = enumerate_values(sorted(told))
            raise TableError([f"{sheet.title}: no column of years, and its name tells {held}. Pass year="])
        stated = stated.fillna(year if year is not None else told.pop())
        log.add("decided", "year_outside_rows", file=sheet.file, raw=sheet.title, value=int(stated.iloc[0]))
    unread = stated.isna() & cells["year"].notna()
    log.add_rows("refused", "date_text", file=sheet.file, column="annee", raw=cells.loc[unread, "year"])
    set_aside(flows, pd.Series(unread.to_numpy(), index=flows.index), "no_year")
    flows["year"], flows["date"] = stated.astype("Int64").array, dates["date"].to_numpy()
