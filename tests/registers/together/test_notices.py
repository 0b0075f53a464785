"""Following and being told: of what others did, only of what one may see, and never of oneself."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.audit.work import acting_for
from app.core import jobs
from app.core.clock import today
from app.core.labels import T
from app.ledgers.needs.overdue import overdue
from app.registers.tasks import telling
from app.registers.together.mailing import daily
from app.registers.together.notices import notify_done
from tests.house import House, if_match
from tests.libraries.people import (
    API,
    CENTRE,
    COMMITTEE,
    LEADER,
    STATION,
    active_expert,
    moved,
    speaks_for,
)
from tests.registers.tasks_here import Wanted, asked
from tests.registers.together.scene import Scene, as_owner, scene

TITLE = "行星减速器齿轮磨损"


@pytest.fixture
async def at(house: House) -> Scene:
    return await scene(house)


async def revised(at: Scene, who: str, **fields: object) -> None:
    now = await at.ask(who, "GET", at.url)
    await at.ask(who, "PATCH", at.url, json=fields, headers=if_match(now))


async def test_authors_and_movers_follow_by_themselves(at: Scene) -> None:
    assert (await at.ask(STATION, "GET", f"{at.url}/following"))["following"] is True
    assert (await at.ask(CENTRE, "GET", f"{at.url}/following")) == {
        "following": False,
        "may": True,
    }
    told = await at.told(STATION)
    assert told == [], "what one did oneself is no news"


async def test_a_follower_hears_what_others_did_in_words(at: Scene) -> None:
    await at.ask(CENTRE, "PUT", f"{at.url}/following", json={"following": True})
    async with at.house.client(STATION) as station:
        await moved(station, "needs", at.need, "match")
    (text,) = await at.told(CENTRE)
    assert "测试station_staff" in text
    assert TITLE in text
    assert await at.unread(CENTRE) == 1
    assert await at.unread(LEADER) == 0
    (one,) = (await at.ask(CENTRE, "GET", f"{API}/notifications"))["items"]
    assert one["path"] == f"/r/needs/{at.need['id']}"
    assert one["record"]["register"] == "needs"
    assert "取消关注" in one["reason"]


async def test_whoever_stops_following_is_told_nothing_and_stays_so(at: Scene) -> None:
    await at.ask(STATION, "PUT", f"{at.url}/following", json={"following": False})
    await at.comment(CENTRE)
    await at.comment(STATION, "我也说一句")  # commenting follows, but not against one's will
    assert (await at.ask(STATION, "GET", f"{at.url}/following"))["following"] is False
    await at.comment(CENTRE, "再说一句")
    assert await at.told(STATION) == []


async def test_a_mention_tells_once_and_follows(at: Scene) -> None:
    centre = await at.person(STATION, "测试centre_staff")
    one = await at.comment(STATION, mentions=[centre])
    told = await at.told(CENTRE)
    assert len(told) == 1
    assert "提到了您" in told[0]
    path = f"{at.url}/comments/{one['id']}"
    await at.ask(STATION, "PUT", path, json={"text": "改了", "mentions": [centre]})
    assert len(await at.told(CENTRE)) == 1
    assert (await at.ask(CENTRE, "GET", f"{at.url}/following"))["following"] is True
    await at.comment(COMMITTEE)
    assert len(await at.told(CENTRE)) == 2
    await at.ask(STATION, "DELETE", path)
    assert len(await at.told(CENTRE)) == 1, "a comment taken away is news no more"
    assert await at.unread(CENTRE) == 1


async def test_an_enterprise_hears_of_open_comments_only(at: Scene) -> None:
    await at.ask(at.owner, "PUT", f"{at.url}/following", json={"following": True})
    await at.comment(STATION, "内部意见")
    assert await at.told(at.owner) == []
    await at.comment(STATION, "公开意见", internal=False)
    (text,) = await at.told(at.owner)
    assert "公开意见" not in text


async def test_a_change_of_what_one_may_not_see_is_no_news(house: House) -> None:
    expert = await active_expert(house)
    person = await speaks_for(house, "experts", expert, "east")
    at = Scene(house, expert, person)
    url = f"{API}/experts/{expert['id']}"
    await at.ask(person, "PUT", f"{url}/following", json={"following": True})
    now = await at.ask(LEADER, "GET", url)
    await at.ask(LEADER, "PATCH", url, json={"conduct_note": "操守记事"}, headers=if_match(now))
    assert await at.told(person) == []
    now = await at.ask(LEADER, "GET", url)
    await at.ask(LEADER, "PATCH", url, json={"title": "副教授"}, headers=if_match(now))
    assert len(await at.told(person)) == 1


async def test_what_may_no_longer_be_seen_is_gone_from_list_and_count(at: Scene) -> None:
    await at.ask(CENTRE, "PUT", f"{at.url}/following", json={"following": True})
    await at.comment(STATION)
    assert await at.unread(CENTRE) == 1
    as_owner("UPDATE need SET deleted_at = now() WHERE id = :id", id=at.need["id"])
    assert await at.told(CENTRE) == []
    assert await at.unread(CENTRE) == 0
    found = as_owner("SELECT id FROM notification")[0][0]
    await at.ask(CENTRE, "PUT", f"{API}/notifications/{found}", json={"read": True}, status=404)


async def test_one_marks_ones_own_read_and_all_of_them(at: Scene) -> None:
    await at.ask(CENTRE, "PUT", f"{at.url}/following", json={"following": True})
    for text in ("一", "二", "三"):
        await at.comment(STATION, text)
    page = await at.ask(CENTRE, "GET", f"{API}/notifications", params={"limit": 2})
    rest = await at.ask(CENTRE, "GET", f"{API}/notifications", params={"after": page["next"]})
    assert (len(page["items"]), len(rest["items"]), rest["next"]) == (2, 1, None)
    one = f"{API}/notifications/{page['items'][0]['id']}"
    await at.ask(LEADER, "PUT", one, json={"read": True}, status=404)
    assert (await at.ask(CENTRE, "PUT", one, json={"read": True}))["read"] is True
    assert await at.unread(CENTRE) == 2
    unread = await at.ask(CENTRE, "GET", f"{API}/notifications", params={"unread": True})
    assert len(unread["items"]) == 2
    other = {"record_id": one.rsplit("/", 1)[-1]}
    await at.ask(CENTRE, "POST", f"{API}/notifications/read", params=other)
    assert await at.unread(CENTRE) == 2
    about = {"record_id": at.need["id"]}
    await at.ask(CENTRE, "POST", f"{API}/notifications/read", params=about)
    assert await at.unread(CENTRE) == 0
    await at.comment(STATION, "四")
    await at.ask(CENTRE, "POST", f"{API}/notifications/read")
    assert await at.unread(CENTRE) == 0


async def test_the_auditor_is_told_of_nothing(at: Scene) -> None:
    await at.ask("auditor@east", "GET", f"{API}/notifications", status=404)
    await at.ask("system_admin@province", "GET", f"{API}/notifications")


async def test_a_missed_promise_is_told_once_to_station_and_followers(at: Scene) -> None:
    await at.ask(CENTRE, "PUT", f"{at.url}/following", json={"following": True})
    late = today() - timedelta(days=1)
    as_owner("UPDATE need SET due_on = :late WHERE id = :id", late=late, id=at.need["id"])
    await overdue()
    await overdue()
    for who in (STATION, CENTRE):
        (text,) = await at.told(who)
        assert text == f"「{TITLE}」已超过办理期限 {late}"
    assert await at.told(LEADER) == []
    as_owner("UPDATE need SET clock = 'met' WHERE id = :id", id=at.need["id"])


async def test_long_work_tells_whoever_asked_for_it(at: Scene) -> None:
    node = at.house.organisations["east-park"].node_id
    hat = as_owner(
        "SELECT h.id FROM hat h JOIN organisation o ON o.id = h.organisation_id"
        " WHERE o.code = 'east-park-station'"
    )[0][0]
    async with acting_for(node) as work:
        subject = T("企业台账的导入", "Import of enterprises")
        await notify_done(work, UUID(str(hat)), subject, "/r/enterprises/import?id=1")
    (one,) = (await at.ask(STATION, "GET", f"{API}/notifications"))["items"]
    assert (one["text"], one["path"]) == ("企业台账的导入已完成", "/r/enterprises/import?id=1")
    english = {"Accept-Language": "en"}
    (one,) = (await at.ask(STATION, "GET", f"{API}/notifications", headers=english))["items"]
    assert one["text"] == "Import of enterprises has finished"


async def test_what_was_told_long_ago_is_forgotten(at: Scene) -> None:
    await at.ask(CENTRE, "PUT", f"{at.url}/following", json={"following": True})
    for text in ("旧", "新"):
        await at.comment(STATION, text)
    as_owner(
        "UPDATE notification SET at = now() - interval '181 days' WHERE id ="
        " (SELECT id FROM notification WHERE kind = 'comment' ORDER BY at LIMIT 1)"
    )
    await daily()
    assert len(await at.told(CENTRE)) == 1


async def test_a_task_that_took_long_tells_its_end_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "LONG", timedelta(0))
    at = Scene(house, {"id": "none"}, "")
    await asked(house, STATION, "tests_create", Wanted(names=["样例丁公司"]))
    await jobs.drain()
    assert await at.told(STATION) == ["样例任务（样例）已完成"]
    await asked(house, STATION, "tests_create", Wanted(names=["样例丁公司"]))  # there is one
    await jobs.drain()
    assert (await at.told(STATION))[0] == "样例任务（样例）没有完成"
    assert await at.told("station_staff@lake-park-station") == []


async def test_a_task_that_was_soon_over_is_no_news(house: House) -> None:
    at = Scene(house, {"id": "none"}, "")
    await asked(house, STATION, "tests_create", Wanted(names=["样例戊公司"]))
    await jobs.drain()
    assert await at.told(STATION) == []


async def test_the_station_hears_once_that_a_need_has_come_in(at: Scene) -> None:
    given = {"title": "主轴振动", "description": "高速主轴在重载下振动，希望找到原因。"}
    need = await at.ask(at.owner, "POST", f"{API}/needs", json=given)
    path = f"{API}/needs/{need['id']}/moves"
    need = await at.ask(at.owner, "POST", f"{path}/submit", json={}, headers=if_match(need))
    (one,) = (await at.ask(STATION, "GET", f"{API}/notifications"))["items"]
    assert "提交" in one["text"]
    assert "主轴振动" in one["text"]
    assert "受理" in one["reason"]
    for who in (COMMITTEE, LEADER, at.owner):
        assert not any("主轴振动" in text for text in await at.told(who))
    back = {"reason": "请补充工况"}
    need = await at.ask(STATION, "POST", f"{path}/return", json=back, headers=if_match(need))
    await at.ask(at.owner, "POST", f"{path}/submit", json={}, headers=if_match(need))
    told = (await at.ask(STATION, "GET", f"{API}/notifications"))["items"]
    assert sum("受理" in each["reason"] for each in told) == 1
