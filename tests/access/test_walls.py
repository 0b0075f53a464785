"""The second wall alone: the application's own filter is switched off, the database still holds."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from sqlalchemy import ColumnElement
from sqlmodel import col

from app.access.actor import Actor
from app.registers import directory, feed, reading, routes
from app.registers.directory import AnyRegister
from tests.access import oracle
from tests.access.asgi import Question
from tests.access.probes import Operation
from tests.access.rules import Facts, Who
from tests.access.running import Run
from tests.access.world import World

pytestmark = pytest.mark.slow

#: Registers whose wall also lets staff read the libraries above their own nodes.
_LIBRARIES = {"experts", "achievements", "conflict-rules"}


def _everything(register: AnyRegister, _: Actor) -> ColumnElement[bool]:
    return col(register.row.deleted_at).is_(None)


@pytest.fixture
def unfiltered() -> Iterator[None]:
    """Switch the first wall off."""
    with (
        patch.object(reading, "visible", _everything),
        patch.object(routes, "open_to", lambda name, _: directory.named(name)),
        patch.object(feed, "and_", lambda first, _: first),
    ):
        yield


def _within_reach(who: Who, record: Facts) -> bool:
    """Say whether the wall, which knows places and links but no states, may let a row through."""
    if who.role in (oracle.E, oracle.X):
        return who.party in record.parties
    if who.role not in oracle.CITY | {oracle.P}:
        return False
    above = record.register in _LIBRARIES and record.node in oracle.ABOVE[who.node]
    return above or record.node in oracle.BELOW[who.node]


@pytest.mark.usefixtures("unfiltered")
@pytest.mark.parametrize("register", sorted(oracle.SEES))
async def test_no_row_of_others_comes_through_the_wall_alone(
    probed: World, operations: list[Operation], register: str
) -> None:
    run = Run(probed)
    paths = {o.id: o for o in operations}
    name = register.replace("-", "_")
    through = 0
    for who, _ in probed.actors.values():
        reach = {f.id for f in probed.facts[register] if _within_reach(who, f)}
        for verb, query in (("list", "limit=500"), ("changes", "limit=500")):
            told = await run.answer(who.role, Question("GET", paths[f"{name}_{verb}"].path, query))
            if told.status != 200:
                assert who.role == oracle.AUDITOR, told
                continue
            found = {item["id"] for item in told.json()["items"]}
            assert found <= reach, (who, verb)
            through += len(found)
        for record in probed.facts[register]:
            path = paths[f"{name}_read"].filled(id=record.id)
            told = await run.answer(who.role, Question("GET", path))
            assert (told.status == 200) <= (record.id in reach), (who, record, told.status)
    assert through, "the filter is off, the wall lets through what is one's own"
