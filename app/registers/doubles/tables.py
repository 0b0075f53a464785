"""What merging leaves behind, and which pairs somebody has said are not the same."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.core.clock import now
from app.registers.tables import Beside


class RecordMerge(Beside, table=True):
    """One merge: ``record_id`` went into ``survivor_id``; its old address leads there.

    ``id`` is the batch its versions carry. ``written`` and ``moved`` say what must be turned back.
    """

    __tablename__ = "record_merge"
    __table_args__ = (
        Index(
            "uq_record_merge_live",
            "record_id",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index(None, "survivor_id"),
    )
    follows_merge: ClassVar[bool] = False

    id: UUID = Field(primary_key=True)
    survivor_id: UUID
    at: datetime = Field(default_factory=now)
    account_id: UUID
    account_name: str = Field(default="", max_length=64)
    written: list[dict[str, Any]] = Field(sa_column=Column(JSONB, nullable=False))
    moved: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    undone_at: datetime | None = None


class NotDuplicate(Beside, table=True):
    """Somebody's word that two records are not the same; ``record_id`` is the lesser id."""

    __tablename__ = "not_duplicate"
    follows_merge: ClassVar[bool] = False

    record_id: UUID = Field(primary_key=True)
    other_id: UUID = Field(primary_key=True)
    at: datetime = Field(default_factory=now)
    account_id: UUID
    account_name: str = Field(default="", max_length=64)
