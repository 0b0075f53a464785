"""Where bases lie: a folder a kind and database, in which one name says which of them counts."""

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from app.core.database_roles import login_url
from app.core.settings import get_settings, prepare_home

KEPT_SECONDS = 600  # a base is kept while somebody may still be opening it
_POINTER, _ABOUT, _LOCK = "current", "about.json", "lock"


@dataclass(frozen=True, slots=True)
class Standing:
    """A base that is ready to be opened, and what is known of it."""

    folder: Path
    about: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The bases of one kind of candidate of one database on this machine."""

    folder: Path

    @classmethod
    def of(cls, kind: str) -> "Shelf":
        address = login_url("staff").set(password=None, username=None)
        name = hashlib.sha256(address.render_as_string().encode()).hexdigest()[:16]
        return cls(get_settings().home / "matching" / name / kind)

    def current(self) -> Standing | None:
        """Return the base that counts now, or None where none has been built."""
        try:
            name = (self.folder / _POINTER).read_text().strip()
            about = json.loads((self.folder / name / _ABOUT).read_text())
        except (FileNotFoundError, ValueError):
            return None
        return Standing(self.folder / name, about)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let one process at a time build; the others wait."""
        prepare_home(get_settings().home)
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOCK).open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield

    @contextmanager
    def made(self, about: dict[str, Any]) -> Iterator[Path]:
        """Give an empty folder to build in; when the block ends well, its base is what counts.

        ``about`` is written down as the block leaves it.
        """
        name = uuid4().hex
        folder = self.folder / name
        folder.mkdir()
        try:
            yield folder
            (folder / _ABOUT).write_text(json.dumps(about))
            pointer = self.folder / f".{name}"
            pointer.write_text(name)
            pointer.replace(self.folder / _POINTER)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._tidy(name)

    def _tidy(self, kept: str) -> None:
        """Remove bases nobody opens any more; what is mapped already stays readable."""
        for old in self.folder.iterdir():
            if not old.is_dir() or old.name == kept:
                continue
            if time.time() - old.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(old, ignore_errors=True)
        os.utime(self.folder / kept)
