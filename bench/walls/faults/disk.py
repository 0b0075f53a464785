"""A disk that is full, with the database and the attachments on it, until there is room again."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from bench.walls.debian import Absent
from bench.walls.faults.checking import Balance, balance
from bench.walls.faults.installation import Installation, until
from bench.walls.faults.writers import Writers, people

SIZE = 320  # MB of the small disk
LEFT = 1  # MB that are left when it fills up
FULL = 10.0  # seconds
_UPLOAD = b"x" * 3_000_000


@dataclass
class Fullness:
    """What a full disk came to."""

    writers: Writers
    refused: int = 0  # 503s while it was full
    uploads: set[int] = field(default_factory=set)
    up: float = 0.0  # seconds from room on the disk to an acknowledged write
    balance: Balance | None = None


@contextmanager
def small_disk(megabytes: int = SIZE) -> Iterator[Path]:
    """Mount a disk of that size. Raises Absent where one may not."""
    with TemporaryDirectory(prefix="park-faults-") as folder:
        Path(folder).chmod(0o755)
        place = Path(folder) / "disk"
        place.mkdir()
        size = f"size={megabytes}m,mode=755"
        mount = ["mount", "-t", "tmpfs", "-o", size, "park-small-disk", str(place)]
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Absent(f"a small disk (mounting asks for root): {done.stderr.strip()}")
        try:
            yield place
        finally:
            subprocess.run(["umount", "-l", place], check=True)


def fill(place: Path, left: int) -> Path:
    """Take up all room but ``left`` megabytes; return the file that does."""
    ballast = place / "ballast"
    room = os.statvfs(place)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_frsize - left * 1_000_000)
    return ballast


def run(seconds: float = FULL) -> Fullness:
    """Write on, with the disk full and with room again. Raises Absent."""
    with small_disk() as place:
        installation = Installation(place / "home")
        try:
            installation.start()
            told = Fullness(Writers(installation.url, people(installation)))
            with told.writers:
                time.sleep(2)
                ballast = fill(place, LEFT)
                _while_full(told, installation, seconds)
                ballast.unlink()
                room = time.monotonic()
                told.up = told.writers.back_after(room)
                time.sleep(2)
            until(installation.ready)
            told.balance = balance(installation, told.writers.acknowledged)
            return told
        finally:
            installation.stop()


def _while_full(told: Fullness, installation: Installation, seconds: float) -> None:
    """Wait until writes are refused, and go on for a while; attachments are tried too."""
    before = told.writers.statuses[503]
    until(lambda: told.writers.statuses[503] > before)
    over = time.monotonic() + seconds
    who = told.writers.people[0]
    headers = {"Authorization": f"Bearer {who.token}"}
    with httpx.Client(base_url=f"{installation.url}/api/v1", headers=headers, timeout=20) as client:
        while time.monotonic() < over:
            answer = client.post(
                f"/enterprises/{who.enterprise}/attachments", files={"file": ("说明.txt", _UPLOAD)}
            )
            told.uploads.add(answer.status_code)
            time.sleep(0.3)
    told.refused = told.writers.statuses[503] - before
