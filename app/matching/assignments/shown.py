"""A batch's result as people read it: names for ids, sentences for numbers, page by page."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlmodel import col

from app.audit.work import Work
from app.matching.assignments import adopting, clashes, words
from app.matching.assignments.clashes import ClashShown, Named, Names
from app.matching.assignments.models import Assignment, AssignmentPair, AssignmentRun
from app.registers import directory, reading

_LISTED = 200  # of the full experts and the binding requirements, the dearest


class Progress(BaseModel):
    state: str
    run: int
    phase: str
    phase_label: str
    percent: int
    told_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    failure: str | None


class CertificateShown(BaseModel):
    total: float
    bound: float
    gap: float
    proved: bool
    pairs_priced: int
    pairs_considered: int
    rounds: int
    worst: float
    worst_bound: float | None
    worst_proved: bool | None


class Seated(BaseModel):
    expert: Named
    score: float
    alternate: bool


class Next(BaseModel):
    expert: Named
    score: float
    why: str
    why_label: str
    cost: float | None = Field(
        description="By how much the total would fall, at least; None: no such bound is known"
    )


class ProjectShown(BaseModel):
    project: Named
    seats: list[Seated]
    total: float
    runners_up: list[Next]
    panel_id: UUID | None


class Full(BaseModel):
    expert: Named
    load: int
    price: float = Field(description="What one more project for this expert would add to the total")


class BindingShown(BaseModel):
    requirement: str
    requirement_label: str
    project: Named
    price: float = Field(description="What the total would gain if one fewer were asked for")


class Refused(BaseModel):
    project: Named
    reason: str


class Result(BaseModel):
    progress: Progress
    certificate: CertificateShown | None
    clash: ClashShown | None
    full: list[Full]
    binding: list[BindingShown]
    projects: list[ProjectShown]
    project_count: int
    expert_count: int = Field(description="Experts who were given at least one project")
    refused: list[Refused]
    next: int | None


async def run_of(work: Work, batch: Assignment) -> AssignmentRun | None:
    found = await work.session.execute(
        select(AssignmentRun).where(col(AssignmentRun.record_id) == batch.id)
    )
    return found.scalar_one_or_none()


def progress(work: Work, batch: Assignment, run: AssignmentRun | None) -> Progress:
    """Return how far a batch is."""
    phase = run.phase if run is not None else "queued"
    return Progress(
        state=batch.state,
        run=batch.run,
        phase=phase,
        phase_label=words.PHASES[phase].in_(work.locale),
        percent=run.percent if run is not None else 0,
        told_at=run.told_at if run is not None else None,
        started_at=batch.started_at,
        finished_at=batch.finished_at,
        failure=batch.failure,
    )


async def result(work: Work, batch: Assignment, after: int, limit: int) -> Result:
    """Return a page of projects with all that holds for the whole batch."""
    run = await run_of(work, batch)
    explanation = (run.explanation if run is not None else None) or {}
    clash = run.clash if run is not None else None
    refused = list(run.refused) if run is not None else []
    page = batch.project_ids[after : after + limit]
    pairs = await _pairs(work, batch, page)
    full, binding = (explanation.get(kind, [])[:_LISTED] for kind in ("full", "binding"))
    near = [one for one in explanation.get("runners_up", []) if UUID(one["project_id"]) in page]
    names = await _names(work, page, pairs, [*full, *binding, *near, *refused], clash)
    panels = await adopting.formed(work, batch.id, page)
    count, people = await _counts(work, batch)
    more = after + limit < len(batch.project_ids)
    return Result(
        progress=progress(work, batch, run),
        certificate=CertificateShown(**run.certificate) if run and run.certificate else None,
        clash=clashes.shown(work, clash, names) if clash else None,
        full=[
            Full(expert=names.of("experts", one["expert_id"]), load=one["load"], price=one["price"])
            for one in full
        ],
        binding=[_binding(work, one, names) for one in binding],
        projects=[_project(work, one, pairs.get(one, []), near, panels, names) for one in page]
        if pairs
        else [],
        project_count=count,
        expert_count=people,
        refused=[
            Refused(
                project=names.of("projects", one["project_id"]),
                reason=one["reason"].get(work.locale, one["reason"]["zh-CN"]),
            )
            for one in refused
        ],
        next=after + limit if more and pairs else None,
    )


async def _names(
    work: Work,
    page: Sequence[UUID],
    pairs: Mapping[UUID, Sequence[AssignmentPair]],
    told: Iterable[Mapping[str, Any]],
    clash: Mapping[str, Any] | None,
) -> Names:
    projects = {str(one) for one in page}
    experts = {str(pair.expert_id) for many in pairs.values() for pair in many}
    for one in [*told, *(clashes.changes_of(clash) if clash else [])]:
        projects |= {one["project_id"]} if one.get("project_id") else set()
        experts |= {one["expert_id"]} if one.get("expert_id") else set()
    if clash:
        projects |= set(clash["projects"])
        experts |= set(clash["experts"])
    return Names(
        {
            "projects": await reading.titles(work, directory.named("projects"), projects),
            "experts": await reading.titles(work, directory.named("experts"), experts),
        }
    )


async def _pairs(
    work: Work, batch: Assignment, page: Sequence[UUID]
) -> dict[UUID, list[AssignmentPair]]:
    found = await work.session.execute(
        select(AssignmentPair)
        .where(col(AssignmentPair.record_id) == batch.id, col(AssignmentPair.project_id).in_(page))
        .order_by(col(AssignmentPair.project_id), col(AssignmentPair.position))
    )
    pairs: dict[UUID, list[AssignmentPair]] = {}
    for pair in found.scalars():
        pairs.setdefault(pair.project_id, []).append(pair)
    return pairs


async def _counts(work: Work, batch: Assignment) -> tuple[int, int]:
    found = await work.session.execute(
        select(
            func.count(func.distinct(AssignmentPair.project_id)),
            func.count(func.distinct(AssignmentPair.expert_id)),
        ).where(col(AssignmentPair.record_id) == batch.id, col(AssignmentPair.alternate).is_(False))
    )
    projects, experts = found.one()
    return projects, experts


def _project(
    work: Work,
    project_id: UUID,
    pairs: Sequence[AssignmentPair],
    near: Sequence[Mapping[str, Any]],
    panels: Mapping[UUID, UUID],
    names: Names,
) -> ProjectShown:
    return ProjectShown(
        project=names.of("projects", project_id),
        seats=[
            Seated(
                expert=names.of("experts", pair.expert_id),
                score=pair.score,
                alternate=pair.alternate,
            )
            for pair in pairs
        ],
        total=sum(pair.score for pair in pairs if not pair.alternate),
        runners_up=[
            Next(
                expert=names.of("experts", one["expert_id"]),
                score=one["score"],
                why=one["why"],
                why_label=words.WHY[one["why"]].in_(work.locale),
                cost=one["cost"] or None,  # 0 bounds nothing: it is not free
            )
            for one in near
            if one["project_id"] == str(project_id)
        ],
        panel_id=panels.get(project_id),
    )


def _binding(work: Work, one: Mapping[str, Any], names: Names) -> BindingShown:
    return BindingShown(
        requirement=one["requirement"],
        requirement_label=words.REQUIREMENTS[one["requirement"]].in_(work.locale),
        project=names.of("projects", one["project_id"]),
        price=one["price"],
    )
