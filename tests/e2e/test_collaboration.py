"""Two people work on one need: a comment that names a colleague, her bell and letter, a list kept
for the station. By keyboard where people write.
"""

import email
import re
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.policy import default
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import expect

from tests.e2e.browsing import Window
from tests.e2e.conftest import Server, free_port, serving
from tests.e2e.world import World, build

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Opens = Callable[..., Window]
TITLE = "恒传减速器需要修形"
WORDS = "请看一下修形的参数"
SECONDS = 30


class Letterbox:
    """What a real mail server was handed."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802
        told = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(told, EmailMessage)
        self.letters.append(told)
        return "250 OK"

    def next(self) -> EmailMessage:
        """Return the oldest letter not yet taken; it may be on its way."""
        until = time.monotonic() + SECONDS
        while not self.letters and time.monotonic() < until:
            time.sleep(0.1)
        return self.letters.pop(0)


@pytest.fixture(scope="module")
def box() -> Letterbox:
    return Letterbox()


@pytest.fixture(scope="module")
def server(box: Letterbox) -> Iterator[Server]:
    port = free_port()
    post = Controller(box, hostname="127.0.0.1", port=port)
    post.start()
    with serving(PARK_SMTP_URL=f"smtp://127.0.0.1:{port}") as found:
        yield found
    post.stop()


@pytest.fixture(scope="module")
def world(server: Server) -> Iterator[World]:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield build(client, server.link)


def test_a_comment_reaches_whom_it_names(open_window: Opens, world: World, box: Letterbox) -> None:
    need = world["firm"].made("/needs", {"title": TITLE, "description": "齿轮磨损。"})
    world["firm"].moved("needs", need, "submit")
    world["centre"].post("/notifications/read")  # of what others did while the world was made
    centre, clerk = open_window("centre"), open_window("clerk")
    she_wants_letters(centre, box)
    he_names_her(clerk, need)
    letter = box.next()
    assert letter["To"] == "lilei@example.cn"
    body = letter.get_body()
    assert body is not None
    text = str(body.get_content())
    assert TITLE in text
    assert WORDS not in text
    link = re.search(r"http\S+(/r/needs/\S+)", text)
    assert link
    her_bell_leads_to_it(centre)
    centre.go(link[1])
    expect(centre.at("comment-words")).to_contain_text(WORDS)
    others_hear_nothing(open_window("lake-clerk"))


def she_wants_letters(window: Window, box: Letterbox) -> None:
    window.go("/me")
    window.at("mail-address").fill("lilei@example.cn")
    window.at("mail-save").click()
    code = re.search(r"\d{6}", str(box.next()["Subject"]))
    assert code
    window.at("mail-code").fill(code[0])
    window.at("mail-verify").click()
    window.at("mail-immediate").check()
    expect(window.at("notice").last).to_be_visible()
    assert window.violations() == []


def he_names_her(window: Window, need: dict[str, Any]) -> None:
    """By keyboard alone, once the box has the focus."""
    window.go(f"/r/needs/{need['id']}?tab=comments")
    window.at("comment-text").focus()
    keys = window.page.keyboard
    keys.insert_text("@李")
    expect(window.at("mention-option").first).to_contain_text("李蕾")
    assert window.violations() == []
    keys.press("Enter")
    keys.insert_text(WORDS)
    keys.press("Control+Enter")
    expect(window.at("comment-words")).to_have_text(f"@李蕾 {WORDS}")
    window.settle()
    expect(window.at("follow")).to_have_attribute("aria-pressed", "true")
    window.picture("comments")


def her_bell_leads_to_it(window: Window) -> None:
    window.go("/")
    expect(window.at("bell-count")).to_have_text("1")
    window.at("bell").click()
    expect(window.at("notice-item").first).to_contain_text(TITLE)
    window.settle()
    window.picture("notifications")
    assert window.violations() == []
    window.at("notice-open").first.click()
    expect(window.at("comment-words")).to_contain_text(WORDS)
    expect(window.at("bell-count")).to_have_count(0)


def others_hear_nothing(window: Window) -> None:
    window.go("/notifications")
    expect(window.page.get_by_text(TITLE)).to_have_count(0)


def test_a_list_is_kept_for_the_whole_station(open_window: Opens, world: World) -> None:
    assert world["firm"].made("/needs", {"title": "又一个需求", "description": "说明。"})
    clerk = open_window("clerk")
    clerk.go("/r/needs?state=submitted")
    clerk.at("view-new").click()
    clerk.at("view-title").fill("待受理")
    clerk.at("view-node").check()
    clerk.at("view-default").check()
    assert clerk.violations() == []
    clerk.at("view-save").click()
    expect(clerk.at("view-tab")).to_have_attribute("aria-current", "true")
    clerk.go("/r/needs")
    expect(clerk.page).to_have_url(re.compile("state=submitted"))
    clerk.at("view-all").click()
    expect(clerk.page).not_to_have_url(re.compile("state="))
    clerk.settle()
    assert clerk.violations() == []
    committee = open_window("committee")
    committee.go("/r/needs")
    committee.at("view-tab").click()
    expect(committee.page).to_have_url(re.compile("state=submitted"))
    phone = open_window("committee", phone=True)
    phone.go("/r/needs")
    expect(phone.at("view-tab")).to_be_visible()
    assert phone.overflow() <= 0
    lake = open_window("lake-clerk")
    lake.go("/r/needs")
    expect(lake.at("view-all")).to_be_visible()
    expect(lake.at("view-tab")).to_have_count(0)
