"""/me: who I am, which hat I wear, my password, my sessions."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access import password_change, passwords, proving, second_factor, sessions
from app.access.admission import Duty, duties
from app.access.roles import ADMINISTRATORS, LABELS, Role
from app.access.tables import Account, Hat, Organisation, Session
from app.audit.requests import HallDep
from app.core import db
from app.core.clock import now
from app.core.errors import FieldError, Invalid, NotFound, TooMany, Unauthenticated
from app.core.http import documented
from app.core.labels import LOCALES, T, preferred_locale
from app.registers import directory

router = APIRouter(tags=["me"], responses=documented(Unauthenticated, Invalid, NotFound, TooMany))

_AS_PARTY = text("SELECT set_config('app.party', :party, true)")
_WRONG = T(
    "当前密码不正确，请重新输入；忘记密码请联系系统管理员。",
    "The current password is wrong. Enter it again; if forgotten, ask the system administrator.",
)
_NO_LOCALE = T(
    "没有这种语言，请从列表中选择。", "There is no such language; choose one from the list."
)


class OrganisationShown(BaseModel):
    id: int
    name: str
    kind: str


class HatShown(BaseModel):
    id: UUID
    role: Role
    role_label: str
    organisation: OrganisationShown


class PartyShown(BaseModel):
    register_name: str = Field(serialization_alias="register")
    id: UUID
    label: str


class Overall(BaseModel):
    """What this role may do beyond registers."""

    audit: bool
    accounts: bool
    account_admin: bool
    grants: bool
    organisations: bool


class Me(BaseModel):
    """Who is signed in, in which role, and what is still to be done before they are let in."""

    id: UUID
    username: str
    name: str
    locale: str
    large_letters: bool
    role: Role
    role_label: str
    organisation: OrganisationShown
    party: PartyShown | None
    hats: list[HatShown]
    hat_id: UUID
    registers: list[str]
    rights: Overall
    duties: list[Duty] = Field(description="To be done first: everything else is refused")
    proof: Literal["code", "password"] = Field(description="What confirming that it is me takes")
    idle_seconds: int = Field(description="For how long the page keeps an unattended session")


class NewPassword(BaseModel):
    model_config = ConfigDict(extra="forbid")
    current: str = Field(max_length=256)
    new: str = Field(max_length=256)


class Preferences(BaseModel):
    """What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")
    locale: str | None = None
    large_letters: bool | None = None


class SessionShown(BaseModel):
    id: UUID
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    user_agent: str
    ip: str
    current: bool


class Sessions(BaseModel):
    items: list[SessionShown]


async def me_of(session: AsyncSession, account: Account, hat: Hat, worn: Session) -> Me:
    """Return an account under one of its hats, in its own language."""
    hats = await sessions.hats_of(session, account.id)
    organisation = next(o for h, o in hats if h.id == hat.id)
    locale = preferred_locale(account.locale)
    role = hat.role
    return Me(
        id=account.id,
        username=account.username,
        name=account.name,
        locale=account.locale,
        large_letters=account.large_letters,
        role=role,
        role_label=LABELS[role].in_(locale),
        organisation=_organisation(organisation),
        party=await _party(hat),
        hats=[
            HatShown(
                id=h.id,
                role=h.role,
                role_label=LABELS[h.role].in_(locale),
                organisation=_organisation(o),
            )
            for h, o in hats
        ],
        hat_id=hat.id,
        registers=[r.name for r in directory.everything() if role in r.rights.read],
        rights=Overall(
            audit=role is Role.auditor,
            accounts=role in ADMINISTRATORS - {Role.auditor},
            account_admin=role is Role.system_admin,
            grants=role is Role.security_admin,
            organisations=role is Role.system_admin,
        ),
        duties=duties(
            role, worn.second_factor_at, account.password_changed_at or account.created_at
        ),
        idle_seconds=int(sessions.life_of(role).idle.total_seconds()),
        proof="code" if await second_factor.asked_of(session, account.id) else "password",
    )


