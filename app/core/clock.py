"""The one place that asks what time it is, so that tests can say it."""

from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

#: Dates that people write and promise (a visit, a due date) are days of this place.
CIVIL = ZoneInfo("Asia/Shanghai")

_said: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return _said.get() or datetime.now(UTC)


def today() -> date:
    """Return the present civil day."""
    return now().astimezone(CIVIL).date()


def say(instant: datetime | None) -> None:
    """Stop the clock of this context at ``instant``; None lets it run again (tests only)."""
    _said.set(instant)
