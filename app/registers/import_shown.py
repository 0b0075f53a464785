"""An import as the page shows it: its columns, its counts, every bad cell in the reader's words."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select
from sqlmodel import col

from app.audit.work import Work
from app.core.sheets.messages import text_of
from app.registers.directory import AnyRegister
from app.registers.import_batches import columns_of
from app.registers.tables import ImportBatch, ImportRow, ImportState

_COUNTED = ("create", "update", "unchanged", "bad", "written", "undone", "kept")


class MappedColumn(BaseModel):
    column: str
    header: str
    field: str | None
    samples: list[str] = Field(description="The first values of the column")


class FieldOffered(BaseModel):
    """What a column may be taken for."""

    name: str
    label: str
    required: bool


class SheetOffered(BaseModel):
    name: str
    rows: int
    recognised: int = Field(description="Columns recognised")


class HeaderProblemShown(BaseModel):
    code: str
    message: str


class NotedCell(BaseModel):
    row: int
    was: str
    message: str


class ReaderNote(BaseModel):
    """What the reader made of cells of one column that are no error: converted, rounded."""

    field: str
    column: str | None
    header: str | None
    code: str
    count: int
    cells: list[NotedCell] = Field(description="The first of them")


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


class KeptRow(BaseModel):
    """A row whose record somebody changed since: the undo left it as it is."""

    row: int
    record_id: UUID
    name: str


class ImportBrief(BaseModel):
    id: UUID
    state: ImportState
    file_name: str
    sheet: str
    header_row: int
    rows: int
    counts: dict[str, int]
    created_at: datetime
    created_by: str
    moves: list[str]


class ImportShown(ImportBrief):
    mapping: list[MappedColumn]
    fields: list[FieldOffered]
    sheets: list[SheetOffered]
    problems: list[HeaderProblemShown]
    notes: list[ReaderNote]
    errors: list[BadCell]
    ignored: list[IgnoredShown]
    kept: list[KeptRow]


class Imports(BaseModel):
    items: list[ImportBrief]
    next: str | None


class ColumnsChosen(BaseModel):
    """Which sheet it is, and which field each column means (null: not imported)."""

    model_config = ConfigDict(extra="forbid")
    sheet: str | None = Field(default=None, max_length=200)
    columns: dict[str, str | None] = Field(default_factory=dict, max_length=400)


class Mended(BaseModel):
    model_config = ConfigDict(extra="forbid")
    values: dict[str, str | None]


class MendedAlike(BaseModel):
    """Wherever the column says ``was`` and that is an error, it shall say ``value``."""

    model_config = ConfigDict(extra="forbid")
    field: str
    was: str
    value: str | None


class RowsJudged(BaseModel):
    """Rows whose verdict was taken again, and what is wrong with them now."""

    rows: list[int]
    errors: list[BadCell]
    counts: dict[str, int]
    moves: list[str]


async def shown(work: Work, register: AnyRegister, batch: ImportBatch) -> ImportShown:
    """Return an import with all that is wrong with it, in the caller's language."""
    bad = await _column_of(work, batch, col(ImportRow.errors), "bad")
    columns = columns_of(work, register)
    return ImportShown(
        **(await briefly(work, [batch]))[0].model_dump(),
        mapping=[
            MappedColumn(
                column=c["letter"],
                header=c["text"],
                field=c["field"],
                samples=c.get("samples", []),
            )
            for c in batch.columns
        ],
        fields=[
            FieldOffered(name=c.field, label=c.labels[0], required=c.required) for c in columns
        ],
        sheets=[SheetOffered(**told) for told in batch.sheets],
        problems=[
            HeaderProblemShown(code=p["code"], message=text_of(p["code"], work.locale, p["params"]))
            for p in batch.problems
        ],
        notes=[_noted(work, told) for told in batch.notes],
        errors=[_error(work, error) for _, errors in bad for error in errors],
        ignored=[
            IgnoredShown(message=text_of(f"ignored.{i['reason']}", work.locale), **i)
            for i in batch.ignored
        ],
        kept=await _kept(work, register, batch),
    )


