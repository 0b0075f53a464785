"""The achievement's row, what its author writes, and the words it may choose from."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import field_validator
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field

from app.core.tables import Body, Record, list_field, pinyin_field, stored_as_text
from app.ledgers.coded import field_code


class AchievementState(StrEnum):
    found = "found"
    registered = "registered"
    evaluated = "evaluated"
    listed = "listed"
    negotiating = "negotiating"
    contracted = "contracted"
    contract_registered = "contract_registered"
    benefit_tracked = "benefit_tracked"
    withdrawn = "withdrawn"


class AchievementKind(StrEnum):
    technology = "technology"
    product = "product"
    material = "material"
    software = "software"
    variety = "variety"
    theory = "theory"
    soft_science = "soft_science"


class TransferMode(StrEnum):
    transfer = "transfer"
    licence = "licence"
    equity = "equity"
    cooperation = "cooperation"


class PropertyKind(StrEnum):
    invention = "invention"
    utility_model = "utility_model"
    design = "design"
    software = "software"
    layout = "layout"
    variety = "variety"
    other = "other"


class ContractKind(StrEnum):
    """The five technical contracts of the civil code (domain rules 3.10)."""

    development = "development"
    transfer = "transfer"
    licence = "licence"
    consulting = "consulting"
    service = "service"


class Property(Body):
    kind: PropertyKind
    number: str = Field(min_length=1, max_length=64)
    title: str | None = Field(default=None, max_length=200)


class AchievementBody(Body):
    registration_no: str | None = Field(default=None, max_length=64)
    title: str = Field(min_length=4, max_length=120)
    owner_name: str = Field(min_length=2, max_length=120)
    enterprise_id: UUID | None = None
    expert_id: UUID | None = None
    kind: AchievementKind = Field(
        default=AchievementKind.technology, sa_type=stored_as_text(AchievementKind)
    )
    hightech_field: str | None = Field(default=None, max_length=2)
    keywords: list[str] = list_field(20)
    summary: str | None = Field(default=None, max_length=5000)
    trl: int | None = Field(default=None, ge=1, le=9)
    trl_evidence: str | None = Field(default=None, max_length=1000)
    ip_refs: list[Property] = list_field(50)
    transfer_modes: list[TransferMode] = list_field(4)
    asking_price: Decimal | None = Field(default=None, ge=0, max_digits=18, decimal_places=4)
    asking_terms: str | None = Field(default=None, max_length=1000)

    @field_validator("hightech_field", mode="before")
    @classmethod
    def by_name_or_code(cls, value: Any) -> Any:
        return field_code(value)


class Achievement(AchievementBody, Record, table=True):
    __table_args__ = (
        ForeignKeyConstraint(
            ["region_id", "enterprise_id"], ["enterprise.region_id", "enterprise.id"]
        ),
        ForeignKeyConstraint(["region_id", "expert_id"], ["expert.region_id", "expert.id"]),
        CheckConstraint("trl BETWEEN 1 AND 9", name="trl_in_scale"),
        Index(None, "node_id", "created_at", "id"),
        Index(None, "node_id", "state", "created_at", "id"),
        Index(None, "enterprise_id"),
        Index(None, "expert_id"),
        Index(
            "uq_achievement_registration_no",
            "region_id",
            "registration_no",
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )

    state: AchievementState = Field(
        default=AchievementState.found, sa_type=stored_as_text(AchievementState)
    )
    title_py: str = pinyin_field()
    evaluation: str | None = Field(default=None, max_length=2000)
    evaluator: str | None = Field(default=None, max_length=120)
    evaluated_on: date | None = None
    contract_kind: ContractKind | None = Field(default=None, sa_type=stored_as_text(ContractKind))
    contract_amount: Decimal | None = Field(default=None, max_digits=18, decimal_places=4)
    technical_amount: Decimal | None = Field(default=None, max_digits=18, decimal_places=4)
    contract_no: str | None = Field(default=None, max_length=64)
