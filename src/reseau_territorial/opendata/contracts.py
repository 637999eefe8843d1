"""Public contracts: the DECP format, versions 1 and 2 (JSON, XML), and the tables made from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reseau_territorial.errors import TableError, unknown_name
from reseau_territorial.opendata._advice import advice
from reseau_territorial.opendata._columns import (
    Fingerprints,
    bare_text,
    each_once,
    filled,
    marked,
    numbered,
    packed,
    stacked,
    taken,
)
from reseau_territorial.opendata._content import Content, open_content, tables_of
from reseau_territorial.opendata._decp import (
    Contract,
    Contracts,
    contracts_of_records,
    contracts_of_xml,
)
from reseau_territorial.opendata._decp_json import contracts_of_document, contracts_of_json
from reseau_territorial.opendata._decp_table import contracts_of_sheets
from reseau_territorial.opendata._money import (
    KEPT,
    Per,
    Source,
    check_per,
    empty_flows,
    money_network,
    set_aside,
    settle,
    source_table,
)
from reseau_territorial.opendata._parties import Persons, check_persons
from reseau_territorial.opendata._plausible import refuse_identifiers_as_amounts
from reseau_territorial.opendata._reading import Reading, ReadingLog
from reseau_territorial.opendata._records import json_lines, parse_json, xml_elements
from reseau_territorial.opendata._sheets import open_sheets
from reseau_territorial.opendata.amounts import distinct_amounts
from reseau_territorial.opendata.dates import distinct_dates

__all__ = ["read_contracts"]

Repeats = Literal["once", "keep"]

SENTINEL: Final = 12_311_111_111
"""What the consolidated data write in place of an amount that cannot be one."""
SYMBOLIC_EUROS: Final = 1.0
ABSURD_EUROS: Final = 10_000_000_000.0
LARGE_EUROS: Final = 100_000_000.0
_PLACEHOLDER: Final = re.compile(r"([19])\1{6,}|12345678\d*")
_WEIGHTLESS: Final = frozenset(
    {"amount_missing", "amount_sentinel", "amount_placeholder", "amount_symbolic", "amount_absurd", "amount_range"}
    | {"amount_ambiguous", "amount_damaged", "amount_text"}
)
_EXTRAS: Final = (
    "contract",
    "object",
    "nature",
    "cpv",
    "procedure",
    "months",
    "holders",
    "contract_euros",
    "low",
    "high",
)
_IDENTIFIERS: Final = {"payer_id": "acheteur.id", "payee_id": "titulaires.id"}
_LICENCE: Final = "Licence Ouverte 2.0"
_PRODUCER: Final = "Acheteurs publics (DECP)"


def read_contracts(
    paths: str | Path | Sequence[str | Path],
    *,
    buyer: str | None = None,
    buyer_id: str | None = None,
    sheet: str | None = None,
    repeats: Repeats = "once",
    persons: Persons = "mask",
    source: Source | None = None,
    per: Per = "row",
) -> Reading:
    """Read public contracts as a network from buyers to holders, with an account to the euro.

    Parameters
    ----------
    paths : str, Path or sequence
        DECP files as downloaded: JSON version 1 or 2, XML, consolidated CSV, xlsx or Parquet; plain, ``.gz`` or zip.
        Every table of a zip is read; ``archive.zip/member.csv`` names one of them.
    buyer, buyer_id : str, optional
        Name and SIRET of the buyer, for tables that list suppliers only.
    sheet : str, optional
        The sheet of a workbook to read, when several could be the one.
    repeats : {"once", "keep"}
        What to do with a contract published twice: same buyer, holders, amount and date, and the
        same number or a number that holds the other. Counted once by default, and told.
    persons : {"mask", "keep"}
        Whether sole traders and natural persons, known by their own names, are masked.
    source : mapping, optional
        ``producer``, ``title``, ``date``, ``licence`` and ``url`` of the files, for the sources table.
    per : {"row", "year"}
        One tie per contract and holder, or one per buyer, holder and year: the sum of its contracts, whose number
        is in ``rows``. The report is the same. For files of millions of contracts, whose texts do not fit in memory.

    Returns
    -------
    Reading
        The network (layer ``contract``, directed from buyer to holder, weight in euros, period = year of
        notification) and a report whose ``totals`` account for every euro of every file.

    Raises
    ------
    TableError
        A file holds no contract, nothing names the buyer, or no row of the files is a contract.

    Notes
    -----
    *Several holders.* The amount of a contract belongs to its group of holders: it is divided equally,
    to the cent, so that the total is right; ``contract_euros`` and ``holders`` keep the whole. A table
    repeats the amount on the row of each holder: the report tells how many euros that makes.

    *Modifications.* The last amount, duration and holders stand (``donneesActuelles`` in tables); a modification
    that states 0 euro or less leaves the amount before it, and the report tells which.

    *Amounts that are none*: missing, 1 euro or less, 99 999 999 and its like, the sentinel
    12 311 111 111, 10 billion and above, ranges. The contract is a tie of weight 0, and the euros
    are accounted for apart. Amounts above 100 million are kept, and told.

    Examples
    --------
    >>> import json, tempfile
    >>> market = {"id": "2019-1", "acheteur": {"id": "21370261600011", "nom": "Tours"}, "montant": 90000,
    ...           "dateNotification": "2019-02-01", "titulaires": [
    ...               {"typeIdentifiant": "SIRET", "id": "62722004900654", "denominationSociale": "Herve Thermique"},
    ...               {"typeIdentifiant": "TVA", "id": "DE814864138", "denominationSociale": "Hellman"}]}
    >>> path = Path(tempfile.mkdtemp()) / "marches.json"
    >>> _ = path.write_text(json.dumps({"marches": [market]}), encoding="utf-8")
    >>> net, report = read_contracts(path)
    >>> net.ties[["target", "weight"]].values.tolist(), report.euros
    ([['627220049', 45000.0], ['TVA:DE814864138', 45000.0]], 90000.0)
    """
    check_persons(persons)
    check_per(per)
    if repeats not in ("once", "keep"):
        raise unknown_name("treatment of repeats", repeats, ("once", "keep"))
    files = tables_of(paths)
    log = ReadingLog()
    read = partial(_read_file, buyer=buyer, buyer_id=buyer_id, sheet=sheet, titles=per == "row", log=log)
    table, holders = _together([read(file) for file in files])
    _judge_amounts(table, log, bounds=per == "row")
    if repeats == "once":
        _spot_repeats(table, holders)
    extras = _EXTRAS if per == "row" else ()
    flows, repeated = _flows(table, holders, extras), _counted_for_each_holder(table)
    del table, holders  # as large as what follows
    producer = "" if buyer else _PRODUCER
    sources = source_table(
        flows.assign(date=filled(flows["published"], flows["date"])), source, licence=_LICENCE, producer=producer
    )
    settled = settle(
        flows, log=log, persons=persons, extras=extras, columns=_IDENTIFIERS, weightless=_WEIGHTLESS, per=per
    )
    del flows  # as large as the network
    return money_network(
        settled, layer="contract", label="Contrats publics", log=log, sources=sources, more_totals=repeated
    )


def _read_file(
    file: Path, *, buyer: str | None, buyer_id: str | None, sheet: str | None, titles: bool, log: ReadingLog
) -> tuple[str, Contracts]:
    content = open_content(file)
    name = content.name
    modified: list[Contract] = []
    if content.kind == "json":
        contracts = _of_json(content, modified, log)
    elif content.kind == "xml":
        contracts = Contracts.of(_telling(contracts_of_xml(xml_elements(name, content.open)), modified))
    else:
        contracts = None
    if contracts is None:
        sheets = open_sheets(file, sheet)
        return sheets[0].file, contracts_of_sheets(sheets, buyer=buyer, buyer_id=buyer_id, log=log, titles=titles)
    if contracts.table.empty:
        problem = f"{name} holds no public contract; a DECP file has records 'marche' or 'marches'"
        raise TableError([f"{problem}. {advice([])}"])
    if not titles:
        column = Fingerprints(bare_text)
        column.add(contracts.table["object"].astype("object").to_list())
        contracts.table["object"] = column.series()
    log.opened(name, form=Path(name).suffix.lstrip("."), rows=len(contracts.table))
    amounts = pd.DataFrame(
        [(contract.first_amount, contract.amount, contract.zero) for contract in modified],
        index=[contract.line for contract in modified],
        columns=["first", "last", "zero"],
        dtype="object",
    )
    changed = amounts[amounts["first"] != amounts["last"]]
    log.add_rows("decided", "modified", file=name, column="montant", raw=changed["first"], value=changed["last"])
    left = amounts[amounts["zero"].notna()]
    log.add_rows("decided", "modified_to_zero", file=name, column="montant", raw=left["zero"], value=left["last"])
    return name, contracts


def _of_json(content: Content, modified: list[Contract], log: ReadingLog) -> Contracts | None:
    """Return the contracts of a JSON file, streamed where it can be; None when it is no DECP file."""
    from ijson import JSONError

    lines = json_lines(content.name, content.blocks)
    if lines is not None:
        found = contracts_of_records(lines)
        return None if found is None else Contracts.of(_telling(found, modified))
    try:
        listed = contracts_of_json(content.open)
    except JSONError:  # not UTF-8, or not JSON: the whole text is needed to read it, or to say where it fails
        listed = contracts_of_document(parse_json(content.name, content.read()))
    if listed is None:
        return None
    found, others = listed
    contracts = Contracts.of(_telling(found, modified))
    for path, records in others.items():
        log.add("refused", "list_not_read", file=content.name, column=path, raw=str(records))
    return contracts


def _telling(contracts: Iterable[Contract], modified: list[Contract]) -> Iterator[Contract]:
    """Pass contracts on, and keep those whose amount a modification changed, or left by stating none."""
    for contract in contracts:
        if contract.revised and (contract.amount != contract.first_amount or contract.zero is not None):
            modified.append(contract)
        yield contract


def _together(files: Sequence[tuple[str, Contracts]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the contracts of all files, their amounts and dates still as cells, and the holders of each."""
    tables, holders, start = [], [], 0
    for name, found in files:
        tables.append(found.table.assign(file=packed(pd.Series(name, index=found.table.index))))
        holders.append(found.holders.assign(contract=found.holders["contract"] + start))
        start += len(found.table)
    return stacked(tables), stacked(holders)


