"""The enterprise ledger through HTTP: what is checked, who sees and writes what, moving away."""

import pytest

from tests.acts import plain
from tests.house import House, if_match
from tests.ledgers.builders import (
    ADMINISTRATORS,
    CENTRE,
    COMMITTEE,
    PEERS,
    PROVINCE,
    STATION,
    a_credit_code,
    a_user_of,
    an_enterprise,
    call,
    codes,
    move,
    read,
    try_move,
)


async def test_codes_are_kept_as_the_tables_have_them(house: House) -> None:
    code = a_credit_code()
    made = await an_enterprise(
        house,
        uscc=f" {code[:8].lower()} {code[8:]}",
        industry_code="C3562",
        hightech_field="电子信息",
    )
    assert made["uscc"] == code
    assert made["industry_code"] == "3562"
    assert made["hightech_field"] == "01"
    assert made["labels"]["hightech_field"] == "电子信息"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("uscc", "91990101MA0000000X", "check_digit"),
        ("uscc", "91990101", "length"),
        ("established_on", "2999-01-01", "in_future"),
        ("entered_on", "2999-01-01", "in_future"),
        ("industry_code", "互联网+", "unknown_code"),
        ("industry_code", "0000", "unknown_code"),
        ("hightech_field", "99", "unknown_code"),
        ("registered_capital", "-1", "greater_than_equal"),
        ("website", "javascript:alert(1)", "string_pattern_mismatch"),
    ],
)
async def test_what_cannot_be_is_refused_by_field(
    house: House, field: str, value: str, code: str
) -> None:
    given = {"name": "样例科技有限公司", "uscc": a_credit_code()} | {field: value}
    answer = await call(house, STATION, "POST", "/enterprises", given)
    assert answer.status_code == 422
    assert codes(answer) == {f"/{field}": code}


async def test_an_entry_into_the_park_before_the_founding_is_odd_but_kept(house: House) -> None:
    made = await an_enterprise(house, established_on="2010-01-01", entered_on="2005-01-01")
    assert made["entered_on"] == "2005-01-01"


async def test_a_credit_code_is_taken_once_in_a_park_and_free_in_another(house: House) -> None:
    first = await an_enterprise(house)
    again = {"name": "另一家科技有限公司", "uscc": first["uscc"]}
    answer = await call(house, STATION, "POST", "/enterprises", again)
    assert answer.status_code == 409
    assert codes(answer) == {"/uscc": "taken"}
    await an_enterprise(house, "lake-park", uscc=first["uscc"])


async def test_a_deleted_enterprise_frees_its_code(house: House) -> None:
    first = await an_enterprise(house)
    path = f"/enterprises/{first['id']}"
    gone = await call(house, STATION, "DELETE", path, **if_match(first))
    assert gone.status_code == 204
    await an_enterprise(house, uscc=first["uscc"])


async def test_those_of_the_park_and_above_read_it_and_nobody_else(house: House) -> None:
    made = await an_enterprise(house)
    own = await a_user_of(house, made)
    other = await a_user_of(house, await an_enterprise(house))
    for who in (STATION, COMMITTEE, CENTRE, "centre_leader@east", own):
        assert (await read(house, who, "enterprises", made))["name"] == made["name"]
    for who in (*PEERS, *ADMINISTRATORS, PROVINCE, other):
        answer = await call(house, who, "GET", f"/enterprises/{made['id']}")
        assert answer.status_code == 404, who


async def test_the_telephone_is_plain_to_the_enterprise_and_masked_to_staff(house: House) -> None:
    made = await an_enterprise(house, contact_phone="13800001234")
    own = await a_user_of(house, made)
    assert (await read(house, own, "enterprises", made))["contact_phone"] == "13800001234"
    assert await plain(house, STATION, "enterprises", made) == {"contact_phone": "13800001234"}
    for who in (STATION, COMMITTEE, CENTRE):
        told = await read(house, who, "enterprises", made)
        assert told["contact_phone"] == "138****1234", who


async def test_an_enterprise_writes_its_contact_but_not_its_name(house: House) -> None:
    made = await an_enterprise(house, contact_phone="13800001234")
    own = await a_user_of(house, made)
    path = f"/enterprises/{made['id']}"
    told = await read(house, own, "enterprises", made)
    assert "contact_phone" in told["editable"]
    assert "name" not in told["editable"]
    answer = await call(house, own, "PATCH", path, {"website": "www.example.cn"}, **if_match(told))
    assert answer.status_code == 200, answer.text
    assert answer.json()["contact_phone"] == "13800001234"
    refused = await call(
        house, own, "PATCH", path, {"name": "改名科技有限公司"}, **if_match(answer.json())
    )
    assert codes(refused) == {"/name": "not_writable"}


async def test_nobody_but_a_station_registers_enterprises(house: House) -> None:
    given = {"name": "样例科技有限公司", "uscc": a_credit_code()}
    for who in (COMMITTEE, CENTRE):
        assert (await call(house, who, "POST", "/enterprises", given)).status_code == 403


async def test_an_enterprise_leaves_and_comes_back(house: House) -> None:
    made = await an_enterprise(house)
    form = {"exited_on": "2026-01-31", "reason": "迁往他处"}
    left = await move(house, STATION, "enterprises", made, "leave", form)
    assert (left["state"], left["exited_on"]) == ("left", "2026-01-31")
    back = await move(house, STATION, "enterprises", made, "reinstate", {"reason": "登记有误"})
    assert (back["state"], back["exited_on"]) == ("in_park", None)


async def test_one_struck_off_is_no_longer_edited(house: House) -> None:
    made = await an_enterprise(house)
    own = await a_user_of(house, made)
    gone = await move(house, STATION, "enterprises", made, "cancel", {"reason": "已注销"})
    assert gone["state"] == "cancelled"
    assert gone["editable"] == []
    assert "revise" in gone["refused"]
    answer = await try_move(house, own, "enterprises", made, "reinstate", {"reason": "没有注销"})
    assert answer.status_code == 403


async def test_a_day_of_leaving_is_never_in_the_future(house: House) -> None:
    made = await an_enterprise(house)
    form = {"exited_on": "2999-01-01", "reason": "迁往他处"}
    answer = await try_move(house, STATION, "enterprises", made, "leave", form)
    assert codes(answer) == {"/exited_on": "in_future"}


@pytest.mark.parametrize("phone", ["abc", "call me: secret@example.cn", "12"])
async def test_what_is_no_telephone_number_takes_no_numbers_place(house: House, phone: str) -> None:
    firm = await an_enterprise(house, contact_phone="13800138000")
    refused = await call(
        house,
        STATION,
        "PATCH",
        f"/enterprises/{firm['id']}",
        json={"contact_phone": phone},
        **if_match(firm),
    )
    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/contact_phone", "not_a_phone")
