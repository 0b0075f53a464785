"""kill -9 of application and PostgreSQL under retrying writers: nothing acknowledged is lost.

The long form, with workers and long work killed too and more controls, is
``python -m bench.walls faults``.
"""

from collections.abc import Iterator

import pytest

from bench.walls.faults import kills
from bench.walls.faults.installation import Installation
from bench.walls.faults.writers import People

pytestmark = pytest.mark.slow
_WRITERS = 4
_ROUNDS = 2
Furnished = tuple[Installation, People]


@pytest.fixture(scope="module")
def furnished() -> Iterator[Furnished]:
    with kills.furnished(workers=1) as made:
        yield made


def test_nothing_acknowledged_is_lost_doubled_or_unaudited(furnished: Furnished) -> None:
    victims = ("application", "postgres")
    story = kills.rounds(*furnished, _ROUNDS, victims, _WRITERS, with_clerk=False)
    assert len(story.writers.acknowledged) > _ROUNDS * _WRITERS
    assert story.balance
    assert story.balance.clean, story.balance
    assert not story.writers.unexpected()


def test_the_same_harness_finds_a_database_that_acknowledges_too_early(
    furnished: Furnished,
) -> None:
    """The control: with synchronous_commit off, what was acknowledged last is gone."""
    assert kills.acknowledged_too_early(*furnished)
