"""What a rule is: a kind with parameters, for a purpose, from a source, in force for a time."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any
from uuid import UUID

from app.core.labels import T

#: Goes into every version: raised when the meaning of a kind changes, not only its parameters.
EDITION = "2026-11"
_VERSION_LENGTH = 12


class Purpose(StrEnum):
    """What the person is wanted for: to help the applicant, or to judge the matter."""

    match = "match"
    review = "review"


class Code(StrEnum):
    """The kinds of rules; the code is what an answer, a record and an excluded list carry."""

    identity_missing = "identity_missing"
    subject_unknown = "subject_unknown"
    consent_missing = "consent_missing"
    barred = "barred"
    unavailable = "unavailable"
    same_organisation = "same_organisation"
    former_organisation = "former_organisation"
    interest = "interest"
    relative = "relative"
    avoided_organisation = "avoided_organisation"
    named_by_applicant = "named_by_applicant"
    own_project = "own_project"
    officer = "officer"
    co_project = "co_project"
    past_service = "past_service"
    similar_application = "similar_application"
    load = "load"
    rotation = "rotation"


class Parameter(StrEnum):
    years = "years"
    days = "days"
    percent = "percent"
    cap = "cap"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Which field of which record a finding rests on; ``seen`` by who asks, or not."""

    register: str
    record_id: UUID
    field: str
    seen: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """What a kind found: the facts its words need, the evidence, from when until when it counts."""

    evidence: Evidence
    facts: Mapping[str, object] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """One kind of rule: how it is called, what it says, what it looks for.

    ``discreet`` is what somebody is told who may not read the evidence; without it, only that the
    person must avoid the matter. A ``fixed`` kind is never switched off. A ``personal`` one asks
    nothing about the matter but its day and its id.
    """

    code: Code
    name: T
    label: T
    source: str
    finds: Callable[[Any, Any, "Rule"], Found | None]
    purposes: frozenset[Purpose] = frozenset(Purpose)
    parameters: Mapping[str, int] = field(default_factory=dict)
    optional: frozenset[Parameter] = frozenset()  # parameters without a value of their own
    discreet: T | None = None
    fixed: bool = False
    personal: bool = False

    @property
    def takes(self) -> frozenset[str]:
        """Return the parameters this kind knows."""
        return frozenset(self.parameters) | self.optional


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind as it is in force: with its parameters, its source, and where it was laid down."""

    kind: Kind
    purpose: Purpose
    parameters: Mapping[str, int]
    source: str
    valid_from: date | None = None
    valid_to: date | None = None
    origin: UUID | None = None  # the record of the region's own rule; None: built in

    @property
    def code(self) -> Code:
        return self.kind.code

    @property
    def name(self) -> T:
        return self.kind.name

    @property
    def label(self) -> T:
        """Return the reason, with places for the facts."""
        return self.kind.label

    def in_force(self, day: date) -> bool:
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)

    def told(self) -> Mapping[str, object]:
        """Return what the rule is made of, for its hash and for the list of rules."""
        return {
            "code": self.code.value,
            "purpose": self.purpose.value,
            "parameters": dict(sorted(self.parameters.items())),
            "source": self.source,
            "valid_from": self.valid_from and self.valid_from.isoformat(),
            "valid_to": self.valid_to and self.valid_to.isoformat(),
            "origin": self.origin and str(self.origin),
        }


@dataclass(frozen=True)
class RuleSet:
    """All rules in force together; equal versions mean equal rules."""

    rules: tuple[Rule, ...]

    @cached_property
    def version(self) -> str:
        told = sorted(json.dumps(rule.told(), sort_keys=True) for rule in self.rules)
        whole = "\n".join((EDITION, *told))
        return hashlib.sha256(whole.encode()).hexdigest()[:_VERSION_LENGTH]

    def of(self, purpose: Purpose, day: date) -> tuple[Rule, ...]:
        """Return the rules for ``purpose`` that are in force on ``day``."""
        return tuple(r for r in self.rules if r.purpose is purpose and r.in_force(day))

    def one(self, code: Code, purpose: Purpose) -> Rule | None:
        """Return the rule of a kind, None where it is switched off."""
        return next((r for r in self.rules if r.code is code and r.purpose is purpose), None)


@dataclass(frozen=True, slots=True)
class OwnRule:
    """A region's own word on one kind: in force with these parameters, or switched off."""

    code: Code
    purpose: Purpose
    applies: bool
    parameters: Mapping[str, int]
    source: str
    valid_from: date
    valid_to: date | None = None
    origin: UUID | None = None


def rule_set(kinds: Iterable[Kind], own: Iterable[OwnRule] = ()) -> RuleSet:
    """Return the built-in rules with the region's own in their place.

    A fixed kind stays, whatever a row says: its parameters may change, its being there may not.
    """
    said = {(one.code, one.purpose): one for one in own}
    rules: list[Rule] = []
    for kind in kinds:
        for purpose in Purpose:
            word = said.get((kind.code, purpose))
            if word is not None and (word.applies or not kind.fixed):
                rules += [_laid_down(kind, word)] if word.applies else []
            elif purpose in kind.purposes:
                rules.append(Rule(kind, purpose, kind.parameters, kind.source))
    return RuleSet(tuple(rules))


def _laid_down(kind: Kind, word: OwnRule) -> Rule:
    parameters = {**kind.parameters, **word.parameters}
    return Rule(
        kind,
        word.purpose,
        parameters,
        word.source,
        word.valid_from,
        word.valid_to,
        word.origin,
    )
