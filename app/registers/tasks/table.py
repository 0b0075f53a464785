"""One piece of long work a person asked for: how far it is, what became of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.core.clock import now
from app.core.ids import new_id
from app.core.tables import stored_as_text


class TaskState(StrEnum):
    queued = "queued"
    running = "running"
    done = "done"
    failed = "failed"
    cancelled = "cancelled"


LIVE = (TaskState.queued, TaskState.running)


def _json(*, nullable: bool = True) -> Any:
    return Field(default=None, sa_column=Column(JSONB(none_as_null=True), nullable=nullable))


class TaskRun(SQLModel, table=True):
    """Somebody's task. Only that person's account reads it; ``attempt`` fences late workers off."""

    __tablename__ = "task_run"
    __table_args__ = (
        Index(
            "uq_task_run_live",
            "account_id",
            "kind",
            "subject_id",
            unique=True,
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
    )

    account_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    hat_id: UUID
    kind: str = Field(max_length=40)
    register_name: str | None = Field(default=None, max_length=32)
    subject_id: UUID | None = Field(default=None, description="One live task of a kind for each")
    title: str = Field(default="", max_length=200)
    locale: str = Field(max_length=8)
    asked_from: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    params: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    state: TaskState = Field(default=TaskState.queued, sa_type=stored_as_text(TaskState))
    phase: str = Field(default="", max_length=32)
    done: int = 0
    total: int | None = None
    attempt: int = 0
    cursor: dict[str, Any] | None = _json()
    result: dict[str, Any] | None = _json()
    error: dict[str, Any] | None = _json()
    file_name: str | None = Field(default=None, max_length=200)
    file_type: str | None = Field(default=None, max_length=100)
    file_size: int | None = Field(default=None, sa_type=BigInteger)
    asked_at: datetime = Field(default_factory=now)
    started_at: datetime | None = None
    told_at: datetime | None = None
    finished_at: datetime | None = None
    cancel_asked_at: datetime | None = None
