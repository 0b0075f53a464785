"""Doing what people asked for: taken up once, watched, closed in the transaction of its effect."""

import asyncio
import logging
from contextlib import suppress
from typing import Any
from uuid import UUID

import psycopg
from psycopg_pool import PoolTimeout
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col
from starlette.concurrency import run_in_threadpool

from app.access.opening import own_account
from app.access.roles import Wall
from app.core import db, jobs
from app.core.clock import now
from app.core.errors import Problem, Unavailable
from app.core.http import Internal, of_database
from app.core.labels import LOCALES, T
from app.registers.tasks import asking, kinds, results, telling
from app.registers.tasks.kinds import Done, Kind, Nothing
from app.registers.tasks.run import Reason, Run, Stopped
from app.registers.tasks.table import LIVE, TaskRun, TaskState

log = logging.getLogger(__name__)

ATTEMPTS = 5  # a task that takes its worker down each time is not tried for ever
KEPT_DAYS = 30
_LOOK = 1.0  # seconds between two looks whether it is still wanted

_ENDED = T(
    "任务没有完成：您的账号或角色在此期间已停用。没有写入任何内容，请联系安全管理员。",
    "Not finished: your account or role ended meanwhile. Ask the security administrator.",
)
_GIVEN_UP = T(
    "任务多次中断，已停止。请缩小范围后重新提交；若仍不成功，请联系系统管理员并告知编号 {id}。",
    "The task broke off several times and was given up. Ask for less, or tell the system"
    " administrator this number: {id}.",
)
_FAILED = T(
    "任务出错，已经记录，未完成的部分没有保存。请重新提交；若仍不成功，请联系系统管理员并告知编号 "
    "{id}。",
    "The task failed; it is noted, and what was not finished was not saved. Try again, or tell the"
    " system administrator this number: {id}.",
)
_FORGET = text("SELECT park_forget_tasks(:days)")


@jobs.task(asking.RUN)
async def run(task_id: UUID, account_id: UUID, wall: Wall) -> None:
    """Do one task, unless it is over, or was cancelled, or has broken off too often."""
    found = await _taken_up(task_id, account_id, wall)
    if found is None:
        return
    kind = kinds.known(found.kind)
    told: Run[Any] = Run(found, wall, Nothing())
    if kind is None or found.attempt > ATTEMPTS:
        await told.give_up(TaskState.failed, _problem(_given_up(found)))
        return
    try:
        told.params = kind.params.model_validate(found.params)
        await _watched(kind, told)
    except Stopped as stopped:
        await _stopped(told, stopped)
    except Problem as problem:
        await _failed(kind, told, problem)
    except (SQLAlchemyError, psycopg.Error, PoolTimeout, OSError) as error:
        await _failed(kind, told, _of_database(error, told))
    except Exception:
        log.exception("task %s (%s) failed", found.id, found.kind)
        await _failed(kind, told, Internal(_FAILED, {"id": found.id}))


async def _failed(kind: Kind, told: Run[Any], problem: Problem) -> None:
    """Close a task without an effect, and tell whoever asked, if they are still allowed."""
    await told.give_up(TaskState.failed, _problem(problem))
    with suppress(Stopped):
        async with told.work() as work:
            await telling.of_end(work, kind, told.task, failed=True)


async def _taken_up(task_id: UUID, account_id: UUID, wall: Wall) -> TaskRun | None:
    """Mark a task begun, by this attempt; None if there is nothing left to do."""
    async with db.transaction(wall) as session:
        await own_account(session, account_id)
        found = await session.execute(
            select(TaskRun)
            .where(col(TaskRun.account_id) == account_id, col(TaskRun.id) == task_id)
            .with_for_update()
        )
        task = found.scalar_one_or_none()
        if task is None or task.state not in LIVE:
            return None
        if task.cancel_asked_at is not None:
            task.state, task.finished_at = TaskState.cancelled, now()
            await session.flush()
            return None
        task.state, task.attempt = TaskState.running, task.attempt + 1
        task.started_at = task.started_at or now()
        await session.flush()
        return task


async def _watched(kind: Kind, told: Run[Any]) -> None:
    """Do the work, and stop it as soon as nobody wants it. Raises Stopped and what it raises."""
    working = asyncio.create_task(_done(kind, told))
    watching = asyncio.create_task(_until_unwanted(told))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
        else:
            raise watching.result()
    finally:
        for each in (working, watching):
            each.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await each


async def _done(kind: Kind, told: Run[Any]) -> None:
    if kind.whole is not None:
        async with told.work() as work:
            done = await kind.whole(work, told)
            await told.finish(work.session, await _kept(told, done))
            await telling.of_end(work, kind, told.task)
    elif kind.in_parts is not None:
        done = await kind.in_parts(told)
        async with told.work() as work:
            await told.finish(work.session, await _kept(told, done))
            await telling.of_end(work, kind, told.task)


async def _kept(told: Run[Any], done: Done) -> dict[str, Any]:
    """Return the closing columns of a task; its file lies durable before they are written."""
    total = told.task.total
    values: dict[str, Any] = {"result": dict(done.result), "done": total or told.task.done}
    if done.file is not None:
        await run_in_threadpool(results.store, told.id, done.file.data)
        values |= {"file_name": done.file.name[:200], "file_type": done.file.media_type}
        values |= {"file_size": len(done.file.data)}
    return values


async def _until_unwanted(told: Run[Any]) -> Stopped:
    while True:
        await asyncio.sleep(_LOOK)
        try:
            await told.look()
        except Stopped as stopped:
            return stopped
        except (SQLAlchemyError, psycopg.Error, PoolTimeout, OSError) as error:
            log.warning("no look at task %s: %s", told.id, type(error).__name__)


async def _stopped(told: Run[Any], stopped: Stopped) -> None:
    if stopped.reason is Reason.cancelled:
        await told.give_up(TaskState.cancelled)
    elif stopped.reason is Reason.not_allowed:
        await told.give_up(TaskState.failed, _problem(Internal(_ENDED)))


def _of_database(error: Exception, told: Run[Any]) -> Problem:
    """Return what a refused write means; a lost database is tried again. Raises that error."""
    try:
        problem = of_database(error)
    except Exception:
        log.exception("task %s (%s) failed", told.id, told.task.kind)
        return Internal(_FAILED, {"id": told.id})
    if isinstance(problem, Unavailable):
        raise error
    return problem


def _given_up(task: TaskRun) -> Problem:
    return Internal(_GIVEN_UP, {"id": task.id})


def _problem(problem: Problem) -> dict[str, Any]:
    return {"texts": {locale: problem.shown(locale) for locale in LOCALES}}


@jobs.task("tasks.tidy", cron="23 3 * * *")
async def tidy() -> None:
    """Forget tasks that ended long ago, and their files."""
    async with db.transaction("staff") as session:
        await session.execute(_FORGET, {"days": KEPT_DAYS})
    await run_in_threadpool(results.forget, KEPT_DAYS)
