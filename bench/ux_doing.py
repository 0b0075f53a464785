"""What clerks do all day, timed: finding, scrolling, bringing a workbook in; and its effort."""

import time
from collections.abc import Iterator
from statistics import median, quantiles

from playwright.sync_api import Browser, Page, expect

from bench.foundation import WORKBOOK, row
from bench.ux_browser import SLOW, script, window
from bench.ux_serving import ENTERPRISES, House, name_of

Row = dict[str, object]
PATIENCE = 60_000
#: Seconds of the keystroke-level model: a key, a pointing with its press, a thought before a step.
KEY, POINT, THOUGHT = 0.28, 1.2, 1.35
MODEL = "seconds of the keystroke-level model, free text aside"
FOUND = 12  # names looked for
BAD_ROWS = 262


def finding(browser: Browser, house: House) -> Iterator[Row]:
    """Type a name in the ledger and wait for its row, again and again."""
    with window(browser, house, "station_staff", slow=True) as (page, _):
        page.goto("/r/enterprises")
        box = page.get_by_test_id("search")
        expect(page.get_by_test_id("list-row").first).to_be_visible(timeout=PATIENCE)
        times = []
        for place in range(FOUND):
            number = (place * 797 + 411) % (ENTERPRISES - 1000)
            page.evaluate(_WAIT_FOR_ROW, name_of(number))
            box.fill(name_of(number)[4:13])
            _until_seen(page)
            times.append(page.evaluate("seen - typed"))
            box.fill("")
            page.wait_for_timeout(1200)
    what = "one of 10,000 enterprises found as its name is typed, CPU x4"
    yield row("U10", f"{what}: median", median(times), "ms", 400, None)
    yield row("U10a", f"{what}: slowest of {FOUND}", max(times), "ms", None, None)


def _until_seen(page: Page) -> None:
    """Wait for the row; by asking, since the page's policy lets nobody evaluate in it."""
    for _ in range(PATIENCE // 50):
        if page.evaluate("window.seen > 0"):
            return
        page.wait_for_timeout(50)
    raise TimeoutError("the row did not come")


_WAIT_FOR_ROW = script("row_seen")


def scrolling(browser: Browser, house: House) -> Iterator[Row]:
    """Scroll from the first row to the last as a wheel does, and look at the frames."""
    for name, times, gate in (("U11", 1, 33), ("U12", SLOW, 80)):
        with window(browser, house, "station_staff", slow=times > 1) as (page, _):
            page.goto("/r/enterprises")
            expect(page.get_by_test_id("list-row").first).to_be_visible(timeout=PATIENCE)
            page.wait_for_timeout(1000)
            frames = page.evaluate(_SCROLL)
            reached = page.evaluate(_LAST)
        frame = quantiles(frames, n=20)[-1]
        yield row(name, f"scrolling 10,000 rows, CPU x{times}: frame, p95", frame, "ms", gate, None)
        if times == 1:
            what = "the last row is reached without pages"
            yield row("U13", what, float(reached), "", None, None) | {"held": reached == 1}


_SCROLL = script("scroll")
_LAST = script("last_row")


def importing(browser: Browser, house: House) -> Iterator[Row]:
    """Choose the workbook of 5,000 rows and wait until the page shows what is wrong with it."""
    with window(browser, house, "station_staff") as (page, _):
        page.goto("/r/enterprises/import")
        page.get_by_test_id("import-file").wait_for(timeout=PATIENCE)
        began = time.perf_counter()
        page.get_by_test_id("import-file").set_input_files(WORKBOOK)
        page.get_by_test_id("import-mapping").wait_for(timeout=PATIENCE)
        page.get_by_test_id("import-next").click()
        expect(page.get_by_test_id("import-error-row").first).to_be_visible(timeout=PATIENCE)
        took = time.perf_counter() - began
        client = house.client("station_staff")
        named = client.get("/enterprises/imports?limit=1").json()["items"][0]
    what = "workbook of 5,000 rows: from the choice to its bad rows on screen"
    yield row("U14", what, took, "s", 5, None)
    bad = float(named["counts"]["bad"])
    told = row("U15", f"rows named as bad, of {BAD_ROWS}", bad, "", None, None)
    yield told | {"held": bad == BAD_ROWS}


def effort(page: Page, steps: int) -> tuple[float, float]:
    """Return the clicks and the seconds of the keystroke-level model, free text aside."""
    told = page.evaluate("[sessionStorage.getItem('clicks'), sessionStorage.getItem('keys')]")
    clicks, keys = (float(value or 0) for value in told)
    return clicks, clicks * POINT + keys * KEY + steps * THOUGHT


def filing(browser: Browser, house: House) -> Iterator[Row]:
    """File a need as an enterprise does on its phone: title, description, off it goes."""
    with window(browser, house, "enterprise", phone=True) as (page, _):
        page.goto("/")
        page.get_by_test_id("file-need").click()
        page.get_by_test_id("field-title").click()
        page.keyboard.type("红外镜头镀膜脱落")
        page.get_by_test_id("field-description").click()
        page.keyboard.type("镀膜在湿热环境中脱落，希望找到更牢的工艺。")
        page.get_by_test_id("form-submit").click()
        page.get_by_test_id("record-state").wait_for(timeout=PATIENCE)
        clicks, seconds = effort(page, steps=4)
    yield row("U16", "filing a need, signed in: clicks", clicks, "", 4, None)
    yield row("U17", f"the same: {MODEL}", seconds, "s", 20, None)


def logging(browser: Browser, house: House) -> Iterator[Row]:
    """Write a visit down from the enterprise's own page."""
    client = house.client("station_staff")
    one = client.get("/enterprises?limit=1").raise_for_status().json()["items"][0]
    with window(browser, house, "station_staff") as (page, _):
        page.goto(f"/r/enterprises/{one['id']}?tab=details")
        page.get_by_test_id("tab-service").click()
        line = page.get_by_test_id("quick-line")
        line.wait_for(timeout=PATIENCE)
        line.click()
        page.keyboard.type("今天 上门 讲解高企政策")
        page.get_by_test_id("quick-pieces").wait_for(timeout=PATIENCE)
        page.get_by_test_id("quick-save").click()
        page.get_by_test_id("notice").first.wait_for(timeout=PATIENCE)
        clicks, seconds = effort(page, steps=3)
    yield row("U18", "writing a visit down from the enterprise's page: clicks", clicks, "", 3, None)
    yield row(
        "U19",
        "the same: seconds of the keystroke-level model, free text aside",
        seconds,
        "s",
        15,
        None,
    )
