"""The tables of a report as an xlsx workbook: one sheet per table, French formats, no formula."""

from __future__ import annotations

import io
import os
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from reseau_territorial._files import write_atomically
from reseau_territorial._paper import print_setup
from reseau_territorial.errors import ReseauError
from reseau_territorial.reports._document import Bullets, Document, Grid, Heading, Pair, Paragraph, Picture
from reseau_territorial.styles import format_number
from reseau_territorial.vocabulary import Lang, label

__all__ = ["to_xlsx", "write_table"]

WIDEST: Final = 60
# Letters that a cell holds.
LONGEST: Final = 32767
# Letters in the columns of the first sheet, together as wide as the paper; points of a line.
COLUMNS: Final = (35, 14, 14, 14, 18)
LINE: Final = 15
# Inches of the widest picture; points of the highest row, on which a picture stands so that no page cuts it.
WIDE, HIGHEST = 6.7, 409
# What opens a formula in a spreadsheet, signs of East Asian width included.
_FORMULA: Final = re.compile(r"\s*[=+\-@＝＋－＠]")


def to_xlsx(document: Document) -> bytes:
    """Return the workbook: the text on the first sheet, then one sheet per table of the annex.

    Every cell is written as a value: text that starts with ``=``, ``+``, ``-`` or ``@`` stays text.
    """
    return _book(document.title, document.annex, document.lang, document)


def _book(title: str, tables: Mapping[str, pd.DataFrame], lang: Lang, document: Document | None = None) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": title})
        styles = {
            "title": book.add_format({"bold": True, "font_size": 15}),
            "heading": book.add_format({"bold": True, "font_color": "#004488", "font_size": 12}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "note": book.add_format({"text_wrap": True, "valign": "top", "font_color": "#52606D", "font_size": 10}),
            "head": book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "top"}),
            **_sides(book),
            "whole": book.add_format({"num_format": "#,##0"}),
            "decimal": book.add_format({"num_format": "#,##0.000"}),
            "cents": book.add_format({"num_format": "#,##0.00"}),
            "cell": book.add_format({"valign": "top"}),
            "date": book.add_format({"num_format": "dd/mm/yyyy" if lang == "fr" else "yyyy-mm-dd"}),
        }
        if document is not None:
            _text_sheet(book, document, styles)
        for name, frame in tables.items():
            _table_sheet(book, name, frame, styles)
    return buffer.getvalue()


def _sides(book: Any) -> dict[str, Any]:
    """Return the styles of numbers, on the right, and of the words after them, a little apart."""
    text: dict[str, Any] = {"text_wrap": True, "valign": "top"}
    styles = {"text": text, "head": {**text, "bold": True, "bottom": 2}}
    sides: dict[str, dict[str, Any]] = {"right": {"align": "right"}, "after": {"indent": 1}}
    return {
        f"{name}_{side}": book.add_format({**styles[name], **how}) for name in styles for side, how in sides.items()
    }


def _text_sheet(book: Any, document: Document, styles: dict[str, Any]) -> None:
    """Write the text as it is read on paper: sentences over the whole width, pictures, small tables."""
    sheet = book.add_worksheet("Synthèse" if document.lang == "fr" else "Summary")
    for place, letters in enumerate(COLUMNS):
        sheet.set_column(place, place, letters)
    sheet.hide_gridlines(2)
    print_setup(sheet, landscape=False)
    sheet.write_string(0, 0, document.title, styles["title"])
    sheet.write_string(1, 0, document.subtitle)
    row = 3
    for block in document.blocks:
        match block:
            case Heading(text):
                row += 1
                sheet.write_string(row, 0, text, styles["heading"])
                row += 1
            case Paragraph(text, style):
                row = _text_row(sheet, row, text, styles["note" if style == "note" else "text"])
            case Bullets(items):
                for item in items:
                    row = _text_row(sheet, row, f"• {item}", styles["text"])
            case Picture():
                row = _picture(sheet, row, block, styles)
            case Grid():
                row = _grid(sheet, row, block, styles)
            case Pair(picture, grid):
                row = _grid(sheet, _picture(sheet, row, picture, styles), grid, styles)


def _text_row(sheet: Any, row: int, text: str, style: Any) -> int:
    """Write a text over as many lines as it takes, and return the next row."""
    sheet.set_row(row, LINE * _lines(text, sum(COLUMNS)))
    sheet.merge_range(row, 0, row, len(COLUMNS) - 1, "", style)
    sheet.write_string(row, 0, text, style)
    return row + 1


def _picture(sheet: Any, row: int, picture: Picture, styles: dict[str, Any]) -> int:
    """Set a picture at its size on paper, in a row as high, then its caption."""
    wide, high = (int.from_bytes(picture.png[place : place + 4]) for place in (16, 20))
    inches = min(picture.inches, WIDE)
    sheet.set_row(row, min(HIGHEST, 72 * inches * high / wide + 4))
    # Excel takes a picture for 96 dots per inch unless the file says otherwise; only the pixels are sure.
    scale = inches * 96 / wide
    options = {"description": picture.alt, "object_position": 1, "x_scale": scale, "y_scale": scale}
    sheet.insert_image(row, 0, "picture.png", {**options, "image_data": io.BytesIO(_undated(picture.png))})
    return _text_row(sheet, row + 1, picture.caption, styles["note"])


def _undated(png: bytes) -> bytes:
    """Return a PNG without the chunk of its resolution, by which xlsxwriter would scale it once more."""
    place = png.find(b"pHYs")
    return png if place < 0 else png[: place - 4] + png[place + 17 :]


