"""Needs through HTTP: filing, the way to the enterprise's confirmation, and the ways aside."""

import asyncio

import pytest

from tests.house import House, if_match
from tests.ledgers.builders import (
    ADMINISTRATORS,
    CENTRE,
    COMMITTEE,
    PEERS,
    PROVINCE,
    STATION,
    Record,
    a_need,
    a_user_of,
    an_enterprise,
    call,
    codes,
    move,
    read,
    try_move,
)

REASON = {"reason": "说明原因"}


async def filed(house: House, **fields: object) -> tuple[Record, str, Record]:
    """Return an enterprise, its user, and a need it has submitted."""
    enterprise = await an_enterprise(house)
    user = await a_user_of(house, enterprise)
    need = await a_need(house, user, **fields)
    return enterprise, user, await move(house, user, "needs", need, "submit")


async def accepted(house: House, **fields: object) -> tuple[Record, str, Record]:
    enterprise, user, need = await filed(house, **fields)
    return enterprise, user, await move(house, STATION, "needs", need, "accept")


async def test_title_and_description_are_enough_and_the_enterprise_is_the_callers(
    house: House,
) -> None:
    enterprise = await an_enterprise(house)
    user = await a_user_of(house, enterprise)
    need = await a_need(house, user)
    assert need["state"] == "draft"
    assert need["enterprise_id"] == enterprise["id"]
    assert need["labels"]["enterprise_id"] == enterprise["name"]
    assert need["node_id"] == enterprise["node_id"]
    assert set(need["moves"]) == {"submit", "withdraw"}


async def test_staff_who_file_for_an_enterprise_say_for_which(house: House) -> None:
    given = {"title": "检测设备", "description": "需要检测设备。"}
    answer = await call(house, STATION, "POST", "/needs", given)
    assert codes(answer) == {"/enterprise_id": "missing"}
    enterprise = await an_enterprise(house)
    need = await a_need(house, STATION, enterprise_id=enterprise["id"])
    user = await a_user_of(house, enterprise)
    assert (await read(house, user, "needs", need))["owner_id"] == enterprise["id"]


async def test_an_enterprise_of_another_park_cannot_be_filed_for(house: House) -> None:
    elsewhere = await an_enterprise(house, "lake-park")
    given = {"title": "检测设备", "description": "需要检测设备。", "enterprise_id": elsewhere["id"]}
    answer = await call(house, STATION, "POST", "/needs", given)
    assert codes(answer) == {"/enterprise_id": "unknown"}


async def test_numbers_are_given_out_once_even_at_the_same_moment(house: House) -> None:
    user = await a_user_of(house, await an_enterprise(house))
    made = await asyncio.gather(*(a_need(house, user, title=f"需求{n}") for n in range(8)))
    numbers = {need["number"] for need in made}
    assert len(numbers) == 8
    assert all(number.startswith("N20") for number in numbers)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("title", "", "string_type"),
        ("description", "短", "string_too_short"),
        ("trl_now", 10, "less_than_equal"),
        ("budget", "-3", "greater_than_equal"),
        ("industry_code", "0000", "unknown_code"),
        ("hightech_field", "99", "unknown_code"),
        ("state", "accepted", "extra_forbidden"),
        ("avoid_experts", ["x"], "uuid_parsing"),
    ],
)
async def test_what_cannot_be_is_refused_by_field(
    house: House, field: str, value: object, code: str
) -> None:
    user = await a_user_of(house, await an_enterprise(house))
    given = {"title": "检测设备", "description": "需要检测设备。"} | {field: value}
    answer = await call(house, user, "POST", "/needs", given)
    assert answer.status_code == 422, answer.text
    assert code in codes(answer).values()


async def test_a_target_below_the_present_readiness_is_refused(house: House) -> None:
    user = await a_user_of(house, await an_enterprise(house))
    given = {"title": "中试", "description": "需要中试。", "trl_now": 6, "trl_target": 5}
    answer = await call(house, user, "POST", "/needs", given)
    assert codes(answer) == {"/trl_target": "below_now"}


