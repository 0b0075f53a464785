"""How one review moves: the expert answers, declares, hands in; the house takes off and locks."""

from enum import StrEnum

from sqlmodel import Field

from app.access.actor import Actor
from app.access.roles import CENTRE, Role
from app.core.labels import T
from app.core.tables import Body, list_field
from app.matching.invitations import contesting
from app.matching.invitations.asks import Nothing
from app.matching.panels.lifecycle import REASON, ReasonForm
from app.matching.panels.models import Opinion, Review, ScoreLine
from app.matching.panels.models import ReviewState as S
from app.registers.fields import F
from app.registers.lifecycle import Lifecycle, Move, State

EXPERT = frozenset({Role.expert})
#: The expert has never heard of these.
UNASKED = frozenset({S.reserved, S.passed_over})
#: A member in one of these holds a seat.
SITTING = frozenset({S.reserved, S.invited, S.accepted, S.declared, S.submitted})
AGREED = frozenset({S.accepted, S.declared, S.submitted})
#: A member in one of these left a seat to be filled.
GONE = frozenset({S.declined, S.recused, S.expired, S.replaced, S.passed_over})

_NOT_ASKED = T(
    "只有受邀专家本人可以答复；请由专家用邀请链接答复，或登录后答复。",
    "Only the invited expert can answer, by the link of the invitation or signed in.",
)
_ANSWERS_ONLY = T(
    "这个链接只用于答复；签署承诺后会得到评分专用的链接，也可以登录后评分。",
    "This link is for answering only. Signing the pledge gives you one for scoring; or sign in.",
)
_NOT_CHAIR = T(
    "评审组意见由组长综合，只有组长可以填写；请联系组长。", "Only the chair sums up; ask the chair."
)
_NOT_OPEN = T(
    "现在还不能综合评审组意见：须在启封之后、公布之前，由组长办理；请等待通知。",
    "The chair sums up after the scores are open and before the result is out; wait to be told.",
)
_NOT_YET = T("评审尚未开始，请等待通知。", "Scoring has not begun; please wait to be told.")

OPINIONS: dict[str, T] = {
    Opinion.approve: T("同意", "Approve"),
    Opinion.approve_with_changes: T("修改后同意", "Approve with changes"),
    Opinion.reject: T("不同意", "Reject"),
}


class DeclareForm(Body):
    """Both must be said, and said as true."""

    pledge: bool
    no_conflict: bool


class SummaryForm(Body):
    """What a chair says for all: the conclusion, and the opinion that is published with it."""

    conclusion: Opinion
    summary: str = Field(min_length=10, max_length=10_000)


class Sheet(Body):
    """A score sheet, as a draft or handed in."""

    scores: list[ScoreLine] = list_field(20)
    opinion: Opinion | None = None
    comment: str | None = Field(default=None, max_length=5000)


SCORE_COLUMNS = (
    F("criterion", T("评审项", "Criterion")),
    F("points", T("得分", "Points")),
    F("comment", T("说明", "Comment")),
)
SHEET = (
    F("scores", T("评分", "Scores"), columns=SCORE_COLUMNS),
    F("opinion", T("总体意见", "Overall opinion"), choices=OPINIONS),
    F("comment", T("综合评语", "Overall comment")),
)

DECLARATION = (
    F(
        "pledge",
        T("我承诺独立、公正评审并保密", "I will judge independently, fairly, in confidence"),
    ),
    F("no_conflict", T("我与该事项没有应当回避的关系", "No conflict of interest keeps me away")),
)

SUMMARY = (
    F("conclusion", T("评审组结论", "The panel's conclusion"), choices=OPINIONS),
    F(
        "summary",
        T("评审组意见", "The panel's opinion"),
        help=T(
            "综合各份评审写成，公布时即为评审组的意见。",
            "Sums up what all have said; it is published as the panel's opinion.",
        ),
    ),
)

STATES: dict[StrEnum, State] = {
    S.reserved: State(T("待邀请", "Reserved")),
    S.invited: State(T("已邀请", "Invited"), "info"),
    S.accepted: State(T("已接受", "Accepted"), "success"),
    S.declared: State(T("已承诺", "Declared"), "success"),
    S.submitted: State(T("已提交", "Submitted"), "success"),
    S.locked: State(T("已封存", "Locked")),
    S.missing: State(T("未评", "Missing"), "warning"),
    S.declined: State(T("已谢绝", "Declined"), "warning"),
    S.recused: State(T("已回避", "Recused"), "warning"),
    S.expired: State(T("逾期未答复", "Expired"), "warning"),
    S.replaced: State(T("已更换", "Replaced"), "warning"),
    S.passed_over: State(T("未启用", "Passed over")),
}


def asked_in_person(actor: Actor, row: Review) -> T | None:
    """Say why not: an answer is the invited expert's own."""
    return None if row.expert_id == actor.party_id else _NOT_ASKED


def called_for(actor: Actor, row: Review) -> T | None:
    """Say why not: nobody scores before all have the same form before them."""
    if actor.link_id is not None and not actor.link_private:
        return _ANSWERS_ONLY
    return asked_in_person(actor, row) or (None if row.scoring_since else _NOT_YET)


def asked_to_sum_up(actor: Actor, row: Review) -> T | None:
    """Say why not: the chair sums up, once the scores are open and until the result is out."""
    if actor.link_id is not None and not actor.link_private:
        return _ANSWERS_ONLY
    why = asked_in_person(actor, row)
    if why is not None or row.summary_since is not None:
        return why
    return _NOT_OPEN if row.is_chair else _NOT_CHAIR


_LEAVABLE = frozenset({S.invited, S.accepted, S.declared})

MOVES: dict[str, Move[Review]] = {
    "accept": Move(
        T("接受", "Accept"),
        frozenset({S.invited}),
        S.accepted,
        EXPERT,
        "success",
        Nothing,
        guard=asked_in_person,
    ),
    "decline": Move(
        T("谢绝", "Decline"),
        _LEAVABLE,
        S.declined,
        EXPERT,
        "warning",
        ReasonForm,
        REASON,
        guard=asked_in_person,
    ),
    "recuse": Move(
        T("回避", "Recuse"),
        _LEAVABLE,
        S.recused,
        EXPERT,
        "warning",
        ReasonForm,
        REASON,
        guard=asked_in_person,
    ),
    "declare": Move(
        T("签署承诺", "Declare"),
        frozenset({S.accepted}),
        S.declared,
        EXPERT,
        "success",
        DeclareForm,
        DECLARATION,
        guard=asked_in_person,
    ),
    "submit": Move(
        T("提交评审", "Submit"),
        frozenset({S.declared}),
        S.submitted,
        EXPERT,
        "success",
        Sheet,
        SHEET,
        guard=called_for,
    ),
    "summarise": Move(
        T("综合意见", "Sum up"),
        frozenset({S.locked}),
        None,
        EXPERT,
        "success",
        SummaryForm,
        SUMMARY,
        guard=asked_to_sum_up,
    ),
    "contest": Move(
        T("否认这次答复", "Contest the answer"),
        AGREED | {S.declined, S.recused},
        None,
        EXPERT,
        "danger",
        ReasonForm,
        REASON,
        guard=contesting.may_contest(asked_in_person),
    ),
    "replace": Move(
        T("更换", "Replace"),
        SITTING - {S.submitted},
        None,
        CENTRE,
        "danger",
        ReasonForm,
        REASON,
    ),
}

LIFECYCLE: Lifecycle[Review] = Lifecycle(initial=S.reserved, states=STATES, moves=MOVES)
