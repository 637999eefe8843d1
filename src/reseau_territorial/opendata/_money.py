"""From rows of money to a network whose total can be checked to the euro.

Every row of a file has a fate: a tie, or a reason why it is none. The sums of the fates make the sum of the file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from reseau_territorial.errors import unknown_name
from reseau_territorial.opendata._parties import PARTY_COLUMNS, Persons, actor_table, identify, mask
from reseau_territorial.opendata._places import with_territories
from reseau_territorial.opendata._reading import Action, ReadingLog, ReadingReport, number
from reseau_territorial.opendata._reasons import reason
from reseau_territorial.vocabulary import Lang

__all__ = [
    "KEPT",
    "MoneyReport",
    "Source",
    "empty_flows",
    "money_network",
    "set_aside",
    "source_table",
    "spot_repeated_files",
]

KEPT: Final = "kept"
FLOW_COLUMNS: Final = (
    "file", "line", "payer_id", "payer_name", "payee_id", "payee_scheme", "payee_rna", "payee_name",
    "payee_place", "euros", "years", "year", "date", "fate",
)  # fmt: skip
_FATES: Final[Mapping[str, Action]] = {
    "total_line": "decided",
    "repeated_row": "counted_twice",
    "repeated_file": "counted_twice",
    "repeated_contract": "counted_twice",
    "negative_amount": "decided",
    "zero_amount": "noted",
    "self_payment": "noted",
    "not_a_grant": "decided",
    "superseded": "decided",
}
_SAME_FILE: Final = 0.5
_SOURCE_COLUMNS: Final = ("producer", "title", "date", "licence", "url")

Source = Mapping[str, object]


@dataclass(frozen=True, eq=False, kw_only=True)
class MoneyReport(ReadingReport):
    """A reading report with the account of the money.

    Parameters
    ----------
    files, findings : pandas.DataFrame
        As in :class:`ReadingReport`.
    totals : pandas.DataFrame
        One row per file and fate (``kept``, or the reason of a finding): ``file``, ``fate``,
        ``rows`` and ``euros``. The euros of a file add up to the sum of its readable amounts.
    checks : pandas.DataFrame
        Sums that the file states itself: ``file``, ``line``, ``stated``, ``computed``, ``difference``.

    Examples
    --------
    >>> MoneyReport.__mro__[1].__name__
    'ReadingReport'
    """

    totals: pd.DataFrame = field(default_factory=pd.DataFrame)
    checks: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def euros(self) -> float:
        """The euros of the ties of the network."""
        return math.fsum(self.totals.loc[self.totals["fate"] == KEPT, "euros"])

    def describe(self, *, lang: Lang = "fr") -> str:
        """Return the report as a few lines of text, the account of the money last."""
        lines = [super().describe(lang=lang)]
        lines.append("  Comptes\u202f:" if lang == "fr" else "  Account:")
        for entry in self.totals.itertuples():
            fate = {"fr": "retenu", "en": "kept"}[lang] if entry.fate == KEPT else reason(str(entry.fate), lang=lang)
            rows = "lignes" if lang == "fr" else "rows"
            lines.append(f"    {entry.file}: {_euros(entry.euros)} ({number(int(str(entry.rows)))} {rows}), {fate}")
        if len(self.checks):
            wrong = int((self.checks["difference"].abs() >= 0.5).sum())
            stated = number(len(self.checks))
            lines.append(
                f"    {stated} totaux écrits dans les fichiers, {number(wrong)} différents des lignes"
                if lang == "fr"
                else f"    {stated} totals stated by the files, {number(wrong)} differ from the rows"
            )
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.describe()


def _euros(value: Any) -> str:
    return f"{value:,.2f}".replace(",", "\u202f").replace(".", ",") + "\u00a0€"


def empty_flows(rows: int) -> pd.DataFrame:
    """Return `rows` rows of flows with every column missing, fate ``kept``."""
    flows = pd.DataFrame(index=pd.RangeIndex(rows), columns=[*FLOW_COLUMNS], dtype="str")
    flows["euros"] = float("nan")
    flows["years"] = 1
    flows["year"] = pd.array([pd.NA] * rows, dtype="Int64")
    flows["fate"] = KEPT
    return flows


def set_aside(flows: pd.DataFrame, rows: pd.Series, why: str) -> None:
    """Give a fate to the rows that are still kept and satisfy the condition."""
    flows.loc[rows & (flows["fate"] == KEPT), "fate"] = why


def source_table(flows: pd.DataFrame, source: Source | None, *, licence: str, producer: str = "") -> pd.DataFrame:
    """Return one source per file: what the caller says, else what the rows say of the producer and date.

    Parameters
    ----------
    flows : pandas.DataFrame
        Rows of money.
    source : mapping, optional
        ``producer``, ``title``, ``date``, ``licence``, ``url``.
    licence, producer : str
        What to write when `source` does not say; without producer, the payer if the file has only one.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``evidence``, the name of the file.
    """
    told = dict(source or {})
    unknown = set(told) - set(_SOURCE_COLUMNS)
    if unknown:
        raise unknown_name("field of a source", min(unknown), _SOURCE_COLUMNS)
    rows = {}
    for file, part in flows.groupby("file", sort=False):
        payers = part["payer_name"].dropna().unique()
        own = {
            "producer": producer or (payers[0] if len(payers) == 1 else None),
            "title": str(file),
            "date": max((text for text in part["date"].dropna() if text), default=None),
            "licence": licence,
            "url": None,
        }
        rows[file] = {**own, **told}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(_SOURCE_COLUMNS))
    table.index.name = "evidence"
    return table


def spot_repeated_files(flows: pd.DataFrame) -> None:
    """Set aside a file (or sheet) most of whose rows stand already in a file read before it."""
    keys = ["payer_id", "payer_name", "payee_id", "payee_name", "euros", "year", "date"]
    kept = flows[flows["fate"] == KEPT]
    texts = [kept[key].astype("str").fillna("") for key in keys]
    signature = pd.Series(list(zip(*texts, strict=True)), index=kept.index, dtype="object")
    rank = signature.groupby([kept["file"], signature]).cumcount()
    signature = pd.Series(list(zip(signature, rank, strict=True)), index=kept.index, dtype="object")
    seen: set[object] = set()
    for file in dict.fromkeys(kept["file"]):
        mine = signature[kept["file"] == file]
        again = mine.isin(seen)
        if len(mine) and again.mean() >= _SAME_FILE:
            flows.loc[mine.index[again], "fate"] = "repeated_file"
        seen |= set(mine)


def money_network(
    flows: pd.DataFrame,
    *,
    layer: str,
    label: str,
    log: ReadingLog,
    persons: Persons,
    sources: pd.DataFrame,
    checks: pd.DataFrame | None = None,
    extras: Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
    weightless: frozenset[str] = frozenset(),
    more_totals: pd.DataFrame | None = None,
) -> tuple[Any, MoneyReport]:
    """Build the network of the rows kept and the account of all of them.

    Parameters
    ----------
    flows : pandas.DataFrame
        Rows of money, as :func:`empty_flows` makes them, plus the columns named by `extras`.
    layer, label : str
        Key and French label of the layer.
    log : ReadingLog
        Notes of the reading, closed here.
    persons : {"mask", "keep"}
        Whether natural persons are masked.
    sources : pandas.DataFrame
        Indexed by ``evidence``, which is the name of the file.
    checks : pandas.DataFrame, optional
        Totals stated by the files.
    extras : sequence of str
        Columns of `flows` to keep on the ties.
    columns : mapping of str to str, optional
        Names that ``payer_id``, ``payee_id`` and ``payee_rna`` have in the file.
    weightless : frozenset of str
        Fates of the rows that are ties all the same, of weight 0: their amount is not known.
    more_totals : pandas.DataFrame, optional
        Euros of the files that are in no row of `flows`: ``file``, ``fate``, ``rows``, ``euros``.

    Returns
    -------
    tuple of Network and MoneyReport
        Ties go from payer to payee, in euros; the period is the year.
    """
    from reseau_territorial.network import Network
    from reseau_territorial.opendata.kinds import assign_kinds

    flows = flows.reset_index(drop=True)
    payers, payees = _sides(flows, log=log, persons=persons, columns=columns or {})
    _last_fates(flows, payers, payees, weightless)
    _tell_fates(flows, log)
    kept = flows["fate"].isin({KEPT, *weightless})
    ties = pd.DataFrame(
        {
            "source": payers["key"],
            "target": payees["key"],
            "layer": layer,
            "period": flows["year"].astype("Int64").astype("str").replace("<NA>", None),
            "weight": flows["euros"].where(flows["fate"] == KEPT, 0.0).fillna(0.0),
            "level": 3,
            "formal": True,
            "date": flows["date"].map(lambda text: text or None),
            "evidence": flows["file"],
            "line": flows["line"].astype("Int64"),
            **{name: flows[name] for name in extras},
        }
    )[kept]
    parties = pd.concat([payers[kept], payees[kept]], ignore_index=True)
    layers = pd.DataFrame({"label": [label], "directed": [True], "unit": ["€"]}, index=pd.Index([layer], name="layer"))
    used = sources[sources.index.isin(flows["file"])]
    network = assign_kinds(Network(ties, actors=with_territories(actor_table(parties)), layers=layers, sources=used))
    for file, rows in flows.groupby("file", sort=False):
        log.kept(str(file), rows.loc[kept[rows.index], "line"].nunique())
    report = log.report()
    account = MoneyReport(
        files=report.files,
        findings=report.findings,
        totals=_totals(flows, more_totals),
        checks=pd.DataFrame() if checks is None else checks,
    )
    return network, account


def _sides(
    flows: pd.DataFrame, *, log: ReadingLog, persons: Persons, columns: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    sides = []
    for side in ("payer", "payee"):
        parts = []
        for file, rows in flows.groupby("file", sort=False):
            asked = pd.DataFrame(
                {
                    "id": rows[f"{side}_id"],
                    "scheme": rows["payee_scheme"] if side == "payee" else None,
                    "rna": rows["payee_rna"] if side == "payee" else None,
                    "name": rows[f"{side}_name"],
                    "place": rows["payee_place"] if side == "payee" else None,
                }
            ).set_axis(rows["line"])
            names = (columns.get(f"{side}_id", f"{side}_id"), columns.get("payee_rna", "payee_rna"))
            found = identify(asked, file=str(file), log=log, columns=names)
            parts.append(found.set_axis(rows.index))
        empty = pd.DataFrame(columns=list(PARTY_COLUMNS), dtype="object")
        sides.append(pd.concat(parts).reindex(flows.index) if parts else empty)
    if persons == "mask":
        sides[1] = mask(sides[1], places=flows[["file", "line"]], log=log)
    return sides[0], sides[1]


def _last_fates(flows: pd.DataFrame, payers: pd.DataFrame, payees: pd.DataFrame, weightless: frozenset[str]) -> None:
    for rows, why in (
        (payers["key"].isna(), "no_payer"),
        (payees["key"].isna(), "no_payee"),
        (payers["key"] == payees["key"], "self_payment"),
    ):
        flows.loc[rows & flows["fate"].isin({KEPT, *weightless}), "fate"] = why
    set_aside(flows, flows["euros"] < 0, "negative_amount")


def _tell_fates(flows: pd.DataFrame, log: ReadingLog) -> None:
    for (file, fate), rows in flows[flows["fate"] != KEPT].groupby(["file", "fate"], sort=False):
        raw = rows["euros"].set_axis(rows["line"])
        log.add_rows(_FATES.get(str(fate), "refused"), str(fate), file=str(file), raw=raw)


def _totals(flows: pd.DataFrame, more: pd.DataFrame | None) -> pd.DataFrame:
    grouped = flows.groupby(["file", "fate"], sort=False)["euros"]
    table = grouped.agg(rows="size", euros=lambda euros: math.fsum(euros.dropna())).reset_index()
    if more is not None and len(more):
        table = pd.concat([table, more], ignore_index=True)
    order = (table["fate"] != KEPT).astype(int)
    return table.assign(order=order).sort_values(["file", "order"], kind="stable").drop(columns="order")
