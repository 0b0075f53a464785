"""One call finds experts, achievements, projects and solved needs; each kind keeps its walls."""

from typing import Any

from tests.house import House
from tests.libraries.people import (
    API,
    CENTRE,
    OTHER_PARK,
    STATION,
    active_expert,
    enterprise,
    made,
    moved,
    speaks_for,
    tried,
)
from tests.matching.test_matches import TEXT, TITLE, accepted_need, group


async def listed_achievement(house: House, **fields: Any) -> dict[str, Any]:
    given = {
        "title": "行星减速器齿形优化技术",
        "owner_name": "样例理工大学",
        "summary": "降低行星减速器的振动噪声。",
        "hightech_field": "08",
        "trl": 6,
        "transfer_modes": ["licence"],
    }
    async with house.client(CENTRE) as centre:
        record = await made(centre, "achievements", **given | fields)
        for move in ("register", "list"):
            record = await moved(centre, "achievements", record, move)
    return record


async def solved_need(house: House, station: str, place: str, number: int) -> dict[str, Any]:
    """Take a need of a park to its solution: an expert invited, at work, done."""
    firm = await enterprise(house, number, station)
    speaker = await speaks_for(house, "enterprises", firm, place)
    expert = await active_expert(house, name=f"解题者{number}")
    person = await speaks_for(house, "experts", expert, "east")
    async with house.client(speaker) as own, house.client(station) as staff:
        need = await made(own, "needs", title=f"{TITLE}（{place}）", description=TEXT)
        await moved(own, "needs", need, "submit")
        await moved(staff, "needs", need, "accept")
        given = {"need_id": need["id"], "candidate_id": expert["id"]}
        match = await made(staff, "matches", **given)
        for move in ("choose", "invite"):
            await moved(staff, "matches", match, move)
        async with house.client(person) as answering:
            await moved(answering, "matches", match, "accept")
        now = (await staff.get(f"{API}/needs/{need['id']}")).json()
        for move in ("match", "settle", "start"):
            if move in now["moves"]:
                now = await moved(staff, "needs", need, move)
        if "resolve" in now["moves"]:
            now = await moved(staff, "needs", need, "resolve", result="齿形优化后噪声下降")
    assert now["state"] == "resolved", (now["state"], now["moves"])
    return dict(now)


async def asked(house: House, need: dict[str, Any], who: str, **query: Any) -> dict[str, Any]:
    async with house.client(who) as client:
        answer = await client.post(f"{API}/needs/{need['id']}/matches", params=query)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


async def test_one_call_finds_all_kinds_and_the_same_call_gives_the_same(house: House) -> None:
    expert, achievement = await active_expert(house), await listed_achievement(house)
    async with house.client(STATION) as station:
        project = await made(
            station,
            "projects",
            title="行星减速器修形项目",
            summary=TEXT,
            undertakers=[{"name": "样例研究院", "role": "lead"}],
            hightech_field="08",
            level="city",
            kind="research",
            programme="样例计划",
            period_from="2026-01-01",
            period_to="2027-12-31",
            leader_name="样例负责人",
        )
        await moved(station, "projects", project, "reserve")
    need = await accepted_need(house, await enterprise(house))
    told = await asked(house, need, STATION)
    found = {g["kind"]: [c["id"] for c in g["candidates"]] for g in told["groups"]}
    assert found == {
        "experts": [expert["id"]],
        "achievements": [achievement["id"]],
        "projects": [project["id"]],
        "needs": [],
    }
    assert told == await asked(house, need, STATION)
    assert all(told[what] for what in ("index", "weights", "rules"))
    only = await asked(house, need, STATION, kinds="achievements")
    assert [g["kind"] for g in only["groups"]] == ["achievements"]
    reasons = group(told, "achievements")["candidates"][0]["reasons"]
    assert {r["field"] for r in reasons} <= {"title", "summary", "keywords"}
    assert all(r["text"] in str(achievement[r["field"]]) for r in reasons)


async def test_a_solved_need_is_found_at_home_and_by_the_centre_but_by_no_other_park(
    house: House,
) -> None:
    solved = await solved_need(house, OTHER_PARK, "lake-park", 7)
    need = await accepted_need(house, await enterprise(house))
    assert group(await asked(house, need, STATION), "needs")["candidates"] == []
    (seen,) = group(await asked(house, need, CENTRE), "needs")["candidates"]
    assert seen["id"] == solved["id"]
    async with house.client(CENTRE) as centre:
        given = {"need_id": need["id"], "candidate_kind": "needs", "candidate_id": solved["id"]}
        refused = await centre.post(f"{API}/matches", json=given)
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "another_park")
    async with house.client(STATION) as station:
        refused = await station.post(f"{API}/matches", json=given)
        assert refused.json()["errors"][0]["code"] == "unknown"
        assert solved["title"] not in refused.text


async def test_an_achievement_once_chosen_is_shown_to_the_enterprise_and_invites_nobody(
    house: House,
) -> None:
    achievement, firm = await listed_achievement(house), await enterprise(house)
    need = await accepted_need(house, firm)
    own = await speaks_for(house, "enterprises", firm, "east-park")
    async with house.client(STATION) as station, house.client(own) as speaker:
        given = {"candidate_kind": "achievements", "candidate_id": achievement["id"]}
        match = await made(station, "matches", need_id=need["id"], **given)
        assert match["labels"]["candidate_id"] == achievement["title"]
        assert (await speaker.get(f"{API}/achievements/{achievement['id']}")).status_code == 404
        await moved(station, "matches", match, "choose")
        assert (await speaker.get(f"{API}/achievements/{achievement['id']}")).status_code == 200
        assert (await tried(station, "matches", match, "invite")).status_code == 403


async def test_what_is_the_enterprises_own_is_no_candidate(house: House) -> None:
    firm = await enterprise(house)
    async with house.client(STATION) as station:
        mine = await made(
            station,
            "achievements",
            title="行星减速器齿形优化技术",
            owner_name=firm["name"],
            enterprise_id=firm["id"],
            summary=TEXT,
            hightech_field="08",
            trl=5,
            transfer_modes=["licence"],
        )
        await moved(station, "achievements", mine, "register")
    need = await accepted_need(house, firm)
    told = group(await asked(house, need, STATION), "achievements")
    assert told["candidates"] == []
    assert [(e["id"], e["findings"][0]["code"]) for e in told["excluded"]] == [
        (mine["id"], "pointless")
    ]


async def test_a_rejection_keeps_its_reason_until_it_is_reconsidered(house: House) -> None:
    expert = await active_expert(house)
    need = await accepted_need(house, await enterprise(house))
    async with house.client(STATION) as station:
        match = await made(station, "matches", need_id=need["id"], candidate_id=expert["id"])
        unreasoned = await tried(station, "matches", match, "reject", code="wrong_field")
        assert unreasoned.json()["errors"][0]["pointer"] == "/reason"
        rejected = await moved(
            station, "matches", match, "reject", code="wrong_field", reason="方向不符"
        )
        assert (rejected["reject_code"], rejected["reject_reason"]) == ("wrong_field", "方向不符")
        again = await moved(station, "matches", match, "reconsider")
        assert (again["reject_code"], again["reject_reason"]) == (None, None)
