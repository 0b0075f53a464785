"""Every way we know to change a sealed trail, as whoever owns the database would.

A kind works inside a transaction that is rolled back afterwards. ``forge`` are those of somebody
who also has the installation's key: only heads kept elsewhere tell.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.audit.bundles import Line, Wanted, lines_within
from app.audit.checking import Checker, Report, anchors_of
from app.audit.leaves import ORDER, SELECT, canonical, leaf, root
from app.audit.sealing import Connection, seal_all, trail_signer
from app.audit.seals import BEGINNING, RETIRED, Covered, instant, signed, statement
from app.audit.verifying import unrecorded
from app.core.clock import now
from app.core.database_roles import AppRole
from app.core.ids import new_id
from app.core.signatures import Signer, signer
from tests.audit.trails import INSERT, an_entry, as_login, as_owner, write

ROUNDS, EACH = 8, 5
_MIDDLE = ROUNDS // 2
_VERSION = """
INSERT INTO record_version (region_id, node_id, register_name, record_id, version, at, verb,
                            account_id, account_name, role, organisation_name, row)
VALUES (1, 1, 'needs', %(record)s, 1, now(), 'create', gen_random_uuid(), '', 'station_staff', '',
        '{}')"""
_RECORDED = INSERT.replace("request_id, detail)", "request_id, detail, record_id)").replace(
    "%(detail)s::jsonb)", "%(detail)s::jsonb, %(record)s)"
)
#: Any entry of the seal in the middle, and any of the one before.
_IN = """
xid >= (SELECT from_xid FROM trail_seal WHERE no = {0})
 AND xid < (SELECT to_xid FROM trail_seal WHERE no = {0})"""
_ONE = f"(SELECT id FROM audit_entry WHERE {_IN} ORDER BY id LIMIT 1)"


def build() -> list[Line]:
    """Write and seal a trail of two months; return the heads that somebody elsewhere kept."""
    with as_login(AppRole.SEAL) as seal:
        for n in range(ROUNDS):
            write(EACH, f"第{n}轮", detail='{"version": 1, "count": 1, "name": "张三"}')
            if n == 1:
                write(EACH, "下月", at=now() + timedelta(days=35))
            seal_all(seal, trail_signer())
        heads = [line for line in _seals(seal) if line["seal"]["no"] % 2 == 0]
    record = new_id()
    with as_owner() as owner, owner.transaction():
        owner.execute(_VERSION, {"record": record})
        owner.execute(_RECORDED, an_entry("未封") | {"record": record})
    return heads


def _seals(connection: Connection) -> Iterator[Line]:
    with connection.transaction():
        yield from (line for line in lines_within(connection, Wanted()) if "seal" in line)


@dataclass(frozen=True)
class Tamper:
    """One way to change the trail; ``only`` is the check that alone finds it, if one does."""

    name: str
    do: Callable[[Connection], None]
    only: str = ""


def tampered(connection: Connection, tamper: Tamper | None) -> tuple[list[Line], Report]:
    """Return the trail's lines after one tampering, and what the checks of the database say."""
    with connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL session_replication_role = replica")
        if tamper is not None:
            tamper.do(connection)
        lines = list(lines_within(connection, Wanted()))
        versions = unrecorded(connection)
    return lines, Report(faults=versions)


def judged(lines: list[Line], heads: list[Line], versions: Report) -> Report:
    """Check lines as `park audit verify` does, with heads kept elsewhere."""
    checker = Checker({trail_signer().key_id}, anchors_of(heads))
    report = checker.read(lines)
    report.faults += versions.faults
    return report


def _sql(*statements: str) -> Callable[[Connection], None]:
    def run(connection: Connection) -> None:
        for each in statements:
            assert connection.execute(each.encode()).rowcount, each

    return run


def _change(what: str, seal: int = _MIDDLE) -> Callable[[Connection], None]:
    return _sql(f"UPDATE audit_entry SET {what} WHERE id = {_ONE.format(seal)}")


def _deleted(connection: Connection) -> None:
    connection.execute(f"DELETE FROM audit_entry WHERE id = {_ONE.format(_MIDDLE)}".encode())


