"""Codes change: communes merge, EPCI get a new SIREN, and sometimes a commune really moves.

The three look alike in a file, a membership that is no longer there; they are told apart here. The
tables of succession come with the package, made from the vintages 2019 to 2026 of the code officiel
géographique; the file of movements of INSEE can be given instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import pandas as pd

from reseau_territorial.errors import TableError, unknown_name
from reseau_territorial.opendata._data import CURRENT, VINTAGES, communes_of, renamed
from reseau_territorial.opendata._reading import Reading, ReadingLog
from reseau_territorial.opendata._successions import Successions, bundled_successions, read_successions
from reseau_territorial.opendata.cog import Paths, files_of

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["commune_succession", "epci_succession", "lost_memberships", "to_vintage"]

_COUNTED_ONCE: Final = ("membership", "administration")


def commune_succession(paths: Paths | None = None, *, sheet: str | None = None) -> pd.DataFrame:
    """Return the codes of communes that are gone, and the commune that took their place.

    Parameters
    ----------
    paths : path or sequence of paths, optional
        The file of movements of INSEE (``v_mvtcommune_2024.csv``). By default the steps that the vintages
        of the package show.
    sheet : str, optional
        The sheet of a workbook of movements to read, when several could be the one.

    Returns
    -------
    pandas.DataFrame
        Index ``code``; ``successor`` and its ``name`` on that day; ``when``, the first day (ISO) of the new
        state: the first vintage without the code, or the date of the movement. One step at a time: a
        successor may be gone later.

    Raises
    ------
    TableError
        A file is no file of movements, or has several sheets that could be the one.

    Examples
    --------
    >>> commune_succession().loc["02077", ["successor", "when"]].tolist()
    ['02564', '2023-01-01']
    """
    return _successions(paths, sheet).communes.set_index("code")


def epci_succession(paths: Paths | None = None, *, sheet: str | None = None) -> pd.DataFrame:
    """Return the SIREN of EPCI that are gone, and those that took their communes.

    Parameters
    ----------
    paths : path or sequence of paths, optional
        The file of successions of the DGCL (``siren_epci, libelle, date_debut, date_fin, siren_en_cours``).
        By default the steps that the vintages of the package show.
    sheet : str, optional
        The sheet of a workbook of movements to read, when several could be the one.

    Returns
    -------
    pandas.DataFrame
        One row per pair: ``siren``, ``successor`` and its ``name``, ``relation`` (``replaced``: all went to
        one; ``split``), ``when``, the first day (ISO) of the new
        state; ``name`` is missing where a file given does not tell it.

    Raises
    ------
    TableError
        A file is no file of movements, or has several sheets that could be the one.

    Examples
    --------
    >>> table = epci_succession().set_index("siren")
    >>> table.loc["245900410", ["successor", "relation", "when"]].tolist()
    ['200093201', 'replaced', '2021-01-01']
    """
    return _successions(paths, sheet).groups.copy()


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
        of the commune, or of the commune that it became, afterwards; missing when it is in none.

    Examples
    --------
    >>> import pandas as pd
    >>> from reseau_territorial import Network
    >>> def members(epci):
    ...     actors = {"actor": ["213702616", epci], "insee": ["37261", None], "kind": ["commune", "epci"]}
    ...     tie = {"source": ["213702616"], "target": [epci], "layer": ["membership"]}
    ...     return Network(pd.DataFrame(tie), actors=pd.DataFrame(actors), directed=True)
    >>> lost_memberships(members("243700754"), after=members("200085108"))[["commune", "cause", "now"]].values.tolist()
    [['37261', 'epci_replaced', '200085108']]
    """
    old, new = _memberships(net), _memberships(after)
    kept = old.merge(new, on=["commune", "epci"], how="left", indicator=True)["_merge"].eq("both")
    lost = old[~kept.to_numpy()].reset_index(drop=True)
    splits = bundled_successions().split_groups(CURRENT)
    gone = ~lost["commune"].isin(set(new["commune"]))
    dissolved = ~lost["epci"].isin(set(new["epci"]))
    cause = pd.Series("moved", index=lost.index).mask(dissolved, "epci_replaced")
    cause = cause.mask(dissolved & lost["epci"].isin(splits), "epci_split").mask(gone, "commune_merged")
    latest = after.periods[-1] if after.periods and after.periods[-1] in VINTAGES else CURRENT
    heir = renamed(lost["commune"], bundled_successions().communes_at(set(lost["commune"][gone]), latest))
    place = new.drop_duplicates("commune").set_index("commune")["epci"]
    return lost.assign(cause=cause, now=heir.map(place))


