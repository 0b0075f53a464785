"""Runs the cases of bench/conflicts.py through the rules and through the second check."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from app.matching.conflicts import (
    BUILT_IN,
    KINDS,
    Checker,
    Code,
    OwnRule,
    Purpose,
    RuleSet,
    rule_set,
)
from app.matching.conflicts.second_check import DEFAULTS, clashes
from app.matching.parties import Body, Engagement, Led, Owned, Person, Subject, person_of
from bench.conflict_cases import case
from bench.conflict_matters import REGIONS, Case, Matter, Region, matter
from bench.conflict_world import Row, build, scribbled

PEOPLE = 25  # for each matter
_FIGURE = {"interest": "percent", "rotation": "days"}
_FIRST_DAY = date(2020, 1, 1)


@dataclass
class Tally:
    """What a run found. Missed: by the rules, by the second check, or a reason left out."""

    cases: int = 0
    conflicted: int = 0
    free: int = 0
    namesakes: int = 0
    missed: list[str] = field(default_factory=list)
    missed_second: list[str] = field(default_factory=list)
    missed_reasons: list[str] = field(default_factory=list)
    kept_for_nothing: int = 0
    kept_second: int = 0
    selected: int = 0
    selected_conflicted: int = 0
    by_code: Counter[str] = field(default_factory=Counter)
    wrongly: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Add what another part of the run found."""
        for name, value in vars(other).items():
            mine = getattr(self, name)
            if isinstance(mine, Counter):
                mine.update(value)
            else:
                setattr(self, name, mine + value)


def rules_of(region: Region) -> RuleSet:
    """Return the product's rules of a region that says this."""
    own = [
        OwnRule(
            Code(code),
            purpose,
            figure is not None,
            {} if figure is None else {_FIGURE.get(code, "years"): figure},
            "样例",
            _FIRST_DAY,
        )
        for code, figure in region.items()
        for purpose in KINDS[Code(code)].purposes
    ]
    return rule_set(KINDS.values(), own)


_RULES = [rules_of(region) for region in REGIONS]


def subject_of(about: Matter) -> Subject:
    """Return the matter as the product knows it."""
    dice = Random(about.id.int)  # noqa: S311 -- repeatable, not secret
    return Subject(
        register=about.register,
        id=about.id,
        label="",
        texts=(about.text,),
        bodies=tuple(Body(b["name"], b["uscc"], b["former"]) for b in about.bodies),
        leader_name=about.leader and scribbled(dice, about.leader),
        officers=tuple(scribbled(dice, name) for name in about.officers),
        avoided=tuple(scribbled(dice, name) for name in about.avoided),
        enterprises=frozenset(UUID(int=number) for number in about.ledger),
    )


def _public(row: Row) -> Row:
    return {k: v for k, v in row.items() if not k.startswith("_")}


def raw_of(expert: Row) -> Row:
    """Return the row as the table has it."""
    row = _public(expert)
    for name in ("employments", "shareholdings", "relations", "avoid_organisations"):
        row[name] = [_public(entry) for entry in row[name]]
    for name in ("available_from", "available_to", "consent_given_on"):
        row[name] = row[name] and date.fromisoformat(row[name])
    return row


def person(raw: Row) -> Person:
    """Return the person as the product makes it of the row."""
    row: Any = SimpleNamespace(hightech_fields=[], keywords=[], documents=[], **raw)
    found = person_of(row)
    changes: dict[str, Any] = {
        "led": tuple(
            Led(
                one["id"],
                _bodies(one),
                one.get("text", ""),
                applying=one.get("applying", False),
                until=_day(one["until"]),
            )
            for one in raw["led"]
        ),
        "owned": tuple(
            Owned(one["id"], (), frozenset(one["enterprise_ids"]), until=_day(one["until"]))
            for one in raw["owned"]
        ),
        "engagements": tuple(_task(one) for one in raw["tasks"]),
    }
    return Person(**{f: getattr(found, f) for f in found.__dataclass_fields__} | changes)


def _bodies(one: Row) -> tuple[Body, ...]:
    return tuple(Body(b["name"], b["uscc"]) for b in one["bodies"])


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None


def _task(one: Row) -> Engagement:
    return Engagement(
        one["register"],
        one["id"],
        one["subject_id"],
        date.fromisoformat(one["on"]),
        accepted=one["accepted"],
        enterprises=frozenset(one["enterprise_ids"]),
    )


def _limits(about: Matter) -> Mapping[str, int | None]:
    known = DEFAULTS[about.purpose]
    return {**known, **{k: v for k, v in about.region.items() if k in known}}


def cases(seed: int, many: int) -> Iterator[Case]:
    """Yield ``many`` cases of one seed."""
    dice = Random(seed)  # noqa: S311 -- repeatable, not secret
    world = build(dice)
    number = seed * 100_000_000
    for start in range(0, many, PEOPLE):
        about = matter(dice, world, number + start)
        for place in range(min(PEOPLE, many - start)):
            yield case(dice, world, about, number + start + place)


def run(seed: int, many: int) -> Tally:
    """Run ``many`` cases of one seed."""
    tally = Tally()
    checkers: dict[int, tuple[Checker, Row]] = {}
    for made in cases(seed, many):
        about = made.matter
        if id(about) not in checkers:
            if len(checkers) > PEOPLE * 2:
                checkers.clear()
            checkers[id(about)] = (_checker(about), about)  # type: ignore[assignment]
        checker = checkers[id(about)][0]
        raw = raw_of(made.expert)
        found = {f.rule.code.value for f in checker.findings(person(raw))}
        told = checker.matter.subject
        matter_row = {
            "id": told.id,
            "bodies": about.bodies,
            "leader_name": told.leader_name,
            "officers": told.officers,
            "avoided": told.avoided,
            "enterprises": told.enterprises,
        }
        again = set(clashes(raw, matter_row, about.day, _limits(about)))
        _count(tally, made, found, again)
    return tally


def _checker(about: Matter) -> Checker:
    rules = _RULES[next(n for n, region in enumerate(REGIONS) if region is about.region)]
    return Checker(subject_of(about), about.day, rules, Purpose(about.purpose))


def _count(tally: Tally, made: Case, found: set[str], again: set[str]) -> None:
    name = f"{made.expert['id']} {sorted(made.must)}"
    tally.cases += 1
    tally.by_code.update(made.must)
    grave = made.must & {*DEFAULTS["review"], "identity_missing", "subject_unknown"}
    if made.must:
        tally.conflicted += 1
        tally.namesakes += made.namesake
        tally.missed += [] if found else [name]
        tally.missed_second += [name] if grave and not again else []
        left_out = made.must - found
        tally.missed_reasons += [f"{name} without {sorted(left_out)}"] if left_out else []
    else:
        tally.free += 1
        tally.kept_for_nothing += bool(found)
        tally.kept_second += bool(again) and not found
        tally.wrongly.update(found)
    if not found and not again:
        tally.selected += 1
        tally.selected_conflicted += bool(made.must)


assert BUILT_IN.version == _RULES[0].version
