"""/acts: what waits for a second person, and that person's word."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.audit.requests import WorkDep
from app.core.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from app.core.http import documented
from app.core.tables import Body
from app.registers.approvals import deciding
from app.registers.approvals.tables import ActState
from app.registers.approvals.waiting import ActShown, shown, takes_part, waiting

router = APIRouter(
    prefix="/acts",
    tags=["acts"],
    responses=documented(Unauthenticated, NotFound, Forbidden, Conflict, Invalid),
)


class Acts(BaseModel):
    items: list[ActShown]


class Decided(BaseModel):
    id: UUID
    kind: str
    state: ActState
    decided_by: str | None


class AskForm(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: str = Field(max_length=64)
    record_id: UUID
    params: dict[str, Any] = Field(default_factory=dict, description="The form of the move")


class RefuseForm(Body):
    reason: Annotated[str, Field(min_length=2, max_length=500)]


@router.get("", operation_id="acts_list", summary="Acts that wait for a second person")
async def list_acts(work: WorkDep) -> Acts:
    if not takes_part(work):
        raise NotFound
    return Acts(items=await waiting(work))


@router.post("", status_code=201, operation_id="acts_ask", summary="Ask for an act on a record")
async def ask_for_act(work: WorkDep, given: AskForm) -> ActShown:
    act = await deciding.ask_for_move(work, given.kind, given.record_id, given.params)
    return await shown(work, act)


@router.post("/{id}/refuse", operation_id="acts_refuse", summary="Refuse an act")
async def refuse_act(work: WorkDep, id: UUID, given: RefuseForm) -> Decided:  # noqa: A002
    return Decided.model_validate(
        await deciding.refuse(work, id, given.reason), from_attributes=True
    )


_WORDS = {
    "confirm": deciding.confirm,
    "withdraw": deciding.withdraw,
    "renew": deciding.renew,
}


@router.post(
    "/{id}/{word}", operation_id="acts_decide", summary="Confirm, take back or ask again for an act"
)
async def decide_act(
    work: WorkDep,
    id: UUID,  # noqa: A002 -- the name in the path
    word: Literal["confirm", "withdraw", "renew"],
) -> Decided:
    return Decided.model_validate(await _WORDS[word](work, id), from_attributes=True)
