"""What the moves of a need do besides changing its state."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.access.roles import Role
from app.access.tables import Organisation, OrganisationKind
from app.audit.work import Work
from app.core.clock import now, today
from app.core.errors import Conflict, FieldError, Invalid, NotFound
from app.core.labels import T
from app.ledgers.needs import clock, in_charge
from app.ledgers.needs.acts import settle_release
from app.ledgers.needs.lifecycle import OPEN
from app.ledgers.needs.models import Confidentiality, HandlingLevel, Need, NeedState
from app.ledgers.needs.models import NeedState as S
from app.ledgers.needs.publishing import require_blind
from app.registers import directory, reading
from app.registers.register import Change

Step = Change[Need]
_FOLLOW_UPS = (6, 12)  # months after the enterprise confirmed
_DECEMBER = 12
_LAST_OF_ALL = 28

_NO_TARGET = T(
    "没有这条需求，或者您无权查看；请从列表中重新选择。",
    "There is no such need you may see; choose one from the list.",
)
_ITSELF = T(
    "不能并入自身，请选择另一条需求。", "A need cannot be merged into itself; choose another."
)
_DEAD_END = T(
    "目标需求已经结束，不能并入；请选择仍在办理的需求。",
    "That need has ended; choose one that is still being worked on.",
)
_ELSEWHERE = T(
    "两条需求不属于同一地区，不能合并；请选择本地区的需求。",
    "The two belong to different regions; choose a need of the same region.",
)
_WHY = T(
    "企业尚未确认，请写明关闭的原因。", "The enterprise has not confirmed; say why it is closed."
)
_NOBODY_ABOVE = T(
    "上级没有可以接办的机构，没有提级；请联系系统管理员添加机构。",
    "There is no organisation above to take it on; ask the system administrator to add one.",
)


async def submit(work: Work, change: Step) -> None:
    if change.row.submitted_on is None:
        await in_charge.tell_arrived(work, change.row)
    change.row.submitted_on = today()


async def accept(work: Work, change: Step) -> None:
    """Make the accepting station the one accountable, and start the clock."""
    need = change.row
    need.station_organisation_id = need.handler_organisation_id = work.actor.organisation_id
    need.station_name = need.handler_name = work.actor.organisation_name
    need.accepted_on = today()
    clock.start(need, await clock.calendar_around(work, need.accepted_on))


async def return_(work: Work, change: Step) -> None:
    """Give the need back: a station for mending, an enterprise because it is not solved."""
    if work.actor.role is not Role.enterprise:
        change.row.state = S.returned
        return
    change.row.state = S.in_progress
    change.row.resolved_on = None


async def reject(_: Work, change: Step) -> None:
    change.row.reject_code = change.form.reason_code
    _end(change.row, change.form.reason)


async def merge(work: Work, change: Step) -> None:
    """Point to the need that goes on. Raises Invalid."""
    need, into = change.row, change.form.into
    wrong = await _no_target(work, need, into)
    if wrong:
        raise Invalid.of(FieldError("/into", "bad_target", wrong))
    need.merged_into = into
    clock.stop(need)
    _end(need, change.form.reason)


async def _no_target(work: Work, need: Need, into: UUID) -> T | None:
    if into == need.id:
        return _ITSELF
    try:
        target: Need = await reading.row_of(work, directory.named("needs"), into)
    except NotFound:
        return _NO_TARGET
    if target.region_id != need.region_id:
        return _ELSEWHERE
    return None if target.state in OPEN | {S.submitted, S.suspended} else _DEAD_END


async def publish(work: Work, change: Step) -> None:
    """Release the blind text. Raises Invalid if it names the enterprise.

    That of a confidential need takes two people. Raises Conflict, Forbidden.
    """
    need, form = change.row, change.form
    if need.confidentiality == Confidentiality.confidential:
        await settle_release(work, need, form)
    await require_blind(work, need, form)
    need.blind_title, need.blind_text = form.blind_title, form.blind_text
    need.published_at = now()


async def match(_: Work, change: Step) -> None:
    """Begin to look for candidates; taken again, note that one was found."""
    need = change.row
    if need.state is S.matching:
        need.state = S.matched
        clock.stop(need)
    else:
        need.state = S.matching


async def start(_: Work, change: Step) -> None:
    clock.stop(change.row)


async def resolve(_: Work, change: Step) -> None:
    change.row.result = change.form.result
    change.row.resolved_on = today()
    clock.stop(change.row)


async def confirm(_: Work, change: Step) -> None:
    """Take the enterprise's word; only outcomes with it count."""
    need = change.row
    need.confirmed = True
    need.confirmed_at = now()
    need.follow_up_due = months_later(today(), _FOLLOW_UPS[0])


