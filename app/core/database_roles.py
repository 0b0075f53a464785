"""Who connects to the database: the owner migrates, login roles that own nothing serve.

The roles are the second wall behind the application's own permission checks: row-level security
binds them, and which of them a request uses follows from its session (see docs/decisions).
"""

import hashlib
import hmac
from enum import StrEnum

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, make_url

from app.core.settings import InstallationError, Settings, get_settings

DEFAULT_DATABASE = "park"
#: How soon a server that fell silent is given up (libpq's own defaults are minutes); an address
#: may say otherwise. Nothing of it matters on a Unix socket.
PATIENCE = {
    "connect_timeout": "3",  # seconds, for each server of the address
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",  # milliseconds
}
#: Of several servers the one that takes writes: after a failover the other one.
WRITABLE = {"target_session_attrs": "read-write"}


class AppRole(StrEnum):
    """The login roles of the application."""

    STAFF = "staff"  # organisations and their units
    PARTY = "party"  # enterprises and experts
    AUDIT = "audit"  # the trail, and nothing else
    JOBS = "jobs"  # the queue of long work, and no record
    SEAL = "seal"  # reads the trail and adds its seals


class RolesError(InstallationError):
    """The owner may not make the login roles; the text names what a DBA must run."""


def owner_url(settings: Settings | None = None) -> URL:
    """The address for migrations, imports of demo data and `park doctor`: never for requests."""
    settings = settings or get_settings()
    if settings.database_url is not None:
        return _patient(make_url(settings.database_url))
    from app.core.embedded_pg import EmbeddedPostgres  # needs a POSIX system

    return EmbeddedPostgres(settings).owner_url()


def _patient(address: URL) -> URL:
    """The address with what it leaves unsaid about servers that do not answer."""
    servers = address.query.get("host", "")
    several = not isinstance(servers, str) or "," in servers
    wanted = PATIENCE | (WRITABLE if several else {})
    return address.update_query_dict(
        {name: value for name, value in wanted.items() if name not in address.query}
    )


def conninfo(url: URL) -> str:
    """The same address for psycopg itself."""
    _, given = url.get_dialect()().create_connect_args(url)
    return make_conninfo("", **given)


def login_url(wall: str, settings: Settings | None = None) -> URL:
    """The address with which requests behind one wall (an `AppRole`) reach the database."""
    settings = settings or get_settings()
    owner = owner_url(settings)
    name = role_name(AppRole(wall), owner.database or DEFAULT_DATABASE, settings)
    return owner.set(username=name, password=_password(name, settings))


def role_name(role: AppRole, database: str, settings: Settings | None = None) -> str:
    """Roles belong to the whole server, so each further database on it has its own."""
    suffix = (settings or get_settings()).role_suffix
    if suffix is None:
        suffix = "" if database == DEFAULT_DATABASE else database
    return f"park_{role}_{suffix}" if suffix else f"park_{role}"


def ensure_roles(connection: psycopg.Connection[object], settings: Settings | None = None) -> None:
    """Make the login roles as they must be, whatever they were; repeatable."""
    settings = settings or get_settings()
    database = connection.info.dbname
    names = [role_name(role, database, settings) for role in AppRole]
    try:
        with connection.transaction():
            for name in names:
                _ensure(connection, name, _password(name, settings))
                _grant(connection, name, database)
    except psycopg.errors.InsufficientPrivilege as refusal:
        raise RolesError(_for_the_dba(connection, names, refusal)) from refusal


def _password(name: str, settings: Settings) -> str:
    """Derived, so that every node with the same secret knows it and none is stored."""
    return hmac.new(settings.secret(), f"database role {name}".encode(), hashlib.sha256).hexdigest()


def _ensure(connection: psycopg.Connection[object], name: str, password: str) -> None:
    """Only what differs is altered: without superuser even naming some attributes is refused."""
    verifier = connection.pgconn.encrypt_password(
        password.encode(), name.encode(), b"scram-sha-256"
    ).decode()  # the log of the server never sees the password itself
    role = sql.Identifier(name)
    found = connection.execute(
        "select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication "
        "from pg_roles where rolname = %s",
        [name],
    ).fetchone()
    if found is None:
        make = "create role {} login nosuperuser nobypassrls noinherit nocreatedb nocreaterole"
        connection.execute(sql.SQL(make).format(role))
    elif any(found):  # type: ignore[arg-type]
        tame = "alter role {} nosuperuser nobypassrls nocreatedb nocreaterole noreplication"
        connection.execute(sql.SQL(tame).format(role))
    connection.execute(
        sql.SQL("alter role {} login noinherit password {}").format(role, sql.Literal(verifier))
    )


def _grant(connection: psycopg.Connection[object], name: str, database: str) -> None:
    role = sql.Identifier(name)
    connection.execute(
        sql.SQL("grant connect on database {} to {}").format(sql.Identifier(database), role)
    )
    connection.execute(sql.SQL("grant usage on schema public to {}").format(role))


def _for_the_dba(
    connection: psycopg.Connection[object], names: list[str], refusal: Exception
) -> str:
    owner = sql.Identifier(connection.info.user).as_string(connection)
    database = sql.Identifier(connection.info.dbname).as_string(connection)
    return (
        f"The owner {owner} may not make the login roles {', '.join(names)}: {refusal}. "
        "A database administrator must run, as superuser:\n"
        f"  alter role {owner} createrole bypassrls;\n"
        f"  alter database {database} owner to {owner};\n"
        + "".join(f"  grant {name} to {owner} with admin option; -- if any\n" for name in names)
    )
