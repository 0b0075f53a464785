"""The toy register put into a house of its own: table, walls, routes."""

from collections.abc import AsyncIterator

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from fastapi import FastAPI

from app.core import db
from app.main import PREFIX, create_app
from app.registers import directory
from app.registers.routes import router_of
from migrations import walls
from tests.house import House, build
from tests.registers.toy import TOYS, Toy


@pytest.fixture(scope="package")
def toy_app() -> FastAPI:
    """The whole application and one more register: what a new folder, line and migration add."""
    app = create_app()
    app.include_router(router_of(TOYS), prefix=PREFIX)
    return app


@pytest.fixture
async def toys(
    database: str, toy_app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    # for as long as its table is there: other tests of this folder know no toys
    known = {one.name: one for one in directory.everything()}
    monkeypatch.setattr(directory, "_REGISTERS", known)
    directory.enter([TOYS])
    engine = sa.create_engine(database)
    with engine.begin() as connection:
        Toy.__table__.create(connection)  # type: ignore[attr-defined]
        with Operations.context(MigrationContext.configure(connection)):
            walls.register_table("toy", "toys")
    engine.dispose()
    yield await build(toy_app)
    await db.close()