def to_vintage(
    net: Network, vintage: int | str = CURRENT, *, successions: Paths | None = None, sheet: str | None = None
) -> Reading:
    """Bring the codes of communes and EPCI to a later vintage, and tell what that did.

    Communes that merged become one actor (populations add up); an EPCI that was replaced becomes the
    one that took its place; the members of an EPCI that was split go, one by one, where they are in
    the vintage, its other ties stay with it. A commune that really moved keeps its tie, which was
    true at its date: it is told as ``moved``. Ties between actors that became one disappear;
    memberships that became the same count once; other ties stay parallel. So sums are kept: the weights of the
    ties that are gone are the values of the findings ``inner_tie`` and ``same_membership``.

    A code that was gone and is in force again in the vintage (a commune made again) is itself again. What
    the commune nouvelle had before that day is not divided: it stays with it, told as ``commune_split``.
    A code whose commune was shared out among several is kept, and told as ``commune_shared_out``. Where an
    actor has a SIREN, it decides before the code: a commune nouvelle whose seat moves changes its code only.

    Parameters
    ----------
    net : Network
        Actors with ``insee`` (communes) and ``siren`` (EPCI), as the readers give them.
    vintage : int or str, default 2026
        2020 to 2026: the vintages whose successions come with the package; with a file of movements, any
        year that it covers.
    successions : path or sequence of paths, optional
        Files of movements, instead of the tables of the package: that of INSEE for the communes, that of
        the DGCL for the EPCI. They are recognised by their content.
    sheet : str, optional
        The sheet of a workbook of movements to read, when several could be the one.

    Returns
    -------
    Reading
        The network in the codes of the vintage, and the report: ``commune_merged``, ``commune_renumbered``,
        ``commune_split``, ``commune_shared_out``, ``epci_replaced``, ``epci_split``, ``moved``,
        ``merged_elsewhere`` (the commune that it became is in another EPCI).

    Raises
    ------
    UnknownNameError
        The package has no succession up to that vintage.
    TableError
        A file is no file of movements, or does not go up to the vintage.

    Examples
    --------
    >>> import pandas as pd
    >>> from reseau_territorial import Network
    >>> actors = pd.DataFrame({"actor": ["a", "b"], "insee": ["02077", "02564"], "kind": "commune"})
    >>> network, report = to_vintage(Network(actors=actors), 2026)
    >>> network.actors.index.tolist(), report.count("noted", "commune_merged")
    (['b'], 1)
    """
    log = ReadingLog()
    year = str(vintage)
    changes = _Changes(net.actors, year, _covering(successions, sheet, year, log))
    changes.tell(net.periods, log)
    ties = _moved_ties(net, changes, log)
    tables = {"ties": ties, "actors": _moved_actors(net.actors, changes, log)}
    for name in ("provision", "observation"):
        table = getattr(net, name)
        if len(table):
            tables[name] = _moved_rows(table, changes)
    return Reading(net.replace(**tables), log.report())


def _successions(paths: Paths | None, sheet: str | None, log: ReadingLog | None = None) -> Successions:
    if paths is None:
        return bundled_successions()
    return read_successions(files_of(paths), log or ReadingLog(), sheet=sheet)


def _covering(paths: Paths | None, sheet: str | None, year: str, log: ReadingLog) -> Successions:
    """Return the successions, when they go up to the vintage."""
    if paths is None and year not in VINTAGES[1:]:
        raise unknown_name("vintage with a succession table", year, VINTAGES[1:])
    found = _successions(paths, sheet, log)
    if year > found.until or not year.isdecimal():
        raise TableError(
            [f"the movements of communes go up to {found.until}, not {year}; give the file of movements of {year}"]
        )
    return found


