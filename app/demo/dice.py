"""Chance that repeats itself: the same seed and the same name give the same throws."""

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from app.core.clock import CIVIL

X = TypeVar("X")
_OPENS, _CLOSES = 9, 17  # o'clock
_WEEKEND = 5


class Dice(random.Random):
    """A source of chance for one part of the demo."""

    def __init__(self, *names: object) -> None:
        super().__init__("/".join(map(str, names)))

    def happens(self, share: float) -> bool:
        return self.random() < share

    def weighed(self, weights: Mapping[X, float]) -> X:
        return self.choices(list(weights), list(weights.values()))[0]

    def moment(self, day: date) -> datetime:
        """Return a time in office hours of ``day``, or of the Friday before a weekend."""
        if day.weekday() >= _WEEKEND:
            day -= timedelta(days=day.weekday() - _WEEKEND + 1)
        at = time(self.randrange(_OPENS, _CLOSES), self.randrange(60), self.randrange(60))
        return datetime.combine(day, at, CIVIL).astimezone(UTC)

    def later(self, after: datetime, days: int, until: datetime) -> datetime:
        """Return a moment some days after another, later than it and before ``until``."""
        found = self.moment((after.astimezone(CIVIL) + timedelta(days=days)).date())
        while found <= after:
            found += timedelta(minutes=self.randrange(5, 90))
        return min(found, until)
