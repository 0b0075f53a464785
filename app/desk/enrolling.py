"""/me/second-factor: an authenticator of one's own, and the codes for the day it is lost."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import proving, second_factor, sessions
from app.access.step_up import StepUp, require_fresh_factor
from app.audit.requests import HallDep
from app.audit.work import Work
from app.core import db
from app.core.errors import Conflict, FieldError, Invalid, NotFound, TooMany, Unauthenticated
from app.core.http import documented
from app.core.labels import T
from app.desk.me import account_of

router = APIRouter(
    prefix="/me/second-factor",
    tags=["me"],
    responses=documented(Unauthenticated, StepUp, Invalid, TooMany),
)

_ALREADY = T(
    "这个账号已经启用动态验证码；换手机时请先停用，再重新启用。手机遗失时可用恢复码停用，"
    "或请安全管理员重置。",
    "An authenticator is in use already. For a new phone end it first, then enrol again; if the old"
    " one is lost, end it with a recovery code or ask the security administrator.",
)


class SecondFactorShown(BaseModel):
    enrolled: bool
    expected: bool = Field(description="Whether this installation wants one of my role")
    recovery_codes_left: int


class SeedShown(BaseModel):
    """What the authenticator is fed with; shown once."""

    secret: str
    uri: str
    picture: str = Field(description="The address as a QR code: an SVG in a data: address")


class Code(BaseModel):
    model_config = ConfigDict(extra="forbid")
    code: str = Field(min_length=1, max_length=32)


class RecoveryCodes(BaseModel):
    """Each is good once; shown now and never again."""

    codes: list[str]


@router.get("", operation_id="me_second_factor", summary="My second factor")
async def read(work: HallDep) -> SecondFactorShown:
    account_id = work.actor.account_id
    async with db.transaction("staff") as session:
        return SecondFactorShown(
            enrolled=await second_factor.enrolled(session, account_id),
            expected=second_factor.expected_of(work.actor.role),
            recovery_codes_left=await second_factor.recovery_codes_left(session, account_id),
        )


@router.post(
    "",
    operation_id="me_second_factor_begin",
    summary="Begin to enrol",
    responses=documented(Conflict),
)
async def begin(work: HallDep) -> SeedShown:
    """Make a seed; nothing asks for its codes before one was entered (``confirm``)."""
    await require_fresh_factor(work.actor)
    async with db.transaction("staff") as session:
        await _require_none(session, work)
        account = await account_of(session, work.actor.account_id)
        seed = await second_factor.begin(session, account)
    return SeedShown(secret=seed.secret, uri=seed.uri, picture=seed.picture)


@router.post(
    "/confirm",
    operation_id="me_second_factor_confirm",
    summary="Enter a first code",
    responses=documented(Conflict),
)
async def confirm(work: HallDep, given: Code) -> RecoveryCodes:
    """Let the authenticator count from now on; every other session ends."""
    held = await proving.counted(work.actor.account_id)
    async with db.transaction("staff") as session:
        await _require_none(session, work)
        codes = await second_factor.confirm(session, work.actor.account_id, given.code)
        if codes is None:
            raise Invalid.of(FieldError("/code", "wrong", proving.WRONG_CODE))
        await held.give_back(session)
        if work.actor.session_id is not None:
            await proving.mark_proved(session, work.actor.session_id, second=True)
        await sessions.revoke_all(session, work.actor.account_id, keep=work.actor.session_id)
    await work.note("account.second_factor")
    return RecoveryCodes(codes=codes)


@router.post(
    "/recovery-codes",
    operation_id="me_recovery_codes",
    summary="New recovery codes",
    responses=documented(NotFound),
)
async def new_codes(work: HallDep) -> RecoveryCodes:
    await require_fresh_factor(work.actor)
    async with db.transaction("staff") as session:
        if not await second_factor.enrolled(session, work.actor.account_id):
            raise NotFound
        codes = await second_factor.new_recovery_codes(session, work.actor.account_id)
    await work.note("account.recovery_codes")
    return RecoveryCodes(codes=codes)


@router.delete(
    "",
    status_code=204,
    operation_id="me_second_factor_end",
    summary="End my authenticator",
    responses=documented(NotFound),
)
async def end(work: HallDep) -> None:
    """Forget seed and recovery codes, for a new phone; a role that needs one enrols anew."""
    await require_fresh_factor(work.actor)
    async with db.transaction("staff") as session:
        if not await second_factor.enrolled(session, work.actor.account_id):
            raise NotFound
        await second_factor.forget(session, work.actor.account_id)
        await proving.forget_second(session, work.actor.account_id)
    await work.note("account.second_factor_end")


async def _require_none(session: AsyncSession, work: Work) -> None:
    if await second_factor.enrolled(session, work.actor.account_id):
        raise Conflict(_ALREADY)
