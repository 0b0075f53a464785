"""Dropping a month of the trail: only when the law allows it and an archive holds it."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.audit.archives import opened
from app.audit.bundles import Line, read
from app.audit.checking import Checker, droppable_from
from app.audit.leaves import canonical
from app.audit.operators import note
from app.audit.sealing import Connection
from app.audit.seals import RETIRED, instant
from app.core.clock import now
from app.core.labels import T
from app.core.settings import InstallationError
from app.core.signatures import Signer

_MONTH = re.compile(r"20\d\d(0[1-9]|1[0-2])")
_SEALS = """
SELECT min(no), max(no) FROM trail_seal
 WHERE to_xid > (SELECT min(xid) FROM {0}) AND from_xid <= (SELECT max(xid) FROM {0})"""
_COUNT = "SELECT count(*) FROM {0}"
_UNSEALED = """
SELECT EXISTS (SELECT FROM {0} WHERE xid >= coalesce((SELECT max(to_xid) FROM trail_seal), 0))"""

_NO_MONTH = T(
    "没有 {month} 这个月的审计记录；请核对月份（如 202601）。",
    "There is no trail of the month {month}; check the month (such as 202601).",
)
_YOUNG = T(
    "{month} 的审计记录未满六个月，依法不得删除；最早可在 {from_} 之后删除。",
    "The trail of {month} is younger than six months and must be kept; not before {from_}.",
)
_OPEN = T(
    "{month} 还有未封存的记录；请先启动系统或执行 park audit seal。",
    "Some of {month} is not sealed yet: start Park, or run `park audit seal`.",
)
_BAD_ARCHIVE = T(
    "归档文件校验不通过：{why}。什么都没有删除；请重新导出。",
    "The archive does not check: {why}. Nothing was dropped; export again.",
)
_LACKS = T(
    "归档文件里 {month} 有 {found} 条记录，数据库中有 {wanted} 条。什么都没有删除；请重新导出。",
    "The archive holds {found} entries of {month}, the database {wanted}. Nothing was dropped;"
    " export again.",
)


class NotRetired(InstallationError):
    """A month that must stay; the text says why."""

    def __init__(self, what: T, **params: object) -> None:
        super().__init__(f"{what.filled('zh-CN', params)} {what.filled('en', params)}")


@dataclass
class _Counting:
    """Passes lines on, counting the entries of one month that stand there in full."""

    start: str
    end: str
    found: int = 0

    def lines(self, source: Iterator[Line]) -> Iterator[Line]:
        for line in source:
            at = line["entry"]["at"] if "entry" in line else ""
            self.found += self.start <= at < self.end
            yield line


def retire(connection: Connection, month: str, archive: Path, key: Signer) -> dict[str, Any]:
    """Drop a month's partition and leave a signed statement of it. Raises NotRetired.

    Returns the statement. ``connection`` is the owner's.
    """
    partition = _partition(connection, month)
    if now() < droppable_from(month):
        raise NotRetired(_YOUNG, month=month, from_=droppable_from(month).date())
    with connection.transaction():
        connection.execute(f"LOCK TABLE {partition} IN SHARE MODE".encode())
        if connection.execute(_UNSEALED.format(partition).encode()).fetchall()[0][0]:
            raise NotRetired(_OPEN, month=month)
        wanted = connection.execute(_COUNT.format(partition).encode()).fetchall()[0][0]
        _require_archived(archive, month, wanted, key)
        first, last = connection.execute(_SEALS.format(partition).encode()).fetchall()[0]
        told = {
            "kind": RETIRED,
            "month": month,
            "first": first or 0,
            "last": last or 0,
            "entries": wanted,
            "sha256": _digest(archive),
            "at": instant(now()),
            "algorithm": key.algorithm,
            "key": key.key_id,
        }
        connection.execute(f"ALTER TABLE audit_entry DETACH PARTITION {partition}".encode())
        connection.execute(f"DROP TABLE {partition}".encode())
        connection.execute(
            "INSERT INTO trail_retired (month, statement, signature) VALUES (%s, %s, %s)",
            (month, canonical(told).decode(), key.sign(canonical(told))),
        )
        note(connection, "trail.retire", month, entries=wanted, sha256=told["sha256"])
    return told


def _partition(connection: Connection, month: str) -> str:
    name = f"audit_entry_{month}"
    found = (
        _MONTH.fullmatch(month) and connection.execute("SELECT to_regclass(%s)", (name,)).fetchone()
    )
    if not found or found[0] is None:
        raise NotRetired(_NO_MONTH, month=month)
    return name


def _require_archived(archive: Path, month: str, wanted: int, key: Signer) -> None:
    start = datetime(int(month[:4]), int(month[4:]), 1, tzinfo=UTC)
    end = (start + timedelta(days=32)).replace(day=1)
    counting = _Counting(instant(start), instant(end))
    with closing(opened(archive)) as source:
        report = Checker(trusted={key.key_id}).read(counting.lines(read(source)))
    if not report.sound:
        fault = report.faults[0]
        raise NotRetired(_BAD_ARCHIVE, why=f"{fault.no} {fault.kind}: {fault.what}")
    if counting.found != wanted:
        raise NotRetired(_LACKS, month=month, found=counting.found, wanted=wanted)


def _digest(archive: Path) -> str:
    with archive.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
