"""Rows laid under their header: as they are, cut again where a comma was not quoted, or refused."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reseau_territorial.opendata._headers import Check, Header, Vocabulary
from reseau_territorial.opendata._sheets import Row
from reseau_territorial.opendata.amounts import CURRENCY

__all__ = ["Fitter", "Misfit"]

_MOST_EXTRA_CELLS: Final = 4
_NUMBER_CELL: Final = re.compile(rf"\s*(?:{CURRENCY})?\s*[-–−(]?\s*\d[\d\s'’\u00a0\u202f]*")
_CENTS_CELL: Final = re.compile(rf"\d{{1,2}}\s*(?:{CURRENCY})?\s*\)?\s*", re.IGNORECASE)
_LONGEST_CENTS: Final = 16
# What no text column holds, and a cut amount leaves: "50 EUR" of "1250,50 EUR", "500.50" of "582,500.50".
_END_OF_AMOUNT: Final = re.compile(
    rf"\d{{1,2}}\s*(?:{CURRENCY})\s*\)?\s*|\d{{3}}\.\d{{1,2}}\s*(?:{CURRENCY})?\s*\)?\s*", re.IGNORECASE
)
_POWER_OF_TEN: Final = re.compile(r"\s*\d+[eE]\+\d{1,2}\s*")


@dataclass(frozen=True, kw_only=True)
class Misfit:
    """A row whose cells do not fall under the header, and what was done: cut again, or refused."""

    row: Row
    reason: str
    column: str
    repaired: bool = False


class Fitter:
    """Lays rows under a header: as they are, cut again where a separator was not quoted, or not at all."""

    def __init__(self, header: Header, vocabulary: Vocabulary, separator: str, before: Fitter | None = None) -> None:
        self.misfits: list[Misfit] = before.misfits if before else []
        self.habit: dict[str, None] = before.habit if before else {}
        self.doubtful: list[tuple[Row, str]] = before.doubtful if before else []
        self._header, self._vocabulary, self._separator = header, vocabulary, separator
        self._width = len(header.names)
        columns, checks = header.columns, vocabulary.checks
        typed = {columns[name][0]: name for name in checks if name in columns}
        amounts = [columns[name][0] for name in vocabulary.amounts if name in columns]
        inside = [place for place in amounts if separator == "," and place + 1 < self._width]
        # An amount and what stands right of it, where its cents would be.
        self._guards = [(place, typed[place + 1]) for place in inside if place + 1 in typed]
        self._unguarded = [place for place in inside if place + 1 not in typed]
        self._inside = inside

    def fit(self, row: Row) -> Sequence[Any] | None:
        cells, width = row.cells, self._width
        if not self._separator:  # the cells of a workbook cannot slip under another name
            return cells if len(cells) == width else (*cells, *(None,) * (width - len(cells)))[:width]
        if self._separator == ",":
            cells = _with_whole_powers(cells)
            if len(cells) == width < len(row.cells):
                place = next(n for n, cell in enumerate(cells) if cell != row.cells[n])
                self.misfits.append(
                    Misfit(row=row, reason="unquoted_separator", column=self._header.names[place], repaired=True)
                )
        if len(cells) == width and not self._guards and not self._unguarded and cells[-1].strip():
            return cells
        return self._fit_text(row, list(cells))

    def _fit_text(self, row: Row, texts: list[str]) -> Sequence[Any] | None:
        """Return the cells of a row of text, checked where a comma may have cut an amount.

        ``300,50`` in two columns, amount and text, has two readings once other rows prove the habit: such
        a row is kept in mind.
        """
        extra = len(texts) - self._width
        wrong = None
        if extra <= 0 or not any(text.strip() for text in texts[self._width :]):
            # Empty cells at the end hide a cell too many: the row is trusted only if its typed cells agree.
            padded = _padded(texts[: self._width], self._width)
            wrong = self._wrong_field(padded)
            if wrong is None and not padded[-1].strip():
                # A cell that was lost moves all that follow: one failure tells it in a short row, two in a whole one.
                failed = _failed_checks(padded, self._header, self._vocabulary)
                wrong = failed[0] if len(failed) > (extra >= 0) else None
            cut = next((place for place in self._inside if self._is_cut(padded, place, extra)), None)
            if wrong is None and cut is not None:
                wrong = self._field_at(cut)
            if wrong is None:
                self.doubtful += [
                    (row, self._header.names[place])
                    for place in self._unguarded
                    if _is_decimal(padded[place], padded[place + 1])
                ]
                return padded
        return self._cut_again(row, texts, wrong)

    def _cut_again(self, row: Row, texts: list[str], wrong: str | None) -> Sequence[Any] | None:
        cuts = _possible_cuts(texts, self._header, self._vocabulary, self._separator)
        if len(cuts) == 1:
            cells, place = cuts[0]
            column = self._header.names[place]
            self.habit[column] = None
            self.misfits.append(Misfit(row=row, reason="unquoted_separator", column=column, repaired=True))
            return cells
        amounts = ("amount", *sorted(self._vocabulary.amounts))
        main = next((name for name in amounts if name in self._header.columns), "")
        reason = "several_cuts" if cuts else ("shifted_cells" if wrong else "too_many_cells")
        self.misfits.append(Misfit(row=row, reason=reason, column=self._header.name_of(wrong or main)))
        return None

    def _is_cut(self, cells: Sequence[str], place: int, extra: int) -> bool:
        """Say whether an amount goes on in the next cell: by its sign, or as the row has a cell too many."""
        whole, rest = cells[place], cells[place + 1]
        sure = _NUMBER_CELL.fullmatch(whole) is not None and _END_OF_AMOUNT.fullmatch(rest) is not None
        return sure or (extra > 0 and _is_decimal(whole, rest))

    def _field_at(self, place: int) -> str:
        return next(name for name, places in self._header.columns.items() if places[0] == place)

    def _wrong_field(self, cells: Sequence[str]) -> str | None:
        """Return the field that holds the cents of the amount to its left, if its own check refuses them."""
        for place, name in self._guards:
            cents = cells[place + 1]
            may_be_cents = len(cents) < _LONGEST_CENTS and _is_decimal(cells[place], cents)
            if may_be_cents and not self._vocabulary.checks[name](cents.strip()):
                return name
        return None


def _with_whole_powers(cells: Sequence[str]) -> Sequence[str]:
    """Return the cells with ``1`` and ``00000E+13`` as the one number that a spreadsheet wrote."""
    if not any(_POWER_OF_TEN.fullmatch(cell) for cell in cells if "+" in cell):
        return cells
    whole: list[str] = []
    for cell in cells:
        if whole and _POWER_OF_TEN.fullmatch(cell) and re.fullmatch(r"\s*\d", whole[-1]):
            whole[-1] = f"{whole[-1]},{cell}"
        else:
            whole.append(cell)
    return whole


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _failed_checks(cells: Sequence[str], header: Header, vocabulary: Vocabulary) -> list[str]:
    """Return the typed fields that are not of their type."""
    typed = {name: cells[header.columns[name][0]].strip() for name in vocabulary.checks if name in header.columns}
    return [name for name, cell in typed.items() if cell and not vocabulary.checks[name](cell)]


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
            if any(piece[0].strip() for piece in pieces[width:]):
                continue
            if not _plausible(pieces[:width], amounts, typed, separator):
                continue
            column = next(place for place, piece in enumerate(pieces) if len(piece[1]) > 1)
            found.append((tuple(_padded([piece[0] for piece in pieces[:width]], width)), column))
        if found:
            break
    return found


def _may_be_glued(left: str, right: str) -> bool:
    number = _NUMBER_CELL.fullmatch(left) is not None and _END_OF_AMOUNT.fullmatch(right) is not None
    return number or _is_decimal(left, right) or _one_text([left, right])


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


def _plausible(
    pieces: Sequence[tuple[str, list[str]]], amounts: set[int], typed: Mapping[int, Check], separator: str
) -> bool:
    for place, (whole, parts) in enumerate(pieces):
        if place in typed and whole.strip() and not typed[place](whole.strip()):
            return False
        if len(parts) == 1:
            continue
        if place in amounts:
            if separator != "," or len(parts) != 2 or not (_is_decimal(*parts) or _END_OF_AMOUNT.fullmatch(parts[1])):
                return False
        elif not _one_text(parts):
            return False
    return True


def _one_text(parts: Sequence[str]) -> bool:
    """Say whether pieces make one text: no empty piece, no bare number on either side of the separator."""
    if not parts[0].strip() or re.fullmatch(r"[\d\s.,€]+", parts[0]):
        return False
    for part in parts[1:]:
        number = re.fullmatch(r"\S*\d", part) or _NUMBER_CELL.fullmatch(part) or _CENTS_CELL.fullmatch(part)
        if not part.strip() or (number and not part.startswith(" ")):
            return False
    return True
