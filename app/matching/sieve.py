"""What the index found, read and judged: who may be shown, and whom rules keep away."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.audit.work import Work
from app.matching.judging import Judge, Told
from app.matching.kinds import Kind
from app.matching.matches.models import CandidateKind
from app.matching.parties import Person
from app.matching.ranking import Hit, Hits
from app.registers import directory
from app.registers.visibility import visible

SPARE = 2  # one in so many more than are shown is read at once


@dataclass(frozen=True, slots=True)
class Excluded:
    """Somebody the words found and rules keep away, as the caller may be told it."""

    kind: CandidateKind
    id: UUID
    label: str
    findings: Sequence[Told]


@dataclass(frozen=True, slots=True)
class Free:
    """Somebody the words found and no rule keeps away."""

    hits: Hits
    place: int
    row: Any
    person: Person | None

    @property
    def hit(self) -> Hit:
        """Explain the hit, which costs about as much as judging it."""
        return self.hits[self.place]


@dataclass(slots=True)
class Sieve:
    """Hits parted into those free to be shown and those that rules keep away, in their order."""

    work: Work
    judge: Judge
    kind: Kind
    limit: int
    free: list[Free] = field(default_factory=list)
    away: list[Excluded] = field(default_factory=list)

    @property
    def full(self) -> bool:
        return len(self.free) >= self.limit

    async def take(self, hits: Hits) -> None:
        """Read and judge hits, a few more at a time than are shown, until there are enough."""
        step = self.limit + self.limit // SPARE + 1
        for start in range(0, len(hits), step):
            if self.full:
                return
            await self._part(hits, range(start, min(start + step, len(hits))))

    async def _part(self, hits: Hits, places: range) -> None:
        """Judge the hits at some places whose rows the actor may really see."""
        ids = {UUID(hits.ids[place]): place for place in places}
        rows = {row.id: row for row in await rows_of(self.work, self.kind, list(ids))}
        people = await self.judge.people(list(rows.values())) if self.kind.person else {}
        for one, place in ids.items():
            if one not in rows:
                continue
            row, person = rows[one], people.get(one)
            findings = self.judge.findings(self.kind, row, person)
            if findings:
                label = str(getattr(row, directory.named(self.kind.register).title_field))
                self.away.append(Excluded(self.kind.name, one, label, findings))
            else:
                self.free.append(Free(hits, place, row, person))


async def rows_of(work: Work, kind: Kind, ids: Sequence[UUID]) -> Sequence[Any]:
    """Return those of ``ids`` that are candidates the actor may see."""
    row: Any = kind.row
    register = directory.named(kind.register)
    statement = select(row).where(
        row.id.in_(ids), row.state.in_(kind.states), visible(register, work.actor)
    )
    return (await work.session.execute(statement)).scalars().all()
