"""A primary dies under writers and its standby is promoted, again and again."""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.walls.faults.checking import Balance, balance
from bench.walls.faults.installation import Installation, until
from bench.walls.faults.servers import Server, address
from bench.walls.faults.wire import Wire
from bench.walls.faults.writers import Writers, people

WRITING = 2.0  # seconds before each death
FAR = 0.02  # seconds each way between the two servers
FARTHER = 0.4  # of the control, whose standby is not waited for


@dataclass
class Failovers:
    """What a run came to; ``back`` is seconds from the promotion to an acknowledged write."""

    writers: Writers
    back: list[float] = field(default_factory=list)
    balance: Balance | None = None

    @property
    def typical(self) -> float:
        return statistics.median(self.back)


@contextmanager
def pair(root: Path) -> Iterator[tuple[Server, Server]]:
    """Make two servers; the first one runs and holds Park's database."""
    here, there = Server(root, "here"), Server(root, "there")
    try:
        here.create()
        yield here, there
    finally:
        here.stop()
        there.stop()


def run(many: int, *, waiting: bool = True, writers: int = 16) -> Failovers:
    """Fail over ``many`` times, the application running all the while."""
    with TemporaryDirectory(prefix="park-faults-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        with pair(root) as (primary, standby):
            settings = {"PARK_DATABASE_URL": address(primary.port, standby.port)}
            installation = Installation(root / "home", settings=settings)
            try:
                installation.start()
                told = Failovers(Writers(installation.url, people(installation), writers))
                _again_and_again(told, primary, standby, many, waiting=waiting)
                until(installation.ready)
                told.balance = balance(installation, told.writers.acknowledged)
                return told
            finally:
                installation.stop()


def _again_and_again(
    told: Failovers, primary: Server, standby: Server, many: int, *, waiting: bool
) -> None:
    with told.writers:
        for _ in range(many):
            with Wire(primary.port, FAR if waiting else FARTHER) as wire:
                standby.follow(primary, wire.port)
                if waiting:
                    primary.wait_for_commits_on(standby)
                else:
                    primary.send_to(standby)
                time.sleep(WRITING)
                primary.kill()
                wire.cut()
            instant = time.monotonic()
            standby.ask("SELECT pg_promote()")
            told.back.append(told.writers.back_after(instant))
            primary, standby = standby, primary
