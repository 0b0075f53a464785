"""HTTP for assignments besides the register's own: how far it is, and what came out."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.access.roles import CENTRE, named
from app.audit.requests import WorkDep
from app.audit.work import Work
from app.core.errors import Forbidden, NotFound
from app.core.http import documented
from app.core.labels import T
from app.matching.assignments import adopting, running, service, shown
from app.matching.assignments.models import Assignment
from app.registers import reading
from app.registers.directory import open_to

__all__ = ["adopting", "router", "running"]  # importing them declares their tasks

router = APIRouter(prefix="/assignments", tags=["assignments"], responses=documented(NotFound))

_ONLY = T(
    "只有{who}可以查看指派结果，请联系他们了解。",
    "Only {who} may see who was assigned; ask one of them.",
)


@router.get(
    "/{id}/progress", operation_id="assignments_progress", summary="How far an assignment is"
)
async def read_progress(work: WorkDep, id: UUID) -> shown.Progress:  # noqa: A002 -- in the path
    batch = await _batch(work, id)
    return shown.progress(work, batch, await shown.run_of(work, batch))


@router.get(
    "/{id}/result",
    operation_id="assignments_result",
    summary="Who was assigned to what, why, and how well that is proved",
    responses=documented(Forbidden),
)
async def read_result(
    work: WorkDep,
    id: UUID,  # noqa: A002
    after: Annotated[int, Query(ge=0, description="`next` of the last answer")] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> shown.Result:
    batch = await _batch(work, id)
    if work.actor.role not in CENTRE:
        raise Forbidden(_ONLY, {"who": named(CENTRE)})
    return await shown.result(work, batch, after, limit)


async def _batch(work: Work, batch_id: UUID) -> Assignment:
    found: Assignment = await reading.row_of(work, open_to(service.NAME, work.actor.role), batch_id)
    return found
