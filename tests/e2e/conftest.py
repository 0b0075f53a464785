"""One server a run, a world in it, and Chromium to look at it. No outside request, no download."""

import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

from app.core.embedded_pg import EmbeddedPostgres
from app.core.settings import Settings
from app.core.spa import built_page
from tests.e2e.browsing import AXE, Window
from tests.e2e.scene import everything
from tests.e2e.world import World, build
from tests.postgres import PREFIX

PARK = str(Path(sys.executable).with_name("park"))
CHROMIUM = os.environ.get("PARK_CHROMIUM") or shutil.which("chromium")
FLAGS = [
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-features=Translate,OptimizationHints,MediaRouter",
    "--font-render-hinting=none",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
#: Ports above are handed out to outgoing connections, which would take one now and then.
PORTS = range(20_000, 32_000)
START = 90  # seconds for a first start on a busy machine
_LINK = re.compile(r"http\S+/setup\?token=\S+")


@dataclass(frozen=True)
class Server:
    """A running installation: its address, the link that sets it up, what it printed."""

    url: str
    link: str
    said: list[str]

    def errors(self) -> list[str]:
        """Return what it has logged as errors."""
        return [line for line in self.said if '"level": "error"' in line]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """`park serve` in an own PARK_HOME, from nothing, with the page that was built."""
    with serving() as found:
        yield found


@contextmanager
def serving(**more: str) -> Iterator[Server]:
    """Serve with ``more`` in the environment until the block ends."""
    _need(built_page() is not None, "the page is not built: run `uv sync`, see web/build-error.txt")
    home = Path(tempfile.mkdtemp(prefix=PREFIX))
    port = free_port()
    inherited = {n: v for n, v in os.environ.items() if not n.startswith("PARK_")}
    own = {"PARK_HOME": str(home), "PARK_PORT": str(port), "PARK_PG_TEST": "1"}
    own |= {"PARK_SECOND_FACTOR": "off"} | more  # test_second_factor turns it on
    process = subprocess.Popen(
        [PARK, "serve", "--workers", "1"],
        env=inherited | own | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said: list[str] = []
    assert process.stdout
    listener = threading.Thread(target=_listen, args=(process.stdout, said), daemon=True)
    listener.start()
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(url, process, said)
        yield Server(url, _LINK.findall("".join(said))[0], said)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
        listener.join(5)
        process.stdout.close()
        EmbeddedPostgres(Settings(home=home)).stop()
        shutil.rmtree(home, ignore_errors=True)


def _need(there: bool, otherwise: str) -> None:  # noqa: FBT001 -- a condition
    """Skip what a developer's machine cannot run; where everything must run, fail."""
    if there:
        return
    if os.environ.get("CI"):
        pytest.fail(otherwise)
    pytest.skip(otherwise)


def free_port() -> int:
    """Return a port nobody listens on."""
    for port in random.sample(PORTS, 50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    pytest.fail("no free port")


def _listen(stream: IO[str], said: list[str]) -> None:
    """Read on, because a pipe nobody reads would stop the server; a test that fails shows it."""
    for line in stream:
        said.append(line)
        sys.stdout.write(line)


def _wait_until_ready(url: str, process: "subprocess.Popen[str]", said: list[str]) -> None:
    until = time.monotonic() + START
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail(f"park serve ended:\n{''.join(said)}")
        try:
            if httpx.get(f"{url}/readyz").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail(f"park serve is not ready after {START} s:\n{''.join(said)}")


@pytest.fixture(scope="session")
def world(server: Server) -> Iterator[World]:
    """Set the installation up as its operator would."""
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield build(client, server.link)


@pytest.fixture(scope="session")
def ids(world: World) -> dict[str, str]:
    """One record of everything the page can show."""
    return everything(world)


@pytest.fixture(scope="module")  # not longer: its event loop would be in the way of async tests
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, kept from calling anybody but the server."""
    _need(
        CHROMIUM is not None, "no Chromium: apt-get install chromium chromium-l10n fonts-noto-cjk"
    )
    _need(AXE.is_file(), "no axe-core: ./scripts/web run test installs what the page's tests need")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-test")
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[*FLAGS, *sandbox],
            env={**os.environ, "LANGUAGE": "zh_CN"},  # which date boxes speak, not the page
        )
        yield browser
        browser.close()


@pytest.fixture
def open_window(world: World, server: Server, chromium: Browser) -> Iterator[Callable[..., Window]]:
    """Open windows, signed in when told as whom; each must end without an error in it."""
    opened: list[Window] = []

    def open_one(username: str | None = None, **options: object) -> Window:
        window = Window(chromium, server.url, **options)  # type: ignore[arg-type]
        opened.append(window)
        if username:
            window.sign_in(username)
        return window

    yield open_one
    wrong = []
    for window in opened:
        window.context.close()
        wrong += window.wrong
    assert not wrong, "\n".join([*wrong, *server.errors()])
