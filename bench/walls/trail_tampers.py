"""Every kind of tampering against both checkers; every check left out once, to see it missed."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from app.audit.bundles import Line, written
from app.audit.checking import Report
from app.core.database_roles import conninfo, owner_url
from app.core.embedded_pg import EmbeddedPostgres
from app.core.postgres_cluster import SUPERUSER
from bench.walls.rows import Row, at_least, at_most, told
from tests.audit import tampers
from tests.postgres import cloned

SCRIPT = Path(__file__).parents[2] / "tools" / "verify_trail.py"


def measured(server: EmbeddedPostgres, *, long: bool) -> Iterator[Row]:
    with cloned(server), TemporaryDirectory() as folder:
        heads = tampers.build()
        address = conninfo(owner_url().set(username=SUPERUSER))
        with psycopg.connect(address, autocommit=True) as connection:
            whole, versions = tampers.tampered(connection, None)
            alarms = len(tampers.judged(whole, heads, versions).faults)
            alarms += not _script_accepts(whole, heads, Path(folder))
            yield at_most("trail.false_alarms", "false alarms on a trail nobody touched", alarms, 0)
            kinds = tampers.kinds()
            changed = [(kind, *tampers.tampered(connection, kind)) for kind in kinds]
        found = {
            kind.name: {fault.kind for fault in tampers.judged(lines, heads, bare).faults}
            for kind, lines, bare in changed
        }
        caught = sum(map(bool, found.values()))
        yield at_least("trail.tampers", f"of {len(kinds)} ways to tamper found", caught, len(kinds))
        # a mutant is the checker with one check left out; it must miss what that check alone finds
        alone = {kind.only: kind.name for kind in kinds if kind.only}
        missed = sum(not found[name] - {check} for check, name in alone.items())
        yield at_least(
            "trail.mutants",
            f"of {len(alone)} checkers with one check left out caught missing a tampering",
            missed,
            len(alone),
        )
        blind = sum(not f for f in _without_anchors(changed))
        yield told("trail.anchorless", "ways that pass when no head is kept elsewhere", blind)
        if long:
            yield from _by_the_script(changed, heads, Path(folder))


def _without_anchors(changed: list[tuple[tampers.Tamper, list[Line], Report]]) -> list[int]:
    return [len(tampers.judged(lines, [], bare).faults) for _, lines, bare in changed]


def _by_the_script(
    changed: list[tuple[tampers.Tamper, list[Line], Report]],
    heads: list[Line],
    folder: Path,
) -> Iterator[Row]:
    """The same from exports; what nobody sealed yet cannot be in one, so one kind is not asked."""
    asked = [(kind, lines) for kind, lines, _ in changed if kind.only != "versions"]
    caught = sum(not _script_accepts(lines, heads, folder) for _, lines in asked)
    what = f"of {len(asked)} found in an export by tools/verify_trail.py alone"
    yield at_least("trail.offline", what, caught, len(asked))


def _script_accepts(lines: list[Line], heads: list[Line], folder: Path) -> bool:
    export, kept = folder / "trail.jsonl", folder / "heads.jsonl"
    export.write_bytes(b"".join(written(lines)))
    kept.write_bytes(b"".join(written(heads)))
    key = heads[0]["seal"]["key"]
    command = [sys.executable, "-I", str(SCRIPT), str(export), "--key", key, "--anchor", str(kept)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
