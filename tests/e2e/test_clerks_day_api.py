"""One clerk's day through the API: from a spreadsheet to a solved need, as a tutorial that runs.

The same day through the browser is in test_clerks_day.py. Every request bears a token, every
change says which version it is made to, and every answer is looked at.
"""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from app.access.setup import first_link
from tests.e2e.in_process import client_of
from tests.e2e.story import (
    BAD_ROWS,
    BETTER_DATE,
    BLIND,
    DESCRIPTION,
    FUTURE_DATE,
    GOOD_ROWS,
    HEADER_ROW,
    RESULT,
    STEPS,
    TITLE,
    VISIT,
    WORKBOOK,
)
from tests.e2e.world import FIRM, Record, Visitor, World, build, if_match

pytestmark = pytest.mark.slow


@pytest.fixture
def world(database: str, app: FastAPI) -> Iterator[World]:
    with client_of(app) as client:
        yield build(client, str(first_link()))


def test_a_clerks_day(world: World) -> None:
    clerk, firm, expert = world["clerk"], world["firm"], world["expert"]
    the_clerk_imports_a_workbook(clerk)
    need = the_enterprise_files_a_need(firm)
    need = the_station_accepts_and_publishes(clerk, need)
    match = the_station_finds_an_expert(clerk, need, world.records)
    the_expert_agrees(expert, clerk, match)
    entry = the_station_does_its_work(clerk, need, world.records["firm"])
    the_enterprise_confirms(firm, need, entry)
    the_committee_sees_it_and_the_other_parks_do_not(world, need, entry)
    the_auditor_sees_every_step(world, need)


def the_clerk_imports_a_workbook(clerk: Visitor) -> None:
    # The dry run writes nothing; it names every bad row by row, column and reason.
    answer = clerk.post(
        "/enterprises/imports", files={"file": (WORKBOOK.name, WORKBOOK.read_bytes())}
    )
    assert answer.status_code == 201
    batch = answer.json()
    assert batch["state"] == "checked"
    assert batch["header_row"] == HEADER_ROW
    assert [error["row"] for error in batch["errors"]] == BAD_ROWS
    assert all(error["column"] and error["message"] for error in batch["errors"])
    assert batch["counts"]["create"] == GOOD_ROWS

    # A date in the future is mended in place; the row is good at once.
    (wrong,) = (error for error in batch["errors"] if error["row"] == FUTURE_DATE)
    assert (wrong["field"], wrong["code"]) == ("established_on", "in_future")
    address = f"/enterprises/imports/{batch['id']}"
    given = {"values": {"established_on": BETTER_DATE}}
    answer = clerk.ask("PATCH", f"{address}/rows/{FUTURE_DATE}", json=given)
    assert answer.status_code == 200
    assert FUTURE_DATE not in {error["row"] for error in answer.json()["errors"]}
    assert answer.json()["counts"]["create"] == GOOD_ROWS + 1

    # The good rows are written; the bad ones wait to be mended.
    answer = clerk.post(f"{address}/moves/commit")
    assert answer.status_code == 200
    assert answer.json()["state"] == "committed"
    assert answer.json()["counts"]["written"] == GOOD_ROWS + 1
    assert answer.json()["counts"]["bad"] == len(BAD_ROWS) - 1

    # One enterprise was there before; initials of a name's pinyin find it among all.
    listed = clerk.get("/enterprises", params={"count": True, "limit": 1}).json()
    assert listed["total"] == GOOD_ROWS + 2
    found = clerk.get("/enterprises", params={"q": "ylhcjm"}).json()
    assert [item["name"] for item in found["items"]] == [FIRM]


def the_enterprise_files_a_need(firm: Visitor) -> Record:
    # Title and description are enough; whose need it is, the session says. Sent twice, filed once.
    given = {"title": TITLE, "description": DESCRIPTION}
    once = {"Idempotency-Key": "0198c0de-need-1"}
    answer = firm.post("/needs", given, headers=once)
    assert answer.status_code == 201
    need = answer.json()
    assert need["state"] == "draft"
    assert need["labels"]["enterprise_id"] == FIRM
    assert answer.headers["location"].endswith(f"/needs/{need['id']}")
    assert firm.post("/needs", given, headers=once).json()["id"] == need["id"]

    # A change says which version it is made to: none is refused, an old one as well.
    address = f"/needs/{need['id']}"
    assert firm.ask("PATCH", address, json={"budget": "30"}).status_code == 428
    answer = firm.ask("PATCH", address, json={"budget": "30"}, headers=if_match(need))
    assert answer.status_code == 200
    assert answer.headers["etag"] == f'"{answer.json()["version"]}"'
    stale = firm.ask("PATCH", address, json={"budget": "40"}, headers=if_match(need))
    assert stale.status_code == 412
    assert stale.headers["content-type"] == "application/problem+json"

    answer = firm.post(f"{address}/moves/submit", {}, headers=if_match(answer.json()))
    assert answer.status_code == 200
    assert answer.json()["state"] == "submitted"
    return dict(answer.json())


