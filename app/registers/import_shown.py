"""An import as the page shows it: its columns, its counts, every bad cell in the reader's words."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.audit.work import Work
from app.core.sheets.messages import text_of
from app.registers.tables import ImportBatch, ImportRow, ImportState

_COUNTED = ("create", "update", "unchanged", "bad", "written", "undone", "kept")


class MappedColumn(BaseModel):
    column: str
    header: str
    field: str | None


class BadCell(BaseModel):
    """One bad cell: where, what stands there, what is wrong with it."""

    row: int
    column: str | None
    header: str | None
    field: str
    code: str
    message: str
    value: str


class IgnoredShown(BaseModel):
    row: int
    reason: str
    message: str


class ImportShown(BaseModel):
    id: UUID
    state: ImportState
    file_name: str
    sheet: str
    header_row: int
    rows: int
    mapping: list[MappedColumn]
    counts: dict[str, int]
    errors: list[BadCell]
    ignored: list[IgnoredShown]
    created_at: datetime
    created_by: str
    moves: list[str]


class Imports(BaseModel):
    items: list[ImportShown]
    next: str | None


class Mended(BaseModel):
    model_config = ConfigDict(extra="forbid")
    values: dict[str, str | None]


def shown(work: Work, batch: ImportBatch, rows: list[ImportRow]) -> ImportShown:
    """Return an import in the caller's language."""
    counts = {name: sum(r.outcome == name for r in rows) for name in _COUNTED}
    counts["ignored"] = len(batch.ignored)
    return ImportShown(
        id=batch.id,
        state=batch.state,
        file_name=batch.file_name,
        sheet=batch.sheet,
        header_row=batch.header_row,
        rows=len(rows),
        mapping=[
            MappedColumn(column=c["letter"], header=c["text"], field=c["field"])
            for c in batch.columns
        ],
        counts=counts,
        errors=[_error(work, error) for row in rows for error in row.errors],
        ignored=[
            IgnoredShown(message=text_of(f"ignored.{i['reason']}", work.locale), **i)
            for i in batch.ignored
        ],
        created_at=batch.created_at,
        created_by=batch.created_by_name,
        moves=_moves(batch, counts),
    )


def _error(work: Work, error: dict[str, Any]) -> BadCell:
    told = {key: value for key, value in error.items() if key != "messages"}
    return BadCell(**told, message=error["messages"][work.locale])


def _moves(batch: ImportBatch, counts: dict[str, int]) -> list[str]:
    if batch.state is ImportState.undone:
        return []
    writable = counts["create"] + counts["update"]
    undoable = batch.state is ImportState.committed
    return (["commit"] if writable else []) + (["undo"] if undoable else [])
