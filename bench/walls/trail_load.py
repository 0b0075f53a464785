"""The sealer under load: how far behind, how dear, and whether anything is passed over."""

import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from app.audit.bundles import lines
from app.audit.checking import Checker, Report
from app.audit.operators import owner
from app.audit.sealing import seal_all, state, trail_signer
from app.core.database_roles import AppRole, conninfo, login_url
from app.core.embedded_pg import EmbeddedPostgres
from bench.walls.rows import Row, at_least, at_most, told
from tests.audit.trails import INSERT, an_entry, as_login
from tests.postgres import cloned

_WRITERS = 4
_RATE = 500  # writes a second
_SEALER = "from app.audit.sealer import Sealer; Sealer().run()"
#: Out of order on purpose: a transaction takes its number, waits, and commits after others.
_BULK = """
INSERT INTO audit_entry (id, at, username, account_name, organisation_name, node_id, verb,
                         register_name, record_label, outcome, ip, request_id, detail)
SELECT gen_random_uuid(), clock_timestamp(), 'u', '张三', '样例单位', 1, 'needs.revise', 'needs',
       '需求' || n, 'done', '10.0.0.1', 'r', jsonb_build_object('version', n, 'title', '["a"]')
  FROM generate_series(1, %s) n"""
_VERSION = """
INSERT INTO record_version (region_id, node_id, register_name, record_id, version, at, verb,
                            account_id, account_name, role, organisation_name, row)
VALUES (1, 1, 'needs', %(id)s, 1, now(), 'create', %(id)s, '', 'station_staff', '',
        '{"title": "需求"}')"""
_CHANGE = """
INSERT INTO change_entry (region_id, node_id, register_name, record_id, version, op, at)
VALUES (1, 1, 'needs', %(id)s, 1, 'put', now())"""


def measured(server: EmbeddedPostgres, *, long: bool) -> Iterator[Row]:
    with cloned(server), _sealer():
        yield from _lag(30 if long else 5)
    yield _cost(server, blocks=11 if long else 2, seconds=2 if long else 1)
    with cloned(server):
        yield from many(1_000_000 if long else 4_000, kills=20 if long else 2)
    with cloned(server):
        yield without_the_fence()


@contextmanager
def _sealer() -> Iterator[subprocess.Popen[bytes]]:
    process = _started()
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _started() -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", _SEALER], env=os.environ.copy())


def _lag(seconds: float) -> Iterator[Row]:
    """Write at a steady rate; ask ten times a second how old the oldest unsealed line is."""
    over, written = threading.Event(), [0] * _WRITERS

    def writer(n: int) -> None:
        began = time.perf_counter()
        with as_login(AppRole.STAFF) as staff:
            while not over.is_set():
                staff.execute(INSERT.encode(), an_entry())
                written[n] += 1
                ahead = written[n] * _WRITERS / _RATE - (time.perf_counter() - began)
                over.wait(max(0.0, ahead))

    lags: list[float] = []
    with _threads(writer), as_login(AppRole.SEAL) as seal:
        _until(lambda: state(seal).seals > 0)
        began, before = time.perf_counter(), sum(written)
        while time.perf_counter() - began < seconds:
            lags.append(state(seal).lag)
            time.sleep(0.1)
        rate = (sum(written) - before) / (time.perf_counter() - began)
        over.set()
    lags.sort()
    what = "writes a second while the lag was taken"
    yield at_least("trail.rate", what, rate, 0.95 * _RATE, "/s")
    yield at_most("trail.lag_p99", "seal lag, 99th percentile", lags[int(0.99 * len(lags))], 2, "s")
    yield told("trail.lag_max", "seal lag, longest", lags[-1], "s")


