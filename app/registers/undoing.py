"""Taking back the last thing that was done to a record, for thirty days, by another version.

What is taken back is the newest version alone, so nothing that anybody wrote since is lost; the
undoing is a version too and can itself be taken back. A step of the life cycle is not: it has told
others, started a clock or written a service into the log, and is mended by another step.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select
from sqlmodel import col

from app.access.roles import Role, named
from app.audit.work import Work
from app.core.clock import CIVIL, now
from app.core.errors import Conflict, Forbidden, NotFound
from app.registers import history, restoring
from app.registers import undo_words as words
from app.registers.directory import AnyRegister
from app.registers.history import FieldChange, Who
from app.registers.keeping import Kept, keep, stored
from app.registers.register import Change
from app.registers.showing import Refusal, edit_refusal, may_write
from app.registers.tables import RecordVersion

DAYS = 30
#: Verbs whose whole effect is the record's own columns, its secrets and its links.
_OWN = frozenset({"create", "revise", "restore", "batch", "delete", "undo", "merge"})


class UndoOffer(BaseModel):
    """What undoing would do to a record now, or why it is not possible."""

    version: int
    verb: str
    verb_label: str
    at: datetime
    by: Who
    until: datetime
    batch: UUID | None
    possible: bool
    why: str | None
    becomes: str  # changed, deleted or back
    changes: list[FieldChange]


@dataclass(frozen=True, slots=True)
class Act:
    """The newest version of a record, the one before it, and the record."""

    row: Any
    last: RecordVersion
    before: RecordVersion | None

    @property
    def gone_before(self) -> bool:
        """Whether the record was not there before: undoing sets it aside."""
        return self.before is None or self.before.row.get("deleted_at") is not None


def may_ever(register: AnyRegister) -> frozenset[Role]:
    """Return the roles that can have done, or may take back, anything that is undone."""
    rights = register.rights
    roles = rights.create | rights.revise | rights.delete
    if register.lifecycle:
        roles = roles.union(*register.lifecycle.editable.values())
    return roles


async def offered(
    work: Work, register: AnyRegister, act: Act, becomes: str, why: Refusal | None
) -> UndoOffer:
    """Return the offer for an act already read."""
    was = {} if act.before is None else act.before.row
    return UndoOffer(
        version=act.last.version,
        verb=act.last.verb,
        verb_label=history.verb_label(register, act.last.verb, work.locale),
        at=act.last.at,
        by=history.who(act.last, work.locale),
        until=act.last.at + timedelta(days=DAYS),
        batch=act.last.batch_id,
        possible=why is None,
        why=why[0].filled(work.locale, why[1]) if why else None,
        becomes=becomes,
        changes=await history.differences(work, register, act.last.row, was),
    )


def becomes(act: Act) -> str:
    if act.gone_before:
        return "deleted"
    return "back" if act.row.deleted_at is not None else "changed"


async def act_on(work: Work, register: AnyRegister, record_id: UUID, *, lock: bool = False) -> Act:
    """Return the newest version of a record, set aside or not. Raises NotFound."""
    row = await found(work, register, record_id, lock=lock)
    statement = (
        select(RecordVersion)
        .where(col(RecordVersion.record_id) == record_id)
        .order_by(col(RecordVersion.version).desc())
        .limit(2)
    )
    versions = list((await work.session.execute(statement)).scalars())
    if not versions:
        raise NotFound
    act = Act(row, versions[0], versions[1] if len(versions) > 1 else None)
    if row.deleted_at is not None and not _may_see_deleted(work, register, act):
        raise NotFound
    return act


async def found(work: Work, register: AnyRegister, record_id: UUID, *, lock: bool = False) -> Any:
    """Return a row this actor may see, or could before it was set aside. Raises NotFound."""
    if work.actor.role not in register.rights.read:
        raise NotFound
    statement = select(register.row).where(
        col(register.row.id) == record_id, register.visible_to(work.actor)
    )
    if lock:
        statement = statement.with_for_update(of=register.row)
    row = (await work.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def _may_see_deleted(work: Work, register: AnyRegister, act: Act) -> bool:
    kept = work.actor.role in register.rights.delete and act.row.node_id in work.actor.nodes
    return kept or _is_own(work, act)


def _is_own(work: Work, act: Act) -> bool:
    """Say whether this actor did it: the person, in the role it was done in."""
    last, actor = act.last, work.actor
    return last.account_id == actor.account_id and last.role == actor.role


def refusal(work: Work, register: AnyRegister, act: Act) -> Refusal | None:
    """Return why this actor may not take back ``act``, or None."""
    why = _not_undone(work, register, act)
    return why or _not_by(work, register, act)


def _not_undone(work: Work, register: AnyRegister, act: Act) -> Refusal | None:
    last = act.last
    if last.verb not in _OWN:
        why = {
            "import": words.IMPORTED,
            "observe": words.FIGURES,
            "unmerge": words.UNMERGED,
        }.get(last.verb, words.A_STEP)
        return why, {"verb": history.verb_label(register, last.verb, work.locale)}
    if last.at < now() - timedelta(days=DAYS):
        return words.TOO_OLD, {"day": last.at.astimezone(CIVIL).date().isoformat(), "days": DAYS}
    if register.evidence and act.gone_before:
        return words.EVIDENCE, {}
    return None


def _not_by(work: Work, register: AnyRegister, act: Act) -> Refusal | None:
    """Say who may, where this actor may not: whoever did it, or those who may do the like."""
    actor = work.actor
    beyond = register.may_edit(actor, act.row) if register.may_edit else None
    if beyond:
        return beyond, {}
    if _is_own(work, act):
        return None
    by = register.rights.delete
    if act.row.deleted_at is None and not act.gone_before:
        changed = [f for f in register.fields if f.name in act.last.changed]
        writes = all(may_write(f, actor) for f in changed)
        if writes and edit_refusal(register, actor, act.row) is None:
            return None
        by = _editors(register, act.row)
    elif actor.role in by:
        return None
    if not by:
        return words.ONLY_WHO_DID, {"name": act.last.account_name}
    return words.NOT_YOURS, {"name": act.last.account_name, "who": named(by)}


def _editors(register: AnyRegister, row: Any) -> frozenset[Role]:
    if register.lifecycle:
        return register.lifecycle.editable.get(row.state, frozenset())
    return register.rights.revise


async def to_undo(work: Work, register: AnyRegister, record_id: UUID, version: int) -> Act:
    """Return the newest version of a record, which must be ``version``, locked.

    Raises NotFound, Forbidden for a role that undoes no such thing, Conflict for a later version.
    """
    ever = may_ever(register)
    act = await act_on(work, register, record_id, lock=work.actor.role in ever)
    if work.actor.role not in ever:
        raise Forbidden(*_never(register, ever))
    if act.last.version != version:
        raise Conflict(words.CHANGED_SINCE, changed_since(work, register, act))
    return act


async def undo(work: Work, register: AnyRegister, act: Act) -> Any:
    """Take back an act. Raises Forbidden."""
    why = refusal(work, register, act)
    if why:
        raise Forbidden(*why)
    return await take_back(work, register, act)


def _never(register: AnyRegister, ever: frozenset[Role]) -> Refusal:
    if not ever:
        return words.NOBODY, {}
    return words.NEVER, {"who": named(ever), "register": register.label_one}


def changed_since(work: Work, register: AnyRegister, act: Act) -> Mapping[str, object]:
    """Return what fills in the words of a change in between."""
    last = act.last
    return {
        "title": history.title_in(register, work.actor.role, last.row) or register.label_one,
        "who": last.account_name,
        "when": last.at.astimezone(CIVIL).strftime("%Y-%m-%d %H:%M"),
        "verb": history.verb_label(register, last.verb, work.locale),
    }


async def take_back(work: Work, register: AnyRegister, act: Act) -> Any:
    """Write the version before ``act`` again, with everything that goes beside it."""
    kept = await prepared(work, register, act.row, act.before)
    await keep(work, register, [kept])
    if register.after_write is not None:
        await register.after_write(work, kept.change)
    return act.row


async def prepared(
    work: Work, register: AnyRegister, row: Any, before: RecordVersion | None
) -> Kept:
    """Return a row put back to ``before`` (None: to not being there), ready to be kept."""
    was = stored(register, row)
    values = {}
    if before is None:
        row.deleted_at = now()
    else:
        restoring.put_back(register, row, before)
        values = await restoring.sealed(work, register, row, before)
    row.updated_at = max(now(), row.updated_at)
    row.updated_by = work.actor.account_id
    op = "put" if row.deleted_at is None else "delete"
    return Kept(Change(row, was), "undo", op=op, sealed=values)
