"""How an expert comes into the library, rests, and leaves it (domain model 5.3), as data."""

from datetime import date
from enum import StrEnum

from sqlmodel import Field

from app.access.actor import Actor
from app.access.roles import CENTRE, Role, Wall
from app.core.labels import T
from app.core.tables import Body
from app.libraries.experts.models import Expert
from app.libraries.experts.models import ExpertState as S
from app.registers.fields import F
from app.registers.lifecycle import Lifecycle, Move, State

#: Who keeps a library: the city's centre, and the province its own.
LIBRARIANS = CENTRE | {Role.province_staff}
HEADS = frozenset({Role.centre_leader, Role.province_staff})
INVITERS = frozenset({Role.station_staff, Role.centre_staff, Role.province_staff})

#: In the library and known to those below, whether or not to be asked at the moment.
SHOWN = frozenset({S.verified, S.active, S.paused})

_OWN_LIBRARY = T(
    "省级只管理省级专家库的专家；这位专家请由所在中心办理。",
    "The province keeps only its own library; the centre of this expert must do it.",
)
_ABOVE = T(
    "这位专家属于上级专家库，只有上级单位可以办理；请联系他们。",
    "This expert is in the library of the level above; ask those who keep it.",
)


class ReasonForm(Body):
    reason: str = Field(min_length=2, max_length=1000)


class BarForm(Body):
    barred_until: date | None = None
    reason: str = Field(min_length=2, max_length=1000)


REASON = (F("reason", T("理由", "Reason")),)
BAR = (F("barred_until", T("禁用至", "Barred until")), *REASON)

STATES: dict[StrEnum, State] = {
    S.invited: State(T("已邀请", "Invited")),
    S.applied: State(T("已申请", "Applied"), "info"),
    S.verified: State(T("已核验", "Verified"), "info"),
    S.active: State(T("在库", "Active"), "success"),
    S.paused: State(T("暂停", "Paused"), "warning"),
    S.retired: State(T("已出库", "Retired")),
    S.barred: State(T("禁用", "Barred"), "danger"),
}


def in_own_library(actor: Actor, row: Expert) -> T | None:
    """Say why not: whoever reads another level's library does not keep it."""
    if actor.role is Role.province_staff and row.node_id != actor.node_id:
        return _OWN_LIBRARY
    if actor.wall is Wall.staff and row.node_id not in actor.nodes:
        return _ABOVE
    return None


MOVES: dict[str, Move[Expert]] = {
    "apply": Move(
        T("申请入库", "Apply"),
        frozenset({S.invited}),
        S.applied,
        INVITERS | {Role.expert},
        requires=("organisation", "hightech_fields", "consent_given_on"),
        guard=in_own_library,
    ),
    "verify": Move(
        T("核验", "Verify"),
        frozenset({S.invited, S.applied}),
        S.verified,
        LIBRARIANS,
        requires=("organisation", "hightech_fields", "consent_given_on"),
        guard=in_own_library,
    ),
    "admit": Move(
        T("批准入库", "Admit"),
        frozenset({S.verified}),
        S.active,
        HEADS,
        "success",
        requires=("consent_scope",),
        guard=in_own_library,
    ),
    "pause": Move(
        T("暂停", "Pause"),
        frozenset({S.active}),
        S.paused,
        LIBRARIANS | {Role.expert},
        "warning",
        ReasonForm,
        REASON,
        guard=in_own_library,
    ),
    "resume": Move(
        T("恢复", "Resume"),
        frozenset({S.paused}),
        S.active,
        LIBRARIANS | {Role.expert},
        "success",
        guard=in_own_library,
    ),
    "retire": Move(
        T("出库", "Retire"),
        frozenset({S.invited, S.applied, S.verified, S.active, S.paused}),
        S.retired,
        LIBRARIANS | {Role.expert},
        "danger",
        ReasonForm,
        REASON,
        guard=in_own_library,
    ),
    "readmit": Move(
        T("重新申请", "Apply again"),
        frozenset({S.retired}),
        S.applied,
        LIBRARIANS | {Role.expert},
        guard=in_own_library,
    ),
    "bar": Move(
        T("禁用", "Bar"),
        frozenset({S.verified, S.active, S.paused, S.retired}),
        S.barred,
        HEADS,
        "danger",
        BarForm,
        BAR,
        guard=in_own_library,
    ),
    "appeal": Move(
        T("申诉", "Appeal"),
        frozenset({S.barred}),
        S.barred,
        frozenset({Role.expert}),
        "warning",
        ReasonForm,
        REASON,
    ),
    "lift": Move(
        T("解除禁用", "Lift the bar"),
        frozenset({S.barred}),
        S.active,
        HEADS,
        "success",
        ReasonForm,
        REASON,
        guard=in_own_library,
    ),
}

_KEPT = LIBRARIANS | {Role.expert}
LIFECYCLE: Lifecycle[Expert] = Lifecycle(
    initial=S.invited,
    states=STATES,
    moves=MOVES,
    editable={
        S.invited: _KEPT | INVITERS,
        S.applied: _KEPT | INVITERS,
        S.verified: _KEPT,
        S.active: _KEPT,
        S.paused: _KEPT,
        S.retired: _KEPT,
    },
)
