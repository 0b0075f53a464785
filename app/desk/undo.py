"""/undo: what one did in the last thirty days and may take back, and what lies in the bin."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import and_, func, or_, select, tuple_
from sqlmodel import col

from app.access.roles import ADMINISTRATORS
from app.audit.requests import WorkDep
from app.audit.work import Work
from app.core.clock import now
from app.core.errors import Conflict, Forbidden, NotFound, Unauthenticated
from app.core.http import documented
from app.registers import directory, history, taking_back, undoing
from app.registers.directory import AnyRegister
from app.registers.history import Who
from app.registers.tables import RecordVersion
from app.registers.undoing import Act

router = APIRouter(prefix="/undo", tags=["undo"], responses=documented(Unauthenticated, NotFound))
_MOST = 100


class ActShown(BaseModel):
    """The newest act on a record, what undoing it would do, or why it is not possible."""

    register_name: str
    register_label: str
    id: UUID
    title: str
    version: int
    verb: str
    verb_label: str
    at: datetime
    by: Who
    mine: bool
    deleted: bool
    batch: UUID | None
    count: int  # of records the same act wrote; they are taken back together
    until: datetime
    becomes: str
    possible: bool
    why: str | None


class Acts(BaseModel):
    mine: list[ActShown]
    bin: list[ActShown]


@router.get("", operation_id="undo_list", summary="What may be undone, and the recycle bin")
async def list_acts(work: WorkDep, limit: Annotated[int, Query(ge=1, le=_MOST)] = _MOST) -> Acts:
    _require_business(work)
    mine: list[ActShown] = []
    gone: list[ActShown] = []
    for register in directory.everything():
        if work.actor.role not in register.rights.read:
            continue
        for act in await _latest(work, register, limit):
            told = await _shown(work, register, act)
            if told.deleted:
                gone.append(told)
            if told.mine:
                mine.append(told)
    mine = await _told_once(work, mine)
    return Acts(mine=_newest(mine, limit), bin=_newest(gone, limit))


async def _told_once(work: Work, acts: list[ActShown]) -> list[ActShown]:
    """Tell what one act wrote into many records once: by a record that is still there."""
    found: dict[UUID, ActShown] = {}
    for act in sorted(acts, key=lambda one: (one.deleted, one.at)):
        found.setdefault(act.batch or act.id, act)
    batches = [act.batch for act in found.values() if act.batch]
    statement = (
        select(col(RecordVersion.batch_id), func.count(col(RecordVersion.record_id).distinct()))
        .where(col(RecordVersion.batch_id).in_(batches))
        .group_by(col(RecordVersion.batch_id))
    )
    counts = {row[0]: int(row[1]) for row in await work.session.execute(statement)}
    for act in found.values():
        act.count = counts.get(act.batch, 1)
    return list(found.values())


@router.post(
    "/{batch}",
    operation_id="undo_batch",
    summary="Take back all that one act wrote",
    responses=documented(Conflict, Forbidden),
)
async def undo_batch(
    work: WorkDep,
    batch: UUID,
    skip_changed: Annotated[bool, Query(description="Leave what was changed since")] = False,  # noqa: FBT002
) -> taking_back.BatchUndone:
    _require_business(work)
    return await taking_back.undo_batch(work, batch, skip_changed=skip_changed)


def _require_business(work: Work) -> None:
    """Raise NotFound for those who keep accounts or the trail, and see no record."""
    if work.actor.role in ADMINISTRATORS:
        raise NotFound


async def _latest(work: Work, register: AnyRegister, limit: int) -> Iterable[Act]:
    """Return the newest acts of this actor, and whatever was set aside where it may be seen."""
    row, since = register.row, now() - timedelta(days=undoing.DAYS)
    mine = col(RecordVersion.account_id) == work.actor.account_id
    binned = and_(col(row.deleted_at).is_not(None), col(row.node_id).in_(work.actor.nodes))
    wanted = or_(mine, binned) if work.actor.role in register.rights.delete else mine
    statement = (
        select(row, RecordVersion)
        .join(
            RecordVersion,
            (col(RecordVersion.record_id) == col(row.id))
            & (col(RecordVersion.version) == col(row.version)),
        )
        .where(register.visible_to(work.actor), wanted, col(RecordVersion.at) >= since)
        .order_by(col(RecordVersion.at).desc())
        .limit(limit)
    )
    found = [(one[0], one[1]) for one in (await work.session.execute(statement)).all()]
    before = await _before(work, [version for _, version in found])
    return [Act(one, last, before.get(last.record_id)) for one, last in found]


async def _before(work: Work, versions: list[RecordVersion]) -> dict[UUID, RecordVersion]:
    keys = [(v.record_id, v.version - 1) for v in versions if v.version > 1]
    if not keys:
        return {}
    statement = select(RecordVersion).where(
        tuple_(col(RecordVersion.record_id), col(RecordVersion.version)).in_(keys)
    )
    return {v.record_id: v for v in (await work.session.execute(statement)).scalars()}


async def _shown(work: Work, register: AnyRegister, act: Act) -> ActShown:
    last = act.last
    why = await taking_back.refusal(work, register, act)
    return ActShown(
        register_name=register.name,
        register_label=register.label_one.in_(work.locale),
        id=last.record_id,
        title=history.title_in(register, work.actor.role, last.row),
        version=last.version,
        verb=last.verb,
        verb_label=history.verb_label(register, last.verb, work.locale),
        at=last.at,
        by=history.who(last, work.locale),
        mine=last.account_id == work.actor.account_id,
        deleted=act.row.deleted_at is not None,
        batch=last.batch_id,
        count=1,
        until=last.at + timedelta(days=undoing.DAYS),
        becomes=taking_back.becomes(act),
        possible=why is None,
        why=why[0].filled(work.locale, why[1]) if why else None,
    )


def _newest(acts: list[ActShown], limit: int) -> list[ActShown]:
    return sorted(acts, key=lambda act: act.at, reverse=True)[:limit]
