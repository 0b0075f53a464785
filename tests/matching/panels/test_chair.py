"""The chair sums up what all have said, and those words are published."""

from typing import Any

import pytest

from app.core import jobs
from tests.house import House, if_match
from tests.libraries.people import API, CENTRE, LEADER, tried
from tests.matching.panels.scene import (
    MARKS,
    OPINIONS,
    Scene,
    accepted,
    declared,
    panel,
    scene,
    sheet,
)

WORDS = {"conclusion": "approve_with_changes", "summary": "同意立项，预算须按意见核减后实施。"}


async def chaired(house: House, place: int = 0) -> Scene:
    there = await scene(house, 3)
    await panel(there, chaired=True, chair_id=there.experts[place]["id"])
    return there


async def opened_with_chair(house: House) -> Scene:
    there = await chaired(house)
    await declared(there)
    for place, (points, opinion) in enumerate(zip(MARKS, OPINIONS, strict=True)):
        await there.hand_in(place, *points, opinion=opinion)
    await there.centre("lock")
    await there.leader("open")
    return there


async def review_of(there: Scene, place: int) -> dict[str, Any]:
    seat = await there.seat(place)
    async with there.house.client(there.accounts[place]) as own:
        return (await own.get(f"{API}/reviews/{seat['review_id']}")).json()  # type: ignore[no-any-return]


async def change(there: Scene, **fields: Any) -> Any:
    read = await there.reload()
    async with there.house.client(CENTRE) as centre:
        return await centre.patch(f"{API}/panels/{read['id']}", json=fields, headers=if_match(read))


async def test_the_chairs_words_are_what_is_published(house: House) -> None:
    there = await opened_with_chair(house)
    early = await tried_as(there, LEADER, "publish")
    assert early.status_code == 409
    assert "组长" in early.json()["detail"]
    chair = await review_of(there, 0)
    assert chair["is_chair"]
    assert "summarise" in chair["moves"]
    assert [line["total"] for line in chair["heard"]] == ["84.00", "75.50", "54.00"]
    assert "expert" not in str(chair["heard"])
    other = await review_of(there, 1)
    assert other["heard"] == []
    assert "summarise" in other["refused"]
    await there.answer(0, "summarise", **WORDS)
    done = await there.leader("publish")
    assert (done["conclusion"], done["opinion"]) == (WORDS["conclusion"], WORDS["summary"])
    assert "summarise" not in (await review_of(there, 0))["moves"]


@pytest.mark.slow
async def test_the_house_neither_writes_for_the_chair_nor_is_offered_to(house: House) -> None:
    there = await opened_with_chair(house)
    assert set((await there.reload())["editable"]) == {"note", "chair_id"}
    refused = await change(there, opinion_draft="由中心代拟的意见")
    assert {e["pointer"] for e in refused.json()["errors"]} == {"/opinion_draft"}


@pytest.mark.slow
async def test_another_chair_is_named_where_the_first_cannot(house: House) -> None:
    there = await opened_with_chair(house)
    answer = await change(there, chair_id=there.experts[1]["id"])
    assert answer.status_code == 200, answer.text
    assert (await review_of(there, 0))["heard"] == []
    assert "summarise" not in (await review_of(there, 0))["moves"]
    await there.answer(1, "summarise", **WORDS)
    await there.reload()
    assert (await there.leader("publish"))["opinion"] == WORDS["summary"]


@pytest.mark.slow
async def test_scoring_begins_with_a_chair_who_agreed_and_locks_with_the_chairs_sheet(
    house: House,
) -> None:
    there = await scene(house, 3)
    await panel(there, chaired=True)
    await accepted(there)
    early = await tried_as(there, CENTRE, "begin")
    assert [e["pointer"] for e in early.json()["errors"]] == ["/chair_id"]
    assert (await change(there, chair_id=there.experts[2]["id"])).status_code == 200
    await there.reload()
    await there.centre("begin")
    for place in (0, 1):
        await there.answer(place, "declare", pledge=True, no_conflict=True)
        await there.hand_in(place)
    refused = await tried_as(there, CENTRE, "lock", reason="组长出差")
    assert refused.status_code == 409
    assert "组长" in refused.json()["detail"]


@pytest.mark.slow
async def test_a_chair_without_an_account_sums_up_by_the_own_link(house: House) -> None:
    there = await chaired(house)
    await accepted(there)
    await there.centre("begin")
    seat = await there.seat(0)
    async with house.client(CENTRE) as centre, house.client(None) as anybody:
        made_ = await centre.post(f"{API}/reviews/{seat['review_id']}/invitation", json={})
        shown = made_.json()["invitation_url"].rsplit("/", 1)[1]
        public = f"{API}/public/invitations"
        pledged = await anybody.post(
            f"{public}/{shown}/declare", json={"pledge": True, "no_conflict": True}
        )
        own = pledged.json()["own_token"]
        handed = await anybody.post(f"{public}/{own}/scores", json=sheet("30", "30", "10"))
        assert handed.status_code == 200, handed.text
        for place in (1, 2):
            await there.answer(place, "declare", pledge=True, no_conflict=True)
            await there.hand_in(place)
        await there.reload()
        await there.centre("lock")
        await there.leader("open")
        told = (await anybody.get(f"{public}/{own}")).json()
        assert told["may"] == ["summarise"]
        assert len(told["to_sum_up"]["heard"]) == 3
        summed = await anybody.post(f"{public}/{own}/summarise", json=WORDS)
        assert summed.status_code == 200, summed.text
        assert summed.json()["to_sum_up"]["summary"] == WORDS["summary"]
    await jobs.drain()
    assert (await there.leader("publish"))["opinion"] == WORDS["summary"]


async def tried_as(there: Scene, who: str, move: str, **form: Any) -> Any:
    async with there.house.client(who) as client:
        return await tried(client, "panels", there.panel, move, **form)
