"""Records that may be one are found by whoever enters them, among what that person sees."""

import pytest

from app.registers.doubles import likeness
from tests.house import House, if_match
from tests.ledgers.builders import (
    CENTRE,
    COMMITTEE,
    STATION,
    Record,
    a_need,
    a_user_of,
    an_enterprise,
    call,
)

PHONE = "13900007777"
OTHER_PARK = "station_staff@lake-park-station"
FORMS = "有限责任公司|股份有限公司|有限公司|集团|公司|厂$"


async def beside(house: House, who: str, record: Record) -> dict[str, list[str]]:
    answer = await call(house, who, "GET", f"/enterprises/{record['id']}/duplicates")
    assert answer.status_code == 200, answer.text
    return {one["id"]: one["why"] for one in answer.json()["items"]}


async def pairs(house: House, who: str) -> set[frozenset[str]]:
    answer = await call(house, who, "GET", "/enterprises/duplicates")
    assert answer.status_code == 200, answer.text
    return {frozenset((p["one"]["id"], p["other"]["id"])) for p in answer.json()["items"]}


async def test_likeness_of_names_and_equal_telephones_are_found(house: House) -> None:
    one = await an_enterprise(house, name="苏州精密机械有限公司", contact_phone=PHONE)
    two = await an_enterprise(house, name="蘇州精密機械有限責任公司")
    three = await an_enterprise(house, name="太湖绿色农业有限公司", contact_phone=PHONE)
    await an_enterprise(house, name="湖州精工机电有限公司")
    await an_enterprise(house, "lake-park", name="苏州精密机械有限公司", contact_phone=PHONE)
    assert await beside(house, STATION, one) == {
        two["id"]: ["企业名称相近"],
        three["id"]: ["联系电话相同"],
    }
    assert await pairs(house, STATION) == {
        frozenset((one["id"], two["id"])),
        frozenset((one["id"], three["id"])),
    }
    assert await pairs(house, OTHER_PARK) == set()


async def test_a_role_that_reads_no_telephone_learns_nothing_by_it(house: House) -> None:
    one = await an_enterprise(house, contact_phone=PHONE)
    two = await an_enterprise(house, contact_phone=PHONE)
    assert set(await beside(house, STATION, one)) == {two["id"]}
    for who in (COMMITTEE, CENTRE):
        refused = await call(house, who, "GET", f"/enterprises/{one['id']}/duplicates")
        assert refused.status_code == 403
        assert "工作站" in refused.json()["detail"]
    user = await a_user_of(house, one)
    mine = await call(house, user, "GET", f"/enterprises/{one['id']}/duplicates")
    assert mine.json()["items"] == []
    typed = await call(
        house, user, "POST", "/enterprises/similar", {"values": {"contact_phone": PHONE}}
    )
    assert {one["id"] for one in typed.json()["items"]} <= {one["id"]}


async def test_what_is_typed_is_compared_before_it_is_filed(house: House) -> None:
    one = await an_enterprise(house, name="苏州精密机械有限公司", contact_phone=PHONE)
    for values in (
        {"name": "苏州精密机械厂"},
        {"uscc": one["uscc"].lower()},
        {"contact_phone": PHONE},
        {"name": "苏洲精密机械"},
    ):
        answer = await call(house, STATION, "POST", "/enterprises/similar", {"values": values})
        assert [found["id"] for found in answer.json()["items"]] == [one["id"]], values
    empty = await call(house, STATION, "POST", "/enterprises/similar", {"values": {"name": " "}})
    assert empty.json() == {"items": [], "may_merge": True}


async def test_a_pair_said_to_be_none_is_not_proposed_again(house: House) -> None:
    one = await an_enterprise(house, contact_phone=PHONE)
    two = await an_enterprise(house, contact_phone=PHONE)
    path = f"/enterprises/{two['id']}/duplicates/{one['id']}/dismissal"
    assert (await call(house, COMMITTEE, "PUT", path)).status_code == 403
    assert (await call(house, STATION, "PUT", path)).status_code == 204
    assert (await call(house, STATION, "PUT", path)).status_code == 204
    assert await beside(house, STATION, one) == {}
    assert await pairs(house, STATION) == set()
    assert (await call(house, STATION, "DELETE", path)).status_code == 204
    assert set(await beside(house, STATION, one)) == {two["id"]}
    gone = await call(house, STATION, "DELETE", f"/enterprises/{two['id']}", **if_match(two))
    assert gone.status_code == 204
    assert await beside(house, STATION, one) == {}
    assert (await call(house, STATION, "PUT", path)).status_code == 404


async def test_needs_are_alike_within_one_enterprise(house: House) -> None:
    firm, other = await an_enterprise(house), await an_enterprise(house)
    user, stranger = await a_user_of(house, firm), await a_user_of(house, other)
    one = await a_need(house, user, title="低噪声激光驱动器")
    two = await a_need(house, user, title="低噪声的激光驱动器")
    await a_need(house, stranger, title="低噪声的激光驱动器")
    answer = await call(house, user, "GET", f"/needs/{one['id']}/duplicates")
    assert [found["id"] for found in answer.json()["items"]] == [two["id"]]
    assert answer.json()["may_merge"] is False


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("苏州精密机械有限公司", "苏州市精密机械有限公司", True),
        ("苏州精密机械有限公司", "苏洲精密机械有限公司", True),  # as it sounds
        ("苏州精密机械有限公司", "苏州精密仪器有限公司", False),
        ("样例1号科技有限公司", "样例2号科技有限公司", False),
    ],
)
def test_names_of_one_firm_are_told_from_those_of_two(one: str, other: str, alike: bool) -> None:  # noqa: FBT001
    lines = [("a", one), ("b", other)]
    found = likeness.pairs_of(lines, 0.68, FORMS)
    assert bool(found) is alike
    assert bool(list(likeness.nearest(one, [lines[1]], 0.68, FORMS))) is alike


def test_a_whole_ledger_is_compared_in_seconds() -> None:
    words = "华东南北中新科精密光电智能云海江河湖山川"
    lines = [
        (str(n), "".join(words[(n * k + k) % len(words)] for k in (3, 5, 7, 11)) + f"{n % 997}机械")
        for n in range(10_000)
    ]
    lines += [("x", "独一无二的名字有限公司"), ("y", "独一无二的名字有限责任公司")]
    found = {frozenset(pair[:2]) for pair in likeness.pairs_of(lines, 0.9, FORMS)}
    assert frozenset(("x", "y")) in found
