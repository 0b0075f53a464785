"""Making an archive: one snapshot of the database, then the files it may name."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import psycopg
from psycopg import sql
from sqlalchemy import URL

from app.core import migrate
from app.core.backup import archive
from app.core.backup.contents import Connection, contents, prepare
from app.core.backup.manifest import DUMP, FOLDERS, Manifest, Stored, fingerprint
from app.core.backup.programs import program, run
from app.core.clock import now
from app.core.database_roles import AppRole, conninfo, owner_url, role_name
from app.core.settings import InstallationError, Settings

_ADDRESSED = re.compile(r"[0-9a-f]{64}")  # a file whose name is its SHA-256
_FINISHED = re.compile(r"[0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_KEY_COLUMNS = """
SELECT n.nspname, c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE a.attname = 'key_id' AND c.relkind = 'r' AND n.nspname = 'public' AND NOT a.attisdropped"""


def make(settings: Settings, target: IO[bytes], facts: dict[str, Any] | None = None) -> Manifest:
    """Write an archive of the installation to ``target``, while it is in use; return its manifest.

    Needs room for the dump in the system's temporary folder. Raises InstallationError.
    """
    url = owner_url(settings)
    revision = migrate.current(url)
    if revision is None:
        raise InstallationError("The database is empty: there is nothing to back up.")
    with TemporaryDirectory(prefix="park-backup-") as folder, _snapshot(url) as (source, name):
        dump = Path(folder) / DUMP
        with ThreadPoolExecutor(1) as beside:
            dumping = beside.submit(_dump, source.info.server_version // 10000, url, name, dump)
            found = contents(source)
            dumping.result()
        places = {DUMP: dump} | _files(settings.home)  # after the snapshot: all it names
        stored = {name: archive.digested(place) for name, place in places.items()}
        manifest = Manifest(
            made_at=now().isoformat(),
            program=version("park-platform"),
            revision=revision,
            postgres=source.info.server_version // 10000,
            database=source.info.dbname,
            owner=source.info.user,
            roles=[role_name(role, source.info.dbname, settings) for role in AppRole],
            secret=fingerprint(settings.secret()),
            key_ids=_key_ids(source),
            contents=found,
            stored=stored,
            damaged=_damaged(stored),
            facts=facts or {},
        )
        archive.write(target, manifest, places)
    return manifest


@contextmanager
def _snapshot(url: URL) -> Iterator[tuple[Connection, str]]:
    """Hold one snapshot that pg_dump can look at too."""
    with psycopg.connect(conninfo(url), autocommit=True) as connection:
        prepare(connection)
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        name = connection.execute("SELECT pg_export_snapshot()").fetchall()[0][0]
        yield connection, name
        connection.execute("COMMIT")


def _dump(server: int, url: URL, snapshot: str, to: Path) -> None:
    run(
        [program("pg_dump", server), "--format=custom", "--no-owner", f"--snapshot={snapshot}",
         f"--file={to}"],
        url,
    )  # fmt: skip


def _files(home: Path) -> dict[str, Path]:
    """Everything below the folders but drafts, which have other names than what is finished."""
    found = (place for folder in FOLDERS for place in sorted((home / folder).rglob("*")))
    return {
        place.relative_to(home).as_posix(): place
        for place in found
        if _FINISHED.fullmatch(place.name) and place.is_file()
    }


def _damaged(stored: dict[str, Stored]) -> list[str]:
    """Files that are no longer what their names say: kept as they are, and told."""
    named = ((name, Path(name).name, each) for name, each in stored.items())
    return [
        name for name, last, each in named if _ADDRESSED.fullmatch(last) and last != each.sha256
    ]


def _key_ids(connection: Connection) -> list[str]:
    found: set[str] = set()
    for schema, table in connection.execute(_KEY_COLUMNS).fetchall():
        query = sql.SQL("SELECT DISTINCT key_id FROM {}").format(sql.Identifier(schema, table))
        found |= {row[0] for row in connection.execute(query).fetchall() if row[0]}
    return sorted(found)
