"""Instants as people ask for them: with a zone, without one, or just a day of ours."""

import re
from datetime import date, datetime, time
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

from app.core.clock import CIVIL

_DAY = len("2026-01-01")


_NUMBER = re.compile(r"[-+]?[\d.]+(e[-+]?\d+)?", re.IGNORECASE)


def _in_words_of_the_calendar(given: Any) -> Any:
    """Take no bare number: a year alone ("2026") would be read as seconds after 1970."""
    if isinstance(given, str) and _NUMBER.fullmatch(given.strip()):
        return f"number: {given}"
    return given


def _aware(instant: datetime) -> datetime:
    return instant if instant.tzinfo else instant.replace(tzinfo=CIVIL)


def _end_of_day(given: Any) -> Any:
    """Read a day alone as its last microsecond: "until the 5th" includes the 5th."""
    if isinstance(given, str) and len(given) == _DAY:
        try:
            day = date.fromisoformat(given)
        except ValueError:
            return given
        return datetime.combine(day, time.max, CIVIL)
    return given


#: An instant; one without a zone is civil time, a day alone its first moment.
Instant = Annotated[datetime, BeforeValidator(_in_words_of_the_calendar), AfterValidator(_aware)]
#: The same as an upper bound: a day alone is its last moment.
LastInstant = Annotated[
    datetime,
    BeforeValidator(_in_words_of_the_calendar),
    BeforeValidator(_end_of_day),
    AfterValidator(_aware),
]
#: A day as an address names it.
Day = Annotated[date, BeforeValidator(_in_words_of_the_calendar)]
