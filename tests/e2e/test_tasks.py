"""Long work in the page: an export fetched again from the tray, candidates for many needs."""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import Window
from tests.e2e.world import Record, World

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("phone", [False, True])
def test_an_export_is_long_work_one_finds_again(
    open_window: Callable[..., Window], *, phone: bool
) -> None:
    window = open_window("clerk", phone=phone)
    window.go("/r/enterprises")
    window.settle()
    with window.page.expect_download(timeout=60_000) as waited:
        window.at("export").click()
        window.at("export-csv").click()
    assert waited.value.suggested_filename.endswith(".csv")
    window.at("tasks").focus()
    window.page.keyboard.press("Enter")
    expect(window.at("task-panel")).to_be_focused()
    line = window.at("task-export").first
    expect(line).to_have_attribute("data-state", "done")
    assert window.violations() == []
    assert window.overflow() == 0
    if folder := os.environ.get("PARK_LOOK"):
        window.page.screenshot(path=f"{folder}/tasks-{'phone' if phone else 'desk'}.png")
    with window.page.expect_download(timeout=60_000):
        line.locator("[data-test=task-download]").click()
    window.page.keyboard.press("Escape")
    expect(window.at("task-panel")).to_have_count(0)
    expect(window.at("tasks")).to_be_focused()


def _need(world: World, title: str) -> Record:
    told = {"title": title, "description": "行星减速器在重载下磨损严重，希望优化齿形。"}
    made = world["firm"].made("/needs", told | {"hightech_field": "08"})
    world["firm"].moved("needs", made, "submit")
    return world["clerk"].moved("needs", made, "accept")


def _look(window: Window, name: str) -> None:
    assert window.violations() == [], name
    assert window.overflow() == 0, name
    if folder := os.environ.get("PARK_LOOK"):
        window.page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_chosen_needs_are_matched_in_bulk_and_each_leads_to_where_one_decides(
    world: World, open_window: Callable[..., Window]
) -> None:
    needs = [_need(world, title) for title in ("齿轮磨损一", "齿轮磨损二")]
    window = open_window("clerk")
    window.go("/r/needs?q=齿轮磨损")
    for at in range(len(needs)):
        window.at("select-row").nth(at).check()
    window.at("bulk-match").focus()
    window.page.keyboard.press("Enter")
    expect(window.at("batch-form")).to_be_visible()
    _look(window, "batch-dialog")
    window.at("batch-start").click()
    expect(window.at("batch-form")).to_have_count(0)
    window.at("tasks").click()
    line = window.at("task-match_batch").first
    expect(line).to_have_attribute("data-state", "done", timeout=60_000)
    line.get_by_test_id("task-look").click()
    expect(window.at("batch-need")).to_have_count(len(needs))
    expect(window.at("batch-candidate").first).to_be_visible()
    window.settle()
    _look(window, "batch")
    with window.page.expect_download(timeout=60_000) as waited:
        window.at("batch").get_by_test_id("task-download").click()
    assert waited.value.suggested_filename.endswith(".xlsx")
    path = window.page.url
    window.at("batch-open").first.click()
    expect(window.at("match-candidate").first).to_be_visible()
    window.go("/")
    expect(window.at("home-work").get_by_test_id("task-match_batch").first).to_be_visible()
    _look(window, "home-work")
    _reads_on_a_phone(open_window("clerk", phone=True, dark=True), path, needs)


def _reads_on_a_phone(phone: Window, path: str, needs: list[Record]) -> None:
    phone.go(path)
    expect(phone.at("batch-need")).to_have_count(len(needs))
    _look(phone, "batch-phone")
    phone.go(f"/matching/queue?need={needs[0]['id']}&kind=needs")
    tab = phone.page.locator("[role=tab][aria-selected=true]")
    expect(tab).to_have_attribute("data-test", "tab-needs")
    box, size = tab.bounding_box(), phone.page.viewport_size
    assert box is not None
    assert size is not None
    assert (box["x"] >= 0, box["x"] + box["width"] <= size["width"]) == (True, True)
    _look(phone, "queue-phone")


def test_turning_a_candidate_down_leads_on_to_the_next_and_then_to_the_next_need(
    world: World, open_window: Callable[..., Window]
) -> None:
    need = _need(world, "齿轮磨损三")
    window = open_window("clerk")
    window.go(f"/matching/queue?need={need['id']}")
    expect(window.at("match-candidate").first).to_be_visible()
    window.settle()
    _look(window, "queue")
    for _ in range(60):  # more than candidates of every kind together: other tests made some
        window.at("match-reject").first.click()
        window.page.locator("[data-test^=match-reason-]").first.click()
        window.at("match-submit").click()
        expect(window.at("match-note")).to_have_count(0)
        window.settle()
        if need["id"] not in window.page.url:
            break
        expect(window.page.locator("[data-test=match-candidate]:focus")).to_have_count(1)
        expect(
            window.page.locator("[data-test=match-candidate]:focus [data-test=match-reject]")
        ).to_have_count(1)
    assert need["id"] not in window.page.url
