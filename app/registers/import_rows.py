"""The verdict on each row of a workbook: what is wrong in which cell, or what it would do."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import or_, select
from starlette.concurrency import run_in_threadpool

from app.audit.work import Work
from app.core.errors import FieldError
from app.core.labels import LOCALES, T
from app.core.sheets.headers import HeaderCell
from app.core.sheets.reading import RawCell
from app.core.sheets.rows import RawRow
from app.core.sheets.table import CellRemark, SheetRow
from app.core.validation import invalid
from app.registers import directory
from app.registers.directory import AnyRegister
from app.registers.fields import F, Kind
from app.registers.import_batches import columns_of
from app.registers.import_known import (
    SYSTEM_ID,
    Known,
    RawCells,
    changed,
    errors_left,
    known_records,
    names_nobody,
)
from app.registers.showing import edit_refusal
from app.registers.visibility import visible

_DAY = "$date"
_KEY = 200  # characters of a key kept with its row
_NO_RECORD = T(
    "没有找到「{value}」，请核对名称或代码，或先登记它。",
    "“{value}” was not found; check its name or code, or enter it first.",
)
_TWO_RECORDS = T(
    "「{value}」不止一条，请写代码。", "“{value}” names more than one; write its code."
)
_LOCKED = T(
    "这条记录已有，但您不能修改，这一行没有写入；原因：{why}",
    "The record exists and you may not change it, so this row was left out: {why}",
    "這條記錄已有，但您不能修改，這一列沒有寫入；原因：{why}",
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A row with its verdict: bad, create, update or unchanged."""

    row: int
    errors: list[dict[str, Any]]
    outcome: str
    record_id: UUID | None
    key: str | None  # the natural key the row was read to have


def cells_of(raw: RawRow) -> dict[str, Any]:
    """Return raw cells as JSON; days keep their type."""
    return {
        name: {_DAY: cell.isoformat()} if isinstance(cell, dt.date) else cell
        for name, cell in raw.cells.items()
    }


def raw_cells(cells: Mapping[str, Any]) -> dict[str, RawCell]:
    return {
        name: dt.date.fromisoformat(cell[_DAY][:10]) if isinstance(cell, dict) else cell
        for name, cell in cells.items()
    }


def body_values(register: AnyRegister, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's values as a body takes them: tuples as lists, absent columns left out."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if name in register.body.model_fields and value is not None
    }


async def verdicts(
    work: Work,
    register: AnyRegister,
    rows: Sequence[SheetRow],
    places: Mapping[str, HeaderCell],
    raw: Mapping[int, RawCells],
) -> list[Checked]:
    """Judge rows whose cells were read: by the body, the room's rules, and what exists."""
    references = await resolved(work, register, rows)
    known = await known_records(work, register, rows)
    labels = {c.field: c.labels[0] for c in columns_of(work, register)}
    court = _Court(work, register, places, references, labels)

    def judged() -> list[Checked]:
        return [court.verdict(row, raw[row.number], known.get(row.number)) for row in rows]

    return await run_in_threadpool(judged)


@dataclass(frozen=True, slots=True)
class _Court:
    """What a verdict rests on, the same for every row of a workbook."""

    work: Work
    register: AnyRegister
    places: Mapping[str, HeaderCell]
    references: Mapping[Any, Any]
    labels: Mapping[str, str]

    def verdict(self, row: SheetRow, raw: RawCells, record: Known | None) -> Checked:
        errors = [_cell_error(remark, self.labels) for remark in errors_left(row, raw, record)]
        values = changed(row, raw, record)
        outcome = _outcome(self.register, record, values, self.references)
        if not errors and outcome != "unchanged":
            complaints = _complaints(self.work, self.register, row, record, values, self.references)
            errors = [_field_error(row, self.places, self.labels, error) for error in complaints]
        outcome = "bad" if errors else outcome
        key = row.values.get(self.register.natural_key or "")
        told = str(key)[:_KEY] if key is not None else None
        return Checked(row.number, errors, outcome, record.row.id if record else None, told)


def _complaints(
    work: Work,
    register: AnyRegister,
    row: SheetRow,
    record: Known | None,
    values: Mapping[str, Any],
    references: Mapping[Any, Any],
) -> Sequence[FieldError]:
    """Return what is wrong with a row that would be written."""
    if names_nobody(row, record):
        told = {"value": row.values[SYSTEM_ID]}
        return [FieldError(f"/{SYSTEM_ID}", "reference", _NO_RECORD, told)]
    why = edit_refusal(register, work.actor, record.row) if record else None
    if why:
        said = T(why[0].filled("zh-CN", why[1]), why[0].filled("en", why[1]))
        return [FieldError(f"/{register.natural_key}", "locked", _LOCKED, {"why": said})]
    return domain_errors(register, values, references, record)


