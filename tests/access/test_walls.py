"""Either wall alone: the application's own filter off, the database holds; and the other way."""

from collections.abc import Iterator

import pytest

from tests.access import oracle
from tests.access.probes import Operation, of_registers
from tests.access.running import Run
from tests.access.sweeping import sweep
from tests.access.walls import application_off, came_through, database_off
from tests.access.world import World

pytestmark = pytest.mark.slow


@pytest.fixture
def unwalled(probed: World) -> Iterator[World]:
    with database_off(probed.owner) as tables:
        assert tables > 15
        yield probed


@pytest.mark.parametrize("register", sorted(oracle.SEES))
async def test_no_row_of_others_comes_through_the_databases_wall_alone(
    probed: World, operations: list[Operation], register: str
) -> None:
    run = Run(probed)
    with application_off():
        rows = await came_through(run, operations, register)
    assert not run.wrong, [str(one) for one in run.wrong[:10]]
    assert rows, "the filter is off, the wall lets through what is one's own"


async def test_the_application_alone_answers_as_the_specification_says(
    unwalled: World, operations: list[Operation]
) -> None:
    run = Run(unwalled)
    reads = ("_read", "_comments", "_attachments", "_history", "_import_read", "_observations")
    await run.put(of_registers(unwalled, [o for o in operations if o.id.endswith(reads)]))
    for register in oracle.SEES:
        for who, _ in unwalled.actors.values():
            await sweep(run, operations, register, who)
    assert not run.wrong, [str(one) for one in run.wrong[:10]]
    assert run.probes > 1_000
