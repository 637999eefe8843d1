"""Contracts of the public-procurement format (DECP): one record per contract, whatever the version.

Version 1 JSON, version 2 JSON and XML, and tables (one row per holder) come out alike. The last
modification of a contract replaces what it changes; one of 0 euro leaves the amount.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from operator import itemgetter
from typing import Any, Final
from xml.etree import ElementTree

import pandas as pd

from reseau_territorial.opendata._columns import packed, stacked, text_of
from reseau_territorial.opendata.amounts import parse_amount
from reseau_territorial.opendata.dates import parse_date

__all__ = [
    "Contract",
    "Contracts",
    "Holder",
    "contracts_of",
    "contracts_of_records",
    "contracts_of_xml",
    "holders_of_text",
    "last_change",
    "leaves",
    "letters_of",
    "names_concessions",
]

_PACKED: Final = ("buyer_id", "buyer_name", "published", "cpv", "nature", "procedure")
_COLUMNS: Final = (
    *("line", "rows", "contract", "number", "object", "cell", "date_cell", "months", "superseded"),
    *_PACKED,
)
_TAGS: Final = ("marche", "contratconcession")
_BUYERS: Final = ("acheteur", "autoriteConcedante")
_PIECE_CONTRACTS: Final = 5_000
_MODIFICATION_DATES: Final = (
    "dateNotificationModification",
    "dateSignatureModification",
    "datePublicationDonneesModification",
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A holder of a contract: the scheme of its identifier, the identifier, its name if told."""

    scheme: str | None
    identifier: str | None
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One public contract as its last version stands.

    Attributes
    ----------
    line : int
        Rank of the record in the file, or line of its first row.
    identifier, uid : str
        Number given by the buyer, and number unique to all buyers when the file has one.
    amount, first_amount : object
        Cells of the last and of the first amount; ``revised`` says whether they may differ.
    zero : object
        Cell of the last modification that states no euro, which leaves the amount.
    published : str or None
        Date of publication, for the sources table.
    """

    line: int
    identifier: str = ""
    uid: str = ""
    concession: bool = False
    buyer_id: str | None = None
    buyer_name: str | None = None
    amount: object = None
    first_amount: object = None
    zero: object = None
    revised: bool = False
    date: object = None
    published: str | None = None
    months: object = None
    title: str | None = None
    cpv: str | None = None
    nature: str | None = None
    procedure: str | None = None
    holders: tuple[Holder, ...] = field(default=())


@dataclass(frozen=True)
class Contracts:
    """The contracts of a file.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per contract: its first ``line``, how many ``rows`` repeat its amount, ``contract`` (number unique
        to all buyers), ``number``, ``buyer_id``, ``buyer_name``, ``object``, ``cpv``, ``nature``, ``procedure``,
        ``months``, ``published``; ``cell`` and ``date_cell`` as written; ``superseded`` when the file says
        that a later version stands.
    holders : pandas.DataFrame
        One row per holder: ``contract`` (position of its contract in `table`), ``line``, ``scheme``,
        ``identifier`` and ``name``.
    """

    table: pd.DataFrame
    holders: pd.DataFrame

    @classmethod
    def of(cls, contracts: Iterable[Contract]) -> Contracts:
        """Gather contracts read one by one: packed in pieces, so that few stand in memory as they were read."""
        tables, holders, start = [], [], 0
        read = iter(contracts)
        while batch := list(islice(read, _PIECE_CONTRACTS)):
            piece = cls._piece(batch)
            tables.append(piece.table)
            holders.append(piece.holders.assign(contract=piece.holders["contract"] + start))
            start += len(batch)
        return cls(stacked(tables), stacked(holders)) if tables else cls._piece([])

    @classmethod
    def _piece(cls, contracts: Sequence[Contract]) -> Contracts:
        rows = [
            {
                "line": contract.line,
                "rows": 1,
                "contract": contract.uid or contract.identifier or None,
                "number": contract.identifier or contract.uid or None,
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
                "superseded": False,
            }
            for contract in contracts
        ]
        holders = [
            (place, contract.line, holder.scheme, holder.identifier, holder.name)
            for place, contract in enumerate(contracts)
            for holder in contract.holders
        ]
        columns = ["contract", "line", "scheme", "identifier", "name"]
        table = pd.DataFrame(rows, columns=list(_COLUMNS))
        for name in ("contract", "number", "object"):
            table[name] = table[name].astype("str")
        parties = pd.DataFrame(holders, columns=columns).astype({"contract": "int64", "line": "int64"})
        return cls(_packed(table, _PACKED), _packed(parties, columns[2:]))


def _packed(table: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    return table.assign(**{name: packed(table[name]) for name in names})


def holders_of_text(text: str) -> list[tuple[str | None, str | None, str | None]]:
    """Return the holders that one cell lists, written as JSON or as Python prints it; else the text is a name.

    Examples
    --------
    >>> holders_of_text("[{'typeIdentifiant': 'SIRET', 'id': '62722004900654', 'denominationSociale': 'Herve'}]")
    [('SIRET', '62722004900654', 'Herve')]
    """
    found = [(holder.scheme, holder.identifier, holder.name) for holder in _holders(text)]
    return found or [(None, None, text)]


def last_change(text: str, first: object = None) -> tuple[object, str | None, object]:
    """Return the last amount and holders that the modifications listed in one cell tell, None if none does.

    The third value is the last amount that leaves the one before it, the `first` or a later one.

    Examples
    --------
    >>> last_change('[{"dateNotificationModification": "2024-06-01", "montant": 120}]')
    (120, None, None)
    """
    amount: object = None
    holders: str | None = None
    zero: object = None
    for change in _in_order(_items(_structure(text), "modification")):
        told = _cell(_first_told(change, "valeurGlobale", "montant"))
        if leaves(told, first if amount is None else amount):
            zero = told
        elif told is not None:
            amount = told
        parties = _first_told(change, "titulaires", "concessionnaires")
        holders = json.dumps(parties, ensure_ascii=False) if _holders(parties) else holders
    return amount, holders, zero


def leaves(told: object, amount: object) -> bool:
    """Say whether a modification leaves an amount of euros: the one that it states is 0 or less, no price.

    Examples
    --------
    >>> leaves("0,00", 90000), leaves(0, None), leaves(45000, 90000)
    (True, False, False)
    """
    if told is None or amount is None:
        return False
    stated = parse_amount(told)
    return not stated.issue and stated.euros <= 0 < parse_amount(amount).euros


def _structure(value: object) -> object:
    """Return what a text holds when it is a list or an object, as JSON or Python writes it."""
    if isinstance(value, str) and value.lstrip()[:1] in ("[", "{"):
        for read in (json.loads, ast.literal_eval):
            with suppress(ValueError, SyntaxError):
                return read(value)
    return value


def _cell(value: object) -> object:
    """Return a value that one cell can hold: a structure where a number is expected stays as its text."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping | list) else value


