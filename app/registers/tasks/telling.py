"""Whoever asked for long work is told when it has ended, unless it was soon over."""

from datetime import timedelta

from app.access.roles import Wall
from app.audit.work import Work
from app.core.clock import now
from app.core.labels import T
from app.registers.tasks.kinds import Kind
from app.registers.tasks.table import TaskRun
from app.registers.together.notices import notify_done

LONG = timedelta(seconds=15)  # what is over sooner is still on the screen


async def of_end(work: Work, kind: Kind, task: TaskRun, *, failed: bool = False) -> None:
    """Tell of the end of a task, once, in the transaction of that end."""
    if work.actor.wall is Wall.audit or now() - task.asked_at < LONG:
        return
    page = kind.page(task) if kind.page else None
    label, about = kind.label, f"（{task.title}）" if task.title else ""
    subject = T(
        label.zh + about,
        f"{label.en} ({task.title})" if task.title else label.en,
        label.in_("zh-TW") + about,
    )
    once = f"task {task.id}"
    await notify_done(work, task.hat_id, subject, page or "/", failed=failed, once=once)
