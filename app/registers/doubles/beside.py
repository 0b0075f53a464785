"""What stands beside a record and follows it into another: files, figures, comments, followers.

Every table made with ``Beside`` follows, unless it says ``follows_merge = False``: a new one needs
no word here. A row that the record it goes to has already (the same follower) stays where it is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Index,
    Table,
    and_,
    delete,
    func,
    not_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import col

from app.access.tables import Hat
from app.audit.work import Work
from app.core.clock import now
from app.registers.directory import AnyRegister
from app.registers.tables import Beside, PartyLink, Published

Rows = list[dict[str, Any]]


def tables() -> Iterator[Table]:
    """Yield the tables whose rows follow their record."""
    yield from (model.__table__ for model in _models() if model.follows_merge)  # type: ignore[attr-defined]


def _models() -> Iterator[type[Beside]]:
    waiting = list(Beside.__subclasses__())
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        if hasattr(model, "__table__"):
            yield model


def _naming(register: AnyRegister) -> Iterator[tuple[Table, str]]:
    """Yield the further columns of tables beside records that name one of ``register``."""
    for model in _models():
        for name, target in model.names_too.items():
            if target == register.name:
                yield model.__table__, name  # type: ignore[attr-defined]


async def move_names(work: Work, register: AnyRegister, old: UUID, new: UUID) -> dict[str, Rows]:
    """Let rows beside other records name ``new`` instead of ``old``; return which did."""
    found = {}
    for table, name in _naming(register):
        statement = update(table).where(table.c[name] == old).values({name: new})
        moved = await work.session.execute(statement.returning(*table.primary_key.columns))
        found[f"{table.name}.{name}"] = _plain([dict(row) for row in moved.mappings()])
    return found


async def move_names_back(
    work: Work, register: AnyRegister, old: UUID, new: UUID, moved: Mapping[str, Rows]
) -> None:
    """Undo :func:`move_names`, as far as the rows still name ``new``."""
    for table, name in _naming(register):
        for key in moved.get(f"{table.name}.{name}", ()):
            same = [table.c[n] == value for n, value in _typed(table, key).items()]
            statement = update(table).where(*same, table.c[name] == new).values({name: old})
            await work.session.execute(statement)


async def move_rows(work: Work, register: AnyRegister, old: Any, new: Any) -> dict[str, Rows]:
    """Move what stands beside ``old`` to ``new``; return, by table, the keys of what moved."""
    found = {}
    for table in sorted(tables(), key=lambda t: t.name):
        if not await _may_update(work, table):
            continue
        statement = (
            update(table)
            .where(
                table.c.region_id == old.region_id,
                table.c.register_name == register.name,
                table.c.record_id == old.id,
                *(not_(taken) for taken in _taken(table, new.id)),
            )
            .values(record_id=new.id, node_id=new.node_id)
            .returning(*table.primary_key.columns)
        )
        moved = [dict(row) for row in (await work.session.execute(statement)).mappings()]
        if moved:
            found[table.name] = _plain(moved)
    return found


async def move_rows_back(work: Work, old: Any, new: Any, moved: Mapping[str, Rows]) -> None:
    """Give ``old`` back what :func:`move_rows` took to ``new``, as far as it is still there."""
    for table in tables():
        for key in moved.get(table.name, ()):
            await work.session.execute(
                update(table)
                .where(*(table.c[name] == value for name, value in _typed(table, key).items()))
                .where(table.c.record_id == new.id)
                .values(record_id=old.id, node_id=old.node_id)
            )


async def counted(work: Work, register: AnyRegister, record_id: UUID) -> dict[str, int]:
    """Return how many rows stand beside a record, by table: those that would follow it."""
    found = {}
    for table in tables():
        if not await _may_update(work, table):
            continue
        where = [table.c.record_id == record_id, table.c.register_name == register.name]
        where += [table.c[n].is_(None) for n in ("deleted_at", "superseded_at") if n in table.c]
        n = await work.session.scalar(select(func.count()).select_from(table).where(*where))
        if n:
            found[table.name] = int(n)
    return found


async def _may_update(work: Work, table: Table) -> bool:
    """Say whether this login changes such rows; what nobody changes is evidence and stays."""
    return bool(await work.session.scalar(select(func.has_table_privilege(table.name, "UPDATE"))))


def _taken(table: Table, record_id: UUID) -> Iterator[ColumnElement[bool]]:
    """Yield, for each key of ``table`` no row has twice, that the other record has it already."""
    keys: list[tuple[Sequence[str], str | None]] = [([c.name for c in table.primary_key], None)]
    keys += [
        ([c.name for c in index.columns], _predicate(index))
        for index in table.indexes
        if index.unique
    ]
    for names, predicate in keys:
        if "record_id" not in names:
            continue
        there = table.alias()
        same = [there.c[n] == table.c[n] for n in names if n != "record_id"]
        live = [text(predicate)] if predicate else []  # read by the innermost table it can mean
        twin = select(there.c.record_id).where(there.c.record_id == record_id, *same, *live)
        yield and_(*live, twin.correlate(table).exists())


def _predicate(index: Index) -> str | None:
    where = index.dialect_options["postgresql"]["where"]
    return None if where is None else str(where)


def _plain(rows: Rows) -> Rows:
    return [{n: str(v) if isinstance(v, UUID) else v for n, v in row.items()} for row in rows]


def _typed(table: Table, key: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: UUID(value) if table.c[name].type.python_type is UUID else value
        for name, value in key.items()
    }


async def links_about(work: Work, old: UUID, new: UUID, records: Iterable[UUID]) -> Rows:
    """Return who sees what of all that a merge may touch: two parties, and these records."""
    either = [old, new]
    found = await _links(
        work,
        col(PartyLink.record_id).in_([*either, *records]) | col(PartyLink.party_id).in_(either),
    )
    return [link.model_dump(mode="json") for link in found]


async def _links(work: Work, where: ColumnElement[bool]) -> list[PartyLink]:
    """Return links as the database has them now, not as the session remembers them."""
    rows = await work.session.execute(
        select(PartyLink).where(where).execution_options(populate_existing=True)
    )
    return list(rows.scalars())


async def move_links(work: Work, old: Any, new: Any) -> None:
    """Let who saw ``old`` see ``new``, and ``new`` see what ``old`` saw."""
    mine = (col(PartyLink.record_id) == old.id) | (col(PartyLink.party_id) == old.id)
    found = await _links(work, mine)
    await work.session.execute(
        delete(PartyLink).where(mine).execution_options(synchronize_session=False)
    )
    for link in found:
        turned = link.model_dump()
        if link.record_id == old.id:
            turned |= {"record_id": new.id, "node_id": new.node_id}
        if link.party_id == old.id:
            turned["party_id"] = new.id
        await work.session.execute(upsert(PartyLink).values(**turned).on_conflict_do_nothing())


def links_changed(before: Rows, after: Rows) -> dict[str, Rows]:
    """Return which links went and which came, with since when, to turn it back exactly."""
    return {
        "gone": [link for link in before if link not in after],
        "made": [link for link in after if link not in before],
    }


async def move_links_back(work: Work, moved: Mapping[str, Rows]) -> None:
    """Let everybody see what they saw before a merge, as far as it touched that."""
    for made in moved["made"]:
        await work.session.execute(
            delete(PartyLink).where(
                col(PartyLink.party_id) == UUID(made["party_id"]),
                col(PartyLink.record_id) == UUID(made["record_id"]),
            )
        )
    for gone in moved["gone"]:
        link = PartyLink.model_validate(gone)
        values = link.model_dump()
        await work.session.execute(
            upsert(PartyLink)
            .values(**values)
            .on_conflict_do_update(
                index_elements=["party_id", "record_id", "region_id"],
                set_={"since": values["since"]},
            )
        )


async def move_hats(work: Work, register: AnyRegister, old: UUID, new: UUID) -> dict[str, Rows]:
    """Let accounts that spoke for ``old`` speak for ``new``; a second hat for it ends."""
    mine = select(Hat).where(
        col(Hat.party_register) == register.name,
        col(Hat.party_id) == old,
        col(Hat.ended_at).is_(None),
    )
    hats = (await work.session.execute(mine.with_for_update())).scalars().all()
    there = select(Hat).where(col(Hat.party_id) == new, col(Hat.ended_at).is_(None))
    has = {
        (hat.account_id, hat.role, hat.organisation_id)
        for hat in (await work.session.execute(there)).scalars()
    }
    moved: dict[str, Rows] = {"moved": [], "ended": []}
    for hat in hats:
        twice = (hat.account_id, hat.role, hat.organisation_id) in has
        if twice:
            hat.ended_at = now()
        else:
            hat.party_id = new
        moved["ended" if twice else "moved"].append({"id": str(hat.id)})
    await work.session.flush()
    return moved


async def move_hats_back(work: Work, old: UUID, new: UUID, moved: Mapping[str, Rows]) -> None:
    """Undo :func:`move_hats`; a hat taken away since stays away."""
    ids = {key: [UUID(hat["id"]) for hat in told] for key, told in moved.items()}
    table = update(Hat).execution_options(synchronize_session=False)
    await work.session.execute(
        table.where(col(Hat.id).in_(ids["moved"]), col(Hat.party_id) == new).values(party_id=old)
    )
    await work.session.execute(table.where(col(Hat.id).in_(ids["ended"])).values(ended_at=None))


async def published_at(work: Work, record_id: UUID) -> str | None:
    """Return since when a record is published, to publish it again as of then."""
    at = await work.session.scalar(
        select(col(Published.published_at)).where(col(Published.record_id) == record_id)
    )
    return at.isoformat() if at else None


async def published_as_of(work: Work, record_id: UUID, at: str | None) -> None:
    """Let a record that is published again be so since ``at``."""
    if at is not None:
        await work.session.execute(
            update(Published)
            .where(col(Published.record_id) == record_id)
            .values(published_at=datetime.fromisoformat(at))
            .execution_options(synchronize_session=False)
        )
