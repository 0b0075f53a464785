"""The log: one line an event whatever anybody sends, and no secret in it."""

import io
import json
import logging
import unicodedata
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import quote

import psycopg
import pytest
from sqlalchemy.exc import ProgrammingError

from app.core import http
from app.core.logging import JsonLines
from tests.desk.people import PAGE
from tests.house import House
from tests.security.asking import API, bearer, browser

_FORGED = '{"at":"2026-01-01","level":"info","message":"forged"}'
#: What ends a line, moves a terminal's cursor, or turns the order of letters round.
_BREAKS = ("\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029")
_STEERING = ("\x1b[2J", "\x1b]0;owned\x07", "\x9b31m", "\x00", "\x08", "\u202e", "\u2066", "\x7f")
_PIECES = (*_BREAKS, *_STEERING)


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything any logger says, at its most talkative, as the product writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    level, root.level = root.level, logging.DEBUG
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)
    root.level = level


def _lines(stream: io.StringIO) -> list[str]:
    return stream.getvalue().splitlines()


@pytest.mark.parametrize(
    "piece", _PIECES, ids=[p.encode("unicode_escape").decode() for p in _PIECES]
)
def test_whatever_is_logged_stays_one_line_of_plain_letters(
    written: io.StringIO, piece: str
) -> None:
    log = logging.getLogger("park.test")
    log.warning("name %s", f"x{piece}{_FORGED}", extra={"who": f"y{piece}z"})
    try:
        raise ValueError(f"bad{piece}{_FORGED}")  # noqa: TRY301
    except ValueError as error:
        log.error("failed", exc_info=error)  # noqa: TRY400 -- as the product does
    lines = _lines(written)
    assert [json.loads(line)["level"] for line in lines] == ["warning", "error"]
    assert json.loads(lines[0])["who"] == f"y{piece}z", "and nothing of it is lost"
    unseen = {"Cc", "Cf", "Zl", "Zp"}
    assert not [c for line in lines for c in line if unicodedata.category(c) in unseen]


async def test_a_request_cannot_write_lines_of_its_own(house: House, written: io.StringIO) -> None:
    asked = 0
    async with browser(house) as client:
        for piece in _PIECES:
            await client.get(f"{API}/needs/{quote(f'x{piece}{_FORGED}', safe='')}")
            asked += 1
        for forged in ("a" * 41, "x y", _FORGED, "é"):
            answer = await client.get("/healthz", headers=[(b"x-request-id", forged.encode())])
            assert answer.headers["x-request-id"] != forged
            asked += 1
    told = [json.loads(line) for line in _lines(written)]
    mine = [one for one in told if one["logger"] == "park.requests"]
    assert len(mine) == asked
    assert not [one for one in told if one["message"] == "forged"]


async def test_no_secret_reaches_the_log(house: House, written: io.StringIO) -> None:
    """Passwords, tokens, links, queries, personal values: sent every way, logged in none."""
    token = house.tokens["station_staff@east-park-station"]
    secret, link = "Kanarien-Vogel-77", "K" * 43
    clerk = bearer(house, "station_staff@east-park-station")
    async with browser(house, **PAGE) as client:
        login = {"username": "clerk", "password": secret}
        await client.post(f"{API}/auth/session", json=login)
        await client.post(f"{API}/auth/token", data=login)
        await client.post(f"{API}/auth/setup", json={"token": link, "password": secret})
        await client.get(f"{API}/public/invitations/{link}")
        await client.get(f"{API}/needs?q={secret}", headers=clerk)
        await client.post(f"{API}/needs", json={"title": secret, "no": secret}, headers=clerk)
        await client.post(f"{API}/enterprises", json={"contact_phone": secret}, headers=clerk)
        await client.get(f"{API}/me", headers={"Authorization": f"Bearer {secret}"})
        await client.get(f"{API}/me", headers={"Cookie": f"__Host-at={secret}"})
        await client.put(
            f"{API}/me/password", json={"current": secret, "new": secret}, headers=clerk
        )
    text = written.getvalue()
    assert "/api/v1/auth/session" in text, "the log does hear of the requests"
    for kept in (secret, link, token, token.split(".")[2]):
        assert kept not in text


async def test_refusals_are_in_the_log_with_their_status(
    house: House, written: io.StringIO
) -> None:
    """Who was refused what, by whom and when: 401 without, 403 and 404 with the account."""
    clerk = bearer(house, "station_staff@east-park-station")
    async with browser(house) as client:
        await client.get(f"{API}/needs")
        await client.get(f"{API}/audit", headers=clerk)
        await client.post(f"{API}/organisations", json={}, headers=clerk)
        me = (await client.get(f"{API}/me", headers=clerk)).json()
    told = [json.loads(line) for line in _lines(written)]
    mine = {one["message"]: one for one in told if one["logger"] == "park.requests"}
    assert mine[f"GET {API}/needs"]["status"] == 401
    assert "account" not in mine[f"GET {API}/needs"]
    refused = (mine[f"GET {API}/audit"], mine[f"POST {API}/organisations"])
    assert all(one["status"] in {403, 404, 422} for one in refused)
    assert {one["account"] for one in refused} == {
        me["account_id"] if "account_id" in me else me["id"]
    }
    assert all(one["at"].endswith("+00:00") and one["request_id"] for one in mine.values())


def test_times_are_told_in_utc(written: io.StringIO) -> None:
    logging.getLogger("park.test").info("x")
    at = datetime.fromisoformat(json.loads(_lines(written)[0])["at"])
    assert at.utcoffset() == timedelta(0)


def test_a_wall_of_the_database_that_had_to_hold_is_noted(written: io.StringIO) -> None:
    """What row-level security refuses the application has let through: that is an alarm."""
    refusal = psycopg.errors.InsufficientPrivilege("permission denied for table x")
    http.of_database(ProgrammingError("UPDATE x", {}, refusal))
    [line] = _lines(written)
    assert json.loads(line)["level"] == "error"
    assert "wall" in json.loads(line)["message"]
    assert "UPDATE" not in line
