"""The first file of an archive: what it holds, to the byte, and what is needed to restore it."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from app.core.backup.contents import Digest
from app.core.crypto import derive
from app.core.database_roles import AppRole
from app.core.settings import InstallationError

FORMAT = "park-backup-v1"
NAME = "manifest.json"
DUMP = "database.dump"
FOLDERS = ("files", "results")  # below PARK_HOME, each file under its name there


class BadArchive(InstallationError):
    """A file that is no whole, unchanged archive; the text says where."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One file of the archive."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Everything about an archive but its rows and files themselves."""

    made_at: str
    program: str
    revision: str
    postgres: int  # major version
    database: str
    owner: str
    roles: list[str]
    secret: str  # the fingerprint of the installation's secret, never the secret
    key_ids: list[str]
    contents: dict[str, Digest]
    stored: dict[str, Stored]
    damaged: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    format: str = FORMAT

    @property
    def suffix(self) -> str:
        """The ending of the login roles' names."""
        return self.roles[0].removeprefix(f"park_{next(iter(AppRole))}").removeprefix("_")

    def text(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode() + b"\n"

    @classmethod
    def of(cls, text: bytes) -> "Manifest":
        """Read one. Raises BadArchive."""
        try:
            told = json.loads(text)
            told["contents"] = {n: Digest(**d) for n, d in told["contents"].items()}
            told["stored"] = {n: Stored(**d) for n, d in told["stored"].items()}
            found = cls(**told)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BadArchive(f"This is no archive of Park: its {NAME} cannot be read.") from error
        if found.format != FORMAT:
            raise BadArchive(f"The archive is of format {found.format}; this program: {FORMAT}.")
        return found


def fingerprint(secret: bytes) -> str:
    """Return a name of the secret that tells nothing of it."""
    return hashlib.sha256(derive(secret, "backup-fingerprint")).hexdigest()[:32]
