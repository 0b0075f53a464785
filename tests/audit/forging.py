"""Changing sealed entries and sealing them anew, with the installation's key or another."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from app.audit.bundles import Line
from app.audit.leaves import ORDER, SELECT, leaf, root
from app.audit.sealing import Connection, trail_signer
from app.audit.seals import BEGINNING, Covered, signed, statement
from app.core.clock import now
from app.core.signatures import Signer
from tests.audit.trails import INSERT, an_entry

ROUNDS, EACH = 8, 5
MIDDLE = ROUNDS // 2
#: Any entry of the seal in the middle, and any of the one before.
IN = """
xid >= (SELECT from_xid FROM trail_seal WHERE no = {0})
 AND xid < (SELECT to_xid FROM trail_seal WHERE no = {0})"""
ONE = f"(SELECT id FROM audit_entry WHERE {IN} ORDER BY id LIMIT 1)"


def sql(*statements: str) -> Callable[[Connection], None]:
    def run(connection: Connection) -> None:
        for each in statements:
            assert connection.execute(each.encode()).rowcount, each

    return run


def change(what: str, seal: int = MIDDLE) -> Callable[[Connection], None]:
    return sql(f"UPDATE audit_entry SET {what} WHERE id = {ONE.format(seal)}")


def rewritten(connection: Connection, key: Signer | None) -> None:
    """Change an entry and all that follows from it."""
    change("verb = 'needs.read'")(connection)
    if key is not None:
        own_key(connection, key) if key.key_id != trail_signer().key_id else None
    _resealed(connection, key, MIDDLE)


def _resealed(connection: Connection, key: Signer | None, begin: int) -> None:
    """Seal again everything from one seal on; without a key the old signatures stay."""
    seals = connection.execute(
        "SELECT no, from_xid, to_xid, sealed_at, signature FROM trail_seal WHERE no >= %s"
        " ORDER BY no",
        (begin,),
    ).fetchall()
    before = connection.execute(
        "SELECT hash FROM trail_seal WHERE no = %s", (begin - 1,)
    ).fetchone()
    previous = bytes(before[0]).hex() if before else BEGINNING
    connection.execute("DELETE FROM trail_seal WHERE no >= %s", (begin,))
    mine = key or trail_signer()
    for no, start, end, at, old in seals:
        covered = Covered(no, start, end, *_found(connection, start, end), previous)
        made = signed(statement(covered, at, mine), mine)
        _put(connection, covered, at, mine, made, old if key is None else None)
        previous = made["hash"]


def _found(connection: Connection, start: int, end: int) -> tuple[int, bytes]:
    cursor = connection.execute(
        f"{SELECT} FROM audit_entry WHERE xid >= %s AND xid < %s {ORDER}".encode(), (start, end)
    )
    names = [column.name for column in cursor.description or ()]
    leaves = [leaf(dict(zip(names, row, strict=True))) for row in cursor]
    return len(leaves), root(leaves)


def _put(
    connection: Connection, seal: Covered, at: Any, key: Signer, made: Line, old: bytes | None
) -> None:
    signature = bytes.fromhex(made["signature"]) if old is None else old
    connection.execute(
        "INSERT INTO trail_seal (no, from_xid, to_xid, entries, root, previous, hash, sealed_at,"
        " key_id, algorithm, signature) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            seal.no,
            seal.from_xid,
            seal.to_xid,
            seal.entries,
            seal.root,
            bytes.fromhex(seal.previous),
            bytes.fromhex(made["hash"]),
            at,
            key.key_id,
            key.algorithm,
            signature,
        ),
    )


def own_key(connection: Connection, key: Signer) -> None:
    connection.execute(
        "INSERT INTO trail_key VALUES (%s, 'ES256', %s, now())", (key.key_id, key.public)
    )


def appended(
    key: Signer, *, previous: int = ROUNDS, gap: int = 0, back: timedelta = timedelta()
) -> Callable[[Connection], None]:
    """Add a seal over what is not sealed yet, wrong in one way."""

    def run(connection: Connection) -> None:
        connection.execute("ALTER TABLE trail_seal DROP CONSTRAINT uq_trail_seal_previous")
        if key.key_id != trail_signer().key_id:
            own_key(connection, key)
        last = connection.execute("SELECT to_xid FROM trail_seal ORDER BY no DESC").fetchone()
        told = connection.execute("SELECT hash FROM trail_seal WHERE no = %s", (previous,))
        above = connection.execute("SELECT max(xid) + 1 FROM audit_entry").fetchone()
        chained = told.fetchone()
        assert last
        assert above
        assert chained
        start = last[0] + gap
        found = _found(connection, start, above[0])
        covered = Covered(ROUNDS + 1, start, above[0], *found, bytes(chained[0]).hex())
        at = now() - back
        _put(connection, covered, at, key, signed(statement(covered, at, key), key), None)

    return run


def cut(connection: Connection) -> None:
    cut = f"(SELECT from_xid FROM trail_seal WHERE no = {MIDDLE + 1})"
    connection.execute(f"DELETE FROM audit_entry WHERE xid >= {cut}".encode())
    connection.execute("DELETE FROM record_version")
    connection.execute(f"DELETE FROM trail_seal WHERE no > {MIDDLE}".encode())


def rolled_back(connection: Connection) -> None:
    """Put an older backup back and go on working: new acts, properly sealed."""
    cut(connection)
    for n in range(ROUNDS - MIDDLE):
        connection.execute(INSERT, an_entry(f"另一段历史{n}"))
    row = connection.execute("SELECT to_xid, hash FROM trail_seal ORDER BY no DESC").fetchone()
    assert row
    start, previous = row[0], bytes(row[1]).hex()
    end = connection.execute("SELECT max(xid) + 1 FROM audit_entry").fetchall()[0][0]
    key = trail_signer()
    for no in range(MIDDLE + 1, ROUNDS + 1):
        upto = end if no == MIDDLE + 1 else start + 1
        covered = Covered(no, start, upto, *_found(connection, start, upto), previous)
        at = now()
        made = signed(statement(covered, at, key), key)
        _put(connection, covered, at, key, made, None)
        start, previous = upto, made["hash"]
