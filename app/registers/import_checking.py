"""The dry run of a workbook: read as its clerk says, every bad cell named; nothing is written yet.

Nothing of a workbook is dropped in silence: a row is data (good or bad) or listed as ignored with
the reason. Rows are recognised by the register's natural key, so the same file twice changes
nothing the second time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col
from starlette.concurrency import run_in_threadpool

from app.audit.work import Work
from app.core.errors import Conflict, FieldError, Invalid, TooLarge
from app.core.files import store
from app.core.labels import T
from app.core.sheets.columns import Column
from app.core.sheets.headers import Chosen, HeaderCell
from app.core.sheets.messages import MESSAGES
from app.core.sheets.refusals import SheetRefused
from app.core.sheets.rows import RawRow
from app.core.sheets.table import SheetRow, Table, check_rows, read_table
from app.registers import import_mapping
from app.registers.directory import AnyRegister
from app.registers.import_batches import (
    batch_of,
    columns_of,
    kept_file,
    note,
    require_import,
)
from app.registers.import_judging import judge
from app.registers.tables import ImportBatch, ImportRow, ImportState

_UNREADABLE = T(
    "这个文件读不了，没有导入；请另存为 .xlsx 再上传。",
    "The file cannot be read and nothing was imported; save it as .xlsx and upload that.",
)
_BEGUN = T(
    "这批导入已经写入过，列的对应不能再改。请改正文件后重新上传。",
    "Rows of this import were written, so its columns stay. Correct the file and upload it again.",
    "這批匯入已經寫入過，欄的對應不能再改。請改正檔案後重新上傳。",
)
_LISTED = 50  # cells named under a note of the reader


async def check(work: Work, register: AnyRegister, data: bytes, file_name: str) -> ImportBatch:
    """Read a workbook and keep what is right and wrong with it; nothing is written yet.

    Raises Forbidden, Invalid (not a sheet, no header), TooLarge.
    """
    require_import(work, register)
    columns = columns_of(work, register)
    known = await import_mapping.remembered(work, register)
    table = await _read(data, file_name, columns, known, None)
    batch = ImportBatch(
        region_id=work.actor.region_id,
        node_id=work.actor.node_id,
        register_name=register.name,
        file_name=file_name[:200],
        sha256=await run_in_threadpool(store, data),
        created_by=work.actor.account_id,
        created_by_name=work.actor.name,
        **_described(table),
    )
    work.session.add(batch)
    await work.session.flush()
    await judge(work, register, batch, (table.raw_rows, table.rows), {})
    await note(work, register, batch, "import_check")
    return batch


async def remap(
    work: Work,
    register: AnyRegister,
    batch_id: UUID,
    sheet: str | None,
    fields: Mapping[str, str | None],
) -> ImportBatch:
    """Read the kept file again: another sheet, or its columns as the clerk says.

    What was mended stays mended. Raises NotFound, Forbidden, Conflict, Invalid.
    """
    batch = await batch_of(work, register, batch_id, lock=True)
    said = import_mapping.chosen(work, register, batch, sheet, fields)
    if batch.state is not ImportState.checked:
        raise Conflict(_BEGUN)
    data = await run_in_threadpool(kept_file, batch)
    columns = columns_of(work, register)
    known = await import_mapping.remembered(work, register)
    table = await _read(data, batch.file_name, columns, known, said)
    same = table.sheet[:64] == batch.sheet
    mended = await _mended(work, batch, table) if same else {}
    if same:
        await import_mapping.remember(work, register, batch, fields)
    for name, value in _described(table).items():
        setattr(batch, name, value)
    read = await run_in_threadpool(_with_mends, table, columns, mended)
    await work.session.flush()
    await judge(work, register, batch, read, mended)
    await note(work, register, batch, "import_mapping")
    return batch


async def _read(
    data: bytes,
    file_name: str,
    columns: Sequence[Column],
    remembered: Mapping[str, str | None],
    chosen: Chosen | None,
) -> Table:
    def read() -> Table:
        return read_table(data, file_name, columns, remembered=remembered, chosen=chosen)

    try:
        return await run_in_threadpool(read)
    except SheetRefused as exc:
        text = MESSAGES.get(exc.code, _UNREADABLE)
        if exc.code.startswith("too_"):
            raise TooLarge(text, exc.params) from exc
        raise Invalid.of(FieldError("/file", exc.code, text, exc.params)) from exc


async def _mended(work: Work, batch: ImportBatch, table: Table) -> dict[int, dict[str, Any]]:
    """Return what was mended so far, of the columns that are still taken."""
    found = await work.session.execute(
        select(col(ImportRow.row), col(ImportRow.mended)).where(
            col(ImportRow.batch_id) == batch.id, col(ImportRow.mended) != {}
        )
    )
    taken = table.header.by_field
    kept = {row: {n: v for n, v in told.items() if n in taken} for row, told in found.all()}
    return {row: told for row, told in kept.items() if told}


def _with_mends(
    table: Table, columns: Sequence[Column], mended: Mapping[int, Mapping[str, Any]]
) -> tuple[Sequence[RawRow], Sequence[SheetRow]]:
    if not mended:
        return table.raw_rows, table.rows
    raw = [RawRow(r.number, {**r.cells, **mended.get(r.number, {})}) for r in table.raw_rows]
    return raw, check_rows(raw, columns, table.header.by_field)


def _described(table: Table) -> dict[str, Any]:
    """Return what a batch says of its file."""
    cells = [cell for cell in table.header.cells if cell.text or cell.field]
    return {
        "sheet": table.sheet[:64],
        "header_row": table.header.row,
        "columns": [_column(cell, table.samples.get(cell.index, ())) for cell in cells],
        "ignored": [{"row": i.number, "reason": i.reason} for i in table.ignored],
        "sheets": [asdict(sheet) for sheet in table.sheets],
        "problems": [{"code": p.code, "params": dict(p.params)} for p in table.header.problems],
        "notes": _notes(table.rows),
    }


def _column(cell: HeaderCell, samples: Sequence[str]) -> dict[str, Any]:
    return {
        "index": cell.index,
        "letter": cell.letter,
        "text": cell.text,
        "folded": cell.folded,
        "field": cell.field,
        "unit": cell.unit,
        "samples": list(samples),
    }


def _notes(rows: Sequence[SheetRow]) -> list[dict[str, Any]]:
    """Return what the reader made of cells that are no error, by column and kind."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for remark in (remark for row in rows for remark in row.notes):
        group = found.setdefault(
            (remark.field, remark.code),
            {
                "field": remark.field,
                "column": remark.column,
                "header": remark.header,
                "code": remark.code,
                "count": 0,
                "cells": [],
            },
        )
        group["count"] += 1
        if len(group["cells"]) < _LISTED:
            told = {name: str(value) for name, value in remark.params.items()}
            group["cells"].append({"row": remark.row, "was": remark.value, "params": told})
    return list(found.values())
