"""Who or what could help, in order: found by the index, cleared of conflicts, scored, explained."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.audit.work import Work
from app.core.clock import today
from app.core.errors import NotFound
from app.matching import neighbourhood
from app.matching.conflicts import Purpose
from app.matching.index.library import library
from app.matching.judging import Judge, Told
from app.matching.kinds import KINDS, Kind
from app.matching.matches.models import CandidateKind, Match, MatchState, PartName
from app.matching.parties import Person, Subject
from app.matching.ranking import WEIGHTS, Hit, Index, Query, Ranking
from app.matching.reasons import Piece, Reason, reasons
from app.matching.sieve import Excluded, Sieve, rows_of
from app.registers import directory
from app.registers.disclosure import visible_fields
from app.registers.fields import Disclosure
from app.registers.register import Fence
from app.registers.visibility import visible

SHOWN = 20
DEEPER = 4  # as many are found as are shown: conflicts take some away
_DECIMALS = 4  # of points, as a match keeps them
MOST = 1_000  # of a kind are looked at for one subject

Embedding = Literal["off", "used", "failed"]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A document that earned part of a score."""

    title: str
    year: int | None
    share: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody or something that could help, with why."""

    kind: CandidateKind
    id: UUID
    label: str
    note: str
    score: float
    parts: Mapping[PartName, float]
    documents: Sequence[Weighed]
    reasons: Sequence[Reason]
    terms: Sequence[str]
    fields: Sequence[str]
    keywords: Sequence[str]
    newest_year: int | None
    recency: float
    match: tuple[UUID, MatchState] | None = None
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The candidates of one kind."""

    kind: Kind
    version: str
    considered: int
    candidates: Sequence[Candidate]
    excluded: Sequence[Excluded]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one call found, and everything it depends on."""

    groups: Sequence[Group]
    weights: str
    rules: str
    day: date
    embedding: Embedding

    @property
    def index(self) -> str:
        return " ".join(f"{group.kind.register}:{group.version}" for group in self.groups)


@dataclass(frozen=True, slots=True)
class Assessment:
    """One candidate judged for one subject on a day."""

    candidate: Candidate
    findings: Sequence[Told]
    index: str
    weights: str
    rules: str


def query_of(subject: Subject, day: date) -> Query:
    """Return what the index is asked for a subject: its first text is its title."""
    title, *rest = (*subject.texts, "")
    fields = (subject.field,) if subject.field else ()
    return Query(title, "\n".join(filter(None, rest)), subject.keywords, fields, day.year)


async def find(
    work: Work,
    subject: Subject,
    kinds: Iterable[CandidateKind] = (),
    limit: int = SHOWN,
    purpose: Purpose = Purpose.match,
) -> Answer:
    """Return the best candidates of some kinds (of all) that the actor may see for ``subject``."""
    judge = await Judge.of(work, subject, today(), purpose)
    asked = [k for k in CandidateKind if k in (tuple(kinds) or tuple(CandidateKind))]
    groups, used = [], set[Embedding]()
    for name in asked:
        if work.actor.role in directory.named(name.value).rights.read:
            group, embedding = await _group(work, judge, KINDS[name], limit)
            groups.append(group)
            used.add(embedding)
    told: Embedding = "failed" if "failed" in used else "used" if "used" in used else "off"
    return Answer(groups, WEIGHTS.version, judge.rules.version, judge.day, told)


async def _group(work: Work, judge: Judge, kind: Kind, limit: int) -> tuple[Group, Embedding]:
    index = await library(kind).current()
    query = query_of(judge.subject, judge.day)
    sieve = Sieve(work, judge, kind, limit)
    looked_at: set[str] = set()
    embedding: Embedding = "off"
    considered = 0
    while not sieve.full and len(looked_at) < MOST:
        found, embedding = await searched(work, kind, index, query, looked_at, limit * DEEPER)
        considered = considered or found.considered
        if not found.hits:
            break
        looked_at |= set(found.hits.ids)
        await sieve.take(found.hits)
    free = sieve.free[:limit]
    known = await _matches(work, judge.subject, kind, [one.row.id for one in free])
    hits = await asyncio.to_thread(lambda: [one.hit for one in free])
    shown = [
        explained(work, judge.subject, kind, hit, one.row, one.person, known.get(one.row.id))
        for hit, one in zip(hits, free, strict=True)
    ]
    return Group(kind, index.version, considered, shown, sieve.away), embedding


def nodes_of(work: Work, kind: Kind) -> frozenset[int]:
    """Return the nodes whose candidates of a kind the actor may see; the rows decide in the end."""
    shared = directory.named(kind.register).fence is Fence.library
    return frozenset(work.actor.library_nodes if shared else work.actor.nodes)


async def searched(
    work: Work, kind: Kind, index: Index, query: Query, without: set[str], limit: int
) -> tuple[Ranking, Embedding]:
    """Ask the index, with the embedding's term where there is one and it answers."""
    nodes = nodes_of(work, kind)

    def search(**more: Any) -> Ranking:
        return index.search(query, limit=limit, nodes=nodes, without=without, **more)

    lent = await neighbourhood.vectors(kind, index, query, nodes)
    if lent.embedding is not None:
        return await asyncio.to_thread(search, embedding=lent.embedding), "used"
    return await asyncio.to_thread(search), "failed" if lent.failed else "off"


