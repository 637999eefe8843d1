"""Bytes of a text as its letters: the encoding is found by the letters that it gives, and told.

UTF-16 is known by its BOM or its zero bytes; the rest is UTF-8 if it can be, also twice, else cp1252, or Mac
Roman or cp850 when only they give French words. A file may be glued together from UTF-8 and cp1252.
"""

from __future__ import annotations

import io
import re
import unicodedata
from typing import TYPE_CHECKING

from reseau_territorial.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["decode", "decode_blocks", "find_encoding", "has_password", "refuse_other_files", "wide_encoding"]

_SAMPLE_CHARACTERS = 256 * 1024
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
# The part of an Office file that a password closes.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_UTF8_BOM = b"\xef\xbb\xbf"
# An old editor may end a file with one of them; more of them, and the file is no text.
_STRAY_CONTROLS = 2
_OTHER_FILES = {
    b"PK\x03\x04": "an xlsx workbook or a zip archive: use read_workbook(), or save it as CSV",
    _OLD_OFFICE: "an old Excel workbook (.xls) or one with a password: save it as .xlsx or CSV",
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


def decode(content: bytes, *, file: str, encoding: str | None = None) -> tuple[str, str]:
    """Return the text of a file and the encoding it was found in.

    UTF-16 is known by its BOM or its zero bytes; the rest is UTF-8 if it can be, else cp1252, or Mac Roman
    or cp850 when only they give French words. A file glued together from UTF-8 and cp1252 is decoded line by
    line and called ``"utf-8+cp1252"``.
    """
    refuse_other_files(content, file=file)
    encoding = encoding or find_encoding(lambda: [content], file=file)
    return "".join(decode_blocks([content], encoding, file=file)), encoding


def has_password(content: bytes) -> bool:
    """Whether bytes are an Office file that a password closes."""
    return content.startswith(_OLD_OFFICE) and _ENCRYPTED in content


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
        wide = wide_encoding(block) if rank == 0 else None
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


def wide_encoding(content: bytes) -> str | None:
    """Return the encoding of a text in UTF-16 or UTF-32, known by its BOM or its zero bytes; None for others."""
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
    """Tell whether lines were encoded twice: all their letters are well undone once, those of other lines are not."""
    if not _WRITTEN_TWICE.search(block):
        return False
    lines = (line.decode("utf-8", errors="replace") for line in block.splitlines() if _WRITTEN_TWICE.search(line))
    return any(_undone_once(line) != line for line in lines)


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
