"""The account of a reading of money: which euros are in the network, which are not, and why."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd

from reseau_territorial._paper import print_setup
from reseau_territorial.errors import TableError
from reseau_territorial.opendata._reading import ReadingReport, number
from reseau_territorial.opendata._reasons import reason
from reseau_territorial.vocabulary import Lang, Term

__all__ = ["KEPT", "MoneyReport"]

KEPT: Final = "kept"

STATUSES: Final[Mapping[str, Term]] = {
    "kept": Term("gardée telle quelle", "kept as it is"),
    "repaired": Term("réparée et gardée", "repaired and kept"),
    "unpriced": Term("gardée sans montant", "kept without amount"),
    "twice": Term("comptée deux fois dans le fichier, une fois ici", "twice in the file, counted once"),
    "set_aside": Term("écartée\u202f: ce n’est pas un versement", "set aside: not a payment"),
    "refused": Term("refusée\u202f: illisible ou incomplète", "refused: unreadable or incomplete"),
}
"""What became of a row, from the best to the worst."""
_STATUS_OF_FATE: Final[Mapping[str, str]] = {
    **dict.fromkeys(("repeated_row", "repeated_file", "repeated_contract", "repeated_for_holders"), "twice"),
    **dict.fromkeys(
        ("total_line", "total_differs", "negative_amount", "zero_amount", "self_payment", "not_a_grant", "superseded"),
        "set_aside",
    ),
}
_COLOURS: Final[Mapping[str, str]] = {
    "kept": "#1b7f5c",
    "repaired": "#6aa84f",
    "unpriced": "#c9a227",
    "twice": "#7a6fac",
    "set_aside": "#8a8f98",
    "refused": "#c0392b",
}
_HEADERS: Final[Mapping[str, Term]] = {
    "status": Term("sort des lignes", "what became of the rows"),
    "rows": Term("lignes", "rows"),
    "euros": Term("euros", "euros"),
    "share": Term("part des euros", "share of the euros"),
    "file": Term("fichier", "file"),
    "line": Term("ligne", "line"),
    "fate": Term("sort", "fate"),
    "reason": Term("motif", "reason"),
    "action": Term("constat", "finding"),
    "column": Term("colonne", "column"),
    "raw": Term("valeur du fichier", "value in the file"),
    "value": Term("valeur retenue", "value kept"),
}
_SHOWN_REASONS: Final = 12
_SHEET_ROWS: Final = 1_048_575
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


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
    fates : pandas.DataFrame
        One row per row of money: ``file``, ``line``, ``fate``, ``euros`` and ``tie`` (whether it is a tie).

    Examples
    --------
    >>> MoneyReport.__mro__[1].__name__
    'ReadingReport'
    """

    totals: pd.DataFrame = field(default_factory=pd.DataFrame)
    checks: pd.DataFrame = field(default_factory=pd.DataFrame)
    fates: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=["file", "line", "fate", "euros", "tie"]), repr=False
    )

    @property
    def euros(self) -> float:
        """The euros of the ties of the network."""
        return math.fsum(self.totals.loc[self.totals["fate"] == KEPT, "euros"])

    def rows(self, *, lang: Lang = "fr") -> pd.DataFrame:
        """Return what became of every row of the files.

        Parameters
        ----------
        lang : {"fr", "en"}
            Language of the words.

        Returns
        -------
        pandas.DataFrame
            ``file``, ``line``, ``fate`` (kept as it is, repaired and kept, kept without amount, counted once, set
            aside, refused), ``reason`` (missing for a row kept as it is) and ``euros`` (missing when they cannot be
            read), in the order of the files. A row with several holders or amounts stands once for each.
        """
        rows = self._rows()
        rows["fate"] = rows["status"].map(lambda key: _word(STATUSES, key, lang)).astype("str")
        rows["reason"] = rows["reason"].map(lambda key: reason(key, lang=lang), na_action="ignore").astype("str")
        return rows[["file", "line", "fate", "reason", "euros"]]

    def _rows(self) -> pd.DataFrame:
        told = self.fates.astype({"file": "str", "fate": "str"})
        lines = pd.DataFrame({"file": told["file"], "line": told["line"].astype("object")})
        status = told["fate"].map(lambda fate: _STATUS_OF_FATE.get(fate, "refused")).astype("str")
        status = status.mask(told["tie"].astype(bool), "unpriced").mask(told["fate"] == KEPT, "kept")
        repaired = self._places("repaired").rename(columns={"reason": "repair"})
        lines = lines.merge(repaired, on=["file", "line"], how="left", sort=False)
        mended = (status == "kept") & lines["repair"].notna()
        rows = lines[["file", "line"]].assign(
            status=status.mask(mended, "repaired"),
            reason=told["fate"].mask(told["fate"] == KEPT, lines["repair"].astype("str").where(mended)),
            euros=told["euros"],
        )
        more = [self._unread(rows, "refused", "refused"), self._unread(rows, "decided", "set_aside")]
        return pd.concat([rows, *(part for part in more if len(part))], ignore_index=True)

    def _unread(self, rows: pd.DataFrame, action: str, status: str) -> pd.DataFrame:
        """Return the rows of the files that never became rows of money: refused or total lines."""
        found = self._places(action).merge(rows[["file", "line"]].drop_duplicates(), how="left", indicator=True)
        left = found[found["_merge"] == "left_only"]
        return left[["file", "line", "reason"]].assign(status=status, euros=float("nan"))

    def _places(self, action: str) -> pd.DataFrame:
        """Return the first reason of each line that has findings of this action."""
        found = self.findings.loc[self.findings["action"].eq(action) & self.findings["line"].notna()]
        whole = found["line"].map(lambda line: isinstance(line, int) or hasattr(line, "__index__")).astype(bool)
        found = found.loc[whole, ["file", "line", "reason"]]
        return found.drop_duplicates(["file", "line"]).astype({"file": "str", "reason": "str"})

    def account(self, *, lang: Lang = "fr") -> pd.DataFrame:
        """Return the rows and the euros by what became of them.

        Parameters
        ----------
        lang : {"fr", "en"}
            Language of the index.

        Returns
        -------
        pandas.DataFrame
            Indexed by ``fate``: ``rows``, ``euros`` and ``share`` of the euros that could be read (0 to 1).
        """
        table = self._account()
        words = pd.Index([_word(STATUSES, key, lang) for key in table.index], name="fate")
        return table.set_axis(words)

    def _account(self) -> pd.DataFrame:
        grouped = self._rows().groupby("status")["euros"]
        table = pd.DataFrame({"rows": grouped.size(), "euros": grouped.agg(lambda euros: math.fsum(euros.dropna()))})
        table = table.reindex([key for key in STATUSES if key in table.index or key == "kept"]).fillna(0)
        again = self.totals[self.totals["fate"] == "repeated_for_holders"] if len(self.totals) else self.totals
        if len(again):
            held = table.loc["twice"] if "twice" in table.index else pd.Series({"rows": 0, "euros": 0.0})
            table.loc["twice"] = held + again[["rows", "euros"]].sum()
            table = table.reindex([key for key in STATUSES if key in table.index])
        whole = table["euros"].sum()
        table["share"] = table["euros"] / whole if whole else 0.0
        return table.astype({"rows": "int64"})

    def save(self, path: str | Path, *, lang: Lang = "fr") -> Path:
        """Write the account: every row of the files, with what became of it.

        Parameters
        ----------
        path : str or Path
            ``.xlsx`` (sheets: account, rows, findings) or ``.csv`` (rows, with semicolons).
        lang : {"fr", "en"}
            Language of headers and words.

        Returns
        -------
        Path
            The file written.

        Raises
        ------
        TableError
            Another extension, or more rows than a sheet holds.
        """
        place, rows = Path(path), self.rows(lang=lang)
        headed = rows.rename(columns=lambda name: _word(_HEADERS, name, lang))
        if place.suffix == ".csv":
            decimal = "," if lang == "fr" else "."
            headed.map(_harmless).to_csv(place, sep=";", decimal=decimal, index=False, encoding="utf-8-sig")
            return place
        if place.suffix != ".xlsx":
            raise TableError([f"{place.name}: the account is written as .xlsx or .csv"])
        if len(rows) > _SHEET_ROWS:
            raise TableError([f"{len(rows)} rows do not fit in a sheet of a workbook: write {place.stem}.csv"])
        account = self.account(lang=lang).rename_axis("status").reset_index()
        sheets = {
            Term("synthèse", "account"): account,
            Term("lignes", "rows"): rows,
            Term("constats", "findings"): self.to_frame(lang=lang),
        }
        options = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
        with pd.ExcelWriter(place, engine="xlsxwriter", engine_kwargs=options) as book:
            formats = {
                "euros": book.book.add_format({"num_format": "#,##0.00"}),
                "rows": book.book.add_format({"num_format": "#,##0"}),
                "share": book.book.add_format({"num_format": "0.0%"}),
            }
            head = book.book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"})
            for title, table in sheets.items():
                name = title.fr if lang == "fr" else title.en
                table.to_excel(book, sheet_name=name, index=False, freeze_panes=(1, 0))
                sheet = book.sheets[name]
                for column, key in enumerate(table.columns):
                    wide = 46 if key in ("status", "fate", "reason", "raw") else 34 if key == "file" else 16
                    sheet.set_column(column, column, wide, formats.get(str(key)))
                    sheet.write_string(0, column, _word(_HEADERS, str(key), lang), head)
                if len(table):
                    sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
                print_setup(sheet)
        return place

    def describe(self, *, lang: Lang = "fr") -> str:
        """Return the report as a few lines of text, the account of the money last."""
        lines = [super().describe(lang=lang)]
        lines.append("  Comptes\u202f:" if lang == "fr" else "  Account:")
        for entry in self.totals.itertuples():
            fate = {"fr": "retenu", "en": "kept"}[lang] if entry.fate == KEPT else reason(str(entry.fate), lang=lang)
            rows = "lignes" if lang == "fr" else "rows"
            lines.append(f"    {entry.file}: {euros_text(entry.euros)} ({number(int(str(entry.rows)))} {rows}), {fate}")
        if len(self.checks):
            lines.append(f"    {self._checks(lang)}")
        return "\n".join(lines)

    def _checks(self, lang: Lang) -> str:
        wrong = number(int((self.checks["difference"].abs() >= 0.5).sum()))
        stated = number(len(self.checks))
        if lang == "fr":
            return f"{stated} totaux écrits dans les fichiers, {wrong} différents des lignes"
        return f"{stated} totals stated by the files, {wrong} differ from the rows"

    def __str__(self) -> str:
        return self.describe()

    def _repr_html_(self) -> str:
        account = self._account()
        whole = account["euros"].sum()
        kept = account["euros"].reindex(["kept", "repaired"]).sum()
        files = ", ".join(self.files["file"].head(3)) + (" …" if len(self.files) > 3 else "")
        head = (
            f"{euros_text(kept)} dans le réseau, sur {euros_text(whole)} lus dans "
            f"{number(len(self.files))} fichier{'s' if len(self.files) > 1 else ''} ({files})"
        )
        checks = f"<p>{html.escape(self._checks('fr'))}.</p>" if len(self.checks) else ""
        return (
            '<div style="max-width:60em;font-family:sans-serif">'
            f'<p style="font-size:1.1em"><strong>{html.escape(head)}</strong></p>{_bar(account)}'
            f"{_account_html(account)}{checks}{self._reasons_html()}</div>"
        )

    def _reasons_html(self) -> str:
        """Return the findings by reason, the most frequent first, with where to look."""
        table = self.to_frame()
        if table.empty:
            return ""
        groups = table.groupby(["action", "reason", "column"], sort=False, dropna=False)
        found = groups.agg(count=("line", "size"), line=("line", "first"), file=("file", "first"), raw=("raw", "first"))
        found = found.sort_values("count", ascending=False, kind="stable").reset_index()
        rows = []
        for entry in found.head(_SHOWN_REASONS).to_dict("records"):
            where = "" if pd.isna(entry["line"]) else f"ligne\u00a0{entry['line']}"
            where += f", {entry['file']}" if len(self.files) > 1 else ""
            example = "" if pd.isna(entry["raw"]) else str(entry["raw"])[:60]
            rows.append(_row(number(entry["count"]), entry["action"], entry["reason"], entry["column"], where, example))
        left = len(found) - len(rows)
        more = f"<p>… et {number(left)} autres motifs\u202f: <code>report.summary()</code></p>" if left > 0 else ""
        heads = ("nombre", "constat", "motif", "colonne", "première fois", "exemple")
        return '<p style="margin:1em 0 .2em"><strong>Constats de lecture</strong></p>' + _table(heads, rows) + more


