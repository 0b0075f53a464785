"""The pictures of docs/screens.md that no other test takes; only with PARK_PICTURES=1."""

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import Window

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not os.environ.get("PARK_PICTURES"), reason="pictures are not asked for"),
]

Opens = Callable[..., Window]
#: Name of the picture: who looks, where, and how.
SCREENS: dict[str, tuple[str | None, str, dict[str, bool]]] = {
    "portal": (None, "/", {}),
    "station-home": ("clerk", "/", {}),
    "enterprise-home": ("firm", "/", {"phone": True}),
    "need-form": ("firm", "/r/needs/new", {"phone": True}),
    "match-queue": ("clerk", "/matching/queue?need={waiting}", {}),
    "dashboard": ("clerk", "/dashboard", {}),
    "calendar": ("clerk", "/calendar", {}),
    "duplicates": ("clerk", "/r/enterprises/duplicates?of={a}", {}),
    "merge": ("clerk", "/r/enterprises/merge?a={a}&b={b}", {}),
    "undo-bin": ("clerk", "/undo", {}),
    "empty-state": ("clerk", "/r/needs?q=没有这样的需求", {}),
    "ledger-dark": ("clerk", "/r/enterprises", {"dark": True}),
    "public-draw": (None, "/public/draws/{draws}", {}),
    "panel-result": (None, "/public/panels/{panels}", {}),
}


def test_screens_as_they_open(open_window: Opens, ids: dict[str, str]) -> None:
    windows: dict[str, Window] = {}
    for name, (who, path, how) in SCREENS.items():
        key = f"{who}{how}"
        window = windows.get(key) or open_window(who, **how)
        windows[key] = window
        window.go(path.format(**ids))
        window.picture(name)


def test_screens_with_something_open(open_window: Opens, ids: dict[str, str]) -> None:
    clerk = open_window("clerk")
    clerk.go(f"/r/enterprises?q=样例云&open={ids['a']}")
    expect(clerk.at("panel")).to_be_visible()
    clerk.picture("ledger-with-panel")
    clerk.go("/r/needs?state=accepted")
    clerk.at("view-new").click()
    clerk.at("view-title").fill("等人对接")
    clerk.at("view-save").click()
    expect(clerk.at("view-tab")).to_be_visible()
    expect(clerk.at("notice")).to_have_count(0)
    clerk.picture("views")
    clerk.at("open-palette").click()
    clerk.at("palette-input").fill("昨天 电话 恒传精密 讲解研发费用政策")
    clerk.page.keyboard.press("Enter")
    expect(clerk.at("quick-pieces").last).to_be_visible()
    clerk.picture("quick-entry")
    clerk.go(f"/r/needs/{ids['needs']}?tab=attachments")
    clerk.at("attachment-preview").last.click()
    expect(clerk.at("preview-picture")).to_be_visible()
    clerk.picture("attachment-viewer")


def test_an_error_as_it_is_told(open_window: Opens) -> None:
    clerk = open_window("clerk")
    clerk.go("/r/projects/new")
    clerk.at("form-submit").click()
    expect(clerk.at("error-summary")).to_be_visible()
    clerk.picture("error-state")
