"""A report as PDF, set by Typst: selectable text, embedded fonts, bookmarks, tags (PDF/UA-1).

The words travel as data, never as markup: nothing that a label holds can become a command.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from reseau_territorial.errors import import_optional
from reseau_territorial.plots._letters import font_files, tell, written
from reseau_territorial.reports._document import Block, Bullets, Document, Grid, Heading, Pair, Paragraph, Picture

__all__ = ["to_pdf"]

# Two pages are asked for: the text is set smaller, but stays readable, until it holds in them.
PAGES = 2
# Marks that choose between two drawings of the letter before: no font of the page has two.
_SELECTORS: Final = re.compile("[\ufe00-\ufe0f]")
SIZES = ("10", "9.6", "9.2", "8.8")


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
        blocks = [_block(block, str(number), folder) for number, block in enumerate(document.blocks)]
        data = {
            "title": document.title,
            "subtitle": document.subtitle,
            "lang": document.lang,
            "sources": document.sources,
            "blocks": blocks,
        }
        words = _SELECTORS.sub("", json.dumps(data, ensure_ascii=False))
        tell([words])
        (folder / "report.json").write_text(_lettered(words), encoding="utf-8")
        (folder / "report.typ").write_text(template, encoding="utf-8")
        template_path, fonts = str(folder / "report.typ"), [_plot_fonts(), str(_other_fonts(words, folder))]
        for size in SIZES:
            inputs = {"size": size}
            written = typst.query(
                template_path, "<pages>", field="value", one=True, font_paths=fonts, sys_inputs=inputs,
                ignore_system_fonts=True,
            )  # fmt: skip
            if int(written) <= PAGES:
                break
        return bytes(
            typst.compile(
                template_path,
                font_paths=fonts,
                ignore_system_fonts=True,
                sys_inputs=inputs,
                pdf_standards=["ua-1"],
                timestamp=0,
            )
        )


def _plot_fonts() -> str:
    """Return the folder of the fonts that the plots are written in, so that their words stay text in the PDF."""
    import matplotlib

    return str(Path(matplotlib.get_data_path()) / "fonts" / "ttf")


def _other_fonts(text: str, folder: Path) -> Path:
    """Bring the fonts of the computer that a text needs besides into a folder, where Typst looks for them."""
    others = folder / "fonts"
    others.mkdir()
    for path in font_files(text):
        shutil.copy(path, others)
    return others


def _lettered(text: str) -> str:
    """Show the letters that no font has as squares: PDF/UA refuses a text with a hole."""
    return written(_SELECTORS.sub("", text))


def _block(block: Block, number: str, folder: Path) -> dict[str, Any]:
    match block:
        case Heading(text):
            return {"type": "heading", "text": text}
        case Paragraph(text, style):
            return {"type": "paragraph", "text": text, "style": style}
        case Bullets(items):
            return {"type": "bullets", "items": list(items)}
        case Picture():
            (folder / f"{number}.svg").write_text(_lettered(block.svg.decode("utf-8")), encoding="utf-8")
            return {
                "type": "picture",
                "file": f"{number}.svg",
                "alt": block.alt,
                "caption": block.caption,
                "inches": block.inches,
            }
        case Pair(picture, grid):
            sides = [_block(picture, f"{number}-picture", folder), _block(grid, f"{number}-grid", folder)]
            return {"type": "pair", "sides": sides}
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
    """Return the column that takes the room left: of those that are not numbers, the one with most words."""
    words = [0 if numeric else sum(len(row[place]) for row in grid.rows) for place, numeric in enumerate(grid.numeric)]
    return words.index(max(words))
