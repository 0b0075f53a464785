"""Every address of the page, for those who may see it, wide and narrow: no error, no sideways
scrolling, nothing against WCAG 2.2 AA, a title, a language, and a way through by keyboard alone.
"""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import DESKTOP, PHONE, ROOT, Window
from tests.e2e.story import BLIND, DESCRIPTION, RESULT, TITLE, VISIT, WORKBOOK
from tests.e2e.world import PASSWORD, Record, World

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
ADDRESSES = {
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
    None: ("/login", "/setup?token=no-such-token-anywhere"),
}
IN_OTHER_LANGUAGES = (
    "/",
    "/r/enterprises",
    "/r/needs/new",
    "/r/needs/{needs}",
    "/r/needs/{needs}?tab=history",
    "/r/needs/{needs}/matches",
    "/r/enterprises/import",
    "/me",
)
LOCALES = ROOT / "web" / "src" / "locales"
MESSAGES = {f.stem: json.loads(f.read_text("utf-8")) for f in LOCALES.glob("zh-CN/*.json")}
KEY = rf"\b(?:{'|'.join(MESSAGES)})(?:\.[a-z][a-zA-Z]*)+\b"  # how a missing message reads
WIDTHS = pytest.mark.parametrize("width", [DESKTOP[0], PHONE[0]])


@pytest.fixture(scope="module")
def ids(world: World) -> dict[str, str]:
    """One record in every register, a need with a match among them."""
    clerk, firm = world["clerk"], world["firm"]
    enterprise, expert = world.records["firm"], world.records["expert"]
    need = firm.made("/needs", {"title": TITLE, "description": DESCRIPTION, "budget": "30"})
    firm.moved("needs", need, "submit")
    clerk.moved("needs", need, "accept")
    clerk.moved("needs", need, "publish", **BLIND)
    match = clerk.made("/matches", {"need_id": need["id"], "candidate_id": expert["id"]})
    clerk.moved("matches", match, "choose")
    clerk.moved("matches", match, "invite")
    about = {"enterprise_ids": [enterprise["id"]], "need_id": need["id"]}
    made: dict[str, Record] = {
        "enterprises": enterprise,
        "experts": expert,
        "needs": need,
        "matches": match,
        "service-log": clerk.made("/service-log", VISIT | about),
        "qualifications": clerk.made(
            "/qualifications",
            {
                "enterprise_id": enterprise["id"],
                "kind": "high_tech_enterprise",
                "certificate_no": "GR202499347041",
                "valid_from": "2024-11-01",
                "valid_to": "2027-10-31",
                "rule_version": "国科发火〔2016〕32号",
            },
        ),
        "projects": clerk.made(
            "/projects",
            {
                "title": "行星减速器修形技术攻关",
                "summary": DESCRIPTION,
                "undertakers": [{"name": enterprise["name"], "role": "lead"}],
            },
        ),
        "achievements": clerk.made(
            "/achievements",
            {
                "title": "低噪声行星减速器",
                "owner_name": enterprise["name"],
                "kind": "product",
                "summary": RESULT,
                "ip_refs": [{"kind": "invention", "number": "ZL202510000001.1"}],
            },
        ),
    }
    return {name: record["id"] for name, record in made.items()}


def complaints(window: Window, language: str) -> list[str]:
    """Return what is wrong with the page as it is shown now."""
    title, lang = window.page.evaluate("[document.title, document.documentElement.lang]")
    found = window.violations()
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


@WIDTHS
@pytest.mark.parametrize("locale", ["zh-TW", "en"])
def test_it_is_in_order_in_other_languages(
    open_window: Opens, world: World, ids: dict[str, str], locale: str, width: int
) -> None:
    window = open_window("clerk", phone=width == PHONE[0], locale=locale)
    window.go("/")
    if width == PHONE[0]:
        window.at("menu").click()
    window.at(f"locale-{locale}").click()
    window.settle()  # the choice is on its way to the account
    try:
        visit(window, IN_OTHER_LANGUAGES, ids, locale)
    finally:  # the choice is kept with the account
        world["clerk"].ask("PUT", "/me/preferences", json={"locale": "zh-CN"})


@WIDTHS
def test_what_opens_over_a_page_is_in_order(
    open_window: Opens, ids: dict[str, str], width: int
) -> None:
    clerk = open_window("clerk", phone=width == PHONE[0])
    wrong: dict[str, list[str]] = {}

    def look(what: str) -> None:
        clerk.settle()
        wrong[what] = complaints(clerk, "zh-CN")

    if width == PHONE[0]:
        clerk.go("/")
        clerk.at("menu").click()
        look("drawer")
    clerk.go("/r/enterprises")
    clerk.at("filters").click()
    look("filters")
    if width != PHONE[0]:
        clerk.at("columns").click()
        look("columns")
    clerk.go(f"/r/needs/{ids['needs']}")
    clerk.at("move-resolve").click()
    look("a move")
    clerk.at("move-submit").click()
    expect(clerk.at("error-summary")).to_be_visible()
    look("a move that lacks something")
    clerk.go("/r/enterprises/import")
    clerk.at("import-file").set_input_files(WORKBOOK)
    expect(clerk.at("import-mapping")).to_be_visible()
    look("columns of a workbook")
    clerk.at("import-next").click()
    expect(clerk.at("import-error-row").first).to_be_visible()
    look("dry run")
    assert not any(wrong.values()), wrong


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
