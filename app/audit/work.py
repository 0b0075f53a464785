"""One actor's transaction, and the trail it leaves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.access.opening import scope_to
from app.access.system import system_at
from app.audit.trail import AuditEntry, Outcome
from app.core import db
from app.core.clock import now
from app.core.ids import new_id


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request came from."""

    ip: str = ""
    request_id: str = ""
    user_agent: str = ""


@dataclass(slots=True)
class Work:
    """What every query and every verb is given: who acts, inside which transaction, from where."""

    session: AsyncSession
    actor: Actor
    locale: str = "zh-CN"
    caller: Caller = field(default_factory=Caller)
    #: Names what one act writes into many records (a bulk edit); every version carries it.
    batch_id: UUID | None = None
    #: A safe request: its transaction cannot write.
    reading: bool = False

    async def note(
        self,
        verb: str,
        *,
        register: str = "",
        record_id: UUID | None = None,
        record_label: str = "",
        node_id: int | None = None,
        outcome: Outcome = Outcome.done,
        detail: dict[str, Any] | None = None,
    ) -> None:
        """Write one act into the trail: with what it changes, or before what it reads is told."""
        entry = self.entry(verb, register, record_id, record_label, node_id)
        entry |= {"outcome": outcome, "detail": (detail or {}) | entry["detail"]}
        if not self.reading:
            await write(self.session, [entry])
            return
        async with acting(self.actor) as apart:
            await write(apart.session, [entry])

    def entry(
        self,
        verb: str,
        register: str,
        record_id: UUID | None,
        record_label: str,
        node_id: int | None,
    ) -> dict[str, Any]:
        """Return the columns of one act of this actor."""
        actor = self.actor
        return {
            "id": new_id(),
            "at": now(),
            "account_id": actor.account_id,
            "username": actor.username,
            "account_name": actor.name,
            "role": actor.role,
            "organisation_id": actor.organisation_id,
            "organisation_name": actor.organisation_name,
            "node_id": actor.node_id if node_id is None else node_id,
            "verb": verb,
            "register_name": register,
            "record_id": record_id,
            "record_label": record_label[:200],
            "outcome": Outcome.done,
            "ip": self.caller.ip,
            "request_id": self.caller.request_id,
            "detail": self._detail(),
        }

    def _detail(self) -> dict[str, Any]:
        found = {"by_link": self.actor.link_id, "batch": self.batch_id}
        return {name: str(value) for name, value in found.items() if value}


async def write(session: AsyncSession, entries: list[dict[str, Any]]) -> None:
    """Append ``entries``; nothing is read back, because the writer may not read the trail."""
    rows = [{name: value for name, value in e.items() if name != "xid"} for e in entries]
    await session.execute(insert(AuditEntry), rows)  # the database says which transaction it was


@asynccontextmanager
async def acting(actor: Actor, locale: str = "zh-CN") -> AsyncIterator[Work]:
    """Work as ``actor`` outside a request (commands, jobs, the demo)."""
    async with db.transaction(actor.wall) as session:
        await scope_to(session, actor)
        yield Work(session, actor, locale)


@asynccontextmanager
async def acting_for(node_id: int, locale: str = "zh-CN") -> AsyncIterator[Work]:
    """Work as the platform itself for one node and those below it. Raises NotFound."""
    async with db.transaction("staff") as session:
        actor = await system_at(session, node_id)
        await scope_to(session, actor)
        yield Work(session, actor, locale)
