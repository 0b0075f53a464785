"""An installation as a service manager keeps it: started, killed, started again."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from app.core.embedded_pg import EmbeddedPostgres
from app.core.settings import Settings, get_settings

PARK = (str(Path(sys.executable).with_name("park")), "serve")
LONGEST = 180.0  # seconds until something that should come back counts as gone for good


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def until(true: Callable[[], bool], seconds: float = LONGEST, pause: float = 0.02) -> float:
    """Wait for something to be true; return the seconds it took. Raises TimeoutError."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > seconds:
            raise TimeoutError(getattr(true, "__name__", ""))
        time.sleep(pause)
    return time.monotonic() - began


@dataclass
class Installation:
    """One PARK_HOME, its port, and the processes that serve it; the log is the file ``said``."""

    home: Path
    command: tuple[str, ...] = PARK
    settings: Mapping[str, str] = field(default_factory=dict)  # PARK_* and what else it is given
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> Path:
        return self.home.with_name(f"{self.home.name}.log")

    @property
    def postgres(self) -> EmbeddedPostgres:
        return EmbeddedPostgres(Settings(home=self.home))

    def environment(self) -> dict[str, str]:
        plain = {n: v for n, v in os.environ.items() if not n.startswith("PARK_")}
        own = {"PARK_HOME": str(self.home), "PARK_PORT": str(self.port)}
        return plain | own | {"PARK_SECOND_FACTOR": "off"} | dict(self.settings)

    def start(self) -> float:
        """Start the server; return the seconds until it is ready."""
        with self.said.open("ab") as said:
            self.process = subprocess.Popen(
                self.command, env=self.environment(), stdout=said, stderr=said
            )
        return until(self.ready)

    def ready(self) -> bool:
        """Say whether /readyz answers 200. Raises RuntimeError where the server has ended."""
        if self.process is not None and self.process.poll() is not None:
            raise RuntimeError(f"it ended: {self.said.read_text(errors='replace')[-2000:]}")
        with suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/readyz", timeout=10).is_success
        return False

    def workers(self) -> list[psutil.Process]:
        """Return the processes that answer requests, where there are several."""
        assert self.process
        children = psutil.Process(self.process.pid).children()
        return [one for one in children if _works(one)]

    def kill(self) -> None:
        """End the server and its workers with SIGKILL; the database lives on."""
        assert self.process
        theirs = [] if self.process.poll() is not None else self.workers()
        self.process.kill()
        for one in theirs:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        self.process.wait()
        psutil.wait_procs(theirs, 10)

    def stop(self) -> None:
        """End all of it, the embedded database too."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
        if (self.home / "postgres").is_dir():
            self.postgres.stop()


def _works(process: psutil.Process) -> bool:
    try:
        return "spawn_main" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # killed a moment ago
        return False


@contextmanager
def settings_of(installation: Installation) -> Iterator[None]:
    """Let this process see the installation's database as the installation does."""
    before = {name: value for name, value in os.environ.items() if name.startswith("PARK_")}
    for name in before:
        del os.environ[name]
    os.environ.update(
        {n: v for n, v in installation.environment().items() if n.startswith("PARK_")}
    )
    get_settings.cache_clear()
    try:
        yield
    finally:
        for name in [name for name in os.environ if name.startswith("PARK_")]:
            del os.environ[name]
        os.environ.update(before)
        get_settings.cache_clear()
