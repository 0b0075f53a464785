"""Every number of the dashboard is the total of the list it opens, for whoever looks."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from app.core.clock import today
from tests.house import House
from tests.ledgers.builders import (
    CENTRE,
    COMMITTEE,
    PROVINCE,
    STATION,
    a_need,
    a_user_of,
    an_enterprise,
    an_entry,
    call,
    move,
)

LEADER = "centre_leader@east"
FAR = "station_staff@west-park-station"
BLIND = {"blind_title": "低噪声驱动器", "blind_text": "寻求降低驱动器噪声的办法。"}


async def a_year(house: House) -> str:
    """Let some needs come some way and some service be given, near and far."""
    enterprise = await an_enterprise(house)
    user = await a_user_of(house, enterprise)
    for steps in ((), ("submit",), ("submit", "accept"), ("submit", "accept", "publish")):
        need = await a_need(house, user)
        for step in steps:
            who = user if step == "submit" else STATION
            form = BLIND if step == "publish" else {}
            need = await move(house, who, "needs", need, step, form)
    for days, kind in (
        (0, "visit"),
        (0, "training"),
        (40, "visit"),
        (200, "patent"),
        (800, "visit"),
    ):
        served = (today() - timedelta(days=days)).isoformat()
        await an_entry(house, STATION, [enterprise], kind=kind, served_on=served)
    far = await an_enterprise(house, park="west-park")
    await an_entry(house, FAR, [far], kind="visit", served_on=today().isoformat())
    return user


async def figures(house: House, who: str) -> dict[str, Any]:
    answer = await call(house, who, "GET", "/dashboard")
    assert answer.status_code == 200, answer.text
    return {one["name"]: one for one in answer.json()["figures"]}


@pytest.fixture
async def looked_at(house: House) -> House:
    await a_year(house)
    return house


@pytest.mark.parametrize("who", [STATION, COMMITTEE, CENTRE, LEADER, PROVINCE, FAR])
async def test_every_number_is_the_total_of_its_list(looked_at: House, who: str) -> None:
    told = await figures(looked_at, who)
    assert "funnel" in told
    assert ("months" in told) == (who != PROVINCE)
    for figure in told.values():
        for line in figure["lines"]:
            assert len(line["numbers"]) == len(figure["columns"])
            for column, number in zip(figure["columns"], line["numbers"], strict=True):
                query = urlencode({**number["query"], "count": True, "limit": 1}, doseq=True)
                path = f"/{figure['register']}?{query}"
                listed = await call(looked_at, who, "GET", path)
                assert listed.status_code == 200, listed.text
                if "中位数" in column or number["value"] is None:
                    continue
                assert listed.json()["total"] == number["value"], (figure["name"], line, column)


async def test_the_station_reads_its_year(looked_at: House) -> None:
    told = await figures(looked_at, STATION)
    funnel = {one["label"]: one["numbers"][0]["value"] for one in told["funnel"]["lines"]}
    assert (funnel["提交"], funnel["受理"]) == (3, 2)
    months = [one["numbers"][0]["value"] for one in told["months"]["lines"]]
    assert len(months) == 12
    assert told["months"]["lines"][-1]["label"] == f"{today():%Y-%m}"
    (station,) = told["stations"]["lines"]
    assert station["numbers"][0]["value"] == 2


async def test_another_park_counts_nothing_of_it(looked_at: House) -> None:
    told = await figures(looked_at, FAR)
    assert {one["numbers"][0]["value"] for one in told["funnel"]["lines"]} == {0}
    assert told["stations"]["lines"] == []


async def test_parties_and_administrators_have_no_dashboard(house: House) -> None:
    user = await a_user_of(house, await an_enterprise(house))
    for who in (user, "system_admin@province", "auditor@province", "security_admin@province"):
        assert (await call(house, who, "GET", "/dashboard")).status_code == 404


async def test_the_calendar_tells_worked_free_and_unknown_days(house: House) -> None:
    asked = {"since": "2026-09-30", "until": "2026-10-09"}
    told = (await call(house, STATION, "GET", f"/calendar/workdays?{urlencode(asked)}")).json()
    works = {one["day"]: one["works"] for one in told["items"]}
    assert (works["2026-09-30"], works["2026-10-01"], works["2026-10-09"]) == (True, False, True)
    assert told["today"] == today().isoformat()
    far = {"since": "2031-01-01", "until": "2031-01-02"}
    unknown = (await call(house, STATION, "GET", f"/calendar/workdays?{urlencode(far)}")).json()
    assert {one["works"] for one in unknown["items"]} == {None}
    for wrong in (
        {"since": "2026-01-02", "until": "2026-01-01"},
        {"since": "2020-01-01", "until": "2026-01-01"},
    ):
        answer = await call(house, STATION, "GET", f"/calendar/workdays?{urlencode(wrong)}")
        assert answer.status_code == 400
