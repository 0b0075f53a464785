"""Files that tasks leave for one person: under the task's id, for a while, never shared.

They are no records: they lie apart from the attachments, whose bytes are kept for ever.
"""

import os
import time
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

from app.core.settings import get_settings

_DAY = 86_400


def path_of(task_id: UUID) -> Path:
    """Return where the file of a task lies."""
    return get_settings().home / "results" / str(task_id)


def store(task_id: UUID, data: bytes) -> None:
    """Write the file of a task; whole and durable before it returns, whoever wrote one before."""
    target = path_of(task_id)
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, delete=False) as draft:
        draft.write(data)
        draft.flush()
        os.fsync(draft.fileno())
    Path(draft.name).rename(target)


def forget(days: int) -> None:
    """Remove files older than ``days``, drafts of workers that died among them."""
    folder = get_settings().home / "results"
    oldest = time.time() - days * _DAY
    for found in folder.glob("*") if folder.exists() else ():
        if found.stat().st_mtime < oldest:
            found.unlink(missing_ok=True)
