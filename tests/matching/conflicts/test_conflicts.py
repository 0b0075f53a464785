"""A person with a conflict never gets through; one without is never kept away."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.labels import LOCALES
from app.core.text import to_taiwan
from app.matching.conflicts import KINDS, Purpose, findings, years_before
from app.matching.conflicts.kinds import BUILT_IN
from app.matching.parties import Body, Engagement, Interest, Job, Led, Owned, Person
from tests.matching.conflicts.people import (
    CODE,
    DAY,
    EXPERT,
    OTHER_CODE,
    OURS,
    SUBJECT,
    codes,
    expert,
    need,
)

REVIEW = Purpose.review
organisations = st.builds(
    Body,
    st.sampled_from(["东南大学", "南京材料研究所", "无锡仪表有限公司", "常州软件有限公司"]),
    st.sampled_from([None, OTHER_CODE, "91320200MA1000002A"]),
)
days = st.dates(date(1990, 1, 1), date(2040, 12, 31))
jobs = st.builds(Job, organisations, st.none() | days)
people = st.builds(
    Person,
    id=st.uuids(),
    name=st.sampled_from(["张三", "李四", "欧阳修"]),
    body=organisations,
    jobs=st.lists(jobs, max_size=3).map(tuple),
    avoided=st.lists(organisations, max_size=2).map(tuple),
    interests=st.lists(st.builds(Interest, organisations), max_size=2).map(tuple),
    relatives=st.lists(organisations, max_size=2).map(tuple),
)


@given(people, days, st.sampled_from(Purpose))
def test_people_who_have_nothing_to_do_with_the_enterprise_are_free(
    person: Person, day: date, purpose: Purpose
) -> None:
    assert codes(need(), person, day, purpose) == set()


@given(people, st.sampled_from(["uscc", "name", "both"]))
def test_whoever_works_there_now_is_kept_away(person: Person, known: str) -> None:
    body = Body(None if known == "uscc" else OURS.name, None if known == "name" else OURS.uscc)
    assert "same_organisation" in codes(need(), replace(person, body=body))
    still_there = replace(person, jobs=(*person.jobs, Job(body, None)))
    assert "same_organisation" in codes(need(), still_there)


@given(people, days)
def test_a_former_employment_counts_for_three_years_and_not_a_day_longer(
    person: Person, ended_on: date
) -> None:
    found = codes(need(), replace(person, jobs=(Job(OURS, ended_on),)))
    if ended_on >= DAY:
        assert "same_organisation" in found
    elif ended_on >= date(2023, 11, 22):
        assert found == {"former_organisation"}
    else:
        assert found == set()


@given(days)
def test_three_years_before_a_day_exist_also_before_a_leap_day(day: date) -> None:
    then = years_before(day, 3)
    assert then.year == day.year - 3
    assert abs((day - then) - timedelta(days=1096)) <= timedelta(days=1)


@given(people, st.sampled_from(["avoided", "interests", "relatives"]))
def test_a_declared_tie_to_the_enterprise_keeps_away(person: Person, tie: str) -> None:
    rule = {"avoided": "avoided_organisation", "interests": "interest", "relatives": "relative"}
    told = Interest(OURS) if tie == "interests" else OURS
    assert rule[tie] in codes(need(), replace(person, **{tie: (told,)}))  # type: ignore[arg-type]


@pytest.mark.parametrize("body", [Body(), Body("无"), Body("-"), Body(" "), Body(None, "9132")])
def test_missing_or_wrong_identity_data_blocks_and_never_passes(body: Body) -> None:
    for place in ("body", "relatives", "avoided"):
        told = body if place == "body" else (body,)
        assert "identity_missing" in codes(need(), expert(**{place: told}))


def test_a_mistyped_code_alone_identifies_nobody() -> None:
    wrong = CODE[:-1] + ("1" if CODE[-1] != "1" else "2")
    assert "identity_missing" in codes(need(), expert(body=Body(None, wrong)))
    assert codes(need(), expert(body=Body("东南大学", wrong))) == set()


def test_what_cannot_be_told_apart_blocks() -> None:
    only_named, only_coded = need(bodies=(Body(OURS.name),)), Body(None, OTHER_CODE)
    assert codes(only_named, expert(body=only_coded)) == {"identity_missing"}
    assert codes(need(), expert(body=only_coded)) == set()
    twice = need(bodies=(Body(OURS.name), Body(OURS.name, OURS.uscc)))
    assert codes(twice, expert(body=only_coded)) == set()


def test_a_matter_without_a_known_applicant_can_be_checked_for_nobody() -> None:
    assert codes(need(bodies=()), expert()) == {"subject_unknown"}
    assert codes(need(bodies=(OURS, Body("不详"))), expert()) >= {"subject_unknown"}
    assert codes(need(bodies=(), general=True), expert()) == set()


def test_the_rules_look_at_the_enterprise_under_every_name_it_bore() -> None:
    renamed = need(bodies=(OURS, Body("苏州第一机床厂", OURS.uscc, former=True)))
    assert codes(renamed, expert(body=Body("苏州第一机床厂"))) == {"same_organisation"}


def test_the_applicant_may_name_up_to_three_experts_by_id_or_by_name() -> None:
    assert codes(need(avoided=(str(EXPERT),)), expert()) == {"named_by_applicant"}
    assert codes(need(avoided=("張 三",)), expert()) == {"named_by_applicant"}
    assert codes(need(avoided=("李四",)), expert()) == set()
    assert codes(need(avoided=("甲乙", "丙丁", "戊己", "张三")), expert()) == set()
    besides = need(avoided=("甲乙", "丙丁", "戊己"), avoided_besides=("张三",))
    assert codes(besides, expert()) == {"named_by_applicant"}


def test_nobody_judges_a_project_he_leads_or_an_enterprise_he_represents() -> None:
    assert codes(need(leader_name="张三"), expert()) == {"own_project"}
    assert codes(need(officers=("張三",)), expert()) == {"officer"}


def test_a_namesake_is_kept_away_and_the_reason_says_that_it_is_only_a_name() -> None:
    (only,) = findings(need(leader_name="张三"), expert(), DAY, BUILT_IN, Purpose.match)
    assert "仅姓名相同" in only.reason("zh-CN")
    theirs = expert(jobs=(Job(OURS, date(2001, 1, 1)),))
    (sure,) = findings(need(leader_name="张三"), theirs, DAY, BUILT_IN, Purpose.match)
    assert "仅姓名相同" not in sure.reason("zh-CN")


@pytest.mark.parametrize(
    ("first", "last", "free"),
    [
        (None, None, True),
        (DAY, DAY, True),
        (DAY + timedelta(days=1), None, False),
        (None, DAY - timedelta(days=1), False),
    ],
)
def test_availability_is_a_range_of_days_with_both_ends(
    first: date | None, last: date | None, *, free: bool
) -> None:
    person = expert(available_from=first, available_to=last)
    assert codes(need(), person) == (set() if free else {"unavailable"})


def test_a_paused_person_a_barred_one_and_one_without_consent_are_not_asked() -> None:
    assert codes(need(), expert(active=False)) == {"unavailable"}
    assert codes(need(), expert(active=False, barred=True)) == {"barred"}
    assert codes(need(), expert(consented=False)) == {"consent_missing"}


@pytest.mark.parametrize(
    ("share", "office", "percent", "kept"),
    [
        (None, None, 5, True),
        ("5", None, 5, True),
        ("4.99", None, 5, False),
        ("0.1", "监事", 5, True),
        ("0", None, 0, True),
    ],
)
def test_shares_count_from_the_rules_percentage_and_offices_always(
    share: str | None, office: str | None, percent: int, *, kept: bool
) -> None:
    rules = replace(
        BUILT_IN,
        rules=tuple(
            replace(r, parameters={"percent": percent}) if r.code == "interest" else r
            for r in BUILT_IN.rules
        ),
    )
    held = Interest(OURS, Decimal(share) if share else None, office)
    found = codes(need(), expert(interests=(held,)), rules=rules)
    assert found == ({"interest"} if kept else set())


@pytest.mark.parametrize(
    ("until", "kept"), [(None, True), (date(2023, 11, 22), True), (date(2023, 11, 21), False)]
)
def test_a_joint_project_counts_for_three_years_when_somebody_judges(
    until: date | None, *, kept: bool
) -> None:
    led = expert(led=(Led(UUID(int=5), (OURS,), until=until),))
    owned = expert(owned=(Owned(UUID(int=6), (OURS,), until=until),))
    for person in (led, owned):
        assert codes(need(), person, purpose=REVIEW) == ({"co_project"} if kept else set())
        assert codes(need(), person) == set()


def test_a_joint_achievement_is_known_by_the_enterprise_too() -> None:
    firm = UUID(int=9)
    person = expert(owned=(Owned(UUID(int=6), (), frozenset({firm})),))
    assert codes(need(enterprises=frozenset({firm})), person, purpose=REVIEW) == {"co_project"}
    assert codes(need(), person, purpose=REVIEW) == set()


def _task(**more: object) -> Engagement:
    told = Engagement("matches", UUID(int=7), UUID(int=8), date(2026, 3, 1), accepted=True)
    return replace(told, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("task", "kept"),
    [
        (_task(bodies=(OURS,)), True),
        (_task(bodies=(OURS,), on=date(2023, 11, 22)), True),
        (_task(bodies=(OURS,), on=date(2023, 11, 21)), False),
        (_task(bodies=(OURS,), accepted=False), False),
        (_task(bodies=(Body("无锡仪表有限公司"),)), False),
    ],
)
def test_who_served_the_applicant_does_not_judge_it(task: Engagement, *, kept: bool) -> None:
    person = expert(engagements=(task,))
    assert codes(need(), person, purpose=REVIEW) == ({"past_service"} if kept else set())
    assert codes(need(), person) == set()


def test_who_applies_with_the_same_or_a_similar_project_does_not_judge_it() -> None:
    told = Led(UUID(int=5), (Body("东南大学"),), "行星减速器噪声控制", applying=True)
    assert codes(need(), expert(led=(told,)), purpose=REVIEW) == {"similar_application"}
    other = replace(told, text="红外镜头的无热化设计")
    assert codes(need(), expert(led=(other,)), purpose=REVIEW) == set()
    decided = replace(told, applying=False)
    assert codes(need(), expert(led=(decided,)), purpose=REVIEW) == set()


def test_load_counts_what_was_taken_on_this_year_and_what_still_runs() -> None:
    last_year = _task(id=UUID(int=11), on=date(2025, 12, 31))
    for tasks, kept in (
        ((_task(), _task(id=UUID(int=10))), True),
        ((_task(), last_year), False),
        ((_task(), replace(last_year, running=True)), True),
        ((_task(), _task(id=UUID(int=12), accepted=False)), False),
        ((_task(), _task(id=UUID(int=13), subject_id=SUBJECT)), False),
    ):
        person = expert(max_load=2, engagements=tasks)
        assert codes(need(), person) == ({"load"} if kept else set())
    assert codes(need(), expert(max_load=0)) == {"load"}
    assert codes(need(), expert(engagements=(_task(),) * 9)) == set()


@pytest.mark.parametrize(("ago", "kept"), [(0, True), (30, True), (31, False)])
def test_who_was_asked_to_review_lately_has_a_rest(ago: int, *, kept: bool) -> None:
    task = _task(register="reviews", accepted=False, on=DAY - timedelta(days=ago))
    person = expert(engagements=(task,))
    assert codes(need(), person, purpose=REVIEW) == ({"rotation"} if kept else set())
    assert codes(need(), person) == set()
    again = expert(engagements=(replace(task, subject_id=SUBJECT),))
    assert codes(need(), again, purpose=REVIEW) == set()


@given(people)
def test_whoever_is_in_conflict_is_so_in_traditional_characters_too(person: Person) -> None:
    assert OURS.name is not None
    abroad = Body(to_taiwan(OURS.name))
    assert "same_organisation" in codes(need(), replace(person, body=abroad))


def test_every_rule_can_say_its_reason_in_every_language() -> None:
    facts = dict.fromkeys(("organisation", "until", "years", "name", "note", "field"), "甲")
    facts |= dict.fromkeys(("on", "days", "cap", "share", "percent"), "1")
    for kind in KINDS.values():
        assert len({kind.label.filled(locale, facts) for locale in LOCALES}) >= 2
        assert kind.source
        assert kind.purposes
    assert {rule.code for rule in BUILT_IN.rules} == set(KINDS)


def test_projects_of_one_batch_are_judged_on_one_occasion() -> None:
    batch, other = UUID(int=71), UUID(int=72)
    task = _task(register="reviews", accepted=False, on=DAY, batch=batch)
    for mine, kept in ((batch, False), (other, True), (None, True)):
        together = replace(need(), batch=mine)
        person = expert(engagements=(task,))
        assert codes(together, person, purpose=REVIEW) == ({"rotation"} if kept else set())
    alone = expert(engagements=(replace(task, batch=None),))
    assert codes(replace(need(), batch=None), alone, purpose=REVIEW) == {"rotation"}
