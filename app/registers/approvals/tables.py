"""An act asked for by one person, waiting for a second; the database holds that they are two."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Column, Index, Integer, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.core.clock import now
from app.core.ids import new_id
from app.core.tables import stored_as_text


class ActState(StrEnum):
    pending = "pending"
    confirmed = "confirmed"
    refused = "refused"
    withdrawn = "withdrawn"
    lapsed = "lapsed"  # not confirmed in time, and asked for anew


class TwoPersonAct(SQLModel, table=True):
    """``barred`` are all who had a part in it before: none of them is its second person.

    ``subject`` tells acts of one kind on one record apart; ``params`` are what is carried out.
    """

    __tablename__ = "two_person_act"
    __table_args__ = (
        CheckConstraint(
            "state <> 'confirmed' OR (decided_by_id IS NOT NULL AND decided_by_id <> asked_by_id"
            " AND NOT decided_by_id = ANY (barred))",
            name="two_persons",
        ),
        CheckConstraint(
            "state <> 'confirmed' OR (decided_at IS NOT NULL AND decided_at <= expires_at)",
            name="in_time",
        ),
        Index(
            "uq_two_person_act_pending",
            "kind",
            "record_id",
            "subject",
            unique=True,
            postgresql_where=text("state = 'pending'"),
        ),
        Index(None, "node_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str = Field(max_length=64)
    node_id: int | None = Field(default=None, sa_type=Integer)
    register_name: str | None = Field(default=None, max_length=32)
    record_id: UUID
    subject: str = Field(default="", max_length=120)
    label: str = Field(default="", max_length=200)
    params: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))
    barred: list[UUID] = Field(default_factory=list, sa_type=ARRAY(Uuid))
    asked_by_id: UUID
    asked_by: str = Field(max_length=64)
    asked_at: datetime = Field(default_factory=now)
    expires_at: datetime
    state: ActState = Field(default=ActState.pending, sa_type=stored_as_text(ActState))
    decided_by_id: UUID | None = None
    decided_by: str | None = Field(default=None, max_length=64)
    decided_at: datetime | None = None
    decided_why: str | None = Field(default=None, max_length=500)
