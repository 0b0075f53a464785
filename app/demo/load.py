"""``park demo load`` and ``park demo clear``: all of the demo, or none of it.

The first round (scale 1: four parks, 300 enterprises) is one transaction, so that a load that was
interrupted leaves nothing; every further round is another, so that memory stays flat.
"""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from app.access.opening import scope_to
from app.access.tables import Account, Organisation
from app.audit.heads import Notebook
from app.core import clock, db
from app.core.database_roles import owner_url
from app.core.settings import InstallationError
from app.demo import cohort
from app.demo.dice import Dice
from app.demo.organisations import Founded, found
from app.demo.pen import Pen
from app.demo.scene import Deck, Scene

#: What belongs to the program, not to anybody's data.
_KEPT = frozenset({"code_value", "workday"})
_LOADED = (
    "The demo is loaded already. A demo is thrown away by deleting its PARK_HOME,"
    " or with `park demo clear`."
)
_REAL = (
    "This installation has accounts or organisations of its own: demo data is only for an empty"
    " one. Use another PARK_HOME (or database)."
)


def load(scale: int = 1, seed: int = 1) -> None:
    """Fill an empty installation with ``scale`` times the demo. Raises InstallationError."""
    with _owner() as connection:
        _require_empty(connection)
    with _few_collections():
        asyncio.run(_load(scale, seed))
    with _owner() as connection:
        connection.execute(sa.text("ANALYZE"))


def clear() -> None:
    """Empty an installation that holds the demo and nothing else. Raises InstallationError."""
    with _owner() as connection:
        if _counted(connection, fictitious=False):
            raise InstallationError(_REAL)
        there = set(sa.inspect(connection).get_table_names())
        tables = [t for t in SQLModel.metadata.sorted_tables if t.name in there - _KEPT]
        names = ", ".join(f'"{table.name}"' for table in tables)
        # nosemgrep: sql-from-pieces -- names of tables of our own
        connection.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY"))
    Notebook().forget()  # the heads of a trail that is no more


def _require_empty(connection: sa.Connection) -> None:
    if _counted(connection, fictitious=True):
        raise InstallationError(_LOADED)
    if _counted(connection, fictitious=False):
        raise InstallationError(_REAL)


def _counted(connection: sa.Connection, *, fictitious: bool) -> int:
    return sum(
        connection.scalar(sa.select(sa.func.count()).where(col(table.fictitious).is_(fictitious)))
        or 0
        for table in (Organisation, Account)
    )


@contextmanager
def _owner() -> Iterator[sa.Connection]:
    engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    with engine.begin() as connection:
        yield connection


@contextmanager
def _few_collections() -> Iterator[None]:
    """Have Python look for garbage seldom: thousands of rows are alive, and a sixth of the time
    would go into counting them again and again.
    """
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


async def _load(scale: int, seed: int) -> None:
    serial = count(1)
    founded: Founded | None = None
    try:
        for turn in range(scale):
            async with db.transaction("staff") as session:
                founded = founded or await found(session)
                await _round(session, founded, serial, turn, seed)
            clock.say(None)
    finally:
        clock.say(None)
        await db.close()


async def _round(
    session: AsyncSession, founded: Founded, serial: Iterator[int], turn: int, seed: int
) -> None:
    """Write one cohort for every park, forgetting each as soon as it is written."""
    await scope_to(session, founded.writer)
    clock.say(None)
    now, today = clock.now(), clock.today()
    for place, park in enumerate(founded.parks):
        dice = Dice(seed, turn, park.code)
        scene = Scene(
            pen=Pen(session),
            dice=dice,
            deck=Deck(dice),
            today=today,
            now=now,
            park=park,
            founded=founded,
            serial=serial,
            place=turn * len(founded.parks) + place,
        )
        await cohort.enter(scene)
        await session.flush()
        session.expunge_all()
