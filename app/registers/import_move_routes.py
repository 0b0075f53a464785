"""Routes by which a checked workbook is written and taken back."""

from uuid import UUID

from fastapi import APIRouter

from app.audit.requests import WorkDep
from app.core.errors import Conflict, Forbidden
from app.core.http import documented
from app.registers import importing
from app.registers.directory import AnyRegister, open_to
from app.registers.import_shown import ImportShown, shown
from app.registers.operations import called


def add_import_moves(made: APIRouter, register: AnyRegister) -> None:
    refusals = documented(Forbidden, Conflict)

    @made.post(
        "/imports/{id}/moves/commit", responses=refusals, **called(register, "import_commit")
    )
    async def commit_import(work: WorkDep, id: UUID) -> ImportShown:  # noqa: A002
        open_to(register.name, work.actor.role)
        batch = await importing.commit(work, register, id)
        return await shown(work, register, batch)

    @made.post("/imports/{id}/moves/undo", responses=refusals, **called(register, "import_undo"))
    async def undo_import(work: WorkDep, id: UUID) -> ImportShown:  # noqa: A002
        open_to(register.name, work.actor.role)
        batch = await importing.undo(work, register, id)
        return await shown(work, register, batch)
