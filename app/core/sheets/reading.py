"""Bytes of an upload become grids of raw cells, with row numbers as the clerk's program shows."""

import csv
import datetime as dt
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.core.sheets.apostrophes import unquoted
from app.core.sheets.containers import admit
from app.core.sheets.refusals import LIMITS, Limits, SheetRefused

RawCell = str | int | float | bool | dt.date | dt.datetime | None
"""A cell as the file has it; blank cells are "" or None, whole floats are whole numbers."""

_CHILD = Path(__file__).with_name("calamine_child.py")
_NUL_HEAVY = 0.2  # of the first bytes: text in UTF-16 without a mark has about half
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_UNPRINTABLE = frozenset(map(chr, (*range(9), *range(14, 27), *range(28, 32))))
_DELIMITERS = "\t,;，"


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet: row ``n`` of the file is ``rows[n - 1]``."""

    sheet: str
    rows: list[list[RawCell]]

    def numbered(self) -> Iterator[tuple[int, list[RawCell]]]:
        return enumerate(self.rows, 1)


def read_grids(data: bytes, file_name: str, limits: Limits = LIMITS) -> list[Grid]:
    """Read every visible sheet of an XLSX, XLS, ODS, CSV or TSV file. Raises SheetRefused."""
    if admit(data, file_name, limits) == "text":
        return [Grid(Path(file_name).stem, _text_rows(data, file_name, limits))]
    return _workbook_grids(data, limits)


def _workbook_grids(data: bytes, limits: Limits) -> list[Grid]:
    arguments = (
        limits.reader_memory,
        limits.reader_seconds,
        limits.rows,
        limits.columns,
        limits.cells,
        limits.sheets,
    )
    try:
        # S603: our own file under our own interpreter; the upload goes to stdin only
        child = subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(_CHILD), *map(str, arguments)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=2 * limits.reader_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SheetRefused("too_many_cells") from error
    grids = _grids_told(child.stdout)
    if grids is None:  # it died before its last word: out of memory or time
        raise SheetRefused("too_many_cells")
    if not any(grid.rows for grid in grids):
        raise SheetRefused("empty_file")
    return grids


def _grids_told(told: bytes) -> list[Grid] | None:
    """Build the grids from the child's lines; None if it did not finish. Raises SheetRefused."""
    grids: list[Grid] = []
    lines = told.splitlines()
    for number, line in enumerate(lines, 1):
        try:
            said = json.loads(line, object_hook=_untagged)
        except ValueError:
            return None
        if isinstance(said, list):
            grids[-1].rows.extend(said)
        elif "sheet" in said:
            grids.append(Grid(said["sheet"], []))
        elif "refused" in said:
            raise SheetRefused(said["refused"], said["params"])
        elif "end" in said and number == len(lines):
            return grids
    return None


def _untagged(tagged: dict[str, object]) -> object:
    if "day" in tagged:
        return dt.date.fromisoformat(str(tagged["day"]))
    if "moment" in tagged:
        return dt.datetime.fromisoformat(str(tagged["moment"]))
    return tagged.get("time", tagged)


def _decoded(data: bytes) -> str:
    """Decode as what Chinese offices write: UTF-8, UTF-16, GB18030. Raises SheetRefused."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decoded_as(data, encoding)
    head = data[:4096]
    if head.count(0) > _NUL_HEAVY * len(head):
        little = head[1::2].count(0) >= head[::2].count(0)
        return _decoded_as(data, "utf-16-le" if little else "utf-16-be")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded_as(data, "gb18030")


def _decoded_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SheetRefused("not_a_sheet") from error


def _text_rows(data: bytes, file_name: str, limits: Limits) -> list[list[RawCell]]:
    text = _decoded(data)
    if not _UNPRINTABLE.isdisjoint(text):
        raise SheetRefused("not_a_sheet")
    delimiter = "\t" if file_name.lower().endswith(".tsv") else _delimiter(text)
    rows: list[list[RawCell]] = []
    cells = 0
    try:
        # newline="" lets the csv module keep line breaks inside quoted cells
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append([unquoted(cell) for cell in row])
            cells += len(row)
            if len(rows) > limits.rows:
                raise SheetRefused("too_many_rows", {"limit": limits.rows})
            if len(row) > limits.columns:
                raise SheetRefused("too_many_columns", {"limit": limits.columns})
            if cells > limits.cells:
                raise SheetRefused("too_many_cells")
    except csv.Error as error:  # a cell longer than any real one, an unclosed quote
        raise SheetRefused("broken") from error
    return rows


def _delimiter(text: str) -> str:
    """Return the delimiter that most of the first lines agree on; a comma when none does."""
    lines = [line for line in text[:20_000].splitlines()[:30] if line.strip()]
    counts = {mark: sum(line.count(mark) for line in lines) for mark in _DELIMITERS}
    best = max(_DELIMITERS, key=lambda mark: counts[mark])
    return best if counts[best] else ","