class _Changes:
    """What becomes of the codes of a network in a vintage: old code -> new code, old actor -> new actor."""

    def __init__(self, actors: pd.DataFrame, year: str, successions: Successions) -> None:
        self.year, self.successions = year, successions
        insee = actors["insee"].dropna().astype("str")
        siren = actors["siren"].dropna().astype("str")
        self.gone = successions.communes_at(insee.unique(), year)
        self.renumbered = self._renumbered(insee, siren)
        self.communes = self.gone | self.renumbered
        self.groups = successions.groups_at(siren.unique(), year)
        self.present = set(insee)
        self.actors = self._new_ids(actors, insee, siren)

    @property
    def codes(self) -> dict[str, str]:
        """Old code or SIREN -> new one."""
        return {**self.communes, **self.groups}

    def _renumbered(self, insee: pd.Series, siren: pd.Series) -> dict[str, str]:
        """Return the codes of the communes whose SIREN has another code in the vintage."""
        if self.year not in VINTAGES:
            return {}
        there = communes_of(self.year).dropna(subset=["siren"])
        there = there[there["first"].le(int(self.year)) & there["last"].ge(int(self.year))]
        code = siren.reindex(insee.index).map(pd.Series(there.index, index=there["siren"].to_numpy())).astype("str")
        differs = code.notna() & code.ne(insee)
        return dict(zip(insee[differs], code[differs], strict=True))

    def _new_ids(self, actors: pd.DataFrame, insee: pd.Series, sirens: pd.Series) -> dict[str, str]:
        """Return old actor -> new actor: the one of the network that has the new code, else the code itself.

        A commune nouvelle keeps the INSEE code of one of its communes and has a SIREN of its own: an actor
        that is named by its SIREN follows it.
        """
        owner = dict(zip(insee, insee.index.astype("str"), strict=True))
        siren = communes_of(self.year)["siren"].dropna().to_dict()
        named_by_siren = actors["siren"].eq(actors.index.to_series())
        result: dict[str, str] = {}
        for actor, code in insee.items():
            new = self.communes.get(code, code)
            remains = owner.get(new)
            by_siren = remains is None or bool(named_by_siren[remains])
            target = siren.get(new, remains or new) if by_siren else remains
            if target is not None and target != actor:
                result[str(actor)] = target
        owner = dict(zip(sirens, sirens.index.astype("str"), strict=True))
        moved = sirens[sirens.isin(self.groups)]
        return result | {str(actor): owner.get(self.groups[code], self.groups[code]) for actor, code in moved.items()}

    def tell(self, periods: Sequence[object], log: ReadingLog) -> None:
        """Note the codes that changed, and those that lost a part that is not divided."""
        still = {old: new for old, new in self.renumbered.items() if old not in self.gone}
        told = (("commune_merged", self.gone), ("commune_renumbered", still), ("epci_replaced", self.groups))
        for why, changed in told:
            for old, new in changed.items():
                log.add("noted", why, file="network", raw=old, value=new)
        day = f"{self.year}-01-01"
        known_from = min(map(str, periods), default="")
        again = self.successions.made_again
        again = again[
            again["when"].le(day) & again["when"].gt(f"{known_from}-01-01") & ~again["code"].isin(self.present)
        ]
        for parent, rows in again[again["parent"].isin(self.present)].groupby("parent"):
            log.add("noted", "commune_split", file="network", raw=parent, value=", ".join(rows["code"]))
        shared = self.successions.shared_out
        shared = shared[shared["when"].le(day) & shared["code"].isin(self.present)]
        for code, successors in zip(shared["code"], shared["successor"], strict=True):
            log.add("noted", "commune_shared_out", file="network", raw=code, value=successors)


def _memberships(net: Network) -> pd.DataFrame:
    """Return the memberships commune -> EPCI as INSEE code and SIREN."""
    actors, ties = net.actors, net.ties
    ties = ties[ties["layer"].eq("membership")]
    commune = ties["source"].map(actors["insee"])
    own_tax = ties["target"].map(actors["kind"]).eq("epci")
    return pd.DataFrame({"commune": commune, "epci": ties["target"]})[own_tax & commune.notna()].drop_duplicates()


def _moved_ties(net: Network, changes: _Changes, log: ReadingLog) -> pd.DataFrame:
    actors, ties = net.actors, net.ties
    before = ties[["source", "target"]].copy()
    for end in ("source", "target"):
        ties[end] = renamed(ties[end], changes.actors)
    if changes.year in VINTAGES:
        _place_members(ties, before["source"], actors, changes, log)
    inner = ties["source"].eq(ties["target"])
    raw = before["source"][inner] + " -> " + before["target"][inner]
    log.add_rows("decided", "inner_tie", file="network", raw=raw, value=ties["weight"][inner])
    ties = ties[~inner]
    key = ties[["source", "target", "layer", "period", "need"]].astype("str")
    doubled = key.duplicated() & ties["layer"].isin(_COUNTED_ONCE)
    pairs = ties["source"][doubled] + " -> " + ties["target"][doubled]
    log.add_rows("counted_twice", "same_membership", file="network", raw=pairs, value=ties["weight"][doubled])
    return ties[~doubled].reset_index(drop=True)


