"""State programmes by territory (ANCT): PVD, ACV, CRTE, Territoires d'industrie, tiers-lieux, contracts of 2020."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from reseau_territorial._dialect import plain_key
from reseau_territorial.errors import TableError
from reseau_territorial.opendata._advice import not_for_this_reader
from reseau_territorial.opendata._columns import text_of
from reseau_territorial.opendata._content import tables_of
from reseau_territorial.opendata._fields import read_fields
from reseau_territorial.opendata._headers import Header, Vocabulary, best_sheet
from reseau_territorial.opendata._places import ACTOR_COLUMNS, tell_arrondissements, territory_actors
from reseau_territorial.opendata._plausible import tell_unknown_communes
from reseau_territorial.opendata._reading import Reading, ReadingLog
from reseau_territorial.opendata._sheets import Sheet, open_sheets
from reseau_territorial.opendata.dates import parse_dates
from reseau_territorial.opendata.identifiers import clean_insee

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["PROGRAMMES", "read_programmes"]

PROGRAMMES: Final = {
    "pvd": "Petites villes de demain",
    "acv": "Action cœur de ville",
    "crte": "Contrat de relance et de transition écologique",
    "ti": "Territoires d’industrie",
    "fabt": "Fabriques de territoire (tiers-lieux)",
    "manuprox": "Manufactures de proximité",
    "fs": "France services",
    "va": "Villages d’avenir",
    "cite": "Cités éducatives",
    "cde": "Cités de l’emploi",
    "ami": "Avenir Montagnes Ingénierie",
    "amm": "Avenir Montagnes Mobilités",
    "fabp": "Fabrique prospective",
    "habinclus": "Habitat inclusif",
    "site": "Sites clés en main",
    "cv": "Contrat de ville",
    "cr": "Contrat de ruralité",
    "cte": "Contrat de transition écologique",
    "cdt": "Contrat de développement territorial",
    "cpier": "Contrat de plan interrégional",
    "zrr": "Zone de revitalisation rurale",
    "afr": "Aides à finalité régionale",
    "zfu": "Zone franche urbaine",
    "zrd": "Zone de restructuration de la défense",
    "ort": "Opération de revitalisation de territoire",
}
"""Labels of the schemes, by the letters that begin their ids."""

_PREFIX: Final = re.compile(r"^([a-z]+)[-_ ]?(.*)$", re.IGNORECASE)
_MEMBER: Final = re.compile(r"\s*(?P<name>.*?)\s*\((?P<code>\d{9}|\d{5}|2[ABab]\d{3})\)\s*")
_HIDDEN_SIREN: Final = re.compile(r"\bsiren\b[^\d]*(?:(\d{4})\s*:\s*)?(\d{9})\b", re.IGNORECASE)
_LICENCE: Final = "Licence Ouverte 2.0"

_WIDE: Final = Vocabulary(
    aliases={
        "code": ["insee_com"],
        "name": ["lib_com"],
        **{name: [f"id_{name}", f"id_{name}2"] for name in PROGRAMMES},
    },
    needed=(("code",), ("pvd", "acv", "crte", "ti", "va")),  # a list of France services has only its own ids
)
_LISTED: Final = Vocabulary(
    aliases={
        "programme": ["id_territoire"],
        "label": ["lib_territoire"],
        "members": ["liste_geo"],
        "date": ["date_signature"],
    },
    needed=(("programme",), ("members",)),
)
_LONG: Final = Vocabulary(
    aliases={
        "programme": ["id", "id_engcit"],
        "label": ["lib", "libgeo"],
        "scheme": ["layer", "dispositif"],
        "code": ["codgeo"],
        "perimeter": ["perimetre", "echelon"],
        "info": ["info1"],
        "period": ["periode"],
    },
    needed=(("programme",), ("scheme",), ("label",)),
)
_ORT: Final = Vocabulary(
    aliases={
        "code": ["Code commune"],
        "name": ["Commune"],
        "signed": ["Signée ?"],
        "date": ["Si signée, date de signature"],
        "label": ["EPCI"],
    },
    needed=(("code",), ("signed",), ("label",)),
)
VOCABULARIES: Final = (_WIDE, _LISTED, _ORT, _LONG)
_COLUMNS: Final = ("file", "line", "scheme", "programme", "label", "code", "member", "date", "vintage")


def read_programmes(
    paths: str | Path | Sequence[str | Path], *, schemes: Sequence[str] | None = None, sheet: str | None = None
) -> Reading:
    r"""Read files of State programmes as a network of territories and programmes.

    Parameters
    ----------
    paths : str, Path or sequence
        The table of communes (``id_pvd``, ``id_crte`` ...), lists of territories with their members
        (``id_territoire``, ``liste_geo``; CSV or GeoJSON), zonings and contracts of 2020, ORT conventions.
    schemes : sequence of str, optional
        Schemes to keep, by their letters (``"pvd"``, ``"crte"``); see ``PROGRAMMES``.
    sheet : str, optional
        The sheet of a workbook to read, when several could be the one.

    Returns
    -------
    Reading
        Layer ``programme``, from a territory (commune, EPCI) to each programme in which it is;
        ``scheme`` on ties and programmes, ``date`` and year of signature where they are told. The report.

    Raises
    ------
    TableError
        A file has no known columns of programmes.

    Notes
    -----
    Several ids of one cell, and several members of one cell, are split. Ids are written alike
    (``acv001`` is ``acv-001``). A SIREN hidden in a text is read with its vintage (column ``vintage``), since that
    EPCI may be gone. A territory known by its name only is refused, because communes have homonyms.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "ti.csv"
    >>> _ = path.write_text('id_territoire,lib_territoire,liste_geo\nti-0101,Basse-Terre,'
    ...     '"CA du Nord Basse-Terre (249710062); CA Grand Sud Caraïbe (249710070)"\n', encoding="utf-8")
    >>> net, report = read_programmes(path)
    >>> net.ties[["source", "target"]].values.tolist()
    [['249710062', 'ti-0101'], ['249710070', 'ti-0101']]
    """
    files = tables_of(paths)
    log = ReadingLog()
    links = pd.concat([_links(file, sheet, log) for file in files], ignore_index=True)
    if schemes is not None:
        links = links[links["scheme"].isin([scheme.casefold() for scheme in schemes])].reset_index(drop=True)
    return Reading(_network(links, log), log.report())


def _links(file: Path, name: str | None, log: ReadingLog) -> pd.DataFrame:
    sheets = open_sheets(file, name)
    for vocabulary, read in zip(VOCABULARIES, (_wide, _listed, _ort, _long), strict=True):
        found = best_sheet(sheets, vocabulary)
        if found is not None:
            sheet, header = found
            cells = _cells(sheet, header, vocabulary, log)
            if "code" in cells:
                known = clean_insee(cells["code"].where(cells["code"].str.len().lt(7)))["value"]
                tell_unknown_communes(known, file=sheet.file, column=header.name_of("code"), log=log)
            links = read(cells, sheet.file, log)
            whole = links.assign(file=sheet.file).reindex(columns=list(_COLUMNS))
            return whole.astype({name: "str" for name in _COLUMNS if name != "line"})
    raise not_for_this_reader("no known columns of programmes", sheets)


def _cells(sheet: Sheet, header: Header, vocabulary: Vocabulary, log: ReadingLog) -> pd.DataFrame:
    table = read_fields(sheet, header, vocabulary, log, pick=_joined)
    return table[[*vocabulary.aliases]].astype("str")


def _joined(cells: Sequence[object], places: Sequence[int]) -> str | None:
    return " ; ".join(text for place in places if (text := text_of(cells[place]))) or None


def _wide(cells: pd.DataFrame, file: str, log: ReadingLog) -> pd.DataFrame:
    parts = []
    for scheme in PROGRAMMES:
        ids = cells[scheme].dropna()
        if ids.empty:
            continue
        several = ids[ids.str.contains(";")]
        log.add_rows("repaired", "several_codes", file=file, column=f"id_{scheme}", raw=several)
        split = ids.str.split(re.compile(r"\s*;\s*")).explode()
        parts.append(
            pd.DataFrame(
                {
                    "line": split.index,
                    "scheme": scheme,
                    "programme": _same_ids(split, scheme),
                    "code": cells["code"].reindex(split.index),
                    "member": cells["name"].reindex(split.index),
                }
            )
        )
    if not len(cells):
        return cells[[]].assign(**dict.fromkeys(("line", "scheme", "programme", "code", "member"), ""))
    if not parts:
        raise TableError([f"{file}: no row below the header names a programme. Export it again"])
    return pd.concat(parts, ignore_index=True)


def _same_ids(ids: pd.Series, scheme: str) -> pd.Series:
    """Write ids alike: letters, a dash, the rest, in lower case; a bare number takes the scheme."""

    def written(text: str) -> str:
        bare = text.strip("\"' ").casefold()
        found = _PREFIX.match(bare)
        return f"{found[1]}-{found[2]}" if found and found[2] else f"{scheme}-{bare}"

    return ids.map(written)


def _listed(cells: pd.DataFrame, file: str, log: ReadingLog) -> pd.DataFrame:
    cells = _with_ids(cells, file, "id_territoire", log)
    several = cells["programme"].str.contains(";").fillna(False).astype(bool)
    log.add_rows("repaired", "several_codes", file=file, column="id_territoire", raw=cells.loc[several, "programme"])
    dates = parse_dates(cells["date"])["date"]
    rows = []
    for line, programme, label, members in cells[["programme", "label", "members"]].itertuples(name=None):
        ids = re.split(r"\s*;\s*", str(programme))
        labels = re.split(r"\s*;\s*", str(label)) if len(ids) > 1 else [label]
        named = labels if len(labels) == len(ids) else [label] * len(ids)
        for member in re.split(r"\s*;\s*", members if isinstance(members, str) else ""):
            found = _MEMBER.fullmatch(member)
            if found is None:
                log.add("refused", "no_code", file=file, line=line, column="liste_geo", raw=member)
                continue
            for one, text in zip(ids, named, strict=True):
                rows.append((line, one.casefold(), text, found["code"].upper(), found["name"], dates[line] or None))
    links = pd.DataFrame(rows, columns=["line", "programme", "label", "code", "member", "date"])
    links["scheme"] = links["programme"].str.extract(r"^([a-z]+)")[0]
    return links


def _with_ids(cells: pd.DataFrame, file: str, column: str, log: ReadingLog) -> pd.DataFrame:
    """Return the rows that have the id of a programme; the others are told, such as those of a merged cell."""
    nameless = cells["programme"].isna()
    log.add_rows("refused", "empty", file=file, column=column, raw=cells.loc[nameless, "label"])
    return cells[~nameless]


def _ort(cells: pd.DataFrame, file: str, log: ReadingLog) -> pd.DataFrame:
    signed = cells["signed"].str.casefold() == "signée"
    log.add_rows("decided", "not_signed", file=file, column="Signée ?", raw=cells.loc[~signed, "signed"])
    kept = cells[signed]
    dates = parse_dates(kept["date"])["date"]
    names = kept["name"].str.replace(re.compile(r"^\w{2,3} - "), "", regex=True)
    return pd.DataFrame(
        {
            "line": kept.index,
            "scheme": "ort",
            "programme": "ort-" + kept["label"].fillna("").map(plain_key),
            "label": kept["label"],
            "code": kept["code"],
            "member": names,
            "date": dates.where(dates != ""),
        }
    )


def _long(cells: pd.DataFrame, file: str, log: ReadingLog) -> pd.DataFrame:
    cells = _with_ids(cells, file, "id", log)
    schemes = cells["scheme"].str.replace(" zonage", "").str.casefold()
    hidden = (
        cells["info"].astype("object").map(lambda text: _HIDDEN_SIREN.search(text) if isinstance(text, str) else None)
    )
    siren = hidden.map(lambda found: found[2] if found else None)
    vintage = hidden.map(lambda found: found[1] if found else None)
    has_siren = siren.notna()
    log.add_rows(
        "repaired", "code_in_text", file=file, column="info1", raw=cells.loc[has_siren, "info"], value=siren[has_siren]
    )
    codes = cells["code"].astype("object").where(cells["code"].notna(), siren)
    coded = codes.notna()
    log.add_rows("refused", "no_code", file=file, column="lib", raw=cells.loc[~coded, "label"])
    kept = cells[coded]
    named = [
        _same_ids(pd.Series([one]), scheme).iloc[0]
        for one, scheme in zip(kept["programme"], schemes[coded], strict=True)
    ]
    own_label = kept["label"].where(kept["code"].isna())
    return pd.DataFrame(
        {
            "line": kept.index,
            "scheme": schemes[coded],
            "programme": named,
            "label": own_label,
            "code": codes[coded],
            "member": kept["label"],
            "date": kept["period"].str.extract(r"^(\d{4})")[0],
            "vintage": vintage[coded],
        }
    )


def _network(links: pd.DataFrame, log: ReadingLog) -> Network:
    from reseau_territorial.network import Network

    territories = territory_actors(links["code"], links["member"])
    known = territories["actor"].notna()
    for file, rows in links[~known].groupby("file", sort=False):
        log.add_rows("refused", "not_a_code", file=str(file), column="code", raw=rows["code"].set_axis(rows["line"]))
    for file, rows in links.groupby("file", sort=False):
        tell_arrondissements(rows["code"].set_axis(rows["line"]), file=str(file), column="code", log=log)
    kept = links[known].assign(source=territories.loc[known, "actor"])
    kept = kept.sort_values("date", na_position="last", kind="stable").drop_duplicates(["source", "programme"])
    kept = kept.sort_index()
    ties = pd.DataFrame(
        {
            "source": kept["source"],
            "target": kept["programme"],
            "layer": "programme",
            "period": kept["date"].str[:4],
            "level": 3,
            "formal": True,
            "date": kept["date"],
            "evidence": kept["file"],
            "scheme": kept["scheme"],
            "vintage": kept["vintage"],
        }
    )
    first = kept.assign(label=kept["label"].fillna(kept["scheme"].map(PROGRAMMES) + " " + kept["programme"]))
    first = first.drop_duplicates("programme").set_index("programme")
    programmes = pd.DataFrame(
        {"name": first["label"], "kind": "programme", "rule": "list of programmes", "scheme": first["scheme"]}
    )
    places = territories[known].drop_duplicates("actor").set_index("actor")[list(ACTOR_COLUMNS)]
    places = places[places.index.isin(ties["source"])]
    layers = pd.DataFrame(
        {"label": ["Programmes"], "directed": [True], "unit": ["programme"]},
        index=pd.Index(["programme"], name="layer"),
    )
    files = pd.Index(kept["file"].unique(), name="evidence")
    sources = pd.DataFrame({"producer": "ANCT", "title": files, "licence": _LICENCE}, index=files)
    log.kept_only(kept.groupby("file")["line"].nunique())
    actors = pd.concat([places, programmes]).rename_axis("actor")
    return Network(ties, actors=actors, layers=layers, sources=sources)
