"""Panels whose members the lot chose: the draw's order fills their seats, its log says so."""

from typing import Any

import pytest

from app.core import jobs
from tests.house import House
from tests.libraries.people import API, CENTRE, STATION, enterprise, made, moved, tried
from tests.matching.draws.scene import Scene as Draw
from tests.matching.draws.scene import library
from tests.matching.panels.scene import CRITERIA

pytestmark = pytest.mark.slow


@pytest.fixture
async def draw(house: House) -> Draw:
    """A draw held and released, for a project."""
    held = Draw(house, await library(house))
    firm = await enterprise(house)
    async with house.client(STATION) as station:
        undertakers = [{"enterprise_id": firm["id"], "role": "lead"}]
        project = await made(station, "projects", title="减速器攻关项目", undertakers=undertakers)
    await held.plan(
        subject_note=None,
        concerned=[],
        project_id=project["id"],
        size=3,
        alternates=2,
        technical_min_percent=0,
        finance_min=0,
        offsite_min=0,
    )
    await held.release()
    return held


async def drawn_panel(draw: Draw, **fields: Any) -> dict[str, Any]:
    given = {"title": "抽取评审组", "mode": "draw", "draw_id": draw.draw["id"]}
    async with draw.house.client(CENTRE) as centre:
        return await made(centre, "panels", criteria=CRITERIA, **given | fields)


async def seats(draw: Draw, panel: dict[str, Any]) -> list[dict[str, Any]]:
    async with draw.house.client(CENTRE) as centre:
        return list((await centre.get(f"{API}/panels/{panel['id']}/seats")).json()["items"])


async def test_matter_size_and_seats_are_those_of_the_draw(draw: Draw) -> None:
    panel = await drawn_panel(draw)
    assert panel["project_id"] == draw.draw["project_id"]
    assert (panel["size"], panel["experts"]) == (3, [])
    kinds = [(item["kind"], item["state"]) for item in await seats(draw, panel)]
    assert kinds == [("member", "reserved")] * 3 + [("alternate", "reserved")] * 2
    async with draw.house.client(CENTRE) as centre:
        again = {"title": "再来一组", "mode": "draw", "draw_id": draw.draw["id"]}
        refused = await centre.post(f"{API}/panels", json=again)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (409, "/draw_id")


async def test_who_declines_is_followed_by_the_next_in_the_draws_order(draw: Draw) -> None:
    panel = await drawn_panel(draw)
    async with draw.house.client(CENTRE) as centre:
        panel = await moved(centre, "panels", panel, "invite")
        before = await seats(draw, panel)
        first = {"id": before[0]["review_id"]}
        await moved(centre, "reviews", first, "replace", reason="联系不上")
        await jobs.drain()
        after = await seats(draw, panel)
        follower = next(item for item in after if item["replaces"] == first["id"])
        assert follower["expert_id"] == before[3]["expert_id"]
        assert (follower["kind"], follower["state"]) == ("member", "invited")
        await moved(centre, "panels", panel, "fill")
        assert await seats(draw, panel) == after
    log = [event for event in (await draw.course())["events"] if event["kind"] == "seated"]
    assert [event["facts"].get("code") for event in log if event["facts"].get("left")] == [
        "replaced"
    ]


async def test_when_the_drawn_alternates_are_used_up_the_same_order_goes_on(draw: Draw) -> None:
    panel = await drawn_panel(draw)
    drawn = {item["expert_id"] for item in await seats(draw, panel)}
    async with draw.house.client(CENTRE) as centre:
        panel = await moved(centre, "panels", panel, "invite")
        for _ in range(3):
            now = await seats(draw, panel)
            one = next(i for i in now if i["kind"] == "member" and i["state"] == "invited")
            await moved(centre, "reviews", {"id": one["review_id"]}, "replace", reason="联系不上")
            await jobs.drain()
    sitting = [i for i in await seats(draw, panel) if i["state"] == "invited"]
    assert len(sitting) == 3
    assert len({i["expert_id"] for i in sitting} - drawn) == 1


async def test_no_panel_is_formed_before_the_release(house: House) -> None:
    held = Draw(house, await library(house))
    await held.plan()
    given = {"title": "太早的评审组", "mode": "draw", "draw_id": held.draw["id"]}
    async with house.client(CENTRE) as centre:
        assert (await centre.post(f"{API}/panels", json=given)).status_code == 409
        await held.hold()
        assert (await centre.post(f"{API}/panels", json=given)).status_code == 409
        given["draw_id"] = "00000000-0000-7000-8000-000000000000"
        unknown = await centre.post(f"{API}/panels", json=given)
        assert unknown.json()["errors"][0]["pointer"] == "/draw_id"


async def test_a_draw_without_applicant_makes_a_panel_that_can_be_invited(house: House) -> None:
    held = Draw(house, await library(house))
    await held.plan()
    await held.release()
    panel = await drawn_panel(held)
    assert panel["subject_note"] == held.draw["subject_note"]
    async with house.client(CENTRE) as centre:
        await moved(centre, "panels", panel, "invite")
    states = [i["state"] for i in await seats(held, panel) if i["kind"] == "member"]
    assert states == ["invited"] * 5


async def test_a_draw_for_another_matter_is_refused(draw: Draw) -> None:
    async with draw.house.client(STATION) as station:
        other = await made(station, "projects", title="另一个项目")
    given = {"mode": "draw", "draw_id": draw.draw["id"], "project_id": other["id"]}
    async with draw.house.client(CENTRE) as centre:
        refused = await centre.post(f"{API}/panels", json={"title": "错配", **given})
        assert refused.json()["errors"][0]["code"] == "other_subject"
        own_list = given | {"project_id": None, "experts": [draw.experts[0]["id"]]}
        chosen = await centre.post(f"{API}/panels", json={"title": "点名", **own_list})
        assert chosen.json()["errors"][0]["pointer"] == "/experts"


async def test_the_list_of_a_drawn_panel_cannot_be_added_to(draw: Draw) -> None:
    panel = await drawn_panel(draw)
    async with draw.house.client(CENTRE) as centre:
        url, version = f"{API}/panels/{panel['id']}", {"If-Match": f'"{panel["version"]}"'}
        added = {"experts": [draw.experts[0]["id"]]}
        assert (await centre.patch(url, json=added, headers=version)).status_code == 422
        assert (await centre.patch(url, json={"size": 7}, headers=version)).status_code == 422
        assert (await tried(centre, "panels", panel, "invite")).status_code == 200
