"""A panel from its list of experts to the published result."""

from typing import Any

import httpx
import pytest

from app.core import jobs
from tests.house import House, if_match
from tests.libraries.people import (
    API,
    CENTRE,
    COMMITTEE,
    LEADER,
    OTHER_CITY,
    OTHER_PARK,
    PROVINCE,
    STATION,
    active_expert,
    made,
    moved,
    speaks_for,
    tried,
)
from tests.matching.panels.scene import (
    CRITERIA,
    Scene,
    accepted,
    declared,
    opened,
    panel,
    published,
    scene,
    summary,
)


async def test_a_panel_runs_from_invitation_to_the_published_result(house: House) -> None:
    there = await scene(house)
    await panel(there, note="先联系院办")
    assert set((await there.states()).values()) == {"reserved"}
    await opened(there)
    told = await summary(house, CENTRE, there.panel)
    figures = told["figures"]
    assert (figures["mean"], figures["median"]) == ("71.17", "75.50")
    assert (figures["lowest"], figures["highest"]) == ("54.00", "84.00")
    assert figures["trimmed_mean"] is None
    assert figures["votes"] == {"approve": 1, "approve_with_changes": 1, "reject": 1}
    assert [c["mean"] for c in figures["criteria"]] == ["28.67", "28.00", "14.50"]
    lines = {r["label"]: (r["total"], r["difference"]) for r in told["reviewers"]}
    assert lines == {
        "甲一": ("84.00", "12.83"),
        "乙二": ("54.00", "-17.17"),
        "丙三": ("75.50", "4.33"),
    }
    early = await attempt(there, LEADER, "publish")
    assert {e["pointer"] for e in early.json()["errors"]} == {"/conclusion_draft", "/opinion_draft"}
    done = await published(there)
    assert (done["conclusion"], done["opinion"]) == ("approve_with_changes", "修改后实施。")
    assert (done["mean_score"], done["moves"]) == ("71.17", ["announce"])


async def attempt(there: Scene, who: str, move: str, **form: Any) -> httpx.Response:
    """Try a step with the panel."""
    async with there.house.client(who) as client:
        return await tried(client, "panels", there.panel, move, **form)


async def test_locking_and_opening_take_two_persons_in_two_roles(house: House) -> None:
    there = await scene(house, 3)
    await panel(there)
    await declared(there)
    assert (await attempt(there, CENTRE, "lock")).status_code == 409  # nothing is in
    await there.hand_in(0)
    refused = await attempt(there, CENTRE, "lock")
    assert refused.json()["errors"][0]["pointer"] == "/reason"
    assert (await attempt(there, LEADER, "lock", reason="两人出差")).status_code == 403
    await there.centre("lock", reason="两人出差")
    assert await there.states() == {"甲一": "locked", "乙二": "missing", "丙三": "missing"}
    assert (await attempt(there, CENTRE, "open")).status_code == 403


async def test_one_person_with_both_hats_cannot_open_what_they_locked(house: House) -> None:
    there = await scene(house, 3)
    await panel(there)
    await declared(there)
    await there.hand_in(0)
    await there.centre("lock", reason="其余二人缺席")
    both = await there.also_leader(CENTRE)
    async with house.client(both) as same:
        told = (await same.get(f"{API}/panels/{there.panel['id']}")).json()
        assert "open" not in told["moves"]
        assert "两个账号" in told["refused"]["open"]
        refused = await tried(same, "panels", there.panel, "open")
    assert refused.status_code == 403
    assert (await there.leader("open"))["opened_by"]


@pytest.mark.slow
async def test_after_the_lock_nothing_changes_for_anybody(house: House) -> None:
    there = await scene(house, 3)
    await panel(there)
    await declared(there)
    await there.hand_in(0)
    await there.centre("lock", reason="其余二人缺席")
    for place in range(3):
        seat = await there.seat(place)
        review = {"id": seat["review_id"]}
        async with house.client(there.accounts[place]) as own:
            url = f"{API}/reviews/{review['id']}"
            assert (await own.put(f"{url}/scores", json={})).status_code == 409
            for move in ("submit", "decline", "recuse"):
                late = await tried(own, "reviews", review, move, reason="太迟了")
                assert late.status_code == 409, (place, move)
    async with house.client(CENTRE) as centre:
        now = await there.reload()
        url = f"{API}/panels/{now['id']}"
        changed = await centre.patch(url, json={"criteria": []}, headers=if_match(now))
        assert changed.status_code == 403
        assert now["moves"] == []


