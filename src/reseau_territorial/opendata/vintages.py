"""Codes change: communes merge, EPCI get a new SIREN, and sometimes a commune really moves.

The three look alike in a file, a membership that is no longer there; they are told apart here. The
tables of succession come with the package, made from the vintages 2019, 2020, 2021 and 2026 of the
code officiel géographique; later ones can be given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from reseau_territorial.errors import TableError, unknown_name
from reseau_territorial.opendata._data import bundled, renamed
from reseau_territorial.opendata._reading import Reading, ReadingLog

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["commune_succession", "epci_succession", "lost_memberships", "to_vintage"]

VINTAGES: Final = ("2019", "2020", "2021", "2026")
CURRENT: Final = VINTAGES[-1]

_COUNTED_ONCE: Final = ("membership", "administration")


def commune_succession() -> pd.DataFrame:
    """Return the codes of communes that are gone, and the commune that took their place.

    Returns
    -------
    pandas.DataFrame
        Index ``code``; ``successor`` and ``successor_name`` (commune of 2026); ``last_seen``, the last
        vintage of the package that has the code (missing: gone before 2019); ``gone_by``, the first
        vintage without it.

    Examples
    --------
    >>> commune_succession().loc["02077", ["successor", "last_seen", "gone_by"]].tolist()
    ['02564', '2021', '2026']
    """
    return bundled("communes-succession.csv").set_index("code")


def epci_succession() -> pd.DataFrame:
    """Return the SIREN of EPCI that are gone, and those that took their communes.

    Returns
    -------
    pandas.DataFrame
        One row per pair: ``siren``, ``name``, ``successor``, ``successor_name``, ``communes`` (how many
        went there), ``relation`` (``replaced``: all went to one; ``split``), ``last_seen``, ``gone_by``.

    Examples
    --------
    >>> table = epci_succession().set_index("siren")
    >>> table.loc["245900410", ["successor", "communes", "relation"]].tolist()
    ['200093201', '90', 'replaced']
    """
    return bundled("epci-succession.csv")


def lost_memberships(net: Network, *, after: Network) -> pd.DataFrame:
    """Return the memberships of a vintage that a later one lacks, each with its cause.

    Parameters
    ----------
    net : Network
        The earlier vintage, from `read_cog`.
    after : Network
        The later one.

    Returns
    -------
    pandas.DataFrame
        One row per membership lost: ``commune`` (INSEE code), ``epci`` (SIREN), ``cause``:
        ``commune_merged`` (its code is gone), ``epci_replaced`` or ``epci_split`` (the SIREN of the EPCI
        is gone), ``moved`` (both remain: the commune went elsewhere, or is alone); ``now``, the EPCI
        of the commune, or of the commune that it became, afterwards.
    """
    old, new = _memberships(net), _memberships(after)
    kept = old.merge(new, on=["commune", "epci"], how="left", indicator=True)["_merge"].eq("both")
    lost = old[~kept.to_numpy()].reset_index(drop=True)
    splits = set(epci_succession().query("relation == 'split'")["siren"])
    gone = ~lost["commune"].isin(set(new["commune"]))
    dissolved = ~lost["epci"].isin(set(new["epci"]))
    cause = pd.Series("moved", index=lost.index).mask(dissolved, "epci_replaced")
    cause = cause.mask(dissolved & lost["epci"].isin(splits), "epci_split").mask(gone, "commune_merged")
    heir = renamed(lost["commune"], commune_succession()["successor"]).where(gone, lost["commune"])
    place = new.drop_duplicates("commune").set_index("commune")["epci"]
    return lost.assign(cause=cause, now=heir.map(place))


def to_vintage(net: Network, vintage: int | str = CURRENT) -> Reading:
    """Bring the codes of communes and EPCI to a later vintage, and tell what that did.

    Communes that merged become one actor (populations add up); an EPCI that was replaced becomes the
    one that took its place; the members of an EPCI that was split go, one by one, where they are in
    the vintage, its other ties stay with it. A commune that really moved keeps its tie, which was
    true at its date: it is told as ``moved``. Ties between actors that became one disappear;
    memberships that became the same count once; other ties stay parallel, so that sums are kept.

    Parameters
    ----------
    net : Network
        Actors with ``insee`` (communes) and ``siren`` (EPCI), as the readers give them.
    vintage : int or str, default 2026
        2020, 2021 or 2026: the vintages whose successions come with the package.

    Returns
    -------
    Reading
        The network in the codes of the vintage, and the report: ``commune_merged``, ``epci_replaced``,
        ``epci_split``, ``moved``, ``merged_elsewhere`` (the commune that it became is in another EPCI).

    Raises
    ------
    UnknownNameError
        The package has no succession up to that vintage.

    Examples
    --------
    >>> import pandas as pd
    >>> from reseau_territorial import Network
    >>> actors = pd.DataFrame({"actor": ["a", "b"], "insee": ["02077", "02564"], "kind": "commune"})
    >>> network, report = to_vintage(Network(actors=actors), 2026)
    >>> network.actors.index.tolist(), report.count("noted", "commune_merged")
    (['b'], 1)
    """
    year = str(vintage)
    if year not in VINTAGES[1:]:
        raise unknown_name("vintage with a succession table", year, VINTAGES[1:])
    log = ReadingLog()
    actors = net.actors
    communes = _merged_communes(actors, year)
    groups = _replaced_groups(actors, year)
    mapping = _new_ids(actors, communes, groups, year)
    for why, codes in (("commune_merged", communes), ("epci_replaced", groups)):
        for old, new in codes.items():
            log.add("noted", why, file="network", raw=old, value=new)
    ties = _moved_ties(net, mapping, year, log)
    tables = {"ties": ties, "actors": _moved_actors(actors, mapping, {**communes, **groups}, log)}
    for name in ("provision", "observation"):
        table = getattr(net, name)
        if len(table):
            tables[name] = _moved_rows(table, mapping, {**communes, **groups})
    return Reading(net.replace(**tables), log.report())


def _memberships(net: Network) -> pd.DataFrame:
    """Return the memberships commune -> EPCI as INSEE code and SIREN."""
    actors, ties = net.actors, net.ties
    ties = ties[ties["layer"].eq("membership")]
    commune = ties["source"].map(actors["insee"])
    own_tax = ties["target"].map(actors["kind"]).eq("epci")
    return pd.DataFrame({"commune": commune, "epci": ties["target"]})[own_tax & commune.notna()].drop_duplicates()


def _merged_communes(actors: pd.DataFrame, year: str) -> dict[str, str]:
    """Return old INSEE code -> code in the vintage, for the communes of the network that are gone."""
    table = commune_succession()
    table = table[table["gone_by"] <= year]
    present = actors["insee"].dropna()
    gone = present[present.isin(table.index)]
    return {str(code): str(table.at[code, "successor"]) for code in gone}


def _replaced_groups(actors: pd.DataFrame, year: str) -> dict[str, str]:
    """Return old SIREN -> SIREN in the vintage, for the EPCI of the network that were replaced."""
    table = epci_succession()
    table = table[table["relation"].eq("replaced") & table["gone_by"].le(year)]
    heirs = dict(zip(table["siren"], table["successor"], strict=True))

    def last(siren: str) -> str:
        while siren in heirs:
            siren = heirs[siren]
        return siren

    return {siren: last(siren) for siren in actors["siren"].dropna().astype("str") if siren in heirs}


def _new_ids(actors: pd.DataFrame, communes: dict[str, str], groups: dict[str, str], year: str) -> dict[str, str]:
    """Return old actor -> new actor: the one of the network that has the new code, else the code itself.

    A commune nouvelle keeps the INSEE code of one of its communes and has a SIREN of its own: an actor
    that is named by its SIREN follows it.
    """
    insee = actors["insee"].dropna().astype("str")
    owner = dict(zip(insee, insee.index.astype("str"), strict=True))
    siren = bundled("communes-2026.csv.gz").dropna(subset=["siren"]).set_index("insee")["siren"].to_dict()
    named_by_siren = actors["siren"].eq(actors.index.to_series())
    result: dict[str, str] = {}
    for actor, code in insee.items():
        new = communes.get(code, code)
        remains = owner.get(new)
        by_siren = remains is None or bool(named_by_siren[remains])
        target = siren.get(new, remains or new) if by_siren and (year == CURRENT or remains is None) else remains
        if target is not None and target != actor:
            result[str(actor)] = target
    held = actors["siren"].dropna().astype("str")
    owner = dict(zip(held, held.index.astype("str"), strict=True))
    moved = held[held.isin(groups)]
    return result | {str(actor): owner.get(groups[code], groups[code]) for actor, code in moved.items()}


def _moved_ties(net: Network, mapping: dict[str, str], year: str, log: ReadingLog) -> pd.DataFrame:
    actors, ties = net.actors, net.ties
    before = ties[["source", "target"]].copy()
    for end in ("source", "target"):
        ties[end] = renamed(ties[end], mapping)
    if year == CURRENT:
        _place_members(ties, before["source"], actors, mapping, log)
    inner = ties["source"].eq(ties["target"])
    raw = before["source"][inner] + " -> " + before["target"][inner]
    log.add_rows("decided", "inner_tie", file="network", raw=raw)
    ties = ties[~inner]
    key = ties[["source", "target", "layer", "period", "need"]].astype("str")
    doubled = key.duplicated() & ties["layer"].isin(_COUNTED_ONCE)
    pairs = ties["source"][doubled] + " -> " + ties["target"][doubled]
    log.add_rows("counted_twice", "same_membership", file="network", raw=pairs)
    return ties[~doubled].reset_index(drop=True)


def _place_members(
    ties: pd.DataFrame, before: pd.Series, actors: pd.DataFrame, mapping: dict[str, str], log: ReadingLog
) -> None:
    """Move the members of EPCI that were split to where they are now; tell the communes that moved."""
    now = bundled("communes-2026.csv.gz").set_index("insee")
    codes = renamed(actors["insee"], commune_succession()["successor"])
    by_id = pd.concat([codes, pd.Series({new: codes.get(old) for old, new in mapping.items()}, dtype="str")])
    by_id = by_id[~by_id.index.duplicated()].dropna()
    merged = before.map(actors["insee"]).isin(commune_succession().index)
    place = ties["source"].map(by_id).astype("str").map(now["epci"]).astype("str")
    siren = ties["target"].map(actors["siren"]).astype("str").fillna(ties["target"])
    own_tax = siren.isin(set(now["epci"].dropna())) | siren.isin(set(epci_succession()["siren"]))
    elsewhere = ties["layer"].eq("membership") & own_tax & ~place.eq(siren) & ties["source"].isin(by_id.index)
    split = set(epci_succession().query("relation == 'split'")["siren"])
    from_split = elsewhere & siren.isin(split) & place.notna()
    with_another = elsewhere & ~from_split & merged
    moved = elsewhere & ~from_split & ~merged
    for why, rows in (("epci_split", from_split), ("merged_elsewhere", with_another), ("moved", moved)):
        log.add_rows("noted", why, file="network", raw=ties["source"][rows] + " -> " + siren[rows], value=place[rows])
    ties.loc[from_split, "target"] = place[from_split]


def _moved_rows(table: pd.DataFrame, mapping: dict[str, str], codes: dict[str, str]) -> pd.DataFrame:
    """Return provision or observation with its actors and territories mapped, each row once."""
    table["actor"] = renamed(table["actor"], mapping)
    if "territory" in table:
        table["territory"] = renamed(table["territory"], codes)
    return table.drop_duplicates(ignore_index=True)


def _moved_actors(
    actors: pd.DataFrame, mapping: dict[str, str], codes: dict[str, str], log: ReadingLog
) -> pd.DataFrame:
    """Return one row per actor of the vintage; a merged one is described by the actor that remains."""
    new = renamed(actors.index.to_series(), mapping)
    remains = new.eq(actors.index.to_series())
    ordered = actors[remains.to_numpy()]
    arrivals = actors[~remains.to_numpy() & ~new.isin(ordered.index).to_numpy()]
    arrivals = _renamed(arrivals.set_axis(new[arrivals.index].to_numpy()), codes)
    result = pd.concat([ordered, arrivals[~arrivals.index.duplicated()]])
    result.index.name = "actor"
    for column in ("territory", "epci", "parent"):
        if column in result:
            result[column] = renamed(result[column], {**codes, **mapping})
    if "population" in result:
        total = actors["population"].groupby(new.to_numpy()).sum(min_count=1)
        result["population"] = total.reindex(result.index).astype(result["population"].dtype)
    if result.index.has_duplicates:
        raise TableError(["two actors of the network have the same code; join them first"])
    targets = _split_targets(result, log)
    return pd.concat([result, targets]) if len(targets) else result


def _renamed(arrivals: pd.DataFrame, codes: dict[str, str]) -> pd.DataFrame:
    """Give the actors that exist only in the vintage their code and name."""
    names = commune_succession().drop_duplicates("successor").set_index("successor")["successor_name"]
    groups = epci_succession().drop_duplicates("successor").set_index("successor")["successor_name"]
    arrivals = arrivals.copy()
    insee = arrivals["insee"].map(codes).astype("str")
    group = arrivals["siren"].map(codes).astype("str").where(insee.isna())
    known = bundled("communes-2026.csv.gz").set_index("insee")["siren"]
    arrivals["siren"] = insee.map(known).astype("str").fillna(group)
    arrivals["insee"] = insee
    arrivals["name"] = insee.map(names).astype("str").fillna(group.map(groups).astype("str")).fillna(arrivals["name"])
    return arrivals


def _split_targets(actors: pd.DataFrame, log: ReadingLog) -> pd.DataFrame:
    """Return the EPCI that a split made and that the network does not have."""
    if not any(log.noted("epci_split")):
        return actors.iloc[:0]
    used = {str(value) for value in log.noted("epci_split")} - set(actors.index)
    names = epci_succession().drop_duplicates("successor").set_index("successor")["successor_name"]
    index = pd.Index(sorted(used), name="actor")
    columns = {"name": names.reindex(index), "kind": "epci", "sector": "public", "tier": "intercommunal"}
    return pd.DataFrame({**columns, "siren": index, "territory": index, "rule": "succession"}, index=index)
