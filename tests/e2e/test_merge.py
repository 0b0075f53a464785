"""Doubles found, compared, merged and taken apart again by keyboard alone; versions restored."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.ledgers.enterprises import credit_code
from tests.e2e.browsing import Window
from tests.e2e.test_pages import tab_to
from tests.e2e.world import Record, World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Opens = Callable[..., Window]
NAMES = ("样例恒远真空镀膜有限公司", "样例恒远真空镀膜有限责任公司")
PHONE = "13900006666"


@pytest.fixture
def doubles(world: World) -> Iterator[list[Record]]:
    """Two records of one firm, gone again when the test is over."""
    clerk = world["clerk"]
    made = [
        clerk.made(
            "/enterprises",
            {
                "name": name,
                "uscc": credit_code.make("990102", f"MB{n:06d}"),
                "contact_phone": PHONE,
                **({"address": "云东路 8 号"} if n else {}),
            },
        )
        for n, name in enumerate(NAMES)
    ]
    yield made
    for one in made:
        now = clerk.get(f"/enterprises/{one['id']}", follow_redirects=False)
        if now.status_code == 200:
            etag = {"If-Match": now.headers["ETag"]}
            clerk.ask("DELETE", f"/enterprises/{one['id']}", headers=etag)


def seen(window: Window, name: str) -> None:
    """Check a screen as it is now; keep a picture of it where somebody wants to look."""
    window.settle()
    assert window.violations() == [], name
    assert window.overflow() <= 0, name
    if folder := os.environ.get("PARK_SHOTS"):
        window.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_doubles_are_merged_and_taken_apart_by_keyboard_alone(
    open_window: Opens, world: World, doubles: list[Record]
) -> None:
    window, clerk = open_window("clerk"), world["clerk"]
    window.go("/r/enterprises")
    tab_to(window, "duplicates", 80)
    window.page.keyboard.press("Enter")
    expect(window.at("pair").filter(has_text=NAMES[1])).to_have_count(1)
    seen(window, "doubles")
    to_label(window, NAMES[1], "compare")
    window.page.keyboard.press("Enter")
    _choose_and_merge(window)
    path = "/enterprises/{}"
    left = [clerk.get(path.format(d["id"]), follow_redirects=False).status_code for d in doubles]
    assert sorted(left) == [200, 307]
    window.page.goto(f"/r/enterprises/{doubles[left.index(307)]['id']}")  # an old link leads on
    expect(window.at("record-title")).to_be_visible()
    window.go("/undo")
    seen(window, "undo")
    tab_to(window, "act-undo", 60)
    window.page.keyboard.press("Enter")
    expect(window.at("notice").last).to_contain_text("分开")
    after = [clerk.get(path.format(d["id"])) for d in doubles]
    assert [a.status_code for a in after] == [200, 200]
    assert [a.json()["uscc"] for a in after] == [d["uscc"] for d in doubles]
    assert window.clicks() == 0


def _choose_and_merge(window: Window) -> None:
    """Take the other record's credit code with an arrow key, then merge."""
    expect(window.at("merge-fields")).to_be_visible()
    seen(window, "merge")
    window.page.locator("main").focus()
    to_label(window, "统一社会信用代码", "take-this")
    window.page.keyboard.press("ArrowRight")
    expect(window.at("merge-preview")).to_contain_text("统一社会信用代码")
    tab_to(window, "merge-commit", 40)
    window.page.keyboard.press("Enter")
    expect(window.at("record-title")).to_be_visible()
    expect(window.at("notice").first).to_contain_text("已合并")
    seen(window, "merged")


def to_label(window: Window, text: str, hook: str) -> None:
    """Press Tab until a control with ``hook`` whose label says ``text`` is focused."""
    for _ in range(40):
        tab_to(window, hook, 80)
        if text in str(window.page.evaluate("document.activeElement.ariaLabel")):
            return
    pytest.fail(f"{text} is not reached")


def test_what_was_done_is_undone_with_one_key_and_versions_come_back(
    open_window: Opens, world: World, doubles: list[Record]
) -> None:
    window = open_window("clerk")
    path = f"/r/enterprises/{doubles[0]['id']}"
    window.go(f"{path}/edit")
    window.at("field-address").fill("云东路 9 号")
    window.at("form-submit").click()
    expect(window.at("notice-action")).to_have_text("撤销")
    seen(window, "saved")
    window.page.locator("main").focus()
    window.page.keyboard.press("Control+z")
    expect(window.at("notice").last).to_contain_text("已撤销")
    expect(window.page.get_by_text("云东路 9 号")).to_have_count(0)
    window.page.keyboard.press("Control+Shift+z")
    expect(window.page.get_by_text("云东路 9 号").first).to_be_visible()
    window.go(f"{path}?tab=history")
    window.at("restore").last.click()
    expect(window.at("changes")).to_be_visible()
    seen(window, "restore")
    window.at("restore-commit").click()
    expect(window.at("dialog")).to_have_count(0)
    window.settle()
    assert world["clerk"].get(f"/enterprises/{doubles[0]['id']}").json()["address"] is None
    window.at("delete-record").click()
    expect(window.at("notice").last).to_contain_text("已删除")
    window.settle()
    seen(window, "deleted")
    window.at("notice-action").click()
    expect(window.at("notice").last).to_contain_text("已恢复")
    assert world["clerk"].get(f"/enterprises/{doubles[0]['id']}").status_code == 200


@pytest.mark.parametrize(("phone", "dark"), [(True, False), (False, True)])
def test_the_screens_fit_a_phone_and_the_dark(
    open_window: Opens,
    doubles: list[Record],
    phone: bool,  # noqa: FBT001
    dark: bool,  # noqa: FBT001
) -> None:
    window = open_window("clerk", phone=phone, dark=dark)
    kind = "phone" if phone else "dark"
    one, two = (d["id"] for d in doubles)
    for name, path in (
        ("doubles", "/r/enterprises/duplicates"),
        ("beside", f"/r/enterprises/duplicates?of={one}"),
        ("merge", f"/r/enterprises/merge?a={one}&b={two}"),
        ("undo", "/undo"),
        ("record", f"/r/enterprises/{one}"),
        ("history", f"/r/enterprises/{one}?tab=history"),
    ):
        window.go(path)
        seen(window, f"{kind}-{name}")
    window.go("/r/enterprises/new")
    window.at("field-name").fill("样例恒远真空镀膜厂")
    expect(window.at("similar")).to_be_visible()
    seen(window, f"{kind}-similar")
