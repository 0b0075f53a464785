"""Who is in a pool, as what, and why not: judged at freezing, told afterwards."""

from typing import Any
from uuid import UUID

import pytest

from app.libraries.experts.models import Expert, Expertise
from app.matching.conflicts.checker import Checker
from app.matching.drawing import merkle
from app.matching.drawing.pool import pseudonym
from app.matching.draws import units
from app.matching.draws.freezing import strata_of
from app.matching.draws.models import DrawBody
from app.matching.draws.register import wrong_in
from app.matching.parties import Body, Person
from tests.libraries.people import API, CENTRE, LEADER, speaks_for
from tests.matching.draws.scene import STATION, Scene


def _excluded(people: dict[str, Any]) -> dict[str, list[str]]:
    return {one["name"]: [e["code"] for e in one["excluded"]] for one in people["pool"]}


async def test_everybody_is_in_the_pool_with_every_rule_that_keeps_them_away(scene: Scene) -> None:
    mine, avoided, elsewhere = scene.experts[0], scene.experts[3], scene.experts[4]
    await _revise(scene, elsewhere["id"], {"hightech_fields": ["04"]})
    await scene.plan(
        concerned=[{"organisation": "样例第甲研究所"}],
        avoid=[avoided["name"]],
        hightech_fields=["08"],
        finance_min=0,
    )
    frozen = await scene.freeze()
    assert (frozen["pool_size"], frozen["qualified"]) == (15, 12)
    course = await scene.course(STATION)
    counts = {one["code"]: one["count"] for one in course["excluded"]}
    assert counts == {"same_organisation": 1, "named_by_applicant": 1, "outside_field": 1}
    await _hold_frozen(scene)
    told = _excluded(await scene.people(LEADER))
    assert told[mine["name"]] == ["same_organisation"]
    assert told[avoided["name"]] == ["named_by_applicant"]
    assert told[elsewhere["name"]] == ["outside_field"]
    drawn = {one["name"] for one in (await scene.people(LEADER))["members"]}
    assert drawn.isdisjoint({mine["name"], avoided["name"], elsewhere["name"]})


async def _revise(scene: Scene, expert_id: str, fields: dict[str, Any]) -> None:
    path = f"{API}/experts/{expert_id}"
    read = (await scene.send(CENTRE, "GET", path)).json()
    version = {"If-Match": f'"{read["version"]}"'}
    answer = await scene.send(CENTRE, "PATCH", path, fields, **version)
    assert answer.status_code == 200, answer.text


async def _hold_frozen(scene: Scene) -> None:
    committee = "committee@east-park-committee"
    for who, party in ((CENTRE, "operator"), (committee, "witness")):
        await scene.step(who, "commit", hash=scene.promise(party))
    for who, party in ((CENTRE, "operator"), (committee, "witness")):
        await scene.step(who, "reveal", nonce=scene.numbers[party])


async def test_only_the_best_matches_qualify_where_that_was_asked_and_the_terms_say_by_what(
    scene: Scene,
) -> None:
    await scene.plan(
        subject_note="行星减速器", technical_min_percent=0, finance_min=0, offsite_min=0, top_n=6
    )
    await scene.freeze()
    course = await scene.course()
    assert course["qualified"] == 6
    assert {one["code"]: one["count"] for one in course["excluded"]} == {"below_top_n": 9}
    assert course["terms"]["top_n"] == 6
    assert course["terms"]["ranked_by"]["index"]
    await _hold_frozen(scene)
    fitting = {one["name"] for one in scene.experts[:9]}
    assert {one["name"] for one in (await scene.people(LEADER))["members"]} <= fitting


async def test_a_pool_that_cannot_guarantee_the_quotas_is_not_frozen(scene: Scene) -> None:
    await scene.plan(finance_min=5, size=9, technical_min_percent=0, per_unit_max=1)
    for place in (3, 4, 8):
        await _revise(scene, scene.experts[place]["id"], {"expertise": ["technical"]})
    answer = await scene.attempt(CENTRE, "freeze")
    assert answer.status_code == 409
    assert "财务" in answer.json()["detail"]
    assert "3 人" in answer.json()["detail"]
    assert (await scene.read())["state"] == "planned"


def test_quotas_that_ask_for_more_than_there_are_members_are_refused_when_planned() -> None:
    body = DrawBody(
        title="样例", subject_note="样例", size=5, technical_min_percent=100, finance_min=1
    )
    assert [error.code for error in wrong_in(body)] == ["too_few_seats"]


def test_what_an_expert_counts_as() -> None:
    def kinds(**fields: Any) -> tuple[str, ...]:
        row = Expert(region_id=1, node_id=1, name="甲", **fields)
        return strata_of(row, "3205")

    assert kinds(hightech_fields=["08"]) == ("technical",)
    assert kinds(hightech_fields=["08"], expertise=[Expertise.finance]) == ("finance",)
    assert kinds(expertise=[Expertise.law]) == ()
    assert kinds(hightech_fields=["08"], division_code="320100") == ("offsite", "technical")
    assert kinds(hightech_fields=["08"], division_code="320581") == ("technical",)
    unknown = Expert(region_id=1, node_id=1, name="甲", division_code="320100")
    assert strata_of(unknown, None) == ()


def test_departments_and_codes_make_one_unit() -> None:
    def person(n: int, name: str, uscc: str | None = None) -> Person:
        return Person(UUID(int=n), f"{n}", Body(name, uscc))

    code = "91320500MA1234567A"
    people = [
        person(1, "样例理工大学"),
        person(2, "样例理工大学机械工程学院"),
        person(3, "样例理工大学(材料学院)"),
        person(4, "样例科技大学"),
        person(5, "样例研究所有限公司", code),
    ]
    named = units.pseudonyms(people)
    assert named[0] == named[1] == named[2]
    assert len(set(named)) == 3


async def test_an_expert_checks_alone_that_they_were_in_the_pool_and_as_what(scene: Scene) -> None:
    me = await speaks_for(scene.house, "experts", scene.experts[0], "east")
    await scene.plan(concerned=[{"organisation": "样例第甲研究所"}])
    await scene.hold()
    mine = (await scene.send(me, "GET", f"{scene.path}/my-proof")).json()
    steps = [merkle.Step(side, told) for side, told in mine["steps"]]
    public = (await scene.send(None, "GET", f"{API}/public/draws/{scene.draw['id']}")).json()
    assert merkle.proves(mine["entry"], steps, public["root"])
    assert mine["entry"]["id"] == pseudonym(UUID(mine["expert_id"]), mine["secret"])
    assert mine["qualified"] is False
    assert [one["code"] for one in mine["excluded"]] == ["same_organisation"]
    assert all(mine["reasons"])
    other = await speaks_for(scene.house, "experts", scene.experts[1], "east")
    theirs = (await scene.send(other, "GET", f"{scene.path}/my-proof")).json()
    assert theirs["qualified"] is True
    assert theirs["entry"]["id"] != mine["entry"]["id"]


async def test_the_second_check_stops_a_pool_without_naming_anybody(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rules are made to find nothing; the check that shares no code with them still does."""
    monkeypatch.setattr(Checker, "findings", lambda *_: [])
    await scene.plan(concerned=[], avoid=[scene.experts[2]["name"]])
    answer = await scene.attempt(CENTRE, "freeze")
    assert answer.status_code == 409
    assert scene.experts[2]["name"] not in answer.text
