"""Signing in by code on a server that requires it: enrolling, the code, once, a recovery code."""

from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser, Route, expect

from tests.e2e.browsing import Window
from tests.e2e.conftest import Server, serving
from tests.e2e.world import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
_USER = "boss"


@pytest.fixture
def strict() -> Iterator[Server]:
    """A new installation as it is by default: staff and administrators need a second factor."""
    with serving(PARK_SECOND_FACTOR="required") as found:
        yield found


def _set_up(window: Window, link: str) -> None:
    window.go(link[link.index("/setup") :])
    for name, value in {"username": _USER, "name": "程维", "password": PASSWORD}.items():
        window.at(f"setup-{name}").fill(value)
    window.at("setup-again").fill(PASSWORD)
    window.at("setup-submit").click()
    window.at("setup-go-on").click()


def _enrol(window: Window) -> tuple[str, list[str]]:
    """Follow the page that stands before everything else; return the code used, the others."""
    window.page.wait_for_url("**/secure**")
    window.settle()
    assert not window.violations()
    window.at("factor-go").click()
    totp = pyotp.TOTP(window.at("factor-secret").input_value())
    expect(window.page.locator("img.picture")).to_be_visible()
    assert not window.violations()
    used = totp.now()
    window.at("factor-code").fill(used)
    window.at("factor-go").click()
    expect(window.at("recovery-codes").locator("li")).to_have_count(10)
    codes = window.at("recovery-codes").locator("li").all_inner_texts()
    assert not window.violations()
    window.at("recovery-kept").click()
    return used, codes


def _come(window: Window, code: str) -> None:
    window.at("login-username").fill(_USER)
    window.at("login-password").fill(PASSWORD)
    window.at("login-submit").click()
    expect(window.at("login-code")).to_be_focused()
    assert not window.violations()
    window.at("login-code").fill(code)
    window.at("login-submit").click()


def _as_after_five_minutes(route: Route) -> None:
    told = {"type": "urn:park:step-up", "title": "请再次确认身份", "status": 403, "errors": []}
    route.fulfill(status=403, json=told)


def test_from_the_first_link_to_a_recovery_code(strict: Server, chromium: Browser) -> None:
    window = Window(chromium, strict.url)
    _set_up(window, strict.link)
    used, codes = _enrol(window)
    expect(window.page.locator("h1").first).to_be_visible()
    window.go("/admin/accounts")
    expect(window.at("account-row").first).to_be_visible()

    other = Window(chromium, strict.url)
    with other.refused(401):
        other.go("/login")
        _come(other, used)  # when enrolling, perhaps a step ago: never good again
        expect(other.page.locator(".notice.danger")).to_be_visible()
        assert not other.violations()
        other.at("login-code").fill(codes[0])
        other.at("login-submit").click()
        other.page.wait_for_url(f"{strict.url}/")
        other.settle()
    other.go("/me")
    expect(other.at("factor-on")).to_contain_text("9")
    assert not other.violations()
    assert not window.wrong
    assert not other.wrong
    window.context.close()
    other.context.close()


def test_a_grave_act_asks_again_and_goes_on(strict: Server, chromium: Browser) -> None:
    window = Window(chromium, strict.url)
    _set_up(window, strict.link)
    _, codes = _enrol(window)
    window.go("/me")
    window.page.route("**/recovery-codes", _as_after_five_minutes, times=1)
    with window.refused(403):
        window.at("factor-codes").click()
        expect(window.at("proof")).to_be_visible()
        assert not window.violations("dialog[open]")
        window.at("proof-value").fill(codes[1])
        window.at("proof-submit").click()
        expect(window.at("recovery-codes").locator("li")).to_have_count(10)
    assert not window.wrong
    window.context.close()
