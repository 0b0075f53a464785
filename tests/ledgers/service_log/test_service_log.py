"""The service log through HTTP: one hat per entry, the enterprises' word, and when it freezes."""

from datetime import timedelta

import pytest

from app.core.clock import today
from tests.house import House, if_match
from tests.ledgers.builders import (
    ADMINISTRATORS,
    CENTRE,
    COMMITTEE,
    PEERS,
    PROVINCE,
    STATION,
    a_need,
    a_user_of,
    an_enterprise,
    an_entry,
    call,
    codes,
    move,
    read,
    try_move,
)


async def test_an_entry_carries_the_hat_it_was_written_under(house: House) -> None:
    enterprise = await an_enterprise(house)
    for who, organisation in (
        (STATION, "样例east-park-station"),
        (COMMITTEE, "样例east-park-committee"),
    ):
        entry = await an_entry(house, who, [enterprise], staff=["张三", "李四"])
        assert entry["organisation_name"] == organisation
        assert entry["acted_as"] == who.partition("@")[0]
        assert entry["automatic"] is False
        assert entry["labels"]["enterprise_ids"] == [enterprise["name"]]


async def test_an_entry_is_for_somebody(house: House) -> None:
    given = {"title": "宣讲新政策", "kind": "policy_promotion", "channel": "on_wall"}
    nobody = await call(house, STATION, "POST", "/service-log", given)
    assert codes(nobody) == {"/enterprise_ids": "missing"}
    everybody = await an_entry(house, STATION, [], audience="园区全体企业")
    assert everybody["enterprise_ids"] == []


async def test_enterprises_and_needs_of_others_cannot_be_named(house: House) -> None:
    own = await an_enterprise(house)
    foreign = await an_enterprise(house, "lake-park")
    given = {"title": "走访", "kind": "visit", "enterprise_ids": [own["id"], foreign["id"]]}
    answer = await call(house, STATION, "POST", "/service-log", given)
    assert codes(answer) == {"/enterprise_ids": "unknown"}
    need = await a_need(house, await a_user_of(house, foreign, "lake-park"))
    given |= {"enterprise_ids": [own["id"]], "need_id": need["id"]}
    answer = await call(house, STATION, "POST", "/service-log", given)
    assert codes(answer) == {"/need_id": "unknown"}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("served_on", "2999-01-01", "in_future"),
        ("hours", "0", "greater_than"),
        ("kind", "banquet", "enum"),
        ("automatic", True, "extra_forbidden"),
        ("organisation_name", "别的工作站", "extra_forbidden"),
    ],
)
async def test_what_cannot_be_is_refused_by_field(
    house: House, field: str, value: object, code: str
) -> None:
    given = {"title": "走访", "kind": "visit", "audience": "全体企业"} | {field: value}
    answer = await call(house, STATION, "POST", "/service-log", given)
    assert answer.status_code == 422
    assert codes(answer) == {f"/{field}": code}


async def test_an_enterprise_reads_what_is_about_it_and_not_who_else_it_was_for(
    house: House,
) -> None:
    one, other = await an_enterprise(house), await an_enterprise(house)
    entry = await an_entry(house, STATION, [one, other], next_step="再访")
    for enterprise in (one, other):
        told = await read(house, await a_user_of(house, enterprise), "service-log", entry)
        assert told["title"] == entry["title"]
        assert not {"enterprise_ids", "next_step", "confirmed_by"} & set(told)
    stranger = await a_user_of(house, await an_enterprise(house))
    answer = await call(house, stranger, "GET", f"/service-log/{entry['id']}")
    assert answer.status_code == 404


async def test_the_house_reads_it_and_peers_do_not(house: House) -> None:
    entry = await an_entry(house, STATION, [await an_enterprise(house)])
    for who in (COMMITTEE, CENTRE, "centre_leader@east"):
        assert (await read(house, who, "service-log", entry))["id"] == entry["id"]
    for who in (*PEERS, *ADMINISTRATORS, PROVINCE):
        answer = await call(house, who, "GET", f"/service-log/{entry['id']}")
        assert answer.status_code == 404, who


async def test_it_is_confirmed_once_all_its_enterprises_say_so(house: House) -> None:
    one, other = await an_enterprise(house), await an_enterprise(house)
    first, second = await a_user_of(house, one), await a_user_of(house, other)
    entry = await an_entry(house, STATION, [one, other])
    half = await move(house, first, "service-log", entry, "confirm")
    assert half["state"] == "recorded"
    assert "confirm" in half["refused"]
    whole = await move(house, second, "service-log", entry, "confirm")
    assert whole["state"] == "confirmed"
    told = await read(house, STATION, "service-log", entry)
    assert set(told["confirmed_by"]) == {one["id"], other["id"]}
    assert told["editable"] == []


