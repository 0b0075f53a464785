"""A trail to look at: entries as the application's logins write them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from app.audit.sealing import Connection
from app.core.clock import now
from app.core.database_roles import AppRole, conninfo, login_url, owner_url
from app.core.ids import new_id

INSERT = """
INSERT INTO audit_entry (id, at, username, account_name, organisation_name, node_id, verb,
                         register_name, record_label, outcome, ip, request_id, detail)
VALUES (%(id)s, %(at)s, %(username)s, '张三', '样例单位', 1, %(verb)s, 'needs', %(label)s, 'done',
        '10.0.0.1', 'r', %(detail)s::jsonb)"""


def an_entry(label: str = "需求", **given: Any) -> dict[str, Any]:
    """Return the parameters of one entry."""
    fixed = {"id": new_id(), "at": now(), "username": "u", "verb": "needs.revise", "label": label}
    return fixed | {"detail": '{"version": 1}'} | given


def write(count: int = 1, label: str = "需求", **given: Any) -> None:
    """Write entries as staff do, each in its own transaction."""
    with as_login(AppRole.STAFF) as staff:
        for n in range(count):
            staff.execute(INSERT, an_entry(f"{label}{n}", **given))


@contextmanager
def as_login(role: AppRole, *, autocommit: bool = True) -> Iterator[Connection]:
    with psycopg.connect(conninfo(login_url(role)), autocommit=autocommit) as connection:
        yield connection


@contextmanager
def as_owner() -> Iterator[Connection]:
    with psycopg.connect(conninfo(owner_url()), autocommit=True) as connection:
        yield connection
