"""How a panel moves: seated, asked, confirmed, scoring, locked, opened, published."""

from enum import StrEnum

from sqlmodel import Field

from app.access.actor import Actor
from app.access.roles import CENTRE, Role
from app.core.labels import T
from app.core.tables import Body
from app.matching.panels.models import ChoosingMode, Panel, PanelBody
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

_ANNOUNCED = T(
    "结果已经对外公示；如需更改，请先撤下公示。",
    "The result is announced already; to change the notice, take it down first.",
)
_NOT_ANNOUNCED = T(
    "结果没有对外公示，无须撤下；需要时请先公示。",
    "The result is not announced, so there is nothing to take down; announce it first if needed.",
)


class ReasonForm(Body):
    reason: str = Field(min_length=2, max_length=1000)


class MaybeReasonForm(Body):
    reason: str | None = Field(default=None, min_length=2, max_length=1000)


class AnnounceForm(Body):
    """What visitors read of a result. It names no enterprise; reviewers only as they agreed."""

    title: str = Field(min_length=4, max_length=120)
    text: str = Field(min_length=10, max_length=5000)
    with_names: bool = False


_ANNOUNCE = (
    F("title", T("公示标题", "Title of the notice")),
    F(
        "text",
        T("公示内容", "Text of the notice"),
        help=T(
            "任何人都能看到；不能写明企业名称、联系方式或个人信息。",
            "Anybody reads it: no enterprise, no contact, no personal data.",
        ),
    ),
    F(
        "with_names",
        T("列出同意公开的评审专家", "Name the reviewers who agreed"),
        help=T("本人撤回同意时姓名随即撤下。", "A name goes at once when its owner withdraws."),
    ),
)
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


def not_announced(_: Actor, row: Panel) -> T | None:
    return None if row.announced_on is None else _ANNOUNCED


def announced(_: Actor, row: Panel) -> T | None:
    return _NOT_ANNOUNCED if row.announced_on is None else None


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
    ),
    "announce": Move(
        T("对外公示", "Announce"),
        frozenset({S.published}),
        None,
        frozenset({Role.centre_leader}),
        form=AnnounceForm,
        form_fields=_ANNOUNCE,
        guard=not_announced,
    ),
    "retract": Move(
        T("撤下公示", "Take the notice down"),
        frozenset({S.published}),
        None,
        frozenset({Role.centre_leader}),
        "danger",
        ReasonForm,
        REASON,
        guard=announced,
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
_CHAIR = {"chaired", "chair_id"}
#: What may still be changed where; what was asked of people stays as they were asked it.
CHANGEABLE: dict[StrEnum, frozenset[str]] = {
    S.forming: frozenset(
        _WHEN | {"title", "experts", "size", "min_members", "criteria", "answer_by"} | _CHAIR
    ),
    S.inviting: frozenset(_WHEN | {"experts", "min_members", "criteria", "answer_by"} | _CHAIR),
    S.confirmed: frozenset(_WHEN | {"experts", "criteria", "answer_by"} | _CHAIR),
    S.scoring: frozenset(_WHEN | {"experts", "answer_by", "chair_id"}),
    S.opened: frozenset({"conclusion_draft", "opinion_draft", "note"}),
}
_BY_LOT = frozenset({"experts", "size"})
_BY_CHAIR = frozenset({"conclusion_draft", "opinion_draft"})


def fixed_in(state: StrEnum, mode: ChoosingMode, *, chaired: bool) -> frozenset[str]:
    """Return the fields of a panel that cannot be changed any more."""
    open_ = CHANGEABLE.get(state, frozenset())
    if mode == ChoosingMode.draw:
        open_ -= _BY_LOT
    if chaired and state == S.opened:  # in the chair's words; another may be named to find them
        open_ = open_ - _BY_CHAIR | {"chair_id"}
    return frozenset(PanelBody.model_fields) - open_
