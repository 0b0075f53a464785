"""Routes by which a checked workbook is written and taken back: at once, or as long work."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.audit.requests import WorkDep
from app.core.errors import Conflict, Forbidden, TooMany
from app.core.http import documented
from app.registers import import_tasks, importing, tasks
from app.registers.directory import AnyRegister, open_to
from app.registers.import_shown import ImportShown, shown
from app.registers.operations import called


def add_import_moves(made: APIRouter, register: AnyRegister) -> None:
    """Add commit and undo: 200 with the import, or 202 with the task of a large one."""
    answers = documented(Forbidden, Conflict, TooMany) | {202: {"model": tasks.TaskShown}}

    @made.post(
        "/imports/{id}/moves/commit",
        response_model=ImportShown,
        responses=answers,
        **called(register, "import_commit"),
    )
    async def commit_import(work: WorkDep, id: UUID) -> ImportShown | Response:  # noqa: A002
        open_to(register.name, work.actor.role)
        batch = await importing.committable(work, register, id)
        if not await import_tasks.at_once(work, batch, "create", "update"):
            task = await import_tasks.ask(work, register, "import_commit", batch)
            return tasks.accepted(work, task)
        batch, _ = await importing.commit(work, register, id)
        return await shown(work, register, batch)

    @made.post(
        "/imports/{id}/moves/undo",
        response_model=ImportShown,
        responses=answers,
        **called(register, "import_undo"),
    )
    async def undo_import(work: WorkDep, id: UUID) -> ImportShown | Response:  # noqa: A002
        open_to(register.name, work.actor.role)
        batch = await importing.undoable(work, register, id)
        if not await import_tasks.at_once(work, batch, "written"):
            task = await import_tasks.ask(work, register, "import_undo", batch)
            return tasks.accepted(work, task)
        batch, _, _ = await importing.undo(work, register, id)
        return await shown(work, register, batch)
