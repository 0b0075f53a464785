"""The drill: restore an archive into a throw-away PostgreSQL and compare everything."""

import time
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import psycopg
from psycopg import sql

from app.core.backup import archive
from app.core.backup.manifest import DUMP, Manifest
from app.core.backup.restoring import restore
from app.core.database_roles import conninfo
from app.core.embedded_pg import EmbeddedPostgres
from app.core.postgres_cluster import OWNER, SUPERUSER
from app.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Drill:
    """What a drill showed: what differs (nothing, if the archive is good) and how long it took."""

    manifest: Manifest
    tables: list[str]  # tables and parts of the catalogue that differ
    files: list[str]
    seconds: float

    @property
    def good(self) -> bool:
        return not self.tables and not self.files


def rehearse(file: Path, pg_user: str | None = None) -> Drill:
    """Restore ``file`` into a new cluster in a temporary folder and remove both afterwards.

    Raises InstallationError for a file that is no whole archive or does not restore.
    """
    with archive.opened(file) as (manifest, _):
        pass
    home = Path(mkdtemp(prefix="park-drill-"))
    settings = Settings(
        home=home,
        database_url=None,
        secret_key=None,
        pg_user=pg_user,
        pg_test=True,  # nothing here is to be kept
        role_suffix=manifest.suffix,
    )
    began = time.perf_counter()
    try:
        with EmbeddedPostgres(settings).running() as server:
            target = settings.model_copy(update={"database_url": _owned(server, manifest)})
            _, wrong = restore(target, file, any_key=True)
    finally:
        rmtree(home, ignore_errors=True)
    files = [name for name in wrong if name in manifest.stored and name != DUMP]
    tables = [name for name in wrong if name not in files]
    return Drill(manifest, tables, files, time.perf_counter() - began)


def _owned(server: EmbeddedPostgres, manifest: Manifest) -> str:
    """Give the new cluster's owner the name the archive's walls know."""
    url = server.owner_url()
    address = conninfo(url.set(username=SUPERUSER))
    if manifest.owner != OWNER:
        with psycopg.connect(address, autocommit=True) as connection:
            rename = sql.SQL("ALTER ROLE {} RENAME TO {}")
            names = (sql.Identifier(name) for name in (OWNER, manifest.owner))
            connection.execute(rename.format(*names))
    return url.set(username=manifest.owner).render_as_string(hide_password=False)
