"""The dry run of a workbook: every bad cell named, and mended in place.

Nothing of a workbook is dropped in silence: a row is data (good or bad) or listed as ignored with
the reason. Rows are recognised by the register's natural key, so the same file twice changes
nothing the second time.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert
from sqlmodel import col
from starlette.concurrency import run_in_threadpool

from app.audit.work import Work
from app.core.errors import Conflict, FieldError, Invalid, NotFound, TooLarge
from app.core.labels import T
from app.core.sheets.headers import HeaderCell
from app.core.sheets.messages import MESSAGES
from app.core.sheets.refusals import SheetRefused
from app.core.sheets.rows import RawRow
from app.core.sheets.table import check_rows, read_table
from app.registers import import_rows
from app.registers.directory import AnyRegister
from app.registers.import_batches import (
    DONE,
    batch_of,
    columns_of,
    note,
    places_of,
    require_import,
    rows_of,
)
from app.registers.import_rows import Checked, cells_of, raw_cells
from app.registers.tables import ImportBatch, ImportRow, ImportState

_UNREADABLE = T("这个文件读不了。", "The file cannot be read.")
_WRITTEN = T("这一行已经写入，请直接修改记录。", "This row was written; edit the record itself.")
_NO_COLUMN = T("文件里没有这一列。", "The file has no such column.")


async def check(work: Work, register: AnyRegister, data: bytes, file_name: str) -> ImportBatch:
    """Read a workbook and keep what is right and wrong with it; nothing is written yet.

    Raises Forbidden, Invalid (not a sheet, no header), TooLarge.
    """
    require_import(work, register)
    columns = columns_of(work, register)
    try:
        table = await run_in_threadpool(read_table, data, file_name, columns)
    except SheetRefused as exc:
        text = MESSAGES.get(exc.code, _UNREADABLE)
        if exc.code.startswith("too_"):
            raise TooLarge(text, exc.params) from exc
        raise Invalid.of(FieldError("/file", exc.code, text, exc.params)) from exc
    batch = ImportBatch(
        region_id=work.actor.region_id,
        node_id=work.actor.node_id,
        register_name=register.name,
        file_name=file_name[:200],
        sha256=hashlib.sha256(data).hexdigest(),
        sheet=table.sheet[:64],
        header_row=table.header.row,
        columns=[_column(cell) for cell in table.header.cells if cell.text or cell.field],
        ignored=[{"row": i.number, "reason": i.reason} for i in table.ignored],
        created_by=work.actor.account_id,
        created_by_name=work.actor.name,
    )
    work.session.add(batch)
    await work.session.flush()
    rows = [(raw.number, cells_of(raw)) for raw in table.raw_rows]
    await _judge(work, register, batch, rows, {})
    await note(work, register, batch, "import_check")
    return batch


def _column(cell: HeaderCell) -> dict[str, Any]:
    return {
        "index": cell.index,
        "letter": cell.letter,
        "text": cell.text,
        "folded": cell.folded,
        "field": cell.field,
        "unit": cell.unit,
    }


async def _judge(
    work: Work,
    register: AnyRegister,
    batch: ImportBatch,
    rows: Sequence[tuple[int, Mapping[str, Any]]],
    written: Mapping[int, ImportRow],
) -> None:
    """Check all rows against each other and the register, and keep the verdicts."""
    columns = columns_of(work, register)
    places = places_of(batch)
    raw = [RawRow(number, raw_cells(cells)) for number, cells in rows]
    checked = check_rows(raw, columns, places)
    told = {r.number: r.cells for r in raw}
    verdicts = await import_rows.verdicts(work, register, checked, places, told)
    await work.session.execute(delete(ImportRow).where(col(ImportRow.batch_id) == batch.id))
    cells = dict(rows)
    lines = [_row(batch, v, cells[v.row], written.get(v.row)) for v in verdicts]
    if lines:
        await work.session.execute(insert(ImportRow), lines)


def _row(
    batch: ImportBatch, verdict: Checked, cells: Mapping[str, Any], done: ImportRow | None
) -> dict[str, Any]:
    kept = {
        "region_id": batch.region_id,
        "batch_id": batch.id,
        "row": verdict.row,
        "node_id": batch.node_id,
        "cells": cells,
        "errors": verdict.errors,
        "outcome": verdict.outcome,
        "record_id": verdict.record_id,
        "written_version": None,
        "previous_version": None,
    }
    if done is not None and done.outcome == "written":
        kept |= {
            "errors": [],
            "outcome": "written",
            "record_id": done.record_id,
            "written_version": done.written_version,
            "previous_version": done.previous_version,
        }
    return kept


async def mend(
    work: Work, register: AnyRegister, batch_id: UUID, row: int, values: Mapping[str, str | None]
) -> ImportBatch:
    """Correct cells of one row in place and check everything again.

    Raises NotFound, Forbidden, Conflict, Invalid.
    """
    batch = await batch_of(work, register, batch_id, lock=True)
    if batch.state is ImportState.undone:
        raise Conflict(DONE)
    rows = await rows_of(work, batch)
    found = next((r for r in rows if r.row == row), None)
    if found is None:
        raise NotFound
    if found.outcome == "written":
        raise Conflict(_WRITTEN)
    known = {c["field"] for c in batch.columns if c["field"]}
    unknown = sorted(set(values) - known)
    if unknown:
        raise Invalid.of(*(FieldError(f"/values/{n}", "no_column", _NO_COLUMN) for n in unknown))
    pairs = [(r.row, {**r.cells, **values} if r.row == row else r.cells) for r in rows]
    await _judge(work, register, batch, pairs, {r.row: r for r in rows})
    return batch
