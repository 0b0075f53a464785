"""What the index is made of: the rows of the libraries, and what has changed in them since.

The index is the platform's own, so it reads every node; which of its candidates a caller may be
shown is decided when it is asked (a mask, and the register's predicate over the rows themselves).
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Select,
    Text,
    cast,
    create_engine,
    func,
    select,
    text,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sqlmodel import col

from app.core import db
from app.core.database_roles import login_url
from app.matching.kinds import Kind
from app.matching.ranking.model import Candidate
from app.registers.tables import ChangeEntry

BATCH = 2_000  # rows read at once while a base is built
MOST_CHANGES = 20_000  # read at once; the rest comes with the next look

#: The scope of the platform itself, for one transaction.
_EVERYWHERE = text(
    "SELECT set_config('app.nodes', told, true), set_config('app.library_nodes', told, true)"
    " FROM (SELECT string_agg(id::text, ',') AS told FROM organisation) AS every"
)
_XMIN = cast(cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text), BigInteger)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in the change feed: everything before it is known."""

    xid: int = 0
    seq: int = 0

    def __str__(self) -> str:
        return f"{self.xid}.{self.seq}"

    @classmethod
    def read(cls, told: str) -> "Place":
        xid, _, seq = told.partition(".")
        return cls(int(xid), int(seq or 0))


@dataclass(frozen=True, slots=True)
class Changes:
    """Records that changed: as they read now, or None where they are no candidates any more."""

    now: dict[UUID, Candidate | None]
    place: Place  # where the next look begins
    seen: frozenset[int]  # numbers beyond it that were read: they are not read again
    behind: bool  # whether there is more than was read
    fence: int  # transactions before it are over


async def everywhere(session: AsyncSession) -> None:
    """Give this transaction the scope of the platform itself."""
    await session.execute(_EVERYWHERE)


async def changed_registers(session: AsyncSession, after: int | None) -> tuple[int, frozenset[str]]:
    """Return the newest number of the feed, and which registers changed after another."""
    await everywhere(session)
    newest = func.max(col(ChangeEntry.seq))
    if after is None:
        return int(await session.scalar(select(newest)) or 0), frozenset()
    found = await session.execute(
        select(col(ChangeEntry.register_name), newest)
        .where(col(ChangeEntry.seq) > after)
        .group_by(col(ChangeEntry.register_name))
    )
    told = {name: int(last or 0) for name, last in found.all()}
    return max(told.values(), default=after), frozenset(told)


def statement(kind: Kind) -> Select[Any]:
    """Return the rows that are candidates of a kind."""
    row: Any = kind.row
    return select(row).where(row.deleted_at.is_(None), row.state.in_(kind.states))


def candidates(kind: Kind, place: list[Place]) -> Iterator[Candidate]:
    """Yield all candidates of a kind; ``place`` is told since when changes must be read again.

    For the building of a base, which is no work of a request: a connection of its own. Page by
    page, each in a transaction of its own, because between two pages minutes may go by; what
    changes meanwhile stands in the feed after ``place``.
    """
    engine = create_engine(login_url("staff"))
    row: Any = kind.row
    after: tuple[int, UUID] | None = None
    try:
        while True:
            with Session(engine, expire_on_commit=False) as session, session.begin():
                session.execute(_EVERYWHERE)
                if after is None:
                    place.append(Place(int(session.scalar(select(_XMIN)) or 0)))
                asked = statement(kind).order_by(row.region_id, row.id).limit(BATCH)
                if after is not None:
                    asked = asked.where(tuple_(row.region_id, row.id) > tuple_(*after))
                found = session.execute(asked).scalars().all()
            if not found:
                return
            after = found[-1].region_id, found[-1].id
            yield from map(kind.read, found)
    finally:
        engine.dispose()


async def changes(session: AsyncSession, kind: Kind, since: Place, seen: frozenset[int]) -> Changes:
    """Return what changed since a place, as it reads now.

    Everything committed is taken, also what the feed's fence would hold back until an older
    transaction ends; only the place moves no further than the fence, so that nothing is missed.
    """
    await everywhere(session)
    fence = int(await session.scalar(select(_XMIN)) or 0)
    asked = (
        select(col(ChangeEntry.xid), col(ChangeEntry.seq), col(ChangeEntry.record_id))
        .where(
            col(ChangeEntry.register_name) == kind.register,
            tuple_(col(ChangeEntry.xid), col(ChangeEntry.seq)) > tuple_(since.xid, since.seq),
        )
        .order_by(col(ChangeEntry.xid), col(ChangeEntry.seq))
        .limit(MOST_CHANGES)
    )
    found = (await session.execute(asked)).all()
    new = [entry for entry in found if entry.seq not in seen]
    ids = list(dict.fromkeys(entry.record_id for entry in new))
    now: dict[UUID, Candidate | None] = dict.fromkeys(ids)
    now |= await read(session, kind, ids)
    settled = [Place(entry.xid, entry.seq) for entry in found if entry.xid < fence]
    place = settled[-1] if settled else since
    beyond = frozenset(entry.seq for entry in found if Place(entry.xid, entry.seq) > place)
    return Changes(now, place, beyond, len(found) == MOST_CHANGES, fence)


async def parts(kind: Kind, size: int = 200) -> AsyncIterator[list[Candidate]]:
    """Yield all candidates of a kind in small parts, each from a transaction of its own."""
    row: Any = kind.row
    after: tuple[int, UUID] | None = None
    while True:
        asked = statement(kind).order_by(row.region_id, row.id).limit(size)
        if after is not None:
            asked = asked.where(tuple_(row.region_id, row.id) > tuple_(*after))
        async with db.transaction("staff") as session:
            await everywhere(session)
            found = (await session.execute(asked)).scalars().all()
        if not found:
            return
        after = found[-1].region_id, found[-1].id
        yield [kind.read(one) for one in found]


async def read(
    session: AsyncSession, kind: Kind, ids: Sequence[UUID]
) -> dict[UUID, Candidate | None]:
    """Return those of ``ids`` that are candidates, as they read now."""
    found: dict[UUID, Candidate | None] = {}
    row: Any = kind.row
    for at in range(0, len(ids), BATCH):
        part = statement(kind).where(row.id.in_(ids[at : at + BATCH]))
        for one in (await session.execute(part)).scalars():
            found[one.id] = kind.read(one)
    return found
