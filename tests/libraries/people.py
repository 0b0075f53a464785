"""Records for the tests of libraries and matching, made through the API."""

from typing import Any
from uuid import UUID

import httpx

from app.access.roles import Role
from app.ledgers.enterprises import credit_code
from tests.house import House, if_match

API = "/api/v1"
STATION, OTHER_PARK = "station_staff@east-park-station", "station_staff@lake-park-station"
OTHER_CITY = "station_staff@west-park-station"
COMMITTEE = "committee@east-park-committee"
CENTRE, LEADER = "centre_staff@east", "centre_leader@east"
PROVINCE = "province_staff@province"

EXPERT: dict[str, Any] = {
    "name": "齐轮",
    "title": "教授",
    "organisation": "样例理工大学",
    "hightech_fields": ["08", "04"],
    "keywords": ["行星减速器", "齿轮修形"],
    "documents": [
        {
            "title": "行星齿轮传动的修形设计",
            "abstract": "齿轮传动在重载下磨损严重。本文优化齿形,降低了行星减速器的振动噪声。",
            "year": 2024,
            "keywords": ["修形"],
        }
    ],
    "consent_given_on": "2026-01-05",
    "consent_scope": ["library", "match"],
}


async def made(client: httpx.AsyncClient, register: str, **fields: Any) -> dict[str, Any]:
    """Create a record. Its answer must be 201."""
    answer = await client.post(f"{API}/{register}", json=fields)
    assert answer.status_code == 201, answer.text
    return answer.json()  # type: ignore[no-any-return]


async def moved(
    client: httpx.AsyncClient, register: str, record: dict[str, Any], move: str, **form: Any
) -> dict[str, Any]:
    """Take one step with a record. The answer must be 200."""
    answer = await tried(client, register, record, move, **form)
    assert answer.status_code == 200, answer.text
    return answer.json()  # type: ignore[no-any-return]


async def tried(
    client: httpx.AsyncClient, register: str, record: dict[str, Any], move: str, **form: Any
) -> httpx.Response:
    """Try one step with a record, of whichever version it is now."""
    now = await client.get(f"{API}/{register}/{record['id']}")
    version = now.json() if now.status_code == httpx.codes.OK else record
    return await client.post(
        f"{API}/{register}/{record['id']}/moves/{move}", json=form, headers=if_match(version)
    )


async def enterprise(house: House, number: int = 1, station: str = STATION) -> dict[str, Any]:
    """Register an enterprise in the station's park."""
    code = credit_code.make("320500", f"MA{number:06d}")
    async with house.client(station) as client:
        return await made(client, "enterprises", name=f"样例精密机械{number}厂有限公司", uscc=code)


async def active_expert(house: House, **fields: Any) -> dict[str, Any]:
    """Bring an expert into the library of the eastern city."""
    async with house.client(CENTRE) as centre, house.client(LEADER) as leader:
        record = await made(centre, "experts", **EXPERT | fields)
        await moved(centre, "experts", record, "verify")
        return await moved(leader, "experts", record, "admit")


async def speaks_for(house: House, register: str, record: dict[str, Any], where: str) -> str:
    """Hire somebody who acts for an enterprise or as an expert."""
    role = Role.enterprise if register == "enterprises" else Role.expert
    return await house.hire(role, where, (register, UUID(record["id"])))
