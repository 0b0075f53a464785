"""The good rows of a checked workbook into the register, and the whole batch out of it again."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.audit.work import Work
from app.core.clock import now
from app.core.errors import Conflict
from app.core.labels import T
from app.registers import import_undoing, import_writing
from app.registers.directory import AnyRegister
from app.registers.import_batches import DONE, batch_of, note
from app.registers.import_writing import Tell, silently
from app.registers.tables import ImportBatch, ImportRow, ImportState

_NOTHING = T(
    "没有可以写入的行，请先改正错误，再重新预检。",
    "There is no row to write; correct the errors and check again.",
    "沒有可以寫入的列，請先改正錯誤，再重新預檢。",
)
_NOT_YET = T(
    "这批导入还没有写入，无须撤销；不需要的话，不写入即可。",
    "Nothing was written, so there is nothing to undo; leave the import as it is if you do not"
    " need it.",
)


async def commit(
    work: Work, register: AnyRegister, batch_id: UUID, tell: Tell = silently
) -> tuple[ImportBatch, int]:
    """Write all good rows; bad ones stay listed and can be mended and committed later.

    Return the import and how many rows were written. Raises NotFound, Forbidden, Conflict.
    """
    batch = await committable(work, register, batch_id, lock=True)
    written = await import_writing.write(work, register, batch, tell)
    batch.state, batch.committed_at = ImportState.committed, now()
    await work.session.flush()
    await note(work, register, batch, "import")
    return batch, written


async def committable(
    work: Work, register: AnyRegister, batch_id: UUID, *, lock: bool = False
) -> ImportBatch:
    """Return an import that may be written now. Raises NotFound, Forbidden, Conflict."""
    batch = await batch_of(work, register, batch_id, lock=lock)
    if batch.state is ImportState.undone:
        raise Conflict(DONE)
    good = select(col(ImportRow.row)).where(
        col(ImportRow.batch_id) == batch.id, col(ImportRow.outcome).in_(("create", "update"))
    )
    if await work.session.scalar(good.limit(1)) is None:
        raise Conflict(_NOTHING)
    return batch


async def undo(
    work: Work, register: AnyRegister, batch_id: UUID, tell: Tell = silently
) -> tuple[ImportBatch, int, int]:
    """Take back everything the import wrote, except records somebody changed since.

    Return the import, how many records were taken back, and how many stay as they are.
    Raises NotFound, Forbidden, Conflict.
    """
    batch = await undoable(work, register, batch_id, lock=True)
    undone, kept = await import_undoing.withdraw(work, register, batch, tell)
    batch.state, batch.undone_at = ImportState.undone, now()
    await work.session.flush()
    await note(work, register, batch, "import_undo")
    return batch, undone, kept


async def undoable(
    work: Work, register: AnyRegister, batch_id: UUID, *, lock: bool = False
) -> ImportBatch:
    """Return an import that may be taken back now. Raises NotFound, Forbidden, Conflict."""
    batch = await batch_of(work, register, batch_id, lock=lock)
    if batch.state is ImportState.undone:
        raise Conflict(DONE)
    if batch.state is not ImportState.committed:
        raise Conflict(_NOT_YET)
    return batch
