"""What a request for many changes asks: which records, and what is to become of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.access.roles import Role
from app.audit.work import Work
from app.core.errors import FieldError, Forbidden, Invalid
from app.core.labels import T
from app.core.validation import invalid
from app.registers import lifecycle, reading, writing
from app.registers.directory import AnyRegister
from app.registers.filters import ListQuery, query_model
from app.registers.rights import only
from app.registers.showing import may_write, never_edits

AT_ONCE = 500
_MOST = 20_000
_OF_PAGES = frozenset({"after", "offset", "limit", "count", "facets", "fields"})
_ONLY = T(
    "只有{who}可以批量修改{register}，请联系他们办理。",
    "Only {who} may edit in bulk: {register}; ask one of them.",
)
_NEVER = T(
    "这类记录不能批量修改，请逐条办理。",
    "Such records are not edited in bulk; deal with them one by one.",
)
_ONE_WAY = T(
    "请说明要改哪些记录：ids、rows 或 query，三者取一。",
    "Say which records to change: by ids, rows or query, exactly one of them.",
)
_ONE_THING = T(
    "请说明要做什么：修改内容（patch）或操作（move），二者取一。",
    "Say what to do: a patch or a move, exactly one of them.",
)
_NO_FIELD = T(
    "没有这一项，或者您不能填写；请从列出的项目中选择。",
    "There is no such field you may fill in; choose one of those listed.",
)
_TWICE = T(
    "同一条记录出现了两次，请只保留其中一行。",
    "The same record is named twice; keep one of the rows.",
)
TOO_MANY = T(
    "一次最多修改 {most} 条，符合条件的有更多；请加上筛选条件，分几次进行。",
    "At most {most} records are changed at once and more match; narrow the list and do it "
    "in parts.",
)


class RowAsked(BaseModel):
    """One record to change, at the version it was seen in, perhaps with its own new values."""

    model_config = ConfigDict(extra="forbid")
    id: UUID
    version: int | None = None
    patch: dict[str, Any] | None = None


class BatchAsked(BaseModel):
    """Which records, and what is to become of them."""

    model_config = ConfigDict(extra="forbid")
    ids: list[UUID] | None = Field(default=None, max_length=_MOST)
    rows: list[RowAsked] | None = Field(default=None, max_length=_MOST)
    query: dict[str, Any] | None = Field(default=None, description="As the list takes it")
    patch: dict[str, Any] | None = None
    move: str | None = Field(default=None, max_length=64)
    form: dict[str, Any] = Field(default_factory=dict)
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A batch as it was understood: which rows, in which order, and what is done to each."""

    rows: tuple[RowAsked, ...]
    patch: Mapping[str, Any] | None
    move: str | None
    form: Mapping[str, Any]
    dry_run: bool

    def of(self, asked: RowAsked) -> dict[str, Any]:
        return {**(self.patch or {}), **(asked.patch or {})}


def may_batch(register: AnyRegister, role: Role) -> bool:
    """Say whether the role ever changes such a record."""
    return role in _changers(register)


def _changers(register: AnyRegister) -> frozenset[Role]:
    life = register.lifecycle
    if life is None:
        return register.rights.revise
    return frozenset().union(*life.editable.values(), *(move.by for move in life.moves.values()))


async def planned(work: Work, register: AnyRegister, given: Mapping[str, Any]) -> Plan:
    """Return what a request asks for. Raises Forbidden, Invalid, NotFound."""
    changers = _changers(register)
    if work.actor.role not in changers:
        raise Forbidden(*only(changers, _ONLY, _NEVER, register.label))
    try:
        asked = BatchAsked.model_validate(given)
    except ValidationError as exc:
        raise invalid(exc.errors()) from exc
    _require_one_thing(work, register, asked)
    rows = await _rows(work, register, asked)
    return Plan(rows, asked.patch, asked.move, asked.form, asked.dry_run)


def _require_one_thing(work: Work, register: AnyRegister, asked: BatchAsked) -> None:
    ways = [way for way in (asked.ids, asked.rows, asked.query) if way is not None]
    if len(ways) != 1:
        raise Invalid.of(FieldError("", "which", _ONE_WAY))
    own = any(row.patch is not None for row in asked.rows or ())
    if (asked.patch is not None or own) == (asked.move is not None):
        raise Invalid.of(FieldError("", "what", _ONE_THING))
    if asked.move is not None:
        _require_move(work, register, asked)
        return
    never = never_edits(register, work.actor)
    if never:
        raise Forbidden(*never)
    mine = {f.name for f in register.fields if may_write(f, work.actor)}
    named = set(asked.patch or ()).union(*(row.patch or () for row in asked.rows or ()))
    if named - mine:
        raise Invalid.of(
            *(FieldError(f"/patch/{name}", "not_writable", _NO_FIELD) for name in named - mine)
        )


def _require_move(work: Work, register: AnyRegister, asked: BatchAsked) -> None:
    if register.lifecycle is None:
        raise Forbidden(_NEVER)
    step = register.lifecycle.move(asked.move or "")
    never = lifecycle.never_moves(register.lifecycle, asked.move or "", work.actor)
    if never:
        raise Forbidden(*never)
    writing.form_of(step.form, asked.form)


async def _rows(work: Work, register: AnyRegister, asked: BatchAsked) -> tuple[RowAsked, ...]:
    if asked.query is None:
        rows = asked.rows or [RowAsked(id=one) for one in asked.ids or ()]
        if asked.rows and len({row.id for row in rows}) < len(rows):
            raise Invalid.of(FieldError("/rows", "twice", _TWICE))
        return tuple({row.id: row for row in rows}.values())
    found = await listed(work, register, asked.query, _MOST + 1)
    if len(found) > _MOST:
        raise Invalid(TOO_MANY, {"most": _MOST})
    return tuple(RowAsked(id=one, version=version) for one, version in found)


async def listed(
    work: Work, register: AnyRegister, question: Mapping[str, Any], most: int
) -> Sequence[tuple[UUID, int]]:
    """Return id and version of the first ``most`` records a list shows. Raises Invalid."""
    wanted = {
        name: value if isinstance(value, list) or not _listed(name) else [value]
        for name, value in question.items()
        if name not in _OF_PAGES
    }
    try:
        query = query_model(register).model_validate(wanted)
    except ValidationError as exc:
        raise invalid(exc.errors()) from exc
    return await reading.identities(work, register, query, most)


def _listed(name: str) -> bool:
    """Say whether a parameter of the list takes several values: an address gives one as itself."""
    return "__" not in name and name not in ListQuery.model_fields
