"""回避: the rules that keep a person away from a matter, versioned, each a function of plain facts.

They are applied before anything is ranked and again before anybody is chosen or invited. What a
person declared and what is computed from the records are rules of their own. Missing identity
data blocks: it never passes.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.core.labels import T
from app.core.text import fold
from app.matching.parties import Body, Person, Subject

YEARS = 3  # how long a former employment counts
VERSION = "2026-11"

Facts = Mapping[str, object]
Finds = Callable[[Subject, Person, date], Facts | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Its label is the reason given, with the facts filled in."""

    code: str
    name: T
    label: T
    source: str
    valid_from: date
    finds: Finds
    valid_to: date | None = None

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that keeps a person away, and why."""

    rule: Rule
    facts: Facts

    def reason(self, locale: str) -> str:
        """Return the reason in the reader's language, evidence included."""
        return self.rule.label.filled(locale, self.facts)


def years_before(day: date, years: int) -> date:
    """Return the same day some years earlier; 29 February falls on the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _shared(subject: Subject, bodies: Iterable[Body]) -> str | None:
    """Return what the subject's own side is called where it is among ``bodies``."""
    for body in bodies:
        for own in subject.bodies:
            if own.same_as(body):
                return own.name or own.uscc
    return None


def _said(organisation: str | None) -> Facts | None:
    return {"organisation": organisation} if organisation else None


def identity_missing(_: Subject, person: Person, __: date) -> Facts | None:
    return None if person.body.known() else {}


def consent_missing(_: Subject, person: Person, __: date) -> Facts | None:
    return None if person.consented else {}


def same_organisation(subject: Subject, person: Person, day: date) -> Facts | None:
    now = [job.body for job in person.jobs if job.ended_on is None or job.ended_on >= day]
    return _said(_shared(subject, [person.body, *now]))


def former_organisation(subject: Subject, person: Person, day: date) -> Facts | None:
    since = years_before(day, YEARS)
    for job in person.jobs:
        if job.ended_on is not None and since <= job.ended_on < day:
            found = _shared(subject, [job.body])
            if found:
                return {"organisation": found, "until": job.ended_on.isoformat(), "years": YEARS}
    return None


def interest(subject: Subject, person: Person, _: date) -> Facts | None:
    return _said(_shared(subject, person.interests))


def relative(subject: Subject, person: Person, _: date) -> Facts | None:
    return _said(_shared(subject, person.relatives))


def avoided_organisation(subject: Subject, person: Person, _: date) -> Facts | None:
    return _said(_shared(subject, person.avoided))


def named_by_applicant(subject: Subject, person: Person, _: date) -> Facts | None:
    names = {fold(name) for name in subject.avoided}
    return {} if {str(person.id), fold(person.name)} & names else None


def own_project(subject: Subject, person: Person, _: date) -> Facts | None:
    leads = subject.leader_name and fold(subject.leader_name) == fold(person.name)
    return {"name": person.name} if leads else None


def unavailable(_: Subject, person: Person, day: date) -> Facts | None:
    if not person.active:
        return {}
    early = person.available_from is not None and day < person.available_from
    late = person.available_to is not None and day > person.available_to
    return {} if early or late else None


_SINCE = date(2026, 1, 1)
_PROCUREMENT = "参照财库〔2016〕198号,条文待核对"
_SCIENCE_FUND = "参照《国家自然科学基金条例》第二十条"
_HOUSE = "平台对接规则"

RULES: tuple[Rule, ...] = (
    Rule(
        "identity_missing",
        T("身份信息不全", "Identity data missing"),
        T(
            "专家没有登记工作单位名称或统一社会信用代码，无法核对回避关系。",
            "Neither the expert's organisation nor its code is on record: nothing can be checked.",
        ),
        _HOUSE,
        _SINCE,
        identity_missing,
    ),
    Rule(
        "consent_missing",
        T("未授权对接", "No consent"),
        T("专家未授权参与对接。", "The expert has not agreed to be matched."),
        "《个人信息保护法》",
        _SINCE,
        consent_missing,
    ),
    Rule(
        "same_organisation",
        T("同一单位", "Same organisation"),
        T("专家现任职于{organisation}。", "The expert works at {organisation}."),
        _SCIENCE_FUND,
        _SINCE,
        same_organisation,
    ),
    Rule(
        "former_organisation",
        T("曾任职", "Former employment"),
        T(
            "专家曾任职于{organisation}，{until}离职，未满 {years} 年。",
            "The expert worked at {organisation} until {until}, less than {years} years ago.",
        ),
        _PROCUREMENT,
        _SINCE,
        former_organisation,
    ),
    Rule(
        "interest",
        T("持股或兼职", "Shareholding or office"),
        T(
            "专家在{organisation}持股或兼任职务。",
            "The expert holds shares or an office in {organisation}.",
        ),
        _PROCUREMENT,
        _SINCE,
        interest,
    ),
    Rule(
        "relative",
        T("近亲属任职", "Relative's organisation"),
        T(
            "专家申报有近亲属在{organisation}任职。",
            "The expert declared a near relative at {organisation}.",
        ),
        _PROCUREMENT,
        _SINCE,
        relative,
    ),
    Rule(
        "avoided_organisation",
        T("申报回避单位", "Declared avoidance"),
        T(
            "专家申报回避{organisation}。",
            "The expert declared not to deal with {organisation}.",
        ),
        _HOUSE,
        _SINCE,
        avoided_organisation,
    ),
    Rule(
        "named_by_applicant",
        T("申请方要求回避", "Named by the applicant"),
        T("申请方要求该专家回避。", "The applicant asked not to have this expert."),
        _SCIENCE_FUND,
        _SINCE,
        named_by_applicant,
    ),
    Rule(
        "own_project",
        T("本人项目", "Own project"),
        T("{name}是该项目的负责人。", "{name} leads this very project."),
        _SCIENCE_FUND,
        _SINCE,
        own_project,
    ),
    Rule(
        "unavailable",
        T("暂不可用", "Unavailable"),
        T("专家已暂停或不在可用时间内。", "The expert is paused or not available at present."),
        _HOUSE,
        _SINCE,
        unavailable,
    ),
)


def findings(subject: Subject, person: Person, day: date) -> list[Finding]:
    """Return every rule in force on ``day`` that keeps ``person`` away from ``subject``."""
    checked = ((rule, rule.finds(subject, person, day)) for rule in RULES if rule.in_force(day))
    return [Finding(rule, facts) for rule, facts in checked if facts is not None]
