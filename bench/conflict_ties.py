"""Ties for bench/conflicts.py: each binds a person to a matter, on this side of an edge or that."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from bench.conflict_matters import TEXTS, Case, recognisable, years_ago
from bench.conflict_world import Row, World, Written, scribbled, written


def _ours(dice: Random, made: Case) -> tuple[Written, bool]:
    """Write one of the matter's own organisations, under old names only where they are known."""
    one = dice.choice(made.matter.known)
    how = written(dice, one, old_names=one.number in made.matter.ledger)
    return how, recognisable(made.matter, one, how)


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
    others = [text for text in TEXTS if text != made.matter.text]
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


TIES: tuple[Callable[[Random, World, Case], None], ...] = (
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
