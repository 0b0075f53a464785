"""The match's row: one candidate for one need or project, as judged by the server."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field

from app.core.tables import Body, Record, false_field, list_field, stored_as_text


class MatchState(StrEnum):
    proposed = "proposed"
    chosen = "chosen"
    rejected = "rejected"
    invited = "invited"
    accepted = "accepted"
    declined = "declined"
    recused = "recused"
    working = "working"
    done = "done"
    done_no_help = "done_no_help"
    not_reachable = "not_reachable"


class CandidateKind(StrEnum):
    """The register a candidate stands in."""

    experts = "experts"
    achievements = "achievements"
    projects = "projects"
    needs = "needs"


class RejectCode(StrEnum):
    """Why somebody was not taken: what the ranking can learn from, and what it cannot."""

    wrong_field = "wrong_field"
    other_problem = "other_problem"
    level = "level"
    unavailable = "unavailable"
    distance = "distance"
    conflict = "conflict"
    other = "other"


class PartName(StrEnum):
    text = "text"  # of matches judged before 2026-11-27
    bm25 = "bm25"
    cosine = "cosine"
    vectors = "vectors"
    alike = "alike"
    field = "field"
    keyword = "keyword"
    embedding = "embedding"


class ScorePart(Body):
    part: PartName
    points: Decimal = Field(max_digits=6, decimal_places=4)


class QuotedReason(Body):
    text: str
    field: str
    source: str


class DocumentShare(Body):
    """A document that earned part of the score: its share of the text's points, 0 to 1."""

    title: str
    share: Decimal = Field(max_digits=5, decimal_places=4)
    year: int | None = None


class ConflictFound(Body):
    """A rule that kept the candidate away when the match was proposed."""

    code: str
    reason: str
    evidence: str | None = None


class MatchBody(Body):
    need_id: UUID | None = None
    project_id: UUID | None = None
    candidate_kind: CandidateKind = Field(
        default=CandidateKind.experts, sa_type=stored_as_text(CandidateKind)
    )
    candidate_id: UUID
    note: str | None = Field(default=None, max_length=1000)


_LIVE = "deleted_at IS NULL"


class Match(MatchBody, Record, table=True):
    __table_args__ = (
        ForeignKeyConstraint(["region_id", "need_id"], ["need.region_id", "need.id"]),
        ForeignKeyConstraint(["region_id", "project_id"], ["project.region_id", "project.id"]),
        CheckConstraint("num_nonnulls(need_id, project_id) = 1", name="need_or_project"),
        CheckConstraint("score BETWEEN 0 AND 1", name="score_normalised"),
        Index(None, "node_id", "created_at", "id"),
        Index(None, "node_id", "state", "created_at", "id"),
        Index(None, "candidate_id"),
        Index(
            "uq_match_need_candidate",
            "region_id",
            "need_id",
            "candidate_kind",
            "candidate_id",
            unique=True,
            postgresql_where=text(_LIVE),
        ),
        Index(
            "uq_match_project_candidate",
            "region_id",
            "project_id",
            "candidate_kind",
            "candidate_id",
            unique=True,
            postgresql_where=text(_LIVE),
        ),
    )

    state: MatchState = Field(default=MatchState.proposed, sa_type=stored_as_text(MatchState))
    candidate_label: str = Field(default="", max_length=120)
    score: Decimal = Field(default=Decimal(0), max_digits=6, decimal_places=4)
    parts: list[ScorePart] = list_field(8)
    documents: list[DocumentShare] = list_field(5)
    reasons: list[QuotedReason] = list_field(10)
    conflicts: list[ConflictFound] = list_field(20)
    checked_on: date | None = None
    rules_version: str | None = Field(default=None, max_length=16)
    index_version: str | None = Field(default=None, max_length=64)
    weights_version: str | None = Field(default=None, max_length=32)
    reject_code: RejectCode | None = Field(default=None, sa_type=stored_as_text(RejectCode))
    reject_reason: str | None = Field(default=None, max_length=1000)
    result: str | None = Field(default=None, max_length=2000)
    lent: bool = false_field()  # answered by a link that staff had in hand
    contested_at: datetime | None = None