async def test_from_the_first_words_to_the_archive(house: House) -> None:
    enterprise, user, need = await accepted(house)
    assert need["station_name"] == "样例east-park-station"
    for who, step, form, state in (
        (STATION, "match", {}, "matching"),
        (STATION, "match", {}, "matched"),
        (STATION, "start", {}, "in_progress"),
        (STATION, "resolve", {"result": "专家改进了电路,噪声降低一半。"}, "resolved"),
        (user, "confirm", {}, "confirmed"),
        (STATION, "follow_up", {}, "follow_up"),
        (STATION, "follow_up", {}, "follow_up"),
        (STATION, "close", {}, "closed"),
    ):
        need = await move(house, who, "needs", need, step, form)
        assert need["state"] == state
    assert need["confirmed"] is True
    assert need["clock"] == "met"
    listed = await call(house, user, "GET", "/service-log?automatic=true&limit=100")
    log = listed.json()["items"]
    assert {entry["source_verb"] for entry in log} == {
        "needs.accept",
        "needs.match",
        "needs.start",
        "needs.resolve",
        "needs.follow_up",
    }
    assert len(log) == 7
    assert {entry["need_id"] for entry in log} == {need["id"]}
    assert {entry["organisation_name"] for entry in log} == {"样例east-park-station"}
    assert enterprise["name"]


async def test_every_version_has_its_number_in_the_history(house: House) -> None:
    _, _, need = await accepted(house)
    told = await call(house, STATION, "GET", f"/needs/{need['id']}/history")
    assert [item["version"] for item in told.json()["items"]] == [3, 2, 1]


async def test_a_returned_need_is_mended_and_filed_again(house: House) -> None:
    _, user, need = await filed(house)
    back = await move(house, STATION, "needs", need, "return", {"reason": "请补充指标"})
    assert back["state"] == "returned"
    told = await read(house, user, "needs", need)
    assert "description" in told["editable"]
    path = f"/needs/{need['id']}"
    mended = await call(
        house, user, "PATCH", path, {"target_metrics": "噪声低于 1 微伏"}, **if_match(told)
    )
    assert mended.status_code == 200, mended.text
    assert (await move(house, user, "needs", need, "submit"))["state"] == "submitted"


async def test_the_enterprise_no_longer_edits_what_it_has_filed(house: House) -> None:
    _, user, need = await filed(house)
    assert (await read(house, user, "needs", need))["editable"] == []


async def test_returning_asks_why(house: House) -> None:
    _, _, need = await filed(house)
    answer = await try_move(house, STATION, "needs", need, "return")
    assert codes(answer) == {"/reason": "missing"}


async def test_a_refusal_has_a_code_and_a_reason(house: House) -> None:
    _, user, need = await filed(house)
    form = {"reason_code": "not_in_park", "reason": "企业已迁出"}
    gone = await move(house, STATION, "needs", need, "reject", form)
    assert (gone["state"], gone["reject_code"]) == ("rejected", "not_in_park")
    assert (await read(house, user, "needs", need))["closed_reason"] == "企业已迁出"


async def test_a_duplicate_goes_into_the_one_that_goes_on(house: House) -> None:
    _, user, first = await accepted(house)
    second = await a_need(house, user)
    await move(house, user, "needs", second, "submit")
    itself = await try_move(house, STATION, "needs", second, "merge", {"into": second["id"]})
    assert codes(itself) == {"/into": "bad_target"}
    merged = await move(house, STATION, "needs", second, "merge", {"into": first["id"]})
    assert (merged["state"], merged["merged_into"]) == ("merged", first["id"])
    third = await a_need(house, user)
    await move(house, user, "needs", third, "submit")
    ended = await try_move(house, STATION, "needs", third, "merge", {"into": second["id"]})
    assert codes(ended) == {"/into": "bad_target"}


async def test_an_enterprise_that_does_not_agree_gives_the_solution_back(house: House) -> None:
    _, user, need = await accepted(house)
    await move(house, STATION, "needs", need, "resolve", {"result": "已介绍专家。"})
    back = await move(house, user, "needs", need, "return", {"reason": "专家没有来"})
    assert back["state"] == "in_progress"
    assert back["resolved_on"] is None


async def test_only_the_enterprise_confirms(house: House) -> None:
    _, _, need = await accepted(house)
    await move(house, STATION, "needs", need, "resolve", {"result": "已介绍专家。"})
    for who in (STATION, COMMITTEE, CENTRE):
        answer = await try_move(house, who, "needs", need, "confirm")
        assert answer.status_code == 403, who


