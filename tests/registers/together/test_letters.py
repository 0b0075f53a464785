"""Notifications by mail: an address that was proved, a choice that was made, a real mail server."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from app.core import jobs
from app.registers.together import mailing
from tests.house import House
from tests.libraries.people import API, CENTRE, STATION
from tests.matching.invitations.letterbox import Letterbox, letterbox, text_of
from tests.registers.together.scene import Scene, as_owner, scene

MAIL = f"{API}/me/mail"
ADDRESS = "zhong@example.cn"


@pytest.fixture
async def box(database: str) -> AsyncIterator[Letterbox]:
    async with letterbox() as found:
        yield found


@pytest.fixture
async def at(box: Letterbox, house: House) -> Scene:
    assert box.letters == []
    return await scene(house)


async def proved(at: Scene, box: Letterbox, who: str, wish: str) -> None:
    """Give somebody an address, prove it, and choose ``wish``; the code's letter is taken."""
    await at.ask(who, "PUT", f"{MAIL}/address", json={"address": ADDRESS})
    await jobs.drain()
    letter = box.letters.pop()
    code = re.search(r"\d{6}", str(letter["Subject"]))
    assert code
    told = await at.ask(who, "POST", f"{MAIL}/verify", json={"code": code[0]})
    assert told["verified"] is True
    await at.ask(who, "PUT", MAIL, json={"wish": wish})


async def followed(at: Scene) -> None:
    await at.ask(CENTRE, "PUT", f"{at.url}/following", json={"following": True})


async def test_a_letter_says_what_happened_where_and_how_to_stop_it(
    at: Scene, box: Letterbox
) -> None:
    await proved(at, box, CENTRE, "immediate")
    centre = await at.person(STATION, "测试centre_staff")
    await at.comment(STATION, "评论里的话只在页面上", mentions=[centre])
    await jobs.drain()
    (letter,) = box.letters
    assert letter["To"] == ADDRESS
    assert "提到了您" in letter["Subject"]
    text = text_of(letter)
    assert f"/r/needs/{at.need['id']}?tab=comments" in text
    assert "行星减速器齿轮磨损" in text
    assert "/me" in text
    assert "关闭" in text
    assert "评论里的话" not in text
    await jobs.drain()
    assert len(box.letters) == 1


async def test_nobody_is_written_to_who_did_not_choose_it(at: Scene, box: Letterbox) -> None:
    await followed(at)
    await at.comment(STATION)
    await jobs.drain()
    await proved(at, box, CENTRE, "off")
    await at.comment(STATION)
    await jobs.drain()
    assert box.letters == []
    assert await at.unread(CENTRE) == 2


async def test_what_may_no_longer_be_seen_is_not_mailed(at: Scene, box: Letterbox) -> None:
    await proved(at, box, CENTRE, "immediate")
    await followed(at)
    await at.comment(STATION)
    as_owner("UPDATE need SET deleted_at = now() WHERE id = :id", id=at.need["id"])
    await jobs.drain()
    assert box.letters == []


async def test_who_has_left_is_not_written_to(at: Scene, box: Letterbox) -> None:
    await proved(at, box, CENTRE, "immediate")
    await followed(at)
    await at.comment(STATION)
    as_owner("UPDATE account SET state = 'disabled' WHERE email IS NOT NULL")
    await jobs.drain()
    assert box.letters == []


async def test_a_letter_that_does_not_leave_is_tried_again(at: Scene, box: Letterbox) -> None:
    await proved(at, box, CENTRE, "immediate")
    await followed(at)
    box.refusing = "450 later"
    await at.comment(STATION)
    await jobs.drain()
    tried = "SELECT mail_tries, mailed_at FROM notification WHERE mail_tries > 0"
    assert as_owner(tried) == [(1, None)]
    waiting = as_owner(
        "SELECT count(*) FROM jobs.procrastinate_jobs WHERE status = 'todo'"
        " AND task_name = 'notices.mail' AND scheduled_at > now()"
    )
    assert waiting == [(1,)]
    box.refusing = None
    as_owner(
        "WITH here AS (SELECT set_config('search_path', 'jobs, public', true))"
        " UPDATE jobs.procrastinate_jobs SET scheduled_at = now() FROM here WHERE status = 'todo'"
    )
    await jobs.drain()
    assert len(box.letters) == 1
    ((tries, mailed),) = as_owner(tried)
    assert tries == 2
    assert mailed


async def test_a_day_comes_in_one_letter_without_what_was_read(at: Scene, box: Letterbox) -> None:
    await proved(at, box, CENTRE, "daily")
    await followed(at)
    for text in ("一", "二", "三"):
        await at.comment(STATION, text)
    await jobs.drain()
    assert box.letters == []
    (one, *_) = (await at.ask(CENTRE, "GET", f"{API}/notifications"))["items"]
    await at.ask(CENTRE, "PUT", f"{API}/notifications/{one['id']}", json={"read": True})
    await mailing.daily()
    await mailing.daily()
    await jobs.drain()
    (letter,) = box.letters
    assert letter["Subject"] == "今日通知：2 条"
    assert text_of(letter).count("/r/needs/") == 2
    await mailing.daily()
    await jobs.drain()
    assert len(box.letters) == 1


async def test_a_letter_is_in_the_language_of_its_reader(at: Scene, box: Letterbox) -> None:
    await proved(at, box, CENTRE, "immediate")
    as_owner("UPDATE account SET locale = 'en' WHERE email IS NOT NULL")
    await followed(at)
    await at.comment(STATION)
    await jobs.drain()
    (letter,) = box.letters
    assert "commented on" in letter["Subject"]


async def test_a_code_is_good_for_its_address_a_few_tries_and_a_while(
    at: Scene, box: Letterbox
) -> None:
    async def tried(code: str) -> Any:
        return await at.ask(STATION, "POST", f"{MAIL}/verify", json={"code": code}, status=422)

    refused = await at.ask(
        STATION, "PUT", f"{MAIL}/address", json={"address": "无此地址"}, status=422
    )
    assert refused["errors"][0]["pointer"] == "/address"
    await at.ask(STATION, "PUT", MAIL, json={"wish": "daily"}, status=422)
    await at.ask(STATION, "PUT", f"{MAIL}/address", json={"address": ADDRESS})
    await at.ask(STATION, "PUT", f"{MAIL}/address", json={"address": ADDRESS}, status=429)
    await jobs.drain()
    code = re.search(r"\d{6}", str(box.letters[-1]["Subject"]))
    assert code
    wrong = f"{(int(code[0]) + 1) % 10**6:06d}"
    for _ in range(5):
        await tried(wrong)
    await tried(code[0])
    as_owner("UPDATE account SET email_tries = 0, email_asked_at = now() - interval '31 minutes'")
    await tried(code[0])
    told = await at.ask(STATION, "GET", MAIL)
    assert (told["address"], told["verified"], told["wish"]) == (ADDRESS, False, "off")


async def test_taking_the_address_away_ends_the_letters(at: Scene, box: Letterbox) -> None:
    await proved(at, box, CENTRE, "immediate")
    told = await at.ask(CENTRE, "PUT", f"{MAIL}/address", json={"address": None})
    assert (told["address"], told["verified"], told["wish"]) == (None, False, "off")
