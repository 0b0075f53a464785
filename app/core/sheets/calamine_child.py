"""The reader's own process: unpacks one workbook from stdin and prints its cells as JSON lines.

The spreadsheet library is fast and keeps a dense rectangle in memory; a crafted file makes it
abort the whole process, which no ``except`` catches. Here that costs one refusal, not a server.
Run by file path with ``-I``, so it imports nothing of the application.
"""

import datetime as dt
import io
import json
import sys

import python_calamine as calamine

_ROWS_PER_LINE = 2_000
_LARGEST_WHOLE = 2**53  # above it a float no longer knows its last digit


def _limit_resources(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:
        return
    for kind, limit in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))


def _tagged(cell: object) -> dict[str, str]:
    """Write what JSON has no word for: a day, a moment, a time of day or a duration."""
    if isinstance(cell, dt.datetime):
        return {"moment": cell.isoformat()}
    if isinstance(cell, dt.date):
        return {"day": cell.isoformat()}
    return {"time": str(cell)}


def _plain(cell: object) -> object:
    """Make a whole float the whole number the clerk sees."""
    if type(cell) is float and abs(cell) < _LARGEST_WHOLE and cell.is_integer():
        return int(cell)
    return cell


def _say(message: object) -> None:
    sys.stdout.write(json.dumps(message, default=_tagged, ensure_ascii=True))
    sys.stdout.write("\n")


def _refuse(code: str, **params: object) -> None:
    _say({"refused": code, "params": params})
    sys.exit(0)


def _tell_sheets(
    book: calamine.CalamineWorkbook, rows: int, columns: int, cells: int, sheets: int
) -> None:
    """Print every visible sheet: a line with its name, then lines of many rows."""
    told = 0
    for meta in book.sheets_metadata:
        if (
            meta.typ != calamine.SheetTypeEnum.WorkSheet
            or meta.visible != calamine.SheetVisibleEnum.Visible
        ):
            continue
        told += 1
        if told > sheets:
            _refuse("too_many_sheets", limit=sheets)
        sheet = book.get_sheet_by_name(meta.name)
        # total_height and iter_rows() miscount when the first rows or columns are blank
        bottom, right = sheet.end or (-1, -1)
        if bottom >= rows:
            _refuse("too_many_rows", limit=rows)
        if right >= columns:
            _refuse("too_many_columns", limit=columns)
        cells -= (bottom + 1) * (right + 1)
        if cells < 0:
            _refuse("too_many_cells")
        _say({"sheet": meta.name})
        grid = sheet.to_python(skip_empty_area=False)
        for start in range(0, len(grid), _ROWS_PER_LINE):
            _say([[_plain(cell) for cell in row] for row in grid[start : start + _ROWS_PER_LINE]])


def main() -> None:
    memory, seconds, rows, columns, cells, sheets = map(int, sys.argv[1:7])
    data = sys.stdin.buffer.read()
    _limit_resources(memory, seconds)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        _tell_sheets(book, rows, columns, cells, sheets)
    except calamine.PasswordError:
        _refuse("encrypted")
    except MemoryError:
        _refuse("too_many_cells")
    except Exception as error:  # noqa: BLE001 -- whatever it is, the answer is a refusal
        _refuse("encrypted" if "password" in str(error).lower() else "broken")
    _say({"end": True})


if __name__ == "__main__":
    main()
