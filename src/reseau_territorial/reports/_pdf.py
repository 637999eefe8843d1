"""A report as PDF, set by Typst: selectable text, embedded fonts, bookmarks.

The words travel as data, never as markup: nothing that a label holds can become a command.
"""

from __future__ import annotations

import json
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

from reseau_territorial.errors import import_optional
from reseau_territorial.reports._document import Block, Bullets, Document, Grid, Heading, Paragraph, Picture

__all__ = ["to_pdf"]


def to_pdf(document: Document) -> bytes:
    """Return the PDF.

    Raises
    ------
    MissingDependencyError
        If typst is not installed.
    """
    typst = import_optional("typst", extra="pdf", needed_by="a report in PDF")
    template = files("reseau_territorial.reports").joinpath("report.typ").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="reseau-") as name:
        folder = Path(name)
        blocks = [_block(block, number, folder) for number, block in enumerate(document.blocks)]
        data = {"title": document.title, "subtitle": document.subtitle, "lang": document.lang, "blocks": blocks}
        (folder / "report.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        (folder / "report.typ").write_text(template, encoding="utf-8")
        return bytes(typst.compile(str(folder / "report.typ"), ignore_system_fonts=True))


def _block(block: Block, number: int, folder: Path) -> dict[str, Any]:
    match block:
        case Heading(text):
            return {"type": "heading", "text": text}
        case Paragraph(text, style):
            return {"type": "paragraph", "text": text, "style": style}
        case Bullets(items):
            return {"type": "bullets", "items": list(items)}
        case Picture():
            (folder / f"{number}.png").write_bytes(block.png)
            return {
                "type": "picture",
                "file": f"{number}.png",
                "alt": block.alt,
                "caption": block.caption,
                "width": block.width,
            }
        case Grid():
            return {
                "type": "grid",
                "caption": block.caption,
                "columns": list(block.columns),
                "rows": [list(row) for row in block.rows],
                "numeric": list(block.numeric),
                "widest": _widest(block),
            }


def _widest(grid: Grid) -> int:
    """Return the column that takes the room left: the one with most words."""
    words = [sum(len(row[place]) for row in grid.rows) for place in range(len(grid.columns))]
    return words.index(max(words))
