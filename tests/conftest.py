"""Fixtures every test may ask for."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

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


@pytest.fixture
async def house(database: str, app: FastAPI) -> AsyncIterator[House]:
    """An own database with organisations and accounts, and clients for all of them."""
    from app.core import db

    yield await build(app)
    await db.close()
