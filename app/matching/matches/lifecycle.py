"""How a match moves: the station chooses and invites, the expert answers, as data."""

from enum import StrEnum

from sqlmodel import Field

from app.access.actor import Actor
from app.access.roles import Role
from app.core.labels import T
from app.core.tables import Body
from app.matching.invitations import contesting
from app.matching.invitations.asks import Nothing
from app.matching.matches.models import CandidateKind, Match, RejectCode
from app.matching.matches.models import MatchState as S
from app.matching.subjects import MATCHERS
from app.registers.fields import F
from app.registers.lifecycle import Lifecycle, Move, State

EXPERT = frozenset({Role.expert})

#: What the enterprise is told of, once somebody has been chosen for it.
REVEALED = frozenset(S) - {S.proposed, S.rejected}
#: What the expert is told of, once asked.
ASKED = REVEALED - {S.chosen}

_NOT_ASKED = T(
    "只有受邀专家本人可以答复；请由专家用邀请链接答复，或登录后答复。",
    "Only the invited expert can answer, by the link of the invitation or signed in.",
)
_NOBODY_TO_ASK = T(
    "只有专家可以邀请；成果、项目和需求选定后由工作站联系。",
    "Only experts are invited; about anything else the station gets in touch once it is chosen.",
)


class ReasonForm(Body):
    reason: str = Field(min_length=2, max_length=1000)


class RejectForm(ReasonForm):
    code: RejectCode = RejectCode.other


class ResultForm(Body):
    result: str = Field(min_length=2, max_length=2000)


REJECT_CODES: dict[str, T] = {
    RejectCode.wrong_field: T("方向不符", "Another field"),
    RejectCode.other_problem: T("方向相近，问题不同", "Near field, another problem"),
    RejectCode.level: T("水平或成熟度不合适", "Level or maturity does not fit"),
    RejectCode.unavailable: T("时间不便", "Not available"),
    RejectCode.distance: T("距离过远", "Too far away"),
    RejectCode.conflict: T("存在利害关系", "An interest in the matter"),
    RejectCode.other: T("其他", "Other"),
}
REASON = (F("reason", T("理由", "Reason")),)
REJECT = (F("code", T("原因", "Why"), choices=REJECT_CODES), *REASON)
RESULT = (F("result", T("对接结果", "Result")),)

STATES: dict[StrEnum, State] = {
    S.proposed: State(T("已推荐", "Proposed"), "info"),
    S.chosen: State(T("选定", "Chosen"), "info"),
    S.rejected: State(T("未选用", "Rejected")),
    S.invited: State(T("已邀请", "Invited"), "info"),
    S.accepted: State(T("已接受", "Accepted"), "success"),
    S.declined: State(T("已谢绝", "Declined"), "warning"),
    S.recused: State(T("已回避", "Recused"), "warning"),
    S.working: State(T("服务中", "Working"), "success"),
    S.done: State(T("已完成", "Done"), "success"),
    S.done_no_help: State(T("未能解决", "Done without help"), "warning"),
    S.not_reachable: State(T("联系不上", "Not reachable"), "warning"),
}


def asked_in_person(actor: Actor, row: Match) -> T | None:
    """Say why not: an answer is the invited expert's own."""
    return None if row.candidate_id == actor.party_id else _NOT_ASKED


def a_person(_: Actor, row: Match) -> T | None:
    """Say why not: an achievement or a project cannot answer an invitation."""
    return None if row.candidate_kind is CandidateKind.experts else _NOBODY_TO_ASK


MOVES: dict[str, Move[Match]] = {
    "choose": Move(T("选定", "Choose"), frozenset({S.proposed}), S.chosen, MATCHERS, "success"),
    "reject": Move(
        T("不选用", "Reject"),
        frozenset({S.proposed, S.chosen}),
        S.rejected,
        MATCHERS,
        "danger",
        RejectForm,
        REJECT,
    ),
    "reconsider": Move(
        T("重新考虑", "Reconsider"),
        frozenset({S.rejected, S.declined, S.not_reachable}),
        S.proposed,
        MATCHERS,
    ),
    "invite": Move(
        T("邀请", "Invite"),
        frozenset({S.chosen}),
        S.invited,
        MATCHERS,
        "success",
        guard=a_person,
    ),
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
        frozenset({S.invited}),
        S.declined,
        EXPERT,
        "warning",
        ReasonForm,
        REASON,
        guard=asked_in_person,
    ),
    "recuse": Move(
        T("回避", "Recuse"),
        frozenset({S.invited, S.accepted}),
        S.recused,
        EXPERT,
        "warning",
        ReasonForm,
        REASON,
        guard=asked_in_person,
    ),
    "contest": Move(
        T("否认这次答复", "Contest the answer"),
        frozenset({S.accepted, S.declined, S.recused}),
        None,
        EXPERT,
        "danger",
        ReasonForm,
        REASON,
        guard=contesting.may_contest(asked_in_person),
    ),
    "start": Move(T("开始服务", "Start"), frozenset({S.accepted}), S.working, MATCHERS),
    "finish": Move(
        T("完成", "Finish"),
        frozenset({S.working}),
        S.done,
        MATCHERS,
        "success",
        ResultForm,
        RESULT,
    ),
    "finish_without_help": Move(
        T("未能解决", "Finish without help"),
        frozenset({S.working}),
        S.done_no_help,
        MATCHERS,
        "warning",
        ResultForm,
        RESULT,
    ),
    "give_up": Move(
        T("联系不上", "Not reachable"),
        frozenset({S.invited, S.accepted, S.working}),
        S.not_reachable,
        MATCHERS,
        "warning",
        ReasonForm,
        REASON,
    ),
}

LIFECYCLE: Lifecycle[Match] = Lifecycle(
    initial=S.proposed,
    states=STATES,
    moves=MOVES,
    editable={S.proposed: MATCHERS, S.chosen: MATCHERS},
)
