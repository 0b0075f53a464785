"""Who looks for doubles, and what they said are none: a pair dismissed is not proposed again."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from app.access.roles import Role, Wall, named, wall_of
from app.audit.work import Work
from app.core.errors import Forbidden
from app.core.labels import T
from app.registers import reading
from app.registers.directory import AnyRegister
from app.registers.doubles.tables import NotDuplicate
from app.registers.showing import Refusal

_ONLY = T(
    "只有{who}可以查找重复的{register}，请联系他们办理。",
    "Only {who} look for doubles among: {register}; ask one of them.",
)
_NOBODY = T(
    "这类记录由平台写入，不查重；如有重复，请联系系统管理员。",
    "Such records are the platform's and not compared; if two are one, tell the system"
    " administrator.",
)
_ABOVE = T(
    "这条记录在上级的库里，由上级单位判断是否重复；如有疑问，请联系他们。",
    "This record is in a library above yours; whether it is double is decided there, so ask them.",
)


def seekers(register: AnyRegister) -> frozenset[Role]:
    """Return the roles that look for doubles: those that enter or mend such records."""
    by = register.rights.create | register.rights.revise
    if register.lifecycle:
        by = by.union(*register.lifecycle.editable.values())
    return by


def require_seeker(work: Work, register: AnyRegister) -> None:
    """Raise Forbidden for a role that neither enters nor mends such records."""
    why = _not_among(work, register, seekers(register))
    if why:
        raise Forbidden(*why)


def _not_among(work: Work, register: AnyRegister, by: frozenset[Role]) -> Refusal | None:
    if work.actor.role in by:
        return None
    return (_ONLY, {"who": named(by), "register": register.label}) if by else (_NOBODY, {})


async def of(work: Work, register: AnyRegister, record_id: UUID) -> Iterable[UUID]:
    """Return the records that somebody said are not the same as one."""
    return [
        b if a == record_id else a
        for a, b in await everywhere(work, register)
        if record_id in (a, b)
    ]


async def everywhere(work: Work, register: AnyRegister) -> Sequence[tuple[UUID, UUID]]:
    """Return every pair of a register that somebody said is none."""
    if work.actor.wall is not Wall.staff:
        return []
    found = await work.session.execute(
        select(col(NotDuplicate.record_id), col(NotDuplicate.other_id)).where(
            col(NotDuplicate.register_name) == register.name
        )
    )
    return [(a, b) for a, b in found.all()]


async def dismiss(work: Work, register: AnyRegister, record_id: UUID, other: UUID) -> None:
    """Remember that two records are not the same. Raises NotFound, Forbidden."""
    one, two = await _both(work, register, record_id, other)
    statement = upsert(NotDuplicate).values(
        region_id=one.region_id,
        node_id=one.node_id,
        register_name=register.name,
        record_id=min(one.id, two.id),
        other_id=max(one.id, two.id),
        account_id=work.actor.account_id,
        account_name=work.actor.name,
    )
    await work.session.execute(statement.on_conflict_do_nothing())
    await _note(work, register, "not_same", one, two)


async def take_back_dismissal(
    work: Work, register: AnyRegister, record_id: UUID, other: UUID
) -> None:
    """Let two records be proposed as one again. Raises NotFound, Forbidden."""
    one, two = await _both(work, register, record_id, other)
    await work.session.execute(
        delete(NotDuplicate).where(
            col(NotDuplicate.record_id) == min(one.id, two.id),
            col(NotDuplicate.other_id) == max(one.id, two.id),
        )
    )
    await _note(work, register, "maybe_same", one, two)


async def _both(work: Work, register: AnyRegister, one: UUID, other: UUID) -> tuple[Any, Any]:
    row = await reading.row_of(work, register, one)
    by = frozenset(r for r in seekers(register) if wall_of(r) is Wall.staff)
    why = _not_among(work, register, by)
    if why is None and row.node_id not in work.actor.nodes:
        why = _ABOVE, {}
    if why:
        raise Forbidden(*why)
    return row, await reading.row_of(work, register, other)


async def _note(work: Work, register: AnyRegister, verb: str, one: Any, other: Any) -> None:
    await work.note(
        f"{register.name}.{verb}",
        register=register.name,
        record_id=one.id,
        record_label=str(getattr(one, register.title_field)),
        node_id=one.node_id,
        detail={"other": str(other.id)},
    )
