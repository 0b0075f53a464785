"""Achievements: found, listed for everybody to read, contracted, and taken back."""

from decimal import Decimal
from typing import Any

from tests.house import House, if_match
from tests.libraries.people import (
    API,
    OTHER_CITY,
    OTHER_PARK,
    PROVINCE,
    STATION,
    active_expert,
    enterprise,
    made,
    moved,
    speaks_for,
    tried,
)

URL = f"{API}/achievements"
ACHIEVEMENT: dict[str, Any] = {
    "title": "低噪声行星减速器",
    "owner_name": "样例精密机械",
    "kind": "product",
    "hightech_field": "08",
    "summary": "噪声低于 60 分贝的行星减速器。",
    "trl": 7,
    "transfer_modes": ["licence", "cooperation"],
    "ip_refs": [{"kind": "invention", "number": "ZL202510000001.1"}],
}


async def offered(house: House) -> list[dict[str, Any]]:
    async with house.client(None) as visitor:
        answer = await visitor.get(f"{API}/public/achievements")
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]  # type: ignore[no-any-return]


async def status(house: House, who: str, record: dict[str, Any]) -> int:
    async with house.client(who) as client:
        return (await client.get(f"{URL}/{record['id']}")).status_code


async def test_what_is_listed_everybody_reads_until_it_is_withdrawn(house: House) -> None:
    async with house.client(STATION) as station:
        found = await made(station, "achievements", **ACHIEVEMENT)
        await moved(station, "achievements", found, "register")
        assert await offered(house) == []
        assert await status(house, PROVINCE, found) == 404
        listed = await moved(station, "achievements", found, "list")
        (offer,) = await offered(house)
        assert (offer["id"], offer["title"], offer["text"], offer["field"]) == (
            found["id"],
            ACHIEVEMENT["title"],
            ACHIEVEMENT["summary"],
            "08",
        )
        assert not {"owner_name", "owner_id", "enterprise_id"} & offer.keys()
        assert await status(house, PROVINCE, found) == 200
        assert await status(house, OTHER_PARK, found) == 404
        assert await status(house, OTHER_CITY, found) == 404
        revised = await station.patch(
            f"{URL}/{found['id']}", json={"summary": "更好的简介。"}, headers=if_match(listed)
        )
        assert revised.status_code == 200, revised.text
        assert (await offered(house))[0]["text"] == "更好的简介。"
        await moved(station, "achievements", found, "withdraw", reason="所有者要求")
        assert await offered(house) == []


async def test_a_contract_takes_it_off_the_market(house: House) -> None:
    async with house.client(STATION) as station:
        record = await made(station, "achievements", **ACHIEVEMENT)
        for move in ("register", "list", "negotiate"):
            await moved(station, "achievements", record, move)
        assert len(await offered(house)) == 1
        contract = {"contract_kind": "licence", "contract_amount": "300"}
        await moved(station, "achievements", record, "contract", **contract)
        assert await offered(house) == []
        registration = {"contract_no": "2026320500000001", "technical_amount": "280"}
        await moved(station, "achievements", record, "register_contract", **registration)
        tracked = await moved(station, "achievements", record, "track")
        assert Decimal(tracked["contract_amount"]) == Decimal(300)
        assert Decimal(tracked["technical_amount"]) == Decimal(280)
        assert tracked["labels"]["contract_kind"] == "技术许可"


async def test_owners_write_down_their_own_and_see_no_others(house: House) -> None:
    mine, expert = await enterprise(house), await active_expert(house)
    firm = await speaks_for(house, "enterprises", mine, "east-park")
    person = await speaks_for(house, "experts", expert, "east")
    async with house.client(firm) as own, house.client(person) as other:
        of_firm = await made(own, "achievements", **ACHIEVEMENT)
        assert of_firm["enterprise_id"] == of_firm["owner_id"] == mine["id"]
        of_person = await made(other, "achievements", **ACHIEVEMENT)
        assert of_person["expert_id"] == of_person["owner_id"] == expert["id"]
        assert (await tried(own, "achievements", of_firm, "list")).status_code == 403
    assert await status(house, firm, of_person) == 404
    assert await status(house, person, of_firm) == 404
    assert await status(house, STATION, of_firm) == 200


async def test_the_author_expert_of_an_enterprises_achievement_sees_it(house: House) -> None:
    mine, expert = await enterprise(house), await active_expert(house)
    person = await speaks_for(house, "experts", expert, "east")
    async with house.client(STATION) as station:
        parties = {"enterprise_id": mine["id"], "expert_id": expert["id"]}
        record = await made(station, "achievements", **ACHIEVEMENT | parties)
    assert record["labels"]["expert_id"] == expert["name"]
    assert await status(house, person, record) == 200


async def test_an_enterprise_of_another_park_cannot_be_named(house: House) -> None:
    foreign = await enterprise(house, 3, OTHER_PARK)
    async with house.client(STATION) as station:
        answer = await station.post(URL, json=ACHIEVEMENT | {"enterprise_id": foreign["id"]})
        assert answer.json()["errors"][0]["pointer"] == "/enterprise_id"
