"""The chair: a member who sits, asked to sum up once the scores are open, whose words go out."""

from collections.abc import Sequence
from typing import Any

from app.audit.work import Work
from app.core.clock import now
from app.core.errors import Conflict, FieldError, Invalid
from app.core.labels import T
from app.matching.panels import seats
from app.matching.panels.models import (
    HeardLine,
    Opinion,
    Panel,
    PanelState,
    Review,
    ReviewState,
    SeatKind,
)
from app.matching.panels.review_lifecycle import AGREED, SITTING
from app.registers.register import Change

_SITS = T(
    "组长须是在席成员，请从在席成员中选择。", "The chair must be a member who sits: choose one."
)
_NOBODY = T(
    "这个评审组设组长：请先指定一名已接受邀请的成员任组长。",
    "This panel has a chair: name one of the members who accepted first.",
)
_NOT_IN = T(
    "组长还没有提交评审，不能封存；请等待，或另行指定一名已提交的成员任组长。",
    "The chair's review is not in. Wait for it, or name a member as chair whose review is.",
)
_NO_SUMMARY = T(
    "组长还没有综合评审组意见，不能公布；请等待，或另行指定一名组长。",
    "The chair has not summed up yet, so nothing is published. Wait, or name another chair.",
)
#: Once the panel is locked a seat is held by whoever handed in.
_HELD = SITTING | {ReviewState.locked}


async def keep_in_step(work: Work, change: Change[Panel], reviews: Sequence[Review]) -> None:
    """Let each review say whether it is the chair's. Raises Invalid for a chair without a seat.

    One who has left since may stay named, until another is.
    """
    panel, before = change.row, change.before
    named = before is None or before["chair_id"] != (
        str(panel.chair_id) if panel.chair_id else None
    )
    held = [r for r in reviews if r.kind == SeatKind.member and r.state in _HELD]
    if named and panel.chair_id and panel.chair_id not in {r.expert_id for r in held}:
        raise Invalid.of(FieldError("/chair_id", "unknown", _SITS))
    for review in reviews:
        chairs = review.expert_id == panel.chair_id
        if review.is_chair != chairs:
            told: dict[str, Any] = {} if chairs else {"heard": [], "summary_since": None}
            await seats.mark(work, review, "chair", is_chair=chairs, **told)
    if named and panel.state is PanelState.opened:
        await call(work, panel, reviews)


def chair_of(reviews: Sequence[Review]) -> Review | None:
    return next((r for r in reviews if r.is_chair and r.state in _HELD), None)


def require_named(panel: Panel, reviews: Sequence[Review]) -> None:
    """Refuse to begin without a chair where there is to be one. Raises Invalid."""
    chair = chair_of(reviews)
    if panel.chaired and (chair is None or chair.state not in AGREED):
        raise Invalid.of(FieldError("/chair_id", "missing", _NOBODY))


def require_in(panel: Panel, reviews: Sequence[Review]) -> None:
    """Refuse to lock before the chair's own sheet is in. Raises Conflict."""
    chair = chair_of(reviews)
    if panel.chaired and (chair is None or chair.state is not ReviewState.submitted):
        raise Conflict(_NOT_IN)


async def call(work: Work, panel: Panel, reviews: Sequence[Review]) -> None:
    """Show the chair what everybody said, without names, and ask to sum it up."""
    chair = chair_of(reviews)
    if not panel.chaired or chair is None:
        return
    await seats.mark(work, chair, "summary", heard=heard(reviews), summary_since=now())
    await seats.write_to(work, chair)


def heard(reviews: Sequence[Review]) -> list[HeardLine]:
    """Return what was said, in an order that gives no seat away."""
    lines = [
        HeardLine(total=r.total, opinion=r.opinion, comment=r.comment)
        for r in reviews
        if r.total is not None and r.opinion is not None
    ]
    return sorted(lines, key=lambda line: (-line.total, line.opinion, line.comment or ""))


def summary_of(panel: Panel, reviews: Sequence[Review]) -> tuple[Opinion, str] | None:
    """Return conclusion and opinion in the chair's words; None of a panel without a chair.

    Raises Conflict while the chair has yet to write them.
    """
    if not panel.chaired:
        return None
    chair = chair_of(reviews)
    if chair is None or chair.conclusion is None or chair.summary is None:
        raise Conflict(_NO_SUMMARY)
    return chair.conclusion, chair.summary


async def dismiss(work: Work, reviews: Sequence[Review]) -> None:
    """Have nothing changed any more of what was published."""
    chair = chair_of(reviews)
    if chair is not None and chair.summary_since is not None:
        await seats.mark(work, chair, "publish", summary_since=None)
