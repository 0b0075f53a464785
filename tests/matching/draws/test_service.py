"""What panels ask of a draw: who was selected, who follows, what happened, all in the log."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest

from app.access.system import system_at
from app.audit.work import Work, acting
from app.core import db
from app.core.errors import Conflict, NotFound
from app.matching.drawing import script
from app.matching.draws import service
from tests.house import if_match
from tests.libraries.people import API, CENTRE, LEADER
from tests.matching.draws.scene import Scene

pytestmark = pytest.mark.slow


@asynccontextmanager
async def platform(scene: Scene) -> AsyncIterator[Work]:
    """Work as the platform itself, for the draw's park."""
    node = scene.house.organisations["east-park"].node_id
    async with db.transaction("staff") as session:
        actor = await system_at(session, node)
    async with acting(actor) as work:
        yield work


async def test_members_and_alternates_are_those_drawn_in_their_order(scene: Scene) -> None:
    await scene.plan()
    await scene.release()
    people = await scene.people()
    async with platform(scene) as work:
        seats = await service.selected(work, UUID(scene.draw["id"]))
    members = [str(s.expert_id) for s in seats if s.kind == "member"]
    after = [str(s.expert_id) for s in seats if s.kind == "alternate"]
    assert members == [one["expert_id"] for one in people["members"]]
    assert after == [one["expert_id"] for one in people["alternates"]]
    assert [s.position for s in seats] == [1, 2, 3, 4, 5, 1, 2, 3]


async def test_no_panel_is_formed_from_a_result_that_is_not_released(scene: Scene) -> None:
    await scene.plan()
    await scene.hold()
    async with platform(scene) as work:
        with pytest.raises(Conflict):
            await service.selected(work, UUID(scene.draw["id"]))


async def test_a_seat_left_is_taken_by_the_same_order_and_the_bundle_says_so(scene: Scene) -> None:
    await scene.plan()
    await scene.publish()
    draw = UUID(scene.draw["id"])
    before = await scene.people()
    left = UUID(before["members"][0]["expert_id"])
    async with platform(scene) as work:
        taken = await service.replace(work, draw, left, "declined")
        again = await service.replace(work, draw, left, "declined")
    assert taken is not None
    assert again == taken
    now = await scene.people()
    seated = {one["expert_id"] for one in now["members"]}
    assert str(taken) in seated
    assert str(left) not in seated
    bundle = await scene.send(None, "GET", f"{API}/public/draws/{draw}/bundle.json")
    assert script.accepts(bundle.content, [scene.draw["root"]])
    public = (await scene.send(None, "GET", f"{API}/public/draws/{draw}")).json()
    assert [one["kind"] for one in public["log"]][-1] == "seated"
    said = {(one["kind"], one["detail"]) for one in public["log"]}
    assert {("committed", "主持人"), ("revealed", "见证人"), ("seated", "第 1 席")} <= said
    assert public["log"][-1]["detail"] == "第 1 席（递补）"
    first, *others = [one["drawn"] for one in public["result"]]
    assert first == before["members"][0]["pseudonym"]
    assert set(others) == {None}
    assert public["digest"] in bundle.text


async def test_the_order_goes_on_until_nobody_can_keep_the_quotas(scene: Scene) -> None:
    await scene.plan(finance_min=2)  # three technical, two of finance: no seat is open to all
    await scene.release()
    draw = UUID(scene.draw["id"])
    finance = {one["id"] for n, one in enumerate(scene.experts) if n % 5 in (3, 4)}
    gone = []
    async with platform(scene) as work:
        while True:
            seats = await service.selected(work, draw)
            sitting = [s.expert_id for s in seats if s.kind == "member"]
            mine = next((one for one in sitting if str(one) in finance), None)
            if mine is None:
                break
            taken = await service.replace(work, draw, mine, "declined")
            gone.append(str(mine))
            assert taken is None or str(taken) in finance
            assert len(gone) <= len(finance)
    assert len(gone) == len(set(gone))
    await scene.step(CENTRE, "publish")
    bundle = await scene.send(None, "GET", f"{API}/public/draws/{draw}/bundle.json")
    assert script.accepts(bundle.content, [scene.draw["root"]])


