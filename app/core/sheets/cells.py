"""One raw cell and its column in, one typed value or the code of what is wrong out."""

import datetime as dt
from collections.abc import Callable

from app.core.sheets.columns import BLANK, CellKind, Column, Parsed, Value
from app.core.sheets.dates import parse_date
from app.core.sheets.numbers import parse_number
from app.core.sheets.reading import RawCell
from app.core.sheets.words import (
    is_blank,
    parse_boolean,
    parse_choice,
    parse_choices,
    parse_code,
    parse_list,
    parse_phone,
    parse_text,
)

_PARSERS: dict[CellKind, Callable[[RawCell, Column], Parsed]] = {
    CellKind.TEXT: parse_text,
    CellKind.LONGTEXT: parse_text,
    CellKind.CODE: parse_code,
    CellKind.PHONE: parse_phone,
    CellKind.CHOICE: parse_choice,
    CellKind.CHOICES: parse_choices,
    CellKind.LIST: parse_list,
    CellKind.DATE: lambda raw, _column: parse_date(raw),
    CellKind.BOOLEAN: lambda raw, _column: parse_boolean(raw),
}


def parse_cell(raw: RawCell, column: Column, unit: str | None = None) -> Parsed:
    """Parse a cell of ``column``; ``unit`` is what its header says the numbers are in.

    A value that fails the column's own ``check`` is kept beside the error, so that a mistyped
    key can still be compared and shown.
    """
    if is_blank(raw):
        parsed = BLANK
    elif column.kind in (CellKind.INTEGER, CellKind.DECIMAL):
        parsed = parse_number(raw, column, unit)
    else:
        parsed = _PARSERS[column.kind](raw, column)
    if parsed.error is not None:
        return parsed
    if parsed.value is None:
        return Parsed(None, "missing") if column.required else parsed
    if column.check is not None and (code := column.check(parsed.value)) is not None:
        return Parsed(parsed.value, code, params={"value": str(parsed.value)})
    return parsed


def not_after(last: dt.date) -> Callable[[Value], str | None]:
    """Make a check that refuses later days, for dates of things that have happened."""

    def check(value: Value) -> str | None:
        return "in_future" if isinstance(value, dt.date) and value > last else None

    return check
