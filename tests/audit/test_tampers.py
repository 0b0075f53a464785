"""Every kind of tampering is found, here and by the script; and each check is needed for one."""

import gzip
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from app.audit.bundles import Line, written
from app.audit.sealing import Connection
from app.core.database_roles import conninfo, owner_url
from app.core.embedded_pg import EmbeddedPostgres
from app.core.postgres_cluster import SUPERUSER
from tests.audit import forging, tampers

SCRIPT = Path("tools/verify_trail.py")


def superuser() -> Connection:
    """Whoever owns the machine of the database."""
    address = owner_url().set(username=SUPERUSER)
    return psycopg.connect(conninfo(address), autocommit=True)


def script(*given: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(SCRIPT), *map(str, given)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.usefixtures("database", "postgres")
def test_every_kind_of_tampering_is_found_and_each_check_is_needed(
    postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    heads = tampers.build()
    with superuser() as connection:
        whole, versions = tampers.tampered(connection, None)
        sound = tampers.judged(whole, heads, versions)
        assert sound.faults == []
        assert (sound.seals, sound.waiting) == (forging.ROUNDS, 1)
        needed = set()
        for kind in tampers.kinds():
            lines, versions = tampers.tampered(connection, kind)
            report = tampers.judged(lines, heads, versions)
            found = {fault.kind for fault in report.faults}
            assert found, f"not found: {kind.name}"
            if kind.only:
                assert found == {kind.only}, kind.name
                needed.add(kind.only)
        assert needed == {
            *("root", "entries", "anchor", "hash", "signature", "key", "chain", "range", "time"),
            "versions",
        }
    _by_the_script(whole, heads, tmp_path)


def _by_the_script(lines: list[Line], heads: list[Line], place: Path) -> None:
    """The export is checked by a stranger; what is cut off it is noticed."""
    export, kept = place / "trail.jsonl.gz", place / "heads.jsonl"
    export.write_bytes(gzip.compress(b"".join(written(lines))))
    kept.write_bytes(b"".join(written(heads)))
    key = heads[0]["seal"]["key"]
    said = script(export, "--key", key, "--anchor", kept)
    assert said.returncode == 0, said.stdout + said.stderr
    assert f"{forging.ROUNDS}" in said.stdout
    export.write_bytes(gzip.compress(b"".join(written(lines[:-7]))))
    assert script(export).returncode == 1
    changed = b"".join(written(lines)).replace("第3轮".encode(), "第4轮".encode(), 1)
    export.write_bytes(gzip.compress(changed))
    assert script(export).returncode == 1
