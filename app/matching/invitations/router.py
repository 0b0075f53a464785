"""HTTP for links: made by staff beside a record; opened and answered by whoever holds one."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Request, Response
from pydantic import ValidationError

from app.access.roles import named
from app.audit.requests import WorkDep, caller_of
from app.audit.work import Work
from app.core import db
from app.core.clock import today
from app.core.errors import Conflict, FieldError, Forbidden, IllegalMove, Invalid, NotFound
from app.core.http import documented, locale_of
from app.core.labels import T
from app.core.validation import invalid
from app.matching.invitations import asks, letters, service
from app.matching.invitations.asks import Ask
from app.matching.invitations.service import Invitation, Invited, NoInvitation
from app.matching.invitations.shapes import (
    Answer,
    InvitationShown,
    LatestLink,
    LinkMade,
    LinkShown,
    NewLink,
)
from app.registers import directory, reading, writing
from app.registers.directory import open_to
from app.registers.history import VERBS
from app.registers.keeping import stored
from app.registers.register import Change

MAILED_BY = letters.deliver  # entered among the tasks wherever links are made
public = APIRouter(
    prefix="/public/invitations/{token}",
    tags=["invitations"],
    responses=documented(NotFound, Invalid, IllegalMove),
)

_LONGEST = timedelta(days=180)
_ONLY = T(
    "只有{who}可以发出邀请链接，请联系他们发送。",
    "Only {who} may make an invitation link; ask one of them.",
)
_NOT_NOW = T(
    "当前状态下没有需要答复的邀请，请先发出邀请，再生成链接。",
    "There is no invitation to answer in the record's present state; invite first, then make a"
    " link.",
)
_SEEN = T(
    "链接已显示给{who}，凭它可以代为答复；有效期至 {day}",
    "The link was shown to {who}, who could answer by it; valid until {day}",
)
_DAY = T(
    "这个日期不能用：须在今天起半年以内，请改写。",
    "This day cannot be used: give one within half a year from today.",
)

VERBS["link"] = T("生成答复链接", "Link made to answer by")


def routes_of(ask: Ask) -> APIRouter:
    """Return the routes by which staff make and watch the links of one register."""
    made = APIRouter(
        prefix=f"/{ask.register}",
        tags=["invitations"],
        responses=documented(NotFound, Forbidden, Conflict, Invalid),
    )

    @made.post(
        "/{id}/invitation",
        status_code=201,
        operation_id=f"{ask.register}_link",
        summary="Make a link to answer by; the former one ends",
    )
    async def make_link(
        work: WorkDep,
        id: UUID,  # noqa: A002 -- the name in the path
        given: Annotated[dict[str, Any] | None, Body()] = None,
    ) -> LinkMade:
        return await _made(work, ask, id, given or {})

    @made.get(
        "/{id}/invitation",
        operation_id=f"{ask.register}_invitation",
        summary="What became of the latest link",
    )
    async def read_link(work: WorkDep, id: UUID) -> LatestLink:  # noqa: A002
        row = await _record(work, ask, id)
        link = (await service.latest(work, [row.id])).get(row.id)
        return LatestLink(link=LinkShown.of(link) if link else None)

    return made


async def _made(work: Work, ask: Ask, record_id: UUID, given: dict[str, Any]) -> LinkMade:
    """Make a link, show it once, and write down who has seen it. Raises Conflict, Invalid."""
    row = await _record(work, ask, record_id, lock=True)  # before what was sent: it may be unseen
    body = _body(given)
    expert_id = ask.expert_of(row)
    if row.state not in ask.open_in or expert_id is None:
        raise Conflict(_NOT_NOW)
    before = stored(directory.named(ask.register), row)
    if ask.reissue is not None:
        await ask.reissue(work, row)
    expires_on = max(body.expires_on or ask.until(row), today())
    sent = await service.send(work, Invitation.to(row, ask.register, expert_id, expires_on))
    await _noted(work, ask, Change(row, before), expires_on)
    return LinkMade(
        invitation_url=sent.url,
        expires_at=sent.link.expires_at,
        mail=sent.link.mail,
        mail_to=sent.link.mail_to,
    )


async def _record(work: Work, ask: Ask, record_id: UUID, *, lock: bool = False) -> Any:
    """Return a record whose invitations this actor handles. Raises NotFound, Forbidden."""
    register = open_to(ask.register, work.actor.role)
    may = work.actor.role in ask.askers
    row = await reading.row_of(work, register, record_id, lock=lock and may)
    if not may:
        raise Forbidden(_ONLY, {"who": named(ask.askers)})
    return row


async def _noted(work: Work, ask: Ask, change: Change[Any], expires_on: date) -> None:
    """Let the record's history say that a link was made, by whom, until when; not which."""
    facts = {"who": work.actor.name, "day": expires_on.isoformat()}
    reason = _SEEN.filled("zh-CN", facts)
    await writing.write(work, directory.named(ask.register), change, "link", reason=reason)


