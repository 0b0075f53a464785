"""An empty workbook to fill in: headers that explain themselves, lists to choose from."""

import io
from collections.abc import Sequence
from datetime import date

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from app.core.sheets.columns import CellKind, Column
from app.core.sheets.headers import column_letter
from app.core.sheets.messages import text_of
from app.core.sheets.workbook_style import body_format, column_width, header_format
from app.core.sheets.writing import sheet_name

FILLED_ROWS = 5_000  # rows that carry formats and lists
_LIST_CHARACTERS = 255  # longer lists stand on a sheet of their own
_COMMENT = {"x_scale": 1.8, "y_scale": 1.4, "author": "park"}


def template(columns: Sequence[Column], sheet: str, locale: str = "zh-CN") -> bytes:
    """Return an import template as an .xlsx file; required columns are marked by a star."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet_name(sheet))
        lists = book.add_worksheet(sheet_name(text_of("template.lists", locale)))
        page.freeze_panes(1, 1)
        page.set_row(0, 36)
        heads = {needed: header_format(book, required=needed) for needed in (False, True)}
        for at, column in enumerate(columns):
            title = f"{column.header}*" if column.required else column.header
            width = column_width(title, (column.example,))
            page.set_column(at, at, width, body_format(book, column))
            page.write_string(0, at, title, heads[column.required])
            page.write_comment(0, at, _explained(column, locale), _COMMENT)
            _offer_choices(page, lists, at, column, locale)
        if not any(_long(column) for column in columns):
            lists.hide()
        page.activate()
    return target.getvalue()


def _explained(column: Column, locale: str) -> str:
    """Say what belongs into a column: needed or not, how to write it, an example."""
    lines = [text_of("template.required" if column.required else "template.optional", locale)]
    lines.append(text_of(f"template.{column.kind.value}", locale))
    if column.unit:
        lines.append(text_of("template.unit", locale, {"unit": column.unit}))
    if column.max_length:
        lines.append(text_of("template.max_length", locale, {"limit": column.max_length}))
    if column.natural_key:
        lines.append(text_of("template.natural_key", locale))
    if column.help:
        lines.append(column.help)
    if column.example:
        lines.append(text_of("template.example", locale, {"example": column.example}))
    return "\n".join(lines)


def _labels(column: Column) -> list[str]:
    if column.kind is CellKind.BOOLEAN:
        return ["是", "否"]
    return [choice.label for choice in column.choices]


def _long(column: Column) -> bool:
    """Whether a list is too long for the cell rule, or holds the comma that separates it."""
    labels = _labels(column)
    return len(",".join(labels)) > _LIST_CHARACTERS or any("," in label for label in labels)


def _offer_choices(page: Worksheet, lists: Worksheet, at: int, column: Column, locale: str) -> None:
    """Put the rule of a column on its cells: a list, a whole number, a day of our time."""
    rule: dict[str, object] = {
        "ignore_blank": True,
        "error_type": "warning",  # the import tells what is wrong; the sheet only hints
        "error_message": text_of(f"template.{column.kind.value}", locale)[:255],
    }
    labels = _labels(column)
    if labels and column.kind is not CellKind.CHOICES:
        if _long(column):
            lists.write_string(0, at, column.labels[0])
            for row, label in enumerate(labels, 1):
                lists.write_string(row, at, label)
            letter = column_letter(at)
            rule["source"] = f"='{lists.get_name()}'!${letter}$2:${letter}${len(labels) + 1}"
        else:
            rule["source"] = labels
        rule["validate"] = "list"
    elif column.kind is CellKind.INTEGER:
        minimum = int(column.minimum) if column.minimum is not None else -(10**15)
        rule |= {"validate": "integer", "criteria": ">=", "value": minimum}
    elif column.kind is CellKind.DATE:
        rule |= {"validate": "date", "criteria": ">=", "value": date(1900, 1, 1)}
    else:
        return
    page.data_validation(1, at, FILLED_ROWS, at, rule)
