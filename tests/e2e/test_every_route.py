"""Every address there is, wide and narrow, in three languages: nothing against WCAG 2.2 AA, no
sideways scrolling, no error, a title, a language, no text missing. An address nobody lists fails.
"""

import re
from collections.abc import Callable

import pytest
from fastapi.routing import APIRoute

from app.network.portal.router import router as portal
from tests.e2e.browsing import DESKTOP, PHONE, ROOT, Window
from tests.e2e.test_pages import complaints
from tests.e2e.world import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Opens = Callable[..., Window]
LOCALES = ("zh-CN", "zh-TW", "en")
WIDTHS = pytest.mark.parametrize("width", [DESKTOP[0], PHONE[0]])
#: Route of web/src/app/router.ts: who looks, and at which addresses.
ROUTES: dict[str, dict[str | None, tuple[str, ...]]] = {
    "home": {"clerk": ("/",), "firm": ("/",), "expert": ("/",), "sysadmin": ("/",)},
    "list": {"clerk": ("/r/enterprises", "/r/needs?q=没有这样的需求"), "centre": ("/r/draws",)},
    "new": {"clerk": ("/r/enterprises/new",), "firm": ("/r/needs/new",)},
    "import": {"clerk": ("/r/enterprises/import",)},
    "duplicates": {"clerk": ("/r/enterprises/duplicates?of={a}",)},
    "merge": {"clerk": ("/r/enterprises/merge?a={a}&b={b}",)},
    "record": {
        "clerk": (
            "/r/enterprises/{enterprises}",
            "/r/needs/{needs}?tab=comments",
            "/r/needs/{needs}?tab=history",
        ),
        "centre": ("/r/draws/{draws}", "/r/panels/{panels}", "/r/experts/{experts}"),
    },
    "edit": {"clerk": ("/r/needs/{needs}/edit",)},
    "matches": {"clerk": ("/r/needs/{needs}/matches",)},
    "dashboard": {"clerk": ("/dashboard",)},
    "calendar": {"clerk": ("/calendar",)},
    "queue": {"clerk": ("/matching/queue?need={waiting}",)},
    "batch": {"clerk": ("/matching/batches/{batch}",)},
    "rules": {"centre": ("/matching/rules",)},
    "evaluation": {"centre": ("/matching/evaluation",)},
    "acts": {"sysadmin": ("/acts",), "centre": ("/acts",)},
    "undo": {"clerk": ("/undo",)},
    "audit": {"auditor": ("/audit",)},
    "accounts": {"sysadmin": ("/admin/accounts",)},
    "organisations": {"sysadmin": ("/admin/organisations",)},
    "notifications": {"clerk": ("/notifications",)},
    "me": {"clerk": ("/me",)},
    "lost": {"clerk": ("/nowhere",)},
    "login": {None: ("/login",)},
    "secure": {"clerk": ("/secure",)},
    "setup": {None: ("/setup?token=no-such-token-anywhere",)},
    "public-draws": {None: ("/public/draws",)},
    "public-draw": {None: ("/public/draws/{draws}",)},
    "invite": {None: ("/invite/{token}",)},
}
#: Path of the pages the server writes itself.
WRITTEN = {
    "/": "/",
    "/public": "/public",
    "/public/needs": "/public/needs",
    "/public/needs/{record_id}": "/public/needs/{needs}",
    "/public/achievements": "/public/achievements?q=没有这样的成果",
    "/public/achievements/{record_id}": "/public/achievements/{published}",
    "/public/panels": "/public/panels",
    "/public/panels/{record_id}": "/public/panels/{panels}",
}
NO_PAGES = {"/portal.css", "/robots.txt", "/llms.txt"}
PEOPLE = ("clerk", "firm", "expert", "centre", "auditor", "sysadmin")


def of(who: str | None) -> list[str]:
    """Return the addresses somebody looks at, without a repetition."""
    return list(dict.fromkeys(a for seen in ROUTES.values() for a in seen.get(who, ())))


def test_no_route_is_left_out() -> None:
    router = (ROOT / "web" / "src" / "app" / "router.ts").read_text("utf-8")
    assert set(re.findall(r"name: '([a-z-]+)'", router)) == set(ROUTES)
    assert {who for seen in ROUTES.values() for who in seen} == {*PEOPLE, None}
    written = {route.path for route in portal.routes if isinstance(route, APIRoute)}
    assert written == set(WRITTEN) | NO_PAGES


def look(window: Window, addresses: list[str], locale: str, go: Callable[[str], None]) -> list[str]:
    """Go from one address to the next; return what is wrong with any of them."""
    wrong = []
    for address in addresses:
        go(address)
        told = complaints(window, locale) + window.wrong
        window.wrong.clear()
        wrong += [f"{locale} {address}: {one}" for one in told]
    return wrong


@WIDTHS
@pytest.mark.parametrize("who", PEOPLE)
def test_every_route_is_in_order_in_every_language(
    open_window: Opens, world: World, ids: dict[str, str], who: str, width: int
) -> None:
    window = open_window(who, phone=width == PHONE[0])
    addresses = [address.format(**ids) for address in of(who)]
    wrong = []
    try:
        for locale in LOCALES:
            window.speak(locale)
            wrong += look(window, addresses, locale, window.within)
    finally:  # the choice is kept with the account
        world[who].ask("PUT", "/me/preferences", json={"locale": "zh-CN"})
    assert not wrong, "\n".join(wrong)


@WIDTHS
@pytest.mark.parametrize("locale", LOCALES)
def test_what_strangers_see_is_in_order_in_every_language(
    open_window: Opens, ids: dict[str, str], locale: str, width: int
) -> None:
    window = open_window(phone=width == PHONE[0], locale=locale)
    addresses = [address.format(**ids) for address in (*WRITTEN.values(), *of(None))]
    wrong = look(window, addresses, locale, window.go)
    with window.refused(404):
        gone = "/public/needs/00000000-0000-7000-8000-000000000000"
        wrong += look(window, [gone], locale, window.go)
    assert not wrong, "\n".join(wrong)
