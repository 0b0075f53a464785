"""Rows of assignments, of their runs, and of the pairs that came out."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Float,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.core.clock import now
from app.core.tables import Body, Record, list_field, stored_as_text
from app.matching.assignment.problem import Objective
from app.registers.tables import Beside

MOST = 2_000  # projects of one batch


class AssignmentState(StrEnum):
    draft = "draft"
    queued = "queued"
    running = "running"
    solved = "solved"
    infeasible = "infeasible"
    failed = "failed"
    cancelled = "cancelled"
    adopted = "adopted"


class SeatsOf(Body):
    """How many experts one project wants, where it is not as many as the others."""

    project_id: UUID
    seats: int = Field(ge=1, le=25)


class AssignmentBody(Body):
    title: str = Field(min_length=2, max_length=120)
    project_ids: list[UUID] = Field(
        default_factory=list,
        min_length=1,
        max_length=MOST,
        sa_type=ARRAY(Uuid),
        sa_column_kwargs={"server_default": "{}"},
    )
    seats: int = Field(default=5, ge=1, le=25, sa_type=SmallInteger)
    exceptions: list[SeatsOf] = list_field(500)
    max_load: int = Field(default=5, ge=1, le=100, sa_type=SmallInteger)
    technical_min_percent: int = Field(default=0, ge=0, le=100, sa_type=SmallInteger)
    finance_min: int = Field(default=0, ge=0, le=25, sa_type=SmallInteger)
    offsite_min: int = Field(default=0, ge=0, le=25, sa_type=SmallInteger)
    per_unit_max: int = Field(default=1, ge=1, le=25, sa_type=SmallInteger)
    division_code: str | None = Field(
        default=None, max_length=6, schema_extra={"pattern": "^[0-9]{6}$"}
    )
    objective: Objective = Field(default=Objective.total, sa_type=stored_as_text(Objective))
    time_limit_s: int = Field(default=120, ge=5, le=3600, sa_type=SmallInteger)
    top_n: int = Field(default=40, ge=10, le=1000, sa_type=SmallInteger)
    review_on: date | None = None
    note: str | None = Field(default=None, max_length=2000)


class Assignment(AssignmentBody, Record, table=True):
    __table_args__ = (
        CheckConstraint("cardinality(project_ids) > 0", name="some_projects"),
        Index(None, "node_id", "created_at", "id"),
        Index(None, "node_id", "state", "created_at", "id"),
    )

    state: AssignmentState = Field(
        default=AssignmentState.draft, sa_type=stored_as_text(AssignmentState)
    )
    run: int = Field(default=0, description="Counts how often it was started")
    started_at: datetime | None = None
    started_by: str | None = Field(default=None, max_length=64)
    finished_at: datetime | None = None
    total: Decimal | None = Field(default=None, max_digits=14, decimal_places=4)
    bound: Decimal | None = Field(default=None, max_digits=14, decimal_places=4)
    proved: bool | None = None
    worst: Decimal | None = Field(default=None, max_digits=14, decimal_places=4)
    failure: str | None = Field(default=None, max_length=1000)
    rules_version: str | None = Field(default=None, max_length=64)
    index_version: str | None = Field(default=None, max_length=64)
    weights_version: str | None = Field(default=None, max_length=32)


class BesideAssignment(Beside):
    """A row beside one assignment; ``record_id`` is the assignment's."""

    register_name: str = Field(default="assignments", max_length=32)
    record_id: UUID = Field(primary_key=True)


class AssignmentRun(BesideAssignment, table=True):
    """How far the last run is, and what it found besides the pairs.

    Beside the record, so that telling progress makes no version of it.
    """

    __tablename__ = "assignment_run"
    __table_args__ = (
        ForeignKeyConstraint(["region_id", "record_id"], ["assignment.region_id", "assignment.id"]),
    )

    run: int
    phase: str = Field(default="queued", max_length=32)
    percent: int = Field(default=0, sa_type=SmallInteger)
    told_at: datetime = Field(default_factory=now)
    certificate: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    explanation: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    clash: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    refused: list[dict[str, Any]] = list_field(MOST)


class AssignmentPair(BesideAssignment, table=True):
    """One expert for one project. Alternates follow the members."""

    __tablename__ = "assignment_pair"
    __table_args__ = (
        ForeignKeyConstraint(["region_id", "record_id"], ["assignment.region_id", "assignment.id"]),
        Index(None, "expert_id"),
    )

    project_id: UUID = Field(primary_key=True)
    expert_id: UUID = Field(primary_key=True)
    position: int = Field(sa_type=SmallInteger)
    alternate: bool = False
    score: float = Field(sa_type=Float)
