"""A need's life as a table: who may take which step from where (domain model 5.3)."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from sqlmodel import SQLModel

from app.access.actor import Actor
from app.access.roles import CENTRE, Role
from app.core.labels import T
from app.ledgers.needs import forms
from app.ledgers.needs.models import Confidentiality, HandlingLevel, Need
from app.ledgers.needs.models import NeedState as S
from app.registers.fields import F
from app.registers.lifecycle import Lifecycle, Move, State

AUTHORS = frozenset({Role.enterprise, Role.station_staff})
STATION = frozenset({Role.station_staff})
ENTERPRISE = frozenset({Role.enterprise})
#: Whoever answers for the need at its level: the guard says which of them.
HANDLERS = STATION | CENTRE | {Role.province_staff}

OPEN = frozenset({S.accepted, S.published, S.matching, S.matched, S.in_progress, S.escalated})
BEFORE_WORK = frozenset(
    {S.draft, S.submitted, S.returned, S.accepted, S.published, S.matching, S.matched}
)

_STATION_OF = T(
    "这条需求由「{handler}」负责；请联系他们办理。",
    "The need is in the hands of {handler}; ask them.",
)
_HANDED_UP = T(
    "这条需求已提级，由「{handler}」负责；请联系他们办理。",
    "The need was handed up to {handler}; ask them.",
)
_AT_STATION = T(
    "这条需求尚由工作站负责，没有提级；请由工作站办理，或等其提级。",
    "The need is still in the station's hands; leave it to the station until it is handed up.",
)
_SUBMITTED_ONLY = T(
    "只有已提交的需求可以退回企业；这条已经受理，请与企业直接沟通。",
    "Only a submitted need is returned, and this one was accepted; talk to the enterprise instead.",
)
_RESOLVED_ONLY = T(
    "企业只在不认可解决结果时退回；此时如需修改，请联系责任工作站。",
    "An enterprise returns only a solution it does not accept; for changes now ask the station in"
    " charge.",
)
_COMMITTEE_ONLY = T(
    "这是保密需求，须由园区管委会批准发布；请联系管委会。",
    "A confidential need is released by the park committee only; ask the committee.",
)
_TOP = T(
    "已由省级负责，不能再提级；请由省级工作人员继续办理。",
    "It is in the province's hands already and goes no higher; the province's staff go on with it.",
)
_LEVEL_OF: dict[Role, HandlingLevel] = {
    Role.station_staff: HandlingLevel.station,
    Role.centre_staff: HandlingLevel.centre,
    Role.centre_leader: HandlingLevel.centre,
    Role.province_staff: HandlingLevel.province,
}


def not_accountable(actor: Actor, row: Any) -> T | None:
    """Say who answers for the need, if not this actor: exactly one organisation does."""
    mine = _LEVEL_OF.get(actor.role)
    if row.level != mine:
        return _AT_STATION if row.level == HandlingLevel.station else _named(_HANDED_UP, row)
    station = row.station_organisation_id
    if mine is HandlingLevel.station and station not in (None, actor.organisation_id):
        return _named(_STATION_OF, row)
    return None


def _named(words: T, row: Any) -> T:
    handler = {"handler": str(row.handler_name or "").replace("{", "").replace("}", "")}
    return T(words.zh.format_map(handler), words.en.format_map(handler))


def may_not_return(actor: Actor, row: Any) -> T | None:
    if actor.role is Role.enterprise:
        return None if row.state == S.resolved else _RESOLVED_ONLY
    return not_accountable(actor, row) if row.state == S.submitted else _SUBMITTED_ONLY


def may_not_publish(actor: Actor, row: Any) -> T | None:
    if actor.role is Role.committee:
        return None
    if row.confidentiality == Confidentiality.confidential:
        return _COMMITTEE_ONLY
    return not_accountable(actor, row)


def may_not_escalate(actor: Actor, row: Any) -> T | None:
    return _TOP if row.level == HandlingLevel.province else not_accountable(actor, row)


def may_not_edit(actor: Actor, row: Any) -> T | None:
    return None if actor.role is Role.enterprise else not_accountable(actor, row)


def _move(
    label: T,
    sources: frozenset[S],
    target: StrEnum | None,
    by: frozenset[Role],
    asks: tuple[type[SQLModel], tuple[F, ...]] = forms.NOTE,
    guard: Callable[[Actor, Any], T | None] | None = None,
    tone: str = "neutral",
) -> Move[Need]:
    return Move(label, sources, target, by, tone, asks[0], asks[1], guard=guard)


MOVES: dict[str, Move[Need]] = {
    "submit": _move(
        T("提交", "Submit"),
        frozenset({S.draft, S.returned}),
        S.submitted,
        AUTHORS,
        tone="success",
    ),
    "accept": _move(
        T("受理", "Accept"),
        frozenset({S.submitted}),
        S.accepted,
        STATION,
        guard=not_accountable,
        tone="success",
    ),
    "return": _move(
        T("退回", "Return"),
        frozenset({S.submitted, S.resolved}),
        None,
        AUTHORS,
        forms.REASON,
        may_not_return,
        "warning",
    ),
    "reject": _move(
        T("不予受理", "Reject"),
        frozenset({S.submitted}),
        S.rejected,
        STATION,
        forms.REJECT,
        not_accountable,
        "danger",
    ),
    "merge": _move(
        T("合并", "Merge"),
        frozenset({S.submitted}) | OPEN,
        S.merged,
        HANDLERS,
        forms.MERGE,
        not_accountable,
    ),
    "publish": _move(
        T("发布", "Publish"),
        frozenset({S.accepted}),
        S.published,
        STATION | {Role.committee},
        forms.PUBLISH,
        may_not_publish,
        "info",
    ),
    "match": _move(
        T("匹配", "Match"),
        frozenset({S.accepted, S.published, S.matching, S.escalated}),
        None,
        HANDLERS,
        guard=not_accountable,
        tone="info",
    ),
    "start": _move(
        T("启动实施", "Start"),
        frozenset({S.matching, S.matched, S.escalated}),
        S.in_progress,
        HANDLERS,
        guard=not_accountable,
        tone="info",
    ),
    "resolve": _move(
        T("标记解决", "Resolve"),
        OPEN,
        S.resolved,
        HANDLERS,
        forms.RESOLVE,
        not_accountable,
        "success",
    ),
    "confirm": _move(
        T("企业确认", "Confirm"),
        frozenset({S.resolved}),
        S.confirmed,
        ENTERPRISE,
        tone="success",
    ),
    "follow_up": _move(
        T("跟踪回访", "Follow up"),
        frozenset({S.confirmed, S.follow_up}),
        S.follow_up,
        HANDLERS,
        guard=not_accountable,
    ),
    "close": _move(
        T("归档", "Close"),
        OPEN | {S.suspended, S.resolved, S.confirmed, S.follow_up},
        None,
        HANDLERS,
        forms.REASON_IF_OPEN,
        not_accountable,
    ),
    "escalate": _move(
        T("提级", "Escalate"),
        OPEN,
        S.escalated,
        STATION | CENTRE,
        forms.REASON,
        may_not_escalate,
        "warning",
    ),
    "suspend": _move(
        T("暂停", "Suspend"),
        OPEN,
        S.suspended,
        HANDLERS,
        forms.REASON,
        not_accountable,
        "warning",
    ),
    "resume": _move(
        T("恢复", "Resume"),
        frozenset({S.suspended}),
        None,
        HANDLERS,
        guard=not_accountable,
    ),
    "withdraw": _move(
        T("撤回", "Withdraw"),
        BEFORE_WORK,
        S.withdrawn,
        ENTERPRISE,
        tone="danger",
    ),
}

_SUPPLEMENT = STATION | CENTRE | {Role.province_staff}
LIFECYCLE: Lifecycle[Need] = Lifecycle(
    initial=S.draft,
    states={
        S.draft: State(T("草稿", "Draft")),
        S.submitted: State(T("已提交", "Submitted"), "info"),
        S.returned: State(T("已退回", "Returned"), "warning"),
        S.accepted: State(T("已受理", "Accepted"), "info"),
        S.published: State(T("已发布", "Published"), "info"),
        S.matching: State(T("匹配中", "Matching"), "info"),
        S.matched: State(T("已对接", "Matched"), "success"),
        S.in_progress: State(T("实施中", "In progress"), "info"),
        S.resolved: State(T("已解决", "Resolved"), "success"),
        S.confirmed: State(T("企业已确认", "Confirmed"), "success"),
        S.follow_up: State(T("跟踪回访", "Follow-up"), "success"),
        S.closed: State(T("已归档", "Closed")),
        S.rejected: State(T("不予受理", "Rejected"), "danger"),
        S.merged: State(T("已合并", "Merged")),
        S.escalated: State(T("已提级", "Escalated"), "warning"),
        S.suspended: State(T("已暂停", "Suspended"), "warning"),
        S.withdrawn: State(T("已撤回", "Withdrawn")),
        S.unresolved: State(T("未解决关闭", "Closed unresolved"), "danger"),
    },
    moves=MOVES,
    editable={
        S.draft: AUTHORS,
        S.returned: AUTHORS,
        S.submitted: STATION,
        **dict.fromkeys(OPEN, _SUPPLEMENT),
    },
)
