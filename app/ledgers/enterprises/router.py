"""HTTP for an enterprise's figures: what is known, from whom, and as of when."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlmodel import col

from app.audit.requests import WorkDep
from app.audit.work import Work
from app.core.clock import CIVIL
from app.core.errors import FieldError, Forbidden, Invalid, NotFound
from app.core.http import documented
from app.core.labels import T
from app.ledgers.enterprises import figures as rules
from app.ledgers.enterprises.figures import Figure
from app.ledgers.enterprises.indicators import INDICATORS
from app.ledgers.enterprises.models import Observation, SourceKind
from app.ledgers.enterprises.service import NAME, enterprise_of, live_observations, observe
from app.registers import directory

SOURCES = {
    SourceKind.tax_return: T("纳税申报", "Tax return"),
    SourceKind.audit_report: T("审计报告", "Audit report"),
    SourceKind.statistics: T("统计报表", "Official statistics"),
    SourceKind.enterprise_report: T("企业填报", "Reported by the enterprise"),
    SourceKind.station_visit: T("工作站走访", "Visit of the workstation"),
    SourceKind.workbook: T("台账导入", "Imported workbook"),
    SourceKind.estimate: T("估算", "Estimate"),
}

router = APIRouter(
    prefix="/enterprises", tags=["enterprises"], responses=documented(NotFound, Invalid)
)


class ObservationBody(BaseModel):
    """One figure as it is reported; ``unit`` may be left out, never be another."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    period: str = Field(max_length=10, description="The year: 2025")
    indicator: str = Field(max_length=32)
    value: Decimal
    unit: str | None = Field(default=None, max_length=16)
    source_kind: SourceKind = SourceKind.enterprise_report
    source_ref: str | None = Field(default=None, max_length=200)
    observed_at: date | None = None


class ObservationShown(BaseModel):
    """One figure with where it comes from, and how it stands among the others."""

    id: UUID
    period: str
    indicator: str
    indicator_label: str
    value: Decimal
    unit: str
    unit_label: str
    source_kind: SourceKind
    source_label: str
    source_ref: str | None
    observed_at: date | None
    recorded_at: datetime
    recorded_by: str
    superseded_at: datetime | None
    shown: bool = Field(description="The ledger shows this one")
    conflict: bool = Field(description="Another source says something else")


class IndicatorShown(BaseModel):
    code: str
    label: str
    unit: str
    unit_label: str


class Observations(BaseModel):
    items: list[ObservationShown]
    indicators: list[IndicatorShown]


@router.get("/{id}/observations", operation_id="enterprises_observations")
async def list_observations(
    work: WorkDep,
    id: UUID,  # noqa: A002 -- the name in the path
    as_of: Annotated[date | None, Query(description="As it was known on that day")] = None,
    superseded: Annotated[bool, Query(description="Also what was replaced since")] = False,  # noqa: FBT002
) -> Observations:
    """Return an enterprise's figures, newest year first."""
    directory.open_to(NAME, work.actor.role)
    await enterprise_of(work, id)
    live, others = await _known(work, id, as_of)
    told = [*live, *others] if superseded else live
    told.sort(key=lambda o: (o.indicator, o.source_kind, o.recorded_at))
    told.sort(key=lambda o: o.period, reverse=True)
    indicators = [
        IndicatorShown(
            code=i.code,
            label=i.label.in_(work.locale),
            unit=i.unit,
            unit_label=i.unit_label.in_(work.locale),
        )
        for i in INDICATORS.values()
    ]
    return Observations(items=[_shown(work, o, live) for o in told], indicators=indicators)


async def _known(
    work: Work, enterprise_id: UUID, as_of: date | None
) -> tuple[list[Observation], list[Observation]]:
    """Return what was held true at the end of ``as_of`` (or is now), and what no longer was."""
    statement = select(Observation).where(col(Observation.record_id) == enterprise_id)
    if as_of is None:
        found = list((await work.session.execute(statement)).scalars())
        live = [o for o in found if o.superseded_at is None]
    else:
        end = datetime.combine(as_of + timedelta(days=1), time.min, CIVIL)
        statement = statement.where(col(Observation.recorded_at) < end)
        found = list((await work.session.execute(statement)).scalars())
        live = [o for o in found if o.superseded_at is None or o.superseded_at >= end]
    held = {o.id for o in live}
    return live, [o for o in found if o.id not in held]


@router.post(
    "/{id}/observations",
    status_code=201,
    operation_id="enterprises_observe",
    responses=documented(Forbidden),
)
async def add_observation(
    work: WorkDep,
    id: UUID,  # noqa: A002
    given: ObservationBody,
) -> ObservationShown:
    """Record one figure; the same source's earlier word on it is superseded."""
    directory.open_to(NAME, work.actor.role)
    enterprise = await enterprise_of(work, id, lock=True)
    _require_unit(given)
    figure = Figure(**given.model_dump(exclude={"unit"}))
    (written,) = await observe(work, enterprise, [figure])
    live = await live_observations(work, [id])
    return _shown(work, written, live[id])


def _require_unit(given: ObservationBody) -> None:
    """Refuse a figure in another unit than its indicator's. Raises Invalid."""
    indicator = INDICATORS.get(given.indicator)
    if indicator and given.unit not in (None, "", indicator.unit):
        told = {"label": indicator.label, "unit": indicator.unit_label, "code": indicator.unit}
        raise Invalid.of(FieldError("/unit", "bad_unit", rules.BAD_UNIT, told))


def _shown(work: Work, one: Observation, live: list[Observation]) -> ObservationShown:
    indicator = INDICATORS[one.indicator]
    same = [o for o in live if (o.indicator, o.period) == (one.indicator, one.period)]
    return ObservationShown(
        **one.model_dump(include=set(ObservationShown.model_fields) - {"recorded_by"}),
        indicator_label=indicator.label.in_(work.locale),
        unit_label=indicator.unit_label.in_(work.locale),
        source_label=SOURCES[one.source_kind].in_(work.locale),
        recorded_by=one.recorded_by_name,
        shown=bool(same) and rules.preferred(same).id == one.id,
        conflict=rules.contradicted(one, live),
    )
