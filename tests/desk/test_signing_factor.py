"""The second factor: enrolling before anything else, recovery, reset, confirming a grave act."""

from datetime import timedelta

import httpx
import pyotp
import pytest
from sqlalchemy import update
from sqlmodel import col

from app.access.roles import Role
from app.access.sessions import EVERYBODY, PRIVILEGED
from app.access.tables import Session
from app.core import clock, db
from app.core.clock import now
from tests.desk.people import API, PASSWORD, somebody, token_of, trail
from tests.desk.signing.provider import Provider, signed, talking
from tests.desk.signing.scene import (
    SECURITY,
    STATION,
    WRONG,
    aged,
    at,
    code_of,
    enter,
    inside,
    setting,
    with_authenticator,
)
from tests.house import House

pytestmark = pytest.mark.slow

_FACTOR = f"{API}/me/second-factor"
_SYSTEM = (Role.system_admin, "province")


async def _enrol(page: httpx.AsyncClient) -> tuple[pyotp.TOTP, list[str]]:
    seed = (await page.post(_FACTOR)).json()
    assert seed["picture"].startswith("data:image/svg+xml")
    totp = pyotp.TOTP(seed["secret"])
    done = await page.post(f"{_FACTOR}/confirm", json={"code": code_of(totp)})
    assert done.status_code == 200, done.text
    return totp, done.json()["codes"]


async def test_staff_enrol_before_anything_else(house: House) -> None:
    await somebody(house, "clerk", STATION)
    with setting(second_factor="required"):
        async with inside(house, "clerk") as page:
            assert (await page.get(f"{API}/me")).json()["duties"] == ["second_factor"]
            for path in ("/needs", "/search?q=x", "/notifications", "/tasks"):
                refused = await page.get(API + path)
                assert refused.json()["type"] == "urn:park:not-admitted", path
            await _enrol(page)
            assert (await page.get(f"{API}/me")).json()["duties"] == []
            assert (await page.get(f"{API}/needs")).status_code == 200
    assert "account.second_factor" in {entry["verb"] for entry in await trail()}


async def test_a_session_from_before_the_setting_is_asked_too(house: House) -> None:
    async with house.client("auditor@province") as auditor:
        assert (await auditor.get(f"{API}/audit")).status_code == 200
        with setting(second_factor="required"):
            refused = await auditor.get(f"{API}/audit")
            assert refused.json()["type"] == "urn:park:not-admitted"


async def test_the_code_comes_after_the_password_and_only_then(house: House) -> None:
    with setting(second_factor="required"):
        _, totp = await with_authenticator(house, "clerk", STATION)
        async with at(house) as page:
            wrong = await enter(page, "clerk", WRONG, code_of(totp))
            assert wrong.json()["type"] == "urn:park:unauthenticated"
            asked = await enter(page, "clerk")
            assert (asked.status_code, asked.json()["type"]) == (401, "urn:park:code-wanted")
            assert "park_at" not in asked.cookies
            bad = await enter(page, "clerk", code="000000")
            assert bad.json()["type"] == "urn:park:code-wrong"
            assert (await enter(page, "clerk", code=code_of(totp))).status_code == 200
        assert (await token_of(house, "clerk")).status_code == 401


async def test_a_recovery_code_is_good_once(house: House) -> None:
    await somebody(house, "clerk", STATION)
    with setting(second_factor="required"):
        async with inside(house, "clerk") as page:
            _, codes = await _enrol(page)
        assert len(set(codes)) == 10
        async with at(house) as page:
            said = codes[0].lower().replace("-", " ")
            assert (await enter(page, "clerk", code=said)).status_code == 200
            assert (await page.get(_FACTOR)).json()["recovery_codes_left"] == 9
            assert (await enter(page, "clerk", code=codes[0])).status_code == 401


async def test_the_security_administrator_resets_a_lost_factor(house: House) -> None:
    with setting(second_factor="required"):
        person, _ = await with_authenticator(house, "clerk", STATION)
        _, totp = await with_authenticator(house, "watcher", SECURITY)
        path = f"{API}/accounts/{person.id}/second-factor/reset"
        async with inside(house, "watcher", code_of(totp)) as page:
            assert (await page.post(path)).status_code == 204
        async with inside(house, "clerk") as page:
            assert (await page.get(f"{API}/me")).json()["duties"] == ["second_factor"]
    reset = [e for e in await trail() if e["verb"] == "account.second_factor_reset"]
    assert [e["record_label"] for e in reset] == ["clerk"]


async def test_a_grave_act_takes_a_fresh_factor(house: House) -> None:
    """Five minutes after signing in the code is asked for again, once for the next five."""
    with setting(second_factor="required"):
        person, _ = await with_authenticator(house, "clerk", STATION)
        _, totp = await with_authenticator(house, "watcher", SECURITY)
        path = f"{API}/accounts/{person.id}/second-factor/reset"
        async with inside(house, "watcher", code_of(totp)) as page:
            clock.say(now() + timedelta(minutes=5, seconds=1))
            try:
                assert (await page.post(path)).json()["type"] == "urn:park:step-up"
                for given in ({}, {"password": PASSWORD}, {"code": "000000"}):
                    told = await page.post(f"{API}/auth/step-up", json=given)
                    assert told.json()["errors"][0]["pointer"] == "/code", given
                fresh = {"code": code_of(totp)}
                assert (await page.post(f"{API}/auth/step-up", json=fresh)).status_code == 204
                assert (await page.post(path)).status_code == 204
            finally:
                clock.say(None)


