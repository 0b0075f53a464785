"""Routes that take something back: the newest version, or everything since an older one."""

from uuid import UUID

from fastapi import APIRouter

from app.audit.requests import WorkDep
from app.core.errors import Conflict, Forbidden, Stale, VersionRequired
from app.core.etags import IfMatch
from app.core.http import documented
from app.registers import restoring, taking_back, undoing
from app.registers.directory import AnyRegister, open_to
from app.registers.operations import called

_REFUSED = documented(Conflict, Forbidden, VersionRequired)


def add_undo_routes(made: APIRouter, register: AnyRegister) -> None:
    """Give a register what every register has of undoing."""
    _add_undo(made, register)
    _add_restore(made, register)


def _add_undo(made: APIRouter, register: AnyRegister) -> None:
    @made.get(
        "/{id}/undo",
        response_model=undoing.UndoOffer,
        responses=documented(Forbidden),
        **called(register, "undo_offer"),
    )
    async def read_undo(work: WorkDep, id: UUID) -> undoing.UndoOffer:  # noqa: A002
        open_to(register.name, work.actor.role)
        return await taking_back.offer(work, register, id)

    @made.post("/{id}/undo", responses=_REFUSED, **called(register, "undo"))
    async def undo_record(work: WorkDep, id: UUID, version: IfMatch) -> taking_back.Undone:  # noqa: A002
        open_to(register.name, work.actor.role)
        return await taking_back.undo(work, register, id, version)


def _add_restore(made: APIRouter, register: AnyRegister) -> None:
    @made.get(
        "/{id}/versions/{version}",
        response_model=restoring.VersionOffer,
        responses=documented(Forbidden),
        **called(register, "version"),
    )
    async def read_version(work: WorkDep, id: UUID, version: int) -> restoring.VersionOffer:  # noqa: A002
        open_to(register.name, work.actor.role)
        return await restoring.offer(work, register, id, version)

    @made.post(
        "/{id}/versions/{version}/restore",
        responses=documented(Stale, VersionRequired, Forbidden),
        **called(register, "restore"),
    )
    async def restore_version(
        work: WorkDep,
        id: UUID,  # noqa: A002
        version: int,
        read: IfMatch,
    ) -> taking_back.Undone:
        open_to(register.name, work.actor.role)
        row = await restoring.restore(work, register, id, version, read)
        return taking_back.Undone(id=row.id, version=row.version, became="changed")
