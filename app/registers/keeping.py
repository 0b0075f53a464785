"""What every write leaves behind, in its own transaction: row, version, audit, feed, search words.

Takes many changes at once, so that an import costs a handful of statements, not thousands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import Any, cast
from uuid import UUID

from pydantic import BaseModel
from pydantic_core import to_jsonable_python
from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import insert as upsert

from app.access.actor import Actor
from app.access.roles import Wall, wall_of
from app.audit import work as trail
from app.audit.work import Work
from app.core.tables import Record
from app.core.text import Weight, initials, tsvector_literal
from app.registers import secrets
from app.registers.directory import AnyRegister
from app.registers.fields import Disclosure
from app.registers.register import Change
from app.registers.secrets import Sealed
from app.registers.tables import ChangeEntry, PartyLink, RecordVersion
from app.registers.together import notices

_INDEX = text("SELECT park_index(:register_name, :region_id, :record_id, :node_id, :document)")
_BY_LINK, _BY_LENT_LINK = "（凭链接）", "（凭工作人员经手的链接）"
_NAME = 64 - len(_BY_LENT_LINK)  # characters left for the name beside it
_UNSAID = frozenset({"version", "updated_at", "updated_by", "created_at", "created_by"})


@dataclass(frozen=True, slots=True)
class Kept:
    """One change to be written: what changed, by which verb, why, and who else may see it."""

    change: Change[Any]
    verb: str
    reason: str | None = None
    op: str = "put"
    body: Any = None
    parties: tuple[UUID, ...] = ()
    by: Actor | None = None  # who did it, where one transaction writes down what many did
    sealed: Mapping[str, Sealed | None] = field(default_factory=dict)  # secrets.sealed_at


def stored(register: AnyRegister, row: Record) -> dict[str, Any]:
    """Return a row's columns as they are now (JSON values)."""
    # the same whether the row was just made (enums, models) or loaded (as JSON has them)
    found: dict[str, Any] = to_jsonable_python(
        {name: _plain(getattr(row, name)) for name in register.row.model_fields}
    )
    return found


