"""Registers that do not fit in memory (SIRENE, RNA): streamed by DuckDB, only the wanted columns and rows.

A three-row extract and a file of 35 million rows take the same path.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from reseau_territorial import _dialect
from reseau_territorial._progress import progress as bar_of
from reseau_territorial.errors import TableError, unknown_name

if TYPE_CHECKING:
    import duckdb

__all__ = ["lookup", "refuse_packed"]

_MEMORY: Final = "1GB"
_SAMPLE_BYTES: Final = 256 * 1024
_POLL_SECONDS: Final = 0.1


def lookup(
    paths: str | Path | Sequence[str | Path],
    *,
    key: str,
    values: Iterable[str],
    columns: Sequence[str],
    where: str = "",
    progress: bool = True,
) -> pd.DataFrame:
    r"""Return the rows of a large table whose key is among `values`.

    Parameters
    ----------
    paths : str, Path or sequence
        Parquet or CSV files of one layout (``.gz`` too). UTF-8, or latin-1 when it is not UTF-8.
    key : str
        Column of the key.
    values : iterable of str
        The keys wanted: they, and the rows found, are what memory must hold.
    columns : sequence of str
        Columns wanted; the others are not read (Parquet) or not kept (CSV).
    where : str
        A further SQL condition on the columns of the file, such as ``"etablissementSiege"``.
    progress : bool
        Whether to show a progress bar; the work can be interrupted.

    Returns
    -------
    pandas.DataFrame
        One row per line that has a key asked for: text cells, columns `key` then `columns`, sorted by key; empty cells
        are missing.

    Raises
    ------
    TableError
        A file is missing, or a line of it cannot be read (the line is named).
    UnknownNameError
        A column is not there.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "stock.csv"
    ...     _ = path.write_text("siren,nom\n213702616,Tours\n213702335,Vouvray\n", encoding="utf-8")
    ...     lookup(path, key="siren", values=["213702616"], columns=["nom"], progress=False).values.tolist()
    [['213702616', 'Tours']]
    """
    import duckdb

    files = [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    wanted = list(dict.fromkeys([key, *columns]))
    connection = duckdb.connect(config={"memory_limit": _MEMORY, "preserve_insertion_order": False})
    try:
        table = _scan(files)
        _check_columns(connection, table, wanted, files)
        keys = pd.DataFrame({"wanted_key": pd.Series(sorted(set(values)), dtype="object")})
        connection.register("wanted_keys", keys)
        selected = ", ".join(f"trim(CAST({_name(column)} AS VARCHAR)) AS {_name(column)}" for column in wanted)
        condition = f" AND ({where})" if where else ""
        query = (
            f"SELECT {selected} FROM {table} "
            f"WHERE trim(CAST({_name(key)} AS VARCHAR)) IN (SELECT wanted_key FROM wanted_keys){condition} "
            f"ORDER BY ALL"
        )
        found = _run(connection, query, progress=progress)
    except duckdb.Error as error:
        raise TableError([f"{', '.join(file.name for file in files)} cannot be read: {error}"]) from error
    finally:
        connection.close()
    return found.replace("", None).astype("str")


def _scan(files: Sequence[Path]) -> str:
    for file in files:
        if not file.exists():
            _dialect.read_bytes(file)  # says what is missing, and what is there
        refuse_packed(file)
    listed = ", ".join(_literal(str(file)) for file in files)
    if all(_starts_as_parquet(file) for file in files):
        return f"read_parquet([{listed}])"
    encodings = {_encoding(file) for file in files}
    if len(encodings) > 1:
        raise TableError(["the files are in different encodings; look them up one at a time"])
    return (
        f"read_csv([{listed}], all_varchar=true, header=true, encoding={_literal(encodings.pop())}, "
        f"delim={_literal(_separator(files[0]))}, quote='\"', escape='\"')"
    )


def refuse_packed(file: Path) -> None:
    """Refuse what the engine cannot stream: an archive, a workbook."""
    with file.open("rb") as stream:
        start = stream.read(8)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        book = start.startswith(b"\xd0") or file.suffix.lower() in (".xlsx", ".xlsm", ".xlsb", ".ods")
        act = "is a workbook: save it as CSV" if book else "is an archive: unzip it, then give the CSV or Parquet file"
        raise TableError([f"{file.name} {act}; registers are streamed, not unpacked"])


def _starts_as_parquet(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(4) == b"PAR1"


def _head(file: Path) -> bytes:
    import gzip

    opener: Any = gzip.open if file.suffix == ".gz" else open
    with opener(file, "rb") as stream:
        return bytes(stream.read(_SAMPLE_BYTES))


def _encoding(file: Path) -> str:
    head = _head(file)
    cut = head[: head.rfind(b"\n") + 1] or head
    try:
        cut.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def _separator(file: Path) -> str:
    return _dialect.find_separator(_head(file).decode("latin-1"))


def _check_columns(
    connection: duckdb.DuckDBPyConnection, table: str, wanted: Sequence[str], files: Sequence[Path]
) -> None:
    known = [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()]
    for column in wanted:
        if column not in known:
            raise unknown_name(f"column of {files[0].name}", column, known)


def _run(connection: duckdb.DuckDBPyConnection, query: str, *, progress: bool) -> pd.DataFrame:
    """Run a query in a thread, so that its progress can be shown and Ctrl-C stops it."""
    result: list[pd.DataFrame] = []
    problem: list[BaseException] = []

    def work() -> None:
        try:
            result.append(connection.execute(query).df())
        except BaseException as error:
            problem.append(error)

    connection.execute("SET enable_progress_bar=true; SET enable_progress_bar_print=false")
    thread = threading.Thread(target=work, daemon=True)
    with bar_of(total=100, unit="%", disable=not progress, delay=1) as bar:
        thread.start()
        try:
            while thread.is_alive():
                thread.join(_POLL_SECONDS)
                bar.update(max(0, int(connection.query_progress()) - bar.n))
        except BaseException:
            connection.interrupt()
            thread.join()
            raise
    if problem:
        raise problem[0]
    return result[0]


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