def _place_members(
    ties: pd.DataFrame, before: pd.Series, actors: pd.DataFrame, changes: _Changes, log: ReadingLog
) -> None:
    """Move the members of EPCI that were split to where they are now; tell the communes that moved."""
    now = communes_of(changes.year)["epci"]
    codes = renamed(actors["insee"], changes.communes)
    by_id = pd.concat([codes, pd.Series({new: codes.get(old) for old, new in changes.actors.items()}, dtype="str")])
    by_id = by_id[~by_id.index.duplicated()].dropna()
    merged = before.map(actors["insee"]).isin(changes.communes)
    place = ties["source"].map(by_id).astype("str").map(now).astype("str")
    siren = ties["target"].map(actors["siren"]).astype("str").fillna(ties["target"])
    own_tax = siren.isin(set(now.dropna())) | siren.isin(changes.successions.groups["siren"])
    elsewhere = ties["layer"].eq("membership") & own_tax & ~place.eq(siren) & ties["source"].isin(by_id.index)
    from_split = elsewhere & siren.isin(changes.successions.split_groups(changes.year)) & place.notna()
    with_another = elsewhere & ~from_split & merged
    moved = elsewhere & ~from_split & ~merged
    for why, rows in (("epci_split", from_split), ("merged_elsewhere", with_another), ("moved", moved)):
        log.add_rows("noted", why, file="network", raw=ties["source"][rows] + " -> " + siren[rows], value=place[rows])
    ties.loc[from_split, "target"] = place[from_split]


def _moved_rows(table: pd.DataFrame, changes: _Changes) -> pd.DataFrame:
    """Return provision or observation with its actors and territories mapped, each row once."""
    table["actor"] = renamed(table["actor"], changes.actors)
    if "territory" in table:
        table["territory"] = renamed(table["territory"], changes.codes)
    return table.drop_duplicates(ignore_index=True)


def _moved_actors(actors: pd.DataFrame, changes: _Changes, log: ReadingLog) -> pd.DataFrame:
    """Return one row per actor of the vintage; a merged one is described by the actor that remains."""
    new = renamed(actors.index.to_series(), changes.actors)
    remains = new.eq(actors.index.to_series())
    ordered = actors[remains.to_numpy()]
    # A commune nouvelle that keeps its SIREN, which names its actor, may change its code all the same.
    ordered = ordered.assign(insee=renamed(ordered["insee"], changes.communes))
    arrivals = actors[~remains.to_numpy() & ~new.isin(ordered.index).to_numpy()]
    arrivals = _renamed(arrivals.set_axis(new[arrivals.index].to_numpy()), changes)
    result = pd.concat([ordered, arrivals[~arrivals.index.duplicated()]])
    result.index.name = "actor"
    for column in ("territory", "epci", "parent"):
        if column in result:
            result[column] = renamed(result[column], {**changes.codes, **changes.actors})
    if "population" in result:
        total = actors["population"].groupby(new.to_numpy()).sum(min_count=1)
        result["population"] = total.reindex(result.index).astype(result["population"].dtype)
    if result.index.has_duplicates:
        raise TableError(["two actors of the network have the same code; join them first"])
    targets = _split_targets(result, changes, log)
    return pd.concat([result, targets]) if len(targets) else result


def _renamed(arrivals: pd.DataFrame, changes: _Changes) -> pd.DataFrame:
    """Give the actors that exist only in the vintage their code and name."""
    names = _last_names(changes.successions.communes)
    groups = _last_names(changes.successions.groups)
    arrivals = arrivals.copy()
    insee = arrivals["insee"].map(changes.codes).astype("str").fillna(arrivals["insee"].astype("str"))
    group = arrivals["siren"].map(changes.codes).astype("str").where(insee.isna())
    known = communes_of(changes.year)["siren"]
    arrivals["siren"] = insee.map(known).astype("str").fillna(group)
    arrivals["insee"] = insee
    arrivals["name"] = insee.map(names).astype("str").fillna(group.map(groups).astype("str")).fillna(arrivals["name"])
    return arrivals


def _last_names(steps: pd.DataFrame) -> pd.Series:
    """Return the name of each successor at its latest step."""
    return (
        steps.sort_values("when", kind="stable")
        .drop_duplicates("successor", keep="last")
        .set_index("successor")["name"]
    )


def _split_targets(actors: pd.DataFrame, changes: _Changes, log: ReadingLog) -> pd.DataFrame:
    """Return the EPCI that a split made and that the network does not have."""
    if not any(log.noted("epci_split")):
        return actors.iloc[:0]
    used = {str(value) for value in log.noted("epci_split")} - set(actors.index)
    names = _last_names(changes.successions.groups)
    index = pd.Index(sorted(used), name="actor")
    columns = {"name": names.reindex(index), "kind": "epci", "sector": "public", "tier": "intercommunal"}
    return pd.DataFrame({**columns, "siren": index, "territory": index, "rule": "succession"}, index=index)