def _plain(value: Any) -> Any:
    """Spell a number in one way: 10000 and 10000.0000 are no change."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


async def keep(work: Work, register: AnyRegister, many: Sequence[Kept]) -> None:
    """Write ``many`` changes with everything beside them. Raises StaleDataError, IntegrityError."""
    await link_parties(work, register, many)
    rows = [kept.change.row for kept in many]
    work.session.add_all(rows)
    await work.session.flush()
    await witness(work, register, many)


async def witness(work: Work, register: AnyRegister, many: Sequence[Kept]) -> None:
    """Write what goes beside rows already in the database: all of :func:`keep` but them."""
    rows = [kept.change.row for kept in many]
    if register.secrets:
        await secrets.store(work, register, [_personal(kept) for kept in many])
    written = [stored(register, row) for row in rows]
    pairs = list(zip(many, written, strict=True))
    versions = [_version(work, register, kept, row) for kept, row in pairs]
    await work.session.execute(insert(RecordVersion), versions)
    await trail.write(work.session, [_entry(work, register, kept, row) for kept, row in pairs])
    await work.session.execute(
        insert(ChangeEntry).inline(), [_feed(register, kept) for kept in many]
    )
    documents = [
        _document(register, kept) for kept, row in pairs if _reads_new(register, kept, row)
    ]
    if documents:
        await work.session.execute(_INDEX, documents)
    told = [_happened(work, k, v["changed"]) for k, v in zip(many, versions, strict=True)]
    await notices.of_changes(work, register, told)


def _personal(kept: Kept) -> secrets.Write:
    return secrets.Write(kept.change.row, kept.change.before, kept.body, kept.sealed)


async def link_parties(work: Work, register: AnyRegister, many: Sequence[Kept]) -> None:
    """Let further parties see new records; the owner's own link is the database's matter."""
    links = [
        {
            "party_id": party,
            "record_id": kept.change.row.id,
            "region_id": kept.change.row.region_id,
            "node_id": kept.change.row.node_id,
            "register_name": register.name,
        }
        for kept in many
        if kept.change.before is None
        for party in set(kept.parties) - {kept.change.row.owner_id}
    ]
    await link(work, links)


async def link(work: Work, links: Sequence[Mapping[str, Any]]) -> None:
    """Let parties see records; a link that exists stays as it is."""
    if links:
        statement = upsert(PartyLink).on_conflict_do_nothing()
        await work.session.execute(statement, [dict(found) for found in links])


def _beside(register: AnyRegister, row: Record) -> dict[str, Any]:
    return {
        "region_id": row.region_id,
        "node_id": row.node_id,
        "register_name": register.name,
        "record_id": row.id,
    }


def _version(
    work: Work, register: AnyRegister, kept: Kept, written: dict[str, Any]
) -> dict[str, Any]:
    row, actor = kept.change.row, kept.by or work.actor
    before = kept.change.before or {}
    changed = [k for k, v in written.items() if before.get(k) != v and k not in _UNSAID]
    return _beside(register, row) | {
        "version": row.version,
        "batch_id": work.batch_id,
        "at": row.updated_at,
        "verb": kept.verb,
        "account_id": actor.account_id,
        "account_name": _signed(actor),
        "role": actor.role,
        "organisation_name": actor.organisation_name,
        "reason": kept.reason,
        "row": written,
        "changed": changed if kept.change.before is not None else [],
    }


def _happened(work: Work, kept: Kept, changed: list[str]) -> notices.Happened:
    change = kept.change
    return notices.Happened(
        change.row, kept.verb, kept.by or work.actor, changed, new=change.before is None
    )


def _signed(actor: Actor) -> str:
    """Return the name under a version; an answer by link is no answer by account."""
    if actor.link_id is None:
        return actor.name
    return f"{actor.name[:_NAME]}{_BY_LINK if actor.link_private else _BY_LENT_LINK}"


def _entry(
    work: Work, register: AnyRegister, kept: Kept, written: dict[str, Any]
) -> dict[str, Any]:
    row = kept.change.row
    label = str(written.get(register.title_field) or "")
    by = replace(work, actor=kept.by) if kept.by else work
    entry = by.entry(f"{register.name}.{kept.verb}", register.name, row.id, label, row.node_id)
    entry["at"] = row.updated_at  # the version's own instant
    detail: dict[str, Any] = {"version": row.version}
    if "state" in written:
        detail["state"] = written["state"]
    if kept.reason:
        detail["reason"] = kept.reason
    return entry | {"detail": detail | entry["detail"]}


def _feed(register: AnyRegister, kept: Kept) -> dict[str, Any]:
    row = kept.change.row
    return _beside(register, row) | {
        "version": row.version,
        "op": kept.op,
        "at": row.updated_at,
    }


def _reads_new(register: AnyRegister, kept: Kept, written: dict[str, Any]) -> bool:
    """Say whether search must learn of a change: most moves touch no word it looks for."""
    before = kept.change.before
    if before is None or kept.op == "delete" or before["deleted_at"] is not None:
        return True
    said = [f.name for f in register.all_fields.values() if f.search]
    return any(before[name] != written[name] for name in ("node_id", register.title_field, *said))


def _document(register: AnyRegister, kept: Kept) -> dict[str, Any]:
    row = kept.change.row
    found = _beside(register, row)
    if kept.op == "delete":
        return found | {"document": ""}
    parts = [(_words(getattr(row, name)), weight) for name, weight in _searched(register)]
    title = str(getattr(row, register.title_field) or "")
    document = tsvector_literal(
        [(t, cast("Weight", w)) for t, w in parts if t and w], initials(title)
    )
    return found | {"document": document}


@cache
def _searched(register: AnyRegister) -> Sequence[tuple[str, str]]:
    """Return the fields that are searched, with their weights.

    Search obeys the field policy: what some reader does not see plainly has weight D, which
    ``park_search`` gives to staff only; what some of the staff does not see is not searched.
    """
    found = []
    for f in register.all_fields.values():
        if not f.search or f.secret:
            continue
        kept_from = {r for r in register.rights.read if f.disclosure(r) is not Disclosure.plain}
        if not kept_from:
            found.append((f.name, "C" if f.search == "D" else f.search))
        elif all(wall_of(role) is Wall.party for role in kept_from):
            found.append((f.name, "D"))
    return found


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(_words(part) for part in value)
    if isinstance(value, BaseModel):  # a line of a group as its author wrote it
        value = value.model_dump(mode="json")
    if isinstance(value, dict):
        return " ".join(_words(part) for part in value.values())
    return str(value)
