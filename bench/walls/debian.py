"""Programs of Debian that a harness needs and the product does not: fetched, never installed."""

import os
import platform
import shutil
import subprocess
from pathlib import Path

CACHE = Path("/tmp") / f"park-walls-debian-{os.geteuid()}"  # noqa: S108  ours: checked below


class Absent(RuntimeError):
    """A program that is not here and cannot be fetched; the text says which and why."""


def unpacked(*packages: str) -> Path:
    """Return a folder into which these packages are unpacked. Raises Absent."""
    CACHE.mkdir(mode=0o755, exist_ok=True)
    if CACHE.is_symlink() or CACHE.stat().st_uid != os.geteuid():
        raise Absent(f"{CACHE} belongs to somebody else: remove it")
    for package in packages:
        done = CACHE / f".{package}"
        if not done.exists():
            _fetch(package)
            done.touch()
    return CACHE


def libraries(folder: Path) -> Path:
    """Return where the shared libraries of unpacked packages lie."""
    return folder / "usr" / "lib" / f"{platform.machine()}-linux-gnu"


def _fetch(package: str) -> None:
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        raise Absent(f"{package}: this is no Debian")
    for file in CACHE.glob(f"{package}_*.deb"):
        file.unlink()
    _run(package, "apt-get", "-qq", "download", package)
    _run(package, "dpkg", "-x", next(CACHE.glob(f"{package}_*.deb")).name, ".")


def _run(package: str, *command: str) -> None:
    done = subprocess.run(command, cwd=CACHE, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Absent(f"{package}: {done.stderr.strip()[-300:]}")
