"""BANATIC: the groupings of local authorities, their members, their competences, who acts for whom.

A competence is a version and a code (``"2021:1502"``): 29 codes of the 2021 nomenclature mean something
else in that of 2025. `crosswalk` gives the official correspondence, where there is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from reseau_territorial._dialect import plain_key
from reseau_territorial.errors import TableError, enumerate_values
from reseau_territorial.opendata._advice import not_for_this_reader
from reseau_territorial.opendata._banatic_files import BanaticTables, read_banatic_files
from reseau_territorial.opendata._competences import Nomenclature
from reseau_territorial.opendata._data import bundled, communes_of, insee_of_siren, renamed
from reseau_territorial.opendata._plausible import tell_unknown_communes
from reseau_territorial.opendata._reading import Reading, ReadingLog
from reseau_territorial.opendata._sheets import open_sheets
from reseau_territorial.opendata._territory_files import year_of
from reseau_territorial.opendata.cog import Paths, files_of
from reseau_territorial.opendata.identifiers import clean_insee
from reseau_territorial.opendata.kinds import kind_of_nature

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["competences", "crosswalk", "provision_by_commune", "read_banatic", "read_transfers"]

_LICENCE: Final = {"producer": "DGCL", "licence": "Licence Ouverte 2.0", "url": "https://www.banatic.interieur.gouv.fr"}
_FAMILIES: Final[Mapping[str, str]] = {
    "10": "énergie", "15": "eau et assainissement", "20": "environnement", "25": "funéraire",
    "30": "santé et social", "35": "politique de la ville", "40": "développement économique",
    "45": "tourisme", "50": "culture, sport, éducation", "55": "urbanisme et aménagement",
    "60": "mobilité et voirie", "65": "habitat", "70": "gens du voyage", "75": "divers",
}  # fmt: skip


_THROUGH: Final = ("through", "through_name", "through_nature", "commune")


def competences() -> pd.DataFrame:
    r"""Return the labels of the competences, in both nomenclatures.

    Returns
    -------
    pandas.DataFrame
        Index ``need`` (``"2025:1005"``); columns ``version``, ``code``, ``label`` (French), ``published``
        (False for the 49 codes of 2021, of 90, whose label is in no open file: their label says so, and is
        never that of the same code in 2025), ``family`` (2025 only).

    Examples
    --------
    >>> competences().loc["2021:1010", "label"], competences().loc["2025:1010", "label"]
    ('Hydraulique', 'Concession de la distribution publique de gaz')
    >>> competences().loc["2021:4525", "label"]
    'compétence 2021 n°\xa04525 (libellé non publié)'
    """
    table = bundled("competences.csv")
    family = table["code"].str[:2].map(_FAMILIES).where(table["version"].eq("2025"))
    key = pd.Index(table["version"] + ":" + table["code"], name="need")
    return table.assign(published=table["published"].eq("yes"), family=family).set_index(key)


def crosswalk() -> pd.DataFrame:
    """Return the correspondence of the competences of 2021 and 2025.

    Returns
    -------
    pandas.DataFrame
        One row per pair: ``need_2021``, ``need_2025`` (missing when there is no equivalent) and ``relation``
        (``one_to_one``, ``split``, ``no_equivalent``).

    Examples
    --------
    >>> crosswalk().iloc[0].tolist()
    ['2021:1004', '2025:1005', 'split']
    """
    table = bundled("competences-crosswalk.csv")
    return pd.DataFrame(
        {
            "need_2021": "2021:" + table["code_2021"],
            "need_2025": "2025:" + table["code_2025"],
            "relation": table["relation"],
        }
    )


def read_banatic(
    paths: Paths,
    *,
    territory: Network | None = None,
    vintage: int | str | None = None,
    nomenclature: Nomenclature | None = None,
    sheet: str | None = None,
) -> Reading:
    r"""Read groupings, their members and their competences, from the files as they were downloaded.

    Parameters
    ----------
    paths : path or sequence of paths
        Files or folders: the old tab-separated files called .xls, the workbooks of 2025 (streamed), the
        composition of the syndicats, lists of groupings, lists of competences. They are recognised by
        their content.
    territory : Network, optional
        Communes and EPCI, from `read_cog`: BANATIC is stacked on it, and its actors get their names.
    vintage : int or str, optional
        Year of the files; by default the one in their names.
    nomenclature : {"2021", "2025"}, optional
        Version of the codes of competences, when neither the layout nor the year says it.
    sheet : str, optional
        The sheet of a workbook to read, when several could be the one.

    Returns
    -------
    Reading
        The network: actors keyed by SIREN; layer ``membership`` (directed, member -> grouping) with a
        column ``direct`` (False: through another grouping); `provision` has a row per grouping and
        competence held (``need`` is ``"version:code"``, ``role`` is ``holder``, ``territory`` the SIREN
        of the grouping). See `provision_by_commune`.

    Raises
    ------
    TableError
        A file of no known layout, or a version of competences that cannot be known.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> header = ["N° SIREN", "Nom du groupement", "Nature juridique", "Siren membre", "Nom membre", "Type", "C1004"]
    >>> row = ["243700754", "Tours Métropole", "METRO", "213702616", "Tours", "Commune", "1"]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "banatic_2021.xls"  # a text file, whatever its name says
    ...     _ = path.write_text("\n".join("\t".join(cells) for cells in (header, row)), encoding="cp1252")
    ...     net, report = read_banatic(path)
    >>> net.ties[["source", "target"]].values.tolist(), net.provision["need"].to_list()
    ([['213702616', '243700754']], ['2021:1004'])
    """
    log = ReadingLog()
    files = files_of(paths)
    year = str(vintage) if vintage is not None else _year(files)
    tables = read_banatic_files(files, log, nomenclature=nomenclature, sheet=sheet)
    if tables.transfers:
        raise TableError([f"{tables.transfers[0]['file'].iloc[0]} is a file of transfers: use read_transfers()"])
    evidence = f"banatic-{year}" if year else "banatic"
    ties = _membership_ties(tables, log)
    provision = _provision(tables, evidence)
    groupings = _grouping_actors(tables)
    members = _member_actors(tables)
    actors = pd.concat([groupings, members[~members.index.isin(groupings.index)]])
    _check_competence_labels(provision, log)
    actors = _complete(actors, [ties["source"], ties["target"], provision["actor"]], territory, log)
    ties = ties.assign(layer="membership", period=year, weight=1.0, level=3, formal=True, evidence=evidence)
    return Reading(_stack(actors, ties, provision.assign(period=year), evidence, year, territory), log.report())


def provision_by_commune(net: Network) -> Network:
    """Return the network with a row of provision per commune and grouping that holds the competence there.

    A grouping that holds a competence holds it for each of its member communes: an upper bound for
    the syndicats à la carte, whose members choose.

    Parameters
    ----------
    net : Network
        From `read_banatic`, with the communes as actors.

    Returns
    -------
    Network
        The same actors and ties; the ``territory`` of each row is the INSEE code of the commune. Rows
        of other roles, and of groupings without a commune in the network, stay as they are.

    Examples
    --------
    >>> import reseau_territorial as rt
    >>> net = rt.load(rt.samples.folder("indre_et_loire"))
    >>> len(net.provision), len(provision_by_commune(net).provision)
    (476, 11395)
    """
    members = net.ties
    members = members[members["layer"].eq("membership")]
    insee = net.actors["insee"].dropna()
    inside = members[members["source"].isin(insee.index)]
    pairs = pd.DataFrame({"actor": inside["target"].to_numpy(), "territory": inside["source"].map(insee).to_numpy()})
    provision = net.provision
    held = provision["actor"].isin(pairs["actor"]) & provision["role"].eq("holder")
    spread = provision[held].drop(columns="territory").merge(pairs.drop_duplicates(), on="actor")
    return net.replace(provision=pd.concat([spread, provision[~held]], ignore_index=True)[list(provision.columns)])


def read_transfers(
    paths: Mapping[str, str | Path] | Paths,
    *,
    territory: Network | None = None,
    vintage: int | str | None = None,
    sheet: str | None = None,
) -> Reading:
    r"""Read who exercises a competence for whom: commune -> EPCI -> syndicat chains of delegation.

    Parameters
    ----------
    paths : mapping of competence to path, or path(s)
        The transfer files of BANATIC, one per competence; the key is the competence (``"2025:2005"``).
        Without a mapping, the name of the file stands for the competence.
    territory : Network, optional
        Communes and EPCI to stack the chains on.
    vintage : int or str, optional
        Year of the files.
    sheet : str, optional
        The sheet of a workbook to read, when several could be the one.

    Returns
    -------
    Reading
        Layer ``delegation`` (directed, giver -> holder), one tie per pair and competence (``need``);
        `provision` has a row per commune, competence and final holder (role ``delegate``).

    Raises
    ------
    TableError
        A file is not a file of transfers.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> grouping = ["Siren Groupement", "Nom Groupement", "Nature Juridique Groupement"]
    >>> header = ["Code Insee Commune", "Nom Commune", *grouping, *(f"{name} intermédiaire" for name in grouping)]
    >>> through = ["200070407", "CA Agglo Pays d'Issoire", "CA"]
    >>> row = ["63005", "Antoingt", "254300049", "SICTOM Issoire - Brioude", "SMF", *through]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "dechets.tsv"
    ...     _ = path.write_text("\n".join("\t".join(cells) for cells in (header, row)), encoding="cp1252")
    ...     net, report = read_transfers({"2025:2005": path}, vintage=2025)
    >>> sorted(net.ties[["source", "target"]].values.tolist())
    [['200070407', '254300049'], ['216300053', '200070407']]
    """
    listed = paths if isinstance(paths, Mapping) else _by_stem(files_of(paths))
    log = ReadingLog()
    evidence = f"banatic-transfers-{vintage}" if vintage else "banatic-transfers"
    pieces = []
    for need, path in listed.items():
        tables = read_banatic_files([Path(path)], log, nomenclature=None, sheet=sheet)
        if not tables.transfers:
            raise not_for_this_reader(
                "not a file of transfers (commune, groupement, intermédiaire)", open_sheets(path, sheet)
            )
        pieces.append(_clean_communes(pd.concat(tables.transfers), log).assign(need=need))
    rows = pd.concat(pieces, ignore_index=True)
    rows = rows.reindex(columns=list(dict.fromkeys([*rows.columns, *_THROUGH])))
    known = communes_of(None if vintage is None else str(vintage))["siren"]
    rows["giver"] = renamed(rows["insee"], known)
    period = None if vintage is None else str(vintage)
    ties = _chain(rows).assign(layer="delegation", period=period, weight=1.0, level=3, formal=True, evidence=evidence)
    provision = pd.DataFrame({"actor": rows["siren"], "need": rows["need"], "territory": rows["insee"]})
    provision = provision.drop_duplicates().assign(role="delegate", period=period, evidence=evidence)
    actors = _complete(_transfer_actors(rows), [ties["source"], ties["target"]], territory, log)
    return Reading(_stack(actors, ties, provision, evidence, period, territory), log.report())


def _by_stem(files: list[Path]) -> dict[str, Path]:
    """Return the file of each competence, named by the file: two of one name would hide each other."""
    stems = pd.Series([file.name.partition(".")[0] for file in files], dtype="str")
    if stems.duplicated().any():
        again = enumerate_values(stems[stems.duplicated()].unique())
        raise TableError([f"several files of transfers are named {again}; pass a mapping of competence to path"])
    return dict(zip(stems, files, strict=True))


def _year(files: list[Path]) -> str | None:
    years = {year for file in files if (year := year_of(file))}
    return years.pop() if len(years) == 1 else None


def _membership_ties(tables: BanaticTables, log: ReadingLog) -> pd.DataFrame:
    members = tables.table("members", ["siren", "member", "direct"])
    own = members["siren"].eq(members["member"])
    log.add_rows("refused", "own_member", file="members", column="siren_membre", raw=members.loc[own, "siren"])
    members = members[~own]
    # "0" is the only way the files say that a commune is a member through another grouping.
    direct = ~members["direct"].eq("0")
    ties = pd.DataFrame({"source": members["member"], "target": members["siren"], "direct": direct})
    return ties.sort_values("direct", ascending=False).drop_duplicates(["source", "target"]).sort_index()


def _provision(tables: BanaticTables, evidence: str) -> pd.DataFrame:
    held = tables.table("competences", ["siren", "version", "code"])
    return pd.DataFrame(
        {
            "actor": held["siren"],
            "need": held["version"] + ":" + held["code"].str.removeprefix("C"),
            "territory": held["siren"],
            "role": "holder",
            "evidence": evidence,
        }
    ).drop_duplicates(ignore_index=True)


def _check_competence_labels(provision: pd.DataFrame, log: ReadingLog) -> None:
    labels = competences()
    unlabelled = pd.Index(sorted(set(provision["need"]) - set(labels.index[labels["published"]])))
    raw = pd.Series(unlabelled, index=pd.Index([None] * len(unlabelled), dtype="object"))
    log.add_rows("noted", "unknown_competence", file="BANATIC", column="code_competence", raw=raw)


def _grouping_actors(tables: BanaticTables) -> pd.DataFrame:
    columns = ["siren", "name", "nature", "departement", "region", "population"]
    table = tables.table("groupings", columns).groupby("siren").first()
    digits = table["population"].str.replace(r"\D", "", regex=True)
    return pd.DataFrame(
        {
            "name": table["name"],
            "kind": kind_of_nature(table["nature"]),
            "sector": "public",
            "tier": "intercommunal",
            "territory": table.index,
            "siren": table.index.to_series().where(~table.index.str.startswith("TEMP")),
            "nature": table["nature"].str.strip().str.upper(),
            "departement": table["departement"].str.extract(r"^(\d[\dAB]\d?)", expand=False),
            "region": table["region"],
            "population": pd.to_numeric(digits, errors="coerce").astype("Int64"),
            "rule": "BANATIC",
        },
        index=pd.Index(table.index, name="actor"),
    )


def _member_actors(tables: BanaticTables) -> pd.DataFrame:
    """Return the members that the wide files name: communes, groupings, other bodies (kind unknown)."""
    table = tables.table("members", ["member", "member_name", "member_type"]).dropna(subset=["member_name"])
    table = table.drop_duplicates("member").set_index("member").rename_axis("actor")
    words = table["member_type"].map(plain_key, na_action="ignore").astype("str")
    kind = words.map({"commune": "commune", "communes": "commune", "groupement": "grouping"}).astype("str")
    insee = table.index.to_series().map(insee_of_siren()).astype("str")
    return _described(table["member_name"], kind.mask(insee.notna(), "commune"), insee)


def _described(names: pd.Series, kind: pd.Series, insee: pd.Series) -> pd.DataFrame:
    """Return actors, keyed by SIREN, of which only the name and the kind are known."""
    sirens = kind.index.to_series()
    return pd.DataFrame(
        {
            "name": names,
            "kind": kind,
            "sector": kind.map({"grouping": "public", "commune": "public"}).astype("str").fillna("unknown"),
            "tier": kind.map({"grouping": "intercommunal", "commune": "communal"}).astype("str"),
            "insee": insee,
            "territory": insee.fillna(sirens),
            "siren": sirens,
            "rule": "BANATIC",
        },
        index=kind.index,
    )


def _clean_communes(rows: pd.DataFrame, log: ReadingLog) -> pd.DataFrame:
    if rows.empty:
        return rows
    file, column = str(rows["file"].iloc[0]), "Code Insee Commune"
    verdicts = clean_insee(rows["insee"])
    log.add_identifiers(verdicts, file=file, column=column)
    tell_unknown_communes(verdicts["value"], file=file, column=column, log=log)
    return rows.assign(insee=verdicts["value"])[verdicts["value"].notna()]


def _chain(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the ties of the chains: commune -> holder, or commune -> between and between -> holder."""
    first = pd.DataFrame(
        {"source": rows["giver"], "target": rows["through"].fillna(rows["siren"]), "need": rows["need"]}
    )
    second = pd.DataFrame({"source": rows["through"], "target": rows["siren"], "need": rows["need"]})
    return pd.concat([first, second.dropna()]).drop_duplicates(ignore_index=True)


