"""The trail: who did what to which record, written in the same transaction, never changed.

The table is partitioned by month (``at``), so that keeping it for the lawful six months and
longer costs nothing. Application logins may insert; only the auditor's may read.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.access.roles import Role
from app.core.clock import now
from app.core.ids import new_id
from app.core.tables import stored_as_text


class Outcome(StrEnum):
    done = "done"
    refused = "refused"


class AuditEntry(SQLModel, table=True):
    """One act. ``account_id`` is empty when nobody was signed in (a failed sign-in)."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "record_id", "at"),
        Index(None, "account_id", "at"),
        Index(None, "node_id", "at"),
        Index(None, "xid"),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    at: datetime = Field(default_factory=now, primary_key=True)
    account_id: UUID | None = None
    username: str = Field(default="", max_length=64)
    account_name: str = Field(default="", max_length=64)
    role: Role | None = Field(default=None, sa_type=stored_as_text(Role))
    organisation_id: int | None = None
    organisation_name: str = Field(default="", max_length=120)
    node_id: int
    verb: str = Field(max_length=64)
    register_name: str = Field(default="", max_length=32)
    record_id: UUID | None = None
    record_label: str = Field(default="", max_length=200)
    outcome: Outcome = Field(default=Outcome.done, sa_type=stored_as_text(Outcome))
    ip: str = Field(default="", max_length=45)
    request_id: str = Field(default="", max_length=40)
    detail: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default="{}")
    )
    #: The transaction that wrote it, by the database's own count: by it the trail is sealed.
    xid: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, nullable=False, server_default=text("park_xid()")),
    )
