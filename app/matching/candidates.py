"""Who could help, in order: found by the words, cleared of conflicts, scored, explained."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Float, func, select
from sqlalchemy import column as sql_column
from sqlalchemy.dialects.postgresql import UUID as UUID_COLUMN
from sqlmodel import col

from app.audit.work import Work
from app.core.clock import today
from app.core.errors import NotFound
from app.core.text import tsquery_any
from app.libraries.experts.models import Expert, ExpertState
from app.libraries.experts.register import REGISTER as EXPERTS
from app.matching.conflicts import BUILT_IN, Checker, Finding, Purpose, findings
from app.matching.parties import Person, Subject, person_of
from app.matching.reasons import Piece, Reason, reasons
from app.matching.scoring import Parts, score_all
from app.registers import directory
from app.registers.disclosure import visible_fields
from app.registers.fields import Disclosure
from app.registers.visibility import visible

FOUND = 400  # people read for one subject; they are the ones the words find best
SHOWN = 20
_IN_LIBRARY = (ExpertState.active, ExpertState.paused)


@dataclass(frozen=True, slots=True)
class Candidate:
    person: Person
    parts: Parts
    reasons: Sequence[Reason]


@dataclass(frozen=True, slots=True)
class Excluded:
    """A person kept away, by the first rule that says so."""

    person: Person
    finding: Finding


@dataclass(frozen=True, slots=True)
class Ranking:
    candidates: Sequence[Candidate]
    excluded: Sequence[Excluded]


async def ranking(work: Work, subject: Subject) -> Ranking:
    """Return the best candidates the actor may see for ``subject``, and who is kept away."""
    people = await _found(work, subject)
    readable = _readable(work)
    return await asyncio.to_thread(ranked, subject, people, readable, today())


def ranked(
    subject: Subject, people: Sequence[Person], readable: frozenset[str], day: date
) -> Ranking:
    """Order ``people``: conflicts first take their toll, then the score decides, then the id."""
    checker = Checker(subject, day, BUILT_IN, Purpose.match)
    kept_away = {p.id: checker.findings(p) for p in people}
    parts = score_all(subject, people)
    free = [p for p in people if not kept_away[p.id]]
    free.sort(key=lambda p: (-parts[p.id].score, p.id))
    excluded = [p for p in people if kept_away[p.id]]
    excluded.sort(key=lambda p: (-parts[p.id].score, p.id))
    return Ranking(
        [Candidate(p, parts[p.id], reasons(subject.text, _pieces(p, readable), f"experts/{p.id}")) for p in free[:SHOWN]],
        [Excluded(p, kept_away[p.id][0]) for p in excluded],
    )


def _pieces(person: Person, readable: frozenset[str]) -> list[Piece]:
    found = [Piece("keywords", keyword) for keyword in person.keywords]
    for place, paper in enumerate(person.papers):
        texts = (paper.title, paper.abstract)
        found += [Piece("documents", text, place) for text in texts if text]
    return [piece for piece in found if piece.field in readable]


@dataclass(frozen=True, slots=True)
class Assessment:
    """One person judged for one subject on a day."""

    candidate: Candidate
    findings: Sequence[Finding]


async def assess(work: Work, subject: Subject, expert_id: UUID) -> Assessment:
    """Judge one expert just as the ranking would. Raises NotFound."""
    people = await _found(work, subject)
    if all(person.id != expert_id for person in people):
        people = [*people, await _person(work, expert_id)]
    person = next(p for p in people if p.id == expert_id)
    parts = await asyncio.to_thread(score_all, subject, people)
    told = reasons(subject.text, _pieces(person, _readable(work)), f"experts/{person.id}")
    found = findings(subject, person, today(), BUILT_IN, Purpose.match)
    return Assessment(Candidate(person, parts[person.id], told), found)


async def conflicts_of(work: Work, subject: Subject, expert_id: UUID) -> Sequence[Finding]:
    """Check one expert against the rules in force today. Raises NotFound."""
    person = await _person(work, expert_id)
    return findings(subject, person, today(), BUILT_IN, Purpose.match)


async def _person(work: Work, expert_id: UUID) -> Person:
    statement = select(Expert).where(col(Expert.id) == expert_id, visible(EXPERTS, work.actor))
    row = (await work.session.execute(statement)).scalar_one_or_none()
    if row is None:
        raise NotFound
    return person_of(row)


async def _found(work: Work, subject: Subject) -> list[Person]:
    """Return the people in the library whose words the subject's most telling ones find."""
    asked = tsquery_any(subject.text)
    if asked is None:
        return []
    hits = func.park_search(EXPERTS.name, asked).table_valued(
        sql_column("record_id", UUID_COLUMN), sql_column("rank", Float), name="hits"
    )
    statement = (
        select(Expert)
        .join(hits, hits.c.record_id == col(Expert.id))
        .where(visible(EXPERTS, work.actor), col(Expert.state).in_(_IN_LIBRARY))
        .order_by(hits.c.rank.desc(), col(Expert.id))
        .limit(FOUND)
    )
    return [person_of(row) for row in (await work.session.execute(statement)).scalars()]


def _readable(work: Work) -> frozenset[str]:
    """Return the fields of an expert that the actor reads plainly, and so may be quoted to it."""
    register = directory.named(EXPERTS.name)
    seen = visible_fields(register, work.actor.role)
    return frozenset(
        name for name, f in seen.items() if f.disclosure(work.actor.role) is Disclosure.plain
    )