def _cost(server: EmbeddedPostgres, blocks: int, seconds: float) -> Row:
    """Writes a second without and with sealing, in turns, in two databases of one server."""
    with cloned(server):
        with owner() as connection:
            connection.execute("DROP INDEX ix_audit_entry_xid")
            connection.execute("ALTER TABLE audit_entry ALTER COLUMN xid SET DEFAULT 0")
        plain = conninfo(login_url(AppRole.STAFF))
        with cloned(server), _sealer() as sealer:
            full = conninfo(login_url(AppRole.STAFF))
            _writes(full, seconds)
            ratios = []
            for n in range(blocks):
                pair = [(plain, 19), (full, 18)] if n % 2 else [(full, 18), (plain, 19)]
                rates: dict[str, float] = {}
                for address, signal in pair:  # SIGSTOP and SIGCONT
                    sealer.send_signal(signal)
                    rates[address] = _writes(address, seconds)
                ratios.append(rates[plain] / rates[full])
    what = "cost of a write with sealing, against without (median of turns)"
    return at_most("trail.cost", what, statistics.median(ratios), 1.1, "x")


def _writes(address: str, seconds: float) -> float:
    """Return the transactions a second of writers that do what every write of a record does."""
    over, written = threading.Event(), [0] * _WRITERS

    def writer(n: int) -> None:
        with psycopg.connect(address) as staff:
            while not over.is_set():
                entry = an_entry()
                staff.execute("SELECT set_config('app.nodes', '1', true)")
                for statement in (_VERSION, _CHANGE, INSERT):
                    staff.execute(statement.encode(), entry)
                staff.commit()
                written[n] += 1

    began = time.perf_counter()
    with _threads(writer):
        time.sleep(seconds)
        over.set()
    return sum(written) / (time.perf_counter() - began)


def many(rows: int, kills: int) -> Iterator[Row]:
    """Write very many rows out of order while the sealer is killed again and again; then check."""
    each = min(500, rows // 40)
    share = rows // each // _WRITERS
    over = threading.Event()

    def writer(n: int) -> None:
        chance = random.Random(n)  # noqa: S311 -- a schedule
        with as_login(AppRole.STAFF, autocommit=False) as staff:
            for _ in range(share):
                staff.execute(_BULK.encode(), (each,))
                if chance.random() < 0.05:
                    time.sleep(chance.random() * 0.5)
                staff.commit()

    def killer() -> None:
        for _ in range(kills):
            process = _started()
            over.wait(4)
            process.kill()
            process.wait()

    began = time.perf_counter()
    killing = threading.Thread(target=killer)
    killing.start()
    with _threads(writer):
        pass
    over.set()
    killing.join()
    with as_login(AppRole.SEAL) as seal:
        seal_all(seal, trail_signer())
    report = _checked()
    total = share * each * _WRITERS
    sealed = report.entries - report.waiting
    yield at_least("trail.rows", f"rows sealed, the sealer killed {kills} times", sealed, total)
    yield at_most("trail.broken", "faults in the chain over them", len(report.faults), 0)
    rate = total / (time.perf_counter() - began)
    yield told("trail.rows_rate", "rows written, sealed and checked a second", rate, "/s")


def _checked() -> Report:
    with owner() as connection:
        return Checker({trail_signer().key_id}).read(lines(connection))


def without_the_fence() -> Row:
    """A sealer that takes all it sees passes over what commits late; the check must tell."""
    with owner() as connection:
        connection.execute(
            "CREATE OR REPLACE FUNCTION park_fence() RETURNS bigint LANGUAGE sql STABLE AS"
            " 'SELECT (pg_snapshot_xmax(pg_current_snapshot())::text)::bigint'"
        )
    with as_login(AppRole.SEAL) as seal, as_login(AppRole.STAFF, autocommit=False) as slow:
        slow.execute(INSERT.encode(), an_entry("慢"))
        with as_login(AppRole.STAFF) as quick:
            quick.execute(INSERT.encode(), an_entry("快"))
        seal_all(seal, trail_signer())
        slow.commit()
        seal_all(seal, trail_signer())
    found = len(_checked().faults)
    return at_least("trail.fenceless", "faults found when sealing without the fence", found, 1)


@contextmanager
def _threads(work: Callable[[int], None]) -> Iterator[None]:
    threads = [threading.Thread(target=work, args=[n]) for n in range(_WRITERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join()


def _until(so: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not so():
        if time.monotonic() > until:
            raise TimeoutError("the sealer does not seal")
        time.sleep(0.05)
