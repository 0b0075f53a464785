"""The seats of a panel: taken, asked, left, and shown to whoever sits in them."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.audit.work import Work
from app.core import jobs
from app.core.clock import CIVIL, now, today
from app.ledgers.needs.models import Need
from app.libraries.projects.models import Project
from app.matching import sight
from app.matching.invitations import service as invitations
from app.matching.invitations.models import MailState
from app.matching.invitations.service import Invitation
from app.matching.panels import clearing, sealing
from app.matching.panels.models import Panel, PanelState, Review, ReviewState, SeatKind
from app.matching.panels.review_lifecycle import AGREED, GONE, SITTING, UNASKED
from app.registers import directory, keeping, writing
from app.registers.keeping import Kept, keep, stored
from app.registers.register import Change

NAME = "reviews"
FILL = "panels.fill"
ANSWER_DAYS = 3  # to answer in, where the panel names no day
_AFTERWARDS = 14  # days a link lives on after the last thing asked

#: What a review tells its expert of the panel.
_COPIED = ("title", "criteria", "meeting_on", "place", "online_url", "review_by")


async def reviews_of(work: Work, panel_id: UUID, *, lock: bool = False) -> list[Review]:
    """Return the seats of a panel in their order."""
    statement = (
        select(Review)
        .where(col(Review.panel_id) == panel_id, col(Review.deleted_at).is_(None))
        .order_by(col(Review.position), col(Review.id))
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return list((await work.session.execute(statement)).scalars())


def sitting(reviews: Sequence[Review]) -> list[Review]:
    """Return the members who hold a seat."""
    return [r for r in reviews if r.kind == SeatKind.member and r.state in SITTING]


def vacated(reviews: Sequence[Review]) -> list[Review]:
    """Return the seats whose member has gone and whom nobody has followed yet."""
    followed = {r.replaces for r in reviews}
    return [
        r for r in reviews if r.kind == SeatKind.member and r.state in GONE and r.id not in followed
    ]


async def take(
    work: Work,
    panel: Panel,
    experts: Sequence[UUID],
    kind: SeatKind,
    *,
    first: int,
    replaces: UUID | None = None,
) -> list[Review]:
    """Seat ``experts`` in order, not yet asked; each gets an empty envelope for scores."""
    if not experts:
        return []
    known = await clearing.experts_of(work, experts)
    subject = await clearing.subject_row(work, panel)
    made = [
        Review(
            region_id=panel.region_id,
            node_id=panel.node_id,
            owner_id=expert_id,
            created_by=work.actor.account_id,
            updated_by=work.actor.account_id,
            panel_id=panel.id,
            expert_id=expert_id,
            expert_label=known[expert_id].name if expert_id in known else "—",
            kind=kind,
            position=first + place,
            need_id=panel.need_id,
            project_id=panel.project_id,
            subject=subject.title if subject else panel.subject_note or panel.title,
            replaces=replaces,
        )
        for place, expert_id in enumerate(experts)
    ]
    for review in made:
        _copy(panel, review)
    register = directory.named(NAME)
    await keep(work, register, [Kept(Change(review, None), "create") for review in made])
    for review in made:
        await sealing.prepare(work, review)
    return made


def _copy(panel: Panel, review: Review) -> None:
    for name in _COPIED:
        setattr(review, name, getattr(panel, name))


async def retell(work: Work, panel: Panel, reviews: Sequence[Review]) -> None:
    """Tell those who sit what has changed of the panel."""
    told = stored(directory.named("panels"), panel)
    for review in reviews:
        before = stored(directory.named(NAME), review)
        stale = any(before[name] != told[name] for name in _COPIED)
        if stale and review.state in SITTING:
            _copy(panel, review)
            if before["review_by"] != told["review_by"]:
                review.review_reminded_at = None  # another deadline, another reminder
            await _kept(work, review, before, "retell")


async def ask(work: Work, panel: Panel, review: Review) -> None:
    """Invite one member, whom the rules have just been asked about."""
    before = stored(directory.named(NAME), review)
    day = panel.answer_by
    fresh = day is None or day <= today()
    review.answer_by = today() + timedelta(days=ANSWER_DAYS) if fresh else day
    review.state, review.invited_at = ReviewState.invited, now()
    review.answer_reminded_at = review.review_reminded_at = None
    review.lent, review.contested_at = False, None
    review.kind = SeatKind.member
    if panel.state is PanelState.scoring:
        review.scoring_since = now()
    await _kept(work, review, before, "invite")
    await _show_subject(work, review)
    await write_to(work, review)
    await look_again(work, review)


async def call_for_scores(work: Work, review: Review) -> None:
    """Open the form to somebody who sits, and write to who agreed that it is time."""
    await mark(work, review, "begin", scoring_since=now())
    if review.state in AGREED:
        await write_to(work, review)


async def reachable(work: Work, review: Review) -> bool:
    """Say whether mail can reach whoever sits here."""
    state, _ = await invitations.reachable(work, review.expert_id)
    return state is MailState.waiting


async def write_to(work: Work, review: Review) -> None:
    """Mail a link where mail can carry it; one that was handed over otherwise stays good."""
    asked = Invitation.to(review, NAME, review.expert_id, link_until(review))
    await invitations.send_if_mailed(work, asked, beside_former=True)


async def look_again(work: Work, review: Review) -> None:
    """Have the panel looked at when the time to answer is over."""
    if review.answer_by is None:
        return
    over = datetime.combine(review.answer_by + timedelta(days=1), time(0, 5), CIVIL)
    await jobs.enqueue(
        work.session,
        FILL,
        after=over - now(),
        panel_id=review.panel_id,
        node_id=review.node_id,
    )


def link_until(review: Review) -> date:
    """Return the last day of a link to a review: it serves for answering and for scoring."""
    days = (review.answer_by, review.review_by, review.meeting_on, today())
    return max(day for day in days if day) + timedelta(days=_AFTERWARDS)


async def leave(work: Work, review: Review, state: ReviewState, reason: str | None) -> None:
    """Take somebody off a seat for the house's reasons."""
    before = stored(directory.named(NAME), review)
    review.state = ReviewState.passed_over if before["state"] in UNASKED else state
    review.gone_reason = reason
    await _kept(work, review, before, "leave", reason)
    await forget(work, review)


async def forget(work: Work, review: Review) -> None:
    """Let somebody who has gone see the matter no longer, and end the links."""
    said_no = review.state in (ReviewState.declined, ReviewState.recused)
    until = review.answered_at if said_no and review.lent else None  # a later one is to contest by
    await invitations.revoke(work, review.id, until=until)
    await sight.end(work, review.expert_id, review)


async def _show_subject(work: Work, review: Review) -> None:
    """Show the matter to somebody invited to judge it."""
    subject: type[Need | Project] = Need if review.need_id else Project
    record_id = review.need_id or review.project_id
    if record_id is None:
        return
    await keeping.link(
        work,
        [
            {
                "party_id": review.expert_id,
                "record_id": record_id,
                "region_id": review.region_id,
                "node_id": review.node_id,
                "register_name": "needs" if subject is Need else "projects",
            }
        ],
    )


async def _kept(
    work: Work, review: Review, before: dict[str, Any], verb: str, reason: str | None = None
) -> None:
    register = directory.named(NAME)
    await writing.write(work, register, Change(review, before), verb, reason=reason)


async def mark(work: Work, review: Review, verb: str, **columns: Any) -> None:
    """Set columns of a review as part of what happens to its panel."""
    before = stored(directory.named(NAME), review)
    for name, value in columns.items():
        setattr(review, name, value)
    await _kept(work, review, before, verb)
