"""Injected bugs of authorisation, each with the probes that must find it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from sqlalchemy import true
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.access.opening import open_session, scope_to
from app.access.roles import Role, Wall, wall_of
from app.audit import requests
from app.audit.work import Work
from app.core import db
from app.core.errors import Forbidden
from app.core.labels import T
from app.matching.panels import router as panels
from app.registers import (
    attachments,
    directory,
    disclosure,
    exporting,
    facets,
    feed,
    filters,
    history,
    import_batches,
    import_checking,
    import_routes,
    ordering,
    reading,
    routes,
    secrets,
    sheet_routes,
    showing,
    undoing,
    writing,
)
from app.registers.directory import AnyRegister
from app.registers.doubles import rights as doubles
from app.registers.fields import Disclosure, F
from app.registers.together import comments, following
from app.registers.together import routes as talk
from tests.access.field_probes import of_fields
from tests.access.forms import Form
from tests.access.probes import Operation, Probe, described, of_registers
from tests.access.running import Run
from tests.access.sweeping import sweep
from tests.access.world import World

_EVERYBODY = frozenset(Role)
Bug = Callable[[], AbstractContextManager[Any]]


@contextmanager
def _instead(owner: object, name: str, other: object) -> Iterator[None]:
    """Put ``other`` in the place of an attribute, of frozen declarations too."""
    kept = getattr(owner, name)
    object.__setattr__(owner, name, other)
    try:
        yield
    finally:
        object.__setattr__(owner, name, kept)


@contextmanager
def _all(*changes: Any) -> Iterator[None]:
    with ExitStack() as made:
        for change in changes:
            made.enter_context(change)
        yield


def everything_visible() -> Any:
    return _instead(directory.named("needs"), "visible_to", lambda _: true())


@contextmanager
def field_policy_off() -> Iterator[None]:
    disclosure.visible_fields.cache_clear()
    with patch.object(F, "disclosure", lambda *_: Disclosure.plain):
        yield
    disclosure.visible_fields.cache_clear()


def a_move_for_all() -> Any:
    life = directory.named("needs").lifecycle
    assert life is not None
    moves = dict(life.moves) | {"accept": replace(life.moves["accept"], by=_EVERYBODY)}
    return _instead(life, "moves", moves)


def registers_open_to_all() -> Any:
    return patch.object(routes, "open_to", lambda name, _: directory.named(name))


def creating_for_all() -> Any:
    needs = directory.named("needs")
    return _instead(needs, "rights", replace(needs.rights, create=_EVERYBODY))


def exporting_for_all() -> Any:
    return patch.object(exporting, "require_export", _nothing_at_once)


def importing_for_all() -> Any:
    places = (import_batches, import_checking, import_routes, sheet_routes)
    return _all(*(patch.object(place, "require_import", _nothing_at_once) for place in places))


def the_past_for_all() -> Any:
    return patch.object(history, "_require_history", _nothing)


def files_for_all() -> Any:
    return patch.object(attachments, "_may_open", lambda *_: True)


@contextmanager
def nodes_unscoped() -> Iterator[None]:
    """Let every session reach all nodes: in the application's filter and in the database's wall."""

    async def opened(session: AsyncSession, *rest: Any) -> Actor:
        actor = await open_session(session, *rest)
        everywhere = tuple(range(1, 40))
        wide = replace(actor, nodes=everywhere, library_nodes=everywhere)
        await scope_to(session, wide)
        return wide

    with patch.object(requests, "open_session", opened):
        yield


def filters_unasked() -> Any:
    return patch.object(filters, "askable_fields", _every_field)


def sorts_unasked() -> Any:
    return patch.object(ordering, "askable_fields", _every_field)


def facets_unasked() -> Any:
    return patch.object(facets, "askable_fields", _every_field)


def chosen_fields_unasked() -> Any:
    return _all(
        patch.object(filters, "visible_fields", _every_field),
        patch.object(reading, "visible_fields", _every_field),
        patch.object(showing, "visible_fields", _every_field),
    )


def feed_unfiltered() -> Any:
    return patch.object(feed, "and_", lambda first, _: first)


def comments_for_all() -> Any:
    return _all(*(patch.object(m, "require", _nothing_at_once) for m in (comments, talk)))


def following_for_all() -> Any:
    return _all(*(patch.object(m, "require", _nothing_at_once) for m in (following, talk)))


def undoing_for_all() -> Any:
    return patch.object(undoing, "may_ever", lambda _: _EVERYBODY)


def merging_for_all() -> Any:
    return patch.object(doubles, "mergers", lambda _: _EVERYBODY)


def seats_for_all() -> Any:
    return patch.object(panels, "CENTRE", _EVERYBODY)


def any_field_written() -> Any:
    """Take a field's writers for everybody, on the way in only."""
    return patch.object(writing, "may_write", lambda *_: True)


