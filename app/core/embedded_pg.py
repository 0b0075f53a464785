"""A long-lived PostgreSQL of our own: made on first use, shared by all, surviving kill -9.

Every process that needs it holds a shared lock while it does; the last one to leave stops it. The
kernel drops the locks of the dead, so nothing has to be counted and nothing can be left behind.
"""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL

from app.core.postgres_binaries import EmbeddedPostgresError, OsUser, find_binaries, reachable
from app.core.postgres_cluster import DATABASE, OWNER, PORT, Cluster
from app.core.settings import Settings, prepare_home

START_SECONDS = 300  # crash recovery of a large cluster takes its time
STOP_SECONDS = 60
BUSY = "is still in use"  # shared memory of a killed server, released within a moment
STATUS_LINE = 7  # of postmaster.pid


class EmbeddedPostgres:
    """The server of the cluster below one PARK_HOME."""

    def __init__(self, settings: Settings) -> None:
        self.home = settings.home
        self.cluster = Cluster(
            settings.home / "postgres", OsUser.needed(settings.pg_user), unsafe=settings.pg_test
        )
        self._process: subprocess.Popen[bytes] | None = None
        self._hold: int | None = None

    @property
    def _users(self) -> Path:
        return self.cluster.root / "users.lock"

    @property
    def in_use(self) -> bool:
        """Whether another process holds on to the server."""
        if not self._users.is_file():
            return False
        with self._users.open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    @property
    def pid(self) -> int | None:
        """The live server's process, whoever started it."""
        return self._status()[0]

    @property
    def ready(self) -> bool:
        return self._status()[1] == "ready"

    def owner_url(self) -> URL:
        """How the owner of the database connects."""
        return URL.create(
            "postgresql+psycopg",
            username=OWNER,
            password=self.cluster.password_file.read_text().strip(),
            database=DATABASE,
            query={"host": str(self.cluster.sockets), "port": str(PORT)},
        )

    def start(self) -> None:
        """Be sure that it runs and accepts connections, and hold on to it."""
        prepare_home(self.home)
        self.cluster.root.mkdir(exist_ok=True)
        self._bury()
        with self._only_one():
            if self._hold is None:
                self._hold = os.open(self._users, os.O_RDWR | os.O_CREAT, 0o600)
                fcntl.flock(self._hold, fcntl.LOCK_SH)
            if not self.ready:
                self._launch()

    def release(self) -> bool:
        """Let go, and stop the server when nobody else holds on; says whether it was stopped."""
        if self._hold is None:
            return False
        with self._only_one():
            try:
                fcntl.flock(self._hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                last = False
            else:
                last = True
                self.stop()
            os.close(self._hold)
            self._hold = None
        return last

    @contextmanager
    def running(self) -> Iterator["EmbeddedPostgres"]:
        self.start()
        try:
            yield self
        finally:
            self.release()

    def stop(self) -> None:
        """Stop at once and cleanly ("fast"): open transactions roll back, nothing else is lost."""
        pid = self.pid
        if pid is None:
            self._bury()
            return
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + STOP_SECONDS
        while self._is_ours(pid):
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"PostgreSQL (process {pid}) does not stop.")
            time.sleep(0.005)
        self._bury()

    @contextmanager
    def _only_one(self) -> Iterator[None]:
        """Many callers, one starter: the others wait and find the server there."""
        with (self.cluster.root / "start.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _status(self) -> tuple[int | None, str]:
        """Process and state from PostgreSQL's own file, disbelieved when the process is not it."""
        try:
            lines = (self.cluster.data / "postmaster.pid").read_text().splitlines()
            pid = int(lines[0])
        except (OSError, ValueError, IndexError):
            return None, ""
        if not self._is_ours(pid):
            return None, ""
        return pid, lines[STATUS_LINE].strip() if len(lines) > STATUS_LINE else ""

    def _is_ours(self, pid: int) -> bool:
        """After a reboot, or in a container, another process may carry the number in the file."""
        if Path("/proc/self").exists():
            with suppress(OSError):
                command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
                return os.fsencode(self.cluster.data) in command
            return False
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            pass
        return True

    def _bury(self) -> None:
        """Take note of our child's death: a zombie would pass for a living server."""
        if self._process is not None and not self._is_ours(self._process.pid):
            self._process.wait(STOP_SECONDS)
            self._process = None

    def _launch(self) -> None:
        binaries = find_binaries(self.cluster.major())[1]
        binaries = reachable(binaries, self.cluster.user, self.cluster.root)
        if self.cluster.major() is None:
            self.cluster.create(binaries)
        self.cluster.configure()
        if self.pid is None:  # PostgreSQL would believe a pid that another process carries now
            for stale in self.cluster.lock_files():
                stale.unlink(missing_ok=True)
        deadline = time.monotonic() + START_SECONDS
        while not (self._adopt(deadline) if self.pid else self._start_once(binaries, deadline)):
            time.sleep(0.1)
        self.cluster.create_database()

    def _adopt(self, deadline: float) -> bool:
        """Another starter was killed while the server recovers: wait for it to be ready."""
        while self.pid is not None and time.monotonic() < deadline:
            if self.ready:
                return True
            time.sleep(0.02)
        return False

    def _start_once(self, binaries: Path, deadline: float) -> bool:
        """Start the server; False when a killed one has not let go of its memory yet."""
        report = self.cluster.root / "start.log"
        with report.open("wb") as output:
            command: list[str | Path] = [binaries / "postgres", "-D", self.cluster.data]
            self._process = self.cluster.spawn(command, output)
        while self._process.poll() is None:
            if self.ready:
                return True
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"PostgreSQL is not ready; see {self.cluster.log}.")
            time.sleep(0.005)
        said = report.read_text(errors="replace") + self._end_of_log()
        if BUSY in said and time.monotonic() < deadline:
            return False
        raise EmbeddedPostgresError(f"PostgreSQL did not start:\n{said.strip()}")

    def _end_of_log(self) -> str:
        files = sorted(self.cluster.log.glob("*.log"), key=lambda file: file.stat().st_mtime)
        return files[-1].read_text(errors="replace")[-1500:] if files else ""
