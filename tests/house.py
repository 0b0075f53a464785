"""A small province to test in: two cities, three parks, one account per role and park.

Everything is fictitious and made through the product's own tables; signing in skips the password
(argon2 is slow on purpose) but not the session row, which every request reads.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import sessions
from app.access.roles import Role, wall_of
from app.access.tables import (
    NODE_KINDS,
    Account,
    AccountState,
    Hat,
    Organisation,
    OrganisationKind,
    Session,
)
from app.core import db
from app.core.clock import now
from app.core.ids import new_id

#: A hash of nobody's password: enough for the constraint, useless for signing in.
_NO_PASSWORD = "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"  # noqa: S105
_CITIES = {"east": ("east-park", "lake-park"), "west": ("west-park",)}


@dataclass
class House:
    """The organisations by code, and tokens of whoever was asked for."""

    app: FastAPI
    organisations: dict[str, Organisation]
    tokens: dict[str, str] = field(default_factory=dict)

    @asynccontextmanager
    async def client(self, who: str | None, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
        """Open a client signed in as ``role@organisation`` (None: nobody)."""
        given = dict(headers)
        if who is not None:
            given["Authorization"] = f"Bearer {self.tokens[who]}"
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://park.test", headers=given
        ) as client:
            yield client

    async def hire(
        self, role: Role, organisation: str, party: tuple[str, UUID] | None = None
    ) -> str:
        """Make an account in ``role`` and sign it in; return the name to call it by."""
        name = f"{role}@{organisation}" + (f"#{party[1].hex[-6:]}" if party else "")
        account = Account(
            username=f"{name}.{new_id().hex[-6:]}",
            name=f"测试{role}",
            state=AccountState.active,
            password_hash=_NO_PASSWORD,
        )
        hat = Hat(
            account_id=account.id,
            role=role,
            organisation_id=_id(self.organisations[organisation]),
            party_register=party[0] if party else None,
            party_id=party[1] if party else None,
        )
        until = now() + timedelta(hours=1)
        session = Session(  # its factor stays fresh: what asks for one has tests of its own
            account_id=account.id, hat_id=hat.id, expires_at=until, factor_at=until
        )
        async with db.transaction("staff") as work:
            for row in (account, hat, session):
                work.add(row)
                await work.flush()
        self.tokens[name] = sessions.access_token(session.id, wall_of(role), 3600)
        return name


async def build(app: FastAPI) -> House:
    """Found the organisations and hire one of every staff role where it belongs."""
    async with db.transaction("staff") as session:
        house = House(app, await _organisations(session))
    roles: dict[str, tuple[Role, ...]] = {
        "province": (
            Role.province_staff,
            Role.auditor,
            Role.system_admin,
            Role.security_admin,
        ),
    }
    for city, parks in _CITIES.items():
        roles[city] = (Role.centre_leader, Role.centre_staff, Role.auditor)
        for park in parks:
            roles[f"{park}-station"] = (Role.station_staff,)
            roles[f"{park}-committee"] = (Role.committee,)
    for organisation, held in roles.items():
        for role in held:
            await house.hire(role, organisation)
    return house


async def _organisations(session: AsyncSession) -> dict[str, Organisation]:
    found: dict[str, Organisation] = {}

    async def add(code: str, kind: OrganisationKind, parent: str | None) -> None:
        above = found[parent] if parent else None
        made = Organisation(
            kind=kind,
            code=code,
            name=f"样例{code}",
            parent_id=above.id if above else None,
            node_id=above.node_id if above else 0,
            region_id=above.region_id if above else 0,
            ancestors=[*above.ancestors, _id(above)] if above else [],
            fictitious=True,
        )
        session.add(made)
        await session.flush()
        if kind in NODE_KINDS:
            made.node_id = _id(made)
        if kind in (OrganisationKind.province, OrganisationKind.centre):
            made.region_id = _id(made)
        await session.flush()
        found[code] = made

    await add("province", OrganisationKind.province, None)
    for city, parks in _CITIES.items():
        await add(city, OrganisationKind.centre, "province")
        for park in parks:
            await add(park, OrganisationKind.park, city)
            await add(f"{park}-station", OrganisationKind.station, park)
            await add(f"{park}-committee", OrganisationKind.committee, park)
    return found


def _id(organisation: Organisation) -> int:
    assert organisation.id is not None
    return organisation.id


def if_match(record: dict[str, Any]) -> dict[str, str]:
    """Return the header that names the version just read."""
    return {"If-Match": f'"{record["version"]}"'}
