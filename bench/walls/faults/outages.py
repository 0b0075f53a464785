"""The database restarts, hangs, is slow, or has no connection left: the application stays up."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Self

import httpx
import psycopg

from bench.walls.faults.checking import Balance, balance
from bench.walls.faults.installation import Installation, until
from bench.walls.faults.servers import DATABASE, Server, address
from bench.walls.faults.wire import Wire
from bench.walls.faults.writers import Writers, people

GONE = 8.0  # seconds an outage lasts
SLOW = 0.1  # seconds each way to the slow database
CROWD = 40  # writers that use up the connections


@dataclass
class Readiness:
    """Asks /readyz all the time and remembers when the answer changed."""

    url: str
    changes: list[tuple[float, bool]] = field(default_factory=list)
    _over: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def __enter__(self) -> Self:
        self._thread = Thread(target=self._look, daemon=True)
        self._thread.start()
        until(lambda: bool(self.changes))
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        assert self._thread
        self._thread.join(20)

    def became(self, *, ready: bool, since: float) -> float:
        """Wait for the answer to be so after ``since``; return the seconds from then."""

        def found() -> list[float]:
            after = [at for at, then in list(self.changes) if then is ready and at > since]
            return after or ([since] if self.changes[-1][1] is ready else [])

        until(lambda: bool(found()))
        return found()[0] - since

    def _look(self) -> None:
        with httpx.Client(timeout=20) as client:
            while not self._over.wait(0.05):
                try:
                    ready = client.get(f"{self.url}/readyz").is_success
                except httpx.TransportError:
                    ready = False
                if not self.changes or self.changes[-1][1] is not ready:
                    self.changes.append((time.monotonic(), ready))


@dataclass
class Outages:
    """What the outages came to, by name."""

    writers: Writers
    down: dict[str, float] = field(default_factory=dict)  # seconds until /readyz said so
    up: dict[str, float] = field(default_factory=dict)  # from the end of it to ready
    served: dict[str, int] = field(default_factory=dict)  # writes acknowledged meanwhile
    balance: Balance | None = None


@contextmanager
def one_server() -> Iterator[tuple[Server, Wire, Installation]]:
    """Serve from a database on loopback that is reached over a wire."""
    with TemporaryDirectory(prefix="park-faults-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        server = Server(root, "server")
        try:
            server.create()
            with Wire(server.port) as wire:
                settings = {"PARK_DATABASE_URL": address(wire.port)}
                installation = Installation(root / "home", settings=settings)
                try:
                    installation.start()
                    yield server, wire, installation
                finally:
                    installation.stop()
        finally:
            server.stop()


def restarted(server: Server, _: Wire) -> Iterator[None]:
    server.stop()
    yield
    server.start()


def frozen(server: Server, _: Wire) -> Iterator[None]:
    server.signal(signal.SIGSTOP)
    yield
    server.signal(signal.SIGCONT)


def slow(_: Server, wire: Wire) -> Iterator[None]:
    wire.delay = SLOW
    yield
    wire.delay = 0.0


def locked(server: Server, _: Wire) -> Iterator[None]:
    """Let every connection wait for a table, until there is none left."""
    over, held = Event(), Event()

    def hold() -> None:
        place = f"host=127.0.0.1 port={server.port} user=postgres dbname={DATABASE}"
        with psycopg.connect(place) as connection:
            connection.execute("LOCK TABLE need IN ACCESS EXCLUSIVE MODE")
            held.set()
            over.wait()

    holding = Thread(target=hold, daemon=True)
    holding.start()
    held.wait()
    yield
    over.set()
    holding.join()


Outage = Callable[[Server, Wire], Iterator[None]]
OUTAGES: dict[str, Outage] = {
    "restarted": restarted,
    "frozen": frozen,
    "slow": slow,
    "exhausted": locked,
}
GOES = ("restarted", "frozen")  # those in which nothing can be served


def run(outages: dict[str, Outage] = OUTAGES, seconds: float = GONE) -> Outages:
    """Cause one outage after the other under writers, then strike the balance."""
    with one_server() as (server, wire, installation):
        told = Outages(Writers(installation.url, people(installation), CROWD))
        with told.writers, Readiness(installation.url) as readiness:
            for name, outage in outages.items():
                until(lambda: readiness.changes[-1][1])
                time.sleep(1)
                before, began = len(told.writers.acknowledged), time.monotonic()
                steps = outage(server, wire)
                next(steps)
                if name in GOES:
                    told.down[name] = readiness.became(ready=False, since=began)
                time.sleep(max(0.0, began + seconds - time.monotonic()))
                told.served[name] = len(told.writers.acknowledged) - before
                next(steps, None)
                told.up[name] = _back(told.writers, readiness, time.monotonic())
        told.balance = balance(installation, told.writers.acknowledged)
        return told


def _back(writers: Writers, readiness: Readiness, ended: float) -> float:
    """Return the seconds from the end of an outage until it is ready and a write is taken."""
    ready = readiness.became(ready=True, since=ended)
    return max(ready, writers.back_after(ended))
