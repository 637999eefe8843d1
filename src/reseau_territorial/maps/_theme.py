"""Colours of the page: the house palette, and what an office may change for its own charter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from reseau_territorial.errors import ReseauError, unknown_name
from reseau_territorial.maps._classes import Classes
from reseau_territorial.styles import THEMES, contrast, layer_styles

__all__ = ["Theme", "read_theme", "themes"]

SYSTEM_FONT: Final = 'system-ui, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif'
ACCENTS: Final = {"light": "#004488", "dark": "#8CC4FF"}
# Kept, gained, lost, unknown: the sign and the dash say the same as the colour.
CHANGES: Final = {
    "light": ("#595959", "#00664B", "#B3433A", "#7A5C00"),
    "dark": ("#9BA3AD", "#5FF0C4", "#FF9A8B", "#EBDEB9"),
}
_COLOR: Final = re.compile(r"#[0-9A-Fa-f]{6}")
_FONT: Final = re.compile(r"[\w \-,\"']{1,120}")


@dataclass(frozen=True)
class Theme:
    """Font and accent colour of a page."""

    font: str = SYSTEM_FONT
    accent: str = ACCENTS["light"]


def read_theme(theme: Mapping[str, str] | None) -> Theme:
    """Check what the caller asked for; ``"police"`` is accepted for ``"font"``.

    Raises
    ------
    ReseauError
        If the accent is not ``#RRGGBB`` or cannot be told from a white page, or the font is not a name.
    """
    asked = dict(theme or {})
    font = asked.pop("font", asked.pop("police", SYSTEM_FONT))
    accent = asked.pop("accent", ACCENTS["light"])
    for name in asked:
        raise unknown_name("part of the theme", name, ["font", "accent"])
    if not _COLOR.fullmatch(accent):
        raise ReseauError(f"the accent must be a colour such as '#004488', not {accent!r}.")
    if contrast(accent, "#FFFFFF") < 3:
        raise ReseauError(f"the accent {accent!r} is too pale for white paper (contrast under 3). Choose a darker one.")
    if not _FONT.fullmatch(font):
        raise ReseauError(f"the font must be the name of a font, not {font!r}.")
    return Theme(font, accent)


def themes(classes: Classes, layers: Mapping[str, int], theme: Theme) -> dict[str, dict[str, Any]]:
    """Return the palettes of a light, of a dark and of a forced page, as the engine reads them.

    Layers come with their ties. Where the reader forces colours, those of the system stand for all.
    """
    result: dict[str, dict[str, Any]] = {}
    for name in ("light", "dark"):
        base = THEMES[name]
        lines = layer_styles(list(layers), counts=layers, theme=name)
        readable = name == "light" or contrast(theme.accent, base.background) >= 3
        result[name] = {
            "background": base.background,
            "ink": base.ink,
            "muted": base.muted,
            "outline": base.outline,
            "frame": base.frame,
            "frame_line": base.frame_line,
            "accent": theme.accent if readable else ACCENTS["dark"],
            "colors": classes.palette(name),
            "layers": [line.color for line in lines.values()],
            "changes": list(CHANGES[name]),
        }
    ink, keys = "CanvasText", result["light"].items()
    result["forced"] = {key: [ink] * len(value) if isinstance(value, list) else ink for key, value in keys} | {
        "background": "Canvas",
        "frame": "Canvas",
        "frame_line": "GrayText",
        "accent": "Highlight",
    }
    return result
