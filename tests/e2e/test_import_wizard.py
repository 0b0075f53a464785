"""The import wizard by keyboard alone, at both widths: a clerk's workbook from upload to undo."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FileChooser, expect
from playwright.sync_api import TimeoutError as NothingCame

from tests import workbooks
from tests.e2e.browsing import DESKTOP, PHONE, Window
from tests.e2e.story import BAD_ROWS, FUTURE_DATE, GOOD_ROWS, WORKBOOK, WORKBOOKS
from tests.e2e.test_pages import complaints
from tests.e2e.world import World
from tests.workbooks import CODES

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opens = Callable[..., Window]
LARGE = WORKBOOKS / "enterprises-zh-CN-5000.xlsx"
LARGE_BAD = 262
#: A quiet machine needs a tenth of it (`make bench-ux` says how long); tests share theirs.
ON_SCREEN = 20.0  # seconds
#: Two mistakes alike, one of its own, a column only the clerk knows, and a second sheet.
ROWS: list[list[Any]] = [
    ["企业名称", "统一社会信用代码", "高新技术领域", "营业收入（元）", "老板"],
    ["样例甲机械有限公司", CODES[0], "新材", 10_000, "王样例"],
    ["样例乙机械有限公司", CODES[1], "新材", "保密", "李样例"],
    ["样例丙机械有限公司", CODES[2], "新材料", 30_000, "赵样例"],
]

_FOCUSED = """() => {
  const at = document.activeElement
  const box = at.getBoundingClientRect()
  const style = getComputedStyle(at)
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
  return {
    hook: at.dataset.test ?? null,
    what: at.outerHTML.slice(0, 120),
    visible: at === document.body || at.tagName === 'H1' || at.tagName === 'H2'
      || (box.width > 0 && box.height > 0 && outlined),
  }
}"""


def tab_to(window: Window, hook: str, most: int = 60) -> None:
    """Press Tab until what bears ``hook`` is focused; every stop on the way must be visible."""
    for _ in range(most):
        window.page.keyboard.press("Tab")
        focused = window.page.evaluate(_FOCUSED)
        assert focused["visible"], f"focus cannot be seen on {focused['what']}"
        if focused["hook"] == hook:
            return
    pytest.fail(f"{hook} is not reached in {most} steps")


def choose(window: Window, hook: str, value: str, most: int = 60) -> None:
    """Walk the options of a closed list by arrow key until the wanted one stands there."""
    if window.page.evaluate(_FOCUSED)["hook"] != hook:
        tab_to(window, hook)
    for _ in range(most):
        if window.page.evaluate("document.activeElement.value") == value:
            return
        window.page.keyboard.press("ArrowDown")
    pytest.fail(f"{hook} has no {value}")


def instead(window: Window, hook: str, text: str) -> None:
    """Type over what stands in a box."""
    if window.page.evaluate(_FOCUSED)["hook"] != hook:
        tab_to(window, hook)
    window.page.keyboard.press("Control+a")
    window.page.keyboard.type(text)


def sound(window: Window) -> None:
    assert window.violations() == []
    assert window.overflow() <= 0


@pytest.fixture
def book(tmp_path: Path) -> Path:
    file = tmp_path / "云湖企业台账.xlsx"
    file.write_bytes(workbooks.xlsx_of({"去年": ROWS[:2], "今年": ROWS}))
    return file


def test_a_workbook_goes_in_by_keyboard_alone(open_window: Opens, book: Path) -> None:
    window = open_window("lake-clerk")
    window.go("/r/enterprises/import")
    the_file_is_chosen_and_its_columns_mapped(window, book)
    two_mistakes_are_mended_at_once_and_one_by_itself(window)
    the_rows_are_written_and_taken_back(window)
    assert window.clicks() == 0
    window.go("/r/enterprises/import")
    window.at("import-file").set_input_files(book)
    expect(window.at("import-column-E")).to_have_value("legal_representative")


def the_chooser_opens(window: Window) -> FileChooser:
    """Ask for a file by Enter; a headless browser now and then opens no chooser the first time."""
    window.page.bring_to_front()
    for _ in range(4):
        if window.page.evaluate(_FOCUSED)["hook"] != "import-file":
            tab_to(window, "import-file")
        try:
            with window.page.expect_file_chooser(timeout=5_000) as chooser:
                window.page.keyboard.press("Enter")
        except NothingCame:
            window.settle()
        else:
            return chooser.value
    pytest.fail("no chooser of files opened")


def the_file_is_chosen_and_its_columns_mapped(window: Window, book: Path) -> None:
    the_chooser_opens(window).set_files(book)
    expect(window.at("import-mapping")).to_contain_text("王样例")
    sound(window)
    choose(window, "import-sheet", "今年")
    tab_to(window, "import-read-sheet")
    window.page.keyboard.press("Enter")
    expect(window.at("import-mapping")).to_contain_text("李样例")
    choose(window, "import-column-E", "legal_representative")
    expect(window.at("import-column-E")).to_have_value("legal_representative")
    tab_to(window, "import-next")
    window.page.keyboard.press("Enter")


def two_mistakes_are_mended_at_once_and_one_by_itself(window: Window) -> None:
    expect(window.at("import-error-row")).to_have_count(2)
    sound(window)
    window.picture("import-wizard")
    instead(window, "import-mend-hightech_field", "新材料")
    tab_to(window, "import-alike-hightech_field")
    window.page.keyboard.press("Enter")
    expect(window.at("import-error-row")).to_have_count(1)
    expect(window.at("import-said")).to_contain_text("已改 2 行")
    instead(window, "import-mend-sales", "20000")
    window.page.keyboard.press("Enter")
    expect(window.at("import-all-good")).to_be_visible()


def the_rows_are_written_and_taken_back(window: Window) -> None:
    tab_to(window, "import-commit")
    window.page.keyboard.press("Enter")
    expect(window.at("import-result")).to_have_attribute("data-state", "committed")
    expect(window.at("import-count-written")).to_have_text("3")
    sound(window)
    tab_to(window, "import-undo")
    window.page.keyboard.press("Enter")
    expect(window.at("import-result")).to_have_attribute("data-state", "undone")
    expect(window.at("import-count-undone")).to_have_text("3")


def test_mistakes_are_filtered_and_come_back_as_files(open_window: Opens) -> None:
    window = open_window("lake-clerk")
    window.go("/r/enterprises/import")
    window.at("import-file").set_input_files(WORKBOOK)
    window.at("import-next").click()
    rows = window.at("import-error-row")
    expect(rows).to_have_count(len(BAD_ROWS))
    window.at("import-kind-date").click()
    dates = rows.count()
    assert 0 < dates < len(BAD_ROWS)
    expect(window.page.locator(f'[data-row="{FUTURE_DATE}"]')).to_be_visible()
    window.at("import-kind-date").click()
    window.at("import-filter-column").select_option("established_on")
    expect(rows).to_have_count(dates)
    with window.page.expect_download() as marked:
        window.at("import-marked").click()
    assert marked.value.suggested_filename == "enterprises-zh-CN-300-批注.xlsx"
    with window.page.expect_download() as bad:
        window.at("import-bad").click()
    assert bad.value.suggested_filename == "enterprises-zh-CN-300-有误的行.xlsx"
    expect(window.at("import-count-create")).to_have_text(str(GOOD_ROWS))


@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW", "en"])
@pytest.mark.parametrize("width", [DESKTOP[0], PHONE[0]])
def test_each_step_is_sound(
    open_window: Opens, world: World, book: Path, locale: str, width: int
) -> None:
    window = open_window("lake-clerk", phone=width == PHONE[0], dark=locale == "en")
    try:
        window.speak(locale)
        every_step_is_looked_at(window, book, locale)
    finally:  # the choice is kept with the account
        world["lake-clerk"].ask("PUT", "/me/preferences", json={"locale": "zh-CN"})


def every_step_is_looked_at(window: Window, book: Path, locale: str) -> None:
    def look() -> None:
        window.settle()
        assert complaints(window, locale) == []

    window.within("/r/enterprises/import")
    with window.refused(422):
        broken = {"name": "坏.xlsx", "mimeType": "x", "buffer": b"PK\x03\x04 broken"}
        window.at("import-file").set_input_files(broken)  # type: ignore[arg-type]
        expect(window.at("import-refused")).to_be_visible()
    look()
    window.at("import-file").set_input_files(book)
    window.at("import-sheet").select_option("今年")
    window.at("import-read-sheet").click()
    expect(window.at("import-mapping")).to_contain_text("李样例")
    window.at("import-column-B").select_option("")
    expect(window.at("import-problems")).to_be_visible()
    look()
    window.at("import-column-B").select_option("uscc")
    window.at("import-next").click()
    expect(window.at("import-error-row").first).to_be_visible()
    look()
    window.at("import-commit").click()
    expect(window.at("import-result")).to_have_attribute("data-state", "committed")
    look()
    window.picture("import-result")
    window.at("import-undo").click()
    expect(window.at("import-result")).to_have_attribute("data-state", "undone")
    look()


def test_five_thousand_rows_are_on_screen_in_time(open_window: Opens) -> None:
    window = open_window("lake-clerk")
    window.go("/r/enterprises/import")
    began = time.monotonic()
    window.at("import-file").set_input_files(LARGE)
    window.at("import-next").click()
    expect(window.at("import-count-bad")).to_have_text(str(LARGE_BAD))
    expect(window.at("import-error-row").first).to_be_visible()
    took = time.monotonic() - began
    assert took <= ON_SCREEN, f"{took:.1f} s"
    seen: set[str] = set()
    for _ in range(400):
        found = window.at("import-error-row").evaluate_all("all => all.map(e => e.dataset.row)")
        seen |= set(found)
        if len(seen) == LARGE_BAD:
            break
        window.page.mouse.wheel(0, 500)
        window.page.wait_for_timeout(30)
    assert len(seen) == LARGE_BAD
    assert window.at("import-error-row").count() < LARGE_BAD / 2
