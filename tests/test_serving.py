"""`park serve`: from nothing to an answer, through the death of its database, to a clean end."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.core.embedded_pg import EmbeddedPostgres
from app.core.settings import Settings

pytestmark = pytest.mark.slow

PARK = str(Path(sys.executable).with_name("park"))


class Installation:
    """One PARK_HOME, its port, and the server that runs on it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen[str] | None = None

    def start(self, *words: str) -> None:
        environment = {n: v for n, v in os.environ.items() if not n.startswith("PARK_")}
        self.process = subprocess.Popen(
            [PARK, "serve", *words],
            env=environment | {"PARK_HOME": str(self.home), "PARK_PORT": str(self.port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.wait_for("/readyz")

    def wait_for(self, path: str, seconds: float = 60) -> float:
        """Seconds until `path` answers 200."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            assert self.process
            if self.process.poll() is not None:
                pytest.fail(f"park serve ended: {self.process.communicate()[0]}")
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}{path}").is_success:
                    return time.monotonic() - began
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        pytest.fail(f"{path} did not answer within {seconds} s")

    def tell(self, what: signal.Signals) -> str:
        """Send a signal and return all that was printed."""
        assert self.process
        self.process.send_signal(what)
        said, _ = self.process.communicate(timeout=30)
        return said

    @property
    def postgres(self) -> EmbeddedPostgres:
        return EmbeddedPostgres(Settings(home=self.home))

    def postgres_pid(self) -> int | None:
        return self.postgres.pid


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(tmp_path / "home")
    yield installation
    if installation.process and installation.process.poll() is None:
        installation.process.kill()
        installation.process.communicate()
    installation.postgres.stop()


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_it_starts_from_nothing_and_leaves_nothing_running(
    installation: Installation, end: signal.Signals
) -> None:
    installation.start()
    assert installation.postgres_pid()
    said = installation.tell(end)
    assert "/setup?token=" in said  # no account, no default password: a link that works once
    assert "Traceback" not in said
    assert installation.postgres_pid() is None
    assert installation.process
    assert installation.process.returncode in {0, 130}


def test_it_starts_again_after_a_clean_end(installation: Installation) -> None:
    """How soon is measured by bench/foundation.py (F2), not asserted here."""
    installation.start()
    installation.tell(signal.SIGTERM)
    installation.start()


def test_it_revives_a_database_that_was_killed(installation: Installation) -> None:
    installation.start("--workers", "2")
    killed = installation.postgres_pid()
    assert killed
    os.kill(killed, signal.SIGKILL)
    time.sleep(0.3)
    assert installation.wait_for("/readyz") < 10
    assert installation.postgres_pid() not in {None, killed}


def test_it_starts_again_after_being_killed(installation: Installation) -> None:
    installation.start("--workers", "2")
    survivor = installation.postgres_pid()
    assert installation.process
    installation.process.kill()
    installation.process.communicate()
    assert installation.postgres_pid() == survivor
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and _taken(installation.port):
        time.sleep(0.1)  # its workers notice and go
    installation.start()
    assert installation.postgres_pid() == survivor
    installation.tell(signal.SIGTERM)
    assert installation.postgres_pid() is None


def test_a_taken_port_is_said_in_words(installation: Installation) -> None:
    installation.start()
    second = subprocess.run(
        [PARK, "serve"],
        env=os.environ | {"PARK_HOME": str(installation.home), "PARK_PORT": str(installation.port)},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert second.returncode == 1
    assert "PARK_PORT" in second.stderr
    assert installation.wait_for("/readyz") < 5


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
