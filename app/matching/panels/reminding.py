"""Deadlines are recalled by mail, each once: to answer the day before, to score two days before."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from app.audit.work import Work, acting_for
from app.core import jobs
from app.core.clock import CIVIL, now, today
from app.core.errors import NotFound
from app.matching.panels import seats
from app.matching.panels.lifecycle import FILLABLE
from app.matching.panels.models import Panel, Review, ReviewState, SeatKind
from app.registers import directory, reading

REMIND = "panels.remind"
_ANSWER, _SCORE = timedelta(days=1), timedelta(days=2)  # before the deadline
_HOUR = time(9, 0)
_STILL_TO_SCORE = frozenset({ReviewState.accepted, ReviewState.declared})


async def of_answer(work: Work, panel: Panel, review: Review) -> None:
    """Have somebody who was just asked reminded to answer."""
    await _wake(work, panel, review.answer_by, _ANSWER)


async def of_scores(work: Work, panel: Panel) -> None:
    """Have those who sit reminded that their sheets are due."""
    await _wake(work, panel, panel.review_by, _SCORE)


async def _wake(work: Work, panel: Panel, day: date | None, before: timedelta) -> None:
    """Look at the panel in the morning some days before ``day``, unless that is over."""
    if day is None:
        return
    wait = datetime.combine(day - before, _HOUR, CIVIL) - now()
    if wait > timedelta():
        await jobs.enqueue(
            work.session, REMIND, after=wait, panel_id=panel.id, node_id=panel.node_id
        )


@jobs.task(REMIND)
async def remind(panel_id: UUID, node_id: int) -> None:
    """Write to everybody whose deadline is near; done again, to nobody twice."""
    async with acting_for(node_id) as work:
        try:
            panel: Panel = await reading.row_of(
                work, directory.named("panels"), panel_id, lock=True
            )
        except NotFound:
            return
        if panel.state not in FILLABLE:
            return
        for review in await seats.reviews_of(work, panel.id, lock=True):
            column = due(review, today())
            if column is not None and await seats.reachable(work, review):
                await seats.mark(work, review, "remind", **{column: now()})
                await seats.write_to(work, review)


def due(review: Review, day: date) -> str | None:
    """Return the column that notes the reminder which is due on ``day``; None if none is."""
    if review.kind != SeatKind.member:
        return None
    if review.state is ReviewState.invited and review.answer_reminded_at is None:
        return "answer_reminded_at" if _near(review.answer_by, day, _ANSWER) else None
    called = review.state in _STILL_TO_SCORE and review.scoring_since is not None
    if called and review.review_reminded_at is None and _near(review.review_by, day, _SCORE):
        return "review_reminded_at"
    return None


def _near(deadline: date | None, day: date, before: timedelta) -> bool:
    return deadline is not None and deadline - before <= day <= deadline
