"""The figures: the way of needs, service by month and by kind, answers by station."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import col

from app.audit.work import Work
from app.core.clock import today
from app.core.labels import T
from app.governance.dashboard.counting import Asked, counts, median_days
from app.ledgers.needs.models import Need
from app.ledgers.service_log.fields import KINDS
from app.registers import directory
from app.registers.suppression import UPWARD, chain, line, parts
from app.registers.visibility import visible

MONTHS = 12
_MOST_STATIONS = 60
_COUNTED_SERVICE = ("recorded", "confirmed", "disputed")


@dataclass(frozen=True)
class Number:
    """A number and the query of the list it counts; None is not told."""

    value: float | None
    query: Asked


@dataclass(frozen=True)
class Line:
    label: str
    numbers: list[Number]


@dataclass(frozen=True)
class Figure:
    name: str
    title: str
    register: str
    shape: str  # bars | columns | table: how it is drawn
    columns: list[str]
    lines: list[Line] = field(default_factory=list)


def months(until: date) -> list[tuple[date, date]]:
    """Return the first and last days of the twelve months that end with ``until``'s."""
    found = []
    first = until.replace(day=1)
    for _ in range(MONTHS):
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        found.append((first, last))
        first = (first - timedelta(days=1)).replace(day=1)
    return found[::-1]


def _between(name: str, first: date, last: date) -> dict[str, str]:
    return {f"{name}__gte": first.isoformat(), f"{name}__lte": last.isoformat()}


_FUNNEL: tuple[tuple[T, Mapping[str, str]], ...] = (
    (T("提交", "Submitted"), {}),
    (T("受理", "Accepted"), {"accepted_on__isnull": "false"}),
    (T("答复", "Answered"), {"responded_on__isnull": "false"}),
    (T("解决", "Solved"), {"resolved_on__isnull": "false"}),
    (T("企业确认", "Confirmed"), {"confirmed": "true"}),
)
_NEEDS = T("近十二个月提交的需求：从提交到确认", "Needs of twelve months: from filing to confirmed")
_PER_MONTH = T("每月服务次数", "Services a month")
_PER_KIND = T("近十二个月服务次数（按类型）", "Services of twelve months by kind")
_STATIONS = T(
    "近十二个月受理的需求：各工作站答复情况", "Needs accepted in twelve months, by station"
)
_NUMBER, _MONTH_COUNT = T("需求数", "Needs"), T("次数", "Services")


async def funnel(work: Work, first: date, last: date) -> Figure:
    """Return how many of the period's needs came how far."""
    asked: list[Asked] = [{**_between("submitted_on", first, last), **step} for _, step in _FUNNEL]
    values = _upward(work, chain, await counts(work, directory.named("needs"), asked))
    lines = [
        Line(label.in_(work.locale), [Number(value, query)])
        for (label, _), value, query in zip(_FUNNEL, values, asked, strict=True)
    ]
    columns = [_NUMBER.in_(work.locale)]
    return Figure("funnel", _NEEDS.in_(work.locale), "needs", "bars", columns, lines)


async def service_by_month(work: Work, until: date) -> Figure:
    """Return how often the enterprises were served, month by month."""
    spans = months(until)
    asked: list[Asked] = [
        {**_between("served_on", *span), "state": _COUNTED_SERVICE} for span in spans
    ]
    values = _upward(work, parts, await counts(work, directory.named("service-log"), asked))
    lines = [
        Line(f"{span[0]:%Y-%m}", [Number(value, query)])
        for span, value, query in zip(spans, values, asked, strict=True)
    ]
    title, column = _PER_MONTH.in_(work.locale), _MONTH_COUNT.in_(work.locale)
    return Figure("months", title, "service-log", "columns", [column], lines)


