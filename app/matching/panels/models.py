"""Rows of panels, of reviews, and of what is under seal."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Enum,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Uuid,
    text,
)
from sqlmodel import Field, SQLModel

from app.core.tables import Body, Record, false_field, list_field, stored_as_text


class PanelState(StrEnum):
    forming = "forming"
    inviting = "inviting"
    confirmed = "confirmed"
    scoring = "scoring"
    locked = "locked"
    opened = "opened"
    published = "published"
    cancelled = "cancelled"


class ReviewState(StrEnum):
    reserved = "reserved"  # seated, and not yet asked
    invited = "invited"
    accepted = "accepted"
    declared = "declared"
    submitted = "submitted"
    locked = "locked"
    missing = "missing"  # nothing was in when the panel was locked
    declined = "declined"
    recused = "recused"
    expired = "expired"
    replaced = "replaced"  # taken off after having been asked
    passed_over = "passed_over"  # taken off, or found conflicted, before


class ChoosingMode(StrEnum):
    """How the people of a panel were chosen: three ways that must not be confused."""

    recommend = "recommend"
    assign = "assign"
    draw = "draw"


class SeatKind(StrEnum):
    member = "member"
    alternate = "alternate"


class Opinion(StrEnum):
    approve = "approve"
    approve_with_changes = "approve_with_changes"
    reject = "reject"


def _opinion(column: str) -> Enum:
    """Keep an opinion as text; a table with two of them needs two names for their CHECKs."""
    found = stored_as_text(Opinion)
    found.name = column
    return found


class Criterion(Body):
    """One thing that is judged. Without a weight it counts as much as its points."""

    name: str = Field(min_length=1, max_length=120)
    max_points: Decimal = Field(gt=0, le=1000, max_digits=6, decimal_places=2)
    weight: Decimal | None = Field(default=None, gt=0, le=1000, max_digits=6, decimal_places=2)
    help: str | None = Field(default=None, max_length=500)


class ScoreLine(Body):
    """What one reviewer gave for one criterion, named c1, c2 … in the order of the panel's."""

    criterion: str = Field(max_length=8)
    points: Decimal | None = Field(default=None, max_digits=8, decimal_places=2)
    comment: str | None = Field(default=None, max_length=2000)


class HeardLine(Body):
    """What one reviewer said, without a name: what the chair sums up."""

    total: Decimal = Field(max_digits=6, decimal_places=2)
    opinion: Opinion
    comment: str | None = Field(default=None, max_length=5000)


class VoteLine(Body):
    """How many were of one opinion."""

    opinion: Opinion
    count: int = Field(ge=0, le=1000)


def references_field(most: int) -> list[UUID]:
    """Declare a list of references: a uuid[] column, empty rather than null."""
    found: list[UUID] = Field(
        default_factory=list,
        max_length=most,
        sa_type=ARRAY(Uuid),
        sa_column_kwargs={"server_default": "{}"},
    )
    return found


class PanelBody(Body):
    title: str = Field(min_length=2, max_length=120)
    need_id: UUID | None = None
    project_id: UUID | None = None
    subject_note: str | None = Field(default=None, max_length=500)
    mode: ChoosingMode = Field(default=ChoosingMode.recommend, sa_type=stored_as_text(ChoosingMode))
    draw_id: UUID | None = None
    assignment_id: UUID | None = None
    experts: list[UUID] = references_field(60)
    size: int = Field(default=5, ge=1, le=25, sa_type=SmallInteger)
    min_members: int = Field(default=3, ge=1, le=25, sa_type=SmallInteger)
    criteria: list[Criterion] = list_field(20)
    meeting_on: date | None = None
    place: str | None = Field(default=None, max_length=200)
    online_url: str | None = Field(default=None, max_length=500)
    answer_by: date | None = None
    review_by: date | None = None
    chaired: bool = false_field()
    chair_id: UUID | None = None
    note: str | None = Field(default=None, max_length=2000)
    conclusion_draft: Opinion | None = Field(default=None, sa_type=_opinion("conclusion_draft"))
    opinion_draft: str | None = Field(default=None, max_length=10_000)


