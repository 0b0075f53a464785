"""/accounts: the system administrator makes them, the security administrator grants their roles.

Neither can do the other's part, and the auditor sees both (MLPS level 3, 8.1.5).
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import or_, select
from sqlmodel import col

from app.access import sessions
from app.access.roles import ADMINISTRATORS, LABELS, Role, named
from app.access.setup import new_link
from app.access.tables import Account, AccountState, Hat, Organisation
from app.audit.requests import WorkDep
from app.audit.work import Work
from app.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, Unauthenticated
from app.core.http import CONSTRAINTS, documented
from app.core.labels import LOCALES, T

router = APIRouter(
    prefix="/accounts",
    tags=["accounts"],
    responses=documented(Unauthenticated, NotFound, Invalid, Forbidden),
)

_TAKEN = T("这个用户名已被使用，请换一个。", "This username is taken; choose another.")
_ONLY = T("只有{who}可以这样做，请联系他们办理。", "Only {who} may do this; ask one of them.")
_NOT_SELF = T(
    "不能给自己授权，也不能操作自己的账号；请由另一位管理员办理。",
    "Nobody grants to, or acts on, their own account; ask another administrator.",
)
_NOT_RESET = T(
    "为防止冒用，安全管理员和审计管理员的密码只能在服务器上重设（park user reset），"
    "请联系运维人员。",
    "For safety the passwords of the security and audit administrators are reset on the server"
    " only (park user reset); ask whoever runs it.",
)
CONSTRAINTS["uq_account_username_lower"] = ("/username", _TAKEN)
ADMINS = frozenset({Role.system_admin, Role.security_admin})


class NewAccount(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    username: str = Field(min_length=2, max_length=64, pattern=r"^[\w.@-]+$")
    name: str = Field(min_length=1, max_length=64)
    locale: Literal["zh-CN", "zh-TW", "en"] = LOCALES[0]  # type: ignore[assignment]


class GrantShown(BaseModel):
    id: UUID
    role: Role
    role_label: str
    organisation_id: int
    organisation: str
    party_register: str | None
    party_id: UUID | None
    valid_until: date | None
    granted_at: datetime


class AccountShown(BaseModel):
    id: UUID
    username: str
    name: str
    locale: str
    state: AccountState
    created_at: datetime
    email: str | None
    email_verified: bool
    setup_link: str | None = Field(default=None, description="One use; shown once")
    grants: list[GrantShown]


class Accounts(BaseModel):
    items: list[AccountShown]
    next: str | None


def require(work: Work, roles: frozenset[Role]) -> None:
    """Raise NotFound to those who see no accounts at all, Forbidden to the other administrator."""
    if work.actor.role not in ADMINS:
        raise NotFound
    if work.actor.role not in roles:
        raise Forbidden(_ONLY, {"who": named(roles)})


@router.get("", operation_id="accounts_list", summary="Accounts")
async def list_accounts(
    work: WorkDep,
    q: Annotated[str | None, Query(max_length=64)] = None,
    after: Annotated[UUID | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Accounts:
    require(work, ADMINS)
    statement = select(Account).order_by(col(Account.id)).limit(limit + 1)
    if q:
        like = col(Account.username).icontains(q, autoescape=True)
        statement = statement.where(or_(like, col(Account.name).contains(q, autoescape=True)))
    if after:
        statement = statement.where(col(Account.id) > after)
    found = list((await work.session.execute(statement)).scalars())
    page = [await shown(work, account) for account in found[:limit]]
    return Accounts(items=page, next=str(page[-1].id) if len(found) > limit else None)


async def shown(work: Work, account: Account, link: str | None = None) -> AccountShown:
    """Return an account with its roles, and the link to set it up if it was just made."""
    grants = await sessions.hats_of(work.session, account.id)
    return AccountShown(
        id=account.id,
        username=account.username,
        name=account.name,
        locale=account.locale,
        state=account.state,
        created_at=account.created_at,
        email=account.email,
        email_verified=account.email_verified_at is not None,
        setup_link=link,
        grants=[grant_shown(work, hat, organisation) for hat, organisation in grants],
    )


def grant_shown(work: Work, hat: Hat, organisation: Organisation) -> GrantShown:
    """Return one role of an account in words."""
    return GrantShown(
        id=hat.id,
        role=hat.role,
        role_label=LABELS[hat.role].in_(work.locale),
        organisation_id=hat.organisation_id,
        organisation=organisation.name,
        party_register=hat.party_register,
        party_id=hat.party_id,
        valid_until=hat.valid_until,
        granted_at=hat.granted_at,
    )


@router.post("", status_code=201, operation_id="accounts_create", summary="New account")
async def create_account(work: WorkDep, given: NewAccount) -> AccountShown:
    require(work, frozenset({Role.system_admin}))
    if await sessions.account_named(work.session, given.username):
        raise Conflict(_TAKEN, errors=[FieldError("/username", "taken", _TAKEN)])
    account = Account(**given.model_dump(), created_by=work.actor.account_id)
    link = new_link(account)
    work.session.add(account)
    await work.session.flush()
    await note(work, "account.create", account)
    return await shown(work, account, link)


async def account_of(work: Work, account_id: UUID) -> Account:
    """Return somebody else's account, locked. Raises NotFound, Forbidden."""
    found = await work.session.execute(
        select(Account).where(col(Account.id) == account_id).with_for_update()
    )
    account = found.scalar_one_or_none()
    if account is None:
        raise NotFound
    if account.id == work.actor.account_id:
        raise Forbidden(_NOT_SELF)
    return account


async def note(
    work: Work, verb: str, account: Account, detail: dict[str, Any] | None = None
) -> None:
    """Put an act upon an account on the trail."""
    await work.note(verb, record_id=account.id, record_label=account.username, detail=detail or {})


@router.post("/{id}/moves/{move}", operation_id="accounts_move", summary="Disable, enable, reset")
async def move_account(
    work: WorkDep,
    id: UUID,  # noqa: A002 -- the name in the path
    move: Literal["disable", "enable", "reset"],
) -> AccountShown:
    require(work, frozenset({Role.system_admin}))
    account = await account_of(work, id)
    await _require_not_over_them(work, account)
    link = None
    if move == "disable":
        account.state, account.setup_hash = AccountState.disabled, None
    elif move == "enable":
        has = account.password_hash is not None
        account.state = AccountState.active if has else AccountState.pending
    else:
        account.state, account.password_hash = AccountState.pending, None
        link = new_link(account)
    if move != "enable":
        await sessions.revoke_all(work.session, account.id)
    await work.session.flush()
    await note(work, f"account.{move}", account)
    return await shown(work, account, link)


async def _require_not_over_them(work: Work, account: Account) -> None:
    """Keep the system administrator from becoming one of those who watch over it."""
    held = {hat.role for hat, _ in await sessions.hats_of(work.session, account.id)}
    if held & (ADMINISTRATORS - {Role.system_admin}):
        raise Forbidden(_NOT_RESET)
