"""Short forms of the harness of bad input; the long ones run by ``make prove``."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from app.core import db
from app.core.embedded_pg import EmbeddedPostgres
from tests import house
from tests import postgres as clusters
from tests.access import world as worlds
from tests.access.world import World
from tests.input import controls, doors, exports, hostile_files, injecting, payloads, racing

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
async def world(postgres: EmbeddedPostgres, app: FastAPI) -> AsyncIterator[World]:
    import sqlalchemy as sa

    with clusters.cloned(postgres) as address:
        owner = sa.create_engine(address, poolclass=sa.NullPool)
        try:
            yield await worlds.build(await house.build(app), owner)
        finally:
            owner.dispose()
            await db.close()


def test_the_corpora_are_as_large_as_said() -> None:
    assert len(set(payloads.corpus())) >= 300
    assert len(dict(hostile_files.files())) >= 200


async def test_hostile_files_are_refused_or_harmless(world: World) -> None:
    some = (f for number, f in enumerate(hostile_files.files()) if number % 9 == 0)
    seen = await doors.through_all(world, some)
    assert seen.wrong == []
    assert seen.refused
    assert seen.kept


async def test_an_open_door_is_noticed(world: World) -> None:
    with controls.open_door():
        seen = await doors.through_all(world, iter([("x.html", b"<script>alert(1)</script>")]))
    assert seen.wrong


@pytest.mark.parametrize("operations", ["needs_list", "needs_create", "portal"])
async def test_payloads_have_no_effect(world: World, operations: str) -> None:
    sent = await injecting.inject(world, 2, only=operations)
    assert sent.effects == []
    assert sent.asked > sent.inputs


@pytest.mark.parametrize("name", controls.PAYLOAD_BUGS)
async def test_an_injected_bug_is_found_by_its_payloads(world: World, name: str) -> None:
    bug, operations = controls.PAYLOAD_BUGS[name]
    with bug():
        sent = await injecting.inject(world, 24, only=operations)
    assert sent.effects


async def test_races_and_random_steps(world: World) -> None:
    edited = await racing.edit(world, 10, 5)
    assert (edited.tried, edited.lost) == (50, 0)
    assert edited.taken
    claimed = await racing.claim(world, 20, 2)
    assert (claimed.claims, claimed.wrong) == (40, 0)
    walked = await racing.walk(world, 60)
    assert walked.taken
    assert walked.illegal == ()


async def test_no_cell_of_an_export_is_a_formula(world: World) -> None:
    cells, formulas = await exports.formula_cells(world)
    assert cells > 100
    assert formulas == 0
    with controls.open_exports():
        assert (await exports.formula_cells(world))[1]


def test_a_step_that_is_not_declared_is_told() -> None:
    from app.ledgers.needs.register import REGISTER

    assert REGISTER.lifecycle
    submit = REGISTER.lifecycle.moves["submit"]
    assert racing.not_declared(submit, "closed", "station_staff", "submitted")
    assert racing.not_declared(submit, "draft", "auditor", "submitted")
    assert racing.not_declared(submit, "draft", "station_staff", "closed")
    assert racing.not_declared(submit, "draft", "station_staff", "submitted") is None
