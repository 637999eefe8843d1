"""Which column holds what: headers recognised by their names, or by the words that these are made of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from reseau_territorial._dialect import plain_key
from reseau_territorial.opendata._sheets import Sheet, several_sheets

__all__ = [
    "Aliases",
    "Check",
    "Header",
    "Vocabulary",
    "Wording",
    "best_sheet",
    "fold",
    "header_at",
    "known_sheets",
    "names_of",
    "suffices",
]

Aliases = Mapping[str, Sequence[str]]
Check = Callable[[str], bool]

_HEADER_WITHIN: Final = 40
_WIDE: Final = 0.7
_OTHER_UNIT: Final = re.compile(
    r"\b[km]\s?(?:€|eur)|milliers?|millions?|\bcentimes?\b|\bfrancs?\b|\(\s*F\s*\)|\b(?:FRF|XPF|CFP)\b", re.I
)
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SMALL_WORDS: Final = "de la le l du des d en et ou a au n no numero euro eur"


@dataclass(frozen=True)
class Wording:
    """How people compose the name of a field: it has a word of each group, and no word that is not expected.

    Parameters
    ----------
    field : str
        Name of the field.
    groups : sequence of str
        Words separated by spaces; a header must have one of each group.
    others : str
        Words that may stand beside them. Any other word gives the column another meaning
        (``Montant demandé``), so that it stays unknown.
    """

    field: str
    groups: Sequence[str]
    others: str = ""

    @cached_property
    def _sets(self) -> tuple[list[set[str]], set[str]]:
        needed = [{_stem(word) for word in group.split()} for group in self.groups]
        return needed, set.union(*needed, {_stem(word) for word in f"{self.others} {_SMALL_WORDS}".split()})

    def names(self, header: str) -> bool:
        """Whether a header is composed of these words."""
        words = {_stem(word) for word in plain_key(_CAMEL.sub(" ", header)).split("_") if not word.isdecimal()}
        needed, known = self._sets
        return words <= known and all(words & group for group in needed)


def _stem(word: str) -> str:
    return word.rstrip("s").rstrip("e")


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The fields of a family of files: the names they go by, which are needed, what they may hold.

    Attributes
    ----------
    aliases : mapping of str to sequence of str
        Names of each field, as people write them; case, accents and punctuation do not matter.
    needed : sequence of sequence of str
        The header must have at least one field of each group.
    checks : mapping of str to callable
        What a cell of a typed field may look like.
    amounts : frozenset of str
        Fields that may hold a decimal comma.
    wordings : sequence of Wording
        How other names are composed, for the columns that no alias names.
    """

    aliases: Aliases
    needed: Sequence[Sequence[str]]
    checks: Mapping[str, Check] = field(default_factory=dict)
    amounts: frozenset[str] = frozenset()
    wordings: Sequence[Wording] = ()

    @cached_property
    def index(self) -> tuple[dict[str, str], dict[str, str]]:
        """The field of each folded alias, whole and without its accented letters."""
        return _index(self.aliases)


@dataclass(frozen=True, kw_only=True)
class Header:
    """A header found in a sheet: its place, and the columns of each field (the first one counts)."""

    position: int
    names: tuple[str, ...]
    columns: Mapping[str, tuple[int, ...]]
    _needed: dict[int, tuple[int, ...]] = field(default_factory=dict, compare=False, repr=False)

    def name_of(self, name: str) -> str:
        """Return the name that a field has in the file."""
        places = self.columns.get(name)
        return self.names[places[0]] if places else name

    def needed_by(self, vocabulary: Vocabulary) -> tuple[int, ...]:
        """Return the columns of the needed fields, amounts first."""
        if id(vocabulary) not in self._needed:
            names = [name for group in vocabulary.needed for name in group if name in self.columns]
            names.sort(key=lambda name: name not in vocabulary.amounts)
            self._needed[id(vocabulary)] = tuple(self.columns[name][0] for name in names)
        return self._needed[id(vocabulary)]

    @property
    def unread(self) -> list[str]:
        """The named columns that no field took."""
        taken = {place for places in self.columns.values() for place in places}
        return [name for place, name in enumerate(self.names) if name and place not in taken]


