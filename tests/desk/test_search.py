"""One search over all registers: what one sees of each, nothing of what one may not."""

from typing import Any
from urllib.parse import urlencode

from tests.house import House
from tests.ledgers.builders import STATION, Record, a_need, a_user_of, an_enterprise, call

FAR = "station_staff@west-park-station"


async def found(house: House, who: str, q: str) -> dict[str, list[dict[str, Any]]]:
    answer = await call(house, who, "GET", f"/search?{urlencode({'q': q})}")
    assert answer.status_code == 200, answer.text
    return {one["register_name"]: one["items"] for one in answer.json()["registers"]}


async def whale(house: House) -> tuple[Record, str, Record]:
    enterprise = await an_enterprise(house, name="样例蓝鲸光电科技有限公司")
    user = await a_user_of(house, enterprise)
    return enterprise, user, await a_need(house, user, title="蓝鲸的降噪需求")


async def test_every_register_answers_with_what_it_has(house: House) -> None:
    enterprise, user, need = await whale(house)
    told = await found(house, user, "蓝鲸")
    assert [one["id"] for one in told["enterprises"]] == [enterprise["id"]]
    assert told["needs"][0]["title"] == need["title"]
    assert told["needs"][0]["state_label"] == "草稿"
    initials = await found(house, STATION, "ljgd")
    assert [one["id"] for one in initials["enterprises"]] == [enterprise["id"]]


async def test_what_one_may_not_see_is_not_found(house: House) -> None:
    await whale(house)
    assert await found(house, FAR, "蓝鲸") == {}
    assert "needs" not in await found(house, STATION, "蓝鲸")  # a draft is its author's
    for administrator in ("system_admin@province", "auditor@east"):
        assert await found(house, administrator, "蓝鲸") == {}


async def test_odd_questions_find_nothing_and_break_nothing(house: House) -> None:
    for q in ("%", "'; --", "\x01", "  ", "＊", "a" * 200):
        assert await found(house, STATION, q) == {}
    assert (await call(house, STATION, "GET", "/search?q=")).status_code == 422
