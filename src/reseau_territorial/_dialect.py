"""Text tables as they are found in France: which encoding, which separator, which row is the header.

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

from reseau_territorial.errors import TableError, enumerate_rows, enumerate_values, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

# In order of preference when two cut the rows equally well: commas also live in prose and decimals.
SEPARATORS = ("\t", ";", "|", ",")

_SAMPLE_CHARACTERS = 256 * 1024
_SAMPLE_RECORDS = 200
_TITLES = 10
_UTF8_BOM = b"\xef\xbb\xbf"
# An old editor may end a file with one of them; more of them, and the file is no text.
_STRAY_CONTROLS = 2
_OTHER_FILES = {
    b"PK\x03\x04": "an xlsx workbook or a zip archive: use read_workbook(), or save it as CSV",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls) or one with a password: save it as .xlsx or CSV",
    b"%PDF": "a PDF document: ask its producer for the table",
    b"PAR1": "a Parquet file: give it a name that ends with .parquet",
    b"\x89PNG": "a picture",
    b"SQLite": "an SQLite database: export the table as CSV",
}
# Text that went through latin-1 on its way keeps the cp1252 punctuation as invisible C1 controls.
_C1_CONTROLS = {code: bytes([code]).decode("cp1252", errors="ignore") or None for code in range(0x80, 0xA0)}
_OTHER_CONTROLS = dict.fromkeys([*range(9), *range(0x0E, 0x20)])
_REPAIRS = {**_C1_CONTROLS, **_OTHER_CONTROLS}
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x80-\x9f]")
# œ and € of ISO 8859-15, which cp1252 reads as ½ and ¤.
_LATIN9 = re.compile(r"[A-Za-zà-ÿ]½[a-zà-ÿ]|\d ?¤")
# What é, è, ê, ç, à of cp850 and Mac Roman become when they are read as cp1252.
_FOREIGN_ACCENTS = re.compile("[a-zà-ÿ][‚‡ˆŠŽ][a-zà-ÿ]")
_OTHER_ONE_BYTE = ("mac_roman", "cp850")
# é, à, ’ written in UTF-8, read as cp1252 by someone, and written in UTF-8 again.
_TWICE = "utf-8 twice"
_WRITTEN_TWICE = re.compile("\xc3[\x83\x82]\xc2|\xc3\x83\xc5|\xc3\xa2\xe2\x82\xac".encode("latin-1"))
_ACCENT = re.compile(r"(?<=[a-zà-ÿ])[^\x00-\x7f’°–—«»…€\u00a0](?=[a-zà-ÿ\s])")
_FRENCH = frozenset("éèêëàâçùûüôöîïœæ")
_SURE = 20
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
        known = f" In this folder: {enumerate_values(names)}." if names else " The folder does not exist or is empty."
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


def decode(content: bytes, *, file: str, encoding: str | None = None) -> tuple[str, str]:
    """Return the text of a file and the encoding it was found in.

    UTF-16 is known by its BOM or its zero bytes; the rest is UTF-8 if it can be, else cp1252, or Mac Roman
    or cp850 when only they give French words. A file glued together from UTF-8 and cp1252 is decoded line by
    line and called ``"utf-8+cp1252"``.
    """
    refuse_other_files(content, file=file)
    encoding = encoding or find_encoding(lambda: [content], file=file)
    return "".join(decode_blocks([content], encoding, file=file)), encoding


def refuse_other_files(start: bytes, *, file: str) -> None:
    """Refuse a file whose first bytes are those of another kind of file."""
    for magic, what in _OTHER_FILES.items():
        if start.startswith(magic):
            message = f"{file} is not a text table but {what}"
            raise TableError([message])


def find_encoding(read: Callable[[], Iterable[bytes]], *, file: str) -> str:
    """Return the encoding of a text, read in blocks that end with a line (once, or twice if it is not UTF-8)."""
    utf8, glued, twice = True, False, False
    for rank, block in enumerate(read()):
        twice = twice or _is_written_twice(block)
        wide = _wide_encoding(block) if rank == 0 else None
        if wide is not None:
            return wide
        if utf8 and not _is_utf8(block):
            utf8, glued = False, rank > 0 or block.startswith(_UTF8_BOM)
        if not utf8 and not glued:
            glued = any(not line.isascii() and _is_latin_utf8(line) for line in block.splitlines())
    if utf8 or glued:
        return (_TWICE if twice else "utf-8") if utf8 else "utf-8+cp1252"
    return _one_byte_encoding(read, file=file)


def decode_blocks(blocks: Iterable[bytes], encoding: str, *, file: str) -> Iterator[str]:
    """Return the text of each block of bytes, its letters composed and its control characters repaired."""
    for rank, block in enumerate(blocks):
        if encoding == "utf-8+cp1252":
            text = "".join(_decode_line(line, file=file) for line in block.splitlines(keepends=True))
        elif encoding == _TWICE:
            lines = io.StringIO(_decode_as_told(block, "utf-8", file=file), newline="")
            text = "".join(map(_undone_once, lines))
        else:
            text = _decode_as_told(block, encoding, file=file)
        if rank == 0:
            _refuse_other_text(text, file=file)
            text = text.removeprefix("ï»¿")
        # A Mac writes é as e and an accent: the same name must be the same text.
        text = unicodedata.normalize("NFC", text.replace("\ufeff", ""))
        yield text.translate(_REPAIRS) if _CONTROLS.search(text) else text


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


def _wide_encoding(content: bytes) -> str | None:
    if content.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "utf-32"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = content[:_SAMPLE_CHARACTERS]
    for parity, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros = sample[parity::2].count(0)
        if zeros > len(sample) // 4 and sample[1 - parity :: 2].count(0) == 0:
            return encoding
    return None


def _one_byte_encoding(read: Callable[[], Iterable[bytes]], *, file: str) -> str:
    """Tell cp1252 from ISO 8859-15, Mac Roman and cp850 by the letters that they make of the same bytes."""
    strange, latin9 = False, False
    accents = dict.fromkeys(_OTHER_ONE_BYTE, (0, 0))
    for block in read():
        text = block.decode("cp1252", errors="replace")
        strange = strange or "\ufffd" in text or _FOREIGN_ACCENTS.search(text) is not None
        latin9 = latin9 or _LATIN9.search(text) is not None
        for encoding, (good, bad) in accents.items():
            found = _ACCENT.findall(block.decode(encoding, errors="replace"))
            french = sum(letter in _FRENCH for letter in found)
            accents[encoding] = (good + french, bad + len(found) - french)
    if not strange:
        return "iso-8859-15" if latin9 else "cp1252"
    sure = [encoding for encoding, (good, bad) in accents.items() if good > _SURE * bad]
    if len(sure) == 1:
        return sure[0]
    for block in read():
        _decode_as_told(block, "cp1252", file=file)  # names the byte that is no cp1252, if there is one
    message = (
        f"{file} is neither UTF-8 nor cp1252 (its accents look wrong); save it as "
        "UTF-8, or pass its encoding: 'mac_roman' or 'cp850' are the usual ones"
    )
    raise TableError([message])


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_latin_utf8(line: bytes) -> bool:
    """Tell UTF-8 text from cp1252 letters that happen to be valid UTF-8: these give letters of elsewhere."""
    return _is_utf8(line) and all(
        letter.isascii() or "\u00a0" <= letter <= "\u017f" or "\u2010" <= letter <= "\u2122" or letter == "\ufeff"
        for letter in line.decode("utf-8")
    )


def _is_written_twice(block: bytes) -> bool:
    """Tell whether most lines with accents were encoded twice; one cell pasted so changes nothing to the others."""
    if not _WRITTEN_TWICE.search(block):
        return False
    lines = [line for line in block.splitlines() if not line.isascii()]
    return sum(_WRITTEN_TWICE.search(line) is not None for line in lines) > len(lines) / 2


def _undone_once(line: str) -> str:
    """Return a line that was encoded twice as it was first; one that was not is left as it is."""
    try:
        content = b"".join(
            bytes([ord(letter)]) if "\x80" <= letter < "\xa0" else letter.encode("cp1252") for letter in line
        )
        return content.decode("utf-8")
    except UnicodeError:
        return line


def _decode_line(line: bytes, *, file: str) -> str:
    if _is_latin_utf8(line):
        return line.decode("utf-8")
    return _decode_as_told(line.removeprefix(_UTF8_BOM), "cp1252", file=file)


def _decode_as_told(content: bytes, encoding: str, *, file: str) -> str:
    try:
        text = content.decode(encoding)
    except LookupError as error:
        message = f"no encoding named {encoding!r}; use 'utf-8', 'cp1252' or 'utf-16'"
        raise TableError([message]) from error
    except UnicodeError as error:
        message = f"{file} is not {encoding} text; save it as UTF-8, or pass its encoding"
        if isinstance(error, UnicodeDecodeError):
            row = content.count(b"\n", 0, error.start) + 1
            byte = content[error.start]
            message = f"{file}, line {row}: byte 0x{byte:02x} is not {encoding} text; " + (
                "save the file as UTF-8, or pass its encoding"
            )
        raise TableError([message]) from error
    if not encoding.lower().startswith("utf") and not content.isascii() and _is_latin_utf8(content):
        message = f"{file} is UTF-8, not {encoding}; leave the encoding out"
        raise TableError([message])
    return text


def _refuse_other_text(text: str, *, file: str) -> None:
    sample = text[:_SAMPLE_CHARACTERS]
    controls = sum(sample.count(chr(code)) for code in _OTHER_CONTROLS)
    if "\0" in sample or controls > max(_STRAY_CONTROLS, len(sample) / 100):
        message = f"{file} is a binary file, not a text table; export the table as CSV"
        raise TableError([message])
    start = text.lstrip("\ufeff \r\n\t")[:200].lower()
    if start.startswith(("<!doctype", "<html", "<?xml")):
        message = f"{file} is a web page or XML, not a table; download the CSV file itself"
        raise TableError([message])
    if re.match(r'[\[{]\s*["\[{]', start):
        message = f"{file} is JSON, not a table with rows; convert it to CSV first"
        raise TableError([message])


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
