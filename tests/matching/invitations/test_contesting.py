"""An answer by a link that staff had in hand: the record says so, the expert is told."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.core import jobs
from tests.house import House
from tests.libraries.people import API, CENTRE, STATION
from tests.matching.invitations.letterbox import Letterbox, letterbox, text_of, token_in
from tests.matching.invitations.test_letters import ADDRESS, PUBLIC, invited
from tests.matching.panels.scene import panel, scene

WHY = {"reason": "本人没有答复过"}


@pytest.fixture
async def box(database: str) -> AsyncIterator[Letterbox]:
    async with letterbox() as found:
        yield found


async def copied(house: House, register: str, record_id: str, who: str) -> str:
    """Have a clerk make a link; return the token the clerk has seen."""
    async with house.client(who) as client:
        answer = await client.post(f"{API}/{register}/{record_id}/invitation", json={})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["invitation_url"].rsplit("/", 1)[1])


async def test_an_acceptance_by_a_lent_link_is_told_contested_and_taken_back(
    box: Letterbox, house: House
) -> None:
    match, _ = await invited(house, email=ADDRESS)
    token = await copied(house, "matches", match["id"], STATION)
    await jobs.drain()
    box.letters.clear()
    url = f"{API}/matches/{match['id']}"
    async with house.client(None) as anybody, house.client(STATION) as station:
        lent = await anybody.post(f"{PUBLIC}/{token}/accept")
        assert (lent.json()["state"], lent.json()["may"]) == ("accepted", ["recuse"])
        assert (await station.get(url)).json()["lent"] is True
        await jobs.drain()
        (letter,) = box.letters
        assert letter["Subject"] == "请核对以您名义作出的答复：技术对接"
        assert "否认这次答复" in text_of(letter)
        own = token_in(text_of(letter))
        told = await anybody.post(f"{PUBLIC}/{own}/contest", json=WHY)
        assert (told.status_code, told.json()["state"]) == (200, "invited")
        await jobs.drain()
        assert (await anybody.get(f"{PUBLIC}/{token}")).status_code == 404
        past = (await station.get(f"{url}/history")).json()["items"]
        assert [one["verb"] for one in past[:2]] == ["move.contest", "move.accept"]
        assert past[0]["reason"] == WHY["reason"]
        assert past[0]["by"]["name"] == "齐轮（凭链接）"
        assert past[1]["by"]["name"] == "齐轮（凭工作人员经手的链接）"
        accepted = await anybody.post(f"{PUBLIC}/{own}/accept")
        assert accepted.json()["may"] == ["recuse"]
        now = (await station.get(url)).json()
        assert (now["lent"], now["contested_at"]) == (False, None)


async def test_a_seat_declined_by_a_lent_link_is_contested_by_account(house: House) -> None:
    there = await scene(house, 3)
    await panel(there, min_members=2)
    await there.centre("invite")
    seat = await there.seat(0)
    token = await copied(house, "reviews", seat["review_id"], CENTRE)
    async with house.client(None) as anybody:
        gone = await anybody.post(f"{PUBLIC}/{token}/decline", json={"reason": "没有时间"})
        assert gone.json()["may"] == []
    await jobs.drain()
    done = await there.answer(0, "contest", **WHY)
    assert (done["state"], done["lent"]) == ("declined", True)
    assert done["contested_at"] is not None
    assert "contest" in done["refused"]
    again: dict[str, Any] = await there.answer(1, "accept")
    assert "contest" in again["refused"]


async def test_a_pledge_by_a_lent_link_is_contested_and_the_seat_asked_anew(house: House) -> None:
    there = await scene(house, 3)
    await panel(there)
    await there.centre("invite")
    seat = await there.seat(0)
    token = await copied(house, "reviews", seat["review_id"], CENTRE)
    async with house.client(None) as anybody:
        await anybody.post(f"{PUBLIC}/{token}/accept")
        pledge = {"pledge": True, "no_conflict": True}
        held = (await anybody.post(f"{PUBLIC}/{token}/declare", json=pledge)).json()["own_token"]
        done = await there.answer(0, "contest", **WHY)
        assert (done["state"], done["declared_at"]) == ("invited", None)
        await jobs.drain()
        assert (await anybody.get(f"{PUBLIC}/{held}")).status_code == 404
    assert (await there.states())["甲一"] == "invited"