async def follow_up(_: Work, change: Step) -> None:
    """Note a follow-up, and when the next one falls due."""
    need = change.row
    need.follow_ups += 1
    remaining = _FOLLOW_UPS[need.follow_ups :]
    confirmed_on = need.confirmed_at.date() if need.confirmed_at else today()
    need.follow_up_due = months_later(confirmed_on, remaining[0]) if remaining else None


async def close(_: Work, change: Step) -> None:
    """Put the need away: confirmed, unconfirmed (which is said), or unresolved. Raises Invalid."""
    need, reason = change.row, change.form.reason
    if need.confirmed is not True and not reason:
        raise Invalid.of(FieldError("/reason", "missing", _WHY))
    if need.state in (S.confirmed, S.follow_up):
        need.state = S.closed
    elif need.state is S.resolved:
        need.state = S.closed
        need.confirmed = False
    else:
        need.state = S.unresolved
        need.suspended_from = None
        clock.stop(need)
    need.follow_up_due = None
    _end(need, reason)


async def escalate(work: Work, change: Step) -> None:
    """Hand the need up one level; its station stays its station, the record its park's."""
    need = change.row
    station = need.level is HandlingLevel.station
    need.level = HandlingLevel.centre if station else HandlingLevel.province
    kind = OrganisationKind.centre if station else OrganisationKind.province
    park = await work.session.get(Organisation, need.node_id)
    above = await work.session.scalar(
        select(Organisation)
        .where(
            col(Organisation.id).in_(park.ancestors if park else []),
            col(Organisation.kind) == kind,
        )
        .limit(1)
    )
    if above is None:
        raise Conflict(_NOBODY_ABOVE)
    need.handler_organisation_id, need.handler_name = above.id, above.name


async def suspend(work: Work, change: Step) -> None:
    """Remember where the need stood, and stop the clock."""
    need, before = change.row, change.before or {}
    need.suspended_from = str(before["state"])
    clock.pause(need, await clock.calendar_around(work, need.clock_since or today(), today()))


async def resume(work: Work, change: Step) -> None:
    """Go on where the need stood."""
    need = change.row
    need.state = NeedState(str(need.suspended_from))
    need.suspended_from = None
    clock.resume(need, await clock.calendar_around(work, today()))


async def withdraw(_: Work, change: Step) -> None:
    clock.stop(change.row)
    _end(change.row, change.form.reason)


def _end(need: Need, reason: str | None) -> None:
    need.closed_on = today()
    need.closed_reason = reason


def months_later(day: date, months: int) -> date:
    """Return the same day so many months on; the 28th stands in for days a month may lack."""
    year, month = divmod(day.month - 1 + months, _DECEMBER)
    return date(day.year + year, month + 1, min(day.day, _LAST_OF_ALL))


ON_MOVE = {
    "submit": submit,
    "accept": accept,
    "return": return_,
    "reject": reject,
    "merge": merge,
    "publish": publish,
    "match": match,
    "start": start,
    "resolve": resolve,
    "confirm": confirm,
    "follow_up": follow_up,
    "close": close,
    "escalate": escalate,
    "suspend": suspend,
    "resume": resume,
    "withdraw": withdraw,
}
