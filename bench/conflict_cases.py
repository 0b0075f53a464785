"""Cases for bench/conflicts.py: a matter, a person, and what must keep the person away, known
by construction. The periods are counted here by their own arithmetic, not by the product's.
"""

import calendar
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from bench.conflict_world import (
    NO_NAME,
    Organisation,
    Row,
    World,
    Written,
    person_name,
    scribbled,
    unlike,
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
IDENTITY = frozenset({"identity_missing", "subject_unknown"})
_TEXTS = (
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
        text=dice.choice(_TEXTS),
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


def case(dice: Random, world: World, about: Matter, number: int) -> Case:
    """Make a person: mostly unconcerned, else tied to the matter in one way or two."""
    expert = _stranger(dice, world, about, number)
    made = Case(about, expert, set())
    for _ in range(dice.choices((0, 1, 2), (50, 42, 8))[0]):
        dice.choice(_TIES)(dice, world, made)
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


def _ours(dice: Random, made: Case) -> tuple[Written, bool]:
    """Write one of the matter's own organisations, under old names only where they are known."""
    one = dice.choice(made.matter.known)
    how = written(dice, one, old_names=one.number in made.matter.ledger)
    return how, _recognisable(made.matter, one, how)


def _recognisable(about: Matter, one: Organisation, how: Written) -> bool:
    """Say whether anybody could tell that the two are one: both named, or both with their code."""
    place = about.known.index(one)
    if place == 0:
        return how.usable
    there = about.bodies[len(about.bodies) - len(about.known) + place]
    named = there["name"] not in NO_NAME
    coded = _typed(there["uscc"]) == one.code == _typed(how.uscc)
    return (how.named and named) or coded


def _typed(code: str | None) -> str | None:
    return code and unicodedata.normalize("NFKC", code).upper()


def _home(dice: Random, _: World, made: Case) -> None:
    if "_home" in made.expert:
        return
    how, sure = _ours(dice, made)
    made.expert |= {"organisation": how.name, "organisation_uscc": how.uscc, "_how": how}
    made.expert["_home"] = True
    made.must |= {"same_organisation"} if sure else set()


def _job(dice: Random, _: World, made: Case) -> None:
    how, sure = _ours(dice, made)
    years = made.matter.figure("former_organisation")
    edge = years_ago(made.matter.day, 3 if years is None else years)
    ended, code = dice.choice(
        (
            (None, "same_organisation"),
            (made.matter.day + timedelta(days=dice.randrange(400)), "same_organisation"),
            (made.matter.day - timedelta(days=1), "former_organisation"),
            (edge, "former_organisation"),
            (edge + timedelta(days=dice.randrange(300)), "former_organisation"),
            (edge - timedelta(days=1), None),
            (edge - timedelta(days=1 + dice.randrange(2000)), None),
        )
    )
    made.expert["employments"].append(
        how.as_entry(ended_on=ended and ended.isoformat()) | {"_how": how}
    )
    if code and sure:
        made.must.add(code)


def _held(dice: Random, _: World, made: Case) -> None:
    how, sure = _ours(dice, made)
    share = dice.choice((None, "0.5", "4.9999", "5", "40"))
    office = dice.choice((None, None, "监事"))
    entry = how.as_entry(share=share, office=office) | {"_how": how}
    made.expert["shareholdings"].append(entry)
    least = made.matter.figure("interest")
    counts = office or share is None or (least is not None and Decimal(share) >= least)
    made.must |= {"interest"} if counts and sure else set()


def _relative(dice: Random, _: World, made: Case) -> None:
    how, sure = _ours(dice, made)
    made.expert["relations"].append(how.as_entry(kind="child") | {"_how": how})
    made.must |= {"relative"} if sure else set()


def _avoid(dice: Random, _: World, made: Case) -> None:
    how, sure = _ours(dice, made)
    made.expert["avoid_organisations"].append(how.as_entry() | {"_how": how})
    made.must |= {"avoided_organisation"} if sure else set()


def _named(dice: Random, _: World, made: Case) -> None:
    told = str(made.expert["id"]) if dice.random() < 0.5 else made.expert["name"]
    made.matter = replace(made.matter, avoided=[*made.matter.avoided[:2], told])
    made.must.add("_meant")


def _leads(_: Random, __: World, made: Case) -> None:
    if made.matter.leader:
        made.expert["name"] = made.matter.leader
        made.must.add("_meant")


def _represents(_: Random, __: World, made: Case) -> None:
    if made.matter.officers:
        made.expert["name"] = made.matter.officers[0]
        made.must.add("_meant")


def _until(dice: Random, made: Case, code: str) -> tuple[date | None, bool]:
    """Return when something ended, on either side of the edge, and whether it still counts."""
    edge = years_ago(made.matter.day, made.matter.figure(code) or 3)
    return dice.choice(
        (
            (None, True),
            (edge, True),
            (edge + timedelta(days=200), True),
            (edge - timedelta(days=1), False),
        )
    )


def _together(dice: Random, _: World, made: Case) -> None:
    how, sure = _ours(dice, made)
    until, counts = _until(dice, made, "co_project")
    one = {"id": UUID(int=dice.getrandbits(90)), "until": until and until.isoformat()}
    if dice.random() < 0.7:
        made.expert["led"].append(one | {"bodies": [{"name": how.name, "uscc": how.uscc}]})
    else:
        firm = made.matter.known[0].number
        made.expert["owned"].append(one | {"bodies": [], "enterprise_ids": [UUID(int=firm)]})
        sure = True
    made.must |= {"co_project"} if sure and counts else set()


def _served(dice: Random, _: World, made: Case) -> None:
    on, counts = _until(dice, made, "past_service")
    taken = dice.random() < 0.8
    task = {
        "register": "matches",
        "id": UUID(int=dice.getrandbits(90)),
        "subject_id": UUID(int=dice.getrandbits(90)),
        "on": (on or made.matter.day).isoformat(),
        "accepted": taken,
        "bodies": [],
        "enterprise_ids": [UUID(int=made.matter.known[0].number)],
    }
    made.expert["tasks"].append(task)
    made.must |= {"past_service"} if counts and taken else set()


def _reviewed(dice: Random, _: World, made: Case) -> None:
    days = made.matter.figure("rotation") or 30
    ago = dice.choice((0, 1, days - 1, days, days + 1, days + 100))
    itself = dice.random() < 0.1
    task = {
        "register": "reviews",
        "id": UUID(int=dice.getrandbits(90)),
        "subject_id": made.matter.id if itself else UUID(int=dice.getrandbits(90)),
        "on": (made.matter.day - timedelta(days=ago)).isoformat(),
        "accepted": False,
        "bodies": [],
        "enterprise_ids": [],
    }
    made.expert["tasks"].append(task)
    made.must |= {"rotation"} if ago <= days and not itself else set()


def _applies(dice: Random, _: World, made: Case) -> None:
    same = dice.random() < 0.6
    others = [text for text in _TEXTS if text != made.matter.text]
    text = made.matter.text if same else dice.choice(others)
    if same and dice.random() < 0.5:
        text = text.replace("技术", "").replace("及其", "与")
    one: Row = {"id": UUID(int=dice.getrandbits(90)), "until": None, "bodies": []}
    made.expert["led"].append(one | {"applying": True, "text": scribbled(dice, text)})
    made.must |= {"similar_application"} if same else set()


def _loaded(dice: Random, _: World, made: Case) -> None:
    made.expert["max_load"] = dice.choice((1, 2, 3))
    for _turn in range(dice.randrange(5)):
        task = {
            "register": "matches",
            "id": UUID(int=dice.getrandbits(90)),
            "subject_id": UUID(int=dice.getrandbits(90)),
            "on": made.matter.day.replace(month=1, day=1).isoformat(),
            "accepted": True,
            "bodies": [],
            "enterprise_ids": [],
        }
        made.expert["tasks"].append(task)


def _away(dice: Random, _: World, made: Case) -> None:
    day = made.matter.day
    fields, code = dice.choice(
        (
            ({"state": "barred"}, "barred"),
            ({"state": "paused"}, "unavailable"),
            ({"state": "retired"}, "unavailable"),
            ({"available_from": (day + timedelta(days=1)).isoformat()}, "unavailable"),
            ({"available_to": (day - timedelta(days=1)).isoformat()}, "unavailable"),
            ({"available_from": day.isoformat(), "available_to": day.isoformat()}, None),
            ({"consent_scope": ["library"]}, "consent_missing"),
            ({"consent_given_on": None}, "consent_missing"),
        )
    )
    if "_away" not in made.expert:
        made.expert |= {**fields, "_away": True}
        made.must |= {code} if code else set()


_TIES: tuple[Callable[[Random, World, Case], None], ...] = (
    _home,
    _home,
    _job,
    _job,
    _job,
    _held,
    _relative,
    _avoid,
    _named,
    _leads,
    _represents,
    _together,
    _together,
    _served,
    _reviewed,
    _applies,
    _loaded,
    _away,
)


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
    return any(not _comparable(about, body, how) for body in about.bodies)


def _comparable(about: Matter, body: Row, how: Written) -> bool:
    codes = {one.code for one in about.known}
    coded = _typed(body["uscc"]) in codes
    return (how.named and body["name"] not in NO_NAME) or (how.coded and coded)


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
