"""A person with a conflict never gets through; one without is never kept away."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.labels import LOCALES
from app.core.text import to_taiwan
from app.matching.conflicts import RULES, findings, years_before
from app.matching.parties import Body, Job, Person, Subject, same_name

DAY = date(2026, 11, 22)
OURS = Body("苏州精密机械有限公司", "91320500MA1000001X")
THEIRS = Body("东南大学", "12100000466006770Q")
NOBODY = UUID(int=1)

organisations = st.builds(
    Body,
    st.sampled_from(["东南大学", "南京材料研究所", "无锡仪表有限公司", "常州软件有限公司"]),
    st.sampled_from([None, "12100000466006770Q", "91320200MA1000002A"]),
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
    interests=st.lists(organisations, max_size=2).map(tuple),
    relatives=st.lists(organisations, max_size=2).map(tuple),
)


def need(**more: object) -> Subject:
    told = Subject("needs", NOBODY, "减速器", ("减速器噪声",), bodies=(OURS,))
    return replace(told, **more)  # type: ignore[arg-type]


def expert(**more: object) -> Person:
    return replace(Person(UUID(int=2), "张三", THEIRS), **more)  # type: ignore[arg-type]


def codes(subject: Subject, person: Person, day: date = DAY) -> set[str]:
    return {finding.rule.code for finding in findings(subject, person, day)}


@given(people, days.filter(lambda day: day >= date(2026, 1, 1)))
def test_people_who_have_nothing_to_do_with_the_enterprise_are_free(
    person: Person, day: date
) -> None:
    assert codes(need(), person, day) == set()


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
    assert rule[tie] in codes(need(), replace(person, **{tie: (OURS,)}))  # type: ignore[arg-type]


@given(people)
def test_missing_identity_data_blocks_and_never_passes(person: Person) -> None:
    assert "identity_missing" in codes(need(), replace(person, body=Body(None, None)))


def test_the_rules_look_at_the_enterprise_under_every_name_it_bore() -> None:
    renamed = need(bodies=(OURS, Body("苏州第一机床厂", OURS.uscc)))
    assert codes(renamed, expert(body=Body("苏州第一机床厂"))) == {"same_organisation"}


def test_the_applicant_may_name_experts_to_avoid_by_id_or_by_name() -> None:
    assert codes(need(avoided=(str(UUID(int=2)),)), expert()) == {"named_by_applicant"}
    assert codes(need(avoided=("張三",)), expert()) == {"named_by_applicant"}
    assert codes(need(avoided=("李四",)), expert()) == set()


def test_nobody_judges_a_project_he_leads() -> None:
    assert codes(need(leader_name="张三"), expert()) == {"own_project"}


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


def test_a_paused_person_and_one_without_consent_are_not_asked() -> None:
    assert codes(need(), expert(active=False)) == {"unavailable"}
    assert codes(need(), expert(consented=False)) == {"consent_missing"}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("苏州大学", "苏州大学机电工程学院", True),
        ("蘇州大學", "苏州大学", True),
        ("苏州精密机械有限公司", "苏州精密机械有限公司 昆山分公司", True),
        ("中科院（苏州）研究所", "中科院(苏州)研究所", True),
        ("苏州大学", "苏州大学附属第一医院", False),
        ("苏州", "苏州大学", False),
        ("东南大学", "南京大学", False),
        (None, None, False),
        ("", "苏州大学", False),
    ],
)
def test_one_legal_person_is_recognised_under_its_spellings(
    one: str | None, other: str | None, *, same: bool
) -> None:
    assert same_name(one, other) is same
    assert same_name(other, one) is same


@given(people)
def test_whoever_is_in_conflict_is_so_in_traditional_characters_too(person: Person) -> None:
    assert OURS.name is not None
    abroad = Body(to_taiwan(OURS.name))
    assert "same_organisation" in codes(need(), replace(person, body=abroad))


def test_every_rule_can_say_its_reason_in_every_language() -> None:
    facts = {"organisation": "甲", "until": "2024-01-01", "years": 3, "name": "张三"}
    for rule in RULES:
        assert len({rule.label.filled(locale, facts) for locale in LOCALES}) >= 2
        assert rule.source
    assert len({rule.code for rule in RULES}) == len(RULES)


def test_a_rule_counts_only_while_it_is_in_force() -> None:
    rule = replace(RULES[0], valid_from=date(2026, 1, 1), valid_to=date(2026, 6, 30))
    assert not rule.in_force(date(2025, 12, 31))
    assert rule.in_force(date(2026, 1, 1))
    assert rule.in_force(date(2026, 6, 30))
    assert not rule.in_force(date(2026, 7, 1))
