"""A task as its author sees it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from app.audit.work import Work
from app.core.http import ProblemBody
from app.registers.tasks import kinds
from app.registers.tasks.table import LIVE, TaskRun, TaskState


class TaskFile(BaseModel):
    name: str
    media_type: str
    size: int


class TaskShown(BaseModel):
    id: UUID
    kind: str
    label: str = Field(description="What kind of work, in the caller's language")
    title: str = Field(description="What it is about: a file's name, a register's")
    register_name: str | None = Field(serialization_alias="register")
    subject_id: UUID | None
    state: TaskState
    phase: str
    done: int
    total: int | None = Field(description="Null: not yet known")
    cancelling: bool
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    result: dict[str, Any] | None
    error: ProblemBody | None
    file: TaskFile | None
    page: str | None = Field(description="Where in the page its result is looked at")


class Tasks(BaseModel):
    items: list[TaskShown]
    next: str | None


def shown(work: Work, task: TaskRun) -> TaskShown:
    """Return a task in the caller's language."""
    kind = kinds.known(task.kind)
    phase = kind.phases.get(task.phase) if kind else None
    told = task.error["texts"][work.locale] if task.error else None
    facts = task.model_dump(
        include={
            *("id", "kind", "title", "register_name", "subject_id", "state", "done", "total"),
            *("asked_at", "started_at", "finished_at", "result"),
        }
    )
    return TaskShown(
        **facts,
        label=kind.label.in_(work.locale) if kind else task.kind,
        phase=phase.in_(work.locale) if phase and task.state in LIVE else "",
        cancelling=task.state in LIVE and task.cancel_asked_at is not None,
        error=ProblemBody.model_validate(told) if told else None,
        file=_file(task),
        page=kind.page(task) if kind and kind.page else None,
    )


def _file(task: TaskRun) -> TaskFile | None:
    if task.file_name is None:
        return None
    return TaskFile(name=task.file_name, media_type=task.file_type or "", size=task.file_size or 0)
