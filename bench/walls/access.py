"""Who may do what: a hundred thousand generated requests against a table written from the domain
model, two dozen injected bugs, and either wall taken away.

The long form forks a second process on a database of its own, so that both cores ask.
"""

import asyncio
import gc
import json
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from itertools import chain
from logging import WARNING, getLogger
from multiprocessing import get_context
from typing import Any

import sqlalchemy as sa

from app.core import db
from app.core.embedded_pg import EmbeddedPostgres
from app.main import create_app
from bench.walls.rows import Row, at_least, at_most, told
from tests import house, postgres
from tests.access import oracle, rules
from tests.access.desk_probes import of_desk, of_doors, of_schemas
from tests.access.field_probes import of_fields
from tests.access.forms import Form
from tests.access.mutants import MUTANTS, hunted
from tests.access.probes import (
    Operation,
    Probe,
    anonymous,
    crossed,
    described,
    in_every_state,
    of_registers,
)
from tests.access.running import Run
from tests.access.sweeping import sweep
from tests.access.walls import application_off, came_through, database_off
from tests.access.world import World, build

LEAST = 100_000
MUTANTS_LEAST = 20
_PROCESSES = 2
_SHORT = 20  # one probe of so many
Told = dict[str, Any]


def measured(long: bool) -> Iterator[Row]:  # noqa: FBT001 -- the frame's signature
    """Yield the figures of the stage; the short form asks a sample and hunts every third bug."""
    processes = _PROCESSES if long else 1
    shares = [(share, processes, long) for share in range(processes)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        found = list(pool.map(_share, shares))
    total: Counter[str] = sum((Counter(f["counts"]) for f in found), Counter())
    for one in sorted(chain.from_iterable(f["wrong"] for f in found))[:40]:
        print("#", one, flush=True)
    yield from _matrix(total, found, long=long)
    hunted_ = list(chain.from_iterable(f["mutants"] for f in found))
    for name, said in hunted_:
        print("#", name, "->", said or "NOT FOUND", flush=True)
    least = MUTANTS_LEAST if long else len(hunted_)
    caught = sum(bool(said) for _, said in hunted_)
    yield at_least("access.mutants", f"injected bugs found, of {len(hunted_)}", caught, least)
    yield at_most(
        "access.database_alone",
        "rows of others with the application's checks off",
        total["database_alone"],
        0,
    )
    yield at_most(
        "access.application_alone",
        "wrong answers with the database's policies off",
        total["application_alone"],
        0,
    )
    yield told("access.walls", "requests with one wall taken away", total["walls"])


def _matrix(total: Counter[str], found: list[Told], *, long: bool) -> Iterator[Row]:
    least = LEAST if long else LEAST // (2 * _SHORT)
    yield at_least("access.probes", "generated requests, all distinct", total["probes"], least)
    yield at_most("access.grants", "wrong grants", total["grant"], 0)
    yield at_most("access.denials", "wrong denials", total["denial"], 0)
    yield at_most("access.apart", "denied told apart from absent", total["apart"], 0)
    yield at_most("access.broken", "answers of neither kind", total["broken"], 0)
    yield at_most(
        "access.unwritten", "operations without a row in the oracle", found[0]["unwritten"], 0
    )
    seconds = max(f["seconds"] for f in found)
    yield told("access.rate", "requests a second", total["asked"] / seconds, "/s")


def _share(asked: tuple[int, int, bool]) -> Told:
    """Ask one share of everything, in a process and a database of its own."""
    share, of, long = asked
    os.environ.setdefault("PARK_LOG_LEVEL", "warning")
    with postgres.running() as server:
        return asyncio.run(_asked(server, share, of, long=long))


@asynccontextmanager
async def _world(server: EmbeddedPostgres) -> AsyncIterator[World]:
    app = create_app()
    getLogger("park.requests").setLevel(WARNING)
    with postgres.cloned(server) as address:
        owner = sa.create_engine(address, poolclass=sa.NullPool)
        try:
            yield await build(await house.build(app), owner)
        finally:
            owner.dispose()
            await db.close()


async def _asked(server: EmbeddedPostgres, share: int, of: int, *, long: bool) -> Told:
    async with _world(server) as world:
        api = world.house.app.openapi()
        operations = described(api)
        gc.freeze()
        counts: Counter[str] = Counter()
        began = time.perf_counter()
        run = await _probed(world, api, (share, of), long=long)
        counts.update(run.counts(), probes=run.probes, asked=run.asked)
        seconds = time.perf_counter() - began
        mutants = MUTANTS[share::of] if long else MUTANTS[::3]
        caught = []
        for mutant in mutants:
            world.restore()
            bitten = await hunted(world, api, mutant, alive=True)
            caught.append((mutant.name, str(bitten.wrong[0]) if bitten.wrong else ""))
        wrong = [str(one) for one in run.wrong]
        wrong += await _walls(world, operations, counts, list(oracle.SEES)[share::of])
        known, routes = set(rules.operations()), {o.id for o in operations}
    return {
        "counts": dict(counts),
        "wrong": wrong,
        "mutants": caught,
        "seconds": seconds,
        "unwritten": len(routes ^ known),
    }


async def _probed(world: World, api: Any, share: tuple[int, int], *, long: bool) -> Run:
    """Ask this process's share of the matrix, every list, and the desk."""
    run, operations = Run(world), described(api)
    part, of = share
    if long:
        await run.put_some(everything(world, api, operations), of, part)
    else:
        await run.put_some(everything(world, api, operations), _SHORT)
    for register in list(oracle.SEES)[part::of] if long else ("needs",):
        for who, _ in world.actors.values():
            await sweep(run, operations, register, who)
    if part == 0:
        world.restore()
        await run.put(chain(of_desk(world, operations), of_schemas(world), of_doors()))
        await run.put(anonymous(world, operations))
    return run


def everything(world: World, api: Any, operations: list[Operation]) -> Iterable[Probe]:
    """Return the whole matrix: places, states, fields, and files through the wrong record."""
    return chain(
        of_registers(world, operations),
        in_every_state(world, operations),
        crossed(world, operations),
        *(of_fields(world, Form(register, api)) for register in oracle.SEES),
    )


async def _walls(
    world: World, operations: list[Operation], counts: Counter[str], registers: list[str]
) -> list[str]:
    """Take either wall away in turn; count what came through, return what was wrong."""
    first, second = Run(world), Run(world)
    with application_off():
        for register in registers:
            await came_through(first, operations, register)
    reads = ("_read", "_comments", "_attachments", "_history", "_import_read", "_observations")
    with database_off(world.owner):
        mine = [o for o in operations if (rules.parsed(o.id) or ("",))[0] in registers]
        await second.put(of_registers(world, [o for o in mine if o.id.endswith(reads)]))
        for register in registers:
            for who, _ in world.actors.values():
                await sweep(second, operations, register, who)
    counts.update(
        database_alone=len(first.wrong),
        application_alone=len(second.wrong),
        walls=first.probes + second.probes,
    )
    return [f"one wall: {one}" for one in (*first.wrong, *second.wrong)]


if __name__ == "__main__":
    for row in measured(long=False):
        print(json.dumps(row, ensure_ascii=False))
