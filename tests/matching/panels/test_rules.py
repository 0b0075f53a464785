"""What a panel must keep to: few who judged, a vote against, chairs, seats once it is over."""

import pytest

from app.core import jobs
from app.matching.panels.models import Opinion
from app.matching.panels.publishing import against_majority
from tests.house import House, if_match
from tests.libraries.people import API, CENTRE, LEADER, PROVINCE, moved, speaks_for, tried
from tests.matching.panels.scene import declared, panel, published, scene, summary

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("conclusion", "votes", "against"),
    [
        ("approve", (1, 0, 2), True),
        ("approve_with_changes", (0, 1, 2), True),
        ("approve", (1, 1, 1), False),
        ("approve", (2, 0, 2), False),
        ("reject", (1, 1, 1), True),
        ("reject", (1, 0, 2), False),
    ],
)
def test_a_majority_is_more_than_half(
    conclusion: str, votes: tuple[int, int, int], *, against: bool
) -> None:
    counted = dict(zip(Opinion, votes, strict=True))
    assert against_majority(Opinion(conclusion), counted) is against


async def test_few_reviews_need_a_public_reason_and_the_votes_are_told(house: House) -> None:
    there = await scene(house, 4)
    await panel(there)
    await declared(there)
    for place in range(2):
        await there.hand_in(place, opinion="reject")
    await there.centre("lock", reason="一位专家因病未评")
    await there.leader("open")
    read = await there.reload()
    draft = {"conclusion_draft": "approve", "opinion_draft": "同意实施。"}
    async with house.client(CENTRE) as centre, house.client(LEADER) as leader:
        url = f"{API}/panels/{read['id']}"
        await centre.patch(url, json=draft, headers=if_match(read))
        refused = await tried(leader, "panels", there.panel, "publish")
        assert refused.status_code == 422
        assert [e["pointer"] for e in refused.json()["errors"]] == ["/reason"]
        await moved(leader, "panels", there.panel, "publish", reason="两位专家意见已充分")
    firm = await speaks_for(house, "enterprises", there.firm, "east")
    for who in (CENTRE, PROVINCE, firm):
        told = await summary(house, who, there.panel)
        assert told["few"] == {"submitted": 2, "least": 3, "reason": "两位专家意见已充分"}
        assert told["votes"] == {"approve": 0, "approve_with_changes": 0, "reject": 2}
    seats = await there.seats()
    assert (seats["sitting"], seats["submitted"], seats["open_seats"]) == (3, 2, 0)
    assert seats["warnings"] == []


async def test_where_enough_judged_alike_no_votes_are_told(house: House) -> None:
    there = await scene(house, 4)
    await panel(there)
    await declared(there)
    for place in range(3):
        await there.hand_in(place)
    await there.centre("lock")
    await there.leader("open")
    await published(there)
    told = await summary(house, PROVINCE, there.panel)
    assert (told["few"], told["votes"]) == (None, None)
    reserve = await there.seat(3)
    async with house.client(CENTRE) as centre:
        review = {"id": reserve["review_id"]}
        refused = await tried(centre, "reviews", review, "replace", reason="不再需要")
        assert (refused.status_code, "已封存" in refused.json()["detail"]) == (409, True)
    assert (await there.seat(3))["state"] == "reserved"


async def test_a_substitute_keeps_the_number_of_the_seat(house: House) -> None:
    there = await scene(house, 4)
    await panel(there)
    await there.centre("invite")
    await there.answer(1, "decline", reason="出差在外")
    await jobs.drain()
    follower = await there.seat(3)
    assert (follower["seat"], follower["position"], follower["follows"]) == (2, 4, "接替乙二")
    assert (await there.seat(0))["follows"] is None


async def test_the_chair_is_a_member_who_sits(house: House) -> None:
    there = await scene(house, 4)
    await panel(there)
    url = f"{API}/panels/{there.panel['id']}"
    async with house.client(CENTRE) as centre:
        for place, status in ((3, 422), (0, 200)):
            given = {"chair_id": there.experts[place]["id"]}
            read = (await centre.get(url)).json()
            answer = await centre.patch(url, json=given, headers=if_match(read))
            assert answer.status_code == status, answer.text
            if status != 200:
                assert answer.json()["errors"][0]["pointer"] == "/chair_id"
    await there.centre("invite")
    await there.answer(0, "decline", reason="出差在外")
    await jobs.drain()
    warned = {one["code"] for one in (await there.seats())["warnings"]}
    assert "no_chair" in warned
