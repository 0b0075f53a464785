"""When a number is not shown, by a public value, and after a void draw: always in the open."""

import json
from datetime import timedelta
from typing import Any

import pytest

from app.core import clock
from app.matching.drawing import script
from app.matching.drawing.pool import fresh
from tests.libraries.people import API, CENTRE, LEADER, enterprise, made
from tests.matching.draws.scene import COMMITTEE, PLAN, STATION, Scene

pytestmark = pytest.mark.slow

WHY = "项目进入验收，须另组评审组"


async def test_who_does_not_show_the_number_in_time_stops_the_draw_in_public(
    scene: Scene,
) -> None:
    await scene.plan()
    await scene.promised()
    await scene.step(CENTRE, "reveal", nonce=scene.numbers["operator"])
    clock.say(clock.now() + timedelta(hours=25))
    try:
        late = await scene.attempt(COMMITTEE, "reveal", nonce=scene.numbers["witness"])
        assert late.status_code == 403
        assert "期限" in late.json()["detail"]
        beacon = await scene.attempt(CENTRE, "enter_beacon", value="02 11 17")
        assert beacon.status_code == 403
        assert "没有写明" in beacon.json()["detail"]
        await scene.step(LEADER, "void", reason="见证人逾期未公开随机数")
    finally:
        clock.say(None)
    public = (await scene.send(None, "GET", f"{API}/public/draws/{scene.draw['id']}")).json()
    assert public["void"]["reason"] == "见证人逾期未公开随机数"
    assert [one["kind"] for one in public["log"]][-2:] == ["overdue", "voided"]


async def test_the_value_named_before_takes_the_place_of_a_number_not_shown(
    scene: Scene,
) -> None:
    await scene.plan(beacon="2026年12月1日双色球开奖号码")
    await scene.promised()
    await scene.step(CENTRE, "reveal", nonce=scene.numbers["operator"])
    early = await scene.attempt(CENTRE, "enter_beacon", value="02 11 17 20 26 31 05")
    assert early.status_code == 403
    assert "仍可公开" in early.json()["detail"]
    clock.say(clock.now() + timedelta(hours=25))
    try:
        drawn = await scene.step(CENTRE, "enter_beacon", value="02 11 17 20 26 31 05")
        assert drawn["state"] == "drawn"
        await scene.step(LEADER, "release")
        await scene.step(CENTRE, "publish")
    finally:
        clock.say(None)
    bundle = await scene.send(None, "GET", f"{API}/public/draws/{scene.draw['id']}/bundle.json")
    _verified(bundle.content, drawn["root"])


async def test_a_draw_by_a_public_value_alone_needs_no_promises(scene: Scene) -> None:
    missing = await scene.send(
        STATION,
        "POST",
        f"{API}/draws",
        {"title": "样例抽取", "subject_note": "样例", "method": "beacon"},
    )
    assert missing.status_code == 422
    await scene.plan(method="beacon", beacon="2026年12月1日双色球开奖号码")
    await scene.freeze()
    promise = await scene.attempt(CENTRE, "commit", hash=fresh(32))
    assert promise.status_code == 403
    await scene.step(CENTRE, "enter_beacon", value="02 11 17 20 26 31 05")
    await scene.step(LEADER, "release")
    await scene.step(CENTRE, "publish")
    bundle = await scene.send(None, "GET", f"{API}/public/draws/{scene.draw['id']}/bundle.json")
    _verified(bundle.content, scene.draw["root"])


def _verified(bundle: bytes, root: str) -> None:
    assert script.accepts(bundle, [root])


