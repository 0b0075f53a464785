"""A clock that was wrong and is right again: nobody is kept out by what it wrote meanwhile."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from app.core import clock
from tests.house import House


@pytest.fixture(autouse=True)
def _running_clock() -> Iterator[None]:
    yield
    clock.say(None)


async def _tried(house: House) -> int:
    form = {"username": "somebody", "password": "wrong and wrong again"}
    async with house.client(None) as client:
        return (await client.post("/api/v1/auth/token", data=form)).status_code


@pytest.mark.parametrize("hours", [1, -1])
async def test_signing_in_is_not_held_up_by_a_clock_that_was_wrong(
    house: House, hours: int
) -> None:
    clock.say(clock.now() + timedelta(hours=hours))
    assert await _tried(house) == 401
    clock.say(None)
    assert await _tried(house) == 401


async def test_a_guesser_still_waits_while_the_clock_is_right(house: House) -> None:
    assert 429 in [await _tried(house) for _ in range(8)]
