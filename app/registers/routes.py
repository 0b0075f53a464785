"""The standard routes of a register: parse, call one read or one write, answer."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Path, Query, Response, UploadFile
from fastapi.responses import RedirectResponse
from pydantic_core import to_json

from app.audit.requests import WorkDep
from app.audit.work import Work
from app.core.description import body_of
from app.core.errors import (
    Conflict,
    Forbidden,
    IllegalMove,
    Invalid,
    NotFound,
    Stale,
    VersionRequired,
)
from app.core.etags import IfMatch, etag
from app.core.http import documented
from app.registers import attachments, feed, history, idempotency, reading, secrets, writing
from app.registers.batch_routes import add_batch_routes
from app.registers.directory import AnyRegister, open_to
from app.registers.doubles.merging import survivor_of
from app.registers.doubles.routes import add_collection_routes, add_merge_routes
from app.registers.facets import facets
from app.registers.filters import ListQuery, query_model
from app.registers.idempotency import Answer, KeyDep
from app.registers.import_move_routes import add_import_moves
from app.registers.import_routes import add_import_routes
from app.registers.models import page_model, patch_model, public_model
from app.registers.operations import called
from app.registers.revealing.routes import add_reveal_route
from app.registers.rooms import Room
from app.registers.sheet_routes import add_export_routes
from app.registers.showing import record
from app.registers.together.routes import add_together_routes
from app.registers.undo_routes import add_undo_routes

EDIT = documented(Stale, VersionRequired, Forbidden)
JSON = "application/json"


def router_of(register: AnyRegister) -> APIRouter:
    """Return the routes every register has."""
    made = Room(
        prefix=f"/{register.name}", tags=[register.name], responses=documented(NotFound, Invalid)
    )
    add_export_routes(made, register)  # before /{id}, which would take "export.xlsx" for an id
    add_import_routes(made, register)
    add_import_moves(made, register)
    add_batch_routes(made, register)
    add_collection_routes(made, register)
    _add_reads(made, register)
    _add_writes(made, register)
    _add_attachments(made, register)
    add_reveal_route(made, register)
    add_together_routes(made, register)
    add_undo_routes(made, register)
    add_merge_routes(made, register)
    return made


def _add_reads(made: APIRouter, register: AnyRegister) -> None:
    query_type = query_model(register)

    @made.get("", response_model=page_model(register), **called(register, "list"))
    async def list_records(work: WorkDep, query: Annotated[query_type, Query()]) -> Response:  # type: ignore[valid-type]
        return await _page(work, register, query)

    @made.get("/changes", response_model=feed.Changes, **called(register, "changes"))
    async def list_changes(
        work: WorkDep,
        after: Annotated[str, Query(max_length=40, description="`next` of the last answer")] = "0",
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> feed.Changes:
        open_to(register.name, work.actor.role)
        return await feed.changes(work, register, after, limit)

    @made.get("/{id}", response_model=public_model(register), **called(register, "read"))
    async def read_record(
        work: WorkDep,
        id: UUID,  # noqa: A002 -- the name in the path
        as_of: Annotated[date | None, Query(description="As it was known on that day")] = None,
    ) -> Response:
        open_to(register.name, work.actor.role)
        if as_of is not None:
            return _json(await history.as_of(work, register, id, as_of))
        try:
            return await shown(work, register, id)
        except NotFound:  # merged into another: the old address leads there
            there = await survivor_of(work, register, id)
            return RedirectResponse(str(there), headers={"Cache-Control": "no-store"})

    @made.get("/{id}/history", response_model=history.History, **called(register, "history"))
    async def read_history(
        work: WorkDep,
        id: UUID,  # noqa: A002
        after: Annotated[int | None, Query(ge=1)] = None,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> history.History:
        open_to(register.name, work.actor.role)
        return await history.history(work, register, id, after, limit)


async def _page(work: Work, register: AnyRegister, query: ListQuery) -> Response:
    open_to(register.name, work.actor.role)
    found = await reading.listing(work, register, query)
    return _json(
        {
            "items": [record(work, register, row, reasons=False) for row in found.rows],
            "next": found.next,
            "total": found.total,
            "facets": await facets(work, register, query),
        }
    )


def _json(told: Mapping[str, Any]) -> Response:
    return Response(to_json(told), media_type=JSON, headers={"Cache-Control": "private, no-store"})


async def shown(work: Work, register: AnyRegister, record_id: UUID, status: int = 200) -> Response:
    """Return one record as an answer with its ETag. Raises NotFound."""
    row = await reading.one(work, register, record_id)
    told = record(work, register, row)
    await secrets.of_its_own(work, register, told)
    answer = _json(told)
    answer.status_code = status
    answer.headers["ETag"] = etag(row["version"])
    return answer


def _add_writes(made: APIRouter, register: AnyRegister) -> None:
    _add_create(made, register)
    _add_edits(made, register)
    if register.lifecycle is not None:
        _add_moves(made, register)


def _add_create(made: APIRouter, register: AnyRegister) -> None:
    @made.post(
        "",
        status_code=201,
        response_model=public_model(register),
        responses=documented(Forbidden),
        openapi_extra=body_of(register.body),
        **called(register, "create"),
    )
    async def create_record(
        work: WorkDep, key: KeyDep, given: Annotated[dict[str, Any], Body()]
    ) -> Response:
        open_to(register.name, work.actor.role)
        known = await idempotency.before(work, key)
        if known is None:
            row = await writing.create(work, register, given)
            answer = await shown(work, register, row.id, 201)
            place = f"/api/v1/{register.name}/{row.id}"
            known = Answer(201, bytes(answer.body).decode(), etag(row.version), place)
            await idempotency.after(work, key, known)
        headers = {"ETag": known.etag or "", "Location": known.location or ""}
        return Response(known.body, known.status, headers, JSON)


def _add_edits(made: APIRouter, register: AnyRegister) -> None:
    public = public_model(register)

    @made.put(
        "/{id}",
        response_model=public,
        responses=EDIT,
        openapi_extra=body_of(register.body),
        **called(register, "revise"),
    )
    async def revise_record(
        work: WorkDep,
        id: UUID,  # noqa: A002
        given: Annotated[dict[str, Any], Body()],
        version: IfMatch,
    ) -> Response:
        open_to(register.name, work.actor.role)
        await writing.revise(work, register, id, given, version)
        return await shown(work, register, id)

    @made.patch(
        "/{id}",
        response_model=public,
        responses=EDIT,
        openapi_extra=body_of(patch_model(register)),
        **called(register, "patch"),
    )
    async def patch_record(
        work: WorkDep,
        id: UUID,  # noqa: A002
        given: Annotated[dict[str, Any], Body()],
        version: IfMatch,
    ) -> Response:
        open_to(register.name, work.actor.role)
        await writing.patch(work, register, id, given, version)
        return await shown(work, register, id)

    @made.delete("/{id}", status_code=204, responses=EDIT, **called(register, "delete"))
    async def delete_record(work: WorkDep, id: UUID, version: IfMatch) -> None:  # noqa: A002
        open_to(register.name, work.actor.role)
        await writing.delete(work, register, id, version)


def _add_moves(made: APIRouter, register: AnyRegister) -> None:
    @made.post(
        "/{id}/moves/{move}",
        response_model=public_model(register),
        responses=EDIT | documented(IllegalMove),
        **called(register, "move"),
    )
    async def move_record(
        work: WorkDep,
        id: UUID,  # noqa: A002
        move: str,
        version: IfMatch,
        given: Annotated[dict[str, Any] | None, Body()] = None,
    ) -> Response:
        open_to(register.name, work.actor.role)
        await writing.move(work, register, id, move, given or {}, version)
        return await shown(work, register, id)


def _add_attachments(made: APIRouter, register: AnyRegister) -> None:
    @made.get(
        "/{id}/attachments",
        response_model=attachments.Attachments,
        **called(register, "attachments"),
    )
    async def list_attachments(work: WorkDep, id: UUID) -> attachments.Attachments:  # noqa: A002
        open_to(register.name, work.actor.role)
        return await attachments.attachments(work, register, id)

    @made.post(
        "/{id}/attachments",
        status_code=201,
        responses=documented(Forbidden),
        **called(register, "attach"),
    )
    async def add_attachment(
        work: WorkDep,
        id: UUID,  # noqa: A002
        file: UploadFile,
    ) -> attachments.AttachmentShown:
        open_to(register.name, work.actor.role)
        return await attachments.attach(work, register, id, file)

    @made.get("/{id}/attachments/{attachment_id}", **called(register, "attachment"))
    async def read_attachment(
        work: WorkDep,
        id: UUID,  # noqa: A002
        attachment_id: UUID,
    ) -> Response:
        open_to(register.name, work.actor.role)
        return await attachments.contents(work, register, id, attachment_id)

    @made.get(
        "/{id}/attachments/{attachment_id}/pages/{page}",
        response_class=Response,
        responses=documented(Conflict),
        **called(register, "attachment_page"),
    )
    async def read_attachment_page(
        work: WorkDep,
        id: UUID,  # noqa: A002
        attachment_id: UUID,
        page: Annotated[int, Path(ge=1, le=10_000)],
    ) -> Response:
        open_to(register.name, work.actor.role)
        return await attachments.page(work, register, id, attachment_id, page)

    @made.delete(
        "/{id}/attachments/{attachment_id}",
        status_code=204,
        responses=documented(Forbidden),
        **called(register, "detach"),
    )
    async def remove_attachment(work: WorkDep, id: UUID, attachment_id: UUID) -> None:  # noqa: A002
        open_to(register.name, work.actor.role)
        await attachments.detach(work, register, id, attachment_id)
