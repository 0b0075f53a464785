"""Projects: whose they are, who sees them, and the long way from a lead to the archive."""

from decimal import Decimal
from typing import Any

import httpx

from tests.house import House, if_match
from tests.libraries.people import (
    API,
    CENTRE,
    COMMITTEE,
    LEADER,
    OTHER_PARK,
    PROVINCE,
    STATION,
    enterprise,
    made,
    moved,
    speaks_for,
    tried,
)

URL = f"{API}/projects"
PROJECT: dict[str, Any] = {
    "title": "行星减速器修形技术攻关",
    "summary": "降低行星减速器的噪声。",
    "level": "province",
    "programme": "省重点研发计划",
    "hightech_field": "先进制造与自动化",
    "leader_name": "王工",
    "period_from": "2026-01-01",
    "period_to": "2027-12-31",
    "budget_lines": [
        {"source": "province", "amount": "50"},
        {"source": "own", "amount": "70.5"},
    ],
    "milestones": [{"name": "样机", "due": "2026-12-31"}],
}


def led_by(record: dict[str, Any], *participants: dict[str, Any]) -> list[dict[str, Any]]:
    partners = [{"enterprise_id": p["id"]} for p in participants]
    return [{"enterprise_id": record["id"], "role": "lead"}, *partners]


async def status(house: House, who: str, record: dict[str, Any]) -> int:
    async with house.client(who) as client:
        return (await client.get(f"{URL}/{record['id']}")).status_code


async def test_a_project_belongs_to_its_leader_and_names_its_undertakers_as_the_ledger_does(
    house: House,
) -> None:
    leading, other = await enterprise(house, 1), await enterprise(house, 2)
    async with house.client(CENTRE) as centre:
        project = await made(
            centre, "projects", **PROJECT | {"undertakers": led_by(leading, other)}
        )
    assert project["owner_id"] == leading["id"]
    assert project["node_id"] == leading["node_id"]
    assert [u["name"] for u in project["undertakers"]] == [leading["name"], other["name"]]
    assert project["undertakers"][0]["uscc"] == leading["uscc"]
    assert Decimal(project["budget"]) == Decimal("120.5")
    assert project["hightech_field"] == "08"
    for who in (STATION, COMMITTEE):
        assert await status(house, who, project) == 200
    assert await status(house, OTHER_PARK, project) == 404
    assert await status(house, PROVINCE, project) == 404


async def test_whoever_takes_part_sees_the_project_and_whoever_left_no_longer(
    house: House,
) -> None:
    leading, other = await enterprise(house, 1), await enterprise(house, 2)
    first = await speaks_for(house, "enterprises", leading, "east-park")
    second = await speaks_for(house, "enterprises", other, "east-park")
    async with house.client(STATION) as station:
        project = await made(
            station, "projects", **PROJECT | {"undertakers": led_by(leading, other)}
        )
        assert await status(house, first, project) == 200
        assert await status(house, second, project) == 200
        alone = await station.patch(
            f"{URL}/{project['id']}",
            json={"undertakers": led_by(leading)},
            headers=if_match(project),
        )
        assert alone.status_code == 200, alone.text
    assert await status(house, first, project) == 200
    assert await status(house, second, project) == 404


async def test_an_enterprise_files_only_projects_it_leads(house: House) -> None:
    mine, other = await enterprise(house, 1), await enterprise(house, 2)
    speaker = await speaks_for(house, "enterprises", mine, "east-park")
    async with house.client(speaker) as own:
        filed = await made(own, "projects", title="企业自报的线索")
        assert (filed["state"], filed["owner_id"]) == ("lead", mine["id"])
        assert filed["undertakers"][0]["name"] == mine["name"]
        refused = await own.post(URL, json={"title": "别家的线索", "undertakers": led_by(other)})
        assert refused.status_code == 422
        partner = {"undertakers": led_by(mine, other)}
        unknown = await own.post(URL, json={"title": "合作的线索"} | partner)
        assert unknown.json()["errors"][0]["pointer"] == "/undertakers/1/enterprise_id"
    assert await status(house, STATION, filed) == 200


async def test_the_way_from_a_lead_to_the_archive(house: House) -> None:
    leading = await enterprise(house)
    async with (
        house.client(STATION) as station,
        house.client(COMMITTEE) as committee,
        house.client(LEADER) as leader,
        house.client(PROVINCE) as province,
    ):
        project = await made(station, "projects", **PROJECT | {"undertakers": led_by(leading)})
        for move in ("reserve", "argue", "apply"):
            project = await moved(station, "projects", project, move)
        refused = await tried(station, "projects", project, "recommend")
        assert refused.status_code == 403
        await moved(committee, "projects", project, "recommend")
        approval = {"approval_no": "苏科〔2026〕1号", "approved_on": "2026-03-01"}
        project = await moved(province, "projects", project, "approve", **approval)
        assert project["approval_no"] == "苏科〔2026〕1号"
        for move in ("sign", "start"):
            await moved(station, "projects", project, move)
        delay = {"period_to": "2028-06-30", "reason": "供货延误"}
        assert (await moved(station, "projects", project, "delay", **delay))[
            "period_to"
        ] == "2028-06-30"
        for move in ("resume", "request_acceptance"):
            await moved(station, "projects", project, move)
        await moved(leader, "projects", project, "accept")
        for move in ("transform", "archive"):
            project = await moved(station, "projects", project, move)
        assert (project["state"], project["moves"], project["editable"]) == ("archived", [], [])
        log = (await station.get(f"{API}/service-log")).json()["items"]
        assert {entry["kind"] for entry in log} == {"argumentation", "application"}


async def test_what_a_step_needs_is_asked_for(house: House) -> None:
    async with house.client(STATION) as station:
        project = await made(station, "projects", title="只有名称的线索")
        refused = await tried(station, "projects", project, "reserve")
        assert {e["pointer"] for e in refused.json()["errors"]} == {"/summary", "/undertakers"}
        unreasoned = await tried(station, "projects", project, "terminate")
        assert (unreasoned.status_code, unreasoned.json()["errors"][0]["pointer"]) == (
            422,
            "/reason",
        )


async def test_what_contradicts_itself_is_refused_field_by_field(house: House) -> None:
    wrong = {
        "title": "自相矛盾的项目",
        "hightech_field": "99",
        "period_from": "2026-02-01",
        "period_to": "2026-01-01",
        "undertakers": [
            {"role": "lead", "name": "甲"},
            {"role": "lead", "name": "乙", "uscc": "123"},
            {"role": "participant"},
        ],
    }
    async with house.client(STATION) as station:
        answer: httpx.Response = await station.post(URL, json=wrong)
        assert {e["pointer"] for e in answer.json()["errors"]} == {
            "/hightech_field",
            "/period_to",
            "/undertakers/1/role",
            "/undertakers/1/uscc",
            "/undertakers/2/name",
        }


async def test_a_project_number_is_given_once_in_a_city(house: House) -> None:
    async with house.client(STATION) as station, house.client(OTHER_PARK) as other:
        await made(station, "projects", title="第一个项目", project_no="BE2026001")
        again = await other.post(URL, json={"title": "第二个项目", "project_no": "BE2026001"})
        assert (again.status_code, again.json()["errors"][0]["pointer"]) == (409, "/project_no")
