"""From a need to an expert at work: ranked, cleared, chosen, invited, answered, logged."""

from datetime import timedelta
from typing import Any

import pytest
from opencc import OpenCC

from app.core.clock import today
from app.matching.text import compact
from tests.house import House, if_match
from tests.libraries.people import (
    API,
    CENTRE,
    COMMITTEE,
    EXPERT,
    OTHER_PARK,
    PROVINCE,
    STATION,
    active_expert,
    enterprise,
    made,
    moved,
    speaks_for,
    tried,
)

TITLE = "行星减速器齿轮磨损"
TEXT = "我司行星减速器在重载下磨损严重,振动噪声大,希望优化齿形。"
OTHER: dict[str, Any] = {
    "name": "水清",
    "organisation": "样例环境学院",
    "hightech_fields": ["07"],
    "keywords": ["减速器"],
    "documents": [{"title": "污水处理中的搅拌减速器", "abstract": "减速器的选型。"}],
}


async def accepted_need(
    house: House, firm: dict[str, Any], title: str = TITLE, text: str = TEXT
) -> dict[str, Any]:
    speaker = await speaks_for(house, "enterprises", firm, "east-park")
    async with house.client(speaker) as own, house.client(STATION) as station:
        need = await made(own, "needs", title=title, description=text, hightech_field="08")
        await moved(own, "needs", need, "submit")
        return await moved(station, "needs", need, "accept")


async def found(house: House, need: dict[str, Any], who: str = STATION) -> dict[str, Any]:
    async with house.client(who) as client:
        answer = await client.post(f"{API}/needs/{need['id']}/matches")
        assert answer.status_code == 200, answer.text
        return group(answer.json(), "experts")


