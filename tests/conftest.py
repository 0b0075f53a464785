"""Fixtures every test may ask for."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from fastapi import FastAPI

from app.core.embedded_pg import EmbeddedPostgres
from tests.house import House, build

pytest_plugins = ["tests.postgres"]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def app() -> FastAPI:
    """The application, built once; which database it meets is the ``database`` fixture's matter."""
    from app.main import create_app

    return create_app()


@pytest.fixture(scope="session")
def furnished(postgres: EmbeddedPostgres, app: FastAPI) -> House:
    """A house built once; its database is what every ``house`` is a copy of."""
    from app.core import db
    from tests.postgres import FURNISHED, cloned

    async def built() -> House:
        house = await build(app)
        await db.close()
        return house

    with cloned(postgres, keep=FURNISHED):
        return asyncio.run(built())


@pytest.fixture
async def house(database: str, furnished: House) -> AsyncIterator[House]:
    """An own database with organisations and accounts, and clients for all of them."""
    from app.core import db

    yield replace(furnished, tokens=dict(furnished.tokens))
    await db.close()
