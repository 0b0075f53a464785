"""Telling people: written in the transaction of its cause, so both are there or neither.

What is written names a record and a cause, no title and no value: the words are made up when the
recipient reads them, from what the recipient may see then (``inbox``).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from app.access.actor import Actor
from app.access.roles import Role
from app.access.system import SYSTEM_ID
from app.audit.work import Work
from app.core import jobs, mail
from app.core.clock import now
from app.core.labels import T
from app.core.tables import Record
from app.registers.directory import AnyRegister
from app.registers.fields import Disclosure
from app.registers.together import mailing
from app.registers.together.rights import talkers
from app.registers.together.tables import Follower, Kind, Why

_TELL = text("SELECT id, hat_id FROM park_tell(cast(:items AS jsonb))")
#: Verbs that followers hear of; what a record is born or ends with tells nobody anything new.
_QUIET = frozenset({"create", "delete", "import", "undo"})
_AT_ONCE = 20  # records; an act over more is told in the page and in the day's letter only


@dataclass(frozen=True, slots=True)
class Happened:
    """One change of one record, as followers may hear of it: the columns it touched, no value."""

    row: Record
    verb: str
    actor: Actor
    changed: Collection[str]
    new: bool


async def of_changes(work: Work, register: AnyRegister, many: Sequence[Happened]) -> None:
    """Tell followers what others did, and let authors and movers follow."""
    await _follow_own(work, register, many)
    items = [
        _item(register, one.row, kind, one.actor, roles, verb=one.verb)
        for one in many
        if not one.new and one.verb not in _QUIET and (roles := _who_sees(register, one.changed))
        for kind in [Kind.move if one.verb.startswith("move.") else Kind.change]
    ]
    await _tell(work, items, at_once=len(many) <= _AT_ONCE)


def _who_sees(register: AnyRegister, changed: Collection[str]) -> list[Role]:
    """Return the roles that see at least one of the changed fields."""
    fields = [f for name, f in register.all_fields.items() if name in changed]
    return [
        role
        for role in talkers(register)
        if any(f.disclosure(role) is not Disclosure.hidden for f in fields)
    ]


async def _follow_own(work: Work, register: AnyRegister, many: Sequence[Happened]) -> None:
    wanted = {
        one.row.id: (one, Why.author if one.verb == "create" else Why.mover)
        for one in many
        if one.verb == "create" or one.verb.startswith("move.")
        if one.actor.hat_id is not None and one.actor.account_id == work.actor.account_id
    }
    for one, why in wanted.values():
        await follow(work, register, one.row, why)


async def follow(work: Work, register: AnyRegister, row: Any, why: Why) -> None:
    """Let the actor follow a record, unless the actor has once said no."""
    if work.actor.hat_id is None or work.actor.role not in talkers(register):
        return
    await work.session.execute(
        insert(Follower).on_conflict_do_nothing(),
        _place(register, row)
        | {
            "account_id": work.actor.account_id,
            "hat_id": work.actor.hat_id,
            "why": why,
            "since": now(),
        },
    )


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told of one record: to ``hats`` (None: its followers), never to who caused it.

    Of ``roles`` (None: all that take part) others are left out, whoever is named; ``but`` have
    heard of it otherwise; by the same ``once`` a hat is told no second time.
    """

    kind: Kind
    hats: Collection[UUID] | None = None
    roles: Collection[Role] | None = None
    comment_id: UUID | None = None
    but: Collection[UUID] = ()
    detail: Mapping[str, Any] = field(default_factory=dict)
    once: str | None = None
    verb: str | None = None  # of a step that was taken


async def notify(work: Work, register: AnyRegister, row: Any, notice: Notice) -> None:
    """Tell people about one record, in this transaction."""
    roles = talkers(register) if notice.roles is None else notice.roles
    item = _item(register, row, notice.kind, work.actor, roles)
    item |= {
        "verb": notice.verb,
        "hats": None if notice.hats is None else list(notice.hats),
        "comment_id": notice.comment_id,
        "but": list(notice.but),
        "detail": dict(notice.detail),
        "once": notice.once,
    }
    await _tell(work, [item], at_once=True)


async def notify_waiting(
    work: Work, hats: Collection[UUID], subject: T, path: str, *, once: str
) -> None:
    """Tell hats that an act waits for a second person; ``subject`` names no record."""
    item = {
        "kind": Kind.act_waiting,
        "actor_id": work.actor.account_id,
        "actor_name": work.actor.name[:64],
        "actor_organisation": work.actor.organisation_name,
        "detail": {"subject": _in_all(subject), "path": path},
        "roles": list(Role),
        "hats": list(hats),
        "once": once,
        "at": now(),
    }
    await _tell(work, [item], at_once=True)


def _in_all(words: T) -> dict[str, str]:
    return {"zh-CN": words.zh, "zh-TW": words.in_("zh-TW"), "en": words.en}


async def notify_done(
    work: Work,
    hat_id: UUID,
    subject: T,
    path: str,
    *,
    failed: bool = False,
    once: str | None = None,
) -> None:
    """Tell a hat that the long work it asked for has ended; ``path`` is the page to look at it.

    A party tells nobody but itself. ``subject`` says what it was ("Import of needs"), and names no
    record.
    """
    item = {
        "kind": Kind.work_failed if failed else Kind.work_done,
        "actor_id": None,
        "actor_name": "",
        "actor_organisation": "",
        "detail": {"subject": _in_all(subject), "path": path},
        "roles": list(Role),
        "hats": [hat_id],
        "once": once,
        "at": now(),
    }
    await _tell(work, [item], at_once=True)


def _place(register: AnyRegister, row: Any) -> dict[str, Any]:
    return {
        "region_id": row.region_id,
        "node_id": row.node_id,
        "register_name": register.name,
        "record_id": row.id,
    }


def _item(
    register: AnyRegister,
    row: Any,
    kind: Kind,
    actor: Actor,
    roles: Iterable[Role],
    verb: str | None = None,
) -> dict[str, Any]:
    at: datetime = row.updated_at if verb else now()
    return _place(register, row) | {
        "kind": kind,
        "verb": verb,
        "actor_id": actor.account_id,
        "actor_name": "" if actor.account_id == SYSTEM_ID else actor.name[:64],
        "actor_organisation": actor.organisation_name,
        "detail": {},
        "roles": list(roles),
        "at": at,
    }


async def _tell(work: Work, items: Sequence[Mapping[str, Any]], *, at_once: bool) -> None:
    if not items:
        return
    found = await work.session.execute(_TELL, {"items": to_json(items).decode()})
    for notice_id, hat_id in found.all():
        if at_once and mail.configured():
            await jobs.enqueue(work.session, mailing.ONE, notice_id=notice_id, hat_id=hat_id)
