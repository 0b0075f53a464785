"""A world of its own for a harness that may change it: cluster, application, records, actors."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from fastapi import FastAPI

from app.core import db
from app.core.embedded_pg import EmbeddedPostgres
from tests import house
from tests import postgres as clusters
from tests.access import world
from tests.access.world import World


@contextmanager
def opened() -> Iterator[World]:
    """Run a cluster and yield a world in it, for use on whatever event loop comes next."""
    from app.main import create_app

    with clusters.running() as server, peopled(server, create_app()) as made:
        yield made


@contextmanager
def peopled(server: EmbeddedPostgres, app: FastAPI) -> Iterator[World]:
    """Yield a world in a database of its own on a running cluster."""
    with clusters.cloned(server) as address:
        owner = sa.create_engine(address, poolclass=sa.NullPool)

        async def built() -> World:
            made = await world.build(await house.build(app), owner)
            await db.close()
            return made

        try:
            yield asyncio.run(built())
        finally:
            owner.dispose()