def euros_text(value: Any) -> str:
    """Write euros as the French do."""
    return f"{value:,.2f}".replace(",", "\u202f").replace(".", ",") + "\u00a0€"


def _account_html(account: pd.DataFrame) -> str:
    rows = []
    for key, entry in account.iterrows():
        share = f"{entry['share']:.1%}".replace(".", ",").replace("%", "\u00a0%")
        mark = f'<span style="color:{_COLOURS[str(key)]}">■</span> '
        euros = euros_text(entry["euros"])
        rows.append(
            _row(_word(STATUSES, str(key), "fr"), number(int(entry["rows"])), euros, share, mark=mark, figures=3)
        )
    return _table(("sort des lignes", "lignes", "euros", "part des euros"), rows, figures=3)


def _bar(account: pd.DataFrame) -> str:
    """Return one bar of the euros, in the order of the table."""
    parts = "".join(
        f'<span style="flex:{entry["share"]:.5f};background:{_COLOURS[str(key)]}" '
        f'title="{html.escape(_word(STATUSES, str(key), "fr"))}"></span>'
        for key, entry in account.iterrows()
        if entry["share"] > 0
    )
    return f'<div style="display:flex;height:14px;margin:.4em 0">{parts}</div>'


def _table(heads: tuple[str, ...], rows: list[str], *, figures: int = 0) -> str:
    head = _cells(heads, "th", figures)
    body = "".join(rows)
    return f'<table style="border-collapse:collapse"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _row(*cells: str, mark: str = "", figures: int = 0) -> str:
    return f"<tr>{_cells(cells, 'td', figures, mark)}</tr>"


def _cells(cells: tuple[str, ...], tag: str, figures: int, mark: str = "") -> str:
    """Return the cells of a row; the last ones, when they are figures, stand to the right."""
    sides = ["left"] * (len(cells) - figures) + ["right"] * figures
    written = [
        f'<{tag} style="text-align:{side};padding:.2em .8em;vertical-align:top">'
        f"{'' if place else mark}{html.escape(str(cell))}</{tag}>"
        for place, (cell, side) in enumerate(zip(cells, sides, strict=True))
    ]
    return "".join(written)


def _harmless(cell: object) -> object:
    """Return a cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _word(table: Mapping[str, Term], key: str, lang: Lang) -> str:
    term = table[key]
    return term.fr if lang == "fr" else term.en
