"""`park doctor`, second half: does the database keep what it is given, and from whom?"""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg

from app.core import migrate
from app.core.database_roles import AppRole, conninfo, owner_url, role_name
from app.core.findings import Finding, Grade
from app.core.labels import T
from app.core.settings import InstallationError, Settings

Connection = psycopg.Connection[tuple[object, ...]]

OLDEST_SERVER = 150000
SKEW_WARN, SKEW_BAD = 2.0, 60.0  # seconds

_REACHABLE = T("数据库可以连接（{server}）", "The database answers ({server})")
_UNREACHABLE = T("数据库无法连接：{reason}", "The database does not answer: {reason}")
_CHECK_ADDRESS = T(
    "请检查 PARK_DATABASE_URL、数据库服务器和网络。",
    "Look at PARK_DATABASE_URL, the database server and the network.",
)
_SAFETY = {
    "fsync": T(
        "断电会损坏数据库。请在 postgresql.conf 中设 fsync = on 并重启。",
        "A power failure would ruin the database: set fsync = on in postgresql.conf, restart.",
    ),
    "full_page_writes": T(
        "断电可能损坏数据页。请设 full_page_writes = on。",
        "A power failure may tear pages: set full_page_writes = on.",
    ),
    "synchronous_commit": T(
        "已确认保存的内容可能丢失。请设 synchronous_commit = on。",
        "Acknowledged writes may be lost: set synchronous_commit = on.",
    ),
    "data_checksums": T(
        "磁盘静默错误不会被发现。请停库后执行 pg_checksums --enable。",
        "Silent disk errors go unnoticed: stop the server and run pg_checksums --enable.",
    ),
}
_UNWALLED = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition
   and exists (select from pg_attribute a
                where a.attrelid = c.oid and a.attname = 'node_id' and not a.attisdropped)
   and not (c.relrowsecurity and c.relforcerowsecurity
            and exists (select from pg_policy p where p.polrelid = c.oid))
 order by 1"""
_LEAKY_VIEWS = """
select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname = 'public' and c.relkind = 'v'
   and not coalesce('security_invoker=true' = any (c.reloptions)
                    or 'security_invoker=on' = any (c.reloptions), false)
 order by 1"""
_MIGHTY_ROLES = """
select rolname from pg_roles r
 where rolname = any (%s)
   and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb
        or exists (select from pg_class c where c.relowner = r.oid)
        or exists (select from pg_database d where d.datdba = r.oid)
        or exists (select from pg_auth_members m where m.member = r.oid))
 order by 1"""


def examine_database(settings: Settings, unwalled: frozenset[str]) -> Iterator[Finding]:
    """Every check that needs a connection; only the first when there is none."""
    with contextlib.ExitStack() as stack:
        try:
            if settings.database_url is None:
                if not (settings.home / "postgres" / "data").is_dir():
                    yield _not_made_yet()
                    return
                from app.core.embedded_pg import EmbeddedPostgres

                stack.enter_context(EmbeddedPostgres(settings).running())
            address = conninfo(owner_url(settings))
            connection = stack.enter_context(
                psycopg.connect(address, autocommit=True, connect_timeout=5)
            )
        except (InstallationError, OSError, psycopg.Error) as error:
            reason = str(error).strip()
            yield Finding("database", "bad", _UNREACHABLE, _CHECK_ADDRESS, {"reason": reason})
            return
        yield server_version(connection)
        yield revision()
        yield login_roles(connection, settings)
        yield walls(connection, unwalled)
        yield from safety(connection)
        yield clock(connection)


def _not_made_yet() -> Finding:
    return Finding(
        "database",
        "warn",
        T("内置数据库尚未建立", "The embedded database does not exist yet"),
        T("首次运行 park serve 时会自动建立。", "The first `park serve` makes it."),
    )


def server_version(connection: Connection) -> Finding:
    number = connection.info.server_version
    shown = f"PostgreSQL {number // 10000}.{number % 10000}"
    if number >= OLDEST_SERVER:
        return Finding("database", "ok", _REACHABLE, None, {"server": shown})
    return Finding(
        "database",
        "bad",
        T("数据库版本太旧：{server}", "The database is too old: {server}"),
        T("请升级到 PostgreSQL 15 或更高版本。", "Upgrade to PostgreSQL 15 or newer."),
        {"server": shown},
    )


def revision() -> Finding:
    found, wanted = migrate.current(), migrate.newest()
    return Finding(
        "migrations",
        "ok" if found == wanted else "bad",
        T("数据库结构版本 {found}", "The database is at revision {found}"),
        T(
            "本程序需要 {wanted}。请先备份，再执行 park migrate。",
            "The program needs {wanted}: make a backup, then run `park migrate`.",
        ),
        {"found": found or "-", "wanted": wanted or "-"},
    )


def login_roles(connection: Connection, settings: Settings) -> Finding:
    names = [role_name(role, connection.info.dbname, settings) for role in AppRole]
    rows = connection.execute("select rolname from pg_roles where rolname = any (%s)", [names])
    missing = sorted(set(names) - {str(row[0]) for row in rows})
    mighty = _names(connection.execute(_MIGHTY_ROLES, [names]))
    if missing:
        return Finding(
            "roles",
            "bad",
            T("缺少登录角色 {names}", "The login roles {names} are missing"),
            T("请执行 park migrate。", "Run `park migrate`."),
            {"names": ", ".join(missing)},
        )
    return Finding(
        "roles",
        "bad" if mighty else "ok",
        T("登录角色权限过大：{names}", "These login roles may too much: {names}")
        if mighty
        else T("登录角色权限恰当", "The login roles may no more than they should"),
        T(
            "它们不得是超级用户，不得绕过行级安全，不得拥有表或属于其他角色。请执行 park migrate，"
            "并收回多余权限。",
            "They must not be superuser, bypass row-level security, own tables or be members of"
            " other roles: run `park migrate` and revoke the rest.",
        ),
        {"names": mighty},
    )


def walls(connection: Connection, unwalled: frozenset[str]) -> Finding:
    open_tables = [str(row[0]) for row in connection.execute(_UNWALLED) if row[0] not in unwalled]
    found = ", ".join([*open_tables, *filter(None, [_names(connection.execute(_LEAKY_VIEWS))])])
    return Finding(
        "row_security",
        "bad" if found else "ok",
        T("这些表或视图没有行级安全：{found}", "No row-level security on: {found}")
        if found
        else T("行级安全已全部启用", "Row-level security is on wherever it should be"),
        T(
            "请执行 park migrate；若仍如此，请联系开发者，不要继续使用。",
            "Run `park migrate`; if it stays, tell the developers and do not go on.",
        ),
        {"found": found},
    )


def safety(connection: Connection) -> Iterator[Finding]:
    for name, advice in _SAFETY.items():
        value = connection.execute("select current_setting(%s)", [name]).fetchone()
        setting = str(value[0]) if value else "?"
        weak: Grade = "bad" if name != "data_checksums" else "warn"
        yield Finding(
            name,
            weak if setting in {"off", "local"} else "ok",
            T("{name} = {setting}", "{name} = {setting}"),
            advice,
            {"name": name, "setting": setting},
        )


def clock(connection: Connection) -> Finding:
    """Half the question's duration is the answer's uncertainty, and far below what matters."""
    row = connection.execute("select clock_timestamp()").fetchone()
    there = row[0] if row and isinstance(row[0], datetime) else datetime.now(UTC)
    skew = abs((datetime.now(UTC) - there).total_seconds())
    return Finding(
        "clock",
        "bad" if skew > SKEW_BAD else "warn" if skew > SKEW_WARN else "ok",
        T("与数据库时钟相差 {skew:.1f} 秒", "{skew:.1f} s between our clock and the database's"),
        T(
            "请在两台机器上启用时间同步（chrony）。",
            "Turn on time synchronisation (chrony) on both.",
        ),
        {"skew": skew},
    )


def _names(rows: "psycopg.Cursor[tuple[object, ...]]") -> str:
    return ", ".join(str(row[0]) for row in rows)