class Panel(PanelBody, Record, table=True):
    __table_args__ = (
        ForeignKeyConstraint(["region_id", "need_id"], ["need.region_id", "need.id"]),
        ForeignKeyConstraint(["region_id", "project_id"], ["project.region_id", "project.id"]),
        CheckConstraint(
            "num_nonnulls(need_id, project_id) + (subject_note IS NOT NULL)::int >= 1"
            " AND num_nonnulls(need_id, project_id) <= 1",
            name="one_subject",
        ),
        CheckConstraint("size >= min_members", name="room_for_the_least"),
        CheckConstraint("opened_by_id IS NULL OR opened_by_id <> locked_by_id", name="two_persons"),
        CheckConstraint("(mode = 'draw') = (draw_id IS NOT NULL)", name="drawn_by_a_draw"),
        Index(None, "node_id", "created_at", "id"),
        Index(None, "node_id", "state", "created_at", "id"),
        Index(None, "project_id"),
        Index(None, "need_id"),
        Index(
            "uq_panel_draw",
            "region_id",
            "draw_id",
            unique=True,
            postgresql_where=text("deleted_at IS NULL AND state <> 'cancelled'"),
        ),
    )

    state: PanelState = Field(default=PanelState.forming, sa_type=stored_as_text(PanelState))
    locked_at: datetime | None = None
    locked_by_id: UUID | None = None
    locked_by: str | None = Field(default=None, max_length=64)
    lock_reason: str | None = Field(default=None, max_length=1000)
    seal: str | None = Field(default=None, max_length=64, description="SHA-256 of what was locked")
    opened_at: datetime | None = None
    opened_by_id: UUID | None = None
    opened_by: str | None = Field(default=None, max_length=64)
    conclusion: Opinion | None = Field(default=None, sa_type=_opinion("conclusion"))
    opinion: str | None = Field(default=None, max_length=10_000)
    mean_score: Decimal | None = Field(default=None, max_digits=6, decimal_places=2)
    published_on: date | None = None
    votes: list[VoteLine] = list_field(3)
    few_reason: str | None = Field(default=None, max_length=1000)
    announced_on: date | None = None


class ReviewBody(Body):
    """Which seat a review is; the house writes it."""

    panel_id: UUID
    expert_id: UUID
    kind: SeatKind = Field(default=SeatKind.member, sa_type=stored_as_text(SeatKind))
    position: int = Field(default=1, ge=1, le=1000, sa_type=SmallInteger)


class Review(ReviewBody, Record, table=True):
    """One expert's part in one panel, and all the expert is told of the panel."""

    __table_args__ = (
        ForeignKeyConstraint(["region_id", "panel_id"], ["panel.region_id", "panel.id"]),
        ForeignKeyConstraint(["region_id", "replaces"], ["review.region_id", "review.id"]),
        Index(
            "uq_review_seat",
            "region_id",
            "panel_id",
            "expert_id",
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
        # one successor a seat: what makes filling a seat twice impossible
        Index("uq_review_replaces", "region_id", "replaces", unique=True),
        Index(None, "node_id", "created_at", "id"),
        Index(None, "expert_id", "state"),
        Index(None, "panel_id", "position"),
    )

    state: ReviewState = Field(default=ReviewState.reserved, sa_type=stored_as_text(ReviewState))
    need_id: UUID | None = None
    project_id: UUID | None = None
    title: str = Field(default="", max_length=120)
    subject: str = Field(default="", max_length=500)
    expert_label: str = Field(default="", max_length=64)
    criteria: list[Criterion] = list_field(20)
    meeting_on: date | None = None
    place: str | None = Field(default=None, max_length=200)
    online_url: str | None = Field(default=None, max_length=500)
    answer_by: date | None = None
    review_by: date | None = None
    scoring_since: datetime | None = Field(default=None, description="When scores were called for")
    invited_at: datetime | None = None
    answered_at: datetime | None = None
    declared_at: datetime | None = None
    submitted_at: datetime | None = None
    gone_reason: str | None = Field(default=None, max_length=1000)
    replaces: UUID | None = None
    scores: list[ScoreLine] = list_field(20)
    total: Decimal | None = Field(default=None, max_digits=6, decimal_places=2)
    opinion: Opinion | None = Field(default=None, sa_type=stored_as_text(Opinion))
    comment: str | None = Field(default=None, max_length=5000)
    is_chair: bool = false_field()
    heard: list[HeardLine] = list_field(25)
    summary_since: datetime | None = Field(default=None, description="When the chair was asked")
    conclusion: Opinion | None = Field(default=None, sa_type=_opinion("conclusion"))
    summary: str | None = Field(default=None, max_length=10_000)
    summarised_at: datetime | None = None
    answer_reminded_at: datetime | None = None
    review_reminded_at: datetime | None = None
    lent: bool = false_field()  # answered by a link that staff had in hand
    contested_at: datetime | None = None


class PanelKey(SQLModel, table=True):
    """The key a panel's scores lie under, wrapped by the installation's."""

    __tablename__ = "panel_key"

    region_id: int = Field(primary_key=True, sa_type=SmallInteger)
    panel_id: UUID = Field(primary_key=True)
    node_id: int
    key_id: str = Field(max_length=16)
    wrapped_key: bytes


class SealedScore(SQLModel, table=True):
    """A score sheet under its panel's key: its author writes it, an opened panel releases it.

    Staff cannot select it; ``park_open_panel`` hands it out once two persons have acted.
    """

    __tablename__ = "sealed_score"

    region_id: int = Field(primary_key=True, sa_type=SmallInteger)
    record_id: UUID = Field(primary_key=True, description="The review")
    panel_id: UUID = Field(index=True)
    node_id: int
    key_id: str = Field(max_length=16)
    wrapped_key: bytes = Field(description="The panel's, where the author can reach it")
    ciphertext: bytes | None = None
    saved_at: datetime | None = None
    saved_by_link: UUID | None = Field(default=None, description="None: by account")
