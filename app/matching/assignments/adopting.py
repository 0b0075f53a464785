"""Adopting a solution: a panel for every project, each in a transaction of its own.

One that was formed already is left alone, so the work may be interrupted and taken up again; one
that can no longer be formed (a conflict since, a project closed) is told with its reason.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import col

from app.audit.work import Work, acting_for
from app.core import jobs
from app.core.errors import Problem
from app.core.labels import LOCALES, T
from app.matching.assignments import running, service
from app.matching.assignments.models import Assignment, AssignmentPair, AssignmentRun
from app.matching.assignments.models import AssignmentState as S
from app.matching.panels import service as panels
from app.matching.panels.models import ChoosingMode, Panel, PanelState

_TITLE = T("评审组：{title}", "Panel: {title}")
_LONGEST = 120


@jobs.task(service.ADOPT)
async def adopt(assignment_id: UUID, node_id: int) -> None:
    """Form the panels of an adopted batch that are not there yet."""
    async with acting_for(node_id) as work:
        batch = await service.batch_of(work, assignment_id)
        if batch is None or batch.state != S.adopted:
            return
        seated = await _seated(work, assignment_id)
    refused = []
    for number, project_id in enumerate(batch.project_ids):
        experts = seated.get(project_id, [])
        try:
            async with acting_for(node_id) as work:
                if experts and not await formed(work, batch.id, [project_id]):
                    await _form(work, batch, project_id, experts)
        except Problem as refusal:
            refused.append(_told(project_id, refusal))
        await running.tell(batch, "adopting", 100 * number // len(batch.project_ids))
    async with acting_for(node_id) as work:
        await work.session.execute(
            update(AssignmentRun)
            .where(col(AssignmentRun.record_id) == batch.id)
            .values(refused=refused, phase="done", percent=100)
        )


async def _seated(work: Work, batch_id: UUID) -> dict[UUID, list[AssignmentPair]]:
    found = await work.session.execute(
        select(AssignmentPair)
        .where(col(AssignmentPair.record_id) == batch_id)
        .order_by(col(AssignmentPair.project_id), col(AssignmentPair.position))
    )
    seated: dict[UUID, list[AssignmentPair]] = {}
    for pair in found.scalars():
        seated.setdefault(pair.project_id, []).append(pair)
    return seated


async def formed(work: Work, batch_id: UUID, projects: Sequence[UUID]) -> dict[UUID, UUID]:
    """Return the panels formed from a batch, by their projects."""
    found = await work.session.execute(
        select(col(Panel.project_id), col(Panel.id)).where(
            col(Panel.assignment_id) == batch_id,
            col(Panel.project_id).in_(projects),
            col(Panel.state) != PanelState.cancelled,
            col(Panel.deleted_at).is_(None),
        )
    )
    return {project: panel for project, panel in found.all() if project is not None}


async def _form(
    work: Work, batch: Assignment, project_id: UUID, experts: Sequence[AssignmentPair]
) -> None:
    project = (await service.projects_of(work, [project_id])).get(project_id)
    title = project.title if project is not None else batch.title
    await panels.convene(
        work,
        title=_TITLE.filled(work.locale, {"title": title})[:_LONGEST],
        mode=ChoosingMode.assign,
        experts=[pair.expert_id for pair in experts],
        size=sum(not pair.alternate for pair in experts),
        project_id=project_id,
        assignment_id=batch.id,
        meeting_on=batch.review_on,
    )


def _told(project_id: UUID, refusal: Problem) -> Mapping[str, Any]:
    first = refusal.errors[0] if refusal.errors else None
    text, params = (first.text, first.params) if first else (refusal.detail, refusal.params)
    return {
        "project_id": str(project_id),
        "reason": {locale: text.filled(locale, params) for locale in LOCALES},
    }
