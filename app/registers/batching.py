"""Many records changed by one act: previewed, then written row by row under one batch id.

Every row goes the one write path and stands for itself: what is refused for one says why and leaves
the others alone. Rows the actor may not see are not there, in no count and in no answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import col

from app.audit.work import Work
from app.core.errors import Forbidden, Problem, Stale
from app.core.http import of_database
from app.core.ids import new_id
from app.core.labels import T
from app.registers import lifecycle, writing
from app.registers.batch_plan import Plan, RowAsked
from app.registers.directory import AnyRegister
from app.registers.disclosure import shown
from app.registers.history import FieldChange, changes_between, name_references
from app.registers.keeping import stored
from app.registers.showing import edit_refusal
from app.registers.visibility import visible

_CHUNK = 100
_NEVER_MOVED = T(
    "这类记录没有办理步骤，请打开记录查看。", "Such records take no steps; open one to read it."
)
_STALE = T(
    "这条记录在您查看之后已被他人修改（现为第 {now} 版），未改动；请刷新后再试。",
    "Somebody changed this record after you saw it (version {now} now); it was left alone. "
    "Reload, then try again.",
)

Outcome = Literal["changed", "unchanged", "refused"]


class RowError(BaseModel):
    field: str
    detail: str


class RowResult(BaseModel):
    """What became, or would become, of one record."""

    id: UUID
    version: int
    label: str
    outcome: Outcome
    reason: str | None = None
    errors: list[RowError] = []
    changes: list[FieldChange] = []


class BatchDone(BaseModel):
    """What became of each record the actor may see; ``batch_id`` takes them back together."""

    batch_id: UUID | None
    dry_run: bool
    changed: int
    unchanged: int
    refused: int
    items: list[RowResult]


async def run(work: Work, register: AnyRegister, plan: Plan) -> BatchDone:
    """Change the rows of ``plan``, or say what would become of each; one transaction."""
    batch_id = None if plan.dry_run else new_id()
    own = replace(work, batch_id=batch_id)
    items = [
        result
        for start in range(0, len(plan.rows), _CHUNK)
        for result in await chunk(own, register, plan, plan.rows[start : start + _CHUNK])
    ]
    done = summed(plan, batch_id, items)
    if batch_id is not None:
        await noted(own, register, plan, done.model_dump())
    return done


def summed(plan: Plan, batch_id: UUID | None, items: list[RowResult]) -> BatchDone:
    """Return the results with their counts."""
    counts = {"changed": 0, "unchanged": 0, "refused": 0}
    for item in items:
        counts[item.outcome] += 1
    return BatchDone(batch_id=batch_id, dry_run=plan.dry_run, items=items, **counts)


async def noted(work: Work, register: AnyRegister, plan: Plan, counts: Mapping[str, Any]) -> None:
    """Write one line about the whole act into the trail, beside those of its rows."""
    fields = sorted(set(plan.patch or ()).union(*(row.patch or () for row in plan.rows)))
    detail = {name: counts.get(name, 0) for name in ("changed", "unchanged", "refused")}
    what = {"move": plan.move} if plan.move else {"fields": fields}
    await work.note(f"{register.name}.batch", register=register.name, detail=detail | what)


async def chunk(
    work: Work, register: AnyRegister, plan: Plan, asked: Sequence[RowAsked]
) -> list[RowResult]:
    """Change some rows; each in a savepoint of its own, so that a refusal costs only itself."""
    found = await _found(work, register, asked, lock=not plan.dry_run)
    items = [
        await _one(work, register, plan, one, found[one.id]) for one in asked if one.id in found
    ]
    await name_references(work, register, [c for item in items for c in item.changes])
    return items


async def _found(
    work: Work, register: AnyRegister, asked: Iterable[RowAsked], *, lock: bool
) -> dict[UUID, Any]:
    row = register.row
    statement = (
        select(row)
        .where(col(row.id).in_([one.id for one in asked]), visible(register, work.actor))
        .order_by(col(row.id))  # locks are taken in one order, whoever asks
    )
    if lock:
        statement = statement.with_for_update(of=row)
    return {one.id: one for one in (await work.session.execute(statement)).scalars()}


async def _one(
    work: Work, register: AnyRegister, plan: Plan, asked: RowAsked, row: Any
) -> RowResult:
    seen = stored(register, row)
    told = RowResult(
        id=asked.id,
        version=row.version,
        label=str(shown(register, work.actor.role, seen).get(register.title_field) or asked.id),
        outcome="unchanged",
    )
    savepoint = await work.session.begin_nested()
    try:
        if asked.version is not None and asked.version != row.version:
            raise Stale(_STALE, {"now": row.version})
        after = await _changed(work, register, plan, asked, row)
    except (Problem, IntegrityError, StaleDataError) as exc:
        await savepoint.rollback()
        return _refused(work, register, told, exc if isinstance(exc, Problem) else of_database(exc))
    if after is None or plan.dry_run:
        await savepoint.rollback()
    else:
        await savepoint.commit()
        told.version = after["version"]
    if after is not None:
        told.outcome = "changed"
        told.changes = changes_between(work, register, seen, after)
    return told


async def _changed(
    work: Work, register: AnyRegister, plan: Plan, asked: RowAsked, row: Any
) -> dict[str, Any] | None:
    """Return the row as it is now, or would be; None where nothing changes. Raises Problem."""
    if plan.move is not None:
        return await _moved(work, register, plan, row)
    why = edit_refusal(register, work.actor, row)
    if why:
        raise Forbidden(*why)
    given = plan.of(asked)
    before = stored(register, row)
    kept = await writing.prepared_revision(
        work, register, row, writing.merged(work, register, row, given), "batch"
    )
    after = stored(register, row)
    secret = {
        f.name for f in register.secrets if given.get(f.name, before[f.name]) != before[f.name]
    }
    if not secret and all(before[f.name] == after[f.name] for f in register.fields):
        return None  # the savepoint takes back who touched it last
    if plan.dry_run:
        await work.session.flush()  # what the database itself refuses is told beforehand too
    else:
        await writing.written(work, register, kept)
    return stored(register, row)


async def _moved(work: Work, register: AnyRegister, plan: Plan, row: Any) -> dict[str, Any] | None:
    """Take the step; beforehand only say whether it is open and where it leads."""
    life, name = register.lifecycle, plan.move or ""
    if life is None:
        raise Forbidden(_NEVER_MOVED)
    if not plan.dry_run:
        moved = await writing.move(work, register, row.id, name, plan.form, row.version)
        return stored(register, moved)
    step = lifecycle.require(life, name, work.actor, row)
    target = {"state": step.target} if step.target is not None else {}
    return stored(register, row) | target


def _refused(work: Work, register: AnyRegister, told: RowResult, problem: Problem) -> RowResult:
    """Say in words what was refused, field by field where fields were."""
    errors = []
    for error in problem.errors:
        name = error.pointer.split("/")[1] if "/" in error.pointer else ""
        errors.append(RowError(field=name, detail=error.shown(work.locale)["detail"]))
    fields = register.all_fields
    words = [
        f"{fields[e.field].label.in_(work.locale)}：{e.detail}" if e.field in fields else e.detail
        for e in errors
    ]
    told.outcome, told.errors = "refused", errors
    told.reason = "；".join(words) or problem.detail.filled(work.locale, problem.params)
    return told
