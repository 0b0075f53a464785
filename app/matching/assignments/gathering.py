"""From records to arrays: scores, conflicts, loads, kinds of experts, and whose place is which."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlmodel import col

from app.access.tables import Organisation
from app.audit.work import Work
from app.core.clock import today
from app.libraries.experts.models import Expert
from app.matching import matrix
from app.matching.assignment.problem import Ints, Problem, Quotas, share
from app.matching.assignments import service
from app.matching.assignments.models import Assignment, SeatsOf
from app.matching.drawing.pool import FINANCE, OFFSITE, TECHNICAL
from app.matching.draws import units
from app.matching.draws.freezing import strata_of
from app.matching.parties import Person

_CITY = 4  # digits of a division code that name the city


@dataclass(frozen=True, slots=True)
class Gathered:
    """A problem and whom its rows and columns stand for."""

    problem: Problem
    projects: Sequence[UUID]
    experts: Sequence[UUID]
    rules: str
    index: str
    weights: str


async def gathered(work: Work, batch: Assignment) -> Gathered:
    """Read everything a batch is reckoned from. Raises Invalid."""
    projects = await service.require_projects(work, batch)
    found = await matrix.score_matrix(work, projects)
    away = await asyncio.to_thread(lambda: found.away)
    people = list(found.persons)
    seats = seats_of(batch)
    strata = await _strata(work, batch, people)
    problem = Problem(
        scores=np.ascontiguousarray(found.scores),
        barred=away,
        seats=seats,
        load=np.array([room(person, batch.max_load) for person in people], dtype=np.int64),
        quotas=_quotas(batch, seats),
        technical=np.array([TECHNICAL in one for one in strata], dtype=np.bool_),
        finance=np.array([FINANCE in one for one in strata], dtype=np.bool_),
        offsite=np.broadcast_to(
            np.array([OFFSITE in one for one in strata], dtype=np.bool_), found.scores.shape
        ),
        unit=_units(people),
    )
    return Gathered(
        problem,
        [project.id for project in projects],
        [person.id for person in people],
        found.rules.version,
        found.index,
        found.weights,
    )


def seats_of(batch: Assignment) -> Ints:
    """Return how many experts each project wants."""
    told = [SeatsOf.model_validate(one) for one in batch.exceptions]
    other = {one.project_id: one.seats for one in told}
    return np.array([other.get(p, batch.seats) for p in batch.project_ids], dtype=np.int64)


def room(person: Person, most: int) -> int:
    """Return how many projects an expert may take: as the batch says, or what is left of a year."""
    if person.max_load is None:
        return most
    year = today().year
    taken = sum(t.accepted and (t.running or t.on.year == year) for t in person.engagements)
    return max(0, min(most, person.max_load - taken))


def _quotas(batch: Assignment, seats: Ints) -> Quotas:
    def each(least: int) -> Ints | None:
        return np.full(len(seats), least, dtype=np.int64) if least else None

    technical = share(batch.technical_min_percent, seats)
    most = int(seats.max(initial=1))
    return Quotas(
        technical_min=technical if technical.any() else None,
        finance_min=each(batch.finance_min),
        offsite_min=each(batch.offsite_min),
        per_unit_max=each(batch.per_unit_max) if batch.per_unit_max < most else None,
    )


async def _strata(work: Work, batch: Assignment, people: Sequence[Person]) -> list[tuple[str, ...]]:
    city = await _city(work, batch)
    found = await work.session.execute(
        select(Expert).where(col(Expert.id).in_([person.id for person in people]))
    )
    rows = {row.id: row for row in found.scalars()}
    return [strata_of(rows[person.id], city) for person in people]


async def _city(work: Work, batch: Assignment) -> str | None:
    code = batch.division_code or await work.session.scalar(
        select(col(Organisation.host_division_code)).where(col(Organisation.id) == batch.node_id)
    )
    return code[:_CITY] if code else None


def _units(people: Sequence[Person]) -> Ints:
    names = units.pseudonyms(people)
    number = {name: n for n, name in enumerate(dict.fromkeys(names))}
    return np.array([number[name] for name in names], dtype=np.int64)