def _chosen_at(account: Account) -> datetime:
    return account.password_changed_at or account.created_at


def _organisation(found: Organisation) -> OrganisationShown:
    return OrganisationShown(id=found.id or 0, name=found.name, kind=found.kind)


async def _party(hat: Hat) -> PartyShown | None:
    """Return the enterprise or expert a hat speaks for, its name read behind the party's wall."""
    if hat.party_id is None or hat.party_register is None:
        return None
    register = directory.named(hat.party_register)
    async with db.transaction("party") as own:
        await own.execute(_AS_PARTY, {"party": str(hat.party_id)})
        title = getattr(register.row, register.title_field)
        label = await own.scalar(select(title).where(register.row.id == hat.party_id))
    return PartyShown(register_name=hat.party_register, id=hat.party_id, label=str(label or ""))


async def account_of(session: AsyncSession, account_id: UUID) -> Account:
    return (
        await session.execute(select(Account).where(col(Account.id) == account_id))
    ).scalar_one()


@router.get("/me", operation_id="me_read", summary="Who I am")
async def read_me(work: HallDep) -> Me:
    async with db.transaction("staff") as session:
        account = await account_of(session, work.actor.account_id)
        hat = await session.get_one(Hat, work.actor.hat_id)
        worn = await session.get_one(Session, work.actor.session_id)
        return await me_of(session, account, hat, worn)


@router.put(
    "/me/preferences",
    operation_id="me_prefer",
    summary="Choose my language and the size of letters",
)
async def prefer(work: HallDep, given: Preferences) -> Me:
    if given.locale is not None and given.locale not in LOCALES:
        raise Invalid.of(FieldError("/locale", "enum", _NO_LOCALE))
    async with db.transaction("staff") as session:
        account = await account_of(session, work.actor.account_id)
        account.locale = given.locale or account.locale
        if given.large_letters is not None:
            account.large_letters = given.large_letters
        await session.flush()
    return await read_me(work)


@router.put("/me/password", status_code=204, operation_id="me_password", summary="New password")
async def change_password(work: HallDep, given: NewPassword) -> None:
    """Take a new password; every other session ends. Raises Invalid, TooMany."""
    try_ = await proving.counted(work.actor.account_id)
    async with db.transaction("staff") as session:
        account = await account_of(session, work.actor.account_id)
        if not await passwords.verified(given.current, account.password_hash):
            raise Invalid.of(FieldError("/current", "wrong", _WRONG))
        await try_.give_back(session)
        await password_change.choose(session, account, given.new, "/new")
        await sessions.revoke_all(session, account.id, keep=work.actor.session_id)
    await work.note("account.password")


@router.get("/me/sessions", operation_id="me_sessions", summary="Where I am signed in")
async def list_sessions(work: HallDep) -> Sessions:
    async with db.transaction("staff") as session:
        found = await session.execute(
            select(Session)
            .where(
                col(Session.account_id) == work.actor.account_id,
                col(Session.revoked_at).is_(None),
                col(Session.expires_at) > now(),
            )
            .order_by(col(Session.created_at).desc())
            .limit(100)
        )
        return Sessions(items=[_shown(s, work.actor.session_id) for s in found.scalars()])


def _shown(found: Session, current: UUID | None) -> SessionShown:
    return SessionShown(
        id=found.id,
        created_at=found.created_at,
        last_used_at=found.rotated_at,
        expires_at=found.expires_at,
        user_agent=found.user_agent,
        ip=found.ip,
        current=found.id == current,
    )


@router.delete(
    "/me/sessions/{id}", status_code=204, operation_id="me_session_end", summary="End a session"
)
async def end_session(work: HallDep, id: UUID) -> None:  # noqa: A002 -- the name in the path
    async with db.transaction("staff") as session:
        if not await sessions.revoke(session, id, work.actor.account_id):
            raise NotFound
    await work.note("account.session_end", detail={"session": str(id)})
