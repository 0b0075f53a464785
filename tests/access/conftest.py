"""One world a module: built once, probed many times, never changed by the probes."""

from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from app.core import db
from app.core.embedded_pg import EmbeddedPostgres
from tests import house
from tests import postgres as postgres_tests
from tests.access import world
from tests.access.probes import Operation, described
from tests.access.world import World


@pytest.fixture(scope="module")
async def built(postgres: EmbeddedPostgres, app: FastAPI) -> AsyncIterator[World]:
    with postgres_tests.cloned(postgres) as address:
        owner = sa.create_engine(address, poolclass=sa.NullPool)
        try:
            yield await world.build(await house.build(app), owner)
        finally:
            owner.dispose()
            await db.close()


@pytest.fixture
def probed(built: World) -> World:
    """The world, with what earlier probes ended brought back."""
    built.restore()
    return built


@pytest.fixture(scope="session")
def operations(app: FastAPI) -> list[Operation]:
    return described(app.openapi())
