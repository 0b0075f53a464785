"""Matters for bench/conflicts.py: who applies, how it is written down, which figures hold.

Periods are counted by their own arithmetic, not by the product's.
"""

import calendar
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from uuid import UUID

from bench.conflict_world import (
    NO_NAME,
    Organisation,
    Row,
    World,
    Written,
    person_name,
    written,
)

#: The rules a region may have: kind -> figure, None for switched off; by purpose.
Region = Mapping[str, int | None]
REGIONS: tuple[Region, ...] = (
    {},
    {},
    {"former_organisation": 5, "co_project": 5},
    {"former_organisation": 1, "past_service": None},
    {"interest": 5, "rotation": 60},
    {"rotation": None, "relative": None},
)
FIGURES: Mapping[str, int] = {
    "former_organisation": 3,
    "interest": 0,
    "co_project": 3,
    "past_service": 3,
    "rotation": 30,
    "similar_application": 60,
    "named_by_applicant": 3,
}
ONLY_REVIEW = frozenset({"co_project", "past_service", "rotation", "similar_application"})
TEXTS = (
    "行星减速器在重载下的振动与噪声控制技术研究及其产业化",
    "高精度红外镜头无热化设计与批量制造工艺开发",
    "污水处理膜生物反应器的抗污染改性与节能运行",
    "锂离子电池隔膜涂覆材料与高速涂布装备研制",
    "面向工业机器人的谐波传动寿命预测与在线监测",
)


@dataclass
class Matter:
    """One matter with its organisations; ``known`` is who they are, ``bodies`` how they stand."""

    id: UUID
    register: str
    day: date
    purpose: str
    region: Region
    known: list[Organisation]
    bodies: list[Row]
    ledger: frozenset[int]
    text: str
    leader: str | None = None  # people by their plain names; they are written down anew
    officers: list[str] = field(default_factory=list)
    avoided: list[str] = field(default_factory=list)  # names, or an id
    broken: bool = False  # an applicant that nobody could identify
    all_named: bool = True
    all_coded: bool = True

    def figure(self, code: str) -> int | None:
        """Return the figure in force for a kind, None where it does not apply here."""
        if code in ONLY_REVIEW and self.purpose != "review":
            return None
        return self.region.get(code, FIGURES.get(code, 0))


@dataclass
class Case:
    """A person for a matter, and the codes that must be found; none: the person is free."""

    matter: Matter
    expert: Row
    must: set[str]
    namesake: bool = False  # called by chance like somebody of the other side


def years_ago(day: date, years: int) -> date:
    """Return the day ``years`` earlier, by the calendar."""
    year = day.year - years
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def matter(dice: Random, world: World, number: int) -> Matter:
    """Make a need of one enterprise or a project of up to three organisations."""
    day = date(2026, 1, 1) + timedelta(days=dice.randrange(1500))
    if dice.random() < 0.03:
        day = date(2028, 2, 29)
    project = dice.random() < 0.6
    found = Matter(
        id=UUID(int=number),
        register="projects" if project else "needs",
        day=day,
        purpose=dice.choice(("match", "review")),
        region=dice.choice(REGIONS),
        known=[dice.choice(world.firms)],
        bodies=[],
        ledger=frozenset(),
        text=dice.choice(TEXTS),
    )
    if project:
        others = dice.sample(world.others, dice.randrange(3))
        found.known += others
        found.leader = person_name(dice) if dice.random() < 0.8 else None
    firm = found.known[0]
    found.ledger = frozenset({firm.number})
    found.bodies = [
        {"name": n, "uscc": firm.code, "former": n != firm.name} for n in (firm.name, *firm.former)
    ]
    for other in found.known[1:]:
        _enter(dice, found, written(dice, other, old_names=False, stray=False))
    if dice.random() < 0.7:
        found.officers = [person_name(dice)]
    found.avoided = [person_name(dice) for _ in range(dice.randrange(3))]
    return found


def _enter(dice: Random, found: Matter, how: Written) -> None:
    if dice.random() < 0.01:
        how = Written(dice.choice(NO_NAME), None, named=False, coded=False)
    found.bodies.append({"name": how.name, "uscc": how.uscc, "former": False})
    found.broken |= not how.usable
    found.all_named &= how.named
    found.all_coded &= how.coded


def recognisable(about: Matter, one: Organisation, how: Written) -> bool:
    """Say whether anybody could tell that the two are one: both named, or both with their code."""
    place = about.known.index(one)
    if place == 0:
        return how.usable
    there = about.bodies[len(about.bodies) - len(about.known) + place]
    named = there["name"] not in NO_NAME
    coded = typed(there["uscc"]) == one.code == typed(how.uscc)
    return (how.named and named) or coded


def typed(code: str | None) -> str | None:
    return code and unicodedata.normalize("NFKC", code).upper()


def comparable(about: Matter, body: Row, how: Written) -> bool:
    codes = {one.code for one in about.known}
    coded = typed(body["uscc"]) in codes
    return (how.named and body["name"] not in NO_NAME) or (how.coded and coded)
