"""Enterprises, needs and log entries for the tests, made through the product's own routes."""

from itertools import count
from typing import Any
from uuid import UUID

import httpx

from app.access.roles import Role
from app.ledgers.enterprises.credit_code import make
from tests.house import House, if_match

Record = dict[str, Any]
_serial = count(1)
NO_FIELDS: Record = {}

STATION = "station_staff@east-park-station"
COMMITTEE = "committee@east-park-committee"
CENTRE = "centre_staff@east"
PROVINCE = "province_staff@province"
PEERS = (
    "station_staff@lake-park-station",
    "committee@lake-park-committee",
    "station_staff@west-park-station",
    "centre_staff@west",
)
ADMINISTRATORS = (
    "auditor@province",
    "system_admin@province",
    "security_admin@province",
)


def a_credit_code() -> str:
    """Return a credit code nobody else in this run has."""
    return make("990101", f"MA{next(_serial):06d}")


async def call(
    house: House, who: str | None, method: str, path: str, json: Any = None, **headers: str
) -> httpx.Response:
    """Send one request as ``who``."""
    async with house.client(who, **headers) as client:
        return await client.request(method, f"/api/v1{path}", json=json)


async def an_enterprise(house: House, park: str = "east-park", **fields: Any) -> Record:
    """Register an enterprise as the park's station."""
    given = {"name": f"样例{next(_serial)}号科技有限公司", "uscc": a_credit_code()} | fields
    answer = await call(house, f"station_staff@{park}-station", "POST", "/enterprises", given)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def a_user_of(house: House, enterprise: Record, park: str = "east-park") -> str:
    """Hire somebody who signs in for the enterprise."""
    return await house.hire(Role.enterprise, park, ("enterprises", UUID(enterprise["id"])))


async def a_need(house: House, who: str, **fields: Any) -> Record:
    """File a draft as ``who``."""
    given = {"title": "低噪声激光驱动器", "description": "现有驱动器噪声过大,影响成品率。"} | fields
    answer = await call(house, who, "POST", "/needs", given)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def an_entry(house: House, who: str, enterprises: list[Record], **fields: Any) -> Record:
    """Write an entry of the service log."""
    given = {
        "title": "走访了解需求",
        "kind": "visit",
        "enterprise_ids": [one["id"] for one in enterprises],
    } | fields
    answer = await call(house, who, "POST", "/service-log", given)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def read(house: House, who: str, register: str, record: Record) -> Record:
    """Read a record as ``who``."""
    answer = await call(house, who, "GET", f"/{register}/{record['id']}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def try_move(
    house: House,
    who: str,
    register: str,
    record: Record,
    move: str,
    form: Record = NO_FIELDS,
) -> httpx.Response:
    """Take a step as ``who``, against the newest version."""
    seen = await call(house, who, "GET", f"/{register}/{record['id']}")
    version = if_match(seen.json() if seen.status_code == 200 else record)
    path = f"/{register}/{record['id']}/moves/{move}"
    return await call(house, who, "POST", path, form, **version)


async def move(
    house: House,
    who: str,
    register: str,
    record: Record,
    name: str,
    form: Record = NO_FIELDS,
) -> Record:
    """Take a step that must succeed."""
    answer = await try_move(house, who, register, record, name, form)
    assert answer.status_code == 200, (name, answer.text)
    return dict(answer.json())


def codes(answer: httpx.Response) -> dict[str, str]:
    """Return what was refused: code by pointer."""
    return {error["pointer"]: error["code"] for error in answer.json()["errors"]}
