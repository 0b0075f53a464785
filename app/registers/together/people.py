"""Whom one may mention at a record: people who see it and take part in talking about it."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import bindparam, exists, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid
from sqlmodel import col

from app.access.actor import Actor
from app.access.roles import LABELS, Role
from app.access.wearing import wearing
from app.audit.work import Work
from app.registers.directory import AnyRegister
from app.registers.visibility import visible

_SHOWN = 8
_NEAR = text("SELECT park_near(:node, :record, :like, :hats)").bindparams(
    bindparam("hats", type_=ARRAY(Uuid))
)


class PersonShown(BaseModel):
    id: UUID
    name: str
    role_label: str
    organisation: str


class People(BaseModel):
    items: list[PersonShown]


async def people(
    work: Work, register: AnyRegister, row: Any, q: str, roles: Collection[Role]
) -> People:
    """Return the first few people whose name contains ``q``."""
    like = "%" + q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    found = await _seeing(work, register, row, roles, like=like)
    return People(items=[_shown(work, actor) for actor in found[:_SHOWN]])


async def among(
    work: Work, register: AnyRegister, row: Any, hats: Collection[UUID], roles: Collection[Role]
) -> Sequence[Actor]:
    """Return those of ``hats`` that may be mentioned at a record."""
    return await _seeing(work, register, row, roles, hats=list(hats)) if hats else []


async def _seeing(
    work: Work,
    register: AnyRegister,
    row: Any,
    roles: Collection[Role],
    like: str | None = None,
    hats: list[UUID] | None = None,
) -> list[Actor]:
    """Return who is near the record, in one of ``roles``, and sees it by the register's rule."""
    asked = {"node": row.node_id, "record": row.id, "like": like, "hats": hats}
    near = (await work.session.execute(_NEAR, asked)).scalars().all()
    actors = [a for a in await wearing(work.session, near) if a.role in roles]
    if not actors:
        return []
    seen = [
        exists().where(col(register.row.id) == row.id, visible(register, actor)).label(f"seen_{n}")
        for n, actor in enumerate(actors)
    ]
    told = (await work.session.execute(select(*seen))).one()
    return [actor for actor, sees in zip(actors, told, strict=True) if sees]


def _shown(work: Work, actor: Actor) -> PersonShown:
    return PersonShown(
        id=actor.hat_id or actor.account_id,  # these actors come from hats
        name=actor.name,
        role_label=LABELS[actor.role].in_(work.locale),
        organisation=actor.organisation_name,
    )
