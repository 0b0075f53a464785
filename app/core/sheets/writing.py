"""Rows leave as XLSX, CSV or JSON lines, streamed; no cell of ours can become a formula."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from app.core.sheets.apostrophes import opens_as_formula
from app.core.sheets.columns import CellKind, Column, Value
from app.core.sheets.workbook_style import body_format, column_width, header_format

Record = Mapping[str, Value]

_SHEET_ROWS = 1_048_576  # what one sheet of the format holds
_CELL_CHARACTERS = 32_767
_SHEET_NAME = 31
_SHEET_NAME_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_SAMPLE = 200  # rows looked at before column widths are chosen
_SIGNIFICANT = 15  # digits a spreadsheet number keeps
_BATCH = 500
_LISTED = "、"
_YES_NO = {True: "是", False: "否"}
# A cell beginning like this is a formula to the program that opens the file


def write_xlsx(
    target: BinaryIO, columns: Sequence[Column], records: Iterable[Record], sheet: str
) -> int:
    """Write records to a workbook and return how many; memory stays flat however many come."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    records = iter(records)
    sample = list(islice(records, _SAMPLE))
    widths = [
        column_width(column.header, (shown(record.get(column.field), column) for record in sample))
        for column in columns
    ]
    written = 0
    with xlsxwriter.Workbook(target, options) as book:
        formats = [body_format(book, column) for column in columns]
        head = header_format(book)
        name = sheet_name(sheet)
        rest = chain(sample, records)
        for number in range(1, _SHEET_ROWS):
            page = book.add_worksheet(name if number == 1 else f"{name[:27]}({number})")
            _write_header(page, columns, widths, head)
            here = 0
            for here, record in enumerate(islice(rest, _SHEET_ROWS - 1), 1):
                for at, column in enumerate(columns):
                    write_value(page, here, at, record.get(column.field), column, formats[at])
            page.autofilter(0, 0, here, max(len(columns) - 1, 0))
            written += here
            if here < _SHEET_ROWS - 1:
                break
    return written


def sheet_name(name: str) -> str:
    """Make a name a spreadsheet accepts."""
    return name.translate(_SHEET_NAME_FORBIDDEN).strip()[:_SHEET_NAME] or "Sheet1"


def _write_header(
    page: Worksheet,
    columns: Sequence[Column],
    widths: Sequence[int],
    style: xlsxwriter.format.Format,
) -> None:
    page.freeze_panes(1, 1)
    for at, (column, width) in enumerate(zip(columns, widths, strict=True)):
        page.set_column(at, at, width)
        page.write_string(0, at, column.header, style)


def write_value(
    page: Worksheet,
    row: int,
    at: int,
    value: Value,
    column: Column,
    style: xlsxwriter.format.Format,
) -> None:
    """Write one value by its type; whatever is no number or day is text, never a formula."""
    if value is None or value == "":
        return
    if isinstance(value, dt.date):
        page.write_datetime(row, at, value, style)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool) and _fits(value):
        page.write_number(row, at, value, style)
    else:
        page.write_string(row, at, _cut(shown(value, column)), style)


def _fits(number: int | Decimal) -> bool:
    """Whether a spreadsheet keeps every digit."""
    return len(Decimal(number).normalize().as_tuple().digits) <= _SIGNIFICANT


def _cut(text: str) -> str:
    return text if len(text) <= _CELL_CHARACTERS else f"{text[: _CELL_CHARACTERS - 1]}…"


def shown(value: Value, column: Column) -> str:
    """Return a value as the clerk reads it: the label of a choice, 是 for true, a plain number."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _YES_NO[value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, tuple | list):
        return _LISTED.join(column.index.labels.get(item, item) for item in value)
    return column.index.labels.get(str(value), str(value))


def csv_chunks(columns: Sequence[Column], records: Iterable[Record]) -> Iterator[bytes]:
    """Yield records as CSV (RFC 4180) with the mark by which Excel knows UTF-8."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([column.header for column in columns])
    for number, record in enumerate(records, 1):
        writer.writerow([_harmless(record.get(column.field), column) for column in columns])
        if number % _BATCH == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode("utf-8", "replace")
    buffer.seek(0)
    buffer.truncate()
    return data


def _harmless(value: Value, column: Column) -> str:
    """Quote what would open as a formula; a negative number is a number and stays one."""
    text = shown(value, column).replace("\x00", "")
    is_number = column.kind in (CellKind.INTEGER, CellKind.DECIMAL)
    if opens_as_formula(text) and not (is_number and isinstance(value, int | Decimal)):
        return f"'{text}"
    return text


def jsonl_chunks(records: Iterable[Mapping[str, object]]) -> Iterator[bytes]:
    """Yield records as JSON, one a line; decimals and days are text as in the API."""
    lines: list[str] = []
    for record in records:
        lines.append(json.dumps(record, ensure_ascii=False, default=_json_text) + "\n")
        if len(lines) == _BATCH:
            yield "".join(lines).encode("utf-8", "replace")
            lines.clear()
    if lines:
        yield "".join(lines).encode("utf-8", "replace")


def _json_text(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)
