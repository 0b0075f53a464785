"""Working days: a table people may correct, and arithmetic that says when it does not know."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

import chinese_calendar
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, SQLModel, col

from app.core.tables import stored_as_text

FIRST_SEEDED_DAY = date(2004, 1, 1)
_DAY = timedelta(days=1)


class DayKind(StrEnum):
    WORK = "work"
    REST = "rest"


class Workday(SQLModel, table=True):
    """Whether people work on a day; a day without a row is unknown, not a guess."""

    __tablename__ = "workday"

    day: date = Field(primary_key=True)
    kind: DayKind = Field(sa_type=stored_as_text(DayKind))
    source: str


#: A day's answer: worked, rested, or not known. A mapping without the day is "not known" too.
Calendar = Mapping[date, bool] | Callable[[date], bool | None]


@dataclass(frozen=True, slots=True)
class CalendarUnknown:
    """The count ran into a day the calendar does not cover, because its notice is not out yet."""

    day: date


def add_working_days(start: date, n: int, calendar: Calendar) -> date | CalendarUnknown:
    """Return the n-th working day after ``start``; the day of ``start`` itself does not count."""
    if n < 0:
        raise ValueError("working days are counted forward")
    day = start
    while n:
        day += _DAY
        works = _answer(calendar, day)
        if works is None:
            return CalendarUnknown(day)
        n -= works
    return day


def working_days_between(start: date, end: date, calendar: Calendar) -> int | CalendarUnknown:
    """Count the working days after ``start`` up to and including ``end``; 0 if end comes first."""
    count = 0
    day = start
    while day < end:
        day += _DAY
        works = _answer(calendar, day)
        if works is None:
            return CalendarUnknown(day)
        count += works
    return count


def _answer(calendar: Calendar, day: date) -> bool | None:
    return calendar.get(day) if isinstance(calendar, Mapping) else calendar(day)


@cache
def seeded_calendar() -> Mapping[date, bool]:
    """Give the days as published by the State Council up to the release of chinese-calendar."""
    return dict(_published_days())


def _published_days() -> Iterator[tuple[date, bool]]:
    day = FIRST_SEEDED_DAY
    while True:
        try:
            yield day, chinese_calendar.is_workday(day)
        except NotImplementedError:  # the year's notice was not out when the package was made
            return
        day += _DAY


def load_workdays(connection: sa.Connection) -> int:
    """Add the published days the table lacks and keep what people corrected; return how many.

    Every start may call this: it writes only days after the last one stored. The caller owns the
    transaction.
    """
    last = connection.scalar(sa.select(sa.func.max(col(Workday.day))))
    source = f"chinese-calendar {chinese_calendar.__version__}"
    rows = [
        {"day": day, "kind": DayKind.WORK if works else DayKind.REST, "source": source}
        for day, works in seeded_calendar().items()
        if last is None or day > last
    ]
    if rows:
        connection.execute(insert(Workday).on_conflict_do_nothing(), rows)
    return len(rows)


def read_calendar(connection: sa.Connection, since: date, until: date) -> dict[date, bool]:
    """Read the stored days of a period, ready for :func:`add_working_days`."""
    chosen = sa.select(col(Workday.day), col(Workday.kind)).where(
        col(Workday.day).between(since, until)
    )
    return {day: kind == DayKind.WORK for day, kind in connection.execute(chosen)}
