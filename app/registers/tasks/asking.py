"""Asking for long work, looking at one's own, cancelling it."""

from typing import Any
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import defer
from sqlmodel import col

from app.audit.work import Work
from app.core import jobs
from app.core.clock import now
from app.core.errors import Conflict, Forbidden, NotFound, TooMany
from app.core.labels import T
from app.registers.tasks import kinds
from app.registers.tasks.shown import shown
from app.registers.tasks.table import LIVE, TaskRun, TaskState

RUN = "tasks.run"
MOST = 20  # live tasks of one account
PLACE = "/api/v1/tasks"

_NO_ROLE = T(
    "后台任务要以账号身份进行；凭邀请链接打开的页面不能使用，请先登录。",
    "Long work is done under an account; sign in first, an invitation link is not enough.",
)
_TOO_MANY = T(
    "您有 {n} 项任务还没有完成，请等其中一些完成或取消后再提交。",
    "You have {n} unfinished tasks; wait for some, or cancel them, then ask again.",
)
_OVER = T(
    "这项任务已经结束，不能再取消；请刷新查看结果。",
    "The task is over and cannot be cancelled; refresh to see how it ended.",
)


async def ask(
    work: Work,
    kind: str,
    params: BaseModel,
    *,
    register: str | None = None,
    subject_id: UUID | None = None,
    title: str = "",
) -> TaskRun:
    """Ask for work as part of this transaction. Raises Forbidden, TooMany, LookupError.

    Asked for again while one of this kind and subject still runs, it returns that one.
    """
    alone = kinds.named(kind).alone
    actor = work.actor
    if actor.hat_id is None or actor.link_id is not None:
        raise Forbidden(_NO_ROLE)
    await _require_room(work)
    task = TaskRun(
        account_id=actor.account_id,
        hat_id=actor.hat_id,
        kind=kind,
        register_name=register,
        subject_id=subject_id,
        title=title[:200],
        locale=work.locale,
        asked_from={
            "ip": work.caller.ip,
            "request_id": work.caller.request_id,
            "user_agent": work.caller.user_agent,
        },
        params=params.model_dump(mode="json"),
    )
    made = insert(TaskRun).values(task.model_dump()).on_conflict_do_nothing()
    added = await work.session.execute(made.returning(col(TaskRun.id)))
    if added.scalar_one_or_none() is None:
        return await _live(work, kind, subject_id)
    ids: dict[str, Any] = {"task_id": task.id, "account_id": task.account_id, "wall": actor.wall}
    await jobs.enqueue(work.session, RUN, lock=f"task:{task.account_id}" if alone else None, **ids)
    return task


async def _require_room(work: Work) -> None:
    counted = select(func.count()).where(
        col(TaskRun.account_id) == work.actor.account_id, col(TaskRun.state).in_(LIVE)
    )
    live = int(await work.session.scalar(counted) or 0)
    if live >= MOST:
        raise TooMany(_TOO_MANY, {"n": live})


async def _live(work: Work, kind: str, subject_id: UUID | None) -> TaskRun:
    found = await work.session.execute(
        select(TaskRun).where(
            col(TaskRun.account_id) == work.actor.account_id,
            col(TaskRun.kind) == kind,
            col(TaskRun.subject_id) == subject_id,
            col(TaskRun.state).in_(LIVE),
        )
    )
    return found.scalar_one()


def accepted(work: Work, task: TaskRun) -> Response:
    """Answer a request that asked for work: 202, the task, and where to follow it."""
    return Response(
        shown(work, task).model_dump_json(by_alias=True),
        202,
        {"Location": f"{PLACE}/{task.id}", "Cache-Control": "private, no-store"},
        "application/json",
    )


async def one(work: Work, task_id: UUID) -> TaskRun:
    """Return a task of one's own, asked for in the role one is in now. Raises NotFound."""
    found = await work.session.execute(
        select(TaskRun).where(
            col(TaskRun.account_id) == work.actor.account_id,
            col(TaskRun.hat_id) == work.actor.hat_id,
            col(TaskRun.id) == task_id,
        )
    )
    task = found.scalar_one_or_none()
    if task is None:
        raise NotFound
    return task


async def listed(work: Work, *, live: bool, after: UUID | None, limit: int) -> list[TaskRun]:
    """Return one's own tasks, the newest first; one more than ``limit`` when there are more."""
    statement = select(TaskRun).where(
        col(TaskRun.account_id) == work.actor.account_id,
        col(TaskRun.hat_id) == work.actor.hat_id,
    )
    if live:
        statement = statement.where(col(TaskRun.state).in_(LIVE))
    if after is not None:
        statement = statement.where(col(TaskRun.id) < after)
    statement = statement.order_by(col(TaskRun.id).desc()).limit(limit + 1)
    unread = defer(TaskRun.cursor)  # type: ignore[arg-type]  # as large as what was found
    statement = statement.options(unread)
    return list((await work.session.execute(statement)).scalars())


async def cancel(work: Work, task_id: UUID) -> TaskRun:
    """Cancel one's own task: at once if nobody has begun it, else soon. Raises NotFound, Conflict.

    What was not finished leaves nothing; of work in parts the finished parts stay.
    """
    task = await one(work, task_id)
    mine = (col(TaskRun.account_id) == task.account_id, col(TaskRun.id) == task.id)
    unbegun = await work.session.execute(
        update(TaskRun)
        .where(*mine, col(TaskRun.state) == TaskState.queued)
        .values(state=TaskState.cancelled, cancel_asked_at=now(), finished_at=now())
        .returning(col(TaskRun.id))
    )
    if unbegun.scalar_one_or_none() is None:
        running = await work.session.execute(
            update(TaskRun)
            .where(*mine, col(TaskRun.state) == TaskState.running)
            .values(cancel_asked_at=func.coalesce(col(TaskRun.cancel_asked_at), now()))
            .returning(col(TaskRun.id))
        )
        if running.scalar_one_or_none() is None:
            raise Conflict(_OVER)
    await work.session.refresh(task)
    return task
