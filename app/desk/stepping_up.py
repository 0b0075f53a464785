"""/auth/step-up: a fresh proof of who sits there, before a grave act."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.access import proving
from app.audit.requests import HallDep
from app.audit.trail import Outcome
from app.core import db
from app.core.errors import Invalid, NotFound, TooMany, Unauthenticated
from app.core.http import documented
from app.desk.me import account_of

router = APIRouter(
    prefix="/auth", tags=["auth"], responses=documented(Unauthenticated, Invalid, TooMany)
)


class Proof(BaseModel):
    """One of the two: the code where an authenticator is in use, else the password."""

    model_config = ConfigDict(extra="forbid")
    code: str | None = Field(default=None, max_length=32)
    password: str | None = Field(default=None, max_length=256)


@router.post(
    "/step-up",
    status_code=204,
    operation_id="auth_step_up",
    summary="Confirm that it is still me",
)
async def step_up(work: HallDep, given: Proof) -> None:
    """Make this session's factor fresh for five minutes."""
    session_id = work.actor.session_id
    if session_id is None:
        raise NotFound
    held = await proving.counted(work.actor.account_id)
    async with db.transaction("staff") as session:
        account = await account_of(session, work.actor.account_id)
        second = await proving.prove(session, account, given.code, given.password)
        await held.give_back(session)
        await proving.mark_proved(session, session_id, second=second)
    await work.note("account.step_up", outcome=Outcome.done, detail={"second": second})