def _judge_amounts(table: pd.DataFrame, log: ReadingLog, *, bounds: bool) -> None:
    """Read the amounts and the dates, each distinct cell of a file once; give a fate to the amounts that are none.

    The bounds of the amounts that are ranges are kept on request: two columns of eight bytes, hardly ever filled.
    """
    amount_of, date_of = (np.zeros(len(table), dtype=np.int32) for _ in range(2))
    # Files whose records were all refused leave a table without a row, hence without a file.
    amounts, dates = [distinct_amounts(table["cell"].iloc[:0])[1]], [distinct_dates(table["date_cell"].iloc[:0])[1]]
    for code, file in enumerate(table["file"].cat.categories):
        mine = (table["file"].cat.codes == code).to_numpy()
        rows = table.loc[mine, ["line", "cell", "date_cell"]].set_index("line")
        codes, read = distinct_amounts(rows["cell"])
        euros = pd.Series(read["euros"].to_numpy()[codes], index=rows.index, copy=False)
        refuse_identifiers_as_amounts(euros, file=file, column="montant")
        amount_of[mine] = codes + sum(map(len, amounts))
        amounts.append(read)
        codes, read = distinct_dates(rows["date_cell"])
        bad = read["issue"].isin(("ambiguous", "impossible", "text")).to_numpy()[codes]
        raw, why = rows.loc[bad, "date_cell"], "date_" + read["issue"].take(codes[bad])
        log.add_rows("refused", why.set_axis(raw.index), file=file, column="dateNotification", raw=raw)
        date_of[mine] = codes + sum(map(len, dates))
        dates.append(read)
        large = rows.loc[euros.between(LARGE_EUROS, ABSURD_EUROS).to_numpy(), "cell"]
        log.add_rows("noted", "large_amount", file=file, column="montant", raw=large)
    judged, dated = pd.concat(amounts, ignore_index=True), pd.concat(dates, ignore_index=True)
    _judge(judged)
    for name in ("euros", "low", "high") if bounds else ("euros",):
        table[name] = judged[name].to_numpy()[amount_of]
    table["fate"] = marked(taken(judged["fate"], amount_of), table["superseded"], "superseded")
    table["date"] = taken(packed(dated["date"].replace("", None)), date_of)
    table["year"] = dated["year"].astype("Int16").array.take(date_of)


