"""Signing in: the same words for every refusal, careful cookies, sessions that end at once."""

from datetime import timedelta

import anyio
import httpx
import pytest

from app.access.roles import Role
from app.access.tables import AccountState
from app.core import clock
from app.core.clock import now
from tests.desk.people import API, PASSWORD, browser, sign_in, signed_in, somebody, token_of, trail
from tests.house import House

_STATION = (Role.station_staff, "east-park-station")
_AUDITOR = (Role.auditor, "east")


async def test_a_machine_gets_a_bearer_token(house: House) -> None:
    await somebody(house, "clerk", _STATION)
    answer = await token_of(house, "clerk")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert set(told) == {"access_token", "token_type", "expires_in"}
    async with house.client(None, Authorization=f"Bearer {told['access_token']}") as client:
        me = (await client.get(f"{API}/me")).json()
    assert (me["username"], me["role"]) == ("clerk", "station_staff")


async def test_every_refused_sign_in_hears_the_same_and_is_noted(house: House) -> None:
    await somebody(house, "clerk", _STATION)
    await somebody(house, "gone", _STATION, state=AccountState.disabled)
    answers = [
        await token_of(house, "clerk", "Wrong-password-1"),
        await token_of(house, "nobody"),
        await token_of(house, "gone"),
    ]
    assert {(a.status_code, a.text) for a in answers} == {(401, answers[0].text)}
    noted = [e for e in await trail() if e["verb"] == "account.sign_in"]
    assert [e["outcome"] for e in noted] == ["refused"] * 3
    assert [e["username"] for e in noted] == ["clerk", "", "gone"]


async def test_an_account_without_a_role_cannot_come_in(house: House) -> None:
    await somebody(house, "nohat")
    assert (await token_of(house, "nohat")).status_code == 401


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_the_pages_cookies_are_out_of_reach_of_scripts_and_other_sites(
    house: House, scheme: str
) -> None:
    await somebody(house, "clerk", _STATION)
    async with browser(house, scheme) as page:
        answer = await sign_in(page, "clerk")
        assert answer.json()["username"] == "clerk"
        cookies = answer.headers.get_list("set-cookie")
        assert len(cookies) == 3  # the session's two, and that of the browser
        for cookie in cookies:
            parts = {part.strip().lower() for part in cookie.split(";")}
            assert {"httponly", "samesite=strict", "path=/"} <= parts
            assert ("secure" in parts) == (scheme == "https")
            assert cookie.startswith("__Host-") == (scheme == "https")
            assert not any(part.startswith("domain") for part in parts)
        assert answer.headers["cache-control"] == "no-store"
        assert (await page.get(f"{API}/me")).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"X-Park-CSRF": ""}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}],
)
async def test_another_site_cannot_use_the_cookies(house: House, headers: dict[str, str]) -> None:
    await somebody(house, "clerk", _STATION)
    async with signed_in(house, "clerk") as page:
        if "X-Park-CSRF" in headers:
            del page.headers["X-Park-CSRF"]
            headers = {}
        for method, path in (
            ("POST", "/organisations"),
            ("DELETE", "/auth/session"),
            ("POST", "/auth/session/refresh"),
            ("PUT", "/me/password"),
        ):
            answer = await page.request(method, API + path, json={}, headers=headers)
            assert answer.status_code == 403, (path, answer.text)
        assert (await page.get(f"{API}/me", headers=headers)).status_code == 200


async def test_signing_out_ends_the_session_for_copies_of_its_cookies_too(house: House) -> None:
    await somebody(house, "clerk", _STATION)
    async with signed_in(house, "clerk") as page, browser(house) as copy:
        copy.cookies.update(page.cookies)
        assert (await copy.get(f"{API}/me")).status_code == 200
        assert (await page.delete(f"{API}/auth/session")).status_code == 204
        assert (await copy.get(f"{API}/me")).status_code == 401
        assert (await copy.post(f"{API}/auth/session/refresh")).status_code == 401
        assert (await page.get(f"{API}/me")).status_code == 401


async def test_parallel_renewals_rotate_once_and_throw_nobody_out(house: House) -> None:
    await somebody(house, "clerk", _STATION)
    async with signed_in(house, "clerk") as page:
        held = dict(page.cookies)
        answers: list[httpx.Response] = []

        async def renew() -> None:
            async with browser(house) as tab:
                tab.cookies.update(held)
                answers.append(await tab.post(f"{API}/auth/session/refresh"))

        async with anyio.create_task_group() as group:
            for _ in range(20):
                group.start_soon(renew)
        assert {a.status_code for a in answers} == {204}
        renewed = [a for a in answers if "park_rt=" in str(a.headers.get_list("set-cookie"))]
        assert len(renewed) == 1
        async with browser(house) as tab:
            tab.cookies.update(held | dict(renewed[0].cookies))
            assert (await tab.get(f"{API}/me")).status_code == 200
            assert (await tab.post(f"{API}/auth/session/refresh")).status_code == 204


