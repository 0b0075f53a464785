"""kill -9 of application and PostgreSQL under retrying writers: nothing acknowledged is lost."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import anyio
import httpx
import pytest
import sqlalchemy as sa
from fastapi import FastAPI

from app.core import db
from app.core.database_roles import owner_url
from app.core.settings import get_settings
from tests import house
from tests.ledgers.builders import STATION, an_enterprise
from tests.test_serving import PARK, Installation

pytestmark = pytest.mark.slow
_WRITERS = 4
_ROUNDS = 4
_BETWEEN = 2.5  # seconds of writing before each kill


@dataclass
class Writers:
    """Clients that repeat every create under its key until somebody acknowledges it."""

    url: str
    token: str
    enterprise: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    statuses: set[int] = field(default_factory=set)
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        self._threads = [threading.Thread(target=self._write, args=[n]) for n in range(_WRITERS)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(30)

    def _write(self, writer: int) -> None:
        number = 0
        with httpx.Client(headers={"Authorization": f"Bearer {self.token}"}, timeout=10) as client:
            while not self._over.is_set():
                number += 1
                self._until_acknowledged(client, f"写入 {writer}-{number}")

    def _until_acknowledged(self, client: httpx.Client, title: str) -> None:
        given = {"title": title, "description": "说明", "enterprise_id": self.enterprise}
        key = {"Idempotency-Key": title.encode().hex()}
        while True:
            try:
                answer = client.post(f"{self.url}/api/v1/needs", json=given, headers=key)
            except httpx.TransportError:
                time.sleep(0.1)
                continue
            self.statuses.add(answer.status_code)
            if answer.status_code == 201:
                self.acknowledged[title] = answer.json()["id"]
                return
            if self._over.is_set() and answer.status_code != 503:
                return
            time.sleep(0.1)


class Quiet(Installation):
    """Its words go to a file: a pipe that nobody reads would fill up and stop it."""

    def start(self, *words: str) -> None:
        environment = {n: v for n, v in os.environ.items() if not n.startswith("PARK_")}
        with (self.home.parent / "said").open("a") as said:
            self.process = subprocess.Popen(
                [PARK, "serve", *words],
                env=environment | {"PARK_HOME": str(self.home), "PARK_PORT": str(self.port)},
                stdout=said,
                stderr=said,
                text=True,
            )
        self.wait_for("/readyz")


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    made = Quiet(tmp_path / "home")
    for name in [name for name in os.environ if name.startswith("PARK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PARK_HOME", str(made.home))
    get_settings.cache_clear()
    made.start()
    yield made
    if made.process and made.process.poll() is None:
        made.process.kill()
        made.process.communicate()
    made.postgres.stop()
    get_settings.cache_clear()


def _writers(installation: Installation, app: FastAPI) -> Writers:
    async def prepare() -> tuple[str, str]:
        built = await house.build(app)
        firm = await an_enterprise(built)
        await db.close()
        return built.tokens[STATION], str(firm["id"])

    token, enterprise = anyio.run(prepare)
    return Writers(f"http://127.0.0.1:{installation.port}", token, enterprise)


def _kill_application(installation: Installation) -> None:
    assert installation.process
    installation.process.kill()
    installation.process.communicate()
    installation.start()


def _kill_postgres(installation: Installation) -> None:
    pid = installation.postgres_pid()
    assert pid
    os.kill(pid, signal.SIGKILL)
    time.sleep(0.3)
    installation.wait_for("/readyz")


def _missing(titles: dict[str, str]) -> tuple[list[str], list[str], list[str]]:
    """Return acknowledged titles not there as acknowledged, titles there twice, unaudited ids."""
    engine = sa.create_engine(owner_url())
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT title, id::text FROM need")).all()
        bare = connection.execute(
            sa.text(
                "SELECT n.id::text FROM need n WHERE NOT EXISTS (SELECT FROM audit_entry a WHERE"
                " a.record_id = n.id AND a.verb = 'needs.create') OR NOT EXISTS (SELECT FROM"
                " record_version v WHERE v.record_id = n.id)"
            )
        )
        unaudited = list(bare.scalars())
    engine.dispose()
    there = {row[0]: row[1] for row in rows}
    seen = [row[0] for row in rows]
    lost = [title for title, one in titles.items() if there.get(title) != one]
    return lost, [title for title in there if seen.count(title) > 1], unaudited


def test_nothing_acknowledged_is_lost_doubled_or_unaudited(
    installation: Installation, app: FastAPI
) -> None:
    writers = _writers(installation, app)
    writers.start()
    try:
        for number in range(_ROUNDS):
            before = len(writers.acknowledged)
            time.sleep(_BETWEEN)
            assert len(writers.acknowledged) > before
            (_kill_postgres if number % 2 else _kill_application)(installation)
        time.sleep(_BETWEEN)
    finally:
        writers.stop()
    assert len(writers.acknowledged) > 50
    assert _missing(writers.acknowledged) == ([], [], [])
    assert {s for s in writers.statuses if not 200 <= s < 500} <= {503}, writers.statuses


def test_the_same_harness_finds_a_database_that_acknowledges_too_early(
    installation: Installation, app: FastAPI
) -> None:
    """The control: with synchronous_commit off, what was acknowledged last is gone."""
    writers = _writers(installation, app)
    engine = sa.create_engine(owner_url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("ALTER DATABASE park SET synchronous_commit = off"))
    engine.dispose()
    _kill_application(installation)  # its connections are to be new ones
    writers.start()
    lost: list[str] = []
    try:
        for _ in range(5):
            time.sleep(1.5)
            _kill_postgres(installation)
            lost = _missing(dict(writers.acknowledged))[0]
            if lost:
                break
    finally:
        writers.stop()
    assert lost