def _judge(amounts: pd.DataFrame) -> None:
    """Give a fate to distinct amounts: those that are none are told apart by why."""
    amounts["fate"] = ("amount_" + amounts["issue"]).where(amounts["issue"] != "", KEPT)
    euros = amounts["euros"]
    set_aside(amounts, euros == SENTINEL, "amount_sentinel")
    placeholders = {number for number in euros.dropna() if _PLACEHOLDER.fullmatch(f"{number:.0f}")}
    set_aside(amounts, euros.isin(placeholders), "amount_placeholder")
    set_aside(amounts, euros.between(0, SYMBOLIC_EUROS), "amount_symbolic")
    set_aside(amounts, euros >= ABSURD_EUROS, "amount_absurd")


def _spot_repeats(table: pd.DataFrame, holders: pd.DataFrame) -> None:
    """Set aside a contract that stands already: same parties, amount, date, object, and a kindred number."""
    said = ["buyer_id", "buyer_name", "euros", "date", "cell", "cpv", "object"]
    standing = table.loc[(table["fate"] != "superseded").to_numpy(), said]
    # Only contracts of one amount and date can be the same. What is dearer to compare is compared among those left.
    standing = standing[standing.duplicated(["euros", "date"], keep=False).to_numpy()]
    standing = standing.assign(buyer=_bare(filled(standing["buyer_id"], standing["buyer_name"])))
    standing = standing[_stands_twice([standing["euros"], standing["date"], standing["buyer"]])]
    alike = _alike(standing)
    standing = standing[_stands_twice([alike])]
    listed = _listed_holders(holders, standing.index)
    signatures = pd.Series(numbered([alike[standing.index], listed]), index=standing.index)
    again = signatures[signatures.duplicated(keep=False)]
    numbers = table["number"].reindex(again.index).fillna("")
    numbers = numbers.str.replace(re.compile(r"\W|_"), "", regex=True).str.casefold()
    seen: dict[int, list[str]] = {}
    repeated = []
    for place, signature, bare in zip(again.index, again, numbers, strict=True):
        others = seen.setdefault(signature, [])
        comparable = table.at[place, "fate"] == KEPT or bare in others
        if comparable and any(bare in other or other in bare for other in others):
            repeated.append(place)
        others.append(bare)
    table["fate"] = marked(table["fate"], table.index.isin(repeated), "repeated_contract")


