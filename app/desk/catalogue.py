"""/registers, /codes and /public: what the screens are drawn from, and what everybody may read."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from sqlalchemy import select, tuple_
from sqlmodel import col

from app.audit.requests import DoorDep, WorkDep
from app.catalogues.codes import UnknownScheme, code_label, find_codes
from app.core.errors import BadRequest, Invalid, NotFound, Unauthenticated
from app.core.http import documented, locale_of
from app.core.labels import T
from app.registers import directory
from app.registers.schema import RegisterSchema, RegisterSummary, schema, summary
from app.registers.tables import Published

router = APIRouter(responses=documented(Unauthenticated, NotFound))
public = APIRouter(prefix="/public", tags=["public"], responses=documented(Invalid, NotFound))

_PUBLIC = frozenset({"needs", "achievements"})
_BAD_CURSOR = T("翻页标记无效，请从第一页重新开始。", "The cursor is not valid; start again.")


@router.get(
    "/registers", tags=["registers"], operation_id="registers_list", summary="Registers I may see"
)
async def list_registers(work: WorkDep) -> list[RegisterSummary]:
    seen = (r for r in directory.everything() if work.actor.role in r.rights.read)
    return [summary(work, register) for register in seen]


@router.get(
    "/registers/{name}",
    tags=["registers"],
    operation_id="registers_read",
    summary="Fields, words, states and rights of a register",
)
async def read_register(work: WorkDep, name: str) -> RegisterSchema:
    return schema(work, directory.open_to(name, work.actor.role))


class CodeShown(BaseModel):
    code: str
    label: str
    level: int
    parent: str | None


class Codes(BaseModel):
    items: list[CodeShown]


@router.get(
    "/codes/{scheme}", tags=["codes"], operation_id="codes_list", summary="Codes of a catalogue"
)
async def list_codes(
    work: WorkDep,
    scheme: str,
    q: Annotated[str | None, Query(max_length=64)] = None,
    parent: Annotated[str | None, Query(max_length=16)] = None,
    limit: Annotated[int, Query(ge=1, le=2000)] = 50,
) -> Codes:
    try:
        found = find_codes(scheme, q=q, parent=parent, limit=limit)
    except UnknownScheme as exc:
        raise NotFound from exc
    return Codes(
        items=[
            CodeShown(code=c.code, label=c.label(work.locale), level=c.level, parent=c.parent)
            for c in found.items
        ]
    )


class PublishedShown(BaseModel):
    id: UUID
    title: str
    text: str
    field: str | None
    field_label: str | None
    kind: str | None
    published_at: datetime


class PublishedPage(BaseModel):
    items: list[PublishedShown]
    next: str | None


@public.get("/{register}", operation_id="public_list", summary="What is published, to anybody")
async def list_published(
    request: Request,
    session: DoorDep,
    register: str,
    after: Annotated[str | None, Query(max_length=100)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> PublishedPage:
    if register not in _PUBLIC:
        raise NotFound
    statement = select(Published).where(col(Published.register_name) == register)
    key = tuple_(col(Published.published_at), col(Published.record_id))
    if after:
        statement = statement.where(key < tuple_(*_position(after)))
    statement = statement.order_by(
        col(Published.published_at).desc(), col(Published.record_id).desc()
    )
    found = list((await session.execute(statement.limit(limit + 1))).scalars())
    page = found[:limit]
    more = _cursor(page[-1]) if len(found) > limit else None
    return PublishedPage(items=[_published(p, locale_of(request)) for p in page], next=more)


def _cursor(last: Published) -> str:
    return f"{last.published_at.isoformat()}_{last.record_id}"


def _published(found: Published, locale: str) -> PublishedShown:
    field = found.payload.get("field")
    return PublishedShown(
        id=found.record_id,
        title=found.payload.get("title", ""),
        text=found.payload.get("text", ""),
        field=field,
        field_label=code_label("hightech_field", field, locale) if field else None,
        kind=found.payload.get("kind"),
        published_at=found.published_at,
    )


def _position(after: str) -> tuple[datetime, UUID]:
    at, _, record_id = after.partition("_")
    try:
        return datetime.fromisoformat(at), UUID(record_id)
    except ValueError as exc:
        raise BadRequest(_BAD_CURSOR) from exc
