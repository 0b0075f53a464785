"""Long work a person asked for: it shows progress, can be cancelled, survives a closed tab.

A room declares a kind of task with one function, and asks for it inside a request::

    class Wanted(BaseModel):
        ids: list[UUID]

    @tasks.whole("needs_recount", T("重新计数", "Count again"), Wanted)
    async def recount(work: Work, run: tasks.Run[Wanted]) -> tasks.Done:
        for n, record_id in enumerate(run.params.ids):
            await run.tell(n, len(run.params.ids))       # progress; stops here if cancelled
            ...
        return tasks.Done({"counted": n})

    found = await tasks.ask(work, "needs_recount", Wanted(ids=ids), title="…")
    return tasks.accepted(work, found)                   # 202 with the task and its address

It runs as the very person who asked, in that person's role and behind that person's wall; when the
account is disabled or the role taken away, it stops. ``whole`` is one transaction: all or nothing,
and never twice. ``in_parts`` commits chunk by chunk and goes on where it was after a crash
(docs/recipes/add-long-work.md).
"""

from app.registers.tasks import running
from app.registers.tasks.asking import accepted, ask
from app.registers.tasks.kinds import Done, Made, Nothing, in_parts, whole
from app.registers.tasks.run import Part, Run, Stopped
from app.registers.tasks.shown import TaskShown
from app.registers.tasks.table import TaskRun, TaskState

__all__ = [
    "Done",
    "Made",
    "Nothing",
    "Part",
    "Run",
    "Stopped",
    "TaskRun",
    "TaskShown",
    "TaskState",
    "accepted",
    "ask",
    "in_parts",
    "running",
    "whole",
]
