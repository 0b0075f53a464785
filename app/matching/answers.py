"""The shapes in which candidates, reasons and exclusions are answered."""

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from app.audit.work import Work
from app.matching.candidates import Answer, Candidate, Group
from app.matching.conflicts.kinds import source_in
from app.matching.matches.models import CandidateKind, MatchState, PartName
from app.matching.sieve import Excluded
from app.registers import directory


class PartShown(BaseModel):
    part: PartName
    points: float


class SpanShown(BaseModel):
    """Characters of the quotation that the subject says too; ``to`` is exclusive."""

    begin: int = Field(ge=0)
    to: int = Field(ge=1)


class ReasonShown(BaseModel):
    """A literal quotation: the words, the field they stand in, the record they are from."""

    text: str
    field: str
    source: str = Field(description="register/id")
    spans: list[SpanShown]


class DocumentShown(BaseModel):
    """A document that earned part of the score."""

    title: str
    year: int | None
    share: float = Field(ge=0, le=1, description="Of the points that texts gave")


class RecencyShown(BaseModel):
    newest_year: int | None
    factor: float = Field(description="What the years of the documents leave of their weight")


class MatchShown(BaseModel):
    """The match that this candidate stands in already."""

    id: UUID
    state: MatchState


class CandidateShown(BaseModel):
    kind: CandidateKind
    id: UUID
    label: str
    note: str = Field(description="What tells two of the same name apart")
    score: float = Field(ge=0, le=1)
    parts: list[PartShown] = Field(description="They add up to the score")
    documents: list[DocumentShown]
    reasons: list[ReasonShown]
    terms: list[str] = Field(description="The subject's words that weigh most")
    fields: list[str] = Field(description="Codes of fields that agree")
    keywords: list[str] = Field(description="Declared keywords that the subject contains")
    recency: RecencyShown
    match: MatchShown | None

    @classmethod
    def of(cls, found: Candidate) -> "CandidateShown":
        return cls(
            kind=found.kind,
            id=found.id,
            label=found.label,
            note=found.note,
            score=found.score,
            parts=[PartShown(part=p, points=points) for p, points in found.parts.items()],
            documents=[
                DocumentShown(title=d.title, year=d.year, share=d.share) for d in found.documents
            ],
            reasons=[
                ReasonShown(
                    text=r.text,
                    field=r.field,
                    source=r.source,
                    spans=[SpanShown(begin=begin, to=to) for begin, to in r.spans],
                )
                for r in found.reasons
            ],
            terms=list(found.terms),
            fields=list(found.fields),
            keywords=list(found.keywords),
            recency=RecencyShown(newest_year=found.newest_year, factor=found.recency),
            match=MatchShown(id=found.match[0], state=found.match[1]) if found.match else None,
        )


class FindingShown(BaseModel):
    """A rule that keeps the candidate away, with what it rests on."""

    code: str = Field(description="The rule's stable code")
    reason: str
    evidence: str | None
    since: date | None
    until: date | None
    source: str = Field(description="Where the rule comes from")


class ExcludedShown(BaseModel):
    """Somebody the words found and a rule keeps away."""

    kind: CandidateKind
    id: UUID
    label: str
    findings: list[FindingShown]

    @classmethod
    def of(cls, excluded: Excluded, locale: str) -> "ExcludedShown":
        return cls(
            kind=excluded.kind,
            id=excluded.id,
            label=excluded.label,
            findings=[
                FindingShown(
                    code=f.code,
                    reason=f.reason(locale),
                    evidence=f.evidence,
                    since=f.since,
                    until=f.until,
                    source=source_in(f.source, locale),
                )
                for f in excluded.findings
            ],
        )


class GroupShown(BaseModel):
    kind: CandidateKind
    label: str
    considered: int = Field(description="Candidates that were compared")
    candidates: list[CandidateShown]
    excluded: list[ExcludedShown]

    @classmethod
    def of(cls, group: Group, locale: str) -> "GroupShown":
        return cls(
            kind=group.kind.name,
            label=directory.named(group.kind.register).label.in_(locale),
            considered=group.considered,
            candidates=[CandidateShown.of(c) for c in group.candidates],
            excluded=[ExcludedShown.of(e, locale) for e in group.excluded],
        )


class Matches(BaseModel):
    """Everything one call found, with what it was computed from: the same gives the same."""

    index: str = Field(description="Version of every index that was asked")
    weights: str
    rules: str
    day: date
    embedding: Literal["off", "used", "failed"]
    groups: list[GroupShown]

    @classmethod
    def of(cls, work: Work, answer: Answer) -> "Matches":
        groups: Sequence[Group] = answer.groups
        return cls(
            index=answer.index,
            weights=answer.weights,
            rules=answer.rules,
            day=answer.day,
            embedding=answer.embedding,
            groups=[GroupShown.of(group, work.locale) for group in groups],
        )
