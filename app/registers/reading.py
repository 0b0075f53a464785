"""The one read path: lists, single records and counts of every register, seen by one actor.

Every statement carries the register's visibility predicate and selects only what the field policy
discloses. A list is one statement, whatever the register (plus one per facet or count asked for).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Float,
    Select,
    Text,
    and_,
    any_,
    case,
    cast,
    func,
    null,
    select,
)
from sqlalchemy import column as sql_column
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.util import ClauseAdapter
from sqlmodel import col

from app.access.actor import Actor
from app.audit.work import Work
from app.core.errors import NotFound
from app.core.text import tsquery_literal
from app.registers import directory
from app.registers.directory import AnyRegister
from app.registers.disclosure import ALWAYS, column, visible_fields
from app.registers.fields import Disclosure, F, Kind
from app.registers.filters import ListQuery, conditions, fields_asked
from app.registers.ordering import Key, beyond, cursor_at, id_of, keys, ordering
from app.registers.visibility import visible

_HIDDEN = "_k"  # prefix of selected columns that are not shown


@dataclass(frozen=True, slots=True)
class Listing:
    """One page: rows as mappings of selected columns, the next cursor, what else was asked."""

    rows: Sequence[Mapping[str, Any]]
    next: str | None
    total: int | None


def selected(
    register: AnyRegister, actor: Actor, only: frozenset[str] | None = None
) -> list[ColumnElement[Any]]:
    """Return the columns ``actor`` may read, labels of references among them."""
    row = register.row
    found: list[ColumnElement[Any]] = [getattr(row, name) for name in ALWAYS]
    taken = set(ALWAYS)
    for name, f in visible_fields(register, actor.role).items():
        if name in taken or (only is not None and name not in only and name != "state"):
            continue
        taken.add(name)
        found.append(column(row, f, actor.role))
        if f.kind is Kind.reference and f.leads_to:
            found.append(_label_of(register, f, actor).label(f"{_HIDDEN}label_{name}"))
        if f.kind is Kind.references and f.reference:
            found.append(_labels_of(register, name, f.reference, actor))
    for name in register.guard_columns:
        if name not in taken:
            taken.add(name)
            found.append(getattr(row, name).label(f"{_HIDDEN}{name}"))
    return found


def _label_of(register: AnyRegister, f: F, actor: Actor) -> ColumnElement[Any]:
    """Return a reference's title as this actor may see it, else null."""
    if f.reference_by is None:
        return _title(register, f.name, f.leads_to[0], actor)
    named = getattr(register.row, f.reference_by)
    return case(
        *((named == target, _title(register, f.name, target, actor)) for target in f.leads_to)
    )


def _title(register: AnyRegister, name: str, reference: str, actor: Actor) -> ColumnElement[Any]:
    target = directory.named(reference)
    said = target.all_fields[target.title_field].disclosure(actor.role)
    if said is not Disclosure.plain:
        return null()
    there = target.row.__table__.alias()
    title = there.c[target.title_field]
    mine = getattr(register.row, name)
    seen = ClauseAdapter(there).traverse(visible(target, actor))
    found = select(title).where(there.c.id == mine, seen)
    if target is not register:
        found = select(getattr(target.row, target.title_field)).where(
            col(target.row.id) == mine, visible(target, actor)
        )
    return found.scalar_subquery()


def _labels_of(
    register: AnyRegister, name: str, reference: str, actor: Actor
) -> ColumnElement[Any]:
    """Return the titles of a list of references, by id: those this actor may see."""
    target = directory.named(reference)
    title = getattr(target.row, target.title_field)
    told = select(func.jsonb_object_agg(cast(col(target.row.id), Text), title)).where(
        col(target.row.id) == any_(getattr(register.row, name)), visible(target, actor)
    )
    return told.scalar_subquery().label(f"{_HIDDEN}label_{name}")


def scope(
    register: AnyRegister, work: Work, query: ListQuery, skip: str | None = None
) -> tuple[list[ColumnElement[bool]], Any]:
    """Return the predicates of ``query`` and, for a search, the function's table of hits."""
    where = [visible(register, work.actor)]
    where += conditions(register, work.actor, query, skip)
    return where, hits(register, query.q) if query.q and query.q.strip() else None


