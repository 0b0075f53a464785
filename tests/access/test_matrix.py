"""Every operation × every role × records near and far: 0 answers other than the specification's."""

import pytest
from fastapi import FastAPI

from app.access.roles import Role
from app.registers import directory
from tests.access import oracle, rules
from tests.access.desk_probes import of_desk, of_doors, of_schemas
from tests.access.field_probes import of_fields
from tests.access.forms import Form
from tests.access.probes import Operation, anonymous, crossed, in_every_state, of_registers
from tests.access.running import Run
from tests.access.sweeping import sweep
from tests.access.world import World

_SHOWN = 30
_PART = 15


def _nothing_wrong(run: Run) -> None:
    assert not run.wrong, f"{len(run.wrong)} of {run.asked}:\n" + "\n".join(
        map(str, run.wrong[:_SHOWN])
    )


def test_every_route_has_a_row_in_the_oracle_and_every_row_a_route(
    operations: list[Operation],
) -> None:
    routes = [operation.id for operation in operations]
    assert len(routes) == len(set(routes))
    known = list(rules.operations())
    assert set(routes) - set(known) == set(), "routes nobody wrote a row for"
    assert set(known) - set(routes) == set(), "rows without a route"
    assert len(known) == len(set(known))


def test_every_role_and_every_move_has_its_row(app: FastAPI) -> None:
    assert {role.value for role in Role} == oracle.ROLES
    moves = {
        register.name: set(register.lifecycle.moves) if register.lifecycle else set()
        for register in directory.everything()
        if register.name in oracle.SEES
    }
    assert moves == {register: set(known) for register, known in oracle.MOVES.items()}


def test_only_the_open_doors_need_no_sign_in(operations: list[Operation]) -> None:
    assert {o.id for o in operations if not o.secured} == oracle.OPEN


async def test_the_desk_lets_in_whom_the_specification_says(
    probed: World, operations: list[Operation]
) -> None:
    run = Run(probed)
    await run.put(of_desk(probed, operations))
    await run.put(of_schemas(probed))
    await run.put(of_doors())
    await run.put(anonymous(probed, operations))
    _nothing_wrong(run)
    assert run.asked > 300


async def test_near_and_far_records_are_what_the_specification_says(
    probed: World, operations: list[Operation]
) -> None:
    """The fast part of the matrix: every read, and a quarter of everything else."""
    run = Run(probed)
    reads = [o for o in operations if o.id.endswith("_read")]
    await run.put(of_registers(probed, reads))
    others = [o for o in operations if not o.id.endswith("_read")]
    await run.put_some(of_registers(probed, others, ("own", "foreign")), 5)
    await run.put_some(crossed(probed, operations), 2)
    _nothing_wrong(run)


async def test_lists_counts_searches_feeds_and_exports_carry_nothing_of_others(
    probed: World, operations: list[Operation]
) -> None:
    run = Run(probed)
    for register in oracle.SEES:
        for who, _ in probed.actors.values():
            await sweep(run, operations, register, who)
    _nothing_wrong(run)


@pytest.mark.slow
async def test_ten_thousand_of_the_whole_matrix(
    probed: World, app: FastAPI, operations: list[Operation]
) -> None:
    """Places, states and fields, a sample; `python -m bench.walls access` asks all of it."""
    run = Run(probed)
    forms = [Form(register, app.openapi()) for register in oracle.SEES]
    await run.put_some(of_registers(probed, operations), _PART)
    await run.put_some(in_every_state(probed, operations), _PART)
    for form in forms:
        await run.put_some(of_fields(probed, form), _PART)
    _nothing_wrong(run)
    assert run.probes > 10_000


async def test_every_state_of_every_lifecycle_is_probed(probed: World) -> None:
    for register in directory.everything():
        if register.name in oracle.SEES and register.lifecycle:
            standing = {f.state for f in probed.standing[register.name].values()}
            assert standing == {state.value for state in register.lifecycle.states}


async def test_fields_are_asked_about_and_written_as_the_specification_says(
    probed: World, app: FastAPI
) -> None:
    """The fast part of the fields: what the register with most secrets is asked."""
    run = Run(probed)
    await run.put_some(of_fields(probed, Form("experts", app.openapi())), 20)
    _nothing_wrong(run)
    assert run.probes > 100
