"""Long work a person asked for: seen while it runs, cancelled, refused, resumed, never doubled."""

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from sqlmodel import col

from app.access.roles import Wall
from app.access.tables import Account, AccountState, Hat
from app.core import db, jobs
from app.core.clock import now
from app.registers.tasks import TaskState, running
from tests.house import House
from tests.registers import tasks_here
from tests.registers.tasks_here import Wanted, asked

STATION = "station_staff@east-park-station"
OTHER = "station_staff@lake-park-station"
TWO = Wanted(names=["样例甲公司", "样例乙公司"], word="look")
URL = "/api/v1/tasks"


@pytest.fixture(autouse=True)
def _nothing_meanwhile() -> Iterator[None]:
    tasks_here.meanwhile.clear()
    yield
    tasks_here.meanwhile.clear()


async def told(house: House, task_id: UUID, who: str = STATION, **headers: str) -> dict[str, Any]:
    async with house.client(who, **headers) as client:
        answer = await client.get(f"{URL}/{task_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def enterprises(house: House) -> int:
    async with house.client(STATION) as client:
        page = (await client.get("/api/v1/enterprises", params={"count": "true"})).json()
    return int(page["total"])


async def test_a_task_tells_how_far_it_is_while_it_runs_and_what_it_did(house: House) -> None:
    seen = []

    async def look(task_id: UUID) -> None:
        seen.append(await told(house, task_id))
        assert await enterprises(house) == 0  # one transaction: nothing shows before its end

    tasks_here.meanwhile["look"] = look
    task = await asked(house, STATION, "tests_create", TWO)
    assert (await told(house, task.id))["state"] == "queued"
    await jobs.drain()
    assert [(s["state"], s["done"], s["total"]) for s in seen] == [
        ("running", 0, 2),
        ("running", 1, 2),
    ]
    assert seen[0]["phase"] == "写入"
    done = await told(house, task.id)
    assert (done["state"], done["done"], done["result"]) == ("done", 2, {"created": 2})
    assert await enterprises(house) == 2
    async with house.client(STATION) as client:
        file = await client.get(f"{URL}/{task.id}/file")
        assert (file.status_code, file.text) == (200, "写好了")
        assert file.headers["cache-control"] == "private, no-store"
        listed = (await client.get(URL)).json()
        assert [t["id"] for t in listed["items"]] == [str(task.id)]
        assert (await client.get(URL, params={"live": "true"})).json()["items"] == []


async def test_a_cancelled_task_leaves_nothing(house: House) -> None:
    async def cancel(task_id: UUID) -> None:
        async with house.client(STATION) as client:
            answer = await client.post(f"{URL}/{task_id}/cancel")
        assert (answer.status_code, answer.json()["cancelling"]) == (200, True)

    tasks_here.meanwhile["look"] = cancel
    task = await asked(house, STATION, "tests_create", TWO)
    await jobs.drain()
    assert (await told(house, task.id))["state"] == "cancelled"
    assert await enterprises(house) == 0
    async with house.client(STATION) as client:
        again = await client.post(f"{URL}/{task.id}/cancel")
        assert again.status_code == 409
        assert (await client.get(f"{URL}/{task.id}/file")).status_code == 404


async def test_a_task_that_never_says_a_word_is_cancelled_too(house: House) -> None:
    task = await asked(house, STATION, "tests_hang", Wanted())
    working = asyncio.create_task(jobs.drain())
    async with house.client(STATION) as client:
        while (await told(house, task.id))["state"] != "running":  # noqa: ASYNC110
            await asyncio.sleep(0.05)
        await client.post(f"{URL}/{task.id}/cancel")
    await asyncio.wait_for(working, 10)
    assert (await told(house, task.id))["state"] == "cancelled"
    assert await enterprises(house) == 0


async def test_a_task_nobody_has_begun_is_cancelled_at_once(house: House) -> None:
    task = await asked(house, STATION, "tests_create", TWO)
    async with house.client(STATION) as client:
        answer = await client.post(f"{URL}/{task.id}/cancel")
    assert answer.json()["state"] == "cancelled"
    await jobs.drain()
    assert await enterprises(house) == 0


async def test_nobody_else_finds_ones_task(house: House) -> None:
    task = await asked(house, STATION, "tests_create", Wanted(names=["样例甲公司"]))
    await jobs.drain()
    for who in (OTHER, "centre_staff@east", "system_admin@province", "auditor@east"):
        async with house.client(who) as client:
            assert (await client.get(URL)).json()["items"] == []
            for path in (f"{task.id}", f"{task.id}/file"):
                assert (await client.get(f"{URL}/{path}")).status_code == 404, (who, path)
            assert (await client.post(f"{URL}/{task.id}/cancel")).status_code == 404


@pytest.mark.parametrize("ended", ["account", "hat"])
async def test_the_task_of_somebody_who_may_no_longer_act_stops(house: House, ended: str) -> None:
    task = await asked(house, STATION, "tests_create", TWO)

    async def end(_: UUID) -> None:
        async with db.transaction("staff") as session:
            if ended == "account":
                statement = update(Account).where(col(Account.id) == task.account_id)
                await session.execute(statement.values(state=AccountState.disabled))
            else:
                hat = update(Hat).where(col(Hat.id) == task.hat_id)
                await session.execute(hat.values(ended_at=now()))

    tasks_here.meanwhile["look"] = end
    await jobs.drain()
    async with db.transaction("staff") as session:
        await session.execute(
            update(Account)
            .where(col(Account.id) == task.account_id)
            .values(state=AccountState.active)
        )
        await session.execute(update(Hat).where(col(Hat.id) == task.hat_id).values(ended_at=None))
    found = await told(house, task.id)
    assert (found["state"], found["result"]) == ("failed", None)
    assert "停用" in found["error"]["detail"]
    assert await enterprises(house) == 0


async def test_a_refusal_is_kept_in_the_words_of_each_language(house: House) -> None:
    task = await asked(house, STATION, "tests_refuse", Wanted())
    await jobs.drain()
    for locale, words in (("zh-CN", "已经有「甲」"), ("en", "“甲” is taken"), ("zh-TW", "已經有")):
        found = await told(house, task.id, **{"accept-language": locale})
        assert found["state"] == "failed"
        assert words in found["error"]["detail"]
    assert await enterprises(house) == 0


async def test_a_defect_is_told_with_a_number_and_without_its_insides(house: House) -> None:
    task = await asked(house, STATION, "tests_refuse", Wanted(word="defect"))
    await jobs.drain()
    found = await told(house, task.id)
    assert found["state"] == "failed"
    assert str(task.id) in found["error"]["detail"]
    assert "defect" not in str(found["error"])
    assert await enterprises(house) == 0


async def test_work_in_parts_goes_on_where_it_was_and_doubles_nothing(house: House) -> None:
    async def die(_: UUID) -> None:
        tasks_here.meanwhile.clear()
        raise asyncio.CancelledError  # as when a worker is stopped

    tasks_here.meanwhile["look"] = die
    task = await asked(house, STATION, "tests_parts", TWO)
    with pytest.raises(asyncio.CancelledError):
        await running.run(task_id=task.id, account_id=task.account_id, wall=Wall.staff)
    assert await enterprises(house) == 1
    assert (await told(house, task.id))["state"] == "running"
    await jobs.drain()
    assert (await told(house, task.id))["result"] == {"next": 2}
    assert await enterprises(house) == 2


async def test_a_worker_that_was_overtaken_writes_nothing(house: House) -> None:
    task = await asked(house, STATION, "tests_create", TWO)

    async def overtake(task_id: UUID) -> None:
        tasks_here.meanwhile.clear()
        await running._taken_up(task_id, task.account_id, Wall.staff)  # noqa: SLF001

    tasks_here.meanwhile["look"] = overtake
    await running.run(task_id=task.id, account_id=task.account_id, wall=Wall.staff)
    assert (await told(house, task.id))["state"] == "running"
    assert await enterprises(house) == 0
    await jobs.drain()
    assert (await told(house, task.id))["state"] == "done"
    assert await enterprises(house) == 2


async def test_a_task_that_breaks_off_each_time_is_given_up(house: House) -> None:
    async def die(_: UUID) -> None:
        raise asyncio.CancelledError

    tasks_here.meanwhile["look"] = die
    task = await asked(house, STATION, "tests_create", TWO)
    for _ in range(running.ATTEMPTS):
        with pytest.raises(asyncio.CancelledError):
            await running.run(task_id=task.id, account_id=task.account_id, wall=Wall.staff)
    await jobs.drain()
    assert (await told(house, task.id))["state"] == TaskState.failed
    assert await enterprises(house) == 0


async def test_asked_for_twice_about_the_same_thing_it_is_one_task(house: House) -> None:
    about = uuid4()
    first = await asked(house, STATION, "tests_create", TWO, about)
    second = await asked(house, STATION, "tests_create", TWO, about)
    assert first.id == second.id
    await jobs.drain()
    assert await enterprises(house) == 2
    third = await asked(house, STATION, "tests_create", Wanted(), about)
    assert third.id != first.id
