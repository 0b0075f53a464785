"""One clerk's day through the browser: from a messy workbook to a need its enterprise confirms.

The pictures in docs/pictures are taken here, with PARK_PICTURES=1. The same day through the API
is in test_clerks_day_api.py.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import Window
from tests.e2e.story import (
    BAD_ROWS,
    BETTER_DATE,
    BLIND,
    DESCRIPTION,
    FUTURE_DATE,
    GOOD_ROWS,
    RESULT,
    STEPS,
    TITLE,
    VISIT,
    WORKBOOK,
)
from tests.e2e.world import EXPERT, FIRM, FORMER_EXPERT, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Opens = Callable[..., Window]
MOST_CLICKS = 4  # to file a need, besides typing


def test_a_clerks_day(open_window: Opens) -> None:
    clerk = open_window()
    the_clerk_signs_in(clerk)
    the_dry_run_names_every_bad_row(clerk)
    the_clerk_mends_one_and_commits(clerk)
    the_list_finds_an_enterprise_by_initials(clerk)
    need = the_enterprise_files_a_need_on_the_phone(open_window("firm", phone=True))
    the_station_accepts_and_publishes(clerk, need)
    the_station_chooses_an_expert(clerk, need)
    the_expert_agrees(open_window("expert"))
    the_station_records_its_visit_and_resolves(clerk, need)
    the_enterprise_confirms(open_window("firm", phone=True), need)
    the_committee_sees_it(open_window("committee", dark=True), need)
    the_other_park_sees_nothing(open_window("lake-clerk"), need)
    the_auditor_sees_every_step(open_window("auditor"), need)


def take(window: Window, move: str, **form: str) -> None:
    """Take a step that asks for something, a remark at least."""
    window.at(f"move-{move}").click()
    dialog = window.at("dialog")
    for name, text in form.items():
        dialog.get_by_test_id(f"field-{name}").fill(text)
    dialog.get_by_test_id("move-submit").click()


def the_clerk_signs_in(clerk: Window) -> None:
    clerk.go("/login")
    clerk.at("login-username").fill("clerk")
    clerk.at("login-password").fill(PASSWORD)
    clerk.at("login-submit").click()
    expect(clerk.at("home")).to_be_visible()
    expect(clerk.at("hat-name")).to_contain_text("云东高新区工作站")


def the_dry_run_names_every_bad_row(clerk: Window) -> None:
    clerk.at("nav-enterprises").click()
    clerk.at("import").click()
    clerk.at("import-file").set_input_files(WORKBOOK)
    expect(clerk.at("import-mapping")).to_contain_text("统一社会信用代码")
    clerk.at("import-next").click()
    rows = clerk.at("import-error-row")
    expect(rows).to_have_count(len(BAD_ROWS))
    for number, row in zip(BAD_ROWS, rows.all(), strict=True):
        expect(row).to_contain_text(str(number))
        expect(row).to_contain_text(re.compile(r"[A-Q] ?列"))
        expect(row.locator(".error").first).not_to_be_empty()
    expect(clerk.at("import-count-create")).to_have_text(str(GOOD_ROWS))
    clerk.picture("import-dry-run")


def the_clerk_mends_one_and_commits(clerk: Window) -> None:
    wrong = clerk.page.locator(f'[data-test="import-error-row"][data-row="{FUTURE_DATE}"]')
    wrong.get_by_test_id("import-mend-established_on").fill(BETTER_DATE)
    wrong.get_by_test_id("import-mend-save").click()
    expect(wrong).to_have_count(0)
    expect(clerk.at("import-count-create")).to_have_text(str(GOOD_ROWS + 1))
    clerk.at("import-commit").click()
    expect(clerk.at("import-result")).to_have_attribute("data-state", "committed")
    expect(clerk.at("import-count-written")).to_have_text(str(GOOD_ROWS + 1))


def the_list_finds_an_enterprise_by_initials(clerk: Window) -> None:
    clerk.at("import-open-list").click()
    expect(clerk.at("total")).to_contain_text(str(GOOD_ROWS + 2))
    clerk.picture("ledger")
    clerk.at("search").fill("ylhcjm")
    expect(clerk.at("list-row")).to_have_count(1)
    expect(clerk.at("list-row")).to_contain_text(FIRM)


def the_enterprise_files_a_need_on_the_phone(firm: Window) -> str:
    firm.go("/")
    firm.at("file-need").click()
    firm.at("field-title").click()
    firm.page.keyboard.type(TITLE)
    firm.at("field-description").click()
    firm.page.keyboard.type(DESCRIPTION)
    firm.picture("need-on-the-phone")
    firm.at("form-submit").click()
    expect(firm.at("record-state")).to_have_text("已提交")
    assert firm.clicks() <= MOST_CLICKS
    assert firm.overflow() == 0
    return firm.page.url.rpartition("/")[2]


def the_station_accepts_and_publishes(clerk: Window, need: str) -> None:
    clerk.at("nav-home").click()
    clerk.settle()
    clerk.picture("home")
    clerk.at("card-needs").first.get_by_text(TITLE).click()
    clerk.page.wait_for_url(f"**/r/needs/{need}")
    take(clerk, "accept")
    expect(clerk.at("record-state")).to_have_text("已受理")
    telling = BLIND | {"blind_text": f"{FIRM}的减速器磨损严重。"}
    with clerk.refused(422):  # it says whose need it is
        take(clerk, "publish", **telling)
        expect(clerk.at("error-summary")).to_be_visible()
    clerk.at("field-blind_text").fill(BLIND["blind_text"])
    clerk.at("move-submit").click()
    expect(clerk.at("record-state")).to_have_text("已发布")


def the_station_chooses_an_expert(clerk: Window, need: str) -> None:
    clerk.at("open-matches").click()
    best = clerk.at("match-candidate").first
    expect(best).to_contain_text(EXPERT["name"])
    expect(best.get_by_test_id("match-reason").first).to_contain_text("减速器")
    scores = [float(one.inner_text().split()[-1]) for one in clerk.at("match-score").all()]
    assert scores == sorted(scores, reverse=True)
    clerk.at("match-excluded").locator("summary").click()
    expect(clerk.at("match-excluded-row")).to_have_count(1)
    expect(clerk.at("match-excluded-row")).to_contain_text(FORMER_EXPERT["name"])
    expect(clerk.at("match-excluded-row")).to_contain_text(FIRM)
    clerk.picture("match-view")
    best.get_by_test_id("match-choose").click()
    clerk.at("match-note").fill("研究方向与需求一致")
    clerk.at("match-submit").click()
    expect(best.get_by_test_id("match-state")).to_have_text("选定")
    clerk.at("match-existing-row").get_by_test_id("move-invite").click()
    expect(best.get_by_test_id("match-state")).to_have_text("已邀请")


def the_expert_agrees(expert: Window) -> None:
    expert.go("/")
    expert.at("card-matches").get_by_role("link", name=TITLE).click()
    expert.at("move-accept").click()
    expect(expert.at("record-state")).to_have_text("已接受")


def the_station_records_its_visit_and_resolves(clerk: Window, need: str) -> None:
    clerk.go(f"/r/needs/{need}")
    for move, state in (("match", "匹配中"), ("match", "已对接"), ("start", "实施中")):
        take(clerk, move)
        expect(clerk.at("record-state")).to_have_text(state)
    clerk.at("tab-service").click()
    clerk.at("related-new-service-log").click()
    clerk.at("field-title").fill(VISIT["title"])
    clerk.at("field-kind").select_option(VISIT["kind"])
    clerk.at("field-channel").select_option(VISIT["channel"])
    clerk.at("field-content").fill(VISIT["content"])
    clerk.at("field-enterprise_ids").fill("ylhcjm")
    clerk.page.get_by_role("option", name=FIRM).click()
    clerk.at("form-submit").click()
    expect(clerk.at("record-title")).to_have_text(VISIT["title"])
    clerk.go(f"/r/needs/{need}?tab=service")
    expect(clerk.page.get_by_text(VISIT["title"])).to_be_visible()
    take(clerk, "resolve", result=RESULT)
    expect(clerk.at("record-state")).to_have_text("已解决")


def the_enterprise_confirms(firm: Window, need: str) -> None:
    firm.go("/")
    card = firm.page.locator(f'[data-test="need-card"][data-id="{need}"]')
    card.get_by_test_id("move-confirm").click()
    firm.at("move-submit").click()
    expect(card).to_contain_text("企业已确认")


def the_committee_sees_it(committee: Window, need: str) -> None:
    committee.go("/r/needs")
    committee.page.get_by_text(TITLE).first.click()
    expect(committee.at("record-state")).to_have_text("企业已确认")
    committee.picture("dark-mode")
    committee.at("theme").click()
    committee.at("tab-history").click()
    expect(committee.at("history-entry").first).to_contain_text("企业确认")
    committee.picture("detail-with-history")


def the_other_park_sees_nothing(stranger: Window, need: str) -> None:
    stranger.go("/r/needs")
    expect(stranger.at("empty")).to_be_visible()
    expect(stranger.page.get_by_text(TITLE)).to_have_count(0)
    with stranger.refused(404):
        stranger.go(f"/r/needs/{need}")
        expect(stranger.at("not-found")).to_be_visible()


def the_auditor_sees_every_step(auditor: Window, need: str) -> None:
    auditor.go("/audit")
    auditor.at("audit-record_id").fill(need)
    auditor.at("audit-search").click()
    auditor.settle()
    verbs = [
        one.get_attribute("data-verb")
        for one in reversed(auditor.page.locator("[data-test=audit-row] [data-verb]").all())
    ]
    assert [str(verb).removeprefix("needs.") for verb in verbs] == [step for _, step in STEPS]
    auditor.picture("audit-trail")
