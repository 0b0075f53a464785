"""The three login roles: made as they must be, repaired when they are not."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import make_url

from app.core import migrate
from app.core.database_roles import (
    AppRole,
    RolesError,
    conninfo,
    ensure_roles,
    login_url,
    owner_url,
    role_name,
)
from app.core.embedded_pg import EmbeddedPostgres
from app.core.settings import Settings

Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def owner(database: str) -> Iterator[Connection]:
    with psycopg.connect(conninfo(make_url(database)), autocommit=True) as connection:
        yield connection


@pytest.fixture
def superuser(postgres: EmbeddedPostgres) -> Iterator[Connection]:
    address = postgres.owner_url().set(username="postgres")
    with psycopg.connect(conninfo(address), autocommit=True) as connection:
        yield connection


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("wall", list(AppRole))
def test_requests_come_in_as_a_role_that_owns_nothing(wall: AppRole) -> None:
    with psycopg.connect(conninfo(login_url(wall))) as connection:
        row = connection.execute(
            "select rolname, rolsuper, rolbypassrls, rolinherit, rolcreatedb, rolcreaterole "
            "from pg_roles where rolname = user"
        ).fetchone()
        assert row == (f"park_{wall}", False, False, False, False, False)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("create table mine (id int)")


def test_a_role_that_grew_mighty_is_tamed(owner: Connection, superuser: Connection) -> None:
    superuser.execute("alter role park_party superuser bypassrls")
    with pytest.raises(RolesError, match="superuser"):  # the owner may not take that away
        ensure_roles(owner)
    ensure_roles(superuser)
    row = superuser.execute(
        "select rolsuper or rolbypassrls from pg_roles where rolname = 'park_party'"
    ).fetchone()
    assert row == (False,)
    ensure_roles(owner)


def test_an_owner_that_may_not_make_roles_names_what_a_dba_must_run(
    superuser: Connection, postgres: EmbeddedPostgres
) -> None:
    superuser.execute("create role weak login password 'weak'")
    superuser.execute("create database weak owner weak")
    address = postgres.owner_url().set(username="weak", password="weak", database="weak")
    settings = Settings(home=postgres.home, role_suffix="weak")
    try:
        with (
            psycopg.connect(conninfo(address)) as connection,
            pytest.raises(RolesError, match=r"alter role .*weak.* createrole"),
        ):
            ensure_roles(connection, settings)
    finally:
        superuser.execute("drop database weak")
        superuser.execute("drop role weak")


def test_a_second_database_on_the_server_has_roles_of_its_own(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path, database_url="postgresql://o@db.example/park_north", role_suffix=None
    )
    assert role_name(AppRole.STAFF, "park", settings) == "park_staff"
    assert login_url("staff", settings).username == "park_staff_park_north"
    assert login_url("staff", settings).password != login_url("party", settings).password
    assert login_url("staff", settings).host == "db.example"


def test_of_several_servers_the_writable_one_is_sought_and_silence_given_up(tmp_path: Path) -> None:
    def said(address: str) -> Mapping[str, object]:
        return conninfo_to_dict(conninfo(owner_url(Settings(home=tmp_path, database_url=address))))

    several = said("postgresql://o:p@a.example,b.example:5433/park")
    assert (several["host"], several["port"]) == ("a.example,b.example", "5432,5433")
    assert several["target_session_attrs"] == "read-write"
    one = said("postgresql://o:p@a.example/park?connect_timeout=20")
    assert one["connect_timeout"] == "20"
    assert int(str(one["tcp_user_timeout"])) > 0
    assert "target_session_attrs" not in one


@pytest.mark.parametrize("wall", list(AppRole))
@pytest.mark.usefixtures("database")
def test_every_role_may_ask_for_the_revision_after_the_first_migration(wall: AppRole) -> None:
    assert migrate.is_current(login_url(wall))


def test_migrating_twice_changes_nothing(database: str) -> None:
    migrate.upgrade()
    assert migrate.is_current()
    assert migrate.is_current(login_url("staff"))
    assert owner_url().set(query={}) == make_url(database).set(query={})


@pytest.mark.usefixtures("database")
def test_a_role_cannot_be_asked_for_by_a_wrong_name() -> None:
    with pytest.raises(ValueError, match="owner"):
        login_url("owner")


def test_names_are_quoted(owner: Connection) -> None:
    odd = sql.Identifier(role_name(AppRole.STAFF, 'a"b', Settings(role_suffix=None)))
    assert odd.as_string(owner) == '"park_staff_a""b"'
