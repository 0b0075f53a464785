"""Candidates for many needs at once: as the very person may see them, kept with the task."""

import io
from typing import Any
from uuid import UUID, uuid4

import openpyxl
import pytest
import sqlalchemy as sa
from sqlmodel import col

from app.access.tables import Account, AccountState
from app.audit.trail import AuditEntry
from app.core import db, jobs
from app.ledgers.needs.models import Need
from app.matching.batches import running
from app.matching.searches import search
from tests.house import House
from tests.libraries.people import (
    API,
    CENTRE,
    COMMITTEE,
    OTHER_PARK,
    PROVINCE,
    STATION,
    active_expert,
    enterprise,
    moved,
)
from tests.matching.test_matches import OTHER, accepted_need, found

ASK = f"{API}/needs/matches"


@pytest.fixture(autouse=True)
def _one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_AT_A_TIME", 1)


async def _needs(house: House, many: int) -> list[dict[str, Any]]:
    firm = await enterprise(house)
    return [await accepted_need(house, firm, f"行星减速器齿轮磨损{n}") for n in range(many)]


async def _asked(house: House, who: str = STATION, **given: Any) -> str:
    async with house.client(who) as client:
        answer = await client.post(ASK, json=given)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


async def _told(house: House, task: str, who: str = STATION) -> tuple[dict[str, Any], Any]:
    async with house.client(who) as client:
        state = (await client.get(f"{API}/tasks/{task}")).json()
        kept = await client.get(f"{API}/matching/batches/{task}")
    assert kept.status_code == 200, kept.text
    return state, kept.json()


async def test_each_need_finds_what_a_single_search_finds_and_is_noted_like_one(
    house: House, database: str
) -> None:
    await active_expert(house)
    await active_expert(house, **OTHER)
    needs = await _needs(house, 2)
    single = await found(house, needs[0])
    task = await _asked(house, ids=[n["id"] for n in needs], kinds=["experts"], limit=2)
    await jobs.drain()
    state, kept = await _told(house, task)
    assert (state["state"], state["done"], state["total"]) == ("done", 2, 2)
    assert state["page"] == f"/matching/batches/{task}"
    assert state["result"] == {"needs": 2, "closed": 0, "found": 4, "excluded": 0}
    assert [one["id"] for one in kept["items"]] == [n["id"] for n in needs]
    (group,) = kept["items"][0]["groups"]
    assert group["kind"] == "experts"
    assert [(c["id"], c["label"], c["score"], c["reason"]) for c in group["candidates"]] == [
        (c["id"], c["label"], c["score"], c["reasons"][0]["text"] if c["reasons"] else "")
        for c in single["candidates"]
    ]
    engine = sa.create_engine(database)
    with engine.begin() as connection:
        noted = connection.execute(
            sa.select(col(AuditEntry.record_id), col(AuditEntry.detail)).where(
                col(AuditEntry.verb) == "needs.match_search"
            )
        ).all()
        whole = connection.scalar(
            sa.select(sa.func.count()).where(col(AuditEntry.verb) == "needs.match_batch")
        )
    engine.dispose()
    of_task = [(str(one), detail) for one, detail in noted if detail.get("task") == task]
    assert {one for one, _ in of_task} == {n["id"] for n in needs}
    alone = next(detail for _, detail in noted if "task" not in detail)
    assert set(alone) | {"task"} == set(of_task[0][1])
    assert whole == 1


async def test_the_file_names_needs_ranks_candidates_and_why(house: House) -> None:
    expert = await active_expert(house)
    kept_away = await active_expert(house, **OTHER | {"consent_scope": ["library"]})
    (need,) = await _needs(house, 1)
    task = await _asked(house, query={"state": ["accepted"]}, kinds=["experts"])
    await jobs.drain()
    async with house.client(STATION) as client:
        file = await client.get(f"{API}/tasks/{task}/file")
    assert file.status_code == 200
    rows = list(openpyxl.load_workbook(io.BytesIO(file.content)).worksheets[0].values)
    named = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert [(one["需求"], one["名次"], one["候选"], one["须回避人数"]) for one in named] == [
        (need["title"], 1, expert["name"], 1)
    ]
    assert named[0]["主要理由"]
    assert kept_away["name"] not in str(rows)
    assert isinstance(named[0]["匹配度"], float)


