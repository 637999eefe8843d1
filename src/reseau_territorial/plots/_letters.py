"""Letters that the font of the plots does not have: other fonts of the computer, else a sign and a warning."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from functools import cache
from typing import Final

__all__ = ["FONT", "HOLE", "families", "font_files", "tell", "written"]

FONT: Final = "DejaVu Sans"
# What stands for a letter that no font of the computer has.
HOLE: Final = "□"
SHOWN: Final = 8
# Fonts of usual systems, tried first: they are made for screens and paper, and have many letters.
PREFERRED: Final = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Microsoft YaHei", "PingFang SC", "Hiragino Sans", "SimSun",
    "MS Gothic", "Malgun Gothic", "Noto Sans Arabic", "Segoe UI", "Segoe UI Symbol", "Segoe UI Emoji", "Noto Emoji",
    "Noto Sans Symbols", "Noto Sans Symbols 2", "Symbola", "Arial Unicode MS", "Droid Sans Fallback",
)  # fmt: skip
# Its glyphs are boxes that name the alphabet: it has every letter, and shows none.
LAST_RESORT: Final = "Last Resort"
# Marks that only change the drawing of the letter before, and spaces, leave no hole.
_SILENT: Final = frozenset(map(ord, "\n\t \u00a0\u2009\u200b\u200c\u200d\u202f\u2060\ufe0e\ufe0f"))


@cache
def _letters(path: str) -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    try:
        return frozenset(FT2Font(path).get_charmap())
    except (OSError, RuntimeError):  # a font in colours, or one that is damaged
        return frozenset()


@cache
def _installed() -> dict[str, str]:
    """Return the fonts of the computer, name to file, the preferred ones first."""
    from matplotlib.font_manager import fontManager

    plain = {
        font.name: font.fname
        for font in fontManager.ttflist
        if font.style == "normal" and font.weight in (400, "normal")
    }
    known = {name: path for name, path in sorted(plain.items()) if not name.startswith(LAST_RESORT)}
    first = [FONT, *(name for name in PREFERRED if name in known)]
    return {name: known[name] for name in dict.fromkeys([*first, *known])}


@cache
def _font_of(letter: str) -> str | None:
    """Return the first font that has a letter."""
    return next((name for name, path in _installed().items() if ord(letter) in _letters(path)), None)


def families(text: str) -> list[str]:
    """Return the fonts that write a text, the usual one first."""
    others = (_font_of(letter) for letter in text if ord(letter) not in _SILENT)
    return list(dict.fromkeys([FONT, *(name for name in others if name)]))


def font_files(text: str) -> list[str]:
    """Return the files of the fonts that write a text, besides the usual one."""
    return [_installed()[name] for name in families("".join(sorted(set(text))))[1:]]


def written(text: str) -> str:
    """Return a text with a sign in place of each letter that no font of the computer has."""
    missing = _missing(text)
    return "".join(HOLE if letter in missing else letter for letter in text) if missing else text


def _missing(text: str) -> set[str]:
    return {letter for letter in set(text) if ord(letter) not in _SILENT and _font_of(letter) is None}


def tell(texts: Iterable[str]) -> None:
    """Warn of the letters that will be drawn as a sign, and say what to do."""
    missing = sorted(_missing("".join(texts)))
    if not missing:
        return
    listed = ", ".join(f"{letter} (U+{ord(letter):04X})" for letter in missing[:SHOWN])
    more = f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else ""
    warnings.warn(
        f"no font of this computer has {listed}{more}: drawn as {HOLE}. Install a font that has them (such as Noto "
        "Sans CJK, Noto Sans Arabic or Noto Emoji, all free), or write these names in other letters.",
        stacklevel=2,
    )
