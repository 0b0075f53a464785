"""The trail as lines of JSON: what an export holds, and what every check reads.

First the header (keys, heads known elsewhere, retired months), then each seal behind its entries,
then what is not sealed yet, then how many there were. Entries of nodes the reader may not see
stand there as their leaf alone: the seals can be checked all the same.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.audit.leaves import ORDER, SELECT, canonical, leaf
from app.audit.sealing import Connection
from app.audit.seals import SEAL, instant
from app.core.clock import now

FORMAT = "park-trail-v1"
_PAGE = 2_000

_SEALS = """
SELECT no, from_xid, to_xid, entries, root, previous, hash, sealed_at, key_id, algorithm, signature
  FROM trail_seal WHERE (%(since)s::timestamptz IS NULL OR sealed_at >= %(since)s)
   AND (%(until)s::timestamptz IS NULL OR sealed_at <= %(until)s) ORDER BY no"""

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which seals (all, if no bound is given), and entries of which nodes in full (None: all)."""

    since: datetime | None = None
    until: datetime | None = None
    nodes: Collection[int] | None = None


def lines(connection: Connection, wanted: Wanted | None = None) -> Iterator[Line]:
    """Yield the trail as the database has it, in one snapshot; constant memory."""
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield from lines_within(connection, wanted or Wanted())


def lines_within(connection: Connection, wanted: Wanted) -> Iterator[Line]:
    """Yield the trail as the transaction of the caller sees it."""
    yield _header(connection)
    yield from _counted(_body(connection, wanted))


def _header(connection: Connection) -> Line:
    keys = connection.execute("SELECT key_id, algorithm, public_key FROM trail_key").fetchall()
    retired = connection.execute("SELECT statement, signature FROM trail_retired ORDER BY month")
    return {
        "trail": FORMAT,
        "made_at": instant(now()),
        "keys": {k: {"algorithm": a, "public": bytes(p).hex()} for k, a, p in keys},
        "retired": [
            {"statement": json.loads(told), "signature": bytes(signature).hex()}
            for told, signature in retired.fetchall()
        ],
    }


def _counted(body: Iterator[Line]) -> Iterator[Line]:
    seals = entries = 0
    for line in body:
        seals += "seal" in line
        entries += "entry" in line or "leaf" in line
        yield line
    yield {"end": {"seals": seals, "entries": entries}}


def _body(connection: Connection, wanted: Wanted) -> Iterator[Line]:
    """Walk seals and entries side by side; an entry belongs to the seal whose range it is in."""
    bounds = {"since": wanted.since, "until": wanted.until}
    seals = connection.execute(_SEALS, bounds).fetchall()
    first = seals[0][1] if seals else 0
    last = seals[-1][2] if seals and wanted.until else None
    entries = _entries(connection, first, last)
    waiting = next(entries, None)
    for row in seals:
        while waiting is not None and waiting["xid"] < row[2]:
            yield _shown(waiting, wanted.nodes)
            waiting = next(entries, None)
        yield _seal(row)
    while waiting is not None:
        yield _shown(waiting, wanted.nodes)
        waiting = next(entries, None)


def _entries(connection: Connection, first: int, last: int | None) -> Iterator[Line]:
    names: list[str] = []
    with connection.cursor(name="trail") as cursor:
        cursor.itersize = _PAGE
        below = "" if last is None else " AND xid < %s"
        query = f"{SELECT} FROM audit_entry WHERE xid >= %s{below} {ORDER}"
        cursor.execute(query.encode(), (first,) if last is None else (first, last))
        for row in cursor:
            names = names or [column.name for column in cursor.description or ()]
            yield dict(zip(names, row, strict=True))


def _shown(entry: Line, nodes: Collection[int] | None) -> Line:
    if nodes is None or entry["node_id"] in nodes:
        return {"entry": entry}
    return {"leaf": leaf(entry).hex()}


def _seal(row: tuple[Any, ...]) -> Line:
    no, begin, end, entries, root, previous, digest, at, key, algorithm, signature = row
    told = {
        "kind": SEAL,
        "no": no,
        "from": begin,
        "to": end,
        "entries": entries,
        "root": bytes(root).hex(),
        "previous": bytes(previous).hex(),
        "sealed_at": instant(at),
        "algorithm": algorithm,
        "key": key,
    }
    return {"seal": told, "hash": bytes(digest).hex(), "signature": bytes(signature).hex()}


def head(connection: Connection) -> Line | None:
    """Return the newest seal with its public key, as it is handed on; None before the first."""
    newest = f"{_SEALS} DESC LIMIT 1".encode()
    found = connection.execute(newest, {"since": None, "until": None}).fetchone()
    if found is None:
        return None
    told = _seal(found)
    key = connection.execute(
        "SELECT public_key FROM trail_key WHERE key_id = %s", (told["seal"]["key"],)
    ).fetchone()
    return told | {"public": bytes(key[0]).hex() if key else ""}


def written(body: Iterable[Line]) -> Iterator[bytes]:
    """Yield the lines as bytes, a few hundred at a time."""
    page: list[bytes] = []
    for line in body:
        page.append(canonical(line) + b"\n")
        if len(page) == 500:  # noqa: PLR2004 -- some hundred kilobytes
            yield b"".join(page)
            page = []
    yield b"".join(page)


def read(source: Iterable[bytes | str]) -> Iterator[Line]:
    """Yield the lines of an export. Raises ValueError at a line that is not JSON."""
    for line in source:
        if line.strip():
            found = json.loads(line)
            if not isinstance(found, dict):
                raise ValueError("not a line of a trail")
            yield found
