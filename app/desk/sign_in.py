"""/auth: tokens for machines, cookies for the page, the one-use set-up link."""

import hashlib
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access import passwords, sessions
from app.access.roles import LABELS, Role
from app.access.sessions import SignedIn
from app.access.setup import other_administrators
from app.access.tables import Account, AccountState, Organisation, Session
from app.audit import work as trail
from app.audit.requests import (
    ACCESS_COOKIE,
    SECURE_ACCESS_COOKIE,
    DoorDep,
    WorkDep,
    caller_of,
    require_own_page,
)
from app.audit.trail import AuditEntry, Outcome
from app.core import db
from app.core.clock import now
from app.core.errors import BadRequest, FieldError, Forbidden, Invalid, NotFound, Unauthenticated
from app.core.http import documented, locale_of
from app.core.labels import T
from app.desk.me import Me, account_of, me_of

router = APIRouter(prefix="/auth", tags=["auth"], responses=documented(Unauthenticated, Invalid))

REFRESH_COOKIE = "park_rt"
SECURE_REFRESH_COOKIE = "__Host-rt"
_REFRESH_SECONDS = 12 * 3600
_USED = T(
    "这个链接已经用过或已失效，请联系管理员。",
    "This link was used or has expired; ask an administrator.",
)
_TAKEN = T("这个用户名已被使用，请换一个。", "This username is taken; choose another.")
_NO_SESSION = T("没有可以续期的登录，请重新登录。", "There is no session to renew; sign in again.")


class Token(BaseModel):
    access_token: str
    token_type: str
    expires_in: int


class Credentials(BaseModel):
    model_config = ConfigDict(extra="forbid")
    username: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=256)


class SetUp(BaseModel):
    model_config = ConfigDict(extra="forbid")
    token: str = Field(min_length=20, max_length=100)
    username: str | None = Field(default=None, min_length=2, max_length=64, pattern=r"^[\w.@-]+$")
    name: str | None = Field(default=None, min_length=1, max_length=64)
    password: str = Field(max_length=256)


class ChosenHat(BaseModel):
    model_config = ConfigDict(extra="forbid")
    hat_id: UUID


class HatWorn(Me):
    """Who I am now; a machine also gets the token to go on with."""

    access_token: str | None


class AdministratorLink(BaseModel):
    """The one-use link of another administrator, told once, to be handed on."""

    username: str
    role: Role
    role_label: str
    link: str


class SetUpDone(BaseModel):
    username: str
    administrators: list[AdministratorLink]


@router.post("/token", operation_id="auth_token", summary="A bearer token for a machine")
async def token(
    request: Request, session: DoorDep, form: Annotated[OAuth2PasswordRequestForm, Depends()]
) -> Token:
    done = await _signed_in(request, session, form.username, form.password, sessions.BEARER_SECONDS)
    return Token(
        access_token=done.access,
        token_type="bearer",  # noqa: S106 -- the scheme's name, no secret
        expires_in=sessions.BEARER_SECONDS,
    )


@router.post(
    "/session",
    operation_id="auth_sign_in",
    summary="Sign the page in",
    responses=documented(Forbidden),
)
async def sign_in(request: Request, response: Response, session: DoorDep, given: Credentials) -> Me:
    require_own_page(request)
    done = await _signed_in(
        request, session, given.username, given.password, sessions.ACCESS_SECONDS
    )
    _set_cookies(request, response, done.access, done.refresh)
    return await me_of(session, done.account, done.hat)


async def _signed_in(
    request: Request, session: AsyncSession, username: str, password: str, seconds: int
) -> SignedIn:
    caller = caller_of(request)
    try:
        done = await sessions.sign_in(
            session,
            username,
            password,
            seconds=seconds,
            ip=caller.ip,
            user_agent=caller.user_agent,
        )
    except Unauthenticated:
        await _note_refusal(request, username)
        raise
    await _note(request, session, done.account, "account.sign_in", Outcome.done)
    return done


async def _note_refusal(request: Request, username: str) -> None:
    """Note a refused sign-in in a transaction of its own: the request's is rolled back."""
    async with db.transaction("staff") as session:
        account = await sessions.account_named(session, username)
        await _note(request, session, account, "account.sign_in", Outcome.refused)


async def _note(
    request: Request, session: AsyncSession, account: Account | None, verb: str, outcome: Outcome
) -> None:
    caller = caller_of(request)
    hats = await sessions.hats_of(session, account.id) if account else []
    hat, organisation = hats[0] if hats else (None, None)
    entry = AuditEntry(
        account_id=account.id if account else None,
        username=account.username if account else "",
        account_name=account.name if account else "",
        role=hat.role if hat else None,
        organisation_id=organisation.id if organisation else None,
        organisation_name=organisation.name if organisation else "",
        node_id=organisation.node_id if organisation else await _top_node(session),
        verb=verb,
        outcome=outcome,
        ip=caller.ip,
        request_id=caller.request_id,
    )
    await trail.write(session, [entry.model_dump()])


async def _top_node(session: AsyncSession) -> int:
    """Return the node whose auditor sees what nobody's account did."""
    top = select(func.min(Organisation.node_id)).where(col(Organisation.parent_id).is_(None))
    return int(await session.scalar(top) or 0)


