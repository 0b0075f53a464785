"""What the ledgers' tests need besides a house: a clock that is let go."""

from collections.abc import Iterator

import pytest

from app.core import clock


@pytest.fixture(autouse=True)
def _running_clock() -> Iterator[None]:
    yield
    clock.say(None)
