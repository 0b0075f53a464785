"""What the trail refuses: young months to be dropped, writes without a line, rights that meet."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from app.audit import retiring
from app.audit.archives import save
from app.audit.bundles import Wanted, lines
from app.audit.checking import Checker
from app.audit.operators import owner
from app.audit.sealing import seal_all, trail_signer
from app.core import clock
from app.core.database_roles import AppRole
from app.core.embedded_pg import EmbeddedPostgres
from bench.walls.rows import Row, at_least, at_most
from tests.access.oracle import AUDITOR, DESK, SECURITY, SYSTEM
from tests.audit import unrecorded
from tests.audit.trails import as_login, write
from tests.audit.unrecorded import LOOKING
from tests.postgres import cloned

_OLD = 8  # months ago: the only one that may go
_MONTHS = (1, 2, 5, 6, _OLD)


def measured(server: EmbeddedPostgres) -> Iterator[Row]:
    with cloned(server), TemporaryDirectory() as folder:
        yield from retiring_tried(Path(folder))
    with cloned(server):
        yield _failing_closed()
    yield _rights_that_meet()


def retiring_tried(folder: Path) -> Iterator[Row]:
    """Try to drop each of five months, and the old one with wrong archives, then rightly."""
    months = {ago: _month(ago) for ago in _MONTHS}
    with owner() as connection, as_login(AppRole.SEAL) as seal:
        for start in months.values():
            _prepare(connection, start)
            write(3, start.strftime("%Y%m"), at=start + timedelta(days=3))
            seal_all(seal, trail_signer())
        archive, half = folder / "trail.jsonl.gz", folder / "half.jsonl"
        save(lines(connection), archive)
        half.write_bytes(b'{"trail":"park-trail-v1","keys":{},"retired":[]}\n')
        old = months[_OLD].strftime("%Y%m")
        tried = [(start.strftime("%Y%m"), archive) for ago, start in months.items() if ago != _OLD]
        tried += [(old, half), (clock.now().strftime("%Y%m"), archive)]
        gone = sum(_retired(connection, month, file) for month, file in tried)
        what = f"months dropped unlawfully in {len(tried)} tries"
        yield at_most("trail.young_dropped", what, gone, 0)
        lawful = _retired(connection, old, archive)
        report = Checker({trail_signer().key_id}).read(lines(connection, Wanted()))
        held = lawful and report.sound and report.retired > 0
        yield at_least("trail.old_retired", "old month archived and dropped, chain sound", held, 1)


def _month(ago: int) -> datetime:
    at = clock.now().astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    count = at.year * 12 + at.month - 1 - ago
    return at.replace(year=count // 12, month=count % 12 + 1)


def _prepare(connection: "psycopg.Connection[object]", start: datetime) -> None:
    end = (start + timedelta(days=32)).replace(day=1)
    make = (
        f"CREATE TABLE audit_entry_{start:%Y%m} PARTITION OF audit_entry"
        f" FOR VALUES FROM ('{start.isoformat()}') TO ('{end.isoformat()}')"
    )
    connection.execute(make.encode())


def _retired(connection: "psycopg.Connection[object]", month: str, archive: Path) -> bool:
    try:
        retiring.retire(connection, month, archive, trail_signer())
    except retiring.NotRetired:
        return False
    return True


def _failing_closed() -> Row:
    tried, committed = asyncio.run(unrecorded.acts_without_the_trail())
    what = f"of {tried} acts committed while the trail was away"
    return at_most("trail.unrecorded", what, committed, 0)


def _rights_that_meet() -> Row:
    """Compare the oracle's table, which the matrix of access proves operation by operation."""
    three = {AUDITOR, SYSTEM, SECURITY}
    shared = [
        name
        for name, (allowed, _) in DESK.items()
        if name not in LOOKING and len(allowed & three) > 1 and not allowed - three
    ]
    what = "rights that two of the three administrators have (looking at accounts aside)"
    return at_most("trail.administrators", what, len(shared), 0)
