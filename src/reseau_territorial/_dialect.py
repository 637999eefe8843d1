"""Text tables as they are found in France: which separator, which row is the header.

Nothing is typed here: every cell stays text, so that a code keeps its leading zeros. The index of
a table is the row number that a spreadsheet shows, so that a later message can name the row.
"""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from reseau_territorial._encodings import decode
from reseau_territorial.errors import TableError, enumerate_rows, enumerate_values, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# In order of preference when two cut the rows equally well: commas also live in prose and decimals.
SEPARATORS = ("\t", ";", "|", ",")

_SAMPLE_CHARACTERS = 256 * 1024
_SAMPLE_RECORDS = 200
_TITLES = 10
_UTF8_BOM = b"\xef\xbb\xbf"
_END = "\ue000end\ue000"
_SPACES = re.compile(r"\s+")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_GROUPED_DIGITS = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a text table is written: its encoding and the character between its cells."""

    encoding: str
    separator: str


def read_text_table(path: str | Path, *, encoding: str | None = None, separator: str | None = None) -> pd.DataFrame:
    r"""Read a delimited text file as a table of text cells.

    Parameters
    ----------
    path : str or Path
        A text file with a header row, plain or compressed (``.gz``).
    encoding : str, optional
        Encoding of the file. Found among UTF-8 (with or without BOM), UTF-16 and cp1252 if omitted.
    separator : str, optional
        Character between cells. Found among ``;``, ``,``, tab and ``|`` if omitted.

    Returns
    -------
    pandas.DataFrame
        Text cells without surrounding spaces; an empty cell is missing. The index, named ``row``,
        is the number of the row as a spreadsheet shows it (the header of a plain file is row 1).
        Empty rows and wholly empty unnamed columns are left out. The dialect found is kept in
        ``.attrs["dialect"]``, the name of the file in ``.attrs["file"]``.

    Raises
    ------
    TableError
        The file is missing, a directory, empty, binary, not in the encoding; or its header has
        empty or repeated names, or rows have more cells than the header (all reported at once).

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "liens.csv"
    >>> _ = path.write_bytes("acteur;siren;intensité\nTours;012345678;1,5\n".encode("cp1252"))
    >>> table = read_text_table(path)
    >>> table.loc[2].to_dict()
    {'acteur': 'Tours', 'siren': '012345678', 'intensité': '1,5'}
    >>> table.attrs["dialect"]
    Dialect(encoding='cp1252', separator=';')
    """
    path = Path(path)
    text, encoding = decode(read_bytes(path), file=path.name, encoding=encoding)
    declared, text = _declared_separator(text)
    separator = separator or declared or find_separator(text)
    if len(separator) != 1 or separator in '"\r\n':
        message = f"a separator is one character such as ';'; {separator!r} is not"
        raise TableError([message])
    table = table_of_rows(_rows(text, separator, file=path.name), file=path.name)
    table.attrs["dialect"] = Dialect(encoding=encoding, separator=separator)
    return table


def read_bytes(path: Path) -> bytes:
    """Return the content of a file that must exist and hold something (uncompressed if gzip)."""
    if path.is_dir():
        message = f"{str(path)!r} is a directory; give the path of one file"
        raise TableError([message])
    if not path.exists():
        names = sorted(file.name for file in path.parent.glob(f"*{path.suffix}"))
        near = nearest(path.name, names)
        hint = f" Did you mean {near!r}?" if near else ""
        known = (
            f" In this folder: {enumerate_values(names)}."
            if names
            else f" The folder has no {path.suffix} file, or does not exist."
        )
        message = f"no file '{path}'.{hint}{known}"
        raise TableError([message])
    try:
        content = path.read_bytes()
        if content.startswith(b"\x1f\x8b"):
            content = gzip.decompress(content)
    except (OSError, EOFError) as error:
        message = f"{path.name} cannot be read: {error}"
        raise TableError([message]) from error
    if not content.strip(b"\x00\r\n\t ;," + _UTF8_BOM):
        message = f"{path.name} is empty; a table needs a header row. Export it again"
        raise TableError([message])
    return content


def find_separator(text: str) -> str:
    """Return the separator that cuts the first rows of a table most regularly."""
    sample = text[:_SAMPLE_CHARACTERS]

    def regularity(separator: str) -> float:
        cuts = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
        try:
            rows = [cells for _, cells in zip(range(_SAMPLE_RECORDS), cuts, strict=False)]
        except csv.Error:
            return 0.0
        rows = [cells for cells in rows if any(map(str.strip, cells))]
        start = _header_position(rows)
        width = len(_without_empty_end(rows[start])) if rows else 0
        if width < 2:  # one cell: this separator cuts nothing
            return 0.0
        body = rows[start:]
        share = sum(_regular(row, width, separator) for row in body) / len(body)
        # A title above the table is possible, but a first row that is cut like the others is likelier.
        return round(share if start == 0 else share * 0.85, 2)

    return max(SEPARATORS, key=regularity)


def _regular(row: Sequence[str], width: int, separator: str) -> float:
    """Tell how well a row is cut: not at all, by decimal commas perhaps, or as the header is."""
    if len(row) == 1 or len(_without_empty_end(row)) > width:
        return 0.0
    decimal = separator == "," and all(
        left[-1:].isdigit() and right[:1].isdigit() for left, right in itertools.pairwise(row)
    )
    return 0.5 if decimal else 1.0


def table_of_rows(rows: Iterable[Sequence[str]], *, file: str, first: int = 1) -> pd.DataFrame:
    """Make a table of text from rows of cells, the header being the first row that is not empty.

    A title alone above the header is passed over. ``first`` is the number of the first row.
    """
    numbered = [
        (number, cells) for number, row in enumerate(rows, start=first) if any(cells := [cell.strip() for cell in row])
    ]
    if not numbered:
        message = f"{file} is empty; a table needs a header row. Export it again"
        raise TableError([message])
    start = _header_position([cells for _, cells in numbered])
    names = [_SPACES.sub(" ", name) for name in _without_empty_end(numbered[start][1])]
    body = numbered[start + 1 :]
    if not names[0] and _counts_rows([cells[0] for _, cells in body]):
        names, body = names[1:], [(number, cells[1:]) for number, cells in body]
    problems = [*_long_rows(body, len(names)), *_header_problems(names, body)]
    if problems:
        raise TableError([f"{file}: {problem}" for problem in problems])
    columns = {
        name: [cells[place] or None if place < len(cells) else None for _, cells in body]
        for place, name in enumerate(names)
        if name
    }
    index = pd.Index([number for number, _ in body], name="row", dtype="int64")
    table = pd.DataFrame(columns, index=index, dtype="str")
    table.attrs["file"] = file
    return table


def plain_key(text: str) -> str:
    """Return a name without case, accents and punctuation, words joined by underscores.

    Examples
    --------
    >>> plain_key("  Période (début) "), plain_key("n° SIREN"), plain_key("Cœur d’Hérault")
    ('periode_debut', 'n_siren', 'coeur_d_herault')
    """
    text = text.casefold().replace("œ", "oe").replace("æ", "ae").replace("°", " ")
    decomposed = unicodedata.normalize("NFKD", text)
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return "_".join(re.findall(r"[^\W_]+", letters))


def parse_number(text: str) -> float:
    """Return the number written in a cell, with a decimal comma or point, spaces and a euro sign.

    When both marks occur, the last one is the decimal mark; a mark that occurs several times
    separates thousands. A lone comma is a decimal comma, as French files write it.

    Raises
    ------
    ValueError
        The cell is not a number.

    Examples
    --------
    >>> [parse_number(t) for t in ("1 150,00", "5 000 €", "1.234.567,8", "1,234.5", "0,5", "-2")]
    [1150.0, 5000.0, 1234567.8, 1234.5, 0.5, -2.0]
    """
    digits = _GROUPED_DIGITS.sub("", text.strip().replace("−", "-")).removesuffix("€").strip()
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma > -1 and point > -1:
        decimal, thousands = (",", ".") if comma > point else (".", ",")
        digits = digits.replace(thousands, "").replace(decimal, ".")
    elif digits.count(",") > 1 or digits.count(".") > 1:
        digits = digits.replace(",", "").replace(".", "")
    else:
        digits = digits.replace(",", ".")
    if not _NUMBER.fullmatch(digits):
        message = f"{text!r} is not a number"
        raise ValueError(message)
    return float(digits)


def _declared_separator(text: str) -> tuple[str | None, str]:
    # Excel takes a first line "sep=;" as an order and does not show it: neither is it counted here.
    found = re.match(r'\s*"?sep=([^\r\n"])"?[;,\t ]*(\r\n|\r|\n)', text, re.IGNORECASE)
    return (found[1], text[found.end() :]) if found else (None, text)


def _rows(text: str, separator: str, *, file: str) -> Iterator[list[str]]:
    lines = io.StringIO(f"{text}\n{_END}", newline="")
    number = 0
    cells: list[str] = []
    longest = csv.field_size_limit(len(text) + len(_END) + 1)
    try:
        for cells in csv.reader(lines, delimiter=separator):
            number += 1
            if cells != [_END]:
                yield cells
    except csv.Error as error:
        message = f"{file}, after row {number}: {error}"
        raise TableError([message]) from error
    finally:
        csv.field_size_limit(longest)
    if cells != [_END]:
        message = f"{file}: the quotation mark opened in row {number} is never closed"
        raise TableError([message])


def _without_empty_end(cells: Sequence[str]) -> Sequence[str]:
    length = len(cells)
    while length and not cells[length - 1].strip():
        length -= 1
    return cells[:length]


def _header_position(rows: Sequence[Sequence[str]]) -> int:
    """Return the place of the header: after titles, that is rows of one cell above wider ones."""
    filled = [len(_without_empty_end(row)) for row in rows[:_SAMPLE_RECORDS]]
    return next((place for place, width in enumerate(filled[:_TITLES]) if width > 1), 0)


def _counts_rows(cells: Sequence[str]) -> bool:
    """Tell whether an unnamed first column only numbers the rows, as pandas and R write it."""
    return any(cells == [str(number) for number in range(first, first + len(cells))] for first in (0, 1))


def _long_rows(body: Sequence[tuple[int, Sequence[str]]], width: int) -> list[str]:
    long = [number for number, cells in body if len(_without_empty_end(cells)) > width]
    if not long:
        return []
    return [
        f"rows with more cells than the {width} names of the header: {enumerate_rows(long)}. "
        "Quote the cells that hold the separator, or name every column."
    ]


def _header_problems(names: Sequence[str], body: Sequence[tuple[int, Sequence[str]]]) -> Iterator[str]:
    for place, name in enumerate(names):
        if name:
            if name in names[:place]:
                yield f"two columns are named {name!r} (the second is column {place + 1}). Rename one."
            continue
        filled = [number for number, cells in body if place < len(cells) and cells[place]]
        if filled:
            yield f"column {place + 1} has values but no name: {enumerate_rows(filled)}. Name it."
