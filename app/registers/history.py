"""What a record was: its versions with who, why and which fields; and the record as of a day."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import select
from sqlmodel import col

from app.access.roles import LABELS, Role, named
from app.audit.work import Work
from app.core.clock import CIVIL
from app.core.errors import Forbidden, NotFound
from app.core.labels import T
from app.registers import directory, reading
from app.registers.directory import AnyRegister
from app.registers.disclosure import shown, visible_fields
from app.registers.fields import Disclosure, F, Kind
from app.registers.showing import labels, spoken
from app.registers.tables import RecordVersion

_ONLY = T(
    "只有{who}可以查看{register}的历史，请联系他们了解。",
    "Only {who} may read the history of: {register}; ask one of them.",
)
VERBS = {
    "create": T("登记", "Created"),
    "revise": T("修改", "Revised"),
    "delete": T("删除", "Deleted"),
    "import": T("导入", "Imported"),
    "undo": T("撤销", "Undone"),
    "restore": T("恢复旧版本", "Version restored"),
    "merge": T("合并", "Merged"),
    "unmerge": T("撤销合并", "Merge undone"),
    "batch": T("批量修改", "Changed in bulk"),
    "observe": T("更新数据", "Figures recorded"),
}


class Who(BaseModel):
    name: str
    role_label: str
    organisation: str


class FieldChange(BaseModel):
    field: str
    label: str
    old: Any
    new: Any
    old_label: str | None
    new_label: str | None


class VersionShown(BaseModel):
    version: int
    at: datetime
    verb: str
    verb_label: str
    by: Who
    reason: str | None
    changes: list[FieldChange]


class History(BaseModel):
    items: list[VersionShown]
    next: str | None


async def history(
    work: Work, register: AnyRegister, record_id: UUID, after: int | None, limit: int
) -> History:
    """Return a record's versions, newest first, each against the one before.

    Raises NotFound, Forbidden.
    """
    await _require_history(work, register, record_id)
    statement = select(RecordVersion).where(col(RecordVersion.record_id) == record_id)
    if after is not None:
        statement = statement.where(col(RecordVersion.version) < after)
    statement = statement.order_by(col(RecordVersion.version).desc()).limit(limit + 1)
    found = list((await work.session.execute(statement)).scalars())
    pairs = zip(found, [*found[1:], None], strict=False)  # none: a record without versions
    items = [_version(work, register, new, old) for new, old in pairs][:limit]
    await name_references(work, register, [c for item in items for c in item.changes])
    return History(items=items, next=str(items[-1].version) if len(found) > limit else None)


async def _require_history(work: Work, register: AnyRegister, record_id: UUID) -> None:
    """Raise NotFound for what may not be seen, Forbidden where only its present is shown."""
    await reading.one(work, register, record_id)
    require_role(work, register)


def require_role(work: Work, register: AnyRegister) -> None:
    """Raise Forbidden for a role that is shown only the present of such records."""
    by = register.rights.history
    if by is not None and work.actor.role not in by:
        raise Forbidden(_ONLY, {"who": named(by), "register": register.label_one})


def _version(
    work: Work, register: AnyRegister, new: RecordVersion, old: RecordVersion | None
) -> VersionShown:
    changes = changes_between(work, register, old.row if old else None, new.row)
    return VersionShown(
        version=new.version,
        at=new.at,
        verb=new.verb,
        verb_label=verb_label(register, new.verb, work.locale),
        by=who(new, work.locale),
        reason=new.reason,
        changes=changes,
    )


def changes_between(
    work: Work, register: AnyRegister, old: Mapping[str, Any] | None, new: Mapping[str, Any]
) -> list[FieldChange]:
    """Return the fields two stored rows differ in, as this actor may see them."""
    role = work.actor.role
    now = shown(register, role, new)
    before = shown(register, role, old) if old else {}
    return [
        _change(work, f, before.get(name), now.get(name))
        for name, f in visible_fields(register, role).items()
        if before.get(name) != now.get(name) and name not in ("created_at", "updated_at")
    ]


def who(version: RecordVersion, locale: str) -> Who:
    """Return who wrote a version."""
    return Who(
        name=version.account_name,
        role_label=LABELS[version.role].in_(locale),
        organisation=version.organisation_name,
    )


def compared(
    work: Work, register: AnyRegister, one: Mapping[str, Any], other: Mapping[str, Any]
) -> list[FieldChange]:
    """Return every field an author writes in two stored rows, as this actor may see them."""
    role = work.actor.role
    this, that = shown(register, role, one), shown(register, role, other)
    fields = visible_fields(register, role)
    return [
        _change(work, f, this.get(f.name), that.get(f.name))
        for f in register.fields
        if f.name in fields
    ]


async def differences(
    work: Work, register: AnyRegister, old: Mapping[str, Any] | None, new: Mapping[str, Any]
) -> list[FieldChange]:
    """Return what changes for this actor from one stored row to another, references by title."""
    changes = changes_between(work, register, old, new)
    await name_references(work, register, changes)
    return changes


def title_in(register: AnyRegister, role: Role, row: Mapping[str, Any]) -> str:
    """Return the title in a stored row for a role that reads it plainly, else the register's."""
    plain = register.all_fields[register.title_field].disclosure(role) is Disclosure.plain
    return str(row.get(register.title_field) or "") if plain else ""


