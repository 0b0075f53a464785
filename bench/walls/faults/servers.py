"""PostgreSQL on loopback, made from the embedded programs: one, or a primary and its standby."""

import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg

from app.core.postgres_binaries import OsUser, find_binaries, reachable
from app.core.postgres_cluster import SAFE
from bench.walls.faults.installation import free_port, until

OWNER, DATABASE = "park_owner", "park"
_CONFIGURATION = SAFE | {
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "wal_sender_timeout": "5s",
    "wal_receiver_timeout": "5s",
    "password_encryption": "scram-sha-256",
}
_HOW_FOLLOWED = (
    "SELECT sync_state FROM pg_stat_replication"
    " WHERE state = 'streaming' AND application_name = '{}'"
)


@dataclass
class Server:
    """One server, below a folder that its account may pass; ``port`` stays through its life."""

    root: Path
    name: str
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        self.user = OsUser.needed(None)
        self.binaries = reachable(find_binaries()[1], self.user, self.root)
        self.sockets = self.root / f"{self.name}-run"
        self.sockets.mkdir()
        self._give(self.sockets)

    @property
    def data(self) -> Path:
        return self.root / self.name

    @property
    def pid(self) -> int:
        return int((self.data / "postmaster.pid").read_text().splitlines()[0])

    def create(self) -> None:
        """Make the cluster and start it, with Park's owner and its database."""
        self._new_folder()
        self._program("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                      "--locale=C.UTF-8", "--data-checksums")  # fmt: skip
        self.start()
        self.ask(f"CREATE ROLE {OWNER} LOGIN CREATEROLE BYPASSRLS PASSWORD 'owner'")
        self.ask(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")

    def follow(self, primary: "Server", through: int) -> None:
        """Become a standby of ``primary``, which is reached by the port ``through``."""
        self._new_folder()
        self._program("pg_basebackup", "-h", "127.0.0.1", "-p", str(primary.port), "-U", "postgres",
                      "-D", self.data, "-X", "stream", "-c", "fast")  # fmt: skip
        (self.data / "standby.signal").touch()
        self._give(self.data / "standby.signal")
        # A standby that inherited this would wait for itself once it is promoted.
        self.settings["synchronous_standby_names"] = ""
        self.settings["primary_conninfo"] = (
            f"host=127.0.0.1 port={through} user=postgres application_name={self.name}"
        )
        self.start()

    def start(self) -> None:
        """Start with the settings of now; nothing is handed over by options of a command."""
        self._configure()
        with (self.root / f"{self.name}.log").open("ab") as log:
            self.process = self._spawn([self.binaries / "postgres", "-D", self.data], log)
        until(self.answers)

    def answers(self) -> bool:
        with suppress(psycopg.OperationalError):
            self.ask("SELECT 1")
            return True
        return False

    def ask(self, statement: str) -> Any:
        """Execute one statement as the superuser; return its first value, if it has one."""
        with psycopg.connect(
            f"host=127.0.0.1 port={self.port} user=postgres dbname=postgres connect_timeout=5",
            autocommit=True,
        ) as connection:
            done = connection.execute(statement)
            found = done.fetchone() if done.description else None
            return found[0] if found else None

    def wait_for_commits_on(self, standby: "Server") -> None:
        """Acknowledge from now on only what the standby has on its disk too."""
        self.settings["synchronous_standby_names"] = standby.name
        self._configure()
        self.ask("SELECT pg_reload_conf()")
        until(lambda: self.ask(_HOW_FOLLOWED.format(standby.name)) == "sync")

    def send_to(self, standby: "Server") -> None:
        """Wait until the standby is sent what is written; nobody waits for it to arrive."""
        until(lambda: self.ask(_HOW_FOLLOWED.format(standby.name)) == "async")

    def processes(self) -> list[psutil.Process]:
        parent = psutil.Process(self.pid)
        return [parent, *parent.children(recursive=True)]

    def signal(self, what: signal.Signals) -> None:
        """Send a signal to every process of the server: the machine freezes, goes on, or dies."""
        for one in self.processes():
            with suppress(psutil.NoSuchProcess):
                one.send_signal(what)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self._gone()

    def stop(self) -> None:
        """End it cleanly ("fast"), if it runs."""
        with suppress(OSError, ValueError, psutil.NoSuchProcess):
            parent = psutil.Process(self.pid)
            parent.send_signal(signal.SIGCONT)
            parent.send_signal(signal.SIGINT)
        self._gone()

    def _gone(self) -> None:
        """See the server off, if it ran: what nobody waits for stays a zombie."""
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(30)
            self.process = None

    def _new_folder(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(mode=0o700)
        self._give(self.data)

    def _configure(self) -> None:
        values = _CONFIGURATION | self.settings | {"port": str(self.port)}
        values |= {"unix_socket_directories": str(self.sockets), "cluster_name": self.name}
        (self.data / "postgresql.conf").write_text(
            "".join(f"{name} = '{value}'\n" for name, value in values.items())
        )

    def _program(self, name: str, *words: "str | Path") -> None:
        with (self.root / f"{self.name}.log").open("ab") as log:
            process = self._spawn([self.binaries / name, *words], log)
        if process.wait():
            said = (self.root / f"{self.name}.log").read_text(errors="replace")
            raise RuntimeError(f"{name}: {said[-500:]}")

    def _spawn(self, command: "list[str | Path]", log: Any) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            command,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
            user=self.user.uid if self.user else None,
            group=self.user.gid if self.user else None,
            extra_groups=[] if self.user else None,
        )

    def _give(self, path: Path) -> None:
        if self.user is not None:
            shutil.chown(path, self.user.uid, self.user.gid)


def address(*ports: int) -> str:
    """Return PARK_DATABASE_URL of one server, or of several of which one takes writes."""
    servers = ",".join(f"127.0.0.1:{port}" for port in ports)
    return f"postgresql://{OWNER}:owner@{servers}/{DATABASE}"
