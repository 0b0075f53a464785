"""What experts had to do with an applicant, read from the records of projects, results, matches."""

from uuid import UUID

import pytest

from app.access.roles import Role
from app.matching import second_check
from app.matching.conflicts import MustAvoid
from app.matching.subjects import need_of, project_of
from tests.house import House
from tests.libraries.people import CENTRE, OTHER_CITY, STATION, active_expert, enterprise, made
from tests.matching.conflicts.acting import MATCH, REVIEW, a_need, judged, served, working


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