async def test_an_old_renewal_token_that_comes_back_late_ends_the_session(house: House) -> None:
    await somebody(house, "clerk", _STATION)
    async with signed_in(house, "clerk") as page, browser(house) as thief:
        thief.cookies.update(page.cookies)
        assert (await page.post(f"{API}/auth/session/refresh")).status_code == 204
        assert (await page.get(f"{API}/me")).status_code == 200
        clock.say(now() + timedelta(seconds=31))
        try:
            assert (await thief.post(f"{API}/auth/session/refresh")).status_code == 401
        finally:
            clock.say(None)
        assert (await page.get(f"{API}/me")).status_code == 401
        assert (await page.post(f"{API}/auth/session/refresh")).status_code == 401


async def test_an_idle_session_is_not_renewed(house: House) -> None:
    await somebody(house, "clerk", _STATION)
    async with signed_in(house, "clerk") as page:
        clock.say(now() + timedelta(minutes=31))
        try:
            assert (await page.post(f"{API}/auth/session/refresh")).status_code == 401
        finally:
            clock.say(None)


async def test_somebody_ends_another_of_their_sessions_at_once(house: House) -> None:
    await somebody(house, "clerk", _STATION)
    async with signed_in(house, "clerk") as lost, signed_in(house, "clerk") as here:
        listed = (await here.get(f"{API}/me/sessions")).json()["items"]
        assert [s["current"] for s in listed].count(True) == 1
        other = next(s["id"] for s in listed if not s["current"])
        assert (await here.delete(f"{API}/me/sessions/{other}")).status_code == 204
        assert (await lost.get(f"{API}/me")).status_code == 401
        assert (await here.get(f"{API}/me")).status_code == 200


async def test_a_new_password_ends_every_other_session(house: House) -> None:
    await somebody(house, "clerk", _STATION)
    async with signed_in(house, "clerk") as other, signed_in(house, "clerk") as here:
        for given, pointer in [
            ({"current": "Wrong-password-1", "new": "Another-horse-8"}, "/current"),
            ({"current": PASSWORD, "new": "short-A1"}, "/new"),
            ({"current": PASSWORD, "new": "onlysmallletters"}, "/new"),
            ({"current": PASSWORD, "new": "My-Clerk-2026-x"}, "/new"),
            ({"current": PASSWORD, "new": "A1-" * 50}, "/new"),
        ]:
            refused = await here.put(f"{API}/me/password", json=given)
            assert refused.status_code == 422, given
            assert refused.json()["errors"][0]["pointer"] == pointer
        given = {"current": PASSWORD, "new": "Another-horse-8"}
        assert (await here.put(f"{API}/me/password", json=given)).status_code == 204
        assert (await here.get(f"{API}/me")).status_code == 200
        assert (await other.get(f"{API}/me")).status_code == 401
    assert (await token_of(house, "clerk")).status_code == 401
    assert (await token_of(house, "clerk", "Another-horse-8")).status_code == 200


async def test_one_account_acts_in_one_role_at_a_time_across_the_walls(house: House) -> None:
    await somebody(house, "both", _STATION, _AUDITOR)
    async with signed_in(house, "both") as page:
        me = (await page.get(f"{API}/me")).json()
        assert me["role"] == "station_staff"
        assert (await page.get(f"{API}/audit")).status_code == 404
        hats = {hat["role"]: hat["id"] for hat in me["hats"]}
        worn = await page.post(f"{API}/auth/hat", json={"hat_id": hats["auditor"]})
        assert worn.json()["rights"]["audit"] is True
        assert (await page.get(f"{API}/audit")).status_code == 200
        assert (await page.get(f"{API}/enterprises")).status_code == 404
        assert (await page.post(f"{API}/auth/session/refresh")).status_code == 204
        assert (await page.get(f"{API}/me")).json()["role"] == "auditor"
        back = await page.post(f"{API}/auth/hat", json={"hat_id": hats["station_staff"]})
        assert back.status_code == 200
        assert (await page.get(f"{API}/enterprises")).status_code == 200
        assert (await page.get(f"{API}/audit")).status_code == 404


async def test_large_letters_follow_the_account_and_leave_the_language_alone(house: House) -> None:
    await somebody(house, "reader", (Role.station_staff, "east-park-station"))
    async with signed_in(house, "reader") as page:
        assert (await page.get(f"{API}/me")).json()["large_letters"] is False
        chosen = await page.put(f"{API}/me/preferences", json={"large_letters": True})
        assert chosen.json()["large_letters"] is True
        spoken = await page.put(f"{API}/me/preferences", json={"locale": "en"})
        assert (spoken.json()["locale"], spoken.json()["large_letters"]) == ("en", True)
    async with signed_in(house, "reader") as again:
        assert (await again.get(f"{API}/me")).json()["large_letters"] is True
