"""A report as a Word document that an office can amend."""

from __future__ import annotations

import io
from typing import Any

from reseau_territorial.errors import import_optional
from reseau_territorial.reports._document import Bullets, Document, Grid, Heading, Pair, Paragraph, Picture

__all__ = ["to_docx"]


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
                _grid(word, grid)
            case Grid():
                _grid(word, block)
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


def _picture(word: Any, picture: Picture, width: Any) -> None:
    shape = word.add_picture(io.BytesIO(picture.png), width=width)
    shape._inline.docPr.set("descr", picture.alt)
    word.add_paragraph(picture.caption, style="Caption")


def _grid(word: Any, grid: Grid) -> None:
    word.add_paragraph(grid.caption, style="Caption")
    table = word.add_table(rows=1, cols=len(grid.columns), style="Light List Accent 1")
    for cell, name in zip(table.rows[0].cells, grid.columns, strict=True):
        cell.text = name
    for row in grid.rows:
        for cell, text, numeric in zip(table.add_row().cells, row, grid.numeric, strict=True):
            cell.text = text
            cell.paragraphs[0].alignment = 2 if numeric else 0
