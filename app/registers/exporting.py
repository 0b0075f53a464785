"""Exports: exactly what the list shows, in a file, noted in the trail with how many rows left."""

from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.access.roles import named
from app.audit.work import Work
from app.core.clock import CIVIL, now
from app.core.errors import Forbidden
from app.core.labels import T
from app.registers import reading
from app.registers.directory import AnyRegister
from app.registers.fields import F, Kind
from app.registers.filters import MOST, ListQuery
from app.registers.sheet_columns import export_columns
from app.registers.sheet_files import Form, rendered
from app.registers.showing import spoken

_ONLY = T("只有{who}可以导出{register}。", "Only {who} may export: {register}.")
_NOBODY = T("(无人)", "(nobody)")
_MARK = T("由 {name}({organisation})于 {at} 导出", "Exported by {name} ({organisation}) at {at}")
_HIDDEN = "_k"


def require_export(work: Work, register: AnyRegister) -> None:
    """Raise Forbidden unless the actor may take records away as a file."""
    if work.actor.role not in register.rights.export:
        who = named(register.rights.export) if register.rights.export else _NOBODY
        raise Forbidden(_ONLY, {"who": who, "register": register.label})


async def export(work: Work, register: AnyRegister, query: ListQuery, form: Form) -> bytes:
    """Return all records ``query`` matches, as a file. Raises Forbidden, Invalid."""
    require_export(work, register)
    only = query.fields.split(",") if query.fields else None
    columns = export_columns(register, work.actor.role, work.locale, only)
    rows = [row async for row in _all(work, register, query)]
    if form is Form.jsonl:
        records = [_plain(row, [f for f, _ in columns]) for row in rows]
    else:
        records = [_shown(work, row, [f for f, _ in columns]) for row in rows]
    if form is not Form.jsonl and columns:
        records.append({columns[0][0].name: _mark(work)})
    await work.note(
        f"{register.name}.export",
        register=register.name,
        detail={"form": form, "rows": len(rows), "fields": [f.name for f, _ in columns]},
    )
    label = register.label.in_(work.locale)
    return rendered(form, [column for _, column in columns], records, label)


async def _all(
    work: Work, register: AnyRegister, query: ListQuery
) -> AsyncIterator[Mapping[str, Any]]:
    page = query.model_copy(update={"limit": MOST, "count": False, "facets": None})
    while True:
        found = await reading.listing(work, register, page)
        for row in found.rows:
            yield row
        if found.next is None:
            return
        page = page.model_copy(update={"after": found.next})


def _mark(work: Work) -> str:
    """Return the line under an export that says whose copy it is (domain model 5.4, rule 2)."""
    at = now().astimezone(CIVIL).strftime("%Y-%m-%d %H:%M")
    actor = work.actor
    params = {"name": actor.name, "organisation": actor.organisation_name, "at": at}
    return _MARK.filled(work.locale, params)


def _shown(work: Work, row: Mapping[str, Any], fields: list[F]) -> dict[str, Any]:
    return {f.name: _cell(work, row, f) for f in fields}


def _cell(work: Work, row: Mapping[str, Any], f: F) -> Any:
    value = row.get(f.name)
    if f.kind is Kind.reference:
        return row.get(f"{_HIDDEN}label_{f.name}")
    plain = isinstance(value, int | Decimal | date) and not isinstance(value, bool | datetime)
    if value is None or plain:
        return value
    return spoken(f, value, work.locale)


def _plain(row: Mapping[str, Any], fields: list[F]) -> dict[str, Any]:
    return {"id": row["id"], "version": row["version"]} | {f.name: row.get(f.name) for f in fields}
