"""How the sheet of a workbook is printed."""

from __future__ import annotations

from typing import Any, Final

# The number of the paper in the files of Excel.
A4: Final = 9


def print_setup(sheet: Any, *, landscape: bool = True) -> None:
    """Print on A4, as wide as one page, the headers on each page, its number at the foot."""
    if landscape:
        sheet.set_landscape()
        sheet.repeat_rows(0)
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.set_footer("&L&8&A&R&8&P / &N")
