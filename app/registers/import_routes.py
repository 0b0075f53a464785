"""Routes of workbooks on their way in: upload and dry run, reading again, mending."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, UploadFile
from sqlalchemy import select
from sqlmodel import col

from app.audit.requests import WorkDep
from app.audit.work import Work
from app.core.errors import Conflict, Forbidden, TooLarge
from app.core.files import read_upload, safe_name
from app.core.http import documented
from app.registers import import_checking
from app.registers.directory import AnyRegister, open_to
from app.registers.import_batches import batch_of, require_import, rows_of
from app.registers.import_shown import Imports, ImportShown, Mended, shown
from app.registers.operations import called
from app.registers.tables import ImportBatch


def add_import_routes(made: APIRouter, register: AnyRegister) -> None:
    @made.post(
        "/imports",
        status_code=201,
        responses=documented(Forbidden, TooLarge),
        **called(register, "import"),
    )
    async def check_import(work: WorkDep, file: UploadFile) -> ImportShown:
        open_to(register.name, work.actor.role)
        require_import(work, register)
        data = await read_upload(file)
        name = safe_name(file.filename or "file")
        batch = await import_checking.check(work, register, data, name)
        return shown(work, batch, await rows_of(work, batch))

    @made.get("/imports", responses=documented(Forbidden), **called(register, "imports"))
    async def list_imports(
        work: WorkDep,
        after: Annotated[UUID | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=50)] = 20,
    ) -> Imports:
        open_to(register.name, work.actor.role)
        require_import(work, register)
        return await _imports(work, register, after, limit)

    @made.get("/imports/{id}", responses=documented(Forbidden), **called(register, "import_read"))
    async def read_import(work: WorkDep, id: UUID) -> ImportShown:  # noqa: A002
        open_to(register.name, work.actor.role)
        batch = await batch_of(work, register, id)
        return shown(work, batch, await rows_of(work, batch))

    @made.patch(
        "/imports/{id}/rows/{row}",
        responses=documented(Forbidden, Conflict),
        **called(register, "import_mend"),
    )
    async def mend_row(work: WorkDep, id: UUID, row: int, given: Mended) -> ImportShown:  # noqa: A002
        open_to(register.name, work.actor.role)
        batch = await import_checking.mend(work, register, id, row, given.values)
        return shown(work, batch, await rows_of(work, batch))


async def _imports(work: Work, register: AnyRegister, after: UUID | None, limit: int) -> Imports:
    statement = select(ImportBatch).where(
        col(ImportBatch.register_name) == register.name,
        col(ImportBatch.node_id).in_(work.actor.nodes),
    )
    if after is not None:
        statement = statement.where(col(ImportBatch.id) < after)
    statement = statement.order_by(col(ImportBatch.id).desc()).limit(limit + 1)
    found = list((await work.session.execute(statement)).scalars())
    items = [shown(work, b, await rows_of(work, b)) for b in found[:limit]]
    return Imports(items=items, next=str(found[limit - 1].id) if len(found) > limit else None)
