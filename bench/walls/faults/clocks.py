"""The application's clock is an hour fast, then an hour slow, while the database's is right."""

import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from bench.walls.debian import libraries, unpacked
from bench.walls.faults.checking import Balance, balance
from bench.walls.faults.installation import Installation
from bench.walls.faults.writers import Writers, people, signed_in

SKEWS = ("+1h", "-1h")
WRITING = 4.0  # seconds at each


@dataclass
class Skewed:
    """What wrong clocks came to."""

    writers: Writers
    served: dict[str, int] = field(default_factory=dict)  # writes acknowledged, by skew
    seen: dict[str, float] = field(default_factory=dict)  # hours by which the answers' clock is off
    balance: Balance | None = None


def run(seconds: float = WRITING) -> Skewed:
    """Start the application with wrong clocks under writers that go on. Raises Absent."""
    library = libraries(unpacked("libfaketime")) / "faketime" / "libfaketimeMT.so.1"
    with TemporaryDirectory(prefix="park-faults-") as folder:
        root = Path(folder)
        root.chmod(0o755)
        installation = Installation(root / "home")
        try:
            installation.start()
            told = Skewed(Writers(installation.url, people(installation)))
            with told.writers:
                for skew in SKEWS:
                    installation.kill()
                    # PostgreSQL is given an environment of its own: its clock stays right.
                    installation.settings = {"LD_PRELOAD": str(library), "FAKETIME": skew}
                    installation.start()
                    told.writers.people = signed_in(installation.url, told.writers.people)
                    before = len(told.writers.acknowledged)
                    time.sleep(seconds)
                    told.served[skew] = len(told.writers.acknowledged) - before
                    told.seen[skew] = _hours_off(installation)
            told.balance = balance(installation, told.writers.acknowledged)
            return told
        finally:
            installation.stop()


def _hours_off(installation: Installation) -> float:
    """Return by how much the clock of the answers differs from ours: that the fault is real."""
    told = parsedate_to_datetime(httpx.get(f"{installation.url}/healthz").headers["date"])
    return round((told.timestamp() - time.time()) / 3600, 1)
