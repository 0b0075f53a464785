"""Writing the good rows of a workbook, a chunk at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import select, text
from sqlmodel import col
from starlette.concurrency import run_in_threadpool

from app.audit.work import Work
from app.core.sheets.rows import RawRow
from app.core.sheets.table import SheetRow, check_rows
from app.registers import writing
from app.registers.directory import AnyRegister
from app.registers.import_batches import columns_of, period_of, places_of
from app.registers.import_known import RawCells, changed, known_records
from app.registers.import_rows import body_values, raw_cells, resolved, with_references
from app.registers.keeping import Kept
from app.registers.keeping_many import keep_many
from app.registers.tables import ImportBatch, ImportRow

CHUNK = 250
_BREATH = 25  # rows between two breaths of the loop, which serves requests meanwhile
_WRITTEN = text(
    "UPDATE import_row r SET outcome = 'written', errors = '[]', record_id = w.record_id,"
    " written_version = w.version, previous_version = w.previous"
    " FROM jsonb_to_recordset(CAST(:rows AS jsonb))"
    " AS w(row int, record_id uuid, version int, previous int)"
    " WHERE r.region_id = :region_id AND r.batch_id = :batch_id AND r.row = w.row"
)

Tell = Callable[[int, int, str], Awaitable[None]]  # done, of how many, in which phase
Read = tuple[SheetRow, RawCells]  # a row as it was read, and its raw cells


async def silently(_: int, __: int, ___: str) -> None:
    """Tell nobody: the default of work that nobody watches."""


@dataclass(frozen=True, slots=True)
class _Made:
    """What a row of the file becomes."""

    row: int
    kept: Kept
    previous: int | None
    values: Mapping[str, Any]


async def write(work: Work, register: AnyRegister, batch: ImportBatch, tell: Tell) -> int:
    """Create or update a record for every good row, with version, audit, feed and search words.

    Return how many. Raises IntegrityError for a key that somebody took since the dry run; nothing
    is written then.
    """
    read = await _read(work, register, batch)
    await tell(0, len(read), "writing")
    for start in range(0, len(read), CHUNK):
        await _chunk(work, register, batch, read[start : start + CHUNK])
        await tell(min(start + CHUNK, len(read)), len(read), "writing")
    return len(read)


async def _read(work: Work, register: AnyRegister, batch: ImportBatch) -> list[Read]:
    """Return the good rows of the file, read again from their cells."""
    found = await work.session.execute(
        select(col(ImportRow.row), col(ImportRow.cells))
        .where(
            col(ImportRow.batch_id) == batch.id, col(ImportRow.outcome).in_(("create", "update"))
        )
        .order_by(col(ImportRow.row))
    )
    raw = [RawRow(row, raw_cells(cells)) for row, cells in found.all()]
    columns, places = columns_of(work, register), places_of(batch)
    rows = await run_in_threadpool(check_rows, raw, columns, places)
    return [(row, told.cells) for row, told in zip(rows, raw, strict=True)]


async def _chunk(
    work: Work, register: AnyRegister, batch: ImportBatch, read: Sequence[Read]
) -> None:
    sheet = [row for row, _ in read]
    references = await resolved(work, register, sheet)
    known = await known_records(work, register, sheet)
    made = []
    for n, (row, cells) in enumerate(read):
        if n % _BREATH == 0:
            await asyncio.sleep(0)
        record = known.get(row.number)
        values = changed(row, cells, record)
        told = with_references(register, values, references)
        kept = await _prepared(work, register, told, record.row if record else None)
        previous = record.row.version if record else None
        made.append(_Made(row.number, kept, previous, values))
    await _set_figures(work, register, batch, made)
    await keep_many(work, register, [each.kept for each in made])
    await _mark(work, batch, made)


async def _set_figures(
    work: Work, register: AnyRegister, batch: ImportBatch, made: Sequence[_Made]
) -> None:
    if register.sheet_figures is None:
        return
    names = [f.name for f in register.sheet_figures.figures]
    figures = [
        (each.kept.change.row, {name: each.values.get(name) for name in names}) for each in made
    ]
    await register.sheet_figures.write(work, figures, period_of(batch), source(batch.id))


def source(batch_id: UUID) -> str:
    """Return what figures of an import say they come from."""
    return f"import:{batch_id}"


async def _prepared(work: Work, register: AnyRegister, told: Mapping[str, Any], known: Any) -> Kept:
    """Return the change a row makes: a new record, or the known one with the row's columns."""
    given = body_values(register, told)
    if known is None:
        return await writing.prepared_new(work, register, given, verb="import")
    current = {f.name: getattr(known, f.name) for f in register.fields if f.name not in given}
    return await writing.prepared_revision(work, register, known, current | given, verb="import")


async def _mark(work: Work, batch: ImportBatch, made: Sequence[_Made]) -> None:
    """Note on the rows of the file which record each became, in which version."""
    rows = [
        {
            "row": each.row,
            "record_id": each.kept.change.row.id,
            "version": each.kept.change.row.version,
            "previous": each.previous,
        }
        for each in made
    ]
    key = {"region_id": batch.region_id, "batch_id": batch.id}
    await work.session.execute(_WRITTEN, key | {"rows": to_json(rows).decode()})