def _swapped(connection: Connection) -> None:
    """Exchange who did what between two entries of one second."""
    found = connection.execute(
        f"SELECT id, record_label FROM audit_entry WHERE {_IN.format(_MIDDLE)} ORDER BY id".encode()
    ).fetchall()
    for (one, _), (_, label) in zip(found[:2], reversed(found[:2]), strict=True):
        connection.execute("UPDATE audit_entry SET record_label = %s WHERE id = %s", (label, one))


def _inserted(connection: Connection) -> None:
    xid = f"(SELECT from_xid FROM trail_seal WHERE no = {_MIDDLE})"
    late = INSERT.replace("request_id, detail)", "request_id, detail, xid)").replace(
        "::jsonb)", f"::jsonb, {xid})"
    )
    connection.execute(late.encode(), an_entry("补记"))


def _partition(connection: Connection) -> None:
    month = (now() + timedelta(days=35)).strftime("%Y%m")
    connection.execute(f"DROP TABLE audit_entry_{month}".encode())


def _partition_retired(connection: Connection) -> None:
    """Drop a young month and leave a statement that it was old, by a key of one's own."""
    _partition(connection)
    key = signer(secrets.token_bytes(32), "trail")
    _own_key(connection, key)
    _retirement(connection, key, month="202001")


def _partition_retired_early(connection: Connection) -> None:
    """The operator, who has the key, drops a young month all the same."""
    _partition(connection)
    _retirement(connection, trail_signer(), month=(now() + timedelta(days=35)).strftime("%Y%m"))


def _retirement(connection: Connection, key: Signer, month: str) -> None:
    told = {"kind": RETIRED, "month": month, "first": 1, "last": ROUNDS, "entries": 1}
    told |= {"sha256": "", "at": instant(now()), "algorithm": key.algorithm, "key": key.key_id}
    connection.execute(
        "INSERT INTO trail_retired VALUES (%s, %s, %s)",
        (month, canonical(told).decode(), key.sign(canonical(told))),
    )


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


def _own_key(connection: Connection, key: Signer) -> None:
    connection.execute(
        "INSERT INTO trail_key VALUES (%s, 'ES256', %s, now())", (key.key_id, key.public)
    )


def _rewritten(connection: Connection, key: Signer | None) -> None:
    """Change an entry and all that follows from it."""
    _change("verb = 'needs.read'")(connection)
    if key is not None:
        _own_key(connection, key) if key.key_id != trail_signer().key_id else None
    _resealed(connection, key, _MIDDLE)


def _appended(
    key: Signer, *, previous: int = ROUNDS, gap: int = 0, back: timedelta = timedelta()
) -> Callable[[Connection], None]:
    """Add a seal over what is not sealed yet, wrong in one way."""

    def run(connection: Connection) -> None:
        connection.execute("ALTER TABLE trail_seal DROP CONSTRAINT uq_trail_seal_previous")
        if key.key_id != trail_signer().key_id:
            _own_key(connection, key)
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


def _cut(connection: Connection) -> None:
    cut = f"(SELECT from_xid FROM trail_seal WHERE no = {_MIDDLE + 1})"
    connection.execute(f"DELETE FROM audit_entry WHERE xid >= {cut}".encode())
    connection.execute("DELETE FROM record_version")
    connection.execute(f"DELETE FROM trail_seal WHERE no > {_MIDDLE}".encode())


def _rolled_back(connection: Connection) -> None:
    """Put an older backup back and go on working: new acts, properly sealed."""
    _cut(connection)
    for n in range(ROUNDS - _MIDDLE):
        connection.execute(INSERT, an_entry(f"另一段历史{n}"))
    row = connection.execute("SELECT to_xid, hash FROM trail_seal ORDER BY no DESC").fetchone()
    assert row
    start, previous = row[0], bytes(row[1]).hex()
    end = connection.execute("SELECT max(xid) + 1 FROM audit_entry").fetchall()[0][0]
    key = trail_signer()
    for no in range(_MIDDLE + 1, ROUNDS + 1):
        upto = end if no == _MIDDLE + 1 else start + 1
        covered = Covered(no, start, upto, *_found(connection, start, upto), previous)
        at = now()
        made = signed(statement(covered, at, key), key)
        _put(connection, covered, at, key, made, None)
        start, previous = upto, made["hash"]


