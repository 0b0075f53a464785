"""The user's own workbook back, with a comment in every cell that has to be mended."""

import io
from collections.abc import Iterable

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from app.core.sheets.containers import admit
from app.core.sheets.refusals import LIMITS, Limits, SheetRefused
from app.core.sheets.table import CellRemark

_WRONG = PatternFill("solid", start_color="FFFDE2E0")
_WIDTH, _HEIGHT = 320, 110


def annotated(
    data: bytes,
    sheet: str,
    errors: Iterable[CellRemark],
    locale: str = "zh-CN",
    limits: Limits = LIMITS,
) -> bytes:
    """Return the .xlsx with the errors as comments; everything else stays. Raises SheetRefused.

    An error without a cell (its column is missing) stands in the first cell of its row.
    """
    if admit(data, "", limits) != "xlsx":
        raise SheetRefused("unsupported", {"kind": "xls, ods, csv"})
    texts: dict[str, list[str]] = {}
    for error in errors:
        text = error.message(locale)
        told = text if error.column else f"{error.header or error.field}: {text}"
        texts.setdefault(f"{error.column or 'A'}{error.row}", []).append(told)
    book = openpyxl.load_workbook(io.BytesIO(data))
    page = book[sheet]
    for address, lines in texts.items():
        cell = page[address]
        cell.fill = _WRONG
        try:
            cell.comment = Comment("\n".join(lines), "park", height=_HEIGHT, width=_WIDTH)
        except AttributeError:  # inside a merged area only its first cell holds a comment
            continue
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
