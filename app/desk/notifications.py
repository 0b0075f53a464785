"""/notifications: what the hat one wears was told, as far as it may still see it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from app.access.roles import Role
from app.audit.requests import WorkDep
from app.audit.work import Work
from app.core.errors import NotFound, Unauthenticated
from app.core.http import documented
from app.registers.together import inbox

router = APIRouter(
    prefix="/notifications", tags=["notifications"], responses=documented(Unauthenticated, NotFound)
)


class Mark(BaseModel):
    model_config = ConfigDict(extra="forbid")
    read: bool


def _require_any(work: Work) -> None:
    """Raise NotFound to the auditor, who is told nothing of any record."""
    if work.actor.role is Role.auditor:
        raise NotFound


@router.get("", operation_id="notifications_list", summary="What I was told, newest first")
async def list_notices(
    work: WorkDep,
    unread: Annotated[bool, Query(description="Only what I have not read")] = False,  # noqa: FBT002
    after: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> inbox.Inbox:
    _require_any(work)
    return await inbox.inbox(work, unread=unread, after=after, limit=limit)


@router.get("/unread", operation_id="notifications_unread", summary="How much waits")
async def count_unread(work: WorkDep) -> inbox.Unread:
    _require_any(work)
    return await inbox.unread_count(work)


@router.post("/read", status_code=204, operation_id="notifications_read_all", summary="All is read")
async def mark_all(
    work: WorkDep,
    record_id: Annotated[UUID | None, Query(description="Only what is about this record")] = None,
) -> None:
    _require_any(work)
    await inbox.mark_all(work, record_id)


@router.put("/{id}", operation_id="notifications_mark", summary="Read, or unread again")
async def mark_one(
    work: WorkDep,
    id: UUID,  # noqa: A002 -- the name in the path
    given: Mark,
) -> inbox.NoticeShown:
    _require_any(work)
    return await inbox.mark(work, id, read=given.read)
