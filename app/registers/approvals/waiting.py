"""The acts that wait, as one actor may see them, and what may be done with each."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlmodel import col

from app.audit.work import Work
from app.core.clock import now
from app.core.errors import Conflict, Forbidden, NotFound, Problem
from app.registers import directory, reading
from app.registers.approvals import kinds
from app.registers.approvals.kinds import Kind
from app.registers.approvals.service import require_confirmer, require_second
from app.registers.approvals.tables import ActState, TwoPersonAct

_MOST = 200


class ActShown(BaseModel):
    id: UUID
    kind: str
    label: str = Field(description="What kind of act it is")
    says: str = Field(description="What will happen once it is confirmed")
    record_label: str
    path: str | None = Field(description="The page of the record it is about")
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    expired: bool
    mine: bool = Field(description="Asked for by the reader, who may take it back")
    may_confirm: bool
    refused: str | None = Field(description="Why the reader may not confirm it")


def takes_part(work: Work) -> bool:
    """Say whether the actor's role asks for or confirms any kind of act."""
    return any(work.actor.role in kind.asks | kind.confirms for kind in kinds.everything())


async def waiting(work: Work) -> list[ActShown]:
    """Return the pending acts this actor could ask for or confirm, the oldest first."""
    mine = [k for k in kinds.everything() if work.actor.role in k.asks | k.confirms]
    statement = (
        select(TwoPersonAct)
        .where(
            col(TwoPersonAct.kind).in_([kind.name for kind in mine]),
            col(TwoPersonAct.state) == ActState.pending,
        )
        .order_by(col(TwoPersonAct.asked_at), col(TwoPersonAct.id))
        .limit(_MOST)
    )
    found = list((await work.session.execute(statement)).scalars())
    return [await shown(work, act) for act in found if await _stands(work, act)]


async def act_of(work: Work, act_id: UUID) -> tuple[Kind, TwoPersonAct]:
    """Return an act this actor may see, locked, with its kind. Raises NotFound."""
    if not takes_part(work):
        raise NotFound
    found = await work.session.execute(
        select(TwoPersonAct).where(col(TwoPersonAct.id) == act_id).with_for_update()
    )
    act = found.scalar_one_or_none()
    if act is None or not await _seen(work, act):
        raise NotFound
    return kinds.named(act.kind), act


async def _seen(work: Work, act: TwoPersonAct) -> bool:
    kind = kinds.named(act.kind)
    if work.actor.role not in kind.asks | kind.confirms:
        return False
    if kind.register is None:
        return True
    return bool(await _row(work, kind, act))


async def _stands(work: Work, act: TwoPersonAct) -> bool:
    """Say whether an act may be seen and its record can take the move that carries it out."""
    kind = kinds.named(act.kind)
    if kind.register is None:
        return True
    row = await _row(work, kind, act)
    life = directory.named(kind.register).lifecycle
    return bool(row and life and row.state in life.moves[kind.move or ""].sources)


async def _row(work: Work, kind: Kind, act: TwoPersonAct) -> Any:
    register = directory.named(kind.register or "")
    if work.actor.role not in register.rights.read:
        return None
    try:
        return await reading.row_of(work, register, act.record_id)
    except NotFound:
        return None


async def shown(work: Work, act: TwoPersonAct) -> ActShown:
    """Return one act as this actor is shown it."""
    kind = kinds.named(act.kind)
    why = _why_not(work, kind, act)
    return ActShown(
        id=act.id,
        kind=kind.name,
        label=kind.label.in_(work.locale),
        says=await kinds.told(work, kind, act),
        record_label=act.label,
        path=f"/r/{kind.register}/{act.record_id}" if kind.register else None,
        asked_by=act.asked_by,
        asked_at=act.asked_at,
        expires_at=act.expires_at,
        expired=now() > act.expires_at,
        mine=act.asked_by_id == work.actor.account_id,
        may_confirm=why is None,
        refused=why.detail.filled(work.locale, why.params) if why else None,
    )


def _why_not(work: Work, kind: Kind, act: TwoPersonAct) -> Problem | None:
    try:
        require_confirmer(work, kind)
        require_second(work, kind, act)
    except (Conflict, Forbidden) as problem:
        return problem
    return None
