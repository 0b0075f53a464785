"""Three administrators, none of whom can do another's part; links that work once."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from app.access.roles import Role
from app.access.tables import Account
from app.core import db
from app.core.clock import now
from tests.acts import granted
from tests.desk.people import API, PASSWORD, somebody, token_of, trail
from tests.house import House

SYSTEM, SECURITY = "system_admin@province", "security_admin@province"
_NEW = {"username": "new.clerk", "name": "新来的"}


async def created(house: House, **changed: Any) -> dict[str, Any]:
    async with house.client(SYSTEM) as system:
        answer = await system.post(f"{API}/accounts", json=_NEW | changed)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def grant_of(house: House, role: str = "station_staff", unit: str = "east-park-station") -> Any:
    return {"role": role, "organisation_id": house.organisations[unit].id}


async def set_up(house: House, link: str, password: str = PASSWORD) -> httpx.Response:
    async with house.client(None) as door:
        given = {"token": link.split("token=")[1], "password": password}
        return await door.post(f"{API}/auth/setup", json=given)


async def test_one_makes_the_account_another_grants_the_role(house: House) -> None:
    made = await created(house)
    assert (made["state"], made["grants"]) == ("pending", [])
    url = f"{API}/accounts/{made['id']}/grants"
    async with house.client(SYSTEM) as system:
        assert (await system.post(url, json=grant_of(house))).status_code == 403
    async with house.client(SECURITY) as security:
        other = await security.post(f"{API}/accounts", json=_NEW | {"username": "other"})
        assert other.status_code == 403
    await granted(house, made["id"], grant_of(house))
    assert (await token_of(house, "new.clerk")).status_code == 401
    assert (await set_up(house, made["setup_link"])).status_code == 201
    assert (await token_of(house, "new.clerk")).status_code == 200


async def test_a_link_works_once(house: House) -> None:
    made = await created(house)
    weak = await set_up(house, made["setup_link"], "new.clerk-A1-x")
    assert weak.status_code == 422
    assert (await set_up(house, made["setup_link"])).status_code == 201
    again = await set_up(house, made["setup_link"], "Another-horse-8")
    assert again.status_code == 400


async def test_a_link_expires(house: House) -> None:
    made = await created(house)
    async with db.transaction("staff") as session:
        past = update(Account).values(setup_expires_at=now() - timedelta(seconds=1))
        await session.execute(past)
    assert (await set_up(house, made["setup_link"])).status_code == 400


async def test_a_username_is_given_once_whatever_its_letters(house: House) -> None:
    await created(house)
    async with house.client(SYSTEM) as system:
        answer = await system.post(f"{API}/accounts", json=_NEW | {"username": "NEW.clerk"})
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["pointer"] == "/username"


@pytest.mark.parametrize(("move", "state"), [("disable", "disabled"), ("reset", "pending")])
async def test_a_disabled_account_is_out_on_its_next_request(
    house: House, move: str, state: str
) -> None:
    person = await somebody(house, "clerk", (Role.station_staff, "east-park-station"))
    token = (await token_of(house, "clerk")).json()["access_token"]
    async with (
        house.client(None, Authorization=f"Bearer {token}") as clerk,
        house.client(SYSTEM) as system,
    ):
        assert (await clerk.get(f"{API}/me")).status_code == 200
        moved = await system.post(f"{API}/accounts/{person.id}/moves/{move}")
        assert moved.json()["state"] == state
        assert (moved.json()["setup_link"] is not None) == (move == "reset")
        assert (await clerk.get(f"{API}/me")).status_code == 401
        assert (await token_of(house, "clerk")).status_code == 401
        enabled = await system.post(f"{API}/accounts/{person.id}/moves/enable")
        assert enabled.status_code == 200
        assert (await clerk.get(f"{API}/me")).status_code == 401


async def test_a_role_taken_away_works_no_longer(house: House) -> None:
    person = await somebody(
        house, "clerk", (Role.station_staff, "east-park-station"), (Role.committee, "east-park")
    )
    token = (await token_of(house, "clerk")).json()["access_token"]
    url = f"{API}/accounts/{person.id}/grants"
    async with (
        house.client(None, Authorization=f"Bearer {token}") as clerk,
        house.client(SECURITY) as security,
    ):
        held = (await security.get(url)).json()["items"]
        first = next(g["id"] for g in held if g["role"] == "station_staff")
        assert (await security.delete(f"{url}/{first}")).status_code == 204
        assert (await clerk.get(f"{API}/me")).status_code == 401
        assert [g["role"] for g in (await security.get(url)).json()["items"]] == ["committee"]
        assert (await security.delete(f"{url}/{first}")).status_code == 404


async def test_a_grant_names_a_party_exactly_where_the_role_needs_one(house: House) -> None:
    made = await created(house)
    url = f"{API}/accounts/{made['id']}/grants"
    party = "01a20110-eb38-7730-aaf9-cbfd24dbd75e"
    async with house.client(SECURITY) as security:
        for given in (
            grant_of(house, "enterprise"),
            grant_of(house) | {"party_id": party},
            grant_of(house, "enterprise") | {"party_id": party},
        ):
            refused = await security.post(url, json=given)
            assert refused.status_code == 422, given
        await granted(house, made["id"], grant_of(house))
        assert (await security.post(url, json=grant_of(house))).status_code == 409


async def test_nobody_acts_on_their_own_account(house: House) -> None:
    """Also not through the second of two administrators' hats."""
    person = await somebody(
        house, "admin", (Role.system_admin, "province"), (Role.security_admin, "province")
    )
    token = (await token_of(house, "admin")).json()["access_token"]
    async with house.client(None, Authorization=f"Bearer {token}") as admin:
        url = f"{API}/accounts/{person.id}"
        assert (await admin.post(f"{url}/moves/reset")).status_code == 403
        me = (await admin.get(f"{API}/me")).json()
        other = next(hat["id"] for hat in me["hats"] if hat["role"] == "security_admin")
        worn = await admin.post(f"{API}/auth/hat", json={"hat_id": other})
        admin.headers["Authorization"] = f"Bearer {worn.json()['access_token']}"
        given = grant_of(house, "auditor", "province")
        assert (await admin.post(f"{url}/grants", json=given)).status_code == 403
        assert (await admin.delete(f"{url}/grants/{other}")).status_code == 403


