"""kill -9 in the middle of long work: it goes on elsewhere or leaves nothing, and never doubles."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from app.core import jobs
from tests.house import House
from tests.libraries.people import STATION

pytestmark = pytest.mark.slow
_WORKER = "import asyncio, app.main; from app.core import jobs; asyncio.run(jobs.work())"
_WORKBOOK = Path(__file__).parents[1] / "data" / "workbooks" / "enterprises-zh-CN-5000.xlsx"
_GOOD = 4788
_KILLS = 3
_LONGEST = 240  # seconds until a task that nobody kills has ended
_THERE = sa.text(
    "SELECT (SELECT count(*) FROM enterprise WHERE deleted_at IS NULL),"
    " (SELECT count(*) FROM record_version WHERE verb = 'import'),"
    " (SELECT count(DISTINCT record_id) FROM observation WHERE superseded_at IS NULL),"
    " (SELECT count(DISTINCT record_id) FROM secret_value),"
    " (SELECT state FROM import_batch)"
)


def _there(database: str) -> tuple[Any, ...]:
    """Return live enterprises, versions by import, those with figures, with a phone; the state."""
    engine = sa.create_engine(database)
    with engine.connect() as connection:
        found = tuple(connection.execute(_THERE).one())
    engine.dispose()
    return found


async def _until(client: httpx.AsyncClient, place: str, wanted: Callable[[Any], bool]) -> Any:
    """Wait for a task to be as ``wanted`` says."""
    until = time.monotonic() + _LONGEST
    told = (await client.get(place)).json()
    while not wanted(told):
        if time.monotonic() > until:
            raise TimeoutError(told)
        await asyncio.sleep(0.05)
        told = (await client.get(place)).json()
    return told


def _far(share: float) -> Callable[[Any], bool]:
    def enough(told: Any) -> bool:
        assert told["state"] in ("queued", "running"), told
        return bool(told["total"]) and told["done"] >= share * _GOOD

    return enough


async def _killed(client: httpx.AsyncClient, place: str, share: float) -> None:
    """Let another process take the task up, and kill it about there."""
    worker = subprocess.Popen([sys.executable, "-c", _WORKER], env=os.environ)  # noqa: ASYNC220
    try:
        await _until(client, place, _far(share))
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()


@pytest.mark.usefixtures("database")
async def test_an_import_killed_while_it_is_written_or_undone_happens_once(
    house: House, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "STALLED", 0.0)  # nobody waits here for a worker that has gone
    chance = random.Random(7)  # noqa: S311
    before: tuple[Any, ...] = (0, 0, 0, 0, "checked")
    after = {
        "commit": (_GOOD, _GOOD, _GOOD, _GOOD, "committed"),
        "undo": (0, _GOOD, 0, 0, "undone"),
    }
    async with house.client(STATION) as client:
        files = {"file": (_WORKBOOK.name, _WORKBOOK.read_bytes())}
        told = (await client.post("/api/v1/enterprises/imports", files=files)).json()
        for move, wanted in after.items():
            asked = await client.post(f"/api/v1/enterprises/imports/{told['id']}/moves/{move}")
            assert asked.status_code == 202, asked.text
            place = asked.headers["location"]
            for _ in range(_KILLS):
                await _killed(client, place, chance.random() * 0.7)
                await _taken_over()
                assert _there(database) == before  # nothing of it is to be seen
                assert (await client.get(place)).json()["state"] == "running"
            await jobs.drain()
            assert (await client.get(place)).json()["state"] == "done"
            assert _there(database) == wanted
            before = wanted


async def _taken_over() -> None:
    """Put what dead workers left back into the queue, as every worker does now and then."""
    async with jobs._opened([]) as app:  # noqa: SLF001
        await jobs._take_over(app)  # noqa: SLF001