def the_station_accepts_and_publishes(clerk: Visitor, need: Record) -> Record:
    waiting = clerk.get("/needs", params={"state": "submitted"}).json()["items"]
    assert [one["id"] for one in waiting] == [need["id"]]
    need = clerk.moved("needs", need, "accept")
    assert need["state"] == "accepted"
    assert need["station_name"] == "云东高新区工作站"

    # What the public reads must not say whose need it is; the server looks for it.
    address = f"/needs/{need['id']}/moves/publish"
    telling = BLIND | {"blind_text": f"{FIRM}的减速器磨损严重。"}
    refused = clerk.post(address, telling, headers=if_match(need))
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/blind_text"]
    need = clerk.moved("needs", need, "publish", **BLIND)
    assert need["state"] == "published"
    public = Visitor(clerk.client).get("/public/needs")  # nobody is signed in here
    assert public.status_code == 200
    assert [one["title"] for one in public.json()["items"]] == [BLIND["blind_title"]]
    assert FIRM not in public.text
    return need


def the_station_finds_an_expert(clerk: Visitor, need: Record, records: dict[str, Record]) -> Record:
    # Ranked, with scores that add up and reasons quoted from records the clerk may read.
    answer = clerk.post(f"/needs/{need['id']}/matches?kinds=experts")
    assert answer.status_code == 200
    (told,) = answer.json()["groups"]
    best, *_ = told["candidates"]
    assert best["id"] == records["expert"]["id"]
    assert best["score"] == pytest.approx(sum(part["points"] for part in best["parts"]))
    assert best["reasons"]
    for reason in best["reasons"]:
        source = clerk.get(f"/{reason['source']}").json()
        assert reason["text"] in str(source[reason["field"]])

    # Whoever worked for the enterprise lately is not among them, and it says why.
    (excluded,) = told["excluded"]
    assert excluded["id"] == records["former-expert"]["id"]
    (finding,) = excluded["findings"]
    assert finding["code"] == "former_organisation"
    assert FIRM in finding["reason"]
    assert excluded["id"] not in {one["id"] for one in told["candidates"]}

    given = {"need_id": need["id"], "candidate_id": best["id"], "note": "方向一致"}
    match = clerk.made("/matches", given)
    assert match["state"] == "proposed"
    assert clerk.moved("matches", match, "choose")["state"] == "chosen"
    return clerk.moved("matches", match, "invite")


def the_expert_agrees(expert: Visitor, clerk: Visitor, match: Record) -> None:
    # Nobody answers for the expert.
    (invited,) = expert.get("/matches").json()["items"]
    assert invited["id"] == match["id"]
    address = f"/matches/{match['id']}/moves/accept"
    assert clerk.post(address, {}, headers=if_match(match)).status_code == 403
    assert expert.moved("matches", match, "accept")["state"] == "accepted"
    assert clerk.moved("matches", match, "start")["state"] == "working"


def the_station_does_its_work(clerk: Visitor, need: Record, enterprise: Record) -> Record:
    # The first "match" says that somebody is being looked for, the second that he was found.
    assert clerk.moved("needs", need, "match")["state"] == "matching"
    assert clerk.moved("needs", need, "match")["state"] == "matched"
    assert clerk.moved("needs", need, "start")["state"] == "in_progress"
    visit = VISIT | {
        "hours": "2.5",
        "enterprise_ids": [enterprise["id"]],
        "need_id": need["id"],
    }
    entry = clerk.made("/service-log", visit)
    assert entry["organisation_name"] == "云东高新区工作站"
    done = clerk.moved("needs", need, "resolve", result=RESULT)
    assert done["state"] == "resolved"
    return entry


def the_enterprise_confirms(firm: Visitor, need: Record, entry: Record) -> None:
    # What the station did by itself stands in the log already.
    told = firm.get("/service-log", params={"automatic": True, "limit": 50}).json()["items"]
    assert {one["source_verb"] for one in told} >= {"needs.accept", "needs.resolve"}
    assert firm.moved("service-log", entry, "confirm")["state"] == "confirmed"
    confirmed = firm.moved("needs", need, "confirm")
    assert (confirmed["state"], confirmed["confirmed"]) == ("confirmed", True)


def the_committee_sees_it_and_the_other_parks_do_not(
    world: World, need: Record, entry: Record
) -> None:
    for who in ("committee", "centre"):
        told = world[who].get(f"/needs/{need['id']}")
        assert told.status_code == 200, who
        assert told.json()["state"] == "confirmed"
        assert world[who].get(f"/service-log/{entry['id']}").status_code == 200
    for who in ("lake-clerk", "lake-committee", "west-clerk", "lake-firm"):
        for register, record in (("needs", need), ("service-log", entry)):
            assert world[who].get(f"/{register}").json()["items"] == [], who
            assert world[who].get(f"/{register}/{record['id']}").status_code == 404, who
    listed = world["lake-clerk"].get("/enterprises").json()["items"]
    assert [one["id"] for one in listed] == [world.records["lake-firm"]["id"]]


def the_auditor_sees_every_step(world: World, need: Record) -> None:
    trail = world["auditor"].get("/audit", params={"record_id": need["id"], "limit": 100})
    assert trail.status_code == 200
    steps = [
        (one["account"]["username"], one["verb"].removeprefix("needs."))
        for one in reversed(trail.json()["items"])
    ]
    assert steps == [STEPS[0], ("firm", "revise"), *STEPS[1:]]
    checked = world["auditor"].get("/audit", params={"verb": "enterprises.import_check"}).json()
    assert [one["record_label"] for one in checked["items"]] == [WORKBOOK.name]
    written = world["auditor"].get("/audit", params={"verb": "enterprises.import", "limit": 500})
    assert len(written.json()["items"]) > GOOD_ROWS  # row by row
    # The auditor reads the trail and nothing else; nobody else reads the trail.
    assert world["auditor"].get(f"/needs/{need['id']}").status_code == 404
    assert world["clerk"].get("/audit").status_code == 404
