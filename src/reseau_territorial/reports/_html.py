"""A report as one HTML file: no script, no request, every word escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from html import escape
from importlib.resources import files

from reseau_territorial.reports._document import Block, Bullets, Document, Grid, Heading, Pair, Paragraph, Picture

__all__ = ["to_html"]

# A picture drawn for paper is shown a little larger on a screen, which is read from further away.
PIXELS_PER_INCH = 112


def to_html(document: Document) -> str:
    """Return the page: static, self-contained, ready to be read on a screen, printed or read aloud."""
    css = files("reseau_territorial.reports").joinpath("report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    body = "\n".join(line for block in document.blocks for line in _block(block))
    return (
        f'<!DOCTYPE html>\n<html lang="{document.lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(document.title)}</title>\n<style>{css}</style>\n</head>\n<body>\n<main>\n"
        f"<header><h1>{escape(document.title)}</h1><p>{escape(document.subtitle)}</p></header>\n"
        f"{body}\n</main>\n</body>\n</html>\n"
    )


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(text):
            yield f"<h2>{escape(text)}</h2>"
        case Paragraph(text, style):
            yield f'<p class="{style}">{escape(text)}</p>'
        case Bullets(items):
            yield "<ul>"
            yield from (f"<li>{escape(item)}</li>" for item in items)
            yield "</ul>"
        case Picture():
            yield from _picture(block)
        case Pair(picture, grid):
            yield '<div class="pair">'
            yield from _picture(picture)
            yield from _grid(grid)
            yield "</div>"
        case Grid():
            yield from _grid(block)


def _picture(picture: Picture) -> Iterator[str]:
    data = base64.b64encode(picture.png).decode()
    width = round(picture.inches * PIXELS_PER_INCH)
    yield f'<figure><img alt="{escape(picture.alt)}" width="{width}" src="data:image/png;base64,{data}">'
    yield f"<figcaption>{escape(picture.caption)}</figcaption></figure>"


def _grid(grid: Grid) -> Iterator[str]:
    yield f'<div class="grid"><table><caption>{escape(grid.caption)}</caption><thead><tr>'
    for name, numeric in zip(grid.columns, grid.numeric, strict=True):
        yield f'<th scope="col"{_aside(numeric)}>{escape(name)}</th>'
    yield "</tr></thead><tbody>"
    for row in grid.rows:
        cells = [
            f'<th scope="row">{escape(cell)}</th>' if place == 0 else f"<td{_aside(numeric)}>{escape(cell)}</td>"
            for place, (cell, numeric) in enumerate(zip(row, grid.numeric, strict=True))
        ]
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</tbody></table></div>"


def _aside(numeric: bool) -> str:
    return ' class="number"' if numeric else ""
