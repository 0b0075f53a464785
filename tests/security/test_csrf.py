"""Another site cannot use a signed-in browser: every route that writes, every way to try."""

from itertools import cycle, islice

import pytest
import sqlalchemy as sa
from psycopg.errors import ReadOnlySqlTransaction
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import opening
from app.access.roles import Role
from app.audit import requests
from app.core import db
from tests.desk.people import somebody
from tests.house import House
from tests.security.asking import API, SAFE, bearer, browser, routes

_MARK = {"X-Park-CSRF": "1"}
_FORGERIES = {
    "without the page's mark": {},
    "from another origin": _MARK | {"Origin": "https://evil.example"},
    "from a sister host": _MARK | {"Origin": "https://other.park.test"},
    "fetched across sites": _MARK | {"Sec-Fetch-Site": "cross-site"},
    "fetched from a sister site": _MARK | {"Sec-Fetch-Site": "same-site"},
}
_FORM_TYPES = ("text/plain", "application/x-www-form-urlencoded")


@pytest.fixture
async def cookies(house: House) -> dict[str, str]:
    """Return the cookies of a page that has signed in over TLS."""
    await somebody(house, "clerk", (Role.station_staff, "east-park-station"))
    async with browser(house, **_MARK) as page:
        given = {"username": "clerk", "password": "Correct-horse-7"}
        answer = await page.post(f"{API}/auth/session", json=given)
        assert answer.status_code == 200, answer.text
        return dict(page.cookies)


@pytest.mark.slow
async def test_no_route_that_writes_takes_a_request_of_another_site(
    house: House, cookies: dict[str, str]
) -> None:
    """Each route is tried in two of the ways, next routes in the next two."""
    found, asked, ways = [], 0, cycle(_FORGERIES.items())
    async with browser(house) as client:
        client.cookies.update(cookies)
        for route in routes(house.app):
            if route.method in SAFE or not route.secured:
                continue
            for how, headers in islice(ways, 2):
                answer = await client.request(route.method, route.path, json={}, headers=headers)
                asked += 1
                if answer.status_code != 403 or "set-cookie" in answer.headers:
                    found.append(f"{route.name} {how}: {answer.status_code}")
        assert (await client.get(f"{API}/me")).status_code == 200, "the session is still there"
    assert not found, "\n".join(found[:30])
    assert asked > 150


async def test_signing_in_and_renewing_ask_for_the_mark_too(
    house: House, cookies: dict[str, str]
) -> None:
    async with browser(house) as client:
        client.cookies.update(cookies)
        for path in ("/auth/session", "/auth/session/refresh"):
            for how, headers in _FORGERIES.items():
                answer = await client.post(
                    API + path, json={"username": "x", "password": "y"}, headers=headers
                )
                assert answer.status_code == 403, (path, how)


async def test_what_a_form_of_another_site_can_send_is_no_json(house: House) -> None:
    """A form posts text or urlencoded without a preflight: no route reads JSON out of that."""
    found = []
    headers = bearer(house, "station_staff@east-park-station")
    async with browser(house) as client:
        for kind in _FORM_TYPES:
            answer = await client.post(
                f"{API}/needs",
                content=b'{"title":"x","description":"y"}',
                headers=headers | {"Content-Type": kind},
            )
            if answer.status_code not in {415, 422}:
                found.append(f"{kind}: {answer.status_code}")
    assert not found


async def test_no_cross_origin_preflight_is_granted(house: House) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    async with browser(house, **asked) as client:
        for path in ("/needs", "/auth/session", "/me"):
            answer = await client.options(API + path)
            assert answer.status_code == 405
            assert not [h for h in answer.headers if h.startswith("access-control-")]


@pytest.mark.slow
async def test_every_safe_route_reads_in_a_transaction_that_cannot_write(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: dict[str, set[str]] = {"on": set(), "off": set()}
    now = ""
    opened = opening.open_session

    async def watched(session: AsyncSession, *rest: object) -> object:
        told[str(await session.scalar(sa.text("SHOW transaction_read_only")))].add(now)
        return await opened(session, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(requests, "open_session", watched)
    headers = bearer(house, "station_staff@east-park-station")
    async with browser(house) as client:
        for route in routes(house.app):
            if not route.secured:
                continue
            now = route.name
            answer = await client.request(route.method, route.path, headers=headers)
            if route.method in SAFE:
                assert answer.status_code < 500, (route.name, answer.text)
    assert not [name for name in told["off"] if name.split()[0] in SAFE]
    assert not [name for name in told["on"] if name.split()[0] not in SAFE]
    assert len(told["on"]) > 50


async def test_a_reading_transaction_refuses_to_write(house: House) -> None:
    with pytest.raises(sa.exc.InternalError) as refused:
        async with db.transaction("staff", reading=True) as session:
            await session.execute(sa.text("UPDATE account SET name = name"))
    assert isinstance(refused.value.orig, ReadOnlySqlTransaction)
    async with db.transaction("staff") as session:  # the connection is itself again
        await session.execute(sa.text("UPDATE account SET name = name"))
