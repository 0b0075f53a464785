"""What makes the day quicker: a line instead of a form, one search, a queue, figures that open,
files looked at in place, letters one can read, and a need written down without a network.
"""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Route, expect

from tests.core.test_previews import a_pdf
from tests.e2e.browsing import Window
from tests.e2e.story import DESCRIPTION
from tests.e2e.test_pages import complaints
from tests.e2e.world import FIRM, Record, World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Opens = Callable[..., Window]
MOST_CLICKS = 3


@pytest.fixture(scope="module")
def waiting(world: World) -> list[Record]:
    """Needs that were accepted and wait for candidates."""
    found = []
    for title in ("齿轮降噪的办法", "主轴热误差的补偿"):
        made = world["firm"].made("/needs", {"title": title, "description": DESCRIPTION})
        world["firm"].moved("needs", made, "submit")
        found.append(world["clerk"].moved("needs", made, "accept"))
    return found


def entries(world: World, title: str) -> list[Record]:
    """Return the entries of the service log with this title."""
    found = world["clerk"].get("/service-log", params={"q": title, "limit": 50}).json()["items"]
    return [one for one in found if one["title"] == title]


def test_a_service_is_logged_in_one_line_by_keyboard(world: World, open_window: Opens) -> None:
    clerk = open_window("clerk")
    clerk.go("/")
    clerk.page.keyboard.press("Control+k")
    expect(clerk.at("palette-input")).to_be_focused()
    clerk.page.keyboard.type("昨天 电话 恒传精密 讲解研发费用政策")
    clerk.page.keyboard.press("Enter")
    pieces = clerk.at("palette").get_by_test_id("quick-pieces")
    expect(pieces).to_contain_text("政策宣传")
    expect(pieces.get_by_role("combobox").last).to_have_value(FIRM)
    assert complaints(clerk, "zh-CN") == []
    expect(clerk.at("palette").get_by_test_id("quick-line")).to_be_focused()
    clerk.page.keyboard.press("Enter")
    expect(clerk.at("notice")).to_contain_text("讲解研发费用政策")
    (made,) = entries(world, "讲解研发费用政策")
    assert (made["kind"], made["channel"]) == ("policy_promotion", "phone")
    assert made["enterprise_ids"] == [world.records["firm"]["id"]]
    assert clerk.clicks() == 0


def test_a_visit_is_logged_from_the_enterprise_in_three_clicks(
    world: World, open_window: Opens
) -> None:
    clerk = open_window("clerk")
    clerk.go(f"/r/enterprises/{world.records['firm']['id']}")
    before = clerk.clicks()
    clerk.page.get_by_role("tab", name="服务").click()
    line = clerk.at("quick-line")
    line.click()
    line.fill("今天 上门 查看减速器试制")
    clerk.at("quick-save").click()
    expect(clerk.at("notice")).to_contain_text("查看减速器试制")
    assert clerk.clicks() - before <= MOST_CLICKS
    (made,) = entries(world, "查看减速器试制")
    assert made["enterprise_ids"] == [world.records["firm"]["id"]]


def test_one_search_goes_to_a_record_and_to_a_page(world: World, open_window: Opens) -> None:
    clerk = open_window("clerk")
    clerk.go("/")
    clerk.page.keyboard.press("Control+k")
    expect(clerk.at("palette-input")).to_be_focused()
    clerk.page.keyboard.type("hcjm")
    expect(clerk.at("palette-option").first).to_contain_text(FIRM)
    assert complaints(clerk, "zh-CN") == []
    clerk.page.keyboard.press("Enter")
    expect(clerk.page.get_by_role("heading", level=1)).to_contain_text(FIRM)
    clerk.page.keyboard.press("Control+k")
    clerk.page.keyboard.type("日历")
    clerk.page.keyboard.press("Enter")
    expect(clerk.at("calendar")).to_be_visible()


def test_the_queue_goes_on_once_somebody_is_chosen(
    waiting: list[Record], open_window: Opens
) -> None:
    clerk = open_window("clerk")
    clerk.go(f"/matching/queue?need={waiting[0]['id']}")
    expect(clerk.at("match-subject")).to_contain_text(waiting[0]["title"])
    assert complaints(clerk, "zh-CN") == []
    clerk.at("queue-next").click()
    expect(clerk.at("match-subject")).to_contain_text(waiting[1]["title"])
    clerk.at("queue-before").click()
    expect(clerk.at("match-subject")).to_contain_text(waiting[0]["title"])
    clerk.page.get_by_role("button", name="选定", exact=True).first.click()
    clerk.at("dialog").get_by_role("button", name="选定").last.click()
    expect(clerk.at("match-subject")).to_contain_text(waiting[1]["title"])


