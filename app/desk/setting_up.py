"""/auth/setup: the one-use link that activates an account."""

import hashlib

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access import password_change, sessions, tries
from app.access.roles import LABELS, Role
from app.access.setup import other_administrators
from app.access.tables import Account, AccountState
from app.audit.requests import DoorDep
from app.core.clock import now
from app.core.errors import BadRequest, FieldError, Invalid
from app.core.http import documented, locale_of
from app.core.labels import T
from app.desk import cookies
from app.desk.door_notes import note

router = APIRouter(prefix="/auth", tags=["auth"], responses=documented(BadRequest, Invalid))

_USED = T(
    "这个链接已经用过或已失效，请联系管理员。",
    "This link was used or has expired; ask an administrator.",
)
_TAKEN = T("这个用户名已被使用，请换一个。", "This username is taken; choose another.")


class SetUp(BaseModel):
    model_config = ConfigDict(extra="forbid")
    token: str = Field(min_length=20, max_length=100)
    username: str | None = Field(default=None, min_length=2, max_length=64, pattern=r"^[\w.@-]+$")
    name: str | None = Field(default=None, min_length=1, max_length=64)
    password: str = Field(max_length=256)


class AdministratorLink(BaseModel):
    """The one-use link of another administrator, told once, to be handed on."""

    username: str
    role: Role
    role_label: str
    link: str


class SetUpDone(BaseModel):
    username: str
    administrators: list[AdministratorLink]


@router.post(
    "/setup",
    status_code=201,
    operation_id="auth_setup",
    summary="Activate an account with its one-use link",
)
async def set_up(request: Request, response: Response, session: DoorDep, given: SetUp) -> SetUpDone:
    account = await _behind(session, given.token)
    username = given.username or account.username
    other = await sessions.account_named(session, username)
    if other is not None and other.id != account.id:
        raise Invalid.of(FieldError("/username", "taken", _TAKEN))
    account.username, account.name = username, given.name or account.name
    await password_change.choose(session, account, given.password)
    account.state, account.setup_hash, account.setup_expires_at = AccountState.active, None, None
    await sessions.revoke_all(session, account.id)
    await tries.forget_devices(session, account.id)
    device = await tries.remember(session, account.id, cookies.device_of(request))
    await session.flush()
    await note(request, session, account, "account.set_up")
    links = await _other_administrators(request, session, account)
    cookies.set_device(request, response, device)
    return SetUpDone(username=username, administrators=links)


async def _behind(session: AsyncSession, token: str) -> Account:
    """Return the account a link activates, locked. Raises BadRequest."""
    held = hashlib.sha256(token.encode()).digest()
    found = await session.execute(
        select(Account).where(col(Account.setup_hash) == held).with_for_update()
    )
    account = found.scalar_one_or_none()
    expires = account.setup_expires_at if account else None
    if account is None or expires is None or expires <= now():
        raise BadRequest(_USED)
    return account


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
