"""The archive: a tar with the manifest first, so that whoever reads it knows what must come."""

import hashlib
import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from app.core.backup.manifest import DUMP, FOLDERS, NAME, BadArchive, Manifest, Stored

_BLOCK = 1 << 20


def digested(file: Path) -> Stored:
    """Return size and SHA-256 of a file."""
    with file.open("rb") as source:
        return Stored(file.stat().st_size, hashlib.file_digest(source, "sha256").hexdigest())


def write(target: IO[bytes], manifest: Manifest, places: dict[str, Path]) -> None:
    """Write an archive, also into a pipe. Raises BadArchive if a file changes meanwhile."""
    with tarfile.open(fileobj=target, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        text = manifest.text()
        tar.addfile(_member(NAME, len(text)), io.BytesIO(text))
        for name, stored in manifest.stored.items():
            with places[name].open("rb") as source:
                reading = _Reading(source)
                tar.addfile(_member(name, stored.size), reading)
            if reading.total.hexdigest() != stored.sha256:
                raise BadArchive(f"{name} changed while it was being copied: try again.")


@contextmanager
def opened(file: Path) -> Iterator[tuple[Manifest, Iterator[tuple[str, IO[bytes]]]]]:
    """Open an archive: its manifest, and its files one after the other. Raises BadArchive."""
    try:
        with tarfile.open(file, mode="r|") as tar:
            first = tar.next()
            source = tar.extractfile(first) if first and first.name == NAME else None
            if source is None:
                raise BadArchive(f"{file} is no archive of Park.")
            yield Manifest.of(source.read()), _members(tar)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BadArchive(f"{file} cannot be read to its end: {error}") from error


def _members(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    while (member := tar.next()) is not None:
        source = tar.extractfile(member)
        if source is None or not _proper(member.name):
            raise BadArchive(f"{member.name} has no place in an archive.")
        yield member.name, source


def unpack(file: Path, folder: Path | None = None) -> Manifest:
    """Check every file of an archive against its manifest; with ``folder``, put them there.

    Raises BadArchive when one is missing, too many, or not what it was.
    """
    with opened(file) as (manifest, members):
        missing = dict(manifest.stored)
        for name, source in members:
            wanted = missing.pop(name, None)
            target = folder / name if folder else None
            if wanted is None or _copied(source, target) != wanted:
                raise BadArchive(f"{name} is not what was put into the archive.")
        if missing:
            raise BadArchive(f"{next(iter(missing))} is missing from the archive.")
    return manifest


def _copied(source: IO[bytes], target: Path | None) -> Stored:
    total, size = hashlib.sha256(), 0
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") if target else io.BytesIO() as out:
        while block := source.read(_BLOCK):
            total.update(block)
            size += len(block)
            if target is not None:
                out.write(block)
    return Stored(size, total.hexdigest())


def _proper(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return name == DUMP or (parts[0] in FOLDERS and ".." not in parts and len(parts) > 1)


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


class _Reading:
    """A file that is hashed as it is read."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.total = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self.source.read(size)
        self.total.update(block)
        return block
