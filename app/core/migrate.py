"""Bringing the database to the code's revision, from any number of nodes at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg import sql

from app.core.database_roles import AppRole, ensure_roles, owner_url, role_name
from app.core.settings import get_settings

LOCK = 7_305_001  # of the advisory lock; any number, the same on every node
OPTIONS = "-c lock_timeout=4s -c statement_timeout=0"


def configuration() -> Config:
    """Built in code, because an installed wheel has no alembic.ini beside it."""
    settings = Config()
    settings.set_main_option("script_location", "migrations:")
    settings.set_main_option("path_separator", "os")
    return settings


def upgrade(to: str = "head") -> None:
    """Make the login roles, then migrate; a second node waits and finds nothing left to do."""
    with _owner() as connection:
        connection.execute(sa.text("set lock_timeout = 0"))  # nosemgrep: session-level-set
        connection.execute(sa.text("select pg_advisory_lock(:lock)"), {"lock": LOCK})
        connection.execute(sa.text("set lock_timeout = '4s'"))  # nosemgrep: session-level-set
        connection.commit()
        ensure_roles(_driver(connection))
        alembic = configuration()
        alembic.attributes["connection"] = connection
        alembic.attributes["load"] = to == "head"
        command.upgrade(alembic, to)
        connection.commit()
        _let_roles_read_the_revision(_driver(connection))


def current(url: sa.URL | None = None) -> str | None:
    """The revision the database is at; None for an empty one."""
    with _owner(url) as connection:
        if not connection.scalar(sa.text("select to_regclass('public.alembic_version')")):
            return None
        revision: str | None = connection.scalar(sa.text("select version_num from alembic_version"))
        return revision


@lru_cache
def newest() -> str | None:
    """The revision the code needs."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def is_current(url: sa.URL | None = None) -> bool:
    return current(url) == newest()


@contextmanager
def _owner(url: sa.URL | None = None) -> Iterator[sa.Connection]:
    engine = sa.create_engine(
        url or owner_url(), poolclass=sa.NullPool, connect_args={"options": OPTIONS}
    )
    with engine.connect() as connection:
        yield connection


def _driver(connection: sa.Connection) -> "psycopg.Connection[object]":
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError("psycopg is the only driver")
    return driver


def _let_roles_read_the_revision(connection: "psycopg.Connection[object]") -> None:
    """/readyz asks with the rights of a request."""
    with connection.transaction():  # SQLAlchemy does not know of it and would not commit it
        for role in AppRole:
            name = sql.Identifier(role_name(role, connection.info.dbname, get_settings()))
            connection.execute(sql.SQL("grant select on alembic_version to {}").format(name))
