"""The second wall, as SQL: row-level security in its one affordable form, grants, owner links.

Frozen once used: a change of a policy is a new function and a new migration.
``= ANY((SELECT …)::int[])`` is computed once a statement and may use an index; the forms people
write by instinct cost up to 8,000 times as much (docs/decisions/0004-walls.md).
"""

from typing import Literal

import sqlalchemy as sa
from alembic import op

from app.core.database_roles import AppRole, role_name

Reach = Literal["nodes", "library_nodes"]

_ARRAY = (
    "ANY((SELECT string_to_array(nullif(current_setting('app.{}', true), ''), ',')::int[])::int[])"
)
_LINKED = (
    "ANY((SELECT ARRAY(SELECT l.record_id FROM party_link l WHERE l.party_id ="
    " nullif(current_setting('app.party', true), '')::uuid))::uuid[])"
)
_OWNED = "owner_id = nullif(current_setting('app.party', true), '')::uuid"


def role(wall: str) -> str:
    """Return the quoted login role behind ``wall`` for the database being migrated."""
    database = op.get_bind().scalar(sa.text("SELECT current_database()"))
    return '"' + role_name(AppRole(wall), str(database)) + '"'


def in_scope(setting: Reach) -> str:
    return f"node_id = {_ARRAY.format(setting)}"


def policy(table: str, wall: str, command: str, using: str | None, check: str | None) -> None:
    """Write one policy of ``table`` for one login role and command."""
    clauses = (f" USING ({using})" if using else "") + (f" WITH CHECK ({check})" if check else "")
    name = f"{wall}_{command.lower()}"
    op.execute(f"CREATE POLICY {name} ON {table} FOR {command} TO {role(wall)}{clauses}")


def closed(table: str) -> None:
    """Shut ``table`` to all but its owner's own functions."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY owner_all ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")


def _rights(update: bool, delete: bool) -> str:  # noqa: FBT001 -- two switches of one sentence
    given = {"SELECT": True, "INSERT": True, "UPDATE": update, "DELETE": delete}
    return ", ".join(right for right, granted in given.items() if granted)


def staff(table: str, reads: Reach, *, delete: bool = False, update: bool = True) -> None:
    """Open ``table`` to staff: read within ``reads``, write within their own nodes."""
    op.execute(f"GRANT {_rights(update, delete)} ON {table} TO {role('staff')}")
    policy(table, "staff", "SELECT", in_scope(reads), None)
    policy(table, "staff", "INSERT", None, in_scope("nodes"))
    if update:
        policy(table, "staff", "UPDATE", in_scope("nodes"), in_scope("nodes"))
    if delete:
        policy(table, "staff", "DELETE", in_scope("nodes"), None)


def linked(key: str) -> str:
    """Return the condition of rows whose ``key`` is linked to the party in scope."""
    return f"{key} = {_LINKED}"


def party(
    table: str,
    key: str,
    *,
    insert: str | None = None,
    delete: bool = False,
    update: bool = True,
) -> None:
    """Open ``table`` to enterprises and experts: rows whose ``key`` is linked to them."""
    mine = linked(key)
    op.execute(f"GRANT {_rights(update, delete)} ON {table} TO {role('party')}")
    policy(table, "party", "SELECT", mine, None)
    policy(table, "party", "INSERT", None, insert or mine)
    if update:
        policy(table, "party", "UPDATE", mine, mine)
    if delete:
        policy(table, "party", "DELETE", mine, None)


def register_table(table: str, register: str, fence: Literal["nodes", "library"] = "nodes") -> None:
    """Wall in the table of a register: what a new register's migration calls."""
    closed(table)
    staff(table, "nodes" if fence == "nodes" else "library_nodes")
    party(table, "id", insert=_OWNED)  # the link its own trigger makes is not yet to be seen
    op.execute(
        f"CREATE TRIGGER link_owner BEFORE INSERT OR UPDATE OF owner_id ON {table} FOR EACH ROW"
        f" WHEN (NEW.owner_id IS NOT NULL) EXECUTE FUNCTION park_link_owner('{register}')"
    )


def beside(table: str, *, key: str = "record_id", delete: bool = False) -> None:
    """Wall in a table that stands beside records: readable wherever its record may be."""
    closed(table)
    staff(table, "library_nodes", delete=delete)
    party(table, key, delete=delete)


def append_only(table: str) -> None:
    """Wall in a table beside records whose rows, once written, no login changes or removes."""
    closed(table)
    staff(table, "library_nodes", update=False)
    party(table, "record_id", update=False)


def everybody_reads(table: str) -> None:
    """Let every login read ``table`` (code tables, the organisation tree)."""
    for wall in ("staff", "party", "audit"):
        op.execute(f"GRANT SELECT ON {table} TO {role(wall)}")