def _seal_gone(connection: Connection) -> None:
    connection.execute("DELETE FROM trail_seal WHERE no = %s", (_MIDDLE,))
    connection.execute(
        "UPDATE trail_seal SET from_xid = (SELECT to_xid FROM trail_seal WHERE no = %s)"
        " WHERE no = %s",
        (_MIDDLE - 1, _MIDDLE + 1),
    )


def _exchanged(connection: Connection) -> None:
    """Exchange the places of two seals."""
    for old, new in ((_MIDDLE, -1), (_MIDDLE + 1, _MIDDLE), (-1, _MIDDLE + 1)):
        connection.execute("UPDATE trail_seal SET no = %s WHERE no = %s", (new, old))


def kinds() -> list[Tamper]:
    """Return every kind; the other key is a new one each time."""
    other, own = signer(secrets.token_bytes(32), "trail"), trail_signer()
    seal, noise = (
        f"UPDATE trail_seal SET {{}} WHERE no = {_MIDDLE}",
        "decode(repeat('ab', 32), 'hex')",
    )
    return [
        Tamper("an entry's act changed", _change("verb = 'needs.read'"), "root"),
        Tamper("who did it changed", _change("username = 'somebody'"), "root"),
        Tamper("an outcome changed", _change("outcome = 'refused'"), "root"),
        Tamper(
            "time moved by a microsecond", _change("at = at + interval '1 microsecond'"), "root"
        ),
        Tamper("detail: 1 becomes 1.0", _change("detail = jsonb_set(detail, '{count}', '1.0')")),
        Tamper('detail: 1 becomes "1"', _change("detail = jsonb_set(detail, '{count}', '\"1\"')")),
        Tamper(
            "detail: a look-alike letter",
            _change("detail = jsonb_set(detail, '{name}', '\"张\u2f00三\"')"),
        ),
        Tamper(
            "an entry deleted",
            _sql(f"DELETE FROM audit_entry WHERE id = {_ONE.format(_MIDDLE)}"),
            "entries",
        ),
        Tamper("an entry inserted into the past", _inserted, "entries"),
        Tamper("two entries swapped", _swapped, "root"),
        Tamper(
            "an entry moved to another second",
            _change(f"xid = (SELECT from_xid FROM trail_seal WHERE no = {_MIDDLE - 2})"),
        ),
        Tamper("a month's partition dropped", _partition, "entries"),
        Tamper("a partition dropped, a retirement forged", _partition_retired),
        Tamper("a partition dropped too early, with the key", _partition_retired_early),
        Tamper("the tail cut", _cut, "anchor"),
        Tamper("put back to an older backup, and gone on", _rolled_back, "anchor"),
        Tamper("all rewritten from an entry on, old signatures", lambda c: _rewritten(c, None)),
        Tamper("all rewritten from an entry on, another key", lambda c: _rewritten(c, other)),
        Tamper("all rewritten, with the key", lambda c: _rewritten(c, own), "anchor"),
        Tamper("a seal's root rewritten", _sql(seal.format(f"root = {noise}"))),
        Tamper("a seal's time rewritten", _sql(seal.format("sealed_at = now()"))),
        Tamper(
            "a seal's hash rewritten",
            _sql(seal.format(f"hash = {noise}")),
            "hash",
        ),
        Tamper(
            "a signature replaced",
            _sql(seal.format("signature = (SELECT signature FROM trail_seal WHERE no = 1)")),
            "signature",
        ),
        Tamper("a seal removed from the chain", _seal_gone),
        Tamper("two seals exchanged", _exchanged),
        Tamper("a seal added by another key", _appended(other), "key"),
        Tamper("the chain forked", _appended(own, previous=_MIDDLE), "chain"),
        Tamper("a second left out between two seals", _appended(own, gap=1), "range"),
        Tamper("a seal older than the one before", _appended(own, back=timedelta(hours=1)), "time"),
        Tamper(
            "an act not sealed yet deleted",
            _sql("DELETE FROM audit_entry WHERE record_label = '未封'"),
            "versions",
        ),
    ]
