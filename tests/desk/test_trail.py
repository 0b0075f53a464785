"""The trail: every act is on it, the auditor of its place reads it, nobody else does."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from app.access.roles import Role
from tests.desk.people import API, somebody, token_of
from tests.house import House, if_match
from tests.ledgers.builders import STATION, an_enterprise, call

AUDITOR, FAR, TOP = "auditor@east", "auditor@west", "auditor@province"


async def listed(house: House, who: str = AUDITOR, **query: Any) -> list[dict[str, Any]]:
    async with house.client(who) as auditor:
        answer = await auditor.get(f"{API}/audit", params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def a_day(house: House) -> dict[str, Any]:
    """Let a clerk work: register, revise, fail, upload, export, delete; sign in rightly and not."""
    made = await an_enterprise(house)
    url = f"/enterprises/{made['id']}"
    told = await call(house, STATION, "PATCH", url, {"address": "一号路"}, **if_match(made))
    async with house.client(STATION) as clerk:
        file = {"file": ("a.txt", b"text")}
        assert (await clerk.post(f"{API}{url}/attachments", files=file)).status_code == 201
        assert (await clerk.get(f"{API}/enterprises/export.csv")).status_code == 200
    assert told.status_code == 200, told.text
    gone = await call(house, STATION, "DELETE", url, None, **if_match(told.json()))
    assert gone.status_code == 204
    await somebody(house, "clerk", (Role.station_staff, "east-park-station"))
    await token_of(house, "clerk", "Wrong-password-1")
    await token_of(house, "clerk")
    return made


async def test_every_act_is_on_the_trail_with_who_what_and_from_where(house: House) -> None:
    made = await a_day(house)
    items = await listed(house)
    acts = [item["verb"] for item in items if item["register"] == "enterprises"]
    assert sorted(acts) == sorted(
        f"enterprises.{verb}" for verb in ("create", "revise", "attach", "export", "delete")
    )
    mine = await listed(house, record_id=made["id"])
    assert {item["record_label"] for item in mine} == {made["name"]}
    for item in mine:
        assert item["role_label"] == "工作站工作人员"
        assert item["organisation"] == "样例east-park-station"
        assert item["ip"]
        assert item["request_id"]
        assert item["verb_label"] != item["verb"]
    signed = await listed(house, verb="account.sign_in")
    assert [(e["account"]["username"], e["outcome"]) for e in signed] == [
        ("clerk", "done"),
        ("clerk", "refused"),
    ]


async def test_the_trail_is_asked_by_who_what_when_and_outcome(house: House) -> None:
    made = await a_day(house)
    everything = await listed(house)
    assert [e["at"] for e in everything] == sorted((e["at"] for e in everything), reverse=True)
    account = next(e["account"]["id"] for e in everything if e["record_id"] == made["id"])
    middle = everything[len(everything) // 2]["at"]
    asked: list[tuple[dict[str, Any], Callable[[dict[str, Any]], bool]]] = [
        ({"register": "enterprises"}, lambda e: e["register"] == "enterprises"),
        ({"account": account}, lambda e: e["account"]["id"] == account),
        ({"username": "clerk"}, lambda e: e["account"]["username"] == "clerk"),
        ({"verb": "enterprises.revise"}, lambda e: e["verb"] == "enterprises.revise"),
        ({"outcome": "refused"}, lambda e: e["outcome"] == "refused"),
        ({"since": middle}, lambda e: e["at"] >= middle),
        ({"until": middle}, lambda e: e["at"] <= middle),
    ]
    for query, wanted in asked:
        found = {e["id"] for e in await listed(house, **query)}
        assert found, query
        assert found == {e["id"] for e in everything if wanted(e)}, query
    assert await paged(house) == [e["id"] for e in everything]


async def paged(house: House) -> list[str]:
    """Return all ids of the trail, two a page."""
    pages: list[str] = []
    query: dict[str, Any] = {"limit": 2}
    async with house.client(AUDITOR) as auditor:
        while True:
            page = (await auditor.get(f"{API}/audit", params=query)).json()
            pages += [e["id"] for e in page["items"]]
            if page["next"] is None:
                return pages
            query["after"] = page["next"]


async def test_an_auditor_reads_the_trail_of_its_own_place(house: House) -> None:
    made = await a_day(house)
    assert await listed(house, FAR) == []
    assert await listed(house, TOP, record_id=made["id"])


@pytest.mark.parametrize("form", ["csv", "jsonl", "xlsx"])
async def test_the_trail_leaves_as_a_file_and_that_is_noted(house: House, form: str) -> None:
    await a_day(house)
    async with house.client(AUDITOR) as auditor:
        answer = await auditor.get(f"{API}/audit/export.{form}", params={"register": "enterprises"})
        assert answer.status_code == 200
        assert _rows(answer, form) >= 5
    (noted,) = await listed(house, verb="audit.export")
    assert noted["detail"]["form"] == form


def _rows(answer: httpx.Response, form: str) -> int:
    if form == "xlsx":
        sheet = load_workbook(io.BytesIO(answer.content)).active
        return sheet.max_row - 1 if sheet else 0
    text = answer.content.decode("utf-8-sig")
    if form == "csv":
        return len(list(csv.reader(io.StringIO(text)))) - 1
    return len([json.loads(line) for line in text.splitlines()])


async def test_what_was_refused_and_rolled_back_left_no_act(house: House) -> None:
    """The trail and the effect commit together: no record without its line, no line without it."""
    made = await an_enterprise(house)
    stale = await call(
        house,
        STATION,
        "PATCH",
        f"/enterprises/{made['id']}",
        {"address": "二号路"},
        **{"If-Match": '"7"'},
    )
    assert stale.status_code == 412
    again = {"name": "样例重号有限公司", "uscc": made["uscc"]}
    assert (await call(house, STATION, "POST", "/enterprises", again)).status_code == 409
    assert [e["verb"] for e in await listed(house)] == ["enterprises.create"]
