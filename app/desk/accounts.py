"""/accounts: the system administrator makes them, the security administrator grants their roles.

Neither can do the other's part, and the auditor sees both (MLPS level 3, 8.1.5).
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import or_, select, text
from sqlmodel import col

from app.access import sessions
from app.access.roles import ADMINISTRATORS, LABELS, Role, named, wall_of
from app.access.setup import new_link
from app.access.tables import Account, AccountState, Hat, Organisation, OrganisationKind
from app.audit.requests import WorkDep
from app.audit.work import Work
from app.core import db
from app.core.clock import now
from app.core.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, Unauthenticated
from app.core.http import CONSTRAINTS, documented
from app.core.labels import LOCALES, T
from app.desk.organisations import KINDS
from app.registers import directory

router = APIRouter(
    prefix="/accounts",
    tags=["accounts"],
    responses=documented(Unauthenticated, NotFound, Invalid, Forbidden),
)

_TAKEN = T("这个用户名已被使用，请换一个。", "This username is taken; choose another.")
_HELD = T(
    "该账号已有这个角色，无须再授予；请核对所选的角色和单位。",
    "The account holds this role already; check the role and organisation chosen.",
)
_ONLY = T("只有{who}可以这样做，请联系他们办理。", "Only {who} may do this; ask one of them.")
_NOT_SELF = T(
    "不能给自己授权，也不能操作自己的账号；请由另一位管理员办理。",
    "Nobody grants to, or acts on, their own account; ask another administrator.",
)
_NO_PARTY = T(
    "企业和专家角色须对应具体的企业或专家，请选择是哪一家或哪一位。",
    "The role is for one enterprise or expert; choose which.",
)
_NO_ORGANISATION = T(
    "没有这个单位，请从列表中重新选择。", "There is no such organisation; choose one from the list."
)
_APART = T(
    "三员分立：系统、安全、审计管理员各由一人担任，且不得兼任业务角色；请另建账号。",
    "System, security and audit administrator are three people and hold no other role;"
    " make another account.",
)
_NOT_RESET = T(
    "为防止冒用，安全管理员和审计管理员的密码只能在服务器上重设（park user reset），"
    "请联系运维人员。",
    "For safety the passwords of the security and audit administrators are reset on the server"
    " only (park user reset); ask whoever runs it.",
)
_NOT_PARTY = T(
    "没有这家企业或这位专家，请从列表中重新选择。",
    "There is no such enterprise or expert; choose one from the list.",
)
CONSTRAINTS["uq_account_username_lower"] = ("/username", _TAKEN)
CONSTRAINTS["uq_hat_live"] = ("/role", _HELD)
_ADMINS = frozenset({Role.system_admin, Role.security_admin})
_K = OrganisationKind
_ABOVE = frozenset({_K.province, _K.centre})
#: Where a role may be held.
_WHERE: dict[Role, frozenset[OrganisationKind]] = {
    Role.province_staff: frozenset({_K.province}),
    Role.centre_leader: frozenset({_K.centre}),
    Role.centre_staff: frozenset({_K.centre}),
    Role.station_staff: frozenset({_K.station}),
    Role.committee: frozenset({_K.committee}),
    Role.enterprise: frozenset({_K.park}),
    Role.expert: frozenset({_K.province, _K.centre, _K.park}),
    Role.auditor: _ABOVE,
    Role.system_admin: _ABOVE,
    Role.security_admin: _ABOVE,
}
_WRONG_KIND = T(
    "「{role}」不能设在这个单位，请选择{kinds}。",
    "{role} cannot be held at this organisation; choose one of: {kinds}.",
)
_PARTY_REGISTERS = {Role.enterprise: "enterprises", Role.expert: "experts"}


class NewAccount(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
    username: str = Field(min_length=2, max_length=64, pattern=r"^[\w.@-]+$")
    name: str = Field(min_length=1, max_length=64)
    locale: Literal["zh-CN", "zh-TW", "en"] = LOCALES[0]  # type: ignore[assignment]


class Grant(BaseModel):
    model_config = ConfigDict(extra="forbid")
    role: Role
    organisation_id: int = Field(ge=1, le=2**31 - 1)
    party_id: UUID | None = None
    valid_until: date | None = None


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


class Grants(BaseModel):
    items: list[GrantShown]


def require(work: Work, roles: frozenset[Role]) -> None:
    """Raise NotFound to those who see no accounts at all, Forbidden to the other administrator."""
    if work.actor.role not in _ADMINS:
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
    require(work, _ADMINS)
    statement = select(Account).order_by(col(Account.id)).limit(limit + 1)
    if q:
        like = col(Account.username).icontains(q, autoescape=True)
        statement = statement.where(or_(like, col(Account.name).contains(q, autoescape=True)))
    if after:
        statement = statement.where(col(Account.id) > after)
    found = list((await work.session.execute(statement)).scalars())
    shown = [await _shown(work, account) for account in found[:limit]]
    return Accounts(items=shown, next=str(shown[-1].id) if len(found) > limit else None)


async def _shown(work: Work, account: Account, link: str | None = None) -> AccountShown:
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
        grants=[_grant(work, hat, organisation) for hat, organisation in grants],
    )


def _grant(work: Work, hat: Hat, organisation: Organisation) -> GrantShown:
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
    await _note(work, "account.create", account)
    return await _shown(work, account, link)


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


async def _note(
    work: Work, verb: str, account: Account, detail: dict[str, Any] | None = None
) -> None:
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
    await _note(work, f"account.{move}", account)
    return await _shown(work, account, link)


async def _require_not_over_them(work: Work, account: Account) -> None:
    """Keep the system administrator from becoming one of those who watch over it."""
    held = {hat.role for hat, _ in await sessions.hats_of(work.session, account.id)}
    if held & (ADMINISTRATORS - {Role.system_admin}):
        raise Forbidden(_NOT_RESET)


@router.get("/{id}/grants", operation_id="accounts_grants", summary="Roles of an account")
async def list_grants(work: WorkDep, id: UUID) -> Grants:  # noqa: A002
    require(work, _ADMINS)
    account = await work.session.get(Account, id)
    if account is None:
        raise NotFound
    return Grants(items=(await _shown(work, account)).grants)


@router.post("/{id}/grants", status_code=201, operation_id="accounts_grant", summary="Grant a role")
async def grant(work: WorkDep, id: UUID, given: Grant) -> GrantShown:  # noqa: A002
    require(work, frozenset({Role.security_admin}))
    account = await account_of(work, id)
    organisation = await work.session.get(Organisation, given.organisation_id)
    if organisation is None:
        raise Invalid.of(FieldError("/organisation_id", "unknown", _NO_ORGANISATION))
    if organisation.kind not in _WHERE[given.role]:
        told = {"role": LABELS[given.role], "kinds": _kinds(_WHERE[given.role])}
        raise Invalid.of(FieldError("/organisation_id", "wrong_kind", _WRONG_KIND, told))
    register = _PARTY_REGISTERS.get(given.role)
    await _require_apart(work, account, given.role)
    await _check_party(given, register)
    hat = Hat(
        account_id=account.id,
        role=given.role,
        organisation_id=given.organisation_id,
        party_register=register,
        party_id=given.party_id,
        valid_until=given.valid_until,
        granted_by=work.actor.account_id,
    )
    work.session.add(hat)
    await work.session.flush()
    await _note(work, "account.grant", account, {"role": given.role, "grant": str(hat.id)})
    return _grant(work, hat, organisation)


def _kinds(kinds: frozenset[OrganisationKind]) -> T:
    found = [KINDS[kind] for kind in OrganisationKind if kind in kinds]
    return T("、".join(k.zh for k in found), ", ".join(k.en for k in found))


async def _require_apart(work: Work, account: Account, role: Role) -> None:
    """Keep the three administrators three people, and none of them in business (MLPS 8.1.5)."""
    held = {hat.role for hat, _ in await sessions.hats_of(work.session, account.id)} - {role}
    if held and (role in ADMINISTRATORS or held & ADMINISTRATORS):
        raise Conflict(_APART, errors=[FieldError("/role", "administrators_apart", _APART)])


async def _check_party(given: Grant, register: str | None) -> None:
    if (register is None) != (given.party_id is None):
        raise Invalid.of(FieldError("/party_id", "missing", _NO_PARTY))
    if register is None or given.party_id is None:
        return
    row = directory.named(register).row
    async with db.transaction(wall_of(given.role)) as own:
        await own.execute(_AS_PARTY, {"party": str(given.party_id)})
        if not await own.scalar(select(row.id).where(col(row.id) == given.party_id)):
            raise Invalid.of(FieldError("/party_id", "unknown", _NOT_PARTY))


_AS_PARTY = text("SELECT set_config('app.party', :party, true)")


@router.delete(
    "/{id}/grants/{grant_id}",
    status_code=204,
    operation_id="accounts_ungrant",
    summary="Take a role",
)
async def end_grant(work: WorkDep, id: UUID, grant_id: UUID) -> None:  # noqa: A002
    require(work, frozenset({Role.security_admin}))
    account = await account_of(work, id)
    hat = await work.session.get(Hat, grant_id)
    if hat is None or hat.account_id != id or hat.ended_at is not None:
        raise NotFound
    hat.ended_at = now()
    await work.session.flush()
    await sessions.revoke_all(work.session, id)
    await _note(work, "account.ungrant", account, {"role": hat.role, "grant": str(hat.id)})
