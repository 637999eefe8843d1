"""What can go wrong, and the act that repairs it.

::

    ReseauError (ValueError)
    ├── TableError              a table breaks its contract; every problem is listed at once
    ├── UnknownNameError        a column, layer, period or actor that is not there
    └── MissingDependencyError  an optional library is not installed (also an ImportError)
"""

from __future__ import annotations

import difflib
import importlib
import unicodedata
from collections.abc import Iterable, Sequence
from types import ModuleType

__all__ = ["MissingDependencyError", "ReseauError", "TableError", "UnknownNameError"]

SHOWN = 5


class ReseauError(ValueError):
    """Base of all errors of the library."""


class TableError(ReseauError):
    """A table breaks its contract.

    Parameters
    ----------
    problems : sequence of str
        Every problem found, one sentence each.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        if len(self.problems) == 1:
            super().__init__(self.problems[0])
        else:
            lines = "\n".join(f"  - {problem}" for problem in self.problems)
            super().__init__(f"{len(self.problems)} problems:\n{lines}")


class UnknownNameError(ReseauError):
    """A name that is not there; the message offers the nearest one."""


class MissingDependencyError(ReseauError, ImportError):
    """An optional library is not installed; the message says how to install it."""


def unknown_name(what: str, asked: object, known: Iterable[object], *, meant: str | None = None) -> UnknownNameError:
    """Build the error for a name that is not there, nearest existing name first.

    Parameters
    ----------
    what : str
        What was looked for, such as ``"actor column"``.
    asked : object
        The name as it was typed.
    known : iterable
        The names that exist.
    meant : str, optional
        The name to offer if it exists; by default the one that looks most like `asked`.

    Returns
    -------
    UnknownNameError
        To be raised by the caller.

    Examples
    --------
    >>> str(unknown_name("layer", "mask", ["masks", "funding"]))
    "no layer named 'mask'. Did you mean 'masks'? Known: 'masks', 'funding'."
    """
    names = [str(name) for name in known]
    near = meant if meant in names else nearest(str(asked), names)
    hint = f" Did you mean {near!r}?" if near else ""
    return UnknownNameError(f"no {what} named {asked!r}.{hint} Known: {enumerate_values(names, shown=12)}.")


def nearest(asked: str, names: Sequence[str], *, cutoff: float = 0.6) -> str | None:
    """Return the existing name that looks most like `asked`, blind to case and accents."""
    plain = {plain_text(name): name for name in reversed(names)}
    found = difflib.get_close_matches(plain_text(asked), list(plain), n=1, cutoff=cutoff)
    return plain[found[0]] if found else None


def enumerate_values(values: Iterable[object], *, shown: int = SHOWN) -> str:
    """Write values for a message: the first few quoted, then a count of the others."""
    listed = list(values)
    if not listed:
        return "none"
    text = ", ".join(repr(str(value)) for value in listed[:shown])
    return text if len(listed) <= shown else f"{text} and {len(listed) - shown} more"


def enumerate_rows(rows: Iterable[object], *, shown: int = SHOWN) -> str:
    """Write row numbers for a message: ``row 3``, or ``rows 3, 8 and 12 more``."""
    listed = [str(row) for row in rows]
    if len(listed) == 1:
        return f"row {listed[0]}"
    text = ", ".join(listed[:shown])
    return f"rows {text}" if len(listed) <= shown else f"rows {text} and {len(listed) - shown} more"


def rows_have(rows: Iterable[object], values: Iterable[object]) -> str:
    """Say which rows have which values: ``row 3 has '7'``; a whole number is written without decimals."""
    listed = list(rows)
    shown = (f"{value:g}" if isinstance(value, float) else value for value in values)
    return f"{enumerate_rows(listed)} {'has' if len(listed) == 1 else 'have'} {enumerate_values(shown)}"


def import_optional(module: str, *, extra: str, needed_by: str) -> ModuleType:
    """Import a library of an extra, or say how to install it.

    Raises
    ------
    MissingDependencyError
        If the library is not installed.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingDependencyError(
            f'{needed_by} needs {module}. Install it with: pip install "reseau-territorial[{extra}]".'
        ) from error


def plain_text(text: str) -> str:
    """Return a text without case nor accents, and with straight apostrophes."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(character for character in decomposed if not unicodedata.combining(character))
