"""The life of a need against a table of its own, written from domain model 5.3, not imported."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from app.access.actor import Actor
from app.access.roles import Role
from app.ledgers.needs.lifecycle import LIFECYCLE
from app.ledgers.needs.models import NeedState
from app.registers.lifecycle import verdict

#: For each state: who may take which step at the station's level. E enterprise, S station,
#: C committee.
STEPS: dict[str, dict[str, str]] = {
    "draft": {"submit": "ES", "withdraw": "E"},
    "submitted": {"accept": "S", "return": "S", "reject": "S", "merge": "S", "withdraw": "E"},
    "returned": {"submit": "ES", "withdraw": "E"},
    "accepted": {
        "publish": "SC",
        "match": "S",
        "resolve": "S",
        "merge": "S",
        "escalate": "S",
        "suspend": "S",
        "close": "S",
        "withdraw": "E",
    },
    "published": {
        "match": "S",
        "resolve": "S",
        "merge": "S",
        "escalate": "S",
        "suspend": "S",
        "close": "S",
        "withdraw": "E",
    },
    "matching": {
        "match": "S",
        "start": "S",
        "resolve": "S",
        "merge": "S",
        "escalate": "S",
        "suspend": "S",
        "close": "S",
        "withdraw": "E",
    },
    "matched": {
        "start": "S",
        "resolve": "S",
        "merge": "S",
        "escalate": "S",
        "suspend": "S",
        "close": "S",
        "withdraw": "E",
    },
    "in_progress": {"resolve": "S", "merge": "S", "escalate": "S", "suspend": "S", "close": "S"},
    "resolved": {"confirm": "E", "return": "E", "close": "S"},
    "confirmed": {"follow_up": "S", "close": "S"},
    "follow_up": {"follow_up": "S", "close": "S"},
    "suspended": {"resume": "S", "close": "S"},
    "closed": {},
    "rejected": {},
    "merged": {},
    "withdrawn": {},
    "unresolved": {},
}
ROLES = {"E": Role.enterprise, "S": Role.station_staff, "C": Role.committee}
STATION = 7


def an_actor(role: Role, organisation_id: int = STATION) -> Actor:
    return Actor(
        account_id=uuid4(),
        username="x",
        name="x",
        role=role,
        organisation_id=organisation_id,
        organisation_name="x",
        node_id=3,
        region_id=2,
        nodes=(3,),
    )


def a_row(state: str, **facts: Any) -> SimpleNamespace:
    told = {
        "state": NeedState(state),
        "level": "station",
        "station_organisation_id": STATION,
        "handler_organisation_id": STATION,
        "handler_name": "样例工作站",
        "confidentiality": "internal",
    }
    return SimpleNamespace(**told | facts)


def possible(role: Role, row: SimpleNamespace, organisation_id: int = STATION) -> set[str]:
    return set(verdict(LIFECYCLE, an_actor(role, organisation_id), row).allowed)


@pytest.mark.parametrize("state", STEPS)
@pytest.mark.parametrize("role", list(Role))
def test_each_role_has_exactly_its_steps_in_each_state(state: str, role: Role) -> None:
    letters = [letter for letter, named in ROLES.items() if named is role]
    expected = {m for m, who in STEPS[state].items() if letters and letters[0] in who}
    assert possible(role, a_row(state)) == expected


def test_the_table_knows_every_state_and_move_there_is() -> None:
    assert {*STEPS, "escalated"} == {state.value for state in NeedState}
    assert {m for steps in STEPS.values() for m in steps} == set(LIFECYCLE.moves)


@pytest.mark.parametrize("role", [Role.centre_staff, Role.centre_leader])
def test_a_need_handed_up_is_the_centres_and_no_longer_the_stations(role: Role) -> None:
    row = a_row("escalated", level="centre", handler_name="样例中心")
    steps = {"match", "start", "resolve", "merge", "escalate", "suspend", "close"}
    assert possible(role, row) == steps
    assert possible(Role.station_staff, row) == set()
    assert possible(Role.province_staff, row) == set()
    refused = verdict(LIFECYCLE, an_actor(Role.station_staff), row).refused
    assert refused["match"][0].zh == "这条需求已提级，由「样例中心」负责；请联系他们办理。"


def test_the_province_is_the_last_to_take_a_need_on() -> None:
    row = a_row("escalated", level="province")
    steps = {"match", "start", "resolve", "merge", "suspend", "close"}
    assert possible(Role.province_staff, row) == steps
    assert possible(Role.centre_staff, row) == set()


def test_another_station_of_the_park_is_not_accountable() -> None:
    assert possible(Role.station_staff, a_row("accepted"), organisation_id=8) == set()


def test_a_confidential_need_is_released_by_the_committee_alone() -> None:
    row = a_row("accepted", confidentiality="confidential")
    assert "publish" not in possible(Role.station_staff, row)
    assert "publish" in possible(Role.committee, row)