async def test_an_alternate_who_withdraws_is_passed_over_later(scene: Scene) -> None:
    await scene.plan(technical_min_percent=0, finance_min=0, offsite_min=0)
    await scene.publish()
    draw = UUID(scene.draw["id"])
    people = await scene.people()
    first, second = (UUID(one["expert_id"]) for one in people["alternates"][:2])
    async with platform(scene) as work:
        assert await service.replace(work, draw, first, "unavailable") is None
        left = UUID(people["members"][2]["expert_id"])
        assert await service.replace(work, draw, left, "recused") == second
    bundle = await scene.send(None, "GET", f"{API}/public/draws/{draw}/bundle.json")
    assert script.accepts(bundle.content)


async def test_what_a_panel_reports_goes_into_the_log_under_the_pseudonym(scene: Scene) -> None:
    await scene.plan()
    await scene.publish()
    draw = UUID(scene.draw["id"])
    member = (await scene.people())["members"][0]
    async with platform(scene) as work:
        written = await service.record_event(
            work, draw, "accepted", {"panel": 1}, UUID(member["expert_id"])
        )
        with pytest.raises(Conflict):
            await service.record_event(work, draw, "seated", {})
        with pytest.raises(NotFound):
            await service.record_event(work, draw, "accepted", {}, UUID(int=7))
    event = (await scene.course(LEADER))["events"][-1]
    assert event["facts"] == {"panel": 1, "person": member["pseudonym"]}
    assert event["hash"] == written
    bundle = await scene.send(None, "GET", f"{API}/public/draws/{draw}/bundle.json")
    assert script.accepts(bundle.content, [written])
    assert member["expert_id"] not in bundle.text


async def test_the_history_tells_who_took_each_step(scene: Scene) -> None:
    await scene.plan()
    await scene.publish()
    told = (await scene.send(CENTRE, "GET", f"{scene.path}/history")).json()["items"]
    verbs = [one["verb"] for one in reversed(told)]
    assert verbs == [
        "create",
        "move.freeze",
        *["move.commit"] * 2,
        *["move.reveal"] * 2,
        "move.release",
        "move.publish",
    ]


async def test_a_name_in_public_goes_with_the_consent_to_it(scene: Scene) -> None:
    await scene.plan(hightech_fields=["08"])
    await scene.publish()
    path = f"{API}/public/draws/{scene.draw['id']}"
    before = (await scene.send(None, "GET", path)).json()
    assert before["fields"] == ["先进制造与自动化"]
    named = {one["name"] for one in before["result"]} - {None}
    gone = next(one for one in scene.experts if one["name"] in named)
    url = f"{API}/experts/{gone['id']}"
    async with scene.house.client(CENTRE) as centre:
        now = (await centre.get(url)).json()
        less = {"consent_scope": ["library", "match"]}
        assert (await centre.patch(url, json=less, headers=if_match(now))).status_code == 200
    after = (await scene.send(None, "GET", path)).json()
    assert {one["name"] for one in after["result"]} - {None} == named - {gone["name"]}
    assert [one["pseudonym"] for one in after["result"]] == [
        one["pseudonym"] for one in before["result"]
    ]
    other = next(one for one in scene.experts if one["name"] in named - {gone["name"]})
    async with scene.house.client(CENTRE) as centre:
        shown = (await centre.get(f"{API}/experts/{other['id']}")).json()
        left = await centre.delete(f"{API}/experts/{other['id']}", headers=if_match(shown))
    told = (await scene.send(None, "GET", path)).json()
    there = other["name"] in {one["name"] for one in told["result"]}
    assert there == (left.status_code != 204)
