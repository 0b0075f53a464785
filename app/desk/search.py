"""/search: one question to every register the actor sees, a few records of each."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import Text, cast, literal, null, select, union_all
from sqlmodel import col

from app.audit.requests import WorkDep
from app.audit.work import Work
from app.core.errors import Invalid, Unauthenticated
from app.core.http import documented
from app.core.text import tsquery_literal
from app.registers import directory, reading
from app.registers.directory import AnyRegister
from app.registers.fields import Disclosure
from app.registers.visibility import visible

router = APIRouter(tags=["search"], responses=documented(Unauthenticated, Invalid))

_EACH = 5  # records of a register


class Hit(BaseModel):
    id: UUID
    title: str
    state_label: str | None


class Hits(BaseModel):
    register_name: str
    label: str
    items: list[Hit]


class Found(BaseModel):
    registers: list[Hits]


@router.get("/search", operation_id="search", summary="Records of every register I see, by words")
async def search(
    work: WorkDep,
    q: Annotated[str, Query(min_length=1, max_length=200)],
    limit: Annotated[int, Query(ge=1, le=20, description="Records of a register")] = _EACH,
) -> Found:
    """Search titles and texts in either script, and names by initials."""
    asked = [r for r in directory.everything() if _shows_titles(work, r)]
    if not asked or tsquery_literal(q) is None:
        return Found(registers=[])
    rows = (await work.session.execute(union_all(*(_part(work, r, q, limit) for r in asked)))).all()
    told: dict[str, list[Hit]] = {}
    for name, record_id, title, state, _ in sorted(rows, key=lambda row: -row[4]):
        label = _state(work, directory.named(name), state)
        told.setdefault(name, []).append(Hit(id=record_id, title=title or "", state_label=label))
    return Found(
        registers=[
            Hits(register_name=r.name, label=r.label.in_(work.locale), items=told[r.name])
            for r in asked
            if r.name in told
        ]
    )


def _shows_titles(work: Work, register: AnyRegister) -> bool:
    role = work.actor.role
    title = register.all_fields[register.title_field]
    return role in register.rights.read and title.disclosure(role) is Disclosure.plain


def _part(work: Work, register: AnyRegister, q: str, limit: int) -> Any:
    row = register.row
    hits = reading.hits(register, q)
    state = cast(row.state, Text) if register.lifecycle else cast(null(), Text)
    title = cast(getattr(row, register.title_field), Text)
    return (
        select(literal(register.name), col(row.id), title, state, hits.c.rank)
        .join(hits, hits.c.record_id == col(row.id))
        .where(visible(register, work.actor))
        .order_by(hits.c.rank.desc(), col(row.id).desc())
        .limit(limit)
        .subquery()
        .select()
    )


def _state(work: Work, register: AnyRegister, state: str | None) -> str | None:
    states = register.lifecycle.states if register.lifecycle else {}
    found = next((told for value, told in states.items() if str(value) == state), None)
    return found.label.in_(work.locale) if found else None