def _stands_twice(columns: Sequence[pd.Series]) -> NDArray[np.bool_]:
    """Say which rows equal another one in all columns."""
    return pd.Series(numbered(columns), copy=False).duplicated(keep=False).to_numpy()


def _alike(contracts: pd.DataFrame) -> pd.Series:
    """Return the same number for contracts of the same buyer, amount, date, code and object."""
    said = [contracts["buyer"], *(_bare(contracts[name]) for name in ("cell", "date", "cpv", "object"))]
    return pd.Series(numbered(said), index=contracts.index)


def _listed_holders(holders: pd.DataFrame, places: pd.Index) -> pd.Series:
    """Return the holders of some contracts, as one text each."""
    own = holders[holders["contract"].isin(places)]
    who = _bare(filled(own["identifier"], own["name"])).astype("str").fillna("")
    parties = pd.DataFrame({"contract": own["contract"], "who": who}).sort_values(["contract", "who"])
    several = parties["contract"].duplicated(keep=False)
    alone, groups = parties[~several].set_index("contract")["who"], parties[several]
    together = groups.groupby("contract")["who"].agg("|".join) if len(groups) else groups["who"]
    listed: pd.Series = pd.concat([alone, together]).reindex(places)
    return listed.fillna("")


def _bare(values: pd.Series) -> pd.Series:
    """Return texts without blanks and capitals; fingerprints are compared as they are."""
    if values.dtype == "UInt64":
        return values
    return each_once(values, bare_text)


