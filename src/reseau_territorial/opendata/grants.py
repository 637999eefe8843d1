"""Grants: the SCDL "subventions" schema (versions 1 and 2) and the layouts that authorities really publish."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from reseau_territorial.errors import TableError
from reseau_territorial.opendata._advice import advice, not_for_this_reader, reader_of
from reseau_territorial.opendata._columns import (
    Cells,
    Codes,
    Column,
    Fingerprints,
    each_once,
    filled,
    marked,
    narrowest,
    numbered,
    of_codes,
    packed,
    recurring,
    stacked,
    taken,
    texts_of,
)
from reseau_territorial.opendata._content import tables_of
from reseau_territorial.opendata._fields import read_fields
from reseau_territorial.opendata._grant_columns import (
    GRANTS,
    PERIODS_OF_PAYMENT,
    YEAR_IN_NAME,
    amount_columns,
    places_of,
    tell_other_amounts,
    yearly_columns,
)
from reseau_territorial.opendata._grant_totals import check_totals, is_total, spot_nameless_totals, total_words
from reseau_territorial.opendata._headers import Header, known_sheets
from reseau_territorial.opendata._money import (
    KEPT,
    Per,
    Source,
    check_per,
    empty_flows,
    kept_rows,
    money_network,
    set_aside,
    settle,
    source_table,
    spot_repeated_files,
)
from reseau_territorial.opendata._parties import Persons, check_persons
from reseau_territorial.opendata._plausible import refuse_identifiers_as_amounts
from reseau_territorial.opendata._reading import Reading, ReadingLog
from reseau_territorial.opendata._sheets import Sheet, open_sheets
from reseau_territorial.opendata.amounts import distinct_amounts, parse_amounts
from reseau_territorial.opendata.dates import distinct_dates, parse_date

__all__ = ["read_grants"]

_EXTRAS: Final = ("object", "reference", "nature", "years")
_FREE_TEXTS: Final = ("object", "reference")
_FLOW_TEXTS: Final = ("payer_id", "payer_name", "payee_id", "payee_name", "payee_rna", "nature", *_FREE_TEXTS)
_TEXTS: Final = frozenset(
    {"payee_name_2", "payee_postcode", "payee_place", "share", "programme", "year", "payment_dates", *_FLOW_TEXTS}
)
_NOT_KEPT: Final = frozenset({"conditions", "rae", "notified", "requested"})
_YEAR_IN_TOTAL: Final = re.compile(r"\b(?:en|année|exercice)\s+((?:19|20)\d{2})\b", re.IGNORECASE)
_NOT_GRANTS: Final = ("loan", "guarantee")


@dataclass(frozen=True, kw_only=True)
class _Table:
    """The rows of one sheet below its header, and the totals that the sheet states."""

    title: str
    sheet: Sheet
    header: Header
    cells: pd.DataFrame
    totals: pd.DataFrame
    amounts: dict[str, int | None]
    """Columns of `cells` that hold grants, and the year that the name of the column tells."""


def read_grants(
    paths: str | Path | Sequence[str | Path],
    *,
    payer: str | None = None,
    payer_id: str | None = None,
    year: int | None = None,
    sheet: str | None = None,
    persons: Persons = "mask",
    source: Source | None = None,
    per: Per = "row",
) -> Reading:
    r"""Read files of grants as a network from payers to payees, with an account to the euro.

    Parameters
    ----------
    paths : str, Path or sequence
        Files as downloaded: CSV (any encoding and separator), xlsx, xls, ods, JSON, plain, ``.gz`` or zip.
        Every table of a zip is read; ``archive.zip/member.csv`` names one of them.
    payer, payer_id : str, optional
        Name and SIREN or SIRET of the authority, for files that do not name it.
    year : int, optional
        Year of the grants, for files that do not tell it.
    sheet : str, optional
        The sheet of a workbook to read. By default every sheet whose columns are known is read, and
        the rows that repeat another sheet are counted once.
    persons : {"mask", "keep"}
        Whether natural persons and sole traders, known by their own names, are masked.
    source : mapping, optional
        ``producer``, ``title``, ``date``, ``licence`` and ``url`` of the files, for the sources table.
    per : {"row", "year"}
        One tie per row of the files, or one per payer, payee and year: the sum of its rows, whose number is in
        ``rows``. The report is the same. For files of many millions of rows, whose texts do not fit in memory.

    Returns
    -------
    Reading
        The network (layer ``grant``, directed from payer to payee, weight in euros, period = year) and
        a report whose ``totals`` account for every readable euro of every file.

    Raises
    ------
    TableError
        A file has no known column of amounts or payees, or names no payer and none is given; or no row of
        the files is a grant, and the lines of the first reasons are told.

    Notes
    -----
    A line of total is never a tie: it is compared with the rows above it (``report.checks``). Guarantees and
    loans are no grants: their sums are in the report. A negative amount takes money back: it is no
    tie, its sum is in the report. Advantages in kind without an amount are ties of weight 0. An
    identifier that a spreadsheet rounded is never a key: the payee is then known by name and place.
    Identical lines are all kept, since a file may hold several equal payments, and told.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "subventions.csv"
    >>> text = "Année;Bénéficiaire;Montant\n2019;MJC;1 500,50\n2019;Judo Club;300\n;Total;1 800,50\n"
    >>> _ = path.write_text(text, encoding="utf-8")
    >>> net, report = read_grants(path, payer="Ville de Loches", payer_id="213701329")
    >>> report.euros, float(net.ties["weight"].sum())
    (1800.5, 1800.5)
    """
    check_persons(persons)
    check_per(per)
    files = tables_of(paths)
    log = ReadingLog()
    read = [
        _flows(table, payer=payer, payer_id=payer_id, year=year, log=log)
        for file in files
        for table in _tables(file, sheet, per, log)
    ]
    names = read[0][2]
    checks = pd.concat([checks for _, checks, _ in read], ignore_index=True)
    flows = stacked([flows for flows, _, _ in read])
    del read  # as large as the network
    spot_repeated_files(flows)
    _tell_repeated_rows(flows, log)
    flows = flows.drop(columns=[*_EXTRAS]) if per == "year" else flows.astype({"years": "int64"})
    sources = source_table(flows, source, licence="voir le producteur")
    settled = settle(flows, log=log, persons=persons, extras=_EXTRAS if per == "row" else (), columns=names, per=per)
    del flows
    return money_network(settled, layer="grant", label="Subventions", log=log, sources=sources, checks=checks)


def _tables(file: Path, sheet: str | None, per: Per, log: ReadingLog) -> Iterator[_Table]:
    """Yield the readable tables of a file: the best cut of a text file, the known sheets of a workbook."""
    sheets = open_sheets(file, sheet)
    found = known_sheets(sheets, GRANTS)
    if not found:
        problem = "no known column of amounts and of payees, such as 'montant' and 'nomBeneficiaire'"
        raise not_for_this_reader(problem, sheets)
    for one in sheets:
        if one.name and not any(one is read for read, _ in found):
            log.add("noted", "sheet_not_read", file=one.title)
    several = len(sheets) > 1 and not sheets[0].separator
    for one, header in found:
        yield _table(one, header, one.title if several else one.file, per, log)


def _table(sheet: Sheet, header: Header, title: str, per: Per, log: ReadingLog) -> _Table:
    yearly = yearly_columns(header)
    cells = read_fields(
        sheet,
        header,
        GRANTS,
        log,
        title=title,
        fields=(*GRANTS.aliases, *yearly),
        places=lambda under: {name: places_of(under, name) for name in under.columns if name not in _NOT_KEPT} | yearly,
        marks={"first_words": total_words},
        column=partial(_column, per=per),
    )
    if header.unread:
        log.add("noted", "columns_not_read", file=title, line=None, raw=", ".join(header.unread))
    tell_other_amounts(header, yearly, title, log)
    absent = [str(name) for name in cells if cells[name].dtype == "object" and cells[name].isna().all()]
    cells = cells.assign(**dict.fromkeys(absent, packed(pd.Series(index=cells.index, dtype="object"))))
    if per == "row":
        cells = cells.assign(**{name: texts_of(cells[name]) for name in _FREE_TEXTS})
    total = is_total(cells)
    return _Table(
        title=title,
        sheet=sheet,
        header=header,
        cells=cells[~total] if total.any() else cells,
        totals=cells[total].astype("object"),
        amounts=amount_columns(header, yearly),
    )


def _column(name: str, *, per: Per) -> Column:
    """Return how a field is kept: free texts as they are, or their fingerprints where no tie keeps them."""
    if name in _FREE_TEXTS:
        return Cells() if per == "row" else Fingerprints()
    return Codes() if name in _TEXTS else Codes(lambda cell: cell)


def _flows(
    table: _Table, *, payer: str | None, payer_id: str | None, year: int | None, log: ReadingLog
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, str]]:
    """Return one row per payee and amount, the check of the totals that the table states, the names of its columns."""
    cells = table.cells
    title = table.title
    parts = [_one_amount(table, cells, name, title, log) for name in table.amounts]
    flows = parts[0] if len(parts) == 1 else stacked(parts).sort_values("place", kind="stable", ignore_index=True)
    spot_nameless_totals(flows)
    _share_amounts(flows)
    _name_payer(flows, table, payer=payer, payer_id=payer_id)
    _date(flows, cells, table, year=year, log=log, title=title)
    _set_other_money_aside(table, cells, title, log)
    names = {name: table.header.name_of(name) for name in ("payer_id", "payee_id", "payee_rna")}
    checks = check_totals(flows, table.totals, next(iter(table.amounts)), title, log)
    return flows.drop(columns=["place", "column_year"]), checks, names


def _one_amount(table: _Table, cells: pd.DataFrame, name: str, title: str, log: ReadingLog) -> pd.DataFrame:
    """Return the rows of one column of amounts; ``place`` is their position in the cells."""
    only = len(table.amounts) == 1
    column = table.header.name_of(name)
    codes, read = distinct_amounts(cells[name])
    euros = pd.Series(read["euros"].to_numpy()[codes], index=cells.index, copy=False)
    refuse_identifiers_as_amounts(euros, file=title, column=column)
    told = read["repair"].isin(("scientific notation",)) | (read["years"] > 1)
    repaired = told.to_numpy()[codes]
    log.add_rows(
        "repaired", read["repair"].take(codes[repaired]), file=title, column=column,
        raw=cells.loc[repaired, name], value=euros[repaired],
    )  # fmt: skip
    bad = read["issue"].isin(("ambiguous", "damaged", "text", "range")).to_numpy()[codes]
    why = "amount_" + read["issue"].take(codes[bad])
    log.add_rows("refused", why, file=title, column=column, raw=cells.loc[bad, name])
    first = name == next(iter(table.amounts))
    in_kind = (cells["in_kind"].notna() | cells["in_kind_value"].notna()).to_numpy() & first
    empty = read["issue"].isin(("missing", "flag")).to_numpy()[codes]
    nothing = empty & ~in_kind
    others = [other for other in (*table.amounts, *_NOT_GRANTS) if other != name]
    alone = nothing & first & (only | cells[others].isna().all(axis=1).to_numpy())
    log.add_rows("refused", "no_amount", file=title, column=column, raw=cells.loc[alone, name])
    used = ~(bad | nothing)
    whole = used.all()
    flows = empty_flows(int(used.sum()))
    flows["place"] = np.flatnonzero(used).astype(np.int32)
    flows["euros"] = euros.to_numpy() if whole else euros.to_numpy()[used]
    del euros  # as large as the cells, and so are the texts that follow
    flows["years"] = read["years"].to_numpy(dtype=np.int16)[codes if whole else codes[used]]
    flows["file"] = of_codes(np.zeros(len(flows), dtype=np.int8), pd.Index([title], dtype="str"))
    flows["line"] = cells.index.astype(narrowest(cells.index))[used]
    for text in (*_FLOW_TEXTS, "payee_name_2", "payee_postcode", "payee_place", "share"):
        # Given away when no other column of amounts needs it: the cells and the rows never stand side by side.
        column = (cells.pop(text) if only else cells[text]).array
        flows[text] = column if whole else column[used]
    if flows["payee_name_2"].notna().any():
        both = flows["payee_name"].astype("str").str.cat(flows["payee_name_2"].astype("str"), sep=" ")
        flows["payee_name"] = filled(both, flows["payee_name"]).array
    flows["payee_place"] = filled(flows["payee_postcode"], flows["payee_place"]).array
    flows = flows.drop(columns=["payee_name_2", "payee_postcode"])
    told_year = table.amounts[name]
    flows["column_year"] = pd.Series(pd.NA if told_year is None else told_year, index=flows.index, dtype="Int16")
    flows["nature"] = packed(flows["nature"])
    if name in ("operating", "investment"):
        flows["nature"] = marked(flows["nature"], np.full(len(flows), True), name)
    if empty[used].any():
        flows["nature"] = marked(flows["nature"], empty[used], "in_kind")
    set_aside(flows, flows["euros"] == 0, "zero_amount")
    return flows


def _share_amounts(flows: pd.DataFrame) -> None:
    """Divide an amount that several payees of one decision repeat whole, with shares that make 1."""
    shares = packed(flows["share"])
    values = np.array([*map(_share, shares.cat.categories), np.nan])
    if not (values < 1).any():
        return
    share = pd.Series(values[shares.cat.codes], index=flows.index)
    keys = ["payer_id", "payer_name", "reference", "object", "euros"]
    part = flows[flows["reference"].notna() & (share < 1) & flows["euros"].notna()]
    for _, rows in part.groupby(keys, dropna=False, observed=True):
        shares = share[rows.index]
        if len(rows) > 1 and rows["payee_name"].nunique() == len(rows) and math.isclose(shares.sum(), 1, abs_tol=0.011):
            flows.loc[rows.index, "euros"] = (rows["euros"] * shares).round(2)
            flows["nature"] = marked(flows["nature"], flows.index.isin(rows.index), "shared")


def _share(text: str) -> float:
    """Return a share between 0 and 1, written as it is or in per cent."""
    share = float(pd.to_numeric(text.replace(",", ".").rstrip(" %"), errors="coerce"))
    return share / 100 if share > 1 else share


def _name_payer(flows: pd.DataFrame, table: _Table, *, payer: str | None, payer_id: str | None) -> None:
    if payer is not None or payer_id is not None:
        flows["payer_name"] = filled(flows["payer_name"], payer) if payer is not None else flows["payer_name"]
        flows["payer_id"] = filled(flows["payer_id"], payer_id) if payer_id is not None else flows["payer_id"]
    if "programme" in table.header.columns and not {"payer_name", "payer_id"} & set(table.header.columns):
        stated = table.cells["programme"].astype("str").take(flows["place"].to_numpy()).set_axis(flows.index)
        split = stated.str.extract(r"^(?P<payer>[^:]+?)\s*:\s*(?P<programme>\d{3}\b.*)$")
        flows["payer_name"] = filled(flows["payer_name"], split["payer"])
        flows["object"] = filled(flows["object"], split["programme"])
    unnamed = flows["payer_name"].isna() & flows["payer_id"].isna()
    if unnamed.all() and len(flows):
        act = "Pass payer='Département de la Sarthe' and its SIREN as payer_id="
        other = "" if reader_of([table.sheet]) == "read_grants" else f". {advice([table.sheet])}"
        raise TableError([f"{table.sheet.title}: no column names who pays. {act}{other}"])


def _date(
    flows: pd.DataFrame, cells: pd.DataFrame, table: _Table, *, year: int | None, log: ReadingLog, title: str
) -> None:
    """Fill the date and the year: of the decision, else of the budget, else of the first payment."""
    codes, dates = distinct_dates(cells["date"])
    dates = dates.astype({"year": "Int16"})
    bad = dates["issue"].isin(("ambiguous", "impossible", "text")).to_numpy()[codes]
    column = table.header.name_of("date")
    why = "date_" + dates["issue"].take(codes[bad])
    log.add_rows("refused", why, file=title, column=column, raw=cells.loc[bad, "date"])
    years = dates["year"].array.take(codes)
    for other in ("year", "payment_dates"):
        if years.isna().any():
            texts = cells[other] if other == "year" else each_once(cells[other], _first_date)
            again, told = distinct_dates(texts)
            years = years.fillna(told["year"].astype("Int16").array.take(again))
    if years.isna().all() and flows["column_year"].isna().all():
        outside = year if year is not None else _year_told(table, log, title)
        years = years.fillna(outside) if outside is not None else years
    elif year is not None:
        years = years.fillna(year)
    place = flows["place"].to_numpy()
    flows["year"] = flows["column_year"].fillna(pd.Series(years.take(place), copy=False)).astype("Int16")
    del years
    flows["date"] = taken(dates["date"].replace("", None), codes[place])
    undated = flows[flows["year"].isna() & (flows["fate"] == KEPT)]
    log.add_rows("noted", "no_year", file=title, column=column, raw=undated["euros"].set_axis(undated["line"]))


def _first_date(text: str) -> str | None:
    found = PERIODS_OF_PAYMENT.fullmatch(text)
    if found is not None:
        return found[1]
    return text if not parse_date(text).issue else None


def _year_told(table: _Table, log: ReadingLog, title: str) -> int | None:
    """Return the year that a line of total, a line above the header or the name of the file tells."""
    above = [str(cell) for row in table.sheet.top[: table.header.position] for cell in row.cells if cell is not None]
    totals = [str(words) for words in table.totals["first_words"].dropna()]
    named = ([table.sheet.name], [table.sheet.file])
    for texts, pattern in ((totals, _YEAR_IN_TOTAL), (above, YEAR_IN_NAME), *((one, YEAR_IN_NAME) for one in named)):
        years = {int(found) for text in texts for found in pattern.findall(text)}
        if len(years) == 1:
            told = years.pop()
            log.add("decided", "year_outside_rows", file=title, raw=texts[0], value=told)
            return told
    return None


def _set_other_money_aside(table: _Table, cells: pd.DataFrame, title: str, log: ReadingLog) -> None:
    for name in (*_NOT_GRANTS, "in_kind_value"):
        if name in table.header.columns:
            euros = parse_amounts(cells[name])["euros"].dropna()
            if len(euros):
                column = table.header.name_of(name)
                log.add(
                    "decided", "not_a_grant", file=title, column=column, raw=f"{len(euros)}", value=math.fsum(euros)
                )


def _tell_repeated_rows(flows: pd.DataFrame, log: ReadingLog) -> None:
    # Narrowed in two steps: free texts, most of them distinct, are compared where all else is equal.
    keys = ["file", "payer_id", "payer_name", "payee_id", "payee_name", "euros", "date", "year"]
    alike = flows.iloc[recurring([flows[key] for key in keys], kept_rows(flows))]
    same = numbered([alike[key] for key in (*keys, "object", "reference")])
    again = alike[pd.Series(same).duplicated().to_numpy()]
    for file, rows in again.groupby("file", sort=False, observed=True):
        log.add_rows("noted", "equal_rows_kept", file=str(file), raw=rows["euros"].set_axis(rows["line"]))