def test_numbers_and_days_open_their_rows(waiting: list[Record], open_window: Opens) -> None:
    clerk = open_window("clerk")
    clerk.go("/dashboard")
    expect(clerk.page.locator("canvas").first).to_be_visible()
    assert complaints(clerk, "zh-CN") == []
    number = clerk.at("figure-funnel").get_by_test_id("figure-number").first
    told = number.inner_text()
    number.click()
    expect(clerk.page.locator("main")).to_contain_text(told)
    clerk.go("/calendar")
    assert complaints(clerk, "zh-CN") == []
    day = waiting[0]["due_on"]
    clerk.go(f"/calendar?month={day[:7]}")
    clerk.page.locator(f'time[datetime="{day}"]').locator("../..").get_by_role("link").first.click()
    expect(clerk.page.locator("main")).to_contain_text(waiting[0]["title"])


def test_attached_pages_and_pictures_are_looked_at_in_place(
    world: World, waiting: list[Record], open_window: Opens
) -> None:
    clerk = open_window("clerk")
    clerk.go(f"/r/needs/{waiting[0]['id']}?tab=attachments")
    picture = BytesIO()
    Image.new("RGB", (60, 40), "teal").save(picture, "PNG")
    for name, kind, data in (
        ("现场.png", "image/png", picture.getvalue()),
        ("图纸.pdf", "application/pdf", a_pdf(2)),
    ):
        upload = {"name": name, "mimeType": kind, "buffer": data}
        clerk.at("attachment-file").set_input_files(upload)  # type: ignore[arg-type]
        expect(clerk.at("attachment").filter(has_text=name)).to_be_visible()
    clerk.at("attachment").filter(has_text="现场").get_by_test_id("attachment-preview").click()
    shown = clerk.at("preview-picture")
    expect(shown).to_be_visible()
    clerk.page.keyboard.press("Escape")
    clerk.at("attachment").filter(has_text="图纸").get_by_test_id("attachment-preview").click()
    expect(clerk.at("page-here")).to_contain_text("1")
    expect(shown).to_be_visible()
    assert complaints(clerk, "zh-CN") == []
    clerk.at("page-next").focus()
    clerk.page.keyboard.press("ArrowRight")
    expect(clerk.at("page-here")).to_contain_text("第 2 页")


def test_large_letters_are_kept_and_fit(open_window: Opens) -> None:
    firm = open_window("firm", phone=True)
    firm.go("/")
    firm.at("menu").click()
    firm.at("letters").click()
    expect(firm.page.locator("html")).to_have_attribute("data-size", "large")
    for path in ("/", "/r/needs", "/r/needs/new", "/me"):
        firm.go(path)
        assert complaints(firm, "zh-CN") == []
    firm.page.context.clear_cookies(name="park_size")
    firm.go("/")
    expect(firm.page.locator("html")).to_have_attribute("data-size", "large")
    firm.at("menu").click()
    firm.at("letters").click()
    expect(firm.page.locator("html")).to_have_attribute("data-size", "normal")


def needs_called(world: World, title: str) -> list[Record]:
    found = world["firm"].get("/needs", params={"q": title, "limit": 50}).json()["items"]
    return [one for one in found if one["title"] == title]


def test_a_need_written_without_network_is_filed_once_it_is_back(
    world: World, open_window: Opens
) -> None:
    title = "没有网络时写下的需求"
    firm = open_window("firm", phone=True)
    firm.go("/")
    expect(firm.page.locator('html[data-offline="ready"]')).to_be_attached()
    firm.page.context.set_offline(True)
    firm.page.goto("/r/needs/new")
    firm.page.get_by_test_id("field-title").fill(title)
    firm.page.get_by_test_id("field-description").fill(DESCRIPTION)
    firm.page.wait_for_timeout(600)
    firm.page.goto("/r/needs/new")  # the tab was closed: the draft is still there
    expect(firm.at("draft-restored")).to_be_visible()
    firm.at("form-submit").click()
    expect(firm.at("outbox")).to_contain_text(title)
    assert needs_called(world, title) == []
    firm.page.context.set_offline(False)
    expect(firm.at("outbox")).to_have_count(0)
    (made,) = needs_called(world, title)
    assert made["state"] == "submitted"
    firm.wrong = [one for one in firm.wrong if "ERR_INTERNET_DISCONNECTED" not in one]


def test_a_lost_answer_does_not_file_a_need_twice(world: World, open_window: Opens) -> None:
    title = "答复在路上丢失的需求"
    firm = open_window("firm", phone=True)
    firm.go("/r/needs/new")
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(str(route.fetch().status))  # the server has it; nobody here knows
            route.abort()
        else:
            route.continue_()

    firm.page.route("**/api/v1/needs", lose)
    firm.page.get_by_test_id("field-title").fill(title)
    firm.page.get_by_test_id("field-description").fill(DESCRIPTION)
    firm.at("form-submit").click()
    expect(firm.at("outbox")).to_contain_text(title)
    assert lost == ["201"]
    firm.at("outbox-send").click()
    expect(firm.at("outbox")).to_have_count(0)
    (made,) = needs_called(world, title)
    assert made["state"] == "submitted"
    firm.wrong = [one for one in firm.wrong if "ERR_FAILED" not in one]