def _transfer_actors(rows: pd.DataFrame) -> pd.DataFrame:
    communes = pd.DataFrame(
        {
            "actor": rows["giver"],
            "name": rows["commune"],
            "kind": "commune",
            "tier": "communal",
            "territory": rows["insee"],
            "insee": rows["insee"],
            "siren": rows["giver"].where(rows["giver"].str.len() == 9),
        }
    )
    parts = [communes]
    for siren, name, nature in (("siren", "name", "nature"), ("through", "through_name", "through_nature")):
        held = rows.dropna(subset=[siren])
        part = pd.DataFrame({"actor": held[siren], "name": held[name], "nature": held[nature]})
        part = part.assign(kind=kind_of_nature(held[nature]), tier="intercommunal")
        parts.append(part.assign(siren=held[siren], territory=held[siren]))
    table = pd.concat(parts).drop_duplicates("actor").set_index("actor")
    return table.assign(sector="public", rule="BANATIC")


def _complete(actors: pd.DataFrame, used: list[pd.Series], territory: Network | None, log: ReadingLog) -> pd.DataFrame:
    """Add the actors that ties or competences name and no file describes."""
    described = set(actors.index) | (set(territory.actors.index) if territory is not None else set())
    lacking = pd.Index(sorted(set(pd.concat(used).dropna()) - described), name="actor")
    if lacking.empty:
        return actors
    insee = lacking.to_series().map(insee_of_siren()).astype("str")
    commune = insee.notna()
    providers = set(pd.concat(used[1:]).dropna())
    grouping = pd.Series([actor in providers for actor in lacking], index=lacking) & ~commune
    raw = pd.Series(lacking, index=pd.Index([None] * len(lacking), dtype="object"))
    for why, rows in (("unknown_grouping", grouping), ("unknown_member", ~grouping & ~commune)):
        log.add_rows("noted", why, file="BANATIC", column="siren", raw=raw[rows.to_numpy()])
    kind = pd.Series(pd.NA, index=lacking, dtype="str").mask(grouping, "grouping").mask(commune, "commune")
    added = _described(lacking.to_series(), kind, insee)
    return pd.concat([actors, added])


