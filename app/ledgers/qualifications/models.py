"""A qualification's row and what an author writes of it."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlmodel import Field

from app.core.tables import Body, Record, stored_as_text


class QualificationKind(StrEnum):
    high_tech_enterprise = "high_tech_enterprise"
    tech_sme = "tech_sme"
    innovative_sme = "innovative_sme"
    specialised_sme = "specialised_sme"
    little_giant = "little_giant"
    champion = "champion"
    gazelle = "gazelle"
    unicorn = "unicorn"
    high_tech_product = "high_tech_product"
    private_tech_enterprise = "private_tech_enterprise"
    demonstration = "demonstration"
    rd_institution = "rd_institution"
    other = "other"


class QualificationBody(Body):
    """One certificate or title; ``rule_version`` names the rule it was given under."""

    enterprise_id: UUID
    kind: QualificationKind = Field(sa_type=stored_as_text(QualificationKind))
    certificate_no: str | None = Field(default=None, max_length=64)
    issuer: str | None = Field(default=None, max_length=120)
    valid_from: date | None = None
    valid_to: date | None = None
    rule_version: str | None = Field(default=None, max_length=64)
    remark: str | None = Field(default=None, max_length=1000)


class Qualification(QualificationBody, Record, table=True):
    """``title`` is what lists call it: the kind in words, with the certificate's number."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["region_id", "enterprise_id"],
            ["enterprise.region_id", "enterprise.id"],
            ondelete="RESTRICT",
        ),
        Index(
            "uq_qualification_certificate_live",
            "region_id",
            "enterprise_id",
            "kind",
            "certificate_no",
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index(None, "node_id", "created_at", "id"),
        Index(None, "node_id", "valid_to"),
        Index(None, "enterprise_id"),
        CheckConstraint("valid_to >= valid_from", name="valid_in_order"),
    )

    title: str = Field(default="", max_length=200)
