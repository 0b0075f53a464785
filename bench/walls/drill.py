"""The drill: an archive of the demo and of its files, restored elsewhere and compared."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import app.registry  # noqa: F401 -- the demo is written through the registers
from app.core import files
from app.core.backup.drill import rehearse
from app.core.backup.making import make
from app.core.backup.manifest import BadArchive
from app.core.settings import get_settings
from app.demo.load import load
from bench.walls.rows import Row, at_least, at_most, told
from tests.postgres import cloned, running


def measured(*, long: bool) -> Iterator[Row]:
    with running() as server, cloned(server), TemporaryDirectory() as folder:
        if long:
            load(scale=1, seed=1)
        for _ in range(200 if long else 5):
            files.store(os.urandom(50_000))
        archive = Path(folder) / "park.tar"
        began = time.perf_counter()
        with archive.open("wb") as target:
            manifest = make(get_settings(), target)
        made = time.perf_counter() - began
        drill = rehearse(archive, get_settings().pg_user)
        rows = sum(d.rows for n, d in manifest.contents.items() if not n.startswith("("))
        tables = sum(not name.startswith("(") for name in manifest.contents)
        what = f"of {tables} tables, and of all walls, differing"
        yield at_most("drill.tables", what, len(drill.tables), 0)
        stored = len(manifest.stored) - 1
        yield at_most("drill.files", f"of {stored} files differing", len(drill.files), 0)
        yield told("drill.rows", "rows backed up, restored and compared", rows)
        yield told("drill.size", "size of the archive", archive.stat().st_size / 1e6, "MB")
        yield told("drill.backup", "time of the backup", made, "s")
        yield told("drill.restore", "time of the drill, a new cluster included", drill.seconds, "s")
        yield _spoilt(archive)


def _spoilt(archive: Path) -> Row:
    """Flip a byte in ten places: none may be restored."""
    whole, refused = archive.read_bytes(), 0
    for n in range(1, 11):
        spoilt = bytearray(whole)
        spoilt[len(whole) * n // 12] ^= 1
        archive.write_bytes(spoilt)
        try:
            rehearse(archive, get_settings().pg_user)
        except BadArchive:
            refused += 1
    return at_least("drill.spoilt", "of 10 archives with one bit flipped refused", refused, 10)
