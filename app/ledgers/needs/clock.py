"""The promise clock: an answer within ten working days of acceptance; a suspension stops it.

Beyond the table of working days the due day is unknown, and said to be: never guessed.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from app.audit.work import Work
from app.catalogues.workdays import (
    CalendarUnknown,
    add_working_days,
    read_calendar,
    working_days_between,
)
from app.core.clock import today
from app.ledgers.needs.models import ClockState, Need

RESPONSE_DAYS = 10
_HORIZON = timedelta(days=60)  # ten working days never span more, whatever the holidays


async def calendar_around(work: Work, *days: date | None) -> Mapping[date, bool]:
    """Return the known working days from the earliest of ``days`` to well beyond the latest."""
    known = [day for day in days if day is not None]
    connection = await work.session.connection()
    return await connection.run_sync(read_calendar, min(known), max(known) + _HORIZON)


def start(need: Need, calendar: Mapping[date, bool]) -> None:
    """Begin to count on the day of acceptance."""
    need.clock = ClockState.running
    need.clock_since = need.accepted_on
    need.clock_days_left = RESPONSE_DAYS
    _set_due(need, calendar)


def pause(need: Need, calendar: Mapping[date, bool]) -> None:
    """Stand still from today; the days used up stay used."""
    if need.clock is not ClockState.running or need.clock_since is None:
        return
    used = working_days_between(need.clock_since, today(), calendar)
    if not isinstance(used, CalendarUnknown):
        need.clock_days_left = (need.clock_days_left or 0) - used
    need.clock = ClockState.paused
    need.clock_since = today()


def resume(need: Need, calendar: Mapping[date, bool]) -> None:
    """Go on counting today with the days that were left; what was overdue stays overdue."""
    if need.clock is not ClockState.paused:
        return
    need.clock = ClockState.running
    need.clock_since = today()
    _set_due(need, calendar)


def stop(need: Need) -> None:
    """Note that the answer was given, in time or late; a due day unknown cannot be missed."""
    if need.clock not in (ClockState.running, ClockState.paused):
        return
    late = need.clock is ClockState.running and need.due_on is not None and today() > need.due_on
    need.clock = ClockState.missed if late else ClockState.met
    need.responded_on = today()


def _set_due(need: Need, calendar: Mapping[date, bool]) -> None:
    left = need.clock_days_left or 0
    if left < 0 or need.clock_since is None:
        return
    due = add_working_days(need.clock_since, left, calendar)
    need.due_unknown = isinstance(due, CalendarUnknown)
    need.due_on = None if isinstance(due, CalendarUnknown) else due
