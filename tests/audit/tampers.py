"""Every way we know to change a sealed trail, as whoever owns the database would.

A kind works inside a transaction that is rolled back afterwards. ``forge`` are those of somebody
who also has the installation's key: only heads kept elsewhere tell.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from app.audit.bundles import Line, Wanted, lines_within
from app.audit.checking import Checker, Report, anchors_of
from app.audit.leaves import canonical
from app.audit.sealing import Connection, seal_all, trail_signer
from app.audit.seals import RETIRED, instant
from app.audit.verifying import unrecorded
from app.core.clock import now
from app.core.database_roles import AppRole
from app.core.ids import new_id
from app.core.signatures import Signer, signer
from tests.audit.forging import (
    EACH,
    IN,
    MIDDLE,
    ONE,
    ROUNDS,
    appended,
    change,
    cut,
    own_key,
    rewritten,
    rolled_back,
    sql,
)
from tests.audit.trails import INSERT, an_entry, as_login, as_owner, write

_VERSION = """
INSERT INTO record_version (region_id, node_id, register_name, record_id, version, at, verb,
                            account_id, account_name, role, organisation_name, row)
VALUES (1, 1, 'needs', %(record)s, 1, now(), 'create', gen_random_uuid(), '', 'station_staff', '',
        '{}')"""
_RECORDED = INSERT.replace("request_id, detail)", "request_id, detail, record_id)").replace(
    "%(detail)s::jsonb)", "%(detail)s::jsonb, %(record)s)"
)


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


def _deleted(connection: Connection) -> None:
    connection.execute(f"DELETE FROM audit_entry WHERE id = {ONE.format(MIDDLE)}".encode())


def _swapped(connection: Connection) -> None:
    """Exchange who did what between two entries of one second."""
    found = connection.execute(
        f"SELECT id, record_label FROM audit_entry WHERE {IN.format(MIDDLE)} ORDER BY id".encode()
    ).fetchall()
    for (one, _), (_, label) in zip(found[:2], reversed(found[:2]), strict=True):
        connection.execute("UPDATE audit_entry SET record_label = %s WHERE id = %s", (label, one))


def _inserted(connection: Connection) -> None:
    xid = f"(SELECT from_xid FROM trail_seal WHERE no = {MIDDLE})"
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
    own_key(connection, key)
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


def _seal_gone(connection: Connection) -> None:
    connection.execute("DELETE FROM trail_seal WHERE no = %s", (MIDDLE,))
    connection.execute(
        "UPDATE trail_seal SET from_xid = (SELECT to_xid FROM trail_seal WHERE no = %s)"
        " WHERE no = %s",
        (MIDDLE - 1, MIDDLE + 1),
    )


def _exchanged(connection: Connection) -> None:
    """Exchange the places of two seals."""
    for old, new in ((MIDDLE, -1), (MIDDLE + 1, MIDDLE), (-1, MIDDLE + 1)):
        connection.execute("UPDATE trail_seal SET no = %s WHERE no = %s", (new, old))


def kinds() -> list[Tamper]:
    """Return every kind; the other key is a new one each time."""
    return [*_of_entries(), *_of_seals(signer(secrets.token_bytes(32), "trail"), trail_signer())]


def _of_entries() -> list[Tamper]:
    return [
        Tamper("an entry's act changed", change("verb = 'needs.read'"), "root"),
        Tamper("who did it changed", change("username = 'somebody'"), "root"),
        Tamper("an outcome changed", change("outcome = 'refused'"), "root"),
        Tamper("time moved by a microsecond", change("at = at + interval '1 microsecond'"), "root"),
        Tamper("detail: 1 becomes 1.0", change("detail = jsonb_set(detail, '{count}', '1.0')")),
        Tamper('detail: 1 becomes "1"', change("detail = jsonb_set(detail, '{count}', '\"1\"')")),
        Tamper(
            "detail: a look-alike letter",
            change("detail = jsonb_set(detail, '{name}', '\"张\u2f00三\"')"),
        ),
        Tamper(
            "an entry deleted",
            sql(f"DELETE FROM audit_entry WHERE id = {ONE.format(MIDDLE)}"),
            "entries",
        ),
        Tamper("an entry inserted into the past", _inserted, "entries"),
        Tamper("two entries swapped", _swapped, "root"),
        Tamper(
            "an entry moved to another second",
            change(f"xid = (SELECT from_xid FROM trail_seal WHERE no = {MIDDLE - 2})"),
        ),
        Tamper("a month's partition dropped", _partition, "entries"),
        Tamper("a partition dropped, a retirement forged", _partition_retired),
        Tamper("a partition dropped too early, with the key", _partition_retired_early),
    ]


def _of_seals(other: Signer, own: Signer) -> list[Tamper]:
    seal = f"UPDATE trail_seal SET {{}} WHERE no = {MIDDLE}"
    noise = "decode(repeat('ab', 32), 'hex')"
    return [
        Tamper("the tail cut", cut, "anchor"),
        Tamper("put back to an older backup, and gone on", rolled_back, "anchor"),
        Tamper("all rewritten from an entry on, old signatures", lambda c: rewritten(c, None)),
        Tamper("all rewritten from an entry on, another key", lambda c: rewritten(c, other)),
        Tamper("all rewritten, with the key", lambda c: rewritten(c, own), "anchor"),
        Tamper("a seal's root rewritten", sql(seal.format(f"root = {noise}"))),
        Tamper("a seal's time rewritten", sql(seal.format("sealed_at = now()"))),
        Tamper(
            "a seal's hash rewritten",
            sql(seal.format(f"hash = {noise}")),
            "hash",
        ),
        Tamper(
            "a signature replaced",
            sql(seal.format("signature = (SELECT signature FROM trail_seal WHERE no = 1)")),
            "signature",
        ),
        Tamper("a seal removed from the chain", _seal_gone),
        Tamper("two seals exchanged", _exchanged),
        Tamper("a seal added by another key", appended(other), "key"),
        Tamper("the chain forked", appended(own, previous=MIDDLE), "chain"),
        Tamper("a second left out between two seals", appended(own, gap=1), "range"),
        Tamper("a seal older than the one before", appended(own, back=timedelta(hours=1)), "time"),
        Tamper(
            "an act not sealed yet deleted",
            sql("DELETE FROM audit_entry WHERE record_label = '未封'"),
            "versions",
        ),
    ]