async def test_an_enterprise_that_disagrees_says_why_and_may_come_round(house: House) -> None:
    enterprise = await an_enterprise(house)
    user = await a_user_of(house, enterprise)
    entry = await an_entry(house, STATION, [enterprise])
    silent = await try_move(house, user, "service-log", entry, "dispute")
    assert codes(silent) == {"/reason": "missing"}
    form = {"reason": "当天无人来访"}
    assert (await move(house, user, "service-log", entry, "dispute", form))["state"] == "disputed"
    path = f"/service-log/{entry['id']}"
    newest = (await call(house, STATION, "GET", f"{path}/history")).json()["items"][0]
    assert newest["reason"] == "当天无人来访"
    told = await read(house, STATION, "service-log", entry)
    mended = await call(house, STATION, "PATCH", path, {"title": "电话了解需求"}, **if_match(told))
    assert mended.status_code == 200, mended.text
    assert (await move(house, user, "service-log", entry, "confirm"))["state"] == "confirmed"


async def test_staff_cannot_speak_for_the_enterprise(house: House) -> None:
    entry = await an_entry(house, STATION, [await an_enterprise(house)])
    for who in (STATION, COMMITTEE, CENTRE):
        answer = await try_move(house, who, "service-log", entry, "confirm")
        assert answer.status_code == 403, who


async def test_another_hat_reads_an_entry_but_does_not_change_it(house: House) -> None:
    entry = await an_entry(house, STATION, [await an_enterprise(house)])
    told = await read(house, COMMITTEE, "service-log", entry)
    assert told["editable"] == []
    path = f"/service-log/{entry['id']}"
    answer = await call(house, COMMITTEE, "PATCH", path, {"title": "改写"}, **if_match(told))
    assert answer.status_code == 403
    assert "样例east-park-station" in answer.text


async def test_old_entries_can_only_be_confirmed(house: House) -> None:
    enterprise = await an_enterprise(house)
    user = await a_user_of(house, enterprise)
    for days, frozen in ((180, False), (181, True)):
        day = (today() - timedelta(days=days)).isoformat()
        entry = await an_entry(house, STATION, [enterprise], served_on=day)
        told = await read(house, STATION, "service-log", entry)
        assert (told["editable"] == []) is frozen
        voided = await try_move(house, STATION, "service-log", entry, "void", {"reason": "误记"})
        assert (voided.status_code == 403) is frozen
        if frozen:
            done = await move(house, user, "service-log", entry, "confirm")
            assert done["state"] == "confirmed"


async def test_an_automatic_entry_is_the_acts_own_word(house: House) -> None:
    enterprise = await an_enterprise(house)
    user = await a_user_of(house, enterprise)
    need = await a_need(house, user)
    await move(house, user, "needs", need, "submit")
    await move(house, STATION, "needs", need, "accept")
    listed = await call(house, STATION, "GET", f"/service-log?need_id={need['id']}")
    (entry,) = listed.json()["items"]
    assert (entry["automatic"], entry["source_verb"]) == (True, "needs.accept")
    assert entry["editable"] == []
    assert (
        await try_move(house, STATION, "service-log", entry, "void", {"reason": "误记"})
    ).status_code == 403
    assert (await move(house, user, "service-log", entry, "confirm"))["state"] == "confirmed"


async def test_changing_whom_an_entry_is_about_changes_who_sees_it(house: House) -> None:
    wrong, right = await an_enterprise(house), await an_enterprise(house)
    first, second = await a_user_of(house, wrong), await a_user_of(house, right)
    entry = await an_entry(house, STATION, [wrong])
    path = f"/service-log/{entry['id']}"
    given = {"enterprise_ids": [right["id"]]}
    answer = await call(house, STATION, "PATCH", path, given, **if_match(entry))
    assert answer.status_code == 200, answer.text
    assert (await call(house, first, "GET", path)).status_code == 404
    assert (await call(house, second, "GET", path)).status_code == 200


async def test_entries_are_found_by_any_of_their_enterprises(house: House) -> None:
    one, other = await an_enterprise(house), await an_enterprise(house)
    both = await an_entry(house, STATION, [one, other])
    await an_entry(house, STATION, [one])
    listed = await call(house, STATION, "GET", f"/service-log?enterprise_ids={other['id']}")
    assert [item["id"] for item in listed.json()["items"]] == [both["id"]]