@router.post(
    "/session/refresh",
    status_code=204,
    operation_id="auth_refresh",
    summary="Renew the page's session",
)
async def refresh(request: Request, response: Response, session: DoorDep) -> None:
    require_own_page(request)
    held = request.cookies.get(SECURE_REFRESH_COOKIE) or request.cookies.get(REFRESH_COOKIE)
    if held is None:
        raise Unauthenticated(_NO_SESSION)
    access, successor = await sessions.rotate(session, held)
    _set_cookies(request, response, access, successor)


@router.delete("/session", status_code=204, operation_id="auth_sign_out", summary="Sign out")
async def sign_out(request: Request, response: Response, work: WorkDep) -> None:
    async with db.transaction("staff") as session:
        if work.actor.session_id:
            await sessions.revoke(session, work.actor.session_id, work.actor.account_id)
    await work.note("account.sign_out")
    for name in (ACCESS_COOKIE, SECURE_ACCESS_COOKIE, REFRESH_COOKIE, SECURE_REFRESH_COOKIE):
        response.delete_cookie(name, path="/", secure=_secure(request), httponly=True)
    response.headers["Clear-Site-Data"] = '"cache"'


def _set_cookies(
    request: Request, response: Response, access: str, refresh_token: str | None
) -> None:
    """Set the two cookies; the ``__Host-`` names where the browser came over TLS."""
    secure = _secure(request)
    pairs = [(SECURE_ACCESS_COOKIE if secure else ACCESS_COOKIE, access, sessions.ACCESS_SECONDS)]
    if refresh_token is not None:
        name = SECURE_REFRESH_COOKIE if secure else REFRESH_COOKIE
        pairs.append((name, refresh_token, _REFRESH_SECONDS))
    for name, value, seconds in pairs:
        response.set_cookie(
            name, value, max_age=seconds, path="/", httponly=True, secure=secure, samesite="strict"
        )
    response.headers["Cache-Control"] = "no-store"


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"


@router.post("/hat", operation_id="auth_hat", summary="Act in another of my roles")
async def wear(request: Request, response: Response, work: WorkDep, given: ChosenHat) -> HatWorn:
    """Move this session to another role of the same account, behind that role's wall."""
    actor = work.actor
    async with db.transaction("staff") as session:
        hats = await sessions.hats_of(session, actor.account_id)
        chosen = next((hat for hat, _ in hats if hat.id == given.hat_id), None)
        if chosen is None or actor.session_id is None:
            raise NotFound
        await session.execute(
            update(Session).where(col(Session.id) == actor.session_id).values(hat_id=chosen.id)
        )
        found = await me_of(session, await account_of(session, actor.account_id), chosen)
    wall = sessions.wall(chosen)
    if request.headers.get("authorization") is None:
        access = sessions.access_token(actor.session_id, wall, sessions.ACCESS_SECONDS)
        _set_cookies(request, response, access, None)
        access = ""
    else:
        access = sessions.access_token(actor.session_id, wall, sessions.BEARER_SECONDS)
    await work.note("account.hat", detail={"role": chosen.role, "hat": str(chosen.id)})
    return HatWorn(**found.model_dump(), access_token=access or None)


@router.post(
    "/setup",
    status_code=201,
    operation_id="auth_setup",
    summary="Activate an account with its one-use link",
    responses=documented(BadRequest),
)
async def set_up(request: Request, session: DoorDep, given: SetUp) -> SetUpDone:
    held = hashlib.sha256(given.token.encode()).digest()
    found = await session.execute(
        select(Account).where(col(Account.setup_hash) == held).with_for_update()
    )
    account = found.scalar_one_or_none()
    expires = account.setup_expires_at if account else None
    if account is None or expires is None or expires <= now():
        raise BadRequest(_USED)
    username = given.username or account.username
    other = await sessions.account_named(session, username)
    if other is not None and other.id != account.id:
        raise Invalid.of(FieldError("/username", "taken", _TAKEN))
    weak = passwords.weaknesses(given.password, username)
    if weak:
        raise Invalid.of(*weak)
    account.username, account.name = username, given.name or account.name
    account.password_hash = await passwords.hashed(given.password)
    account.state, account.setup_hash, account.setup_expires_at = AccountState.active, None, None
    await sessions.revoke_all(session, account.id)
    await session.flush()
    await _note(request, session, account, "account.set_up", Outcome.done)
    links = await _other_administrators(request, session, account)
    return SetUpDone(username=username, administrators=links)


async def _other_administrators(
    request: Request, session: AsyncSession, account: Account
) -> list[AdministratorLink]:
    """Return the links of the other two, once: when the system administrator has set up."""
    hats = await sessions.hats_of(session, account.id)
    admin = next((hat for hat, _ in hats if hat.role is Role.system_admin), None)
    if admin is None:
        return []
    locale = locale_of(request)
    return [
        AdministratorLink(
            username=made.username, role=role, role_label=LABELS[role].in_(locale), link=link
        )
        for made, role, link in await other_administrators(session, admin.organisation_id)
    ]
