"""Names taken out of texts: in another order, without accents, with a title or an initial, they are still names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeVar
from urllib.parse import unquote

import pandas as pd

__all__ = ["scrubber", "text_scrubber"]

Words = tuple[str, ...]
Spans = Sequence[tuple[int, int]]
_Key = TypeVar("_Key", Words, str)

TITLES: Final = frozenset(
    (
        *("m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle", "mm", "mmes", "messieurs", "mesdames"),
        *("dr", "docteur", "me", "maitre", "pr", "professeur", "famille"),
    )
)
# What stands beside a name and is no part of it.
BESIDE: Final = frozenset({*TITLES, "ei"})
UNSAID: Final = "…"
SHORT: Final = 2  # letters of a word that a title does not make a name, such as "de"
# Letters from which an initial and a word in one are read as a name, such as "zquatremer": beside a sign of addresses,
# and in a sentence, where fewer make common words ("travaux" is no T. Ravaux, "plaine" no P. Lainé).
LOGIN, LOGIN_ALONE = 6, 10
_ADDRESS: Final = "@/_=~"
# Signs without width inside a word are no end of it.
_INSIDE: Final = "\u00ad\u200b-\u200f\u2060\ufeff"
_WORD: Final = re.compile(rf"[^\W_]+(?:[{_INSIDE}]+[^\W_]+)*")
_BETWEEN: Final = re.compile(rf"[\s.,'’_()/&;:|+·–{_INSIDE}-]{{1,4}}")


def text_scrubber(masks: Mapping[str, str]) -> Callable[[str], str]:
    """Return what replaces names in a text.

    Names of two words or more, in any of their turns (Paul Petit, PETIT Paul), with an initial and a point for a word
    (P. Petit), in one word (PaulPetit, ppetit@), or a title and one word (Mme Petit); case, accents, the codes of
    addresses (%20) and what stands between words do not count.
    """
    names = _Names(masks)
    return names.taken_out if masks else str


def scrubber(masks: Mapping[str, str]) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return what replaces names in every text of a table, its index included."""
    if not masks:
        return lambda table: table
    without = text_scrubber(masks)

    def said(text: object) -> object:
        return without(text) if isinstance(text, str) else text

    def replaced(texts: pd.Series | pd.Index) -> dict[object, object]:
        return {text: said(text) for text in texts.dropna().unique()}

    def scrub(table: pd.DataFrame) -> pd.DataFrame:
        texts: dict[str, pd.Series] = {}
        for name in table.columns:
            dtype = table[name].dtype
            if isinstance(dtype, pd.CategoricalDtype):
                texts[name] = table[name].cat.rename_categories(_apart([said(text) for text in dtype.categories]))
            elif pd.api.types.is_string_dtype(dtype):
                texts[name] = table[name].map(replaced(table[name])).astype(dtype)
        clean = table.assign(**texts)
        clean.columns = pd.Index(_apart([said(name) for name in table.columns]))
        if table.index.name is None:
            return clean
        clean = clean.set_axis(table.index.map(replaced(table.index)).rename(table.index.name))
        return clean[~clean.index.duplicated()]

    return scrub


def _apart(words: Sequence[object]) -> list[object]:
    """Return the words with a number where several have become the same: periods and columns stay apart."""
    seen: dict[object, int] = {}
    for word in words:
        seen[word] = seen.get(word, 0) + 1
    if len(seen) == len(words):
        return list(words)
    place = dict.fromkeys(seen, 0)
    apart = []
    for word in words:
        place[word] += 1
        apart.append(f"{word} ({place[word]})" if seen[word] > 1 else word)
    return apart


