"""Accounts with real passwords, for the tests of signing in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from app.access import passwords
from app.access.roles import Role
from app.access.tables import Account, AccountState, Hat
from app.audit.trail import AuditEntry
from app.core import db
from app.core.database_roles import owner_url
from tests.house import House

PASSWORD = "Correct-horse-7"  # noqa: S105 -- of a throw-away account
API = "/api/v1"
PAGE = {"X-Park-CSRF": "1"}


@dataclass(frozen=True)
class Person:
    id: UUID
    username: str


async def somebody(
    house: House,
    username: str,
    *held: tuple[Role, str],
    state: AccountState = AccountState.active,
) -> Person:
    """Make an account with a password and the roles ``held``, the first granted first."""
    account = Account(
        username=username,
        name="测试员",
        state=state,
        password_hash=passwords.hashed_now(PASSWORD),
    )
    async with db.transaction("staff") as session:
        session.add(account)
        await session.flush()
        for role, organisation in held:
            unit = house.organisations[organisation].id or 0
            session.add(Hat(account_id=account.id, role=role, organisation_id=unit))
            await session.flush()
    return Person(account.id, username)


def browser(house: House, scheme: str = "http") -> httpx.AsyncClient:
    """Return a client that keeps cookies and sends the page's mark, as the page does."""
    transport = httpx.ASGITransport(app=house.app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=f"{scheme}://park.test", headers=PAGE)


@asynccontextmanager
async def signed_in(house: House, username: str) -> AsyncIterator[httpx.AsyncClient]:
    """Open the page, signed in with the right password."""
    async with browser(house) as page:
        answer = await sign_in(page, username)
        assert answer.status_code == 200, answer.text
        yield page


async def sign_in(
    page: httpx.AsyncClient, username: str, password: str = PASSWORD
) -> httpx.Response:
    given = {"username": username, "password": password}
    return await page.post(f"{API}/auth/session", json=given)


async def token_of(house: House, username: str, password: str = PASSWORD) -> httpx.Response:
    """Ask for a machine's token."""
    async with house.client(None) as client:
        given = {"username": username, "password": password}
        return await client.post(f"{API}/auth/token", data=given)


async def trail() -> list[dict[str, Any]]:
    """Return the whole trail, the oldest first, as the database's owner sees it."""
    engine = create_engine(owner_url())
    with engine.connect() as connection, Session(connection) as session:
        found = [e.model_dump() for e in session.scalars(select(AuditEntry).order_by("at"))]
    engine.dispose()
    return found
