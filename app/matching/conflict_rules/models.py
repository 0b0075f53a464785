"""The row of a region's own conflict rule: which kind, which figures, from which document."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, SmallInteger, Uuid
from sqlmodel import Field

from app.core.tables import Body, Record, stored_as_text
from app.matching.conflicts.rules import Code, Purpose

_URL = r"^https?://\S+$"


class RuleState(StrEnum):
    draft = "draft"
    active = "active"
    replaced = "replaced"
    withdrawn = "withdrawn"


class Effect(StrEnum):
    """Whether the rule is in force, with its figures, or switched off."""

    apply = "apply"
    suspend = "suspend"


class ConflictRuleBody(Body):
    """What its author writes. A figure left empty is that of the built-in rule."""

    code: Code = Field(sa_type=stored_as_text(Code))
    purpose: Purpose = Field(sa_type=stored_as_text(Purpose))
    effect: Effect = Field(default=Effect.apply, sa_type=stored_as_text(Effect))
    years: int | None = Field(default=None, ge=0, le=50, sa_type=SmallInteger)
    days: int | None = Field(default=None, ge=0, le=3650, sa_type=SmallInteger)
    percent: int | None = Field(default=None, ge=0, le=100, sa_type=SmallInteger)
    cap: int | None = Field(default=None, ge=0, le=1000, sa_type=SmallInteger)
    document: str = Field(min_length=2, max_length=120)
    document_no: str | None = Field(default=None, max_length=64)
    clause: str = Field(min_length=1, max_length=64)
    quote: str | None = Field(default=None, max_length=5000)
    url: str | None = Field(default=None, max_length=500, schema_extra={"pattern": _URL})
    valid_from: date
    valid_to: date | None = None
    note: str = Field(min_length=2, max_length=1000)


class ConflictRule(ConflictRuleBody, Record, table=True):
    """One rule of one region. What was once in force stays, for judging days gone by."""

    __tablename__ = "conflict_rule"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="validity_in_order"),
        CheckConstraint("replaced_from >= valid_from", name="replaced_later"),
        CheckConstraint(
            "state NOT IN ('active', 'replaced')"
            " OR (activated_by_id IS NOT NULL AND NOT activated_by_id = ANY (authors))",
            name="two_persons",
        ),
        CheckConstraint(
            "effect = 'apply' OR code NOT IN ('identity_missing', 'subject_unknown')",
            name="identity_stays",
        ),
        Index(None, "node_id", "created_at", "id"),
        Index(None, "region_id", "code", "purpose", "valid_from"),
    )

    state: RuleState = Field(default=RuleState.draft, sa_type=stored_as_text(RuleState))
    name: str = Field(default="", max_length=64)
    quote_hash: str | None = Field(default=None, max_length=64, description="SHA-256 of the quote")
    replaced_from: date | None = Field(default=None, description="From when another stood in place")
    authors: list[UUID] = Field(
        default_factory=list,
        sa_type=ARRAY(Uuid),
        sa_column_kwargs={"server_default": "{}"},
    )
    activated_by_id: UUID | None = None
    activated_by: str | None = Field(default=None, max_length=64)
    activated_on: date | None = None
