"""Cells written as they were read, into a new workbook: text stays text, never a formula."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from app.core.sheets.marking_cells import Place
from app.core.sheets.reading import Grid, RawCell
from app.core.sheets.words import raw_text
from app.core.sheets.writing import sheet_name

_CELL_CHARACTERS = 32_767
_SIGNIFICANT = 15
_SAMPLE = 200
_NARROWEST, _WIDEST = 8, 40
_LATIN = 0x2E7F  # above it characters are two wide
_WRONG = "#FDE2E0"
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_marked(
    target: BinaryIO,
    grids: Sequence[Grid],
    sheet: str,
    notes: Mapping[Place, str],
    author: str,
) -> None:
    """Write sheets as they were read, with comments in the cells of one of them."""
    with xlsxwriter.Workbook(target, _PLAIN) as book:
        pen = Pen(book)
        taken: set[str] = set()
        for grid in grids:
            page = book.add_worksheet(_free_name(grid.sheet, taken))
            _set_widths(page, grid.rows)
            marked = notes if grid.sheet == sheet else {}
            for number, cells in grid.numbered():
                for at, cell in enumerate(cells):
                    pen.write(page, number - 1, at, cell, wrong=(number, at) in marked)
            for (row, column), text in marked.items():
                pen.note(page, row - 1, column, text, author)
                if row > len(grid.rows) or column >= len(grid.rows[row - 1]):
                    pen.write(page, row - 1, column, None, wrong=True)


def write_table(
    target: BinaryIO,
    name: str,
    headers: Sequence[str],
    lines: Sequence[Sequence[RawCell]],
    notes: Mapping[Place, str],
    author: str,
) -> None:
    """Write one table under a header, with comments in some of its cells."""
    with xlsxwriter.Workbook(target, _PLAIN) as book:
        pen = Pen(book)
        page = book.add_worksheet(sheet_name(name))
        page.freeze_panes(1, 0)
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for at, header in enumerate(headers):
            page.write_string(0, at, header, head)
        _set_widths(page, [list(headers), *map(list, lines[:_SAMPLE])])
        for number, cells in enumerate(lines, 2):
            for at, cell in enumerate(cells):
                pen.write(page, number - 1, at, cell, wrong=(number, at) in notes)
        for (row, column), text in notes.items():
            pen.note(page, row - 1, column, text, author)


class Pen:
    """Writes raw cells by their kind, wrong ones coloured."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        kinds = {
            "text": "@",
            "day": "yyyy-mm-dd",
            "moment": "yyyy-mm-dd hh:mm",
            "number": "General",
        }
        self._formats = {
            (kind, wrong): book.add_format(
                {"num_format": shape, "valign": "top"} | ({"bg_color": _WRONG} if wrong else {})
            )
            for kind, shape in kinds.items()
            for wrong in (False, True)
        }

    def write(self, page: Worksheet, row: int, at: int, cell: RawCell, *, wrong: bool) -> None:
        if cell is None or cell == "":
            if wrong:
                page.write_blank(row, at, None, self._formats["text", True])
        elif isinstance(cell, bool):
            page.write_boolean(row, at, cell, self._formats["number", wrong])
        elif isinstance(cell, dt.date):
            kind = "moment" if isinstance(cell, dt.datetime) and cell.time() != dt.time() else "day"
            if cell.year < 1900:  # noqa: PLR2004 -- before the calendar of spreadsheets
                page.write_string(row, at, cell.isoformat(), self._formats["text", wrong])
            else:
                page.write_datetime(row, at, cell, self._formats[kind, wrong])
        elif isinstance(cell, int | float) and len(str(cell).lstrip("-")) <= _SIGNIFICANT:
            page.write_number(row, at, cell, self._formats["number", wrong])
        else:
            text = raw_text(cell)[:_CELL_CHARACTERS]
            page.write_string(row, at, text, self._formats["text", wrong])

    def note(self, page: Worksheet, row: int, at: int, text: str, author: str) -> None:
        lines = sum(1 + len(line) // 22 for line in text.splitlines())
        size = {"author": author, "x_scale": 2, "height": 18 * lines + 16}
        page.write_comment(row, at, text, size)


def _set_widths(page: Worksheet, rows: Sequence[Sequence[RawCell]]) -> None:
    widths: dict[int, int] = {}
    for cells in rows[:_SAMPLE]:
        for at, cell in enumerate(cells):
            text = raw_text(cell)
            wide = sum(2 if ord(c) > _LATIN else 1 for c in text[:_WIDEST]) + 2
            widths[at] = max(widths.get(at, _NARROWEST), min(wide, _WIDEST))
    for at, width in widths.items():
        page.set_column(at, at, width)


def _free_name(name: str, taken: set[str]) -> str:
    told = sheet_name(name)
    number = 1
    while told.lower() in taken:
        number += 1
        told = f"{sheet_name(name)[:27]}({number})"
    taken.add(told.lower())
    return told