def _stack(
    actors: pd.DataFrame,
    ties: pd.DataFrame,
    provision: pd.DataFrame,
    evidence: str,
    year: str | None,
    territory: Network | None,
) -> Network:
    """Put the tables on those of `territory`: what it says of an actor is kept, and completed."""
    from reseau_territorial.network import Network

    layers = pd.DataFrame(
        {"label": ["adhésion", "délégation"], "directed": True, "unit": ["adhésion", "compétence"]},
        index=pd.Index(["membership", "delegation"], name="layer"),
    )
    layers = layers[layers.index.isin(ties["layer"].unique())]
    key = pd.Index([evidence], name="evidence")
    sources = pd.DataFrame({"title": "BANATIC", "date": year, **_LICENCE}, index=key)
    if territory is not None:
        ties = _without_repeats(territory.ties, ties)
        held = territory.actors
        actors = held.combine_first(actors).reindex(held.index.append(actors.index.difference(held.index)))
        layers = pd.concat([territory.layers, layers[~layers.index.isin(territory.layers.index)]])
        sources = pd.concat([territory.sources, sources])
        provision = pd.concat([territory.provision, provision], ignore_index=True)
    return Network(ties, actors=actors, layers=layers, provision=provision, sources=sources)


def _without_repeats(held: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Stack ties, a membership that both say being kept once (that of the COG)."""
    held = held.assign(direct=True)
    both = pd.concat([held.astype({"period": "str"}), new], ignore_index=True)
    key = both[["source", "target", "layer", "period", "need"]].fillna("")
    return both[~(key.duplicated() & both["layer"].eq("membership"))]
