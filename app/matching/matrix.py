"""Many needs and projects against a whole library of experts: scores and conflicts as arrays."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from app.audit.work import Work
from app.core.clock import today
from app.ledgers.needs.models import Need
from app.libraries.experts.models import ExpertState
from app.libraries.projects.models import Project
from app.matching import candidates, facts, subjects
from app.matching.conflict_rules.service import rules_in_force
from app.matching.conflicts import Checker, Finding, Purpose, RuleSet, Screen
from app.matching.index.library import library
from app.matching.kinds import KINDS
from app.matching.matches.models import CandidateKind
from app.matching.parties import Person, Subject
from app.matching.ranking import WEIGHTS, Index
from app.registers import directory
from app.registers.visibility import visible

_EXPERTS = KINDS[CandidateKind.experts]


@dataclass(frozen=True)
class ScoreMatrix:
    """How well each expert (column) fits each subject (row), and who must keep away from which."""

    subjects: Sequence[Subject]
    persons: Sequence[Person]
    scores: NDArray[np.float32]
    rules: RuleSet
    purpose: Purpose
    index: str
    weights: str

    @cached_property
    def away(self) -> NDArray[np.bool_]:
        """Say, subject by person, whom a conflict keeps away."""
        return Screen(self.persons, today(), self.rules, self.purpose).mask(self.subjects)

    def findings(self, subject: int, person: int) -> list[Finding]:
        """Return the rules that keep a person away from a subject, by their numbers."""
        checker = Checker(self.subjects[subject], today(), self.rules, self.purpose)
        return checker.findings(self.persons[person])


async def score_matrix(
    work: Work, rows: Sequence[Need | Project], purpose: Purpose = Purpose.review
) -> ScoreMatrix:
    """Return the scores of all experts the actor may ask for needs and projects.

    The same scores as a search gives, so that they compare across subjects.
    """
    index = await library(_EXPERTS).current()
    people = [p for p in await _people(work) if str(p.id) in index.numbers]
    told = [await subjects.subject_of(work, row) for row in rows]
    region = next((s.region_id for s in told if s.region_id), work.actor.region_id)
    rules = await rules_in_force(work, region, today())
    scores = await asyncio.to_thread(_scores, index, told, [p.id for p in people])
    return ScoreMatrix(told, people, scores, rules, purpose, index.version, WEIGHTS.version)


async def _people(work: Work) -> list[Person]:
    row: Any = _EXPERTS.row
    statement = (
        select(row)
        .where(
            row.state == ExpertState.active,
            visible(directory.named(_EXPERTS.register), work.actor),
        )
        .order_by(row.id)
    )
    return await facts.with_facts(work, (await work.session.execute(statement)).scalars().all())


def _scores(index: Index, told: Sequence[Subject], ids: Sequence[UUID]) -> NDArray[np.float32]:
    queries = [candidates.query_of(subject, today()) for subject in told]
    return index.score_many(queries, [str(one) for one in ids]).astype(np.float32)
