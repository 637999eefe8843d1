"""Rows laid under their header: as they are, cut again where a comma was not quoted, or refused."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from reseau_territorial.opendata._headers import Header, Vocabulary
from reseau_territorial.opendata._sheets import Row
from reseau_territorial.opendata.amounts import CURRENCY

__all__ = ["Fitter", "Misfit"]

_NUMBER_CELL: Final = re.compile(rf"\s*(?:{CURRENCY})?\s*[-–−(]?\s*\d[\d\s'’\u00a0\u202f]*")
_CENTS_CELL: Final = re.compile(rf"\d{{1,2}}\s*(?:{CURRENCY})?\s*\)?\s*", re.IGNORECASE)
_LONGEST_CENTS: Final = 16
# What no text column holds, and a cut amount leaves: "50 EUR" of "1250,50 EUR", "500.50" of "582,500.50".
_END_OF_AMOUNT: Final = re.compile(
    rf"\d{{1,2}}\s*(?:{CURRENCY})\s*\)?\s*|\d{{3}}\.\d{{1,2}}\s*(?:{CURRENCY})?\s*\)?\s*", re.IGNORECASE
)
_MOST_EXTRA_CELLS: Final = 40
_YEAR: Final = re.compile(r"(?:19|20)\d{2}")
_MOST_ODD_COMMAS: Final = 2
_NEVER: Final = _MOST_ODD_COMMAS + 1
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
        if self._separator == "," and len(cells) > width:
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
        cuts = _best_cuts(texts, self._header, self._vocabulary, self._separator)
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
        return _is_surely_cut(whole, rest) or (extra > 0 and _is_decimal(whole, rest))

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


def _best_cuts(cells: list[str], header: Header, vocabulary: Vocabulary, separator: str) -> list[tuple[list[str], int]]:
    """Return the likeliest ways to glue neighbours so that the row fits, with the column glued first.

    A row as long as the header, or shorter, is cut with one or two cells less: its last cells are empty.
    """
    width = len(header.names)
    filled = len(cells) - next((n for n, cell in enumerate(reversed(cells)) if cell.strip()), len(cells))
    least = max(1, filled - width)
    if least > _MOST_EXTRA_CELLS:
        return []
    for extra in range(least, least + (2 if filled <= width else 1)):
        found = _Cutter(cells[:filled], filled - extra, header, vocabulary, separator).best()
        if found:
            return [(_padded(pieces, width), column) for pieces, column in found]
    return []


class _Cutter:
    """Lays cells under fewer columns, neighbours glued: every way that no type forbids, the likeliest kept.

    A comma of a sentence is followed by a space, one between cells is not: each comma read otherwise is odd,
    except inside a number and before one that a spreadsheet may have padded. What may be a year is an odd amount.
    """

    def __init__(self, cells: list[str], width: int, header: Header, vocabulary: Vocabulary, separator: str) -> None:
        self._cells, self._width, self._separator = cells, width, separator
        columns = header.columns.items()
        known = {place for places in header.columns.values() for place in places}
        # A column that is not read may hold decimals too.
        self._amounts = {place for name in vocabulary.amounts for place in header.columns.get(name, ())}
        self._amounts.update(set(range(len(header.names))) - known)
        self._typed = {places[0]: vocabulary.checks[name] for name, places in columns if name in vocabulary.checks}
        self._known: dict[tuple[int, int], tuple[int, list[tuple[int, ...]]]] = {}

    def best(self) -> list[tuple[list[str], int]]:
        found = []
        for ends in self._from(0, 0)[1] if self._width > 0 else []:
            bounds = [*itertools.pairwise((0, *ends))]
            pieces = [self._separator.join(self._cells[start:end]) for start, end in bounds]
            found.append((pieces, next(place for place, (start, end) in enumerate(bounds) if end - start > 1)))
        return found

    def _from(self, start: int, place: int) -> tuple[int, list[tuple[int, ...]]]:
        """Return what the best readings of the cells from `start` under the columns from `place` cost, and their ends.

        Two readings say that there is a doubt: more are not kept.
        """
        if place == self._width:
            return (0, [()]) if start == len(self._cells) else (_NEVER, [])
        if (start, place) not in self._known:
            best: int = _NEVER
            ways: list[tuple[int, ...]] = []
            for end in range(start + 1, len(self._cells) - (self._width - place) + 2):
                cost = self._cost(start, end, place)
                if cost is None:
                    continue
                rest, ends = self._from(end, place + 1)
                if ends and cost + rest <= min(best, _MOST_ODD_COMMAS):
                    ways = ([] if cost + rest < best else ways) + [(end, *others) for others in ends]
                    best, ways = cost + rest, ways[:2]
            self._known[start, place] = best, ways
        return self._known[start, place]

    def _cost(self, start: int, end: int, place: int) -> int | None:
        """Return how many commas are odd in a cell of these pieces; None if it cannot be one."""
        parts = self._cells[start:end]
        whole = self._separator.join(parts).strip()
        if place in self._typed and whole and not self._typed[place](whole):
            return None
        before = int(start > 0 and parts[0].startswith(" ") and _NUMBER_CELL.fullmatch(parts[0]) is None)
        if len(parts) == 1:
            return before
        if place in self._amounts and self._separator == "," and _NUMBER_CELL.fullmatch(parts[0]) is not None:
            is_amount = len(parts) == 2 and (_is_decimal(*parts) or _is_surely_cut(*parts))
            return before + (_YEAR.fullmatch(parts[0]) is not None) if is_amount else None
        return before + sum(map(_is_odd, parts, parts[1:])) if _one_text(parts) else None


def _is_odd(left: str, right: str) -> bool:
    """Say whether a comma of a text is neither followed by a space nor inside a number."""
    return not (right.startswith(" ") or (left[-1:].isdigit() and right[:1].isdigit()))


def _is_surely_cut(whole: str, rest: str) -> bool:
    return _NUMBER_CELL.fullmatch(whole) is not None and _END_OF_AMOUNT.fullmatch(rest) is not None


def _is_decimal(whole: str, cents: str) -> bool:
    return (
        _NUMBER_CELL.fullmatch(whole) is not None
        and _CENTS_CELL.fullmatch(cents) is not None
        and not re.match(r"\s*0\d", whole)
    )


def _one_text(parts: Sequence[str]) -> bool:
    """Say whether pieces make one text: no empty piece, no bare number on either side of the separator."""
    if not parts[0].strip() or re.fullmatch(r"[\d\s.,€]+", parts[0]):
        return False
    for part in parts[1:]:
        number = re.fullmatch(r"\S*\d", part) or _NUMBER_CELL.fullmatch(part) or _CENTS_CELL.fullmatch(part)
        if not part.strip() or (number and not part.startswith(" ")):
            return False
    return True
