"""HTTP for panels beyond the standard routes: who sits, the author's sheet, the summary."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body
from pydantic import BaseModel

from app.access.roles import CENTRE, Role, named
from app.audit.requests import WorkDep
from app.audit.work import Work
from app.core.errors import Forbidden, IllegalMove, Invalid, NotFound
from app.core.http import documented
from app.core.labels import T
from app.matching.invitations import service as invitations
from app.matching.invitations.shapes import LinkShown
from app.matching.panels import review_service, seats, service
from app.matching.panels.asking import SheetShown, sheet_of
from app.matching.panels.lifecycle import UNSEALED
from app.matching.panels.models import Opinion, Panel, PanelState, Review, ScoreLine
from app.matching.panels.review_lifecycle import AGREED, STATES
from app.matching.panels.summary import Figures, Spread
from app.registers import reading
from app.registers.directory import open_to

router = APIRouter(tags=["panels"], responses=documented(NotFound, Forbidden))

_ONLY = T("只有{who}可以查看席位。", "Only {who} may see who sits.")
_OWN = T("评分只有评审专家本人可以填写和查看。", "Only its author reads or writes a score sheet.")
_REVIEWER = T("评审{n}", "Reviewer {n}")
_LEAST = 3

_WARNINGS = {
    "few": T("成员少于 3 人。", "Fewer than three members."),
    "even": T("成员人数为偶数，一般应为单数。", "An even number of members; it is usually odd."),
    "empty": T(
        "有 {n} 个席位空缺，没有可以递补的专家。", "{n} seat(s) empty; nobody is left to ask."
    ),
    "no_criteria": T("还没有填写评审项。", "No criteria yet."),
}


class Warned(BaseModel):
    code: str
    text: str


class SeatShown(BaseModel):
    review_id: UUID
    expert_id: UUID
    expert: str
    kind: str
    position: int
    state: str
    state_label: str
    reason: str | None
    invited_at: datetime | None
    answer_by: Any
    answered_at: datetime | None
    submitted_at: datetime | None
    replaces: UUID | None
    link: LinkShown | None


class SeatsShown(BaseModel):
    size: int
    min_members: int
    sitting: int
    accepted: int
    submitted: int
    open_seats: int
    warnings: list[Warned]
    items: list[SeatShown]


@router.get("/panels/{id}/seats", operation_id="panels_seats", summary="Who sits, who answered")
async def read_seats(work: WorkDep, id: UUID) -> SeatsShown:  # noqa: A002 -- the name in the path
    panel = await _panel(work, id)
    if work.actor.role not in CENTRE:
        raise Forbidden(_ONLY, {"who": named(CENTRE)})
    reviews = await seats.reviews_of(work, panel.id)
    links = await invitations.latest(work, [r.id for r in reviews])
    held = seats.sitting(reviews)
    open_seats = max(panel.size - len(held), 0)
    return SeatsShown(
        size=panel.size,
        min_members=panel.min_members,
        sitting=len(held),
        accepted=sum(r.state in AGREED for r in held),
        submitted=sum(r.submitted_at is not None for r in reviews),
        open_seats=open_seats,
        warnings=_warnings(work, panel, len(held), open_seats),
        items=[_seat(work, review, links.get(review.id)) for review in reviews],
    )


async def _panel(work: Work, panel_id: UUID) -> Panel:
    panel: Panel = await reading.row_of(work, open_to("panels", work.actor.role), panel_id)
    return panel


def _seat(work: Work, review: Review, link: Any) -> SeatShown:
    return SeatShown(
        review_id=review.id,
        expert=review.expert_label,
        state_label=STATES[review.state].label.in_(work.locale),
        reason=review.gone_reason,
        link=LinkShown.of(link) if link else None,
        **review.model_dump(
            include={
                "expert_id",
                "kind",
                "position",
                "state",
                "invited_at",
                "answer_by",
                "answered_at",
                "submitted_at",
                "replaces",
            }
        ),
    )


def _warnings(work: Work, panel: Panel, held: int, open_seats: int) -> list[Warned]:
    """Say what of a panel is not as panels usually are."""
    found = {
        "few": held < _LEAST,
        "even": held % 2 == 0,
        "empty": open_seats > 0 and panel.state is not PanelState.forming,
        "no_criteria": not panel.criteria,
    }
    return [
        Warned(code=code, text=_WARNINGS[code].filled(work.locale, {"n": open_seats}))
        for code, there in found.items()
        if there
    ]


class SpreadShown(BaseModel):
    mean: Decimal
    median: Decimal
    lowest: Decimal
    highest: Decimal
    deviation: Decimal

    @classmethod
    def of(cls, spread: Spread) -> dict[str, Decimal]:
        return {name: getattr(spread, name) for name in SpreadShown.model_fields}


class CriterionSummed(SpreadShown):
    code: str
    name: str
    max_points: Decimal
    weight: Decimal


class FiguresShown(SpreadShown):
    reviews: int
    missing: int
    trimmed_mean: Decimal | None
    trimmed: int
    votes: dict[Opinion, int]
    criteria: list[CriterionSummed]


class ReviewerShown(BaseModel):
    label: str
    review_id: UUID | None
    total: Decimal
    difference: Decimal
    opinion: Opinion
    comment: str | None
    scores: list[ScoreLine]


class Summary(BaseModel):
    state: PanelState
    figures: FiguresShown | None
    reviewers: list[ReviewerShown] | None
    conclusion: Opinion | None
    opinion: str | None


@router.get("/panels/{id}/summary", operation_id="panels_summary", summary="What the sheets say")
async def read_summary(work: WorkDep, id: UUID) -> Summary:  # noqa: A002
    panel, role = await _panel(work, id), work.actor.role
    told = Summary(
        state=panel.state,
        figures=None,
        reviewers=None,
        conclusion=panel.conclusion,
        opinion=panel.opinion,
    )
    ready = panel.state is PanelState.published or (role in CENTRE and panel.state in UNSEALED)
    if not ready or role is Role.enterprise:
        return told
    reviews = await seats.reviews_of(work, panel.id)
    figures = service.figures_of(panel, reviews)
    if figures is not None:
        told.figures = _figures(figures)
        told.reviewers = _reviewers(work, reviews, figures)
    return told


def _figures(found: Figures) -> FiguresShown:
    return FiguresShown(
        reviews=found.reviews,
        missing=found.missing,
        trimmed_mean=found.trimmed_mean,
        trimmed=found.trimmed,
        votes=found.votes,
        criteria=[
            CriterionSummed(
                code=one.code,
                name=one.name,
                max_points=one.max_points,
                weight=one.weight,
                **SpreadShown.of(one.spread),
            )
            for one in found.criteria
        ],
        **SpreadShown.of(found.spread),
    )


def _reviewers(work: Work, reviews: Sequence[Review], figures: Figures) -> list[ReviewerShown]:
    """Return the sheets line by line: by name for the centre, by the order of totals for others."""
    named_ = work.actor.role in CENTRE
    opened = [r for r in reviews if r.total is not None and r.opinion is not None]
    if not named_:  # an order that gives no seat away
        opened.sort(key=lambda r: (-(r.total or 0), r.comment or ""))
    return [
        ReviewerShown(
            label=r.expert_label if named_ else _REVIEWER.filled(work.locale, {"n": place}),
            review_id=r.id if named_ else None,
            total=r.total,
            difference=r.total - figures.spread.mean,
            opinion=r.opinion,
            comment=r.comment,
            scores=[ScoreLine.model_validate(line) for line in r.scores],
        )
        for place, r in enumerate(opened, 1)
        if r.total is not None and r.opinion is not None
    ]


@router.get("/reviews/{id}/scores", operation_id="reviews_sheet", summary="My score sheet")
async def read_sheet(work: WorkDep, id: UUID) -> SheetShown:  # noqa: A002
    return await sheet_of(work, await _own_review(work, id))


@router.put(
    "/reviews/{id}/scores",
    operation_id="reviews_draft",
    summary="Keep my score sheet as a draft",
    responses=documented(Invalid, IllegalMove),
)
async def keep_draft(
    work: WorkDep,
    id: UUID,  # noqa: A002
    given: Annotated[dict[str, Any], Body()],
) -> SheetShown:
    review = await _own_review(work, id)
    await review_service.draft(work, review.id, given)
    return await sheet_of(work, review)


async def _own_review(work: Work, review_id: UUID) -> Review:
    """Return a review for its author to score. Raises NotFound, Forbidden."""
    review: Review = await reading.row_of(work, open_to("reviews", work.actor.role), review_id)
    if work.actor.party_id != review.expert_id:
        raise Forbidden(_OWN)
    return review
