"""HTTP for matching: ask who and what could help with a need or a project."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.access.roles import named
from app.audit.requests import WorkDep
from app.audit.work import Work
from app.core.errors import Conflict, Forbidden, NotFound, Unavailable
from app.core.http import documented
from app.core.labels import T
from app.ledgers.needs.models import Need
from app.libraries.projects.models import Project
from app.matching import subjects
from app.matching.answers import Matches
from app.matching.candidates import SHOWN
from app.matching.conflicts import Purpose
from app.matching.evaluation import evaluation
from app.matching.evaluation_answers import EvaluationShown
from app.matching.matches.models import CandidateKind
from app.matching.matches.permissions import READERS
from app.matching.searches import search
from app.registers.directory import open_to

_STAFF_ONLY = T(
    "只有{who}可以查看对接评测，请联系他们了解。",
    "Only {who} may see how matching does; ask one of them.",
)

router = APIRouter(
    tags=["matching"], responses=documented(Forbidden, NotFound, Conflict, Unavailable)
)

Kinds = Annotated[
    list[CandidateKind],
    Query(default_factory=list, description="Kinds of candidates; all where none is named"),
]
For = Annotated[
    Purpose,
    Query(description="To help (match) or to judge (review): which conflict rules hold"),
]
Limit = Annotated[int, Query(ge=1, le=100, description="Candidates of each kind")]


@router.post(
    "/needs/{need_id}/matches", operation_id="needs_match", summary="Who and what could help"
)
async def match_need(
    work: WorkDep,
    need_id: UUID,
    kinds: Kinds,
    limit: Limit = SHOWN,
    purpose: For = Purpose.match,
) -> Matches:
    open_to("needs", work.actor.role)
    return await _matches(work, await subjects.need_of(work, need_id), kinds, limit, purpose)


@router.post(
    "/projects/{project_id}/matches",
    operation_id="projects_match",
    summary="Who and what could help",
)
async def match_project(
    work: WorkDep,
    project_id: UUID,
    kinds: Kinds,
    limit: Limit = SHOWN,
    purpose: For = Purpose.match,
) -> Matches:
    open_to("projects", work.actor.role)
    return await _matches(work, await subjects.project_of(work, project_id), kinds, limit, purpose)


async def _matches(
    work: Work, row: Need | Project, kinds: list[CandidateKind], limit: int, purpose: Purpose
) -> Matches:
    subjects.require_matcher(work)
    found = await search(work, row, kinds, limit, purpose)
    return Matches.of(work, found)


@router.get(
    "/matching/evaluation",
    operation_id="matching_evaluation",
    summary="The ranking measured by matches taken and refused",
)
async def evaluate(work: WorkDep, kind: CandidateKind = CandidateKind.experts) -> EvaluationShown:
    open_to("matches", work.actor.role)
    if work.actor.role not in READERS:
        raise Forbidden(_STAFF_ONLY, {"who": named(READERS)})
    return EvaluationShown.of(work, await evaluation(work, kind))
