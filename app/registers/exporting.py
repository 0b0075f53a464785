"""Exports: exactly what the list shows, in a file, noted in the trail with how many rows left."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool

from app.audit.work import Work
from app.core.clock import CIVIL, now
from app.core.errors import Forbidden
from app.core.labels import T
from app.registers import reading
from app.registers.directory import AnyRegister
from app.registers.fields import F
from app.registers.filters import MOST, ListQuery
from app.registers.import_known import SYSTEM_ID, id_column
from app.registers.rights import only
from app.registers.sheet_cells import cell
from app.registers.sheet_columns import export_columns
from app.registers.sheet_files import Form, rendered

_ONLY = T(
    "只有{who}可以导出{register}，请联系他们导出。",
    "Only {who} may export: {register}; ask one of them.",
)
_NEVER = T(
    "这类记录不能导出，请在页面上查看或打印。",
    "Such records are not exported; read or print them on the page.",
)
# worded as a note, so that an import passes over it
_MARK = T(
    "说明：由 {name}（{organisation}）于 {at} 导出",
    "Note: exported by {name} ({organisation}) at {at}",
)
_BREATH = 50  # rows between two breaths of the loop, which serves requests meanwhile
Tell = Callable[[int, int | None, str], Awaitable[None]]  # done, of how many, in which phase


async def silently(_: int, __: int | None, ___: str) -> None:
    """Tell nobody: the default of work that nobody watches."""


def require_export(work: Work, register: AnyRegister) -> None:
    """Raise Forbidden unless the actor may take records away as a file."""
    if work.actor.role not in register.rights.export:
        raise Forbidden(*only(register.rights.export, _ONLY, _NEVER, register.label))


async def export(
    work: Work, register: AnyRegister, query: ListQuery, form: Form, tell: Tell = silently
) -> tuple[bytes, int]:
    """Return all records ``query`` matches as a file, and how many. Raises Forbidden, Invalid.

    Columns come in the order of ``query.fields``, rows in that of ``query.sort``.
    """
    require_export(work, register)
    wanted = [name.strip() for name in query.fields.split(",")] if query.fields else None
    columns = export_columns(register, work.actor.role, work.locale, wanted)
    fields = [f for f, _ in columns]
    records: list[dict[str, Any]] = []
    async for row in _all(work, register, query):
        plain = form is Form.jsonl
        records.append(_plain(row, fields) if plain else _shown(work, row, fields))
        if len(records) % MOST == 0:
            await tell(len(records), None, "reading")
    count = len(records)
    await tell(count, None, "file")
    if form is not Form.jsonl:
        records.append({_mark_field(register, [f.name for f in fields]): _mark(work)})
    await work.note(
        f"{register.name}.export",
        register=register.name,
        detail={"form": form, "rows": count, "fields": [f.name for f in fields]},
    )
    label = register.label.in_(work.locale)
    told = [*(column for _, column in columns), id_column(work.locale)]
    return await run_in_threadpool(rendered, form, told, records, label), count


def _mark_field(register: AnyRegister, names: list[str]) -> str:
    """Return the column for the mark: not the key's, or the line would read as a record."""
    return next((name for name in names if name != register.natural_key), SYSTEM_ID)


async def _all(
    work: Work, register: AnyRegister, query: ListQuery
) -> AsyncIterator[Mapping[str, Any]]:
    page = query.model_copy(
        update={"limit": MOST, "count": False, "facets": None, "after": None, "offset": None}
    )
    while True:
        found = await reading.listing(work, register, page)
        for n, row in enumerate(found.rows):
            if n % _BREATH == 0:
                await asyncio.sleep(0)
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
    return {f.name: cell(work, row, f) for f in fields} | {SYSTEM_ID: str(row["id"])}


def _plain(row: Mapping[str, Any], fields: list[F]) -> dict[str, Any]:
    return {"id": row["id"], "version": row["version"]} | {f.name: row.get(f.name) for f in fields}
