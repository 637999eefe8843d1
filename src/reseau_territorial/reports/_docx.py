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
# Millimetres of a picture, alone or beside a table: two pages hold those of a usual report.
WHOLE, HALF = 145, 66
INK, MUTED, ACCENT, RULE = "1F2933", "52606D", "004488", "B8C2CC"


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
    for place, block in enumerate(document.blocks):
        match block:
            case Heading(text):
                word.add_heading(text, level=1)
            case Paragraph(text, style):
                written = word.add_paragraph(text, style="Caption" if style == "note" else None)
                # A paragraph stays with the table that it introduces.
                written.paragraph_format.keep_with_next = any(
                    isinstance(after, Grid) for after in document.blocks[place + 1 : place + 2]
                )
            case Bullets(items):
                for item in items:
                    word.add_paragraph(item, style="List Bullet")
            case Picture():
                _picture(word, block, shared, min(WHOLE, block.inches * 25.4))
            case Pair():
                _pair(word, block, shared)
            case Grid():
                _grid(word, block, shared, WIDTH)
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
    styles = word.styles
    body = styles["Normal"]
    body.font.name, body.font.size = "Calibri", shared.Pt(10)
    for name, size, before, after in (
        ("Normal", 10, 0, 4),
        ("Title", 20, 0, 2),
        ("Subtitle", 10, 0, 6),
        ("Heading 1", 12.5, 8, 2),
        ("Caption", 8.5, 0, 4),
        ("List Bullet", 9, 0, 1),
    ):
        styles[name].font.size = shared.Pt(size)
        shape = styles[name].paragraph_format
        shape.space_before, shape.space_after, shape.line_spacing = shared.Pt(before), shared.Pt(after), 1.0
    for name, color in (("Title", INK), ("Subtitle", MUTED), ("Heading 1", ACCENT), ("Caption", MUTED)):
        styles[name].font.color.rgb = shared.RGBColor.from_string(color)
    for name in ("Caption", "Subtitle"):
        styles[name].font.bold = styles[name].font.italic = False


def _picture(word: Any, picture: Picture, shared: Any, width: float) -> None:
    """Add a picture and its caption to the document, or to a cell of it."""
    place = word.add_paragraph()
    place.paragraph_format.keep_with_next = True
    shape = place.add_run().add_picture(io.BytesIO(picture.png), width=shared.Mm(width))
    shape._inline.docPr.set("descr", picture.alt)
    word.add_paragraph(picture.caption, style="Caption")


def _pair(word: Any, pair: Pair, shared: Any) -> None:
    """Set a picture and a table side by side, in the two cells of a table without lines."""
    left = HALF + 4
    table = word.add_table(rows=1, cols=2)
    table.autofit = False
    parts: tuple[Picture | Grid, ...] = (pair.picture, pair.grid)
    for column, width, block in zip(table.columns, (left, WIDTH - left), parts, strict=True):
        cell = column.cells[0]
        column.width = cell.width = shared.Mm(width)
        if isinstance(block, Picture):
            _picture(cell, block, shared, HALF)
        else:
            _grid(cell, block, shared, WIDTH - left - 4)
        first = cell.paragraphs[0]._p
        first.getparent().remove(first)
        # A row of a table is whole anyway: kept with what follows, it would take the next section along.
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = False
    cell.add_paragraph()  # Word asks for one after a table in a cell.


def _grid(word: Any, grid: Grid, shared: Any, room: float) -> None:
    word.add_paragraph(grid.caption, style="Caption").paragraph_format.keep_with_next = True
    table = word.add_table(len(grid.rows) + 1, len(grid.columns))
    table.autofit = False
    _rule(table)
    for place, (column, width) in enumerate(zip(table.columns, _widths(grid, room), strict=True)):
        column.width = shared.Mm(width)
        texts = [grid.columns[place], *(row[place] for row in grid.rows)]
        for number, (cell, text) in enumerate(zip(column.cells, texts, strict=True)):
            cell.width = shared.Mm(width)
            paragraph = cell.paragraphs[0]
            paragraph.alignment = 2 if grid.numeric[place] else 0
            paragraph.paragraph_format.space_after = 0
            written = paragraph.add_run(text)
            written.bold, written.font.size = number == 0, shared.Pt(8.5)


def _rule(table: Any) -> None:
    """Draw thin rules between the rows of a table, and repeat its first row on a new page."""
    oxml = import_optional("docx.oxml", extra="docx", needed_by="a report in Word format")
    qn = import_optional("docx.oxml.ns", extra="docx", needed_by="a report in Word format").qn
    borders = oxml.OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = oxml.OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "4" if side == "insideH" else "8"), ("color", RULE)):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)
    table.rows[0]._tr.get_or_add_trPr().append(oxml.OxmlElement("w:tblHeader"))


def _widths(grid: Grid, room: float) -> list[float]:
    """Return the width of each column in millimetres: room for its longest text, up to a sentence."""
    longest = [max(len(text) for text in column) for column in zip(grid.columns, *grid.rows, strict=True)]
    shares = [min(SENTENCE, length) + 4 for length in longest]
    return [room * share / sum(shares) for share in shares]
