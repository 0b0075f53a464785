"""What the database's own catalogue says about the walls: rules 1 to 4 of reliability 3.3."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import make_url

from app.core.database_roles import AppRole, conninfo, login_url
from app.core.embedded_pg import EmbeddedPostgres
from tests.postgres import cloned

#: Signing in happens before there is a scope; these are reached by their keys only.
_BEFORE_A_SCOPE = {
    "account",
    "hat",
    "session",
    "organisation",
    "second_factor",
    "recovery_code",
    "past_password",
    "known_device",
    "identity",
}
_APPEND_ONLY = ("audit_entry", "record_version", "change_entry")


Catalogue = psycopg.Connection[tuple[object, ...]]


@pytest.fixture(scope="module")
def catalogue(postgres: EmbeddedPostgres) -> Iterator[Catalogue]:
    """A migrated database as its owner sees it."""
    with (
        cloned(postgres) as address,
        psycopg.connect(conninfo(make_url(address)), autocommit=True) as connection,
    ):
        yield connection


Rows = list[tuple[object, ...]]


def _rows(connection: Catalogue, statement: str) -> Rows:
    return connection.execute(statement.encode()).fetchall()


def test_every_table_of_a_node_is_walled_in(
    catalogue: Catalogue,
) -> None:
    rows = _rows(
        catalogue,
        """SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c
           JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
           WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND EXISTS (
             SELECT FROM pg_attribute a WHERE a.attrelid = c.oid
             AND a.attname IN ('node_id', 'account_id', 'party_id', 'region_id'))""",
    )
    open_tables = {str(name) for name, walled in rows if not walled} - _BEFORE_A_SCOPE
    assert open_tables == set()
    assert len(rows) > 15


def test_every_right_on_a_walled_table_has_its_policy(
    catalogue: Catalogue,
) -> None:
    """A grant without a policy is a table that silently shows nothing; the reverse, a hole."""
    rows = _rows(
        catalogue,
        """SELECT g.table_name, g.grantee, g.privilege_type
           FROM information_schema.table_privileges g
           JOIN pg_class c ON c.relname = g.table_name AND c.relrowsecurity
           WHERE g.grantee LIKE 'park\\_%' AND g.grantee <> pg_get_userbyid(c.relowner)
           AND NOT EXISTS (SELECT FROM pg_policies p WHERE p.tablename = g.table_name
             AND p.roles @> ARRAY[g.grantee::name] AND p.cmd IN (g.privilege_type, 'ALL'))""",
    )
    assert rows == []
    open_ones = _rows(
        catalogue,
        """SELECT tablename, policyname FROM pg_policies WHERE 'public' = ANY(roles)""",
    )
    assert open_ones == []


def test_every_policy_on_writing_checks_what_is_written(
    catalogue: Catalogue,
) -> None:
    rows = _rows(
        catalogue,
        """SELECT tablename, policyname FROM pg_policies
           WHERE cmd IN ('INSERT', 'UPDATE', 'ALL') AND with_check IS NULL""",
    )
    assert rows == []


def test_partitions_are_reached_through_their_table_only(
    catalogue: Catalogue,
) -> None:
    rows = _rows(
        catalogue,
        """SELECT c.relname, l.rolname FROM pg_class c, pg_roles l
           WHERE c.relispartition AND c.relkind = 'r'
           AND l.rolname IN ('park_staff', 'park_party', 'park_audit', 'park_jobs', 'park_seal')
           AND has_table_privilege(l.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')""",
    )
    assert rows == []


def test_the_login_roles_own_nothing_and_pass_no_wall(
    catalogue: Catalogue,
) -> None:
    rows = _rows(
        catalogue,
        """SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication,
             (SELECT count(*) FROM pg_class c WHERE c.relowner = r.oid),
             (SELECT count(*) FROM pg_auth_members m WHERE m.member = r.oid)
           FROM pg_roles r
           WHERE rolname IN ('park_staff', 'park_party', 'park_audit', 'park_jobs', 'park_seal')""",
    )
    assert len(rows) == 5
    for row in rows:
        assert not any(row[1:]), row


def test_no_view_and_no_function_goes_round_the_walls(
    catalogue: Catalogue,
) -> None:
    views = _rows(
        catalogue,
        """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE n.nspname = 'public' AND (c.relkind = 'm' OR c.relkind = 'v'
           AND NOT coalesce(c.reloptions, '{}') @> ARRAY['security_invoker=true'])""",
    )
    assert views == []
    loose = """SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'public' AND p.prosecdef AND (NOT EXISTS (
             SELECT FROM unnest(p.proconfig) s WHERE s LIKE 'search_path=%')
             OR has_function_privilege('public', p.oid, 'EXECUTE'))"""
    assert _rows(catalogue, loose) == []


@pytest.mark.parametrize("wall", list(AppRole))
@pytest.mark.parametrize("table", _APPEND_ONLY)
@pytest.mark.usefixtures("catalogue")
def test_what_is_written_once_cannot_be_changed(table: str, wall: AppRole) -> None:
    """By nobody who signs in: neither changed, nor deleted, nor emptied."""
    with psycopg.connect(conninfo(login_url(wall)), autocommit=True) as connection:
        for statement in (
            f"UPDATE {table} SET node_id = node_id",
            f"DELETE FROM {table}",
            f"TRUNCATE {table}",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.encode())


@pytest.mark.parametrize("wall", list(AppRole))
@pytest.mark.usefixtures("catalogue")
def test_without_a_scope_there_is_no_row(wall: AppRole) -> None:
    """A connection that nobody opened for an actor reads nothing of anybody."""
    with psycopg.connect(conninfo(login_url(wall)), autocommit=True) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relname <> 'published'"
            " AND has_table_privilege(oid, 'SELECT')"
        ).fetchall()
        for (table,) in tables:
            found = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
            assert found == (0,), table
