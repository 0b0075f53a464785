"""Sealed things: acts that take two people, and keys that open one round and no other."""

import asyncio
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from fastapi import FastAPI

from app.core import crypto, db
from app.core.crypto import KeptKey, seal_under, unseal_under, wrapped_key
from app.core.embedded_pg import EmbeddedPostgres
from app.main import create_app
from app.registers.approvals import kinds
from bench.walls.rows import Row, at_least, at_most, told
from bench.walls.two_persons import BUGS, PEOPLE, WALLS_DOWN, Tried, attempts
from tests import house, postgres

_ROUNDS = {True: 200, False: 12}
_WRONG = {
    "own": "own confirmations accepted",
    "expired": "confirmations after the time accepted",
    "replayed": "acts decided twice",
    "not asked": "acts confirmed that nobody asked for",
    "rewritten": "acts rewritten between asking and confirming",
}


def measured(long: bool) -> Iterator[Row]:  # noqa: FBT001 -- the frame's signature
    """Yield the figures of the stage."""
    app = create_app()
    with postgres.running() as server:
        tried = tried_in(server, app, nullcontext)
        yield at_least("sealed.acts", "kinds of acts that take two people", len(PEOPLE), 4)
        undeclared = set(PEOPLE) ^ {kind.name for kind in kinds.everything()}
        yield at_most("sealed.undeclared", "of them not as the rule has them", len(undeclared), 0)
        yield told("sealed.tried", "wrong ways tried, by the application and past it", tried.made)
        for attempt, what in _WRONG.items():
            name = attempt.replace(" ", "_")
            yield at_most(f"sealed.{name}", what, tried.accepted[attempt], 0)
        for one in tried.unlike[:20]:
            print("   ", one)
        yield at_most(
            "sealed.unlike", "refused by another wall than expected", len(tried.unlike), 0
        )
        bugs, walls = (BUGS, WALLS_DOWN) if long else (BUGS[:2], WALLS_DOWN[:1])
        found = sum(bool(tried_in(server, app, bug).unlike) for bug in bugs)
        found += sum(bool(tried_in(server, app, nullcontext, wall).unlike) for wall in walls)
    opened, rounds = rounds_opened(_ROUNDS[long])
    yield told("sealed.rounds", "rounds sealed, each under a key of its own", rounds)
    yield at_most(
        "sealed.opened", "sheets opened with another round's key or in its place", opened, 0
    )
    with one_key_for_all():
        found += rounds_opened(4)[0] > 0
    with context_unbound():
        found += rounds_opened(4)[0] > 0
    injected = len(bugs) + len(walls) + 2
    yield at_least("sealed.mutants", f"injected bugs found, of {injected}", found, injected)


def tried_in(
    server: EmbeddedPostgres,
    app: FastAPI,
    bug: Callable[[], AbstractContextManager[Any]],
    wall: str | None = None,
) -> Tried:
    """Make all attempts in a database of their own, perhaps with a wall of it taken down."""

    async def made() -> Tried:
        try:
            return await attempts(await house.build(app))
        finally:
            await db.close()

    with postgres.cloned(server) as address:
        if wall is not None:
            owner = sa.create_engine(address, poolclass=sa.NullPool)
            with owner.begin() as connection:
                connection.execute(sa.text(wall))
            owner.dispose()
        with bug():
            return asyncio.run(made())


def rounds_opened(many: int) -> tuple[int, int]:
    """Seal a sheet in each of ``many`` rounds; return how many open by another's key or place."""
    secret, opened = secrets.token_bytes(32), 0
    panels = [str(uuid4()) for _ in range(many)]
    keys = [KeptKey(wrapped_key(secret, panel), panel) for panel in panels]
    sheets = [
        seal_under(secret, key, f"评语 {panel}", f"reviews/{panel}")
        for key, panel in zip(keys, panels, strict=True)
    ]
    for at, (key, panel) in enumerate(zip(keys, panels, strict=True)):
        other, there = keys[at - 1], panels[at - 1]
        opened += _opens(secret, other, sheets[at], f"reviews/{panel}")
        opened += _opens(secret, key, sheets[at], f"reviews/{there}")
        opened += _opens(secret, KeptKey(key.wrapped, there), sheets[at], f"reviews/{panel}")
        opened += _opens(secrets.token_bytes(32), key, sheets[at], f"reviews/{panel}")
        assert _opens(secret, key, sheets[at], f"reviews/{panel}")
    return opened, many


def _opens(secret: bytes, key: KeptKey, sheet: bytes, context: str) -> bool:
    try:
        unseal_under(secret, key, sheet, context)
    except InvalidTag:
        return False
    return True


def one_key_for_all() -> AbstractContextManager[Any]:
    """Every round is sealed under the installation's own key."""
    return patch.object(crypto, "_unwrapped", lambda secret, _: crypto.derive(secret, "all"))


def context_unbound() -> AbstractContextManager[Any]:
    """What is sealed is not bound to its place."""
    encrypt, decrypt = crypto._encrypt, crypto._decrypt  # noqa: SLF001 -- a bug put into them
    return patch.multiple(
        crypto,
        _encrypt=lambda key, plain, _: encrypt(key, plain, b""),
        _decrypt=lambda key, sealed, _: decrypt(key, sealed, b""),
    )