@pytest.mark.slow
async def test_once_open_only_the_conclusion_is_drafted(house: House) -> None:
    there = await scene(house, 3)
    await panel(there)
    await opened(there)
    async with house.client(CENTRE) as centre:
        now = await there.reload()
        url = f"{API}/panels/{now['id']}"
        given = {"title": "另一个名称", "criteria": CRITERIA[:1], "opinion_draft": "同意"}
        refused = await centre.patch(url, json=given, headers=if_match(now))
        assert {e["pointer"] for e in refused.json()["errors"]} == {"/title", "/criteria"}
        kept = await centre.patch(url, json={"opinion_draft": "同意"}, headers=if_match(now))
        assert kept.status_code == 200


async def test_who_reads_the_summary_before_and_after_publication(house: House) -> None:
    there = await scene(house, 3)
    await panel(there)
    await opened(there)
    speaker = await speaks_for(house, "enterprises", there.firm, "east-park")
    url = f"{API}/panels/{there.panel['id']}"
    for who in (STATION, COMMITTEE):
        assert (await summary(house, who, there.panel))["figures"] is None
    async with house.client(speaker) as enterprise, house.client(PROVINCE) as province:
        for reader in (enterprise, province):
            assert (await reader.get(url)).status_code == 404
            assert (await reader.get(f"{url}/summary")).status_code == 404
    await published(there)
    for who in (STATION, PROVINCE):
        told = await summary(house, who, there.panel)
        assert told["figures"]["mean"] == "71.17"
        assert [r["label"] for r in told["reviewers"]] == ["评审1", "评审2", "评审3"]
        assert not [name for name in ("甲一", "乙二", "丙三") if name in str(told)]
        assert {r["review_id"] for r in told["reviewers"]} == {None}
    async with house.client(speaker) as enterprise:
        told = (await enterprise.get(f"{url}/summary")).json()
        assert told == {
            "state": "published",
            "figures": None,
            "reviewers": None,
            "conclusion": "approve_with_changes",
            "opinion": "修改后实施。",
            "few": None,
            "votes": None,
            "chair": None,
        }
        record = (await enterprise.get(url)).json()
        assert record["opinion"] == "修改后实施。"
        assert not {"experts", "mean_score", "mode", "note", "seal"} & record.keys()
    for who in (OTHER_PARK, OTHER_CITY):
        async with house.client(who) as other:
            assert (await other.get(url)).status_code == 404


@pytest.mark.slow
async def test_an_expert_sees_the_own_review_and_nobody_elses_name(house: House) -> None:
    there = await scene(house, 4)
    await panel(there)
    await accepted(there)
    async with house.client(there.accounts[0]) as own:
        listed = (await own.get(f"{API}/reviews")).json()["items"]
        assert [r["expert_label"] for r in listed] == ["甲一"]
        assert not {"panel_id", "kind", "position"} & listed[0].keys()
        other = (await there.seat(1))["review_id"]
        for path in (f"reviews/{other}", f"reviews/{other}/scores", "panels"):
            assert (await own.get(f"{API}/{path}")).status_code == 404, path
        page = await own.get(f"{API}/panels/{there.panel['id']}/seats")
        assert page.status_code == 404
        judged = (await own.get(f"{API}/projects/{there.project['id']}")).json()
        assert judged["title"] == there.project["title"]
    async with house.client(there.accounts[3]) as alternate:
        assert (await alternate.get(f"{API}/reviews")).json()["items"] == []
        hidden = await alternate.get(f"{API}/projects/{there.project['id']}")
        assert hidden.status_code == 404


async def test_a_conflict_stops_the_panel_and_names_the_person(house: House) -> None:
    there = await scene(house, 3)
    tied = await active_expert(house, name="自家人", organisation=there.firm["name"])
    there.experts[1] = tied
    async with house.client(CENTRE) as centre:
        given = {
            "title": "论证",
            "project_id": there.project["id"],
            "experts": [e["id"] for e in there.experts],
            "size": 3,
        }
        refused = await centre.post(f"{API}/panels", json=given)
        assert refused.status_code == 409
        assert refused.json()["type"] == "urn:park:conflict-of-interest"
        (error,) = refused.json()["errors"]
        assert (error["pointer"], error["code"]) == ("/experts/1", "same_organisation")
        assert "自家人" in error["detail"]


