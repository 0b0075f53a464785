"""/auth: tokens for machines, cookies for the page, the role one acts in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel, ConfigDict, Field

from app.access import entering, sessions, tries
from app.access.entering import Given
from app.access.sessions import SignedIn
from app.access.tables import Account
from app.audit.requests import HallDep, caller_of, require_own_page
from app.audit.trail import Outcome
from app.core import db
from app.core.errors import Forbidden, Invalid, NotFound, TooMany, Unauthenticated
from app.core.http import documented
from app.core.labels import T
from app.desk import cookies
from app.desk.door_notes import note, note_refusal
from app.desk.me import Me, account_of, me_of

router = APIRouter(prefix="/auth", tags=["auth"], responses=documented(Unauthenticated, Invalid))

_NO_SESSION = T("没有可以续期的登录，请重新登录。", "There is no session to renew; sign in again.")
_STOLEN = T(
    "这次登录在别处被重复使用，为安全起见已经结束；请重新登录，若不是您本人所为请修改密码。",
    "This session was used from two places and has been ended for safety. Sign in again, and change"
    " your password if the other was not you.",
)


class Token(BaseModel):
    access_token: str
    token_type: str
    expires_in: int


class Credentials(BaseModel):
    model_config = ConfigDict(extra="forbid")
    username: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=256)
    code: str | None = Field(
        default=None, max_length=32, description="Of the authenticator, or a recovery code"
    )


class ChosenHat(BaseModel):
    model_config = ConfigDict(extra="forbid")
    hat_id: UUID


class HatWorn(Me):
    """Who I am now; a machine also gets the token to go on with."""

    access_token: str | None


@router.post(
    "/token",
    operation_id="auth_token",
    summary="A bearer token for a machine",
    responses=documented(TooMany),
)
async def token(
    request: Request,
    form: Annotated[OAuth2PasswordRequestForm, Depends()],
    code: Annotated[str | None, Form(max_length=32)] = None,
) -> Token:
    done, _ = await _signed_in(request, form.username, form.password, code)
    return Token(
        access_token=done.access(sessions.BEARER_SECONDS),
        token_type="bearer",  # noqa: S106 -- the scheme's name, no secret
        expires_in=sessions.BEARER_SECONDS,
    )


@router.post(
    "/session",
    operation_id="auth_sign_in",
    summary="Sign the page in",
    responses=documented(Forbidden, TooMany),
)
async def sign_in(request: Request, response: Response, given: Credentials) -> Me:
    require_own_page(request)
    done, device = await _signed_in(
        request, given.username, given.password, given.code, remember=True
    )
    begin_page(request, response, done)
    cookies.set_device(request, response, device)
    async with db.transaction("staff") as session:
        return await me_of(session, done.account, done.hat, done.session)


def begin_page(request: Request, response: Response, done: SignedIn) -> None:
    """Give the page the cookies of a new session."""
    seconds = sessions.life_of(done.hat.role).access_seconds
    cookies.set_session(request, response, done.access(seconds), seconds, done.refresh)


async def _signed_in(
    request: Request, username: str, password: str, code: str | None, *, remember: bool = False
) -> tuple[SignedIn, str]:
    """Return the new session, and what the browser is to be known by from now on."""
    caller = caller_of(request)
    held = cookies.device_of(request)
    given = Given(username, password, code, held, caller.ip, caller.user_agent)
    try:
        checked = await entering.check(given)
        await entering.require_code(checked, given)
        async with db.transaction("staff") as session:
            done = await entering.enter(session, checked, given)
            device = await tries.remember(session, done.account.id, held) if remember else ""
            await note(request, session, done.account, "account.sign_in")
    except entering.CodeWanted:
        raise
    except Unauthenticated as refused:
        await note_refusal(request, username, "account.sign_in", refused.type)
        raise
    return done, device


@router.post(
    "/session/refresh",
    status_code=204,
    operation_id="auth_refresh",
    summary="Renew the page's session",
)
async def refresh(request: Request, response: Response) -> None:
    require_own_page(request)
    held = cookies.refresh_of(request)
    if held is None:
        raise Unauthenticated(_NO_SESSION)
    async with db.transaction("staff") as session:
        done = await sessions.rotate(session, held)
        if done.stolen:
            account = await session.get_one(Account, done.session.account_id)
            ended = {"ended": str(done.session.id)}
            await note(request, session, account, "account.reuse", Outcome.refused, **ended)
    if done.stolen:
        raise Unauthenticated(_STOLEN)
    seconds = sessions.life_of(done.hat.role).access_seconds
    cookies.set_session(request, response, done.access, seconds, done.refresh)


@router.delete("/session", status_code=204, operation_id="auth_sign_out", summary="Sign out")
async def sign_out(request: Request, response: Response, work: HallDep) -> None:
    async with db.transaction("staff") as session:
        if work.actor.session_id:
            await sessions.revoke(session, work.actor.session_id, work.actor.account_id)
    await work.note("account.sign_out")
    cookies.clear_session(request, response)
    response.headers["Clear-Site-Data"] = '"cache"'


@router.post("/hat", operation_id="auth_hat", summary="Act in another of my roles")
async def wear(request: Request, response: Response, work: HallDep, given: ChosenHat) -> HatWorn:
    """Move this session to another role of the same account, behind that role's wall."""
    actor = work.actor
    async with db.transaction("staff") as session:
        hats = await sessions.hats_of(session, actor.account_id)
        chosen = next((hat for hat, _ in hats if hat.id == given.hat_id), None)
        if chosen is None or actor.session_id is None:
            raise NotFound
        row = await sessions.wear(session, actor.session_id, chosen)
        found = await me_of(session, await account_of(session, actor.account_id), chosen, row)
    wall, seconds = sessions.wall(chosen), sessions.life_of(chosen.role).access_seconds
    if request.headers.get("authorization") is None:
        access = sessions.access_token(actor.session_id, wall, seconds)
        cookies.set_session(request, response, access, seconds, None)
        access = ""
    else:
        access = sessions.access_token(actor.session_id, wall, sessions.BEARER_SECONDS)
    await work.note("account.hat", detail={"role": chosen.role, "hat": str(chosen.id)})
    return HatWorn(**found.model_dump(), access_token=access or None)
