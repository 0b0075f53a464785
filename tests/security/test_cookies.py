"""Cookies: every one that any route sets, over TLS and without."""

import httpx
import pytest

from app.access.roles import Role
from tests.desk.people import PAGE, somebody
from tests.house import House
from tests.security.asking import API, browser

_LONGEST = 4096
_FOR_SCRIPTS = {"park_lang", "park_size"}  # choices the page reads; they hold no secret


async def _set(house: House, scheme: str) -> list[str]:
    """Return every Set-Cookie of signing in, renewing, changing hats, the public pages, leaving."""
    held = (Role.station_staff, "east-park-station"), (Role.auditor, "east")
    await somebody(house, "clerk", *held)
    answers: list[httpx.Response] = []
    async with browser(house, scheme, **PAGE) as page:
        given = {"username": "clerk", "password": "Correct-horse-7"}
        answers.append(await page.post(f"{API}/auth/session", json=given))
        hats = (await page.get(f"{API}/me")).json()["hats"]
        chosen = {"hat_id": hats[1]["id"]}
        answers.append(await page.post(f"{API}/auth/hat", json=chosen))
        answers.append(await page.post(f"{API}/auth/session/refresh"))
        answers.append(await page.get("/public?lang=en&size=large"))
        answers.append(await page.delete(f"{API}/auth/session"))
    assert all(answer.is_success for answer in answers), [a.text for a in answers]
    return [text for answer in answers for text in answer.headers.get_list("set-cookie")]


@pytest.mark.parametrize("scheme", ["https", "http"])
async def test_every_cookie_is_bound_to_its_host_and_out_of_reach(
    house: House, scheme: str
) -> None:
    cookies = await _set(house, scheme)
    assert len(cookies) >= 9
    for cookie in cookies:
        name, _, value = cookie.split(";")[0].partition("=")
        parts = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert "path=/" in parts, name
        assert not any(part.startswith("domain") for part in parts), name
        assert len(name) + len(value) < _LONGEST
        if name.removeprefix("__Host-") in _FOR_SCRIPTS:
            assert "samesite=lax" in parts, name
        else:
            assert "httponly" in parts, name
        gone = "max-age=0" in parts  # a name of the other scheme is taken away as well
        assert gone or name.startswith("__Host-") == (scheme == "https"), name
        assert gone or ("secure" in parts) == (scheme == "https"), name


async def test_session_cookies_are_strict_and_their_values_are_in_no_body(house: House) -> None:
    await somebody(house, "clerk", (Role.station_staff, "east-park-station"))
    async with browser(house, **PAGE) as page:
        given = {"username": "clerk", "password": "Correct-horse-7"}
        answer = await page.post(f"{API}/auth/session", json=given)
        cookies = answer.headers.get_list("set-cookie")
        assert all("samesite=strict" in cookie.lower() for cookie in cookies)
        values = [cookie.split(";")[0].partition("=")[2] for cookie in cookies]
        told = answer.text + (await page.get(f"{API}/me")).text
        assert not [value for value in values if value in told]


async def test_a_cookie_set_by_another_host_is_not_believed_before_ours(house: House) -> None:
    """A sister host can write park_at, never __Host-at: the protected name wins."""
    await somebody(house, "clerk", (Role.station_staff, "east-park-station"))
    async with browser(house, **PAGE) as page:
        given = {"username": "clerk", "password": "Correct-horse-7"}
        await page.post(f"{API}/auth/session", json=given)
        own = page.cookies["__Host-at"]
    async with browser(house, Cookie=f"park_at=forged; __Host-at={own}") as page:
        assert (await page.get(f"{API}/me")).status_code == 200


async def test_signing_out_tells_the_browser_to_forget(house: House) -> None:
    await somebody(house, "clerk", (Role.station_staff, "east-park-station"))
    async with browser(house, **PAGE) as page:
        given = {"username": "clerk", "password": "Correct-horse-7"}
        await page.post(f"{API}/auth/session", json=given)
        left = await page.delete(f"{API}/auth/session")
        assert '"cache"' in left.headers["clear-site-data"]
        assert "__Host-at" not in page.cookies
        assert "__Host-rt" not in page.cookies
