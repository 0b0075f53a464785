"""What blocks, blocks whoever asks; what may not be seen, is not told."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.access.roles import Role
from app.core import db
from app.core.clock import today
from app.core.labels import LOCALES
from app.matching import facts, second_check
from app.matching.conflict_rules.service import rules_in_force
from app.matching.conflicts import MustAvoid
from app.matching.subjects import need_of, project_of
from tests.house import House, if_match
from tests.libraries.people import (
    API,
    CENTRE,
    LEADER,
    OTHER_CITY,
    STATION,
    active_expert,
    enterprise,
    made,
    moved,
)
from tests.matching.conflicts.acting import MATCH, REVIEW, Record, a_need, judged, served, working


async def test_a_project_in_another_city_keeps_away_and_its_contents_stay_there(
    house: House,
) -> None:
    firm, expert = await enterprise(house), await active_expert(house)
    async with house.client(OTHER_CITY) as far:
        await made(
            far,
            "projects",
            title="远方的秘密项目",
            leader_name="齊 輪",
            undertakers=[{"name": firm["name"], "uscc": firm["uscc"], "role": "lead"}],
            period_to=(today() - timedelta(days=100)).isoformat(),
        )
    need = await a_need(house, firm)
    for role, at in ((Role.station_staff, "east-park"), (Role.centre_staff, "east")):
        async with working(house, role, at) as work:
            row = await need_of(work, need)
            (found,) = await judged(work, row, expert, REVIEW)
            assert await judged(work, row, expert, MATCH) == []
            with pytest.raises(MustAvoid) as refused:
                await second_check.require_clear(work, row, [UUID(expert["id"])], REVIEW)
        assert found.code == "must_avoid"
        assert (found.since, found.until, found.source, dict(found.facts)) == (None, None, "", {})
        for locale in LOCALES:
            told = found.reason(locale) + str(refused.value.shown(locale))
            assert firm["name"] not in told
            assert "秘密" not in told
            assert "合作" not in found.reason("zh-CN")


@pytest.mark.parametrize(
    ("field", "entry", "code"),
    [
        ("avoid_organisations", {}, "avoided_organisation"),
        ("shareholdings", {"share": "5"}, "interest"),
        ("relations", {"kind": "spouse"}, "relative"),
    ],
)
async def test_what_an_expert_declared_blocks_the_station_which_is_not_told_what(
    house: House, field: str, entry: Record, code: str
) -> None:
    firm = await enterprise(house)
    tie = {"organisation": firm["name"]} | entry
    expert = await active_expert(house, **{field: [tie]})
    need = await a_need(house, firm)
    async with working(house, Role.station_staff, "east-park") as work:
        (told,) = await judged(work, await need_of(work, need), expert, MATCH)
        stored = told.told(facts.readable_to_all([Role.centre_staff, Role.committee]))
    async with working(house, Role.centre_staff, "east") as work:
        (plain,) = await judged(work, await need_of(work, need), expert, MATCH)
        written = plain.told(facts.readable_to_all([Role.centre_staff, Role.committee]))
    assert told.code == stored.code == written.code == "must_avoid"
    assert firm["name"] not in told.reason("zh-CN") + written.reason("zh-CN")
    assert plain.code == code
    assert firm["name"] in plain.reason("zh-CN")
    assert (plain.evidence.register, plain.evidence.field) == ("experts", field)


async def test_a_refused_proposal_tells_whoever_asks_no_more_than_they_may_read(
    house: House,
) -> None:
    firm = await enterprise(house)
    tie = {"organisation": firm["name"], "kind": "spouse"}
    expert = await active_expert(house, relations=[tie])
    need = await a_need(house, firm)
    given = {"need_id": str(need), "candidate_id": expert["id"]}
    told = {}
    for who in (CENTRE, STATION):
        async with house.client(who) as client:
            told[who] = await client.post(f"{API}/matches", json=given)
        assert told[who].status_code == 409
    codes = {who: [e["code"] for e in answer.json()["errors"]] for who, answer in told.items()}
    assert codes == {CENTRE: ["must_avoid"], STATION: ["must_avoid"]}
    assert not any(firm["name"] in answer.text for answer in told.values())


async def test_an_enterprise_is_known_by_every_name_the_ledger_ever_had(house: House) -> None:
    firm = await enterprise(house)
    old = firm["name"]
    async with house.client(STATION) as station:
        url = f"{API}/enterprises/{firm['id']}"
        answer = await station.patch(url, json={"name": "样例新名科技公司"}, headers=if_match(firm))
        assert answer.status_code == 200, answer.text
    expert = await active_expert(house, organisation=old)
    need = await a_need(house, firm)
    async with working(house, Role.station_staff, "east-park") as work:
        row = await need_of(work, need)
        subject = await facts.subject(work, row)
        (found,) = await judged(work, row, expert, MATCH)
        with pytest.raises(MustAvoid):
            await second_check.require_clear(work, row, [UUID(expert["id"])], MATCH)
    before = next(body for body in subject.bodies if body.name == old)
    assert before.former
    assert before.since == today()
    assert found.code == "same_organisation"


async def test_an_organisation_given_by_its_code_alone_is_named_where_the_ledger_can(
    house: House,
) -> None:
    firm, other = await enterprise(house), await enterprise(house, 2)
    expert = await active_expert(house, employments=[{"uscc": other["uscc"]}])
    async with house.client(STATION) as station:
        project = await made(
            station,
            "projects",
            title="样例联合项目",
            undertakers=[
                {"enterprise_id": firm["id"], "role": "lead"},
                {"name": "样例设计研究院", "role": "participant"},
            ],
        )
    async with working(house, Role.station_staff, "east-park") as work:
        row = await project_of(work, UUID(project["id"]))
        assert await judged(work, row, expert, MATCH) == []
        await second_check.require_clear(work, row, [UUID(expert["id"])], MATCH)


async def test_the_regions_own_period_holds_in_both_checks(house: House) -> None:
    firm = await enterprise(house)
    ended = (today() - timedelta(days=4 * 366)).isoformat()
    there = {"organisation": firm["name"], "ended_on": ended}
    expert = await active_expert(house, employments=[there])
    need = await a_need(house, firm)
    async with house.client(CENTRE) as centre, house.client(LEADER) as leader:
        draft = await made(
            centre,
            "conflict-rules",
            code="former_organisation",
            purpose="match",
            years=5,
            document="样例办法",
            clause="第一条",
            valid_from=today().isoformat(),
            note="从严",
        )
        async with working(house, Role.station_staff, "east-park") as work:
            row = await need_of(work, need)
            await second_check.require_clear(work, row, [UUID(expert["id"])], MATCH)
        await moved(leader, "conflict-rules", draft, "activate")
    async with working(house, Role.station_staff, "east-park") as work:
        row = await need_of(work, need)
        rules = await rules_in_force(work, row.region_id, today())
        (found,) = await judged(work, row, expert, MATCH, rules)
        with pytest.raises(MustAvoid):
            await second_check.require_clear(work, row, [UUID(expert["id"])], MATCH)
    assert found.rule.parameters == {"years": 5}


async def test_whoever_is_gone_from_the_library_is_refused(house: House) -> None:
    need = await a_need(house, await enterprise(house))
    async with working(house, Role.station_staff, "east-park") as work:
        row = await need_of(work, need)
        with pytest.raises(MustAvoid):
            await second_check.require_clear(work, row, [uuid4()], MATCH)


@contextmanager
def _statements() -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.slow
async def test_many_experts_cost_as_many_statements_as_one(house: House) -> None:
    firm = await enterprise(house)
    experts = [await active_expert(house, name=f"专家{n}") for n in range(4)]
    for expert in experts[:2]:
        await served(house, firm, expert)
    counted = []
    async with working(house, Role.station_staff, "east-park") as work:
        for some in (experts[:1], experts):
            with _statements() as sent:
                found = await facts.persons(work, [UUID(e["id"]) for e in some])
            assert [str(p.id) for p in found] == [e["id"] for e in some]
            counted.append(len(sent))
    assert counted[0] == counted[1] <= 8


@pytest.mark.parametrize(
    "asked",
    [
        "park_led_projects(ARRAY['负责人'])",
        "park_owned_achievements(ARRAY[gen_random_uuid()])",
        "park_engagements(ARRAY[gen_random_uuid()])",
        "park_enterprise_names(ARRAY[]::uuid[], ARRAY[]::text[], ARRAY['样例公司'])",
    ],
)
async def test_the_facts_are_told_to_nobody_without_a_scope_and_never_to_a_party(
    house: House, asked: str
) -> None:
    await a_need(house, await enterprise(house))
    async with db.transaction("staff") as session:
        found = await session.execute(sa.text(f"SELECT * FROM {asked}"))
        assert found.all() == []
    with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        async with db.transaction("party") as session:
            await session.execute(sa.text(f"SELECT * FROM {asked}"))
