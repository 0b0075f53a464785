"""The project's row, what its author writes, and the words it may choose from."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import field_validator
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field

from app.core.tables import Body, Record, list_field, pinyin_field, stored_as_text
from app.ledgers.coded import field_code, industry_digits


class ProjectState(StrEnum):
    lead = "lead"
    reserve = "reserve"
    argumentation = "argumentation"
    applying = "applying"
    recommended = "recommended"
    approved = "approved"
    rejected = "rejected"
    signed = "signed"
    running = "running"
    changed = "changed"
    delayed = "delayed"
    acceptance = "acceptance"
    accepted = "accepted"
    failed = "failed"
    transformation = "transformation"
    archived = "archived"
    terminated = "terminated"


class ProjectKind(StrEnum):
    research = "research"
    transformation = "transformation"
    industrialisation = "industrialisation"
    platform = "platform"
    talent = "talent"
    cooperation = "cooperation"
    other = "other"


class ProjectLevel(StrEnum):
    state = "state"
    province = "province"
    city = "city"
    park = "park"


class MajorKind(StrEnum):
    """What makes a project one of the 四个重大 that are reported on their own."""

    programme = "programme"
    achievement = "achievement"
    platform = "platform"
    facility = "facility"


class UndertakerRole(StrEnum):
    lead = "lead"
    participant = "participant"


class BudgetSource(StrEnum):
    state = "state"
    province = "province"
    city = "city"
    park = "park"
    own = "own"
    loan = "loan"
    other = "other"


class Undertaker(Body):
    """Who carries out the project; an enterprise of the ledger or an organisation by name."""

    enterprise_id: UUID | None = None
    name: str | None = Field(default=None, max_length=120)
    uscc: str | None = Field(default=None, max_length=18)
    role: UndertakerRole = UndertakerRole.participant


class BudgetLine(Body):
    source: BudgetSource
    amount: Decimal = Field(ge=0, max_digits=18, decimal_places=4)


class Milestone(Body):
    name: str = Field(min_length=1, max_length=120)
    due: date
    done_on: date | None = None
    result: str | None = Field(default=None, max_length=500)


class ProjectBody(Body):
    project_no: str | None = Field(default=None, max_length=64)
    title: str = Field(min_length=4, max_length=120)
    kind: ProjectKind = Field(default=ProjectKind.research, sa_type=stored_as_text(ProjectKind))
    level: ProjectLevel | None = Field(default=None, sa_type=stored_as_text(ProjectLevel))
    programme: str | None = Field(default=None, max_length=120)
    major: list[MajorKind] = list_field(4)
    undertakers: list[Undertaker] = list_field(20)
    leader_name: str | None = Field(default=None, max_length=64)
    hightech_field: str | None = Field(default=None, max_length=2)
    industry_code: str | None = Field(default=None, max_length=4)
    summary: str | None = Field(default=None, max_length=5000)
    keywords: list[str] = list_field(20)
    budget_lines: list[BudgetLine] = list_field(20)
    period_from: date | None = None
    period_to: date | None = None
    trl: int | None = Field(default=None, ge=1, le=9)
    milestones: list[Milestone] = list_field(40)

    @field_validator("industry_code", mode="before")
    @classmethod
    def without_letter(cls, value: Any) -> Any:
        return industry_digits(value)

    @field_validator("hightech_field", mode="before")
    @classmethod
    def by_name_or_code(cls, value: Any) -> Any:
        return field_code(value)


class Project(ProjectBody, Record, table=True):
    __table_args__ = (
        ForeignKeyConstraint(["region_id", "owner_id"], ["enterprise.region_id", "enterprise.id"]),
        CheckConstraint("period_to >= period_from", name="period_in_order"),
        CheckConstraint("trl BETWEEN 1 AND 9", name="trl_in_scale"),
        Index(None, "node_id", "created_at", "id"),
        Index(None, "node_id", "state", "created_at", "id"),
        Index(None, "owner_id"),
        Index(
            "uq_project_project_no",
            "region_id",
            "project_no",
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )

    state: ProjectState = Field(default=ProjectState.lead, sa_type=stored_as_text(ProjectState))
    title_py: str = pinyin_field()
    budget: Decimal | None = Field(default=None, max_digits=18, decimal_places=4)
    approval_no: str | None = Field(default=None, max_length=64)
    approved_on: date | None = None
