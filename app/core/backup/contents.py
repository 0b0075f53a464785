"""What a database holds, as digests: equal digests mean equal rows, walls, functions and counters.

Everything is read in the caller's one snapshot, row by row in the order of the primary key, in
the text PostgreSQL itself copies; nothing depends on the server's locale.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

Connection = psycopg.Connection[Any]

_OURS = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
#: Read back from its own text, a condition gets its brackets and casts in other places.
_CASTS = r"'[()]|::character varying|::text(\[\])?', '', 'g'"
_TABLES = """
SELECT n.nspname, c.relname,
       array(SELECT quote_ident(a.attname)
                    || CASE WHEN a.attcollation <> 0 THEN ' COLLATE "C"' ELSE '' END
               FROM pg_index i
              CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, place)
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
              WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY k.place)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND $ours ORDER BY 1, 2"""

#: Of what stands around the rows: one line of text for each thing.
_CATALOGUE = {
    "columns": """
        SELECT format('%I.%I.%I %s %s %s', n.nspname, c.relname, a.attname,
                      format_type(a.atttypid, a.atttypmod), a.attnotnull,
                      pg_get_expr(d.adbin, d.adrelid))
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace
          LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
         WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND $ours""",
    "constraints": """
        SELECT format('%s %I %s', k.conrelid::regclass, k.conname,
                      regexp_replace(pg_get_constraintdef(k.oid), $casts))
          FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
         WHERE k.conrelid <> 0 AND $ours""",
    "indexes": """
        SELECT regexp_replace(indexdef, $casts) FROM pg_indexes n
         WHERE n.schemaname !~ '^pg_'""",
    "row security": """
        SELECT format('%I.%I %s %s', n.nspname, c.relname, c.relrowsecurity, c.relforcerowsecurity)
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p') AND $ours""",
    "policies": """
        SELECT format('%I.%I %I %s %s %s %s %s', schemaname, tablename, policyname, permissive,
                      roles, cmd, qual, with_check) FROM pg_policies""",
    "rights": """
        SELECT format('%s %s %s %s', what, a.grantee::regrole, a.privilege_type, a.is_grantable)
          FROM (SELECT format('%I.%I', n.nspname, c.relname) AS what, c.relacl AS acl
                  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE $ours
                UNION ALL
                SELECT format('%I.%I.%I', n.nspname, c.relname, t.attname), t.attacl
                  FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid
                  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE $ours
                UNION ALL
                SELECT format('%I', n.nspname), n.nspacl FROM pg_namespace n
                 WHERE $ours AND n.nspname <> 'public'
                UNION ALL
                SELECT p.oid::regprocedure::text, p.proacl
                  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE $ours
               ) x CROSS JOIN aclexplode(x.acl) a""",
    "functions": """
        SELECT pg_get_functiondef(p.oid)
          FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE p.prokind IN ('f', 'p') AND $ours""",
    "triggers": """
        SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND $ours""",
    "sequences": """
        SELECT format('%I.%I %s', schemaname, sequencename, last_value) FROM pg_sequences""",
}
_SETTINGS = (
    "SET timezone = 'UTC'",
    "SET datestyle = 'ISO, YMD'",
    "SET intervalstyle = 'postgres'",
    "SET bytea_output = 'hex'",
    "SET extra_float_digits = 1",
    "SET search_path = ''",
    "SET idle_in_transaction_session_timeout = 0",
    "SET statement_timeout = 0",
)


@dataclass(frozen=True, slots=True)
class Digest:
    """How many lines, and their SHA-256 in order."""

    rows: int
    sha256: str


def prepare(connection: Connection) -> None:
    """Make what is read independent of how the server is set up."""
    for setting in _SETTINGS:
        connection.execute(setting.encode())


def contents(connection: Connection) -> dict[str, Digest]:
    """Return the digest of every table and of each part of the catalogue."""
    tables = connection.execute(_ours(_TABLES)).fetchall()
    found = {
        f"{schema}.{name}": _table(connection, schema, name, by) for schema, name, by in tables
    }
    return found | {f"({part})": _lines(connection, query) for part, query in _CATALOGUE.items()}


def _table(connection: Connection, schema: str, name: str, order: list[str]) -> Digest:
    by = sql.SQL(", ".join(order)) if order else sql.SQL('t::text COLLATE "C"')
    copying = sql.SQL("COPY (SELECT * FROM {} t ORDER BY {}) TO STDOUT").format(
        sql.Identifier(schema, name), by
    )
    total, rows = hashlib.sha256(), 0
    with connection.cursor() as cursor, cursor.copy(copying) as copy:
        for block in copy:
            total.update(block)
            rows += bytes(block).count(b"\n")  # a newline inside a value is written as \n
    return Digest(rows, total.hexdigest())


def _ours(query: str) -> bytes:
    return query.replace("$ours", _OURS).replace("$casts", _CASTS).encode()


def _lines(connection: Connection, query: str) -> Digest:
    lines = sorted(row[0] or "" for row in connection.execute(_ours(query)).fetchall())
    return Digest(len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest())


def differing(wanted: dict[str, Digest], found: dict[str, Digest]) -> list[str]:
    """Return the tables, and parts of the catalogue in brackets, that are not equal."""
    return sorted(
        name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)
    )
