"""Workbooks into a register: a dry run that names every bad cell, then commit, mend, undo.

Nothing of a workbook is dropped in silence: a row is data (good or bad) or listed as ignored with
the reason. Rows are recognised by the register's natural key, so the same file twice changes
nothing the second time.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlmodel import col
from starlette.concurrency import run_in_threadpool

from app.audit.work import Work
from app.core.clock import today
from app.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, TooLarge
from app.core.labels import T
from app.core.sheets.columns import Column
from app.core.sheets.headers import HeaderCell
from app.core.sheets.messages import MESSAGES
from app.core.sheets.refusals import SheetRefused
from app.core.sheets.rows import RawRow
from app.core.sheets.table import check_rows, read_table
from app.registers import import_rows, import_writing
from app.registers.directory import AnyRegister
from app.registers.import_known import id_column
from app.registers.import_rows import Checked, cells_of, raw_cells
from app.registers.rights import only
from app.registers.sheet_columns import import_columns
from app.registers.tables import ImportBatch, ImportRow, ImportState

_ONLY = T("只有{who}可以导入{register}。", "Only {who} may import: {register}.")
_NEVER = T("这类记录不能导入。", "Such records are not imported.")
_UNREADABLE = T("这个文件读不了。", "The file cannot be read.")
_DONE = T("这批导入已经撤销，不能再操作。", "This import was undone; nothing more can be done.")
_NOTHING = T("没有可以写入的行。", "There is no row to write.")
_NOT_YET = T("还没有写入，无需撤销。", "Nothing was written; there is nothing to undo.")
_WRITTEN = T("这一行已经写入，请直接修改记录。", "This row was written; edit the record itself.")
_NO_COLUMN = T("文件里没有这一列。", "The file has no such column.")
_PERIOD = re.compile(r"(20\d\d)\s*年")


def require_import(work: Work, register: AnyRegister) -> None:
    """Raise Forbidden unless the actor may bring records in from a file."""
    if work.actor.role not in register.rights.import_:
        raise Forbidden(*only(register.rights.import_, _ONLY, _NEVER, register.label))


async def check(work: Work, register: AnyRegister, data: bytes, file_name: str) -> ImportBatch:
    """Read a workbook and keep what is right and wrong with it; nothing is written yet.

    Raises Forbidden, Invalid (not a sheet, no header), TooLarge.
    """
    require_import(work, register)
    columns = _columns(work, register)
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
    await _note(work, register, batch, "import_check")
    return batch


def _columns(work: Work, register: AnyRegister) -> list[Column]:
    """Return the columns a file may have: the author's, and the system id of an export."""
    found = import_columns(register, work.actor.role, work.locale)
    return [*found, id_column(work.locale)]


def _column(cell: HeaderCell) -> dict[str, Any]:
    return {
        "index": cell.index,
        "letter": cell.letter,
        "text": cell.text,
        "folded": cell.folded,
        "field": cell.field,
        "unit": cell.unit,
    }


def period_of(batch: ImportBatch) -> str:
    """Return the year measured columns speak of: the one the file names, else the last full one."""
    told = _PERIOD.search(batch.file_name)
    return told[1] if told else str(today().year - 1)


async def _judge(
    work: Work,
    register: AnyRegister,
    batch: ImportBatch,
    rows: Sequence[tuple[int, Mapping[str, Any]]],
    written: Mapping[int, ImportRow],
) -> None:
    """Check all rows against each other and the register, and keep the verdicts."""
    columns = _columns(work, register)
    places = {c["field"]: HeaderCell(**c) for c in batch.columns if c["field"]}
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


async def batch_of(
    work: Work, register: AnyRegister, batch_id: UUID, *, lock: bool = False
) -> ImportBatch:
    """Return an import of the actor's own park. Raises NotFound, Forbidden."""
    require_import(work, register)
    statement = select(ImportBatch).where(
        col(ImportBatch.id) == batch_id,
        col(ImportBatch.register_name) == register.name,
        col(ImportBatch.node_id).in_(work.actor.nodes),
    )
    if lock:
        statement = statement.with_for_update()
    found = (await work.session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


async def rows_of(work: Work, batch: ImportBatch) -> list[ImportRow]:
    found = await work.session.execute(
        select(ImportRow)
        .where(col(ImportRow.batch_id) == batch.id)
        .order_by(col(ImportRow.row))
        .execution_options(populate_existing=True)
    )
    return list(found.scalars())


async def mend(
    work: Work, register: AnyRegister, batch_id: UUID, row: int, values: Mapping[str, str | None]
) -> ImportBatch:
    """Correct cells of one row in place and check everything again.

    Raises NotFound, Forbidden, Conflict, Invalid.
    """
    batch = await batch_of(work, register, batch_id, lock=True)
    if batch.state is ImportState.undone:
        raise Conflict(_DONE)
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


async def commit(work: Work, register: AnyRegister, batch_id: UUID) -> ImportBatch:
    """Write all good rows; bad ones stay listed and can be mended and committed later.

    Raises NotFound, Forbidden, Conflict.
    """
    batch = await batch_of(work, register, batch_id, lock=True)
    if batch.state is ImportState.undone:
        raise Conflict(_DONE)
    rows = await rows_of(work, batch)
    if not any(row.outcome in ("create", "update") for row in rows):
        raise Conflict(_NOTHING)
    places = {c["field"]: HeaderCell(**c) for c in batch.columns if c["field"]}
    columns = _columns(work, register)
    raw = [RawRow(r.row, raw_cells(r.cells)) for r in rows]
    read = zip(check_rows(raw, columns, places), raw, strict=True)
    checked = {found.number: (found, r.cells) for found, r in read}
    await import_writing.write(work, register, batch, rows, checked, period_of(batch))
    batch.state = ImportState.committed
    batch.committed_at = import_writing.instant()
    await work.session.flush()
    await _note(work, register, batch, "import")
    return batch


async def undo(work: Work, register: AnyRegister, batch_id: UUID) -> ImportBatch:
    """Take back everything the import wrote, except records somebody changed since.

    Raises NotFound, Forbidden, Conflict.
    """
    batch = await batch_of(work, register, batch_id, lock=True)
    if batch.state is ImportState.undone:
        raise Conflict(_DONE)
    if batch.state is not ImportState.committed:
        raise Conflict(_NOT_YET)
    await import_writing.withdraw(work, register, batch, await rows_of(work, batch))
    batch.state = ImportState.undone
    batch.undone_at = import_writing.instant()
    await work.session.flush()
    await _note(work, register, batch, "import_undo")
    return batch


async def _note(work: Work, register: AnyRegister, batch: ImportBatch, verb: str) -> None:
    await work.note(
        f"{register.name}.{verb}",
        register=register.name,
        record_id=batch.id,
        record_label=batch.file_name,
        node_id=batch.node_id,
        detail={"sha256": batch.sha256},
    )
