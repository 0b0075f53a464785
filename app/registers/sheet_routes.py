"""Routes of files: exports, templates, imports."""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Response, UploadFile
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlmodel import col

from app.audit.requests import WorkDep
from app.audit.work import Work
from app.core.errors import Conflict, Forbidden, TooLarge
from app.core.files import read_upload, safe_name
from app.core.http import documented
from app.core.sheets.messages import text_of
from app.core.sheets.templates import template
from app.registers import importing
from app.registers.directory import AnyRegister, open_to
from app.registers.exporting import export
from app.registers.filters import query_model
from app.registers.operations import called
from app.registers.sheet_columns import import_columns
from app.registers.sheet_files import MEDIA_TYPES, Form, download
from app.registers.tables import ImportBatch, ImportRow, ImportState

_COUNTED = ("create", "update", "unchanged", "bad", "written", "undone", "kept")


class MappedColumn(BaseModel):
    column: str
    header: str
    field: str | None


class BadCell(BaseModel):
    """One bad cell: where, what stands there, what is wrong with it."""

    row: int
    column: str | None
    header: str | None
    field: str
    code: str
    message: str
    value: str


class IgnoredShown(BaseModel):
    row: int
    reason: str
    message: str


class ImportShown(BaseModel):
    id: UUID
    state: ImportState
    file_name: str
    sheet: str
    header_row: int
    rows: int
    mapping: list[MappedColumn]
    counts: dict[str, int]
    errors: list[BadCell]
    ignored: list[IgnoredShown]
    created_at: datetime
    created_by: str
    moves: list[str]


class Imports(BaseModel):
    items: list[ImportShown]
    next: str | None


class Mended(BaseModel):
    model_config = ConfigDict(extra="forbid")
    values: dict[str, str | None]


def shown(work: Work, batch: ImportBatch, rows: list[ImportRow]) -> ImportShown:
    """Return an import in the caller's language."""
    counts = {name: sum(r.outcome == name for r in rows) for name in _COUNTED}
    counts["ignored"] = len(batch.ignored)
    return ImportShown(
        id=batch.id,
        state=batch.state,
        file_name=batch.file_name,
        sheet=batch.sheet,
        header_row=batch.header_row,
        rows=len(rows),
        mapping=[
            MappedColumn(column=c["letter"], header=c["text"], field=c["field"])
            for c in batch.columns
        ],
        counts=counts,
        errors=[_error(work, error) for row in rows for error in row.errors],
        ignored=[
            IgnoredShown(message=text_of(f"ignored.{i['reason']}", work.locale), **i)
            for i in batch.ignored
        ],
        created_at=batch.created_at,
        created_by=batch.created_by_name,
        moves=_moves(batch, counts),
    )


def _error(work: Work, error: dict[str, Any]) -> BadCell:
    told = {key: value for key, value in error.items() if key != "messages"}
    return BadCell(**told, message=error["messages"][work.locale])


def _moves(batch: ImportBatch, counts: dict[str, int]) -> list[str]:
    if batch.state is ImportState.undone:
        return []
    writable = counts["create"] + counts["update"]
    undoable = batch.state is ImportState.committed
    return (["commit"] if writable else []) + (["undo"] if undoable else [])


def add_export_routes(made: APIRouter, register: AnyRegister) -> None:
    query_type = query_model(register)

    @made.get(
        "/export.{form}",
        responses=documented(Forbidden) | {200: {"content": {m: {} for m in MEDIA_TYPES.values()}}},
        response_class=Response,
        **called(register, "export"),
    )
    async def export_records(
        work: WorkDep,
        form: Form,
        query: Annotated[query_type, Query()],  # type: ignore[valid-type]
    ) -> Response:
        open_to(register.name, work.actor.role)
        data = await export(work, register, query, form)
        return download(data, form, register.label.in_(work.locale))

    @made.get(
        "/template.xlsx",
        responses=documented(Forbidden),
        response_class=Response,
        **called(register, "template"),
    )
    async def read_template(work: WorkDep) -> Response:
        open_to(register.name, work.actor.role)
        importing.require_import(work, register)
        columns = import_columns(register, work.actor.role, work.locale)
        label = register.label.in_(work.locale)
        name = quote(f"{label}.xlsx")
        return Response(
            template(columns, label, work.locale),
            media_type=MEDIA_TYPES[Form.xlsx],
            headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
        )


def add_import_routes(made: APIRouter, register: AnyRegister) -> None:
    _add_checks(made, register)
    _add_import_moves(made, register)


def _add_checks(made: APIRouter, register: AnyRegister) -> None:
    @made.post(
        "/imports",
        status_code=201,
        responses=documented(Forbidden, TooLarge),
        **called(register, "import"),
    )
    async def check_import(work: WorkDep, file: UploadFile) -> ImportShown:
        open_to(register.name, work.actor.role)
        importing.require_import(work, register)
        data = await read_upload(file)
        name = safe_name(file.filename or "file")
        batch = await importing.check(work, register, data, name)
        return shown(work, batch, await importing.rows_of(work, batch))

    @made.get("/imports", responses=documented(Forbidden), **called(register, "imports"))
    async def list_imports(
        work: WorkDep,
        after: Annotated[UUID | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=50)] = 20,
    ) -> Imports:
        open_to(register.name, work.actor.role)
        importing.require_import(work, register)
        return await _imports(work, register, after, limit)

    @made.get("/imports/{id}", responses=documented(Forbidden), **called(register, "import_read"))
    async def read_import(work: WorkDep, id: UUID) -> ImportShown:  # noqa: A002
        open_to(register.name, work.actor.role)
        batch = await importing.batch_of(work, register, id)
        return shown(work, batch, await importing.rows_of(work, batch))


def _add_import_moves(made: APIRouter, register: AnyRegister) -> None:
    refusals = documented(Forbidden, Conflict)

    @made.patch("/imports/{id}/rows/{row}", responses=refusals, **called(register, "import_mend"))
    async def mend_row(work: WorkDep, id: UUID, row: int, given: Mended) -> ImportShown:  # noqa: A002
        open_to(register.name, work.actor.role)
        batch = await importing.mend(work, register, id, row, given.values)
        return shown(work, batch, await importing.rows_of(work, batch))

    @made.post(
        "/imports/{id}/moves/commit", responses=refusals, **called(register, "import_commit")
    )
    async def commit_import(work: WorkDep, id: UUID) -> ImportShown:  # noqa: A002
        open_to(register.name, work.actor.role)
        batch = await importing.commit(work, register, id)
        return shown(work, batch, await importing.rows_of(work, batch))

    @made.post("/imports/{id}/moves/undo", responses=refusals, **called(register, "import_undo"))
    async def undo_import(work: WorkDep, id: UUID) -> ImportShown:  # noqa: A002
        open_to(register.name, work.actor.role)
        batch = await importing.undo(work, register, id)
        return shown(work, batch, await importing.rows_of(work, batch))


async def _imports(work: Work, register: AnyRegister, after: UUID | None, limit: int) -> Imports:
    statement = select(ImportBatch).where(
        col(ImportBatch.register_name) == register.name,
        col(ImportBatch.node_id).in_(work.actor.nodes),
    )
    if after is not None:
        statement = statement.where(col(ImportBatch.id) < after)
    statement = statement.order_by(col(ImportBatch.id).desc()).limit(limit + 1)
    found = list((await work.session.execute(statement)).scalars())
    items = [shown(work, b, await importing.rows_of(work, b)) for b in found[:limit]]
    return Imports(items=items, next=str(found[limit - 1].id) if len(found) > limit else None)
