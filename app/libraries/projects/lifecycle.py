"""How a project moves, from a lead to its archive (domain model 5.3), as data."""

from datetime import date
from enum import StrEnum

from sqlmodel import Field

from app.access.roles import CENTRE, Role
from app.core.labels import T
from app.core.tables import Body
from app.libraries.projects.models import Project
from app.libraries.projects.models import ProjectState as S
from app.registers.fields import F
from app.registers.lifecycle import Lifecycle, Move, State

PREPARERS = frozenset({Role.station_staff, Role.centre_staff})
RECOMMENDERS = CENTRE | {Role.committee}
DECIDERS = frozenset({Role.centre_leader, Role.province_staff})
KEEPERS = CENTRE | {Role.station_staff}

#: Where a project is being carried out, so that it may still be changed, delayed, or stopped.
UNDER_WAY = frozenset({S.running, S.changed, S.delayed})
#: What the province sees: recommended to it, and everything that followed.
RECOMMENDED = frozenset(S) - {S.lead, S.reserve, S.argumentation, S.applying}


class ReasonForm(Body):
    reason: str = Field(min_length=2, max_length=1000)


class ApprovalForm(Body):
    approval_no: str = Field(min_length=1, max_length=64)
    approved_on: date
    reason: str | None = Field(default=None, max_length=1000)


class DelayForm(Body):
    period_to: date
    reason: str = Field(min_length=2, max_length=1000)


REASON = (F("reason", T("理由", "Reason")),)
APPROVAL = (
    F("approval_no", T("立项文号", "Approval number")),
    F("approved_on", T("立项日期", "Approved on")),
    F("reason", T("说明", "Remark")),
)
DELAY = (F("period_to", T("延期至", "Delayed until")), *REASON)

STATES: dict[StrEnum, State] = {
    S.lead: State(T("线索", "Lead")),
    S.reserve: State(T("入库", "In reserve"), "info"),
    S.argumentation: State(T("论证", "Argumentation"), "info"),
    S.applying: State(T("申报", "Applying"), "info"),
    S.recommended: State(T("推荐", "Recommended"), "info"),
    S.approved: State(T("立项", "Approved"), "success"),
    S.rejected: State(T("未立项", "Rejected"), "danger"),
    S.signed: State(T("签约", "Signed"), "success"),
    S.running: State(T("实施", "Running"), "success"),
    S.changed: State(T("变更", "Changed"), "warning"),
    S.delayed: State(T("延期", "Delayed"), "warning"),
    S.acceptance: State(T("验收", "In acceptance"), "info"),
    S.accepted: State(T("验收通过", "Accepted"), "success"),
    S.failed: State(T("验收未通过", "Acceptance failed"), "danger"),
    S.transformation: State(T("产业化跟踪", "Industrialisation"), "success"),
    S.archived: State(T("归档", "Archived")),
    S.terminated: State(T("终止", "Terminated"), "danger"),
}

_PREPARATION: dict[str, Move[Project]] = {
    "reserve": Move(
        T("入库", "Take into reserve"),
        frozenset({S.lead, S.rejected}),
        S.reserve,
        PREPARERS,
        requires=("summary", "undertakers"),
    ),
    "argue": Move(
        T("组织论证", "Start argumentation"), frozenset({S.reserve}), S.argumentation, PREPARERS
    ),
    "apply": Move(
        T("申报", "Apply"),
        frozenset({S.reserve, S.argumentation}),
        S.applying,
        PREPARERS,
        requires=(
            "level",
            "programme",
            "hightech_field",
            "leader_name",
            "period_from",
            "period_to",
        ),
    ),
    "recommend": Move(
        T("推荐", "Recommend"), frozenset({S.applying}), S.recommended, RECOMMENDERS, "success"
    ),
    "approve": Move(
        T("立项", "Approve"),
        frozenset({S.recommended}),
        S.approved,
        DECIDERS,
        "success",
        ApprovalForm,
        APPROVAL,
    ),
    "reject": Move(
        T("不予立项", "Reject"),
        frozenset({S.applying, S.recommended}),
        S.rejected,
        RECOMMENDERS | DECIDERS,
        "danger",
        ReasonForm,
        REASON,
    ),
    "sign": Move(T("签约", "Sign"), frozenset({S.approved}), S.signed, KEEPERS, "success"),
    "start": Move(T("开始实施", "Start"), frozenset({S.signed}), S.running, KEEPERS, "success"),
}

_EXECUTION: dict[str, Move[Project]] = {
    "change": Move(
        T("变更", "Change"), UNDER_WAY, S.changed, KEEPERS, "warning", ReasonForm, REASON
    ),
    "delay": Move(T("延期", "Delay"), UNDER_WAY, S.delayed, KEEPERS, "warning", DelayForm, DELAY),
    "resume": Move(T("恢复实施", "Resume"), frozenset({S.changed, S.delayed}), S.running, KEEPERS),
    "request_acceptance": Move(
        T("申请验收", "Request acceptance"),
        UNDER_WAY | {S.failed},
        S.acceptance,
        KEEPERS,
        requires=("milestones",),
    ),
    "accept": Move(
        T("验收通过", "Accept"),
        frozenset({S.acceptance}),
        S.accepted,
        CENTRE | {Role.province_staff},
        "success",
    ),
    "fail": Move(
        T("验收不通过", "Fail"),
        frozenset({S.acceptance}),
        S.failed,
        CENTRE | {Role.province_staff},
        "danger",
        ReasonForm,
        REASON,
    ),
    "transform": Move(
        T("转入产业化跟踪", "Follow into industry"),
        frozenset({S.accepted}),
        S.transformation,
        KEEPERS,
    ),
    "archive": Move(
        T("归档", "Archive"),
        frozenset({S.accepted, S.transformation, S.failed, S.rejected, S.terminated}),
        S.archived,
        PREPARERS,
    ),
    "terminate": Move(
        T("终止", "Terminate"),
        UNDER_WAY | {S.lead, S.reserve, S.argumentation, S.approved, S.signed, S.acceptance},
        S.terminated,
        KEEPERS,
        "danger",
        ReasonForm,
        REASON,
    ),
}

LIFECYCLE: Lifecycle[Project] = Lifecycle(
    initial=S.lead,
    states=STATES,
    moves=_PREPARATION | _EXECUTION,
    editable={
        S.lead: PREPARERS | {Role.enterprise},
        S.reserve: PREPARERS,
        S.argumentation: PREPARERS,
        S.applying: PREPARERS,
        S.approved: PREPARERS,
        S.signed: PREPARERS,
        S.running: PREPARERS,
        S.changed: PREPARERS,
        S.delayed: PREPARERS,
        S.acceptance: PREPARERS,
        S.transformation: PREPARERS,
    },
)
