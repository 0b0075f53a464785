"""Long work: asked for with a transaction, done once, again when it failed or its worker died."""

import asyncio
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from app.core import db, jobs
from app.core.aside import Died, aside
from app.core.database_roles import AppRole, conninfo, login_url
from tests.core import jobs_here

Owner = psycopg.Connection[tuple[object, ...]]
_WORKER = (
    "import asyncio; from tests.core import jobs_here; from app.core import jobs;"
    "asyncio.run(jobs.work())"
)


@pytest.fixture
async def owner(database: str) -> AsyncIterator[Owner]:
    with psycopg.connect(conninfo(make_url(database)), autocommit=True) as connection:
        connection.execute("CREATE TABLE jobs_noted (word text)")
        connection.execute("GRANT ALL ON jobs_noted TO park_staff")
        yield connection
    await db.close()


def noted(owner: Owner) -> list[str]:
    return [str(word) for (word,) in owner.execute("SELECT word FROM jobs_noted").fetchall()]


def make_due() -> None:
    """Let the time of every job that waits come."""
    _as_worker("UPDATE procrastinate_jobs SET scheduled_at = now()")


def _as_worker(statement: str) -> None:
    address = conninfo(login_url(AppRole.JOBS))
    with psycopg.connect(address, autocommit=True, options="-c search_path=jobs") as connection:
        connection.execute(statement.encode())


def states(owner: Owner) -> list[tuple[object, ...]]:
    return owner.execute(
        "SELECT status::text, attempts FROM jobs.procrastinate_jobs ORDER BY id"
    ).fetchall()


@pytest.mark.parametrize("wall", ["staff", "party"])
async def test_a_job_is_asked_for_if_and_only_if_its_transaction_commits(
    owner: Owner, wall: str
) -> None:
    kept, undone = uuid4(), uuid4()
    async with db.transaction(wall) as session:
        await jobs.enqueue(session, "tests.note", record_id=kept)

    async def fail() -> None:
        async with db.transaction(wall) as session:
            await jobs.enqueue(session, "tests.note", record_id=undone)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    await jobs.drain()
    assert noted(owner) == [str(kept)]


@pytest.mark.usefixtures("owner")
async def test_a_task_nobody_declared_cannot_be_asked_for() -> None:
    async with db.transaction("staff") as session:
        with pytest.raises(LookupError):
            await jobs.enqueue(session, "tests.nothing")


async def test_two_workers_do_each_job_once(owner: Owner) -> None:
    async with db.transaction("staff") as session:
        for _ in range(40):
            await jobs.enqueue(session, "tests.note", record_id=uuid4())
    await asyncio.gather(jobs.drain(), jobs.drain())
    assert len(noted(owner)) == 40
    assert set(Counter(noted(owner)).values()) == {1}


async def test_what_failed_is_tried_again_later(owner: Owner) -> None:
    async with db.transaction("staff") as session:
        await jobs.enqueue(session, "tests.fail_first", word="go")
    with pytest.raises(ValueError, match="go"):
        await jobs.drain()
    assert states(owner) == [("todo", 1)]
    await jobs_here.note("go")
    await jobs.drain()
    assert noted(owner) == ["go"]  # its time has not come
    make_due()
    await jobs.drain()
    assert noted(owner) == ["go", "go at last"]
    assert states(owner) == [("succeeded", 2)]


async def test_what_always_fails_is_given_up_at_last(owner: Owner) -> None:
    async with db.transaction("staff") as session:
        await jobs.enqueue(session, "tests.fail_first", word="never")
    for _ in range(jobs.ATTEMPTS + 1):
        make_due()
        with pytest.raises(ValueError, match="never"):
            await jobs.drain()
    await jobs.drain()
    assert states(owner) == [("failed", jobs.ATTEMPTS + 1)]


async def test_the_job_of_a_killed_worker_is_taken_over(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with db.transaction("staff") as session:
        await jobs.enqueue(session, "tests.hang", word="begun")
    worker = subprocess.Popen([sys.executable, "-c", _WORKER])  # noqa: ASYNC220 -- returns at once
    try:
        until = time.monotonic() + 60
        while not noted(owner):
            assert time.monotonic() < until, worker.poll()
            await asyncio.sleep(0.05)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    await jobs.drain()
    assert noted(owner) == ["begun"]  # the worker may still be alive
    monkeypatch.setattr(jobs, "STALLED", 0.0)
    await jobs.drain()
    assert noted(owner) == ["begun", "begun"]
    assert states(owner) == [("succeeded", 2)]


async def test_a_worker_outlives_its_connections_and_stops_when_told(
    owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_AGAIN", 0.05)
    monkeypatch.setattr(jobs, "POLL", 0.1)
    first, second = uuid4(), uuid4()
    async with jobs.working():
        async with db.transaction("staff") as session:
            await jobs.enqueue(session, "tests.note", record_id=first)
        await _until(owner, [str(first)])
        _as_worker(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = current_user AND pid <> pg_backend_pid()"
        )
        async with db.transaction("staff") as session:
            await jobs.enqueue(session, "tests.note", record_id=second)
        await _until(owner, [str(first), str(second)])
    left = owner.execute("SELECT count(*) FROM jobs.procrastinate_workers").fetchone()
    assert left == (0,)


async def _until(owner: Owner, words: list[str]) -> None:
    until = time.monotonic() + 60
    while noted(owner) != words:
        assert time.monotonic() < until, noted(owner)
        await asyncio.sleep(0.02)


@pytest.mark.usefixtures("owner")
@pytest.mark.parametrize("wall", [AppRole.STAFF, AppRole.PARTY, AppRole.AUDIT])
async def test_requests_cannot_read_the_queue(wall: AppRole) -> None:
    with psycopg.connect(conninfo(login_url(wall)), autocommit=True) as connection:
        for statement in ("SELECT * FROM jobs.procrastinate_jobs", "SELECT jobs.take_over(0, 9)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


@pytest.mark.usefixtures("owner")
async def test_the_queue_cannot_read_a_record() -> None:
    with psycopg.connect(conninfo(login_url(AppRole.JOBS)), autocommit=True) as connection:
        rows = connection.execute(
            "SELECT relname FROM pg_class c WHERE relkind IN ('r', 'p')"
            " AND relname <> 'alembic_version'"
            " AND relnamespace = 'public'::regnamespace AND has_table_privilege(oid, 'SELECT')"
        ).fetchall()
        assert rows == []


async def test_reckoning_aside_tells_how_far_it_is() -> None:
    steps: list[int] = []

    async def told(step: int) -> None:
        steps.append(step)

    assert await aside(jobs_here.squares, 4, told=told) == [0, 1, 4, 9]
    assert steps == [0, 1, 2, 3]


async def test_what_goes_wrong_aside_goes_wrong_here() -> None:
    with pytest.raises(LookupError, match="odd"):
        await aside(jobs_here.refuse, "odd")
    with pytest.raises(Died):
        await aside(jobs_here.vanish)


async def test_cancelling_ends_the_reckoning() -> None:
    child: list[int] = []
    begun = asyncio.Event()

    async def told(pid: int) -> None:
        child.append(pid)
        begun.set()

    running = asyncio.create_task(aside(jobs_here.spin, told=told))
    await begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    gone = subprocess.run(["ps", "-p", str(child[0])], capture_output=True, check=False)  # noqa: ASYNC221
    assert gone.returncode != 0
