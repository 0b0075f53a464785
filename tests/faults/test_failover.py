"""A primary dies and its standby takes over: the running application finds it, nothing is lost."""

import pytest

from bench.walls.faults import failover

pytestmark = pytest.mark.slow


def test_the_application_follows_to_the_promoted_standby() -> None:
    found = failover.run(1, writers=4)
    assert len(found.back) == 1
    assert found.balance
    assert found.balance.clean, found.balance
    assert not found.writers.unexpected()