def group(told: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(g for g in told["groups"] if g["kind"] == kind)


async def test_experts_are_ranked_with_parts_that_add_up_and_reasons_that_can_be_read(
    house: House,
) -> None:
    gears, other = await active_expert(house), await active_expert(house, **OTHER)
    need = await accepted_need(house, await enterprise(house))
    told = await found(house, need)
    assert [c["id"] for c in told["candidates"]] == [gears["id"], other["id"]]
    assert told["excluded"] == []
    async with house.client(STATION) as station:
        for candidate in told["candidates"]:
            assert candidate["kind"] == "experts"
            assert candidate["score"] == round(sum(p["points"] for p in candidate["parts"]), 4)
            for reason in candidate["reasons"]:
                source = (await station.get(f"{API}/{reason['source']}")).json()
                assert reason["text"] in str(source[reason["field"]])
                for span in reason["spans"]:
                    assert compact(reason["text"][span["begin"] : span["to"]]) in compact(
                        TITLE + TEXT
                    )
    assert told["candidates"][0]["reasons"]


async def test_a_need_in_traditional_characters_finds_the_same(house: House) -> None:
    await active_expert(house)
    await active_expert(house, **OTHER)
    firm = await enterprise(house)
    convert = OpenCC("s2t").convert
    plain = await found(house, await accepted_need(house, firm))
    other = await found(house, await accepted_need(house, firm, convert(TITLE), convert(TEXT)))
    assert [(c["id"], c["score"], c["parts"]) for c in plain["candidates"]] == [
        (c["id"], c["score"], c["parts"]) for c in other["candidates"]
    ]


async def test_whoever_must_avoid_the_enterprise_is_excluded_with_the_reason(
    house: House,
) -> None:
    firm = await enterprise(house)
    lately = (today() - timedelta(days=400)).isoformat()
    there = {"organisation": firm["name"]}
    tied = {
        "same_organisation": {"organisation": None, "organisation_uscc": firm["uscc"]},
        "former_organisation": {"employments": [there | {"ended_on": lately}]},
        "interest": {"shareholdings": [there | {"share": "5"}]},
        "relative": {"relations": [there | {"kind": "spouse"}]},
        "avoided_organisation": {"avoid_organisations": [there]},
        "consent_missing": {"consent_scope": ["library"]},
    }
    people = {}
    for code, fields in tied.items():
        if code == "same_organisation":
            fields |= {"organisation": "精密机械厂"}
        people[(await active_expert(house, **fields))["id"]] = code
    need = await accepted_need(house, firm)
    told = await found(house, need, CENTRE)
    assert told["candidates"] == []
    assert {e["id"]: e["findings"][0]["code"] for e in told["excluded"]} == people
    assert all(f["reason"] and f["source"] for e in told["excluded"] for f in e["findings"])
    former = next(
        f for e in told["excluded"] for f in e["findings"] if f["code"] == "former_organisation"
    )
    assert firm["name"] in former["reason"]
    assert lately in former["reason"]
    at_station = await found(house, need)
    assert {e["id"] for e in at_station["excluded"]} == set(people)
    hidden = [f for e in at_station["excluded"] for f in e["findings"] if f["code"] == "must_avoid"]
    assert len(hidden) == len({"interest", "relative", "avoided_organisation"})
    assert not any(firm["name"] in f["reason"] or f["evidence"] or f["source"] for f in hidden)
    async with house.client(STATION, **{"Accept-Language": "en"}) as station:
        english = group((await station.post(f"{API}/needs/{need['id']}/matches")).json(), "experts")
        reason = next(
            f["reason"]
            for e in english["excluded"]
            for f in e["findings"]
            if f["code"] == "former_organisation"
        )
        assert reason.startswith(f"The expert worked at {firm['name']} until {lately}")


async def test_the_enterprise_may_name_experts_it_does_not_want(house: House) -> None:
    expert = await active_expert(house)
    firm = await enterprise(house)
    speaker = await speaks_for(house, "enterprises", firm, "east-park")
    async with house.client(speaker) as own, house.client(STATION) as station:
        need = await made(own, "needs", title=TITLE, description=TEXT, avoid_experts=[expert["id"]])
        await moved(own, "needs", need, "submit")
        await moved(station, "needs", need, "accept")
    told = await found(house, need)
    assert [e["findings"][0]["code"] for e in told["excluded"]] == ["named_by_applicant"]


@pytest.mark.parametrize(
    ("who", "status"), [(COMMITTEE, 403), (OTHER_PARK, 404), (PROVINCE, 404), (CENTRE, 200)]
)
async def test_only_station_and_centre_look_for_candidates(
    house: House, who: str, status: int
) -> None:
    await active_expert(house)
    need = await accepted_need(house, await enterprise(house))
    async with house.client(who) as client:
        answer = await client.post(f"{API}/needs/{need['id']}/matches")
        assert answer.status_code == status


async def proposed(house: House, need: dict[str, Any], expert: dict[str, Any]) -> dict[str, Any]:
    async with house.client(STATION) as station:
        given = {"need_id": need["id"], "candidate_kind": "experts", "candidate_id": expert["id"]}
        return await made(station, "matches", note="电话谈过", **given)


async def test_a_match_keeps_how_it_was_judged(house: House) -> None:
    expert = await active_expert(house)
    need = await accepted_need(house, await enterprise(house))
    listed = (await found(house, need))["candidates"][0]
    assert listed["match"] is None
    match = await proposed(house, need, expert)
    assert float(match["score"]) == listed["score"]
    assert [r["text"] for r in match["reasons"]] == [r["text"] for r in listed["reasons"]]
    assert [(p["part"], float(p["points"])) for p in match["parts"]] == [
        (p["part"], p["points"]) for p in listed["parts"]
    ]
    assert all(match[f"{what}_version"] for what in ("index", "weights", "rules"))
    again = (await found(house, need))["candidates"][0]
    assert again["match"] == {"id": match["id"], "state": "proposed"}


async def test_a_match_runs_from_proposal_to_done_and_each_side_sees_its_part(
    house: House,
) -> None:
    expert, firm = await active_expert(house), await enterprise(house)
    need = await accepted_need(house, firm)
    own = await speaks_for(house, "enterprises", firm, "east-park")
    person = await speaks_for(house, "experts", expert, "east")
    match = await proposed(house, need, expert)
    url = f"{API}/matches/{match['id']}"
    async with (
        house.client(STATION) as station,
        house.client(own) as enterprise_user,
        house.client(person) as answering,
    ):
        assert (await enterprise_user.get(url)).status_code == 404
        await moved(station, "matches", match, "choose")
        seen = (await enterprise_user.get(url)).json()
        assert (seen["state"], seen["candidate_label"]) == ("chosen", expert["name"])
        assert not {"score", "reasons", "conflicts", "note"} & seen.keys()
        assert (await answering.get(url)).status_code == 404
        assert (await answering.get(f"{API}/needs/{need['id']}")).status_code == 404
        assert (await enterprise_user.get(f"{API}/experts/{expert['id']}")).status_code == 404

        await moved(station, "matches", match, "invite")
        problem = (await answering.get(f"{API}/needs/{need['id']}")).json()
        assert problem["title"] == TITLE
        assert not {"enterprise_id", "contact_name", "budget"} & problem.keys()
        card = (await enterprise_user.get(f"{API}/experts/{expert['id']}")).json()
        assert card["name"] == expert["name"]
        assert not {"phone", "employments", "shareholdings", "documents"} & card.keys()

        assert (await tried(station, "matches", match, "accept")).status_code == 403
        await moved(answering, "matches", match, "accept")
        await moved(station, "matches", match, "start")
        done = await moved(station, "matches", match, "finish", result="修形后噪声下降")
        assert (done["state"], done["result"]) == ("done", "修形后噪声下降")
        await moved(answering, "experts", expert, "retire", reason="退休")
        assert (await enterprise_user.get(f"{API}/experts/{expert['id']}")).status_code == 404
        log = (await station.get(f"{API}/service-log", params={"kind": "matchmaking"})).json()
        (entry,) = [e for e in log["items"] if e["need_id"] == need["id"]]
        assert expert["name"] in entry["title"]


async def test_the_server_judges_and_the_body_cannot(house: House) -> None:
    expert, firm = await active_expert(house), await enterprise(house)
    need = await accepted_need(house, firm)
    async with house.client(STATION) as station:
        given = {"need_id": need["id"], "candidate_id": expert["id"]}
        forged = await station.post(f"{API}/matches", json=given | {"score": "1"})
        assert forged.json()["errors"][0]["pointer"] == "/score"
        both = given | {"project_id": need["id"]}
        assert (await station.post(f"{API}/matches", json=both)).status_code == 422
        match = await made(station, "matches", **given)
        again = await station.post(f"{API}/matches", json=given)
        assert (again.status_code, again.json()["errors"][0]["pointer"]) == (409, "/candidate_id")
        other = await active_expert(house, **OTHER)
        moved_over = await station.patch(
            f"{API}/matches/{match['id']}",
            json={"candidate_id": other["id"]},
            headers=if_match(match),
        )
        assert moved_over.json()["errors"][0]["code"] == "fixed"


async def test_a_conflict_that_turned_up_meanwhile_stops_choosing_and_inviting(
    house: House,
) -> None:
    expert, firm = await active_expert(house), await enterprise(house)
    need = await accepted_need(house, firm)
    match = await proposed(house, need, expert)
    person = await speaks_for(house, "experts", expert, "east")

    async def declare(*organisations: str) -> None:
        url = f"{API}/experts/{expert['id']}"
        rows = [{"organisation": name} for name in organisations]
        async with house.client(person) as own:
            now = (await own.get(url)).json()
            answer = await own.patch(url, json={"avoid_organisations": rows}, headers=if_match(now))
            assert answer.status_code == 200, answer.text

    async with house.client(STATION) as station:
        await declare(firm["name"])
        refused = await tried(station, "matches", match, "choose")
        assert refused.status_code == 409
        assert refused.json()["type"] == "urn:park:conflict-of-interest"
        assert [e["code"] for e in refused.json()["errors"]] == ["must_avoid"]
        await declare()
        await moved(station, "matches", match, "choose")
        await declare(firm["name"])
        assert (await tried(station, "matches", match, "invite")).status_code == 409
        await declare()
        await moved(station, "matches", match, "invite")


async def test_only_an_open_need_is_matched(house: House) -> None:
    expert, firm = await active_expert(house), await enterprise(house)
    need = await accepted_need(house, firm)
    own = await speaks_for(house, "enterprises", firm, "east-park")
    async with house.client(STATION) as station, house.client(own) as enterprise_user:
        await moved(enterprise_user, "needs", need, "withdraw", reason="已自行解决")
        given = {"need_id": need["id"], "candidate_id": expert["id"]}
        answer = await station.post(f"{API}/matches", json=given)
        assert answer.status_code == 409


async def test_an_expert_may_decline_or_recuse_and_is_asked_again_only_anew(
    house: House,
) -> None:
    expert, firm = await active_expert(house), await enterprise(house)
    need = await accepted_need(house, firm)
    match = await proposed(house, need, expert)
    person = await speaks_for(house, "experts", expert, "east")
    async with house.client(STATION) as station, house.client(person) as answering:
        for move in ("choose", "invite"):
            await moved(station, "matches", match, move)
        unreasoned = await tried(answering, "matches", match, "recuse")
        assert unreasoned.status_code == 422
        recused = await moved(answering, "matches", match, "recuse", reason="与对方有合作")
        assert recused["state"] == "recused"
        told = (await station.get(f"{API}/matches/{match['id']}")).json()
        assert told["moves"] == []


async def test_a_project_finds_experts_other_than_its_own_people(house: House) -> None:
    leader = await active_expert(house)
    other = await active_expert(house, name="另一位", organisation="样例大学机械学院")
    colleague = await active_expert(house, name="同事", organisation="样例研究院")
    async with house.client(STATION) as station:
        project = await made(
            station,
            "projects",
            title="行星减速器修形技术攻关",
            summary=TEXT,
            leader_name=EXPERT["name"],
            undertakers=[{"name": "样例研究院", "role": "lead"}],
        )
        answer = await station.post(f"{API}/projects/{project['id']}/matches")
        told = group(answer.json(), "experts")
        assert [c["id"] for c in told["candidates"]] == [other["id"]]
        assert {e["id"]: e["findings"][0]["code"] for e in told["excluded"]} == {
            leader["id"]: "own_project",
            colleague["id"]: "same_organisation",
        }
        given = {"project_id": project["id"], "candidate_id": other["id"]}
        match = await made(station, "matches", **given)
        for move in ("choose", "invite"):
            await moved(station, "matches", match, move)


async def test_whoever_a_rule_keeps_away_is_not_even_proposed(house: House) -> None:
    firm = await enterprise(house)
    there = [{"organisation": firm["name"]}]
    expert = await active_expert(house, avoid_organisations=there)
    need = await accepted_need(house, firm)
    async with house.client(STATION) as station:
        given = {"need_id": need["id"], "candidate_id": expert["id"]}
        refused = await station.post(f"{API}/matches", json=given)
        assert (refused.status_code, refused.json()["type"]) == (
            409,
            "urn:park:conflict-of-interest",
        )


async def test_a_search_may_ask_who_could_judge_instead_of_help(house: House) -> None:
    """The rule of past service holds for judging only."""
    expert, firm = await active_expert(house), await enterprise(house)
    need = await accepted_need(house, firm)
    person = await speaks_for(house, "experts", expert, "east")
    match = await proposed(house, need, expert)
    async with house.client(STATION) as station, house.client(person) as answering:
        for move in ("choose", "invite"):
            await moved(station, "matches", match, move)
        await moved(answering, "matches", match, "accept")
        url = f"{API}/needs/{need['id']}/matches?kinds=experts"
        help_, judge = [
            group((await station.post(f"{url}&purpose={purpose}")).json(), "experts")
            for purpose in ("match", "review")
        ]
    assert [c["id"] for c in help_["candidates"]] == [expert["id"]]
    assert judge["candidates"] == []
    assert [e["id"] for e in judge["excluded"]] == [expert["id"]]


async def test_what_a_match_is_about_is_not_offered_to_be_edited(house: House) -> None:
    expert = await active_expert(house)
    need = await accepted_need(house, await enterprise(house))
    async with house.client(STATION) as station:
        match = await made(station, "matches", need_id=need["id"], candidate_id=expert["id"])
        assert match["editable"] == ["note"]
        listed = (await station.get(f"{API}/matches")).json()["items"]
        assert [one["editable"] for one in listed] == [["note"]]
