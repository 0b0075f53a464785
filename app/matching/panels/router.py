"""HTTP for panels beyond the standard routes: who sits, the author's sheet, the summary."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body
from pydantic import BaseModel, Field

from app.access.roles import CENTRE, Role, named
from app.audit.requests import WorkDep
from app.audit.work import Work
from app.core.errors import Forbidden, IllegalMove, Invalid, NotFound
from app.core.http import documented
from app.core.labels import T
from app.matching.panels import chairing, publishing, review_service, seating, seats
from app.matching.panels.asking import SheetShown, sheet_of
from app.matching.panels.lifecycle import UNSEALED
from app.matching.panels.models import Opinion, Panel, PanelState, Review, ScoreLine
from app.matching.panels.seating import SeatsShown
from app.matching.panels.summary import Figures, Spread
from app.registers import reading
from app.registers.directory import open_to

router = APIRouter(tags=["panels"], responses=documented(NotFound, Forbidden))

_ONLY = T(
    "只有{who}可以查看席位，请联系他们了解。", "Only {who} may see who sits; ask one of them."
)
_OWN = T(
    "评分只有评审专家本人可以填写和查看；启封之后请在评审结果中查看。",
    "Only its author reads or writes a score sheet; look at the result once the panel is opened.",
)
_REVIEWER = T("评审{n}", "Reviewer {n}")


@router.get("/panels/{id}/seats", operation_id="panels_seats", summary="Who sits, who answered")
async def read_seats(work: WorkDep, id: UUID) -> SeatsShown:  # noqa: A002 -- the name in the path
    panel = await _panel(work, id)
    if work.actor.role not in CENTRE:
        raise Forbidden(_ONLY, {"who": named(CENTRE)})
    return await seating.shown(work, panel)


async def _panel(work: Work, panel_id: UUID) -> Panel:
    panel: Panel = await reading.row_of(work, open_to("panels", work.actor.role), panel_id)
    return panel


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


class Few(BaseModel):
    """Fewer sheets than the least number of members, and why that was enough."""

    submitted: int
    least: int
    reason: str


class ChairSummed(BaseModel):
    """Who sums up, and what has come of it so far."""

    name: str
    conclusion: Opinion | None
    opinion: str | None
    at: datetime | None


class Summary(BaseModel):
    state: PanelState
    figures: FiguresShown | None
    reviewers: list[ReviewerShown] | None
    conclusion: Opinion | None
    opinion: str | None
    few: Few | None = None
    votes: dict[Opinion, int] | None = None
    chair: ChairSummed | None = Field(default=None, description="The centre's, once opened")


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
    told.votes = publishing.votes_of(panel)
    if panel.few_reason and told.votes:
        told.few = Few(
            submitted=sum(told.votes.values()), least=panel.min_members, reason=panel.few_reason
        )
    ready = panel.state is PanelState.published or (role in CENTRE and panel.state in UNSEALED)
    if not ready or role is Role.enterprise:
        return told
    reviews = await seats.reviews_of(work, panel.id)
    figures = publishing.figures_of(panel, reviews)
    if figures is not None:
        told.figures = _figures(figures)
        told.reviewers = _reviewers(work, reviews, figures)
    if role in CENTRE and panel.chaired:
        told.chair = _chair(reviews)
    return told


def _chair(reviews: Sequence[Review]) -> ChairSummed | None:
    chair = chairing.chair_of(reviews)
    if chair is None:
        return None
    return ChairSummed(
        name=chair.expert_label,
        conclusion=chair.conclusion,
        opinion=chair.summary,
        at=chair.summarised_at,
    )


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
