"""A throw-away PostgreSQL for the tests: one cluster a run, one cloned database a test.

The cluster is the embedded one the product ships. It is migrated once; every test that asks for
`database` gets a copy of the migrated database, which PostgreSQL makes in some ten milliseconds.
"""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from app.core import migrate
from app.core.database_roles import conninfo
from app.core.embedded_pg import EmbeddedPostgres
from app.core.postgres_cluster import OWNER, SUPERUSER
from app.core.settings import Settings, get_settings

PREFIX = "park-test-"
FURNISHED = "park_furnished"  # the copy with organisations and accounts
CLEARED = ("PARK_DATABASE_URL", "PARK_SECRET_KEY", "PARK_PORT", "PARK_DEMO", "PARK_PUBLIC_URL")


@contextmanager
def running() -> Iterator[EmbeddedPostgres]:
    """Run a cluster in a temporary PARK_HOME, its database `park` migrated to head."""
    _remove_abandoned()
    home = Path(tempfile.mkdtemp(prefix=PREFIX))
    environment = {
        "PARK_HOME": str(home),
        "PARK_PG_TEST": "1",
        "PARK_SECOND_FACTOR": "off",  # the tests of it turn it on
        "PARK_ROLE_SUFFIX": "",  # copies of the database keep the roles its policies name
    }
    with pytest.MonkeyPatch.context() as patch:
        for name in CLEARED:
            patch.delenv(name, raising=False)
        for name, value in environment.items():
            patch.setenv(name, value)
        get_settings.cache_clear()
        server = EmbeddedPostgres(get_settings())
        try:
            server.start()
            migrate.upgrade()
            yield server
        finally:
            server.release()
            shutil.rmtree(home, ignore_errors=True)
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """The cluster of this run."""
    with running() as server:
        yield server


@pytest.fixture
def database(postgres: EmbeddedPostgres, request: pytest.FixtureRequest) -> Iterator[str]:
    """The owner's address of a migrated database nobody else uses; settings point to it.

    For a test in a ``house`` it is a copy of the furnished one.
    """
    furnished = "house" in request.fixturenames
    if furnished:
        request.getfixturevalue("furnished")
    with cloned(postgres, FURNISHED if furnished else "park") as address:
        yield address


@contextmanager
def cloned(
    server: EmbeddedPostgres, template: str = "park", keep: str | None = None
) -> Iterator[str]:
    """Copy a database and make it the one the settings name, while the block lasts.

    ``keep`` names a copy that stays, to be the template of further ones.
    """
    name = keep or f"park_{uuid4().hex[:12]}"
    address = server.owner_url().set(database=name).render_as_string(hide_password=False)
    with _superuser(server) as connection:
        make = sql.SQL("create database {} template {} owner {} strategy file_copy")
        named = (sql.Identifier(part) for part in (name, template, OWNER))
        connection.execute(make.format(*named))
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PARK_DATABASE_URL", address)
            get_settings.cache_clear()
            yield address
    finally:
        get_settings.cache_clear()
        if keep is None:
            _drop(server, name)


def _drop(server: EmbeddedPostgres, name: str) -> None:
    """Drop a copy as soon as the connections a test has closed are really gone."""
    drop = sql.SQL("drop database if exists {}").format(sql.Identifier(name))
    until = time.monotonic() + 10
    with _superuser(server) as connection:
        while True:
            try:
                connection.execute(drop)
            except psycopg.errors.ObjectInUse:
                if time.monotonic() > until:
                    raise
                time.sleep(0.01)
            else:
                return


def _superuser(server: EmbeddedPostgres) -> "psycopg.Connection[tuple[object, ...]]":
    """Only it may end the sessions of every role when a database goes."""
    address = server.owner_url().set(username=SUPERUSER, database="postgres")
    return psycopg.connect(conninfo(address), autocommit=True)


def _remove_abandoned() -> None:
    """Stop and delete the clusters of runs that were killed; those in use are locked."""
    for home in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        lock = home / "postgres" / "users.lock"
        if not lock.is_file() or home.stat().st_uid != os.geteuid():
            continue
        with lock.open() as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            EmbeddedPostgres(Settings(home=home)).stop()
            shutil.rmtree(home, ignore_errors=True)
