"""Verdicts on the rows of a workbook, written down with a statement for many rows."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, text
from sqlmodel import col
from starlette.concurrency import run_in_threadpool

from app.audit.work import Work
from app.core.sheets.rows import RawRow
from app.core.sheets.table import SheetRow
from app.registers import import_rows
from app.registers.directory import AnyRegister
from app.registers.import_batches import places_of
from app.registers.import_rows import Checked, cells_of
from app.registers.tables import ImportBatch, ImportRow

_AT_ONCE = 2_000
_INSERT = text(
    "INSERT INTO import_row (region_id, batch_id, node_id, row, cells, mended, key, errors,"
    " outcome, record_id) SELECT :region_id, :batch_id, :node_id, r.row, r.cells, r.mended, r.key,"
    " r.errors, r.outcome, r.record_id FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(row int,"
    " cells jsonb, mended jsonb, key text, errors jsonb, outcome text, record_id uuid)"
)


async def judge(
    work: Work,
    register: AnyRegister,
    batch: ImportBatch,
    read: tuple[Sequence[RawRow], Sequence[SheetRow]],
    mended: Mapping[int, Mapping[str, Any]],
) -> None:
    """Judge all rows of a file against the register and keep them in place of those there were."""
    raw, rows = read
    told = {r.number: r.cells for r in raw}
    verdicts = await import_rows.verdicts(work, register, rows, places_of(batch), told)
    await work.session.execute(delete(ImportRow).where(col(ImportRow.batch_id) == batch.id))
    for start in range(0, len(raw), _AT_ONCE):
        end = start + _AT_ONCE
        lines = await run_in_threadpool(_lines, raw[start:end], verdicts[start:end], mended)
        common = {"region_id": batch.region_id, "batch_id": batch.id, "node_id": batch.node_id}
        await work.session.execute(_INSERT, common | {"rows": lines})


def _lines(
    raw: Sequence[RawRow], verdicts: Sequence[Checked], mended: Mapping[int, Mapping[str, Any]]
) -> str:
    return json.dumps(
        [
            {
                "row": verdict.row,
                "cells": cells_of(told),
                "mended": mended.get(verdict.row, {}),
                "key": verdict.key,
                "errors": verdict.errors,
                "outcome": verdict.outcome,
                "record_id": verdict.record_id,
            }
            for told, verdict in zip(raw, verdicts, strict=True)
        ],
        ensure_ascii=False,
        default=str,
    )
