"""The trail: what is changed is found, what is written is sealed, what is young stays; a drill."""

from collections.abc import Iterator

from bench.walls import drill, trail_load, trail_rules, trail_tampers
from bench.walls.rows import Row
from tests.postgres import running


def measured(long: bool) -> Iterator[Row]:  # noqa: FBT001 -- the frame's
    with running() as server:
        yield from trail_tampers.measured(server, long=long)
        yield from trail_rules.measured(server)
        yield from trail_load.measured(server, long=long)
    yield from drill.measured(long=long)
