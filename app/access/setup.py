"""The first door: a one-use link that makes the first administrators, or activates an account."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from sqlalchemy import NullPool, create_engine, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session as SqlSession
from sqlmodel import col

from app.access.roles import Role
from app.access.tables import Account, AccountState, Hat, Organisation, OrganisationKind
from app.core.clock import now
from app.core.database_roles import owner_url
from app.core.settings import get_settings

LIFE = timedelta(days=7)
FIRST = "admin"


def new_link(account: Account) -> str:
    """Give ``account`` a one-use secret and return the link that carries it."""
    token = secrets.token_urlsafe(32)
    account.setup_hash = hashlib.sha256(token.encode()).digest()
    account.setup_expires_at = now() + LIFE
    return f"{get_settings().address}/setup?token={token}"


def first_link() -> str | None:
    """Return a set-up link when nobody can sign in yet, else None.

    It is the system administrator's. Whoever uses it is given one link each for the security and
    the audit administrator, who are to be other people (``other_administrators``).
    """
    with _owner() as session:
        active = select(col(Account.id)).where(col(Account.state) == AccountState.active)
        if session.scalars(active).first():
            return None
        account = session.scalars(select(Account).where(col(Account.username) == FIRST)).first()
        if account is None:
            account = Account(username=FIRST, name="系统管理员")
            session.add(account)
            session.flush()
            session.add(_hat(account.id, Role.system_admin, _root(session)))
        link = new_link(account)
        session.commit()
        return link


OTHERS = {Role.security_admin: ("secadmin", "安全管理员"), Role.auditor: ("auditor", "审计管理员")}


async def other_administrators(
    session: AsyncSession, organisation_id: int
) -> list[tuple[Account, Role, str]]:
    """Make the other two administrators' accounts, if nobody holds their roles yet.

    Returns each account with its role and its one-use link.
    """
    made = []
    for role, (username, name) in OTHERS.items():
        held = select(col(Hat.id)).where(col(Hat.role) == role, col(Hat.ended_at).is_(None))
        if await session.scalar(held) is not None:
            continue
        account = Account(username=username, name=name)
        link = new_link(account)
        session.add(account)
        await session.flush()
        session.add(_hat(account.id, role, organisation_id))
        await session.flush()
        made.append((account, role, link))
    return made


def create_account(username: str, name: str, role: str, organisation_code: str) -> str:
    """Make a pending account with one role from the command line; return its one-use link.

    Raises LookupError for an unknown organisation, ValueError for an unknown role or taken name.
    """
    with _owner() as session:
        found = session.scalars(
            select(Organisation).where(col(Organisation.code) == organisation_code)
        ).first()
        if found is None or found.id is None:
            raise LookupError(organisation_code)
        if session.scalars(
            select(col(Account.id)).where(col(Account.username) == username)
        ).first():
            raise ValueError(username)
        account = Account(username=username, name=name)
        session.add(account)
        session.add(_hat(account.id, Role(role), found.id))
        link = new_link(account)
        session.commit()
        return link


def _hat(account_id: UUID, role: Role, organisation_id: int) -> Hat:
    return Hat(account_id=account_id, role=role, organisation_id=organisation_id)


def _root(session: SqlSession) -> int:
    """Return the top organisation, made when the installation has none yet."""
    top = select(Organisation).where(col(Organisation.parent_id).is_(None))
    found = session.scalars(top).first()
    if found is None:
        found = Organisation(
            kind=OrganisationKind.province, code="root", name="省级节点", node_id=0, region_id=0
        )
        session.add(found)
        session.flush()
        assert found.id is not None  # noqa: S101 -- flushed
        found.node_id, found.region_id = found.id, found.id
        session.flush()
    if found.id is None:
        raise LookupError
    return found.id


@contextmanager
def _owner() -> Iterator[SqlSession]:
    """Open one session as the owner, and leave no connection behind."""
    engine = create_engine(owner_url(), poolclass=NullPool)
    with SqlSession(engine) as session:
        yield session
