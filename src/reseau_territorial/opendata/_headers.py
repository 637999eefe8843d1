"""Which column holds what: headers recognised by their names, rows cut again when a comma was not quoted."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import pandas as pd

from reseau_territorial._dialect import plain_key
from reseau_territorial.opendata._reading import ReadingLog
from reseau_territorial.opendata._sheets import Row, Sheet

__all__ = ["Aliases", "Header", "Misfit", "Vocabulary", "Wording", "cut_rows", "find_header", "fold", "tell_misfits", "text_of"]

Aliases = Mapping[str, Sequence[str]]
Check = Callable[[str], bool]

_HEADER_WITHIN: Final = 40
_OTHER_UNIT: Final = re.compile(
    r"\b[km]\s?(?:€|eur)|milliers?|millions?|\bfrancs?\b|\(\s*F\s*\)|\b(?:FRF|XPF|CFP)\b", re.I
)
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SMALL_WORDS: Final = "de la le l du des d en et ou a au n no numero euro eur"
_MOST_EXTRA_CELLS: Final = 4
_NUMBER_CELL: Final = re.compile(r"\s*[-(]?\d[\d\s'’\u00a0\u202f]*")
_CENTS_CELL: Final = re.compile(r"\d{1,2}\s*(?:€|euros?)?\s*\)?\s*", re.IGNORECASE)


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

    def name_of(self, name: str) -> str:
        """Return the name that a field has in the file."""
        places = self.columns.get(name)
        return self.names[places[0]] if places else name

    @property
    def unread(self) -> list[str]:
        """The named columns that no field took."""
        taken = {place for places in self.columns.values() for place in places}
        return [name for place, name in enumerate(self.names) if name and place not in taken]


@dataclass(frozen=True, kw_only=True)
class Misfit:
    """A row whose cells do not fall under the header, and what was done: cut again, or refused."""

    row: Row
    reason: str
    column: str
    repaired: bool = False


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
    found = [_read_header(place, row.cells, vocabulary) for place, row in enumerate(sheet.rows[:_HEADER_WITHIN])]
    good = [header for header in found if _suffices(header, vocabulary)]
    return max(good, key=lambda header: (len(header.columns), -header.position), default=None)


def _read_header(place: int, cells: Sequence[Any], vocabulary: Vocabulary) -> Header:
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


def _suffices(header: Header, vocabulary: Vocabulary) -> bool:
    return all(any(name in header.columns for name in group) for group in vocabulary.needed)


def cut_rows(
    sheet: Sheet, header: Header, vocabulary: Vocabulary
) -> tuple[list[tuple[int, Header, tuple[Any, ...]]], list[Misfit]]:
    """Return the rows below a header, each with the header it falls under, and the misfits.

    A header repeated inside the sheet starts a new block. A row with too many cells is cut again
    when one cut only satisfies every typed field, and is refused otherwise.
    """
    rows: list[tuple[int, Header, tuple[Any, ...]]] = []
    misfits: list[Misfit] = []
    current = header
    for place, row in enumerate(sheet.rows[header.position + 1 :], start=header.position + 1):
        again = _read_header(place, row.cells, vocabulary) if _may_be_header(row.cells, current, vocabulary) else None
        if (
            again is not None
            and len(again.columns) >= max(2, len(header.columns) // 2)
            and _suffices(again, vocabulary)
        ):
            current = again
            continue
        cells, misfit = _fit(row, current, vocabulary, sheet.separator)
        if misfit is not None:
            misfits.append(misfit)
        if cells is not None:
            rows.append((row.number, current, cells))
    return _without_doubtful(rows, misfits, vocabulary)


def _without_doubtful(
    rows: list[tuple[int, Header, tuple[Any, ...]]], misfits: list[Misfit], vocabulary: Vocabulary
) -> tuple[list[tuple[int, Header, tuple[Any, ...]]], list[Misfit]]:
    """Refuse rows that fit as they are and would fit with cents, in a file where commas of amounts are not quoted.

    ``300,50`` in two columns, amount and text, has two readings once other rows prove the habit.
    """
    repaired = {misfit.row.number for misfit in misfits if misfit.repaired}
    habit = {misfit.column for misfit in misfits if misfit.repaired}
    kept = []
    for number, header, cells in rows:
        places = [header.columns[name][0] for name in vocabulary.amounts if name in header.columns]
        typed = {header.columns[name][0] for name in vocabulary.checks if name in header.columns}
        doubtful = number not in repaired and any(
            header.names[place] in habit
            and place + 1 < len(cells)
            and place + 1 not in typed
            and _is_decimal(str(cells[place] or ""), str(cells[place + 1] or ""))
            for place in places
        )
        if doubtful:
            column = next(header.names[place] for place in places if header.names[place] in habit)
            misfits.append(Misfit(row=Row(number, cells), reason="several_cuts", column=column))
        else:
            kept.append((number, header, cells))
    return kept, misfits


def _may_be_header(cells: Sequence[Any], header: Header, vocabulary: Vocabulary) -> bool:
    """Say whether the cells of the needed columns are words: numbers end the question at once."""
    needed = [header.columns[name][0] for group in vocabulary.needed for name in group if name in header.columns]
    texts = (cells[place] for place in needed if place < len(cells))
    return all(isinstance(text, str) and text[:1].isalpha() for text in texts)


def _fit(
    row: Row, header: Header, vocabulary: Vocabulary, separator: str
) -> tuple[tuple[Any, ...] | None, Misfit | None]:
    width = len(header.names)
    if not separator:  # the cells of a workbook cannot slip under another name
        cells = (*row.cells, *(None,) * (width - len(row.cells)))
        return cells[:width], None
    texts = [str(cell) for cell in row.cells]
    extra = len(texts) - width
    bare = texts[:width] if extra <= 0 or not any(text.strip() for text in texts[width:]) else None
    if extra <= 0 or bare is not None:
        # Empty cells at the end hide a cell too many: the row is trusted only if its typed cells agree.
        padded = _padded(bare if bare is not None else texts, width)
        wrong = _wrong_field(padded, header, vocabulary) if separator == "," else None
        if wrong is None and extra < 0:
            wrong = _failed_check(padded, header, vocabulary)
        if wrong is None:
            return tuple(padded), None
    else:
        wrong = None
    cuts = _possible_cuts(texts, header, vocabulary, separator)
    if len(cuts) == 1:
        column = header.names[cuts[0][1]]
        return cuts[0][0], Misfit(row=row, reason="unquoted_separator", column=column, repaired=True)
    main = next((name for name in ("amount", *sorted(vocabulary.amounts)) if name in header.columns), "")
    reason = "several_cuts" if cuts else ("shifted_cells" if wrong else "too_many_cells")
    return None, Misfit(row=row, reason=reason, column=header.name_of(wrong or main))


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _wrong_field(cells: Sequence[str], header: Header, vocabulary: Vocabulary) -> str | None:
    """Return the field that holds the cents of the amount to its left, if its own check refuses them."""
    amounts = {header.columns[name][0] for name in vocabulary.amounts if name in header.columns}
    for name, check in vocabulary.checks.items():
        place = header.columns.get(name, (-1,))[0]
        if place - 1 in amounts and _is_decimal(cells[place - 1], cells[place]) and not check(cells[place].strip()):
            return name
    return None


def _failed_check(cells: Sequence[str], header: Header, vocabulary: Vocabulary) -> str | None:
    """Return the first typed field of a short row that is not of its type: half a row, cut by a line break."""
    for name, check in vocabulary.checks.items():
        cell = cells[header.columns[name][0]].strip() if name in header.columns else ""
        if cell and not check(cell):
            return name
    return None


def _possible_cuts(
    cells: list[str], header: Header, vocabulary: Vocabulary, separator: str
) -> list[tuple[tuple[str, ...], int]]:
    """Return every way to glue neighbours so that the row fits, with the column glued first.

    A row as long as the header, or shorter, is cut with one or two cells less: its last cells are empty.
    """
    width = len(header.names)
    amounts = {place for name in vocabulary.amounts for place in header.columns.get(name, ())}
    typed = {places[0]: vocabulary.checks[name] for name, places in header.columns.items() if name in vocabulary.checks}
    boundaries = [place for place in range(1, len(cells)) if _may_be_glued(cells[place - 1], cells[place])]
    filled = len(cells) - next((n for n, cell in enumerate(reversed(cells)) if cell.strip()), len(cells))
    least = max(1, filled - width)
    most = min(_MOST_EXTRA_CELLS, len(boundaries), least + 1 if filled <= width else least)
    found: list[tuple[tuple[str, ...], int]] = []
    for extra in range(least, most + 1):
        for glued in itertools.combinations(boundaries, extra):
            pieces = _glue(cells, set(glued), separator)
            if any(piece[0].strip() for piece in pieces[width:]) or not _plausible(pieces[:width], amounts, typed):
                continue
            column = next(place for place, piece in enumerate(pieces) if len(piece[1]) > 1)
            found.append((tuple(_padded([piece[0] for piece in pieces[:width]], width)), column))
        if found:
            break
    return found


def _may_be_glued(left: str, right: str) -> bool:
    return _is_decimal(left, right) or _one_text([left, right])


def _is_decimal(whole: str, cents: str) -> bool:
    return _NUMBER_CELL.fullmatch(whole) is not None and _CENTS_CELL.fullmatch(cents) is not None


def _glue(cells: Sequence[str], glued: set[int], separator: str) -> list[tuple[str, list[str]]]:
    groups: list[list[str]] = []
    for place, cell in enumerate(cells):
        if place in glued:
            groups[-1].append(cell)
        else:
            groups.append([cell])
    return [(separator.join(group), group) for group in groups]


def _plausible(pieces: Sequence[tuple[str, list[str]]], amounts: set[int], typed: Mapping[int, Check]) -> bool:
    for place, (whole, parts) in enumerate(pieces):
        if place in typed and whole.strip() and not typed[place](whole.strip()):
            return False
        if len(parts) == 1:
            continue
        if place in amounts:
            if len(parts) != 2 or not _is_decimal(*parts):
                return False
        elif not _one_text(parts):
            return False
    return True


def _one_text(parts: Sequence[str]) -> bool:
    """Say whether pieces make one text: no empty piece, no bare number on either side of the separator."""
    if not parts[0].strip() or re.fullmatch(r"[\d\s.,€]+", parts[0]):
        return False
    for part in parts[1:]:
        number = re.fullmatch(r"\S*\d", part) or _NUMBER_CELL.fullmatch(part)
        if not part.strip() or (number and not part.startswith(" ")):
            return False
    return True


def tell_misfits(misfits: Sequence[Misfit], sheet: Sheet, file: str, log: ReadingLog) -> None:
    """Note the rows that were cut again, and those that were refused, with their place and their text."""
    groups: dict[tuple[str, str, bool], list[Row]] = {}
    for misfit in misfits:
        groups.setdefault((misfit.reason, misfit.column, misfit.repaired), []).append(misfit.row)
    for (reason, column, repaired), rows in groups.items():
        texts = [sheet.separator.join("" if cell is None else str(cell) for cell in row.cells) for row in rows]
        raw = pd.Series(texts, index=[row.number for row in rows], dtype="object")
        log.add_rows("repaired" if repaired else "refused", reason, file=file, column=column, raw=raw)


def text_of(cell: object) -> str | None:
    """Return a cell as text: whole numbers of a workbook without ``.0``, None when it says nothing."""
    if cell is None or cell is pd.NA or (isinstance(cell, float) and pd.isna(cell)):
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = " ".join(str(cell).split())
    return None if text.casefold() in {"", "na", "nan", "null", "none", "<na>"} else text
