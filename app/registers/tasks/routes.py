"""/tasks: my long work, how far it is, its file, cancelling it."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse

from app.audit.requests import WorkDep
from app.core.errors import Conflict, Invalid, NotFound, Unauthenticated
from app.core.http import documented
from app.registers.tasks import asking, results
from app.registers.tasks.shown import Tasks, TaskShown, shown

router = APIRouter(
    prefix="/tasks", tags=["tasks"], responses=documented(Unauthenticated, Invalid, NotFound)
)


@router.get("", operation_id="tasks_list", summary="My long work, the newest first")
async def list_tasks(
    work: WorkDep,
    live: Annotated[bool, Query(description="Only what has not ended")] = False,  # noqa: FBT002
    after: Annotated[UUID | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> Tasks:
    found = await asking.listed(work, live=live, after=after, limit=limit)
    items = [shown(work, task) for task in found[:limit]]
    return Tasks(items=items, next=str(items[-1].id) if len(found) > limit else None)


@router.get("/{id}", operation_id="tasks_read", summary="One piece of my long work")
async def read_task(work: WorkDep, id: UUID) -> TaskShown:  # noqa: A002 -- the name in the path
    return shown(work, await asking.one(work, id))


@router.post(
    "/{id}/cancel",
    operation_id="tasks_cancel",
    summary="Cancel it",
    responses=documented(Conflict),
)
async def cancel_task(work: WorkDep, id: UUID) -> TaskShown:  # noqa: A002
    return shown(work, await asking.cancel(work, id))


@router.get(
    "/{id}/file",
    operation_id="tasks_file",
    summary="The file it left",
    response_class=FileResponse,
)
async def read_file(work: WorkDep, id: UUID) -> FileResponse:  # noqa: A002
    task = await asking.one(work, id)
    path = results.path_of(task.id)
    if task.file_name is None or not path.exists():
        raise NotFound
    return FileResponse(
        path,
        media_type=task.file_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(task.file_name)}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
            "Cache-Control": "private, no-store",
        },
    )
