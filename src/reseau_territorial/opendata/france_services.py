"""France services desks: one list per date, made a series of who stands where and who runs it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd

from reseau_territorial._dialect import plain_key
from reseau_territorial.errors import TableError, unknown_name
from reseau_territorial.opendata._advice import not_for_this_reader
from reseau_territorial.opendata._columns import texts_of
from reseau_territorial.opendata._content import tables_of
from reseau_territorial.opendata._fields import read_fields
from reseau_territorial.opendata._headers import Vocabulary, best_sheet
from reseau_territorial.opendata._places import ACTOR_COLUMNS, tell_arrondissements, territory_actors
from reseau_territorial.opendata._plausible import commune_codes, tell_unknown_communes
from reseau_territorial.opendata._reading import Reading, ReadingLog
from reseau_territorial.opendata._sheets import open_sheets
from reseau_territorial.opendata.identifiers import clean_departement, clean_insee

__all__ = ["read_france_services"]

Periods = Literal["date", "crisis"]

_LOCKDOWN: Final = "2020-03-17"
_END_OF_EMERGENCY: Final = "2020-07-10"
_DATE_IN_NAME: Final = re.compile(r"(?<!\d)(20\d{2})-?(\d{2})-?(\d{2})(?!\d)")
_FRANCE_SERVICES: Final = re.compile(
    r"(?:maison|espace|bus)?\s*france\s+services(?:\s+(?:de|du|d'|des))?", re.IGNORECASE
)
_POSTE: Final = re.compile(r"\b(?:la|bureau de)\s+poste\b", re.IGNORECASE)
_OPERATORS: Final = {"la poste": ("356000000", "La Poste"), "pimms": ("nom:pimms", "PIMMS")}
_ROLE: Final = "contact"


def _is_coordinate(text: str) -> bool:
    return re.fullmatch(r"-?\d{1,3}(?:[.,]\d+)?", text) is not None


DESKS: Final = Vocabulary(
    aliases={
        "id": ["id_fs", "MATRICULE"],
        "name": ["lib_fs", "lib_france_services"],
        "departement": ["insee_dep", "DEPARTEMENT"],
        "commune": ["insee_com"],
        "found_commune": ["result_citycode"],
        "commune_name": ["lib_com", "COMMUNE"],
        "latitude": ["latitude", "LATITUDE", "lat"],
        "longitude": ["longitude", "LONGITUDE", "long"],
        "operator_type": ["type_structure"],
        "operator": ["lib_structure"],
        "group": ["groupe_fs", "Groupe"],
        "status": ["type_fs", "FORMAT_FS"],
        "form": ["format_fs", "categorie"],
    },
    needed=(("name",), ("departement", "commune")),
    checks={
        "commune": lambda text: clean_insee(text).usable,
        "departement": lambda text: clean_departement(text).usable,
        "latitude": _is_coordinate,
        "longitude": _is_coordinate,
    },
    amounts=frozenset({"latitude", "longitude"}),
)
"""Columns of the lists of desks; addresses, hours, e-mails and telephones are not read."""


def read_france_services(
    paths: str | Path | Sequence[str | Path],
    *,
    periods: Periods = "date",
    date: str | None = None,
    sheet: str | None = None,
) -> Reading:
    r"""Read lists of France services desks as a network through time.

    Parameters
    ----------
    paths : str, Path or sequence
        Lists as published: CSV or GeoJSON, plain, ``.gz`` or zip. The date is read in the name of the file.
    periods : {"date", "crisis"}
        Period of each list: its date, or ``before`` (until 16 March 2020), ``crisis`` (until 10 July 2020,
        end of the state of health emergency) and ``after``.
    date : str, optional
        Date (ISO) of a single file whose name does not tell it.
    sheet : str, optional
        The sheet of a workbook to read, when several could be the one.

    Returns
    -------
    Reading
        Layers ``desk`` (from a structure to each commune where it has a desk; weight = number of desks
        there) and ``operator`` (from the body that runs it, when the list names it, to the structure). The
        provision table says who answers the need ``france_services`` where and when. The report.

    Raises
    ------
    TableError
        A file has not the columns of the lists, or its date is not known.

    Notes
    -----
    Branches of one structure (``groupe_fs``) are one actor with several places. The number of a desk
    is the same in all lists that have one; the list of January 2020, without numbers, is joined by
    commune when the commune has one desk, else by name; a desk that stays alone is told.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "liste-fs-2024-08-01.csv"
    >>> _ = path.write_text("id_fs,insee_dep,lib_fs,insee_com,lib_com,groupe_fs\n7,37,FS de Bléré,37027,Bléré,\n")
    >>> net, report = read_france_services(path)
    >>> net.ties[["source", "target", "layer", "period"]].values.tolist()
    [['fs:7', '213700271', 'desk', '2024-08-01']]
    """
    if periods not in ("date", "crisis"):
        raise unknown_name("kind of period", periods, ("date", "crisis"))
    files = tables_of(paths)
    log = ReadingLog()
    desks = pd.concat([_desks(file, date, sheet, log) for file in files], ignore_index=True).sort_values(
        ["date", "file", "line"], kind="stable", ignore_index=True
    )
    desks["actor"] = _structures(desks, log)
    desks["period"] = desks["date"].map(_crisis) if periods == "crisis" else desks["date"]
    return Reading(_network(desks, log), log.report())


def _desks(file: Path, date: str | None, name: str | None, log: ReadingLog) -> pd.DataFrame:
    sheets = open_sheets(file, name)
    found = best_sheet(sheets, DESKS)
    if found is None:
        raise not_for_this_reader("not a list of France services (no column 'lib_fs' and 'insee_com')", sheets)
    sheet, header = found
    fields = read_fields(sheet, header, DESKS, log)[[*DESKS.aliases]].apply(texts_of)
    nameless = fields["name"].isna()
    log.add_rows("refused", "nameless", file=sheet.file, column=header.name_of("name"), raw=fields.loc[nameless, "id"])
    shifted = _shifted(fields) & ~nameless
    log.add_rows(
        "refused", "shifted_cells", file=sheet.file, column=header.name_of("departement"),
        raw=fields.loc[shifted, "departement"],
    )  # fmt: skip
    fields = fields[~nameless & ~shifted]
    fields["id"] = fields["id"].str.strip("\"' ")
    again = fields.duplicated() | (fields["id"].notna() & fields.duplicated(["id", "name", "commune"]))
    log.add_rows(
        "counted_twice", "repeated_row", file=sheet.file, column=header.name_of("id"), raw=fields.loc[again, "name"]
    )
    fields = fields[~again]
    desks, lines = fields.reset_index(drop=True), fields.index
    desks["file"], desks["line"], desks["date"] = sheet.file, lines, _date_of(sheet.file, date)
    at_line = desks.set_axis(pd.Index(lines, name="line"))
    departements = clean_departement(at_line["departement"])
    log.add_identifiers(
        departements[departements["note"] != "leading_zeros"], file=sheet.file, column=header.name_of("departement")
    )
    communes = clean_insee(at_line["commune"].fillna(at_line["found_commune"]))
    log.add_identifiers(communes, file=sheet.file, column=header.name_of("commune"))
    tell_unknown_communes(communes["value"], file=sheet.file, column=header.name_of("commune"), log=log)
    tell_arrondissements(communes["value"], file=sheet.file, column=header.name_of("commune"), log=log)
    desks["departement"], desks["commune"] = departements["value"].to_numpy(), communes["value"].to_numpy()
    unplaced = at_line[desks["commune"].isna().to_numpy()]
    log.add_rows("noted", "no_place", file=sheet.file, column=header.name_of("commune"), raw=unplaced["name"])
    return desks


def _shifted(fields: pd.DataFrame) -> pd.Series:
    """Tell the rows whose département is none and whose commune is not known: their cells have moved."""
    departements = clean_departement(fields["departement"])["value"]
    communes = clean_insee(fields["commune"].fillna(fields["found_commune"]))["value"]
    told = fields["departement"].notna() & communes.notna()
    return told & departements.isna() & ~communes.isin(commune_codes())


def _date_of(file: str, date: str | None) -> str:
    found = _DATE_IN_NAME.search(file)
    if date is not None:
        return date
    if found is None:
        raise TableError([f"{file}: its name tells no date. Pass date='2024-08-01'"])
    return "-".join(found.groups())


def _crisis(date: str) -> str:
    if date < _LOCKDOWN:
        return "before"
    return "crisis" if date <= _END_OF_EMERGENCY else "after"


def _structures(desks: pd.DataFrame, log: ReadingLog) -> pd.Series:
    """Return the actor of each desk: its group, its number, or the numbered desk that it must be."""
    group = desks["group"].map(lambda text: f"fs:{plain_key(text)}" if isinstance(text, str) else None)
    numbers = desks["id"].map(lambda text: f"fs:{text}" if isinstance(text, str) else None)
    # A group named in one list holds its numbers in all of them.
    of_number = pd.Series(group.to_numpy(), index=numbers).dropna()
    of_number = of_number[~of_number.index.duplicated(keep="last") & of_number.index.notna()]
    actor = group.fillna(numbers.map(of_number)).fillna(numbers)
    for file, rows in desks[group.notna()].groupby("file", sort=False):
        log.add_rows("decided", "branch", file=str(file), column="groupe_fs", raw=rows["group"].set_axis(rows["line"]))
    return actor.fillna(_without_number(desks, actor, log))


def _without_number(desks: pd.DataFrame, actor: pd.Series, log: ReadingLog) -> pd.Series:
    known = desks.assign(actor=actor)[actor.notna()]
    by_commune = _only_one(known, known["commune"])
    by_name = _only_one(known, _name_key(known))
    alone = desks[actor.isna()]
    lonely = ~alone["commune"].duplicated(keep=False)
    found = alone["commune"].map(by_commune).where(lonely)
    found = found.fillna(_name_key(alone).map(by_name))
    for file, rows in alone[found.isna()].groupby("file", sort=False):
        log.add_rows("noted", "unmatched_desk", file=str(file), raw=rows["name"].set_axis(rows["line"]))
    own = "fs:" + alone["date"] + ":" + alone["line"].astype("str")
    return found.astype("str").fillna(own)


def _name_key(desks: pd.DataFrame) -> pd.Series:
    bare = desks["name"].str.replace(_FRANCE_SERVICES, " ", regex=True)
    return desks["departement"].fillna("") + "|" + bare.fillna("").map(plain_key)


def _only_one(known: pd.DataFrame, keys: pd.Series) -> pd.Series:
    """Return the actor of each key that leads to one actor only."""
    pairs = pd.DataFrame({"key": keys, "actor": known["actor"]}).dropna().drop_duplicates()
    return pairs[~pairs["key"].duplicated(keep=False)].set_index("key")["actor"]


def _network(desks: pd.DataFrame, log: ReadingLog) -> Any:
    from reseau_territorial.network import Network

    communes = territory_actors(desks["commune"], desks["commune_name"])
    desks = desks.assign(target=communes["actor"], commune=communes["territory"])
    placed = desks[desks["target"].notna()]
    places = placed.groupby(["actor", "target", "period", "file"], sort=True).size().reset_index(name="weight")
    # Two lists of one period tell the same desks: the fuller one counts.
    stands = places.sort_values("weight", ascending=False).drop_duplicates(["actor", "target", "period"])
    stands = stands.rename(columns={"actor": "source", "file": "evidence"}).assign(layer="desk", level=3, formal=True)
    runs, operators = _operators(desks)
    latest = desks.sort_values("date", kind="stable").drop_duplicates("actor", keep="last").set_index("actor")
    structures = pd.DataFrame(
        {
            "name": latest["name"],
            "kind": "france_services",
            "territory": latest["commune"],
            "longitude": pd.to_numeric(latest["longitude"].str.replace(",", "."), errors="coerce"),
            "latitude": pd.to_numeric(latest["latitude"].str.replace(",", "."), errors="coerce"),
            "rule": "list of France services",
            "form": latest["form"],
        }
    )
    towns = communes.dropna(subset=["actor"]).drop_duplicates("actor", keep="last").set_index("actor")
    towns = towns[towns.index.isin(stands["target"])][list(ACTOR_COLUMNS)]
    actors = pd.concat([structures, towns, operators])
    provision = placed[["actor", "period"]].assign(
        need="france_services", territory=placed["commune"], role=_ROLE, status="present", evidence=placed["file"]
    )
    layers = pd.DataFrame(
        {"label": ["Guichets France services", "Porteurs"], "directed": True, "unit": ["guichets", "structures"]},
        index=pd.Index(["desk", "operator"], name="layer"),
    )
    log.kept_only(placed.groupby("file").size())
    ties = pd.concat([stands, runs], ignore_index=True)
    return Network(
        ties,
        actors=actors[~actors.index.duplicated()].rename_axis("actor"),
        layers=layers[layers.index.isin(ties["layer"])],
        provision=provision.drop_duplicates(["actor", "period", "territory"]),
        sources=_sources(desks),
    )


def _operators(desks: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return who runs which structure, where the list says it: a named body, La Poste, a PIMMS."""
    generic = desks["operator_type"].str.casefold().isin(_OPERATORS)
    named = desks["operator"].fillna(desks["operator_type"].where(generic))
    post = desks["name"].str.contains(_POSTE).fillna(False).astype(bool)
    named = named.where(~(named.isna() & post), "La Poste")
    kept = desks.assign(operator=named)[named.notna()]
    keys = kept["operator"].map(lambda text: text.casefold().strip())
    own = "nom:" + kept["operator"].map(plain_key) + "@" + kept["departement"].fillna("")
    kept = kept.assign(source=keys.map(lambda key: _OPERATORS.get(key, (None, None))[0]).fillna(own))
    ties = kept.drop_duplicates(["source", "actor", "period"])[["source", "actor", "period", "file"]]
    ties = ties.rename(columns={"actor": "target", "file": "evidence"}).assign(
        layer="operator", weight=1, level=3, formal=True
    )
    actors = kept.drop_duplicates("source").set_index("source")[["operator"]].rename(columns={"operator": "name"})
    actors["siren"] = [key if re.fullmatch(r"\d{9}", key) else None for key in actors.index]
    return ties, actors


def _sources(desks: pd.DataFrame) -> pd.DataFrame:
    dates = desks.drop_duplicates("file").set_index("file")["date"]
    return pd.DataFrame(
        {
            "producer": "ANCT",
            "title": "Liste des France services",
            "date": dates,
            "licence": "Licence Ouverte 2.0",
        }
    ).rename_axis("evidence")
