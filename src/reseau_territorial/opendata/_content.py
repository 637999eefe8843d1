"""The bytes of a file, whatever packs them (nothing, ``.gz``, a zip), and what kind of file they are."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

from reseau_territorial import _dialect, _encodings
from reseau_territorial.errors import TableError, enumerate_values

__all__ = ["Content", "open_content", "tables_at", "tables_of"]

Kind = Literal["parquet", "workbook", "json", "xml", "text"]

_DATA: Final = (
    *(".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".geojson", ".xml"),
    *(".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".parquet"),
)
_TEXT: Final = (".txt",)
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_PARQUET: Final = b"PAR1"
_BLOCK_BYTES: Final = 1 << 20
_START_BYTES: Final = 2048
_DAMAGES: Final = (OSError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error)
"""What unpacking raises for a file that was cut short, damaged, or packed with a password."""
_PAGE: Final = re.compile(
    r"(?:<\?xml[^>]*>|<!--.*?-->|\s)*"
    r"<(?:!doctype\s+html|html|head|body|title|script|div|meta|h1|table\b[^>]*>\s*<(?:tr|thead|tbody|caption))\b",
    re.IGNORECASE | re.DOTALL,
)
_TITLE: Final = re.compile(r"<title[^>]*>\s*([^<]{1,80})", re.IGNORECASE)
_DECLARED_ENCODING: Final = re.compile(r"^(\s*<\?xml[^>]*?)\s+encoding\s*=\s*(?:'[^']*'|\"[^\"]*\")")


@dataclass(frozen=True)
class Content:
    """The bytes of a file, unpacked when it is a ``.gz`` or a zip of one data file."""

    name: str
    open: Callable[[], BinaryIO]

    @cached_property
    def start(self) -> bytes:
        """The first bytes, which tell the format."""
        with self.open() as stream:
            return stream.read(_START_BYTES)

    @property
    def kind(self) -> Kind:
        """What kind of file the first bytes are those of; the suffix is not trusted."""
        if self.start.startswith(_PARQUET):
            return "parquet"
        if self.start.startswith((_ZIP, _OLD_EXCEL)):
            return "workbook"
        first = self._first_text()[:1]
        return "json" if first in ("{", "[") else "xml" if first == "<" else "text"

    def read(self) -> bytes:
        """Return all bytes."""
        with self.open() as stream:
            return stream.read()

    def blocks(self) -> Iterator[bytes]:
        """Return the bytes in blocks that end with a line; UTF-16 and files of one line come whole."""
        whole = b"\0" in self.start
        rest = b""
        with self.open() as stream:
            while block := stream.read(-1 if whole else _BLOCK_BYTES):
                end = len(block) if whole else block.rfind(b"\n") + 1
                if end:
                    yield rest + block[:end]
                    rest = block[end:]
                else:
                    rest += block
        if rest:
            yield rest

    @contextmanager
    def archive(self) -> Iterator[zipfile.ZipFile]:
        """Open the archive that the bytes are."""
        with self.open() as stream, zipfile.ZipFile(stream) as archive:
            yield archive

    def _first_text(self) -> str:
        wide = _encodings.wide_encoding(self.start)
        text = self.start.decode(wide or "utf-8", errors="replace")
        return text.lstrip("\ufeff \t\r\n")

    def checked(self) -> Content:
        """Refuse a web page; return JSON and XML in UTF-8 where they are in UTF-16 or UTF-32."""
        text = self._first_text()
        if _PAGE.match(text):
            title = _TITLE.search(text)
            shown = f" ({' '.join(title[1].split())!r})" if title else ""
            raise TableError(
                [
                    f"{self.name} is a web page{shown}, not data: download the file itself. A page that a "
                    "spreadsheet opens as a table can be saved as .xlsx"
                ]
            )
        wide = _encodings.wide_encoding(self.start)
        if wide is None or self.kind not in ("json", "xml"):
            return self
        try:
            whole = self.read().decode(wide)
        except UnicodeDecodeError as error:
            raise TableError([f"{self.name} is not whole {wide} text ({error}); save it as UTF-8"]) from error
        narrow = _DECLARED_ENCODING.sub(r"\1", whole.removeprefix("\ufeff"), count=1).encode()
        return Content(self.name, lambda: io.BytesIO(narrow))


class _Unpacked(io.RawIOBase):
    """Bytes as they are unpacked; what stops the unpacking is said, with the name of the file."""

    def __init__(self, name: str, opened: Callable[[ExitStack], Any]) -> None:
        super().__init__()
        self._name = name
        self._opened = ExitStack()
        self._stream = self._told(lambda: opened(self._opened))

    def _told(self, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except _DAMAGES as error:
            self.close()
            raise _damaged(self._name, error) from error

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return int(self._told(lambda: self._stream.seek(offset, whence)))

    def readinto(self, buffer: Any) -> int:
        found = self._told(lambda: self._stream.read(len(buffer)))
        buffer[: len(found)] = found
        return len(found)

    def readall(self) -> bytes:
        return bytes(self._told(self._stream.read))

    def close(self) -> None:
        self._opened.close()
        super().close()


def _damaged(name: str, error: Exception) -> TableError:
    if isinstance(error, RuntimeError) and "password" in str(error):
        return TableError([f"{name} has a password: unpack it, then give its files"])
    return TableError([f"{name} cannot be read: {error}. It was cut short or damaged: download it again"])


def _unpacked(name: str, opened: Callable[[ExitStack], Any]) -> BinaryIO:
    return io.BufferedReader(_Unpacked(name, opened), _BLOCK_BYTES)


def open_content(path: str | Path) -> Content:
    """Return the content of a file, unpacked; ``archive.zip/member.csv`` is a file inside an archive.

    Raises
    ------
    TableError
        The file is missing, empty, damaged, a web page, or an archive that holds no or several data files.
    """
    place, member = _place_of(Path(path))
    if place.is_dir() or not place.exists() or not place.stat().st_size:
        _dialect.read_bytes(place)  # says what is missing, and what is there
    content = _gunzipped(Content(place.name, lambda: place.open("rb")))
    if content.start.startswith((_ZIP, _EMPTY_ZIP)):
        content = _unzipped(content, place.name, member)
    if not content.start.strip(b"\x00\r\n\t ;,\xef\xbb\xbf"):
        raise TableError([f"{place.name} is empty; a table needs a header row. Export it again"])
    return content.checked()


def _gunzipped(content: Content) -> Content:
    if not content.start.startswith(_GZIP):
        return content

    def opened(stack: ExitStack) -> BinaryIO:
        packed = stack.enter_context(content.open())
        return stack.enter_context(gzip.GzipFile(fileobj=packed))  # type: ignore[return-value]

    return Content(content.name.removesuffix(".gz"), lambda: _unpacked(content.name, opened))


def tables_of(paths: str | Path | Sequence[str | Path]) -> list[Path]:
    """Return the files to read at a path or at several: each table of an archive that holds several."""
    given = [paths] if isinstance(paths, str | Path) else paths
    return [table for path in given for table in tables_at(path)]


def tables_at(path: str | Path) -> list[Path]:
    """Return the files to read at a path: itself, or each table of an archive that holds several."""
    place = Path(path)
    if not place.is_file():
        return [place]
    content = Content(place.name, lambda: place.open("rb"))
    if not content.start.startswith(_ZIP):
        return [place]
    members = _members(content, place.name)
    inside = _tables_among(members)
    return [place / member for member in inside] if len(inside) > 1 and not _is_workbook(members) else [place]


def _place_of(path: Path) -> tuple[Path, str]:
    """Return a file and, for a path that goes on inside an archive, the member that it names."""
    archive = None if path.exists() else next((parent for parent in path.parents if parent.is_file()), None)
    return (path, "") if archive is None else (archive, path.relative_to(archive).as_posix())


def _members(content: Content, shown: str) -> list[str]:
    try:
        with content.archive() as archive:
            return [member for member in archive.namelist() if not member.endswith("/")]
    except _DAMAGES as error:
        raise _damaged(shown, error) from error


def _is_workbook(members: Sequence[str]) -> bool:
    return "mimetype" in members or any(member.startswith("xl/workbook.") for member in members)


def _unzipped(content: Content, shown: str, wanted: str) -> Content:
    """Return one data file of an archive: the one wanted, or the only one; a workbook, an archive too, stays whole."""
    members = _members(content, shown)
    if wanted and wanted not in members:
        raise TableError([f"{shown} has no file {wanted!r}; its files are {enumerate_values(members)}"])
    if not wanted and _is_workbook(members):
        return content
    inside = [wanted] if wanted else _tables_among(members)
    if len(inside) != 1:
        held = f"of {len(members)} files ({enumerate_values(members)})" if members else "without any file"
        act = f"name the one to read: {f'{shown}/{inside[0]}'!r}" if inside else "unzip it"
        raise TableError([f"{shown} is an archive {held}; {act}"])
    name = inside[0]

    def opened(stack: ExitStack) -> BinaryIO:
        archive = stack.enter_context(content.archive())
        return stack.enter_context(archive.open(name))  # type: ignore[return-value]

    found = _gunzipped(Content(wanted or Path(name).name, lambda: _unpacked(f"{shown}/{name}", opened)))
    if found.start.startswith(_ZIP) and not _is_workbook(_members(found, found.name)):
        raise TableError([f"{shown} holds another archive, {name!r}: unzip it, then give that one"])
    return found


def _tables_among(members: Sequence[str]) -> Sequence[str]:
    """Return the members of an archive that may be tables: no traces of macOS, no notice beside a table."""
    if len(members) == 1:
        return members
    own = [Path(member) for member in members if not member.startswith("__MACOSX/")]
    named = [path for path in own if not path.name.startswith(".")]
    found = [
        [path.as_posix() for path in named if Path(path.name.removesuffix(".gz")).suffix.lower() in kinds]
        for kinds in (_DATA, _TEXT)
    ]
    return found[0] or found[1]
