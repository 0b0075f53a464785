"""The draw's row and the tables beside it: the pool, the promised numbers, the log, what is public.

Names stand in ``draw_entry`` alone, and the database shows nobody a row of it until the draw has
its seed (migrations/draws.sql).
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import field_validator
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.core.clock import now
from app.core.tables import Body, Record, list_field, stored_as_text
from app.ledgers.coded import field_code
from app.registers.tables import Beside


class DrawState(StrEnum):
    planned = "planned"
    frozen = "frozen"
    committed = "committed"
    drawn = "drawn"
    released = "released"
    published = "published"
    void = "void"


class DrawMethod(StrEnum):
    """Where the chance comes from."""

    commit_reveal = "commit_reveal"
    beacon = "beacon"


class Party(StrEnum):
    """Who promises a number: the one who holds the draw, and the one who watches."""

    operator = "operator"
    witness = "witness"


class Concerned(Body):
    """An organisation whose people must keep away, besides those of the need or project."""

    organisation: str = Field(min_length=2, max_length=120)
    uscc: str | None = Field(default=None, max_length=18)


class DrawBody(Body):
    title: str = Field(min_length=2, max_length=120)
    need_id: UUID | None = None
    project_id: UUID | None = None
    subject_note: str | None = Field(default=None, max_length=500)
    concerned: list[Concerned] = list_field(20)
    avoid: list[str] = list_field(3)
    review_on: date | None = None
    size: int = Field(default=5, ge=3, le=25, sa_type=SmallInteger)
    alternates: int = Field(default=3, ge=0, le=20, sa_type=SmallInteger)
    per_unit_max: int = Field(default=1, ge=1, le=25, sa_type=SmallInteger)
    technical_min_percent: int = Field(default=0, ge=0, le=100, sa_type=SmallInteger)
    finance_min: int = Field(default=0, ge=0, le=25, sa_type=SmallInteger)
    offsite_min: int = Field(default=0, ge=0, le=25, sa_type=SmallInteger)
    division_code: str | None = Field(
        default=None, max_length=6, schema_extra={"pattern": "^[0-9]{6}$"}
    )
    hightech_fields: list[str] = list_field(11)
    top_n: int | None = Field(default=None, ge=3, le=5000)
    method: DrawMethod = Field(default=DrawMethod.commit_reveal, sa_type=stored_as_text(DrawMethod))
    beacon: str | None = Field(default=None, max_length=500)
    reveal_within_hours: int = Field(default=24, ge=1, le=240, sa_type=SmallInteger)
    supersedes_id: UUID | None = None
    ordered_by: str | None = Field(default=None, max_length=200)
    redraw_reason: str | None = Field(default=None, min_length=5, max_length=500)

    @field_validator("hightech_fields", mode="before")
    @classmethod
    def by_name_or_code(cls, values: Any) -> Any:
        return [field_code(v) for v in values] if isinstance(values, list) else values


class Draw(DrawBody, Record, table=True):
    __table_args__ = (
        ForeignKeyConstraint(["region_id", "need_id"], ["need.region_id", "need.id"]),
        ForeignKeyConstraint(["region_id", "project_id"], ["project.region_id", "project.id"]),
        ForeignKeyConstraint(["region_id", "supersedes_id"], ["draw.region_id", "draw.id"]),
        CheckConstraint("num_nonnulls(need_id, project_id) <= 1", name="one_subject"),
        CheckConstraint("released_by_id <> frozen_by_id", name="two_persons"),
        CheckConstraint("operator_id <> witness_id", name="two_parties"),
        CheckConstraint("supersedes_id IS NULL OR ordered_by IS NOT NULL", name="redraw_ordered"),
        CheckConstraint("(state = 'void') = (void_reason IS NOT NULL)", name="void_with_reason"),
        CheckConstraint(
            "state IN ('planned', 'frozen', 'committed', 'void') OR seed IS NOT NULL",
            name="drawn_by_a_seed",
        ),
        Index(None, "node_id", "created_at", "id"),
        Index(None, "node_id", "state", "created_at", "id"),
        Index(None, "project_id"),
        Index(None, "need_id"),
        Index(
            "uq_draw_supersedes",
            "region_id",
            "supersedes_id",
            unique=True,
            postgresql_where=text("deleted_at IS NULL AND state <> 'void'"),
        ),
    )

    state: DrawState = Field(default=DrawState.planned, sa_type=stored_as_text(DrawState))
    requested_by: str = Field(default="", max_length=64)
    root: str | None = Field(default=None, max_length=64, description="Merkle root of the pool")
    terms_hash: str | None = Field(default=None, max_length=64)
    terms: dict[str, Any] | None = Field(
        default=None, sa_type=JSONB, description="As hashed: what was settled before the draw"
    )
    rules_version: str | None = Field(default=None, max_length=64)
    pool_size: int | None = None
    qualified: int | None = None
    frozen_at: datetime | None = None
    frozen_by_id: UUID | None = None
    frozen_by: str | None = Field(default=None, max_length=64)
    operator_id: UUID | None = None
    operator: str | None = Field(default=None, max_length=64)
    operator_shown_at: datetime | None = None
    witness_id: UUID | None = None
    witness: str | None = Field(default=None, max_length=64)
    witness_shown_at: datetime | None = None
    committed_at: datetime | None = None
    reveal_due_at: datetime | None = None
    beacon_value: str | None = Field(default=None, max_length=1000)
    seed: str | None = Field(default=None, max_length=64)
    drawn_at: datetime | None = None
    released_at: datetime | None = None
    released_by_id: UUID | None = None
    released_by: str | None = Field(default=None, max_length=64)
    published_at: datetime | None = None
    void_reason: str | None = Field(default=None, max_length=1000)
    voided_by: str | None = Field(default=None, max_length=64)
    voided_at: datetime | None = None


class BesideDraw(Beside):
    """A row beside one draw; ``record_id`` is the draw's."""

    register_name: str = Field(default="draws", max_length=32)
    record_id: UUID = Field(primary_key=True)