async def test_without_an_authenticator_the_password_confirms(house: House) -> None:
    await somebody(house, "clerk", STATION)
    async with inside(house, "clerk") as page:
        async with db.transaction("staff") as session:
            await session.execute(update(Session).values(factor_at=None))
        assert (await page.post(_FACTOR)).json()["type"] == "urn:park:step-up"
        wrong = await page.post(f"{API}/auth/step-up", json={"password": WRONG})
        assert wrong.json()["errors"][0]["pointer"] == "/password"
        given = {"password": PASSWORD}
        assert (await page.post(f"{API}/auth/step-up", json=given)).status_code == 204
        assert (await page.post(_FACTOR)).status_code == 200


async def test_guessing_from_within_is_slowed(house: House) -> None:
    await somebody(house, "clerk", STATION)
    async with inside(house, "clerk") as page:
        guess = {"password": WRONG}
        seen = [(await page.post(f"{API}/auth/step-up", json=guess)).status_code for _ in range(8)]
    assert seen[0] == 422
    assert seen[-1] == 429


async def test_an_administrators_password_is_due_after_ninety_days(house: House) -> None:
    boss = await somebody(house, "boss", _SYSTEM)
    clerk = await somebody(house, "clerk", STATION)
    for person in (boss, clerk):
        await aged(person, now() - timedelta(days=91))
    async with inside(house, "clerk") as page:
        assert (await page.get(f"{API}/me")).json()["duties"] == []
    async with inside(house, "boss") as page:
        assert (await page.get(f"{API}/accounts")).json()["type"] == "urn:park:not-admitted"
        new = {"current": PASSWORD, "new": "Purple-lantern-9"}
        assert (await page.put(f"{API}/me/password", json=new)).status_code == 204
        assert (await page.get(f"{API}/accounts")).status_code == 200
    with setting(passwords="asvs"):
        await aged(boss, now() - timedelta(days=91))
        async with at(house) as page:
            assert (await enter(page, "boss", "Purple-lantern-9")).json()["duties"] == []


@pytest.mark.parametrize(("held", "life"), [(STATION, EVERYBODY), (_SYSTEM, PRIVILEGED)])
async def test_administrators_idle_shorter(
    house: House, held: tuple[Role, str], life: object
) -> None:
    assert isinstance(life, type(EVERYBODY))
    await somebody(house, "clerk", held)
    async with inside(house, "clerk") as page:
        began = now()
        try:
            clock.say(began + life.idle - timedelta(seconds=5))
            assert (await page.post(f"{API}/auth/session/refresh")).status_code == 204
            clock.say(began + 2 * life.idle)
            assert (await page.post(f"{API}/auth/session/refresh")).status_code == 401
        finally:
            clock.say(None)
        listed = [s for s in (await page.get(f"{API}/me/sessions")).json()["items"] if s["current"]]
        assert listed[0]["expires_at"][:16] == (began + life.absolute).isoformat()[:16]


async def test_a_method_of_the_provider_counts_as_second_factor_where_the_setting_says(
    house: House,
) -> None:
    await somebody(house, "clerk", STATION)
    with talking(Provider()) as honest:
        async with inside(house, "clerk") as page:
            url = (await page.post(f"{API}/me/identities", json={})).json()["url"]
            await page.get(f"{API}/auth/oidc/callback", params=honest.authorise(url))
    for methods, duties in ((["pwd"], ["second_factor"]), (["pwd", "otp"], [])):

        def lie(_: Provider, claims: dict[str, object], amr: list[str] = methods) -> str:
            return signed(claims | {"amr": amr})

        with talking(Provider(lie)) as found, setting(second_factor="required"):
            async with at(house) as page:
                left = await page.get(f"{API}/auth/oidc/start", params={"next": "/r/needs"})
                brought = found.authorise(left.headers["location"])
                back = await page.get(f"{API}/auth/oidc/callback", params=brought)
                assert back.headers["location"] == "/login?oidc=done&next=%2Fr%2Fneeds"
                assert (await page.get(f"{API}/me")).json()["duties"] == duties


async def test_linking_takes_a_fresh_factor_and_one_account(house: House) -> None:
    for name in ("first", "second"):
        await somebody(house, name, STATION)
        with talking(Provider()) as honest:
            async with inside(house, name) as page:
                url = (await page.post(f"{API}/me/identities", json={})).json()["url"]
                back = await page.get(f"{API}/auth/oidc/callback", params=honest.authorise(url))
                how = "linked" if name == "first" else "taken"
                assert back.headers["location"] == f"/me?oidc={how}"
                async with db.transaction("staff") as session:
                    of_mine = col(Session.factor_at).is_not(None)
                    await session.execute(update(Session).where(of_mine).values(factor_at=None))
                again = await page.post(f"{API}/me/identities", json={})
                assert again.json()["type"] == "urn:park:step-up"
