"""Two records side by side before they are merged: each field of both, and what would follow."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, or_, select

from app.audit.work import Work
from app.core.errors import Forbidden
from app.core.labels import T
from app.registers import directory, history, reading, secrets
from app.registers.directory import AnyRegister
from app.registers.doubles import beside, pointers, rights
from app.registers.doubles.rights import Pair
from app.registers.fields import Disclosure
from app.registers.keeping import stored
from app.registers.showing import may_write
from app.registers.visibility import visible

#: What stands beside a record, in words; a table without any is counted with the rest.
_BESIDE = {
    "attachment": T("附件", "Files"),
    "observation": T("年度数据", "Figures of years"),
    "comment": T("评论", "Comments"),
    "follower": T("关注的人", "Followers"),
    "invitation_link": T("答复链接", "Links to answer by"),
}
_OTHER = T("其他附属内容", "Other attached rows")


class Side(BaseModel):
    id: UUID
    version: int
    title: str
    created_at: datetime
    updated_at: datetime


class ComparedField(BaseModel):
    """One field of both, as this actor sees it; ``suggested`` keeps what is not empty."""

    field: str
    label: str
    section: str
    this: str | None
    other: str | None
    differs: bool
    writable: bool
    suggested: str


class Following(BaseModel):
    """What points at, or stands beside, the record that goes: it will be the survivor's."""

    label: str
    count: int


class Comparison(BaseModel):
    this: Side
    other: Side
    fields: list[ComparedField]
    following: list[Following]
    possible: bool
    why: str | None


async def compare(work: Work, register: AnyRegister, record_id: UUID, other: UUID) -> Comparison:
    """Return two records side by side. Raises NotFound, Forbidden."""
    survivor = await reading.row_of(work, register, record_id)
    never = rights.never_merges(register, work.actor.role)
    if never:
        raise Forbidden(*never)
    pair = Pair(survivor, await reading.row_of(work, register, other))
    why = rights.refusal(work, register, pair)
    return Comparison(
        this=_side(register, pair.survivor),
        other=_side(register, pair.loser),
        fields=await _fields(work, register, pair),
        following=await _following(work, register, pair.loser),
        possible=why is None,
        why=why[0].filled(work.locale, why[1]) if why else None,
    )


def _side(register: AnyRegister, row: Any) -> Side:
    return Side(
        id=row.id,
        version=row.version,
        title=str(getattr(row, register.title_field)),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


async def _fields(work: Work, register: AnyRegister, pair: Pair) -> list[ComparedField]:
    this, other = stored(register, pair.survivor), stored(register, pair.loser)
    changes = history.compared(work, register, this, other)
    await history.name_references(work, register, changes)
    unlike = await _unlike_secrets(work, register, pair)
    found = []
    for told in changes:
        f = register.all_fields[told.field]
        differs = told.old != told.new
        if f.secret:
            differs = differs or told.field in unlike
        writable = may_write(f, work.actor)
        empty = told.old in (None, "", [])
        found.append(
            ComparedField(
                field=told.field,
                label=told.label,
                section=f.section,
                this=told.old_label,
                other=told.new_label,
                differs=differs,
                writable=writable,
                suggested="other" if writable and empty and differs else "this",
            )
        )
    return found


async def _unlike_secrets(work: Work, register: AnyRegister, pair: Pair) -> set[str]:
    """Return the personal fields in which the two differ, where the actor might ask for them.

    Masks alike may stand for different values; shown are the masks all the same.
    """
    role = work.actor.role
    plain = [f.name for f in register.secrets if f.disclosure(role) is Disclosure.plain]
    this = await secrets.values_of(work, register, pair.survivor.id, plain)
    other = await secrets.values_of(work, register, pair.loser.id, plain)
    return {name for name in plain if this.get(name) != other.get(name)}


async def _following(work: Work, register: AnyRegister, loser: Any) -> list[Following]:
    """Count what would follow, as far as this actor sees it; the rest follows too, untold."""
    found = []
    by_register: dict[str, list[Any]] = {}
    for pointer in pointers.pointers_at(register):
        where = pointer.at(register.name, loser.id)
        by_register.setdefault(pointer.register.name, []).append(where)
    for name, points in by_register.items():
        other = directory.named(name)
        statement = (
            select(func.count())
            .select_from(other.row)
            .where(or_(*points), visible(other, work.actor), other.row.id != loser.id)
        )
        n = int(await work.session.scalar(statement) or 0)
        if n:
            found.append(Following(label=other.label.in_(work.locale), count=n))
    counts: dict[T, int] = {}
    for table, n in (await beside.counted(work, register, loser.id)).items():
        words = _BESIDE.get(table, _OTHER)
        counts[words] = counts.get(words, 0) + n
    found += [Following(label=words.in_(work.locale), count=n) for words, n in counts.items()]
    return found
