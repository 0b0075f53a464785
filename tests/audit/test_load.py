"""The harness of load, short: the sealer killed while rows arrive out of order; the drill."""

import pytest

from app.core.embedded_pg import EmbeddedPostgres
from bench.walls import trail_load
from tests.postgres import cloned

pytestmark = pytest.mark.slow


def test_nothing_is_passed_over_while_the_sealer_is_killed(postgres: EmbeddedPostgres) -> None:
    with cloned(postgres):
        rows = {row["id"]: row for row in trail_load.many(4_000, kills=2)}
    assert rows["trail.rows"]["held"], rows
    assert rows["trail.broken"]["value"] == 0


def test_a_sealer_without_the_fence_is_caught(postgres: EmbeddedPostgres) -> None:
    with cloned(postgres):
        assert trail_load.without_the_fence()["held"]
