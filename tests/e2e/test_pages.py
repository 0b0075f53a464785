"""Every address of the page, for those who may see it, wide and narrow: no error, no sideways
scrolling, nothing against WCAG 2.2 AA, a title, a language, and a way through by keyboard alone.
"""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import DESKTOP, PHONE, ROOT, Window
from tests.e2e.world import PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Opens = Callable[..., Window]
REGISTERS = (
    "enterprises",
    "qualifications",
    "needs",
    "service-log",
    "projects",
    "experts",
    "achievements",
    "matches",
)
LISTS = tuple(f"/r/{name}" for name in REGISTERS)
RECORDS = tuple(f"/r/{name}/{{{name}}}" for name in REGISTERS)
#: What each person is shown; ``{needs}`` stands for the id of a need in the middle of its life.
ADDRESSES: dict[str | None, tuple[str, ...]] = {
    "clerk": (
        "/",
        *LISTS,
        *RECORDS,
        *(f"/r/{name}/new" for name in REGISTERS if name not in ("experts", "matches")),
        "/r/enterprises/import",
        "/r/enterprises/{enterprises}?tab=observations",
        "/r/enterprises/{enterprises}?tab=needs",
        "/r/needs/{needs}?tab=service",
        "/r/needs/{needs}?tab=history",
        "/r/needs/{needs}?tab=attachments",
        "/r/needs/{needs}/edit",
        "/r/needs/{needs}/matches",
        "/r/projects/{projects}/matches",
        "/me",
        "/nowhere",
    ),
    "firm": (
        "/",
        "/r/needs",
        "/r/needs/new",
        "/r/needs/{needs}",
        "/r/enterprises/{enterprises}",
        "/r/enterprises/{enterprises}/edit",
        "/r/service-log/{service-log}",
        "/r/matches/{matches}",
    ),
    "expert": (
        "/",
        "/r/matches",
        "/r/matches/{matches}",
        "/r/experts/{experts}",
        "/r/needs/{needs}",
    ),
    "committee": ("/", "/r/needs/{needs}?tab=history"),
    "centre": ("/", "/r/experts/new", "/r/experts/{experts}", "/r/experts/{experts}/edit"),
    "leader": ("/", "/r/matches/{matches}"),
    "province": ("/", "/r/experts"),
    "auditor": ("/", "/audit"),
    "sysadmin": ("/", "/admin/accounts", "/admin/organisations"),
    "secadmin": ("/", "/admin/accounts", "/admin/organisations"),
}
LOCALES = ROOT / "web" / "src" / "locales"
MESSAGES = {f.stem: json.loads(f.read_text("utf-8")) for f in LOCALES.glob("zh-CN/*.json")}
KEY = rf"\b(?:{'|'.join(MESSAGES)})(?:\.[a-z][a-zA-Z]*)+\b"  # how a missing message reads
WIDTHS = pytest.mark.parametrize("width", [DESKTOP[0], PHONE[0]])


def complaints(window: Window, language: str, part: str | None = None) -> list[str]:
    """Return what is wrong with the page as it is shown now; axe may look at a part alone."""
    title, lang = window.page.evaluate("[document.title, document.documentElement.lang]")
    found = window.violations(part)
    if window.overflow() > 0:
        found.append(f"{window.overflow()} pixels too wide")
    if not title.strip() or title.startswith("·"):
        found.append(f"title {title!r}")
    if lang != language:
        found.append(f"lang {lang!r}")
    keys = window.page.evaluate("key => document.body.innerText.match(new RegExp(key, 'g'))", KEY)
    return found + [f"a message without words: {key}" for key in keys or []]


def visit(window: Window, addresses: tuple[str, ...], ids: dict[str, str], language: str) -> None:
    """Open one address after another; complain of all of them at once."""
    wrong = []
    for address in addresses:
        window.go(address.format(**ids))
        told = complaints(window, language)
        told += window.wrong
        window.wrong.clear()
        wrong += [f"{address}: {one}" for one in told]
    assert not wrong, "\n".join(wrong)


@WIDTHS
@pytest.mark.parametrize("who", ADDRESSES)
def test_every_address_is_in_order(
    open_window: Opens, ids: dict[str, str], who: str | None, width: int
) -> None:
    visit(open_window(who, phone=width == PHONE[0]), ADDRESSES[who], ids, "zh-CN")


def test_the_page_follows_the_device_into_the_dark(open_window: Opens, ids: dict[str, str]) -> None:
    window = open_window("clerk", dark=True)
    assert window.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    visit(
        window,
        ("/", "/r/needs", "/r/needs/{needs}?tab=history", "/r/needs/{needs}/matches"),
        ids,
        "zh-CN",
    )
    assert window.page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_need_is_filed_by_keyboard_alone(open_window: Opens, world: World) -> None:
    window = open_window()
    window.go("/login")
    keyboard = window.page.keyboard
    tab_to(window, "login-username")
    keyboard.type("lake-firm")
    tab_to(window, "login-password")
    keyboard.type(PASSWORD)
    keyboard.press("Enter")
    expect(window.at("home")).to_be_visible()
    window.settle()
    tab_to(window, "file-need")
    keyboard.press("Enter")
    expect(window.at("field-title")).to_be_visible()
    tab_to(window, "field-title")
    keyboard.type("红外镜头镀膜脱落")
    tab_to(window, "field-description")
    keyboard.type("镀膜在湿热环境中脱落，希望找到更牢的工艺。")
    tab_to(window, "form-submit")
    keyboard.press("Enter")
    expect(window.at("record-state")).to_have_text("已提交")
    assert window.clicks() == 0


def tab_to(window: Window, hook: str, most: int = 40) -> None:
    """Press Tab until what bears ``hook`` is focused; every stop on the way must be visible."""
    for _ in range(most):
        window.page.keyboard.press("Tab")
        focused = window.page.evaluate(_FOCUSED)
        assert focused["visible"], f"focus cannot be seen on {focused['what']}"
        if focused["hook"] == hook:
            return
    pytest.fail(f"{hook} is not reached in {most} steps")


_FOCUSED = """() => {
  const at = document.activeElement
  const box = at.getBoundingClientRect()
  const style = getComputedStyle(at)
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
  return {
    hook: at.dataset.test ?? null,
    what: at.outerHTML.slice(0, 120),
    visible: at === document.body || (box.width > 0 && box.height > 0 && outlined),
  }
}"""
