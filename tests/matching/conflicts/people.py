"""Invented people, organisations and matters for the tests of conflicts."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from app.ledgers.enterprises.credit_code import make
from app.matching.conflicts import BUILT_IN, Purpose, RuleSet, findings
from app.matching.names import bare
from app.matching.parties import Body, Person, Subject

DAY = date(2026, 11, 22)
CODE, OTHER_CODE = make("320500", "MA100001"), make("320100", "MA100002")
OURS = Body("苏州精密机械有限公司", CODE)
THEIRS = Body("东南大学", OTHER_CODE)
SUBJECT, EXPERT = UUID(int=1), UUID(int=2)

assert bare(OURS.name)  # reads the table of characters, which no example should be timed by


def need(**more: object) -> Subject:
    told = Subject("needs", SUBJECT, "减速器", ("行星减速器的噪声控制",), bodies=(OURS,))
    return replace(told, **more)  # type: ignore[arg-type]


def expert(**more: object) -> Person:
    return replace(Person(EXPERT, "张三", THEIRS), **more)  # type: ignore[arg-type]


def codes(
    subject: Subject,
    person: Person,
    day: date = DAY,
    purpose: Purpose = Purpose.match,
    rules: RuleSet = BUILT_IN,
) -> set[str]:
    return {found.code for found in findings(subject, person, day, rules, purpose)}
