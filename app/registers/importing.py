"""The good rows of a checked workbook into the register, and the whole batch out of it again."""

from uuid import UUID

from app.audit.work import Work
from app.core.errors import Conflict
from app.core.labels import T
from app.core.sheets.rows import RawRow
from app.core.sheets.table import check_rows
from app.registers import import_writing
from app.registers.directory import AnyRegister
from app.registers.import_batches import (
    DONE,
    batch_of,
    columns_of,
    note,
    period_of,
    places_of,
    rows_of,
)
from app.registers.import_rows import raw_cells
from app.registers.tables import ImportBatch, ImportState

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


async def commit(work: Work, register: AnyRegister, batch_id: UUID) -> ImportBatch:
    """Write all good rows; bad ones stay listed and can be mended and committed later.

    Raises NotFound, Forbidden, Conflict.
    """
    batch = await batch_of(work, register, batch_id, lock=True)
    if batch.state is ImportState.undone:
        raise Conflict(DONE)
    rows = await rows_of(work, batch)
    if not any(row.outcome in ("create", "update") for row in rows):
        raise Conflict(_NOTHING)
    places = places_of(batch)
    columns = columns_of(work, register)
    raw = [RawRow(r.row, raw_cells(r.cells)) for r in rows]
    read = zip(check_rows(raw, columns, places), raw, strict=True)
    checked = {found.number: (found, r.cells) for found, r in read}
    await import_writing.write(work, register, batch, rows, checked, period_of(batch))
    batch.state = ImportState.committed
    batch.committed_at = import_writing.instant()
    await work.session.flush()
    await note(work, register, batch, "import")
    return batch


async def undo(work: Work, register: AnyRegister, batch_id: UUID) -> ImportBatch:
    """Take back everything the import wrote, except records somebody changed since.

    Raises NotFound, Forbidden, Conflict.
    """
    batch = await batch_of(work, register, batch_id, lock=True)
    if batch.state is ImportState.undone:
        raise Conflict(DONE)
    if batch.state is not ImportState.committed:
        raise Conflict(_NOT_YET)
    await import_writing.withdraw(work, register, batch, await rows_of(work, batch))
    batch.state = ImportState.undone
    batch.undone_at = import_writing.instant()
    await work.session.flush()
    await note(work, register, batch, "import_undo")
    return batch
