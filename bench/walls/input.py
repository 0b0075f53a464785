"""Bad input: what the description forbids, payloads, hostile files, formulas, races.

``python -m bench.walls input`` asks for about half an hour on two quiet cores. The environment
variable PARK_INPUT_SECONDS bounds the asking of schemathesis.
"""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from functools import partial
from multiprocessing import get_context
from typing import Any, TypeVar

from app.core import db
from bench.walls.rows import Row, at_least, at_most, told
from tests.access import oracle
from tests.access.world import World
from tests.input import controls, doors, exports, hostile_files, injecting, place, racing
from tests.input.asking import Asked, ask_all

T = TypeVar("T")
_EXAMPLES = {True: 20, False: 2}
_SECONDS = {True: int(os.environ.get("PARK_INPUT_SECONDS", "1800")), False: 30}
#: Rooms of the API, each described apart: a whole description takes minutes to get ready.
_ROOMS = (*oracle.SEES, "(?!" + "|".join(oracle.SEES) + ")")
_CASES, _REQUESTS, _FILES = 100_000, 100_000, 200


def measured(long: bool) -> Iterator[Row]:  # noqa: FBT001 -- the shape of a stage
    """Yield the figures of every part; ``long`` asks as much as the goals say."""
    with place.opened() as world:
        yield from _files(world, long=long)
        yield from _payloads(world, long=long)
        yield from _races(world, long=long)
        yield from _formulas(world)
        yield from _found(world)
    yield from _contract(long=long)


def _run(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run something on a loop of its own, and close what it opened there."""

    async def closed() -> T:
        try:
            return await work()
        finally:
            await db.close()

    return asyncio.run(closed())


def _files(world: World, *, long: bool) -> Iterator[Row]:
    files = [f for n, f in enumerate(hostile_files.files()) if long or n % 8 == 0]
    seen = _run(lambda: doors.through_all(world, iter(files)))
    _say(seen.wrong)
    least = _FILES if long else 0
    yield at_least("input.files", "hostile files, each through two doors", len(files), least)
    yield at_most(
        "input.harmful", "of them taken and harmful, or met with a 5xx", len(seen.wrong), 0
    )
    yield told("input.refused", "refused in words", seen.refused)
    yield told("input.kept", "kept, and served as downloads no browser runs", seen.kept)
    yield at_most("input.slowest", "slowest: " + seen.slowest[0], seen.slowest[1], 1, "s")
    yield at_most(
        "input.memory", "most extra memory: " + seen.largest[0], seen.largest[1], 64, "MiB"
    )


def _payloads(world: World, *, long: bool) -> Iterator[Row]:
    only = "" if long else "needs_"
    sent = _run(lambda: injecting.inject(world, 34 if long else 1, only=only))
    _say(sent.effects)
    yield at_least("input.injected", "payloads sent", sent.asked, _REQUESTS if long else 0)
    yield told("input.inputs", "inputs they were sent into", sent.inputs)
    yield at_most("input.effects", "effects of payloads", len(sent.effects), 0)


def _races(world: World, *, long: bool) -> Iterator[Row]:
    edited = _run(lambda: racing.edit(world, *((50, 200) if long else (10, 5))))
    yield at_least("input.edits", "edits of one record tried at once", edited.tried, 50)
    yield at_most("input.lost", "updates lost", edited.lost, 0)
    claimed = _run(lambda: racing.claim(world, *((200, 100) if long else (20, 3))))
    yield at_least("input.claims", "claims of the same items at once", claimed.claims, 60)
    yield at_most("input.winners", "items without exactly one winner", claimed.wrong, 0)
    walked = _run(lambda: racing.walk(world, 10_000 if long else 60))
    _say(walked.illegal)
    yield at_least("input.walks", "random sequences of steps", walked.sequences, 60)
    yield told("input.steps", "steps tried in them", walked.steps)
    yield told("input.taken", "steps taken", walked.taken)
    yield at_most("input.illegal", "steps taken that are not declared", len(walked.illegal), 0)


def _formulas(world: World) -> Iterator[Row]:
    cells, formulas = _run(lambda: exports.formula_cells(world))
    yield at_least("input.cells", "cells of exports looked at", cells, 100)
    yield at_most("input.formulas", "formulas among them", formulas, 0)


def _found(world: World) -> Iterator[Row]:
    """Inject bugs one by one, and count those that are found."""
    bugs = len(controls.CONTRACT_BUGS) + len(controls.PAYLOAD_BUGS) + 2
    found = [*controls.contract_bugs_found()]
    for name, (bug, operations) in controls.PAYLOAD_BUGS.items():
        with bug():
            sent = _run(partial(injecting.inject, world, 8, only=operations))
        found += [name] * bool(sent.effects)
    with controls.open_exports():
        found += ["open exports"] * bool(_run(lambda: exports.formula_cells(world))[1])
    with controls.open_door():
        page = [("x.html", b"<script>alert(1)</script>")]
        seen = _run(lambda: doors.through_all(world, iter(page)))
        found += ["open door"] * bool(seen.wrong)
    _say(found)
    yield at_least("input.bugs", f"injected bugs found, of {bugs}", len(found), bugs)


def _contract(*, long: bool) -> Iterator[Row]:
    """Ask as each role in two processes, each in a world of its own."""
    until = time.monotonic() + _SECONDS[long]
    roles = (*sorted(oracle.ROLES), None)
    pairs = [(role, room) for room in _ROOMS for role in roles]
    pairs = pairs if long else [("station_staff", "needs")]
    total = Asked()
    context = get_context("spawn")
    with context.Pool(2) as pool:
        halves = [(half, until, long) for half in (pairs[0::2], pairs[1::2]) if half]
        for part in pool.imap_unordered(_half, halves):
            total.add(part)
    _say(total.violations)
    _say(total.errors)
    yield at_least("input.cases", "cases of schemathesis", total.cases, _CASES if long else 0)
    yield told("input.operations", "operations asked", len(total.operations))
    yield told("input.fulfilled", "operations that did what was asked", len(total.fulfilled))
    yield at_most("input.broken", "answers of 500 and above", total.broken, 0)
    yield at_most("input.violations", "breaches of the description", len(total.violations), 0)


def _half(given: tuple[list[tuple[str | None, str]], float, bool]) -> Asked:
    pairs, until, long = given
    total = Asked()
    with place.opened() as world:
        for number, (role, room) in enumerate(pairs):
            left = until - time.monotonic()
            if left <= 0:
                break
            share = max(20, int(left / (len(pairs) - number)))
            only = f"^/api/v1/{room}(/|$)" if room in oracle.SEES else f"^/api/v1/{room}|^/[hr]"
            examples = _EXAMPLES[long]
            total.add(
                ask_all(world, role, examples=examples, seed=number, seconds=share, only=only)
            )
    return total


def _say(lines: Any) -> None:
    for line in list(lines)[:40]:
        sys.stderr.write(f"{line}\n")
