"""Acts that take two people: never one's own, never late, never twice; refused, taken back."""

from datetime import timedelta
from typing import Any

import pytest

from app.core import clock
from tests.house import House

API = "/api/v1"
SYSTEM, SECURITY = "system_admin@province", "security_admin@province"


async def asked(house: House, username: str = "new.clerk") -> tuple[str, str]:
    """Make an account and ask for its role; return both ids."""
    given = {"username": username, "name": "新来的"}
    async with house.client(SYSTEM) as system:
        account = (await system.post(f"{API}/accounts", json=given)).json()["id"]
    role = {"role": "station_staff", "organisation_id": house.organisations["east-park-station"].id}
    async with house.client(SECURITY) as security:
        answer = await security.post(f"{API}/accounts/{account}/grants", json=role)
    assert answer.status_code == 202, answer.text
    return account, answer.json()["act_id"]


async def say(house: House, who: str, act: str, word: str, form: Any = None) -> tuple[int, Any]:
    async with house.client(who) as client:
        answer = await client.post(f"{API}/acts/{act}/{word}", json=form)
    return answer.status_code, answer.json()


async def roles_of(house: House, account: str) -> list[str]:
    async with house.client(SECURITY) as security:
        told = (await security.get(f"{API}/accounts/{account}/grants")).json()
    return [one["role"] for one in told["items"]]


async def test_what_one_asks_for_another_confirms(house: House) -> None:
    account, act = await asked(house)
    assert await roles_of(house, account) == []
    async with house.client(SYSTEM) as system:
        (told,) = (await system.get(f"{API}/acts")).json()["items"]
    assert (told["id"], told["may_confirm"], told["mine"]) == (act, True, False)
    assert "new.clerk" in told["says"]
    status, own = await say(house, SECURITY, act, "confirm")
    assert (status, own["type"]) == (403, "urn:park:forbidden")
    assert (await say(house, SYSTEM, act, "confirm"))[0] == 200
    assert await roles_of(house, account) == ["station_staff"]
    status, again = await say(house, SYSTEM, act, "confirm")
    assert (status, again["type"]) == (409, "urn:park:conflict")
    async with house.client(SYSTEM) as system:
        assert (await system.get(f"{API}/acts")).json()["items"] == []


async def test_who_could_be_the_second_hears_of_it(house: House) -> None:
    await asked(house)
    async with house.client(SYSTEM) as system:
        (told,) = (await system.get(f"{API}/notifications")).json()["items"]
    assert (told["kind"], told["path"]) == ("act_waiting", "/acts")
    async with house.client(SECURITY) as security:
        assert (await security.get(f"{API}/notifications")).json()["items"] == []


async def test_an_act_that_was_not_confirmed_in_time_is_asked_for_anew(house: House) -> None:
    account, act = await asked(house)
    clock.say(clock.now() + timedelta(days=8))
    try:
        assert (await say(house, SYSTEM, act, "confirm"))[0] == 409
        assert (await say(house, SYSTEM, act, "renew"))[0] == 403  # only who may ask
        status, renewed = await say(house, SECURITY, act, "renew")
        assert (status, renewed["state"]) == (200, "pending")
    finally:
        clock.say(None)
    assert await roles_of(house, account) == []


async def test_it_is_refused_with_a_reason_or_taken_back(house: House) -> None:
    _, act = await asked(house)
    assert (await say(house, SYSTEM, act, "refuse", {"reason": ""}))[0] == 422
    assert (await say(house, SYSTEM, act, "withdraw"))[0] == 403
    assert (await say(house, SYSTEM, act, "refuse", {"reason": "没有这个人"}))[0] == 200
    assert (await say(house, SYSTEM, act, "confirm"))[0] == 409
    _, other = await asked(house, "other.clerk")
    assert (await say(house, SECURITY, other, "withdraw"))[0] == 200
    assert (await say(house, SYSTEM, other, "confirm"))[0] == 409


async def test_the_same_is_not_asked_for_twice(house: House) -> None:
    account, _ = await asked(house)
    role = {"role": "station_staff", "organisation_id": house.organisations["east-park-station"].id}
    async with house.client(SECURITY) as security:
        again = await security.post(f"{API}/accounts/{account}/grants", json=role)
    assert again.status_code == 409


@pytest.mark.parametrize("who", ["auditor@province", "province_staff@province"])
async def test_whoever_takes_no_part_finds_nothing(house: House, who: str) -> None:
    _, act = await asked(house)
    async with house.client(who) as client:
        assert (await client.get(f"{API}/acts")).status_code == 404
    assert (await say(house, who, act, "confirm"))[0] == 404
    assert (await say(house, "centre_leader@east", act, "confirm"))[0] == 404