def masks_lifted() -> Any:
    """Put the plain personal values into a record whoever reads it."""

    async def told_to_all(work: Work, register: AnyRegister, shown: dict[str, Any]) -> None:
        there = [f.name for f in register.secrets if shown.get(f.name)]
        shown |= await secrets.values_of(work, register, shown["id"], there)

    return patch.object(secrets, "of_its_own", told_to_all)


def existence_told() -> Any:
    """Refuse what may not be seen in other words than what is not there."""

    class Told(Forbidden):
        def __init__(self) -> None:
            super().__init__(T("有这条记录，但不是您的。", "There is one, but it is not yours."))

    return patch.object(reading, "NotFound", Told)


@contextmanager
def parties_on_the_staffs_engine() -> Iterator[None]:
    """Serve an enterprise on the login of staff, with every node in scope and no predicate."""
    needs = directory.named("needs")
    shown = needs.visible_to

    def visible_to(actor: Actor) -> Any:
        return true() if wall_of(actor.role) is Wall.party else shown(actor)

    with (
        patch.object(db, "engine", _staff_for_parties(db.engine)),
        nodes_unscoped(),
        _instead(needs, "visible_to", visible_to),
    ):
        yield


def _staff_for_parties(engine: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda wall: engine("staff" if wall == "party" else wall)


def _every_field(register: directory.AnyRegister, _: Role) -> Mapping[str, F]:
    return {name: f for name, f in register.all_fields.items() if f.filter and not f.secret}


async def _nothing(*_: object) -> None:
    return None


def _nothing_at_once(*_: object) -> None:
    return None


Probes = Callable[[World, Mapping[str, Any], list[Operation]], Iterable[Probe]]


def _verbs(register: str, *verbs: str) -> Probes:
    """Return the probes of some operations on records near, far and handed up."""
    wanted = {f"{register.replace('-', '_')}_{verb}" for verb in verbs}
    places = ("own", "foreign", "raised")

    def probes(world: World, _: Mapping[str, Any], operations: list[Operation]) -> Iterable[Probe]:
        return of_registers(world, [o for o in operations if o.id in wanted], places)

    return probes


def _fields(register: str, part: str) -> Probes:
    """Return the probes of a register's fields whose request holds ``part``."""

    def probes(world: World, api: Mapping[str, Any], _: list[Operation]) -> Iterable[Probe]:
        found = of_fields(world, Form(register, api))
        return (p for p in found if part in f"{p.operation}?{p.question.query}")

    return probes


@dataclass(frozen=True)
class Mutant:
    """A bug, and where it shows. ``swept`` names a register whose lists show it instead."""

    bug: Bug
    probes: Probes | None = None
    swept: str | None = None

    @property
    def name(self) -> str:
        return self.bug.__name__


MUTANTS = (
    Mutant(everything_visible, _verbs("needs", "read")),
    Mutant(nodes_unscoped, _verbs("needs", "read")),
    Mutant(registers_open_to_all, _verbs("enterprises", "changes", "create")),
    Mutant(existence_told, _verbs("needs", "read")),
    Mutant(parties_on_the_staffs_engine, swept="needs"),
    Mutant(field_policy_off, _fields("experts", "experts_read?")),
    Mutant(masks_lifted, _fields("experts", "experts_read?")),
    Mutant(filters_unasked, _fields("experts", "__isnull=")),
    Mutant(sorts_unasked, _fields("experts", "sort=")),
    Mutant(facets_unasked, _fields("needs", "facets=")),
    Mutant(chosen_fields_unasked, _fields("needs", "fields=")),
    Mutant(any_field_written, _fields("enterprises", "enterprises_patch?")),
    Mutant(feed_unfiltered, swept="needs"),
    Mutant(a_move_for_all, _verbs("needs", "move")),
    Mutant(creating_for_all, _verbs("needs", "create")),
    Mutant(exporting_for_all, _verbs("needs", "export")),
    Mutant(importing_for_all, _verbs("needs", "import", "template", "imports")),
    Mutant(the_past_for_all, _verbs("needs", "history")),
    Mutant(files_for_all, _verbs("needs", "attachment")),
    Mutant(comments_for_all, _verbs("needs", "comment", "mentionable")),
    Mutant(following_for_all, _verbs("needs", "follow")),
    Mutant(undoing_for_all, _verbs("needs", "undo")),
    Mutant(merging_for_all, _verbs("enterprises", "compare", "merge")),
    Mutant(seats_for_all, _verbs("panels", "seats")),
)


async def hunted(world: World, api: Mapping[str, Any], mutant: Mutant, *, alive: bool) -> Run:
    """Ask the probes of a mutant, with the bug (up to the first wrong answer) or without."""
    run = Run(world, first=alive)
    with mutant.bug() if alive else ExitStack():
        await _asked(run, api, mutant)
    return run


async def _asked(run: Run, api: Mapping[str, Any], mutant: Mutant) -> None:
    operations = described(api)
    if mutant.probes is not None:
        await run.put(mutant.probes(run.world, api, operations))
        return
    for who, _ in run.world.actors.values():
        if not (run.first and run.wrong):
            await sweep(run, operations, mutant.swept or "", who)
