"""The enterprise's row, what an author writes of it, and its figures as observations."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import StringConstraints, field_validator
from sqlalchemy import CheckConstraint, Index, Numeric, text
from sqlmodel import Field

from app.core.clock import now
from app.core.ids import new_id
from app.core.tables import Body, Record, list_field, pinyin_field, stored_as_text
from app.ledgers.coded import field_code, industry_digits
from app.ledgers.enterprises.credit_code import normalise
from app.ledgers.enterprises.size_class import SizeClass
from app.registers.tables import Beside

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=120)]
Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]
_WEBSITE = r"^(https?://)?[A-Za-z0-9\u4e00-\u9fff][^\s/@:]*\.[^\s@]+$"


class EnterpriseState(StrEnum):
    in_park = "in_park"
    left = "left"
    cancelled = "cancelled"


class Tier(StrEnum):
    """The ladder of 优质中小企业梯度培育 (工信部企业〔2026〕2号), and its top."""

    innovative = "innovative"
    specialised = "specialised"
    little_giant = "little_giant"
    champion = "champion"


class EnterpriseBody(Body):
    """What an author writes of an enterprise; figures of a year are observations instead."""

    name: str = Field(min_length=2, max_length=120)
    uscc: str = Field(max_length=18)
    former_names: list[Name] = list_field(20)
    other_names: list[Name] = list_field(20)
    established_on: date | None = None
    registered_capital: Decimal | None = Field(
        default=None, ge=0, max_digits=18, decimal_places=4, description="万元"
    )
    industry_code: str | None = Field(default=None, max_length=4)
    hightech_field: str | None = Field(default=None, max_length=2)
    legal_representative: str | None = Field(default=None, max_length=60)
    contact_name: str | None = Field(default=None, max_length=60)
    contact_phone: str | None = Field(default=None, max_length=60)
    address: str | None = Field(default=None, max_length=200)
    entered_on: date | None = None
    tier: Tier | None = Field(default=None, sa_type=stored_as_text(Tier))
    backbone: bool = False
    leading: bool = False
    ipo_reserve: bool = False
    hnte_certificate_no: str | None = Field(default=None, max_length=32)
    chain_positions: list[Tag] = list_field(20)
    website: str | None = Field(default=None, max_length=200, schema_extra={"pattern": _WEBSITE})
    main_products: str | None = Field(default=None, max_length=1000)
    remark: str | None = Field(default=None, max_length=1000)

    @field_validator("uscc", mode="before")
    @classmethod
    def as_registered(cls, value: Any) -> Any:
        return normalise(value) if isinstance(value, str) else value

    @field_validator("industry_code", mode="before")
    @classmethod
    def without_letter(cls, value: Any) -> Any:
        return industry_digits(value)

    @field_validator("hightech_field", mode="before")
    @classmethod
    def by_name_or_code(cls, value: Any) -> Any:
        return field_code(value)

    @field_validator("hnte_certificate_no", mode="before")
    @classmethod
    def in_capitals(cls, value: Any) -> Any:
        return normalise(value) if isinstance(value, str) else value


class Enterprise(EnterpriseBody, Record, table=True):
    """One enterprise of one park. Its figures are those of ``figures_year``, the latest known."""

    __table_args__ = (
        Index(
            "uq_enterprise_uscc_live",
            "region_id",
            "node_id",
            "uscc",
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index(None, "node_id", "created_at", "id"),
        Index(None, "node_id", "name_py", "id"),
        Index(None, "node_id", "industry_code"),
        CheckConstraint("registered_capital >= 0", name="capital_not_negative"),
        CheckConstraint(
            "figures_year IS NOT NULL OR"
            " num_nonnulls(employees, tech_staff, sales, rd_expense, total_assets) = 0",
            name="figures_have_a_year",
        ),
    )

    name_py: str = pinyin_field()
    state: EnterpriseState = Field(
        default=EnterpriseState.in_park, sa_type=stored_as_text(EnterpriseState)
    )
    exited_on: date | None = None
    figures_year: int | None = None
    employees: int | None = None
    tech_staff: int | None = None
    sales: Decimal | None = Field(default=None, sa_type=Numeric(18, 4), description="万元")
    rd_expense: Decimal | None = Field(default=None, sa_type=Numeric(18, 4), description="万元")
    total_assets: Decimal | None = Field(default=None, sa_type=Numeric(18, 4), description="万元")
    size_class: SizeClass | None = Field(default=None, sa_type=stored_as_text(SizeClass))


class SourceKind(StrEnum):
    """Where a figure comes from; the order is the order of trust."""

    tax_return = "tax_return"
    audit_report = "audit_report"
    statistics = "statistics"
    enterprise_report = "enterprise_report"
    station_visit = "station_visit"
    workbook = "workbook"
    estimate = "estimate"


class Observation(Beside, table=True):
    """One figure: what, of which period, from which source; a later word supersedes, never erases.

    ``record_id`` is the enterprise. Different sources may contradict each other: all stay.
    """

    __tablename__ = "observation"
    __table_args__ = (
        Index(
            "uq_observation_live",
            "region_id",
            "record_id",
            "indicator",
            "period",
            "source_kind",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index(None, "record_id", "period", "indicator"),
        CheckConstraint("superseded_at >= recorded_at", name="superseded_later"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    indicator: str = Field(max_length=32)
    period: str = Field(max_length=10, description="The year: 2025")
    value: Decimal = Field(sa_type=Numeric(18, 4))
    unit: str = Field(max_length=16)
    source_kind: SourceKind = Field(sa_type=stored_as_text(SourceKind))
    source_ref: str | None = Field(default=None, max_length=200)
    observed_at: date | None = Field(default=None, description="When the source says it was so")
    recorded_at: datetime = Field(default_factory=now)
    recorded_by: UUID
    recorded_by_name: str = Field(default="", max_length=64)
    supersedes: UUID | None = None
    superseded_at: datetime | None = None
