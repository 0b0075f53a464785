"""A browser slowed down as a weak machine on a thin line, and what it can tell of a page."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from bench.ux_serving import CSRF, House

DESKTOP, PHONE = (1366, 768), (360, 740)
SLOW = 4  # times slower than this processor
LINE = 10_000_000 / 8  # bytes a second: 10 Mbit/s
LATENCY = 40  # milliseconds


def script(name: str) -> str:
    """Return what is run within a page."""
    return Path(__file__).with_name("ux_scripts").joinpath(f"{name}.js").read_text("utf-8")


_TIMES = script("times")
_EFFORT = script("effort")


@contextmanager
def chromium() -> Iterator[Browser]:
    path = os.environ.get("PARK_CHROMIUM") or shutil.which("chromium")
    if path is None:
        raise SystemExit("no Chromium: ./scripts/test-needs installs it")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-test")
        browser = playwright.chromium.launch(
            executable_path=path, args=["--disable-gpu", "--disable-dev-shm-usage", *sandbox]
        )
        yield browser
        browser.close()


@contextmanager
def window(
    browser: Browser,
    house: House,
    role: str | None,
    *,
    phone: bool = False,
    slow: bool = False,
    thin: bool = False,
    **options: Any,
) -> Iterator[tuple[Page, CDPSession]]:
    """Open a new window with nothing cached, signed in as one of a role."""
    width, height = PHONE if phone else DESKTOP
    context = browser.new_context(
        base_url=house.url,
        viewport={"width": width, "height": height},
        has_touch=phone,
        timezone_id="Asia/Shanghai",
        locale="zh-CN",
        **options,
    )
    try:
        if role is not None:
            _sign_in(context, house, role)
        context.add_init_script(_TIMES)
        context.add_init_script(_EFFORT)
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        devtools.send("Network.enable")
        if slow:
            devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
        if thin:
            line = {"offline": False, "latency": LATENCY}
            speed = {"downloadThroughput": LINE, "uploadThroughput": LINE}
            devtools.send("Network.emulateNetworkConditions", line | speed)
        yield page, devtools
    finally:
        context.close()


def _sign_in(context: BrowserContext, house: House, role: str) -> None:
    who = house.account(role)
    form = {"username": who["username"], "password": who["password"]}
    answer = context.request.post("/api/v1/auth/session", data=form, headers=CSRF)
    if not answer.ok:
        raise RuntimeError(answer.text())


class Wire:
    """What a page fetched, as it came over the line."""

    def __init__(self, devtools: CDPSession) -> None:
        self._kind: dict[str, str] = {}
        self.bytes: dict[str, float] = {}
        devtools.on("Network.responseReceived", self._came)
        devtools.on("Network.loadingFinished", self._ended)

    def _came(self, event: dict[str, Any]) -> None:
        self._kind[event["requestId"]] = event["type"]

    def _ended(self, event: dict[str, Any]) -> None:
        kind = self._kind.get(event["requestId"], "Other")
        self.bytes[kind] = self.bytes.get(kind, 0) + event["encodedDataLength"]

    def kilobytes(self, kind: str | None = None) -> float:
        return sum(n for k, n in self.bytes.items() if kind in (None, k)) / 1000


def paints(page: Page) -> tuple[float, float]:
    """Return the seconds to the largest paint, and those the page was blocked since the first."""
    told = page.evaluate("park")
    late = [(at, long) for at, long in told["tasks"] if at + long > told["first"]]
    return told["paint"] / 1000, sum(max(0, long - 50) for _, long in late) / 1000
