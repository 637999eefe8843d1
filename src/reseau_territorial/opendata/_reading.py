"""What a reader did with its files: what was kept, repaired, refused, counted twice, and where.

A reader fills a `ReadingLog` as it goes and returns a `Reading`: the network and its report.
"""

from __future__ import annotations

import html
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

import pandas as pd

from reseau_territorial.errors import TableError
from reseau_territorial.opendata._reasons import reason
from reseau_territorial.vocabulary import Lang, Term

if TYPE_CHECKING:
    from reseau_territorial.network import Network

__all__ = ["Reading", "ReadingLog", "ReadingReport", "refuse_if_mostly_unread"]

Action = Literal["repaired", "refused", "counted_twice", "masked", "decided", "noted"]

ACTIONS: Final[Mapping[str, Term]] = {
    "repaired": Term("réparé", "repaired"),
    "refused": Term("refusé", "refused"),
    "counted_twice": Term("en double", "twice, counted once"),
    "masked": Term("masqué", "masked"),
    "decided": Term("décidé", "decided"),
    "noted": Term("à savoir", "to be known"),
}

FINDING_COLUMNS: Final = ("action", "file", "line", "column", "raw", "value", "reason")
_FEW_ROWS: Final = 10
FILE_COLUMNS: Final = ("file", "format", "rows", "kept")


@dataclass
class ReadingLog:
    """The notes that a reader takes while it reads; `report` closes them."""

    _files: list[dict[str, object]] = field(default_factory=list)
    _findings: list[pd.DataFrame] = field(default_factory=list)
    _dropped: dict[str, int] = field(default_factory=dict)
    _headers_alone: dict[str, int] = field(default_factory=dict)

    def opened(self, file: str, *, form: str, rows: int) -> None:
        """Note a file, how it is written, and how many rows it holds."""
        self._files.append({"file": file, "format": form, "rows": rows, "kept": rows})

    def kept_only(self, rows: pd.Series) -> None:
        """Note how many rows of each file, which is the index, are in the result (all of them unless told)."""
        for entry in self._files:
            entry["kept"] = int(rows.get(entry["file"], 0))

    def header_alone(self, file: str, line: int) -> None:
        """Note a file that has a header, and no row below it."""
        self._headers_alone[file] = line
        self.add("noted", "no_row", file=file, line=line)

    def refuse_if_headers_alone(self) -> None:
        """Refuse a reading of headers only: its network would be empty without a word.

        Raises
        ------
        TableError
            No file has a row below its header.
        """
        if self._headers_alone and len(self._headers_alone) == len(self._files):
            raise TableError(
                [
                    f"{file}, line {line}: the header has no row below it. Export the file again, or check its filter"
                    for file, line in self._headers_alone.items()
                ]
            )

    def dropped(self, file: str, rows: int) -> None:
        """Note rows of a file that are not in the result, beyond those told before."""
        self._dropped[file] = self._dropped.get(file, 0) + rows

    def add(
        self,
        action: Action,
        why: str,
        *,
        file: str,
        line: Hashable = None,
        column: str = "",
        raw: object = None,
        value: object = None,
    ) -> None:
        """Note one finding."""
        self.add_rows(
            action,
            why,
            file=file,
            column=column,
            raw=pd.Series([raw], index=[line], dtype="object"),
            value=None if value is None else pd.Series([value], index=[line], dtype="object"),
        )

    def add_rows(
        self,
        action: Action,
        why: str | pd.Series,
        *,
        file: str,
        raw: pd.Series,
        value: pd.Series | None = None,
        column: str = "",
    ) -> None:
        """Note a finding for each row of `raw`, whose index is the line of the file."""
        if raw.empty:
            return
        self._findings.append(
            pd.DataFrame(
                {
                    "action": action,
                    "file": file,
                    "line": pd.Series(raw.index, dtype="object"),
                    "column": column,
                    "raw": raw.astype("object").to_numpy(),
                    "value": None if value is None else value.astype("object").to_numpy(),
                    "reason": why.to_numpy() if isinstance(why, pd.Series) else why,
                }
            )
        )

    def add_identifiers(self, verdicts: pd.DataFrame, *, file: str, column: str) -> None:
        """Note the identifiers that were repaired, set aside or kept as foreign.

        Parameters
        ----------
        verdicts : pandas.DataFrame
            What a ``clean_*`` function returned; its index is the line of the file.
        file, column : str
            Where the identifiers were read.
        """
        actions: Mapping[str, Action] = {
            "repaired": "repaired",
            "damaged": "refused",
            "invalid": "refused",
            "foreign": "noted",
        }
        for status, action in actions.items():
            rows = verdicts[verdicts["status"] == status]
            self.add_rows(action, rows["note"], file=file, column=column, raw=rows["raw"], value=rows["value"])

    def noted(self, why: str) -> list[object]:
        """Return the values of the findings that have this reason so far."""
        found = [table.loc[table["reason"].eq(why), "value"] for table in self._findings]
        return [value for column in found for value in column]

    def report(self) -> ReadingReport:
        """Close the notes; headers without a row are refused."""
        self.refuse_if_headers_alone()
        files = pd.DataFrame(self._files, columns=list(FILE_COLUMNS))
        files["kept"] -= files["file"].map(self._dropped).fillna(0).astype("int64")
        findings = (
            pd.concat(self._findings, ignore_index=True)
            if self._findings
            else pd.DataFrame(columns=list(FINDING_COLUMNS))
        )
        return ReadingReport(files=files, findings=findings)


