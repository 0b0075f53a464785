"""What the function of a task is given: its parameters, and how to tell, ask and keep."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.opening import open_hat, own_account
from app.access.roles import Wall
from app.audit.work import Caller, Work
from app.core import db
from app.core.clock import now
from app.registers.tasks.table import TaskRun, TaskState

P = TypeVar("P", bound=BaseModel)
_PAUSE = 0.25  # seconds between two words about progress


class Reason(StrEnum):
    cancelled = "cancelled"  # by whoever asked
    not_allowed = "not_allowed"  # the account or the role has ended
    superseded = "superseded"  # another worker has taken it over


class Stopped(Exception):
    """Nobody wants the work any more, at least not from here; let it pass through."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Part:
    """One chunk: its transaction, and how far the task is once that commits."""

    work: Work
    done: int
    total: int | None
    phase: str
    cursor: dict[str, Any] = field(default_factory=dict)


class Run(Generic[P]):
    """A task while it runs."""

    def __init__(self, task: TaskRun, wall: Wall, params: P) -> None:
        self.task, self.wall, self.params = task, wall, params
        self.id, self.locale = task.id, task.locale
        self.cursor: dict[str, Any] = dict(task.cursor or {})
        self._told = 0.0

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """Open a transaction as the person who asked. Raises Stopped."""
        async with db.transaction(self.wall) as session:
            actor = await open_hat(session, self.task.account_id, self.task.hat_id, self.wall)
            if actor is None:
                raise Stopped(Reason.not_allowed)
            yield Work(session, actor, self.locale, Caller(**self.task.asked_from))

    @asynccontextmanager
    async def part(self) -> AsyncIterator[Part]:
        """Open one chunk; its effects and its ``cursor`` are kept together. Raises Stopped."""
        async with self.work() as work:
            task = self.task
            part = Part(work, task.done, task.total, task.phase, dict(self.cursor))
            yield part
            kept = {"done": part.done, "total": part.total, "phase": part.phase}
            await self._fenced(work.session, kept | {"cursor": part.cursor, "told_at": now()})
        task.done, task.total, task.phase = part.done, part.total, part.phase
        self.cursor = part.cursor

    async def tell(self, done: int, total: int | None = None, phase: str | None = None) -> None:
        """Say how far it is, at once for everybody to see. Raises Stopped."""
        changed = phase is not None and phase != self.task.phase
        if not changed and time.monotonic() - self._told < _PAUSE:
            return
        task = self.task
        task.done, task.total = done, task.total if total is None else total
        task.phase = task.phase if phase is None else phase
        await self.look({"done": done, "total": task.total, "phase": task.phase})

    async def look(self, values: dict[str, Any] | None = None) -> None:
        """Go on only if the work is still wanted, and its author still allowed. Raises Stopped."""
        async with db.transaction(self.wall) as session:
            task = self.task
            if await open_hat(session, task.account_id, task.hat_id, self.wall) is None:
                raise Stopped(Reason.not_allowed)
            await self._fenced(session, (values or {}) | {"told_at": now()})
        self._told = time.monotonic()

    async def finish(self, session: AsyncSession, values: dict[str, Any]) -> None:
        """Close the task in the transaction of its effect. Raises Stopped."""
        task = self.task
        if await open_hat(session, task.account_id, task.hat_id, self.wall) is None:
            raise Stopped(Reason.not_allowed)
        await self._fenced(session, values | {"state": TaskState.done, "finished_at": now()})

    async def give_up(self, state: TaskState, error: dict[str, Any] | None = None) -> None:
        """Close the task without an effect, unless it was closed, or taken over, meanwhile."""
        async with db.transaction(self.wall) as session:
            await own_account(session, self.task.account_id)
            await session.execute(
                update(TaskRun)
                .where(*self._mine())
                .values(state=state, error=error, finished_at=now())
            )

    def _mine(self) -> tuple[Any, ...]:
        return (
            col(TaskRun.account_id) == self.task.account_id,
            col(TaskRun.id) == self.id,
            col(TaskRun.attempt) == self.task.attempt,
            col(TaskRun.state) == TaskState.running,
        )

    async def _fenced(self, session: AsyncSession, values: dict[str, Any]) -> None:
        """Write on the task if it is still this worker's and nobody cancelled. Raises Stopped."""
        found = await session.execute(
            update(TaskRun)
            .where(*self._mine())
            .values(**values)
            .returning(col(TaskRun.cancel_asked_at))
            .execution_options(synchronize_session=False)
        )
        row = found.one_or_none()
        if row is None:
            raise Stopped(Reason.superseded)
        if row[0] is not None:
            raise Stopped(Reason.cancelled)
