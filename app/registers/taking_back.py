"""The front door of undoing: one record's newest version, or all that one act wrote together."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select
from sqlmodel import col

from app.audit.work import Work
from app.core.errors import Conflict, Forbidden, NotFound
from app.core.ids import new_id
from app.core.labels import T
from app.registers import directory, history, undoing
from app.registers.directory import AnyRegister
from app.registers.doubles import merging, unmerging
from app.registers.keeping import Kept, keep
from app.registers.showing import Refusal
from app.registers.tables import RecordVersion
from app.registers.undoing import Act, UndoOffer

_CHUNK = 200
_SINCE = T(
    "{n}条记录之后又被改过，例如「{title}」被{who}在{when}改过（{verb}）；没有撤销任何一条。"
    "可以只撤销其余的，或先看这些记录的历史。",
    "{n} record(s) were changed since, such as “{title}” by {who} at {when} ({verb}); nothing was"
    " undone. Undo only the others, or look at the history of these first.",
)


class Left(BaseModel):
    """A record that stays as it is, because somebody changed it since."""

    id: UUID
    title: str


class BatchUndone(BaseModel):
    """What one act had written and is as it was before; ``batch`` takes that back again."""

    register_name: str
    batch: UUID | None
    undone: int
    left: list[Left]
    id: UUID | None = None  # of the record that a merge taken apart gives back


class Undone(BaseModel):
    """The record as it is now: changed, deleted, back, or no longer merged."""

    id: UUID
    version: int
    became: str


def becomes(act: Act) -> str:
    """Return what undoing makes of the record: deleted, back, changed, or no longer merged."""
    return "unmerged" if _is_merge(act) else undoing.becomes(act)


def _is_merge(act: Act) -> bool:
    return act.last.verb == merging.VERB and act.last.batch_id is not None


async def refusal(work: Work, register: AnyRegister, act: Act) -> Refusal | None:
    """Return why this actor may not take back an act, or None; of a merge, the whole of it."""
    if not _is_merge(act) or act.last.batch_id is None:
        return undoing.refusal(work, register, act)
    merged = await unmerging.merge_of(work, act.last.batch_id)
    return unmerging.refusal(work, merged) if merged else undoing.refusal(work, register, act)


async def offer(work: Work, register: AnyRegister, record_id: UUID) -> UndoOffer:
    """Return what undoing would do to a record. Raises NotFound, Forbidden."""
    act = await undoing.act_on(work, register, record_id)
    history.require_role(work, register)
    why = await refusal(work, register, act)
    return await undoing.offered(work, register, act, becomes(act), why)


async def undo(work: Work, register: AnyRegister, record_id: UUID, version: int) -> Undone:
    """Take back a record's newest version, a merge as a whole.

    Raises NotFound, Forbidden, Conflict.
    """
    act = await undoing.to_undo(work, register, record_id, version)
    if _is_merge(act) and act.last.batch_id is not None:
        await unmerging.take_apart(work, act.last.batch_id)
        await work.session.refresh(act.row)
        return Undone(id=record_id, version=act.row.version, became="unmerged")
    became = becomes(act)
    row = await undoing.undo(work, register, act)
    return Undone(id=row.id, version=row.version, became=became)


async def undo_batch(work: Work, batch: UUID, *, skip_changed: bool) -> BatchUndone:
    """Take back all that one act wrote. Raises NotFound, Forbidden, Conflict."""
    merged = await unmerging.merge_of(work, batch)
    if merged is not None:
        done = await unmerging.take_apart(work, batch)
        return BatchUndone(
            register_name=done.register_name,
            batch=None,
            undone=len(done.written),
            left=[],
            id=done.record_id,
        )
    register, acts = await _acts(work, batch)
    changed = [act for act in acts if act.last.batch_id != batch]
    if changed and not skip_changed:
        told = undoing.changed_since(work, register, changed[0])
        raise Conflict(_SINCE, {"n": len(changed), **told})
    wanted = [act for act in acts if act.last.batch_id == batch]
    for act in wanted:
        why = undoing.refusal(work, register, act)
        if why:
            raise Forbidden(*why)
    own = replace(work, batch_id=new_id())
    await _taken_back(own, register, wanted)
    return BatchUndone(
        register_name=register.name,
        batch=own.batch_id if wanted else None,
        undone=len(wanted),
        left=[_left(work, register, act) for act in changed],
    )


def _left(work: Work, register: AnyRegister, act: Act) -> Left:
    title = history.title_in(register, work.actor.role, act.last.row)
    return Left(id=act.row.id, title=title)


async def _acts(work: Work, batch: UUID) -> tuple[AnyRegister, list[Act]]:
    """Return the newest version of every record the act wrote, locked in one order."""
    statement = (
        select(col(RecordVersion.register_name), col(RecordVersion.record_id))
        .where(col(RecordVersion.batch_id) == batch)
        .order_by(col(RecordVersion.record_id))
        .distinct()
    )
    found = (await work.session.execute(statement)).all()
    if not found or work.actor.role not in directory.named(found[0][0]).rights.read:
        raise NotFound
    register = directory.named(found[0][0])
    acts = []
    for _, record_id in found:
        try:
            acts.append(await undoing.act_on(work, register, record_id, lock=True))
        except NotFound:
            continue  # no longer this actor's to see, so not this actor's to change
    if not acts:
        raise NotFound
    return register, acts


async def _taken_back(work: Work, register: AnyRegister, acts: Sequence[Act]) -> None:
    for start in range(0, len(acts), _CHUNK):
        many: list[Kept] = [
            await undoing.prepared(work, register, act.row, act.before)
            for act in acts[start : start + _CHUNK]
        ]
        await keep(work, register, many)
        for kept in many:
            await _after(work, register, kept.change)


async def _after(work: Work, register: AnyRegister, change: Any) -> None:
    if register.after_write is not None:
        await register.after_write(work, change)