async def briefly(work: Work, batches: Sequence[ImportBatch]) -> list[ImportBrief]:
    """Return imports without their rows: one statement counts those of all."""
    found = await work.session.execute(
        select(col(ImportRow.batch_id), col(ImportRow.outcome), func.count())
        .where(col(ImportRow.batch_id).in_([batch.id for batch in batches]))
        .group_by(col(ImportRow.batch_id), col(ImportRow.outcome))
    )
    counted: dict[UUID, Counter[str]] = defaultdict(Counter)
    for batch_id, outcome, count in found.all():
        counted[batch_id][outcome] = count
    return [_brief(batch, counted[batch.id]) for batch in batches]


def _brief(batch: ImportBatch, counted: Mapping[str, int]) -> ImportBrief:
    counts = {name: counted.get(name, 0) for name in _COUNTED}
    return ImportBrief(
        id=batch.id,
        state=batch.state,
        file_name=batch.file_name,
        sheet=batch.sheet,
        header_row=batch.header_row,
        rows=sum(counted.values()),
        counts=counts | {"ignored": len(batch.ignored)},
        created_at=batch.created_at,
        created_by=batch.created_by_name,
        moves=_moves(batch, counts),
    )


async def judged(work: Work, batch: ImportBatch, rows: Sequence[ImportRow]) -> RowsJudged:
    """Return what became of mended rows."""
    brief = (await briefly(work, [batch]))[0]
    return RowsJudged(
        rows=[row.row for row in rows],
        errors=[_error(work, error) for row in rows for error in row.errors],
        counts=brief.counts,
        moves=brief.moves,
    )


async def _column_of(
    work: Work, batch: ImportBatch, column: Any, outcome: str
) -> Sequence[tuple[int, Any]]:
    """Return one column of the rows with an outcome, in the order of the file."""
    found = await work.session.execute(
        select(col(ImportRow.row), column)
        .where(col(ImportRow.batch_id) == batch.id, col(ImportRow.outcome) == outcome)
        .order_by(col(ImportRow.row))
    )
    return [(row, value) for row, value in found.all()]


async def _kept(work: Work, register: AnyRegister, batch: ImportBatch) -> list[KeptRow]:
    if batch.state is not ImportState.undone:
        return []
    ids = dict(await _column_of(work, batch, col(ImportRow.record_id), "kept"))
    cells = await _column_of(work, batch, col(ImportRow.cells), "kept")
    names = (register.title_field, register.natural_key or register.title_field)
    return [
        KeptRow(row=row, record_id=ids[row], name=_name(told, names))
        for row, told in cells
        if ids.get(row)
    ]


def _name(cells: Mapping[str, Any], names: Sequence[str]) -> str:
    told = (str(cells.get(name) or "").strip() for name in names)
    return next((text for text in told if text), "")


def _noted(work: Work, told: Mapping[str, Any]) -> ReaderNote:
    cells = [
        NotedCell(
            row=cell["row"],
            was=cell["was"],
            message=text_of(told["code"], work.locale, {"value": cell["was"], **cell["params"]}),
        )
        for cell in told["cells"]
    ]
    return ReaderNote(**{**told, "cells": cells})


def _error(work: Work, error: Mapping[str, Any]) -> BadCell:
    told = {key: value for key, value in error.items() if key != "messages"}
    return BadCell(**told, message=error["messages"][work.locale])


def _moves(batch: ImportBatch, counts: Mapping[str, int]) -> list[str]:
    if batch.state is ImportState.undone:
        return []
    writable = counts["create"] + counts["update"]
    undoable = batch.state is ImportState.committed
    return (["commit"] if writable else []) + (["undo"] if undoable else [])
