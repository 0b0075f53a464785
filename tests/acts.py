"""The second person of acts that take two, and personal values asked for: for tests of anything."""

from typing import Any

from tests.house import House

API = "/api/v1"


async def confirmed(house: House, who: str, act_id: str) -> dict[str, Any]:
    """Confirm an act as its second person."""
    async with house.client(who) as client:
        answer = await client.post(f"{API}/acts/{act_id}/confirm")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def granted(house: House, account_id: str, given: dict[str, Any]) -> dict[str, Any]:
    """Have one administrator ask for a role and the other confirm it; return the role."""
    url = f"{API}/accounts/{account_id}/grants"
    async with house.client("security_admin@province") as security:
        asked = await security.post(url, json=given)
        assert asked.status_code == 202, asked.text
        await confirmed(house, "system_admin@province", asked.json()["act_id"])
        held = (await security.get(url)).json()["items"]
    wanted = (given["role"], given["organisation_id"])
    return dict(next(one for one in held if (one["role"], one["organisation_id"]) == wanted))


async def released(house: House, who: str, second: str, need: dict[str, Any], form: Any) -> Any:
    """Ask for the release of a confidential need and have it confirmed; return the need's state."""
    async with house.client(who) as client:
        given = {"kind": "needs.publish", "record_id": need["id"], "params": form}
        asked = await client.post(f"{API}/acts", json=given)
        assert asked.status_code == 201, asked.text
    await confirmed(house, second, asked.json()["id"])
    async with house.client(second) as client:
        return (await client.get(f"{API}/needs/{need['id']}")).json()


async def plain(house: House, who: str, register: str, record: dict[str, Any]) -> dict[str, str]:
    """Return a record's personal values as somebody is shown them who gives a reason."""
    async with house.client(who) as client:
        url = f"{API}/{register}/{record['id']}/reveal"
        answer = await client.post(url, json={"reason": "核对联系方式"})
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["values"])
