"""How a known kind of table is laid out: the columns wanted, the names they go by, those that must be there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reseau_territorial import _dialect
from reseau_territorial.errors import TableError

__all__ = ["Columns", "Layout", "NoLayoutError", "keys_of", "places_of"]

Columns = Mapping[str, Sequence[str]]


class NoLayoutError(TableError):
    """A table has none of the layouts looked for."""


@dataclass(frozen=True)
class Layout:
    """One way a kind of file is laid out: wanted columns with their aliases, and those that must be there.

    Parameters
    ----------
    name : str
        Name of the layout; the table read carries it in ``.attrs["layout"]``.
    columns : mapping of str to sequence of str, optional
        Name wanted -> other names of the column in real files; None keeps the columns of the file.
    required : sequence of str
        Wanted names that must be there, by which the layout is recognised.
    others : bool
        Whether to keep the other columns too, under the names of the file.
    elsewhere : bool
        Whether another reader reads this layout: a file that has it is refused.
    """

    name: str
    columns: Columns | None = None
    required: tuple[str, ...] = ()
    others: bool = False
    elsewhere: bool = False

    def wanted(self) -> list[set[str]]:
        """Return, for each required column, the keys that it may have in a header."""
        return [keys_of(name, self.columns or {}) for name in self.required]

    def fits(self, names: Iterable[str]) -> bool:
        """Whether a header row has all required columns."""
        keys = {_dialect.plain_key(name) for name in names}
        return all(keys & want for want in self.wanted())


def keys_of(name: str, columns: Columns) -> set[str]:
    """Return the plain keys under which a wanted column may stand in a header."""
    return {_dialect.plain_key(alias) for alias in (name, *columns.get(name, ()))}


def places_of(names: Sequence[str], columns: Columns | None) -> dict[str, int]:
    """Return the place of each wanted column in a header; all of them when none is asked for."""
    keys = [_dialect.plain_key(name) for name in names]
    if columns is None:
        return {name: place for place, name in enumerate(names) if name}
    places = {}
    for name in columns:
        for alias in (name, *columns[name]):
            if (key := _dialect.plain_key(alias)) in keys:
                places[name] = keys.index(key)
                break
    return places
