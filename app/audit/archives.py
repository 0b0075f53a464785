"""Files of the trail: written whole or not at all, packed when their name ends in .gz."""

import gzip
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from app.audit.bundles import Line, written


def opened(file: Path) -> IO[Any]:
    """Open an export for reading, line by line."""
    opening: Any = gzip.open if file.suffix == ".gz" else open
    source: IO[Any] = opening(file, "rb")
    return source


def save(lines: Iterable[Line], file: Path) -> int:
    """Write an export; return its size in bytes. Its name appears only when it is whole."""
    draft = file.with_name(f".{file.name}.draft")
    opening = gzip.open if file.suffix == ".gz" else open
    try:
        with opening(draft, "wb") as target:
            for page in written(lines):
                target.write(page)
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)
    return file.stat().st_size
