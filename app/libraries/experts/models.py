"""The expert's row, what is written about a person, and the words it may choose from."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import field_validator
from sqlalchemy import CheckConstraint, Index, inspect, text
from sqlmodel import Field

from app.core.tables import Body, Record, list_field, pinyin_field, stored_as_text
from app.ledgers.coded import field_code
from app.ledgers.enterprises import credit_code
from app.libraries.experts import identity_number
from app.registers.tables import SecretValue


class ExpertState(StrEnum):
    invited = "invited"
    applied = "applied"
    verified = "verified"
    active = "active"
    paused = "paused"
    retired = "retired"
    barred = "barred"


class Gender(StrEnum):
    female = "female"
    male = "male"


class Expertise(StrEnum):
    """What somebody can judge; the quotas of a panel count by it."""

    technical = "technical"
    finance = "finance"
    law = "law"
    management = "management"


class Degree(StrEnum):
    doctor = "doctor"
    master = "master"
    bachelor = "bachelor"
    other = "other"


class ConsentScope(StrEnum):
    """What a person has agreed to: being kept and shared upward, being matched, being published."""

    library = "library"
    match = "match"
    publish = "publish"


class RelationKind(StrEnum):
    spouse = "spouse"
    parent = "parent"
    child = "child"
    sibling = "sibling"
    other = "other"


class Organisation(Body):
    """Somebody's organisation, by name and, where known, by code."""

    organisation: str | None = Field(default=None, max_length=120)
    uscc: str | None = Field(default=None, max_length=18)

    @field_validator("uscc")
    @classmethod
    def _normalised(cls, code: str | None) -> str | None:
        return credit_code.normalise(code) if code else None


class Employment(Organisation):
    begun_on: date | None = None
    ended_on: date | None = None
    office: str | None = Field(default=None, max_length=64)


class AvoidedOrganisation(Organisation):
    reason: str | None = Field(default=None, max_length=500)


class Shareholding(Organisation):
    share: Decimal | None = Field(default=None, ge=0, le=100, max_digits=7, decimal_places=4)
    office: str | None = Field(default=None, max_length=64)


class Relation(Organisation):
    kind: RelationKind
    office: str | None = Field(default=None, max_length=64)


class Document(Body):
    """A paper, patent or finished project; what matching reads, unless excluded for good."""

    title: str = Field(min_length=2, max_length=300)
    abstract: str | None = Field(default=None, max_length=5000)
    year: int | None = Field(default=None, ge=1950, le=2100)
    keywords: list[str] = Field(default_factory=list, max_length=20)
    excluded: bool = False


class ExpertBody(Body):
    name: str = Field(min_length=2, max_length=64)
    title: str | None = Field(default=None, max_length=32)
    degree: Degree | None = Field(default=None, sa_type=stored_as_text(Degree))
    gender: Gender | None = Field(default=None, sa_type=stored_as_text(Gender))
    organisation: str | None = Field(default=None, max_length=120)
    organisation_uscc: str | None = Field(default=None, max_length=18)
    division_code: str | None = Field(
        default=None, max_length=6, schema_extra={"pattern": "^[0-9]{6}$"}
    )
    expertise: list[Expertise] = list_field(4)
    employments: list[Employment] = list_field(30)
    hightech_fields: list[str] = list_field(5)
    keywords: list[str] = list_field(30)
    documents: list[Document] = list_field(300)
    languages: list[str] = list_field(10)
    avoid_organisations: list[AvoidedOrganisation] = list_field(30)
    shareholdings: list[Shareholding] = list_field(30)
    relations: list[Relation] = list_field(30)
    available_from: date | None = None
    available_to: date | None = None
    max_load: int | None = Field(default=None, ge=0, le=100)
    paused_note: str | None = Field(default=None, max_length=500)
    consent_given_on: date | None = None
    consent_scope: list[ConsentScope] = list_field(3)
    phone: str | None = Field(default=None, max_length=32)
    email: str | None = Field(default=None, max_length=120)
    id_number: str | None = Field(default=None, max_length=32)
    conduct_note: str | None = Field(default=None, max_length=2000)

    @field_validator("hightech_fields", mode="before")
    @classmethod
    def by_name_or_code(cls, values: Any) -> Any:
        return [field_code(v) for v in values] if isinstance(values, list) else values

    @field_validator("organisation_uscc")
    @classmethod
    def _code(cls, code: str | None) -> str | None:
        return credit_code.normalise(code) if code else None

    @field_validator("id_number")
    @classmethod
    def _identity(cls, number: str | None) -> str | None:
        return identity_number.normalise(number) if number else None


class Expert(ExpertBody, Record, table=True):
    __table_args__ = (
        CheckConstraint("available_to >= available_from", name="availability_in_order"),
        CheckConstraint(
            "(phone IS NULL AND email IS NULL AND id_number IS NULL)"
            " OR consent_given_on IS NOT NULL",
            name="personal_data_needs_consent",
        ),
        Index(None, "node_id", "created_at", "id"),
        Index(None, "node_id", "state", "created_at", "id"),
        Index(None, "node_id", "name_py", "id"),
    )

    state: ExpertState = Field(default=ExpertState.invited, sa_type=stored_as_text(ExpertState))
    name_py: str = pinyin_field()
    barred_until: date | None = None
    appeal: str | None = Field(default=None, max_length=2000)
    appealed_at: datetime | None = None


# One person stands once in a region's library. The number itself is encrypted, so its blind
# index carries the rule; it binds also where the writer's wall hides the other record.
_secret = inspect(SecretValue).local_table.c
Index(
    "uq_expert_identity",
    _secret.region_id,
    _secret.blind_index,
    unique=True,
    postgresql_where=text("register_name = 'experts' AND field = 'id_number'"),
)