def contracts_of_records(records: Iterable[Mapping[str, Any]]) -> Iterator[Contract] | None:
    """Return the contracts that records are, one by one; None when the first is none."""
    read = iter(records)
    first = next(read, None)
    if first is None or not _names_a_buyer(first):
        return None
    return contracts_of((record, False) for record in chain([first], read))


def contracts_of(records: Iterable[tuple[Mapping[str, Any], bool]]) -> Iterator[Contract]:
    """Return the contract that each record is, of those whose place says that they are concessions and of others."""
    for rank, (record, concession) in enumerate(records, start=1):
        yield _contract(rank, record, concession=concession or _is_concession(record))


def _names_a_buyer(record: Mapping[str, Any]) -> bool:
    buyer = record.get("acheteur") or record.get("autoriteConcedante")
    return isinstance(buyer, Mapping) or isinstance(record.get("titulaires"), list)


def contracts_of_xml(elements: Iterable[ElementTree.Element]) -> Iterator[Contract]:
    """Return the contracts of the elements of an XML document, as they end."""
    rank = 0
    for element in elements:
        tag = _tag(element)
        if len(element) and (letters_of(tag) in _TAGS or any(_tag(child) in _BUYERS for child in element)):
            rank += 1
            record = _of_element(element)
            element.clear()  # read: a large file would stay in memory
            if isinstance(record, Mapping):
                yield _contract(rank, record, concession=names_concessions(tag) or _is_concession(record))


def letters_of(name: str) -> str:
    """Return the letters of a name, whatever the case and the marks between its words."""
    return "".join(filter(str.isalnum, name)).casefold()


def names_concessions(name: str) -> bool:
    """Say whether what has this name is a concession, or concessions."""
    return "concession" in letters_of(name)


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _of_element(element: ElementTree.Element) -> Any:
    if not len(element):
        return (element.text or "").strip() or None
    record: dict[str, Any] = {}
    for child in element:
        tag = _tag(child)
        value = _of_element(child)
        if tag in record:
            record[tag] = [*record[tag], value] if isinstance(record[tag], list) else [record[tag], value]
        else:
            record[tag] = value
    return record