async def test_needs_of_another_park_are_as_absent_and_nobody_elses_result_is_there(
    house: House,
) -> None:
    mine, other = await _needs(house, 2)
    ids = [other["id"], str(uuid4())]
    async with house.client(OTHER_PARK) as client:
        for some in (ids, ids[:1], ids[1:]):
            answers = [await client.post(ASK, json={"ids": some}) for _ in range(2)]
            assert {answer.status_code for answer in answers} == {422}
            assert other["title"] not in answers[0].text
        whole = await client.post(ASK, json={"query": {}})
        assert whole.status_code == 422
    task = await _asked(house, ids=[mine["id"], str(uuid4())])
    await jobs.drain()
    state, kept = await _told(house, task)
    assert (state["total"], kept["total"]) == (1, 1)
    assert state["title"].endswith("· 1")
    for who in (OTHER_PARK, CENTRE, COMMITTEE):
        async with house.client(who) as client:
            assert (await client.get(f"{API}/matching/batches/{task}")).status_code == 404


@pytest.mark.parametrize("who", [COMMITTEE, PROVINCE])
async def test_only_those_who_match_may_ask(house: House, who: str) -> None:
    async with house.client(who) as client:
        answer = await client.post(ASK, json={"query": {}})
    assert answer.status_code in (403, 404)


async def test_what_is_asked_must_say_which_needs(house: House) -> None:
    wrong: list[dict[str, Any]] = [{}, {"ids": [], "query": {}}, {"ids": ["x"]}]
    async with house.client(STATION) as client:
        for given in [*wrong, {"query": {"no_such": "1"}}]:
            assert (await client.post(ASK, json=given)).status_code == 422, given
        assert (await client.post(ASK, json={"query": {}, "limit": 9})).status_code == 422


async def test_a_need_that_looks_for_nobody_is_told_and_not_searched(house: House) -> None:
    open_, closed = await _needs(house, 2)
    async with house.client(STATION) as client:
        await moved(client, "needs", closed, "close", reason="企业已停产。")
    task = await _asked(house, ids=[open_["id"], closed["id"]])
    await jobs.drain()
    state, kept = await _told(house, task)
    assert (state["result"]["needs"], state["result"]["closed"]) == (1, 1)
    assert kept["items"][0]["closed"] is None
    assert "已受理" in kept["items"][1]["closed"]
    assert kept["items"][1]["groups"] == []


async def _cut_short(house: House, monkeypatch: pytest.MonkeyPatch, at: UUID, act: Any) -> None:
    """Do something else while the search for the need ``at`` goes on."""

    async def interrupted(work: Any, row: Need, *args: Any, **more: Any) -> Any:
        if row.id == at:
            await act(more["task"])
        return await search(work, row, *args, **more)

    monkeypatch.setattr(running, "search", interrupted)


async def test_cancelling_leaves_what_is_finished(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await active_expert(house)
    needs = await _needs(house, 3)

    async def cancel(task: str) -> None:
        async with house.client(STATION) as client:
            assert (await client.post(f"{API}/tasks/{task}/cancel")).status_code == 200

    await _cut_short(house, monkeypatch, UUID(needs[1]["id"]), cancel)
    task = await _asked(house, ids=[n["id"] for n in needs], kinds=["experts"])
    await jobs.drain()
    state, kept = await _told(house, task)
    assert state["state"] == "cancelled"
    assert state["file"] is None
    assert [one["id"] for one in kept["items"]] == [needs[0]["id"]]
    assert kept["items"][0]["groups"][0]["candidates"]


async def test_a_disabled_account_stops_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    needs = await _needs(house, 2)

    async def disable(_: str) -> None:
        async with db.transaction("staff") as session:
            me = sa.select(col(Account.id)).where(col(Account.username).startswith(STATION))
            await session.execute(
                sa.update(Account)
                .where(col(Account.id).in_(me))
                .values(state=AccountState.disabled)
            )

    await _cut_short(house, monkeypatch, UUID(needs[0]["id"]), disable)
    task = await _asked(house, ids=[n["id"] for n in needs])
    await jobs.drain()
    async with db.transaction("staff") as session:
        me = sa.select(col(Account.id)).where(col(Account.username).startswith(STATION))
        await session.execute(
            sa.update(Account).where(col(Account.id).in_(me)).values(state=AccountState.active)
        )
    state, kept = await _told(house, task)
    assert state["state"] == "failed"
    assert "停用" in state["error"]["detail"]
    assert kept["total"] <= 1  # the part that was being done, at most


async def test_a_candidate_withdrawn_since_is_not_shown(house: House) -> None:
    expert = await active_expert(house)
    (need,) = await _needs(house, 1)
    task = await _asked(house, ids=[need["id"]], kinds=["experts"])
    await jobs.drain()
    _, kept = await _told(house, task)
    assert [c["id"] for c in kept["items"][0]["groups"][0]["candidates"]] == [expert["id"]]
    async with house.client(CENTRE) as client:
        await moved(client, "experts", expert, "retire", reason="本人要求。")
    _, kept = await _told(house, task)
    assert kept["items"][0]["groups"][0]["candidates"] == []
