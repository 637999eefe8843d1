"""Text of others, made fit to be drawn."""

from __future__ import annotations

import re
from typing import Final

# Control characters, halves of characters and marks that turn the direction of the line cannot be drawn safely.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069\u2028\u2029]"
)


def visible(text: str) -> str:
    """Return a text without the characters that cannot be drawn; its lines and its spaces stay."""
    return _UNSEEN.sub("", text)


def clean(text: object, longest: int = 300) -> str:
    """Return a text that can be drawn: one line, no control characters, no mark that turns its direction."""
    spaced = re.sub(r"\s*[\t\n\r]+\s*", " ", str(text))
    kept = visible(spaced).strip()
    return kept if len(kept) <= longest else f"{kept[: longest - 1]}…"


def in_a_sentence(text: str) -> str:
    """Take the capital from the first letter, unless it begins an acronym."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
