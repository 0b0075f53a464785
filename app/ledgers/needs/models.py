"""The need's row, what its author writes, and the words it may choose from."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints, field_validator
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Uuid,
    text,
)
from sqlmodel import Field, SQLModel

from app.core.tables import Body, Record, list_field, stored_as_text
from app.ledgers.coded import field_code, industry_digits

Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]


class NeedState(StrEnum):
    draft = "draft"
    submitted = "submitted"
    returned = "returned"
    accepted = "accepted"
    published = "published"
    matching = "matching"
    matched = "matched"
    in_progress = "in_progress"
    resolved = "resolved"
    confirmed = "confirmed"
    follow_up = "follow_up"
    closed = "closed"
    rejected = "rejected"
    merged = "merged"
    escalated = "escalated"
    suspended = "suspended"
    withdrawn = "withdrawn"
    unresolved = "unresolved"


class NeedKind(StrEnum):
    technology = "technology"
    achievement_import = "achievement_import"
    testing = "testing"
    talent = "talent"
    funding = "funding"
    policy = "policy"
    patent = "patent"
    other = "other"


class CooperationMode(StrEnum):
    commissioned_development = "commissioned_development"
    joint_development = "joint_development"
    technology_transfer = "technology_transfer"
    technology_licence = "technology_licence"
    technical_consulting = "technical_consulting"
    technical_service = "technical_service"
    equity = "equity"
    other = "other"


class Confidentiality(StrEnum):
    public = "public"
    internal = "internal"
    confidential = "confidential"


class HandlingLevel(StrEnum):
    """Who answers for the need now: the station that accepted it, or whom it was handed up to."""

    station = "station"
    centre = "centre"
    province = "province"


class ClockState(StrEnum):
    """The promise of an answer within ten working days of acceptance."""

    idle = "idle"
    running = "running"
    paused = "paused"
    met = "met"
    missed = "missed"


class RejectCode(StrEnum):
    not_a_tech_need = "not_a_tech_need"
    incomplete = "incomplete"
    duplicate = "duplicate"
    not_in_park = "not_in_park"
    state_secret = "state_secret"  # noqa: S105 -- a reason, not a password
    other = "other"


class NeedBody(Body):
    """What its author writes; title and description are enough to file one."""

    title: str = Field(min_length=2, max_length=120)
    description: str = Field(min_length=2, max_length=10_000)
    enterprise_id: UUID | None = Field(default=None, nullable=False)
    kind: NeedKind | None = Field(default=None, sa_type=stored_as_text(NeedKind))
    current_state: str | None = Field(default=None, max_length=5000)
    target_metrics: str | None = Field(default=None, max_length=5000)
    budget: Decimal | None = Field(
        default=None, ge=0, max_digits=18, decimal_places=4, description="万元"
    )
    cooperation_modes: list[CooperationMode] = list_field(8)
    hightech_field: str | None = Field(default=None, max_length=2)
    industry_code: str | None = Field(default=None, max_length=4)
    trl_now: int | None = Field(default=None, ge=1, le=9, sa_type=SmallInteger)
    trl_target: int | None = Field(default=None, ge=1, le=9, sa_type=SmallInteger)
    deadline: date | None = None
    confidentiality: Confidentiality = Field(
        default=Confidentiality.internal, sa_type=stored_as_text(Confidentiality)
    )
    keywords: list[Tag] = list_field(20)
    contact_name: str | None = Field(default=None, max_length=60)
    contact_phone: str | None = Field(default=None, max_length=60)
    avoid_experts: list[UUID] = Field(
        default_factory=list,
        max_length=3,
        sa_type=ARRAY(Uuid),
        sa_column_kwargs={"server_default": "{}"},
    )

    @field_validator("industry_code", mode="before")
    @classmethod
    def without_letter(cls, value: Any) -> Any:
        return industry_digits(value)

    @field_validator("hightech_field", mode="before")
    @classmethod
    def by_name_or_code(cls, value: Any) -> Any:
        return field_code(value)


_BEFORE_ACCEPTANCE = "('draft', 'submitted', 'returned', 'rejected', 'merged', 'withdrawn')"


class Need(NeedBody, Record, table=True):
    """One need of one enterprise, at the enterprise's park, whoever handles it."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["region_id", "enterprise_id"],
            ["enterprise.region_id", "enterprise.id"],
            ondelete="RESTRICT",
        ),
        ForeignKeyConstraint(
            ["region_id", "merged_into"], ["need.region_id", "need.id"], ondelete="RESTRICT"
        ),
        Index("uq_need_number", "region_id", "number", unique=True),
        Index(None, "node_id", "created_at", "id"),
        Index(None, "node_id", "state", "created_at"),
        Index(
            "ix_need_node_id_due_on_running",
            "node_id",
            "due_on",
            postgresql_where=text("clock = 'running'"),
        ),
        Index(None, "enterprise_id", "created_at"),
        CheckConstraint("budget >= 0", name="budget_not_negative"),
        CheckConstraint("trl_now BETWEEN 1 AND 9", name="trl_now_on_scale"),
        CheckConstraint("trl_target BETWEEN 1 AND 9", name="trl_target_on_scale"),
        CheckConstraint(
            "(accepted_on IS NULL) = (station_organisation_id IS NULL)",
            name="accepted_by_a_station",
        ),
        CheckConstraint(
            f"state IN {_BEFORE_ACCEPTANCE} OR station_organisation_id IS NOT NULL",
            name="one_station_once_accepted",
        ),
        CheckConstraint(
            "(state = 'suspended') = (suspended_from IS NOT NULL)", name="suspended_from_somewhere"
        ),
        CheckConstraint(
            "(state = 'merged') = (merged_into IS NOT NULL)", name="merged_into_another"
        ),
        CheckConstraint(
            "state NOT IN ('confirmed', 'follow_up') OR confirmed_at IS NOT NULL",
            name="confirmed_by_the_enterprise",
        ),
    )

    number: str = Field(default="", max_length=20)
    state: NeedState = Field(default=NeedState.draft, sa_type=stored_as_text(NeedState))
    level: HandlingLevel = Field(
        default=HandlingLevel.station, sa_type=stored_as_text(HandlingLevel)
    )
    station_organisation_id: int | None = None
    station_name: str | None = Field(default=None, max_length=120)
    handler_organisation_id: int | None = None
    handler_name: str | None = Field(default=None, max_length=120)
    submitted_on: date | None = None
    accepted_on: date | None = None
    clock: ClockState = Field(default=ClockState.idle, sa_type=stored_as_text(ClockState))
    clock_since: date | None = Field(default=None, description="When the days left were counted")
    clock_days_left: int | None = None
    due_on: date | None = None
    due_unknown: bool = False
    responded_on: date | None = None
    published_at: datetime | None = None
    blind_title: str | None = Field(default=None, max_length=120)
    blind_text: str | None = Field(default=None, max_length=5000)
    result: str | None = Field(default=None, max_length=5000)
    resolved_on: date | None = None
    confirmed: bool | None = Field(default=None, description="False: closed without the word")
    confirmed_at: datetime | None = None
    follow_ups: int = Field(default=0, sa_type=SmallInteger)
    follow_up_due: date | None = None
    closed_on: date | None = None
    closed_reason: str | None = Field(default=None, max_length=1000)
    reject_code: RejectCode | None = Field(default=None, sa_type=stored_as_text(RejectCode))
    merged_into: UUID | None = None
    suspended_from: str | None = Field(default=None, max_length=32)


class RunningNumber(SQLModel, table=True):
    """The last number given out in a region and year; only ``park_next_number`` touches it."""

    __tablename__ = "running_number"

    register_name: str = Field(primary_key=True, max_length=32)
    region_id: int = Field(primary_key=True, sa_type=SmallInteger)
    year: int = Field(primary_key=True, sa_type=SmallInteger)
    last: int = 0
