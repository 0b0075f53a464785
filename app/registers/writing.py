"""The one write path: create, revise, move, delete. Each goes: visible? allowed? current? valid?
then change, and in the same transaction version, audit, feed and search document.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import SQLModel

from app.audit.work import Work
from app.core.clock import now
from app.core.errors import FieldError, Forbidden, Invalid, Stale
from app.core.labels import T
from app.core.tables import Record
from app.core.text import pinyin_key
from app.core.validation import invalid
from app.registers import lifecycle, reading, secrets
from app.registers.directory import AnyRegister
from app.registers.fields import Disclosure, Kind
from app.registers.keeping import Kept, keep, stored
from app.registers.phones import wrong_phones
from app.registers.register import Change, Placement
from app.registers.rights import only
from app.registers.showing import Refusal, edit_refusal, may_write, never_edits

_BREAKS = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]+\s*")
_ONLY = T(
    "只有{who}可以新建{register}，请联系他们办理。",
    "Only {who} may create: {register}; ask one of them.",
)
_NO_DELETE = T(
    "只有{who}可以删除{register}，请联系他们办理。",
    "Only {who} may delete: {register}; ask one of them.",
)
_STALE = T(
    "您读到的是第 {read} 版，现在已是第 {now} 版；请重新读取后再改。",
    "You read version {read}; it is now {now}. Read it again, then repeat your change.",
)
_NOT_WRITER = T(
    "您的角色不能填写或修改这一项，没有保存；请留空，或联系登记单位填写。",
    "Your role may not fill in or change this field, and nothing was saved; leave it, or ask the"
    " organisation in charge.",
)
_NEVER_MADE = T(
    "这类记录由业务操作产生，不能直接新建；请从相应的业务页面办理。",
    "Such records come from other acts and are not made by hand; start from the page of that act.",
)
_NEVER_DELETED = T(
    "这类记录须留存，不能删除；不再需要时请用办理步骤作废或归档。",
    "Such records are kept and not deleted; void or close one by a step of the procedure.",
)
_NEVER_MOVED = T(
    "这类记录没有办理步骤，请打开记录查看。", "Such records take no steps; open one to read it."
)
_MASK = T("这是遮盖后的内容，请填写完整内容。", "This is a mask; give the whole value.")


async def create(
    work: Work, register: AnyRegister, given: Mapping[str, Any], placement: Placement | None = None
) -> Any:
    """Write a new record. Raises Forbidden, Invalid, Conflict."""
    if work.actor.role not in register.rights.create:
        raise Forbidden(*only(register.rights.create, _ONLY, _NEVER_MADE, register.label_one))
    kept = await prepared_new(work, register, given, placement)
    await written(work, register, kept)
    return kept.change.row


async def prepared_new(
    work: Work,
    register: AnyRegister,
    given: Mapping[str, Any],
    placement: Placement | None = None,
    verb: str = "create",
) -> Kept:
    """Return a new record ready to be kept. Raises Invalid, Forbidden."""
    body = checked(work, register, dict(given))
    placement = placement or await register.place(work, body)
    instant = now()
    row = register.row.model_validate(
        _computed(register)
        | secrets.masked(register, body.model_dump())
        | {
            "region_id": placement.region_id,
            "node_id": placement.node_id,
            "owner_id": placement.owner_id,
            "created_by": work.actor.account_id,
            "updated_by": work.actor.account_id,
            "created_at": instant,
            "updated_at": instant,
        }
    )
    kept = Kept(Change(row, None), verb, body=body, parties=placement.parties)
    await _settled(work, register, kept)
    return kept


def _computed(register: AnyRegister) -> dict[str, Any]:
    """Return the start values the row needs to validate before ``derive`` sets them."""
    start = {f"{f.name}_py": "" for f in register.all_fields.values() if f.pinyin}
    return start | ({"state": register.lifecycle.initial} if register.lifecycle else {})


async def revise(
    work: Work, register: AnyRegister, record_id: UUID, given: Mapping[str, Any], version: int
) -> Any:
    """Replace what an author wrote; fields the actor may not write keep their value.

    Raises NotFound, Forbidden, Stale, Invalid, Conflict.
    """
    row = await to_change(work, register, record_id, version, never_edits(register, work.actor))
    why = edit_refusal(register, work.actor, row)
    if why:
        raise Forbidden(*why)
    kept = await prepared_revision(work, register, row, given)
    await written(work, register, kept)
    return row


async def prepared_revision(
    work: Work, register: AnyRegister, row: Any, given: Mapping[str, Any], verb: str = "revise"
) -> Kept:
    """Return a row with its body replaced, ready to be kept. Raises Invalid, Forbidden."""
    before = stored(register, row)
    body = checked(work, register, dict(given), row)
    for name, value in secrets.masked(register, body.model_dump(), before).items():
        setattr(row, name, value)
    kept = Kept(Change(row, before), verb, body=body)
    await _settled(work, register, kept)
    return kept


async def patch(
    work: Work, register: AnyRegister, record_id: UUID, given: Mapping[str, Any], version: int
) -> Any:
    """Change some fields (merge patch, RFC 7396). Raises as :func:`revise`."""
    row = await to_change(work, register, record_id, version, never_edits(register, work.actor))
    return await revise(work, register, record_id, merged(work, register, row, given), version)


def merged(work: Work, register: AnyRegister, row: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the whole body a merge patch asks for: what it leaves out stays."""
    kept = {
        f.name: getattr(row, f.name)
        for f in register.fields
        if may_write(f, work.actor) and f.name not in given
    }
    return kept | dict(given)


