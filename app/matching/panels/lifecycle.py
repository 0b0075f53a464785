"""How a panel moves: seated, asked, confirmed, scoring, locked, opened, published."""

from enum import StrEnum

from sqlmodel import Field

from app.access.actor import Actor
from app.access.roles import CENTRE, Role
from app.core.labels import T
from app.core.tables import Body
from app.matching.panels.models import Panel
from app.matching.panels.models import PanelState as S
from app.registers.fields import F
from app.registers.lifecycle import Lifecycle, Move, State

#: Where seats may still fall empty and be filled.
FILLABLE = frozenset({S.inviting, S.confirmed, S.scoring})
#: Where scores are out of their envelopes.
UNSEALED = frozenset({S.opened, S.published})

_SAME_PERSON = T(
    "封存和启封须由两个账号办理：封存的就是您，请由另一位同志启封。",
    "Whoever locked the panel cannot be the one who opens it; let somebody else open it.",
)


class ReasonForm(Body):
    reason: str = Field(min_length=2, max_length=1000)


class MaybeReasonForm(Body):
    reason: str | None = Field(default=None, min_length=2, max_length=1000)


PUBLIC_REASON = (
    F(
        "reason",
        T("评审份数不足的说明（公开）", "Why few judged (public)"),
        help=T("提交的评审少于最少人数时必填。", "Needed where fewer judged than the least."),
    ),
)
REASON = (F("reason", T("理由", "Reason")),)

STATES: dict[StrEnum, State] = {
    S.forming: State(T("组建中", "Forming")),
    S.inviting: State(T("邀请中", "Inviting"), "info"),
    S.confirmed: State(T("已成组", "Confirmed"), "success"),
    S.scoring: State(T("评审中", "Scoring"), "info"),
    S.locked: State(T("已封存", "Locked"), "warning"),
    S.opened: State(T("已启封", "Opened"), "info"),
    S.published: State(T("已公布", "Published"), "success"),
    S.cancelled: State(T("已取消", "Cancelled")),
}


def another_person(actor: Actor, row: Panel) -> T | None:
    """Say why not: the seal takes two persons."""
    return _SAME_PERSON if row.locked_by_id == actor.account_id else None


MOVES: dict[str, Move[Panel]] = {
    "invite": Move(
        T("发出邀请", "Send the invitations"),
        frozenset({S.forming}),
        S.inviting,
        CENTRE,
        "success",
    ),
    "fill": Move(T("补足席位", "Fill the seats"), FILLABLE, None, CENTRE),
    "confirm": Move(
        T("确认成组", "Confirm"),
        frozenset({S.inviting}),
        S.confirmed,
        CENTRE,
        "success",
        MaybeReasonForm,
        REASON,
    ),
    "begin": Move(
        T("开始评审", "Begin scoring"),
        frozenset({S.confirmed}),
        S.scoring,
        CENTRE,
        "success",
        requires=("criteria",),
    ),
    "lock": Move(
        T("封存", "Lock"),
        frozenset({S.scoring}),
        S.locked,
        frozenset({Role.centre_staff}),
        "warning",
        MaybeReasonForm,
        REASON,
    ),
    "open": Move(
        T("启封", "Open"),
        frozenset({S.locked}),
        S.opened,
        frozenset({Role.centre_leader}),
        "success",
        guard=another_person,
    ),
    "publish": Move(
        T("公布结果", "Publish"),
        frozenset({S.opened}),
        S.published,
        frozenset({Role.centre_leader}),
        "success",
        form=MaybeReasonForm,
        form_fields=PUBLIC_REASON,
        requires=("conclusion_draft", "opinion_draft"),
    ),
    "cancel": Move(
        T("取消", "Cancel"),
        frozenset({S.forming, S.inviting, S.confirmed, S.scoring}),
        S.cancelled,
        CENTRE,
        "danger",
        ReasonForm,
        REASON,
    ),
}

LIFECYCLE: Lifecycle[Panel] = Lifecycle(
    initial=S.forming,
    states=STATES,
    moves=MOVES,
    editable=dict.fromkeys((S.forming, S.inviting, S.confirmed, S.scoring, S.opened), CENTRE),
)

_WHEN = {"meeting_on", "place", "online_url", "review_by", "note"}
#: What may still be changed where; what was asked of people stays as they were asked it.
CHANGEABLE: dict[StrEnum, frozenset[str]] = {
    S.forming: frozenset(
        _WHEN | {"title", "experts", "size", "min_members", "criteria", "answer_by", "chair_id"}
    ),
    S.inviting: frozenset(_WHEN | {"experts", "min_members", "criteria", "answer_by", "chair_id"}),
    S.confirmed: frozenset(_WHEN | {"experts", "criteria", "answer_by", "chair_id"}),
    S.scoring: frozenset(_WHEN | {"experts", "answer_by", "chair_id"}),
    S.opened: frozenset({"conclusion_draft", "opinion_draft", "note"}),
}
