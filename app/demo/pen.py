"""Writing a record on a day gone by, in the name of who did it, with everything beside it.

The pen goes through the engine's own rules (rights, states, guards, checks, hooks); only the
statements are gathered, so that a thousand records cost some dozens of them.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.access.opening import own_account
from app.audit.work import Work
from app.core import clock
from app.registers import lifecycle, writing
from app.registers.approvals import deciding
from app.registers.directory import AnyRegister
from app.registers.keeping import Kept, keep, stored
from app.registers.register import Change, Placement


@dataclass(frozen=True, slots=True)
class Draft:
    """A record about to be written: by whom, when, what, where."""

    actor: Actor
    at: datetime
    given: Mapping[str, Any]
    placement: Placement | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """A record whose room has its own way of making one (the service log, matches)."""

    actor: Actor
    at: datetime
    row: Any
    body: Any
    parties: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A move of a record: by whom, when, which."""

    actor: Actor
    at: datetime
    row: Any
    move: str
    form: Mapping[str, Any] = field(default_factory=dict)


Before = Callable[[Sequence[tuple[Work, Any]]], Awaitable[None]]


@dataclass(slots=True)
class Pen:
    """Writes within one transaction that is scoped to every node of the demo."""

    session: AsyncSession
    signed: UUID | None = None  # whose name the transaction bears

    async def _sign(self, actor: Actor) -> None:
        """Let the transaction bear the actor's name: the database has acts signed by it."""
        if self.signed != actor.account_id:
            await own_account(self.session, actor.account_id)
            self.signed = actor.account_id

    def work(self, actor: Actor, at: datetime) -> Work:
        """Let ``actor`` work, as if it were ``at``; without a hat, so that nobody follows by it."""
        clock.say(at)
        return Work(self.session, replace(actor, hat_id=None))

    async def create(
        self, register: AnyRegister, drafts: Sequence[Draft], before: Before | None = None
    ) -> list[Any]:
        """Write new records; ``before`` may complete the rows first."""
        prepared = []
        for draft in drafts:
            await self._sign(draft.actor)
            work = self.work(draft.actor, draft.at)
            kept = await writing.prepared_new(work, register, draft.given, draft.placement)
            prepared.append((work, kept))
        if before is not None:
            await before([(work, kept.change.row) for work, kept in prepared])
        await self._keep(register, prepared)
        return [kept.change.row for _, kept in prepared]

    async def write(self, register: AnyRegister, many: Sequence[Ready]) -> None:
        """Write records that are made already."""
        prepared = []
        for ready in many:
            work = self.work(ready.actor, ready.at)
            row = ready.row
            row.created_at = row.updated_at = ready.at
            row.created_by = row.updated_by = ready.actor.account_id
            writing.settle(register, row)
            kept = Kept(Change(row, None), "create", body=ready.body, parties=ready.parties)
            prepared.append((work, kept))
        await self._keep(register, prepared)

    async def move(self, register: AnyRegister, steps: Sequence[Step]) -> None:
        """Take one step each of several records; no record may appear twice."""
        prepared = []
        for step in steps:
            await self._sign(step.actor)
            work = self.work(step.actor, step.at)
            prepared.append((work, await _moved(work, register, step)))
        await self._keep(register, prepared)

    async def ask(self, kind: str, step: Step) -> None:
        """Ask for a move that takes a second person."""
        await self._sign(step.actor)
        work = self.work(step.actor, step.at)
        await deciding.ask_for_move(work, kind, step.row.id, step.form)

    async def change(
        self, register: AnyRegister, work: Work, rows: Sequence[Any], verb: str, doing: Before
    ) -> None:
        """Write what ``doing`` changes of ``rows`` as a version of its own."""
        befores = [stored(register, row) for row in rows]
        await doing([(work, row) for row in rows])
        prepared = []
        for row, before in zip(rows, befores, strict=True):
            if stored(register, row) != before:
                _sign(work, row)
                prepared.append((work, Kept(Change(row, before), verb)))
        await self._keep(register, prepared)

    async def _keep(self, register: AnyRegister, prepared: Sequence[tuple[Work, Kept]]) -> None:
        if not prepared:
            return
        await keep(prepared[-1][0], register, [replace(k, by=work.actor) for work, k in prepared])
        if register.after_write is not None:
            for work, kept in prepared:
                clock.say(kept.change.row.updated_at)
                await register.after_write(work, kept.change)


async def _moved(work: Work, register: AnyRegister, step: Step) -> Kept:
    """Change a row as the move would, with all its guards. Raises what the move raises."""
    if register.lifecycle is None:
        raise LookupError(register.name)
    row = step.row
    found = lifecycle.require(register.lifecycle, step.move, step.actor, row)
    form = found.form.model_validate(step.form) if found.form else None
    change = Change(row, stored(register, row), form)
    if found.target is not None:
        row.state = found.target
    if step.move in register.on_move:
        await register.on_move[step.move](work, change)
    writing.settle(register, row)
    _sign(work, row)
    return Kept(change, f"move.{step.move}", getattr(form, "reason", None))


def _sign(work: Work, row: Any) -> None:
    row.updated_at = max(clock.now(), row.updated_at)
    row.updated_by = work.actor.account_id