async def move(
    work: Work,
    register: AnyRegister,
    record_id: UUID,
    name: str,
    given: Mapping[str, Any],
    version: int | None,
) -> Any:
    """Take one step of the life cycle.

    Raises NotFound, Forbidden, Stale, IllegalMove, Invalid.
    """
    if register.lifecycle is None:
        raise Forbidden(_NEVER_MOVED)
    never = lifecycle.never_moves(register.lifecycle, name, work.actor)
    row = await to_change(work, register, record_id, version, never)
    step = lifecycle.require(register.lifecycle, name, work.actor, row)
    form = form_of(step.form, given)
    before = stored(register, row)
    if step.target is not None:
        row.state = step.target
    change = Change(row, before, form)
    if name in register.on_move:
        await register.on_move[name](work, change)
    reason = getattr(form, "reason", None)
    await write(work, register, change, f"move.{name}", reason=reason)
    return row


def form_of(model: type[SQLModel] | None, given: Mapping[str, Any]) -> Any:
    """Return what a move was asked with, checked. Raises Invalid."""
    if model is None:
        return None
    try:
        return model.model_validate(given)
    except ValidationError as exc:
        raise invalid(exc.errors()) from exc


async def delete(work: Work, register: AnyRegister, record_id: UUID, version: int) -> None:
    """Set a record aside; its tombstone travels on. Raises NotFound, Forbidden, Stale."""
    never = None
    if work.actor.role not in register.rights.delete:
        never = only(register.rights.delete, _NO_DELETE, _NEVER_DELETED, register.label_one)
    row = await to_change(work, register, record_id, version, never)
    before = stored(register, row)
    row.deleted_at = now()
    await write(work, register, Change(row, before), "delete", op="delete")


async def to_change(
    work: Work,
    register: AnyRegister,
    record_id: UUID,
    version: int | None,
    never: Refusal | None,
) -> Any:
    """Return the locked row to work on; ``never`` is why this role may not, whatever the version.

    Raises NotFound, Forbidden, Stale.
    """
    row = await reading.row_of(work, register, record_id, lock=never is None)
    if never:
        raise Forbidden(*never)
    if version is not None and row.version != version:
        raise Stale(_STALE, {"read": version, "now": row.version})
    return row


