"""The verdict on each row of a workbook: what is wrong in which cell, or what it would do."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import or_, select

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
from app.registers.fields import Kind
from app.registers.showing import edit_refusal
from app.registers.visibility import visible

_DAY = "$date"
_NO_RECORD = T("没有找到「{value}」。", "“{value}” was not found.")
_TWO_RECORDS = T("「{value}」不止一条,请写代码。", "“{value}” names more than one; write its code.")
_LOCKED = T("这条记录已有,您不能修改:{why}", "The record exists and you may not change it: {why}")


@dataclass(frozen=True, slots=True)
class Checked:
    """A row with its verdict: bad, create, update or unchanged."""

    row: int
    errors: list[dict[str, Any]]
    outcome: str
    record_id: UUID | None


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
) -> list[Checked]:
    """Judge rows whose cells were read: by the body, the room's rules, and what exists."""
    references = await resolved(work, register, rows)
    existing = await existing_by_key(work, register, rows)
    found = []
    for row in rows:
        errors = [_cell_error(remark) for remark in row.errors]
        if not errors:
            complaints = domain_errors(register, row.values, references)
            errors = [_field_error(row, places, error) for error in complaints]
        key = row.values.get(register.natural_key or "")
        known = existing.get(str(key)) if key else None
        if known is not None and not errors:
            why = edit_refusal(register, work.actor, known)
            if why:
                told = {loc: why[0].filled(loc, why[1]) for loc in LOCALES}
                text = FieldError(
                    f"/{register.natural_key}",
                    "locked",
                    _LOCKED,
                    {"why": T(told["zh-CN"], told["en"])},
                )
                errors = [_field_error(row, places, text)]
        outcome = "bad" if errors else _outcome(register, known, row.values, references)
        found.append(Checked(row.number, errors, outcome, known.id if known else None))
    return found


def _outcome(
    register: AnyRegister, known: Any, values: Mapping[str, Any], references: Mapping[Any, Any]
) -> str:
    if known is None:
        return "create"
    given = body_values(register, with_references(register, values, references))
    same = all(_same(getattr(known, name), value) for name, value in given.items())
    measured = any(values.get(f.name) is not None for f in _figures(register))
    return "unchanged" if same and not measured else "update"


def _same(old: Any, new: Any) -> bool:
    return bool(old == new or str(old) == str(new))


def _figures(register: AnyRegister) -> Sequence[Any]:
    return register.sheet_figures.figures if register.sheet_figures else ()


def domain_errors(
    register: AnyRegister, values: Mapping[str, Any], references: Mapping[Any, Any]
) -> list[FieldError]:
    """Return what the body, the room and its measured columns say of a row's values."""
    errors = []
    for f in register.fields:
        value = values.get(f.name)
        if f.kind is Kind.reference and value is not None:
            hits = references.get((f.reference, value), ())
            if len(hits) != 1:
                text = _TWO_RECORDS if hits else _NO_RECORD
                errors.append(FieldError(f"/{f.name}", "reference", text, {"value": value}))
    if errors:
        return errors
    given = body_values(register, with_references(register, values, references))
    try:
        body = register.body.model_validate(given)
    except ValidationError as exc:
        return list(invalid(exc.errors()).errors)
    errors += register.check(body)
    if register.sheet_figures:
        errors += register.sheet_figures.check(values)
    return errors


def with_references(
    register: AnyRegister, values: Mapping[str, Any], references: Mapping[Any, Any]
) -> dict[str, Any]:
    """Return values with names of records replaced by their ids."""
    out = dict(values)
    for f in register.fields:
        if f.kind is Kind.reference and out.get(f.name) is not None:
            hits = references.get((f.reference, out[f.name]), ())
            out[f.name] = hits[0] if len(hits) == 1 else None
    return out


async def resolved(
    work: Work, register: AnyRegister, rows: Sequence[SheetRow]
) -> dict[tuple[str, Any], list[UUID]]:
    """Find the records a workbook names by title or natural key, among those the actor sees."""
    found: dict[tuple[str, Any], list[UUID]] = {}
    for f in register.fields:
        names = {r.values.get(f.name) for r in rows} - {None}
        if f.kind is not Kind.reference or not f.reference or not names:
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


async def existing_by_key(
    work: Work, register: AnyRegister, rows: Sequence[SheetRow]
) -> dict[str, Any]:
    """Return the actor's records that rows of the workbook name by natural key."""
    if register.natural_key is None:
        return {}
    keys = {r.values.get(register.natural_key) for r in rows} - {None}
    column = getattr(register.row, register.natural_key)
    statement = select(register.row).where(visible(register, work.actor), column.in_(keys))
    found = (await work.session.execute(statement)).scalars()
    return {str(getattr(row, register.natural_key)): row for row in found}


def _cell_error(remark: CellRemark) -> dict[str, Any]:
    return {
        "row": remark.row,
        "column": remark.column,
        "header": remark.header,
        "field": remark.field,
        "code": remark.code,
        "messages": {locale: remark.message(locale) for locale in LOCALES},
        "value": remark.value,
    }


def _field_error(
    row: SheetRow, places: Mapping[str, HeaderCell], error: FieldError
) -> dict[str, Any]:
    name = error.pointer.strip("/").split("/")[0]
    place = places.get(name)
    value = row.values.get(name)
    return {
        "row": row.number,
        "column": place.letter if place else None,
        "header": place.text if place else None,
        "field": name,
        "code": error.code,
        "messages": {locale: error.text.filled(locale, error.params) for locale in LOCALES},
        "value": "" if value is None else str(value),
    }
