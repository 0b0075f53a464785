"""Recording figures of an enterprise: checked, superseding, shown at once in the ledger."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, inspect, select, update
from sqlalchemy.orm import class_mapper
from sqlmodel import col

from app.access.roles import Role
from app.audit.work import Work
from app.core.clock import now
from app.core.errors import FieldError, Forbidden, Invalid, NotFound
from app.core.ids import new_id
from app.core.labels import T
from app.ledgers.enterprises import figures as rules
from app.ledgers.enterprises.figures import Figure
from app.ledgers.enterprises.indicators import INDICATORS
from app.ledgers.enterprises.models import Enterprise, Observation
from app.registers import directory, reading, writing
from app.registers.keeping import stored
from app.registers.register import Change
from app.registers.showing import edit_refusal

NAME = "enterprises"
_OWN_WORD = T(
    "企业填报的数据，来源只能是「企业填报」；其他来源请联系工作站登记。",
    "An enterprise can only report its own figures as such; for another source ask the station.",
)
_NO_ENTERPRISE = T(
    "没有这家企业，或者您无权查看；请从列表中重新选择。",
    "There is no such enterprise you may see; choose one from the list.",
)
Recorded = tuple[Enterprise, Sequence[Figure]]


async def enterprise_of(work: Work, enterprise_id: UUID, *, lock: bool = False) -> Enterprise:
    """Return an enterprise this actor may see. Raises NotFound."""
    found: Enterprise = await reading.row_of(work, directory.named(NAME), enterprise_id, lock=lock)
    return found


async def seen_enterprise(
    work: Work, enterprise_id: UUID, pointer: str = "/enterprise_id"
) -> Enterprise:
    """Return the enterprise a form names. Raises Invalid for one this actor may not see."""
    try:
        return await enterprise_of(work, enterprise_id)
    except NotFound as exc:
        raise Invalid.of(FieldError(pointer, "unknown", _NO_ENTERPRISE)) from exc


async def observe(
    work: Work, enterprise: Enterprise, figures: Sequence[Figure]
) -> list[Observation]:
    """Record ``figures`` and write the enterprise's next version. Raises Forbidden, Invalid.

    ``enterprise`` is locked by the caller (:func:`enterprise_of`).
    """
    register = directory.named(NAME)
    why = edit_refusal(register, work.actor, enterprise)
    if why:
        raise Forbidden(*why)
    before = stored(register, enterprise)
    written = await record_figures(work, [(enterprise, figures)])
    if stored(register, enterprise) != before:
        await writing.write(work, register, Change(enterprise, before), "observe")
    return written


async def record_figures(work: Work, many: Sequence[Recorded]) -> list[Observation]:
    """Record figures of many enterprises and set their ledger columns; the caller writes the rows.

    The same word of the same source again changes nothing; another word supersedes its own
    source's, never another source's. Raises Forbidden, Invalid.
    """
    live = await live_observations(work, [enterprise.id for enterprise, _ in many])
    instant = now()
    written: list[Observation] = []
    replaced: list[UUID] = []
    for enterprise, figures in many:
        own = live.setdefault(enterprise.id, [])
        _require_sound(work, own, figures)
        last_said = {(f.indicator, f.period, f.source_kind): f for f in figures}
        written += [
            _entered(work, enterprise, own, figure, instant, replaced)
            for figure in last_said.values()
        ]
        rules.show_latest(enterprise, own)
    await _write(work, written, replaced, instant)
    return written


async def _write(
    work: Work, written: Sequence[Observation], replaced: Sequence[UUID], instant: datetime
) -> None:
    """Send what changed, and nothing else that waits in the session to be written."""
    if replaced:  # first, or the index of live figures would refuse the new ones
        statement = update(Observation).where(col(Observation.id).in_(replaced))
        later = func.greatest(instant, col(Observation.recorded_at))
        await work.session.execute(
            statement.values(superseded_at=later).execution_options(synchronize_session=False)
        )
    fresh = [
        {name: getattr(o, name) for name in Observation.model_fields}
        for o in written
        if inspect(o).transient
    ]
    if fresh:
        await work.session.execute(insert(Observation), fresh)


def _entered(
    work: Work,
    enterprise: Enterprise,
    own: list[Observation],
    figure: Figure,
    instant: datetime,
    replaced: list[UUID],
) -> Observation:
    """Return the observation of ``figure``: the one already there if it says the same."""
    same = [
        o
        for o in own
        if (o.indicator, o.period, o.source_kind)
        == (figure.indicator, figure.period, figure.source_kind)
    ]
    if same and same[0].value == figure.value and same[0].source_ref == figure.source_ref:
        return same[0]
    for old in same:
        own.remove(old)
        replaced.append(old.id)
    new = _unwritten(
        id=new_id(),
        region_id=enterprise.region_id,
        node_id=enterprise.node_id,
        register_name=NAME,
        record_id=enterprise.id,
        indicator=figure.indicator,
        period=figure.period,
        value=figure.value,
        unit=INDICATORS[figure.indicator].unit,
        source_kind=figure.source_kind,
        source_ref=figure.source_ref,
        observed_at=figure.observed_at,
        recorded_at=instant,
        recorded_by=work.actor.account_id,
        recorded_by_name=work.actor.name,
        supersedes=same[0].id if same else None,
        superseded_at=None,
    )
    own.append(new)
    return new


def _unwritten(**columns: Any) -> Observation:
    """Return an observation of exactly these columns, without the cost of setting each: a workbook
    has twenty thousand.
    """
    made: Observation = class_mapper(Observation).class_manager.new_instance()
    made.__dict__.update(columns)
    return made


def _require_sound(work: Work, own: Sequence[Observation], figures: Sequence[Figure]) -> None:
    """Refuse figures that cannot be. Raises Forbidden, Invalid."""
    wrong: list[FieldError] = []
    for figure in figures:
        if work.actor.role is Role.enterprise and figure.source_kind != "enterprise_report":
            raise Forbidden(_OWN_WORD)
        indicator = INDICATORS.get(figure.indicator)
        if indicator is None:
            wrong.append(FieldError("/indicator", "unknown", rules.UNKNOWN))
            continue
        if rules.wrong_period(figure.period):
            wrong.append(FieldError("/period", "bad_period", rules.BAD_PERIOD))
        error = rules.wrong_value(indicator, figure.value, "/value")
        wrong += [error] if error else []
    wrong += _beyond(own, figures)
    if wrong:
        raise Invalid.of(*wrong)


def _beyond(own: Sequence[Observation], figures: Sequence[Figure]) -> list[FieldError]:
    """Return the parts that would exceed their whole within one source and period."""
    wrong: list[FieldError] = []
    for period, source in {(f.period, f.source_kind) for f in figures}:
        mine = {o.indicator: o.value for o in own if (o.period, o.source_kind) == (period, source)}
        new = {
            f.indicator: f.value for f in figures if (f.period, f.source_kind) == (period, source)
        }
        for part, whole in rules.beyond_the_whole(mine | new):
            if part in new or whole in new:
                told = {"part": INDICATORS[part].label, "whole": INDICATORS[whole].label}
                wrong.append(FieldError("/value", "more_than_whole", rules.MORE_THAN_WHOLE, told))
    return wrong


async def live_observations(
    work: Work, enterprises: Sequence[UUID]
) -> dict[UUID, list[Observation]]:
    """Return what is held true now of each of ``enterprises``."""
    found: dict[UUID, list[Observation]] = {}
    statement = select(Observation).where(
        col(Observation.record_id).in_(enterprises), col(Observation.superseded_at).is_(None)
    )
    for observation in (await work.session.execute(statement)).scalars():
        found.setdefault(observation.record_id, []).append(observation)
    return found


async def gather_figures(work: Work, enterprise: Enterprise) -> None:
    """Show the latest of all figures that stand beside an enterprise now, after a merge."""
    live = await live_observations(work, [enterprise.id])
    rules.show_latest(enterprise, live.get(enterprise.id, []))


async def withdraw_figures(work: Work, rows: Sequence[Enterprise], source_ref: str) -> None:
    """Take back what one source said of enterprises (an import undone), and show what remains.

    What it had superseded holds again; the caller writes the rows.
    """
    said = (
        col(Observation.source_ref) == source_ref,
        col(Observation.record_id).in_([row.id for row in rows]),
        col(Observation.superseded_at).is_(None),
    )
    over = func.greatest(now(), col(Observation.recorded_at))
    table = update(Observation).execution_options(synchronize_session=False)
    wrong = await work.session.execute(
        table.where(*said).values(superseded_at=over).returning(col(Observation.supersedes))
    )
    replaced = [before for before in wrong.scalars() if before]
    if replaced:
        await work.session.execute(
            table.where(col(Observation.id).in_(replaced)).values(superseded_at=None)
        )
    there = [row for row in rows if row.deleted_at is None]
    live = await live_observations(work, [row.id for row in there])
    for row in there:
        rules.show_latest(row, live.get(row.id, []))
