"""A record as an older version has it: exactly for an undo, as an author's revision on request."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select
from sqlmodel import col

from app.audit.work import Work
from app.core.errors import Forbidden, NotFound
from app.core.labels import T
from app.core.tables import SYSTEM_COLUMNS
from app.registers import history, reading, secrets, writing
from app.registers.directory import AnyRegister
from app.registers.history import FieldChange, Who
from app.registers.keeping import keep, stored
from app.registers.secrets import Sealed
from app.registers.showing import edit_refusal, may_write, never_edits
from app.registers.tables import RecordVersion

#: Columns of every record that a version put back does not bring along: the key and the writing.
_ITS_OWN = SYSTEM_COLUMNS - {"node_id", "owner_id", "deleted_at"}
_NO_VERSION = T(
    "没有这个版本，请从历史中重新选择。", "There is no such version; choose one from the history."
)


class VersionOffer(BaseModel):
    """An older version, and what restoring it would change in the record of today."""

    version: int
    at: datetime
    verb_label: str
    by: Who
    possible: bool
    why: str | None
    changes: list[FieldChange]


def put_back(register: AnyRegister, row: Any, version: RecordVersion) -> None:
    """Set every column of ``row`` as ``version`` has it; the caller writes it."""
    was = register.row.model_validate(version.row)
    for name in register.row.model_fields:
        if name not in _ITS_OWN:
            setattr(row, name, getattr(was, name))


async def sealed(
    work: Work, register: AnyRegister, row: Any, version: RecordVersion
) -> dict[str, Sealed | None]:
    """Return the personal values of a version as they were sealed; None where it had none."""
    told = await secrets.sealed_at(work, register, {row.id: version.version})
    known = told.get(row.id, {})
    return {
        f.name: known.get(f.name)
        for f in register.secrets
        if f.name in known or not version.row.get(f.name)
    }


async def offer(work: Work, register: AnyRegister, record_id: UUID, number: int) -> VersionOffer:
    """Return what restoring a version would change. Raises NotFound, Forbidden."""
    row = await reading.row_of(work, register, record_id)
    history.require_role(work, register)
    version = await version_of(work, record_id, number)
    why = edit_refusal(register, work.actor, row)
    now = stored(register, row)
    mine = {f.name: version.row.get(f.name) for f in _restored(work, register)}
    return VersionOffer(
        version=number,
        at=version.at,
        verb_label=history.verb_label(register, version.verb, work.locale),
        by=history.who(version, work.locale),
        possible=why is None,
        why=why[0].filled(work.locale, why[1]) if why else None,
        changes=await history.differences(work, register, now, now | mine),
    )


def _restored(work: Work, register: AnyRegister) -> list[Any]:
    """Return the fields a restoring brings back: those this actor may write."""
    return [f for f in register.fields if may_write(f, work.actor)]


async def restore(
    work: Work, register: AnyRegister, record_id: UUID, number: int, version: int
) -> Any:
    """Write what an author wrote in version ``number`` again, as a revision of today's record.

    Raises NotFound, Forbidden, Stale, Invalid, Conflict.
    """
    never = never_edits(register, work.actor)
    row = await writing.to_change(work, register, record_id, version, never)
    why = edit_refusal(register, work.actor, row)
    if why:
        raise Forbidden(*why)
    history.require_role(work, register)
    old = await version_of(work, record_id, number)
    was = register.row.model_validate(old.row)
    fields = _restored(work, register)
    given = {f.name: getattr(row if f.secret else was, f.name) for f in fields}
    kept = await writing.prepared_revision(work, register, row, given, verb="restore")
    secret = {f.name for f in fields if f.secret}
    values = await sealed(work, register, row, old)
    for name in secret & values.keys():  # of a value forgotten since, today's stays
        setattr(row, name, getattr(was, name))
    back = {name: value for name, value in values.items() if name in secret}
    await keep(work, register, [replace(kept, body=None, sealed=back)])
    if register.after_write is not None:
        await register.after_write(work, kept.change)
    return row


async def version_of(work: Work, record_id: UUID, number: int) -> RecordVersion:
    """Return one version of a record the caller has seen. Raises NotFound."""
    statement = select(RecordVersion).where(
        col(RecordVersion.record_id) == record_id, col(RecordVersion.version) == number
    )
    found = (await work.session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise NotFound(_NO_VERSION)
    return found
