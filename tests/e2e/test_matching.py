"""Matching through the browser: somebody answers by a link, a panel is drawn by two and checked by
an outsider with nothing but two files, a batch is assigned.
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import DESKTOP, PHONE, Window
from tests.e2e.story import BLIND, DESCRIPTION
from tests.e2e.test_pages import complaints
from tests.e2e.world import CONSENT, EXPERT, FORMER_EXPERT, Record, World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Opens = Callable[..., Window]
WIDTHS = pytest.mark.parametrize("width", [DESKTOP[0], PHONE[0]])
#: More than the draw has seats and alternates, each of an own unit, of both kinds.
POOL = ("甲", "乙", "丙", "丁", "戊", "己", "庚", "辛")
CRITERIA = [
    {"name": "技术路线", "max_points": "40", "help": "与同类方案比较。"},
    {"name": "可行性", "max_points": "60"},
]
REACHED = 120_000  # milliseconds for long work on a busy machine
SOON = 30  # tries, half a second apart, for what the house does by itself


@pytest.fixture(scope="module")
def library(world: World) -> list[Record]:
    """Experts enough for a draw."""
    found = []
    for place, name in enumerate(POOL):
        told = {
            "name": f"{name}评审",
            "organisation": f"样例{name}字研究院",
            "hightech_fields": ["08"],
            "expertise": ["technical"] if place % 2 else ["finance"],
            "keywords": ["减速器"],
            "documents": [{"title": f"减速器试验之{name}", "year": 2023}],
        }
        expert = world["centre"].made("/experts", told | CONSENT)
        world["centre"].moved("experts", expert, "verify")
        found.append(world["leader"].moved("experts", expert, "admit"))
    return found


@pytest.fixture(scope="module")
def need(world: World) -> Record:
    """A need that looks for somebody."""
    told = {"title": "重载行星减速器噪声治理", "description": DESCRIPTION, "budget": "30"}
    made = world["firm"].made("/needs", told)
    world["firm"].moved("needs", made, "submit")
    world["clerk"].moved("needs", made, "accept")
    return world["clerk"].moved("needs", made, "publish", **BLIND)


@pytest.fixture(scope="module")
def project(world: World) -> Record:
    told = {
        "title": "低噪声行星减速器攻关",
        "summary": DESCRIPTION,
        "undertakers": [{"name": world.records["firm"]["name"], "role": "lead"}],
    }
    return world["clerk"].made("/projects", told)


def fill(window: Window, move: str, **form: str) -> None:
    """Take a step that asks for something."""
    window.at(f"move-{move}").first.click()
    for name, text in form.items():
        window.at("dialog").get_by_test_id(f"field-{name}").fill(text)
    window.at("dialog").get_by_test_id("move-submit").click()


def link_from(window: Window) -> str:
    """Make an invitation link; return the path it leads to."""
    window.at("invitation-issue").first.click()
    url = window.at("invitation-url").input_value()
    window.at("invitation-done").click()
    return url[url.index("/invite/") :]


def test_a_clerk_matches_a_need_and_the_expert_accepts_by_the_link(
    open_window: Opens, need: Record
) -> None:
    clerk = open_window("clerk")
    clerk.go(f"/r/needs/{need['id']}/matches")
    best = clerk.at("match-candidate").first
    expect(best).to_contain_text(EXPERT["name"])
    it_is_explained(clerk)
    clerk.at("match-excluded").locator("summary").click()
    expect(clerk.at("match-excluded-row").first).to_contain_text(FORMER_EXPERT["name"])
    other = clerk.at("match-candidate").nth(1)
    other.get_by_test_id("match-reject").click()
    clerk.at("match-reason-wrong_field").click()
    expect(clerk.at("match-note")).not_to_have_value("")
    clerk.at("match-submit").click()
    expect(other.get_by_test_id("match-state")).to_have_text("未选用")
    best.get_by_test_id("match-choose").click()
    clerk.at("match-submit").click()
    expect(best.get_by_test_id("match-state")).to_have_text("选定")
    best.get_by_test_id("move-invite").click()
    expect(best.get_by_test_id("match-state")).to_have_text("已邀请")
    path = link_from(clerk)
    the_expert_accepts(open_window(phone=True), path, need)
    clerk.go(f"/r/needs/{need['id']}/matches")
    expect(clerk.at("match-candidate").first.get_by_test_id("match-state")).to_have_text("已接受")


def it_is_explained(clerk: Window) -> None:
    """Every score is the sum of its parts; keys walk the candidates and open one."""
    cards = clerk.at("match-candidate")
    for card in cards.all():
        score = float(card.get_by_test_id("match-score").inner_text().split()[-1])
        parts = card.locator(".figure").all_inner_texts()
        assert sum(map(float, parts)) == pytest.approx(score, abs=0.0005)
    first = cards.first
    expect(first.get_by_test_id("match-reason").first.locator("mark").first).to_be_visible()
    first.focus()
    clerk.page.keyboard.press("j")
    expect(cards.nth(1)).to_be_focused()
    clerk.page.keyboard.press("k")
    clerk.page.keyboard.press("Enter")
    expect(first.get_by_test_id("match-document").first).to_be_visible()
    expect(clerk.at("match-how")).to_contain_text("索引")


def the_expert_accepts(expert: Window, path: str, need: Record) -> None:
    expert.go(path)
    expect(expert.at("invite-matter")).to_contain_text(need["title"])
    expert.at("invite-accept").click()
    expect(expert.at("invite-state")).to_have_text("已接受")
    assert expert.overflow() == 0
    with expert.refused(404):
        expert.go("/invite/there-is-no-such-link")
        expect(expert.at("invite-gone")).to_be_visible()


def test_a_panel_is_drawn_by_two_and_an_outsider_checks_it(
    open_window: Opens, world: World, library: list[Record], project: Record, tmp_path: Path
) -> None:
    draw = planned(world, project)
    centre, committee = open_window("centre"), open_window("committee")
    the_pool_is_frozen(centre, draw)
    they_promise_and_show(centre, committee, draw)
    it_is_released_and_published(open_window("leader"), centre, draw)
    panel = a_panel_is_convened(centre, draw)
    one_declines_and_the_next_is_asked(centre, open_window(phone=True), panel)
    outsider = open_window()
    outsider.go("/public/draws")
    outsider.page.get_by_text(draw["title"]).first.click()
    the_outsider_runs_the_verifier(outsider, tmp_path)


def planned(world: World, project: Record) -> Record:
    return world["clerk"].made(
        "/draws",
        {
            "title": "低噪声减速器论证专家抽取",
            "project_id": project["id"],
            "size": 3,
            "alternates": 2,
            "finance_min": 1,
        },
    )


def the_pool_is_frozen(centre: Window, draw: Record) -> None:
    centre.go(f"/r/draws/{draw['id']}")
    centre.at("move-freeze").click()
    expect(centre.at("record-state")).to_have_text("名单已封存")
    expect(centre.at("draw-root")).to_have_text(re.compile("^[0-9a-f]{64}$"))
    expect(centre.at("stratum-finance")).to_contain_text(re.compile(r"[1-9]"))
    expect(centre.at("draw-people")).to_have_count(0)
    assert not any(f"{name}评审" in centre.page.content() for name in POOL)


def they_promise_and_show(centre: Window, committee: Window, draw: Record) -> None:
    """Both make their number in their own browser; the last one shown holds the draw."""
    committee.go(f"/r/draws/{draw['id']}")
    for window in (centre, committee):
        window.go(f"/r/draws/{draw['id']}")
        window.at("draw-commit").click()
        window.at("draw-secret-save").click()
        window.at("draw-secret-kept").check()
        window.at("draw-commit-submit").click()
        expect(window.at("draw-commit")).to_have_count(0)
    expect(committee.at("record-state")).to_have_text("承诺已提交")
    for window in (committee, centre):
        window.go(f"/r/draws/{draw['id']}")
        window.at("draw-reveal").click()
        expect(window.at("draw-reveal-secret")).to_have_value(re.compile("^[0-9a-f]{64}$"))
        window.at("draw-reveal-submit").click()
        expect(window.at("draw-reveal")).to_have_count(0)
    expect(centre.at("record-state")).to_have_text("已抽取待复核")


def it_is_released_and_published(leader: Window, centre: Window, draw: Record) -> None:
    leader.go(f"/r/draws/{draw['id']}")
    leader.at("move-release").click()
    leader.at("move-submit").click()
    expect(leader.at("record-state")).to_have_text("已复核")
    centre.go(f"/r/draws/{draw['id']}")
    expect(centre.page.locator("[data-outcome=member]")).to_have_count(3)
    centre.at("move-publish").click()
    expect(centre.at("record-state")).to_have_text("已公布")


def a_panel_is_convened(centre: Window, draw: Record) -> str:
    """Convene the drawn as a panel; return its address."""
    centre.at("convene").click()
    expect(centre.at("field-title")).to_have_value(draw["title"])
    for number, criterion in enumerate(CRITERIA):
        centre.at("field-criteria-add").click()
        for column, text in criterion.items():
            centre.at(f"field-criteria-{number}-{column}").fill(text)
    centre.at("form-submit").click()
    expect(centre.at("record-title")).to_have_text(draw["title"])
    expect(centre.at("seat")).to_have_count(5)
    centre.at("move-invite").click()
    expect(centre.page.locator("[data-test=seat][data-state=invited]")).to_have_count(3)
    return centre.page.url


def one_declines_and_the_next_is_asked(centre: Window, expert: Window, panel: str) -> None:
    gone = centre.at("seat").first.get_attribute("data-id")
    expert.go(link_from(centre))
    expert.at("invite-decline").click()
    expert.at("invite-send").click()
    expect(expert.page.get_by_role("alert")).to_be_visible()
    expert.at("invite-reason").fill("同期在外地开会")
    expert.at("invite-send").click()
    expect(expert.at("invite-thanks")).to_be_visible()
    asked = centre.page.locator("[data-test=seat][data-state=invited]")
    for _ in range(SOON):
        centre.go(panel)
        if asked.count() == 3:
            break
        centre.page.wait_for_timeout(500)
    expect(asked).to_have_count(3)
    left = centre.page.locator(f'[data-test=seat][data-id="{gone}"]')
    expect(left).to_contain_text("同期在外地开会")
    expect(left).to_have_attribute("data-state", "declined")


def the_outsider_runs_the_verifier(outsider: Window, folder: Path) -> None:
    """Download the two files and run the one command the page names, as it stands there."""
    expect(outsider.at("draw-check")).to_be_visible()
    for hook in ("draw-bundle", "draw-verifier"):
        with outsider.page.expect_download() as waited:
            outsider.at(hook).click()
        waited.value.save_as(folder / waited.value.suggested_filename)
    command = shlex.split(outsider.at("draw-command").input_value())
    assert command[0] == "python3"
    ran = subprocess.run(
        [sys.executable, *command[1:]], cwd=folder, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "×" not in ran.stdout
    assert len(outsider.at("draw-event").all()) == ran.stdout.count("日志相扣")


def test_a_batch_is_assigned_proved_and_adopted(
    open_window: Opens, world: World, library: list[Record], project: Record
) -> None:
    told = {"title": "高速主轴热误差补偿", "summary": DESCRIPTION}
    undertaker = {"name": world.records["lake-firm"]["name"], "role": "lead"}
    other = world["lake-clerk"].made("/projects", told | {"undertakers": [undertaker]})
    batch = world["centre"].made(
        "/assignments",
        {
            "title": "两个项目的评审指派",
            "project_ids": [project["id"], other["id"]],
            "seats": 3,
            "max_load": 1,
        },
    )
    assert len(library) >= 2 * batch["seats"]
    centre = open_window("centre")
    centre.go(f"/r/assignments/{batch['id']}")
    centre.at("move-start").click()
    expect(centre.at("record-state")).to_have_text("已得出方案", timeout=REACHED)
    certificate = centre.at("assignment-certificate")
    expect(certificate).to_contain_text("不存在总匹配度更高的指派")
    projects = centre.at("assignment-project")
    expect(projects).to_have_count(2)
    chosen = centre.at("assigned").all_inner_texts()
    assert len(chosen) == len({one.split()[0] for one in chosen}) == 2 * batch["seats"]
    centre.at("move-adopt").click()
    expect(centre.at("assignment-panel")).to_have_count(2, timeout=REACHED)
    centre.at("assignment-panel").first.click()
    expect(centre.page.locator("[data-test=seat]")).not_to_have_count(0)
    impossible = world["centre"].made(
        "/assignments",
        {"title": "席位多于专家", "project_ids": [project["id"]], "seats": 25, "max_load": 1},
    )
    centre.go(f"/r/assignments/{impossible['id']}")
    centre.at("move-start").click()
    expect(centre.at("record-state")).to_have_text("无可行方案", timeout=REACHED)
    expect(centre.at("assignment-clash")).to_contain_text("最小的调整")


@WIDTHS
def test_the_pages_of_matching_are_in_order(
    open_window: Opens, world: World, project: Record, width: int
) -> None:
    phone = width == PHONE[0]
    draw = world["centre"].get("/draws").json()["items"][0]["id"]
    panel = world["centre"].get("/panels").json()["items"][0]["id"]
    batches = [one["id"] for one in world["centre"].get("/assignments").json()["items"]]
    review = world["centre"].get("/reviews").json()["items"][0]["id"]
    addresses = {
        "centre": (
            f"/r/projects/{project['id']}/matches",
            f"/r/projects/{project['id']}/matches?kind=needs",
            "/r/draws",
            "/r/draws/new",
            f"/r/draws/{draw}",
            "/r/panels",
            "/r/panels/new",
            f"/r/panels/{panel}",
            f"/r/panels/{panel}?tab=summary",
            "/r/reviews",
            f"/r/reviews/{review}",
            "/r/assignments",
            "/r/assignments/new",
            *(f"/r/assignments/{batch}" for batch in batches),
            "/r/conflict-rules",
            "/r/conflict-rules/new",
            "/matching/rules",
            "/matching/evaluation",
        ),
        "committee": (f"/r/draws/{draw}", "/matching/rules"),
        None: ("/public/draws", f"/public/draws/{draw}"),
    }
    wrong = []
    for who, seen in addresses.items():
        window = open_window(who, phone=phone)
        for address in seen:
            window.go(address)
            wrong += [f"{address}: {one}" for one in complaints(window, "zh-CN")]
    assert not wrong, "\n".join(wrong)
