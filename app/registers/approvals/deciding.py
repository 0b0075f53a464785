"""The second person's word on an act that waits; and the first one's second thoughts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.audit.work import Work
from app.core.errors import Conflict, Forbidden, NotFound
from app.core.labels import T
from app.registers import directory, lifecycle, reading, writing
from app.registers.approvals import kinds
from app.registers.approvals.kinds import Kind
from app.registers.approvals.service import (
    ask,
    decide,
    require_confirmer,
    require_pending,
    require_second,
    settle,
)
from app.registers.approvals.tables import ActState, TwoPersonAct
from app.registers.approvals.waiting import act_of

_NOT_CARRIED_OUT = T(
    "「{act}」没有办理，什么都没有改变；请刷新页面后重试。",
    "{act} was not carried out and nothing changed; reload the page and try again.",
)
_NOT_YOURS = T(
    "只有{who}可以撤回，请联系提出人；您可以不予确认。",
    "Only {who} takes it back; ask them, or refuse it.",
)
_NOT_ASKER = T(
    "您的角色不能提出「{act}」，请联系有权限的同志办理。",
    "Your role may not ask for: {act}; ask somebody who may.",
)


async def confirm(work: Work, act_id: UUID) -> TwoPersonAct:
    """Carry the act out as its second person. Raises NotFound, Forbidden, Conflict."""
    kind, act = await act_of(work, act_id)
    require_confirmer(work, kind)
    require_second(work, kind, act)
    if kind.move is not None:
        register = directory.named(kind.register or "")
        await writing.move(work, register, act.record_id, kind.move, act.params, None)
    else:
        await settle(work, kind, act.record_id, act.subject)
        await (kind.carry_out or _nothing)(work, act)
    if act.state != ActState.confirmed:  # a move that settles nothing is a defect, not a way round
        raise Conflict(_NOT_CARRIED_OUT, {"act": kind.label})
    return act


async def _nothing(_: Work, __: TwoPersonAct) -> None:
    return None


async def refuse(work: Work, act_id: UUID, why: str) -> TwoPersonAct:
    """Say no as the second person. Raises NotFound, Forbidden, Conflict."""
    kind, act = await act_of(work, act_id)
    require_confirmer(work, kind)
    require_second(work, kind, act)
    await decide(work, act, ActState.refused, "act.refuse", why)
    return act


async def withdraw(work: Work, act_id: UUID) -> TwoPersonAct:
    """Take back what one asked for oneself. Raises NotFound, Forbidden, Conflict."""
    kind, act = await act_of(work, act_id)
    require_pending(kind, act)
    if act.asked_by_id != work.actor.account_id:
        raise Forbidden(_NOT_YOURS, {"who": act.asked_by})
    await decide(work, act, ActState.withdrawn, "act.withdraw")
    return act


async def renew(work: Work, act_id: UUID) -> TwoPersonAct:
    """Ask again for an act whose time is over; whoever had a part in it before keeps it.

    Raises NotFound, Forbidden, Conflict.
    """
    kind, act = await act_of(work, act_id)
    require_pending(kind, act)
    require_asker(work, kind)
    return await ask(
        work,
        kind,
        record_id=act.record_id,
        node_id=act.node_id,
        label=act.label,
        subject=act.subject,
        params=act.params,
        barred=[*act.barred, act.asked_by_id],
    )


def require_asker(work: Work, kind: Kind) -> None:
    """Raise Forbidden for a role that may not ask for such an act."""
    if work.actor.role not in kind.asks:
        raise Forbidden(_NOT_ASKER, {"act": kind.label})


async def ask_for_move(
    work: Work, name: str, record_id: UUID, given: Mapping[str, Any]
) -> TwoPersonAct:
    """Ask for a move of a record with its form filled in.

    Raises NotFound, Forbidden, Invalid, IllegalMove, Conflict.
    """
    kind = kinds.find(name)
    if kind is None or kind.check is None or kind.register is None or kind.move is None:
        raise NotFound
    register = directory.open_to(kind.register, work.actor.role)
    if register.lifecycle is None:
        raise NotFound
    row = await reading.row_of(work, register, record_id)
    require_asker(work, kind)
    step = lifecycle.require_possible(register.lifecycle, kind.move, row)
    form = writing.form_of(step.form, given)
    await kind.check(work, row, form)
    return await ask(
        work,
        kind,
        record_id=record_id,
        node_id=row.node_id,
        label=str(getattr(row, register.title_field)),
        params=form.model_dump(mode="json") if form else {},
    )
