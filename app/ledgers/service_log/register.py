"""The service log as the engine knows it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app.audit.work import Work
from app.core.clock import today
from app.core.errors import FieldError, Invalid, NotFound
from app.core.labels import T
from app.ledgers.enterprises.models import Enterprise
from app.ledgers.service_log.fields import COMPUTED, FIELDS, SECTIONS
from app.ledgers.service_log.lifecycle import LIFECYCLE, ON_MOVE, not_its_author
from app.ledgers.service_log.models import ServiceLogBody, ServiceLogEntry
from app.ledgers.service_log.permissions import RIGHTS, visible_to
from app.ledgers.service_log.service import NAME, put_on_hat, relink
from app.registers import directory, reading
from app.registers.register import Change, Floor, Placement, Register
from app.registers.visibility import visible

_IN_FUTURE = T(
    "服务日期还没有到：不能晚于今天，请核对。",
    "The day of the service lies in the future: give today or an earlier day.",
)
_NOBODY = T(
    "还没有写明为谁服务，请选择企业，或说明服务对象。",
    "It is not said who was served: choose enterprises, or say who the audience was.",
)
_TWICE = T("同一家企业选了两次，请去掉一次。", "The same enterprise is chosen twice; take one out.")
_NO_ENTERPRISE = T(
    "有 {n} 家企业不存在，或者您无权查看；请从列表中重新选择。",
    "{n} enterprise(s) are not there, or not for you to see; choose from the list again.",
)
_NO_NEED = T(
    "没有这条需求，或者您无权查看；请从列表中重新选择。",
    "There is no such need you may see; choose one from the list.",
)


def check(body: ServiceLogBody) -> Sequence[FieldError]:
    """Say what is wrong beyond types and bounds."""
    wrong = []
    if body.served_on > today():
        wrong.append(FieldError("/served_on", "in_future", _IN_FUTURE))
    if not body.enterprise_ids and not body.audience:
        wrong.append(FieldError("/enterprise_ids", "missing", _NOBODY))
    if len(set(body.enterprise_ids)) < len(body.enterprise_ids):
        wrong.append(FieldError("/enterprise_ids", "repeated", _TWICE))
    return wrong


async def place(work: Work, body: ServiceLogBody) -> Placement:
    """Put an entry where its enterprises are, else at its author's node. Raises Invalid."""
    actor = work.actor
    places = await _places(work, body.enterprise_ids)
    region_id, node_id = places[0] if len(places) == 1 else (actor.region_id, actor.node_id)
    return Placement(region_id, node_id)


async def _places(work: Work, ids: Sequence[UUID]) -> list[tuple[int, int]]:
    """Return the nodes of the enterprises. Raises Invalid for one this actor may not see."""
    if not ids:
        return []
    enterprises = directory.named("enterprises")
    statement = (
        select(col(Enterprise.region_id), col(Enterprise.node_id), func.count())
        .where(col(Enterprise.id).in_(ids), visible(enterprises, work.actor))
        .group_by(col(Enterprise.region_id), col(Enterprise.node_id))
    )
    found = (await work.session.execute(statement)).all()
    missing = len(set(ids)) - sum(row[2] for row in found)
    if missing:
        error = FieldError("/enterprise_ids", "unknown", _NO_ENTERPRISE, {"n": missing})
        raise Invalid.of(error)
    return [(row[0], row[1]) for row in found]


async def check_write(work: Work, change: Change[ServiceLogEntry]) -> None:
    """Check what an author changed; a move or an automatic entry changes none of it."""
    row, before = change.row, change.before
    if row.automatic:
        return
    if before is None:
        put_on_hat(work, row)
    if row.need_id and (before is None or before["need_id"] != str(row.need_id)):
        await _require_need(work, row, row.need_id)
    if before is not None:
        await _follow_enterprises(work, row, [UUID(one) for one in before["enterprise_ids"]])


async def _require_need(work: Work, row: ServiceLogEntry, need_id: UUID) -> None:
    """Refuse a need this actor may not see, or one of another region. Raises Invalid."""
    unknown = Invalid.of(FieldError("/need_id", "unknown", _NO_NEED))
    try:
        need = await reading.row_of(work, directory.named("needs"), need_id)
    except NotFound as exc:
        raise unknown from exc
    if need.region_id != row.region_id:
        raise unknown


async def _follow_enterprises(work: Work, row: ServiceLogEntry, old: Sequence[UUID]) -> None:
    """Check newly named enterprises, and let go of the word of those no longer named."""
    if set(old) == set(row.enterprise_ids):
        return
    await _places(work, list(set(row.enterprise_ids) - set(old)))
    row.confirmed_by = [one for one in row.confirmed_by if one in row.enterprise_ids]
    row.disputed_by = [one for one in row.disputed_by if one in row.enterprise_ids]


async def after_write(work: Work, change: Change[ServiceLogEntry]) -> None:
    """Show an entry to the enterprises it is about, and to no others."""
    before = [UUID(one) for one in (change.before or {}).get("enterprise_ids", ())]
    if set(before) != set(change.row.enterprise_ids):
        await relink(work, change.row, before)


REGISTER: Register[Any, Any] = Register(
    name=NAME,
    label=T("科技入园工作台账", "Service log"),
    label_one=T("服务记录", "Service entry"),
    floor=Floor.ledgers,
    row=ServiceLogEntry,
    body=ServiceLogBody,
    fields=FIELDS,
    computed_fields=COMPUTED,
    sections=SECTIONS,
    title_field="title",
    rights=RIGHTS,
    visible_to=visible_to,
    lifecycle=LIFECYCLE,
    on_move=ON_MOVE,
    default_sort="-served_on",
    place=place,
    check=check,
    check_write=check_write,
    after_write=after_write,
    may_edit=not_its_author,
    guard_columns=(
        "enterprise_ids",
        "confirmed_by",
        "disputed_by",
        "automatic",
        "organisation_id",
        "organisation_name",
        "served_on",
    ),
)
