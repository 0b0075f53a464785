"""Seats that fell empty are filled: unanswered invitations expire, the next in order is asked.

Done again it changes nothing: a seat that has a successor (``replaces``) is not filled twice, and
the panel's row is locked while it is looked at.
"""

from collections.abc import Sequence
from uuid import UUID

from app.audit.work import Work, acting_for
from app.core import jobs
from app.core.clock import today
from app.core.errors import NotFound
from app.matching import candidates
from app.matching.conflicts import Purpose
from app.matching.matches.models import CandidateKind
from app.matching.panels import clearing, drawn, reminding, seats
from app.matching.panels.lifecycle import FILLABLE
from app.matching.panels.models import (
    ChoosingMode,
    Panel,
    PanelState,
    Review,
    ReviewState,
    SeatKind,
)
from app.matching.panels.review_lifecycle import AGREED, GONE
from app.registers import directory, reading, writing
from app.registers.keeping import stored
from app.registers.register import Change

NAME = "panels"
_TRIES = 200  # candidates looked at for one seat


@jobs.task(seats.FILL)
async def fill_by_itself(panel_id: UUID, node_id: int) -> None:
    """Look after a panel whose member went, or whose time to answer is over."""
    async with acting_for(node_id) as work:
        register = directory.named(NAME)
        try:
            panel: Panel = await reading.row_of(work, register, panel_id, lock=True)
        except NotFound:
            return
        if panel.state in FILLABLE and await fill(work, panel):
            before = stored(register, panel)
            panel.state = PanelState.confirmed
            await writing.write(work, register, Change(panel, before), "move.confirm")


async def fill(work: Work, panel: Panel) -> bool:
    """Fill the seats of a locked panel; say whether it is complete and yet to be confirmed."""
    reviews = await seats.reviews_of(work, panel.id, lock=True)
    for review in reviews:
        if review.state is ReviewState.invited and _overdue(review):
            await seats.leave(work, review, ReviewState.expired, None)
        elif review.state in GONE and review.invited_at:
            await seats.forget(work, review)
    for gone in seats.vacated(reviews):
        await _follow(work, panel, gone)
    reviews = await seats.reviews_of(work, panel.id)
    for review in seats.sitting(reviews):
        if review.state is ReviewState.reserved:
            await _ask_or_pass_over(work, panel, review)
    return panel.state is PanelState.inviting and complete(
        panel, await seats.reviews_of(work, panel.id)
    )


def complete(panel: Panel, reviews: Sequence[Review]) -> bool:
    """Say whether every seat is held by somebody who agreed."""
    agreed = [r for r in seats.sitting(reviews) if r.state in AGREED]
    return len(agreed) == panel.size and len(agreed) >= panel.min_members


def _overdue(review: Review) -> bool:
    return review.answer_by is not None and review.answer_by < today()


async def _ask(work: Work, panel: Panel, review: Review) -> None:
    await seats.ask(work, panel, review)
    await reminding.of_answer(work, panel, review)


async def _ask_or_pass_over(work: Work, panel: Panel, review: Review) -> None:
    """Invite a member who is still clear; pass on to the next where not."""
    away = await clearing.away(work, panel, review.expert_id)
    if away is not None:
        await seats.leave(work, review, ReviewState.passed_over, away.reason("zh-CN"))
        await _follow(work, panel, review)
    else:
        await _ask(work, panel, review)


async def _follow(work: Work, panel: Panel, gone: Review) -> None:
    """Seat and invite whoever comes next after ``gone``, or leave the seat empty."""
    for _ in range(_TRIES):
        reviews = await seats.reviews_of(work, panel.id)
        successor = await _next(work, panel, gone, reviews)
        if successor is None:
            return
        review = await _seated(work, panel, successor, gone, reviews)
        if review.state in GONE:  # an alternate taken off before the turn came
            gone = review
            continue
        away = await clearing.away(work, panel, successor)
        if away is None:
            await _ask(work, panel, review)
            return
        await seats.leave(work, review, ReviewState.passed_over, away.reason("zh-CN"))
        gone = review


async def _seated(
    work: Work, panel: Panel, expert_id: UUID, gone: Review, reviews: Sequence[Review]
) -> Review:
    """Give the seat of ``gone`` to an alternate, or to somebody not seated so far."""
    waiting = next((r for r in reviews if r.expert_id == expert_id), None)
    if waiting is not None:
        await seats.mark(work, waiting, "promote", kind=SeatKind.member, replaces=gone.id)
        return waiting
    first = max((r.position for r in reviews), default=0) + 1
    made = await seats.take(
        work, panel, [expert_id], SeatKind.member, first=first, replaces=gone.id
    )
    return made[0]


async def _next(work: Work, panel: Panel, gone: Review, reviews: Sequence[Review]) -> UUID | None:
    """Return who comes next: by the draw's own order, by the alternates', by the ranking."""
    if panel.mode is ChoosingMode.draw and panel.draw_id is not None:
        return await drawn.next_of(work, panel.draw_id, gone)
    waiting = (
        r.expert_id
        for r in reviews
        if r.kind == SeatKind.alternate and r.state is ReviewState.reserved
    )
    return next(waiting, None) or await _ranked(work, panel, {r.expert_id for r in reviews})


async def _ranked(work: Work, panel: Panel, known: set[UUID]) -> UUID | None:
    """Return the best candidate for the matter who is not yet, and was not, in the panel."""
    row = await clearing.subject_row(work, panel)
    if row is None:
        return None
    subject = await clearing.subject_of(work, panel)
    found = await candidates.find(
        work, subject, (CandidateKind.experts,), len(known) + 1, Purpose.review
    )
    ranked = (c.id for group in found.groups for c in group.candidates)
    return next((one for one in ranked if one not in known), None)
