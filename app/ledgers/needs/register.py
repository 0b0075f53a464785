"""The ledger of needs as the engine knows it."""

from collections.abc import Sequence
from typing import Any

from app.audit.work import Work
from app.core.errors import FieldError, Invalid
from app.core.labels import T
from app.ledgers.coded import code_error
from app.ledgers.enterprises.service import seen_enterprise
from app.ledgers.needs.fields import COMPUTED, FIELDS, SECTIONS
from app.ledgers.needs.lifecycle import LIFECYCLE, may_not_edit
from app.ledgers.needs.models import Need, NeedBody
from app.ledgers.needs.numbering import next_number
from app.ledgers.needs.permissions import RIGHTS, visible_to
from app.ledgers.needs.publishing import project
from app.ledgers.needs.service_acts import log_service
from app.ledgers.needs.steps import ON_MOVE
from app.registers.register import Change, DuplicateRule, Floor, Placement, Register

_WHOSE = T(
    "还没有选择提出需求的企业，请选择。", "The enterprise that has the need is missing: choose it."
)
_FIXED = T(
    "提出需求的企业登记后不能更改；选错的，请撤回后重新登记。",
    "The enterprise cannot be changed afterwards; if it is wrong, withdraw the need and file it"
    " anew.",
)
_TRL_ORDER = T(
    "目标成熟度不能低于当前成熟度，请核对这两项。",
    "The target cannot be below the present level; check both.",
)
_TWICE = T("同一位专家选了两次，请去掉一次。", "The same expert is chosen twice; take one out.")


def check(body: NeedBody) -> Sequence[FieldError]:
    """Say what is wrong beyond types and bounds."""
    wrong = [
        *code_error("/industry_code", "industry", body.industry_code),
        *code_error("/hightech_field", "hightech_field", body.hightech_field),
    ]
    if body.trl_now and body.trl_target and body.trl_target < body.trl_now:
        wrong.append(FieldError("/trl_target", "below_now", _TRL_ORDER))
    if len(set(body.avoid_experts)) < len(body.avoid_experts):
        wrong.append(FieldError("/avoid_experts", "repeated", _TWICE))
    return wrong


async def place(work: Work, body: NeedBody) -> Placement:
    """Put a need at its enterprise's park; who signs in for one files its own. Raises Invalid."""
    body.enterprise_id = work.actor.party_id or body.enterprise_id
    if body.enterprise_id is None:
        raise Invalid.of(FieldError("/enterprise_id", "missing", _WHOSE))
    enterprise = await seen_enterprise(work, body.enterprise_id)
    return Placement(enterprise.region_id, enterprise.node_id, enterprise.id)


async def check_write(work: Work, change: Change[Need]) -> None:
    """Number a new need; keep an old one with its enterprise. Raises Invalid."""
    need, before = change.row, change.before
    if before is None:
        need.number = need.number or await next_number(work, need.region_id)
    elif str(need.enterprise_id) != before["enterprise_id"]:
        raise Invalid.of(FieldError("/enterprise_id", "fixed", _FIXED))


async def after_write(work: Work, change: Change[Need]) -> None:
    """Log the service, and keep the public's version in step."""
    await project(work, change.row)
    await log_service(work, change)


REGISTER: Register[Any, Any] = Register(
    name="needs",
    label=T("需求台账", "Needs"),
    label_one=T("需求", "Need"),
    floor=Floor.ledgers,
    row=Need,
    body=NeedBody,
    fields=FIELDS,
    computed_fields=COMPUTED,
    sections=SECTIONS,
    title_field="title",
    rights=RIGHTS,
    visible_to=visible_to,
    lifecycle=LIFECYCLE,
    on_move=ON_MOVE,
    place=place,
    check=check,
    check_write=check_write,
    after_write=after_write,
    duplicates=(
        DuplicateRule(
            T("同一企业的相近需求", "Similar need of the same enterprise"),
            ("title",),
            0.6,
            within="enterprise_id",
        ),
        DuplicateRule(T("需求名称相近", "Similar title"), ("title",), 0.85),
    ),
    may_edit=may_not_edit,
    guard_columns=(
        "level",
        "station_organisation_id",
        "handler_organisation_id",
        "handler_name",
        "confidentiality",
    ),
)
