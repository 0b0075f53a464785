"""Empty seats: who follows, in which order, once and not twice."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import jobs
from app.core.database_roles import owner_url
from tests.house import House
from tests.libraries.people import API, CENTRE, active_expert, moved, tried
from tests.matching.panels.scene import Scene, accepted, panel, scene

pytestmark = pytest.mark.slow


async def sitting(there: Scene) -> dict[str, str]:
    """Return the members who hold a seat, by name."""
    gone = {"declined", "recused", "expired", "replaced", "passed_over"}
    items = (await there.seats())["items"]
    return {
        i["expert"]: i["state"] for i in items if i["kind"] == "member" and i["state"] not in gone
    }


async def test_alternates_follow_in_their_order_and_are_asked(house: House) -> None:
    there = await scene(house, 6)
    await panel(there, 3)
    await there.centre("invite")
    await there.answer(1, "decline", reason="出差在外")
    await jobs.drain()
    assert await sitting(there) == {"甲一": "invited", "丙三": "invited", "丁四": "invited"}
    await there.answer(0, "recuse", reason="与负责人合作过")
    await jobs.drain()
    assert await sitting(there) == {"丙三": "invited", "丁四": "invited", "戊五": "invited"}
    follower, left = await there.seat(4), await there.seat(0)
    assert follower["replaces"] == left["review_id"]
    assert left["reason"] == "与负责人合作过"
    async with house.client(there.accounts[0]) as gone, house.client(there.accounts[4]) as new:
        url = f"{API}/projects/{there.project['id']}"
        assert (await gone.get(url)).status_code == 404
        assert (await new.get(url)).status_code == 200


async def test_doing_it_again_changes_nothing(house: House) -> None:
    there = await scene(house, 6)
    await panel(there, 3)
    await there.centre("invite")
    await there.answer(1, "decline", reason="出差在外")
    await jobs.drain()
    before = (await there.seats())["items"]
    await there.centre("fill")
    await there.centre("fill")
    await jobs.drain()
    assert (await there.seats())["items"] == before


async def test_two_who_decline_at_once_are_followed_by_two(house: House) -> None:
    there = await scene(house, 6)
    await panel(there, 3)
    await there.centre("invite")
    await asyncio.gather(
        there.answer(0, "decline", reason="出差在外"), there.answer(2, "decline", reason="身体不适")
    )
    await asyncio.gather(jobs.drain(), jobs.drain(), there.centre("fill"))
    assert await sitting(there) == {"乙二": "invited", "丁四": "invited", "戊五": "invited"}
    followed = [i["replaces"] for i in (await there.seats())["items"] if i["replaces"]]
    assert len(followed) == len(set(followed)) == 2


async def test_an_answer_and_the_end_of_the_time_to_answer_do_not_both_win(house: House) -> None:
    there = await scene(house, 6)
    await panel(there, 3)
    await there.centre("invite")
    seat = await there.seat(0)
    overdue()
    async with house.client(there.accounts[0]) as own:
        answer, _ = await asyncio.gather(
            tried(own, "reviews", {"id": seat["review_id"]}, "accept"),
            there.centre("fill"),
        )
    state = (await there.seat(0))["state"]
    assert (answer.status_code, state) in [(200, "accepted"), (409, "expired"), (412, "expired")]
    assert len(await sitting(there)) == 3
    assert ("甲一" in await sitting(there)) == (state == "accepted")


def overdue() -> None:
    """Let the time to answer be over for everybody."""
    engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    with engine.begin() as owner:
        owner.execute(sa.text("UPDATE review SET answer_by = answer_by - 30"))


async def test_who_does_not_answer_in_time_loses_the_seat_by_itself(house: House) -> None:
    there = await scene(house, 6)
    await panel(there, 3)
    await there.centre("invite")
    await there.answer(0, "accept")
    overdue()
    engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    with engine.begin() as owner:
        due = sa.text(
            "SELECT count(*), max(scheduled_at) - now() FROM jobs.procrastinate_jobs"
            " WHERE task_name = 'panels.fill' AND scheduled_at IS NOT NULL"
        )
        count, wait = owner.execute(due).one()
        assert count == 3
        assert timedelta(days=3) <= wait <= timedelta(days=4, minutes=10)
        owner.execute(sa.text("SET LOCAL search_path = jobs"))
        owner.execute(sa.text("UPDATE procrastinate_jobs SET scheduled_at = now()"))
    await jobs.drain()
    assert await sitting(there) == {"甲一": "accepted", "丁四": "invited", "戊五": "invited"}
    assert (await there.states())["乙二"] == "expired"


async def test_an_alternate_with_a_conflict_by_now_is_passed_over_with_the_reason(
    house: House,
) -> None:
    there = await scene(house, 6)
    await panel(there, 3)
    await there.declare_avoided(3, there.firm["name"])
    await there.centre("invite")
    await there.answer(0, "decline", reason="出差在外")
    await jobs.drain()
    assert await sitting(there) == {"乙二": "invited", "丙三": "invited", "戊五": "invited"}
    passed = await there.seat(3)
    assert passed["state"] == "passed_over"
    assert passed["reason"]
    async with house.client(there.accounts[3]) as unaware:
        assert (await unaware.get(f"{API}/reviews")).json()["items"] == []


async def test_when_the_alternates_are_used_up_the_best_of_the_library_is_asked(
    house: House,
) -> None:
    there = await scene(house, 3)
    await panel(there, 3)
    await active_expert(house, name="新来者", organisation="样例新大学")
    await there.centre("invite")
    await there.answer(0, "decline", reason="出差在外")
    await jobs.drain()
    assert await sitting(there) == {"乙二": "invited", "丙三": "invited", "新来者": "invited"}


async def test_a_seat_nobody_can_take_stays_empty_and_is_said_to_be(house: House) -> None:
    there = await scene(house, 3)
    await panel(there, 3)
    await there.centre("invite")
    await there.answer(0, "decline", reason="出差在外")
    await jobs.drain()
    seats = await there.seats()
    assert seats["open_seats"] == 1
    assert "empty" in {warning["code"] for warning in seats["warnings"]}
    await active_expert(house, name="新来者", organisation="样例新大学")
    await there.centre("fill")
    assert (await there.seats())["open_seats"] == 0


async def test_somebody_leaving_during_the_scoring_is_followed_by_one_who_may_score(
    house: House,
) -> None:
    there = await scene(house, 4)
    await panel(there, 3)
    await accepted(there)
    await there.centre("begin")
    await there.answer(0, "recuse", reason="发现有合作关系")
    await jobs.drain()
    await there.answer(3, "accept")
    await there.answer(3, "declare", pledge=True, no_conflict=True)
    assert (await there.hand_in(3))["state"] == "submitted"


async def test_the_centre_may_take_somebody_off_for_a_reason(house: House) -> None:
    there = await scene(house, 4)
    await panel(there, 3)
    await there.centre("invite")
    seat = await there.seat(0)
    review: dict[str, Any] = {"id": seat["review_id"]}
    async with house.client(CENTRE) as centre:
        assert (await tried(centre, "reviews", review, "replace")).status_code == 422
        await moved(centre, "reviews", review, "replace", reason="一直联系不上")
    await jobs.drain()
    assert await sitting(there) == {"乙二": "invited", "丙三": "invited", "丁四": "invited"}
    async with house.client(there.accounts[0]) as own:
        told = (await own.get(f"{API}/reviews/{review['id']}")).json()
        assert (told["state"], told["moves"]) == ("replaced", [])


async def test_alternates_may_be_added_later_at_the_end_only(house: House) -> None:
    there = await scene(house, 3)
    await panel(there, 3)
    await there.centre("invite")
    late = await active_expert(house, name="后补者", organisation="样例新大学")
    ids = [expert["id"] for expert in there.experts]
    async with house.client(CENTRE) as centre:
        now = await there.reload()
        url, version = f"{API}/panels/{now['id']}", {"If-Match": f'"{now["version"]}"'}
        first = await centre.patch(url, json={"experts": [late["id"], *ids]}, headers=version)
        assert first.json()["errors"][0]["pointer"] == "/experts"
        added = await centre.patch(url, json={"experts": [*ids, late["id"]]}, headers=version)
        assert added.status_code == 200, added.text
    assert (await there.states())["后补者"] == "reserved"
    await there.answer(0, "decline", reason="出差在外")
    await jobs.drain()
    assert "后补者" in await sitting(there)