def _outcome(
    register: AnyRegister,
    record: Known | None,
    values: Mapping[str, Any],
    references: Mapping[Any, Any],
) -> str:
    if record is None:
        return "create"
    given = body_values(register, with_references(register, values, references))
    given |= {f.name: values[f.name] for f in _figures(register) if values.get(f.name) is not None}
    same = all(_same(getattr(record.row, name), value) for name, value in given.items())
    return "unchanged" if same else "update"


def _same(old: Any, new: Any) -> bool:
    if isinstance(new, list):
        return [str(one) for one in old or ()] == [str(one) for one in new]
    return bool(old == new or str(old) == str(new))


def _figures(register: AnyRegister) -> Sequence[Any]:
    return register.sheet_figures.figures if register.sheet_figures else ()


def domain_errors(
    register: AnyRegister,
    values: Mapping[str, Any],
    references: Mapping[Any, Any],
    record: Known | None = None,
) -> list[FieldError]:
    """Return what the body, the room and its measured columns say of a row's values."""
    errors = [e for f in register.fields for e in _unresolved(f, values.get(f.name), references)]
    if errors:
        return errors
    given = body_values(register, with_references(register, values, references))
    if record is not None:  # the rest of a known record counts too, but its masks cannot be checked
        kept = {f.name: getattr(record.row, f.name) for f in register.fields if not f.secret}
        given = kept | given
    try:
        body = register.body.model_validate(given)
    except ValidationError as exc:
        return list(invalid(exc.errors()).errors)
    errors += register.check(body)
    if register.sheet_figures:
        figures = {f.name: values.get(f.name) for f in _figures(register)}
        errors += register.sheet_figures.check(figures)
    return errors


def _unresolved(f: F, value: Any, references: Mapping[Any, Any]) -> Sequence[FieldError]:
    """Return which names of records a cell holds that mean none, or more than one."""
    if value is None or f.kind not in (Kind.reference, Kind.references):
        return []
    wrong = []
    for name in value if isinstance(value, tuple) else (value,):
        hits = references.get((f.reference, name), ())
        if len(hits) != 1:
            text = _TWO_RECORDS if hits else _NO_RECORD
            wrong.append(FieldError(f"/{f.name}", "reference", text, {"value": name}))
    return wrong


def with_references(
    register: AnyRegister, values: Mapping[str, Any], references: Mapping[Any, Any]
) -> dict[str, Any]:
    """Return values with names of records replaced by their ids."""
    out = dict(values)
    for f in register.fields:
        value = out.get(f.name)
        if value is None or f.kind not in (Kind.reference, Kind.references):
            continue
        ids = [
            hit
            for name in (value if isinstance(value, tuple) else (value,))
            for hit in references.get((f.reference, name), ())
        ]
        out[f.name] = ids if f.kind is Kind.references else next(iter(ids), None)
    return out


async def resolved(
    work: Work, register: AnyRegister, rows: Sequence[SheetRow]
) -> dict[tuple[str, Any], list[UUID]]:
    """Find the records a workbook names by title or natural key, among those the actor sees."""
    found: dict[tuple[str, Any], list[UUID]] = {}
    for f in register.fields:
        if f.kind not in (Kind.reference, Kind.references) or not f.reference:
            continue
        cells = {r.values.get(f.name) for r in rows} - {None}
        names = {n for c in cells for n in (c if isinstance(c, tuple) else (c,))}
        names -= {name for register_name, name in found if register_name == f.reference}
        if not names:
            continue
        target = directory.named(f.reference)
        title = getattr(target.row, target.title_field)
        key = getattr(target.row, target.natural_key) if target.natural_key else title
        statement = select(target.row.id, title, key).where(
            visible(target, work.actor), or_(title.in_(names), key.in_(names))
        )
        for record_id, named, keyed in (await work.session.execute(statement)).all():
            for name in {named, keyed}:
                found.setdefault((f.reference, name), []).append(record_id)
    return found


def _cell_error(remark: CellRemark, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "row": remark.row,
        "column": remark.column,
        "header": remark.header or labels.get(remark.field),
        "field": remark.field,
        "code": remark.code,
        "messages": {locale: remark.message(locale) for locale in LOCALES},
        "value": remark.value,
    }


def _field_error(
    row: SheetRow,
    places: Mapping[str, HeaderCell],
    labels: Mapping[str, str],
    error: FieldError,
) -> dict[str, Any]:
    name = error.pointer.strip("/").split("/")[0]
    place = places.get(name)
    value = row.values.get(name)
    return {
        "row": row.number,
        "column": place.letter if place else None,
        "header": place.text if place else labels.get(name),
        "field": name,
        "code": error.code,
        "messages": {locale: error.text.filled(locale, error.params) for locale in LOCALES},
        "value": "" if value is None else str(value),
    }