def fold(name: object) -> str:
    """Return a header without case, accents, punctuation and wrong encoding, words glued.

    Examples
    --------
    >>> fold("Nom du bénéficiaire"), fold("nomBeneficiaire"), fold("bénéficiaire".encode().decode("cp1252"))
    ('nomdubeneficiaire', 'nombeneficiaire', 'beneficiaire')
    """
    text = str(name)
    if "Ã" in text:
        try:
            text = text.encode("cp1252").decode("utf-8")
        except UnicodeError:
            text = str(name)
    return plain_key(text).replace("_", "")


def _without_accented_letters(name: str) -> str:
    """Return a header as it looks after its accented letters were lost (``b?n?ficiaire``)."""
    kept = (letter for letter in name if unicodedata.normalize("NFKD", letter) == letter)
    return fold("".join(kept))


def _index(aliases: Aliases) -> tuple[dict[str, str], dict[str, str]]:
    whole = {fold(name): key for key, names in aliases.items() for name in names}
    bare = {_without_accented_letters(name): key for key, names in aliases.items() for name in names}
    return whole, bare


def find_header(sheet: Sheet, vocabulary: Vocabulary) -> Header | None:
    """Return the header of a sheet: the row among the first ones whose names are best known.

    Returns
    -------
    Header or None
        None when no row has a field of each needed group.
    """
    found = [header_at(place, row.cells, vocabulary) for place, row in enumerate(sheet.top[:_HEADER_WITHIN])]
    good = [header for header in found if suffices(header, vocabulary)]
    return max(good, key=lambda header: (len(header.columns), -header.position), default=None)


def header_at(place: int, cells: Sequence[Any], vocabulary: Vocabulary) -> Header:
    """Read a row as a header: the columns that have a known name."""
    whole, bare = vocabulary.index
    columns: dict[str, tuple[int, ...]] = {}
    composed: list[tuple[str, int]] = []
    names = tuple("" if cell is None else " ".join(str(cell).split()) for cell in cells)
    for position, name in enumerate(names):
        lost = "?" in name or "\ufffd" in name
        # "Montant (k€)" or "Montant (F)" is no amount in euros: such a column stays unknown.
        main = "" if _OTHER_UNIT.search(name) else re.sub(r"\(.*?\)", "", name)
        short = fold(main).rstrip("0123456789")
        key = whole.get(fold(name)) or whole.get(short) or (bare.get(fold(name)) if lost else None)
        if short and key is not None:
            columns[key] = (*columns.get(key, ()), position)
        elif short:
            composed += [(wording.field, position) for wording in vocabulary.wordings if wording.names(main)][:1]
    for key, position in composed:
        if key in vocabulary.amounts or key not in columns:
            columns[key] = (*columns.get(key, ()), position)
    return Header(position=place, names=names, columns=columns)


def suffices(header: Header, vocabulary: Vocabulary) -> bool:
    """Whether a header has a field of each needed group."""
    return all(any(name in header.columns for name in group) for group in vocabulary.needed)


def known_sheets(sheets: Sequence[Sheet], vocabulary: Vocabulary) -> list[tuple[Sheet, Header]]:
    """Return the sheets whose header is known; of the cuts of a text file, the one that is known best.

    A hidden sheet, often an older state of the others, counts when no other one is known.
    """
    found = [(sheet, header) for sheet in sheets if (header := find_header(sheet, vocabulary)) is not None]
    if found and found[0][0].separator:
        return [max(found, key=lambda pair: len(pair[1].columns))]
    return [pair for pair in found if not pair[0].hidden] or found


def best_sheet(sheets: Sequence[Sheet], vocabulary: Vocabulary) -> tuple[Sheet, Header] | None:
    """Return the sheet whose header is known, None when no header is known.

    Raises
    ------
    TableError
        Several sheets of a workbook are known: one of them alone would be a part of the file.
    """
    found = known_sheets(sheets, vocabulary)
    if len(found) > 1:
        raise several_sheets([sheet for sheet, _ in found])
    return found[0] if found else None


def names_of(sheets: Sequence[Sheet]) -> tuple[str, list[str]]:
    """Return the place and the names of the first wide row, for the message that says what was found."""
    widest = max(sheets, key=lambda sheet: max(len(row.cells) for row in sheet.top[:10]))
    filled = [sum(cell not in (None, "") for cell in row.cells) for row in widest.top[:10]]
    # A comma that is not quoted makes a row below wider than the header.
    row = next(row for row, count in zip(widest.top, filled, strict=False) if count >= _WIDE * max(filled))
    return widest.place(row.number), [str(cell) for cell in row.cells if cell not in (None, "")]
