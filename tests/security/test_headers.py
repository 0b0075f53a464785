"""Every answer tells browsers to be careful: each route, allowed, refused, absent, broken."""

from collections.abc import Iterator
from itertools import cycle

import httpx
import pytest

from app.audit import requests
from tests.house import House
from tests.security.asking import bearer, browser, routes

_YEAR = 31_536_000
_FOREIGN = {"Origin": "https://evil.example", "Accept-Language": "en"}
_ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_PEOPLE = ("province_staff@province", "station_staff@east-park-station", "auditor@east")
_BETRAYING = ("server", "x-powered-by", "access-control-allow-origin")
_TYPES = ("application/json", "application/problem+json", "text/", "application/x-ndjson")


def _faults(name: str, answer: httpx.Response) -> Iterator[str]:
    headers = answer.headers
    for header, value in _ALWAYS.items():
        if headers.get(header) != value:
            yield f"{name} {answer.status_code}: {header} is {headers.get(header)}"
    policy = {part.strip() for part in headers.get("content-security-policy", "").split(";")}
    if not {"base-uri 'none'", "frame-ancestors 'none'"} <= policy and "sandbox" not in policy:
        yield f"{name} {answer.status_code}: the policy is {policy}"
    if "default-src 'none'" not in policy and "object-src 'none'" not in policy:
        yield f"{name} {answer.status_code}: the policy lets objects in"
    if any("unsafe" in part for part in policy):
        yield f"{name} {answer.status_code}: the policy is unsafe"
    told = dict(
        p.strip().partition("=")[::2] for p in headers["strict-transport-security"].split(";")
    )
    if int(told["max-age"]) < _YEAR or "includeSubDomains" not in told:
        yield f"{name} {answer.status_code}: HSTS is {told}"
    for header in _BETRAYING:
        if header in headers:
            yield f"{name} {answer.status_code}: {header} is told"


def _api_faults(name: str, answer: httpx.Response) -> Iterator[str]:
    yield from _faults(name, answer)
    if "no-store" not in answer.headers.get("cache-control", ""):
        yield f"{name} {answer.status_code}: may be cached ({answer.headers.get('cache-control')})"
    kind = answer.headers.get("content-type", "")
    if answer.content and not kind.startswith(_TYPES):
        yield f"{name} {answer.status_code}: is {kind}"
    if kind.startswith("text/") and "charset=utf-8" not in kind:
        yield f"{name} {answer.status_code}: text without its encoding"


@pytest.mark.slow
async def test_every_route_is_careful_with_and_without_a_sign_in(house: House) -> None:
    found, statuses, people = [], set(), cycle(_PEOPLE)
    async with browser(house, **_FOREIGN) as client:
        for route in routes(house.app):
            for headers in ({}, bearer(house, next(people))):
                answer = await client.request(route.method, route.path, headers=headers)
                statuses.add(answer.status_code)
                if route.path in {"/healthz", "/readyz"}:
                    found += list(_faults(route.name, answer))
                else:
                    found += list(_api_faults(route.name, answer))
    assert not found, "\n".join(found[:30])
    assert {200, 401, 404, 422} <= statuses


@pytest.mark.slow
async def test_methods_nobody_declared_are_refused_on_every_route(house: House) -> None:
    found = []
    async with browser(house, **_FOREIGN) as client:
        for path in sorted({route.path for route in routes(house.app)}):
            for method in ("TRACE", "PROPFIND"):
                answer = await client.request(method, path)
                found += list(_faults(f"{method} {path}", answer))
                if answer.status_code != 405:
                    found.append(f"{method} {path}: {answer.status_code}")
                if b"evil.example" in answer.content:
                    found.append(f"{method} {path}: echoes the request")
    assert not found, "\n".join(found[:30])


@pytest.mark.parametrize(
    "path",
    ["/api/v1/nothing", "/", "/public/needs", "/public/needs/x", "/robots.txt", "/portal.css"],
)
async def test_pages_and_unknown_addresses_are_careful(house: House, path: str) -> None:
    async with browser(house, **_FOREIGN) as client:
        answer = await client.get(path, headers={"Accept": "text/html"})
    assert list(_faults(path, answer)) == []


async def test_an_unexpected_error_is_careful_and_tells_nothing_of_the_inside(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("SELECT secret FROM /srv/park/app")

    monkeypatch.setattr(requests, "open_session", broken)
    async with browser(house, **_FOREIGN) as client:
        answer = await client.get("/api/v1/me", headers=bearer(house, "province_staff@province"))
    assert answer.status_code == 500
    assert list(_api_faults("/api/v1/me", answer)) == []
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "errors"}
    for inside in ("SELECT", "/srv", "Traceback", "RuntimeError", ".py"):
        assert inside not in answer.text
    assert answer.headers["x-request-id"] in body["detail"]
    noted = [record for record in caplog.records if record.name == "park.http" and record.exc_info]
    assert len(noted) == 1


async def test_hsts_is_promised_over_tls_only(house: House) -> None:
    async with browser(house, scheme="http") as client:
        assert "strict-transport-security" not in (await client.get("/healthz")).headers


async def test_a_careless_answer_is_found(house: House) -> None:
    """The check itself: an answer that lost its headers has a fault for each."""
    async with browser(house, **_FOREIGN) as client:
        answer = await client.get("/api/v1/me")
    assert list(_api_faults("me", answer)) == []
    for header in (*_ALWAYS, "content-security-policy", "cache-control"):
        bare = httpx.Response(401, headers=[p for p in answer.headers.items() if p[0] != header])
        assert list(_api_faults("me", bare)), header
