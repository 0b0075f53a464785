"""One subject ready to be asked of candidates: who must keep away, as the caller may be told it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.access.roles import CENTRE, PARK
from app.audit.work import Work
from app.core.labels import T
from app.matching import facts
from app.matching.conflict_rules.service import rules_in_force
from app.matching.conflicts import Checker, Finding, Purpose, RuleSet
from app.matching.kinds import Kind
from app.matching.parties import Person, Subject

_POINTLESS = "pointless"
_READERS = CENTRE | PARK  # of how a match was judged
_HOUSE = T("平台对接规则", "A rule of the platform")


@dataclass(frozen=True, slots=True)
class Told:
    """Why a candidate is kept away."""

    code: str
    text: T
    facts: dict[str, object]
    source: str
    evidence: str | None = None
    since: date | None = None
    until: date | None = None

    def reason(self, locale: str) -> str:
        return self.text.filled(locale, self.facts)

    @classmethod
    def of(cls, finding: Finding) -> "Told":
        found = finding.evidence
        evidence = None if finding.untold else f"{found.register}/{found.record_id}#{found.field}"
        return cls(
            finding.code,
            finding.label,
            dict(finding.facts),
            finding.source,
            evidence,
            finding.since,
            finding.until,
        )


@dataclass(frozen=True, slots=True)
class Judge:
    """The rules in force on a day, asked of one subject's candidates."""

    subject: Subject
    day: date
    rules: RuleSet
    checker: Checker
    work: Work

    @classmethod
    async def of(
        cls, work: Work, subject: Subject, day: date, purpose: Purpose = Purpose.match
    ) -> "Judge":
        rules = await rules_in_force(work, subject.region_id or work.actor.region_id, day)
        return cls(subject, day, rules, Checker(subject, day, rules, purpose), work)

    async def people(self, rows: Sequence[Any]) -> dict[UUID, Person]:
        """Return what matching knows of experts, by id."""
        return {p.id: p for p in await facts.with_facts(self.work, rows)}

    def conflicts(self, person: Person) -> list[Finding]:
        """Return the rules that keep a person away, as the caller may be told them."""
        may_read = facts.may_read(self.work.actor.role)
        return [f.told(may_read) for f in self.checker.findings(person)]

    def findings(
        self, kind: Kind, row: Any, person: Person | None, *, kept: bool = False
    ) -> list[Told]:
        """Return why a candidate of any kind is kept away.

        What is ``kept`` in a match says no more than each of its readers may be told.
        """
        if person is not None:
            everybody = facts.readable_to_all(_READERS)
            found = self.conflicts(person)
            return [Told.of(f.told(everybody) if kept else f) for f in found]
        why = kind.pointless(self.subject, row)
        return [Told(_POINTLESS, why, {}, _HOUSE.in_(self.work.locale))] if why else []
