"""Taking away one of the two walls: the application's own filter, or the database's policies."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from unittest.mock import patch

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlmodel import col

from app.access.actor import Actor
from app.registers import directory, feed, reading, routes
from app.registers.directory import AnyRegister
from tests.access import oracle
from tests.access.asgi import Question
from tests.access.probes import Operation
from tests.access.rules import Facts, Who
from tests.access.running import Run

#: Registers whose wall also lets staff read the libraries above their own nodes.
_LIBRARIES = {"experts", "achievements", "conflict-rules"}


def _everything(register: AnyRegister, _: Actor) -> ColumnElement[bool]:
    return col(register.row.deleted_at).is_(None)


@contextmanager
def application_off() -> Iterator[None]:
    """Let the application show every row it is given; only the database holds."""
    with (
        patch.object(reading, "visible", _everything),
        patch.object(routes, "open_to", lambda name, _: directory.named(name)),
        patch.object(feed, "and_", lambda first, _: first),
    ):
        yield


@contextmanager
def database_off(owner: sa.Engine) -> Iterator[int]:
    """Let the database hand out every row; only the application holds. Yields how many tables."""
    walled = sa.text(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid ="
        " c.relnamespace WHERE n.nspname = 'public' AND c.relrowsecurity"
        " AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
    )
    with owner.begin() as connection:
        tables = list(connection.execute(walled).scalars())
        for table in tables:
            connection.execute(sa.text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))
    with ExitStack() as after:
        after.callback(_raise_again, owner, tables)
        yield len(tables)


def _raise_again(owner: sa.Engine, tables: list[str]) -> None:
    with owner.begin() as connection:
        for table in tables:
            connection.execute(sa.text(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"))


def within_reach(who: Who, record: Facts) -> bool:
    """Say whether the wall, which knows places and links but no states, may let a row through."""
    if who.role in (oracle.E, oracle.X):
        return who.party in record.parties
    if who.role not in oracle.CITY | {oracle.P}:
        return False
    above = record.register in _LIBRARIES and record.node in oracle.ABOVE[who.node]
    return above or record.node in oracle.BELOW[who.node]


async def came_through(run: Run, operations: list[Operation], register: str) -> int:
    """Ask everybody for all records of a register; note those out of reach, return how many came.

    Administrators and the auditor are refused at their own door; their answers carry no rows.
    """
    paths = {o.id: o for o in operations}
    name, through = register.replace("-", "_"), 0
    for who, _ in run.world.actors.values():
        reach = {f.id for f in run.world.facts[register] if within_reach(who, f)}
        for verb in ("list", "changes"):
            asked = Question("GET", paths[f"{name}_{verb}"].path, "limit=500")
            told = await run.probe(who.role, asked)
            if told.status != HTTPStatus.OK:
                if who.role != oracle.AUDITOR:
                    run.note("broken", f"{name}_{verb} by {who.role}: {told.status}")
                continue
            found = {item["id"] for item in told.json()["items"]}
            through += len(found)
            if found - reach:
                run.note("grant", f"{name}_{verb} by {who.role}: {len(found - reach)} of others")
        for record in run.world.facts[register]:
            told = await run.probe(
                who.role, Question("GET", paths[f"{name}_read"].filled(id=record.id))
            )
            if told.status == HTTPStatus.OK and record.id not in reach:
                run.note("grant", f"{name}_read by {who.role} of {record.id}")
    return through
