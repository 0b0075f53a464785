"""How an achievement finds its user, from discovery to benefit (domain model 5.3), as data."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlmodel import Field

from app.access.actor import Actor
from app.access.roles import CENTRE, Role, Wall
from app.core.labels import T
from app.core.tables import Body
from app.libraries.achievements.models import Achievement, ContractKind
from app.libraries.achievements.models import AchievementState as S
from app.registers.fields import F
from app.registers.lifecycle import Lifecycle, Move, State

KEEPERS = CENTRE | {Role.station_staff}
OWNERS = frozenset({Role.enterprise, Role.expert})

#: On offer, and so in the projection that everybody may read.
ON_OFFER = frozenset({S.listed, S.negotiating})
#: What other nodes of the network see of a library.
SHARED = ON_OFFER | {S.contracted, S.contract_registered, S.benefit_tracked}

_ABOVE = T(
    "这项成果属于上级成果库，只有上级中心可以办理；请联系他们。",
    "This achievement is in the library of the level above; ask the centre that keeps it.",
)
MONEY = T("万元", "10,000 CNY")
CONTRACTS: dict[str, T] = {
    ContractKind.development: T("技术开发", "Development"),
    ContractKind.transfer: T("技术转让", "Transfer"),
    ContractKind.licence: T("技术许可", "Licence"),
    ContractKind.consulting: T("技术咨询", "Consulting"),
    ContractKind.service: T("技术服务", "Service"),
}


class ReasonForm(Body):
    reason: str = Field(min_length=2, max_length=1000)


class EvaluationForm(Body):
    evaluation: str = Field(min_length=2, max_length=2000)
    evaluator: str = Field(min_length=2, max_length=120)
    evaluated_on: date


class ContractForm(Body):
    contract_kind: ContractKind
    contract_amount: Decimal = Field(ge=0, max_digits=18, decimal_places=4)


class RegistrationForm(Body):
    contract_no: str = Field(min_length=1, max_length=64)
    technical_amount: Decimal = Field(ge=0, max_digits=18, decimal_places=4)


EVALUATION = (
    F("evaluation", T("评价结论", "Evaluation")),
    F("evaluator", T("评价机构", "Evaluator")),
    F("evaluated_on", T("评价日期", "Evaluated on")),
)
CONTRACT = (
    F("contract_kind", T("合同类别", "Contract"), choices=CONTRACTS),
    F("contract_amount", T("合同成交额", "Contract amount"), unit=MONEY),
)
REGISTRATION = (
    F("contract_no", T("合同登记编号", "Contract registration number")),
    F("technical_amount", T("技术交易额", "Technical amount"), unit=MONEY),
)

STATES: dict[StrEnum, State] = {
    S.found: State(T("发现", "Found")),
    S.registered: State(T("登记", "Registered"), "info"),
    S.evaluated: State(T("评价", "Evaluated"), "info"),
    S.listed: State(T("挂牌", "Listed"), "success"),
    S.negotiating: State(T("洽谈", "Negotiating"), "info"),
    S.contracted: State(T("签约", "Contracted"), "success"),
    S.contract_registered: State(T("合同登记", "Contract registered"), "success"),
    S.benefit_tracked: State(T("效益跟踪", "Benefit tracked"), "success"),
    S.withdrawn: State(T("已撤回", "Withdrawn"), "warning"),
}

MOVES: dict[str, Move[Achievement]] = {
    "register": Move(
        T("登记", "Register"),
        frozenset({S.found}),
        S.registered,
        KEEPERS,
        requires=("summary", "hightech_field"),
    ),
    "evaluate": Move(
        T("评价", "Evaluate"),
        frozenset({S.registered}),
        S.evaluated,
        KEEPERS,
        form=EvaluationForm,
        form_fields=EVALUATION,
    ),
    "list": Move(
        T("挂牌", "List"),
        frozenset({S.registered, S.evaluated, S.negotiating, S.withdrawn}),
        S.listed,
        KEEPERS,
        "success",
        requires=("summary", "hightech_field", "trl", "transfer_modes"),
    ),
    "negotiate": Move(T("洽谈", "Negotiate"), frozenset({S.listed}), S.negotiating, KEEPERS),
    "contract": Move(
        T("签约", "Contract"),
        frozenset({S.negotiating}),
        S.contracted,
        KEEPERS,
        "success",
        ContractForm,
        CONTRACT,
    ),
    "register_contract": Move(
        T("合同登记", "Register the contract"),
        frozenset({S.contracted}),
        S.contract_registered,
        KEEPERS,
        "success",
        RegistrationForm,
        REGISTRATION,
    ),
    "track": Move(
        T("效益跟踪", "Track the benefit"),
        frozenset({S.contract_registered}),
        S.benefit_tracked,
        KEEPERS,
    ),
    "withdraw": Move(
        T("撤回", "Withdraw"),
        frozenset({S.found, S.registered, S.evaluated, S.listed, S.negotiating}),
        S.withdrawn,
        KEEPERS | OWNERS,
        "danger",
        ReasonForm,
        (F("reason", T("理由", "Reason")),),
    ),
}


def in_own_library(actor: Actor, row: Achievement) -> T | None:
    """Say why not: whoever reads another level's library does not keep it."""
    if actor.wall is Wall.staff and row.node_id not in actor.nodes:
        return _ABOVE
    return None


_EDITORS = KEEPERS | OWNERS
LIFECYCLE: Lifecycle[Achievement] = Lifecycle(
    initial=S.found,
    states=STATES,
    moves={name: replace(move, guard=in_own_library) for name, move in MOVES.items()},
    editable={
        S.found: _EDITORS,
        S.registered: _EDITORS,
        S.evaluated: KEEPERS,
        S.listed: KEEPERS,
        S.negotiating: KEEPERS,
        S.withdrawn: _EDITORS,
    },
)