async def service_by_kind(work: Work, first: date, last: date) -> Figure:
    """Return what kinds of service were given, the most frequent first."""
    asked: list[Asked] = [
        {"kind": str(kind), **_between("served_on", first, last), "state": _COUNTED_SERVICE}
        for kind in KINDS
    ]
    values = _upward(work, parts, await counts(work, directory.named("service-log"), asked))
    lines = [
        Line(label.in_(work.locale), [Number(value, query)])
        for label, value, query in zip(KINDS.values(), values, asked, strict=True)
    ]
    lines.sort(key=lambda line: -(line.numbers[0].value or 0))
    title, column = _PER_KIND.in_(work.locale), _MONTH_COUNT.in_(work.locale)
    return Figure("kinds", title, "service-log", "bars", [column], lines)


_ANSWERS: tuple[tuple[T, Mapping[str, str]], ...] = (
    (T("受理", "Accepted"), {}),
    (T("按期答复", "Answered in time"), {"clock": "met"}),
    (T("逾期答复", "Answered late"), {"clock": "missed"}),
    (T("未答复", "Not answered yet"), {"responded_on__isnull": "true"}),
)
_DAYS = T("答复用时（天，中位数）", "Days to the answer (median)")


async def answers_by_station(work: Work, first: date, last: date) -> Figure:
    """Return how the promise of an answer was kept, station by station."""
    needs = directory.named("needs")
    stations = await _stations(work, first, last)
    base = _between("accepted_on", first, last)
    asked: list[Asked] = [
        {"station_name": name, **base, **step} for name in stations for _, step in _ANSWERS
    ]
    answered: list[Asked] = [
        {"station_name": name, **base, "responded_on__isnull": "false"} for name in stations
    ]
    values = await counts(work, needs, asked)
    days = await median_days(work, needs, "accepted_on", "responded_on", answered)
    numbers = _in_fours(_upward(work, _by_station, values), asked)
    lines = [
        Line(name, [*next(numbers), Number(day, query)])
        for name, day, query in zip(stations, days, answered, strict=True)
    ]
    columns = [label.in_(work.locale) for label, _ in _ANSWERS] + [_DAYS.in_(work.locale)]
    return Figure("stations", _STATIONS.in_(work.locale), "needs", "table", columns, lines)


def _upward(
    work: Work, keep_back: Callable[[list[int]], list[int | None]], values: list[int]
) -> list[int | None]:
    """Return what of the values is told: all of them, or upward what gives no small group away."""
    return keep_back(values) if work.actor.role in UPWARD else list(values)


def _by_station(values: list[int]) -> list[int | None]:
    """Keep back station by station: how many were accepted, and into what they part."""
    told: list[int | None] = []
    for start in range(0, len(values), len(_ANSWERS)):
        whole, *into = values[start : start + len(_ANSWERS)]
        accepted, answers = line(whole, into)
        told += [accepted, *answers]
    return told


def _in_fours(values: list[int | None], asked: list[Asked]) -> Iterator[list[Number]]:
    size = len(_ANSWERS)
    told = [Number(value, query) for value, query in zip(values, asked, strict=True)]
    for start in range(0, len(told), size):
        yield told[start : start + size]


async def _stations(work: Work, first: date, last: date) -> list[str]:
    name = col(Need.station_name)
    statement = (
        select(name)
        .where(
            visible(directory.named("needs"), work.actor),
            col(Need.accepted_on).between(first, last),
            name.is_not(None),
        )
        .distinct()
        .order_by(name)
        .limit(_MOST_STATIONS)
    )
    return [str(one) for one in (await work.session.execute(statement)).scalars()]


async def all_figures(work: Work) -> list[Figure]:
    """Return what this actor's role may read of: the figures of needs, those of the service log."""
    last = today()
    first = months(last)[0][0]
    found = []
    if work.actor.role in directory.named("needs").rights.read:
        found.append(await funnel(work, first, last))
    if work.actor.role in directory.named("service-log").rights.read:
        found.append(await service_by_month(work, last))
        found.append(await service_by_kind(work, first, last))
    if work.actor.role in directory.named("needs").rights.read:
        found.append(await answers_by_station(work, first, last))
    return found