@pytest.mark.slow
async def test_a_conflict_that_turned_up_meanwhile_stops_the_invitations(house: House) -> None:
    there = await scene(house, 3)
    await panel(there)
    await there.declare_avoided(2, there.firm["name"])
    refused = await attempt(there, CENTRE, "invite")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (409, "/experts/2")
    assert set((await there.states()).values()) == {"reserved"}


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"size": 2}, "/size"),
        ({"experts": "twice"}, "/experts/1"),
        ({"mode": "draw"}, "/draw_id"),
        ({"project_id": None}, "/project_id"),
        ({"online_url": "javascript:alert(1)"}, "/online_url"),
        ({"criteria": [{"name": "x", "max_points": "0"}]}, "/criteria/0/max_points"),
        ({"conclusion_draft": "approve"}, "/conclusion_draft"),
        ({"chair_id": "01990000-0000-7000-8000-000000000001"}, "/chair_id"),
        ({"criteria": [{"name": n, "max_points": "5"} for n in "xyX"]}, "/criteria/2/name"),
        ({"answer_by": "2026-12-20", "review_by": "2026-12-10"}, "/review_by"),
    ],
)
async def test_a_panel_that_contradicts_itself_is_refused_field_by_field(
    house: House, given: dict[str, Any], pointer: str
) -> None:
    there = await scene(house, 1)
    one = there.experts[0]["id"]
    told = {"title": "论证", "project_id": there.project["id"], "experts": [one]} | given
    if told["experts"] == "twice":
        told["experts"] = [one, one]
    async with house.client(CENTRE) as centre:
        refused = await centre.post(f"{API}/panels", json=told)
        assert refused.status_code == 422, refused.text
        assert pointer in {e["pointer"] for e in refused.json()["errors"]}


@pytest.mark.slow
async def test_a_panel_of_two_is_told_that_it_is_few_and_even(house: House) -> None:
    there = await scene(house, 2)
    await panel(there, 2, min_members=2, criteria=[])
    codes = {warning["code"] for warning in (await there.seats())["warnings"]}
    assert codes == {"few", "even", "no_criteria"}
    await accepted(there, 2)
    refused = await attempt(there, CENTRE, "begin")
    assert refused.json()["errors"][0]["pointer"] == "/criteria"


@pytest.mark.slow
async def test_a_panel_goes_on_with_fewer_for_a_reason(house: House) -> None:
    there = await scene(house, 4)
    await panel(there, 4, min_members=3)
    await there.centre("invite")
    for place in range(2):
        await there.answer(place, "accept")
    assert (await attempt(there, CENTRE, "confirm", reason="加急")).status_code == 409
    await there.answer(2, "accept")
    refused = await attempt(there, CENTRE, "confirm")
    assert refused.json()["errors"][0]["pointer"] == "/reason"
    assert (await there.centre("confirm", reason="一人联系不上"))["state"] == "confirmed"


@pytest.mark.slow
async def test_changes_of_the_arrangements_reach_those_who_sit(house: House) -> None:
    there = await scene(house, 3)
    await panel(there)
    await accepted(there)
    async with house.client(CENTRE) as centre, house.client(there.accounts[0]) as own:
        now = await there.reload()
        url = f"{API}/panels/{now['id']}"
        given = {"place": "二楼会议室", "meeting_on": "2026-12-08"}
        assert (await centre.patch(url, json=given, headers=if_match(now))).status_code == 200
        (review,) = (await own.get(f"{API}/reviews")).json()["items"]
        assert (review["place"], review["meeting_on"]) == ("二楼会议室", "2026-12-08")


@pytest.mark.slow
async def test_a_list_in_the_making_may_be_changed_and_changed_again(house: House) -> None:
    there = await scene(house, 4)
    await panel(there, 3)
    async with house.client(CENTRE) as centre:
        now = await there.reload()
        url = f"{API}/panels/{now['id']}"
        other = [there.experts[n]["id"] for n in (3, 1, 0)]
        changed = await centre.patch(url, json={"experts": other}, headers=if_match(now))
        assert changed.status_code == 200, changed.text
    assert list(await there.states()) == ["丁四", "乙二", "甲一"]


@pytest.mark.slow
async def test_cancelling_sends_everybody_home(house: House) -> None:
    there = await scene(house, 4)
    await panel(there)
    await accepted(there)
    await there.centre("cancel", reason="项目撤回")
    assert await there.states() == {
        "甲一": "replaced",
        "乙二": "replaced",
        "丙三": "replaced",
        "丁四": "passed_over",
    }
    async with house.client(there.accounts[0]) as own:
        assert (await own.get(f"{API}/projects/{there.project['id']}")).status_code == 404
    await jobs.drain()
    assert (await there.reload())["state"] == "cancelled"


@pytest.mark.slow
async def test_a_need_is_judged_without_its_owner_being_told(house: House) -> None:
    there = await scene(house, 3)
    async with house.client(STATION) as station:
        mine = {"enterprise_id": there.firm["id"]}
        need = await made(station, "needs", title="减速器磨损", description="重载磨损", **mine)
        need = await moved(station, "needs", need, "submit")
        need = await moved(station, "needs", need, "accept")
    await panel(there, project_id=None, need_id=need["id"])
    await there.centre("invite")
    async with house.client(there.accounts[0]) as own:
        judged = (await own.get(f"{API}/needs/{need['id']}")).json()
        assert judged["title"] == "减速器磨损"
        assert there.firm["name"] not in str(judged)
