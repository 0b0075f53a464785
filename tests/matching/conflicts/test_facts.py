"""What blocks, blocks whoever asks; what may not be seen, is not told."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.access.actor import Actor
from app.access.roles import Role
from app.audit.work import Work, acting
from app.core import db
from app.core.clock import today
from app.core.labels import LOCALES
from app.ledgers.needs.models import Need
from app.libraries.projects.models import Project
from app.matching import facts, second_check
from app.matching.conflict_rules.service import rules_in_force
from app.matching.conflicts import BUILT_IN, Checker, Finding, MustAvoid, Purpose, RuleSet
from app.matching.subjects import need_of, project_of
from tests.house import House, if_match
from tests.libraries.people import (
    API,
    CENTRE,
    COMMITTEE,
    LEADER,
    OTHER_CITY,
    STATION,
    active_expert,
    enterprise,
    made,
    moved,
)

Record = dict[str, Any]
REVIEW, MATCH = Purpose.review, Purpose.match


def _node(house: House, code: str) -> int:
    return house.organisations[code].node_id


@asynccontextmanager
async def working(house: House, role: Role, at: str) -> AsyncIterator[Work]:
    """Work as somebody of the eastern city, behind the wall of the role."""
    place = house.organisations[at]
    parks = ["east-park", "lake-park"] if at == "east" else []
    nodes = tuple(_node(house, code) for code in (at, *parks))
    above = tuple(_node(house, code) for code in ("east", "province"))
    actor = Actor(
        account_id=uuid4(),
        username="t",
        name="t",
        role=role,
        organisation_id=place.id or 0,
        organisation_name=place.name,
        node_id=place.node_id,
        region_id=place.region_id,
        nodes=nodes,
        library_nodes=(*nodes, *above),
    )
    async with acting(actor) as work:
        yield work


async def a_need(house: House, firm: Record) -> UUID:
    async with house.client(STATION) as station:
        need = await made(
            station, "needs", title="减速器", description="噪声", enterprise_id=firm["id"]
        )
        await moved(station, "needs", need, "submit")
        await moved(station, "needs", need, "accept")
    return UUID(need["id"])


async def judged(
    work: Work, row: Need | Project, expert: Record, purpose: Purpose, rules: RuleSet = BUILT_IN
) -> list[Finding]:
    """Return what the caller may be told of what keeps an expert away."""
    person = await facts.person(work, UUID(expert["id"]))
    subject = await facts.subject(work, row)
    reads = facts.may_read(work.actor.role)
    found = Checker(subject, today(), rules, purpose).findings(person)
    return [one.told(reads) for one in found]


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


async def test_what_is_kept_in_a_match_tells_its_readers_no_more_than_they_may_read(
    house: House,
) -> None:
    firm = await enterprise(house)
    tie = {"organisation": firm["name"], "kind": "spouse"}
    expert = await active_expert(house, relations=[tie])
    need = await a_need(house, firm)
    async with house.client(CENTRE) as centre, house.client(COMMITTEE) as committee:
        match = await made(centre, "matches", need_id=str(need), candidate_id=expert["id"])
        seen = (await committee.get(f"{API}/matches/{match['id']}")).json()
    assert [c["code"] for c in seen["conflicts"]] == ["must_avoid"]
    assert firm["name"] not in str(seen["conflicts"])


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


async def served(house: House, firm: Record, expert: Record) -> Record:
    """Have the expert chosen, invited and at work for a need of the enterprise."""
    need = await a_need(house, firm)
    who = await house.hire(Role.expert, "east", ("experts", UUID(expert["id"])))
    async with house.client(STATION) as station, house.client(who) as own:
        match = await made(station, "matches", need_id=str(need), candidate_id=expert["id"])
        for move in ("choose", "invite"):
            await moved(station, "matches", match, move)
        return await moved(own, "matches", match, "accept")


async def test_who_served_the_enterprise_does_not_judge_it_and_load_is_counted(
    house: House,
) -> None:
    firm, expert = await enterprise(house), await active_expert(house, max_load=1)
    await served(house, firm, expert)
    need = await a_need(house, firm)
    async with working(house, Role.station_staff, "east-park") as work:
        row = await need_of(work, need)
        codes = [f.code for f in await judged(work, row, expert, REVIEW)]
        again = [f.code for f in await judged(work, row, expert, MATCH)]
        with pytest.raises(MustAvoid):
            await second_check.require_clear(work, row, [UUID(expert["id"])], REVIEW)
        await second_check.require_clear(work, row, [UUID(expert["id"])], MATCH)
    assert codes == ["past_service", "load"]
    assert again == ["load"]


async def test_who_owns_a_result_together_with_the_applicant_does_not_judge_it(
    house: House,
) -> None:
    firm, expert = await enterprise(house), await active_expert(house)
    async with house.client(CENTRE) as centre:
        await made(
            centre,
            "achievements",
            title="样例共有成果",
            owner_name=firm["name"],
            expert_id=expert["id"],
            summary="减速器",
        )
    need = await a_need(house, firm)
    async with working(house, Role.station_staff, "east-park") as work:
        row = await need_of(work, need)
        assert "co_project" in {f.rule.code for f in await judged(work, row, expert, REVIEW)}
        with pytest.raises(MustAvoid):
            await second_check.require_clear(work, row, [UUID(expert["id"])], REVIEW)


async def test_who_applies_with_the_same_project_does_not_judge_it(house: House) -> None:
    firm, expert = await enterprise(house), await active_expert(house)
    given = {"title": "行星减速器噪声控制", "summary": "行星减速器的齿形优化与噪声控制。"}
    async with house.client(STATION) as station, house.client(OTHER_CITY) as far:
        mine = await made(station, "projects", undertakers=[{"enterprise_id": firm["id"]}], **given)
        theirs = [{"name": expert["organisation"], "role": "lead"}]
        await made(far, "projects", undertakers=theirs, leader_name=expert["name"], **given)
    async with working(house, Role.station_staff, "east-park") as work:
        row = await project_of(work, UUID(mine["id"]))
        (found,) = await judged(work, row, expert, REVIEW)
    assert found.rule.code == "similar_application"
    assert found.code == "must_avoid"


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
