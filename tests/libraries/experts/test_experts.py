"""Experts: who brings them in, who sees how much of them, and what consent guards."""

from datetime import date

import httpx
import pytest

from app.libraries.experts import identity_number
from tests.acts import plain
from tests.house import House, if_match
from tests.libraries.people import (
    API,
    CENTRE,
    COMMITTEE,
    EXPERT,
    LEADER,
    OTHER_CITY,
    OTHER_PARK,
    PROVINCE,
    STATION,
    active_expert,
    made,
    moved,
    speaks_for,
    tried,
)

URL = f"{API}/experts"
NUMBER = identity_number.make("320500", date(1970, 5, 4), 12)
PERSONAL = {"phone": "13812345678", "email": "qi@example.com", "id_number": NUMBER}


async def read(house: House, who: str, expert_id: str) -> httpx.Response:
    async with house.client(who) as client:
        return await client.get(f"{URL}/{expert_id}")


async def test_a_station_invites_and_the_centre_takes_the_expert_into_its_library(
    house: House,
) -> None:
    async with house.client(STATION) as station, house.client(CENTRE) as centre:
        invited = await made(station, "experts", **EXPERT)
        assert invited["state"] == "invited"
        assert (await read(house, OTHER_PARK, invited["id"])).status_code == 404
        verified = await moved(centre, "experts", invited, "verify")
        assert verified["node_id"] != invited["node_id"]
    assert (await read(house, OTHER_PARK, invited["id"])).status_code == 200
    assert (await read(house, STATION, invited["id"])).json()["editable"] == []
    assert (await read(house, OTHER_CITY, invited["id"])).status_code == 404


async def test_only_the_leader_admits(house: House) -> None:
    async with house.client(CENTRE) as centre, house.client(LEADER) as leader:
        expert = await made(centre, "experts", **EXPERT)
        await moved(centre, "experts", expert, "verify")
        refused = await tried(centre, "experts", expert, "admit")
        assert (refused.status_code, refused.json()["type"]) == (403, "urn:park:forbidden")
        assert (await moved(leader, "experts", expert, "admit"))["state"] == "active"


async def test_the_province_sees_the_shared_experts_of_its_cities(house: House) -> None:
    shared = await active_expert(house)
    kept = await active_expert(house, name="不共享", consent_scope=["match"])
    assert (await read(house, PROVINCE, shared["id"])).status_code == 200
    assert (await read(house, PROVINCE, kept["id"])).status_code == 404
    async with house.client(PROVINCE) as province:
        moves = (await province.get(f"{URL}/{shared['id']}")).json()["moves"]
        assert moves == []


async def test_the_expert_of_the_province_is_in_the_library_of_every_park(house: House) -> None:
    async with house.client(PROVINCE) as province:
        expert = await made(province, "experts", **EXPERT)
        await moved(province, "experts", expert, "verify")
        await moved(province, "experts", expert, "admit")
    for who in (CENTRE, STATION, OTHER_CITY):
        told = (await read(house, who, expert["id"])).json()
        assert (told["name"], told["moves"], told["editable"]) == ("齐轮", [], [])


async def test_personal_values_are_plain_to_the_expert_and_to_the_centre_on_request(
    house: House,
) -> None:
    expert = await active_expert(house, **PERSONAL)
    speaker = await speaks_for(house, "experts", expert, "east")
    told = (await read(house, speaker, expert["id"])).json()
    assert {name: told[name] for name in PERSONAL} == PERSONAL
    assert await plain(house, CENTRE, "experts", expert) == PERSONAL
    for who in (CENTRE, STATION):
        masked = (await read(house, who, expert["id"])).json()
        assert masked["phone"] == "138****5678"
        assert masked["id_number"] == "*" * 14 + NUMBER[-4:]
    for who in (COMMITTEE, PROVINCE):
        assert not PERSONAL.keys() & (await read(house, who, expert["id"])).json().keys()


async def test_without_consent_nothing_personal_is_kept(house: House) -> None:
    async with house.client(CENTRE) as centre:
        given = EXPERT | PERSONAL | {"consent_given_on": None}
        answer = await centre.post(URL, json=given)
        assert answer.status_code == 422
        assert {e["pointer"] for e in answer.json()["errors"]} == {"/consent_given_on"}


async def test_consent_is_not_withdrawn_while_personal_values_remain(house: House) -> None:
    expert = await active_expert(house, **PERSONAL)
    async with house.client(CENTRE) as centre:
        answer = await centre.patch(
            f"{URL}/{expert['id']}", json={"consent_given_on": None}, headers=if_match(expert)
        )
        assert answer.status_code == 422
        emptied = {"consent_given_on": None, **dict.fromkeys(PERSONAL)}
        answer = await centre.patch(f"{URL}/{expert['id']}", json=emptied, headers=if_match(expert))
        assert answer.status_code == 200, answer.text


