"""Cases for bench/conflicts.py: a matter, a person, and what must keep the person away, known
by construction.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from bench.conflict_matters import Case, Matter, comparable
from bench.conflict_ties import TIES
from bench.conflict_world import Row, World, Written, person_name, scribbled, unlike, written

IDENTITY = frozenset({"identity_missing", "subject_unknown"})


def case(dice: Random, world: World, about: Matter, number: int) -> Case:
    """Make a person: mostly unconcerned, else tied to the matter in one way or two."""
    expert = _stranger(dice, world, about, number)
    made = Case(about, expert, set())
    for _ in range(dice.choices((0, 1, 2), (50, 42, 8))[0]):
        dice.choice(TIES)(dice, world, made)
    _judge_names(made)
    _judge_load(made)
    if any(_unknown(made.matter, how) for how in _entries(expert)):
        made.must.add("identity_missing")
    if about.broken:
        made.must.add("subject_unknown")
    made.must = {code for code in made.must if code in IDENTITY or about.figure(code) is not None}
    expert["name"] = scribbled(dice, expert["name"])
    return made


def _stranger(dice: Random, world: World, about: Matter, number: int) -> Row:
    ours = {one.number for one in about.known}

    def other(**more: Any) -> Row:
        how = written(dice, unlike(dice, world.everybody, ours), old_names=True)
        return how.as_entry(**more) | {"_how": how}

    home = written(dice, unlike(dice, world.everybody, ours), old_names=True)
    return {
        "id": UUID(int=(1 << 100) + number),
        "name": person_name(dice),
        "organisation": home.name,
        "organisation_uscc": home.uscc,
        "_how": home,
        "employments": [other(ended_on=_some_day(dice)) for _ in range(dice.randrange(3))],
        "shareholdings": [other(share="3.5") for _ in range(dice.random() < 0.2)],
        "relations": [other(kind="spouse") for _ in range(dice.random() < 0.3)],
        "avoid_organisations": [other() for _ in range(dice.random() < 0.3)],
        "state": "active",
        "consent_given_on": "2026-01-05",
        "consent_scope": ["library", "match"],
        "available_from": None,
        "available_to": None,
        "max_load": None,
        "led": [],
        "owned": [],
        "tasks": [],
    }


def _some_day(dice: Random) -> str | None:
    if dice.random() < 0.2:
        return None
    return (date(2015, 1, 1) + timedelta(days=dice.randrange(4500))).isoformat()


def _entries(expert: Row) -> Iterator[Written]:
    yield expert["_how"]
    for name in ("employments", "shareholdings", "relations", "avoid_organisations"):
        yield from (entry["_how"] for entry in expert[name])


def _unknown(about: Matter, how: Written) -> bool:
    """Say whether an entry lacks what it takes to be compared with every organisation there."""
    if not how.usable:
        return True
    if how.named and about.all_named:
        return False
    return any(not comparable(about, body, how) for body in about.bodies)


def _judge_names(made: Case) -> None:
    """Whoever is called like somebody of the other side is kept away, meant or not."""
    about, name = made.matter, made.expert["name"]
    called = {
        "own_project": name == about.leader,
        "officer": name in about.officers,
        "named_by_applicant": name in about.avoided or str(made.expert["id"]) in about.avoided,
    }
    meant = "_meant" in made.must
    made.must.discard("_meant")
    found = {code for code, there in called.items() if there}
    made.namesake = bool(found) and not meant and not made.must
    made.must |= found


def _judge_load(made: Case) -> None:
    cap, year = made.expert["max_load"], str(made.matter.day.year)
    taken = sum(t["accepted"] and t["on"][:4] == year for t in made.expert["tasks"])
    made.must |= {"load"} if cap is not None and taken >= cap else set()
