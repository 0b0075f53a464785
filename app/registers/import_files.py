"""Files that bring a clerk's mistakes back to the clerk: the own workbook marked, the bad rows."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import col
from starlette.concurrency import run_in_threadpool

from app.audit.work import Work
from app.core.errors import Conflict
from app.core.labels import T
from app.core.sheets.marking import marked
from app.core.sheets.marking_cells import Place, place_of
from app.core.sheets.messages import MESSAGES
from app.core.sheets.raw_writing import write_table
from app.core.sheets.reading import RawCell
from app.core.sheets.refusals import SheetRefused
from app.registers.directory import AnyRegister
from app.registers.import_batches import columns_of, kept_file, note, places_of
from app.registers.import_rows import raw_cells
from app.registers.tables import ImportBatch, ImportRow

_AUTHOR = T("导入检查", "Import check")
_ROW = T("原行号", "Row in the file", "原列號")
_WRONG = T("有误之处", "What is wrong")
_MARKED = T("{stem}-批注.xlsx", "{stem}-marked.xlsx")
_BAD = T("{stem}-有误的行.xlsx", "{stem}-bad rows.xlsx", "{stem}-有誤的列.xlsx")
_UNREADABLE = T(
    "这个文件读不了，没有导入；请另存为 .xlsx 再上传。",
    "The file cannot be read and nothing was imported; save it as .xlsx and upload that.",
)
Errors = Sequence[Mapping[str, Any]]


async def marked_file(work: Work, register: AnyRegister, batch: ImportBatch) -> tuple[bytes, str]:
    """Return the uploaded file with a comment in each bad cell, and its name. Raises Conflict."""
    data = await run_in_threadpool(kept_file, batch)
    found = await _bad_rows(work, batch)
    notes = _at_cells((e["row"], e["column"], e) for row in found for e in row.errors)
    told = {place: _said(errors, work.locale) for place, errors in notes.items()}
    sheet = next((s["name"] for s in batch.sheets if s["name"][:64] == batch.sheet), batch.sheet)
    author = _AUTHOR.in_(work.locale)
    try:
        made = await run_in_threadpool(marked, data, batch.file_name, sheet, told, author)
    except SheetRefused as exc:
        raise Conflict(MESSAGES.get(exc.code, _UNREADABLE), exc.params) from exc
    await note(work, register, batch, "import_file")
    return made, _named(_MARKED, batch, work.locale)


async def bad_file(work: Work, register: AnyRegister, batch: ImportBatch) -> tuple[bytes, str]:
    """Return the bad rows alone, each with what is wrong with it: mended, they go in again."""
    found = await _bad_rows(work, batch)
    columns = {c.field: c for c in columns_of(work, register)}
    places = {name: cell for name, cell in places_of(batch).items() if name in columns}
    headers = [
        columns[name].labels[0] + (f"（{cell.unit}）" if cell.unit else "")
        for name, cell in places.items()
    ]
    headers += [_ROW.in_(work.locale), _WRONG.in_(work.locale)]
    lines = [_line(row, tuple(places), work.locale) for row in found]
    at = {name: number for number, name in enumerate(places)}
    notes: dict[Place, str] = {}
    for number, row in enumerate(found, 2):
        for error in row.errors:
            place = number, at.get(error["field"], len(headers) - 1)
            told = error["messages"][work.locale]
            notes[place] = f"{notes[place]}\n{told}" if place in notes else told
    target = io.BytesIO()
    name, author = register.label.in_(work.locale), _AUTHOR.in_(work.locale)
    await run_in_threadpool(write_table, target, name, headers, lines, notes, author)
    await note(work, register, batch, "import_file")
    return target.getvalue(), _named(_BAD, batch, work.locale)


async def _bad_rows(work: Work, batch: ImportBatch) -> Sequence[ImportRow]:
    found = await work.session.execute(
        select(ImportRow)
        .where(col(ImportRow.batch_id) == batch.id, col(ImportRow.outcome) == "bad")
        .order_by(col(ImportRow.row))
    )
    return found.scalars().all()


def _at_cells(errors: Any) -> dict[Place, list[Mapping[str, Any]]]:
    """Gather errors by cell; one without a column stands in the first cell of its row."""
    found: dict[Place, list[Mapping[str, Any]]] = {}
    for row, letter, error in errors:
        place = row, place_of(f"{letter}1")[1] if letter else 0
        found.setdefault(place, []).append(error)
    return found


def _said(errors: Errors, locale: str) -> str:
    return "\n".join(
        e["messages"][locale] if e["column"] else f"{e['header']}：{e['messages'][locale]}"
        for e in errors
    )


def _line(row: ImportRow, names: Sequence[str], locale: str) -> list[RawCell]:
    cells = raw_cells(row.cells)
    told = "\n".join(f"{e['header']}：{e['messages'][locale]}" for e in row.errors)
    return [*(cells.get(name) for name in names), row.row, told]


def _named(name: T, batch: ImportBatch, locale: str) -> str:
    return name.filled(locale, {"stem": Path(batch.file_name).stem[:150]})
