"""Keeping many rows by one act: a few statements a chunk, then the rows are let go.

The unit of work updates a versioned row with a statement of its own and holds on to every row it
has seen; five thousand rows pay for both. Here rows that change in the same columns are updated
together, each still only in the version it was read in.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, bindparam, update
from sqlalchemy.orm.exc import StaleDataError

from app.audit.work import Work
from app.registers import keeping
from app.registers.directory import AnyRegister
from app.registers.keeping import Kept, stored

_KEY = ("region_id", "id")


async def keep_many(work: Work, register: AnyRegister, many: Sequence[Kept]) -> None:
    """Write ``many`` changes with everything beside them, and what the room does after a write.

    Afterwards the rows are plain values. Raises StaleDataError, IntegrityError.
    """
    if not many:
        return
    new = [kept.change.row for kept in many if kept.change.before is None]
    old = [kept for kept in many if kept.change.before is not None]
    await keeping.link_parties(work, register, many)
    for kept in old:
        work.session.expunge(kept.change.row)
    work.session.add_all(new)
    await work.session.flush()
    await _update(work, register, old)
    await keeping.witness(work, register, many)
    if register.after_write is not None:
        for kept in many:
            await register.after_write(work, kept.change)
    await work.session.flush()
    for row in new:
        work.session.expunge(row)


async def _update(work: Work, register: AnyRegister, many: Sequence[Kept]) -> None:
    """Update rows, grouped by the columns that changed. Raises StaleDataError."""
    groups: dict[tuple[str, ...], list[Any]] = defaultdict(list)
    for kept in many:
        before, row = kept.change.before or {}, kept.change.row
        now = stored(register, row)
        changed = tuple(name for name, value in now.items() if before.get(name) != value)
        groups[changed].append(row)
    table = register.row.__table__
    connection = await work.session.connection()
    for columns, rows in groups.items():
        names = sorted({*columns, "version"} - set(_KEY))
        told = [_values(row, names) for row in rows]
        done = await connection.execute(_statement(table, names), told)
        if done.rowcount != len(rows):
            raise StaleDataError(f"{register.name}: {done.rowcount} of {len(rows)} rows matched")
        for row in rows:
            row.version += 1


def _values(row: Any, names: Sequence[str]) -> dict[str, Any]:
    told = {f"to_{name}": getattr(row, name) for name in names}
    told |= {f"is_{name}": getattr(row, name) for name in _KEY}
    return told | {"is_version": row.version, "to_version": row.version + 1}


def _statement(table: Table, names: Sequence[str]) -> Any:
    return (
        update(table)
        .where(*(table.c[name] == bindparam(f"is_{name}") for name in (*_KEY, "version")))
        .values({name: bindparam(f"to_{name}") for name in names})
    )