def _is_concession(record: Mapping[str, Any]) -> bool:
    if "concession" in str(record.get("_type", "")).casefold():
        return True
    # A file of both kinds may give every record the fields of both.
    return any(_party(record, "autoriteConcedante")) and not any(_party(record, "acheteur"))


def _party(record: Mapping[str, Any], name: str) -> tuple[str | None, str | None]:
    """Return the identifier and the name of a buyer: an object, alone or in a list, two fields, or a text."""
    value = record.get(name)
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    if isinstance(value, Mapping):
        return _text(value.get("id")) or _text(value.get("siret")), _text(value.get("nom"))
    return _text(value) or _text(record.get(f"{name}.id")), _text(record.get(f"{name}.nom"))


def _first_told(record: Mapping[str, Any], *names: str) -> Any:
    return next((record[name] for name in names if record.get(name) not in (None, "")), None)


def _contract(rank: int, record: Mapping[str, Any], *, concession: bool) -> Contract:
    buyer_id, buyer_name = _party(record, "autoriteConcedante") if concession else (None, None)
    if not (buyer_id or buyer_name):
        buyer_id, buyer_name = _party(record, "acheteur")
    amount_name = "valeurGlobale" if concession else "montant"
    amount = _cell(_first_told(record, amount_name, "montant"))
    holders = _first_told(record, "concessionnaires" if concession else "titulaires", "titulaires", "titulaire")
    first = Contract(
        line=rank,
        identifier=_text(record.get("id")) or "",
        uid=_text(record.get("uid")) or "",
        concession=concession,
        buyer_id=buyer_id,
        buyer_name=buyer_name,
        amount=amount,
        first_amount=amount,
        date=record.get("dateNotification") or record.get("dateSignature") or record.get("dateDebutExecution"),
        published=_text(record.get("datePublicationDonnees")),
        months=record.get("dureeMois"),
        title=_text(record.get("objet")),
        cpv=_cpv(record.get("codeCPV")),
        nature=_text(record.get("nature")),
        procedure=_text(record.get("procedure")),
        holders=_holders(holders),
    )
    return _revise(first, record.get("modifications"), amount_name)


def _revise(first: Contract, modifications: object, amount_name: str) -> Contract:
    """Apply the modifications in their order; each one tells only what it changes."""
    contract = first
    for change in _in_order(_items(_structure(modifications), "modification")):
        holders = _holders(change.get("titulaires") or change.get("concessionnaires"))
        amount = _cell(_first_told(change, amount_name, "montant"))
        left = leaves(amount, contract.amount)
        contract = replace(
            contract,
            amount=contract.amount if amount is None or left else amount,
            zero=amount if left else contract.zero,
            months=change.get("dureeMois") or contract.months,
            holders=holders or contract.holders,
            revised=True,
        )
    return contract


def _in_order(changes: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Sort modifications by date, those of one day by number; one without a date follows the one before it."""
    numbers = [str(change.get("id", "")) for change in changes]
    if all(map(str.isdecimal, numbers)):
        changes = [change for _, change in sorted(zip(map(int, numbers), changes, strict=True), key=itemgetter(0))]
    dates: list[str] = []
    for change in changes:
        dates.append(_date_of(change) or (dates[-1] if dates else ""))
    return [change for _, change in sorted(zip(dates, changes, strict=True), key=itemgetter(0))]


def _date_of(change: Mapping[str, Any]) -> str:
    dates = (parse_date(change.get(name)).text for name in _MODIFICATION_DATES)
    return next((date for date in dates if date), "")


def _holders(value: object) -> tuple[Holder, ...]:
    records = _items(_structure(value), "titulaire", "concessionnaire")
    found = [
        Holder(
            _text(record.get("typeIdentifiant")),
            _text(record.get("id")),
            _text(record.get("denominationSociale") or record.get("nom")),
        )
        for record in records
    ]
    return tuple(dict.fromkeys(found))


def _items(value: object, *wrappers: str) -> list[Mapping[str, Any]]:
    """Return a list of records however it is wrapped: alone, in a list, under its own tag."""
    if value is None:
        return []
    if isinstance(value, Mapping):
        inside = next((value[name] for name in wrappers if name in value), None)
        return [value] if inside is None else _items(inside, *wrappers)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [record for item in value for record in _items(item, *wrappers)]
    return []


def _text(value: object) -> str | None:
    return None if isinstance(value, Mapping | list) else text_of(value)


def _cpv(value: object) -> str | None:
    """Return a CPV code without its check digit."""
    text = _text(value)
    return re.sub(r"-\d$", "", text) if text else None
