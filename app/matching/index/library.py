"""The index of one kind of candidate as this process holds it: a base, and what changed since."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.core import db
from app.core.aside import aside
from app.core.errors import Unavailable
from app.core.labels import T
from app.matching.index import source
from app.matching.index.shelf import Shelf, Standing
from app.matching.index.source import Place
from app.matching.kinds import KINDS, Kind
from app.matching.matches.models import CandidateKind
from app.matching.ranking import Base, Index, Unreadable, build
from app.matching.ranking.model import Candidate

log = logging.getLogger(__name__)

AT_HAND = 30  # candidates; a library no larger is built in this process, in moments
PATIENCE = 20.0  # seconds a caller waits for the first base of a large library
LOOK_SECONDS = 1.0  # how long a change may go unnoticed that nobody asks about
STALE_SHARE, STALE_LEAST = 0.05, 500  # changed candidates that make a new base worth its while

_BUILDING = T(
    "对接索引正在建立，请稍后再试。",
    "The index for matching is being built; try again shortly.",
)


@dataclass(slots=True)
class Library:
    """What one process knows of one kind of candidate."""

    kind: Kind
    shelf: Shelf
    index: Index | None = None
    folder: str = ""
    place: Place = field(default_factory=Place)
    seen: frozenset[int] = frozenset()
    changed: dict[str, Candidate | None] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    building: "asyncio.Task[None] | None" = None

    async def current(self) -> Index:
        """Return an index that knows all that is committed now. Raises Unavailable."""
        async with self.lock:
            if self.index is None or self._is_old():
                await self._open()
            await self._catch_up()
            assert self.index is not None  # noqa: S101 -- _open sees to it
            return self.index

    def _is_old(self) -> bool:
        standing = self.shelf.current()
        return standing is None or standing.folder.name != self.folder

    async def _open(self) -> None:
        standing = self.shelf.current()
        if standing is None or not self._took(standing):
            await self._renewed()

    def _took(self, standing: Standing) -> bool:
        """Open a base; say whether this program can read it."""
        try:
            self.index = Index(Base.open(standing.folder))
        except Unreadable as failure:
            log.warning("the base is built anew: %s", failure)
            return False
        self.folder = standing.folder.name
        self.place, self.seen, self.changed = Place.read(standing.about["place"]), frozenset(), {}
        return True

    async def _renewed(self) -> None:
        """Open a base built now. Raises Unavailable."""
        await self._first()
        standing = self.shelf.current()
        if standing is None or standing.folder.name == self.folder or not self._took(standing):
            raise Unavailable(_BUILDING)

    async def _first(self) -> None:
        """Have a base built; wait for it as long as a caller would."""
        if self.building is None or self.building.done():
            self.building = asyncio.create_task(self._build())
        await asyncio.wait({self.building}, timeout=PATIENCE)
        if self.building.done():
            await self.building

    async def _build(self) -> None:
        if await _size(self.kind) <= AT_HAND:
            await asyncio.to_thread(build_base, self.kind.register)
        else:
            await aside(build_base_aside, self.kind.register)

    async def _catch_up(self) -> None:
        behind = True
        while behind:
            async with db.transaction("staff") as session:
                found = await source.changes(session, self.kind, self.place, self.seen)
            if found.fence < self.place.xid:  # the database is older than the base: a restored one
                await self._renewed()
                continue
            self.place, self.seen, behind = found.place, found.seen, found.behind
            if found.now:
                self.changed |= {str(one): told for one, told in found.now.items()}
                await asyncio.to_thread(self._apply, found.now)
        self._renew()

    def _apply(self, now: dict[UUID, Candidate | None]) -> None:
        assert self.index is not None  # noqa: S101 -- opened before
        gone = [str(one) for one, told in now.items() if told is None]
        self.index = self.index.with_changes([c for c in now.values() if c is not None], gone)

    def _renew(self) -> None:
        """Start a new base beside the old one when the changes have become many."""
        assert self.index is not None  # noqa: S101 -- opened before
        many = max(STALE_LEAST, int(len(self.index.base.segment.roster) * STALE_SHARE))
        if len(self.changed) > many and (self.building is None or self.building.done()):
            self.building = asyncio.create_task(self._build())
            self.building.add_done_callback(_told)


def _told(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and task.exception() is not None:
        log.warning("no new base: %s", task.exception())


async def _size(kind: Kind) -> int:
    async with db.transaction("staff") as session:
        await source.everywhere(session)
        told = source.statement(kind).subquery()
        return int(await session.scalar(select(func.count()).select_from(told)) or 0)


def build_base(register: str) -> None:
    """Build the base of a kind from the database and make it the one that counts."""
    kind = KINDS[CandidateKind(register)]
    shelf = Shelf.of(register)
    before = shelf.current()
    with shelf.locked():
        if (now := shelf.current()) and (before is None or now.folder != before.folder):
            return  # another process was quicker
        place: list[Place] = []
        about: dict[str, Any] = {}
        with shelf.made(about) as folder:
            base = build(source.candidates(kind, place), folder)
            about |= {"place": str(place[0]), "version": base.version}


def build_base_aside(register: str, report: Callable[[Any], None]) -> None:
    """The same in a process of its own."""
    report("building")
    build_base(register)


@cache
def _library(folder: str, register: str) -> Library:
    kind = KINDS[CandidateKind(register)]
    shelf = Shelf.of(register)
    assert str(shelf.folder) == folder  # noqa: S101 -- the key is the place itself
    return Library(kind, shelf)


def library(kind: Kind) -> Library:
    """Return this process's index of a kind, in the database that the settings name now."""
    return _library(str(Shelf.of(kind.register).folder), kind.register)


@asynccontextmanager
async def following() -> AsyncIterator[None]:
    """Keep every index up to date while the block lasts, so that nobody waits for an import."""
    running = asyncio.create_task(_follow(), name="matching index")
    try:
        yield
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def _follow() -> None:
    last: int | None = None
    while True:
        try:
            last = await _look(last)
        except Exception as error:  # noqa: BLE001 -- whatever it was, the next look may do better
            log.warning("the index for matching is not followed: %s", error)
        await asyncio.sleep(LOOK_SECONDS)


async def _look(last: int | None) -> int:
    """Bring the indexes up to date whose records changed after ``last``; all at the first look."""
    async with db.transaction("staff") as session:
        newest, registers = await source.changed_registers(session, last)
    for kind in KINDS.values():
        if last is None or kind.register in registers:
            await library(kind).current()
    return newest
