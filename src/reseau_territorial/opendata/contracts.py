"""Public contracts: the DECP format, versions 1 and 2 (JSON, XML), and the tables made from it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import pandas as pd

from reseau_territorial.errors import TableError, unknown_name
from reseau_territorial.opendata._decp import Contract, contracts_of_json, contracts_of_xml, is_decp
from reseau_territorial.opendata._decp_table import contracts_of_sheets
from reseau_territorial.opendata._headers import text_of
from reseau_territorial.opendata._money import Source, empty_flows, money_network, set_aside, source_table
from reseau_territorial.opendata._parties import Persons, check_persons
from reseau_territorial.opendata._reading import Reading, ReadingLog
from reseau_territorial.opendata._sheets import parse_json, parse_xml, read_content, read_sheets
from reseau_territorial.opendata.amounts import parse_amounts
from reseau_territorial.opendata.dates import parse_dates

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
_LICENCE: Final = "Licence Ouverte 2.0"
_PRODUCER: Final = "Acheteurs publics (DECP)"


@dataclass(frozen=True, kw_only=True)
class _File:
    """The contracts of one file."""

    name: str
    contracts: list[Contract]


def read_contracts(
    paths: str | Path | Sequence[str | Path],
    *,
    buyer: str | None = None,
    buyer_id: str | None = None,
    repeats: Repeats = "once",
    persons: Persons = "mask",
    source: Source | None = None,
) -> Reading:
    """Read public contracts as a network from buyers to holders, with an account to the euro.

    Parameters
    ----------
    paths : str, Path or sequence
        DECP files as downloaded: JSON version 1 or 2, XML, consolidated CSV, xlsx or Parquet; plain, ``.gz`` or zip.
    buyer, buyer_id : str, optional
        Name and SIRET of the buyer, for tables that list suppliers only.
    repeats : {"once", "keep"}
        What to do with a contract published twice: same buyer, holders, amount and date, and the
        same number or a number that holds the other. Counted once by default, and told.
    persons : {"mask", "keep"}
        Whether sole traders and natural persons, known by their own names, are masked.
    source : mapping, optional
        ``producer``, ``title``, ``date``, ``licence`` and ``url`` of the files, for the sources table.

    Returns
    -------
    Reading
        The network (layer ``contract``, directed from buyer to holder, weight in euros, period = year of
        notification) and a report whose ``totals`` account for every euro of every file.

    Raises
    ------
    TableError
        A file holds no contract, or nothing names the buyer.

    Notes
    -----
    *Several holders.* The amount of a contract belongs to its group of holders: it is divided equally,
    to the cent, so that the total is right; ``contract_euros`` and ``holders`` keep the whole. A table
    repeats the amount on the row of each holder: the report tells how many euros that makes.

    *Modifications.* The last amount, duration and holders stand (``donneesActuelles`` in tables).

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
    if repeats not in ("once", "keep"):
        raise unknown_name("treatment of repeats", repeats, ("once", "keep"))
    files = [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
    log = ReadingLog()
    read = [_read_file(file, buyer=buyer, buyer_id=buyer_id, log=log) for file in files]
    table = _contract_table(read)
    _judge_amounts(table, log)
    if repeats == "once":
        _spot_repeats(table)
    flows = _flows(table)
    producer = "" if buyer else _PRODUCER
    sources = source_table(
        flows.assign(date=flows["published"].fillna(flows["date"])), source, licence=_LICENCE, producer=producer
    )
    network, report = money_network(
        flows,
        layer="contract",
        label="Contrats publics",
        log=log,
        persons=persons,
        sources=sources,
        extras=_EXTRAS,
        weightless=_WEIGHTLESS,
        more_totals=_counted_for_each_holder(table),
    )
    return Reading(network, report)


def _read_file(file: Path, *, buyer: str | None, buyer_id: str | None, log: ReadingLog) -> _File:
    name, content = read_content(file)
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    document = parse_json(name, content) if start in (b"{", b"[") else None
    if is_decp(document):
        contracts = list(contracts_of_json(document))
    elif start == b"<":
        contracts = list(contracts_of_xml(parse_xml(name, content)))
    else:
        sheets = read_sheets(file)
        return _File(
            name=sheets[0].file, contracts=contracts_of_sheets(sheets, buyer=buyer, buyer_id=buyer_id, log=log)
        )
    if not contracts:
        raise TableError([f"{name} holds no public contract; a DECP file has records 'marche' or 'marches'"])
    log.opened(name, form=Path(name).suffix.lstrip("."), rows=len(contracts))
    for contract in contracts:
        if contract.revised and contract.amount != contract.first_amount:
            log.add(
                "decided", "modified", file=name, line=contract.line, column="montant",
                raw=contract.first_amount, value=contract.amount,
            )  # fmt: skip
    return _File(name=name, contracts=contracts)


def _contract_table(files: Sequence[_File]) -> pd.DataFrame:
    """Return one row per contract, its amount and date still as cells."""
    rows = [
        {
            "file": file.name,
            "line": contract.line,
            "contract": contract.uid or contract.identifier,
            "number": contract.identifier or contract.uid,
            "buyer_id": contract.buyer_id,
            "buyer_name": contract.buyer_name,
            "cell": contract.amount,
            "date_cell": contract.date,
            "published": (contract.published or "")[:10] or None,
            "months": contract.months,
            "object": contract.title,
            "cpv": contract.cpv,
            "nature": contract.nature or ("Concession" if contract.concession else None),
            "procedure": contract.procedure,
            "superseded": contract.superseded,
            "lines": contract.lines,
            "rows": contract.rows,
            "parties": contract.holders,
        }
        for file in files
        for contract in file.contracts
    ]
    return pd.DataFrame(rows)


def _judge_amounts(table: pd.DataFrame, log: ReadingLog) -> None:
    """Read the amounts and the dates; give a fate to the amounts that are none."""
    table[["euros", "low", "high"]] = float("nan")
    table["issue"] = ""
    table["date"], table["year"] = "", pd.array([pd.NA] * len(table), dtype="Int64")
    for file, rows in table.groupby("file", sort=False):
        read = parse_amounts(rows["cell"])
        table.loc[rows.index, ["euros", "low", "high", "issue"]] = read[["euros", "low", "high", "issue"]]
        dates = parse_dates(rows["date_cell"])
        table.loc[rows.index, "date"], table.loc[rows.index, "year"] = dates["date"], dates["year"]
        bad = dates["issue"].isin(("ambiguous", "impossible", "text"))
        raw = rows.loc[bad, "date_cell"].set_axis(rows.loc[bad, "line"])
        why = ("date_" + dates.loc[bad, "issue"]).set_axis(raw.index)
        log.add_rows("refused", why, file=str(file), column="dateNotification", raw=raw)
        large = rows[read["euros"].between(LARGE_EUROS, ABSURD_EUROS)]
        log.add_rows(
            "noted", "large_amount", file=str(file), column="montant", raw=large["cell"].set_axis(large["line"])
        )
    table["fate"] = ["kept" if not issue else f"amount_{issue}" for issue in table["issue"]]
    digits = table["euros"].map(lambda euros: "" if math.isnan(euros) else f"{euros:.0f}")
    table.loc[table["superseded"], "fate"] = "superseded"
    set_aside(table, table["euros"] == SENTINEL, "amount_sentinel")
    set_aside(table, digits.map(lambda text: _PLACEHOLDER.fullmatch(text) is not None), "amount_placeholder")
    set_aside(table, table["euros"].between(0, SYMBOLIC_EUROS), "amount_symbolic")
    set_aside(table, table["euros"] >= ABSURD_EUROS, "amount_absurd")


def _spot_repeats(table: pd.DataFrame) -> None:
    """Set aside a contract that stands already: same parties, amount, date, object, and a kindred number."""
    seen: dict[tuple[str, ...], list[str]] = {}
    repeated = []
    for place, signature, number, fate in zip(
        table.index, _signatures(table), table["number"], table["fate"], strict=True
    ):
        if fate == "superseded":
            continue
        bare = re.sub(r"\W|_", "", str(number or "")).casefold()
        numbers = seen.setdefault(signature, [])
        comparable = fate == "kept" or bare in numbers
        if comparable and any(bare in other or other in bare for other in numbers):
            repeated.append(place)
        numbers.append(bare)
    table.loc[repeated, "fate"] = "repeated_contract"


def _signatures(table: pd.DataFrame) -> list[tuple[str, ...]]:
    buyers = table["buyer_id"].fillna(table["buyer_name"]).map(_bare)
    holders = table["parties"].map(
        lambda parties: "|".join(sorted(_bare(party.identifier or party.name) for party in parties))
    )
    columns = [buyers, holders, *(table[name].map(_bare) for name in ("cell", "date", "cpv", "object"))]
    return list(zip(*columns, strict=True))


def _bare(value: object) -> str:
    text = text_of(value)
    return "" if text is None else text.replace(" ", "").casefold()


def _counted_for_each_holder(table: pd.DataFrame) -> pd.DataFrame:
    """Return the euros that a table repeats on the row of each holder of one contract."""
    again = table[(table["rows"] > 1) & table["euros"].notna()]
    more = again.assign(fate="repeated_for_holders", euros=again["euros"] * (again["rows"] - 1), rows=again["rows"] - 1)
    return more.groupby(["file", "fate"], sort=False)[["rows", "euros"]].sum().reset_index()


def _flows(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row per contract and holder, the euros divided to the cent."""
    counts = table["parties"].map(len).clip(lower=1)
    whole = table.loc[table.index.repeat(counts)]
    rank = whole.groupby(level=0).cumcount().to_numpy()
    flows = empty_flows(len(whole))
    parties = [row[position] if row else None for row, position in zip(whole["parties"], rank, strict=True)]
    lines = [
        row[position] if row else line for row, position, line in zip(whole["lines"], rank, whole["line"], strict=True)
    ]
    for name in ("file", "date", "year", "fate", *_EXTRAS):
        if name in whole:
            flows[name] = whole[name].to_numpy()
    flows["published"], flows["holders"] = whole["published"].to_numpy(), whole["parties"].map(len).to_numpy()
    flows["line"] = lines
    flows["payer_id"], flows["payer_name"] = whole["buyer_id"].to_numpy(), whole["buyer_name"].to_numpy()
    flows["payee_id"] = [party.identifier if party else None for party in parties]
    flows["payee_name"] = [party.name if party else None for party in parties]
    flows["payee_scheme"] = [_scheme(party.scheme, party.identifier) if party else None for party in parties]
    flows["months"] = pd.to_numeric(flows["months"], errors="coerce")
    flows["contract_euros"] = whole["euros"].to_numpy()
    flows["euros"] = [
        _part(float(euros), int(count), int(position))
        for euros, count, position in zip(whole["euros"], counts.loc[whole.index], rank, strict=True)
    ]
    return flows


def _scheme(scheme: str | None, identifier: str | None) -> str | None:
    """Return the declared scheme; an identifier that begins as a foreign VAT number is one."""
    if scheme is None and identifier and re.fullmatch(r"(?!FR)[A-Z]{2}[\dA-Z]{6,13}", identifier):
        return "TVA"
    return scheme


def _part(euros: float, holders: int, rank: int) -> float:
    """Return the share of the holder of this rank: equal parts, the odd cents to the first ones.

    Examples
    --------
    >>> [_part(100.0, 3, rank) for rank in range(3)]
    [33.34, 33.33, 33.33]
    """
    if holders == 1 or math.isnan(euros):
        return float(euros)
    share, odd = divmod(round(euros * 100), holders)
    return (share + (1 if rank < odd else 0)) / 100