async def test_every_act_of_the_administrators_is_on_the_trail(house: House) -> None:
    made = await created(house)
    role = await granted(house, made["id"], grant_of(house))
    async with house.client(SECURITY) as security:
        await security.delete(f"{API}/accounts/{made['id']}/grants/{role['id']}")
    async with house.client(SYSTEM) as system:
        await system.post(f"{API}/accounts/{made['id']}/moves/disable")
    verbs = [e["verb"] for e in await trail() if str(e["record_id"]) == made["id"]]
    assert verbs == [
        "account.create",
        "act.ask",
        "act.confirm",
        "account.grant",
        "account.ungrant",
        "account.disable",
    ]


async def test_whoever_confirms_a_grant_is_told_how_long_it_lasts(house: House) -> None:
    made = await created(house)
    url = f"{API}/accounts/{made['id']}/grants"
    async with house.client(SECURITY) as security, house.client(SYSTEM) as system:
        past = await security.post(url, json=grant_of(house) | {"valid_until": "2020-01-01"})
        assert past.status_code == 422
        assert [error["code"] for error in past.json()["errors"]] == ["past"]
        given = grant_of(house) | {"valid_until": "2099-12-31"}
        assert (await security.post(url, json=given)).status_code == 202
        (act,) = (await system.get(f"{API}/acts")).json()["items"]
        assert "有效期：至 2099-12-31" in act["says"]