async def test_a_mistyped_identity_number_is_refused(house: House) -> None:
    async with house.client(CENTRE) as centre:
        wrong = NUMBER[:17] + ("0" if NUMBER[17] != "0" else "1")
        answer = await centre.post(URL, json=EXPERT | {"id_number": wrong})
        assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
            ("/id_number", "check_digit")
        ]
        starred = await centre.post(URL, json=EXPERT | {"id_number": "*" * 14 + NUMBER[-4:]})
        assert starred.json()["errors"][0]["code"] == "masked"


async def test_one_person_stands_once_in_a_citys_library_and_the_refusal_tells_nothing(
    house: House,
) -> None:
    expert = await active_expert(house, id_number=NUMBER)
    async with house.client(STATION) as station, house.client(LEADER) as leader:
        spelled = f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}".lower()
        again = await station.post(URL, json=EXPERT | {"id_number": spelled})
        assert (again.status_code, again.json()["errors"][0]["pointer"]) == (409, "/id_number")
        assert "重复" not in again.text
        gone = await leader.delete(f"{URL}/{expert['id']}", headers=if_match(expert))
        assert gone.status_code == 204, gone.text
        assert (await station.post(URL, json=EXPERT | {"id_number": NUMBER})).status_code == 201


async def test_a_masked_value_sent_back_stays_as_it_was(house: House) -> None:
    async with house.client(STATION) as station:
        invited = await made(station, "experts", **EXPERT | PERSONAL)
        assert invited["phone"] == "138****5678"
        body = {name: invited[name] for name in (*EXPERT, *PERSONAL)} | {"title": "研究员"}
        put = await station.put(f"{URL}/{invited['id']}", json=body, headers=if_match(invited))
        assert put.status_code == 200, put.text
    assert (await read(house, CENTRE, invited["id"])).json()["title"] == "研究员"
    assert await plain(house, CENTRE, "experts", invited) == PERSONAL


async def test_the_expert_keeps_its_own_profile_but_not_the_centres_note(house: House) -> None:
    expert = await active_expert(house)
    speaker = await speaks_for(house, "experts", expert, "east")
    url = f"{URL}/{expert['id']}"
    async with house.client(CENTRE) as centre:
        noted = await centre.patch(url, json={"conduct_note": "按时"}, headers=if_match(expert))
        assert noted.json()["conduct_note"] == "按时"
    async with house.client(speaker) as own:
        mine = (await own.get(url)).json()
        assert "conduct_note" not in mine
        answer = await own.patch(
            url,
            json={"shareholdings": [{"organisation": "某某公司", "share": "12.5"}]},
            headers=if_match(mine),
        )
        assert answer.status_code == 200, answer.text
        assert answer.json()["shareholdings"][0]["share"] == "12.5"
        listing = (await own.get(URL)).json()
        assert [item["id"] for item in listing["items"]] == [expert["id"]]
        paused = await moved(own, "experts", expert, "pause", reason="出国访问")
        assert paused["state"] == "paused"
    assert (await read(house, CENTRE, expert["id"])).json()["conduct_note"] == "按时"
    assert "shareholdings" not in (await read(house, STATION, expert["id"])).json()


async def test_a_barred_expert_may_appeal_and_nothing_else(house: House) -> None:
    expert = await active_expert(house)
    speaker = await speaks_for(house, "experts", expert, "east")
    async with house.client(LEADER) as leader, house.client(speaker) as own:
        barred = await moved(
            leader, "experts", expert, "bar", reason="违反评审纪律", barred_until="2028-01-01"
        )
        assert (barred["state"], barred["barred_until"]) == ("barred", "2028-01-01")
        assert (await own.get(f"{URL}/{expert['id']}")).json()["moves"] == ["appeal"]
        appealed = await moved(own, "experts", expert, "appeal", reason="情况有误")
        assert (appealed["state"], appealed["appeal"]) == ("barred", "情况有误")
        lifted = await moved(leader, "experts", expert, "lift", reason="申诉成立")
        assert lifted["state"] == "active"
    assert (await read(house, STATION, expert["id"])).status_code == 200


@pytest.mark.parametrize("query", ["行星减速器", "行星減速器", "ql", "重载 磨损"])
async def test_experts_are_found_by_their_words_in_either_script(house: House, query: str) -> None:
    expert = await active_expert(house)
    async with house.client(STATION) as station:
        answer = await station.get(URL, params={"q": query})
        assert [item["id"] for item in answer.json()["items"]] == [expert["id"]]


async def test_fields_are_filtered_by_code(house: House) -> None:
    expert = await active_expert(house)
    async with house.client(STATION) as station:
        for code, found in (("04", [expert["id"]]), ("07", [])):
            answer = await station.get(URL, params={"hightech_fields": code})
            assert [item["id"] for item in answer.json()["items"]] == found, answer.text


async def test_a_division_code_has_six_digits(house: House) -> None:
    async with house.client(CENTRE) as centre:
        answer = await centre.post(f"{API}/experts", json=EXPERT | {"division_code": "32-5"})
        assert answer.status_code == 422
        assert [e["pointer"] for e in answer.json()["errors"]] == ["/division_code"]