def _counted_for_each_holder(table: pd.DataFrame) -> pd.DataFrame:
    """Return the euros that a table repeats on the row of each holder of one contract."""
    again = table[(table["rows"] > 1) & table["euros"].notna()]
    more = again.assign(fate="repeated_for_holders", euros=again["euros"] * (again["rows"] - 1), rows=again["rows"] - 1)
    return more.groupby(["file", "fate"], sort=False, observed=True)[["rows", "euros"]].sum().reset_index()


def _flows(table: pd.DataFrame, holders: pd.DataFrame, extras: Sequence[str]) -> pd.DataFrame:
    """Return one row per contract and holder, the euros divided to the cent."""
    counts = holders["contract"].value_counts().reindex(table.index, fill_value=0)
    nobody = pd.DataFrame({"contract": table.index[counts == 0]}).reindex(columns=holders.columns)
    nobody["line"] = table["line"].reindex(nobody["contract"]).to_numpy()
    parties = stacked([holders, nobody]).sort_values("contract", kind="stable", ignore_index=True)
    place = parties["contract"].to_numpy()
    flows = empty_flows(len(place))
    for name in ("file", "date", "year", "fate", "published", *extras):
        if name in table:
            flows[name] = table[name].take(place).array
    flows["holders"], flows["line"] = counts.to_numpy()[place], parties["line"]
    flows["payer_id"], flows["payer_name"] = (table[name].take(place).array for name in ("buyer_id", "buyer_name"))
    flows["payee_id"], flows["payee_name"] = parties["identifier"], parties["name"]
    # An identifier that begins as a foreign VAT number is one, also when no scheme is declared.
    foreign = parties["identifier"].str.fullmatch(r"(?!FR)[A-Z]{2}[\dA-Z]{6,13}").fillna(False).astype(bool)
    flows["payee_scheme"] = packed(parties["scheme"].astype("str").mask(parties["scheme"].isna() & foreign, "TVA"))
    if "months" in flows:
        flows["months"] = pd.to_numeric(flows["months"], errors="coerce")
    flows["contract_euros"] = table["euros"].take(place).array
    rank = parties["contract"].groupby(place).cumcount()
    flows["euros"] = _parts(flows["contract_euros"], flows["holders"].clip(lower=1), rank)
    return flows


def _parts(euros: pd.Series, holders: pd.Series, rank: pd.Series) -> pd.Series:
    """Return the share of the holder of each rank: equal parts, the odd cents to the first ones.

    Examples
    --------
    >>> _parts(pd.Series([100.0] * 3), pd.Series([3] * 3), pd.Series(range(3))).tolist()
    [33.34, 33.33, 33.33]
    """
    cents = (euros * 100).round()
    share = cents // holders
    parts = (share + (rank < cents - share * holders)) / 100
    return parts.where(holders > 1, euros)
