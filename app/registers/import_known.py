"""Rows of a workbook that are records already: found by system id or natural key.

A cell that still says what an export would say changes nothing, whatever it says: labels, masks
and names of records come back as they went out. So an export goes in again as "unchanged".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from app.audit.work import Work
from app.core.labels import T
from app.core.sheets.columns import CellKind, Column
from app.core.sheets.reading import RawCell
from app.core.sheets.table import CellRemark, SheetRow
from app.core.sheets.words import raw_text
from app.registers import reading
from app.registers.directory import AnyRegister
from app.registers.disclosure import visible_fields
from app.registers.sheet_cells import cell
from app.registers.visibility import visible

SYSTEM_ID = "id"
_REPEATED = "duplicate"
_LABEL = T("系统编号", "System id")
RawCells = Mapping[str, RawCell]


def id_column(locale: str) -> Column:
    """Return the column that names a record of this system; exports end with it."""
    labels = (_LABEL.in_(locale), *(_LABEL.in_(other) for other in ("zh-CN", "zh-TW", "en")))
    return Column(SYSTEM_ID, tuple(dict.fromkeys(labels)), CellKind.TEXT)


@dataclass(frozen=True, slots=True)
class Known:
    """A record a row names, and what an export says of each of its fields."""

    row: Any
    texts: Mapping[str, str]

    def unchanged(self, name: str, raw: RawCell) -> bool:
        """Say whether a cell is as it was exported."""
        return name in self.texts and raw_text(raw).strip() == self.texts[name].strip()


async def known_records(
    work: Work, register: AnyRegister, rows: Sequence[SheetRow]
) -> dict[int, Known]:
    """Return, by row of the file, the record it names among those the actor sees."""
    key_name = register.natural_key
    ids = {found for r in rows if (found := _uuid(r.values.get(SYSTEM_ID)))}
    keys = {r.values.get(key_name) for r in rows} - {None} if key_name else set()
    loaded = await _loaded(work, register, ids, keys)
    texts = await _texts(work, register, [row.id for row in loaded])
    by_id = {row.id: Known(row, texts[row.id]) for row in loaded}
    by_key = {str(getattr(k.row, key_name)): k for k in by_id.values()} if key_name else {}
    named = {}
    for row in rows:
        record = by_id.get(_uuid(row.values.get(SYSTEM_ID)))
        record = record or by_key.get(str(row.values.get(key_name or "")))
        if record is not None:
            named[row.number] = record
    return named


async def _loaded(
    work: Work, register: AnyRegister, ids: set[UUID], keys: set[Any]
) -> Sequence[Any]:
    wanted = [col(register.row.id).in_(ids)]
    if register.natural_key and keys:
        wanted.append(getattr(register.row, register.natural_key).in_(keys))
    statement = select(register.row).where(visible(register, work.actor), or_(*wanted))
    found: Sequence[Any] = (await work.session.execute(statement)).scalars().all()
    return found


async def _texts(
    work: Work, register: AnyRegister, ids: Sequence[UUID]
) -> dict[UUID, dict[str, str]]:
    """Return what an export says of each record, field by field."""
    fields = visible_fields(register, work.actor.role)
    statement = select(*reading.selected(register, work.actor)).where(col(register.row.id).in_(ids))
    found = (await work.session.execute(statement)).mappings().all()
    return {
        row["id"]: {name: _text(cell(work, dict(row), f)) for name, f in fields.items()}
        for row in found
    }


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value)) if value else None
    except ValueError:
        return None


def changed(row: SheetRow, raw: RawCells, known: Known | None) -> dict[str, Any]:
    """Return the values a row brings: all of a new one's, of a known one those that differ."""
    return {
        name: value
        for name, value in row.values.items()
        if known is None or not known.unchanged(name, raw.get(name))
    }


def errors_left(row: SheetRow, raw: RawCells, known: Known | None) -> list[CellRemark]:
    """Return what is wrong with a row, cells aside that are as they were exported.

    A row that repeats another of the same file stays wrong, whatever it says.
    """
    return [
        error
        for error in row.errors
        if known is None
        or error.code == _REPEATED
        or not known.unchanged(error.field, raw.get(error.field))
    ]


def names_nobody(row: SheetRow, known: Known | None) -> bool:
    """Say whether a row carries a system id of no record the actor sees."""
    return bool(row.values.get(SYSTEM_ID)) and known is None
