"""Tables of public contracts: the consolidated table (one row per contract and holder) and its ancestors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from reseau_territorial.errors import TableError, enumerate_values
from reseau_territorial.opendata._decp import Contract, Holder
from reseau_territorial.opendata._headers import Header, Vocabulary, cut_rows, find_header, tell_misfits, text_of
from reseau_territorial.opendata._reading import ReadingLog
from reseau_territorial.opendata._sheets import Sheet
from reseau_territorial.opendata.amounts import parse_amount
from reseau_territorial.opendata.dates import parse_date

__all__ = ["contracts_of_sheets"]

_MOST_HOLDERS: Final = 10

_ALIASES: Final[dict[str, list[str]]] = {
    "uid": ["uid", "uuid"],
    "identifier": ["id", "MARCHE_ID", "idMarche", "Numéro du marché", "N° de marché", "Identifiant du marché"],
    "buyer_id": [
        "acheteur_id", "acheteur.id", "acheteurId", "ACHETEURS_ID", "SIRET acheteur", "autoriteConcedante_id",
        "SIRET de l'acheteur",
    ],
    "buyer_name": [
        "acheteur_nom", "acheteur.nom", "ACHETEURS_NOM", "Acheteur", "Nom de l'acheteur", "autoriteConcedante_nom",
    ],
    "holder_id": ["titulaire_id", "titulaires.id", "titulaire_id_1", "SIRET titulaire", "concessionnaire_id"],
    "holder_scheme": ["titulaire_typeIdentifiant", "titulaires.typeIdentifiant", "titulaire_typeIdentifiant_1"],
    "holder_name": [
        "titulaire_nom", "titulaire_denominationSociale", "titulaires.denominationSociale", "Titulaire",
        "titulaire_denominationSociale_1", "Attributaire", "Nom du titulaire", "concessionnaire_nom",
    ],
    "amount": ["montant", "Montant HT", "Montant du marché", "Montant en euros HT", "valeurGlobale"],
    "date": ["dateNotification", "Date de notification", "PUBLICATION_DATE", "dateSignature"],
    "published": ["datePublicationDonnees"],
    "months": ["dureeMois", "Durée en mois", "Durée"],
    "title": ["objet", "MARCHE_OBJET", "Objet du marché"],
    "cpv": ["codeCPV", "Code CPV"],
    "nature": ["nature", "NATURE_MARCHE", "type"],
    "procedure": ["procedure", "Procédure"],
    "place": ["lieuExecution_code", "lieuExecution.code", "LIEU_EXEC_CODE"],
    "current": ["donneesActuelles"],
    "remark": ["Remarques facultatives", "Remarques falcultatives", "Remarques"],
    "modification": ["modification_id"],
}  # fmt: skip
_FIRST_FIELDS: Final = tuple(_ALIASES)
for _rank in range(2, _MOST_HOLDERS + 1):
    _ALIASES[f"holder_id_{_rank}"] = [f"titulaire_id_{_rank}"]
    _ALIASES[f"holder_scheme_{_rank}"] = [f"titulaire_typeIdentifiant_{_rank}"]
    _ALIASES[f"holder_name_{_rank}"] = [f"titulaire_denominationSociale_{_rank}"]


def _is_amount(text: str) -> bool:
    return parse_amount(text, mark=".").issue in {"", "missing", "range"}


def _is_date(text: str) -> bool:
    return parse_date(text).issue in {"", "missing", "ambiguous", "impossible"}


CONTRACTS: Final = Vocabulary(
    aliases=_ALIASES,
    needed=(("amount",), ("buyer_id", "holder_id", "buyer_name", "holder_name"), ("identifier", "uid", "title")),
    checks={"amount": _is_amount, "date": _is_date},
    amounts=frozenset({"amount"}),
)


def contracts_of_sheets(
    sheets: Sequence[Sheet], *, buyer: str | None, buyer_id: str | None, log: ReadingLog
) -> list[Contract]:
    """Return the contracts of a table; the versions that it says are replaced are marked.

    Raises
    ------
    TableError
        No sheet has the columns of contracts, or no column and no argument names the buyer.
    """
    found = [(one, header) for one in sheets if (header := find_header(one, CONTRACTS)) is not None]
    if not found:
        first = sheets[0]
        names = [str(cell) for cell in first.rows[0].cells if cell not in (None, "")]
        raise TableError(
            [
                f"{first.place(first.rows[0].number)}: no known columns of public contracts. Columns there: "
                f"{enumerate_values(names, shown=20)}"
            ]
        )
    sheet, header = max(found, key=lambda pair: (len(pair[1].columns), pair[0].title))
    for one in sheets:
        if one.name and one is not sheet:
            log.add("noted", "sheet_not_read", file=one.title)
    rows = _rows(sheet, header, log)
    rows = _right_parties(rows, header, sheet, buyer=buyer, buyer_id=buyer_id, log=log)
    rows["superseded"] = rows["current"].str.casefold().isin(("non", "false", "0", "faux"))
    return _group(rows)


def _rows(sheet: Sheet, header: Header, log: ReadingLog) -> pd.DataFrame:
    cut, misfits = cut_rows(sheet, header, CONTRACTS)
    form = f"{Path(sheet.file).suffix.lstrip('.')} {sheet.separator}".strip()
    log.opened(sheet.file, form=form, rows=len(cut))
    tell_misfits(misfits, sheet, sheet.file, log)
    index = pd.Index([line for line, _, _ in cut], name="line", dtype="int64")
    fields = [name for name in _ALIASES if name in header.columns]
    wanted = [*_FIRST_FIELDS, *(name for name in fields if name not in _FIRST_FIELDS)]
    columns = {name: [cells[under.columns[name][0]] for _, under, cells in cut] for name in fields}
    table = pd.DataFrame(columns, index=index, dtype="object").reindex(columns=wanted)
    raw_fields = ("amount", "date", "months")
    return table.assign(**{name: table[name].map(text_of) for name in wanted if name not in raw_fields})


def _right_parties(
    rows: pd.DataFrame, header: Header, sheet: Sheet, *, buyer: str | None, buyer_id: str | None, log: ReadingLog
) -> pd.DataFrame:
    """Name the buyer; a table whose only party varies, under the name of the buyer, lists its suppliers."""
    has_holder = {"holder_id", "holder_name"} & set(header.columns)
    has_buyer = {"buyer_id", "buyer_name"} & set(header.columns)
    told = buyer is not None or buyer_id is not None
    if not has_holder and not told:
        raise TableError(
            [
                f"{sheet.file}: no column of holders. If column {header.name_of('buyer_name')!r} holds the suppliers, "
                "pass the buyer as buyer= and buyer_id="
            ]
        )
    if not has_holder:
        column = ", ".join(header.name_of(name) for name in ("buyer_id", "buyer_name") if name in header.columns)
        log.add("decided", "buyers_are_holders", file=sheet.file, column=column)
        rows = rows.assign(holder_id=rows["buyer_id"], holder_name=rows["buyer_name"], buyer_id=None, buyer_name=None)
    elif not has_buyer and not told:
        raise TableError([f"{sheet.file}: no column of buyers. Pass the buyer as buyer= and buyer_id="])
    sub = rows["remark"].str.contains(r"sous[- ]traitant", case=False, regex=True).fillna(False).astype(bool)
    log.add_rows("decided", "subcontractor", file=sheet.file, raw=rows.loc[sub, "holder_name"])
    rows = rows[~sub]
    if told:
        rows = rows.assign(buyer_id=rows["buyer_id"].fillna(buyer_id), buyer_name=rows["buyer_name"].fillna(buyer))
    return rows


def _group(rows: pd.DataFrame) -> list[Contract]:
    """Gather the rows of one contract: same buyer, number, amount and date; each row is a holder."""
    number = rows["uid"].fillna(rows["identifier"]).fillna(rows["title"])
    # A merged cell or a blank number is no number: such a row stands alone.
    alone = pd.Series([f"line {line}" for line in rows.index], index=rows.index)
    keys = [
        rows["buyer_id"].fillna(rows["buyer_name"]).astype("str"),
        number.fillna(alone),
        rows["amount"].astype("str"),
        rows["date"].astype("str"),
        rows["superseded"],
    ]
    codes = pd.Series(list(zip(*keys, strict=True)), index=rows.index, dtype="object")
    positions: dict[Any, list[int]] = {}
    for position, key in enumerate(codes):
        positions.setdefault(key, []).append(position)
    records = rows.astype("object").where(rows.notna(), None).to_dict("records")
    lines = [int(line) for line in rows.index]
    return [
        _contract([records[place] for place in places], [lines[place] for place in places])
        for places in positions.values()
    ]


def _contract(records: Sequence[dict[Any, Any]], lines: Sequence[int]) -> Contract:
    first = records[0]
    holders: dict[Holder, int] = {}
    for record, line in zip(records, lines, strict=True):
        for holder in _holders(record):
            holders.setdefault(holder, line)
    return Contract(
        line=lines[0],
        lines=tuple(holders.values()),
        rows=len(records),
        identifier=first["identifier"] or "",
        uid=first["uid"] or "",
        concession="concession" in str(first["nature"] or "").casefold(),
        buyer_id=first["buyer_id"],
        buyer_name=first["buyer_name"],
        amount=first["amount"],
        first_amount=first["amount"],
        revised=bool(first["modification"] and first["modification"] != "0"),
        superseded=bool(first["superseded"]),
        date=first["date"],
        published=first["published"],
        months=first["months"],
        title=first["title"],
        cpv=re.sub(r"-\d$", "", first["cpv"]) if first["cpv"] else None,
        nature=first["nature"],
        procedure=first["procedure"],
        place=first["place"],
        holders=tuple(holders),
    )


def _holders(record: dict[Any, Any]) -> list[Holder]:
    parties = [(record["holder_scheme"], record["holder_id"], record["holder_name"])]
    for rank in range(2, _MOST_HOLDERS + 1):
        end = f"_{rank}"
        parties.append(
            (record.get("holder_scheme" + end), record.get("holder_id" + end), record.get("holder_name" + end))
        )
    return [Holder(*party) for party in parties if party[1] or party[2]]
