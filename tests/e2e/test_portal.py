"""The public pages in a browser: found, read and printed by anybody, without a script."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browsing import Window
from tests.e2e.conftest import Server
from tests.e2e.story import BLIND, DESCRIPTION
from tests.e2e.test_pages import complaints
from tests.e2e.world import FIRM, Record, World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Opens = Callable[..., Window]


@pytest.fixture(scope="module")
def need(world: World) -> Record:
    """A need that everybody may read of."""
    made = world["firm"].made("/needs", {"title": "门户上的需求", "description": DESCRIPTION})
    world["firm"].moved("needs", made, "submit")
    world["clerk"].moved("needs", made, "accept")
    return world["clerk"].moved("needs", made, "publish", **BLIND)


@pytest.mark.parametrize("locale", ["zh-CN", "zh-TW", "en"])
@pytest.mark.parametrize("phone", [False, True])
def test_every_public_page_is_sound(
    need: Record, open_window: Opens, *, phone: bool, locale: str
) -> None:
    window = open_window(phone=phone, locale=locale, dark=phone)
    wrong = []
    for path in (
        "/",
        "/public",
        "/public/needs",
        f"/public/needs/{need['id']}",
        "/public/achievements?q=没有这样的成果",
        "/?size=large",
    ):
        window.go(path)
        wrong += [f"{path}: {one}" for one in complaints(window, locale)]
        assert FIRM not in window.page.content()
    with window.refused(404):
        window.go("/public/needs/00000000-0000-7000-8000-000000000000")
        wrong += complaints(window, locale)
    assert wrong == []


def test_a_visitor_without_scripts_searches_and_reads(
    need: Record, server: Server, chromium: Browser
) -> None:
    context = chromium.new_context(base_url=server.url, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto("/")
    page.get_by_role("searchbox").fill("减速器")
    page.get_by_role("button", name="找需求").click()
    page.get_by_role("link", name=BLIND["blind_title"]).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(BLIND["blind_title"])
    page.get_by_role("link", name="繁體中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-TW")
    page.get_by_role("link", name="長者大字").click()
    expect(page.locator("html")).to_have_attribute("data-size", "large")
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="繁體中文")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert need["title"] not in page.content()
    context.close()


def test_the_same_address_is_the_page_inside_once_signed_in(open_window: Opens) -> None:
    visitor = open_window()
    visitor.go("/")
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("找需求，找成果")
    visitor.sign_in("clerk")
    visitor.go("/")
    expect(visitor.at("home")).to_be_visible()
