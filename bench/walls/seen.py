"""What may be seen: canaries looked for in everything emitted, blind texts, small groups."""

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from fastapi import FastAPI

from app.core import db
from app.core.embedded_pg import EmbeddedPostgres
from app.core.settings import get_settings
from app.main import create_app
from app.registers.suppression import LEAST, parts
from bench.walls import blind
from bench.walls.canaries import resting
from bench.walls.canaries.judging import Judge
from bench.walls.canaries.mutants import MUTANTS
from bench.walls.canaries.planting import plant
from bench.walls.canaries.sweeping import Enough, Sweep, everybody, listening
from bench.walls.rows import Row, at_least, at_most, told
from tests import house, postgres

#: Who asks when not everybody does: who may ask for values, who reads masks, whom they are about.
_SOME = ("station_staff@east-park-station", "centre_staff@east", "expert@east")


@dataclass(frozen=True, slots=True)
class Scope:
    """How much one sweep is: records planted per register and park, read one by one, by whom."""

    each: int
    opened: int
    by: tuple[str, ...] = ()  # all who begin so; everybody when empty
    first: bool = False  # ends at the first thing found


LONG, SHORT = Scope(160, 1), Scope(3, 1, _SOME)
ONE_BUG = Scope(2, 1, _SOME[:2], first=True)
_LEAST_CANARIES = {True: 2000, False: 40}
_MUTANTS_SHORT = 2


@dataclass
class Found:
    """What one sweep came to."""

    judge: Judge
    asked: int
    tables: int
    files: int


def measured(long: bool) -> Iterator[Row]:  # noqa: FBT001 -- the frame's signature
    """Yield the figures of the stage."""
    app = create_app()
    with postgres.running() as server:
        found = swept(server, app, LONG if long else SHORT, nullcontext)
        yield from _canary_rows(found, long=long)
        mutants = MUTANTS if long else MUTANTS[:_MUTANTS_SHORT]
        caught = [m for m in mutants if swept(server, app, ONE_BUG, m).judge.wrong]
    yield at_least(
        "seen.mutants", f"injected leaks found, of {len(mutants)}", len(caught), len(mutants)
    )
    yield from blind.rows()
    yield from _suppression(2000 if long else 200)


def _canary_rows(found: Found, *, long: bool) -> Iterator[Row]:
    judge = found.judge
    birds = len(judge.planted.aviary.by_key)
    yield at_least(
        "seen.canaries",
        "unique values planted in personal and restricted fields",
        birds,
        _LEAST_CANARIES[long],
    )
    yield told("seen.asked", "requests whose answers and headers were read", found.asked)
    yield told("seen.read", "read in answers, files, logs, tables", judge.read / 1e6, "MB")
    yield told(
        "seen.places", "tables and files of the installation read", found.tables + found.files
    )
    yield at_least(
        "seen.allowed", "times a value stood where the policy allows it", judge.allowed, 1
    )
    for one in sorted(set(judge.wrong))[:20]:
        print("   ", one)
    yield at_most("seen.leaks", "times a value stood where it should not", len(judge.wrong), 0)


def swept(
    server: EmbeddedPostgres,
    app: FastAPI,
    scope: Scope,
    mutant: Callable[[], AbstractContextManager[Any]],
) -> Found:
    """Plant canaries in a database of their own, have everybody ask, and read what lies still."""
    with postgres.cloned(server) as address, mutant():
        owner = sa.create_engine(address, poolclass=sa.NullPool)
        try:
            judge, asked = asyncio.run(_asked(app, scope))
            tables = resting.tables(judge, owner)
            files = 0 if scope.first else resting.files(judge, Path(get_settings().home))
        finally:
            owner.dispose()
    return Found(judge, asked, tables, files)


async def _asked(app: FastAPI, scope: Scope) -> tuple[Judge, int]:
    home = await house.build(app)
    try:
        judge = Judge(await plant(home, scope.each))
        sweep = Sweep(home, judge, scope.opened, first=scope.first)
        actors = await everybody(home, judge.planted)
        with listening(judge), suppress(Enough):
            for name, (who, token) in actors.items():
                if not scope.by or name.startswith(scope.by):
                    await sweep.of(who, token)
        return judge, sweep.asked
    finally:
        await db.close()


def _suppression(tables: int) -> Iterator[Row]:
    """Yield how often a group of one or two could be computed from what is shown."""
    dice, told_apart = random.Random(7), 0  # noqa: S311 -- nothing of it is secret
    for _ in range(tables):
        counts = [dice.choice((0, 1, 1, 2, 3, 5, 8, 40)) for _ in range(dice.randint(2, 12))]
        shown = parts(counts)
        hidden = [c for c, one in zip(counts, shown, strict=True) if one is None]
        small = any(one is not None and 0 < one < LEAST for one in shown)
        alone = len(hidden) == 1 or (hidden and sum(hidden) <= len(hidden))
        lone = sum(1 for c in counts if c) > 1 and sum(counts) > sum(1 for c in counts if c)
        told_apart += small or bool(alone and lone)
    yield at_most(
        "seen.small_groups",
        f"groups under three told or computable, in {tables} tables with their totals",
        told_apart,
        0,
    )
