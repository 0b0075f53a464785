"""The long work of an assignment: read, reckon beside the server, check again, write down.

Every step looks whether the run is still wanted, so that a cancelled one stops and one that was
taken over from a worker that died begins anew without leaving anything twice.
"""

import asyncio
import logging
from contextlib import suppress
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col

from app.audit.work import Work, acting_for
from app.core import jobs
from app.core.aside import Died, aside
from app.core.clock import now
from app.core.errors import Problem as Refusal
from app.core.labels import DEFAULT_LOCALE, T
from app.matching import second_check
from app.matching.assignment.answer import Outcome, Solution
from app.matching.assignment.beside import solve_beside
from app.matching.assignment.problem import Objective
from app.matching.assignments import gathering, outcome, service
from app.matching.assignments.gathering import Gathered
from app.matching.assignments.models import Assignment, AssignmentRun
from app.matching.assignments.models import AssignmentState as S
from app.matching.conflicts import MustAvoid, Purpose
from app.registers import directory, keeping, writing
from app.registers.register import Change

log = logging.getLogger(__name__)

_LOOK = 0.5  # seconds between two looks whether somebody cancelled
_DIED = T("计算进程异常结束，请重新开始。", "The solver died; start again.")
_NO_TIME = T(
    "在时间上限内没有找到满足全部要求的方案，请延长时间上限或放宽要求。",
    "Nothing that keeps every rule was found in time: allow more time, or ask for less.",
)


@jobs.task(service.SOLVE)
async def solve(assignment_id: UUID, node_id: int, run: int) -> None:
    """Reckon one run from its beginning, unless nobody wants it any more."""
    batch = await _taken_up(assignment_id, node_id, run)
    if batch is None:
        return
    try:
        await tell(batch, "gathering", 1)
        async with acting_for(node_id) as work:
            given = await gathering.gathered(work, batch)
        solution = await _reckoned(batch, given)
    except Refusal as refusal:
        await _failed(batch, refusal.detail.filled(DEFAULT_LOCALE, refusal.params))
    except (Died, RuntimeError, ValueError, MemoryError):
        log.exception("assignment %s failed", assignment_id)
        await _failed(batch, _DIED.in_(DEFAULT_LOCALE))
    else:
        if solution is not None:
            await _written_down(batch, given, solution)


async def _taken_up(assignment_id: UUID, node_id: int, run: int) -> Assignment | None:
    """Mark a run begun; None if it is over or was cancelled."""
    async with acting_for(node_id) as work:
        batch = await service.batch_of(work, assignment_id, lock=True)
        if batch is None or batch.run != run or batch.state not in (S.queued, S.running):
            return None
        if batch.state == S.queued:
            await _move(work, batch, _as_it_stands(batch), "run", S.running)
        return batch


def _as_it_stands(batch: Assignment) -> dict[str, Any]:
    return keeping.stored(directory.named(service.NAME), batch)


async def _move(work: Work, batch: Assignment, before: dict[str, Any], verb: str, state: S) -> None:
    """Write a step with all that has changed since ``before``."""
    batch.state = state
    await writing.write(work, directory.named(service.NAME), Change(batch, before), verb)


async def tell(batch: Assignment, phase: str, percent: int) -> None:
    """Say how far it is, beside the record."""
    async with acting_for(batch.node_id) as work:
        await work.session.execute(
            update(AssignmentRun)
            .where(col(AssignmentRun.record_id) == batch.id, col(AssignmentRun.run) == batch.run)
            .values(phase=phase, percent=percent, told_at=now())
        )


async def _reckoned(batch: Assignment, given: Gathered) -> Solution | None:
    """Solve in a process of its own; None when it was cancelled meanwhile."""

    async def told(step: tuple[str, int]) -> None:
        await tell(batch, *step)

    solving = asyncio.create_task(
        aside(
            solve_beside,
            given.problem,
            Objective(batch.objective),
            float(batch.time_limit_s),
            batch.top_n,
            told=told,
        )
    )
    watching = asyncio.create_task(_until_unwanted(batch))
    try:
        await asyncio.wait({solving, watching}, return_when=asyncio.FIRST_COMPLETED)
        return solving.result() if solving.done() else None
    finally:
        for task in (solving, watching):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task


async def _until_unwanted(batch: Assignment) -> None:
    while True:
        await asyncio.sleep(_LOOK)
        async with acting_for(batch.node_id) as work:
            there = await service.batch_of(work, batch.id)
        if there is None or not service.wanted(there, S.running, batch.run):
            return


async def _failed(batch: Assignment, why: str) -> None:
    async with acting_for(batch.node_id) as work:
        there = await service.batch_of(work, batch.id, lock=True)
        if there is None or not service.wanted(there, S.running, batch.run):
            return
        before = _as_it_stands(there)
        there.finished_at, there.failure = now(), why[:1000]
        await _move(work, there, before, "give_up", S.failed)


async def _written_down(batch: Assignment, given: Gathered, solution: Solution) -> None:
    """Check the pairs against the records once more, and keep them. Nothing twice, nothing late."""
    await tell(batch, "checking", 97)
    try:
        async with acting_for(batch.node_id) as work:
            there = await service.batch_of(work, batch.id, lock=True)
            if there is None or not service.wanted(there, S.running, batch.run):
                return
            before = _as_it_stands(there)
            there.finished_at = now()
            there.rules_version, there.index_version = given.rules, given.index
            there.weights_version = given.weights
            if solution.outcome is Outcome.solved:
                await _check_again(work, given, solution)
            elif solution.outcome is Outcome.out_of_time:
                there.failure = _NO_TIME.in_(DEFAULT_LOCALE)
            await outcome.keep(work, there, given, solution)
            verb = "solve" if solution.outcome is Outcome.solved else "give_up"
            await _move(work, there, before, verb, _STATES[solution.outcome])
    except MustAvoid as clash:
        await _failed(batch, clash.detail.filled(DEFAULT_LOCALE, clash.params))


_STATES = {
    Outcome.solved: S.solved,
    Outcome.infeasible: S.infeasible,
    Outcome.out_of_time: S.failed,
}


async def _check_again(work: Work, given: Gathered, solution: Solution) -> None:
    """Ask the second check about every project's experts. Raises MustAvoid."""
    projects = await service.projects_of(work, given.projects)
    chosen: dict[int, list[UUID]] = {}
    for i, j in zip(solution.project, solution.expert, strict=True):
        chosen.setdefault(int(i), []).append(given.experts[int(j)])
    for i, experts in chosen.items():
        row = projects[given.projects[i]]
        await second_check.require_clear(work, row, experts, Purpose.review)
