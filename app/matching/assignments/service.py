"""What happens beside a written assignment: its projects are read, long work is asked for."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from app.audit.work import Work
from app.core import jobs
from app.core.clock import now
from app.core.errors import FieldError, Invalid
from app.core.labels import T
from app.libraries.projects.models import Project
from app.matching.assignments.models import (
    Assignment,
    AssignmentBody,
    AssignmentPair,
    AssignmentRun,
    AssignmentState,
)
from app.matching.subjects import CLOSED_PROJECTS
from app.registers import directory
from app.registers.register import Change, Placement
from app.registers.visibility import visible

NAME = "assignments"
SOLVE, ADOPT = "assignments.solve", "assignments.adopt"

_NO_PROJECT = T(
    "没有这个项目，或者您无权查看；请从列表中重新选择。",
    "There is no such project you may see; choose one from the list.",
)
_CLOSED = T(
    "这个项目已经结束，不再评审；请去掉它，或选择其他项目。",
    "This project is over and nobody judges it any more; take it out, or choose another.",
)
_ELSEWHERE = T(
    "这个批次只收本园区的项目；跨园区请另建批次。",
    "This batch takes projects of its own park only; make another for several parks.",
)


async def projects_of(work: Work, ids: Sequence[UUID]) -> dict[UUID, Project]:
    """Return those of the projects that the actor may see."""
    found = await work.session.execute(
        select(Project).where(
            col(Project.id).in_(ids), visible(directory.named("projects"), work.actor)
        )
    )
    return {project.id: project for project in found.scalars()}


async def place(work: Work, body: AssignmentBody) -> Placement:
    """Place a batch in the park all its projects are of, else at its author's node."""
    nodes = {project.node_id for project in (await projects_of(work, body.project_ids)).values()}
    here = work.actor.node_id
    return Placement(work.actor.region_id, nodes.pop() if len(nodes) == 1 else here)


async def check(work: Work, change: Change[Assignment]) -> None:
    """Refuse projects that cannot be judged. Raises Invalid."""
    batch, before = change.row, change.before
    if batch.state == AssignmentState.adopted:
        return  # adopted, perhaps again: each panel is checked when it is formed
    if before is not None and before["state"] != batch.state:
        return  # a move; on_start looks at the projects again
    await require_projects(work, batch)


async def require_projects(work: Work, batch: Assignment) -> list[Project]:
    """Return the projects of a batch in its order. Raises Invalid."""
    known = await projects_of(work, batch.project_ids)
    errors = []
    for n, one in enumerate(batch.project_ids):
        pointer, project = f"/project_ids/{n}", known.get(one)
        if project is None:
            errors.append(FieldError(pointer, "unknown", _NO_PROJECT))
        elif project.state in CLOSED_PROJECTS:
            errors.append(FieldError(pointer, "closed", _CLOSED))
        elif batch.node_id not in (project.node_id, work.actor.node_id):
            errors.append(FieldError(pointer, "elsewhere", _ELSEWHERE))
    if errors:
        raise Invalid.of(*errors)
    return [known[one] for one in batch.project_ids]


async def on_start(work: Work, change: Change[Assignment]) -> None:
    """Forget the last run and ask for the next. Raises Invalid."""
    batch = change.row
    await require_projects(work, batch)
    batch.run += 1
    batch.started_at, batch.started_by = now(), work.actor.name
    batch.finished_at = batch.total = batch.bound = batch.worst = batch.proved = None
    batch.failure = None
    await work.session.execute(
        delete(AssignmentPair).where(col(AssignmentPair.record_id) == batch.id)
    )
    await _begin_run(work, batch, "queued")
    await jobs.enqueue(
        work.session,
        SOLVE,
        lock=f"assignment:{batch.id}",
        assignment_id=batch.id,
        node_id=batch.node_id,
        run=batch.run,
    )


async def _begin_run(work: Work, batch: Assignment, phase: str) -> None:
    fresh = {
        "run": batch.run,
        "phase": phase,
        "percent": 0,
        "told_at": now(),
        "certificate": None,
        "explanation": None,
        "clash": None,
        "refused": [],
    }
    statement = insert(AssignmentRun).values(
        region_id=batch.region_id,
        node_id=batch.node_id,
        register_name=NAME,
        record_id=batch.id,
        **fresh,
    )
    await work.session.execute(
        statement.on_conflict_do_update(
            index_elements=[col(AssignmentRun.region_id), col(AssignmentRun.record_id)], set_=fresh
        )
    )


async def on_cancel(_: Work, change: Change[Assignment]) -> None:
    """Let whoever reckons see, within a second, that nobody wants it any more."""
    change.row.finished_at = now()


async def on_adopt(work: Work, change: Change[Assignment]) -> None:
    """Ask for the panels to be formed, one after the other; done again, for those not there."""
    batch = change.row
    await work.session.execute(
        update(AssignmentRun)
        .where(col(AssignmentRun.record_id) == batch.id)
        .values(refused=[], phase="adopting", percent=0, told_at=now())
    )
    await jobs.enqueue(
        work.session,
        ADOPT,
        lock=f"assignment:{batch.id}",
        assignment_id=batch.id,
        node_id=batch.node_id,
    )


async def batch_of(work: Work, batch_id: UUID, *, lock: bool = False) -> Assignment | None:
    """Return a batch by its id, whoever may see it: for the house's own work."""
    statement = select(Assignment).where(
        col(Assignment.id) == batch_id, col(Assignment.deleted_at).is_(None)
    )
    if lock:
        statement = statement.with_for_update()
    return (await work.session.execute(statement)).scalar_one_or_none()


def wanted(batch: Assignment, state: AssignmentState, run: int) -> bool:
    """Say whether a run is still the one that is asked for, in that state."""
    return batch.state == state and batch.run == run
