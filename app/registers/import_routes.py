"""Routes of workbooks on their way in: upload and dry run, columns chosen anew, mending."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response, UploadFile
from sqlalchemy import select
from sqlmodel import col

from app.audit.requests import WorkDep
from app.audit.work import Work
from app.core.errors import Conflict, Forbidden, TooLarge
from app.core.files import read_upload, safe_name
from app.core.http import documented
from app.registers import import_checking, import_files, import_mending
from app.registers.directory import AnyRegister, open_to
from app.registers.import_batches import batch_of, require_import
from app.registers.import_shown import (
    ColumnsChosen,
    Imports,
    ImportShown,
    Mended,
    MendedAlike,
    RowsJudged,
    briefly,
    judged,
    shown,
)
from app.registers.operations import called
from app.registers.sheet_files import MEDIA_TYPES, Form, named_download
from app.registers.tables import ImportBatch


def add_import_routes(made: APIRouter, register: AnyRegister) -> None:
    _add_checks(made, register)
    _add_mending(made, register)
    _add_files(made, register)


def _add_checks(made: APIRouter, register: AnyRegister) -> None:
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
        return await shown(work, register, await import_checking.check(work, register, data, name))

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
        return await shown(work, register, await batch_of(work, register, id))

    @made.put(
        "/imports/{id}/mapping",
        responses=documented(Forbidden, Conflict, TooLarge),
        **called(register, "import_mapping"),
    )
    async def map_columns(work: WorkDep, id: UUID, given: ColumnsChosen) -> ImportShown:  # noqa: A002
        open_to(register.name, work.actor.role)
        batch = await import_checking.remap(work, register, id, given.sheet, given.columns)
        return await shown(work, register, batch)


def _add_mending(made: APIRouter, register: AnyRegister) -> None:
    refusals = documented(Forbidden, Conflict)

    @made.patch("/imports/{id}/rows/{row}", responses=refusals, **called(register, "import_mend"))
    async def mend_row(work: WorkDep, id: UUID, row: int, given: Mended) -> RowsJudged:  # noqa: A002
        open_to(register.name, work.actor.role)
        return await judged(work, *await import_mending.mend(work, register, id, row, given.values))

    @made.patch("/imports/{id}/rows", responses=refusals, **called(register, "import_mend_alike"))
    async def mend_alike(work: WorkDep, id: UUID, given: MendedAlike) -> RowsJudged:  # noqa: A002
        open_to(register.name, work.actor.role)
        told = given.field, given.was, given.value
        return await judged(work, *await import_mending.mend_alike(work, register, id, *told))


def _add_files(made: APIRouter, register: AnyRegister) -> None:
    told: dict[int | str, dict[str, Any]] = {200: {"content": {MEDIA_TYPES[Form.xlsx]: {}}}}
    answers = documented(Forbidden, Conflict) | told

    @made.get(
        "/imports/{id}/marked.xlsx",
        responses=answers,
        response_class=Response,
        **called(register, "import_marked"),
    )
    async def read_marked(work: WorkDep, id: UUID) -> Response:  # noqa: A002
        open_to(register.name, work.actor.role)
        batch = await batch_of(work, register, id)
        data, name = await import_files.marked_file(work, register, batch)
        return named_download(data, Form.xlsx, name)

    @made.get(
        "/imports/{id}/bad.xlsx",
        responses=answers,
        response_class=Response,
        **called(register, "import_bad"),
    )
    async def read_bad(work: WorkDep, id: UUID) -> Response:  # noqa: A002
        open_to(register.name, work.actor.role)
        batch = await batch_of(work, register, id)
        data, name = await import_files.bad_file(work, register, batch)
        return named_download(data, Form.xlsx, name)


async def _imports(work: Work, register: AnyRegister, after: UUID | None, limit: int) -> Imports:
    statement = select(ImportBatch).where(
        col(ImportBatch.register_name) == register.name,
        col(ImportBatch.node_id).in_(work.actor.nodes),
    )
    if after is not None:
        statement = statement.where(col(ImportBatch.id) < after)
    statement = statement.order_by(col(ImportBatch.id).desc()).limit(limit + 1)
    found = list((await work.session.execute(statement)).scalars())
    more = str(found[limit - 1].id) if len(found) > limit else None
    return Imports(items=await briefly(work, found[:limit]), next=more)
