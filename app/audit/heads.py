"""Heads kept outside the database: one line a minute in PARK_HOME/trail/heads.jsonl.

Whoever cuts, rewrites or puts back the database alone does not reach them; to be safe from whoever
reaches both, hand heads to another node (:mod:`app.audit.anchors`) or print them.
"""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.audit.leaves import canonical
from app.core.settings import get_settings

EVERY = 60.0  # seconds


class Notebook:
    """The file of heads of this machine."""

    def __init__(self, file: Path | None = None) -> None:
        self.file = file or get_settings().home / "trail" / "heads.jsonl"
        self._noted = 0.0

    def note(self, head: dict[str, Any], *, at_once: bool = False) -> bool:
        """Append a head, at most one a minute; durable before it returns."""
        if not at_once and time.monotonic() - self._noted < EVERY:
            return False
        self.file.parent.mkdir(mode=0o700, exist_ok=True)
        with self.file.open("ab") as lines:
            lines.write(canonical(head) + b"\n")
            lines.flush()
            os.fsync(lines.fileno())
        self._noted = time.monotonic()
        return True

    def heads(self) -> Iterator[dict[str, Any]]:
        """Yield what was noted; a line torn by a power failure is passed over."""
        if not self.file.is_file():
            return
        for line in self.file.read_bytes().splitlines():
            try:
                head = json.loads(line)
            except ValueError:
                continue
            yield head

    def forget(self) -> None:
        """Begin anew: for installations that are emptied on purpose."""
        self.file.unlink(missing_ok=True)
