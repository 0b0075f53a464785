"""HTTP for matching: ask who could help with a need or a project."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.audit.requests import WorkDep
from app.audit.work import Work
from app.core.errors import Conflict, Forbidden, NotFound
from app.core.http import documented
from app.ledgers.needs.models import Need
from app.libraries.projects.models import Project
from app.matching import subjects
from app.matching.candidates import Candidate, Excluded, ranking
from app.registers import directory
from app.registers.directory import open_to

router = APIRouter(tags=["matching"], responses=documented(Forbidden, NotFound, Conflict))


class PartsShown(BaseModel):
    """What the score consists of; the parts add up to it."""

    text: float
    field: float
    keyword: float


class ReasonShown(BaseModel):
    """A literal quotation: the words, the field they stand in, the record they are from."""

    text: str
    field: str
    source: str = Field(description="register/id")


class CandidateShown(BaseModel):
    kind: Literal["experts"] = "experts"
    id: UUID
    label: str
    score: float = Field(ge=0, le=1)
    parts: PartsShown
    reasons: list[ReasonShown]

    @classmethod
    def of(cls, candidate: Candidate) -> "CandidateShown":
        parts = candidate.parts
        return cls(
            id=candidate.person.id,
            label=candidate.person.name,
            score=parts.score,
            parts=PartsShown(text=parts.text, field=parts.field, keyword=parts.keyword),
            reasons=[
                ReasonShown(text=r.text, field=r.field, source=r.source) for r in candidate.reasons
            ],
        )


class ExcludedShown(BaseModel):
    """Somebody the words found and a rule keeps away."""

    kind: Literal["experts"] = "experts"
    id: UUID
    label: str
    code: str = Field(description="The rule's stable code")
    reason: str

    @classmethod
    def of(cls, excluded: Excluded, locale: str) -> "ExcludedShown":
        finding = excluded.finding
        return cls(
            id=excluded.person.id,
            label=excluded.person.name,
            code=finding.rule.code,
            reason=finding.reason(locale),
        )


class Matches(BaseModel):
    candidates: list[CandidateShown]
    excluded: list[ExcludedShown]


@router.post("/needs/{need_id}/matches", operation_id="needs_match", summary="Rank experts")
async def match_need(work: WorkDep, need_id: UUID) -> Matches:
    open_to("needs", work.actor.role)
    directory.open_to("needs", work.actor.role)
    return await _matches(work, await subjects.need_of(work, need_id))


@router.post(
    "/projects/{project_id}/matches", operation_id="projects_match", summary="Rank experts"
)
async def match_project(work: WorkDep, project_id: UUID) -> Matches:
    open_to("projects", work.actor.role)
    directory.open_to("projects", work.actor.role)
    return await _matches(work, await subjects.project_of(work, project_id))


async def _matches(work: Work, row: Need | Project) -> Matches:
    subjects.require_matcher(work)
    subject = await subjects.subject_of(work, row)
    found = await ranking(work, subject)
    await work.note(
        f"{subject.register}.match_search",
        register=subject.register,
        record_id=row.id,
        record_label=subject.label,
        node_id=row.node_id,
        detail={"candidates": len(found.candidates), "excluded": len(found.excluded)},
    )
    return Matches(
        candidates=[CandidateShown.of(candidate) for candidate in found.candidates],
        excluded=[ExcludedShown.of(excluded, work.locale) for excluded in found.excluded],
    )
