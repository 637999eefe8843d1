"""Tables of public contracts: the consolidated table (one row per contract and holder) and its ancestors."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import pandas as pd

from reseau_territorial.errors import TableError
from reseau_territorial.opendata._advice import not_for_this_reader
from reseau_territorial.opendata._columns import (
    Cells,
    Codes,
    Column,
    Fingerprints,
    bare_text,
    each_once,
    filled,
    numbered,
    packed,
    stacked,
    texts_of,
)
from reseau_territorial.opendata._decp import Contracts, holders_of_text, last_change
from reseau_territorial.opendata._fields import read_fields
from reseau_territorial.opendata._headers import Header, Vocabulary, Wording, best_sheet
from reseau_territorial.opendata._reading import ReadingLog
from reseau_territorial.opendata._sheets import Sheet
from reseau_territorial.opendata.amounts import parse_amount, parse_amounts
from reseau_territorial.opendata.dates import parse_date

__all__ = ["contracts_of_sheets"]

_MOST_HOLDERS: Final = 20

_ALIASES: Final[dict[str, list[str]]] = {
    "uid": ["uid", "uuid"],
    "identifier": ["id", "MARCHE_ID", "idMarche", "Numéro du marché", "N° de marché", "Identifiant du marché"],
    "buyer_id": [
        "acheteur_id", "acheteur.id", "acheteurId", "ACHETEURS_ID", "SIRET acheteur", "autoriteConcedante_id",
        "SIRET de l'acheteur", "idAcheteur", "siretAcheteur", "acheteur/id", "autoriteConcedante.id",
    ],
    "buyer_name": [
        "acheteur_nom", "acheteur.nom", "ACHETEURS_NOM", "Acheteur", "Nom de l'acheteur", "autoriteConcedante_nom",
        "nomAcheteur", "acheteur/nom", "autoriteConcedante.nom",
    ],
    "holder_id": ["titulaire_id", "titulaires.id", "SIRET titulaire", "concessionnaire_id", "idTitulaire"],
    "holders": ["titulaires", "concessionnaires"],
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
    "current": ["donneesActuelles"],
    "remark": ["Remarques facultatives", "Remarques falcultatives", "Remarques"],
    "modification": ["modification_id"],
    "modifications": ["modifications"],
}  # fmt: skip
_FIELDS: Final = tuple(_ALIASES)
_CELLS: Final = ("amount", "date", "months")
_FREE_TEXTS: Final = ("uid", "identifier", "title")
_HOLDER: Final = {"scheme": ("typeIdentifiant",), "id": ("id",), "name": ("denominationSociale", "nom")}
for _rank in range(1, _MOST_HOLDERS + 1):
    for _part, _names in _HOLDER.items():
        _key = f"holder_{_part}" + (f"_{_rank}" if _rank > 1 else "")
        _ALIASES.setdefault(_key, [])
        for _name in _names:
            _ALIASES[_key] += [
                f"titulaire_{_name}_{_rank}", f"titulaire_{_rank}_{_name}", f"titulaires.{_rank - 1}.{_name}",
                f"titulaires.{_rank - 1}.titulaire.{_name}", f"concessionnaire_{_name}_{_rank}",
            ]  # fmt: skip
_BUYERS: Final = "acheteur acheteuse pouvoir adjudicateur autorite concedante"
_HOLDERS: Final = "titulaire attributaire concessionnaire fournisseur entreprise retenue"
_WORDINGS: Final = (
    Wording("buyer_id", ("siret siren identifiant id", _BUYERS), "code public"),
    Wording("holder_id", ("siret siren identifiant id", _HOLDERS), "code principal mandataire"),
    Wording("buyer_name", ("nom raison denomination libelle", _BUYERS), "sociale public"),
    Wording("holder_name", ("nom raison denomination libelle", _HOLDERS), "sociale principal mandataire"),
    Wording("amount", ("montant valeur", "marche contrat ht attribue notifie"), "total globale attribue notifie ht"),
    Wording("date", ("date", "notification signature"), "marche contrat"),
    Wording("title", ("objet intitule libelle", "marche contrat consultation")),
)


def _is_amount(text: str) -> bool:
    return parse_amount(text, mark=".").issue in {"", "missing", "range"}


def _is_date(text: str) -> bool:
    return parse_date(text).issue in {"", "missing", "ambiguous", "impossible"}


CONTRACTS: Final = Vocabulary(
    aliases=_ALIASES,
    needed=(("amount",), ("buyer_id", "holder_id", "buyer_name", "holder_name"), ("identifier", "uid", "title")),
    checks={"amount": _is_amount, "date": _is_date},
    amounts=frozenset({"amount"}),
    wordings=_WORDINGS,
)


def contracts_of_sheets(
    sheets: Sequence[Sheet], *, buyer: str | None, buyer_id: str | None, log: ReadingLog, titles: bool = True
) -> Contracts:
    """Return the contracts of a table; the versions that it says are replaced are marked.

    Parameters
    ----------
    sheets : sequence of Sheet
        The sheets of the file.
    buyer, buyer_id : str, optional
        The buyer, for a table that does not name it.
    log : ReadingLog
        Where findings are noted.
    titles : bool
        Whether to keep what the contracts are about, or its fingerprint only.

    Raises
    ------
    TableError
        No sheet has the columns of contracts, or no column and no argument names the buyer.
    """
    found = best_sheet(sheets, CONTRACTS)
    if found is None:
        raise not_for_this_reader("no known columns of public contracts", sheets)
    sheet, header = found
    for one in sheets:
        if one.name and one is not sheet:
            log.add("noted", "sheet_not_read", file=one.title)
    rows = _rows(sheet, header, log, titles=titles)
    rows = _right_parties(rows, header, sheet, buyer=buyer, buyer_id=buyer_id, log=log)
    _modify(rows, sheet.file, log)
    rows["superseded"] = rows["current"].str.casefold().isin(("non", "false", "0", "faux"))
    versions = rows["current"].isna().all() and rows["modification"].notna().any()
    if versions or rows["superseded"].any():
        same = numbered([filled(rows["buyer_id"], rows["buyer_name"]), _numbers(rows)])
        if versions:
            version = pd.to_numeric(rows["modification"].astype("str"), errors="coerce").fillna(0)
            rows["superseded"] = version < version.groupby(same).transform("max")
        _keep_amounts(rows, same, sheet.file, log)
    return _group(rows)


def _modify(rows: pd.DataFrame, file: str, log: ReadingLog) -> None:
    """Give the contracts the last amount and holders of the modifications that one of their cells lists."""
    cells = rows.loc[rows["modifications"].notna(), ["modifications", "amount"]].astype("object")
    told = [last_change(text, amount) for text, amount in zip(cells["modifications"], cells["amount"], strict=True)]
    changes = pd.Series(told, index=cells.index, dtype="object")
    _replace_amounts(rows, changes.str[0].dropna(), file, log)
    zeros = changes.str[2].dropna()
    kept = rows.loc[zeros.index, "amount"]
    log.add_rows("decided", "modified_to_zero", file=file, column="montant", raw=zeros, value=kept)
    parties = changes.str[1].dropna()
    if len(parties):
        named = [name for name in rows.columns if name.startswith("holder_")]
        rows[[*named, "holders"]] = rows[[*named, "holders"]].astype("object")
        rows.loc[parties.index, named] = None
        rows.loc[parties.index, "holders"] = parties


def _replace_amounts(rows: pd.DataFrame, amounts: pd.Series, file: str, log: ReadingLog) -> None:
    if len(amounts):
        log.add_rows(
            "decided", "modified", file=file, column="montant", raw=rows.loc[amounts.index, "amount"], value=amounts
        )
        rows["amount"] = rows["amount"].astype("object")
        rows.loc[amounts.index, "amount"] = amounts


def _keep_amounts(rows: pd.DataFrame, same: Any, file: str, log: ReadingLog) -> None:
    """Give a version that states 0 euro or less the amount of the version before it, as in the other forms."""
    contracts = pd.Series(same, index=rows.index)
    stand = rows.loc[~rows["superseded"] & contracts.isin(contracts[rows["superseded"]]), "amount"]
    euros = parse_amounts(stand.astype("object"))["euros"]
    zeros = euros.index[euros <= 0]
    before = rows[rows["superseded"] & contracts.isin(contracts[zeros])]
    before = before[parse_amounts(before["amount"].astype("object"))["euros"] > 0]
    order = pd.to_numeric(before["modification"].astype("str"), errors="coerce").fillna(0)
    last = before.loc[order.sort_values(kind="stable").index, "amount"].astype("object")
    last = last.groupby(contracts[last.index]).last()
    kept = contracts[zeros].map(last).dropna()
    log.add_rows(
        "decided", "modified_to_zero", file=file, column="montant", raw=rows.loc[kept.index, "amount"], value=kept
    )
    if len(kept):
        rows["amount"] = rows["amount"].astype("object")
        rows.loc[kept.index, "amount"] = kept


def _rows(sheet: Sheet, header: Header, log: ReadingLog, *, titles: bool) -> pd.DataFrame:
    table = read_fields(sheet, header, CONTRACTS, log, fields=_FIELDS, column=partial(_column, titles=titles))
    for name in table.columns:
        if name in _FREE_TEXTS:
            table[name] = table[name] if table[name].dtype == "UInt64" else texts_of(table[name])
        elif name not in _CELLS:
            table[name] = packed(table[name])  # those that the file has not
    return table


def _column(name: str, *, titles: bool) -> Column:
    if name == "title" and not titles:
        return Fingerprints(bare_text)
    return Cells() if name in _FREE_TEXTS else Codes(lambda cell: cell) if name in _CELLS else Codes()


def _right_parties(
    rows: pd.DataFrame, header: Header, sheet: Sheet, *, buyer: str | None, buyer_id: str | None, log: ReadingLog
) -> pd.DataFrame:
    """Name the buyer; a table whose only party varies, under the name of the buyer, lists its suppliers."""
    has_holder = {"holder_id", "holder_name", "holders"} & set(header.columns)
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
    rows = rows[~sub] if sub.any() else rows
    if told:
        named = {"buyer_id": buyer_id, "buyer_name": buyer}
        rows = rows.assign(**{name: filled(rows[name], text) for name, text in named.items() if text is not None})
    return rows


def _numbers(rows: pd.DataFrame) -> pd.Series:
    """Return the number of the contract of each row: where it is not told, its object, else the line."""
    number = rows["uid"].fillna(rows["identifier"])
    if number.isna().any():
        number = number.fillna(rows["title"].astype("str"))
        # A merged cell or a blank number is no number: such a row stands alone.
        alone = number.index[number.isna()]
        number[alone] = [f"line {line}" for line in alone]
    return number


def _group(rows: pd.DataFrame) -> Contracts:
    """Gather the rows of one contract: same buyer, number, amount, date and object; each row is a holder."""
    number = _numbers(rows)
    buyer = filled(rows["buyer_id"], rows["buyer_name"])
    title = rows["title"] if rows["title"].dtype == "UInt64" else each_once(rows["title"], bare_text)
    rank = numbered([buyer, number, rows["amount"], rows["date"], title, rows["superseded"]])
    holders = _holders(rows, rank)
    counts = pd.Series(rank).value_counts(sort=False).sort_index()
    once = ~pd.Series(rank).duplicated().to_numpy()
    first = (rows if once.all() else rows[once]).reset_index(names="line")
    same = ["line", "buyer_id", "buyer_name", "months", "procedure", "superseded", "nature"]
    table = first[same].assign(
        rows=counts.to_numpy(),
        contract=first["uid"].fillna(first["identifier"]),
        number=first["identifier"].fillna(first["uid"]),
        cpv=packed(first["cpv"].str.replace(r"-\d$", "", regex=True)),
        object=first["title"],
        cell=first["amount"],
        date_cell=first["date"],
        published=packed(first["published"].str[:10]),
    )
    return Contracts(table, holders)


def _holders(rows: pd.DataFrame, rank: Any) -> pd.DataFrame:
    """Return the holders of each contract, those of one row after those of the row above."""
    columns = ["line", "scheme", "identifier", "name"]
    with_lines = rows.reset_index(names="line")
    parts = []
    for end in ("", *(f"_{other}" for other in range(2, _MOST_HOLDERS + 1))):
        if f"holder_id{end}" in rows or f"holder_name{end}" in rows:
            names = ["line", *(f"holder_{part}{end}" for part in _HOLDER)]
            part = with_lines.reindex(columns=names).set_axis(columns, axis=1).assign(contract=rank)
            parts.append(part.dropna(subset=["identifier", "name"], how="all"))
    nested = rows["holders"].notna().to_numpy()
    listed = zip(rank[nested], rows.index[nested], rows["holders"][nested], strict=True)
    told = [(place, line, *holder) for place, line, text in listed for holder in holders_of_text(text)]
    if told:
        parts.append(pd.DataFrame(told, columns=["contract", *columns]))
    table = stacked([part for part in parts if len(part)] or parts[:1])
    table = table.sort_values(["contract", "line"], kind="stable", ignore_index=True)
    return table.drop_duplicates(["contract", "scheme", "identifier", "name"], ignore_index=True)
