"""A person at a browser: a window that reports what goes wrong in it, and the checks pages pass."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect

from tests.e2e.world import API, PASSWORD

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = ROOT / "docs" / "pictures"
COLOURS = 128  # are plenty for a page
LARGEST_PICTURE = 150_000  # bytes; they are part of the repository
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESKTOP, PHONE = (1366, 768), (360, 740)
QUIET = 200  # milliseconds without a request: nothing more is on its way
SLOWEST = 20_000

expect.set_options(timeout=SLOWEST)
_CSRF = {"X-Park-CSRF": "1"}
#: A browser reports every refused request as an error; only a test that expects one may have it.
_REFUSED = re.compile(r"server responded with a status of (\d+)")
_COUNT_CLICKS = """
  addEventListener('pointerdown', () =>
    sessionStorage.setItem('clicks', String(1 + Number(sessionStorage.getItem('clicks')))), true)
"""
#: What the address bar's arrows cause; the page's router listens to it.
_WITHIN = """path => {
  history.pushState({}, '', path)
  dispatchEvent(new PopStateEvent('popstate', {state: {}}))
}"""

_AXE = """({part, tags}) => axe.run(
  part ?? document, {runOnly: tags, resultTypes: ['violations'], elementRef: false})"""


class Window:
    """One browser window of one person, and what went wrong in it."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        *,
        phone: bool = False,
        locale: str = "zh-CN",
        dark: bool = False,
    ) -> None:
        width, height = PHONE if phone else DESKTOP
        self.context = browser.new_context(
            base_url=url,
            locale=locale,
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": height},
            has_touch=phone,
            device_scale_factor=2 if phone else 1,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        self.context.add_init_script(_COUNT_CLICKS)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(SLOWEST)
        self.wrong: list[str] = []
        self._expected: set[str] = set()
        self._under_way: set[Request] = set()
        self._watch(url)

    def _watch(self, url: str) -> None:
        page = self.page
        page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        page.on("console", self._heard)
        page.on("request", lambda request: self._sent(request, url))
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._ended)

    def _heard(self, message: ConsoleMessage) -> None:
        refused = _REFUSED.search(message.text)
        if message.type != "error" or (refused and refused[1] in self._expected):
            return
        self.wrong.append(f"console: {message.text} {message.location.get('url', '')}")

    def _sent(self, request: Request, url: str) -> None:
        self._under_way.add(request)
        if not request.url.startswith((url, "data:", "blob:")):
            self.wrong.append(f"outside request: {request.url}")

    def _ended(self, request: Request) -> None:
        self._under_way.discard(request)

    @contextmanager
    def refused(self, *statuses: int) -> Iterator[None]:
        """Expect answers of these statuses while the block lasts."""
        self._expected = {str(status) for status in statuses}
        yield
        self.settle()
        self._expected = set()

    def sign_in(self, username: str) -> None:
        """Sign in beside the page, as quickly as possible; the day's test does it by hand."""
        answer = self.context.request.post(
            f"{API}/auth/session",
            data={"username": username, "password": PASSWORD},
            headers=_CSRF,
        )
        assert answer.ok, answer.text()

    def speak(self, locale: str) -> None:
        """Have page and account speak another language, without signing in again."""
        url = f"{API}/me/preferences"
        answer = self.context.request.put(url, data={"locale": locale}, headers=_CSRF)
        assert answer.ok, answer.text()
        self.go("/")

    def within(self, path: str) -> None:
        """Go to an address as a link inside the page does: nothing is loaded twice."""
        self.page.evaluate(_WITHIN, path)
        self.settle()
        expect(self.page.locator("h1").first).to_be_visible()

    def at(self, hook: str) -> Locator:
        """Return what bears this data-test hook."""
        return self.page.get_by_test_id(hook)

    def go(self, path: str) -> None:
        """Open an address and wait until the page has all it asked for."""
        self.page.goto(path)
        expect(self.page.locator("h1").first).to_be_visible()
        self.settle()

    def settle(self) -> None:
        """Wait until no request has been under way for a moment."""
        waited = calm = 0
        while calm < QUIET and waited < SLOWEST:
            self.page.wait_for_timeout(QUIET / 4)
            waited += QUIET // 4
            calm = 0 if self._under_way else calm + QUIET // 4
        assert not self._under_way, [request.url for request in self._under_way]

    def clicks(self) -> int:
        """Return how often the pointer was pressed in this window."""
        return int(self.page.evaluate("Number(sessionStorage.getItem('clicks'))"))

    def picture(self, name: str) -> None:
        """Keep a picture for the documents; only when asked for, so that runs change nothing."""
        if not os.environ.get("PARK_PICTURES"):
            return
        self.settle()
        expect(self.at("notice")).to_have_count(0)  # they go by themselves
        taken = Image.open(BytesIO(self.page.screenshot(animations="disabled")))
        few = taken.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        file = PICTURES / f"{name}.png"
        few.save(file, optimize=True)
        assert file.stat().st_size <= LARGEST_PICTURE, f"{file.stat().st_size} bytes: {file}"

    def violations(self, part: str | None = None) -> list[str]:
        """Return what axe has against the page as it is now, or a part (WCAG 2.2, A and AA)."""
        if not self.page.evaluate("Boolean(window.axe)"):
            self.page.evaluate(AXE.read_text("utf-8") + ";0")  # not a tag: the CSP stays in force
        found: dict[str, Any] = self.page.evaluate(_AXE, {"part": part, "tags": WCAG})
        return [
            f"{one['id']} ({one['impact']}) x{len(one['nodes'])}: {one['nodes'][0]['html'][:200]}"
            for one in found["violations"]
        ]

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
