"""The rules applied: one matter against people, or many matters against many people at once."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from app.matching.conflicts.finding import Finding
from app.matching.conflicts.likeness import likeness
from app.matching.conflicts.matter import Matter, Similar
from app.matching.conflicts.rules import Code, Purpose, Rule, RuleSet
from app.matching.names import Keys, bare, code_of, keys_of
from app.matching.parties import Body, Led, Person, Subject


class Checker:
    """The rules in force for one subject, one day, one purpose, ready to be asked of people."""

    def __init__(
        self,
        subject: Subject,
        day: date,
        rules: RuleSet,
        purpose: Purpose,
        similar: Similar = likeness,
    ) -> None:
        self.matter = Matter(subject, day, similar)
        self.rules = rules.of(purpose, day)

    def findings(self, person: Person) -> list[Finding]:
        """Return every rule that keeps ``person`` away, in the order of the rules."""
        return list(self._found(person, self.rules))

    def clear(self, person: Person) -> bool:
        """Say whether no rule keeps ``person`` away."""
        return next(self._found(person, self.rules), None) is None

    def _found(self, person: Person, rules: Sequence[Rule]) -> Iterator[Finding]:
        for rule in rules:
            if found := rule.kind.finds(self.matter, person, rule):
                yield Finding(rule, found.facts, found.evidence, found.since, found.until)


def findings(
    subject: Subject,
    person: Person,
    day: date,
    rules: RuleSet,
    purpose: Purpose,
    similar: Similar = likeness,
) -> list[Finding]:
    """Return every rule in force on ``day`` that keeps ``person`` away from ``subject``."""
    return Checker(subject, day, rules, purpose, similar).findings(person)


class Screen:
    """Many people, compiled once, so that a thousand subjects are screened in seconds.

    An index only says whom a subject could concern; whether it does, the same rules decide.
    """

    def __init__(
        self,
        people: Sequence[Person],
        day: date,
        rules: RuleSet,
        purpose: Purpose,
        similar: Similar = likeness,
    ) -> None:
        self.people = people
        self._day, self._rules, self._purpose, self._similar = day, rules, purpose, similar
        self._index: dict[object, set[int]] = {}
        self._applying: list[tuple[Led, int]] = []
        for place, person in enumerate(people):
            for key in _keys_of_person(person):
                self._index.setdefault(key, set()).add(place)
            self._applying += [(led, place) for led in person.led if led.applying]
        bodies = [_declared(person) for person in people]
        self._unnamed = np.array([not all(b.named() for b in told) for told in bodies], bool)
        self._uncoded = np.array([not all(b.coded() for b in told) for told in bodies], bool)
        self._away = np.array([not self._clear_by_themselves(p) for p in people], bool)

    def _clear_by_themselves(self, person: Person) -> bool:
        """Say whether the person is clear of a matter that concerns nobody in particular."""
        nobody = Subject("needs", person.id, "", (), general=True)
        return Checker(nobody, self._day, self._rules, self._purpose, self._similar).clear(person)

    def mask(self, subjects: Sequence[Subject]) -> NDArray[np.bool_]:
        """Return, subject by person, who is kept away."""
        found = np.empty((len(subjects), len(self.people)), bool)
        for place, subject in enumerate(subjects):
            self._row(subject, found[place])
        return found

    def _row(self, subject: Subject, row: NDArray[np.bool_]) -> None:
        checker = Checker(subject, self._day, self._rules, self._purpose, self._similar)
        if not checker.matter.known:
            row[:] = True
            return
        row[:] = self._away
        if not checker.matter.all_named:
            row |= self._uncoded  # a bare code can be compared with codes only
        if not checker.matter.all_coded:
            row |= self._unnamed
        for place in self._concerned(subject, checker):
            row[place] = not checker.clear(self.people[place])

    def _concerned(self, subject: Subject, checker: Checker) -> set[int]:
        found: set[int] = set()
        for key in _keys_of_subject(subject):
            found |= self._index.get(key, set())
        for rule in checker.rules:
            if rule.code is Code.similar_application:
                found |= self._alike(checker.matter, rule.parameters["percent"])
        return found

    def _alike(self, matter: Matter, percent: int) -> set[int]:
        """Return who applies with something like it; a little less than the rule asks for."""
        matter.compare([led for led, _ in self._applying])
        return {at for led, at in self._applying if 100 * matter.alike(led) >= percent - 1}


def _declared(person: Person) -> list[Body]:
    held = [one.body for one in person.interests]
    return [*person.bodies, *person.avoided, *person.relatives, *held]


def _keys_of_body(body: Body) -> Iterator[object]:
    if code := code_of(body.uscc):
        yield ("code", code)
    yield from _keys_of_name(keys_of(body.name))


def _keys_of_name(keys: Keys) -> Iterator[object]:
    yield from (("exact", key) for key in keys.exact)
    yield from (("within", key) for key in keys.within)
    yield from (("head", key) for key in keys.heads)


def _keys_of_person(person: Person) -> Iterator[object]:
    bodies = _declared(person)
    for owned in person.owned:
        bodies += owned.bodies
        yield from owned.enterprises
    for led in person.led:
        bodies += led.bodies
        yield led.id
    for task in person.engagements:
        bodies += task.bodies
        yield from (task.subject_id, *task.enterprises)
    for body in bodies:
        yield from _keys_of_body(body)
    yield ("person", bare(person.name))
    yield ("person", bare(str(person.id)))


def _keys_of_subject(subject: Subject) -> Iterator[object]:
    for body in subject.bodies:
        keys = keys_of(body.name)
        if code := code_of(body.uscc):
            yield ("code", code)
        yield from (("exact", key) for key in keys.exact | keys.within)
        yield from (("within", key) for key in keys.exact)
        yield from (("head", key) for key in keys.heads)
    wishes = (*subject.avoided, *subject.avoided_besides)
    for name in (*wishes, *subject.officers, subject.leader_name):
        if name:
            yield ("person", bare(name))
    yield subject.id
    yield from subject.enterprises
