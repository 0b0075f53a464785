"""HTTP for matching many needs at once: asking for it, and what it found."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Query, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select
from sqlmodel import col

from app.audit.requests import WorkDep
from app.audit.work import Work
from app.core.description import body_of
from app.core.errors import FieldError, Forbidden, Invalid, NotFound
from app.core.http import documented
from app.core.labels import T
from app.core.validation import invalid
from app.ledgers.needs.models import Need
from app.matching import subjects
from app.matching.batches import running
from app.matching.batches.keeping import kept_of
from app.matching.batches.showing import Found, shown
from app.matching.matches.models import CandidateKind
from app.registers import batch_plan, directory, tasks
from app.registers.tasks import asking
from app.registers.visibility import visible

router = APIRouter(tags=["matching"], responses=documented(Forbidden, NotFound, Invalid))

MOST = 500
_NAMED = 20_000
_ONE_WAY = T(
    "请说明为哪些需求查找候选：ids 或 query，二者取一。",
    "Say for which needs to look: by ids or by a query, exactly one of them.",
)
_NONE = T(
    "没有符合条件的需求；请刷新列表，重新选择。",
    "No such need is there; refresh the list and choose again.",
)
_TOO_MANY = T(
    "一次最多为 {most} 条需求查找候选，选中的有更多；请加上筛选条件，分几次进行。",
    "Candidates are looked for {most} needs at a time at most, and more are chosen; narrow the "
    "list and do it in parts.",
)


class BatchAsked(BaseModel):
    """For which needs, and candidates of which kinds."""

    model_config = ConfigDict(extra="forbid")
    ids: list[UUID] | None = Field(default=None, max_length=_NAMED)
    query: dict[str, Any] | None = Field(default=None, description="As the list takes it")
    kinds: list[CandidateKind] = Field(default_factory=list, description="All where none is named")
    limit: int = Field(default=3, ge=1, le=5, description="Candidates of each kind")


@router.post(
    "/needs/matches",
    operation_id="match_batches_create",
    summary="Who and what could help with many needs",
    status_code=202,
    response_model=tasks.TaskShown,
    openapi_extra=body_of(BatchAsked),
)
async def match_needs(work: WorkDep, given: Annotated[dict[str, Any], Body()]) -> Response:
    directory.open_to("needs", work.actor.role)
    subjects.require_matcher(work)
    try:
        asked = BatchAsked.model_validate(given)
    except ValidationError as exc:
        raise invalid(exc.errors()) from exc
    needs = await _needs(work, asked)
    if not needs:
        raise Invalid(_NONE)
    if len(needs) > MOST:
        raise Invalid(_TOO_MANY, {"most": MOST})
    task = await running.ask(work, needs, asked.kinds, asked.limit)
    return tasks.accepted(work, task)


async def _needs(work: Work, asked: BatchAsked) -> Sequence[UUID]:
    """Return the needs asked for, in the order asked; those out of sight are not there."""
    if (asked.ids is None) == (asked.query is None):
        raise Invalid.of(FieldError("", "which", _ONE_WAY))
    needs = directory.named("needs")
    if asked.query is not None:
        found = await batch_plan.listed(work, needs, asked.query, MOST + 1)
        return [one for one, _ in found]
    seen = select(col(Need.id)).where(col(Need.id).in_(asked.ids or ()), visible(needs, work.actor))
    there = set((await work.session.execute(seen)).scalars())
    return [one for one in dict.fromkeys(asked.ids or ()) if one in there]


@router.get(
    "/matching/batches/{id}",
    operation_id="match_batches_read",
    summary="What my search for many needs has found",
)
async def read_batch(
    work: WorkDep,
    id: UUID,  # noqa: A002 -- the name in the path
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Found:
    task = await asking.one(work, id)
    if task.kind != running.KIND:
        raise NotFound
    return await shown(work, kept_of(task.cursor), offset, limit)
