"""Routes of files that leave: exports and templates."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from app.audit.requests import WorkDep
from app.core.errors import Forbidden, TooMany
from app.core.http import documented
from app.core.sheets.templates import template
from app.registers import export_tasks, tasks
from app.registers.directory import AnyRegister, open_to
from app.registers.exporting import export
from app.registers.filters import query_model
from app.registers.import_batches import require_import
from app.registers.operations import called
from app.registers.sheet_columns import import_columns
from app.registers.sheet_files import MEDIA_TYPES, Form, download


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
        data, _ = await export(work, register, query, form)
        return download(data, form, register.label.in_(work.locale))

    @made.post(
        "/export.{form}",
        status_code=202,
        response_model=tasks.TaskShown,
        responses=documented(Forbidden, TooMany),
        **called(register, "export_task"),
    )
    async def ask_export(
        work: WorkDep,
        form: Form,
        query: Annotated[query_type, Query()],  # type: ignore[valid-type]
    ) -> Response:
        open_to(register.name, work.actor.role)
        return tasks.accepted(work, await export_tasks.ask(work, register, query, form))

    @made.get(
        "/template.xlsx",
        responses=documented(Forbidden),
        response_class=Response,
        **called(register, "template"),
    )
    async def read_template(work: WorkDep) -> Response:
        open_to(register.name, work.actor.role)
        require_import(work, register)
        columns = import_columns(register, work.actor.role, work.locale)
        label = register.label.in_(work.locale)
        name = quote(f"{label}.xlsx")
        return Response(
            template(columns, label, work.locale),
            media_type=MEDIA_TYPES[Form.xlsx],
            headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
        )
