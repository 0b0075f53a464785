"""What a person reads when something is in the way: no line, a proxy's refusal, no session."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.browsing import Window
from tests.e2e.test_pages import complaints
from tests.e2e.world import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Opens = Callable[..., Window]
FAILURES = {
    413: ("text/plain", "Content Too Large", "超过了大小上限"),
    429: ("text/html", "<h1>429 Too Many Requests</h1>", "等一分钟"),
    502: ("text/html", "<h1>502 Bad Gateway</h1>", "维护"),
}


def _answered(status: int) -> Callable[[Route], None]:
    kind, body, _ = FAILURES[status]
    return lambda route: route.fulfill(status=status, content_type=kind, body=body)


def test_a_broken_line_and_a_proxys_refusal_are_told_in_the_clerks_words(
    open_window: Opens,
) -> None:
    clerk = open_window("clerk")
    clerk.go("/r/projects/new")
    clerk.at("field-title").fill("断网时填写的项目")
    summary = clerk.at("error-summary")
    clerk.page.route("**/api/v1/projects", lambda route: route.abort("internetdisconnected"))
    clerk.at("form-submit").click()
    expect(summary).to_contain_text("连接不上服务器")
    expect(summary).to_contain_text("请检查网络")
    assert complaints(clerk, "zh-CN") == []
    clerk.wrong = [line for line in clerk.wrong if "ERR_INTERNET_DISCONNECTED" not in line]
    for status, (_, _, words) in FAILURES.items():
        clerk.page.unroute("**/api/v1/projects")
        clerk.page.route("**/api/v1/projects", _answered(status))
        with clerk.refused(status):
            clerk.at("form-submit").click()
            expect(summary).to_contain_text(words)
    clerk.page.unroute("**/api/v1/projects")
    expect(clerk.at("field-title")).to_have_value("断网时填写的项目")  # nothing typed is lost


def test_whoever_s_session_ended_reads_so_and_comes_back_to_the_page(open_window: Opens) -> None:
    clerk = open_window("clerk")
    clerk.go("/r/needs")
    clerk.context.clear_cookies()
    with clerk.refused(401):
        clerk.page.locator('a[href="/r/projects"]').first.click()
        expect(clerk.at("session-ended")).to_contain_text("登录已失效")
    assert complaints(clerk, "zh-CN") == []
    clerk.at("login-username").fill("clerk")
    clerk.at("login-password").fill(PASSWORD)
    clerk.at("login-submit").click()
    expect(clerk.page).to_have_url(re.compile(r"^[^?]*/r/(needs|projects)$"))
    expect(clerk.at("session-ended")).to_have_count(0)
