"""An entry's life: recorded, then confirmed or disputed by each of its enterprises; or void."""

from typing import Any
from uuid import UUID

from pydantic import Field

from app.access.actor import Actor
from app.access.roles import Role
from app.audit.work import Work
from app.core.labels import T
from app.core.tables import Body
from app.ledgers.service_log.freezing import is_frozen
from app.ledgers.service_log.models import EntryState as S
from app.ledgers.service_log.models import ServiceLogEntry
from app.registers.fields import F, bound
from app.registers.lifecycle import Lifecycle, Move, State
from app.registers.register import Change

AUTHORS = frozenset({Role.station_staff, Role.committee, Role.centre_staff})
_ENTERPRISE = frozenset({Role.enterprise})

_NOT_ABOUT_YOU = T(
    "只有记录所涉及的企业可以确认或提出异议；贵企业不在其中，如应列入，请联系工作站。",
    "Only the enterprises it is about may say so, and yours is none of them; if it should be, ask"
    " the station.",
)
_SAID = T(
    "贵企业已经确认过，无须再次确认；如有不同意见，请提出异议。",
    "Your enterprise has already confirmed it; if you do not agree, dispute it.",
)
_DISPUTED = T(
    "贵企业已经提出异议，请等待工作站答复。",
    "Your enterprise has already disputed it; wait for the station to answer.",
)
_AUTOMATIC = T(
    "这条记录由业务操作自动写入，不能修改或作废；如有误，请更正原来的业务记录。",
    "Entries written by other acts are neither edited nor voided; correct the record they came"
    " from.",
)
_FROZEN = T(
    "这条记录已过冻结期，不能再修改，只能由企业确认；如有误，请另登记一条说明。",
    "An entry this old can only be confirmed by the enterprise; if it is wrong, log another that"
    " says so.",
)
_OTHER_HAT = T(
    "这条记录由「{organisation}」登记，只有他们可以修改；如有误，请联系他们。",
    "{organisation} wrote this entry and only they may change it; tell them what is wrong.",
)


class DisputeForm(Body):
    reason: str = Field(min_length=2, max_length=500)


_REASON = (bound(F("reason", T("理由", "Reason")), DisputeForm.model_fields["reason"]),)


def not_its_author(actor: Actor, row: Any) -> T | None:
    """Say why this actor may not change the entry: another's, automatic, or frozen."""
    if row.automatic:
        return _AUTOMATIC
    if row.organisation_id != actor.organisation_id:
        name = str(row.organisation_name).replace("{", "").replace("}", "")
        told = {"organisation": name}
        return T(_OTHER_HAT.zh.format_map(told), _OTHER_HAT.en.format_map(told))
    return _FROZEN if is_frozen(row.served_on) else None


def cannot_confirm(actor: Actor, row: Any) -> T | None:
    if actor.party_id not in _ids(row.enterprise_ids):
        return _NOT_ABOUT_YOU
    return _SAID if actor.party_id in _ids(row.confirmed_by) else None


def cannot_dispute(actor: Actor, row: Any) -> T | None:
    if actor.party_id not in _ids(row.enterprise_ids):
        return _NOT_ABOUT_YOU
    return _DISPUTED if actor.party_id in _ids(row.disputed_by) else None


def _ids(values: list[UUID] | None) -> set[UUID]:
    return set(values or ())


LIFECYCLE: Lifecycle[ServiceLogEntry] = Lifecycle(
    initial=S.recorded,
    states={
        S.recorded: State(T("已登记", "Recorded"), "info"),
        S.confirmed: State(T("企业已确认", "Confirmed"), "success"),
        S.disputed: State(T("企业有异议", "Disputed"), "warning"),
        S.void: State(T("已作废", "Void"), "neutral"),
    },
    moves={
        "confirm": Move(
            T("确认", "Confirm"),
            frozenset({S.recorded, S.disputed}),
            None,
            _ENTERPRISE,
            "success",
            guard=cannot_confirm,
        ),
        "dispute": Move(
            T("提出异议", "Dispute"),
            frozenset({S.recorded, S.disputed, S.confirmed}),
            S.disputed,
            _ENTERPRISE,
            "warning",
            DisputeForm,
            _REASON,
            guard=cannot_dispute,
        ),
        "void": Move(
            T("作废", "Void"),
            frozenset({S.recorded, S.disputed}),
            S.void,
            AUTHORS,
            "danger",
            DisputeForm,
            _REASON,
            guard=not_its_author,
        ),
    },
    editable={S.recorded: AUTHORS, S.disputed: AUTHORS},
)


async def confirm(work: Work, change: Change[ServiceLogEntry]) -> None:
    """Note one enterprise's word; the entry is confirmed once all of them have given theirs."""
    row, party = change.row, work.actor.party_id
    row.confirmed_by = [*row.confirmed_by, *([party] if party else [])]
    row.disputed_by = [one for one in row.disputed_by if one != party]
    if row.disputed_by:
        row.state = S.disputed
    else:
        everybody = set(row.confirmed_by) == set(row.enterprise_ids)
        row.state = S.confirmed if everybody else S.recorded


async def dispute(work: Work, change: Change[ServiceLogEntry]) -> None:
    """Note one enterprise's objection; its reason stands in the history."""
    row, party = change.row, work.actor.party_id
    row.disputed_by = [*row.disputed_by, *([party] if party else [])]
    row.confirmed_by = [one for one in row.confirmed_by if one != party]


ON_MOVE = {"confirm": confirm, "dispute": dispute}
