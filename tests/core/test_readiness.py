"""Readiness where the database hangs: an answer in time, one question, and ready again after."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import db
from app.desk import health
from tests.house import House


async def test_a_database_that_hangs_is_asked_once_and_counts_as_gone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, asked = asyncio.Event(), SimpleNamespace(times=0)
    whole = db.transaction

    @asynccontextmanager
    async def hanging(wall: str, *, reading: bool = False) -> AsyncIterator[AsyncSession]:
        asked.times += 1
        await goes_on.wait()
        async with whole(wall) as session:
            yield session

    monkeypatch.setattr(health, "PATIENCE", 0.01)
    monkeypatch.setattr(db, "transaction", hanging)
    async with house.client(None) as anybody:
        for _ in range(3):
            answer = await anybody.get("/readyz")
            assert (answer.status_code, answer.json()["database"]) == (503, False)
        assert asked.times == 1
        monkeypatch.setattr(health, "PATIENCE", 10)
        goes_on.set()
        assert (await anybody.get("/readyz")).status_code == 200
