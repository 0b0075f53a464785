"""Every column a screen offers to sort by can be paged through, whatever is empty in it."""

from typing import Any

import pytest

from app.access.roles import Role
from app.registers.directory import AnyRegister
from app.registry import REGISTERS
from tests.house import House

STATION, CENTRE = "station_staff@east-park-station", "centre_staff@east"
USCC = ("91990101MACELPKL35", "91990101MARA8NU02W", "91990101MAM86LDR8X")


def seen_by(who: str) -> list[AnyRegister]:
    role = Role(who.partition("@")[0])
    return [register for register in REGISTERS if role in register.rights.read]


@pytest.mark.parametrize("who", [STATION, CENTRE])
async def test_every_sort_pages_through_all_records(house: House, who: str) -> None:
    async with house.client(STATION) as client:
        for place, code in enumerate(USCC):
            made = await client.post(
                "/api/v1/enterprises",
                json={"name": f"样例{place}公司", "uscc": code, "backbone": place == 1},
            )
            need = {"title": f"样例需求{place}", "description": "要求", "trl_now": place or None}
            need["enterprise_id"] = made.json()["id"]
            assert (await client.post("/api/v1/needs", json=need)).status_code == 201
            entry: dict[str, Any] = {
                "served_on": "2026-01-05",
                "kind": "visit",
                "channel": "door_to_door",
            }
            entry |= {
                "channel": "door_to_door",
                "title": "走访",
                "content": "看生产线",
                "enterprise_ids": [made.json()["id"]],
            }
            assert (await client.post("/api/v1/service-log", json=entry)).status_code == 201
    async with house.client(who) as client:
        for register in seen_by(who):
            url = f"/api/v1/{register.name}"
            expected = {item["id"] for item in (await client.get(url)).json()["items"]}
            schema = (await client.get(f"/api/v1/registers/{register.name}")).json()
            for field in schema["fields"]:
                if field["sortable"]:
                    for sort in (field["name"], f"-{field['name']}"):
                        assert await paged(house, who, url, sort) == expected, (url, sort)


async def paged(house: House, who: str, url: str, sort: str) -> set[str]:
    seen: list[str] = []
    query = {"limit": "1", "sort": sort}
    async with house.client(who) as client:
        while query:
            answer = await client.get(url, params=query)
            assert answer.status_code == 200, (url, sort, answer.text)
            seen += [item["id"] for item in answer.json()["items"]]
            after = answer.json()["next"]
            query = query | {"after": after} if after else {}
    assert len(seen) == len(set(seen))
    return set(seen)


async def test_a_day_alone_is_a_bound_of_any_instant(house: House) -> None:
    assert seen_by(CENTRE) == list(REGISTERS)
    async with house.client(CENTRE) as client:
        for register in REGISTERS:
            for bound in ("created_at__gte", "created_at__lte", "updated_at", "updated_at__gte"):
                answer = await client.get(f"/api/v1/{register.name}", params={bound: "2026-01-01"})
                assert answer.status_code == 200, (register.name, bound, answer.text)


async def test_a_number_is_no_day_and_no_instant(house: House) -> None:
    async with house.client("station_staff@east-park-station") as clerk:
        for asked in ("created_at__gte=2026", "created_at__lte=0.5", "deadline__gte=2026"):
            answer = await clerk.get(f"/api/v1/needs?{asked}")
            assert answer.status_code == 422, asked
        assert (await clerk.get("/api/v1/needs?deadline__gte=2026-01-01")).status_code == 200
