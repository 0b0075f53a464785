"""Attempts to do alone, late or twice what takes two people: by the application, and past it."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from app.access.actor import Actor
from app.access.opening import scope_to
from app.audit.work import Work
from app.core import clock, db
from app.core.errors import Problem
from app.registers.approvals import kinds, service
from app.registers.approvals.kinds import Kind
from app.registers.approvals.tables import ActState, TwoPersonAct
from bench.walls.canaries.planting import EVERYWHERE, actor_of
from tests.house import House

#: Who asks for each kind of act and who confirms it, written down from hard rule 5.
PEOPLE = {
    "accounts.grant": ("security_admin@province", "system_admin@province"),
    "draws.release": ("centre_staff@east", "centre_leader@east"),
    "conflict-rules.activate": ("centre_staff@east", "centre_leader@east"),
    "needs.publish": ("station_staff@east-park-station", "committee@east-park-committee"),
}
_CONFIRMED = "UPDATE two_person_act SET state = 'confirmed', decided_by_id = :by, decided_at = :at"


@dataclass
class Tried:
    """How often each kind of attempt was made, and which went through."""

    made: int = 0
    accepted: dict[str, int] = field(default_factory=dict)
    unlike: list[str] = field(default_factory=list)  # refused, but not by whom it should have been

    def note(self, attempt: str, got: str, expected: str) -> None:
        self.made += 1
        self.accepted.setdefault(attempt, 0)
        self.accepted[attempt] += got == "accepted"
        if got != expected:
            self.unlike.append(f"{attempt}: {got}, not {expected}")


async def attempts(house: House) -> Tried:
    """Try every kind of act every wrong way, then the right way once."""
    tried = Tried()
    for kind in kinds.everything():
        first, second = [await actor_of(house, who) for who in PEOPLE[kind.name]]
        node = None if kind.register is None else house.organisations["east-park"].id
        await _by_the_application(tried, kind, first, second, node)
        await _past_the_application(tried, kind, first, second, node)
    return tried


async def _by_the_application(
    tried: Tried, kind: Kind, first: Actor, second: Actor, node: int | None
) -> None:
    record = await _asked(kind, first, node)
    tried.note("own", await _settled(kind, first, record), "Forbidden")
    part = await _asked(kind, first, node, barred=[second.account_id])
    tried.note("own", await _settled(kind, second, part), "Forbidden")
    tried.note("not asked", await _settled(kind, second, uuid4()), "Conflict")
    clock.say(clock.now() + timedelta(days=kind.days, seconds=1))
    tried.note("expired", await _settled(kind, second, record), "Conflict")
    clock.say(None)
    right = await _settled(kind, second, record)
    if right != "accepted":
        tried.unlike.append(f"{kind.name} by two people in time: {right}")
    tried.note("replayed", await _settled(kind, second, record), "Conflict")
    tried.note("replayed", await _settled(kind, first, record), "Conflict")


async def _past_the_application(
    tried: Tried, kind: Kind, first: Actor, second: Actor, node: int | None
) -> None:
    """Write to the table as a login of the application might, were the application wrong."""
    now, late = clock.now(), clock.now() + timedelta(days=kind.days + 1)
    for attempt, actor, by, at in (
        ("own", first, first, now),
        ("own", first, second, now),  # in somebody else's name
        ("expired", second, second, late),
    ):
        record = await _asked(kind, first, node)
        got = await _written(actor, _CONFIRMED, record, by=by.account_id, at=at)
        tried.note(attempt, got, "database")
    record = await _asked(kind, first, node)
    await _settled(kind, second, record)
    again = "UPDATE two_person_act SET state = 'pending', decided_by_id = NULL"
    tried.note("replayed", await _written(second, again, record), "database")
    other = await _asked(kind, first, node)
    rewritten = 'UPDATE two_person_act SET params = \'{"role": "system_admin"}\''
    tried.note("rewritten", await _written(second, rewritten, other), "database")


async def _asked(kind: Kind, actor: Actor, node: int | None, barred: Any = ()) -> UUID:
    record = uuid4()

    async def ask(work: Work) -> None:
        await service.ask(work, kind, record_id=record, node_id=node, label="样例", barred=barred)

    got = await _got(actor, ask)
    assert got == "accepted", (kind.name, got)
    return record


async def _settled(kind: Kind, actor: Actor, record: UUID) -> str:
    async def settle(work: Work) -> None:
        await service.settle(work, kind, record)

    return await _got(actor, settle)


async def _written(actor: Actor, statement: str, record: UUID, **values: Any) -> str:
    async def write(work: Work) -> None:
        told = sa.text(f"{statement} WHERE record_id = :record")
        done: Any = await work.session.execute(told, {"record": record, **values})
        assert done.rowcount == 1

    return await _got(actor, write)


async def _got(actor: Actor, doing: Callable[[Work], Awaitable[None]]) -> str:
    """Return ``accepted``, the name of the refusal, or ``database`` where only that refused."""
    try:
        async with db.transaction(actor.wall) as session:
            await scope_to(session, replace(actor, nodes=actor.nodes or EVERYWHERE))
            await doing(Work(session, actor))
    except Problem as problem:
        return type(problem).__name__
    except DBAPIError:
        return "database"
    return "accepted"


def anybody_is_the_second() -> AbstractContextManager[Any]:
    """The same person may confirm."""

    def required(_: Work, kind: Kind, act: TwoPersonAct) -> None:
        service.require_pending(kind, act)

    return patch.object(service, "require_second", required)


def barred_forgotten() -> AbstractContextManager[Any]:
    """Only who asked is kept from confirming, not who had a part in it before."""
    kept = service.require_second

    def required(work: Work, kind: Kind, act: TwoPersonAct) -> None:
        kept(work, kind, TwoPersonAct(**act.model_dump() | {"barred": []}))

    return patch.object(service, "require_second", required)


def never_over() -> AbstractContextManager[Any]:
    """An act may be confirmed at any time."""
    kept = service.require_second

    def required(work: Work, kind: Kind, act: TwoPersonAct) -> None:
        later = {"expires_at": act.expires_at + timedelta(days=3650)}
        kept(work, kind, TwoPersonAct(**act.model_dump() | later))

    return patch.object(service, "require_second", required)


@contextmanager
def decided_again() -> Iterator[None]:
    """An act that was decided is found as one that waits."""

    async def any_state(work: Work, kind: Kind, record_id: UUID, _: str) -> TwoPersonAct | None:
        found = await work.session.execute(
            sa.select(TwoPersonAct).where(
                sa.column("kind") == kind.name, sa.column("record_id") == record_id
            )
        )
        act = found.scalars().first()
        return TwoPersonAct(**act.model_dump() | {"state": ActState.pending}) if act else None

    with patch.object(service, "_pending", any_state):
        yield


#: Bugs of the application, and walls of the database taken down.
BUGS = (anybody_is_the_second, barred_forgotten, never_over, decided_again)
WALLS_DOWN = (
    "ALTER TABLE two_person_act DROP CONSTRAINT ck_two_person_act_two_persons",
    "ALTER TABLE two_person_act DROP CONSTRAINT ck_two_person_act_in_time",
    "DROP TRIGGER decided_once ON two_person_act",
)
