"""Browsers at addresses, people with authenticators, settings switched for a while."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime

import httpx
import pyotp
import pytest
from sqlalchemy import update
from sqlmodel import col

from app.access import second_factor
from app.access.credentials import SecondFactor
from app.access.roles import Role
from app.access.tables import Account
from app.core import db
from app.core.clock import now
from app.core.settings import get_settings
from tests.desk.people import API, PAGE, PASSWORD, Person, somebody
from tests.house import House

STATION = (Role.station_staff, "east-park-station")
SECURITY = (Role.security_admin, "province")
WRONG = "Wrong-password-1"


@contextmanager
def setting(**variables: str) -> Iterator[None]:
    """Have the installation be set otherwise while the block lasts."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in variables.items():
            environment.setenv(f"PARK_{name.upper()}", value)
        get_settings.cache_clear()
        yield
    get_settings.cache_clear()


def at(house: House, ip: str = "192.0.2.10", scheme: str = "http") -> httpx.AsyncClient:
    """Return a browser at an address."""
    transport = httpx.ASGITransport(house.app, raise_app_exceptions=False, client=(ip, 50_000))
    return httpx.AsyncClient(transport=transport, base_url=f"{scheme}://park.test", headers=PAGE)


async def enter(
    page: httpx.AsyncClient, username: str, password: str = PASSWORD, code: str | None = None
) -> httpx.Response:
    given = {"username": username, "password": password, "code": code}
    return await page.post(f"{API}/auth/session", json=given)


@asynccontextmanager
async def inside(
    house: House, username: str, code: str | None = None
) -> AsyncIterator[httpx.AsyncClient]:
    """Open a browser in which ``username`` has signed in."""
    async with at(house) as page:
        answer = await enter(page, username, code=code)
        assert answer.status_code == 200, answer.text
        yield page


async def with_authenticator(
    house: House, username: str, *held: tuple[Role, str]
) -> tuple[Person, pyotp.TOTP]:
    """Make somebody who has enrolled, without spending a code of now."""
    person = await somebody(house, username, *held)
    async with db.transaction("staff") as session:
        account = await session.get_one(Account, person.id)
        seed = await second_factor.begin(session, account)
        factor = await session.get_one(SecondFactor, person.id)
        factor.confirmed_at = now()
    return person, pyotp.TOTP(seed.secret)


def code_of(totp: pyotp.TOTP, instant: datetime | None = None) -> str:
    """Return the code an authenticator shows."""
    return totp.at(int((instant or now()).timestamp()))


async def aged(person: Person, chosen_at: datetime) -> None:
    """Have somebody's password be as old as that."""
    async with db.transaction("staff") as session:
        await session.execute(
            update(Account)
            .where(col(Account.id) == person.id)
            .values(password_changed_at=chosen_at)
        )