async def test_a_redraw_names_the_void_draw_and_who_ordered_it(scene: Scene) -> None:
    project = await _project(scene)
    mine: dict[str, Any] = {"project_id": project["id"], "subject_note": None}
    first = await scene.plan(**mine)
    again = await scene.send(STATION, "POST", f"{API}/draws", _plan(mine))
    assert again.status_code == 422
    assert again.json()["errors"][0]["code"] == "under_way"
    await scene.freeze()
    await scene.step(LEADER, "void", reason="申报材料有误，论证改期")
    silent = await scene.send(STATION, "POST", f"{API}/draws", _plan(mine))
    assert silent.json()["errors"][0]["code"] == "name_the_void"
    unordered = await scene.send(
        STATION, "POST", f"{API}/draws", _plan(mine | {"supersedes_id": first["id"]})
    )
    assert unordered.json()["errors"][0]["pointer"] == "/ordered_by"
    ordered = {"supersedes_id": first["id"], "ordered_by": "中心主任办公会"}
    unexplained = await scene.send(STATION, "POST", f"{API}/draws", _plan(mine | ordered))
    assert unexplained.json()["errors"][0]["pointer"] == "/redraw_reason"
    await scene.plan(**mine, **ordered, redraw_reason=WHY)
    await scene.freeze()
    public = (await scene.send(None, "GET", f"{API}/public/draws/{scene.draw['id']}")).json()
    assert public["supersedes"] == first["id"]
    assert public["ordered_by"] == "中心主任办公会"
    assert public["redraw_reason"] == WHY
    assert public["terms"]["earlier"] == [first["id"]]


async def test_a_matter_that_was_drawn_for_is_drawn_for_again_only_with_a_public_reason(
    scene: Scene,
) -> None:
    project = await _project(scene)
    mine: dict[str, Any] = {"project_id": project["id"], "subject_note": None}
    first = await scene.plan(**mine)
    await scene.release()
    beside = await scene.send(STATION, "POST", f"{API}/draws", _plan(mine))
    assert beside.json()["errors"][0]["code"] == "under_way"
    await scene.step(CENTRE, "publish")
    described = {"subject_note": f" {project['title']} "}
    for silent in (mine, described):
        refused = await scene.send(STATION, "POST", f"{API}/draws", _plan(silent))
        assert refused.status_code == 422
        wrong = refused.json()["errors"][0]
        assert (wrong["pointer"], wrong["code"]) == ("/supersedes_id", "name_the_former")
    await scene.plan(
        **mine, supersedes_id=first["id"], ordered_by="中心主任办公会", redraw_reason=WHY
    )
    await scene.freeze()
    public = (await scene.send(None, "GET", f"{API}/public/draws/{scene.draw['id']}")).json()
    assert (public["supersedes"], public["redraw_reason"]) == (first["id"], WHY)
    assert public["terms"]["redraw_reason"] == WHY


async def test_a_matter_described_in_the_same_words_is_the_same(scene: Scene) -> None:
    first = await scene.plan()
    beside = await scene.send(STATION, "POST", f"{API}/draws", _plan({"title": "另一次抽取"}))
    assert beside.json()["errors"][0]["pointer"] == "/subject_note"
    await scene.publish()
    again = await scene.send(STATION, "POST", f"{API}/draws", _plan({"title": "另一次抽取"}))
    assert again.json()["errors"][0]["code"] == "name_the_former"
    project = await _project(scene, PLAN["subject_note"])
    mine: dict[str, Any] = {"project_id": project["id"], "subject_note": None}
    hidden = await scene.send(STATION, "POST", f"{API}/draws", _plan(mine))
    assert hidden.json()["errors"][0]["code"] == "name_the_former"
    told = {"supersedes_id": first["id"], "ordered_by": "中心主任办公会", "redraw_reason": WHY}
    await scene.plan(**mine, **told)


def _plan(fields: dict[str, Any]) -> dict[str, Any]:
    return PLAN | fields


async def _project(scene: Scene, title: str = "减速器国产化") -> dict[str, Any]:
    firm = await enterprise(scene.house)
    async with scene.house.client(STATION) as station:
        return await made(
            station,
            "projects",
            title=title,
            undertakers=[{"enterprise_id": firm["id"], "role": "lead"}],
        )


async def test_the_leader_alone_voids_and_says_why(scene: Scene) -> None:
    await scene.plan()
    await scene.freeze()
    for who in (STATION, COMMITTEE, CENTRE):
        answer = await scene.attempt(who, "void", reason="不想要这个结果")
        assert answer.status_code == 403
        assert "中心主任" in answer.json()["detail"]
    assert (await scene.attempt(LEADER, "void")).status_code == 422
    assert json.loads((await scene.send(None, "GET", f"{API}/public/draws")).text)["items"]
