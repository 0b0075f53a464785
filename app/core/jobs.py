"""Long work: rows of the same PostgreSQL, asked for inside the transaction that wants it.

A job is thus enqueued if and only if that transaction commits. It runs at least once: a worker that
vanishes is followed by another, so a task leaves the same traces when it is done twice. Its
arguments are ids, never personal data. procrastinate keeps the rows (schema ``jobs``, which only
the login role ``jobs`` may touch); its queues are the tasks' names, so that during an upgrade the
older program leaves the newer one's jobs alone.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import validate_call
from pydantic_core import to_json
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.database_roles import AppRole, conninfo, login_url

if TYPE_CHECKING:
    import procrastinate

log = logging.getLogger(__name__)

CONCURRENCY = 4  # jobs at once in one process; heavy reckoning goes `aside`
ATTEMPTS = 7  # with waits of 3, 9, 27 … seconds: most of an hour
POLL = 2.0  # seconds; a notification usually comes first
HEARTBEAT = 5.0
STALLED = 20.0  # seconds without a heartbeat: the worker has gone
GRACE = 4.0  # seconds a stopping worker lets its jobs finish
KEPT_DAYS = 14
_SWEEP = 5.0
_TIDY_EVERY = 720  # sweeps: an hour
_AGAIN = 2.0  # seconds before a worker that lost the database tries again

_ENQUEUE = text("SELECT park_enqueue(:task, :lock, cast(:ids AS jsonb), :after)")
_TAKE_OVER = "SELECT take_over(%(seconds)s, %(attempts)s) AS taken"

TaskT = TypeVar("TaskT", bound=Callable[..., Awaitable[None]])


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of long work."""

    name: str
    run: Callable[..., Awaitable[None]]
    cron: str | None = None


_tasks: dict[str, Task] = {}


def task(name: str, *, cron: str | None = None) -> Callable[[TaskT], TaskT]:
    """Declare a task. Its arguments come as their annotations say (UUID, int, str …).

    One with ``cron`` is also started at those times, by one of all processes, without arguments.
    """

    def declared(function: TaskT) -> TaskT:
        if name in _tasks and _tasks[name].run.__module__ != function.__module__:
            raise ValueError(f"two tasks are called {name}")
        _tasks[name] = Task(name, validate_call(function), cron)
        return function

    return declared


async def enqueue(
    session: AsyncSession,
    name: str,
    *,
    lock: str | None = None,
    after: timedelta | None = None,
    **ids: Any,
) -> int:
    """Ask for work as part of this transaction; return the job's number. Raises LookupError.

    Jobs of one ``lock`` run one after the other, in the order in which they were asked for.
    """
    if name not in _tasks:
        raise LookupError(name)
    seconds = None if after is None else after.total_seconds()
    asked = {"task": name, "lock": lock, "ids": to_json(ids).decode(), "after": seconds}
    found = await session.execute(_ENQUEUE, asked)
    return int(found.scalar_one())


async def drain() -> None:
    """Do all that is due, then return (tests and commands). Raises what a task raised.

    A job that failed waits for its next attempt as it would with a worker.
    """
    failures: list[Exception] = []
    async with _opened(failures) as app:
        await _take_over(app)
        await app.run_worker_async(**_options(), wait=False, listen_notify=False, concurrency=1)
    if failures:
        raise failures[0]


@asynccontextmanager
async def working() -> AsyncIterator[None]:
    """Work beside whatever the block does: one worker a process, from its start to its end."""
    running = asyncio.create_task(work(), name="jobs")
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def work() -> None:
    """Work until cancelled, also through a database that goes away and comes back."""
    while True:
        try:
            async with _opened() as app, _sweeping(app):
                await app.run_worker_async(
                    **_options(),
                    concurrency=CONCURRENCY,
                    fetch_job_polling_interval=POLL,
                    shutdown_graceful_timeout=GRACE,
                )
        except Exception as error:  # noqa: BLE001 -- whatever it was, work goes on
            log.warning("the worker starts again: %s", type(error).__name__)
        await asyncio.sleep(_AGAIN)


def _options() -> dict[str, Any]:
    return {
        "queues": list(_tasks),
        "install_signal_handlers": False,
        "update_heartbeat_interval": HEARTBEAT,
        "stalled_worker_timeout": STALLED,
    }


@asynccontextmanager
async def _opened(failures: list[Exception] | None = None) -> AsyncIterator["procrastinate.App"]:
    """Open procrastinate under its own login; with ``failures`` nothing is started by the clock."""
    import procrastinate

    connector = procrastinate.PsycopgConnector(
        conninfo=conninfo(login_url(AppRole.JOBS)),
        kwargs={"options": "-c search_path=jobs"},
        min_size=1,
        max_size=3,
    )
    app = procrastinate.App(connector=connector)
    retry = procrastinate.RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=3)
    for each in _tasks.values():
        made = app.task(name=each.name, queue=each.name, retry=retry)(_noting(each, failures))
        if each.cron is not None and failures is None:
            app.periodic(cron=each.cron)(made)
    async with app.open_async():
        yield app


def _noting(each: Task, failures: list[Exception] | None) -> Callable[..., Awaitable[None]]:
    async def run(timestamp: int | None = None, **ids: Any) -> None:  # noqa: ARG001 -- the clock's
        try:
            await each.run(**ids)
        except Exception as error:
            if failures is not None:
                failures.append(error)
            raise

    return run


@asynccontextmanager
async def _sweeping(app: "procrastinate.App") -> AsyncIterator[None]:
    sweeping = asyncio.create_task(_sweep(app), name="jobs sweep")
    try:
        yield
    finally:
        sweeping.cancel()
        with suppress(asyncio.CancelledError):
            await sweeping


async def _sweep(app: "procrastinate.App") -> None:
    """Take over what vanished workers left, and forget what was done long ago."""
    rounds = 0
    while True:
        try:
            await _take_over(app)
            if rounds % _TIDY_EVERY == 0:
                await app.connector.execute_query_async("SELECT forget(%(days)s)", days=KEPT_DAYS)
            rounds += 1
        except Exception as error:  # noqa: BLE001 -- the worker itself will notice a lost database
            log.warning("no sweep of the jobs: %s", type(error).__name__)
        await asyncio.sleep(_SWEEP)


async def _take_over(app: "procrastinate.App") -> None:
    taken = await app.connector.execute_query_one_async(
        _TAKE_OVER, seconds=STALLED, attempts=ATTEMPTS
    )
    if taken["taken"]:
        log.warning("taken over from workers that have gone: %s jobs", taken["taken"])
