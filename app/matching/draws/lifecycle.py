"""How a draw comes about, step by step, each by somebody who cannot do the next one alone."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field

from app.access.actor import Actor
from app.access.roles import Role
from app.core.clock import CIVIL, now
from app.core.labels import T
from app.core.tables import Body
from app.matching.draws.models import Draw, DrawMethod, Party
from app.matching.draws.models import DrawState as S
from app.matching.draws.permissions import LEADERS, OPERATORS, REQUESTERS, WITNESSES
from app.registers.fields import F
from app.registers.lifecycle import Lifecycle, Move, State

#: SQLModel hands ``regex`` to nobody who checks it; what stands here is pydantic's own.
_HEX = {"pattern": "^[0-9a-f]{64}$"}

_TWO = T(
    "复核须由另一位同志进行：名单由 {by} 封存。",
    "Somebody else must release it: {by} froze the pool.",
)
_BY_BEACON = T(
    "本次抽取使用公共随机值，不需要承诺；请等待公共随机值公布后录入。",
    "This draw takes a public value, no promises; enter the value once it is out.",
)
_GIVEN = T(
    "{party}的承诺已由 {by} 提交，不能重复提交；请等待下一步。",
    "The {party}'s promise was given by {by}; it is given once, so wait for the next step.",
)
_SAME = T(
    "主持人和见证人须是两个账号：另一份承诺就是您提交的，请由另一位提交。",
    "Operator and witness are two accounts: the other promise is your own; let somebody else give"
    " this one.",
)
_NOT_YOURS = T(
    "只有提交承诺的人可以公开随机数，请联系：{operator}、{witness}。",
    "Only who promised can show the number; ask them: {operator}, {witness}.",
)
_SHOWN = T(
    "您的随机数已经公开，无须再次公开；请等待另一方。",
    "You have shown your number; wait for the other party.",
)
_LATE = T(
    "公开随机数的期限（{due}）已过：只能由中心主任作废，或启用事先写明的公共随机值。",
    "The time to show the numbers is over ({due}): the centre leader voids it, or enter the"
    " value named before.",
)
_NO_BEACON = T(
    "本次抽取事先没有写明公共随机值，不能事后指定；请双方公开随机数，或由中心主任作废后重抽。",
    "No public value was named beforehand for this draw and none is named afterwards; show the"
    " numbers, or have it voided and draw anew.",
)
_NOT_DUE = T(
    "双方仍可公开随机数，期限为 {due}；逾期之后才能启用公共随机值。",
    "The parties may still show their numbers until {due}; the public value is for when they fail.",
)
_COMMIT_FIRST = T(
    "请双方先提交承诺；逾期未公开随机数时，才启用公共随机值。",
    "Both promise first; the public value is for when a number is not shown in time.",
)
PARTIES: dict[Party, T] = {
    Party.operator: T("主持人", "operator"),
    Party.witness: T("见证人", "witness"),
}


class CommitForm(Body):
    hash: str = Field(min_length=64, max_length=64, schema_extra=_HEX)


class RevealForm(Body):
    nonce: str = Field(min_length=64, max_length=64, schema_extra=_HEX)


class BeaconForm(Body):
    value: str = Field(min_length=2, max_length=1000)


class VoidForm(Body):
    reason: str = Field(min_length=5, max_length=1000)


_COMMIT = (
    F(
        "hash",
        T("承诺值", "Commitment"),
        T(
            "在您自己的设备上计算：本次抽取编号、身份和 32 字节随机数的规范 JSON 的 SHA-256。",
            "Made on your own device: SHA-256 of the canonical JSON of draw, party and 32 bytes.",
        ),
    ),
)
_REVEAL = (F("nonce", T("随机数", "Number"), T("64 位十六进制。", "64 hexadecimal digits.")),)
_BEACON = (F("value", T("公共随机值", "Public value")),)
_REASON = (F("reason", T("作废理由", "Reason"), T("将予公开。", "It is made public.")),)

STATES: dict[StrEnum, State] = {
    S.planned: State(T("待抽取", "Planned")),
    S.frozen: State(T("名单已封存", "Pool frozen"), "info"),
    S.committed: State(T("承诺已提交", "Promises given"), "info"),
    S.drawn: State(T("已抽取待复核", "Drawn, to be released"), "warning"),
    S.released: State(T("已复核", "Released"), "success"),
    S.published: State(T("已公布", "Published"), "success"),
    S.void: State(T("已作废", "Void"), "danger"),
}


def _said(text: T, **params: Any) -> T:
    """Fill in names now: a guard's reason travels without parameters."""
    return T(text.filled("zh-CN", params), text.filled("en", params), text.filled("zh-TW", params))


