"""The ledger by keyboard alone: a cell edited, a record opened beside it, many changed at once."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from app.ledgers.enterprises import credit_code
from tests.e2e.browsing import Window
from tests.e2e.world import Record, World, if_match

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Opens = Callable[..., Window]
NAMES = ("样例网格甲有限公司", "样例网格乙有限公司", "样例网格丙有限公司")
LIST = "/r/enterprises?q=样例网格&sort=uscc"


@pytest.fixture(scope="module")
def firms(world: World) -> list[Record]:
    """Enter three enterprises to work on."""
    return [
        world["clerk"].made(
            "/enterprises", {"name": name, "uscc": credit_code.make("990101", f"MA77000{n}")}
        )
        for n, name in enumerate(NAMES)
    ]


@pytest.fixture
def clerk(open_window: Opens, firms: list[Record]) -> Iterator[Window]:
    window = open_window("clerk")
    window.go(LIST)
    expect(window.at("list-row")).to_have_count(len(firms))
    yield window
    assert window.clicks() == 0


def active(window: Window) -> dict[str, str]:
    """Return the data of what has the focus."""
    return dict(window.page.evaluate("({...document.activeElement.dataset})"))


def to_grid(window: Window) -> None:
    """Tab until the focus is in the grid, then go to the first row."""
    for _ in range(60):
        window.page.keyboard.press("Tab")
        if "at" in active(window):
            break
    window.page.keyboard.press("Control+Home")
    at_place(window, "0:0")


def at_place(window: Window, place: str) -> None:
    expect(window.page.locator(f'[data-at="{place}"]')).to_be_focused()


def press(window: Window, *keys: str) -> None:
    for key in keys:
        window.page.keyboard.press(key)


def test_a_cell_is_edited_and_refused_in_words(clerk: Window, world: World) -> None:
    to_grid(clerk)
    press(clerk, "ArrowRight")
    at_place(clerk, "0:1")
    press(clerk, "x")
    expect(clerk.at("cell-editor")).to_be_focused()
    press(clerk, "Enter")
    expect(clerk.at("cell-refusal")).to_contain_text("企业名称")
    assert clerk.violations() == []
    press(clerk, "Escape")
    at_place(clerk, "0:1")
    press(clerk, "F2")
    expect(clerk.at("cell-editor")).to_have_value(NAMES[0])
    press(clerk, "End")
    clerk.page.keyboard.insert_text("（新）")
    press(clerk, "Enter")
    at_place(clerk, "1:1")
    renamed = clerk.page.locator('[data-at="0:1"]')
    expect(renamed).to_have_text(f"{NAMES[0]}（新）")
    found = world["clerk"].get("/enterprises", params={"q": "样例网格", "sort": "uscc"}).json()
    assert found["items"][0]["name"] == f"{NAMES[0]}（新）"


def test_what_somebody_else_changed_meanwhile_is_shown_before_it_is_overwritten(
    clerk: Window, world: World, firms: list[Record]
) -> None:
    address = f"/enterprises/{firms[2]['id']}"
    to_grid(clerk)
    press(clerk, "ArrowDown", "ArrowDown", "ArrowRight")
    at_place(clerk, "2:1")
    seen = world["clerk"].get(address).json()
    told = world["clerk"].ask("PATCH", address, json={"remark": "旁人所改"}, headers=if_match(seen))
    assert told.status_code == 200, told.text
    press(clerk, "F2")
    expect(clerk.at("cell-editor")).to_be_focused()
    press(clerk, "End")
    clerk.page.keyboard.insert_text("二")
    with clerk.refused(412):
        press(clerk, "Enter")
        expect(clerk.at("conflict")).to_contain_text("二")
        assert clerk.violations() == []
    press(clerk, "Tab")
    expect(clerk.at("conflict-keep")).to_be_focused()
    press(clerk, "Enter")
    at_place(clerk, "2:1")
    now = world["clerk"].get(address).json()
    assert (now["name"], now["remark"]) == (f"{NAMES[2]}二", "旁人所改")


def test_a_record_opens_beside_its_ledger_and_esc_leads_back(clerk: Window) -> None:
    to_grid(clerk)
    press(clerk, "ArrowRight", "ArrowRight")
    at_place(clerk, "0:2")
    press(clerk, "Enter")  # the state is not edited here: the record opens
    expect(clerk.at("panel")).to_be_focused()
    expect(clerk.at("record-title")).to_contain_text("样例网格甲")
    assert "open=" in clerk.page.url
    clerk.settle()
    assert clerk.violations() == []
    assert clerk.overflow() <= 0
    clerk.picture("side-panel")
    press(clerk, "Alt+ArrowDown")
    expect(clerk.at("record-title")).to_contain_text("样例网格乙")
    press(clerk, "Escape")
    expect(clerk.at("panel")).to_have_count(0)
    at_place(clerk, "1:2")
    assert "open=" not in clerk.page.url


def test_many_are_changed_at_once_by_keyboard_alone(
    clerk: Window, world: World, firms: list[Record]
) -> None:
    to_grid(clerk)
    press(clerk, "Space", "Shift+ArrowDown")
    expect(clerk.at("bulk-count")).to_contain_text("2")
    press(clerk, "Control+a")
    expect(clerk.at("bulk-count")).to_contain_text("3")
    press(clerk, "Shift+Tab", "Shift+Tab")
    expect(clerk.at("bulk-edit")).to_be_focused()
    press(clerk, "Enter")
    expect(clerk.at("bulk-what")).to_be_visible()
    _tab_to(clerk, "bulk-add")
    press(clerk, "End", "Tab", "Enter")  # the last of the list: the remark
    expect(clerk.at("bulk-remark")).to_be_focused()
    clerk.page.keyboard.insert_text("批量所写")
    assert clerk.violations() == []
    _tab_to(clerk, "bulk-preview")
    press(clerk, "Enter")
    expect(clerk.at("bulk-counts")).to_contain_text("将修改 3 条")
    untouched = world["clerk"].get(f"/enterprises/{firms[0]['id']}").json()
    assert untouched["remark"] != "批量所写"
    assert clerk.violations() == []
    clerk.picture("bulk-preview")
    _tab_to(clerk, "bulk-commit")
    press(clerk, "Enter")
    expect(clerk.at("bulk-counts")).to_contain_text("已修改 3 条")
    for firm in firms:
        assert world["clerk"].get(f"/enterprises/{firm['id']}").json()["remark"] == "批量所写"
    expect(clerk.at("bulk-bar")).to_have_count(0)


def _tab_to(window: Window, hook: str) -> None:
    for _ in range(40):
        if active(window).get("test") == hook:
            return
        window.page.keyboard.press("Tab")
    pytest.fail(f"{hook} is not reached")


def test_columns_are_widened_moved_and_held_by_keys(clerk: Window) -> None:
    to_grid(clerk)
    press(clerk, "ArrowUp", "ArrowRight", "ArrowRight")
    at_place(clerk, "-1:2")
    head = clerk.page.locator('[data-test="sort-state"]')
    before = head.bounding_box()
    press(clerk, "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight")
    expect(head).to_be_focused()
    after = head.bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > before["width"]
    press(clerk, "p")
    expect(head).to_have_class(re.compile("pinned"))
    press(clerk, "Control+ArrowLeft")
    expect(clerk.page.locator('[data-at="-1:1"]')).to_have_attribute("data-test", "sort-state")
    clerk.go(LIST)
    expect(clerk.page.locator('[data-at="-1:1"]')).to_have_attribute("data-test", "sort-state")
