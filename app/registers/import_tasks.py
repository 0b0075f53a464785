"""Writing and undoing a large import as long work: seen, cancelled, all or nothing, once."""

from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlmodel import col

from app.audit.work import Work
from app.core.labels import T
from app.registers import directory, importing, tasks
from app.registers.directory import AnyRegister
from app.registers.tables import ImportBatch, ImportRow

AT_ONCE = 300  # rows: as many are written while the caller waits
_PHASES = {
    "writing": T("写入记录", "Writing records"),
    "undoing": T("撤销记录", "Undoing records"),
}


class Wanted(BaseModel):
    register_name: str
    batch_id: UUID


def _page(task: tasks.TaskRun) -> str:
    return f"/r/{task.register_name}/import?id={task.subject_id}"


@tasks.whole(
    "import_commit", T("写入导入的数据", "Write an import"), Wanted, phases=_PHASES, page=_page
)
async def commit(work: Work, run: tasks.Run[Wanted]) -> tasks.Done:
    """Write the good rows of an import."""
    register = directory.open_to(run.params.register_name, work.actor.role)
    _, written = await importing.commit(work, register, run.params.batch_id, run.tell)
    return tasks.Done({"written": written})


@tasks.whole("import_undo", T("撤销导入", "Undo an import"), Wanted, phases=_PHASES, page=_page)
async def undo(work: Work, run: tasks.Run[Wanted]) -> tasks.Done:
    """Take an import back."""
    register = directory.open_to(run.params.register_name, work.actor.role)
    _, undone, kept = await importing.undo(work, register, run.params.batch_id, run.tell)
    return tasks.Done({"undone": undone, "kept": kept})


async def ask(work: Work, register: AnyRegister, kind: str, batch: ImportBatch) -> tasks.TaskRun:
    """Ask for the writing or undoing of an import."""
    wanted = Wanted(register_name=register.name, batch_id=batch.id)
    return await tasks.ask(
        work,
        kind,
        wanted,
        register=register.name,
        subject_id=batch.id,
        title=batch.file_name,
    )


async def at_once(work: Work, batch: ImportBatch, *outcomes: str) -> bool:
    """Say whether an import has so few rows to write, or undo, that the caller may wait."""
    counted = select(func.count()).where(
        col(ImportRow.batch_id) == batch.id, col(ImportRow.outcome).in_(outcomes)
    )
    return int(await work.session.scalar(counted) or 0) <= AT_ONCE
