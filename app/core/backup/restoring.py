"""Restoring an archive into an empty place, whole or not at all, and comparing the two."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from psycopg import sql

from app.core.backup import archive
from app.core.backup.contents import Connection, contents, differing, prepare
from app.core.backup.manifest import DUMP, Manifest, fingerprint
from app.core.backup.programs import program, run
from app.core.database_roles import AppRole, conninfo, ensure_roles, owner_url, role_name
from app.core.settings import InstallationError, Settings

_ANYTHING = """
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'v', 'S') AND n.nspname !~ '^pg_'
   AND n.nspname <> 'information_schema'"""
_COUNTING = """
SELECT n.nspname, c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND c.relkind = 'r' AND NOT a.attisdropped
   AND a.attname IN ('xid', 'to_xid') AND a.atttypid = 'bigint'::regtype"""


def restore(settings: Settings, file: Path, *, any_key: bool = False) -> tuple[Manifest, list[str]]:
    """Restore ``file`` into the installation of ``settings``, which must be empty.

    Returns its manifest and what is not equal to it (nothing, or the restore failed). The archive
    is read to its end and checked before anything is written; files come first and harm nobody
    alone, the database comes in one transaction. Raises InstallationError.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    url = owner_url(settings)
    with (
        TemporaryDirectory(prefix=".restore-", dir=settings.home) as folder,
        psycopg.connect(conninfo(url), autocommit=True) as connection,
    ):
        _require_empty(connection)
        manifest = archive.unpack(file, Path(folder))
        _require_fitting(manifest, connection, settings, any_key=any_key)
        ensure_roles(connection, settings)
        _place_files(Path(folder), settings.home, manifest)
        run(
            [program("pg_restore", connection.info.server_version // 10000), "--no-owner",
             "--single-transaction", "--exit-on-error", f"--dbname={url.database}",
             Path(folder) / DUMP],
            url,
        )  # fmt: skip
        wrong = compared(connection, settings.home, manifest)
        continue_counting(connection)
        connection.execute("ANALYZE")
    return manifest, wrong


def compared(connection: Connection, home: Path, manifest: Manifest) -> list[str]:
    """Return the tables, parts of the catalogue and files that are not as in the manifest."""
    prepare(connection)
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        wrong = differing(manifest.contents, contents(connection))
    connection.execute("RESET search_path")
    for name, wanted in manifest.stored.items():
        place = home / name
        if name != DUMP and (not place.is_file() or archive.digested(place) != wanted):
            wrong.append(name)
    return wrong


def continue_counting(connection: Connection) -> int:
    """Let transaction numbers go on above all that are kept; return the new base.

    A new server counts from the beginning, and what reads in their order (the change feed, the
    sealer of the trail) would pass over everything new for a long time.
    """
    highest = 0
    for schema, table, column in connection.execute(_COUNTING).fetchall():
        query = sql.SQL("SELECT coalesce(max({}), 0) FROM {}").format(
            sql.Identifier(column), sql.Identifier(schema, table)
        )
        highest = max(highest, connection.execute(query).fetchall()[0][0])
    reached = connection.execute("SELECT pg_current_xact_id()::text::bigint").fetchall()[0][0]
    base = max(0, highest + 1 - int(reached))
    connection.execute(
        "CREATE OR REPLACE FUNCTION public.park_xid_base() RETURNS bigint LANGUAGE sql IMMUTABLE"
        f" AS 'SELECT {base:d}::bigint'".encode()
    )
    return base


def _require_empty(connection: Connection) -> None:
    if connection.execute(_ANYTHING).fetchall()[0][0]:
        raise InstallationError(
            "This database is not empty, and a restore overwrites nothing: choose an empty"
            " PARK_HOME (or an empty database in PARK_DATABASE_URL)."
        )


def _require_fitting(
    manifest: Manifest, connection: Connection, settings: Settings, *, any_key: bool
) -> None:
    if not any_key and manifest.secret != fingerprint(settings.secret()):
        raise InstallationError(
            "The archive was made with another secret key; without it personal data and sealed"
            " scores cannot be read. Put the secret.key kept apart from the backups into"
            f" {settings.home} (or set PARK_SECRET_KEY), then restore again."
        )
    names = [role_name(role, connection.info.dbname, settings) for role in AppRole]
    if names != manifest.roles:
        suffix = manifest.suffix
        raise InstallationError(
            f"The archive's login roles are {', '.join(manifest.roles)}: set"
            f" PARK_ROLE_SUFFIX={suffix!r} and restore again."
        )
    if connection.info.user != manifest.owner:
        raise InstallationError(
            f"The archive's owner is {manifest.owner}, this database's is {connection.info.user}:"
            f" the walls name it. Let the database belong to a role called {manifest.owner}."
        )


def _place_files(folder: Path, home: Path, manifest: Manifest) -> None:
    """Move files to where they belong; one that is there already must be the same."""
    for name, wanted in manifest.stored.items():
        target = home / name
        if name == DUMP:
            continue
        if target.exists():
            if archive.digested(target) != wanted:
                raise InstallationError(f"{target} is there already and differs: nothing is done.")
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with (folder / name).open("rb") as source:
            os.fsync(source.fileno())
        (folder / name).rename(target)
