"""What opens over or beside a page, wide and narrow, in three languages: as sound as the pages.

The page underneath is looked at elsewhere (test_every_route.py); axe looks at what opened alone.
The steps of an import are in test_import_wizard.py.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import DESKTOP, PHONE, Window
from tests.e2e.test_every_route import LOCALES
from tests.e2e.test_pages import complaints
from tests.e2e.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Opens = Callable[..., Window]
DIALOG = "dialog[open]"


class Looker:
    """Opens one thing after another in one language, and gathers what is wrong with them."""

    def __init__(self, window: Window, locale: str, ids: dict[str, str]) -> None:
        self.window, self.locale, self.ids = window, locale, ids
        self.wrong: list[str] = []

    def at(self, path: str) -> None:
        self.window.within(path.format(**self.ids))

    def press(self, hook: str) -> None:
        self.window.at(hook).first.click()

    def look(self, what: str, part: str = DIALOG) -> None:
        expect(self.window.page.locator(part).first).to_be_visible()
        self.window.settle()
        told = complaints(self.window, self.locale, part) + self.window.wrong
        self.window.wrong.clear()
        self.wrong += [f"{self.locale} {what}: {one}" for one in told]

    def close(self) -> None:
        self.window.page.keyboard.press("Escape")
        expect(self.window.page.locator(DIALOG)).to_have_count(0)


def about_a_ledger(looker: Looker) -> None:
    """Filters, a view of one's own, the tasks, the palette."""
    looker.at("/r/enterprises")
    looker.press("filters")
    looker.look("filters", "#filters")
    looker.press("view-new")
    looker.look("a view")
    looker.close()
    looker.press("tasks")
    looker.look("tasks", "[data-test=task-panel]")
    looker.press("task-close")
    looker.press("open-palette")
    looker.look("palette")
    looker.window.at("palette-input").fill("昨天 电话 恒传精密 讲解研发费用政策")
    looker.window.page.keyboard.press("Enter")
    expect(looker.window.at("quick-pieces").last).to_be_visible()
    looker.look("quick entry")
    looker.close()


def beside_a_ledger(looker: Looker) -> None:
    """What only a desk has room for: columns, a record beside its row, many rows at once."""
    looker.at("/r/enterprises?q=样例云桥")
    looker.press("columns")
    looker.look("columns")
    looker.close()
    looker.press("select-all")
    looker.look("what is chosen", "[data-test=bulk-bar]")
    looker.press("bulk-edit")
    looker.look("bulk edit")
    looker.window.at("bulk-add").select_option("remark")
    looker.press("bulk-add-field")
    looker.window.at("bulk-remark").fill("走访过")
    looker.press("bulk-preview")
    expect(looker.window.at("bulk-counts")).to_be_visible()
    looker.look("bulk preview")
    looker.close()
    looker.press("bulk-clear")
    looker.at("/r/enterprises?q=样例云桥&open={a}")
    looker.look("side panel", "[data-test=panel]")


def about_a_need(looker: Looker) -> None:
    """A step that asks for something, a colleague named, a paper read, an old version."""
    looker.at("/r/needs/{needs}")
    looker.press("move-resolve")
    looker.look("a move")
    looker.press("move-submit")
    looker.look("a move that lacks something", f"{DIALOG} [data-test=error-summary]")
    looker.close()
    looker.at("/r/needs/{needs}?tab=comments")
    looker.press("comment-text")
    looker.window.page.keyboard.insert_text("@李")
    looker.look("whom to name", "[role=tabpanel]")
    looker.window.at("comment-text").fill("")
    looker.at("/r/needs/{needs}?tab=attachments")
    for paper in looker.window.at("attachment-preview").all():
        paper.click()
        expect(looker.window.at("preview-picture")).to_be_visible()
        looker.look("a paper")
        looker.close()
    looker.at("/r/needs/{needs}?tab=history")
    looker.press("restore")
    looker.look("an old version")
    looker.close()


def about_matching(looker: Looker) -> None:
    """Candidates left out and why, choosing and refusing one, a link to answer by."""
    looker.at("/r/needs/{waiting}/matches")
    looker.window.at("match-more").first.click()
    looker.look("more of a candidate", "[data-test=match-candidate]")
    looker.press("match-choose")
    looker.look("choosing")
    looker.close()
    looker.press("match-reject")
    looker.look("refusing")
    looker.close()
    looker.at("/r/needs/{needs}/matches")
    looker.press("invitation-issue")
    looker.look("a link")
    looker.close()


def something_is_in_the_tray(window: Window) -> None:
    """Ask for long work; without any there is no tray."""
    window.go("/r/enterprises")
    with window.page.expect_download(timeout=60_000):
        window.at("export").click()
        window.at("export-csv").click()
    expect(window.at("tasks")).to_be_visible()


@pytest.mark.parametrize("width", [DESKTOP[0], PHONE[0]])
def test_what_opens_is_in_order_in_every_language(
    open_window: Opens, world: World, ids: dict[str, str], width: int
) -> None:
    phone = width == PHONE[0]
    window = open_window("clerk", phone=phone)
    wrong = []
    something_is_in_the_tray(window)
    try:
        for locale in LOCALES:
            window.speak(locale)
            looker = Looker(window, locale, ids)
            if phone:
                looker.press("menu")
                looker.look("menu")
                looker.close()
            else:
                beside_a_ledger(looker)
            about_a_ledger(looker)
            about_a_need(looker)
            about_matching(looker)
            wrong += looker.wrong
    finally:  # the choice is kept with the account
        world["clerk"].ask("PUT", "/me/preferences", json={"locale": "zh-CN"})
    assert not wrong, "\n".join(wrong)
