"""The matrix can fail: each injected bug of authorisation is found by it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from sqlalchemy import true
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.access.opening import open_session, scope_to
from app.access.roles import Role
from app.audit import requests
from app.registers import (
    attachments,
    directory,
    disclosure,
    exporting,
    history,
    import_batches,
    import_checking,
    import_routes,
    routes,
    sheet_routes,
)
from app.registers.directory import AnyRegister
from app.registers.fields import Disclosure, F
from tests.access import oracle
from tests.access.probes import Operation, of_registers
from tests.access.running import Run
from tests.access.sweeping import sweep
from tests.access.world import World

pytestmark = pytest.mark.slow
_EVERYBODY = frozenset(Role)


@contextmanager
def _instead(owner: object, name: str, other: object) -> Iterator[None]:
    """Put ``other`` in the place of an attribute, of frozen declarations too."""
    kept = getattr(owner, name)
    object.__setattr__(owner, name, other)
    try:
        yield
    finally:
        object.__setattr__(owner, name, kept)


def _needs() -> AnyRegister:
    return directory.named("needs")


def everything_visible() -> Any:
    return _instead(_needs(), "visible_to", lambda _: true())


@contextmanager
def field_policy_off() -> Iterator[None]:
    disclosure.visible_fields.cache_clear()
    with patch.object(F, "disclosure", lambda *_: Disclosure.plain):
        yield
    disclosure.visible_fields.cache_clear()


def a_move_for_all() -> Any:
    life = _needs().lifecycle
    assert life is not None
    moves = dict(life.moves) | {"accept": replace(life.moves["accept"], by=_EVERYBODY)}
    return _instead(life, "moves", moves)


def registers_open_to_all() -> Any:
    return patch.object(routes, "open_to", lambda name, _: directory.named(name))


def creating_for_all() -> Any:
    return _instead(_needs(), "rights", replace(_needs().rights, create=_EVERYBODY))


def exporting_for_all() -> Any:
    return patch.object(exporting, "require_export", lambda *_: None)


@contextmanager
def importing_for_all() -> Iterator[None]:
    with ExitStack() as places:
        for place in (import_batches, import_checking, import_routes, sheet_routes):
            places.enter_context(patch.object(place, "require_import", lambda *_: None))
        yield


def the_past_for_all() -> Any:
    return patch.object(history, "_require_history", _nothing)


def files_for_all() -> Any:
    return patch.object(attachments, "_may_open", lambda *_: True)


async def _nothing(*_: object) -> None:
    return None


@contextmanager
def scope_opened() -> Iterator[None]:
    """Let every session reach all nodes: in the application's filter and in the database's wall."""

    async def opened(session: AsyncSession, *rest: Any) -> Actor:
        actor = await open_session(session, *rest)
        everywhere = tuple(range(1, 40))
        wide = replace(actor, nodes=everywhere, library_nodes=everywhere)
        await scope_to(session, wide)
        return wide

    with patch.object(requests, "open_session", opened):
        yield


MUTANTS: list[Callable[[], Any]] = [
    everything_visible,
    field_policy_off,
    a_move_for_all,
    registers_open_to_all,
    scope_opened,
    creating_for_all,
    exporting_for_all,
    importing_for_all,
    the_past_for_all,
    files_for_all,
]


async def _probe(world: World, operations: list[Operation]) -> Run:
    run = Run(world)
    few = [o for o in operations if o.id.startswith("needs_")]
    few = [o for o in few if o.id.rsplit("_", 1)[1] not in ("match", "attach", "detach", "patch")]
    await run.put(of_registers(world, few, ("own", "foreign", "raised")))
    for who, _ in world.actors.values():
        if who.role in oracle.SEES["needs"]:
            await sweep(run, operations, "needs", who)
    return run


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: str(mutant.__name__))
async def test_a_bug_of_authorisation_is_found(
    probed: World, operations: list[Operation], mutant: Callable[[], Any]
) -> None:
    with mutant():
        found = await _probe(probed, operations)
    assert found.wrong


async def test_without_a_bug_the_same_probes_find_nothing(
    probed: World, operations: list[Operation]
) -> None:
    assert not (await _probe(probed, operations)).wrong