def hits(register: AnyRegister, q: str) -> Any:
    """Return ``park_search`` as a table (record_id, rank); it applies the scope itself."""
    literal = tsquery_literal(q)
    found = func.park_search(register.name, literal or "")
    return found.table_valued(
        sql_column("record_id", postgresql.UUID), sql_column("rank", Float), name="hits"
    )


def joined(statement: Select[Any], register: AnyRegister, hits_: Any) -> Select[Any]:
    if hits_ is None:
        return statement
    return statement.join(hits_, hits_.c.record_id == col(register.row.id))


async def listing(work: Work, register: AnyRegister, query: ListQuery) -> Listing:
    """Return one page of what ``work.actor`` may see. Raises Invalid, BadRequest."""
    where, found = scope(register, work, query)
    order = _order(register, work.actor, query, found)
    only = fields_asked(register, work.actor, query)
    columns = selected(register, work.actor, only)
    columns += [key.sql.label(f"{_HIDDEN}{n}") for n, key in enumerate(order)]
    statement = joined(select(*columns), register, found).where(*where)
    if query.after:
        statement = statement.where(beyond(order, query.after))
    if query.offset:
        statement = statement.where(
            id_of(register).in_(_window(register, query, where, found, order))
        )
    statement = statement.order_by(*ordering(order)).limit(query.limit + 1)
    rows = (await work.session.execute(statement)).mappings().all()
    more, rows = len(rows) > query.limit, rows[: query.limit]
    last = [rows[-1][f"{_HIDDEN}{n}"] for n in range(len(order))] if more else None
    total = await counted(work, register, query) if query.count else None
    return Listing(rows, cursor_at(order, last) if last else None, total)


def _window(
    register: AnyRegister, query: ListQuery, where: Sequence[Any], found: Any, order: list[Key]
) -> Select[Any]:
    """Return the ids of one window of a list: what lies before it is passed over unread."""
    ids = joined(select(id_of(register)), register, found).where(*where)
    return ids.order_by(*ordering(order)).offset(query.offset).limit(query.limit + 1)


def _order(register: AnyRegister, actor: Actor, query: ListQuery, found: Any) -> list[Key]:
    if found is not None and not query.sort:
        rank = Key("rank", found.c.rank, float, descending=True)
        return [rank, Key("id", id_of(register), UUID, descending=True)]
    return keys(register, actor, query.sort or register.default_sort)


async def counted(work: Work, register: AnyRegister, query: ListQuery) -> int:
    """Return how many records match, all pages together."""
    where, found = scope(register, work, query)
    statement = joined(select(func.count()).select_from(register.row), register, found)
    return int(await work.session.scalar(statement.where(*where)) or 0)


async def identities(
    work: Work, register: AnyRegister, query: ListQuery, most: int
) -> Sequence[tuple[UUID, int]]:
    """Return id and version of the first ``most`` records that match, in the list's order."""
    where, found = scope(register, work, query)
    order = _order(register, work.actor, query, found)
    row = register.row
    statement = joined(select(col(row.id), col(row.version)), register, found).where(*where)
    statement = statement.order_by(*ordering(order)).limit(most)
    return [(one, version) for one, version in (await work.session.execute(statement)).all()]


async def one(work: Work, register: AnyRegister, record_id: UUID) -> Mapping[str, Any]:
    """Return one record's selected columns. Raises NotFound, also for what may not be seen."""
    statement = select(*selected(register, work.actor)).where(
        and_(col(register.row.id) == record_id, visible(register, work.actor))
    )
    found = (await work.session.execute(statement)).mappings().one_or_none()
    if found is None:
        raise NotFound
    return dict(found)


async def row_of(work: Work, register: AnyRegister, record_id: UUID, *, lock: bool = False) -> Any:
    """Return the row itself, for a verb to work on. Raises NotFound."""
    statement = select(register.row).where(
        col(register.row.id) == record_id, visible(register, work.actor)
    )
    if lock:
        statement = statement.with_for_update(of=register.row)
    found = (await work.session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


async def titles(work: Work, register: AnyRegister, ids: Iterable[str]) -> dict[str, str]:
    """Return the titles of those of ``ids`` that this actor may see, by id."""
    said = register.all_fields[register.title_field].disclosure(work.actor.role)
    if said is not Disclosure.plain:
        return {}
    row = register.row
    statement = select(col(row.id), getattr(row, register.title_field)).where(
        col(row.id).in_([UUID(one) for one in ids]), visible(register, work.actor)
    )
    return {str(i): str(title) for i, title in (await work.session.execute(statement)).all()}