async def _matches(
    work: Work, subject: Subject, kind: Kind, ids: Sequence[UUID]
) -> dict[UUID, tuple[UUID, MatchState]]:
    """Return the matches in which candidates stand already."""
    register = directory.named("matches")
    mine = col(Match.need_id) if subject.register == "needs" else col(Match.project_id)
    found = await work.session.execute(
        select(col(Match.candidate_id), col(Match.id), col(Match.state)).where(
            mine == subject.id,
            col(Match.candidate_kind) == kind.name,
            col(Match.candidate_id).in_(ids),
            visible(register, work.actor),
        )
    )
    return {candidate: (match, state) for candidate, match, state in found.all()}


def readable(work: Work, kind: Kind) -> frozenset[str]:
    """Return the fields that the actor reads plainly, and so may be quoted to it."""
    seen = visible_fields(directory.named(kind.register), work.actor.role)
    role = work.actor.role
    return frozenset(name for name, f in seen.items() if f.disclosure(role) is Disclosure.plain)


def explained(
    work: Work,
    subject: Subject,
    kind: Kind,
    hit: Hit,
    row: Any,
    person: Person | None = None,
    match: tuple[UUID, MatchState] | None = None,
) -> Candidate:
    """Return a hit with its quotations and documents, as far as the actor may read them."""
    fields = readable(work, kind)
    pieces = [piece for piece in kind.pieces(row) if piece.field in fields]
    source = f"{kind.register}/{row.id}"
    telling = [int(shown.key or 0) for shown in hit.documents]
    parts = {PartName(part.name): round(part.points, _DECIMALS) for part in hit.parts}
    return Candidate(
        kind=kind.name,
        id=row.id,
        label=str(getattr(row, directory.named(kind.register).title_field)),
        note=kind.note(row),
        score=round(sum(parts.values()), _DECIMALS),
        parts=parts,
        documents=_weighed(hit, pieces),
        reasons=reasons(subject.text, pieces, source, telling),
        terms=[term.text for term in hit.terms],
        fields=hit.fields,
        keywords=hit.keywords if "keywords" in fields else (),
        newest_year=hit.newest_year,
        recency=hit.recency,
        match=match,
        person=person,
    )


def _weighed(hit: Hit, pieces: Sequence[Piece]) -> list[Weighed]:
    titles: dict[int, str] = {}
    for piece in pieces:
        if piece.document is not None:
            titles.setdefault(piece.document, piece.text)
    return [
        Weighed(titles[int(shown.key or 0)], shown.year, shown.share)
        for shown in hit.documents
        if int(shown.key or 0) in titles
    ]


async def assess(
    work: Work, subject: Subject, name: CandidateKind, candidate_id: UUID
) -> Assessment:
    """Judge one candidate just as the search would. Raises NotFound."""
    kind = KINDS[name]
    rows = await rows_of(work, kind, [candidate_id])
    if not rows:
        raise NotFound
    judge = await Judge.of(work, subject, today())
    people = await judge.people(rows) if kind.person else {}
    index = await library(kind).current()
    query = query_of(subject, judge.day)
    found = await asyncio.to_thread(index.search, query, limit=1, only=[str(candidate_id)])
    hit = found.hits[0] if found.hits else Hit(str(candidate_id), 0.0, ())
    candidate = explained(work, subject, kind, hit, rows[0], people.get(candidate_id))
    findings = judge.findings(kind, rows[0], people.get(candidate_id), kept=True)
    return Assessment(candidate, findings, found.version, WEIGHTS.version, judge.rules.version)


async def judged(work: Work, subject: Subject, expert_id: UUID) -> tuple[Judge, Person]:
    """Return one expert with the rules in force today for a subject. Raises NotFound."""
    kind = KINDS[CandidateKind.experts]
    rows = await rows_of(work, kind, [expert_id])
    if not rows:
        raise NotFound
    judge = await Judge.of(work, subject, today())
    return judge, (await judge.people(rows))[expert_id]
