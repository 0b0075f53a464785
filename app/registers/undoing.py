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
from app.core.labels import T
from app.registers import history, restoring
from app.registers.directory import AnyRegister
from app.registers.history import FieldChange, Who
from app.registers.keeping import Kept, keep, stored
from app.registers.register import Change
from app.registers.showing import Refusal, edit_refusal
from app.registers.tables import RecordVersion

DAYS = 30
#: Verbs whose whole effect is the record's own columns, its secrets and its links.
_OWN = frozenset({"create", "revise", "restore", "batch", "delete", "undo", "merge"})

_TOO_OLD = T(
    "这一步是{day}做的，超过{days}天不再撤销；需要改回时，请在历史中选一个版本恢复。",
    "This was done on {day}; after {days} days it is no longer undone. To go back, choose a"
    " version in the history and restore it.",
)
_A_STEP = T(
    "「{verb}」是办理步骤，已经通知相关各方，并可能计入时限和服务记录，不能撤销；请用下一步操作更正。",
    "“{verb}” was a step of the procedure: others have been told, and clocks and the service log"
    " may have followed. It is not undone; put it right by another step.",
)
_IMPORTED = T(
    "这是随一张表格导入的；请在「导入」中找到那一批，整批撤销。",
    "This came with a workbook; find that batch under Import and undo it as a whole.",
)
_FIGURES = T(
    "数据更新留有来源，不能撤销；请重新填报正确的数据，新的数据会取代旧的。",
    "Figures keep their source and are not undone; record the right ones, they take their place.",
)
_UNMERGED = T(
    "合并已经撤销，两条记录各自独立；需要时请重新对比并合并。",
    "The merge was undone and the two stand apart; compare and merge them again if that is right.",
)
_NOT_YOURS = T(
    "只有做这一步的{name}，或{who}可以撤销，请联系他们。",
    "Only {name}, who did this, or {who} may undo it; ask one of them.",
)
_ONLY_WHO_DID = T(
    "只有做这一步的{name}可以撤销，请联系本人。",
    "Only {name}, who did this, may undo it; ask them.",
)
_NEVER = T(
    "只有{who}可以撤销{register}的改动，请联系他们办理。",
    "Only {who} undo changes of: {register}; ask one of them.",
)
_NOBODY = T(
    "这类记录由平台写入，不能撤销；有误请联系中心。",
    "Such records are written by the platform and not undone; tell the centre what is wrong.",
)
_EVIDENCE = T(
    "这条记录是评审或抽取的凭据，登记后不能撤销；不再需要时请作废。",
    "This record is evidence of a review or draw and stays once made; void it instead.",
)
CHANGED_SINCE = T(
    "「{title}」之后又被{who}在{when}改过（{verb}），不能直接撤销；请先看历史，再决定是否恢复旧版本。",
    "“{title}” was changed since by {who} at {when} ({verb}) and cannot simply be undone; look at"
    " its history first, then restore a version if that is right.",
)


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
    mine = act.last.account_id == work.actor.account_id
    return mine or work.actor.role in register.rights.delete


def refusal(work: Work, register: AnyRegister, act: Act) -> Refusal | None:
    """Return why this actor may not take back ``act``, or None."""
    why = _not_undone(work, register, act)
    return why or _not_by(work, register, act)


def _not_undone(work: Work, register: AnyRegister, act: Act) -> Refusal | None:
    last = act.last
    if last.verb not in _OWN:
        words = {
            "import": _IMPORTED,
            "observe": _FIGURES,
            "unmerge": _UNMERGED,
        }.get(last.verb, _A_STEP)
        return words, {"verb": history.verb_label(register, last.verb, work.locale)}
    if last.at < now() - timedelta(days=DAYS):
        return _TOO_OLD, {"day": last.at.astimezone(CIVIL).date().isoformat(), "days": DAYS}
    if register.evidence and act.gone_before:
        return _EVIDENCE, {}
    return None


def _not_by(work: Work, register: AnyRegister, act: Act) -> Refusal | None:
    """Say who may, where this actor may not: whoever did it, or those who may do the like."""
    actor = work.actor
    beyond = register.may_edit(actor, act.row) if register.may_edit else None
    if beyond:
        return beyond, {}
    if act.last.account_id == actor.account_id:
        return None
    by = register.rights.delete
    if act.row.deleted_at is None and not act.gone_before:
        if edit_refusal(register, actor, act.row) is None:
            return None
        by = _editors(register, act.row)
    elif actor.role in by:
        return None
    if not by:
        return _ONLY_WHO_DID, {"name": act.last.account_name}
    return _NOT_YOURS, {"name": act.last.account_name, "who": named(by)}


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
        raise Conflict(CHANGED_SINCE, changed_since(work, register, act))
    return act


async def undo(work: Work, register: AnyRegister, act: Act) -> Any:
    """Take back an act. Raises Forbidden."""
    why = refusal(work, register, act)
    if why:
        raise Forbidden(*why)
    return await take_back(work, register, act)


def _never(register: AnyRegister, ever: frozenset[Role]) -> Refusal:
    if not ever:
        return _NOBODY, {}
    return _NEVER, {"who": named(ever), "register": register.label_one}


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
