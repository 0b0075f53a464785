"""Writing the good rows of a workbook, and taking them back as one batch."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.audit.work import Work
from app.core.clock import now
from app.core.sheets.table import SheetRow
from app.registers import reading, writing
from app.registers.directory import AnyRegister
from app.registers.import_known import RawCells, changed, known_records
from app.registers.import_rows import body_values, resolved, with_references
from app.registers.keeping import Kept, keep, stored
from app.registers.register import Change
from app.registers.tables import ImportBatch, ImportRow, RecordVersion

_CHUNK = 500
Read = tuple[SheetRow, RawCells]  # a row as it was read, and its raw cells


def instant() -> datetime:
    return now()


async def write(
    work: Work,
    register: AnyRegister,
    batch: ImportBatch,
    rows: Sequence[ImportRow],
    checked: Mapping[int, Read],
    period: str,
) -> None:
    """Create or update a record for every good row, with version, audit, feed and search words.

    Raises IntegrityError for a key that somebody took since the dry run; nothing is written then.
    """
    wanted = [row for row in rows if row.outcome in ("create", "update")]
    for start in range(0, len(wanted), _CHUNK):
        await _chunk(work, register, batch, wanted[start : start + _CHUNK], checked, period)


async def _chunk(
    work: Work,
    register: AnyRegister,
    batch: ImportBatch,
    wanted: Sequence[ImportRow],
    checked: Mapping[int, Read],
    period: str,
) -> None:
    sheet = [checked[row.row][0] for row in wanted]
    references = await resolved(work, register, sheet)
    known = await known_records(work, register, sheet)
    many = []
    values = {}
    for row in wanted:
        record = known.get(row.row)
        values[row.row] = changed(*checked[row.row], record)
        told = with_references(register, values[row.row], references)
        kept = await _prepared(work, register, told, record.row if record else None)
        row.record_id = kept.change.row.id
        row.previous_version = record.row.version if record else None
        many.append(kept)
    if register.sheet_figures is not None:
        names = [f.name for f in register.sheet_figures.figures]
        figures = [
            (kept.change.row, {name: values[row.row].get(name) for name in names})
            for row, kept in zip(wanted, many, strict=True)
        ]
        await register.sheet_figures.write(work, figures, period, _source(batch))
    await keep(work, register, many)
    for row, kept in zip(wanted, many, strict=True):
        if register.after_write is not None:
            await register.after_write(work, kept.change)
        row.outcome, row.errors = "written", []
        row.written_version = kept.change.row.version
    await work.session.flush()


def _source(batch: ImportBatch) -> str:
    return f"import:{batch.id}"


async def _prepared(work: Work, register: AnyRegister, told: Mapping[str, Any], known: Any) -> Kept:
    """Return the change a row makes: a new record, or the known one with the row's columns."""
    given = body_values(register, told)
    if known is None:
        return await writing.prepared_new(work, register, given, verb="import")
    current = {f.name: getattr(known, f.name) for f in register.fields if f.name not in given}
    return await writing.prepared_revision(work, register, known, current | given, verb="import")


async def withdraw(
    work: Work, register: AnyRegister, batch: ImportBatch, rows: Sequence[ImportRow]
) -> None:
    """Take back what the import wrote; a record changed since stays and its row says so."""
    many = []
    for row in rows:
        if row.outcome != "written" or row.record_id is None:
            continue
        record = await reading.row_of(work, register, row.record_id, lock=True)
        if record.version != row.written_version:
            row.outcome = "kept"
            continue
        row.outcome = "undone"
        before = stored(register, record)
        record.updated_at, record.updated_by = now(), work.actor.account_id
        if row.previous_version is None:
            record.deleted_at = now()
            many.append(Kept(Change(record, before), "undo", op="delete"))
        else:
            await _restore(work, register, record, row.previous_version)
            many.append(Kept(Change(record, before), "undo"))
    for start in range(0, len(many), _CHUNK):
        await keep(work, register, many[start : start + _CHUNK])
    await work.session.flush()
    if register.sheet_figures is not None:
        await register.sheet_figures.withdraw(work, _source(batch))


async def _restore(work: Work, register: AnyRegister, record: Any, version: int) -> None:
    found = await work.session.execute(
        select(RecordVersion).where(
            col(RecordVersion.record_id) == record.id, col(RecordVersion.version) == version
        )
    )
    was = register.row.model_validate(found.scalar_one().row)
    for f in register.fields:
        setattr(record, f.name, getattr(was, f.name))
    writing.settle(register, record)
