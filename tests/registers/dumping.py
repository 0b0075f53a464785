"""Everything the database holds, table by table, to say what an act has left behind."""

from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from app.core.database_roles import conninfo, owner_url

#: What grows by nature, whatever is undone: versions, the trail, the feed, who was told.
HISTORY = frozenset(
    {
        "record_version",
        "secret_version",
        "audit_entry",
        "revelation",
        "change_entry",
        "record_merge",
        "notification",
        "follower",
        "session",
        "alembic_version",
    }
)
_NEVER = frozenset({"version", "updated_at", "updated_by", "xid"})
Dump = dict[str, list[str]]


def dump() -> Dump:
    """Return every row of every table but those of the past, without who wrote it last."""
    address = conninfo(owner_url())
    with psycopg.connect(address, row_factory=dict_row) as connection:
        names = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
        return {
            name: sorted(map(_said, _rows(connection, name)))
            for row in names
            if (name := str(row["tablename"])) not in HISTORY and "audit_entry" not in name
        }


def _rows(connection: "psycopg.Connection[dict[str, Any]]", table: str) -> list[dict[str, Any]]:
    if table == "search_document":  # the words; their places follow the order of a row's keys
        words = "SELECT region_id, node_id, register_name, record_id, strip(document) FROM {}"
    else:
        words = "SELECT * FROM {}"
    return connection.execute(sql.SQL(words).format(sql.Identifier(table))).fetchall()


def _said(row: dict[str, Any]) -> str:
    return repr({k: v for k, v in sorted(row.items()) if k not in _NEVER})


def differences(one: Dump, other: Dump) -> dict[str, list[str]]:
    """Return what stands in only one of two dumps, by table."""
    found = {}
    for table in one.keys() | other.keys():
        only = set(one.get(table, [])) ^ set(other.get(table, []))
        if only:
            found[table] = sorted(only)
    return found
