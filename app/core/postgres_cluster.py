"""The folder of an embedded PostgreSQL: making it, configuring it, its first role and database."""

import hashlib
import os
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from app.core.postgres_binaries import EmbeddedPostgresError, OsUser, make_passable

OWNER = "park_owner"
SUPERUSER = "postgres"
DATABASE = "park"
PORT = 5432  # only a part of the socket's name: nothing listens on TCP
SOCKET_PATH_LIMIT = 107 - len(f"/.s.PGSQL.{PORT}.lock")
LOCALE = "C.UTF-8" if sys.platform == "linux" else "C"

SAFE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
UNSAFE = dict.fromkeys(SAFE, "off")
TUNING = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "jit": "off",
    "random_page_cost": "1.1",
    "idle_in_transaction_session_timeout": "30s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
    "logging_collector": "on",
    "log_filename": "postgresql-%a.log",  # a week of them, then overwritten
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    "log_min_duration_statement": "500ms",
    "log_parameter_max_length": "0",  # values are personal data, statements are not
    "log_parameter_max_length_on_error": "0",
}


@dataclass(frozen=True)
class Cluster:
    """Where everything of one cluster is, and the account it belongs to."""

    root: Path
    user: OsUser | None
    unsafe: bool = False

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def password_file(self) -> Path:
        """Of the owner and the superuser: whoever reads this file reads the data folder too."""
        return self.root / "password"

    @property
    def sockets(self) -> Path:
        """Below the root, or in /tmp when that path is too long for a socket's address."""
        near = self.root / "run"
        if len(os.fsencode(near)) <= SOCKET_PATH_LIMIT:
            return near
        return Path("/tmp") / f"park-{hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]}"  # noqa: S108 -- mode 0700  # nosec B108

    def lock_files(self) -> tuple[Path, Path]:
        """What a running server leaves, and a killed one too."""
        return self.data / "postmaster.pid", self.sockets / f".s.PGSQL.{PORT}.lock"

    def major(self) -> int | None:
        version = self.data / "PG_VERSION"
        return int(version.read_text()) if version.is_file() else None

    def spawn(
        self, command: list[str | Path], output: "int | IO[bytes]"
    ) -> "subprocess.Popen[bytes]":
        """Start a program of PostgreSQL under its own account, out of reach of our Ctrl-C."""
        user = self.user
        return subprocess.Popen(  # noqa: S603  paths of ours, no shell
            command,
            env={"PATH": os.defpath, "LC_ALL": LOCALE, "TZ": "UTC"},
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user.uid if user else None,
            group=user.gid if user else None,
            extra_groups=[] if user else None,
        )

    def create(self, binaries: Path) -> None:
        """Fill a draft folder and rename it: a half-made cluster is never taken for a whole one."""
        draft, given = self.root / "data.new", self.root / "password.new"
        shutil.rmtree(draft, ignore_errors=True)
        given.unlink(missing_ok=True)
        self._own_folder(draft, 0o700)
        make_passable(self.root, self.user)
        if not self.password_file.is_file():
            _write_secret(self.password_file, secrets.token_urlsafe(24))
        _write_secret(given, self.password_file.read_text())
        self._give(given)
        command: list[str | Path] = [
            binaries / "initdb", "-D", draft, "-U", SUPERUSER, "-E", "UTF8", f"--locale={LOCALE}",
            "--data-checksums", "-A", "scram-sha-256", "--pwfile", given,
        ]  # fmt: skip
        making = self.spawn(command, subprocess.PIPE)
        said, _ = making.communicate()
        given.unlink()
        if making.returncode:
            raise EmbeddedPostgresError(f"initdb failed:\n{said.decode(errors='replace')}")
        with (draft / "postgresql.conf").open("a") as configuration:
            configuration.write("include 'park.conf'\n")
        draft.rename(self.data)

    def configure(self) -> None:
        """Write our part of the configuration anew at every start; what an operator adds stays."""
        self._own_folder(self.log, 0o750)
        self._own_folder(self.sockets, 0o711)
        make_passable(self.root, self.user)
        make_passable(self.sockets.parent, self.user)
        places = {"log_directory": str(self.log), "unix_socket_directories": f'"{self.sockets}"'}
        values = TUNING | (UNSAFE if self.unsafe else SAFE) | places
        file = self.data / "park.conf"
        file.write_text("".join(f"{name} = {_quoted(value)}\n" for name, value in values.items()))
        self._give(file)

    def create_database(self) -> None:
        """The owner (no superuser: as on a real server) and its database; repeatable."""
        done = self.root / "complete"
        if done.is_file():
            return
        password = self.password_file.read_text().strip()
        owner, database = sql.Identifier(OWNER), sql.Identifier(DATABASE)
        with psycopg.connect(
            host=str(self.sockets), port=PORT, user=SUPERUSER, password=password,
            dbname="postgres", autocommit=True,
        ) as connection:  # fmt: skip
            if not connection.execute("select from pg_roles where rolname = %s", [OWNER]).rowcount:
                make = "create role {} login createrole createdb bypassrls password {}"
                connection.execute(sql.SQL(make).format(owner, sql.Literal(password)))
            known = "select from pg_database where datname = %s"
            if not connection.execute(known, [DATABASE]).rowcount:
                make = "create database {} owner {}"
                connection.execute(sql.SQL(make).format(database, owner))
                close = "revoke all on database {} from public"
                connection.execute(sql.SQL(close).format(database))
        done.touch()

    def _own_folder(self, folder: Path, mode: int) -> None:
        folder.mkdir(exist_ok=True)
        owner = self.user.uid if self.user else os.geteuid()
        if folder.is_symlink() or folder.stat().st_uid not in {owner, os.geteuid()}:
            raise EmbeddedPostgresError(f"{folder} belongs to somebody else: remove it.")
        self._give(folder)
        folder.chmod(mode)

    def _give(self, path: Path) -> None:
        if self.user is not None:
            os.chown(path, self.user.uid, self.user.gid)


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _write_secret(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as target:
        target.write(text.strip() + "\n")
