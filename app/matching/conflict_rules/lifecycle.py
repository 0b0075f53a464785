"""How a rule comes into force: drafted, activated by another person, replaced by a later one."""

from enum import StrEnum

from app.access.actor import Actor
from app.access.roles import Role
from app.core.labels import T
from app.matching.conflict_rules.models import ConflictRule
from app.matching.conflict_rules.models import RuleState as S
from app.registers.lifecycle import Lifecycle, Move, State

AUTHORS = frozenset({Role.centre_staff})
HEADS = frozenset({Role.centre_leader})
#: What was in force at some time; only this is shown beyond the centre.
LAID_DOWN = frozenset({S.active, S.replaced})

_SAME_PERSON = T(
    "规则的起草人不能启用规则，请由另一位负责人启用。",
    "Whoever drafted a rule cannot put it into force; another person must.",
)

STATES: dict[StrEnum, State] = {
    S.draft: State(T("草稿", "Draft")),
    S.active: State(T("启用", "In force"), "success"),
    S.replaced: State(T("已被取代", "Replaced")),
    S.withdrawn: State(T("已撤回", "Withdrawn")),
}


def another_person(actor: Actor, row: ConflictRule) -> T | None:
    """Say why not: a rule takes two persons."""
    return _SAME_PERSON if actor.account_id in row.authors else None


MOVES: dict[str, Move[ConflictRule]] = {
    "activate": Move(
        T("启用", "Put into force"),
        frozenset({S.draft}),
        S.active,
        HEADS,
        "success",
        guard=another_person,
    ),
    "withdraw": Move(
        T("撤回", "Withdraw"), frozenset({S.draft}), S.withdrawn, AUTHORS | HEADS, "danger"
    ),
}

LIFECYCLE: Lifecycle[ConflictRule] = Lifecycle(
    initial=S.draft, states=STATES, moves=MOVES, editable={S.draft: AUTHORS}
)
