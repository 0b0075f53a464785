"""Records that may be one and the same: which, why, and which somebody said are not.

Compared is only what the actor reads plainly, among the records it sees: a masked value that tells
that two are equal would be half unmasked.
"""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, select
from sqlmodel import col

from app.audit.work import Work
from app.core.aside import aside
from app.core.crypto import blind_index
from app.core.settings import get_settings
from app.registers import reading
from app.registers.directory import AnyRegister
from app.registers.doubles import dismissing, likeness
from app.registers.doubles.dismissing import require_seeker
from app.registers.doubles.rights import mergers
from app.registers.fields import Disclosure
from app.registers.register import DuplicateRule
from app.registers.tables import SecretValue
from app.registers.visibility import visible

_MOST = 20  # candidates beside one record
_MOST_PAIRS = 200
_ASIDE = 1_500  # records; comparing more would hold up whoever else is being served
_NEWEST = 50_000  # records compared at most
Lines = list[tuple[str, str]]


class Candidate(BaseModel):
    """A record that may be the same, and why."""

    id: UUID
    title: str
    why: list[str]
    score: float


class Candidates(BaseModel):
    items: list[Candidate]
    may_merge: bool


class Named(BaseModel):
    id: UUID
    title: str


class DuplicatePair(BaseModel):
    one: Named
    other: Named
    why: list[str]
    score: float


class DuplicatePairs(BaseModel):
    items: list[DuplicatePair]
    total: int
    may_merge: bool


class Given(BaseModel):
    """What has been typed of a new record so far."""

    model_config = ConfigDict(extra="forbid")

    values: dict[str, Any] = Field(max_length=200)


def _rules(work: Work, register: AnyRegister) -> list[DuplicateRule]:
    """Return the rules this actor may compare by: all it asks about is shown to it plainly."""
    role = work.actor.role
    plain = {
        name for name, f in register.all_fields.items() if f.disclosure(role) is Disclosure.plain
    }
    return [
        rule
        for rule in register.duplicates
        if {*rule.fields, *([rule.within] if rule.within else [])} <= plain
    ]


async def candidates(work: Work, register: AnyRegister, record_id: UUID) -> Candidates:
    """Return the records that may be the same as one. Raises NotFound, Forbidden."""
    row = await reading.row_of(work, register, record_id)
    require_seeker(work, register)
    values = {f.name: getattr(row, f.name) for f in register.fields if not f.secret}
    secret = await _blind_of(work, register, record_id)
    found = await _found(work, register, values, secret)
    found.pop(record_id, None)
    for other in await dismissing.of(work, register, record_id):
        found.pop(other, None)
    return await _told(work, register, found)


async def similar(work: Work, register: AnyRegister, given: Mapping[str, Any]) -> Candidates:
    """Return the records that what is being typed may be a double of. Raises Forbidden."""
    require_seeker(work, register)
    key = get_settings().secret()
    secret = {
        f.name: blind_index(key, str(given[f.name]).strip(), f.name)
        for f in register.secrets
        if given.get(f.name)
    }
    return await _told(work, register, await _found(work, register, given, secret))


Scores = dict[UUID, dict[str, float]]  # by record: why, and how surely


async def _found(
    work: Work, register: AnyRegister, values: Mapping[str, Any], secret: Mapping[str, bytes]
) -> Scores:
    found: Scores = {}
    for rule in _rules(work, register):
        why = rule.why.in_(work.locale)
        for name in rule.fields:
            if register.all_fields[name].secret:
                for one in await _same_secret(work, register, name, secret.get(name)):
                    found.setdefault(one, {})[why] = 1.0
                continue
            text = _text(values.get(name))
            if not text or (rule.within and values.get(rule.within) is None):
                continue
            lines = await _lines(work, register, rule, name, values)
            for near, score in await asyncio.to_thread(_nearest, text, lines, rule):
                at = found.setdefault(UUID(near), {})
                at[why] = max(at.get(why, 0.0), score)
    return found


def _nearest(text: str, lines: Lines, rule: DuplicateRule) -> list[tuple[str, float]]:
    return list(likeness.nearest(text, lines, rule.least, rule.ignoring))


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, list) else str(value)


async def _lines(
    work: Work,
    register: AnyRegister,
    rule: DuplicateRule,
    name: str,
    values: Mapping[str, Any] | None = None,
) -> Lines:
    """Return ids and texts of what this actor sees; of one group where the rule is within one."""
    row = register.row
    column = getattr(row, name)
    columns = [col(row.id), column, *([getattr(row, rule.within)] if rule.within else [])]
    statement = select(*columns).where(visible(register, work.actor), column.is_not(None))
    if rule.within and values is not None:
        statement = statement.where(getattr(row, rule.within) == values[rule.within])
    statement = statement.order_by(col(row.created_at).desc()).limit(_NEWEST)
    found = (await work.session.execute(statement)).all()
    if rule.within is None or values is not None:
        return [(str(r[0]), str(r[1])) for r in found]
    return [(f"{r[2]}/{r[0]}", str(r[1])) for r in found if r[2] is not None]