class DrawEntry(BesideDraw, table=True):
    """One expert in a frozen pool. Written once, at freezing; nothing of it is ever changed."""

    __tablename__ = "draw_entry"
    __table_args__ = (
        ForeignKeyConstraint(["region_id", "record_id"], ["draw.region_id", "draw.id"]),
        Index("uq_draw_entry_expert", "region_id", "record_id", "expert_id", unique=True),
        Index(None, "expert_id"),
    )

    pseudonym: str = Field(primary_key=True, max_length=64)
    expert_id: UUID
    secret: str = Field(max_length=32, description="Binds the pseudonym to the expert")
    salt: str = Field(max_length=32)
    unit: str = Field(max_length=32)
    strata: list[str] = list_field(3)
    excluded: list[str] = list_field(40)
    findings: list[dict[str, Any]] = list_field(40)
    proof: list[list[Any]] = list_field(30)


#: The hash of a number, as app/matching/drawing/chance.py computes it: the database checks it too.
_PROMISE = (
    'nonce IS NULL OR hash = encode(sha256(convert_to(\'["park-draw-v1","\' || record_id::text'
    " || '\",{\"nonce\":\"' || nonce || '\",\"party\":\"' || party || '\"}]', 'UTF8')), 'hex')"
)


class DrawCommitment(BesideDraw, table=True):
    """What one party promised, and the number it showed when it was time."""

    __tablename__ = "draw_commitment"
    __table_args__ = (
        ForeignKeyConstraint(["region_id", "record_id"], ["draw.region_id", "draw.id"]),
        CheckConstraint(_PROMISE, name="shown_as_promised"),
        Index("uq_draw_commitment_account", "region_id", "record_id", "account_id", unique=True),
    )

    party: Party = Field(primary_key=True, sa_type=stored_as_text(Party))
    account_id: UUID
    account_name: str = Field(default="", max_length=64)
    hash: str = Field(max_length=64)
    committed_at: datetime = Field(default_factory=now)
    nonce: str | None = Field(default=None, max_length=64)
    revealed_at: datetime | None = None


class DrawEvent(BesideDraw, table=True):
    """One entry of the log. It only grows; each carries the hash of the one before."""

    __tablename__ = "draw_event"
    __table_args__ = (
        ForeignKeyConstraint(["region_id", "record_id"], ["draw.region_id", "draw.id"]),
    )

    seq: int = Field(primary_key=True, sa_type=SmallInteger)
    at: str = Field(max_length=40, description="RFC 3339, as it is hashed")
    kind: str = Field(max_length=32)
    facts: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    prev: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class PublishedDraw(BesideDraw, table=True):
    """What anybody may read of a draw: from freezing on its root, in the end its bundle."""

    __tablename__ = "published_draw"
    __table_args__ = (Index(None, "since", "record_id"),)

    since: datetime
    payload: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    bundle: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
