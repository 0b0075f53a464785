"""How good the ranking is by the platform's own word: the matches its people took and refused."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import select
from sqlmodel import col

from app.audit.work import Work
from app.core.clock import today
from app.ledgers.needs.models import Need
from app.libraries.projects.models import Project
from app.matching import applicants
from app.matching.candidates import nodes_of
from app.matching.index.library import library
from app.matching.kinds import KINDS, Kind
from app.matching.matches.models import CandidateKind, Match, MatchState, RejectCode
from app.matching.ranking import Index, Query
from app.registers import directory
from app.registers.visibility import visible

MOST = 200  # subjects, the latest first: more would make the page wait
LOOKED = 100  # places of a ranking that are looked through
RESAMPLED, SEED = 1_000, 20261127

#: A person took the candidate, whatever came of it afterwards.
TAKEN = frozenset(MatchState) - {MatchState.proposed, MatchState.rejected}


@dataclass(frozen=True, slots=True)
class Judged:
    """One candidate that a person took or refused, as the ranking places it now."""

    match: UUID
    candidate: UUID
    label: str
    taken: bool
    score: float
    rank: int | None  # None: not among the places looked through
    code: RejectCode | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One need or project with everything that was judged for it."""

    register: str
    id: UUID
    label: str
    judged: Sequence[Judged]

    @property
    def pairs(self) -> list[float]:
        """Return 1 for each pair of a taken and a refused one in order, 0 if not, ½ if tied."""
        taken = [j.score for j in self.judged if j.taken]
        refused = [j.score for j in self.judged if not j.taken]
        return [_right(one, other) for one in taken for other in refused]

    @property
    def reciprocal(self) -> float | None:
        """Return one over the rank of the best that was taken; None where nobody was."""
        ranks = [j.rank for j in self.judged if j.taken]
        if not ranks:
            return None
        return max((1 / rank for rank in ranks if rank), default=0.0)

    @property
    def found(self) -> float | None:
        """Return the share of those taken that stand among the first ten."""
        ranks = [j.rank for j in self.judged if j.taken]
        return sum(1 for r in ranks if r and r <= _FIRST) / len(ranks) if ranks else None


_FIRST = 10


def _right(taken: float, refused: float) -> float:
    return 0.5 if taken == refused else float(taken > refused)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval, by drawing the subjects again and again."""

    id: str
    value: float | None
    low: float | None
    high: float | None
    of: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    kind: Kind
    index: str
    cases: Sequence[Case]
    figures: Sequence[Figure]
    refused: Mapping[RejectCode, int]


async def evaluation(work: Work, name: CandidateKind) -> Evaluation:
    """Return how the ranking of today places what people took and refused, as the actor sees it."""
    kind = KINDS[name]
    index = await library(kind).current()
    told = await _judged(work, kind)
    subjects = await _subjects(work, list(told)[:MOST])
    asked = [(key, subjects[key], told[key]) for key in told if key in subjects]
    nodes = nodes_of(work, kind)
    cases = await asyncio.to_thread(lambda: [_case(index, nodes, *one) for one in asked])
    refused = Counter(j.code or RejectCode.other for c in cases for j in c.judged if not j.taken)
    return Evaluation(kind, index.version, cases, figures(cases), refused)


Key = tuple[str, UUID]


async def _judged(work: Work, kind: Kind) -> dict[Key, list[Match]]:
    """Return the matches that somebody decided, by need or project, the latest first."""
    statement = (
        select(Match)
        .where(
            col(Match.candidate_kind) == kind.name,
            col(Match.state) != MatchState.proposed,
            visible(directory.named("matches"), work.actor),
        )
        .order_by(col(Match.created_at).desc(), col(Match.id))
    )
    found: dict[Key, list[Match]] = {}
    for match in (await work.session.execute(statement)).scalars():
        register = "needs" if match.need_id else "projects"
        if one := match.need_id or match.project_id:
            found.setdefault((register, one), []).append(match)
    return found


async def _subjects(work: Work, keys: Sequence[Key]) -> dict[Key, Need | Project]:
    found: dict[Key, Need | Project] = {}
    for name in ("needs", "projects"):
        register = directory.named(name)
        row: Any = register.row
        ids = [one for register_name, one in keys if register_name == name]
        statement = select(row).where(row.id.in_(ids), visible(register, work.actor))
        for one in (await work.session.execute(statement)).scalars():
            found[(name, one.id)] = one
    return found


def query_of(row: Need | Project) -> Query:
    """Return what the index is asked for a need or a project."""
    title, *rest = (*applicants.texts_of(row), "")
    field = (row.hightech_field,) if row.hightech_field else ()
    return Query(title, "\n".join(filter(None, rest)), tuple(row.keywords), field, today().year)


def _case(
    index: Index, nodes: frozenset[int], key: Key, row: Need | Project, matches: Sequence[Match]
) -> Case:
    query = query_of(row)
    near = index.search(query, limit=LOOKED, nodes=nodes).hits
    rank = {hit.id: place for place, hit in enumerate(near, 1)}
    known = [m for m in matches if str(m.candidate_id) in index.numbers]
    scores = index.score_many([query], [str(m.candidate_id) for m in known])[0]
    judged = [
        Judged(
            match.id,
            match.candidate_id,
            match.candidate_label,
            match.state in TAKEN,
            float(score),
            rank.get(str(match.candidate_id)),
            match.reject_code,
            match.reject_reason,
        )
        for match, score in zip(known, scores, strict=True)
    ]
    return Case(key[0], key[1], row.title, judged)


def figures(cases: Sequence[Case]) -> list[Figure]:
    """Return the figures of cases: pairs in the right order, reciprocal rank, found in the ten."""
    told: Mapping[str, list[list[float]]] = {
        "accuracy": [case.pairs for case in cases],
        "reciprocal_rank": [[c.reciprocal] for c in cases if c.reciprocal is not None],
        "recall_10": [[c.found] for c in cases if c.found is not None],
    }
    return [_figure(name, [group for group in groups if group]) for name, groups in told.items()]


def _figure(name: str, groups: Sequence[Sequence[float]]) -> Figure:
    """Return the mean of all values; the interval draws whole subjects."""
    if not groups:
        return Figure(name, None, None, None, 0)
    sums = np.array([sum(group) for group in groups])
    sizes = np.array([len(group) for group in groups])
    dice = np.random.default_rng(SEED)
    drawn = dice.integers(0, len(groups), (RESAMPLED, len(groups)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Figure(name, float(sums.sum() / sizes.sum()), float(low), float(high), int(sizes.sum()))