def checked(
    work: Work, register: AnyRegister, given: dict[str, Any], row: Record | None = None
) -> Any:
    """Return the body: fields the actor may not write are refused or kept, the rest validated.

    Raises Invalid.
    """
    refused = []
    for f in register.fields:
        if may_write(f, work.actor):
            continue
        current = getattr(row, f.name) if row is not None else None
        if f.name in given and given.pop(f.name) not in (None, "", [], current):
            refused.append(FieldError(f"/{f.name}", "not_writable", _NOT_WRITER))
        if row is not None:
            given[f.name] = current
    if refused:
        raise Invalid.of(*([e for e in refused if _seen(register, work, e)] or refused))
    masks = {
        f.name: given.pop(f.name)
        for f in register.secrets
        if row is not None and given.get(f.name) and given[f.name] == getattr(row, f.name)
    }
    return valid(register, given, masks)


def _seen(register: AnyRegister, work: Work, error: FieldError) -> bool:
    f = register.all_fields[error.pointer[1:]]
    return f.disclosure(work.actor.role) is not Disclosure.hidden


def valid(
    register: AnyRegister, given: Mapping[str, Any], masks: Mapping[str, Any] | None = None
) -> Any:
    """Return the body of ``given``, checked by its model and the room's own rules.

    ``masks`` are secret values sent back as they were shown: unchanged, so not checked again.
    Raises Invalid.
    """
    try:
        body = register.body.model_validate(
            {name: _as_typed(register, name, value) for name, value in given.items()}
        )
    except ValidationError as exc:
        raise invalid(exc.errors()) from exc
    stars = [f.name for f in register.secrets if "*" in (getattr(body, f.name) or "")]
    if stars:
        raise Invalid.of(*(FieldError(f"/{name}", "masked", _MASK) for name in stars))
    wrong = wrong_phones(register, body)
    for name, mask in (masks or {}).items():
        setattr(body, name, mask)
    wrong += register.check(body)
    if wrong:
        raise Invalid.of(*wrong)
    return body


def _as_typed(register: AnyRegister, name: str, value: Any) -> Any:
    """Return what an author meant: an empty box says nothing, a text of one line has no breaks."""
    if value == "":
        return None
    f = register.all_fields.get(name)
    if isinstance(value, str) and f is not None and f.kind is Kind.text:
        return _BREAKS.sub(" ", value)
    return value


async def write(
    work: Work,
    register: AnyRegister,
    change: Change[Any],
    verb: str,
    *,
    reason: str | None = None,
    op: str = "put",
) -> None:
    """Send a changed row to the database with everything that goes beside it."""
    kept = Kept(change, verb, reason, op)
    await _settled(work, register, kept)
    await written(work, register, kept)


async def _settled(work: Work, register: AnyRegister, kept: Kept) -> None:
    """Bring a changed row into the state it is kept in: rules, computed columns, who and when."""
    row = kept.change.row
    if register.check_write is not None and kept.op == "put":
        await register.check_write(work, kept.change)
    settle(register, row)
    if kept.change.before is not None:
        row.updated_at = _later(row.updated_at)
        row.updated_by = work.actor.account_id


def settle(register: AnyRegister, row: Any) -> None:
    """Set the columns the house computes."""
    for f in register.all_fields.values():
        if f.pinyin:
            setattr(row, f"{f.name}_py", pinyin_key(getattr(row, f.name) or ""))
    if register.derive is not None:
        register.derive(row)


async def written(work: Work, register: AnyRegister, kept: Kept) -> None:
    """Write one prepared change with everything that goes beside it."""
    await keep(work, register, [kept])
    if register.after_write is not None:
        await register.after_write(work, kept.change)


def _later(previous: datetime) -> datetime:
    """Return now, but never before the last writing: versions are ordered even if clocks step."""
    return max(now(), previous)
