"""Asking for an act, and the second person's word: the one place where two people are compared."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col

from app.access.roles import named
from app.audit.work import Work
from app.core.clock import now
from app.core.errors import Conflict, Forbidden
from app.core.labels import T
from app.registers.approvals import telling
from app.registers.approvals.kinds import Kind
from app.registers.approvals.tables import ActState, TwoPersonAct

_ACTS: Table = TwoPersonAct.__table__  # type: ignore[attr-defined]
_WAITS = T(
    "「{act}」已由 {by} 提出，正等待第二人确认，无须再次提出。",
    "{by} asked for this already ({act}); it waits for a second person, so do not ask again.",
)
_NOT_ASKED = T(
    "「{act}」须由两人办理：请先由一位同志提出，再由另一位确认。",
    "{act} takes two people: one asks for it first, then another confirms it.",
)
_OVER = T(
    "「{act}」的确认期限已过（提出人 {by}），没有办理；请在「待第二人确认」中重新提出。",
    "The time to confirm is over ({act}, asked for by {by}) and nothing was done; ask for it again"
    " under Waiting for a second person.",
)
_SAME = T(
    "「{act}」须由另一位同志确认：您参与提出了这件事。请联系其他有权限的同志办理。",
    "{act} must be confirmed by somebody else: you had a part in asking for it. Ask another person"
    " who may.",
)
_ONLY = T("「{act}」由{who}确认，请联系他们办理。", "{act} is confirmed by {who}; ask one of them.")
_DECIDED = T(
    "「{act}」已经处理过，不能再次处理；请刷新页面查看结果。",
    "{act} was decided before and is not decided twice; reload the page to see how.",
)


async def ask(  # noqa: PLR0913 -- what one act consists of, each by its name
    work: Work,
    kind: Kind,
    *,
    record_id: UUID,
    node_id: int | None,
    label: str,
    subject: str = "",
    params: Mapping[str, Any] | None = None,
    barred: Iterable[UUID] = (),
    anew: bool = False,
) -> TwoPersonAct:
    """Put an act down as waiting, in the actor's name, and tell those who may confirm it.

    ``anew`` takes the place of one that waits already. Raises Conflict.
    """
    waiting = await _pending(work, kind, record_id, subject)
    if waiting is not None:
        if waiting.expires_at > now() and not anew:
            raise Conflict(_WAITS, {"act": kind.label, "by": waiting.asked_by})
        await _write(work, waiting, {"state": ActState.lapsed})
    act = TwoPersonAct(
        kind=kind.name,
        node_id=node_id,
        register_name=kind.register,
        record_id=record_id,
        subject=subject,
        label=label[:200],
        params=dict(params or {}),
        barred=list(dict.fromkeys(barred)),
        asked_by_id=work.actor.account_id,
        asked_by=work.actor.name,
        expires_at=now() + timedelta(days=kind.days),
    )
    with work.session.no_autoflush:
        await work.session.execute(_ACTS.insert(), [act.model_dump()])
        if not (anew and waiting is not None):  # who writes on at a draft tells nobody each time
            await _note(work, act, "act.ask")
            await telling.confirmers(work, kind, act)
    return act


async def settle(work: Work, kind: Kind, record_id: UUID, subject: str = "") -> TwoPersonAct:
    """Confirm the act that waits, as its second person, for the caller to carry it out.

    Raises Conflict if nobody asked or the time is over, Forbidden for whoever had a part in it.
    """
    act = await _pending(work, kind, record_id, subject)
    if act is None:
        raise Conflict(_NOT_ASKED, {"act": kind.label})
    require_second(work, kind, act)
    await decide(work, act, ActState.confirmed, "act.confirm")
    return act


def require_second(work: Work, kind: Kind, act: TwoPersonAct) -> None:
    """Raise Conflict, Forbidden unless the actor may be the act's second person now."""
    told = {"act": kind.label, "by": act.asked_by}
    if act.state != ActState.pending:
        raise Conflict(_DECIDED, told)
    if now() > act.expires_at:
        raise Conflict(_OVER, told)
    if work.actor.account_id in {act.asked_by_id, *act.barred}:
        raise Forbidden(_SAME, told)


def require_confirmer(work: Work, kind: Kind) -> None:
    """Raise Forbidden for a role that confirms no such act."""
    if work.actor.role not in kind.confirms:
        raise Forbidden(_ONLY, {"who": named(kind.confirms), "act": kind.label})


def require_pending(kind: Kind, act: TwoPersonAct) -> None:
    """Raise Conflict for an act decided before."""
    if act.state != ActState.pending:
        raise Conflict(_DECIDED, {"act": kind.label})


async def decide(
    work: Work, act: TwoPersonAct, state: ActState, verb: str, why: str | None = None
) -> None:
    """Write down how an act was decided, by whom; on the trail too."""
    who = {"decided_by_id": work.actor.account_id, "decided_by": work.actor.name}
    await _write(work, act, {"state": state, "decided_at": now(), "decided_why": why} | who)
    with work.session.no_autoflush:
        await _note(work, act, verb)


async def _write(work: Work, act: TwoPersonAct, values: Mapping[str, Any]) -> None:
    """Change an act alone: a hook may be half-way through the row that it is about."""
    await work.session.execute(_ACTS.update().where(_ACTS.c.id == act.id).values(**values))
    for name, value in values.items():
        set_committed_value(act, name, value)


async def _pending(work: Work, kind: Kind, record_id: UUID, subject: str) -> TwoPersonAct | None:
    found = await work.session.execute(
        select(TwoPersonAct)
        .where(
            col(TwoPersonAct.kind) == kind.name,
            col(TwoPersonAct.record_id) == record_id,
            col(TwoPersonAct.subject) == subject,
            col(TwoPersonAct.state) == ActState.pending,
        )
        .with_for_update()
        .execution_options(autoflush=False)
    )
    return found.scalar_one_or_none()


async def _note(work: Work, act: TwoPersonAct, verb: str) -> None:
    await work.note(
        verb,
        register=act.register_name or "",
        record_id=act.record_id,
        record_label=act.label,
        node_id=act.node_id,
        detail={"act": act.kind, "id": str(act.id), "asked_by": act.asked_by},
    )
