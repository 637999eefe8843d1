"""What became of the codes of communes and EPCI: dated steps, and how they are followed.

The steps come from the tables of the package (one step per vintage), or from files of movements: that
of INSEE for the communes, that of the DGCL for the EPCI.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd

from reseau_territorial.errors import TableError
from reseau_territorial.opendata._data import CURRENT, bundled
from reseau_territorial.opendata._files import Layout, read_table
from reseau_territorial.opendata._reading import ReadingLog, refuse_if_mostly_unread
from reseau_territorial.opendata._territory_files import MOVEMENTS, year_of
from reseau_territorial.opendata.dates import parse_dates
from reseau_territorial.opendata.identifiers import clean_insee, clean_siren

__all__ = ["Successions", "bundled_successions", "read_successions"]

_OF_EPCI: Final = Layout(
    "epci_succession",
    {
        "siren": ("siren_epci",),
        "name": ("libelle", "nom"),
        "since": ("date_debut",),
        "until": ("date_fin",),
        "successor": ("siren_en_cours",),
    },
    required=("siren", "until", "successor"),
)
_STEP: Final = ("code", "successor", "name", "when")
_GROUP_STEP: Final = ("siren", "successor", "name", "relation", "when")


def _empty(columns: Sequence[str]) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns), dtype="str")


@dataclass(frozen=True, eq=False)
class Successions:
    """Dated steps of codes; ``when`` is the first day (ISO) on which the new state holds.

    Parameters
    ----------
    communes : pandas.DataFrame
        ``code`` is gone on ``when``; its territory is that of ``successor``, called ``name``.
    made_again : pandas.DataFrame
        ``code`` is a commune (called ``name``) from ``when`` on; ``parent`` lost its territory.
    shared_out : pandas.DataFrame
        ``code`` is gone on ``when`` and went to several communes (``successor``, in words).
    renamed : pandas.DataFrame
        ``code`` is called ``name`` from ``when`` on; ``before`` is its former name.
    groups : pandas.DataFrame
        The SIREN of an EPCI is gone on ``when``; ``relation`` says whether all went to one.
    until : str
        Last vintage that the steps of the communes cover.
    """

    communes: pd.DataFrame = field(default_factory=lambda: _empty(_STEP))
    made_again: pd.DataFrame = field(default_factory=lambda: _empty(("code", "name", "parent", "when")))
    shared_out: pd.DataFrame = field(default_factory=lambda: _empty(("code", "successor", "when")))
    renamed: pd.DataFrame = field(default_factory=lambda: _empty(("code", "name", "before", "when")))
    groups: pd.DataFrame = field(default_factory=lambda: _empty(_GROUP_STEP))
    until: str = CURRENT

    def communes_at(self, codes: Iterable[str], vintage: str) -> dict[str, str]:
        """Return code -> code in the vintage, for the codes that are not in force there."""
        gone = _steps(self.communes, "code", "successor")
        comes = _dates(self.communes, "successor", self.made_again)
        found = {code: _followed(code, f"{vintage}-01-01", gone, comes) for code in codes}
        return {code: now for code, now in found.items() if now != code}

    def groups_at(self, sirens: Iterable[str], vintage: str) -> dict[str, str]:
        """Return SIREN -> SIREN in the vintage, for the EPCI that were replaced by one."""
        gone = _steps(self.groups[self.groups["relation"].eq("replaced")], "siren", "successor")
        found = {siren: _followed(siren, f"{vintage}-01-01", gone, {}) for siren in sirens}
        return {siren: now for siren, now in found.items() if now != siren}

    def split_groups(self, vintage: str) -> set[str]:
        """Return the SIREN of the EPCI that were split by the vintage."""
        table = self.groups
        return set(table.loc[table["relation"].eq("split") & table["when"].le(f"{vintage}-01-01"), "siren"])


def _steps(table: pd.DataFrame, code: str, successor: str) -> dict[str, list[tuple[str, str]]]:
    result: dict[str, list[tuple[str, str]]] = {}
    for old, new, when in table[[code, successor, "when"]].itertuples(index=False, name=None):
        result.setdefault(old, []).append((when, new))
    return result


def _dates(steps: pd.DataFrame, successor: str, made_again: pd.DataFrame) -> dict[str, list[str]]:
    """Return the dates on which a code comes into force."""
    result: dict[str, list[str]] = {}
    for table, column in ((steps, successor), (made_again, "code")):
        for code, when in table[[column, "when"]].itertuples(index=False, name=None):
            result.setdefault(code, []).append(when)
    return result


def _followed(
    code: str, day: str, gone: Mapping[str, Sequence[tuple[str, str]]], comes: Mapping[str, Sequence[str]]
) -> str:
    """Follow a code, step after step, to the one that has its territory on a day."""
    since, passed = "", set()
    while True:
        steps = [step for step in gone.get(code, ()) if since <= step[0] <= day]
        if not steps or (code in passed and max(steps)[0] == since):
            return code
        when, successor = max(steps)
        if any(when < again <= day for again in comes.get(code, ())):
            return code
        passed.add(code)
        since, code = when, successor


@cache
def bundled_successions() -> Successions:
    """Return the steps that the vintages of the package show."""
    gone = bundled("communes-succession.csv")
    again = bundled("communes-made-again.csv")
    groups = bundled("epci-succession.csv")
    return Successions(
        communes=gone.assign(name=gone["successor_name"], when=gone["gone_by"] + "-01-01")[list(_STEP)],
        made_again=again.assign(when=again["by"] + "-01-01").drop(columns="by"),
        groups=groups.assign(name=groups["successor_name"], when=groups["gone_by"] + "-01-01")[list(_GROUP_STEP)],
    )


def read_successions(paths: Iterable[Path], log: ReadingLog, *, sheet: str | None = None) -> Successions:
    """Read files of movements; what no file tells stays as the package knows it."""
    result = bundled_successions()
    for path in paths:
        table = read_table(path, layouts=(MOVEMENTS, _OF_EPCI), sheet=sheet, log=log)
        if table.attrs["layout"] == "movements":
            result = _with_movements(result, table, path, log)
        else:
            result = replace(result, groups=_group_steps(table, path.name, log))
    return result


def _with_movements(held: Successions, table: pd.DataFrame, path: Path, log: ReadingLog) -> Successions:
    """Read the file of INSEE: a row says what one commune became of another on one day.

    Whatever its code of event, a commune that has no row towards itself in the event is gone; one that
    comes from another that stays is new, or made again.
    """
    rows = _clean_movements(table, path.name, log)
    if rows.empty:
        raise TableError([f"{path.name}: no movement of communes could be read"])
    own = rows[rows["before"].eq(rows["after"])]
    event = ["when", "kind"]
    stays = set(own[[*event, "before"]].itertuples(index=False, name=None))
    moves = rows[rows["before"].ne(rows["after"])].drop_duplicates([*event, "before", "after"])
    parent_stays = pd.Series([key in stays for key in zip(*(moves[c] for c in [*event, "before"]), strict=True)])
    target_stays = pd.Series([key in stays for key in zip(*(moves[c] for c in [*event, "after"]), strict=True)])
    parent_stays.index = target_stays.index = moves.index
    left = moves[~parent_stays]
    several = left.groupby([*event, "before"])["after"].transform("nunique").gt(1)
    steps = left[~several].rename(columns={"before": "code", "after": "successor", "name_after": "name"})
    parts = left[several].groupby(["before", "when"])["after"].agg(", ".join).reset_index()
    new = moves[parent_stays & ~target_stays]
    new = new.rename(columns={"after": "code", "name_after": "name", "before": "parent"})
    names = own[own["name_before"].notna() & own["name_before"].ne(own["name_after"])]
    names = names.rename(columns={"before": "code", "name_after": "name", "name_before": "before"})
    return replace(
        held,
        communes=steps[list(_STEP)].drop_duplicates(),
        made_again=new[["code", "name", "parent", "when"]].drop_duplicates(["code", "when"]),
        shared_out=parts.rename(columns={"before": "code", "after": "successor"}),
        renamed=names[["code", "name", "before", "when"]].drop_duplicates(),
        until=year_of(path) or str(rows["when"].max())[:4],
    )


def _clean_movements(table: pd.DataFrame, file: str, log: ReadingLog) -> pd.DataFrame:
    """Return the movements between communes proper, dated; déléguées and associées are left out."""
    between = table["type_before"].str.upper().eq("COM") & table["type_after"].str.upper().eq("COM")
    log.dropped(file, int((~between).sum()))
    rows = table[between]
    when = parse_dates(rows["date"])
    undated = when["date"].str.len().ne(10)
    header = table.attrs["headers"]
    log.add_rows("refused", "no_date", file=file, column=header["date"], raw=rows.loc[undated, "date"])
    rows = rows.assign(when=when["date"])
    usable = ~undated
    for column in ("before", "after"):
        verdicts = clean_insee(rows[column])
        refuse_if_mostly_unread(verdicts, file=file, column=header[column])
        log.add_identifiers(verdicts, file=file, column=header[column])
        usable &= verdicts["status"].isin(["valid", "repaired"])
        rows = rows.assign(**{column: verdicts["value"]})
    log.dropped(file, int((~usable).sum()))
    return rows[usable]


def _group_steps(table: pd.DataFrame, file: str, log: ReadingLog) -> pd.DataFrame:
    """Return the steps of the EPCI: those that ended and have a successor in force."""
    header, rows = table.attrs["headers"], len(table)
    for column in ("siren", "successor"):
        verdicts = clean_siren(table[column])
        refuse_if_mostly_unread(verdicts[verdicts["status"].ne("missing")], file=file, column=header[column])
        log.add_identifiers(verdicts, file=file, column=header[column])
        table = table.assign(**{column: verdicts["siren"]})
    until = parse_dates(table["until"])["date"]
    ended = table.assign(when=until)[until.str.len().eq(10) & table["siren"].notna() & table["successor"].notna()]
    ended = ended[ended["siren"].ne(ended["successor"])].drop_duplicates(["siren", "successor"])
    log.dropped(file, rows - len(ended))
    names = table.drop_duplicates("siren", keep="last").set_index("siren")["name"] if "name" in table else None
    several = ended.groupby("siren")["successor"].transform("nunique").gt(1)
    relation = pd.Series("replaced", index=ended.index).mask(several, "split")
    name = ended["successor"].map(names) if names is not None else None
    return ended.assign(relation=relation, name=name)[list(_GROUP_STEP)].reset_index(drop=True)
