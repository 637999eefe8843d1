"""From rows of money to a network whose total can be checked to the euro.

Every row of a file has a fate: a tie, or a reason why it is none. The sums of the fates make the sum of the file.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import TableError, unknown_name
from reseau_territorial.opendata._columns import marked, numbered, packed, recurring
from reseau_territorial.opendata._money_report import KEPT, MoneyReport
from reseau_territorial.opendata._parties import Parties, Persons, actor_table, distinct_parties, identify
from reseau_territorial.opendata._places import with_territories
from reseau_territorial.opendata._reading import Action, Reading, ReadingLog, ReadingReport

__all__ = [
    "KEPT",
    "MoneyReport",
    "Per",
    "Source",
    "check_per",
    "empty_flows",
    "kept_rows",
    "money_network",
    "set_aside",
    "settle",
    "source_table",
    "spot_repeated_files",
]

FLOW_COLUMNS: Final = (
    "file", "line", "payer_id", "payer_name", "payee_id", "payee_scheme", "payee_rna", "payee_name",
    "payee_place", "euros", "year", "date", "fate",
)  # fmt: skip
_PARTIES: Final = (
    "file", "payer_id", "payer_name", "payee_id", "payee_scheme", "payee_rna", "payee_name", "payee_place",
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
_REASONS_SHOWN: Final = 3
_SOURCE_COLUMNS: Final = ("producer", "title", "date", "licence", "url")

Source = Mapping[str, object]
Per = Literal["row", "year"]


def check_per(per: str) -> None:
    """Raise when what a tie stands for is misspelt."""
    if per not in ("row", "year"):
        raise unknown_name("value of per", per, ("row", "year"))


def empty_flows(rows: int) -> pd.DataFrame:
    """Return `rows` rows of flows with every column missing, in a byte each, fate ``kept``."""
    nothing = pd.Categorical.from_codes(np.full(rows, -1, dtype="int8"), categories=pd.Index([], dtype="str"))
    flows = pd.DataFrame(dict.fromkeys(FLOW_COLUMNS, nothing))
    flows["fate"] = pd.Categorical.from_codes(np.zeros(rows, dtype="int8"), categories=pd.Index([KEPT], dtype="str"))
    return flows


def kept_rows(flows: pd.DataFrame) -> NDArray[np.bool_]:
    """Say which rows are still kept."""
    return (flows["fate"] == KEPT).to_numpy(dtype=bool)


def set_aside(flows: pd.DataFrame, rows: pd.Series, why: str) -> None:
    """Give a fate to the rows that are still kept and satisfy the condition."""
    flows["fate"] = marked(flows["fate"], rows & (flows["fate"] == KEPT), why)


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
    for file, part in flows[["file", "payer_name", "date"]].groupby("file", sort=False):
        payers = part["payer_name"].dropna().unique()
        own = {
            "producer": producer or (payers[0] if len(payers) == 1 else None),
            "title": str(file),
            "date": max((text for text in part["date"].dropna().unique() if text), default=None),
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
    standing = kept_rows(flows)
    rows_of = flows["file"][standing].value_counts(sort=False)
    if (rows_of > 0).sum() < 2:
        return
    places = recurring([flows[key] for key in keys], standing)
    kept = flows[["file", *keys]].iloc[places]  # the other rows stand in no file before
    same = pd.Series(numbered([kept[key] for key in keys]), index=kept.index)
    rank = same.groupby([kept["file"], same], observed=True).cumcount()
    signature = pd.DataFrame({"same": same, "rank": rank}).groupby(["same", "rank"], sort=False).ngroup()
    seen = np.array([], dtype=np.intp)
    for file in kept["file"].unique():
        mine = signature[kept["file"] == file]
        again = mine.isin(seen)
        if again.sum() >= _SAME_FILE * rows_of[file]:
            set_aside(flows, pd.Series(flows.index.isin(mine.index[again]), index=flows.index), "repeated_file")
        seen = np.union1d(seen, mine)


@dataclass(frozen=True, eq=False, kw_only=True)
class Settled:
    """Rows of money once each has its fate: what a network is made of, and the account."""

    ties: pd.DataFrame
    actors: pd.DataFrame
    totals: pd.DataFrame
    fates: pd.DataFrame


def settle(
    flows: pd.DataFrame,
    *,
    log: ReadingLog,
    persons: Persons,
    extras: Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
    weightless: frozenset[str] = frozenset(),
    per: Per = "row",
) -> Settled:
    """Give each row its last fate, and make ties of the rows kept and actors of their parties.

    Parameters
    ----------
    flows : pandas.DataFrame
        Rows of money, as :func:`empty_flows` makes them, plus the columns named by `extras`. The columns that
        tell the parties are taken out: they would stand beside what is made of them.
    log : ReadingLog
        Where the fates are noted.
    persons : {"mask", "keep"}
        Whether natural persons are masked.
    extras : sequence of str
        Columns of `flows` to keep on the ties.
    columns : mapping of str to str, optional
        Names that ``payer_id``, ``payee_id`` and ``payee_rna`` have in the file.
    weightless : frozenset of str
        Fates of the rows that are ties all the same, of weight 0: their amount is not known.
    per : {"row", "year"}
        One tie per row, or one per payer, payee and year: the sum of its rows, whose number is told.

    Returns
    -------
    Settled
        Ties go from payer to payee, in euros; the period is the year.
    """
    flows.index = pd.RangeIndex(len(flows))
    for name in (*_PARTIES, "fate"):
        flows[name] = packed(flows[name])
    payers, payees = _sides(flows, log=log, persons=persons, columns=columns or {})
    for name in _PARTIES[1:]:
        del flows[name]
    _last_fates(flows, payers.keys, payees.keys, weightless)
    _tell_fates(flows, log)
    kept = flows["fate"].isin({KEPT, *weightless}).to_numpy()
    log.kept_only(_lines_of(flows, kept))
    parties = pd.concat([payers.named_by(kept), payees.named_by(kept)], ignore_index=True)
    return Settled(
        ties=_ties(flows, payers, payees, kept, extras) if per == "row" else _sums(flows, payers, payees, kept),
        actors=actor_table(parties),
        totals=_totals(flows),
        fates=_fates(flows, kept),
    )


def money_network(
    settled: Settled,
    *,
    layer: str,
    label: str,
    log: ReadingLog,
    sources: pd.DataFrame,
    checks: pd.DataFrame | None = None,
    more_totals: pd.DataFrame | None = None,
) -> Reading:
    """Build the network of the rows kept and the account of all of them.

    Parameters
    ----------
    settled : Settled
        What :func:`settle` returned.
    layer, label : str
        Key and French label of the layer.
    log : ReadingLog
        Notes of the reading, closed here.
    sources : pandas.DataFrame
        Indexed by ``evidence``, which is the name of the file.
    checks : pandas.DataFrame, optional
        Totals stated by the files.
    more_totals : pandas.DataFrame, optional
        Euros of the files that are in no row of money: ``file``, ``fate``, ``rows``, ``euros``.

    Raises
    ------
    TableError
        No row of the files is a tie. Files without a tie or without an amount, beside others, are warned of.
    """
    from reseau_territorial.network import Network
    from reseau_territorial.opendata.kinds import with_kinds

    report = log.report()
    _refuse_nothing(settled, report, layer)
    totals = _with_more(settled.totals, more_totals)
    layers = pd.DataFrame({"label": [label], "directed": [True], "unit": ["€"]}, index=pd.Index([layer], name="layer"))
    network = Network(
        settled.ties.assign(layer=pd.Series(layer, index=settled.ties.index, dtype="str")),
        actors=with_kinds(with_territories(settled.actors)),
        layers=layers,
        sources=sources[sources.index.isin(totals["file"])],
    )
    account = MoneyReport(
        files=report.files,
        findings=report.findings,
        totals=totals,
        checks=pd.DataFrame() if checks is None else checks,
        fates=settled.fates,
    )
    return Reading(network, account)


def _refuse_nothing(settled: Settled, report: ReadingReport, layer: str) -> None:
    """Refuse files none of whose rows is a tie; warn of one among others, and of ties that all weigh nothing."""
    fates = settled.fates
    repeats = set(fates.loc[fates["fate"] == "repeated_file", "file"])
    again = fates["fate"].isin(("repeated_file", "repeated_contract")).groupby(fates["file"], observed=True).all()
    repeats |= {*again.index[again]}
    read = report.files[(report.files["rows"] > 0) & ~report.files["file"].isin(repeats)]
    empty = read[read["kept"] == 0]
    problems = [
        f"{file}: none of its {rows} rows is a {layer}: {_first_findings(report, file)}. "
        "An amount is a number of euros; correct the file, or leave it out"
        for file, rows in zip(empty["file"], empty["rows"], strict=True)
    ]
    if settled.ties.empty and problems:
        raise TableError(problems)
    priced = fates.loc[fates["tie"] & (fates["fate"] == KEPT) & (fates["euros"] > 0), "file"].unique()
    weightless = read[(read["kept"] > 0) & ~read["file"].isin(priced)]
    problems += [
        f"{file}: no {layer} has an amount that can be read: {_first_findings(report, file)}. "
        "All its ties weigh 0; count them with weight=None"
        for file in weightless["file"]
    ]
    for problem in problems:
        warnings.warn(problem, stacklevel=4)


def _first_findings(report: ReadingReport, file: str) -> str:
    """Write the findings on the rows of one file: how many of each reason, and where the first one is."""
    own = report.findings[(report.findings["file"] == file) & report.findings["line"].notna()]
    own = own[own["action"] != "repaired"]
    amounts = own[own["reason"].str.contains("amount")]
    own = amounts if len(amounts) else own
    table = replace(report, findings=own).summary(lang="en").sort_values("count", ascending=False, kind="stable")
    told = []
    for why, column, count, line in table[["reason", "column", "count", "first_line"]].itertuples(index=False):
        where = f"line {line}, column {column!r}" if column else f"line {line}"
        told.append(f"{count} × {why} ({where}{' first' if count > 1 else ''})")
    return "; ".join(told[:_REASONS_SHOWN]) or "no amount in them"


def _ties(
    flows: pd.DataFrame, payers: Parties, payees: Parties, kept: NDArray[np.bool_], extras: Sequence[str]
) -> pd.DataFrame:
    """Return the ties of the rows kept: packed texts are written out, as in any table of ties."""
    needed = ["date", "file", "line", "year", "euros", "fate", *extras]
    rows = flows if kept.all() else flows.loc[kept, needed]
    texts = [name for name in ("date", "file", *extras) if isinstance(rows[name].dtype, pd.CategoricalDtype)]
    return pd.DataFrame(
        {
            "source": payers.keys[kept].astype("str"),
            "target": payees.keys[kept].astype("str"),
            "period": _periods(rows["year"]),
            "weight": rows["euros"].where(rows["fate"] == KEPT, 0.0).fillna(0.0),
            "level": pd.array(np.full(len(rows), 3), dtype="Int8"),
            "formal": pd.array(np.full(len(rows), True), dtype="boolean"),
            "date": rows["date"],
            "evidence": rows["file"],
            "line": rows["line"].astype("Int64"),
            **{name: rows[name] for name in extras},
        }
    ).astype({("evidence" if name == "file" else name): "str" for name in texts})


def _sums(flows: pd.DataFrame, payers: Parties, payees: Parties, kept: NDArray[np.bool_]) -> pd.DataFrame:
    """Return one tie per payer, payee and year, with the sum of the rows kept and their number."""
    ends = [_of_kept(end.keys, kept) for end in (payers, payees)]
    files, years = (_of_kept(flows[name], kept) for name in ("file", "year"))
    number = numbered([*ends, years])
    first = np.flatnonzero(~pd.Series(number, copy=False).duplicated().to_numpy())
    sources, targets = (end.iloc[first].astype("str").array for end in ends)
    del ends
    euros = _of_kept(flows["euros"].where(flows["fate"] == KEPT, 0.0).fillna(0.0), kept)
    ties = pd.DataFrame(
        {
            "source": sources,
            "target": targets,
            "period": _periods(years.iloc[first]).array,
            "weight": np.bincount(number, euros),
            "level": pd.array(np.full(len(first), 3), dtype="Int8"),
            "formal": pd.array(np.full(len(first), True), dtype="boolean"),
            "evidence": files.iloc[first].astype("str").array,
            "rows": pd.array(np.bincount(number), dtype="Int64"),
        }
    )
    if files.nunique() > 1:
        named = pd.DataFrame({"number": number, "file": files}).drop_duplicates().astype({"file": "str"})
        ties["evidence"] = named.groupby("number")["file"].agg(lambda files: ";".join(sorted(files))).array
    return ties


def _of_kept(column: pd.Series, kept: NDArray[np.bool_]) -> pd.Series:
    """Return what a column holds for the rows kept, numbered anew: positions would take eight bytes each."""
    return column if kept.all() else pd.Series(column.array[kept], copy=False)


def _periods(years: pd.Series) -> pd.Series:
    return years.astype("category").cat.rename_categories(str).cat.as_ordered()


def _sides(
    flows: pd.DataFrame, *, log: ReadingLog, persons: Persons, columns: Mapping[str, str]
) -> tuple[Parties, Parties]:
    def side(end: str) -> Parties:
        said = {name: name.removeprefix(f"{end}_") for name in _PARTIES if name.startswith(end)}
        names = (columns.get(f"{end}_id", f"{end}_id"), columns.get("payee_rna", "payee_rna"))
        asked = flows[["file", "line", *said]].rename(columns=said)
        return distinct_parties(asked, partial(identify, log=log, columns=names))

    payers, payees = side("payer"), side("payee")
    return payers, payees.masked(log) if persons == "mask" else payees


def _last_fates(flows: pd.DataFrame, payers: pd.Series, payees: pd.Series, weightless: frozenset[str]) -> None:
    open_fate = flows["fate"].isin({KEPT, *weightless})
    for rows, why in (
        (payers.isna(), "no_payer"),
        (payees.isna(), "no_payee"),
        (_are_equal(payers, payees), "self_payment"),
    ):
        flows["fate"] = marked(flows["fate"], rows & open_fate, why)
        open_fate &= ~rows
    set_aside(flows, flows["euros"] < 0, "negative_amount")


def _are_equal(one: pd.Series, other: pd.Series) -> pd.Series:
    """Compare packed texts, each distinct one once."""
    places = one.cat.categories.get_indexer(other.cat.categories)
    codes = np.append(places, -2)[other.cat.codes]
    return pd.Series(codes == one.cat.codes.to_numpy(), index=one.index)


def _tell_fates(flows: pd.DataFrame, log: ReadingLog) -> None:
    told = flows.loc[flows["fate"] != KEPT, ["file", "fate", "line", "euros"]]
    for (file, fate), rows in told.groupby(["file", "fate"], sort=False, observed=True):
        raw = rows["euros"].set_axis(rows["line"])
        log.add_rows(_FATES.get(str(fate), "refused"), str(fate), file=str(file), raw=raw)


def _lines_of(flows: pd.DataFrame, kept: NDArray[np.bool_]) -> pd.Series:
    """Return how many lines of each file the rows kept stand on: marked in a table of all lines, a byte each."""
    files, lines = flows["file"].cat.codes.to_numpy(), flows["line"].to_numpy()
    counts = {}
    for code, file in enumerate(flows["file"].cat.categories):
        mine = lines[(files == code) & kept]
        stands = np.zeros(mine.max(initial=0) + 1, dtype=bool)
        stands[mine] = True
        counts[file] = int(stands.sum())
    return pd.Series(counts, dtype="int64")


def _fates(flows: pd.DataFrame, kept: NDArray[np.bool_]) -> pd.DataFrame:
    rows = flows[["file", "line", "fate", "euros"]]
    return rows.assign(line=rows["line"].astype("int64"), tie=kept)


def _totals(flows: pd.DataFrame) -> pd.DataFrame:
    files, fates, euros = flows["file"].cat, flows["fate"].cat, flows["euros"].to_numpy()
    most = len(fates.categories)
    pairs = files.codes.to_numpy(dtype=np.int32) * most + fates.codes.to_numpy()
    found = []
    for pair in pd.unique(pairs):
        own = euros[pairs == pair]
        file, fate = files.categories[int(pair) // most], fates.categories[int(pair) % most]
        found.append((file, fate, len(own), math.fsum(own[~np.isnan(own)])))
    columns = {"file": "str", "fate": "str", "rows": "int64", "euros": "float64"}
    return pd.DataFrame(found, columns=list(columns)).astype(columns)


def _with_more(table: pd.DataFrame, more: pd.DataFrame | None) -> pd.DataFrame:
    if more is not None and len(more):
        table = pd.concat([table, more], ignore_index=True)
    order = (table["fate"] != KEPT).astype(int)
    return table.assign(order=order).sort_values(["file", "order"], kind="stable").drop(columns="order")