class _Names:
    """Names to find, as words without case and accents, each with what to write in its place."""

    def __init__(self, masks: Mapping[str, str]) -> None:
        self.full: dict[Words, str] = {}
        self.alone: dict[str, str] = {}
        self.logins: dict[str, str] = {}
        self.particles: set[str] = set()
        self.longest: dict[str, list[Words]] = {}
        exact: dict[Words, str] = {}
        for name, mask in sorted(masks.items()):
            words = tuple(_folded(found[0]) for found in _WORD.finditer(name))
            core = tuple(word for word in words if word not in BESIDE)
            core = core if len(core) > 1 else words  # Luc Maître
            if len(words) > 1:
                exact[words] = _one(exact, words, mask)
            for variant in _variants(words, core):
                self.full[variant] = _one(self.full, variant, mask)
            for login in _logins(core):
                self.logins[login] = _one(self.logins, login, mask)
            self.particles.update(word for word in core if len(word) <= SHORT)
            for word in core:
                if len(word) > SHORT:
                    self.alone[word] = _one(self.alone, word, mask)
        self.full.update(exact)
        for variant in sorted(self.full, key=len, reverse=True):
            self.longest.setdefault(variant[0], []).append(variant)

    def taken_out(self, text: str) -> str:
        """Return the text with each name replaced, its codes of an address read when they hide one."""
        plain = unquote(text)
        without = self._without(plain)
        return without if without != plain else self._without(text) if plain != text else text

    def _without(self, text: str) -> str:
        spans = [found.span() for found in _WORD.finditer(text)]
        words = [_folded(text[start:end]) for start, end in spans]
        parts: list[str] = []
        place = written = 0
        while place < len(words):
            titled = words[place] in TITLES and _joined(text, spans, place + 1) and not _comma(text, spans, place)
            first = place + 1 if titled else place
            said, end = self._found(text, spans, words, first)
            last = first + max(len(said), 1) - 1
            mask = self.full.get(said) or self._login(text, spans[first])
            if titled and not mask:
                mask, last = self._surname(text, spans, words, first)
            if mask:
                parts += [text[written : spans[place][0]], mask]
                written = end or spans[last][1]
                place = last + 1
            else:
                place += 1
        return "".join([*parts, text[written:]])

    def _surname(self, text: str, spans: Spans, words: Sequence[str], last: int) -> tuple[str | None, int]:
        """Return what stands for a surname after a title, and its last word: Le Goff, Petit-Durand."""
        while words[last] in self.particles and _joined(text, spans, last + 1):
            last += 1
        mask = self.alone.get(words[last])
        while mask and _joined(text, spans, last + 1) and self.alone.get(words[last + 1]) == mask:
            last += 1
        return mask, last

    def _login(self, text: str, span: tuple[int, int]) -> str | None:
        """Return what stands for a login, where an address or its length tells it from a common word."""
        start, end = span
        beside = (text[start - 1 : start] or " ") in _ADDRESS or (text[end : end + 1] or " ") in _ADDRESS
        written = text[start:end]
        mask = self.logins.get(_folded(written))
        return mask if beside or len(written) >= LOGIN_ALONE else None

    def _found(self, text: str, spans: Spans, words: Sequence[str], place: int) -> tuple[Words, int]:
        """Return the longest name that starts at a word, and where it ends in the text."""
        starts = (words[place], f"{words[place]}.")
        for said in (variant for start in starts for variant in self.longest.get(start, ())):
            stop = place + len(said)
            if stop <= len(words) and all(
                _is(text, spans[at], words[at], word) and (at == place or _joined(text, spans, at))
                for at, word in enumerate(said, place)
            ):
                return said, spans[stop - 1][1] + said[-1].endswith(".")
        return (), 0


def _variants(words: Words, core: Words) -> Iterator[Words]:
    yield from (turn for said in (words, core) if len(said) > 1 for turn in _turns(said))
    long = tuple(word for word in core if len(word) > SHORT)
    if 1 < len(long) < len(core):
        yield from _turns(long)
    if len(core) > 2:
        initials = tuple(f"{word[0]}." for word in core)
        yield from (*_turns((*initials[:-1], core[-1])), *_turns((core[0], *initials[1:])))
    if len(core) > 1:
        for first, *rest in _turns(core):
            joined = "".join(rest)
            yield f"{first[0]}.", *rest
            yield *rest, f"{first[0]}."
            yield (f"{first}{joined}",)


def _logins(core: Words) -> Iterator[str]:
    for first, *rest in _turns(core) if len(core) > 1 else ():
        joined = "".join(rest)
        if len(joined) >= LOGIN - 1:
            yield f"{first[0]}{joined}"
            yield f"{joined}{first[0]}"


def _one(masks: Mapping[_Key, str], key: _Key, mask: str) -> str:
    """Return the mask of what may stand for one name, else an ellipsis: P. Petit is Paul or Pierre."""
    return mask if masks.get(key, mask) == mask else UNSAID


def _turns(words: Words) -> Iterator[Words]:
    for turn in range(len(words)):
        yield words[turn:] + words[:turn]


def _is(text: str, span: tuple[int, int], written: str, word: str) -> bool:
    """Tell whether a word of the text is one of a name; an initial needs its point."""
    return written == word or (f"{written}." == word and text[span[1] : span[1] + 1] == ".")


def _comma(text: str, spans: Spans, place: int) -> bool:
    """Tell whether a comma follows a word: "famille, petit déjeuner" names nobody."""
    return "," in text[spans[place][1] : spans[place + 1][0]]


def _joined(text: str, spans: Spans, place: int) -> bool:
    """Tell whether a word follows the one before as in a name."""
    return place < len(spans) and _BETWEEN.fullmatch(text, spans[place - 1][1], spans[place][0]) is not None


def _folded(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(one for one in letters if not unicodedata.combining(one) and unicodedata.category(one) != "Cf")
