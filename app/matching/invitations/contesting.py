"""An answer given by a link that staff had in hand: said so, told to the expert, contested.

Whoever copies a link could answer in the expert's place. The record says that such a link was used
(``lent``), the expert is written to where mail reaches them, and may say that it was not them.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from app.access.actor import Actor
from app.audit.work import Work, acting_for
from app.core import jobs
from app.core.clock import now, today
from app.core.errors import NotFound
from app.core.labels import T
from app.matching.invitations import asks, service
from app.registers import directory, reading

TELL, END_LINKS = "invitations.tell", "invitations.end_links"
ANSWERED_FOR_YOU = T("请核对以您名义作出的答复：{title}", "An answer in your name: {title}")
WHAT_TO_DO = T(
    "有人凭工作人员经手过的链接，以您的名义答复了这次邀请。如果是您本人答复的，不必理会；"
    "如果不是，请打开链接选择「否认这次答复」，原有链接随即失效，工作人员会与您联系。",
    "Somebody has answered this invitation in your name, by a link that our staff had in hand. If"
    " it was you, there is nothing to do. If not, open the link and contest the answer: the earlier"
    " links end at once, and our staff get in touch with you.",
)
_NOT_LENT = T(
    "这次答复不是凭工作人员经手的链接作出的，不能否认；如需退出，请谢绝或回避。",
    "The answer was not given by a link that staff had in hand, so it cannot be contested; to"
    " leave, decline or recuse yourself.",
)
_OWN_ONLY = T(
    "请用系统寄给您本人的链接，或登录后否认。",
    "Contest it by the link that was mailed to you, or signed in.",
)
_SAID = T(
    "您已否认过这次答复，无须重复；请等待工作人员与您联系。",
    "You have contested this answer already; the staff will get in touch with you.",
)
_DAYS = timedelta(days=3)  # to answer in, where the time was over meanwhile

Guard = Callable[[Actor, Any], T | None]


#: What the guard reads of a record besides its visible fields.
GUARDED = ("lent", "contested_at")


def may_contest(in_person: Guard) -> Guard:
    """Return the guard of the move: who is said to have answered, by a link of their own."""

    def why_not(actor: Actor, row: Any) -> T | None:
        if actor.link_id is not None and not actor.link_private:
            return _OWN_ONLY
        why = in_person(actor, row)
        if why is not None or not row.lent:
            return why or _NOT_LENT
        return None if row.contested_at is None else _SAID

    return why_not


async def note_answer(work: Work, row: Any, register: str) -> None:
    """Note by what an answer came; have the expert told of one by a link that staff had."""
    row.lent = work.actor.link_id is not None and not work.actor.link_private
    row.contested_at = None
    if row.lent:
        await jobs.enqueue(
            work.session, TELL, register=register, record_id=row.id, node_id=row.node_id
        )


async def contested(work: Work, row: Any) -> None:
    """Note that the expert says it was not them; every link but theirs ends."""
    row.contested_at = now()
    await jobs.enqueue(
        work.session,
        END_LINKS,
        record_id=row.id,
        node_id=row.node_id,
        but=work.actor.link_id,
    )


def time_to_answer(row: Any) -> None:
    """Give time to answer anew where it was over."""
    if row.answer_by is not None and row.answer_by < today():
        row.answer_by = today() + _DAYS


@jobs.task(TELL)
async def tell(register: str, record_id: UUID, node_id: int) -> None:
    """Mail the expert a link of their own, by which the answer can be contested."""
    async with acting_for(node_id) as work:
        try:
            row = await reading.row_of(work, directory.named(register), record_id)
        except NotFound:
            return
        ask = asks.named(register)
        expert_id = ask.expert_of(row)
        if not row.lent or row.contested_at is not None or expert_id is None:
            return
        await service.send_if_mailed(
            work,
            service.Invitation.to(row, register, expert_id, ask.until(row)),
            beside_former=True,
        )


@jobs.task(END_LINKS)
async def end_links(record_id: UUID, node_id: int, but: UUID | None = None) -> None:
    """End the links to a record, but for the one by which its holder contested."""
    async with acting_for(node_id) as work:
        await service.revoke(work, record_id, but=but)
