"""A panel's result goes out: with the votes, where they have to be told."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.audit.work import Work
from app.core.clock import today
from app.core.errors import FieldError, Invalid
from app.core.labels import T
from app.libraries.projects.models import Project
from app.libraries.projects.service import members
from app.matching.panels import chairing, clearing, seats, summary
from app.matching.panels.models import (
    Opinion,
    Panel,
    Review,
    ReviewState,
    ScoreLine,
    VoteLine,
)
from app.matching.panels.summary import Figures, Filled
from app.registers import keeping
from app.registers.register import Change

NAME = "panels"
_DRAFT = T(
    "这一项还没有拟写，请在公布之前先拟写。",
    "This is not drafted yet: do so before the result is published.",
)
_WHY_FEW = T(
    "只有 {n} 份评审，少于最少人数 {least}，请写明公开的理由。",
    "Only {n} review(s), fewer than {least}: say publicly why that is enough.",
)


async def on_publish(work: Work, change: Change[Panel]) -> None:
    """Let the result be read by the province and by the enterprises concerned. Raises Invalid."""
    panel = change.row
    reviews = await seats.reviews_of(work, panel.id, lock=True)
    panel.conclusion, panel.opinion = chairing.summary_of(panel, reviews) or _drafted(panel)
    panel.published_on = today()
    await chairing.dismiss(work, reviews)
    found = figures_of(panel, reviews)
    panel.mean_score = found.spread.mean if found else None
    if found is not None:
        _tell_votes(panel, found, change.form.reason)
    row = await clearing.subject_row(work, panel)
    if row is None:
        return
    parties = members(row) if isinstance(row, Project) else (row.enterprise_id,)
    beside: Mapping[str, Any] = {
        "record_id": panel.id,
        "region_id": panel.region_id,
        "node_id": panel.node_id,
        "register_name": NAME,
    }
    await keeping.link(work, [{"party_id": one, **beside} for one in parties if one])


def _drafted(panel: Panel) -> tuple[Opinion, str]:
    """Return what the house has drafted. Raises Invalid."""
    conclusion, opinion = panel.conclusion_draft, panel.opinion_draft
    if conclusion is None or not opinion:
        given = {"conclusion_draft": conclusion, "opinion_draft": opinion}
        errors = (FieldError(f"/{f}", "missing", _DRAFT) for f, v in given.items() if not v)
        raise Invalid.of(*errors)
    return conclusion, opinion


def _tell_votes(panel: Panel, found: Figures, reason: str | None) -> None:
    """Have the votes told publicly where few judged, or against the conclusion. Raises Invalid."""
    few = found.reviews < panel.min_members
    if few and not reason:
        told = {"n": found.reviews, "least": panel.min_members}
        raise Invalid.of(FieldError("/reason", "missing", _WHY_FEW, told))
    panel.few_reason = reason if few else None
    if few or against_majority(panel.conclusion, found.votes):
        panel.votes = [VoteLine(opinion=one, count=n) for one, n in found.votes.items()]


def against_majority(conclusion: Opinion | None, votes: Mapping[Opinion, int]) -> bool:
    """Say whether more than half were for rejecting what is approved, or the other way round."""
    against = votes[Opinion.reject]
    if conclusion is not Opinion.reject:
        against = sum(votes.values()) - against
    return 2 * (sum(votes.values()) - against) > sum(votes.values())


def votes_of(panel: Panel) -> dict[Opinion, int] | None:
    """Return the votes of a published panel, where everybody is told them."""
    lines = [VoteLine.model_validate(line) for line in panel.votes]
    return {line.opinion: line.count for line in lines} or None


def figures_of(panel: Panel, reviews: Sequence[Review]) -> Figures | None:
    """Return the figures of an opened panel."""
    sheets = [
        Filled([ScoreLine.model_validate(line) for line in r.scores], r.opinion)
        for r in reviews
        if r.state is ReviewState.locked and r.opinion is not None
    ]
    missing = sum(r.state is ReviewState.missing for r in reviews)
    return summary.figures(sheets, panel.criteria, missing)
