"""Pages opened for the first time: what they weigh, when they show, how long they block."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, Page

from bench.foundation import row
from bench.ux_browser import Wire, paints, script, window
from bench.ux_serving import House

ROUNDS = 5
Row = dict[str, object]


@dataclass(frozen=True)
class Goal:
    """A page with the most it may weigh (kB of JavaScript) and take (s to its largest paint)."""

    name: str
    role: str | None
    path: str
    scripts: float
    paint: float | None = None
    block: float | None = None
    phone: bool = False


GOALS = (
    Goal("portal", None, "/", 10, 1.0, phone=True),
    Goal("enterprise form", "enterprise", "/r/needs/new", 80, 1.8, phone=True),
    Goal("ledger of 10,000", "station_staff", "/r/enterprises", 130, 2.0, 0.5),
    Goal("dashboard", "station_staff", "/dashboard", 300),
)


def pages(browser: Browser, house: House) -> Iterator[Row]:
    """Open each page with nothing cached; weigh it, and time it on a weak machine and thin line."""
    for number, goal in enumerate(GOALS, 1):
        with window(browser, house, goal.role, phone=goal.phone) as (page, devtools):
            wire = Wire(devtools)
            _open(page, goal.path)
            what = f"first load of the {goal.name}"
            kind = "kB"
            yield row(
                f"U{number}",
                f"{what}: JavaScript",
                wire.kilobytes("Script"),
                kind,
                goal.scripts,
                None,
            )
            yield row(f"U{number}a", f"{what}: all", wire.kilobytes(), kind, None, None)
        if goal.paint is not None:
            times = [_timed(browser, house, goal) for _ in range(ROUNDS)]
            painted, blocked = (median(values) for values in zip(*times, strict=True))
            slow = f"{what}, CPU x4, 10 Mbit/s, 40 ms"
            yield row(
                f"U{number}b", f"{slow}: largest paint, median", painted, "s", goal.paint, None
            )
            yield row(f"U{number}c", f"{slow}: blocked, median", blocked, "s", goal.block, None)


def _timed(browser: Browser, house: House, goal: Goal) -> tuple[float, float]:
    with window(browser, house, goal.role, phone=goal.phone, slow=True, thin=True) as (page, _):
        _open(page, goal.path)
        return paints(page)


def _open(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)


def narrow(browser: Browser, house: House) -> Iterator[Row]:
    """Look for what sticks out at 360 px and at 200 %, and for targets smaller than a finger."""
    worst, small = 0, 0
    for role, paths in house.addresses().items():
        for zoom in (1, 2):
            with window(browser, house, role, phone=zoom == 1) as (page, _):
                if zoom > 1:  # a window of half its width is a page at twice its size
                    page.set_viewport_size({"width": 683, "height": 384})
                for path in paths:
                    _open(page, path)
                    worst = max(worst, page.evaluate(_TOO_WIDE))
                    small += page.evaluate(_TOO_SMALL) if zoom == 1 else 0
    yield row(
        "U20",
        "pixels that stick out sideways at 360 px and at 200 %, worst page",
        worst,
        "px",
        0,
        0,
    )
    yield row(
        "U21", "targets below 24 px (links within a sentence aside), all pages", small, "", 0, 0
    )


_TOO_WIDE = "document.documentElement.scrollWidth - window.innerWidth"
_TOO_SMALL = script("too_small")
