"""Taking back what a workbook wrote, exactly: columns, personal values, figures, links.

A record somebody changed since, or set aside, stays as it is and its row says so.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import delete, select, text, tuple_
from sqlmodel import col

from app.audit.work import Work
from app.core.clock import now
from app.registers import restoring, secrets
from app.registers.directory import AnyRegister
from app.registers.import_writing import CHUNK, Tell, source
from app.registers.keeping import Kept, stored
from app.registers.keeping_many import keep_many
from app.registers.register import Change
from app.registers.secrets import Sealed
from app.registers.tables import ImportBatch, ImportRow, PartyLink, RecordVersion
from app.registers.visibility import visible

_ENDED = text(
    "UPDATE import_row r SET outcome = w.outcome"
    " FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS w(row int, outcome text)"
    " WHERE r.region_id = :region_id AND r.batch_id = :batch_id AND r.row = w.row"
)
_BREATH = 25


@dataclass(frozen=True, slots=True)
class _Written:
    """A row of the file that was written: which record, in which version, and the one before."""

    row: int
    record_id: UUID
    version: int
    previous: int | None


async def withdraw(
    work: Work, register: AnyRegister, batch: ImportBatch, tell: Tell
) -> tuple[int, int]:
    """Take back what the import wrote; return how many records, and how many stay."""
    found = await work.session.execute(
        select(
            col(ImportRow.row),
            col(ImportRow.record_id),
            col(ImportRow.written_version),
            col(ImportRow.previous_version),
        )
        .where(
            col(ImportRow.batch_id) == batch.id,
            col(ImportRow.outcome) == "written",
        )
        .order_by(col(ImportRow.record_id))  # locked in one order, whoever else is at work
    )
    rows = [
        _Written(row, record_id, version, previous)
        for row, record_id, version, previous in found.all()
        if record_id is not None and version is not None
    ]
    await tell(0, len(rows), "undoing")
    undone = 0
    for start in range(0, len(rows), CHUNK):
        undone += await _chunk(work, register, batch, rows[start : start + CHUNK])
        await tell(min(start + CHUNK, len(rows)), len(rows), "undoing")
    return undone, len(rows) - undone


async def _chunk(
    work: Work, register: AnyRegister, batch: ImportBatch, rows: Sequence[_Written]
) -> int:
    records = await _locked(work, register, [row.record_id for row in rows])
    mine = [
        row
        for row in rows
        if row.record_id in records and records[row.record_id].version == row.version
    ]
    many = await _prepared(work, register, mine, records)
    if register.sheet_figures is not None:
        touched = [kept.change.row for kept in many]
        await register.sheet_figures.withdraw(work, touched, source(batch.id))
    owners = [
        (kept.change.row.id, owner) for kept in many if (owner := _owner_no_more(kept)) is not None
    ]
    await keep_many(work, register, many)
    if owners:
        link = tuple_(col(PartyLink.record_id), col(PartyLink.party_id))
        await work.session.execute(delete(PartyLink).where(link.in_(owners)))
    await _mark(work, batch, rows, {row.row for row in mine})
    return len(mine)


async def _locked(work: Work, register: AnyRegister, ids: Sequence[UUID]) -> dict[UUID, Any]:
    row = register.row
    found = await work.session.execute(
        select(row)
        .where(col(row.id).in_(ids), visible(register, work.actor))
        .order_by(col(row.id))
        .with_for_update(of=row)
        .execution_options(populate_existing=True)
    )
    return {record.id: record for record in found.scalars()}


async def _prepared(
    work: Work, register: AnyRegister, mine: Sequence[_Written], records: Mapping[UUID, Any]
) -> list[Kept]:
    """Return the records as they were before the import, ready to be kept."""
    changed = {row.record_id: row.previous for row in mine if row.previous is not None}
    versions = await _versions(work, changed)
    then = await secrets.sealed_at(work, register, changed)
    since = await secrets.sealed_at(work, register, {i: records[i].version for i in changed})
    many = []
    for n, row in enumerate(mine):
        if n % _BREATH == 0:
            await asyncio.sleep(0)
        record = records[row.record_id]
        before = stored(register, record)
        sealed: dict[str, Sealed | None] = {f.name: None for f in register.secrets}
        if row.previous is None:
            record.deleted_at = now()
        else:
            version = versions[record.id]
            restoring.put_back(register, record, version)
            sealed = _sealed(register, version, then.get(record.id, {}), since.get(record.id, {}))
            for name in _forgotten(register, version, then.get(record.id, {})):
                setattr(record, name, before[name])
        record.updated_at = max(now(), record.updated_at)
        record.updated_by = work.actor.account_id
        op = "put" if record.deleted_at is None else "delete"
        many.append(Kept(Change(record, before), "undo", op=op, sealed=sealed))
    return many


def _sealed(
    register: AnyRegister,
    version: RecordVersion,
    then: Mapping[str, Sealed | None],
    since: Mapping[str, Sealed | None],
) -> dict[str, Sealed | None]:
    """Return the personal values that were others, or none, before the import."""
    found: dict[str, Sealed | None] = {}
    for f in register.secrets:
        if since.get(f.name) == then.get(f.name):
            continue
        if f.name in then or not version.row.get(f.name):
            found[f.name] = then.get(f.name)
    return found


def _forgotten(
    register: AnyRegister, version: RecordVersion, then: Mapping[str, Sealed | None]
) -> list[str]:
    """Return the personal values that cannot come back: what they were is destroyed by now."""
    return [f.name for f in register.secrets if version.row.get(f.name) and f.name not in then]


async def _versions(work: Work, wanted: Mapping[UUID, int]) -> dict[UUID, RecordVersion]:
    if not wanted:
        return {}
    key = tuple_(col(RecordVersion.record_id), col(RecordVersion.version))
    found = await work.session.execute(
        select(RecordVersion).where(
            col(RecordVersion.record_id).in_(wanted), key.in_(list(wanted.items()))
        )
    )
    versions = {version.record_id: version for version in found.scalars()}
    for version in versions.values():
        work.session.expunge(version)
    return versions


def _owner_no_more(kept: Kept) -> UUID | None:
    """Return whom the import had made the owner of a known record, if it is not the owner now."""
    given = (kept.change.before or {}).get("owner_id")
    owner = UUID(given) if given else None
    return owner if owner != kept.change.row.owner_id else None


async def _mark(work: Work, batch: ImportBatch, rows: Sequence[_Written], undone: set[int]) -> None:
    told = [{"row": row.row, "outcome": "undone" if row.row in undone else "kept"} for row in rows]
    key = {"region_id": batch.region_id, "batch_id": batch.id}
    await work.session.execute(_ENDED, key | {"rows": to_json(told).decode()})