async def name_references(work: Work, register: AnyRegister, told: Sequence[FieldChange]) -> None:
    """Say references by the titles this actor may see; one statement per register pointed to."""
    fields = visible_fields(register, work.actor.role)
    for f in fields.values():
        if not f.leads_to or f.kind not in (Kind.reference, Kind.references):
            continue
        changes = [c for c in told if c.field == f.name]
        ids = {one for c in changes for value in (c.old, c.new) for one in _listed(value)}
        if not ids:
            continue
        titles: dict[str, str] = {}
        for name in f.leads_to:
            titles |= await reading.titles(work, directory.named(name), ids)
        for change in changes:
            change.old_label = _titled(titles, change.old)
            change.new_label = _titled(titles, change.new)


def _listed(value: Any) -> list[str]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _titled(titles: Mapping[str, str], value: Any) -> str | None:
    return "；".join(titles.get(one, "—") for one in _listed(value)) or None


def _change(work: Work, f: F, old: Any, new: Any) -> FieldChange:
    return FieldChange(
        field=f.name,
        label=f.label.in_(work.locale),
        old=old,
        new=new,
        old_label=spoken(f, old, work.locale),
        new_label=spoken(f, new, work.locale),
    )


def verb_label(register: AnyRegister, verb: str, locale: str) -> str:
    """Return what a verb is called: a move by its own name."""
    kind, _, move = verb.partition(".")
    if kind == "move" and register.lifecycle and move in register.lifecycle.moves:
        return register.lifecycle.moves[move].label.in_(locale)
    return VERBS[verb].in_(locale) if verb in VERBS else verb


async def as_of(work: Work, register: AnyRegister, record_id: UUID, day: date) -> Mapping[str, Any]:
    """Return a record as it was known at the end of ``day``. Raises NotFound, Forbidden."""
    await _require_history(work, register, record_id)
    end = datetime.combine(day + timedelta(days=1), time.min, CIVIL)
    statement = (
        select(RecordVersion)
        .where(col(RecordVersion.record_id) == record_id, col(RecordVersion.at) < end)
        .order_by(col(RecordVersion.version).desc())
        .limit(1)
    )
    found = (await work.session.execute(statement)).scalar_one_or_none()
    if found is None or found.row.get("deleted_at"):
        raise NotFound
    out = shown(register, work.actor.role, found.row)
    out["labels"] = labels(visible_fields(register, work.actor.role), out, work.locale)
    return out | {"moves": [], "refused": {}, "editable": []}
