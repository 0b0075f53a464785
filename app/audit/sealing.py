"""Sealing: take what has surely finished, hash it, sign it, chain it.

The fence is PostgreSQL's own: below ``pg_snapshot_xmin`` every transaction has ended, so what
commits out of order is never passed over; it is sealed as soon as the oldest writer is done.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from app.audit.leaves import ORDER, SELECT, leaf, root
from app.audit.seals import BEGINNING, Covered, signed, statement
from app.core.clock import now
from app.core.settings import Settings, get_settings
from app.core.signatures import Signer, signer

Connection = psycopg.Connection[Any]

MOST = 20_000  # entries a seal holds, unless one transaction wrote more
_PAGE = 2_000

_LAST = "SELECT no, to_xid, hash FROM trail_seal ORDER BY no DESC LIMIT 1"
_RANGE = "FROM audit_entry WHERE xid >= %s AND xid < %s"
_CUT = f"SELECT xid {_RANGE} ORDER BY xid OFFSET %s LIMIT 1"
_INSERT = """
INSERT INTO trail_seal (no, from_xid, to_xid, entries, root, previous, hash, sealed_at, key_id,
                        algorithm, signature)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_KEY = """
INSERT INTO trail_key (key_id, algorithm, public_key, since) VALUES (%s, %s, %s, %s)
ON CONFLICT DO NOTHING"""
_STATE = """
WITH last AS (SELECT no, sealed_at, to_xid FROM trail_seal ORDER BY no DESC LIMIT 1)
SELECT (SELECT no FROM last), (SELECT sealed_at FROM last), count(*), min(e.at)
  FROM audit_entry e WHERE e.xid >= coalesce((SELECT to_xid FROM last), 0)"""


@dataclass(frozen=True, slots=True)
class State:
    """How far the trail is sealed; ``lag`` in seconds, of the oldest entry that is not."""

    seals: int
    sealed_until: datetime | None
    waiting: int
    lag: float


def trail_signer(settings: Settings | None = None) -> Signer:
    """Return the key this installation seals with."""
    return signer((settings or get_settings()).secret(), "trail")


def seal_next(connection: Connection, key: Signer, most: int = MOST) -> dict[str, Any] | None:
    """Seal what has finished since the last seal, in one transaction; None if nothing has.

    Returns the signed statement, as a head to hand on. One caller at a time
    (:mod:`app.audit.sealer` holds a lock; two would meet at the primary key and one of them fail).
    """
    with connection.transaction():
        last = connection.execute(_LAST).fetchone()
        no, begin, previous = (last[0], last[1], last[2].hex()) if last else (0, 0, BEGINNING)
        fence = _one(connection, "SELECT park_fence()", ())
        end = _end(connection, begin, fence, most)
        leaves = _leaves(connection, begin, end) if end > begin else []
        if not leaves:
            return None
        covered = Covered(no + 1, begin, end, len(leaves), root(leaves), previous)
        at = now()
        made = signed(statement(covered, at, key), key)
        connection.execute(_KEY, (key.key_id, key.algorithm, key.public, at))
        connection.execute(
            _INSERT,
            (
                covered.no,
                begin,
                end,
                len(leaves),
                covered.root,
                bytes.fromhex(previous),
                bytes.fromhex(made["hash"]),
                at,
                key.key_id,
                key.algorithm,
                bytes.fromhex(made["signature"]),
            ),
        )
    return made | {"public": key.public.hex()}


def seal_all(connection: Connection, key: Signer, most: int = MOST) -> int:
    """Seal until nothing finished is left; return how many seals that took."""
    made = 0
    while seal_next(connection, key, most) is not None:
        made += 1
    return made


def state(connection: Connection) -> State:
    """Return how far the trail is sealed."""
    seals, until, waiting, oldest = connection.execute(_STATE).fetchall()[0]
    lag = 0.0 if oldest is None else max(0.0, (now() - oldest).total_seconds())
    return State(seals or 0, until, waiting, lag)


def _end(connection: Connection, begin: int, fence: int, most: int) -> int:
    """Cut a long range between two transactions; one alone is never cut."""
    beyond = connection.execute(_CUT, (begin, fence, most)).fetchone()
    if beyond is None:
        return fence
    first = _one(connection, f"SELECT min(xid) {_RANGE}", (begin, fence))
    return int(beyond[0]) if beyond[0] > first else first + 1


def _leaves(connection: Connection, begin: int, end: int) -> list[bytes]:
    names: list[str] = []
    leaves: list[bytes] = []
    with connection.cursor(name="sealing") as cursor:
        cursor.itersize = _PAGE
        cursor.execute(f"{SELECT} {_RANGE} {ORDER}".encode(), (begin, end))
        for row in cursor:
            names = names or [column.name for column in cursor.description or ()]
            leaves.append(leaf(dict(zip(names, row, strict=True))))
    return leaves


def _one(connection: Connection, query: str, values: tuple[int, ...]) -> int:
    return int(connection.execute(query.encode(), values).fetchall()[0][0])
