"""How our workbooks look: header colours, number formats, widths that fit Chinese text."""

import unicodedata
from collections.abc import Iterable

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from app.core.sheets.columns import CellKind, Column

_NARROWEST, _WIDEST = 8, 50

NUMBER_FORMATS: dict[CellKind, str] = {
    CellKind.INTEGER: "#,##0",
    CellKind.DECIMAL: "#,##0.00####",
    CellKind.DATE: "yyyy-mm-dd",
}
AS_TEXT = "@"  # what is typed stays what was typed: codes keep their zeros and all digits


def header_format(book: Workbook, *, required: bool = False) -> Format:
    return book.add_format(
        {
            "bold": True,
            "text_wrap": True,
            "align": "center",
            "valign": "vcenter",
            "border": 1,
            "border_color": "#8A94A6",
            "bg_color": "#FDE9D0" if required else "#E6EDFB",
        }
    )


def body_format(book: Workbook, column: Column) -> Format:
    style: dict[str, object] = {"valign": "top"}
    style["num_format"] = NUMBER_FORMATS.get(column.kind, AS_TEXT)
    if column.kind is CellKind.LONGTEXT:
        style["text_wrap"] = True
    return book.add_format(style)


def shown_width(text: str) -> int:
    """Count columns of a fixed-width font: a Chinese character takes two."""
    return max(
        (sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in line))
        for line in text.split("\n")
    )


def column_width(header: str, cells: Iterable[str]) -> int:
    """Choose a width for a header and a sample of the cells under it."""
    widest = max(map(shown_width, (header, *cells)))
    return min(max(widest + 2, _NARROWEST), _WIDEST)
