"""A need worked from the desk's first page to its solution, without a pointer."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import Window
from tests.e2e.story import DESCRIPTION, RESULT, VISIT
from tests.e2e.test_import_wizard import choose, tab_to
from tests.e2e.world import EXPERT, FIRM, Record, World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Opens = Callable[..., Window]
TITLE = "减速器重载磨损的治理"


def enter(window: Window, hook: str) -> None:
    """Tab to what bears ``hook`` and press Enter there."""
    tab_to(window, hook, 120)
    window.page.keyboard.press("Enter")


def write(window: Window, hook: str, text: str) -> None:
    tab_to(window, hook, 120)
    window.page.keyboard.insert_text(text)


def step(window: Window, move: str, state: str, **form: str) -> None:
    """Take a step that opens a dialog; fill in what it asks for."""
    enter(window, f"move-{move}")
    expect(window.at("dialog")).to_be_visible()
    for name, text in form.items():
        write(window, f"field-{name}", text)
    enter(window, "move-submit")
    expect(window.at("record-state")).to_have_text(state)


def test_a_need_is_worked_by_keyboard_alone(open_window: Opens, world: World) -> None:
    need = world["firm"].made("/needs", {"title": TITLE, "description": DESCRIPTION})
    world["firm"].moved("needs", need, "submit")
    clerk = open_window("clerk")
    clerk.go("/")
    the_need_is_found(clerk)
    expect(clerk.at("record-state")).to_have_text("已提交")
    step(clerk, "accept", "已受理")
    an_expert_is_chosen_and_invited(clerk)
    the_expert_agrees(world, need)
    the_need_is_found(clerk)
    for move, state in (("match", "匹配中"), ("match", "已对接"), ("start", "实施中")):
        step(clerk, move, state)
    the_visit_is_logged(clerk)
    the_need_is_found(clerk)
    step(clerk, "resolve", "已解决", result=RESULT)
    assert clerk.clicks() == 0


def the_need_is_found(clerk: Window) -> None:
    clerk.page.keyboard.press("Control+k")
    expect(clerk.at("palette-input")).to_be_focused()
    clerk.page.keyboard.insert_text(TITLE)
    expect(clerk.at("palette-option").first).not_to_contain_text("记一笔")  # but the record
    expect(clerk.at("palette-option").first).to_contain_text(TITLE)
    clerk.page.keyboard.press("Enter")
    expect(clerk.at("record-title")).to_contain_text(TITLE)
    clerk.settle()  # the focus goes to the new screen first


def an_expert_is_chosen_and_invited(clerk: Window) -> None:
    enter(clerk, "open-matches")
    best = clerk.at("match-candidate").first
    expect(best).to_contain_text(EXPERT["name"])
    enter(clerk, "match-choose")
    write(clerk, "match-note", "研究方向与需求一致")
    enter(clerk, "match-submit")
    expect(best.get_by_test_id("match-state")).to_have_text("选定")
    enter(clerk, "move-invite")
    expect(best.get_by_test_id("match-state")).to_have_text("已邀请")


def the_expert_agrees(world: World, need: Record) -> None:
    """Answer in the expert's name; the expert's own window is another test's."""
    found = (
        world["expert"].get("/matches", params={"state": "invited", "limit": 50}).json()["items"]
    )
    (asked,) = [one for one in found if one["need_id"] == need["id"]]
    world["expert"].moved("matches", asked, "accept")


def the_visit_is_logged(clerk: Window) -> None:
    tab_to(clerk, "tab-details", 120)
    for _ in range(12):
        if clerk.page.evaluate("document.activeElement.dataset.test") == "tab-service":
            break
        clerk.page.keyboard.press("ArrowRight")
    enter(clerk, "related-new-service-log")
    expect(clerk.at("field-title")).to_be_visible()
    clerk.settle()  # the focus goes to the new screen first
    write(clerk, "field-title", VISIT["title"])
    choose(clerk, "field-kind", VISIT["kind"])
    choose(clerk, "field-channel", VISIT["channel"])
    write(clerk, "field-content", VISIT["content"])
    write(clerk, "field-enterprise_ids", FIRM)
    expect(clerk.page.get_by_role("option", name=FIRM)).to_be_visible()
    clerk.page.keyboard.press("Enter")
    enter(clerk, "form-submit")
    expect(clerk.at("record-title")).to_have_text(VISIT["title"])
