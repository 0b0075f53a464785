"""Bad cells of a checked workbook put right in place: one row, or all that say the same."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.audit.work import Work
from app.core.errors import Conflict, FieldError, Invalid, NotFound
from app.core.labels import T
from app.core.sheets.rows import RawRow
from app.core.sheets.table import check_rows
from app.registers.directory import AnyRegister
from app.registers.import_batches import DONE, batch_of, columns_of, places_of
from app.registers.import_rows import raw_cells, verdicts
from app.registers.tables import ImportBatch, ImportRow, ImportState

_WRITTEN = T(
    "这一行已经写入，请直接修改记录。",
    "This row was written; edit the record itself.",
    "這一列已經寫入，請直接修改記錄。",
)
_NO_COLUMN = T(
    "文件里没有这一列。请先在“对应列”里指定哪一列是它。",
    "The file has no such column. Say first which column it is.",
    "檔案裡沒有這一欄。請先在“對應欄位”裡指定哪一欄是它。",
)
_ONE_BY_ONE = T(
    "“{label}”每行都不同，请逐行改正。",
    "“{label}” differs from row to row; correct each row by itself.",
    "“{label}”每列都不同，請逐列改正。",
)
_NONE_ALIKE = T(
    "没有这样的行了：可能已经改正。请刷新后再看。",
    "There is no such row any more; it may have been corrected. Load the page again.",
    "沒有這樣的列了：可能已經改正。請重新整理後再看。",
)
_OPEN = frozenset({"bad", "create", "update", "unchanged"})  # outcomes that may still change


async def mend(
    work: Work, register: AnyRegister, batch_id: UUID, row: int, values: Mapping[str, str | None]
) -> tuple[ImportBatch, list[ImportRow]]:
    """Correct cells of one row; return the rows whose verdict was taken again.

    Raises NotFound, Forbidden, Conflict, Invalid.
    """
    batch = await _open_batch(work, register, batch_id)
    found = await _rows(work, batch, col(ImportRow.row) == row)
    if not found:
        raise NotFound
    if found[0].outcome not in _OPEN:
        raise Conflict(_WRITTEN)
    _require_columns(batch, values)
    return batch, await _mended(work, register, batch, found, values)


async def mend_alike(
    work: Work, register: AnyRegister, batch_id: UUID, name: str, was: str, value: str | None
) -> tuple[ImportBatch, list[ImportRow]]:
    """Write ``value`` wherever the column says ``was`` and that is an error.

    Raises NotFound, Forbidden, Conflict, Invalid.
    """
    batch = await _open_batch(work, register, batch_id)
    _require_columns(batch, {name: value})
    if name == register.natural_key:
        label = next(c.labels[0] for c in columns_of(work, register) if c.field == name)
        raise Invalid.of(FieldError("/field", "one_by_one", _ONE_BY_ONE, {"label": label}))
    alike = col(ImportRow.errors).contains([{"field": name, "value": was}])
    found = await _rows(work, batch, col(ImportRow.outcome) == "bad", alike)
    if not found:
        raise Conflict(_NONE_ALIKE)
    return batch, await _mended(work, register, batch, found, {name: value})


async def _open_batch(work: Work, register: AnyRegister, batch_id: UUID) -> ImportBatch:
    batch = await batch_of(work, register, batch_id, lock=True)
    if batch.state is ImportState.undone:
        raise Conflict(DONE)
    return batch


def _require_columns(batch: ImportBatch, values: Mapping[str, str | None]) -> None:
    unknown = sorted(set(values) - set(places_of(batch)))
    if unknown:
        raise Invalid.of(*(FieldError(f"/values/{n}", "no_column", _NO_COLUMN) for n in unknown))


async def _rows(work: Work, batch: ImportBatch, *conditions: object) -> list[ImportRow]:
    statement = select(ImportRow).where(col(ImportRow.batch_id) == batch.id, *conditions)  # type: ignore[arg-type]
    found = await work.session.execute(statement.execution_options(populate_existing=True))
    return list(found.scalars())


async def _mended(
    work: Work,
    register: AnyRegister,
    batch: ImportBatch,
    rows: Sequence[ImportRow],
    values: Mapping[str, str | None],
) -> list[ImportRow]:
    """Put values into rows and judge them again, with all that share their old or new key."""
    columns, places = columns_of(work, register), places_of(batch)
    for row in rows:
        row.cells = {**row.cells, **values}
        row.mended = {**row.mended, **values}
    read = check_rows([RawRow(r.row, raw_cells(r.cells)) for r in rows], columns, places)
    key = register.natural_key or ""
    keys = {str(r.values[key]) for r in read if r.values.get(key)} | {r.key for r in rows if r.key}
    here = {row.row: row for row in rows}
    if keys:
        own = col(ImportRow.row).not_in(here)
        here |= {r.row: r for r in await _rows(work, batch, col(ImportRow.key).in_(keys), own)}
    judged = [here[number] for number in sorted(here)]
    raw = [RawRow(r.row, raw_cells(r.cells)) for r in judged]
    told = {r.number: r.cells for r in raw}
    checked = check_rows(raw, columns, places)
    for verdict in await verdicts(work, register, checked, places, told):
        row = here[verdict.row]
        if row.outcome in _OPEN:
            row.errors, row.outcome = verdict.errors, verdict.outcome
            row.record_id, row.key = verdict.record_id, verdict.key
    await work.session.flush()
    return judged
