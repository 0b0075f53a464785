"""The trail's lines for what an operator does at the machine: named, though without an account."""

import getpass
import json
from typing import Any

import psycopg

from app.audit.sealing import Connection
from app.core.clock import now
from app.core.database_roles import conninfo, owner_url
from app.core.ids import new_id

_NOTE = """
INSERT INTO audit_entry (id, at, username, account_name, organisation_name, node_id, verb,
                         register_name, record_label, outcome, ip, request_id, detail)
SELECT %s, %s, '', %s, '', coalesce((SELECT node_id FROM organisation WHERE parent_id IS NULL), 0),
       %s, '', %s, 'done', '', '', %s::jsonb"""


def owner() -> Connection:
    """Open a connection of the database's owner."""
    return psycopg.connect(conninfo(owner_url()), autocommit=True)


def note(connection: Connection, verb: str, label: str = "", **detail: Any) -> None:
    """Write what the operator did into the trail."""
    who = f"park ({getpass.getuser()})"
    connection.execute(_NOTE, (new_id(), now(), who, verb, label[:200], json.dumps(detail)))