async def test_closing_without_the_enterprises_word_says_so_and_says_why(house: House) -> None:
    _, _, need = await accepted(house)
    await move(house, STATION, "needs", need, "resolve", {"result": "已介绍专家。"})
    silent = await try_move(house, STATION, "needs", need, "close")
    assert codes(silent) == {"/reason": "missing"}
    closed = await move(house, STATION, "needs", need, "close", REASON)
    assert (closed["state"], closed["confirmed"]) == ("closed", False)


async def test_giving_up_is_no_solution(house: House) -> None:
    _, _, need = await accepted(house)
    closed = await move(house, STATION, "needs", need, "close", REASON)
    assert (closed["state"], closed["confirmed"]) == ("unresolved", None)


async def test_a_need_goes_up_the_house_and_stays_at_its_park(house: House) -> None:
    _, user, need = await accepted(house)
    unseen = await call(house, PROVINCE, "GET", f"/needs/{need['id']}")
    assert unseen.status_code == 404
    up = await move(house, STATION, "needs", need, "escalate", {"reason": "超出能力"})
    assert (up["state"], up["level"], up["handler_name"]) == ("escalated", "centre", "样例east")
    assert up["station_name"] == "样例east-park-station"
    refused = await try_move(house, STATION, "needs", need, "match")
    assert refused.status_code == 403
    top = await move(house, CENTRE, "needs", need, "escalate", {"reason": "超出能力"})
    assert (top["level"], top["handler_name"]) == ("province", "样例province")
    assert (await read(house, PROVINCE, "needs", need))["node_id"] == need["node_id"]
    done = await move(house, PROVINCE, "needs", need, "resolve", {"result": "省级专家解决。"})
    assert done["state"] == "resolved"
    assert (await move(house, user, "needs", need, "confirm"))["state"] == "confirmed"


async def test_a_suspended_need_goes_on_where_it_stood(house: House) -> None:
    _, _, need = await accepted(house)
    await move(house, STATION, "needs", need, "match")
    paused = await move(house, STATION, "needs", need, "suspend", REASON)
    assert (paused["state"], paused["suspended_from"]) == ("suspended", "matching")
    resumed = await move(house, STATION, "needs", need, "resume")
    assert (resumed["state"], resumed["suspended_from"]) == ("matching", None)


async def test_an_enterprise_takes_its_need_back_until_work_starts(house: House) -> None:
    _, user, need = await accepted(house)
    await move(house, STATION, "needs", need, "match")
    await move(house, STATION, "needs", need, "start")
    late = await try_move(house, user, "needs", need, "withdraw")
    assert late.status_code == 409
    _, user, need = await accepted(house)
    gone = await move(house, user, "needs", need, "withdraw", {"reason": "已自行解决"})
    assert gone["state"] == "withdrawn"


async def test_a_draft_does_not_exist_for_staff(house: House) -> None:
    enterprise = await an_enterprise(house)
    user = await a_user_of(house, enterprise)
    draft = await a_need(house, user)
    for who in (STATION, COMMITTEE, CENTRE):
        answer = await call(house, who, "GET", f"/needs/{draft['id']}")
        assert answer.status_code == 404, who
    on_behalf = await a_need(house, STATION, enterprise_id=enterprise["id"])
    assert (await read(house, STATION, "needs", on_behalf))["state"] == "draft"


async def test_peers_and_administrators_see_nothing(house: House) -> None:
    _, _, need = await accepted(house)
    stranger = await a_user_of(house, await an_enterprise(house))
    for who in (*PEERS, *ADMINISTRATORS, stranger):
        answer = await call(house, who, "GET", f"/needs/{need['id']}")
        assert answer.status_code == 404, who
        listed = await call(house, who, "GET", "/needs")
        assert listed.status_code == 404 or listed.json()["items"] == [], who


async def test_the_contact_is_plain_to_the_enterprise_and_masked_to_staff(house: House) -> None:
    _, user, need = await accepted(house, contact_phone="13800001234")
    for who, seen in (
        (STATION, "138****1234"),
        (user, "13800001234"),
        (COMMITTEE, "138****1234"),
        (CENTRE, "138****1234"),
    ):
        assert (await read(house, who, "needs", need))["contact_phone"] == seen, who
