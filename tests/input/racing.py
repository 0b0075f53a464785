"""Many at once, and steps in any order: nothing lost, one winner, no step that is not declared."""

from dataclasses import dataclass
from random import Random
from typing import Any

import anyio
import sqlalchemy as sa

from app.registers.directory import AnyRegister
from app.registers.lifecycle import Move
from app.registry import REGISTERS
from tests.access.asgi import Answer, ask, written
from tests.access.world import World
from tests.input.inputs import sample

STATION = "station_staff"
#: Registers whose records go many steps, the table of each, and a place all may see it from.
WALKED = {"needs": "need", "projects": "project", "achievements": "achievement"}
_LONGEST = 6  # steps of one sequence
_AT_ONCE = 20  # requests under way; the pools hold fewer connections, so they queue as well
BUSY = 503  # nothing was taken, nothing was saved


@dataclass
class Edited:
    """What writers of one record were told, and what the record says in the end."""

    tried: int = 0
    taken: int = 0
    lost: int = 0


@dataclass
class Claimed:
    """What happened to items that many wanted at once."""

    claims: int = 0
    wrong: int = 0  # items without exactly one winner


@dataclass
class Walked:
    """What happened to sequences of steps."""

    sequences: int = 0
    steps: int = 0
    taken: int = 0
    illegal: tuple[str, ...] = ()


async def edit(world: World, writers: int, edits: int) -> Edited:
    """Let ``writers`` each try ``edits`` times to add one to a number in one record."""
    need = world.places["needs"]["own"].id
    path, told = f"/api/v1/needs/{need}", Edited()
    await _patched(world, path, "0")
    started = (await _read(world, path))["version"]

    async def writer() -> None:
        for _ in range(edits):
            now = await _read(world, path, busy=True)
            if not now:
                continue
            said = {"current_state": str(int(now["current_state"]) + 1)}
            question = written("PATCH", path, said, if_match=f'"{now["version"]}"')
            answer = await _asked(world, STATION, question)
            told.tried += 1
            told.taken += answer.status == 200
            assert answer.status in (200, 412, BUSY), answer.body

    async with anyio.create_task_group() as group:
        for _ in range(writers):
            group.start_soon(writer)
    last = await _read(world, path)
    told.lost = max(
        told.taken - int(last["current_state"]), told.taken - (last["version"] - started)
    )
    return told


async def claim(world: World, claims: int, items: int) -> Claimed:
    """Let ``claims`` at once take the same step of the same version of each of ``items`` needs."""
    told, need = Claimed(), world.places["needs"]["own"].id
    path = f"/api/v1/needs/{need}/moves/accept"
    for _ in range(items):
        version = _placed(world, "need", need, "submitted")
        won: list[int] = []

        async def one(version: int, won: list[int]) -> None:
            answer = await _asked(
                world, STATION, written("POST", path, {}, if_match=f'"{version}"')
            )
            won.append(answer.status)

        async with anyio.create_task_group() as group:
            for _ in range(claims):
                group.start_soon(one, version, won)
        told.claims += len(won)
        told.wrong += won.count(200) != 1 or not set(won) <= {200, 412, BUSY}
    return told


async def walk(world: World, sequences: int, *, seed: int = 1) -> Walked:
    """Try random steps by random roles from random states; only declared ones may be taken."""
    dice, told = Random(seed), Walked()  # noqa: S311 -- repeatable
    known = {register.name: register for register in REGISTERS}
    while told.sequences < sequences:
        register = known[dice.choice(list(WALKED))]
        assert register.lifecycle
        record = world.places[register.name]["own"].id
        state = str(dice.choice(list(register.lifecycle.states)))
        try:
            version = _placed(world, WALKED[register.name], record, state)
        except sa.exc.IntegrityError:  # a state that only a lived course can leave a record in
            continue
        told.sequences += 1
        for _ in range(dice.randint(1, _LONGEST)):
            name = dice.choice(list(register.lifecycle.moves))
            role = dice.choice(list(world.actors))
            answer = await _step(world, register, record, name, role, version)
            told.steps += 1
            if answer.status != 200:
                continue
            told.taken += 1
            after = answer.json()
            why = not_declared(register.lifecycle.moves[name], state, role, after["state"])
            if why:
                told.illegal += (f"{register.name} {name}: {why}",)
            state, version = after["state"], after["version"]
    return told


def not_declared(move: Move[Any], before: str, role: str, after: str) -> str | None:
    """Return what of a step that was taken is not declared."""
    if before not in {str(state) for state in move.sources}:
        return f"taken from {before}"
    if role not in {str(one) for one in move.by}:
        return f"taken by {role}"
    if move.target is not None and after != str(move.target):
        return f"leads to {after}"
    return None


async def _step(
    world: World, register: AnyRegister, record: str, name: str, role: str, version: int
) -> Answer:
    assert register.lifecycle
    form = register.lifecycle.moves[name].form
    given = sample(form.model_json_schema()) if form else {}
    path = f"/api/v1/{register.name}/{record}/moves/{name}"
    return await _asked(world, role, written("POST", path, given, if_match=f'"{version}"'))


def _placed(world: World, table: str, record: str, state: str) -> int:
    """Put a record into a state without asking anybody; return its version."""
    statement = sa.text(f"UPDATE {table} SET state = :state WHERE id = :id RETURNING version")
    with world.owner.begin() as connection:
        return int(connection.scalar(statement, {"state": state, "id": record}))


async def _read(world: World, path: str, *, busy: bool = False) -> dict[str, Any]:
    """Return a record; where ``busy``, nothing if there was no connection free in time."""
    answer = await _asked(world, STATION, written("GET", path, None))
    if busy and answer.status == BUSY:
        return {}
    assert answer.status == 200, answer.body
    return dict(answer.json())


async def _patched(world: World, path: str, number: str) -> None:
    now = await _read(world, path)
    question = written("PATCH", path, {"current_state": number}, if_match=f'"{now["version"]}"')
    answer = await _asked(world, STATION, question)
    assert answer.status == 200, answer.body


_turns = anyio.CapacityLimiter(_AT_ONCE)  # bound to a loop when first waited for


async def _asked(world: World, role: str, question: Any) -> Answer:
    async with _turns:
        return await ask(world.house.app, question, world.actors[role][1])
