"""Who is in the library and what keeps each away: the rules in force, and what was asked for.

Everybody is judged; nobody is left out silently.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.access.roles import CENTRE, PARK
from app.access.tables import Hat
from app.audit.work import Work
from app.core.errors import Conflict
from app.core.labels import LOCALES, T
from app.ledgers.needs.models import Need
from app.libraries.experts.models import Expert, ExpertState
from app.libraries.experts.register import REGISTER as EXPERTS
from app.libraries.projects.models import Project
from app.matching import facts, second_check
from app.matching.conflict_rules.service import rules_in_force
from app.matching.conflicts import Checker, MustAvoid, Purpose
from app.matching.draws import best, exclusions, matter
from app.matching.draws.models import Draw
from app.matching.parties import Person, Subject
from app.registers.visibility import visible

_LIBRARY = (ExpertState.active, ExpertState.paused)

_DOUBT = T(
    "回避复核与规则核对的结果不一致，名单没有封存；请联系系统管理员。",
    "The second check of conflicts disagrees with the rules: the pool was not frozen. Tell the"
    " system administrator.",
)


@dataclass(slots=True)
class Judged:
    """One expert on the way into the pool."""

    row: Expert
    person: Person
    excluded: list[str] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)


async def everybody(work: Work, draw: Draw, day: date) -> tuple[list[Judged], str, dict[str, Any]]:
    """Return everybody in the library with what keeps them away; the rules; the ranking used."""
    statement = select(Expert).where(visible(EXPERTS, work.actor), col(Expert.state).in_(_LIBRARY))
    rows = (await work.session.execute(statement)).scalars().all()
    people = [
        Judged(row, person)
        for row, person in zip(rows, await facts.with_facts(work, rows), strict=True)
    ]
    row = await matter.subject_row(work, draw)
    subject = await matter.subject_of(work, draw, row)
    rules = await rules_in_force(work, draw.region_id, day)
    checker = Checker(subject, day, rules, Purpose.review)
    may_read = facts.readable_to_all(CENTRE | PARK)
    requester = await _experts_of(work, {draw.created_by, work.actor.account_id})
    for one in people:
        for finding in checker.findings(one.person):
            told = finding.told(may_read)
            one.excluded.append(finding.rule.code.value)
            one.findings.append({"code": told.code, **_reasons(told.label, told.facts)})
        if one.row.id in requester:
            one.excluded.append(exclusions.REQUESTER)
        if draw.hightech_fields and not set(draw.hightech_fields) & set(one.row.hightech_fields):
            one.excluded.append(exclusions.OUTSIDE_FIELD)
    ranked_by = await _only_best(subject, people, draw.top_n, day)
    await _second_look(work, draw, row, people, day)
    return people, rules.version, ranked_by


def _reasons(text: T, params: Mapping[str, object]) -> dict[str, str]:
    return {locale: text.filled(locale, params) for locale in LOCALES}


async def _only_best(
    subject: Subject, people: Sequence[Judged], top_n: int | None, day: date
) -> dict[str, Any]:
    """Let only the best matches through, where asked: the score qualifies, it never weighs."""
    free = [one for one in people if not one.excluded]
    if top_n is None or not free:
        return {}
    kept, told = await best.of(subject, [one.row.id for one in free], top_n, day)
    for one in free:
        if one.row.id not in kept:
            one.excluded.append(exclusions.BELOW_TOP)
    return told


async def _second_look(
    work: Work, draw: Draw, row: Need | Project | None, people: Sequence[Judged], day: date
) -> None:
    """Have the qualified looked at by the check that shares no code with the rules."""
    ids = [one.row.id for one in people if not one.excluded]
    try:
        await second_check.require_clear(work, row, ids, Purpose.review, day, draw.avoid)
    except MustAvoid as exc:
        raise Conflict(_DOUBT) from exc  # without its name: nobody learns who is in the pool


async def _experts_of(work: Work, accounts: set[UUID | None]) -> set[UUID]:
    """Return the experts that accounts speak for."""
    statement = select(col(Hat.party_id)).where(
        col(Hat.account_id).in_([a for a in accounts if a]),
        col(Hat.party_register) == EXPERTS.name,
    )
    return {one for one in (await work.session.execute(statement)).scalars() if one}
