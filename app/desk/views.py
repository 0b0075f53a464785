"""/views: lists of registers as people saved them, for themselves or their colleagues."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from app.audit.requests import WorkDep
from app.core.errors import Forbidden, Invalid, NotFound, Unauthenticated
from app.core.http import documented
from app.registers.together import views

router = APIRouter(
    prefix="/views",
    tags=["views"],
    responses=documented(Unauthenticated, NotFound, Forbidden, Invalid),
)


@router.get("", operation_id="views_list", summary="Saved views of a register")
async def list_views(work: WorkDep, register: Annotated[str, Query(max_length=32)]) -> views.Views:
    return await views.views(work, register)


@router.post("", status_code=201, operation_id="views_create", summary="Save a view")
async def save_view(work: WorkDep, given: views.NewView) -> views.ViewShown:
    return await views.save(work, given)


@router.put(
    "/default", status_code=204, operation_id="views_default", summary="What my list opens with"
)
async def choose_default(work: WorkDep, given: views.DefaultView) -> None:
    await views.begin_with(work, given)


@router.put("/{id}", operation_id="views_revise", summary="Change my view")
async def revise_view(
    work: WorkDep,
    id: UUID,  # noqa: A002 -- the name in the path
    given: views.ViewGiven,
) -> views.ViewShown:
    return await views.revise(work, id, given)


@router.delete("/{id}", status_code=204, operation_id="views_delete", summary="Forget my view")
async def remove_view(work: WorkDep, id: UUID) -> None:  # noqa: A002
    await views.remove(work, id)
