"""Long work in the page: an export comes by itself, stands in the tray, is fetched again."""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import Window

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
