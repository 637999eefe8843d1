"""The two parts of results.md are written by two programs; each keeps the part of the other."""

from __future__ import annotations

from pathlib import Path
from typing import Final

MAPS: Final = "## The map beside pyvis"


def maps_section(path: Path) -> str:
    """Return the section of the map as it stands in the file; "" when it has none."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return f"\n{MAPS}{text.split(MAPS, 1)[1]}" if MAPS in text else ""


def write_maps_section(path: Path, lines: list[str]) -> None:
    """Replace the section of the map, which comes last."""
    text = path.read_text(encoding="utf-8").split(MAPS, 1)[0].rstrip("\n") if path.exists() else "# Benchmarks"
    path.write_text("\n".join([text, "", MAPS, "", *lines, ""]), encoding="utf-8")
