"""A batch from its draft to its panels: reckoned, explained, cancelled, taken over, adopted."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import pytest

from app.core import jobs
from app.core.aside import Died
from app.matching import second_check
from app.matching.assignments import adopting, running
from app.matching.conflicts import MustAvoid
from tests.house import House, if_match
from tests.libraries.people import (
    API,
    CENTRE,
    COMMITTEE,
    LEADER,
    OTHER_CITY,
    PROVINCE,
    STATION,
    active_expert,
    tried,
)
from tests.matching.assignments.scene import chosen, scene


async def test_every_project_gets_its_experts_with_a_proof(house: House) -> None:
    there = await scene(house)
    await there.asked()
    done = await there.reckoned()
    assert done["state"] == "solved", done
    assert done["proved"] is True
    result = await there.result()
    assert [len(one) for one in chosen(result).values()] == [2, 2, 2]
    taken = Counter(name for names in chosen(result).values() for name in names)
    assert max(taken.values()) <= 3
    costs = [near["cost"] for one in result["projects"] for near in one["runners_up"]]
    assert all(cost is None or cost > 0 for cost in costs)  # never "costs nothing"
    assert result["certificate"]["proved"]
    assert result["certificate"]["pairs_priced"] == 15
    assert result["certificate"]["total"] == pytest.approx(float(done["total"]), abs=1e-3)
    assert result["certificate"]["total"] == pytest.approx(
        sum(one["total"] for one in result["projects"]), abs=1e-6
    )
    assert result["progress"]["percent"] == 100
    assert (result["project_count"], result["next"]) == (3, None)


async def test_who_must_avoid_a_project_is_not_assigned_to_it(house: House) -> None:
    firm_name = "样例精密机械1厂有限公司"
    there = await scene(
        house,
        experts=5,
        甲一={"avoid_organisations": [{"organisation": firm_name}]},
        乙二={"organisation": firm_name},
        丙三={"shareholdings": [{"organisation": firm_name, "share": "30"}]},
    )
    await there.asked()
    assert (await there.reckoned())["state"] == "solved"
    assert {n for names in chosen(await there.result()).values() for n in names} == {"丁四", "戊五"}


@pytest.mark.slow
async def test_pages_of_the_result_hold_the_projects_in_their_order(house: House) -> None:
    there = await scene(house)
    await there.asked()
    await there.reckoned()
    first = await there.result(limit=2)
    second = await there.result(limit=2, after=first["next"])
    told = [one["project"]["id"] for one in (*first["projects"], *second["projects"])]
    assert told == [project["id"] for project in there.projects]
    assert second["next"] is None


async def test_where_seats_cannot_be_filled_the_smallest_change_is_named(house: House) -> None:
    there = await scene(house, projects=3, experts=3)
    await there.asked(seats=2, max_load=1)
    done = await there.reckoned()
    assert done["state"] == "infeasible"
    clash = (await there.result())["clash"]
    assert (clash["wanted"], clash["available"]) == (6, 3)
    assert clash["smallest"]
    assert sum(change["by"] for change in clash["changes"]) == 3
    assert all(change["requirement"] == "load" for change in clash["changes"])
    assert clash["changes"][0]["expert"]["label"] in clash["changes"][0]["text"]
    assert clash["text"].startswith("还差 3 个席位")
    assert clash["summary"] == [one["text"] for one in clash["changes"]]
    assert [one["requirement"] for one in clash["shortages"]] == ["seats"]
    assert clash["alternative_text"] is None
    read = await there.reload()
    async with house.client(CENTRE) as centre:  # as proposed: it can be met now
        answer = await centre.patch(
            f"{API}/assignments/{read['id']}", json={"max_load": 2}, headers=if_match(read)
        )
        assert answer.status_code == 200, answer.text
    assert (await there.reckoned())["state"] == "solved"
    assert (await there.result())["clash"] is None


@pytest.mark.slow
async def test_a_quota_that_cannot_be_met_is_named_with_both_ways_out(house: House) -> None:
    there = await scene(house, projects=3, experts=5, 甲一={"expertise": ["finance"]})
    await there.asked(seats=2, max_load=2, finance_min=1)
    assert (await there.reckoned())["state"] == "infeasible"
    clash = (await there.result())["clash"]
    assert clash["text"] == (
        "财务专家还差 1 人次：这 3 个项目共要求 3 人次，"
        "能够参加的财务专家有 1 名，最多承担 2 人次。"
    )
    assert clash["summary"] == ["甲一：多承担 1 个项目（为满足财务专家要求）"]
    assert clash["alternative_text"] == (
        "或者不增加任何人的项目：在 1 个项目中少要求财务专家，共 1 名。"
    )
    assert [one["requirement"] for one in clash["alternative"]] == ["finance"]


@pytest.mark.slow
async def test_a_library_without_anybody_fit_is_told_as_such(house: House) -> None:
    there = await scene(house, projects=1, experts=0)
    await there.asked(seats=1)
    assert (await there.reckoned())["state"] == "infeasible"
    clash = (await there.result())["clash"]
    assert [(c["requirement"], c["by"]) for c in clash["changes"]] == [("seats", 1)]


async def test_quotas_count_by_kind_unit_and_city(house: House) -> None:
    same = {"organisation": "样例同一大学", "expertise": ["technical"]}
    there = await scene(
        house,
        projects=1,
        experts=4,
        甲一=same,
        乙二=same,
        丙三={"expertise": ["finance"], "division_code": "110108"},
        丁四={"expertise": ["technical"]},
    )
    await there.asked(
        seats=3, finance_min=1, technical_min_percent=50, offsite_min=1, division_code="320500"
    )
    assert (await there.reckoned())["state"] == "solved"
    names = chosen(await there.result())[there.projects[0]["title"]]
    assert {"丙三", "丁四"} < set(names)
    assert len({"甲一", "乙二"} & set(names)) == 1


@pytest.mark.slow
async def test_a_project_may_want_another_number_of_experts(house: House) -> None:
    there = await scene(house)
    other = {"project_id": there.projects[1]["id"], "seats": 4}
    await there.asked(exceptions=[other])
    await there.reckoned()
    assert [len(names) for names in chosen(await there.result()).values()] == [2, 4, 2]


async def test_adopting_forms_a_panel_for_every_project(house: House) -> None:
    """Experts of one batch judge several of its projects: rotation is between occasions."""
    there = await scene(house)
    await there.asked()
    await there.reckoned()
    wanted = chosen(await there.result())
    assert max(Counter(n for names in wanted.values() for n in names).values()) > 1
    await there.move("adopt")
    await jobs.drain()
    result = await there.result()
    assert result["refused"] == []
    panels = {panel["id"]: panel for panel in await there.panels()}
    assert {one["panel_id"] for one in result["projects"]} == set(panels)
    for one in result["projects"]:
        panel = panels[one["panel_id"]]
        assert (panel["mode"], panel["state"], panel["size"]) == ("assign", "forming", 2)
        assert panel["assignment_id"] == there.batch["id"]
    await adopting.adopt(UUID(there.batch["id"]), house.organisations["east-park"].node_id)
    assert len(await there.panels()) == 3  # done once more, as after an interruption


@pytest.mark.slow
async def test_rotation_binds_whoever_is_not_of_the_batch(house: House) -> None:
    """Neither another project nor one that only claims the batch is the same occasion."""
    there = await scene(house, projects=3)
    outside = there.projects.pop()
    await there.asked()
    await there.reckoned()
    await there.move("adopt")
    await jobs.drain()
    busy = (await there.result())["projects"][0]["seats"][0]["expert"]["id"]
    for claimed in ({}, {"assignment_id": there.batch["id"]}):
        given = {"title": "另一项目", "project_id": outside["id"], "experts": [busy], "size": 1}
        async with house.client(CENTRE) as centre:
            told = {**given, "min_members": 1, **claimed}
            answer = await centre.post(f"{API}/panels", json=told)
        assert answer.status_code == 409, answer.text
        assert answer.json()["errors"][0]["code"] == "rotation"


@pytest.mark.slow
async def test_a_panel_that_can_no_longer_be_formed_is_told_with_its_reason(house: House) -> None:
    there = await scene(house, projects=2)
    await there.asked()
    await there.reckoned()
    await there.move("adopt")
    async with house.client(STATION) as station:
        await tried(station, "projects", there.projects[0], "terminate", reason="企业放弃")
    gone = chosen(await there.result())[there.projects[1]["title"]][0]
    expert = next(one for one in there.experts if one["name"] == gone)
    async with house.client(LEADER) as leader:
        answer = await tried(leader, "experts", expert, "pause", reason="出国")
        assert answer.status_code == 200, answer.text
    await jobs.drain()
    refused = (await there.result())["refused"]
    assert there.projects[1]["title"] in [one["project"]["label"] for one in refused]
    assert all(one["reason"] for one in refused)
    formed = len(await there.panels())
    expert = await _again(house, expert, "resume")
    await there.reload()
    await there.move("adopt")  # its reason is gone: formed now, and nothing is formed twice
    await jobs.drain()
    result = await there.result()
    assert there.batch["state"] == "adopted"
    assert there.projects[1]["id"] not in [one["project"]["id"] for one in result["refused"]]
    assert len(await there.panels()) > formed


async def _again(house: House, expert: dict[str, Any], move: str) -> dict[str, Any]:
    async with house.client(LEADER) as leader:
        answer = await tried(leader, "experts", expert, move)
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]


async def test_cancelling_ends_the_run_at_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = await scene(house)
    await there.asked()
    await there.move("start")
    begun, ended = asyncio.Event(), asyncio.Event()

    async def for_ever(*_: Any, **__: Any) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    monkeypatch.setattr(running, "aside", for_ever)
    monkeypatch.setattr(running, "_LOOK", 0.02)
    working = asyncio.create_task(jobs.drain())
    await begun.wait()
    assert (await there.reload())["state"] == "running"
    await there.move("cancel")
    await asyncio.wait_for(working, 30)
    assert ended.is_set()
    assert (await there.reload())["state"] == "cancelled"
    assert (await there.result())["projects"] == []


async def test_cancelled_before_it_began_it_never_begins(house: House) -> None:
    there = await scene(house, projects=1)
    await there.asked()
    await there.move("start")
    await there.move("cancel")
    await jobs.drain()
    assert (await there.reload())["state"] == "cancelled"


async def test_a_solver_that_dies_is_a_failure_that_may_be_tried_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = await scene(house, projects=1)
    await there.asked()

    async def dies(*_: Any, **__: Any) -> None:
        raise Died(-9)

    with monkeypatch.context() as patch:
        patch.setattr(running, "aside", dies)
        done = await there.reckoned()
    assert done["state"] == "failed"
    assert done["failure"]
    assert (await there.reckoned())["state"] == "solved"


@pytest.mark.slow
async def test_a_run_taken_over_from_a_worker_that_died_begins_anew(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = await scene(house, projects=1)
    await there.asked()
    await there.move("start")

    async def interrupted(*_: Any, **__: Any) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(running, "aside", interrupted)
        with pytest.raises(ConnectionError):
            await jobs.drain()
    batch = await there.reload()
    assert batch["state"] == "running"
    node = house.organisations["east-park"].node_id
    assert node is not None
    await running.solve(UUID(batch["id"]), node, 1)
    assert (await there.reload())["state"] == "solved"


async def test_a_conflict_only_the_second_check_sees_is_never_passed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = await scene(house, projects=1)
    await there.asked()
    real = second_check.require_clear

    async def sees_more(*given: Any, **more: Any) -> None:
        await real(*given, **more)
        raise MustAvoid(second_check._CLASH, {"expert": "甲一"})  # noqa: SLF001 -- its own words

    monkeypatch.setattr(second_check, "require_clear", sees_more)
    done = await there.reckoned()
    assert done["state"] == "failed"
    assert "甲一" in done["failure"]
    assert (await there.result())["projects"] == []


@pytest.mark.slow
async def test_a_new_run_forgets_the_last(house: House) -> None:
    there = await scene(house, projects=2)
    await there.asked()
    await there.reckoned()
    await active_expert(house, name="新来", organisation="样例新大学")
    done = await there.reckoned()
    assert (done["state"], done["run"]) == ("solved", 2)
    assert [len(names) for names in chosen(await there.result()).values()] == [2, 2]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"project_ids": []}, "/project_ids"),
        ({"project_ids": ["00000000-0000-7000-8000-000000000000"]}, "/project_ids/0"),
        ({"finance_min": 3}, "/finance_min"),
        ({"exceptions": [{"project_id": "00000000-0000-7000-8000-000000000000", "seats": 2}]},
         "/exceptions/0/project_id"),
    ],
)  # fmt: skip
async def test_what_cannot_be_meant_is_refused(
    house: House, fields: dict[str, Any], pointer: str
) -> None:
    there = await scene(house, projects=1, experts=0)
    given = {"title": "一批", "project_ids": [there.projects[0]["id"]], "seats": 2} | fields
    async with house.client(CENTRE) as centre:
        answer = await centre.post(f"{API}/assignments", json=given)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"].startswith(pointer)


async def test_who_may_start_and_who_may_see(house: House) -> None:
    there = await scene(house, projects=1)
    await there.asked()
    await there.reckoned()
    url = f"{API}/assignments/{there.batch['id']}"
    seen = {LEADER: 200, COMMITTEE: 200, STATION: 404, PROVINCE: 404, OTHER_CITY: 404}
    names = {LEADER: 200, COMMITTEE: 403, STATION: 404, PROVINCE: 404, OTHER_CITY: 404}
    for who, status in seen.items():
        async with house.client(who) as client:
            assert (await client.get(url)).status_code == status, who
            assert (await client.get(f"{url}/progress")).status_code == status, who
            assert (await client.get(f"{url}/result")).status_code == names[who], who
    async with house.client(LEADER) as leader:
        assert (await tried(leader, "assignments", there.batch, "start")).status_code == 403


@pytest.mark.slow
async def test_a_batch_of_several_parks_stands_at_the_centre(house: House) -> None:
    there = await scene(house, projects=1, experts=4)
    async with house.client("station_staff@lake-park-station") as lake:
        made = await lake.post(f"{API}/projects", json={"title": "湖区减速器项目"})
        assert made.status_code == 201, made.text
    there.projects.append(made.json())
    await there.asked()
    async with house.client(COMMITTEE) as committee:
        assert (await committee.get(f"{API}/assignments/{there.batch['id']}")).status_code == 404
    assert (await there.reckoned())["state"] in ("solved", "infeasible")