async def _blind_of(work: Work, register: AnyRegister, record_id: UUID) -> dict[str, bytes]:
    if not register.secrets:
        return {}
    found = await work.session.execute(
        select(col(SecretValue.field), col(SecretValue.blind_index)).where(
            col(SecretValue.record_id) == record_id
        )
    )
    return {row.field: row.blind_index for row in found}


async def _same_secret(
    work: Work, register: AnyRegister, name: str, index: bytes | None
) -> list[UUID]:
    if index is None:
        return []
    row = register.row
    statement = (
        select(col(row.id))
        .join(SecretValue, col(SecretValue.record_id) == col(row.id))
        .where(
            col(SecretValue.register_name) == register.name,
            col(SecretValue.field) == name,
            col(SecretValue.blind_index) == index,
            visible(register, work.actor),
        )
    )
    return list((await work.session.execute(statement)).scalars())


async def _told(work: Work, register: AnyRegister, found: Scores) -> Candidates:
    best = sorted(found.items(), key=lambda one: (-max(one[1].values()), str(one[0])))[:_MOST]
    titles = await reading.titles(work, register, [str(one) for one, _ in best])
    items = [
        Candidate(
            id=one,
            title=titles.get(str(one), ""),
            why=sorted(why, key=lambda told: -why[told]),
            score=max(why.values()),
        )
        for one, why in best
    ]
    return Candidates(items=items, may_merge=work.actor.role in mergers(register))


async def pairs(work: Work, register: AnyRegister) -> DuplicatePairs:
    """Return the pairs of the whole register that may be one. Raises Forbidden."""
    require_seeker(work, register)
    found: dict[tuple[UUID, UUID], dict[str, float]] = {}
    for rule in _rules(work, register):
        why = rule.why.in_(work.locale)
        for name in rule.fields:
            for one, other, score in await _pairs(work, register, rule, name):
                at = found.setdefault(_ordered(one, other), {})
                at[why] = max(at.get(why, 0.0), score)
    for pair in await dismissing.everywhere(work, register):
        found.pop(pair, None)
    best = sorted(found.items(), key=lambda one: (-sum(one[1].values()), one[0]))
    shown = best[:_MOST_PAIRS]
    ids = {str(i) for pair, _ in shown for i in pair}
    titles = await reading.titles(work, register, ids)
    return DuplicatePairs(
        items=[
            DuplicatePair(
                one=Named(id=a, title=titles.get(str(a), "")),
                other=Named(id=b, title=titles.get(str(b), "")),
                why=sorted(why, key=lambda told: -why[told]),
                score=max(why.values()),
            )
            for (a, b), why in shown
        ],
        total=len(best),
        may_merge=work.actor.role in mergers(register),
    )


async def _pairs(
    work: Work, register: AnyRegister, rule: DuplicateRule, name: str
) -> list[tuple[UUID, UUID, float]]:
    if register.all_fields[name].secret:
        return await _pairs_of_secrets(work, register, name)
    lines = await _lines(work, register, rule, name)
    groups: dict[str, Lines] = {}
    for one, text in lines:
        group, _, record = one.rpartition("/")
        groups.setdefault(group, []).append((record, text))
    found = []
    for group_lines in groups.values():
        if len(group_lines) > _ASIDE:
            told = await aside(likeness.pairs_of, group_lines, rule.least, rule.ignoring)
        else:
            told = likeness.pairs_of(group_lines, rule.least, rule.ignoring)
        found += [(UUID(one), UUID(other), score) for one, other, score in told]
    return found


async def _pairs_of_secrets(
    work: Work, register: AnyRegister, name: str
) -> list[tuple[UUID, UUID, float]]:
    row = register.row
    statement = (
        select(func.array_agg(col(row.id)))
        .join(SecretValue, col(SecretValue.record_id) == col(row.id))
        .where(
            col(SecretValue.register_name) == register.name,
            col(SecretValue.field) == name,
            visible(register, work.actor),
        )
        .group_by(col(SecretValue.blind_index))
        .having(func.count() > 1)
    )
    found = []
    for group in (await work.session.execute(statement)).scalars():
        found += [(a, b, 1.0) for at, a in enumerate(group) for b in group[at + 1 :]]
    return found


def _ordered(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    return (one, other) if one < other else (other, one)
