"""A batch too long for one answer: a task that commits chunk by chunk, all under one batch id."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from app.audit.work import Work
from app.core.errors import FieldError, Invalid
from app.core.ids import new_id
from app.core.labels import T
from app.core.sheets.columns import Column
from app.registers import batching, directory, reading, tasks
from app.registers.batch_plan import Plan, RowAsked
from app.registers.directory import AnyRegister
from app.registers.sheet_files import MEDIA_TYPES, Form, rendered

KIND = "batch"
_CHUNK = 100
_LABEL = T("批量修改", "Bulk edit")
_WRITING = T("写入", "Writing")
_SECRET = T(
    "联系方式等个人信息一次最多修改 {most} 条；请分几次进行。",
    "Personal details are changed {most} records at a time at most; do it in parts.",
)
_RECORD = T("记录", "Record")
_WHY = T("未能修改的原因", "Why it was not changed")
_FILE = T("未能修改的记录", "Records not changed")


class Wanted(BaseModel):
    """A plan, as a task keeps it: nothing personal is in it (``refused_secrets``)."""

    register_name: str
    batch_id: UUID = Field(default_factory=new_id)
    rows: list[RowAsked]
    patch: dict[str, Any] | None
    move: str | None
    form: dict[str, Any]

    def plan(self) -> Plan:
        return Plan(tuple(self.rows), self.patch, self.move, self.form, dry_run=False)


async def ask(work: Work, register: AnyRegister, plan: Plan, most: int) -> tasks.TaskRun:
    """Ask for a long batch. Raises Invalid where its values are personal, Forbidden, TooMany."""
    named = set(plan.patch or ()).union(*(row.patch or () for row in plan.rows))
    personal = sorted(named & {f.name for f in register.secrets})
    if personal:
        errors = (FieldError(f"/patch/{n}", "personal", _SECRET, {"most": most}) for n in personal)
        raise Invalid.of(*errors)
    wanted = Wanted(
        register_name=register.name,
        rows=list(plan.rows),
        patch=dict(plan.patch) if plan.patch is not None else None,
        move=plan.move,
        form=dict(plan.form),
    )
    title = f"{register.label.in_(work.locale)} · {len(plan.rows)}"
    return await tasks.ask(work, KIND, wanted, register=register.name, title=title)


@tasks.in_parts(
    KIND,
    _LABEL,
    Wanted,
    phases={"writing": _WRITING},
    page=lambda task: f"/r/{task.register_name}",
)
async def run(run: tasks.Run[Wanted]) -> tasks.Done:
    """Change chunk after chunk; a worker that takes over goes on where the last one committed."""
    wanted, plan = run.params, run.params.plan()
    register = directory.named(wanted.register_name)
    start = int(run.cursor.get("next", 0))
    while start < len(plan.rows):
        async with run.part() as part:
            part.work.batch_id = wanted.batch_id
            items = await batching.chunk(
                part.work, register, plan, plan.rows[start : start + _CHUNK]
            )
            start = min(start + _CHUNK, len(plan.rows))
            cursor = _added(part.cursor, items) | {"next": start}
            if start == len(plan.rows):
                await batching.noted(part.work, register, plan, cursor)
            part.done, part.total, part.phase = start, len(plan.rows), "writing"
            part.cursor = cursor
    counts = {name: run.cursor.get(name, 0) for name in ("changed", "unchanged", "refused")}
    return tasks.Done(counts | {"batch_id": str(wanted.batch_id)}, await _file(run, register))


def _added(cursor: dict[str, Any], items: list[batching.RowResult]) -> dict[str, Any]:
    found = dict(cursor)
    for item in items:
        found[item.outcome] = found.get(item.outcome, 0) + 1
    told = [[str(item.id), item.reason or ""] for item in items if item.outcome == "refused"]
    return found | {"reasons": [*found.get("reasons", []), *told]}


async def _file(run: tasks.Run[Wanted], register: AnyRegister) -> tasks.Made | None:
    """Return the refused rows with their reasons as a workbook; None where there are none."""
    reasons: list[list[str]] = run.cursor.get("reasons", [])
    if not reasons:
        return None
    async with run.work() as work:
        titles = await reading.titles(work, register, [one for one, _ in reasons])
    columns = [Column("record", (_RECORD.in_(run.locale),)), Column("why", (_WHY.in_(run.locale),))]
    lines = [{"record": titles.get(one, one), "why": why} for one, why in reasons]
    name = _FILE.in_(run.locale)
    data = rendered(Form.xlsx, columns, lines, name)
    return tasks.Made(f"{name}.xlsx", MEDIA_TYPES[Form.xlsx], data)