def _at(instant: datetime | None) -> str:
    return instant.astimezone(CIVIL).strftime("%Y-%m-%d %H:%M") if instant else "—"


def party_of(role: Role) -> Party:
    """Return on which side a role takes part."""
    return Party.operator if role in OPERATORS else Party.witness


def overdue(row: Draw) -> bool:
    """Say whether the time to show the numbers is over."""
    return row.reveal_due_at is not None and now() > row.reveal_due_at


def may_commit(actor: Actor, row: Draw) -> T | None:
    """Say why not: one promise of each side, by two accounts."""
    if row.method != DrawMethod.commit_reveal:
        return _BY_BEACON
    party = party_of(actor.role)
    given, other = (row.operator_id, row.witness_id)
    by = row.operator if party is Party.operator else row.witness
    if party is Party.witness:
        given, other = other, given
    if given is not None:
        return _said(_GIVEN, party=PARTIES[party], by=by)
    return _SAME if other == actor.account_id else None


def may_reveal(actor: Actor, row: Draw) -> T | None:
    """Say why not: who promised shows the number, once, and in time."""
    sides = {row.operator_id: row.operator_shown_at, row.witness_id: row.witness_shown_at}
    if actor.account_id not in sides:
        return _said(_NOT_YOURS, operator=row.operator, witness=row.witness)
    if sides[actor.account_id] is not None:
        return _SHOWN
    return _said(_LATE, due=_at(row.reveal_due_at)) if overdue(row) else None


def may_enter_beacon(_: Actor, row: Draw) -> T | None:
    """Say why not: the public value is what was agreed on, or the last resort named before."""
    if not row.beacon:
        return _NO_BEACON
    if row.method == DrawMethod.beacon:
        return None
    if row.state == S.frozen:
        return _COMMIT_FIRST
    return None if overdue(row) else _said(_NOT_DUE, due=_at(row.reveal_due_at))


def another_person(actor: Actor, row: Draw) -> T | None:
    """Say why not: who froze the pool does not release what came of it."""
    return _said(_TWO, by=row.frozen_by) if row.frozen_by_id == actor.account_id else None


MOVES: dict[str, Move[Draw]] = {
    "freeze": Move(T("封存名单", "Freeze the pool"), frozenset({S.planned}), S.frozen, OPERATORS),
    "commit": Move(
        T("提交承诺", "Promise"),
        frozenset({S.frozen}),
        None,
        OPERATORS | WITNESSES,
        form=CommitForm,
        form_fields=_COMMIT,
        guard=may_commit,
    ),
    "reveal": Move(
        T("公开随机数", "Show the number"),
        frozenset({S.committed}),
        None,
        OPERATORS | WITNESSES,
        form=RevealForm,
        form_fields=_REVEAL,
        guard=may_reveal,
    ),
    "enter_beacon": Move(
        T("录入公共随机值", "Enter the public value"),
        frozenset({S.frozen, S.committed}),
        S.drawn,
        OPERATORS,
        form=BeaconForm,
        form_fields=_BEACON,
        guard=may_enter_beacon,
    ),
    "release": Move(
        T("复核放行", "Release"),
        frozenset({S.drawn}),
        S.released,
        LEADERS,
        "success",
        guard=another_person,
    ),
    "publish": Move(
        T("公布", "Publish"),
        frozenset({S.released}),
        S.published,
        OPERATORS | LEADERS,
        "success",
    ),
    "void": Move(
        T("作废", "Void"),
        frozenset({S.planned, S.frozen, S.committed, S.drawn, S.released}),
        S.void,
        LEADERS,
        "danger",
        VoidForm,
        _REASON,
        guard=another_person,
    ),
}

LIFECYCLE: Lifecycle[Draw] = Lifecycle(
    initial=S.planned,
    states=STATES,
    moves=MOVES,
    editable={S.planned: REQUESTERS},
)

#: What the guards read besides what everybody sees.
GUARDED = (
    "frozen_by_id",
    "operator_id",
    "witness_id",
    "method",
    "beacon",
    "reveal_due_at",
    "operator",
    "witness",
    "operator_shown_at",
    "witness_shown_at",
    "frozen_by",
)
