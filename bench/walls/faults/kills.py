"""kill -9 of application, worker and PostgreSQL under retrying writers, round after round."""

import os
import random
import signal
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.walls.faults.checking import Balance, balance, statement
from bench.walls.faults.clerk import Clerk, wrongly_written
from bench.walls.faults.installation import PARK, Installation, until
from bench.walls.faults.writers import People, Writers, people

BETWEEN = (0.8, 2.0)  # seconds of writing before each kill
Victim = Callable[[Installation], None]


def kill_application(installation: Installation) -> None:
    installation.kill()
    installation.start()


def kill_worker(installation: Installation) -> None:
    """Kill one of the processes that answer; the others and their parent go on."""
    random.choice(installation.workers()).kill()  # noqa: S311


def kill_postgres(installation: Installation) -> None:
    """Kill the embedded server; whoever serves is to start it again."""
    pid = installation.postgres.pid
    assert pid
    os.kill(pid, signal.SIGKILL)


VICTIMS: dict[str, Victim] = {
    "application": kill_application,
    "postgres": kill_postgres,
    "worker": kill_worker,
}


@dataclass
class Story:
    """What a run of kills came to."""

    writers: Writers
    back: dict[str, list[float]] = field(default_factory=dict)  # seconds to the first answer
    balance: Balance | None = None
    clerk: Clerk | None = None
    wrong_imports: list[int] = field(default_factory=list)
    broken_off: int = 0

    def worst(self, victim: str) -> float:
        return max(self.back.get(victim, [0.0]))

    def typical(self, victim: str) -> float:
        return statistics.median(self.back.get(victim, [0.0]))


@contextmanager
def furnished(
    command: tuple[str, ...] = PARK, workers: int = 2
) -> Iterator[tuple[Installation, People]]:
    """Serve a new installation with people in it."""
    with TemporaryDirectory(prefix="park-faults-") as folder:
        Path(folder).chmod(0o755)
        made = Installation(Path(folder) / "home", command, {"PARK_WORKERS": str(workers)})
        try:
            made.start()
            yield made, people(made)
        finally:
            made.stop()


def rounds(
    installation: Installation,
    who: People,
    many: int,
    victims: tuple[str, ...] = tuple(VICTIMS),
    writers: int = 16,
    *,
    at_least: int = 0,
    with_clerk: bool = True,
) -> Story:
    """Kill one after the other, each once writes are acknowledged again; strike the balance."""
    story = Story(Writers(installation.url, who, writers))
    with story.writers:
        story.clerk = Clerk(installation.url, who) if with_clerk else None
        if story.clerk:
            story.clerk.__enter__()
        for victim in islice(cycle(victims), many):
            story.writers.go_on(at_least, random.uniform(*BETWEEN))  # noqa: S311
            story.back.setdefault(victim, []).append(_killed(installation, story.writers, victim))
        time.sleep(BETWEEN[1])
    if story.clerk:
        story.clerk.__exit__()
        story.wrong_imports, story.broken_off = wrongly_written(installation, story.clerk)
    until(installation.ready)
    story.balance = balance(installation, story.writers.acknowledged)
    return story


def _killed(installation: Installation, writers: Writers, victim: str) -> float:
    """Kill, and return the seconds until a write sent after that was acknowledged."""
    instant = time.monotonic()
    VICTIMS[victim](installation)
    return writers.back_after(instant)


def acknowledged_too_early(installation: Installation, who: People, tries: int = 8) -> list[str]:
    """Return what is lost where commits do not wait for the disk: the harness must find some."""
    statement(installation, "ALTER DATABASE park SET synchronous_commit = off")
    kill_application(installation)  # its connections are to be new ones
    return lost_when_killed(installation, who, "postgres", tries)


def lost_when_killed(
    installation: Installation, who: People, victim: str, tries: int = 8
) -> list[str]:
    """Kill until something acknowledged is gone, and return it."""
    lost: list[str] = []
    for _ in range(tries):
        with Writers(installation.url, who) as writers:
            time.sleep(BETWEEN[1])
            VICTIMS[victim](installation)
        until(installation.ready)
        lost += balance(installation, writers.acknowledged).lost
        if lost:
            break
    return lost
