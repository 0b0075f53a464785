"""How an assignment moves: asked for, waiting, reckoned; adopted, or changed and tried again."""

from enum import StrEnum

from app.core.labels import T
from app.matching.assignments.models import Assignment
from app.matching.assignments.models import AssignmentState as S
from app.matching.assignments.permissions import RUNNERS
from app.registers.lifecycle import Lifecycle, Move, State

#: Where it may be changed, and started (again).
AT_REST = frozenset({S.draft, S.infeasible, S.failed, S.cancelled})
UNDER_WAY = frozenset({S.queued, S.running})

STATES: dict[StrEnum, State] = {
    S.draft: State(T("草稿", "Draft")),
    S.queued: State(T("排队中", "Waiting"), "info"),
    S.running: State(T("计算中", "Running"), "info"),
    S.solved: State(T("已得出方案", "Solved"), "success"),
    S.infeasible: State(T("无可行方案", "Cannot be met"), "warning"),
    S.failed: State(T("计算失败", "Failed"), "danger"),
    S.cancelled: State(T("已取消", "Cancelled")),
    S.adopted: State(T("已采用", "Adopted"), "success"),
}

MOVES: dict[str, Move[Assignment]] = {
    "start": Move(T("开始指派", "Start"), AT_REST | {S.solved}, S.queued, RUNNERS, "success"),
    "cancel": Move(T("取消计算", "Cancel"), UNDER_WAY, S.cancelled, RUNNERS, "warning"),
    "adopt": Move(
        T("采用方案并组建评审组", "Adopt and form the panels"),
        frozenset({S.solved, S.adopted}),  # again: the panels that could not be formed
        S.adopted,
        RUNNERS,
        "success",
    ),
}

LIFECYCLE: Lifecycle[Assignment] = Lifecycle(
    initial=S.draft,
    states=STATES,
    moves=MOVES,
    editable=dict.fromkeys(AT_REST, RUNNERS),
)