def _body(given: dict[str, Any]) -> NewLink:
    try:
        body = NewLink.model_validate(given)
    except ValidationError as exc:
        raise invalid(exc.errors()) from exc
    if body.expires_on and not today() <= body.expires_on <= today() + _LONGEST:
        raise Invalid.of(FieldError("/expires_on", "out_of_range", _DAY))
    return body


class Opened:
    """An invitation opened for one request: the expert's own transaction."""

    def __init__(self, work: Work, invited: Invited) -> None:
        self.work = work
        self.invited = invited
        self.ask = asks.named(invited.register)

    async def row(self, *, lock: bool = False) -> Any:
        """Return the record. Raises NoInvitation: what is gone looks like a dead link."""
        register = directory.named(self.ask.register)
        try:
            return await reading.row_of(self.work, register, self.invited.record_id, lock=lock)
        except NotFound as exc:
            raise NoInvitation from exc

    async def move(self, name: str, given: dict[str, Any]) -> None:
        """Take a step as the expert would with an account. Raises as :func:`writing.move`."""
        await self.row()
        register = directory.named(self.ask.register)
        await writing.move(self.work, register, self.invited.record_id, name, given, None)

    async def own_link(self) -> str | None:
        """Go on by a link that nobody else has seen; return its token if it is a new one."""
        given = await service.hand_over(self.work)
        if given is None:
            return None
        token, actor = given
        self.work = replace(self.work, actor=actor)
        return token

    async def shown(self) -> InvitationShown:
        """Return the invitation as it is now."""
        row, work = await self.row(), self.work
        asked = await self.ask.told(work, row)
        life = directory.named(self.ask.register).lifecycle
        return InvitationShown(
            register_name=self.ask.register,
            record_id=row.id,
            state=row.state,
            state_label=life.states[row.state].label.in_(work.locale) if life else row.state,
            expert=work.actor.name,
            title=asked.title,
            subject=asked.subject,
            text=asked.text,
            asked_by=self.invited.asked_by,
            expected=asked.expected.in_(work.locale),
            meeting_on=asked.meeting_on,
            place=asked.place,
            online_url=asked.online_url,
            answer_by=asked.answer_by,
            review_by=asked.review_by,
            expires_at=self.invited.expires_at,
            pledge=asked.pledge.in_(work.locale) if asked.pledge else None,
            pledged_at=asked.pledged_at,
            may=list(asked.may),
            sheet=asked.sheet,
            to_sum_up=asked.to_sum_up,
        )


async def _opened(request: Request, token: str) -> AsyncIterator[Opened]:
    """Open the transaction of whoever a link lets in. Raises NoInvitation."""
    async with db.transaction("party") as session:
        invited = await service.opened(session, token, answers=request.method != "GET")
        work = Work(session, invited.actor, locale_of(request), caller_of(request))
        yield Opened(work, invited)


OpenedDep = Annotated[Opened, Depends(_opened, scope="function")]
GivenDep = Annotated[dict[str, Any] | None, Body()]


def _uncached(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is the key


@public.get(
    "",
    operation_id="public_invitation_read",
    summary="What I am invited to",
    dependencies=[Depends(_uncached)],
)
async def read_invitation(opened: OpenedDep) -> InvitationShown:
    return await opened.shown()


@public.post(
    "/scores",
    operation_id="public_invitation_submit",
    summary="Hand in my scores",
    dependencies=[Depends(_uncached)],
)
async def submit_scores(opened: OpenedDep, given: GivenDep = None) -> InvitationShown:
    if opened.ask.submit is None:
        raise NoInvitation
    await opened.move(opened.ask.submit, given or {})
    return await opened.shown()


@public.put(
    "/scores",
    operation_id="public_invitation_draft",
    summary="Keep my scores as a draft",
    dependencies=[Depends(_uncached)],
)
async def draft_scores(opened: OpenedDep, given: GivenDep = None) -> InvitationShown:
    row = await opened.row()
    if opened.ask.draft is None:
        raise NoInvitation
    await opened.ask.draft(opened.work, row.id, given or {})
    return await opened.shown()


@public.post(
    "/{answer}",
    operation_id="public_invitation_answer",
    summary="Accept, decline, recuse myself, declare, sum up, or contest an answer",
    dependencies=[Depends(_uncached)],
)
async def answer_invitation(
    opened: OpenedDep, answer: Answer, given: GivenDep = None
) -> InvitationShown:
    if answer not in opened.ask.answers:
        raise NoInvitation
    await opened.move(answer, given or {})
    token = await opened.own_link() if answer == opened.ask.own_link_at else None
    told = await opened.shown()
    return told.model_copy(update={"own_token": token})