def refuse_if_mostly_unread(verdicts: pd.DataFrame, *, file: str, column: str) -> None:
    """Refuse a file most of whose keys cannot be read: what is left would not be its content.

    Parameters
    ----------
    verdicts : pandas.DataFrame
        What a ``clean_*`` function returned; its index is the line of the file.
    file, column : str
        Where the keys were read.

    Raises
    ------
    TableError
        More than half of the keys are damaged or invalid.
    """
    bad = verdicts[verdicts["status"].isin(["damaged", "invalid"])]
    if len(verdicts) < _FEW_ROWS or len(bad) <= len(verdicts) / 2:
        return
    first = bad.iloc[0]
    why = reason(str(first["note"]), lang="en")
    raise TableError(
        [
            f"{file}, line {bad.index[0]}, column {column!r}: {str(first['raw'])!r} cannot be read ({why}), and so "
            f"for {len(bad)} of {len(verdicts)} rows; export the column as text, or name the right column"
        ]
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class ReadingReport:
    """What was kept, repaired, refused or counted twice, with file, line and column.

    Parameters
    ----------
    files : pandas.DataFrame
        One row per file: ``file``, ``format`` (encoding and separator), ``rows`` and ``kept``.
    findings : pandas.DataFrame
        One row per finding: ``action`` (repaired, refused, counted_twice, masked, decided, noted),
        ``file``, ``line``, ``column``, ``raw``, ``value`` and ``reason`` (a key).

    Examples
    --------
    >>> log = ReadingLog()
    >>> log.opened("epci.csv", form="utf-8 ;", rows=3)
    >>> log.add("refused", "checksum", file="epci.csv", line=4, column="siren", raw="123456789")
    >>> log.report().to_frame(lang="en")[["line", "column", "raw", "reason"]].iloc[0].tolist()
    [4, 'siren', '123456789', 'wrong check digit']
    """

    files: pd.DataFrame
    findings: pd.DataFrame

    def count(self, action: Action, why: str | None = None) -> int:
        """Return how many findings have this action, and this reason if given.

        Parameters
        ----------
        action : {"repaired", "refused", "counted_twice", "masked", "decided", "noted"}
            What happened.
        why : str, optional
            The key of the reason, such as ``"checksum"``.

        Returns
        -------
        int
            The number of rows of `findings`; 0 for a reason that none has.
        """
        found = self.findings["action"] == action
        if why is not None:
            found &= self.findings["reason"] == why
        return int(found.sum())

    def to_frame(self, *, lang: Lang = "fr") -> pd.DataFrame:
        """Return every finding as a row, with actions and reasons in words.

        Parameters
        ----------
        lang : {"fr", "en"}
            Language of the words.

        Returns
        -------
        pandas.DataFrame
            The columns of `findings`; missing where a finding has no line, column or value.
        """
        table = self.findings.copy()
        table["action"] = table["action"].map(lambda key: _word(ACTIONS, key, lang)).astype("str")
        table["reason"] = table["reason"].map(lambda key: reason(key, lang=lang)).astype("str")
        return table

    def summary(self, *, lang: Lang = "fr") -> pd.DataFrame:
        """Return the findings counted by action, reason, file and column, with a first example.

        Parameters
        ----------
        lang : {"fr", "en"}
            Language of the words.

        Returns
        -------
        pandas.DataFrame
            One row per action, reason, file and column.
        """
        table = self.to_frame(lang=lang)
        keys = ["action", "reason", "file", "column"]
        grouped = table.groupby(keys, sort=False, dropna=False)
        return grouped.agg(count=("line", "size"), first_line=("line", "first"), example=("raw", "first")).reset_index()

    def describe(self, *, lang: Lang = "fr") -> str:
        """Return the report as a few lines of text.

        Parameters
        ----------
        lang : {"fr", "en"}
            Language of the text.

        Returns
        -------
        str
            What ``print(report)`` shows.
        """
        lines = [self._headline(lang)]
        colon, of = ("\u202f: ", "lignes gardées sur") if lang == "fr" else (": ", "rows kept of")
        for entry in self.files.to_dict("records"):
            kept, rows = number(entry["kept"]), number(entry["rows"])
            lines.append(f"  {entry['file']} ({entry['format']}){colon}{kept} {of} {rows}")
        for entry in self.summary(lang=lang).to_dict("records"):
            where = ", ".join(filter(None, (entry["file"], entry["column"])))
            found = f"{number(entry['count'])} × {entry['action']}, {entry['reason']}"
            lines.append(f"  {found} [{where}]{_example(entry, lang)}")
        return "\n".join(lines)

    def _headline(self, lang: Lang) -> str:
        files, rows, kept = len(self.files), int(self.files["rows"].sum()), int(self.files["kept"].sum())
        counted = self.findings["action"].value_counts()
        told = [(int(counted[key]), _word(ACTIONS, key, lang)) for key in ACTIONS if key in counted]
        if lang == "fr":
            parts = [f"{number(count)} {_plural(word, count)}" for count, word in told]
            read = f"{number(files)} {_plural('fichier', files)}, {number(rows)} {_plural('ligne', rows)}"
            start = f"Lecture\u202f: {read}, {number(kept)} {_plural('gardée', kept)}"
            return "\u202f; ".join([start, *parts])
        start = f"Reading: {number(files)} files, {number(rows)} rows, {number(kept)} kept"
        return "; ".join([start, *(f"{number(count)} {word}" for count, word in told)])

    def __repr__(self) -> str:
        return f"<{self._headline('fr')}>"

    def __str__(self) -> str:
        return self.describe()

    def _repr_html_(self) -> str:
        title = html.escape(self._headline("fr"))
        files = self.files.to_html(index=False, border=0)
        return f"<p><strong>{title}</strong></p>{files}{self.summary().to_html(index=False, border=0)}"


@dataclass(frozen=True, eq=False)
class Reading:
    """A network and the report of its reading; ``net, report = read_...(paths)`` also works.

    Parameters
    ----------
    network : Network
        What was read.
    report : ReadingReport
        What happened to the rows of the files.
    """

    network: Network
    report: ReadingReport

    def __iter__(self) -> Iterator[Any]:
        yield self.network
        yield self.report

    def __repr__(self) -> str:
        return f"{self.network!r}\n{self.report!r}"


def number(value: int) -> str:
    """Write a count with narrow spaces between thousands."""
    return f"{value:,}".replace(",", "\u202f")


def _plural(word: str, count: int) -> str:
    """Return a French noun or participle in the plural from two on; a set phrase does not change."""
    return f"{word}s" if count > 1 and " " not in word else word


def _word(table: Mapping[str, Term], key: str, lang: Lang) -> str:
    term = table[key]
    return term.fr if lang == "fr" else term.en


def _example(entry: Mapping[Hashable, Any], lang: Lang) -> str:
    if pd.isna(entry["first_line"]):
        return ""
    line = "ligne" if lang == "fr" else "line"
    raw = "" if pd.isna(entry["example"]) else f": {entry['example']}"
    return f" {line} {entry['first_line']}{raw}"
