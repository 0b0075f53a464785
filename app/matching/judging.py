"""One subject ready to be asked of candidates: who must keep away, as the caller may be told it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.audit.work import Work
from app.core.labels import T
from app.matching.conflicts import BUILT_IN, Checker, Evidence, Finding, Purpose, RuleSet
from app.matching.kinds import Kind
from app.matching.parties import Person, Subject, person_of
from app.registers import directory
from app.registers.fields import Disclosure

_POINTLESS = "pointless"
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
        rules = BUILT_IN
        return cls(subject, day, rules, Checker(subject, day, rules, purpose), work)

    async def people(self, rows: Sequence[Any]) -> dict[UUID, Person]:
        """Return what matching knows of experts, by id."""
        return {row.id: person_of(row) for row in rows}

    def conflicts(self, person: Person) -> list[Finding]:
        """Return the rules that keep a person away, as the caller may be told them."""
        return [f.told(self._may_read) for f in self.checker.findings(person)]

    def findings(self, kind: Kind, row: Any, person: Person | None) -> list[Told]:
        """Return why a candidate of any kind is kept away."""
        if person is not None:
            return [Told.of(finding) for finding in self.conflicts(person)]
        why = kind.pointless(self.subject, row)
        return [Told(_POINTLESS, why, {}, _HOUSE.in_(self.work.locale))] if why else []

    def _may_read(self, evidence: Evidence) -> bool:
        register = directory.named(evidence.register)
        field = register.all_fields.get(evidence.field)
        role = self.work.actor.role
        plain = field is not None and field.disclosure(role) is Disclosure.plain
        return evidence.seen and role in register.rights.read and plain