def _grid(sheet: Any, row: int, grid: Grid, styles: dict[str, Any]) -> int:
    """Write a table as readers see it; its last column takes the width that is left."""
    row = _text_row(sheet, row, grid.caption, styles["note"])
    last = len(grid.columns) - 1
    room = [*COLUMNS[:last], sum(COLUMNS[last:])]
    for number, cells in enumerate([grid.columns, *grid.rows]):
        sheet.set_row(row, LINE * max(_lines(text, letters) for text, letters in zip(cells, room, strict=True)))
        for place, text in enumerate(cells):
            side = "_right" if grid.numeric[place] else "_after" if place else ""
            style = styles[f"{'text' if number else 'head'}{side}"]
            if place == last < len(COLUMNS) - 1:
                sheet.merge_range(row, place, row, len(COLUMNS) - 1, "", style)
            sheet.write_string(row, place, text, style)
        row += 1
    return row + 1


def _lines(text: str, letters: float) -> int:
    return len(textwrap.wrap(text, int(letters))) or 1


def _table_sheet(book: Any, name: str, frame: pd.DataFrame, styles: dict[str, Any]) -> None:
    sheet = book.add_worksheet(_sheet_name(name))
    sheet.freeze_panes(1, 1)
    print_setup(sheet)
    lines = 1
    for place in range(len(frame.columns)):
        column, values = frame.columns[place], frame.iloc[:, place]
        sheet.write_string(0, place, str(column), styles["head"])
        style = _style(values, styles)
        for row, value in enumerate(values, start=1):
            _write(sheet, row, place, value, style)
        width = _width(str(column), values, style, styles)
        lines = max(lines, _lines(str(column), width - 2))
        sheet.set_column(place, place, width, None if style else _text(values, styles))
    sheet.set_row(0, LINE * lines)
    if len(frame):
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)


def _width(header: str, values: pd.Series, style: Any, styles: dict[str, Any]) -> float:
    """Return the letters of a column: its longest word of the header, its longest value as it is written."""
    if style in (styles["whole"], styles["decimal"], styles["cents"]):
        digits = {"whole": 0, "cents": 2, "decimal": 3}[next(name for name in styles if styles[name] is style)]
        shown = [format_number(value, digits) for value in values.dropna()]
    else:
        shown = [str(value) for value in values.dropna().head(2000)]
    longest = max(map(len, shown), default=0)
    return min(WIDEST, max(8, longest + 2, max(map(len, header.split()), default=0) + 3))


def _text(values: pd.Series, styles: dict[str, Any]) -> Any:
    """Wrap what is longer than the widest column."""
    return styles["text" if values.dropna().astype(str).str.len().max() > WIDEST else "cell"]


def _style(values: pd.Series, styles: dict[str, Any]) -> Any:
    if pd.api.types.is_bool_dtype(values.dtype) or not pd.api.types.is_numeric_dtype(values.dtype):
        return styles["date"] if pd.api.types.is_datetime64_any_dtype(values.dtype) else None
    numbers = values.dropna().astype(float)
    if (numbers == numbers.round()).all():
        return styles["whole"]
    # Cents of large amounts; the thousandths of an index.
    return styles["cents" if numbers.abs().max() >= 1000 else "decimal"]


def _write(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    if pd.isna(value):
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, pd.Timestamp):
        sheet.write_datetime(row, column, value.to_pydatetime(), style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value[:LONGEST])
    elif abs(float(value)) == float("inf"):
        sheet.write_string(row, column, "∞" if value > 0 else "−∞")
    else:
        sheet.write_number(row, column, float(value), style)


def _sheet_name(name: str) -> str:
    """Keep within what Excel accepts: 31 characters, without its forbidden signs."""
    return "".join("-" if character in "[]:*?/\\" else character for character in name)[:31]


def write_table(table: pd.DataFrame, *, path: str | os.PathLike[str], lang: Lang = "fr") -> Path:
    """Write a table of results for a spreadsheet: xlsx, or CSV as the language's Excel opens it.

    Parameters
    ----------
    table : DataFrame
        Such as `measure` gives; its index is written first.
    path : path
        Ends with ``.xlsx`` or ``.csv``.
    lang : {"fr", "en"}
        Labels of the columns; a French CSV has semicolons, decimal commas and a byte-order mark.

    Returns
    -------
    pathlib.Path
        The file written, whole or not at all.

    Raises
    ------
    ReseauError
        If the ending is another, or the file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> table = pd.DataFrame({"degree": [2.5]}, index=pd.Index(["Tours"], name="actor"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_table(table, path=f"{folder}/mesures.csv").read_text(encoding="utf-8-sig").split()
    ['acteur;degré', 'Tours;2,5']
    """
    flat = table.reset_index()
    flat.columns = [_inert(column_label(column, lang)) for column in flat.columns]
    suffix = Path(path).suffix.lower()
    if suffix == ".xlsx":
        title = "Mesures" if lang == "fr" else "Metrics"
        return write_atomically(path, _book(title, {title: flat}, lang))
    if suffix == ".csv":
        text = flat.map(_inert).to_csv(
            index=False, sep=";" if lang == "fr" else ",", decimal="," if lang == "fr" else ".", lineterminator="\r\n"
        )
        return write_atomically(path, text.encode("utf-8-sig"))
    raise ReseauError(f"cannot write a table as {str(path)!r}. Give a name that ends with '.xlsx' or '.csv'.")


def _inert(value: object) -> object:
    """Keep a spreadsheet from running text that starts like a formula."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def column_label(column: object, lang: Lang) -> str:
    """Return what a reader sees for a column: a word of the tables, a metric, or the name itself."""
    as_column = label("column", column, lang=lang)
    return label("metric", column, lang=lang) if as_column == str(column) else as_column
