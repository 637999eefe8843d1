"""A report as a Word document that an office can amend."""

from __future__ import annotations

import io
from typing import Any, Final

from reseau_territorial.errors import import_optional
from reseau_territorial.reports._document import Bullets, Document, Grid, Heading, Pair, Paragraph, Picture

__all__ = ["to_docx"]

# Millimetres of the page, and letters beyond which a column takes no more room.
MARGIN: Final = 18
WIDTH: Final = 210 - 2 * MARGIN
SENTENCE: Final = 60


def to_docx(document: Document) -> bytes:
    """Return the document, with the styles of Word's own headings, lists and tables.

    Raises
    ------
    MissingDependencyError
        If python-docx is not installed.
    """
    docx = import_optional("docx", extra="docx", needed_by="a report in Word format")
    shared = import_optional("docx.shared", extra="docx", needed_by="a report in Word format")
    word = docx.Document()
    word.core_properties.title = document.title
    word.core_properties.language = "fr-FR" if document.lang == "fr" else "en-GB"
    word.core_properties.author = "reseau_territorial"
    word.core_properties.comments = document.sources[:255]
    _speak(word, word.core_properties.language)
    _set_page(word, shared)
    word.add_heading(document.title, level=0)
    word.add_paragraph(document.subtitle, style="Subtitle")
    for block in document.blocks:
        match block:
            case Heading(text):
                word.add_heading(text, level=1)
            case Paragraph(text, style):
                word.add_paragraph(text, style="Caption" if style == "note" else None)
            case Bullets(items):
                for item in items:
                    word.add_paragraph(item, style="List Bullet")
            case Picture():
                _picture(word, block, shared.Inches(block.inches))
            case Pair(picture, grid):
                _picture(word, picture, shared.Inches(picture.inches))
                _grid(word, grid, shared)
            case Grid():
                _grid(word, block, shared)
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


def _speak(word: Any, language: str) -> None:
    """Tell the spelling checker and screen readers the language of every paragraph."""
    oxml = import_optional("docx.oxml", extra="docx", needed_by="a report in Word format")
    qn = import_optional("docx.oxml.ns", extra="docx", needed_by="a report in Word format").qn
    properties = word.styles.element.find(".//" + qn("w:rPrDefault") + "/" + qn("w:rPr"))
    found = properties.find(qn("w:lang"))
    tag = oxml.OxmlElement("w:lang") if found is None else found
    tag.set(qn("w:val"), language)
    if found is None:
        properties.append(tag)


def _set_page(word: Any, shared: Any) -> None:
    """Set an A4 page, and styles that keep the report to a few of them; Word's own paper is American."""
    page = word.sections[0]
    page.page_width, page.page_height = shared.Mm(210), shared.Mm(297)
    page.left_margin = page.right_margin = shared.Mm(MARGIN)
    page.top_margin = page.bottom_margin = shared.Mm(15)
    body = word.styles["Normal"]
    body.font.name, body.font.size = "Calibri", shared.Pt(10)
    body.paragraph_format.space_after = shared.Pt(4)
    caption = word.styles["Caption"].font
    caption.size, caption.bold, caption.color.rgb = shared.Pt(8.5), False, shared.RGBColor(0x52, 0x60, 0x6D)
    word.styles["Heading 1"].paragraph_format.space_before = shared.Pt(10)


def _picture(word: Any, picture: Picture, width: Any) -> None:
    shape = word.add_picture(io.BytesIO(picture.png), width=width)
    shape._inline.docPr.set("descr", picture.alt)
    word.add_paragraph(picture.caption, style="Caption")


def _grid(word: Any, grid: Grid, shared: Any) -> None:
    word.add_paragraph(grid.caption, style="Caption").paragraph_format.keep_with_next = True
    table = word.add_table(rows=1, cols=len(grid.columns), style="Light List Accent 1")
    table.autofit = False
    widths = [shared.Mm(width) for width in _widths(grid)]
    for cell, name in zip(table.rows[0].cells, grid.columns, strict=True):
        cell.text = name
    for row in grid.rows:
        for cell, text, numeric in zip(table.add_row().cells, row, grid.numeric, strict=True):
            cell.text = text
            cell.paragraphs[0].alignment = 2 if numeric else 0
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width
            cell.paragraphs[0].paragraph_format.space_after = 0


def _widths(grid: Grid) -> list[float]:
    """Return the width of each column in millimetres: room for its longest text, up to a sentence."""
    longest = [max(len(text) for text in column) for column in zip(grid.columns, *grid.rows, strict=True)]
    shares = [min(SENTENCE, length) + 4 for length in longest]
    return [WIDTH * share / sum(shares) for share in shares]
